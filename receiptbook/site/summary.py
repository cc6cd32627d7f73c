"""A book's verdicts at a glance: the scoreboard, a count by several definitions, the texts retold."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from receiptbook.receipts import VERDICTS
from receiptbook.site.builder import ledger_address
from receiptbook.site.nodes import (
    Choice,
    Choices,
    Markup,
    PageError,
    Parse,
    ScoreBoard,
    ScoreRow,
    section_of,
    writes,
)
from receiptbook.site.templates import render


def board(stored: dict[str, Any], parse: Parse) -> ScoreBoard:
    """The stored scoreboard as nodes; each row's words become paragraphs with live links."""
    return ScoreBoard("", *(parse(ScoreRow("", **row), row["words"]) for row in stored["rows"]))


def choices(stored: dict[str, Any], parse: Parse) -> Choices:
    """The stored definitions as nodes."""
    told = (parse(Choice(""), one["words"]) for one in stored["choices"])
    return Choices("", *told, stored=stored, ids=[stored["id"]])


visit_board, depart_board = writes('<div class="board">\n'), writes("</div>\n")


def visit_row(translator, node: ScoreRow) -> None:
    """A cell for each statement, with the verdict that its receipt has; the words follow."""
    app = translator.builder.app
    known = app.env.receiptbook_receipts
    if lost := [id for id in node["claims"] if id not in known]:
        raise PageError(f"scoreboard: no receipt {lost[0]!r}; make refresh renews the page")
    ledger = ledger_address(app, translator.builder.current_docname)
    cells = [known[id] for id in node["claims"]]
    translator.body.append(render("scores.html", row=node, cells=cells, ledger=ledger) + "\n")


depart_row = writes("</div></div>\n")


def visit_choices(translator, node: Choices) -> None:
    """The question, the buttons and the field of squares; a line for each definition follows."""
    stored = node["stored"]
    counts = [one["squares"] for one in stored["choices"]]
    field = [sum(place < count for count in counts) for place in range(stored["squares"])]
    translator.body.append(render("choices.html", stored=stored, field=field) + "\n")


depart_choices = writes("</ul></fieldset>\n")
visit_choice, depart_choice = writes("<li>"), writes("</li>\n")


def retell(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """A line of a list that leads to a claim bears the verdict's shape; a key stands above the first.

    Only on the page that retells the texts under test: there the first link of a line is to the
    claim that it retells.
    """
    if docname != app.env.receiptbook_settings.retelling:
        return
    known, first, found = app.env.receiptbook_receipts, None, set()
    for item in doctree.findall(nodes.list_item):
        ids = (link.get("refuri", "").partition("#")[2] for link in item.findall(nodes.reference))
        one = known.get(next((id for id in ids if id in known), ""), {})
        if one.get("group") != "claim":
            continue
        item["classes"] += ["retold", f"v-{one['verdict']}"]
        item[0].insert(0, Markup("", html=render("retold.html", one=one)))
        first, found = first or item.parent, found | {one["verdict"]}
    if first is not None:
        shown = [verdict for verdict in VERDICTS if verdict in found]
        section = section_of(first) or first.parent
        section.insert(2, Markup("", html=render("key.html", verdicts=shown)))
