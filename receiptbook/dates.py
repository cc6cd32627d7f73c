"""Days in words and as decimal years. A date is text, year-month-day."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterable
from fractions import Fraction


def month_name(date: str) -> str:
    """Month and year in words.

    >>> month_name("2025-12-31")
    'December 2025'
    """
    return f"{calendar.month_name[int(date[5:7])]} {date[:4]}"


def day_name(date: str) -> str:
    """A day in words; of a date without one its month.

    >>> day_name("2026-02-05"), day_name("2025-12")
    ('5 February 2026', 'December 2025')
    """
    return f"{int(date[8:10])} {month_name(date)}" if date[8:10] else month_name(date)


def short_month(date: str) -> str:
    """Month and year for an axis.

    >>> short_month("2025-12-31")
    'Dec 2025'
    """
    return f"{calendar.month_abbr[int(date[5:7])]} {date[:4]}"


def decimal_year(date: str) -> Fraction:
    """A day as a decimal year in which all months are equally long.

    >>> decimal_year("2025-12-31"), decimal_year("2025-06-30")
    (Fraction(2026, 1), Fraction(4051, 2))
    """
    day = datetime.date.fromisoformat(date)
    days = calendar.monthrange(day.year, day.month)[1]
    return day.year + Fraction(day.month - 1, 12) + Fraction(day.day, 12 * days)


def month_at(when: Fraction) -> str:
    """The month that a decimal year falls in; the end of a month belongs to that month.

    >>> month_at(Fraction(2026)), month_at(Fraction(4051, 2))
    ('December 2025', 'June 2025')
    """
    months = -(-when * 12 // 1) - 1  # months that ended before this one
    return f"{calendar.month_name[int(months % 12) + 1]} {int(months // 12)}"


def nearest(date: str, dates: Iterable[str]) -> str:
    """The one of some dates that is closest to `date`; of two equally close the earlier.

    >>> nearest("2025-10-05", ["2025-06-30", "2025-12-31"])
    '2025-12-31'
    """
    wanted = datetime.date.fromisoformat(date)
    return min(sorted(dates), key=lambda one: abs(datetime.date.fromisoformat(one) - wanted))
