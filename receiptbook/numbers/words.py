"""Numbers and ranges in words: rounding, scale words and how many digits a range allows."""

from __future__ import annotations

import math
from fractions import Fraction

from receiptbook.numbers.intervals import INF, Interval
from receiptbook.numbers.units import Unit


def round_half_up(x: Fraction, decimals: int) -> Fraction:
    """Round half away from zero, as statistical offices print.

    >>> round_half_up(Fraction("-0.125"), 2)
    Fraction(-13, 100)
    """
    factor = 10**decimals
    whole = math.floor(abs(x) * factor + Fraction(1, 2))
    return Fraction(whole if x >= 0 else -whole, factor)


def toward(x: Fraction, decimals: int, *, up: bool) -> Fraction:
    """The next number with so many decimals that is not below (`up`) or not above x.

    >>> toward(Fraction("13.45"), 1, up=False), toward(Fraction("-0.125"), 2, up=True)
    (Fraction(67, 5), Fraction(-3, 25))
    """
    factor = 10**decimals
    return Fraction(math.ceil(x * factor) if up else math.floor(x * factor), factor)


def fixed(x: Fraction, decimals: int, *, grouped: bool = True) -> str:
    """A number with a fixed count of decimals, rounded half away from zero.

    >>> fixed(Fraction("1234.565"), 2)
    '1,234.57'
    """
    rounded = round_half_up(Fraction(x), decimals)
    whole, rest = divmod(abs(rounded.numerator) * 10**decimals // rounded.denominator, 10**decimals)
    text = f"{whole:,}" if grouped else str(whole)
    if decimals:
        text += f".{rest:0{decimals}d}"
    return ("−" if rounded < 0 else "") + text


def exact(x: Fraction) -> str:
    """A plain number as a formula prints it: as a decimal where that is exact.

    >>> exact(Fraction(1, 2)), exact(Fraction(1, 3))
    ('0.5', '1/3')
    """
    if x.denominator == 1:
        return str(x.numerator)
    text = f"{float(x):g}"
    return text if Fraction(text) == x else f"{x.numerator}/{x.denominator}"


def scale_word(magnitude, u: Unit) -> tuple[Fraction, str]:
    """The power of ten that a number of this size is told in, and its word.

    magnitude: absolute value in base units; percentages and rates keep the scale of their unit.

    >>> from receiptbook.numbers import unit
    >>> scale_word(602_000_000, unit("persons"))
    (Fraction(1000000, 1), ' million')
    """
    if u.kind == "amount":
        for power, word in ((12, " trillion"), (9, " billion"), (6, " million")):
            if magnitude >= 10**power:
                return Fraction(10**power), word
    return u.scale, ""


def decimals_of(interval: Interval, u: Unit) -> int:
    """Digits after the point that tell a range with two significant digits of its width.

    >>> from receiptbook.numbers import unit
    >>> decimals_of(Interval(Fraction("0.4275"), Fraction("0.4285")), unit("percent"))
    2
    """
    if not interval.bounded:
        return 0
    scale, _ = scale_word(max(abs(interval.lower), abs(interval.upper)), u)
    width = interval.width / scale
    if width == 0:
        return 0 if (interval.lower / scale).denominator == 1 else 2
    return max(0, 1 - math.floor(math.log10(width)))


def most_decimals(value: Fraction, u: Unit) -> int:
    """Digits after the point that a central value has at most: four digits, none of a whole count.

    >>> from receiptbook.numbers import unit
    >>> most_decimals(Fraction("1.417"), unit("percent"))
    1
    """
    scale, _ = scale_word(abs(value), u)
    size = abs(value) / scale
    if scale == 1 and u.counts_whole_things and size.denominator == 1:
        return 0
    return max(0, 3 - math.floor(math.log10(size))) if size else 3


def show(value: Fraction, u: Unit, decimals: int = 1) -> str:
    """A value in its unit.

    >>> from receiptbook.numbers import unit
    >>> show(Fraction(602_000_000), unit("persons"), 0)
    '602 million'
    """
    scale, word = scale_word(abs(value), u)
    text = fixed(value / scale, decimals)
    return text + word + _suffix(u, text)


def one_sided(interval: Interval) -> bool:
    """Is only one end known? A share of what has no upper end is so much at the most.

    >>> one_sided(Interval(5, INF)), one_sided(Interval(0, 5, lower_open=True))
    (True, True)
    >>> one_sided(Interval(4, 5)), one_sided(Interval(-INF, INF))
    (False, False)
    """
    if interval.bounded:
        return interval.lower == 0 and interval.lower_open
    return (interval.lower == -INF) != (interval.upper == INF)


def show_bound(interval: Interval, u: Unit, decimals: int | None = None) -> str:
    """The end of a range with one end, with four digits at most: a floor rounded down, a ceiling up.

    So what is said holds for all of the range.

    >>> from receiptbook.numbers import unit
    >>> show_bound(Interval(Fraction(61_721_711), INF, lower_open=True), unit("persons"))
    'more than 61.72 million'
    >>> show_bound(Interval(-INF, Fraction(2, 15), upper_open=True), unit("percentage points"))
    'less than 13.34 percentage points'
    """
    end, _ = _known_end(interval)
    most = [most_decimals(end, u)] if decimals is None else [most_decimals(end, u), decimals]
    if interval.bounded:  # between nothing and a ceiling
        most.append(decimals_of(interval, u))
    return _show_open_range(interval, u, min(most))


def _known_end(interval: Interval) -> tuple[Fraction, bool]:
    """The end that is known, and whether it is the upper one."""
    up = interval.upper != INF
    return (interval.upper if up else interval.lower), up


def show_range(interval: Interval, u: Unit) -> str:
    """An interval in words, with two significant digits of its width; halves are rounded outward.

    A count that was rounded to the last one stands for itself: there is no half a model.

    >>> from receiptbook.numbers import unit
    >>> show_range(Interval(Fraction("1.4107"), Fraction("1.4247")), unit("percent"))
    '141.1% to 142.5%'
    >>> show_range(Interval(0, Fraction("42.4"), lower_open=True), unit("times"))
    'at most 43 times'
    """
    low, high = interval.lower, interval.upper
    if low == -INF and high == INF:
        return "any value"
    if not interval.bounded:
        return _show_open_range(interval, u)
    scale, word = scale_word(max(abs(low), abs(high)), u)
    decimals = decimals_of(interval, u)
    if one_sided(interval):  # a divisor without an upper end: so much at the most
        return _show_open_range(interval, u, decimals)
    halves = (2 * low).denominator == (2 * high).denominator == 1
    if scale == 1 and u.counts_whole_things and halves:
        low, high, decimals = Fraction(math.ceil(low)), Fraction(math.floor(high)), 0
    first, last = (fixed(x, decimals) for x in _outward(low / scale, high / scale, decimals))
    suffix = _suffix(u, "")
    if first == last:
        return first + word + suffix
    if suffix == "%":
        return f"{first}% to {last}%"
    return f"{first} to {last}{word}{suffix}"


def _outward(low: Fraction, high: Fraction, decimals: int) -> tuple[Fraction, Fraction]:
    """Both ends rounded; a half goes away from the middle, so that neither end is lost.

    >>> _outward(Fraction("19.5"), Fraction("30.5"), 0)
    (Fraction(19, 1), Fraction(31, 1))
    """
    if low == high:
        return low, high
    half = Fraction(1, 2 * 10**decimals)
    return toward(low - half, decimals, up=True), toward(high + half, decimals, up=False)


def _show_open_range(interval: Interval, u: Unit, decimals: int | None = None) -> str:
    """A range of which one end is known, in words.

    decimals : at most so many; unless given, all that the end has if those are six or fewer, else
        four digits in all
    """
    end, up = _known_end(interval)
    if up:
        head = "less than " if interval.upper_open else "at most "
    else:
        head = "more than " if interval.lower_open else "at least "
    scale, word = scale_word(abs(end), u)
    whole = next((n for n in range(7) if (end / scale * 10**n).denominator == 1), 7)
    if decimals is None:
        decimals = whole if whole < 7 else most_decimals(end, u)
    decimals = min(decimals, whole)
    text = fixed(toward(end / scale, decimals, up=up), decimals) + word
    return head + text + _suffix(u, text)


def _suffix(u: Unit, number: str) -> str:
    if u.name == "percent":
        return "%"
    if u.kind == "points":
        return " percentage point" if number in ("1", "−1") else " percentage points"
    if u.name in ("ratio", "persons"):
        return ""
    return " " + u.name
