"""Figures in English with the digits that were printed, and arithmetic on them as one would type it."""

from __future__ import annotations

import re
from fractions import Fraction

from receiptbook.numbers.derivation import formula, leaves, over
from receiptbook.numbers.intervals import Interval
from receiptbook.numbers.quantity import Quantity
from receiptbook.numbers.words import fixed, most_decimals, scale_word, show, show_range

FINEST, LARGE = 10**4, 10**8  # a count of so much is told to ten thousand, however it was printed
MILLION = Fraction(10**6)
HAN_CHARACTER = re.compile(r"[\u4e00-\u9fff]")


def in_english(figure: Quantity) -> str:
    """A figure as it was printed in English, else its value with the digits that were printed.

    >>> from receiptbook.numbers import published
    >>> in_english(published("2.49亿 / 249 million", "persons"))
    '249 million'
    >>> in_english(published("140489万人", "persons"))
    '1.40489 billion'
    """
    if not figure.is_input:
        return figure.show()
    forms = figure.printed.split(" / ") if figure.reading.qualifier != "derived" else ()
    english = [form for form in forms if not HAN_CHARACTER.search(form)]
    if english and not (figure.value >= MILLION and re.fullmatch(r"[\d,.]+", english[0])):
        return english[0]
    if not figure.interval.bounded:
        return show_range(figure.interval, figure.unit)
    scale, _ = scale_word(abs(figure.value), figure.unit)
    return show(figure.value, figure.unit, _decimals(figure, scale))


def digits(figure: Quantity, scale: Fraction | int = 1) -> str:
    """The number alone, so many of a scale, with the digits that were printed.

    >>> from receiptbook.numbers import published
    >>> digits(published("6.02亿", "persons"), 10**6), digits(published("33.8%"))
    ('602', '0.338')
    """
    return fixed(figure.value / scale, _decimals(figure, Fraction(scale)))


def _decimals(figure: Quantity, scale: Fraction) -> int:
    """Digits behind the point, where a number is told in that scale."""
    if figure.is_input and (figure.reading.qualifier != "derived" or not figure.interval.width):
        step = figure.reading.step
    else:
        most = figure.decimals - 1 if figure.is_input else most_decimals(figure.value, figure.unit)
        own, _ = scale_word(abs(figure.value), figure.unit)
        step = own / 10 ** max(0, min(figure.decimals, most))
    if figure.unit.kind == "amount" and abs(figure.value) >= LARGE:
        step = max(step, FINEST)
    return next((n for n in range(9) if step * 10**n >= scale), 9)


def in_numbers(q: Quantity) -> str:
    """How a quantity was worked out, in numbers that go into a calculator.

    Counts that cancel stand in one scale without its word. A percentage is a decimal, unless nothing
    but percentages is reckoned with.

    >>> from receiptbook.numbers import published
    >>> after, before = (published(f"{n} million", "persons") for n in (602, 249))
    >>> in_numbers(after / before - 1), in_numbers(after - before)
    ('602 ÷ 249 − 1', '602 million − 249 million')
    >>> in_numbers(published("33.8%") * after), in_numbers(published("42.8%") - published("36.5%"))
    ('0.338 × 602 million', '42.8% − 36.5%')
    """
    amounts = [leaf for leaf in leaves(q) if leaf.unit.kind == "amount"]
    cancels = bool(amounts) and q.unit.kind != "amount"
    least = min((abs(leaf.value) for leaf in amounts), default=Fraction(0))
    decimals = bool(amounts) or _adds_plain_numbers(q)

    def number(leaf: Quantity) -> str:
        if leaf.unit.kind != "amount":
            unit = leaf.unit
            if decimals or unit.scale == 1:
                return digits(leaf)
            return show(leaf.value, unit, _decimals(leaf, unit.scale))
        if cancels:
            return digits(leaf, min(scale_word(least, leaf.unit)[0], MILLION))
        scale, word = scale_word(abs(leaf.value), leaf.unit)
        return digits(leaf, scale) + word

    return formula(q, name=number).replace(" / ", " ÷ ").replace("^2", "²")


def as_told(q: Quantity) -> Fraction:
    """Its value if nothing is reckoned with but the digits that `in_numbers` tells.

    >>> from receiptbook.numbers import published
    >>> share, people = published("15.4%"), published("986,753,849", "persons")
    >>> float(as_told(share * people)) / 10**6
    151.9595
    """

    def told(leaf: Quantity) -> Fraction:
        scale = Fraction(leaf.unit.scale)
        if leaf.unit.kind == "amount":
            scale = min(Fraction(scale_word(abs(leaf.value), leaf.unit)[0]), MILLION)
        return round(leaf.value / scale, _decimals(leaf, scale)) * scale

    return over(q, {leaf.key: Interval.point(told(leaf)) for leaf in leaves(q)}).lower


def _adds_plain_numbers(node: Quantity | Fraction) -> bool:
    """Whether a plain number is added or taken away somewhere."""
    if isinstance(node, Fraction) or node.is_leaf:
        return False
    if node.op in "+-" and any(isinstance(arg, Fraction) for arg in node.args):
        return True
    return any(map(_adds_plain_numbers, node.args))
