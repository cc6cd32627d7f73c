"""What a book shows first, on its page: the scoreboard of verdicts, one count by several definitions."""

from __future__ import annotations

from typing import Any

from docutils import nodes

from receiptbook.site.builder import ledger_address
from receiptbook.site.nodes import Choice, Choices, PageError, ScoreBoard, ScoreRow
from receiptbook.site.templates import render


def board(renderer, stored: dict[str, Any], line: int) -> ScoreBoard:
    """The stored scoreboard as nodes; each row's words become paragraphs with live links."""
    node = ScoreBoard("")
    for row in stored["rows"]:
        node += _told(renderer, ScoreRow("", **row), row["words"], line)
    return node


def choices(renderer, stored: dict[str, Any], line: int) -> Choices:
    """The stored definitions as nodes."""
    node = Choices("", stored=stored, ids=[stored["id"]], names=[stored["id"]])
    renderer.renderer.document.note_explicit_target(node)
    for one in stored["choices"]:
        node += _told(renderer, Choice(""), one["words"], line)
    return node


def _told(renderer, node: nodes.Element, markdown: str, line: int) -> nodes.Element:
    with renderer.renderer.current_node_context(node):
        renderer.renderer.nested_render_text(markdown, line)
    return node


def visit_board(translator, node: ScoreBoard) -> None:
    """The frame of the rows."""
    translator.body.append('<div class="board">\n')


def visit_row(translator, node: ScoreRow) -> None:
    """A cell for each statement, with the verdict that its receipt has; the words follow."""
    app = translator.builder.app
    known = app.env.receiptbook_receipts
    if lost := [id for id in node["claims"] if id not in known]:
        raise PageError(f"scoreboard: no receipt {lost[0]!r}; make refresh renews the page")
    ledger = ledger_address(app, translator.builder.current_docname)
    cells = [known[id] for id in node["claims"]]
    translator.body.append(render("scores.html", row=node, cells=cells, ledger=ledger) + "\n")


def depart_row(translator, node: ScoreRow) -> None:
    """The end of a row and of its words."""
    translator.body.append("</div></div>\n")


def visit_choices(translator, node: Choices) -> None:
    """The question, the buttons and the field of squares; a line for each definition follows."""
    stored = node["stored"]
    counts = [one["squares"] for one in stored["choices"]]
    field = [sum(place < count for count in counts) for place in range(stored["squares"])]
    translator.body.append(render("choices.html", stored=stored, field=field) + "\n")


def depart_choices(translator, node: Choices) -> None:
    """The end of the lines."""
    translator.body.append("</ul></fieldset>\n")


def visit_choice(translator, node: Choice) -> None:
    """A definition in words."""
    translator.body.append("<li>")


def depart_choice(translator, node: Choice) -> None:
    """Its end."""
    translator.body.append("</li>\n")


def depart_board(translator, node: ScoreBoard) -> None:
    """The end of the rows."""
    translator.body.append("</div>\n")


def verdicts(doctree: nodes.document, receipts: dict[str, dict]) -> set[str]:
    """The verdicts whose shapes the scoreboards of a page show."""
    rows = doctree.findall(ScoreRow)
    return {receipts[id]["verdict"] for row in rows for id in row["claims"] if id in receipts}
