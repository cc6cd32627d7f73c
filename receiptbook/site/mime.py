"""myst-nb plug-in: charts and receipts among the outputs become nodes of the document."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from docutils import nodes
from myst_nb.core import render

from receiptbook.book import Book, outputs
from receiptbook.site import figures, guesses, questions, summary
from receiptbook.site.nodes import Parse, ReceiptCard

#: What makes one node of a stored output.
MAKERS: dict[str, Callable[[Any, Parse], nodes.Element]] = {
    outputs.SCOREBOARD: summary.board,
    outputs.DEFINITIONS: summary.choices,
    outputs.GUESS: guesses.guess,
}


class ReceiptBookMime:
    """Preferred over every other representation, for every builder."""

    mime_priority_overrides = (
        ("*", outputs.SCOREBOARD, 0),  # its counts are receipts beside it
        ("*", outputs.DEFINITIONS, 0),
        ("*", outputs.CAPTION, 0),
        ("*", outputs.RECEIPT, 1),
        ("*", outputs.CHART, 1),
        ("*", outputs.QUESTION, 1),
        ("*", outputs.GUESS, 1),
    )

    @staticmethod
    def handle_mime(renderer, data: render.MimeData, inline: bool) -> list[nodes.Element] | None:
        document = renderer.renderer.document

        def parse(node: nodes.Element, text: str) -> nodes.Element:
            of_text = isinstance(node, nodes.TextElement)
            with renderer.renderer.current_node_context(node):
                renderer.renderer.nested_render_text(text, data.line or 0, inline=of_text)
            return node

        if data.mime_type == outputs.RECEIPT:
            stored = outputs.receipts_in({outputs.RECEIPT: outputs.plain(data.content)})
            return [ReceiptCard("", receipt=one) for one in stored]
        if data.mime_type == outputs.CAPTION:
            # The figure has its own. For no node at all, myst-nb would take the Markdown beside it.
            return [nodes.comment()]
        if data.mime_type == outputs.CHART:
            where = f"{document['source']}, cell {(data.cell_index or 0) + 1}"
            made = figures.chart(outputs.plain(data.content), parse, where)
        elif data.mime_type == outputs.QUESTION:
            book = Book(Path(document.settings.env.srcdir))
            made = questions.question(outputs.plain(data.content), parse, book)
        elif make := MAKERS.get(data.mime_type):
            made = make(outputs.plain(data.content), parse)
        else:
            return None
        if made["ids"]:  # so that [text](#id) resolves
            made["names"] = [*made["ids"]]
            document.note_explicit_target(made)
        return [made]


def setup_mime() -> None:
    """Add the plug-in to myst-nb's list.

    An entry point would do the same, but only after the package is installed anew; the list is
    cached by myst-nb for the life of the process, and this way a bare checkout builds too.
    """
    plugins = render.load_mime_renders()
    if ReceiptBookMime not in plugins:
        plugins.append(ReceiptBookMime)
