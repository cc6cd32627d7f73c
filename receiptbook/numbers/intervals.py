"""Intervals with open and closed ends, and arithmetic on them that is exact."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from receiptbook.numbers.errors import QuantityError

INF = math.inf


@dataclass(frozen=True)
class Interval:
    """All numbers from `lower` to `upper`; an end is excluded where its `open` flag is set.

    Arithmetic encloses: the result holds every result of two numbers of the intervals, and no more.

    Raises QuantityError if `lower` is above `upper`.

    >>> Interval(1, 2) + Interval(10, 20, upper_open=True)
    Interval(lower=11, upper=22, lower_open=False, upper_open=True)
    >>> 2 in Interval(1, 2, upper_open=True)
    False
    """

    lower: Fraction | float
    upper: Fraction | float
    lower_open: bool = False
    upper_open: bool = False

    def __post_init__(self) -> None:
        if self.lower > self.upper:
            raise QuantityError(f"an interval cannot run from {self.lower} down to {self.upper}")

    @classmethod
    def point(cls, x: Fraction, is_open: bool = False) -> Interval:
        """One number; `is_open` where it is an end that is never reached."""
        return cls(x, x, is_open, is_open)

    @property
    def width(self) -> Fraction | float:
        return self.upper - self.lower

    @property
    def bounded(self) -> bool:
        return self.lower != -INF and self.upper != INF

    @property
    def ends(self) -> tuple[Interval, Interval]:
        """The two ends as intervals of one number each."""
        return self.point(self.lower, self.lower_open), self.point(self.upper, self.upper_open)

    def __contains__(self, x) -> bool:
        above = x > self.lower or (x == self.lower and not self.lower_open)
        below = x < self.upper or (x == self.upper and not self.upper_open)
        return above and below

    def within(self, other: Interval) -> bool:
        """Is every number of this interval also in `other`?

        >>> Interval(1, 2, lower_open=True).within(Interval(1, 2))
        True
        >>> Interval(1, 2).within(Interval(1, 2, lower_open=True))
        False
        """
        low = self.lower > other.lower or (
            self.lower == other.lower and (self.lower_open or not other.lower_open)
        )
        high = self.upper < other.upper or (
            self.upper == other.upper and (self.upper_open or not other.upper_open)
        )
        return low and high

    def meets(self, other: Interval) -> bool:
        """Do the two intervals share at least one number?"""
        return self & other is not None

    def __and__(self, other: Interval) -> Interval | None:
        low, low_open = max((self.lower, self.lower_open), (other.lower, other.lower_open))
        high, closed = min((self.upper, not self.upper_open), (other.upper, not other.upper_open))
        if low > high or (low == high and (low_open or not closed)):
            return None
        return Interval(low, high, low_open, not closed)

    def scaled(self, factor: Fraction) -> Interval:
        """The interval of the same numbers times a positive factor."""
        return Interval(self.lower * factor, self.upper * factor, self.lower_open, self.upper_open)

    def __neg__(self) -> Interval:
        return Interval(-self.upper, -self.lower, self.upper_open, self.lower_open)

    def __add__(self, other: Interval) -> Interval:
        return Interval(
            self.lower + other.lower,
            self.upper + other.upper,
            self.lower_open or other.lower_open,
            self.upper_open or other.upper_open,
        )

    def __sub__(self, other: Interval) -> Interval:
        return self + -other

    def __mul__(self, other: Interval) -> Interval:
        return _spanned(
            (_times(a.lower, b.lower), (a.lower_open or b.lower_open) and 0 not in a and 0 not in b)
            for a in self.ends
            for b in other.ends
        )

    def __truediv__(self, other: Interval) -> Interval:
        if 0 in other or other.lower < 0 < other.upper or other.lower == other.upper == 0:
            raise QuantityError("division by a quantity whose range includes zero")
        low, low_open = _inverse(other.upper, other.upper_open, -INF)
        high, high_open = _inverse(other.lower, other.lower_open, INF)
        return self * Interval(low, high, low_open, high_open)

    def power(self, exponent: Fraction) -> Interval:
        """The interval of the numbers to a power.

        Raises QuantityError for a negative power where zero is within, and for a fractional one
        where a negative number is.

        >>> Interval(-2, 1).power(Fraction(2))
        Interval(lower=Fraction(0, 1), upper=4, lower_open=False, upper_open=False)
        """
        if exponent == 0:
            return Interval.point(Fraction(1))
        if exponent < 0:
            return Interval.point(Fraction(1)) / self.power(-exponent)
        if self.lower < 0 and exponent.denominator != 1:
            raise QuantityError("a fractional power of a quantity that may be negative")
        ends = [
            (power(self.lower, exponent), self.lower_open),
            (power(self.upper, exponent), self.upper_open),
        ]
        if exponent.numerator % 2 == 0 and self.lower < 0 < self.upper:
            ends.append((Fraction(0), False))
        return _spanned(ends)


def hull(intervals: Iterable[Interval | None]) -> Interval:
    """The smallest interval that holds all of some intervals; None among them is an empty one.

    Raises QuantityError if all are empty.

    >>> hull([Interval(1, 2), None, Interval(5, 6)])
    Interval(lower=1, upper=6, lower_open=False, upper_open=False)
    """
    intervals = [i for i in intervals if i is not None]
    if not intervals:
        raise QuantityError("nothing is possible: the demands on these figures exclude each other")
    low = min((i.lower, i.lower_open) for i in intervals)
    high = max((i.upper, not i.upper_open) for i in intervals)
    return Interval(low[0], high[0], low[1], not high[1])


def _spanned(corners: Iterable[tuple[Fraction | float, bool]]) -> Interval:
    """The interval from the least to the largest of some numbers, each with whether it is never reached.

    An end that two corners share is reached if one of them is.
    """
    corners = list(corners)
    low, low_open = min(corners)
    high, is_reached = max((x, not is_open) for x, is_open in corners)
    return Interval(low, high, low_open, not is_reached)


def _inverse(end, is_open: bool, beyond: float) -> tuple[Fraction | float, bool]:
    """An end of the inverse: no bound gives zero, and zero no bound; neither is ever reached."""
    if end == 0:
        return beyond, True
    return (1 / Fraction(end), is_open) if math.isfinite(end) else (Fraction(0), True)


def _times(a, b):
    """The product of two ends; nothing times no bound is nothing."""
    return Fraction(0) if a == 0 or b == 0 else a * b


def power(base: Fraction | float, exponent: Fraction):
    """A power: exact where the exponent is whole, else by way of a float.

    >>> power(Fraction(3, 2), Fraction(2))
    Fraction(9, 4)
    """
    if exponent.denominator == 1:
        return base ** int(exponent)
    if not math.isfinite(base):
        return base ** float(exponent)
    return Fraction(float(base) ** float(exponent))
