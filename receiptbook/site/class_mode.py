"""What class mode keeps back until it is asked for, marked; styles/class.css hides it.

A page tells what it found in its lede, in the headings of its sections, above and below its charts,
in what its sections say behind a chart or with a computed number, where it sums up, and in the
verdicts of its receipts. Class mode, which a switch in the menu and the
address `?class` turn on, hides all of these before the first paint; scripts/class-mode.js shows each
when it is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from receiptbook.book.outline import SUMS_UP
from receiptbook.site.cards import linked
from receiptbook.site.nodes import ChartCaption
from receiptbook.site.questions import QuestionCard

PROSE = (nodes.paragraph, nodes.bullet_list, nodes.enumerated_list, nodes.block_quote)
LINK = re.compile(r"\]\(([\w-]+)\.(?:ipynb|md)#([\w-]+)\)")
SENTENCE = re.compile(r"(?<=[.?!])\s+(?=\S)")


def mark(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Mark sections that sum up, headings that may tell, and captions behind their first sentence."""
    inner = [one for one in doctree.findall(nodes.section) if isinstance(one.parent, nodes.section)]
    summing = [one for one in inner if one[0].astext() in SUMS_UP]
    captions = list(doctree.findall(ChartCaption))
    for section in summing:
        section["classes"].append("sums-up")
    sent_to = sections_of_plans(app, docname)
    for section in inner if summing or captions else ():
        if section in summing:
            continue
        if summing and not any(section.findall(QuestionCard)):
            wait_for_text(section, lambda part: tells(app, part))
        if may_tell(section) and not sent_to & {section.get("slug"), *section["ids"]}:
            section["classes"].append("waits")
            title = section[0]
            title[:] = [nodes.inline("", "", *title.children, classes=["says"])]
    for caption in captions:
        keep_back(caption)


def sections_of_plans(app: Sphinx, docname: str) -> set[str]:
    """The sections of a page that the lesson plans send a class to, as their links name them."""
    plans = app.env.receiptbook_settings.plans
    if not plans:
        return set()
    texts = (path.read_text("utf-8") for path in Path(app.srcdir, plans).glob("*.yml"))
    links = (link for text in texts for link in LINK.findall(text))
    return {section for page, section in links if page == docname.rsplit("/", 1)[-1]}


def tells(app: Sphinx, part: nodes.Element) -> bool:
    """Whether a part of a text has a number that the book worked out."""
    known = app.env.receiptbook_receipts
    return any(known[id]["kind"] == "numeric" for id in linked(part, app.env))


def wait_for_text(section: nodes.section, tells: Callable[[nodes.Element], bool]) -> None:
    """Mark what a section says behind its first chart, and before it what tells a finding.

    >>> section = nodes.section("", nodes.title(), nodes.paragraph("", "How wet?"), ChartCaption(),
    ...                         nodes.paragraph("", "Very."))
    >>> wait_for_text(section, lambda part: False)
    >>> [part["classes"] for part in section.findall(nodes.paragraph)]
    [[], ['found']]
    """
    shown = False
    for part in section.children:
        shown = shown or any(part.findall(ChartCaption))
        if isinstance(part, PROSE) and (shown or tells(part)):
            part["classes"].append("found")


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
