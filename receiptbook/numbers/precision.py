"""How finely a number is told, set against what is known of it."""

from __future__ import annotations

from fractions import Fraction

#: Of a value: how coarse a range, or the last digit of a number for it, may be.
NARROW = Fraction(1, 5)


def precise_enough(number, step, value, lower, upper, slack=0) -> bool:
    """Does a number told with a last digit worth `step` say what a value with a range is?

    It does if it lies in the range, or rounds to a number in it and its last digit is worth no more than
    a fifth of the value: "1 billion" says nothing about 602 million.

    >>> precise_enough(600e6, 100e6, 602e6, 601.5e6, 602.5e6)
    True
    >>> precise_enough(1e9, 1e9, 602e6, 601.5e6, 602.5e6)
    False
    """
    if lower - slack <= number <= upper + slack:
        return True
    return rounds(number, step, lower, upper, slack) and step <= abs(value) * (
        NARROW if isinstance(step, Fraction) and isinstance(value, Fraction) else float(NARROW)
    )


def rounds(number, step, lower, upper, slack=0) -> bool:
    """Does a number told with a last digit worth `step` stand for some number of a range?

    >>> rounds(1.4, 0.1, 1.41, 1.43)
    True
    """
    return number - step / 2 <= upper + slack and number + step / 2 >= lower - slack
