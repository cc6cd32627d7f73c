"""Whatever the next wave says, what these chapters say of 2024 and 2025 stays as it is.

Each wave below is made up: one that rises, one that stands still, one that falls, one that is
printed as a floor; with and without a count of internet users and a population of its year. It is
added to a copy of the tables, and the chapters run on them in this process.
"""

import ast
import shutil
from functools import cache

import pandas as pd
import pytest

from receiptbook.book import Book
from receiptbook.book.execution import called, run_cells
from receiptbook.charts import Card
from receiptbook.receipts import Receipt
from tests.test_data_next_wave import INTERNET, RATE, SOURCE, USERS, insert

pytestmark = pytest.mark.slow  # chapters are run

CHAPTERS = (
    "intro", "headline", "everyday", "speed", "scenarios",
    "who-counts", "world", "infrastructure", "filings", "targets",
)  # fmt: skip
FOLLOW = {"genai-wave-count"}  # what counts the waves, whichever they are
WHEN = {"date": "2026-12-31"}
POPULATION = {
    **WHEN, "id": "population-2026", "series": "population", "printed": "140100万人",
    "measure": "Year-end resident population of mainland China", "symbol": "population",
    "value": "1401000000", "unit": "persons", "group": "all", "area": "whole country",
    "sources": SOURCE["id"], "confidence": "A",
}  # fmt: skip
USED = {**USERS, **WHEN, "id": "genai-users-2026-12"}
SHARE = {**RATE, **WHEN, "id": "genai-rate-2026-12"}
ONLINE = {**INTERNET, **WHEN, "id": "internet-users-2026-12", "printed": "11.34亿",
          "value": "1134000000"}  # fmt: skip
WAVES = {
    "rises": ("7.61亿 / 761 million", "761000000", "54.3%", "54.3"),
    "rises steeply": ("10.02亿", "1002000000", "71.5%", "71.5"),
    "stands still": ("6.02亿 / 602 million", "602000000", "43.0%", "43.0"),
    "falls": ("1.61亿", "161000000", "11.5%", "11.5"),
    "a floor": ("突破9亿人", "900000000", "超过64.0%", "64.0"),
}


@pytest.fixture(params=[(name, known) for name in WAVES for known in (False, True)], ids=str)
def tables(request, tmp_path, monkeypatch):
    """A copy of the tables with a further wave, and whether it is printed as a floor."""
    name, known = request.param
    users, count, rate, share = WAVES[name]
    shutil.copytree(Book.here().data, tmp_path / "data")
    insert(tmp_path / "data/sources.csv", SOURCE)
    waves = tmp_path / "data/genai_waves.csv"
    insert(waves, {**USED, "printed": users, "value": count})
    insert(waves, {**SHARE, "printed": rate, "value": share})
    if known:
        insert(tmp_path / "data/internet.csv", ONLINE)
        insert(tmp_path / "data/population.csv", POPULATION)
    monkeypatch.setenv("RECEIPTBOOK_DATA", str(tmp_path / "data"))
    return name == "a floor"


def shown():
    """What the chapters show: their receipts by id, and their charts."""
    items = []
    for name in CHAPTERS:
        path = Book.here().chapters / f"{name}.ipynb"
        for run in run_cells(path, lambda *values: items.extend(values), _is_no_exercise):
            assert run.error is None, f"{name}, cell {run.cell.id}: {run.error!r}"
    receipts = {one.id: one.to_json() for one in items if isinstance(one, Receipt)}
    return receipts, [one for one in items if isinstance(one, Card)]


def _is_no_exercise(tree: ast.Module) -> bool:
    return bool(tree.body) and not called(tree) & {"what_if", "check", "question"}


@cache
def shown_before():
    return shown()


def test_what_is_said_of_the_past_stays_and_every_chart_holds_its_points(tables, monkeypatch):
    receipts, charts = shown()
    monkeypatch.delenv("RECEIPTBOOK_DATA")
    before, _ = shown_before()
    assert receipts.keys() == before.keys()
    moved = {id for id in before if receipts[id] != before[id]}
    assert moved == (set() if tables else FOLLOW)
    assert [fault for chart in charts for fault in points_outside(chart)] == []


def points_outside(card):
    """Each value of a chart's data that lies beyond the domain of its axis."""
    spec = card.spec
    for layer, name in layers(spec, None):
        for channel in ("x", "y"):
            axis = layer.get("encoding", {}).get(channel, {})
            domain = (axis.get("scale") or {}).get("domain")
            if not domain or axis.get("type") not in ("quantitative", "temporal"):
                continue
            read = pd.Timestamp if axis["type"] == "temporal" else float
            low, high = map(read, domain)
            for row in spec.get("datasets", {}).get(name, ()):
                value = row.get(axis.get("field"))
                if value is not None and not low <= read(value) <= high:
                    yield f"{card.id}, {channel}: {value} outside {domain}"


def layers(part, name):
    """Each unit of a chart with the name of the data that it draws."""
    name = (part.get("data") or {}).get("name", name)
    inner = [*part.get("layer", ()), *part.get("vconcat", ()), *part.get("hconcat", ())]
    inner += [part["spec"]] if "spec" in part else []
    if not inner:
        yield part, name
    for one in inner:
        yield from layers(one, name)
