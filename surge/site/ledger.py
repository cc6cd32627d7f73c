"""The ledger page: complete as it stands, sortable and filterable where scripts run."""

from __future__ import annotations

import csv
import io
import json
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from surge.site import receipts as cards
from surge.site.glyphs import GLYPHS, badge
from surge.site.mime import RECEIPT
from surge.site.nodes import Markup

COLUMNS = ("id", "verdict", "kind", "statement", "shown", "range", "passes", "lower", "upper",
           "unit", "formula", "published", "seeds", "sources", "because", "where")  # fmt: skip


def collect(app: Sphinx, env) -> list[str]:
    """All receipts of the book by id: from the cells that end in one, and from the ledger's own.

    A later page wins over an earlier one, the ledger over all, since it adds where each stands.
    """
    found: dict[str, dict[str, Any]] = {}
    names = sorted(env.all_docs, key=lambda n: n == app.surge.config.ledger)
    for name in names:
        path = Path(env.doc2path(name))
        if path.suffix == ".ipynb" and RECEIPT in (text := path.read_text("utf-8")):
            for receipt in _receipts(json.loads(text)):
                found[receipt["id"]] = {"where": path.name, **receipt}
    app.surge.receipts = found
    return []


def _receipts(notebook: dict) -> list[dict[str, Any]]:
    return [
        output["data"][RECEIPT]
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        if RECEIPT in output.get("data", {})
    ]


def entries(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Mark the ledger's sections so that style and script can treat them as rows."""
    if docname != app.surge.config.ledger:
        return
    part = ""
    for section in doctree.findall(nodes.section):
        if any(isinstance(child, nodes.section) for child in section):
            part = section[0].astext()
            continue
        ids = [i for i in section["ids"] if i in app.surge.receipts]
        if not ids:
            continue
        receipt = app.surge.receipts[ids[0]]
        section["classes"] += ["entry", f"v-{receipt['verdict']}"]
        mark = f'<p class="tag" data-part="{escape(part, quote=True)}">{badge(receipt["verdict"])}'
        section.insert(1, Markup("", html=f"{mark}</p>"))


def write_downloads(app: Sphinx, problem: Exception | None) -> None:
    """ledger.json, ledger.csv, and the script behind the pop-ups."""
    if problem or app.builder.format != "html":
        return
    site = app.surge
    static = Path(app.outdir) / "_static"
    static.mkdir(exist_ok=True)
    rows = list(site.receipts.values())
    (static / "ledger.json").write_text(
        json.dumps(site.receipts, ensure_ascii=False, indent=1) + "\n", "utf-8"
    )
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        cells = (row.get(name) for name in COLUMNS)
        writer.writerow("; ".join(map(str, c)) if isinstance(c, list) else c for c in cells)
    (static / "ledger.csv").write_text(text.getvalue(), "utf-8")
    (static / "receipts.js").write_text(cards.script(site.receipts, site), "utf-8")


VERDICTS = tuple(GLYPHS)
