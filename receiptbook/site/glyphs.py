"""Verdicts by word and by shape, so that colour carries no meaning of its own."""

from __future__ import annotations

import re

from docutils import nodes

from receiptbook.site.nodes import Markup

_DISC = "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13z"
_RING = _DISC + "M8 3.2a4.8 4.8 0 1 1 0 9.6a4.8 4.8 0 0 1 0-9.6z"
_CHECKED = _DISC + "M4.2 8.2l1.3-1.3 1.8 1.8 3.5-3.6 1.3 1.3-4.8 4.9z"
_HALF = _RING + "M8 3.2v9.6a4.8 4.8 0 0 1 0-9.6z"
_CROSS = "M3.5 1.5L8 6l4.5-4.5 2 2L10 8l4.5 4.5-2 2L8 10l-4.5 4.5-2-2L6 8 1.5 3.5z"
_SLASHED = _RING + "M11.6 3.2l1.2 1.2-8.4 8.4-1.2-1.2z"
_TRIANGLE = "M8 1.8L14.8 14H1.2zM8 5.3L4 12.4h8z"
_SQUARE = "M2 2h12v12H2zM3.7 3.7v8.6h8.6V3.7z"
_DOTS = "M1.5 6.6h2.8v2.8H1.5zM6.6 6.6h2.8v2.8H6.6zM11.7 6.6h2.8v2.8h-2.8z"

#: verdict -> (shape on a 16 by 16 grid, drawn by the even-odd rule; what the verdict means).
#: Full, half, crossed: how far it holds. Ring, triangle, square: what kind of number it is.
GLYPHS: dict[str, tuple[str, str]] = {
    "reproduced": (_CHECKED, "The recomputed range lies inside what the printed figure means."),
    "consistent": (_HALF, "The recomputed range meets what the printed figure means."),
    "contradicted": (_CROSS, "The recomputed range misses what the printed figure means."),
    "stated": (_RING, "Published, with nothing to recompute it from."),
    "derived": (_TRIANGLE, "Nobody printed it; computed here."),
    "supported": (_CHECKED, "The receipts it rests on bear it out."),
    "partly": (_HALF, "Some of the receipts it rests on bear it out."),
    "unsupported": (_SLASHED, "Nothing found bears it out."),
    "open": (_DOTS, "Not decided by what is published."),
    "assumed": (_SQUARE, "An assumption, yours to change."),
}


def glyph(verdict: str) -> str:
    """The shape as inline SVG, silent to readers who hear the word, and the word.

    Its page needs `sheet`, from which a script takes what the verdict means. KeyError names a
    verdict that has no shape.
    """
    if verdict not in GLYPHS:
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
        if verdict and verdict.astext() in GLYPHS and verdict.parent.index(verdict) == 1:
            verdict.parent[0:2] = [Markup("", html=badge(verdict.astext()))]
    for table in doctree.findall(Markup):  # as receiptbook.site.tables leaves it
        table["html"] = re.sub(_COUNTED, _with_badge, table["html"])


_COUNTED = r"(<th[^>]*>)\S (\w+)(?=</th>)"


def _with_badge(found: re.Match) -> str:
    head, verdict = found.groups()
    return f"{head}{badge(verdict)}" if verdict in GLYPHS else found[0]


def sheet(body: str) -> str:
    """The shapes that a page's badges refer to, each once."""
    shapes = "".join(
        f'<symbol id="v-{name}" viewBox="0 0 16 16"><title>{meaning}</title>'
        f'<path fill-rule="evenodd" d="{shape}"/></symbol>'
        for name, (shape, meaning) in GLYPHS.items()
        if f'href="#v-{name}"' in body
    )
    return f'<svg class="shapes" aria-hidden="true">{shapes}</svg>' if shapes else ""


def badge(verdict: str) -> str:
    """Shape and word on their own. KeyError names a verdict that has no shape."""
    return f'<span class="verdict v-{verdict}">{glyph(verdict)}</span>'
