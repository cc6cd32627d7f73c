"""Published numbers: reading them, their units and ranges, and arithmetic that keeps both.

Read from the bottom: errors, units, intervals, words, reading, derivation, quantity.
"""

from receiptbook.numbers.errors import QuantityError, UnitError
from receiptbook.numbers.intervals import INF, Interval, hull
from receiptbook.numbers.numerals import WORDS
from receiptbook.numbers.quantity import (
    NOT_WORKED_OUT,
    Quantity,
    computed,
    monotone,
    published,
)
from receiptbook.numbers.reading import FREE, Reading, counters, read
from receiptbook.numbers.units import (
    PERCENT,
    POINTS,
    RATIO,
    UNITS,
    Unit,
    counts_another,
    declare,
    declared_words,
    mismatch,
    unit,
)
from receiptbook.numbers.words import fixed, round_half_up, scale_word, show, show_range

__all__ = [
    "FREE",
    "INF",
    "NOT_WORKED_OUT",
    "PERCENT",
    "POINTS",
    "RATIO",
    "UNITS",
    "WORDS",
    "Interval",
    "Quantity",
    "QuantityError",
    "Reading",
    "Unit",
    "UnitError",
    "computed",
    "counters",
    "counts_another",
    "declare",
    "declared_words",
    "fixed",
    "hull",
    "mismatch",
    "monotone",
    "published",
    "read",
    "round_half_up",
    "scale_word",
    "show",
    "show_range",
    "unit",
]
