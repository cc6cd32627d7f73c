"""Adoption paths: shares over time, when they crossed a level, how long a climb took, best gains.

A path is a mapping from dates to shares, as `Data.series` gives it or `share_of` works it out.
Between two waves it is taken to run straight. Rounding moves every wave up or down, so each result
has a range: the path through the upper ends of all waves crosses a level first, the path through
the lower ends last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from receiptbook.dates import decimal_year
from receiptbook.numbers import PERCENT, POINTS, Quantity, computed

REACHED, ABOVE, SHORT = "reached", "already above in the first wave at hand", "not reached"
SPREAD = "rounding alone, on straight lines between waves"
ENDS: dict[str, Callable[[Quantity], Fraction]] = {
    "low": lambda q: q.interval.lower,
    "middle": lambda q: q.value,
    "high": lambda q: q.interval.upper,
}


class PathError(ValueError):
    """These waves do not give what was asked of them; the message says why."""


@dataclass(frozen=True)
class Crossing:
    """When a path reached a level for the first time, in decimal years.

    `status` is REACHED, ABOVE or SHORT; only a level that was reached has dates. `waves` are the
    figures on either side of the crossing. Where a path starts at the level itself, or so close
    below it that rounding hides the order, `first` is the date of its first wave: what lies before
    was not measured.
    """

    status: str
    when: Fraction | None = None
    first: Fraction | None = None
    last: Fraction | None = None
    waves: tuple[Quantity, ...] = ()


@dataclass(frozen=True)
class Climb:
    """The time a path took from one level to a higher one; `years` is None unless reached."""

    status: str
    years: Quantity | None = None


@dataclass(frozen=True)
class Gain:
    """The largest rise of a path within a stretch of time, and when the stretch began and ended."""

    points: Quantity
    start: Fraction
    end: Fraction


def share_of(
    users: Mapping[str, Quantity], population: Mapping[str, Quantity]
) -> dict[str, Quantity]:
    """Users as a share of the whole population, wave by wave, in percent.

    Each count is divided by the last year-end population that is not later than the wave.

    Raises
    ------
    PathError
        if a wave is older than the first population
    """
    return {
        date: (count / population_at(population, date)).to("percent")
        for date, count in users.items()
    }


def population_at(population: Mapping[str, Quantity], date: str) -> Quantity:
    """The last year-end population that is not later than a date.

    Raises
    ------
    PathError
        if the date is older than the first population
    """
    ends = [end for end in population if end <= date]
    if not ends:
        raise PathError(f"no population on or before {date}; the first is {min(population)}")
    return population[max(ends)]


def crossing(path: Mapping[str, Quantity], level: float) -> Crossing:
    """When the path first reached a level, given in percent.

    A level counts as reached only if the path through the lower ends reaches it too.
    """
    height = _exact(level)
    lines = {end: _line(path, end) for end in ENDS}
    if lines["middle"][0][1] > height:
        return Crossing(ABOVE)
    dates = {end: _first_at(line, height) for end, line in lines.items()}
    if dates["low"] is None or dates["middle"] is None:
        return Crossing(SHORT)
    when = dates["middle"]
    knots = [year for year, _ in lines["middle"]]
    around = tuple(_around(knots, list(path.values()), when))
    return Crossing(REACHED, when, dates["high"], dates["low"], around)


def climb(path: Mapping[str, Quantity], low: float, high: float) -> Climb:
    """The years from one level to a higher one, both in percent, with the range from rounding.

    A path that never reached the higher level says so, wherever it began.
    """
    if not low < high:
        raise PathError(f"a climb goes up: found {low} and {high} percent")
    start, end = crossing(path, low), crossing(path, high)
    if end.status != REACHED or start.status != REACHED:
        return Climb(end.status if end.status != REACHED else start.status)
    years = computed(
        end.when - start.when,
        "years",
        dict.fromkeys(start.waves + end.waves),
        f"date at {high:g}% − date at {low:g}%, straight lines between waves",
        lower=max(end.first - start.last, Fraction(0)),
        upper=end.last - start.first,
        spread=SPREAD,
    )
    return Climb(REACHED, years)


def best_gain(path: Mapping[str, Quantity], months: int = 12) -> Gain:
    """The largest rise, in percentage points, within so many months on straight lines.

    The rise over a stretch is itself a path of straight pieces whose corners are the stretches that
    begin or end with a wave, so the largest is among those.

    Raises
    ------
    PathError
        if the waves span less than the stretch
    """
    length = Fraction(months, 12)
    lines = {end: _line(path, end) for end in ENDS}
    knots = [year for year, _ in lines["middle"]]
    corners = {t for knot in knots for t in (knot, knot - length)}
    starts = sorted(t for t in corners if knots[0] <= t <= knots[-1] - length)
    if not starts:
        raise PathError(f"the waves span less than {months} months")

    def rise(before: str, after: str, t: Fraction) -> Fraction:
        return _at(lines[after], t + length) - _at(lines[before], t)

    best = max(starts, key=lambda t: rise("middle", "middle", t))
    figures = list(path.values())
    inputs = [q for t in (best, best + length) for q in _around(knots, figures, t)]
    points = computed(
        rise("middle", "middle", best) / POINTS.scale,
        POINTS,
        dict.fromkeys(inputs),
        f"largest rise within {months} months, straight lines between waves",
        lower=max(rise("high", "low", t) for t in starts) / POINTS.scale,
        upper=max(rise("low", "high", t) for t in starts) / POINTS.scale,
        spread=SPREAD,
    )
    return Gain(points, best, best + length)


def aligned(path: Mapping[str, Quantity], level: float, top: float) -> list[dict]:
    """The path from its crossing of `level` up to `top` percent, years counted from the crossing.

    Each row has years, share, low and high (percent); empty if the level has no date. The path ends
    at `top`, or at its last wave.
    """
    start = crossing(path, level)
    if start.status != REACHED:
        return []
    lines = {end: _line(path, end) for end in ENDS}
    stop = _first_at(lines["middle"], _exact(top)) or lines["middle"][-1][0]
    inner = [year for year, _ in lines["middle"] if start.when < year < stop]
    return [
        {"years": float(t - start.when)}
        | {name: float(_at(lines[end], t) / PERCENT.scale)
           for name, end in (("share", "middle"), ("low", "low"), ("high", "high"))}
        for t in (start.when, *inner, stop)
    ]  # fmt: skip


def _exact(percent: float) -> Fraction:
    return Fraction(str(percent)) * PERCENT.scale


def _line(path: Mapping[str, Quantity], end: str) -> list[tuple[Fraction, Fraction]]:
    if len(path) < 2:
        raise PathError("a path needs at least two waves")
    return [(decimal_year(date), ENDS[end](q)) for date, q in path.items()]


def _at(line: list[tuple[Fraction, Fraction]], t: Fraction) -> Fraction:
    for (a, x), (b, y) in pairwise(line):
        if a <= t <= b:
            return x + (y - x) * (t - a) / (b - a)
    raise PathError(f"{float(t):.2f} lies outside the waves")


def _first_at(line: list[tuple[Fraction, Fraction]], height: Fraction) -> Fraction | None:
    """Where a path of straight pieces first reaches a height; its start if it begins above."""
    if line[0][1] >= height:
        return line[0][0]
    for (a, x), (b, y) in pairwise(line):
        if x < height <= y:
            return a + (b - a) * (height - x) / (y - x)
    return None


def _around(knots: list[Fraction], figures: list[Quantity], t: Fraction) -> list[Quantity]:
    """The waves on either side of a time, or the one wave at that time."""
    after = next(i for i, year in enumerate(knots) if year >= t)
    return [figures[after]] if knots[after] == t else figures[after - 1 : after + 1]
