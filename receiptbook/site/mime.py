"""myst-nb plug-in: charts and receipts among the outputs become nodes of the document."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from myst_nb.core import render

from receiptbook.book.outputs import CAPTION, DEFINITIONS, RECEIPT, SCOREBOARD, receipts_in
from receiptbook.charts.walk import walk
from receiptbook.site import summary
from receiptbook.site.figures import check
from receiptbook.site.nodes import ChartCaption, ChartFigure, ChartTitle, ReceiptCard

CHARTS = re.compile(r"application/vnd\.vegalite\.v\d+(\.\d+)*\+json")


class ReceiptBookMime:
    """Preferred over every other representation, for every builder."""

    mime_priority_overrides = (
        ("*", SCOREBOARD, 0),  # its counts are receipts beside it
        ("*", DEFINITIONS, 0),
        ("*", CAPTION, 0),
        ("*", RECEIPT, 1),
        *(("*", f"application/vnd.vegalite.v{v}+json", 1) for v in (5, 6)),
    )

    @staticmethod
    def handle_mime(renderer, data: render.MimeData, inline: bool) -> list[nodes.Element] | None:
        if data.mime_type == RECEIPT:
            return [
                ReceiptCard("", receipt=one) for one in receipts_in({RECEIPT: _plain(data.content)})
            ]
        if CHARTS.fullmatch(data.mime_type):
            return [_figure(renderer, data)]
        if data.mime_type == SCOREBOARD:
            return [summary.board(renderer, _plain(data.content), data.line or 0)]
        if data.mime_type == DEFINITIONS:
            return [summary.choices(renderer, _plain(data.content), data.line or 0)]
        if data.mime_type == CAPTION:
            # The figure has its own. For no node at all, myst-nb would take the Markdown beside it.
            return [nodes.comment()]
        return None


def _figure(renderer, data: render.MimeData) -> ChartFigure:
    source = renderer.renderer.document["source"]
    where = f"{source}, cell {(data.cell_index or 0) + 1}"
    spec = _plain(data.content)
    card = check(spec, where)
    figure = ChartFigure("", spec=spec, where=where, ids=[card["id"]], names=[card["id"]])
    renderer.renderer.document.note_explicit_target(figure)  # so that [text](#id) resolves
    for kind, name in ((ChartTitle, "title"), (ChartCaption, "caption")):
        text = kind("", "")
        with renderer.renderer.current_node_context(text):
            renderer.renderer.nested_render_text(card[name], data.line or 0, inline=True)
        figure += text
    return figure


def _plain(node: Any) -> Any:
    """Notebook nodes as ordinary dicts, which pickle small."""
    return walk(node, lambda part, path: part)


def setup_mime() -> None:
    """Add the plug-in to myst-nb's list.

    An entry point would do the same, but only after the package is installed anew; the list is
    cached by myst-nb for the life of the process, and this way a bare checkout builds too.
    """
    plugins = render.load_mime_renders()
    if ReceiptBookMime not in plugins:
        plugins.append(ReceiptBookMime)
