"""Verdicts by word and by shape, so that colour carries no meaning of its own."""

from __future__ import annotations

import re

from docutils import nodes

from receiptbook.receipts import VERDICTS
from receiptbook.site.nodes import Markup


def glyph(verdict: str) -> str:
    """The shape as inline SVG, silent to readers who hear the word, and the word.

    Its page needs `sheet`, from which a script takes what the verdict means. KeyError names a
    verdict that has no shape.
    """
    if verdict not in VERDICTS:
        raise KeyError(verdict)
    return f'<svg aria-hidden="true"><use href="#v-{verdict}"/></svg> {verdict.capitalize()}'


def draw_legend(app, doctree: nodes.document, docname: str) -> None:
    """On the ledger's page the list of verdicts, and their count, show the badges of its rows.

    The stored notebook has a character in their place, which Jupyter can print.
    """
    if docname != app.receiptbook.config.ledger:
        return
    for item in list(doctree.findall(nodes.list_item)):
        verdict = item.next_node(nodes.strong)
        if verdict and verdict.astext() in VERDICTS and verdict.parent.index(verdict) == 1:
            verdict.parent[0:2] = [Markup("", html=badge(verdict.astext()))]
    for table in doctree.findall(Markup):  # as receiptbook.site.tables leaves it
        table["html"] = re.sub(_COUNTED, _with_badge, table["html"])


_COUNTED = r"(<th[^>]*>)\S (\w+)(?=</th>)"


def _with_badge(found: re.Match) -> str:
    head, verdict = found.groups()
    return f"{head}{badge(verdict)}" if verdict in VERDICTS else found[0]


def sheet(body: str) -> str:
    """The shapes that a page's badges refer to, each once."""
    shapes = "".join(
        f'<symbol id="v-{name}" viewBox="0 0 16 16"><title>{row.hint}</title>'
        f'<path fill-rule="evenodd" d="{row.shape}"/></symbol>'
        for name, row in VERDICTS.items()
        if f'href="#v-{name}"' in body
    )
    return f'<svg class="shapes" aria-hidden="true">{shapes}</svg>' if shapes else ""


def badge(verdict: str) -> str:
    """Shape and word on their own. KeyError names a verdict that has no shape."""
    return f'<span class="verdict v-{verdict}">{glyph(verdict)}</span>'
