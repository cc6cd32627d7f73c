"""What class mode keeps back until it is asked for, marked; styles/class.css hides it.

A page tells what it found in its lede, in the headings of its sections, above and below its charts,
where it sums up, and in the verdicts of its receipts. Class mode, which a switch in the menu and the
address `?class` turn on, hides all of these before the first paint; scripts/class-mode.js shows each
when it is asked for.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx

from receiptbook.book.outline import SUMS_UP
from receiptbook.site.nodes import ChartCaption
from receiptbook.site.questions import QuestionCard

SENTENCE = re.compile(r"(?<=[.?!])\s+(?=\S)")


def setup_class_mode(app: Sphinx) -> None:
    """Mark each page when its links are known."""
    app.connect("doctree-resolved", mark)


def mark(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Mark sections that sum up, headings that may tell, and captions behind their first sentence."""
    inner = [one for one in doctree.findall(nodes.section) if isinstance(one.parent, nodes.section)]
    summing = [one for one in inner if one[0].astext() in SUMS_UP]
    captions = list(doctree.findall(ChartCaption))
    for section in summing:
        section["classes"].append("sums-up")
    for section in inner if summing or captions else ():
        if section not in summing and may_tell(section):
            section["classes"].append("waits")
            title = section[0]
            title[:] = [nodes.inline("", "", *title.children, classes=["says"])]
    for caption in captions:
        keep_back(caption)


def may_tell(section: nodes.section) -> bool:
    """Whether a section's heading may give a finding away: it does not ask, nor head questions.

    >>> said, asked = (nodes.section("", nodes.title("", text)) for text in ("It rained", "Did it?"))
    >>> may_tell(said), may_tell(asked)
    (True, False)
    """
    asks = section[0].astext().rstrip("”’").endswith("?")
    return not asks and not any(section.findall(QuestionCard))


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
