"""The ledger page: complete as it stands, sortable and filterable where scripts run."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from receiptbook.book.notebooks import bundles, read_notebook
from receiptbook.book.outputs import LEDGER, receipts_in
from receiptbook.site import figures
from receiptbook.site import receipts as cards
from receiptbook.site.glyphs import glyph
from receiptbook.site.nodes import Markup
from receiptbook.tables import downloads

COLUMNS = ("id", "verdict", "kind", "group", "part", "statement", "published", "shown", "range",
           "passes", "value", "lower", "upper", "unit", "formula", "because", "sources", "seeds",
           "would_change", "note", "where")  # fmt: skip


def collect(app: Sphinx, env) -> list[str]:
    """All receipts of the book by id, in the order of the ledger.

    They come from the ledger's own output and from the cells that end in a receipt; the ledger
    wins, since it adds where each stands. If anything changed, all pages are written again,
    because cards and endnotes may stand on any of them.
    """
    ledger, found = {}, {}
    for name in sorted(env.all_docs):
        path = Path(env.doc2path(name))
        if path.suffix != ".ipynb":
            continue
        for bundle in bundles(read_notebook(path).cells):
            for entry in bundle.get(LEDGER, {}).get("entries", []):
                ledger[entry["id"]] = entry
            for receipt in receipts_in(bundle):
                found[receipt["id"]] = {**receipt, "where": path.name}
    app.receiptbook.titles = {Path(name).stem: title.astext() for name, title in env.titles.items()}
    app.receiptbook.receipts = ledger | {k: v for k, v in found.items() if k not in ledger}
    for receipt in app.receiptbook.receipts.values():
        cards.check(receipt)
    state = json.dumps(
        [app.receiptbook.receipts, [s.html() for s in app.receiptbook.sources.values()]]
    )
    digest = hashlib.sha256(state.encode()).hexdigest()
    before, env.receiptbook_digest = getattr(env, "receiptbook_digest", digest), digest
    return [] if before == digest else sorted(env.all_docs)


def entries(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Each section of the ledger becomes a row: verdict, statement, number, and how in a fold."""
    if docname != app.receiptbook.config.ledger:
        return
    numbers: dict[str, int] = {}
    for section in list(doctree.findall(nodes.section)):
        known = app.receiptbook.receipts
        receipt = next((known[i] for i in section["ids"] if i in known),
                       None)  # fmt: skip
        if receipt is None:
            continue
        section["classes"] += ["entry", f"v-{receipt['verdict']}"]
        level = f"h{1 + sum(isinstance(n, nodes.section) for n in _above(section))}"
        section.children = []
        # not a title, or the search would offer each row by its id
        section += Markup("", html=f"<{level}>{escape(receipt['id'])}</{level}>\n")
        section += nodes.paragraph("", f"{receipt['statement'].rstrip('.')}.",
                                   classes=["statement"])  # fmt: skip
        section += Markup("", html=row(receipt, app.receiptbook, docname, numbers))
    for source in app.receiptbook.sources:  # the one place in the book with every address
        numbers.setdefault(source, len(numbers) + 1)
    if numbers:
        doctree += Markup(
            "", html=figures.source_list(numbers, app.receiptbook, "Sources", linked=True)
        )


def _above(node: nodes.Node) -> Iterator[nodes.Node]:
    while node := node.parent:
        yield node


def row(receipt: dict[str, Any], site, docname: str, numbers: dict[str, int]) -> str:
    """What stands under the statement; `data-*` is what the page's script sorts and filters by."""
    for source in receipt.get("sources") or []:
        numbers.setdefault(source, len(numbers) + 1)
    part = f' data-part="{escape(receipt["part"], quote=True)}"' if receipt.get("part") else ""
    number = f"<b>{escape(cards.told(receipt))}</b>" if receipt.get("shown") else ""
    printed = "; ".join(receipt.get("published") or [])
    if printed and printed != receipt.get("shown"):
        number += f" <span>printed: {escape(printed)}</span>"
    where = receipt.get("where")
    link = ""
    if where:
        page = Path(where).with_suffix(".html").name
        title = site.titles.get(Path(where).stem, Path(where).stem)
        what = "Worked out" if receipt.get("formula") or receipt.get("grounds") else "Quoted"
        link = f'<p>{what} in <a href="{escape(page)}">{escape(title)}</a>.</p>'
    texts = site.texts
    seeds = ", ".join(texts.place(seed) for seed in receipt.get("seeds") or [])
    said = f"<p>In the {escape(texts.called)}: {escape(seeds)}.</p>" if seeds else ""
    return (
        f'<p class="mark verdict"{part}>{glyph(receipt["verdict"])}</p>\n'
        f'<p class="shown">{number}</p>\n'
        f'<details><summary>How<span class="unseen"> {escape(receipt["id"])} was checked</span>'
        f"</summary>{cards.facts(receipt, site, docname, numbers)}{said}{link}</details>\n"
    )


def write_downloads(app: Sphinx, problem: Exception | None) -> None:
    """ledger.json and ledger.csv, from the same receipts as the page and the cards."""
    if problem or app.builder.format != "html":
        return
    site = app.receiptbook
    static = Path(app.outdir) / "_static"
    static.mkdir(exist_ok=True)
    rows = [_lean(receipt) for receipt in site.receipts.values()]
    fields = list(dict.fromkeys(["id", "verdict", "statement", *(k for row in rows for k in row)]))
    whole = json.dumps(
        {"fields": fields, "rows": [[row.get(name) for name in fields] for row in rows]},
        ensure_ascii=False, separators=(",", ":"),
    )  # fmt: skip
    (static / "ledger.json").write_text(whole + "\n", "utf-8")
    (static / "ledger.csv").write_text(table(list(site.receipts.values())), "utf-8")
    if site.described:
        downloads.write_downloads(static, site.book)


def _lean(receipt: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty; of an input its id, under which data/ has the rest, or its form."""
    kept = {k: v for k, v in receipt.items() if v not in (None, "", []) or k == "range_kind"}
    if "inputs" in kept:
        kept["inputs"] = [i.get("id") or i["printed"] for i in kept["inputs"]]
    return kept


def table(receipts: list[dict[str, Any]]) -> str:
    """The receipts as CSV, lists joined by semicolons."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for receipt in receipts:
        cells = (receipt.get(name) for name in COLUMNS)
        writer.writerow("; ".join(map(str, c)) if isinstance(c, list) else c for c in cells)
    return text.getvalue()
