"""Receipts on the page: the card below a cell, the data behind the pop-up, the notes in print."""

from __future__ import annotations

import json
import re
from html import escape
from typing import Any

from docutils import nodes
from sphinx.errors import SphinxError

from surge.site.glyphs import GLYPHS, badge
from surge.site.nodes import Markup

NUMBERS = re.compile(r"[−-]?\d[\d,]*(?:\.\d+)?")


class ReceiptProblem(SphinxError):
    """A receipt that the page cannot show."""

    category = "Receipt"


def bounds(text: str | None) -> tuple[float, float] | None:
    """The two ends of a printed range, in the unit it is printed in.

    >>> bounds("141.1% to 142.4%"), bounds("more than 254,000")
    ((141.1, 142.4), None)
    """
    ends = [float(n.replace(",", "").replace("−", "-")) for n in NUMBERS.findall(text or "")]
    return (min(ends), max(ends)) if len(ends) == 2 else None


def bar(receipt: dict[str, Any]) -> str:
    """The recomputed range drawn inside, across or beside the range that would have passed."""
    ours, theirs = bounds(receipt.get("range")), bounds(receipt.get("passes"))
    if not ours:
        return ""
    ends = [*ours, *(theirs or ())]
    low, high = min(ends), max(ends)
    if low == high:
        return ""
    width, pad = 240, 8
    scale = (width - 2 * pad) / (high - low)

    def at(value: float) -> float:
        return round(pad + (value - low) * scale, 1)

    drawn = ""
    label = f"Recomputed {receipt['range']}"
    if theirs:
        left, right = at(theirs[0]), at(theirs[1])
        drawn += f'<rect class="p" x="{left}" y="2" width="{round(right - left, 1)}" height="20"/>'
        label += f"; the printed figure means {receipt['passes']}"
    left, right = at(ours[0]), at(ours[1])
    drawn += f'<path class="r" d="M{left} 7v10M{left} 12H{right}M{right} 7v10"/>'
    return (
        f'<svg class="bar" viewBox="0 0 {width} 24" width="{width}" height="24" role="img" '
        f'aria-label="{escape(label, quote=True)}">{drawn}</svg>'
    )


def formula(receipt: dict[str, Any]) -> str:
    """Formula, result, range; or the published value alone."""
    shown = f"<b>{escape(receipt.get('shown') or '')}</b>" if receipt.get("shown") else ""
    if not receipt.get("formula"):
        return shown
    return f"<code>{escape(receipt['formula'])}</code> = {shown}"


def facts(receipt: dict[str, Any], site, up: str) -> str:
    """Everything below the statement. Also what the ledger shows when an entry is opened."""
    parts = []
    if text := formula(receipt):
        parts.append(f'<p class="formula">{text}</p>')
    ranges = [("Recomputed", receipt.get("range")), ("Printed figure means", receipt.get("passes"))]
    if text := "; ".join(f"{k} {escape(v)}" for k, v in ranges if v):
        parts.append(f'<p class="ranges">{bar(receipt)}{text}</p>')
    if receipt.get("inputs"):
        items = "".join(
            f"<li>{_input(entry)}</li>" for entry in receipt["inputs"]
        )
        parts.append(f'<p class="label">Inputs</p><ul class="inputs">{items}</ul>')
    if receipt.get("grounds"):
        items = "".join(
            f"<li>{'Holds' if g.get('holds') else 'Does not hold'}: {escape(g['text'])}</li>"
            for g in receipt["grounds"]
        )
        parts.append(f'<p class="label">Grounds</p><ul class="inputs">{items}</ul>')
    if receipt.get("because"):
        links = ", ".join(
            f'<a href="{site.ledger_link(up)}#{escape(b)}">{escape(b)}</a>'
            for b in receipt["because"]
        )
        parts.append(f"<p>Rests on {links}.</p>")
    for name, lead in (("would_change", "Would change it: "), ("note", "")):
        if receipt.get(name):
            parts.append(f"<p>{lead}{escape(receipt[name])}</p>")
    if text := cite(receipt, site):
        parts.append(f'<p class="credit">{text}</p>')
    return "\n".join(parts)


def _input(entry: dict[str, Any]) -> str:
    text = f"{escape(entry['label'])}: <b>{escape(str(entry['printed']))}</b>"
    return f"{text} ({escape(entry['range'])})" if entry.get("range") else text


def cite(receipt: dict[str, Any], site) -> str:
    """Sources of a receipt; an unknown one stops the build."""
    ids = receipt.get("sources") or []
    missing = [s for s in ids if s not in site.sources]
    if missing:
        raise ReceiptProblem(
            f"receipt {receipt['id']!r} names sources {missing} that are not in "
            f"{site.config.data}/sources.csv"
        )
    if not ids:
        return ""
    word = "Source" if len(ids) == 1 else "Sources"
    return f"{word}: " + "; ".join(site.sources[s].html() for s in ids) + "."


def visit_receipt(translator, node) -> None:
    """A quiet card: verdict, statement, formula and range; the rest behind a disclosure."""
    receipt, site = node["receipt"], translator.builder.app.surge
    if receipt.get("verdict") not in GLYPHS:
        raise ReceiptProblem(
            f"receipt {receipt.get('id')!r}: verdict {receipt.get('verdict')!r} has no shape in "
            f"glyphs.py; known: {', '.join(GLYPHS)}"
        )
    up = "../" * translator.builder.current_docname.count("/")
    link = f"{site.ledger_link(up)}#{receipt['id']}"
    number = receipt.get("shown") or ""
    head = f"<code>{escape(receipt['formula'])}</code>" if receipt.get("formula") else ""
    parts = [
        f'<aside class="receipt v-{receipt["verdict"]}" aria-label="Receipt {receipt["id"]}">',
        f'<p class="top">{badge(receipt["verdict"])} '
        f'<a class="more" href="{link}">{escape(receipt["id"])}</a></p>',
        f'<p class="statement">{escape(receipt["statement"])}</p>',
    ]
    if head or number:
        parts.append(
            f'<p class="formula">{head}{" = " if head and number else ""}'
            f"<b>{escape(number)}</b></p>"
        )
    spans = [("Recomputed", receipt.get("range")), ("Printed figure means", receipt.get("passes"))]
    if text := " · ".join(f"{k} {escape(v)}" for k, v in spans if v):
        parts.append(f'<p class="ranges">{bar(receipt)}<span>{text}</span></p>')
    if text := cite(receipt, site):
        parts.append(f'<p class="credit">{text}</p>')
    translator.body.append("\n".join(parts) + "</aside>\n")
    raise nodes.SkipNode


def linked(doctree: nodes.document, site) -> list[str]:
    """Receipts that the page's numbers point at, in reading order, each once; marks the links."""
    ledger = site.config.ledger.rsplit("/", 1)[-1] + ".html#"
    seen: list[str] = []
    for link in doctree.findall(nodes.reference):
        target = link.get("refuri", "")
        if ledger not in target:
            continue
        id = target.split("#", 1)[1]
        if id not in seen:
            seen.append(id)
    return seen


def endnotes(app, doctree: nodes.document, docname: str) -> None:
    """For paper: one note for each receipt a page rests on."""
    site = app.surge
    if not site.config.endnotes or docname == site.config.ledger:
        return
    notes = "".join(
        f"<li>{_note(site.receipts[id])}</li>"
        for id in linked(doctree, site)
        if id in site.receipts
    )
    if notes:
        html = f'<section class="endnotes"><h2>Receipts</h2><ol>{notes}</ol></section>'
        doctree += Markup("", html=html)


def _note(receipt: dict[str, Any]) -> str:
    text = f"{escape(receipt['statement'])} <i>{receipt['verdict'].capitalize()}.</i>"
    if receipt.get("formula"):
        text += f" {escape(receipt['formula'])} = {escape(receipt.get('shown') or '')}"
        if receipt.get("range"):
            text += f" ({escape(receipt['range'])})"
        text += "."
    return text


def script(receipts: dict[str, dict], site) -> str:
    """All receipts and their sources as one classic script, loaded at the first touch."""
    used = sorted({s for r in receipts.values() for s in r.get("sources") or []})
    sources = {s: site.sources[s].html() for s in used if s in site.sources}
    shapes = {k: v[0] for k, v in GLYPHS.items()}
    parts = (json.dumps(p, ensure_ascii=False, separators=(",", ":"))
             for p in (receipts, sources, shapes))  # fmt: skip
    return f"Surge.receipts({','.join(parts)});\n"
