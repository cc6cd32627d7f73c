"""Adoption paths: crossing dates, years between levels and best gains, with their range from rounding."""

from fractions import Fraction

import pytest

from receiptbook.dates import decimal_year, month_at
from receiptbook.numbers import published
from surge.paths import (
    ABOVE,
    REACHED,
    SHORT,
    PathError,
    aligned,
    best_gain,
    climb,
    crossing,
    share_of,
)


def path(**waves):
    """A path from keyword arguments such as y2010="10%"; every wave is at the end of its year."""
    return {
        f"{name[1:]}-12-31": published(printed, "percent", id=name, date=f"{name[1:]}-12-31")
        for name, printed in waves.items()
    }


@pytest.mark.parametrize(
    "date, year",
    [("2025-12-31", 2026), ("2024-06-30", Fraction(4049, 2)), ("2020-03-31", Fraction(8081, 4)),
     ("2024-02-29", 2024 + Fraction(2, 12)), ("2025-02-14", 2025 + Fraction(3, 24))],
)  # fmt: skip
def test_a_day_becomes_a_decimal_year_of_equal_months(date, year):
    assert decimal_year(date) == year


@pytest.mark.parametrize(
    "date, name",
    [("2025-12-31", "December 2025"), ("2024-06-30", "June 2024"), ("2025-10-07", "October 2025"),
     ("2025-01-01", "January 2025")],
)  # fmt: skip
def test_a_decimal_year_names_its_month(date, name):
    assert month_at(decimal_year(date)) == name


@pytest.mark.parametrize(
    "level, status, when, first, last",
    [
        (20, REACHED, 2012, Fraction("2011.95"), Fraction("2012.05")),  # on a wave
        (30, REACHED, 2013, Fraction("2012.95"), Fraction("2013.05")),  # halfway between waves
        (10, REACHED, 2011, 2011, Fraction("2011.05")),  # the first wave: nothing earlier is known
        (9, ABOVE, None, None, None),
        (41, SHORT, None, None, None),
        (40, SHORT, None, None, None),  # the lower end of the last wave stays below
    ],
)  # fmt: skip
def test_a_level_is_crossed_on_a_straight_line_with_the_range_of_rounding(
    level, status, when, first, last
):
    waves = path(y2010="10%", y2011="20%", y2013="40%")
    found = crossing(waves, level)
    assert (found.status, found.when, found.first, found.last) == (status, when, first, last)


def test_a_path_that_falls_back_counts_from_its_first_crossing():
    waves = path(y2010="10%", y2011="30%", y2012="20%", y2013="40%")
    assert crossing(waves, 25).when == Fraction("2011.75")


@pytest.mark.parametrize(
    "levels, status, years, lower, upper",
    [
        ((20, 30), REACHED, 1, Fraction("0.9"), Fraction("1.1")),
        ((10, 30), REACHED, 2, Fraction("1.9"), Fraction("2.05")),
        ((5, 30), ABOVE, None, None, None),
        ((20, 50), SHORT, None, None, None),
        ((5, 50), SHORT, None, None, None),
        ((4, 5), ABOVE, None, None, None),
    ],
)  # fmt: skip
def test_a_climb_takes_the_years_between_two_crossings(levels, status, years, lower, upper):
    waves = path(y2010="10%", y2011="20%", y2013="40%")
    found = climb(waves, *levels)
    assert found.status == status
    if years is None:
        assert found.years is None
    else:
        assert found.years.value == years
        assert (found.years.interval.lower, found.years.interval.upper) == (lower, upper)


def test_a_climb_rests_on_the_waves_around_its_two_crossings_only():
    waves = path(y2010="5%", y2011="12%", y2012="20%", y2013="30%", y2014="45%")
    assert [q.id for q in climb(waves, 10, 40).years.inputs] == ["y2010", "y2011", "y2013", "y2014"]


def test_a_climb_down_is_refused():
    with pytest.raises(PathError, match="goes up"):
        climb(path(y2010="10%", y2011="20%"), 40, 10)


@pytest.mark.parametrize(
    "waves, months, points, lower, upper, start",
    [
        # between yearly waves, the best year is one of them
        (path(y2010="10%", y2011="20%", y2012="25%"), 12, 10, 9, 11, 2011),
        # a gap of two years counts half its rise
        (path(y2010="10%", y2012="30%"), 12, 10, 9, 11, 2011),
        # half a year inside a year
        (path(y2010="10%", y2011="20%", y2012="25%"), 6, 5, 4, 6, 2011),
        # a year that straddles a wave: the last half of one stretch and the first of the next
        (path(y2010="10%", y2011="12%", y2012="30%"), 24, 20, 19, 21, 2011),
        # a falling path has a best year too
        (path(y2010="30%", y2011="25%", y2012="24%"), 12, -1, -2, 0, 2012),
    ],
)  # fmt: skip
def test_the_best_gain_is_the_largest_rise_on_straight_lines(
    waves, months, points, lower, upper, start
):
    gain = best_gain(waves, months)
    assert gain.points.number == pytest.approx(points)
    assert (gain.points.lower, gain.points.upper) == pytest.approx((lower, upper))
    assert gain.start == start
    assert gain.end - gain.start == Fraction(months, 12)


def test_the_best_gain_finds_a_stretch_that_ends_with_a_wave_and_starts_between_two():
    waves = {
        date: published(printed, "percent", id=date)
        for date, printed in [("2010-12-31", "0%"), ("2012-12-31", "10%"), ("2013-06-30", "30%")]
    }
    gain = best_gain(waves)
    assert (gain.start, gain.points.number) == (Fraction("2012.5"), pytest.approx(22.5))
    assert [q.id for q in gain.points.inputs] == list(waves)


def test_waves_that_span_less_than_the_stretch_have_no_gain():
    with pytest.raises(PathError, match="less than 24 months"):
        best_gain(path(y2010="10%", y2011="20%"), 24)


def test_one_wave_is_no_path():
    with pytest.raises(PathError, match="two waves"):
        crossing(path(y2010="10%"), 5)


def test_users_are_divided_by_the_last_year_end_that_is_not_later():
    ends = {"2009-12-31": "1000", "2010-12-31": "2000"}
    population = {date: published(printed, "persons") for date, printed in ends.items()}
    dates = ("2010-06-30", "2010-12-31", "2011-06-30")
    users = {date: published("500", "persons") for date in dates}
    assert [q.number for q in share_of(users, population).values()] == [50, 25, 25]
    with pytest.raises(PathError, match="2008-12-31"):
        share_of({"2008-12-31": users["2010-06-30"]}, population)


def test_an_aligned_path_starts_at_the_level_and_ends_at_the_top():
    waves = path(y2010="10%", y2011="20%", y2013="40%")
    rows = aligned(waves, 15, 30)
    assert [(row["years"], row["share"]) for row in rows] == [(0, 15), (0.5, 20), (1.5, 30)]
    assert (rows[1]["low"], rows[1]["high"]) == (19.5, 20.5)
    assert [row["share"] for row in aligned(waves, 15, 90)][-1] == 40
    assert aligned(waves, 5, 30) == []
