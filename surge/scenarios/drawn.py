"""What explorers draw alike: a day as a decimal year, a figure with its ends, a floor as an arrow.

A floor is a figure without an upper end: "more than 700 million".
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import receiptbook.explorers as ex
from receiptbook.dates import decimal_year


def year(date: str) -> float:
    """A day as a decimal year, for the axis.

    >>> year("2025-12-31")
    2026.0
    """
    return float(decimal_year(date))


def ends_of(value) -> tuple[float, float, float]:
    """Central value, lower and upper end; a plain number has no width.

    >>> ends_of(5)
    (5.0, 5.0, 5.0)
    """
    middle = ex.amount(value)
    return middle, float(getattr(value, "lower", middle)), float(getattr(value, "upper", middle))


def is_floor(value) -> bool:
    """Is a figure open above?"""
    return math.isinf(ends_of(value)[2])


def count_of(value) -> dict:
    """What is stored of a count of users: its ends, of a floor the lower one, and how it is told."""
    users, low, high = ends_of(value)
    opened = is_floor(value)
    return {
        "users": users,
        "users_low": low,
        "users_high": users if opened else high,
        "opened": float(opened),
        "more": "more than " if opened else "",
    }


def arrows(
    points: Iterable[tuple[float, float]], high: float, wide: float = 0.035
) -> list[tuple[float, float, float, float]]:
    """A bar with an arrow upwards at each (decimal year, y), as rules.

    high: length of the arrow, on the y axis. wide: half the length of the bar, in years.

    >>> len(arrows([(2026.5, 50)], 7))
    4
    """
    return [
        tuple(round(end, 3) for end in rule)
        for x, y in points
        for rule in (
            (x - wide, y, x + wide, y),
            (x, y, x, y + high),
            (x - 0.7 * wide, y + 0.6 * high, x, y + high),
            (x + 0.7 * wide, y + 0.6 * high, x, y + high),
        )
    ]
