"""Verdicts by word and by shape, so that colour carries no meaning of its own."""

from __future__ import annotations

import re

from docutils import nodes
from lxml import etree, html
from sphinx.application import Sphinx

from receiptbook.receipts import VERDICTS
from receiptbook.site.nodes import Markup
from receiptbook.site.templates import render


def badge(verdict: str) -> str:
    """Shape and word of a verdict; the shape needs `sheet` on its page."""
    return render("badge.html", verdict=verdict)


def draw_legend(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """On the ledger's page the list of verdicts shows the badges of its rows.

    The stored page has a character in their place, which Jupyter can print.
    """
    if docname != app.env.receiptbook_settings.ledger:
        return
    for item in list(doctree.findall(nodes.list_item)):
        verdict = item.next_node(nodes.strong)
        if verdict and verdict.astext() in VERDICTS and verdict.parent.index(verdict) == 1:
            verdict.parent[0:2] = [Markup("", html=badge(verdict.astext()))]


def draw_badge(cell: etree._Element) -> None:
    """A cell that holds the character and the word of a verdict shows its badge instead."""
    mark, _, verdict = (cell.text or "").strip().partition(" ")
    if verdict in VERDICTS and mark == VERDICTS[verdict].mark:
        cell.text = None
        cell.append(html.fragment_fromstring(badge(verdict)))


def sheet(page: str) -> str:
    """The shapes that a page's badges refer to. page: as HTML.

    >>> 'id="v-partly"' in sheet(badge("partly")), sheet("<p>partly</p>")
    (True, '')
    """
    used = set(re.findall(r'href="#v-([\w-]+)"', page))
    verdicts = [verdict for verdict in VERDICTS if verdict in used]
    return render("shapes.html", verdicts=verdicts) if verdicts else ""
