"""The ledger page: complete as it stands, sortable and filterable where scripts run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from docutils import nodes
from markupsafe import escape
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import traverse_parent

from receiptbook.book import Book
from receiptbook.book.notebooks import csv_text
from receiptbook.receipts import ledger
from receiptbook.receipts.collect import stored_receipts
from receiptbook.site import cards
from receiptbook.site.builder import address, ledger_address
from receiptbook.site.nodes import Markup
from receiptbook.site.templates import render, sentence
from receiptbook.tables import described
from receiptbook.tables.expression import inert

COLUMNS = ("id", "verdict", "kind", "group", "part", "statement", "published", "shown", "range",
           "passes", "value", "lower", "upper", "unit", "formula", "because", "sources", "seeds",
           "would_change", "note", "where")  # fmt: skip


def collect(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """All receipts of the book by id, in the order of the ledger, as `env.receiptbook_receipts`.

    They are the ledger's entries and what else the cells store. If anything changed, all pages are
    written again, because cards and endnotes may stand on any of them.
    """
    book = Book(Path(app.srcdir))
    found = stored_receipts(book.notebooks())
    listed = {one["id"]: one for one in ledger.entries(book)} if described(book.data) else {}
    receipts = listed | {id: one for id, one in found.items() if id not in listed}
    for stored in receipts.values():
        cards.read_receipt(stored, env)
    state = json.dumps([receipts, [str(source) for source in env.receiptbook_sources.values()]])
    digest = hashlib.sha256(state.encode()).hexdigest()
    before, env.receiptbook_digest = getattr(env, "receiptbook_digest", digest), digest
    env.receiptbook_receipts, env.receiptbook_stored = receipts, found
    return [] if before == digest else sorted(env.all_docs)


def entries(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Each section of the ledger becomes a row: verdict, statement, number, and how in a fold."""
    env = app.env
    if docname != env.receiptbook_settings.ledger:
        return
    numbers: dict[str, int] = {}
    for section in list(doctree.findall(nodes.section)):
        receipt = next(filter(None, map(env.receiptbook_receipts.get, section["ids"])), None)
        if receipt is None:
            continue
        section["classes"] += ["entry", f"v-{receipt['verdict']}"]
        level = f"h{len(list(traverse_parent(section, nodes.section)))}"
        section.children = []
        # not a title, or the search would offer each row by its id
        section += Markup("", html=f"<{level}>{escape(receipt['id'])}</{level}>\n")
        text = sentence(receipt["statement"])
        section += nodes.paragraph("", text, classes=["statement"])
        section += Markup("", html=row(app, receipt, docname, numbers))
    for source in env.receiptbook_sources:  # the one place in the book with every address
        numbers.setdefault(source, len(numbers) + 1)
    if numbers:
        numbered = [(env.receiptbook_sources[id], n) for id, n in numbers.items()]
        html = render("sources.html", title="sources", numbered=numbered)
        doctree += Markup("", html=html)


def row(app: Sphinx, receipt: Mapping[str, Any], docname: str, numbers: dict[str, int]) -> str:
    """What stands under the statement; `data-*` is what the page's script sorts and filters by.

    numbers: of the sources in the list at the page's end; new ones are added.
    """
    sources = receipt.get("sources") or []
    return cards.card(
        "row.html",
        receipt,
        app.env,
        ledger=ledger_address(app, docname),
        places=[numbers.setdefault(id, len(numbers) + 1) for id in sources],
        texts=app.env.receiptbook_texts,
        chapter=_chapter(app, receipt, docname),
    )


def _chapter(app: Sphinx, receipt: Mapping[str, Any], docname: str) -> dict[str, str] | None:
    """Title and address of the page that a receipt stands on."""
    stem = Path(receipt.get("where") or "").stem
    for name, title in app.env.titles.items():
        if Path(name).stem == stem:
            there = address(app.builder, docname, app.builder.get_target_uri(name))
            return {"title": title.astext(), "address": there}
    return None


def downloads(receipts: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """ledger.json and ledger.csv by name, from the same receipts as the page and the cards."""
    receipts = list(receipts)
    rows = [_lean(receipt) for receipt in receipts]
    fields = list(dict.fromkeys(["id", "verdict", "statement", *(k for row in rows for k in row)]))
    whole = json.dumps(
        {"fields": fields, "rows": [[row.get(name) for name in fields] for row in rows]},
        ensure_ascii=False, separators=(",", ":"),
    )  # fmt: skip
    return {"ledger.json": whole + "\n", "ledger.csv": table(receipts)}


def _lean(receipt: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty; of an input its id, under which data/ has the rest, or its form."""
    kept = {k: v for k, v in receipt.items() if v not in (None, "", []) or k == "range_kind"}
    if "inputs" in kept:
        kept["inputs"] = [i.get("id") or i["printed"] for i in kept["inputs"]]
    return kept


def table(receipts: Iterable[Mapping[str, Any]]) -> str:
    """The receipts as CSV, lists joined by semicolons."""

    def cell(value: Any) -> Any:
        return inert("; ".join(map(str, value)) if isinstance(value, list) else value)

    rows = [[cell(receipt.get(name)) for name in COLUMNS] for receipt in receipts]
    return csv_text([COLUMNS, *rows])
