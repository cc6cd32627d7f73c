"""Published numbers: reading them, their units and ranges, and arithmetic that keeps both.

Read from the bottom: errors, units, intervals, words, precision, numerals, reading, derivation, quantity,
printed.
"""

from receiptbook.numbers.errors import QuantityError, UnitError
from receiptbook.numbers.intervals import INF, Interval, hull
from receiptbook.numbers.numerals import HAN, WORDS
from receiptbook.numbers.precision import NARROW, precise_enough, rounds
from receiptbook.numbers.printed import digits, in_english, in_numbers
from receiptbook.numbers.quantity import (
    NOT_WORKED_OUT,
    Quantity,
    computed,
    monotone,
    published,
)
from receiptbook.numbers.reading import FREE, Reading, counters, qualifier_before, read
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
from receiptbook.numbers.words import (
    decimals_of,
    fixed,
    round_half_up,
    scale_word,
    show,
    show_range,
    toward,
)
