"""Receipts on the page: the card below a cell, the data behind the pop-up, the notes in print."""

from __future__ import annotations

import json
import math
import re
from html import escape
from typing import Any

from docutils import nodes
from sphinx.errors import SphinxError

from receiptbook.numbers import show, show_range
from receiptbook.receipts import VERDICTS
from receiptbook.site.glyphs import badge
from receiptbook.site.nodes import Markup
from receiptbook.site.sources import publishers
from receiptbook.tables import data

MOST = 12  # inputs listed on the page; ledger.json holds all
WIDTH, PAD = 240, 8  # of the bar, in pixels; as in styles/receipt.css


class ReceiptProblem(SphinxError):
    """A receipt that the page cannot show."""

    category = "Receipt"


def check(receipt: dict[str, Any]) -> None:
    """Raise ReceiptProblem for a verdict that has no shape."""
    if receipt.get("verdict") not in VERDICTS:
        raise ReceiptProblem(
            f"receipt {receipt.get('id')!r}: verdict {receipt.get('verdict')!r} has no shape in "
            f"receiptbook/receipts/verdicts.py; known: {', '.join(VERDICTS)}"
        )


def bar(receipt: dict[str, Any]) -> str:
    """The recomputed range R drawn inside, across or beside the range P that would have passed.

    Silent to readers who hear both ranges in the words beside it.
    """
    ours = receipt.get("lower"), receipt.get("upper")
    theirs = receipt.get("passes_lower"), receipt.get("passes_upper")
    if None in ours or theirs == (None, None):  # nothing to set it beside
        return ""
    ends = [*ours, *(t for t in theirs if t is not None)]
    low, high = min(ends), max(ends)
    if low == high:
        return ""
    scale = (WIDTH - 2 * PAD) / (high - low)

    def at(value: float) -> float:
        return PAD + (value - low) * scale

    left = 0 if theirs[0] is None else at(theirs[0])  # "more than": open to one side
    right = WIDTH if theirs[1] is None else at(theirs[1])
    drawn = f'<path class="p" d="M{left:.4g} 2h{max(1, right - left):.4g}v20H{left:.4g}z"/>'
    left, right = (f"{at(end):.4g}" for end in ours)
    drawn += f'<path class="r" d="M{left} 7v10M{left} 12H{right}M{right} 7v10"/>'
    return f'<svg class="bar" aria-hidden="true">{drawn}</svg>'


def ranges(receipt: dict[str, Any]) -> str:
    """The bar and its two ranges in words."""
    kind = receipt.get("range_kind", "from rounding")
    label = kind[:1].upper() + kind[1:]
    pairs = [(label, receipt.get("range")), ("Would pass", receipt.get("passes"))]
    if not kind or receipt.get("range") == receipt.get("shown"):
        pairs = pairs[1:]
    text = " · ".join(f"{name}: {escape(value)}" for name, value in pairs if value)
    return f'<p class="ranges">{bar(receipt)}<span>{text}</span></p>' if text else ""


def sentence(text: str) -> str:
    """Escaped, with exactly one full stop."""
    return escape(text.rstrip(".")) + "."


def formula(receipt: dict[str, Any]) -> str:
    """Formula, result, range; or the published value alone."""
    shown = f"<b>{escape(told(receipt))}</b>" if receipt.get("shown") else ""
    if not receipt.get("formula"):
        return shown
    return f"<code>{escape(receipt['formula'])}</code> = {shown}"


def facts(receipt: dict[str, Any], site, docname: str, numbers: dict[str, int]) -> str:
    """Everything below the statement. Also what the ledger shows when an entry is opened."""
    parts = []
    if text := formula(receipt):
        parts.append(f'<p class="formula">{text}</p>')
    parts.append(ranges(receipt))
    if receipt.get("formula") and receipt.get("inputs"):
        items = "".join(f"<li>{_input(entry)}</li>" for entry in receipt["inputs"][:MOST])
        if (rest := len(receipt["inputs"]) - MOST) > 0:
            items += f"<li>and {rest} more, in the file below</li>"
        parts.append(f'<p class="label">Inputs</p><ul class="inputs">{items}</ul>')
    if receipt.get("grounds"):
        items = "".join(
            f"<li>{'Found' if g.get('holds') else 'Not so'}: {escape(g['text'])}</li>"
            for g in receipt["grounds"]
        )
        parts.append(f'<p class="label">Grounds</p><ul class="inputs">{items}</ul>')
    if receipt.get("because"):
        links = ", ".join(
            f'<a href="{site.ledger_link(docname)}#{escape(b)}">{escape(b)}</a>'
            for b in receipt["because"]
        )
        parts.append(f"<p>Rests on {links}.</p>")
    for name, lead in (("would_change", "Would change it: "), ("note", "")):
        if receipt.get(name):
            parts.append(f"<p>{lead}{escape(receipt[name])}</p>")
    if text := cite(receipt, site, numbers):
        parts.append(f'<p class="credit">{text}</p>')
    return "\n".join(filter(None, parts))


def _input(entry: dict[str, Any]) -> str:
    text = f"{escape(entry['label'])}: <b>{escape(readable(entry))}</b>"
    return f"{text} ({escape(entry['range'])})" if entry.get("range") else text


def told(receipt: dict[str, Any]) -> str:
    """The number of a receipt; a published one in Chinese alone comes with its value."""
    shown, inputs = receipt.get("shown") or "", receipt.get("inputs") or []
    id = inputs[0].get("id") if len(inputs) == 1 else receipt["id"]
    return readable({"id": id, "printed": shown})


def readable(entry: dict[str, Any]) -> str:
    """What an input was printed as; before a form in Chinese alone stands its value."""
    printed = str(entry["printed"])
    if not re.search(r"[\u4e00-\u9fff]", printed) or re.search(r"[A-Za-z]{2}", printed):
        return printed
    tables = data.load()
    if entry.get("id") not in tables:
        return printed
    figure = tables[entry["id"]]
    if math.inf in (abs(figure.interval.lower), abs(figure.interval.upper)):
        value = show_range(figure.interval, figure.unit)
    else:
        value = show(figure.value, figure.unit, max(0, figure.decimals - 1))
    return f"{value} (printed {printed})"


def cite(receipt: dict[str, Any], site, numbers: dict[str, int] | None = None) -> str:
    """Sources of a receipt: by publisher, or by their `numbers` in the list at the page's end.

    An unknown source stops the build.
    """
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
    if numbers is None:
        return f"{word}: {publishers(site.sources[s] for s in ids)}."
    places = ", ".join(str(numbers[s]) for s in ids)
    return f'<a href="#sources">{word}</a>: {places}.'


def visit_receipt(translator, node) -> None:
    """A quiet card: verdict, statement, formula and range; the rest behind a disclosure."""
    receipt, site = node["receipt"], translator.builder.app.receiptbook
    check(receipt)
    link = f"{site.ledger_link(translator.builder.current_docname)}#{receipt['id']}"
    number = told(receipt)
    head = f"<code>{escape(receipt['formula'])}</code>" if receipt.get("formula") else ""
    parts = [
        f'<div class="receipt v-{receipt["verdict"]}">',
        f'<p class="top">{badge(receipt["verdict"])} '
        f'<a class="more" href="{link}">{escape(receipt["id"])}</a></p>',
        f'<p class="statement">{sentence(receipt["statement"])}</p>',
    ]
    if head or number:
        parts.append(
            f'<p class="formula">{head}{" = " if head and number else ""}'
            f"<b>{escape(number)}</b></p>"
        )
    parts.append(ranges(receipt))
    for ground in receipt.get("grounds") or []:
        holds = "Found" if ground.get("holds") else "Not so"
        parts.append(f'<p class="ground"><b>{holds}:</b> {escape(ground["text"])}</p>')
    if receipt.get("note"):
        parts.append(f'<p class="ground">{escape(receipt["note"])}</p>')
    if text := cite(receipt, site):
        parts.append(f'<p class="credit">{text}</p>')
    translator.body.append("\n".join(filter(None, parts)) + "</div>\n")
    raise nodes.SkipNode


def linked(doctree: nodes.document, site) -> list[str]:
    """Receipts that the page's numbers point at, in reading order, each once."""
    ledger = site.config.ledger.rsplit("/", 1)[-1] + ".html#"
    seen: list[str] = []
    for link in doctree.findall(nodes.reference):
        target = link.get("refuri", "")
        if ledger not in target:
            continue
        id = target.split("#", 1)[1]
        if id not in seen and id in site.receipts:
            seen.append(id)
    return seen


def number_links(body: str, ids: list[str]) -> str:
    """A page's markup with the number of its note at each link, for paper.

    >>> number_links('<a href="ledger.html#a">1</a>', ["a"])
    '<a data-n="1" href="ledger.html#a">1</a>'
    """
    places = {id: n for n, id in enumerate(ids, 1)}

    def numbered(match: re.Match) -> str:
        n = places.get(match[2])
        return match[0] if n is None else f'<a data-n="{n}"{match[1]}'

    return re.sub(r'<a(?![^>]*class="(?:more|go))([^>]*?ledger\.html#([^"]+)")', numbered, body)


def endnotes(app, doctree: nodes.document, docname: str) -> None:
    """For paper: one note for each receipt a page rests on."""
    site = app.receiptbook
    if not site.config.endnotes or docname == site.config.ledger:
        return
    doctree["notes"] = linked(doctree, site)  # number_links needs them once the page is written
    notes = "".join(f"<li>{_note(site.receipts[id], site)}</li>" for id in doctree["notes"])
    if notes:
        html = f'<section class="endnotes"><h2>Receipts</h2><ol>{notes}</ol></section>'
        doctree += Markup("", html=html)


def _note(receipt: dict[str, Any], site) -> str:
    text = f"{sentence(receipt['statement'])} <i>{receipt['verdict'].capitalize()}.</i>"
    if receipt.get("formula"):
        text += f" {escape(receipt['formula'])} = {escape(receipt.get('shown') or '')}"
        if receipt.get("range") and receipt.get("range_kind", "from rounding"):
            text += f" ({escape(receipt['range'])})"
        text += "."
    elif receipt.get("shown"):
        text += f" {escape(told(receipt))}."
    if receipt.get("verdict") == "stated" and (credit := cite(receipt, site)):
        text += f" {credit}"
    return text


SHOWN = ("verdict", "statement", "sources", "shown", "range", "lower", "upper", "formula",
         "range_kind", "passes", "passes_lower", "passes_upper", "would_change")  # fmt: skip
CARD = (*SHOWN[:8], "inputs", "grounds", *SHOWN[8:])  # the usual first, so that rows end early


def script(receipts: dict[str, dict], site) -> str:
    """What cards show of all receipts, with publishers and shapes, for receipts.js."""
    used = sorted({s for r in receipts.values() for s in r.get("sources") or []})
    place = {s: n for n, s in enumerate(used)}
    names = [site.sources[s].publisher if s in site.sources else s for s in used]
    inputs: dict[tuple[str, str], int] = {}  # most stand in several receipts
    slim = {id: _slim(receipt, place, inputs) for id, receipt in receipts.items()}
    rows = {id: [receipt.get(column) for column in CARD] for id, receipt in slim.items()}
    for row in rows.values():
        while row[-1] is None:
            row.pop()
    shapes = {verdict: row.shape for verdict, row in VERDICTS.items()}
    parts = (json.dumps(p, ensure_ascii=False, separators=(",", ":"))
             for p in (CARD, rows, names, list(inputs), shapes))  # fmt: skip
    return f"ReceiptBook.receipts({','.join(parts)});\n"


def _slim(
    receipt: dict[str, Any], place: dict[str, int], inputs: dict[tuple[str, str], int]
) -> dict[str, Any]:
    kept = {name: receipt[name] for name in SHOWN if receipt.get(name) not in (None, "", [])}
    if receipt.get("range_kind") == "":
        kept.pop("range", None)
    if "shown" in kept:
        kept["shown"] = told(receipt)
    if receipt.get("sources"):
        kept["sources"] = [place[s] for s in receipt["sources"]]
    if receipt.get("formula"):
        kept["inputs"] = [
            inputs.setdefault((i["label"], readable(i)), len(inputs))
            for i in (receipt.get("inputs") or [])[:MOST]
        ]
    if receipt.get("grounds"):
        kept["grounds"] = [{k: g.get(k) for k in ("text", "holds")} for g in receipt["grounds"]]
    return kept
