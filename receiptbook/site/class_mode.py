"""What class mode keeps back until it is asked for, marked; styles/class.css hides it.

A page tells what it found in its lede, above and below its charts, where it sums up, and in the
verdicts of its receipts. Class mode, which a switch in the menu and the address `?class` turn on,
hides all of these before the first paint; scripts/class-mode.js shows each when it is asked for.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx

from receiptbook.book.outline import SUMS_UP
from receiptbook.site.nodes import ChartCaption

SENTENCE = re.compile(r"(?<=[.?!])\s+(?=\S)")


def setup_class_mode(app: Sphinx) -> None:
    """Mark each page when its links are known."""
    app.connect("doctree-resolved", mark)


def mark(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Mark the sections that sum up, and of each caption what follows its first sentence."""
    for section in doctree.findall(nodes.section):
        if section[0].astext() in SUMS_UP and isinstance(section.parent, nodes.section):
            section["classes"].append("sums-up")
    for caption in doctree.findall(ChartCaption):
        keep_back(caption)


def keep_back(caption: nodes.Element) -> None:
    """Put what follows the first sentence, which says what is shown, into an inline of its own.

    >>> caption = ChartCaption("", "", nodes.Text("Rain by month. May was wet: "), nodes.emphasis("", "71"))
    >>> keep_back(caption)
    >>> caption[-1].astext(), caption[-1]["classes"]
    ('May was wet: 71', ['rest'])
    """
    for at, child in enumerate(caption.children):
        if isinstance(child, nodes.Text) and (end := SENTENCE.search(child)):
            text, after = str(child), caption.children[at + 1 :]
            rest = nodes.inline("", "", nodes.Text(text[end.end() :]), *after, classes=["rest"])
            caption[at:] = [nodes.Text(text[: end.end()]), rest]
            return
