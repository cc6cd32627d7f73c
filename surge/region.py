"""Feasible regions: all pairs of numbers that satisfy several linear conditions at once, exactly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from receiptbook.numbers import Interval, Quantity

Point = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class HalfPlane:
    """All points (x, y) with a·x + b·y ≤ c; `name` says which printed figure demands it."""

    a: Fraction
    b: Fraction
    c: Fraction
    name: str = ""

    def excess(self, point: Point) -> Fraction:
        """How far a·x + b·y exceeds c: above zero outside, zero on the edge."""
        return self.a * point[0] + self.b * point[1] - self.c


@dataclass(frozen=True)
class Region:
    """A convex polygon with exact corners in order; no corners where nothing is feasible."""

    corners: tuple[Point, ...]

    @property
    def x(self) -> Interval | None:
        """The range of the first coordinate."""
        return self._extent(0)

    @property
    def y(self) -> Interval | None:
        """The range of the second coordinate."""
        return self._extent(1)

    def _extent(self, axis: int) -> Interval | None:
        if not self.corners:
            return None
        along = [corner[axis] for corner in self.corners]
        return Interval(min(along), max(along))

    @property
    def area(self) -> Fraction:
        """The area, by the shoelace formula."""
        ring = (*self.corners, *self.corners[:1])
        return abs(sum((p[0] * q[1] - q[0] * p[1] for p, q in pairwise(ring)), Fraction(0))) / 2


def intersect(x: Interval, y: Interval, conditions: Iterable[HalfPlane]) -> Region:
    """The part of the rectangle x × y that satisfies every condition.

    The rectangle is cut by one half-plane after the other (Sutherland and Hodgman, "Reentrant
    polygon clipping", Communications of the ACM 17, 1974), in rational numbers, so that touching
    edges are decided exactly. `x` and `y` must be bounded.
    """
    corners: list[Point] = [
        (x.lower, y.lower), (x.upper, y.lower), (x.upper, y.upper), (x.lower, y.upper)
    ]  # fmt: skip
    for condition in conditions:
        corners = _cut(corners, condition)
    return Region(tuple(dict.fromkeys(corners)))


def _cut(corners: list[Point], condition: HalfPlane) -> list[Point]:
    kept: list[Point] = []
    for here, there in zip(corners, corners[1:] + corners[:1], strict=True):
        inside, next_inside = condition.excess(here), condition.excess(there)
        if inside <= 0:
            kept.append(here)
        if (inside < 0 < next_inside) or (next_inside < 0 < inside):
            share = inside / (inside - next_inside)
            kept.append(tuple(h + share * (t - h) for h, t in zip(here, there, strict=True)))
    return kept


def survey_conditions(
    growth: Quantity,
    rates: tuple[Quantity, Quantity],
    gain: Quantity,
    populations: tuple[Quantity, Quantity],
) -> list[HalfPlane]:
    """What the printed figures demand of (users at the start, users at the end), in persons.

    Parameters
    ----------
    growth : printed growth of users, a ratio
    rates : printed adoption rates at the start and the end, ratios
    gain : printed difference of the two rates, in percentage points
    populations : the population that each rate is a share of

    Returns
    -------
    Half-planes whose intersection holds every pair of user counts for which growth, both rates and
    the gain all round to their printed form, for some population within its own rounding interval.
    """
    (start, end), (p, q) = populations, (populations[0].interval, populations[1].interval)
    first, last = rates[0].interval, rates[1].interval
    more, points = growth.interval, gain.interval
    one, none = Fraction(1), Fraction(0)
    start_name, end_name = start.label or start.printed, end.label or end.printed
    return [
        HalfPlane(1 + more.lower, -one, none, "growth"),
        HalfPlane(-(1 + more.upper), one, none, "growth"),
        HalfPlane(-one, none, -first.lower * p.lower, f"first rate, {start_name}"),
        HalfPlane(one, none, first.upper * p.upper, f"first rate, {start_name}"),
        HalfPlane(none, -one, -last.lower * q.lower, f"last rate, {end_name}"),
        HalfPlane(none, one, last.upper * q.upper, f"last rate, {end_name}"),
        HalfPlane(1 / p.upper, -1 / q.lower, -points.lower, "gain"),
        HalfPlane(-1 / p.lower, 1 / q.upper, points.upper, "gain"),
    ]
