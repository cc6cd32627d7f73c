"""Receipts on the page: the card below a cell, the pop-up behind a number, the notes in print."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from receiptbook.receipts import VERDICTS, Receipt
from receiptbook.site import languages
from receiptbook.site.builder import ledger_address
from receiptbook.site.nodes import Markup, PageError
from receiptbook.site.receipt import receipt_html
from receiptbook.site.sources import check_sources
from receiptbook.site.templates import render


def read_receipt(stored: Mapping[str, Any], env: BuildEnvironment) -> Receipt:
    """A stored receipt; PageError for an unknown verdict, source or field.

    env: of the build, whose `receiptbook_sources` are the known ones.
    """
    id = stored.get("id")
    if stored.get("verdict") not in VERDICTS:
        raise PageError(
            f"receipt {id!r}: verdict {stored.get('verdict')!r} is not in "
            f"receiptbook/receipts/verdicts.py; there are {', '.join(VERDICTS)}"
        )
    try:
        receipt = Receipt.from_json(stored)
    except TypeError as problem:
        raise PageError(
            f"receipt {id!r} was stored by another edition of receiptbook.receipts ({problem}); "
            "execute the chapter again"
        ) from problem
    check_sources(receipt.sources, env, f"receipt {id!r}")
    return receipt


def visit_receipt(translator, node) -> None:
    """A quiet card; of a worded claim one line, its verdict, that opens to the grounds."""
    app = translator.builder.app
    ledger = ledger_address(app, translator.builder.current_docname)
    stored = node["receipt"]
    template = "ruling.html" if stored["kind"] == "worded" else "receipt.html"
    translator.body.append(card(template, stored, app.env, ledger=ledger) + "\n")
    raise nodes.SkipNode


def card(template: str, stored: Mapping[str, Any], env: BuildEnvironment, **more: Any) -> str:
    """A receipt in one of the templates: receipt, ruling, margin, row, popup or note.html."""
    return receipt_html(template, read_receipt(stored, env), env.receiptbook_sources, **more)


def linked(doctree: nodes.document, env: BuildEnvironment) -> dict[str, list[nodes.reference]]:
    """The receipts that a page's numbers point at, in reading order, each with its links."""
    ledger = env.receiptbook_settings.ledger.rsplit("/", 1)[-1] + ".html#"
    found: dict[str, list[nodes.reference]] = {}
    for link in doctree.findall(nodes.reference):
        _, is_number, id = link.get("refuri", "").partition(ledger)
        if is_number and id in env.receiptbook_receipts:
            found.setdefault(id, []).append(link)
    return found


def endnotes(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """For paper: one note for each receipt that a page rests on, and its number at each link."""
    if docname == app.env.receiptbook_settings.ledger:
        return
    found = linked(doctree, app.env)
    for number, links in enumerate(found.values(), start=1):
        for link in links:
            link["note"] = number
    if found:
        notes = [
            languages.marked(card("note.html", app.env.receiptbook_receipts[id], app.env))
            for id in found
        ]
        doctree += Markup("", html=render("endnotes.html", notes=notes))


def script(receipts: Iterable[Mapping[str, Any]], env: BuildEnvironment) -> str:
    """The pop-up of each receipt as markup by id, and the shapes of verdicts, for scripts/receipts.js."""
    drawn = {stored["id"]: languages.marked(card("popup.html", stored, env)) for stored in receipts}
    shapes = {verdict: render("shape.html", verdict=verdict) for verdict in VERDICTS}
    return f"ReceiptBook.receipts({json.dumps(drawn, ensure_ascii=False)}, {json.dumps(shapes)});\n"
