"""Made-up waves of the survey, half a year after the latest one in the tables, and the book run on them.

A wave rises, stands still, falls, or is printed as a floor; each comes alone, or with a count of
internet users and a new total of the population. Nothing is written: the rows stand in a copy of the
tables that is put in place, and the chapters are run in this process.
"""

from __future__ import annotations

import contextlib
import re
import tempfile
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from domains import outside
from IPython.core.formatters import DisplayFormatter

from receiptbook.book.execution import called, run_cells
from receiptbook.book.notebooks import read_notebook
from receiptbook.book.outputs import CHART, card_in, receipts_in
from receiptbook.tables import Data, in_place
from receiptbook.tables.adding import checked
from surge.wave import Report

#: How many users a made-up wave has for each of the latest one, and how the number is worded.
KINDS = {
    "up": (Fraction("1.08"), "{}"),
    "leap": (Fraction("1.4"), "{}"),
    "flat": (Fraction(1), "{}"),
    "down": (Fraction("0.95"), "{}"),
    "slump": (Fraction("0.25"), "{}"),
    "floor": (Fraction("1.05"), "超过{}"),
}
CASES = [(kind, more) for kind in KINDS for more in (False, True)]
CASES.remove(("leap", False))  # the far ends once each: they try the axes
CASES.remove(("slump", True))
SOURCE = {
    "publisher": "CNNIC", "title": "A made-up report", "kind": "primary", "language": "zh",
    "note": "Made up.",
}  # fmt: skip
_NESTED = {"what_if"}  # runs other chapters itself


def next_half(day: str) -> str:
    """The end of the half-year after a day.

    >>> next_half("2026-06-30"), next_half("2026-12-31")
    ('2026-12-31', '2027-06-30')
    """
    year, month = int(day[:4]), int(day[5:7])
    return f"{year}-12-31" if month < 12 else f"{year + 1}-06-30"


def report(tables: Data, kind: str, more: bool) -> Report:
    """A made-up report half a year after the latest wave."""
    times, wording = KINDS[kind]
    users, online = tables.series("genai-users").latest, tables.series("internet-users").latest
    population = tables.series("population").latest
    day = next_half(users.date)
    count = users.value * times
    total = population.value * Fraction("0.998")
    printed = {
        "users": wording.format(f"{float(count / 10**8):.2f}亿"),
        "rate": wording.format(
            f"{float(100 * count / (total if more else population.value)):.1f}%"
        ),
    }
    if more:
        printed["internet"] = f"{float(online.value * Fraction('1.005') / 10**8):.2f}亿"
        printed["population"] = f"{int(total / 10**4)}万人"
    told = date.fromisoformat(day) + timedelta(days=35)
    return Report(
        day, printed, {**SOURCE, "date": told.isoformat()}, source_id="made-up", sure=True
    )


def with_wave(tables: Data, kind: str, more: bool) -> tuple[Data, set[str]]:
    """A copy of the tables that holds a made-up wave, and the ids of its figures.

    A new year-end comes with the wave, also where the tables hold a later day than it.
    """
    made = report(tables, kind, more)
    if more and made.date[:4] <= tables.series("population").latest.date[:4]:
        made = Report(made.date, {k: v for k, v in made.printed.items() if k != "population"},
                      made.source, source_id="made-up", sure=True)  # fmt: skip
    rows = made.rows(tables)
    new = {row["id"] for table, some in rows.items() if table != "sources" for row in some}
    return checked(tables.root, tables, rows), new


@dataclass
class Shown:
    """What a chapter shows over some tables: stops, receipts by id, charts by id; files it left."""

    stops: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    receipts: dict[str, dict] = field(default_factory=dict)
    charts: dict[str, dict] = field(default_factory=dict)

    @property
    def off_the_axes(self) -> list[str]:
        return [f"chart {id}: {line}" for id, spec in self.charts.items() for line in outside(spec)]


def run(path: Path, tables: Data) -> Shown:
    """Run a chapter over some tables, in an empty folder; each stop names chapter, cell and cause."""
    found, formatter = Shown(), DisplayFormatter()
    formatter.ipython_display_formatter.enabled = False  # a chart gives its bundle
    numbers = {cell.id: number for number, cell in enumerate(read_notebook(path).cells, 1)}
    bundles = []

    def keep(*values) -> None:
        bundles.extend(formatter.format(value)[0] for value in values if value is not None)

    with (
        in_place(tables),
        warnings.catch_warnings(),
        tempfile.TemporaryDirectory() as folder,
        contextlib.chdir(folder),
    ):
        warnings.simplefilter("ignore")
        cells = run_cells(path, keep, lambda tree: not called(tree) & _NESTED, widgets=True)
        for done in cells:
            if done.error:
                first = (done.cell.source.splitlines() or [""])[0]
                what = (str(done.error).splitlines() or ["no message"])[0][:160]
                found.stops.append(f"{path.name}, cell {numbers[done.cell.id]} ({first}): "
                                   f"{type(done.error).__name__}: {what}")  # fmt: skip
        found.left = sorted(file.name for file in Path(folder).iterdir())
    for bundle in bundles:
        found.receipts |= {one["id"]: one for one in receipts_in(bundle)}
        if card := card_in(bundle):
            found.charts[card["id"]] = bundle[CHART]
    return found


_YEARS = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def is_about_the_past(one: Mapping, last: str = "2025") -> bool:
    """Whether a receipt speaks of days up to a year: by its id and statement, else by its inputs.

    >>> is_about_the_past({"id": "growth-2025", "statement": "Growth over 2025", "inputs": []})
    True
    >>> is_about_the_past({"id": "pace", "statement": "Pace to 2027", "inputs": []})
    False
    """
    years = _YEARS.findall(f"{one['id']} {one['statement']}")
    if not years:
        years = _YEARS.findall(" ".join(leaf["id"] for leaf in one["inputs"]))
    return bool(years) and max(years) <= last


def moved_past(
    before: Mapping[str, dict], after: Mapping[str, dict], new: Iterable[str]
) -> list[str]:
    """Receipts about the past that are not what they were; each with the first thing that moved.

    One that names no year may begin to rest on the new figures: it is about the latest wave.
    """
    new, found = set(new), []
    for id, was in before.items():
        now = after.get(id)
        if now is None or now == was or not is_about_the_past(was):
            continue
        dated = bool(_YEARS.search(f"{id} {was['statement']}"))
        if not dated and new & {leaf["id"] for leaf in now["inputs"]}:
            continue
        key = next(key for key in was if was[key] != now.get(key))
        found.append(f"receipt {id}: {key} was {was[key]!r}, is {now.get(key)!r}"[:300])
    return found
