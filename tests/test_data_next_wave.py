"""The next wave of the survey, whatever it says: every chapter takes it, and the past stays as it was.

The waves are made up, half a year after the latest in the tables, so that the test outlives the next
real one. A failure names chapter, cell and cause.
"""

from functools import lru_cache

import pytest
import waves
from domains import outside

from receiptbook.book import Book
from receiptbook.tables import DataError, load

pytestmark = [pytest.mark.slow, pytest.mark.long]  # every chapter is run, once for each wave

CHAPTERS = {path.stem: path for path in Book.here().notebooks()}
NAMES = {
    f"{kind}{', with a new year-end' if more else ''}": (kind, more) for kind, more in waves.CASES
}


@lru_cache(maxsize=1)
def with_wave(name):
    """The tables after a made-up wave, and the ids of its figures."""
    return waves.with_wave(load(), *NAMES[name])


@lru_cache(maxsize=len(CHAPTERS))
def as_it_is(chapter):
    """What a chapter shows over the tables as they stand."""
    return waves.run(CHAPTERS[chapter], load())


@pytest.mark.parametrize("chapter", CHAPTERS)
@pytest.mark.parametrize("name", NAMES)
def test_a_chapter_takes_a_wave_and_keeps_the_past(name, chapter):
    tables, new = with_wave(name)
    before, after = as_it_is(chapter), waves.run(CHAPTERS[chapter], tables)
    assert after.stops == [], "a cell stops; later ones may only follow the first"
    assert after.off_the_axes == [], "a mark lies beyond an end that is typed"
    assert waves.moved_past(before.receipts, after.receipts, new) == []
    assert before.receipts.keys() <= after.receipts.keys()
    assert before.charts.keys() <= after.charts.keys()


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_runner_shows_what_is_stored_and_a_chapter_leaves_no_file_behind(chapter):
    shown = as_it_is(chapter)
    assert shown.stops == []
    assert shown.off_the_axes == []
    assert shown.left == []


@pytest.mark.parametrize("name", NAMES)
def test_a_made_up_wave_is_the_latest_of_each_of_its_series(name):
    tables, new = with_wave(name)
    assert {tables.series(s).latest.id for s in ("genai-users", "genai-rate")} <= new
    assert tables.series("genai-users").latest.interval.bounded == (NAMES[name][0] != "floor")
    assert waves.report(load(), *NAMES[name]).date == tables.series("genai-rate").latest.date


# --- the instruments -----------------------------------------------------------------------


def receipt(id, statement, inputs=(), value=1.0):
    return {
        "id": id,
        "statement": statement,
        "inputs": [{"id": one} for one in inputs],
        "value": value,
    }


@pytest.mark.parametrize(
    ("one", "past"),
    [
        (receipt("growth-2025", "Growth"), True),
        (receipt("growth", "Growth over 2025"), True),
        (receipt("pace", "Pace from 2025 to 2027"), False),
        (receipt("gain", "Largest gain", ["rate-2024-12", "rate-2025-12"]), True),
        (receipt("gain", "Largest gain", ["rate-2025-12", "rate-2026-06"]), False),
        (receipt("waves", "Number of waves"), False),
    ],
)
def test_what_a_receipt_is_about_is_told_by_its_dates(one, past):
    assert waves.is_about_the_past(one) == past


@pytest.mark.parametrize(
    ("statement", "inputs", "named"),
    [
        ("Growth over 2025", ["users-2026-12"], True),  # it names its year
        ("Latest share", ["users-2026-12"], False),  # it follows, and says from what
        ("Latest share", ["users-2025-12"], True),  # it moves, and does not say from what
    ],
)
def test_a_receipt_about_the_past_that_moves_is_named(statement, inputs, named):
    before = {"one": receipt("one", statement, ["users-2025-12"])}
    after = {"one": receipt("one", statement, inputs, value=2.0)}
    assert bool(waves.moved_past(before, after, {"users-2026-12"})) == named


POINT = {"mark": "point", "data": {"name": "d"}}
X = {"field": "rate", "type": "quantitative"}


def chart(*layers, rows=({"rate": 42.8, "day": "2026-12-31", "who": "new"},), **more):
    return {"layer": list(layers), "datasets": {"d": list(rows)}, **more}


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        (chart({**POINT, "encoding": {"x": {**X, "scale": {"domain": [0, 40]}}}}),
         "x: rate is 42.8, the axis runs from 0 to 40"),
        (chart({**POINT, "encoding": {"x": {**X, "scale": {"domain": [0, 50]}}}}), None),
        # a layer beside it owns the scale that both share
        (chart({"mark": "rule", "encoding": {"x": {"datum": 1, "scale": {"domain": [0, 40]}}}},
               {**POINT, "encoding": {"x": X}}), "x: rate is 42.8, the axis runs from 0 to 40"),
        (chart({"mark": "rule", "encoding": {"x": {"datum": 1, "scale": {"domain": [0, 40]}}}},
               {**POINT, "encoding": {"x": X}}, resolve={"scale": {"x": "independent"}}), None),
        (chart({**POINT, "encoding": {"x": {"datum": 9, "scale": {"domain": [0, 8]}}}}),
         "x: a mark is 9, the axis runs from 0 to 8"),
        (chart({**POINT, "encoding": {"x": {"field": "day", "type": "temporal",
                                            "scale": {"domain": ["2024-05-01", "2026-09-30"]}}}}),
         "x: day is 2026-12-31, the axis runs from 2024-05-01 to 2026-09-30"),
        (chart({**POINT, "encoding": {"color": {"field": "who", "type": "nominal",
                                                "scale": {"domain": ["old"]}}}}),
         "color: who is new, the scale knows old"),
        (chart({**POINT, "encoding": {"x2": {"field": "rate"}, "x": {"datum": 0, "type": "quantitative",
                                                                     "scale": {"domain": [0, 40]}}}}),
         "x2: rate is 42.8, the axis runs from 0 to 40"),
        # cut on purpose, and worked out in the browser
        (chart({**POINT, "mark": {"type": "line", "clip": True},
                "encoding": {"x": {**X, "scale": {"domain": [0, 40]}}}}), None),
        (chart({**POINT, "transform": [{"calculate": "1", "as": "rate"}],
                "encoding": {"x": {**X, "scale": {"domain": [0, 40]}}}}), None),
        ({"facet": {"row": {"field": "who"}}, "data": {"values": [{"rate": 42.8}]},
          "spec": {"layer": [{"mark": "point", "encoding": {"x": {**X, "scale": {"domain": [0, 9]}}}}]}},
         "x: rate is 42.8, the axis runs from 0 to 9"),
        ({"hconcat": [{**POINT, "encoding": {"x": {**X, "scale": {"domain": [0, 9]}}}}],
          "datasets": {"d": [{"rate": 42.8}]}}, "x: rate is 42.8, the axis runs from 0 to 9"),
    ],
)  # fmt: skip
def test_a_mark_beyond_a_typed_end_is_found(spec, told):
    assert outside(spec) == ([told] if told else [])


def test_a_report_that_contradicts_the_series_is_refused():
    late = waves.report(load(), "up", False)
    early = waves.Report("2025-12-31", late.printed, late.source)
    with pytest.raises(DataError, match="a day after 2026-06-30, the last of the series"):
        early.rows(load())
