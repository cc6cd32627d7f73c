"""The live ledger: what a page needs to work receipts out anew when a reader changes a printed figure.

The script is three files of scripts/live in one: exact ranges, the reader of printed forms, and what the
page does. Its data are the expressions that the chapters' receipts store, and the figures they rest on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from receiptbook.dates import month_name
from receiptbook.numbers import UNITS, Unit, published, unit
from receiptbook.numbers.reading import grammar
from receiptbook.numbers.units import aliases
from receiptbook.receipts.anew import behind_a_model
from receiptbook.receipts.claims import Claim, claims
from receiptbook.receipts.findings import COMPARISONS, stored_quantity
from receiptbook.receipts.trees import figures_of, told
from receiptbook.site.builder import ledger_address
from receiptbook.site.nodes import Markup
from receiptbook.site.templates import render
from receiptbook.tables import Data
from receiptbook.tables.expression import PLAIN_NUMBER, tokens
from receiptbook.tables.relations import is_comparison, parts, sides

MOST = 10  # figures in the table that stands without scripts
PARTS = ("ranges", "read", "answers", "page")


def facts(
    stored: Mapping[str, Mapping[str, Any]], tables: Data, ledger: str = "ledger"
) -> dict[str, Any]:
    """What the script is told: receipts, verdicts and comparisons as expressions, figures, units.

    stored : the receipts of the chapters by id, with the file that each stands in
    ledger : the page of the ledger
    """
    known = claims(tables)
    told = {
        "receipts": {
            id: [one["tree"], one["unit"], *targets(one, known.get(id))]
            for id, one in stored.items()
            if one.get("tree")
        },
        "rulings": {
            id: [one["verdict"], [g["test"] for g in one["grounds"] if "test" in g], one["because"]]
            for id, one in stored.items()
            if one["kind"] == "worded"
        },
        "guards": _guards(stored, tables),
    }
    models = {
        id: sorted(behind)
        for id, one in stored.items()
        if (behind := {figure for figure in behind_a_model(one) if figure in tables})
    }
    texts = {text for _, some in _rests(told) for text in some}
    used = {id for text in texts for some in figures_of(text) for id in some}
    used.update(*models.values())
    figures = {id: _figure(id, tables) for id in tables.ids if id in used}
    place = {id: n for n, id in enumerate(figures)}
    given = {one[1] for one in (*told["receipts"].values(), *figures.values())}
    units = {*UNITS, *given, *(name for text in texts for name in _units_of(text))}
    return {
        "figures": figures,
        **told,
        "models": {id: [place[figure] for figure in behind] for id, behind in models.items()},
        "where": [_page(stored[id]) for id in told["receipts"] | told["rulings"] | models],
        "ledger": ledger,
        "limits": {id: limit for id in figures if (limit := tables.limit_of(id))},
        "units": {name: _unit(unit(name)) for name in sorted(units)},
        "aliases": aliases(),
        "grammar": grammar(),
    }


def _guards(stored: Mapping[str, Mapping], tables: Data) -> dict[str, list[str]]:
    """Of each comparison in words the tests that a change of a figure can decide."""
    guards = {
        id: [_guard(guard, stored, tables) for guard in row["guard"].split("; ")]
        for id, row in tables.entries(COMPARISONS).items()
    }
    moving = {id: [*filter(_moves, tests)] for id, tests in guards.items()}
    return {id: tests for id, tests in moving.items() if tests}


def _rests(told: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Each receipt, ruling and comparison by its kind, with the expressions that it rests on."""
    for tree, _, *more in told["receipts"].values():
        yield "receipts", [tree, *more]
    for _, tests, _ in told["rulings"].values():
        yield "rulings", [side for test in tests for side in sides(test)]
    for tests in told["guards"].values():
        yield "guards", [side for test in tests for side in sides(test)]


def _units_of(text: str) -> list[str]:
    """The units that an expression names, each behind a printed form in quotes.

    >>> _units_of("'80%' percent * users")
    ['percent']
    """
    return [quoted[1] for token in tokens(text) if (quoted := re.fullmatch(r"'.+' (.+)", token))]


def _page(one: Mapping[str, Any]) -> str:
    """The name of the page that a receipt stands on."""
    return (one.get("where") or "").rpartition(".")[0]


def targets(one: Mapping[str, Any], claim: Claim | None) -> list[str]:
    """The expressions that a receipt is judged by."""
    if one.get("against"):
        return [one["against"]]
    return [told(published(form, claim.unit)) for form in claim.published] if claim else []


def _figure(id: str, tables: Data) -> list[str]:
    row, figure = tables.row(id), tables[id]
    label = row.get("measure") or row.get("label") or id
    label += f", {month_name(figure.date)}" if figure.date else ""
    if row.get("derivation"):
        value, interval = figure.own
        ends = "~".join(map(str, (value, interval.lower, interval.upper)))
        return ["", figure.unit.name, ends, label]
    assumed = [] if figure.sources else ["assumed"]
    return [row["printed"], figure.unit.name, row.get("precision") or "", label, *assumed]


def _unit(one: Unit) -> list:
    things = "|".join(f"{noun}^{power}" for noun, power in one.things)
    return [one.kind, str(one.scale), int(one.counts_whole_things), things]


def _moves(test: str) -> bool:
    """Whether a change of a figure can decide a test: it names a figure, or a receipt.

    >>> _moves("users above {5|persons|}"), _moves("{1|times|} meets {2|times|}"), _moves("")
    (True, False, False)
    """
    return any(figures_of(side)[0] or "@" in side for side in sides(test))


def _guard(guard: str, stored: Mapping[str, Mapping], tables: Data) -> str:
    """A guard as the script reads it; empty for one that says what is in the package."""
    if not is_comparison(guard):
        return ""
    first, relation, second = parts(guard)

    def operand(token: str) -> str:
        if token in tables or PLAIN_NUMBER.fullmatch(token) or token in "()+-*/**":
            return token
        if form := tables.form_in(guard, token):
            return told(form)
        one = stored[token]
        return f"@{token}" if one.get("tree") else told(stored_quantity(one, token))

    left, right = (" ".join(map(operand, tokens(side))) for side in (first, second))
    return f"{left} {relation} {right}"


def compact(told: Mapping[str, Any], titled: Iterable[str] = ()) -> str:
    """The facts as the script carries them.

    titled : figures whose labels the page holds already, as statements of receipts
    """
    figures = dict(told["figures"])
    for id in figures.keys() & set(titled):
        printed, unit, precision, _, *assumed = figures[id]
        figures[id] = [printed, unit, precision, "", *assumed]
    return json.dumps({**told, "figures": figures}, ensure_ascii=False, separators=(",", ":"))


def page(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """On the page where figures are changed: the figures that most rests on, and room for the rest.

    It stands at the end of the page's first section; without scripts the table is all there is.
    """
    told = getattr(app.env, "receiptbook_live", None)
    if told is None or docname != app.env.receiptbook_settings.what_if:
        return
    title = doctree.next_node(nodes.section)
    section = next((child for child in title if isinstance(child, nodes.section)), title)
    html = render(
        "what_if.html",
        rows=weights(told)[:MOST],
        ledger=ledger_address(app, docname),
        known=app.env.receiptbook_receipts,
    )
    section += Markup("", html=html)


def weights(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What rests on each figure, most first: id, label, printed form and three counts.

    Numbers, verdicts in words with comparisons, and what rests on it by way of a model.

    told : the facts
    """
    figures = list(told["figures"])
    counted = {id: [0, 0, 0] for id in figures}
    for kind, texts in _rests(told):
        column = 0 if kind == "receipts" else 1
        for id in {id for text in texts for id in figures_of(text)[0] if id in counted}:
            counted[id][column] += 1
    for behind in told["models"].values():
        for n in behind:
            counted[figures[n]][2] += 1
    order = sorted(figures, key=lambda id: (-sum(counted[id][:2]), -counted[id][2], id))
    return [
        {"id": id, "label": told["figures"][id][3], "printed": told["figures"][id][0],
         "counts": counted[id]}
        for id in order
    ]  # fmt: skip
