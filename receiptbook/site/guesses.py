"""A point to guess on the page: a drawing to complete, true without scripts; assets/guess.js reveals."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docutils import nodes

from receiptbook.book import Book
from receiptbook.receipts import ledger
from receiptbook.site import templates
from receiptbook.site.builder import ledger_address
from receiptbook.site.nodes import Parse, parsed, writes

WIDTH, LEFT, RIGHT, TOP, BOTTOM = 360, 40, 310, 22, 206  # of the drawing, in its own units


class GuessCard(nodes.General, nodes.Element):
    """A point to guess. Attribute: stored (dict). Children: two GuessText."""


class GuessText(nodes.Part, nodes.Element):
    """Prompt or explanation, parsed from Markdown, so that links are live. Attribute: part."""


def guess(stored: dict[str, Any], parse: Parse) -> GuessCard:
    """The stored guess as nodes."""
    texts = {part: stored[part] for part in ("prompt", "explain")}
    return GuessCard("", *parsed(parse, GuessText, texts), stored=stored)


def drawing(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Where things stand in the drawing: ticks, known points, the column of the point asked for.

    >>> point = {"value": 5.0, "low": 4.5, "high": 5.5, "label": "May 2025", "short": "May 2025",
    ...          "shown": "5 million"}
    >>> known = [{**point, "at": 2025.0}, {**point, "at": 2025.5, "value": 10.0}]
    >>> asked = {**point, "at": 2026.0, "value": 8.0}
    >>> made = drawing({"top": 20, "tick": 10, "known": known, "asked": asked})
    >>> made["ticks"], made["x"], [(one["x"], one["y"]) for one in made["points"]]
    ([(0, 206.0), (10, 114.0), (20, 22.0)], 310.0, [(40.0, 160.0), (175.0, 114.0)])
    """
    known, asked = stored["known"], stored["asked"]
    first, last = known[0]["at"], asked["at"]

    def x(at: float) -> float:
        return round(LEFT + (RIGHT - LEFT) * (at - first) / (last - first), 1)

    def y(value: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * value / stored["top"], 1)

    ticks = range(0, stored["top"] + 1, stored["tick"])
    return {
        "ticks": [(n, y(n)) for n in ticks], "x": x(last), "top": TOP, "bottom": BOTTOM,
        "points": [{**one, "x": x(one["at"]), "y": y(one["value"])} for one in known],
    }  # fmt: skip


def visit_guess(translator, node: GuessCard) -> None:
    """The fold with its name."""
    level = f"h{min(6, translator.section_level + 1)}"
    head = templates.render("guess_head.html", guess=node["stored"], level=level)
    translator.body.append(f"{head}\n")


depart_guess = writes("</details></details></section>\n")


def visit_text(translator, node: GuessText) -> None:
    """The prompt in a box; before the explanation, the drawing and what came."""
    if node["part"] == "prompt":
        translator.body.append('<div class="prompt">')
        return
    app, docname = translator.builder.app, translator.builder.current_docname
    stored, plan = node.parent["stored"], drawing(node.parent["stored"])
    entries = ledger.listed(Book(Path(app.srcdir)).ledger)  # which a link can lead to
    facts = {name: plan[name] for name in ("x", "top", "bottom")} | {
        "end": stored["top"], "unit": stored["unit"], "step": max(1, stored["tick"] // 40),
        "last": {name: plan["points"][-1][name] for name in ("x", "y", "value")},
        "asked": {k: stored["asked"][k] for k in ("label", "value", "low", "high", "shown")},
        "others": [one["value"] for one in stored["others"]],
    }  # fmt: skip
    html = templates.render(
        "guess.html",
        guess=stored,
        plan=plan,
        width=WIDTH,
        facts=json.dumps(facts, separators=(",", ":"), ensure_ascii=False),
        ledger=ledger_address(app, docname),
        known={one["id"] for one in [*stored["known"], stored["asked"]]} & entries,
    )
    translator.body.append(f"{html}\n")


def depart_text(translator, node: GuessText) -> None:
    """The end of the prompt's box."""
    if node["part"] == "prompt":
        translator.body.append("</div>\n")
