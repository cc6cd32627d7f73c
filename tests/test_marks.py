"""What charts share draws what its name says: ranges, colours, legible words, rows of panels."""

import altair as alt
import pandas as pd
import pytest
import vl_convert

from receiptbook.charts import (
    colour,
    either,
    floors,
    haloed,
    month_ends,
    panel_rows,
    ranged,
    tones,
)
from receiptbook.numbers import published

ROWS = alt.Chart(pd.DataFrame({"row": [0, 1], "name": ["a", "b"]})).encode(y="row:O")


@pytest.mark.parametrize(
    ("form", "per", "columns"),
    [
        ("602 million", 1, {"low": 601.5e6, "users": 602e6, "high": 602.5e6}),
        ("602 million", 1e6, {"low": 601.5, "users": 602.0, "high": 602.5}),
        ("3,000", 1e3, {"low": 2.9995, "users": 3.0, "high": 3.0005}),
    ],
)
def test_a_quantity_becomes_the_columns_low_middle_and_high(form, per, columns):
    row = ranged(published(form, "persons"), "users", per)
    assert list(row) == ["low", "users", "high"]
    assert row == pytest.approx(columns)


@pytest.mark.parametrize(
    ("form", "columns", "said"),
    [
        ("exceeded 700 million", {"low": 700, "users": 700, "high": None}, "more than 700 million"),
        ("突破7亿人", {"low": 700, "users": 700, "high": None}, "more than 700 million"),
        (
            "less than 700 million",
            {"low": None, "users": 700, "high": 700},
            "less than 700 million",
        ),
    ],
)
def test_an_end_that_is_open_is_left_empty_and_the_range_says_so(form, columns, said):
    quantity = published(form, "persons")
    assert ranged(quantity, "users", 1e6) == columns
    assert quantity.range_text == said


def test_a_floor_is_a_bar_with_an_arrow_and_draws_only_rows_without_an_upper_end():
    data = [ranged(published(f, "persons"), "users", 1e6) for f in ("602 million", "突破7亿人")]
    rows = alt.Chart(pd.DataFrame(data)).encode(y="users:Q")
    layer = floors(rows, color="#123456")
    spec = layer.to_dict()
    assert spec["transform"] == [{"filter": "!isValid(datum['high'])"}]
    assert spec["mark"]["color"] == "#123456" and spec["mark"]["filled"] is False
    highs = [row["high"] for row in next(iter(spec["datasets"].values()))]
    assert highs == [602.5, None]
    drawn = vl_convert.vegalite_to_svg((layer + rows.mark_rule()).to_dict())
    assert drawn.count('aria-roledescription="point"') == 1


def test_each_value_has_the_colour_that_the_palette_gives_its_name():
    scale = tones({"fits": "accent", "does not": "doubt"}).to_dict()
    assert scale == {
        "domain": ["fits", "does not"],
        "range": [colour("accent"), colour("doubt")],
    }


def test_a_colour_that_the_palette_does_not_have_is_refused():
    with pytest.raises(KeyError, match="no colour 'red'; there are"):
        tones({"fits": "red"})


def test_rows_that_pass_a_test_have_a_colour_of_their_own():
    encoded = ROWS.mark_point().encode(color=either("datum.row == 1", "accent", "context"))
    colours = encoded.to_dict()["encoding"]["color"]
    assert colours["value"] == colour("context")
    assert colours["condition"] == {"test": "datum.row == 1", "value": colour("accent")}


def test_words_are_drawn_first_broad_in_the_colour_of_the_paper_and_then_plain():
    halo, words = haloed(ROWS, "name:N", width=4, dy=-9).to_dict()["layer"]
    assert halo["mark"] == {**words["mark"], "stroke": colour("paper"), "strokeWidth": 4}
    assert halo["encoding"] == words["encoding"]
    assert words["encoding"]["x"] == {"value": 0}
    assert words["encoding"]["text"]["field"] == "name"


def test_a_row_of_panels_has_its_name_above_it_at_the_left():
    row = panel_rows("name:N", order=["b", "a"], labelFontSize=12).to_dict(context={"data": None})
    assert (row["title"], row["sort"]) == (None, ["b", "a"])
    assert row["header"] == {
        "labelAnchor": "start",
        "labelAngle": 0,
        "labelFontSize": 12,
        "labelOrient": "top",
    }


@pytest.mark.parametrize(
    ("dates", "every", "ticks"),
    [
        (["2024-12-31", "2026-06-30"], 6, ["2024-12-31", "2025-06-30", "2025-12-31", "2026-06-30"]),
        (["2026-03-31", "2025-01-31"], 6, ["2025-06-30", "2025-12-31"]),
        (
            ["2024-02-10", "2024-07-29"],
            1,
            [f"2024-0{n}" for n in ("2-29", "3-31", "4-30", "5-31", "6-30")],
        ),
        (["2015-12-31", "2020-12-31"], 24, ["2015-12-31", "2017-12-31", "2019-12-31"]),
    ],
)
def test_ticks_of_time_stand_at_ends_of_months_within_what_is_shown(dates, every, ticks):
    axis = month_ends(map(pd.Timestamp, dates), every, grid=False).to_dict()
    assert axis["values"] == month_ends(dates, every)["values"] == ticks
    assert (axis["grid"], axis["labelExpr"]) == (False, "['end of', datum.label]")
    assert axis["format"] == ("%Y" if every == 24 else "%b %Y")
