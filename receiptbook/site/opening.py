"""How a chapter begins: the finding in larger type, then one small line of time, goals and evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from receiptbook.book.outline import LEARN
from receiptbook.dates import month_name
from receiptbook.site import cards
from receiptbook.site.nodes import ChartFigure, ReceiptCard

MONTH = re.compile(r"\d{4}-\d{2}")


def mark(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Mark the lede and the line below it, which says also how new the evidence is."""
    paragraphs = list(_opening(doctree))
    line = next((one for one in paragraphs if LEARN in one.astext()), None)
    if line is None:
        return
    for one in paragraphs[: paragraphs.index(line)]:
        one["classes"].append("lede")
    line["classes"].append("line")
    if known := evidence(doctree, app.env):
        line += nodes.Text(f" Evidence to {known}. ")
        line += nodes.reference("", "Cite", refuri="#cite", internal=True)


def _opening(doctree: nodes.document) -> Iterator[nodes.paragraph]:
    """The paragraphs between the title and the first section."""
    for page in doctree.children:
        if isinstance(page, nodes.section):
            yield from (child for child in page if isinstance(child, nodes.paragraph))


def evidence(doctree: nodes.document, env: BuildEnvironment) -> str:
    """The month of the newest source that a page rests on, in words.

    Empty if there are none, or a single one: a figure in passing is not what a page rests on.
    """
    ids = {id for one in doctree.findall(ReceiptCard) for id in one["receipt"]["sources"]}
    for figure in doctree.findall(ChartFigure):
        ids.update(figure["card"]["sources"])
    for id in cards.linked(doctree, env):
        ids.update(env.receiptbook_receipts[id]["sources"])
    dates = [env.receiptbook_sources[id].date for id in ids if id in env.receiptbook_sources]
    newest = max((date for date in dates if MONTH.match(date)), default="")
    return month_name(newest) if newest and len(dates) > 1 else ""
