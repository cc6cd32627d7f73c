"""Whether the words of a number link say what its receipt says: unit, noun, value and digits."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from fractions import Fraction

from receiptbook.numbers import (
    UNITS,
    Interval,
    QuantityError,
    Reading,
    UnitError,
    counts_another,
    decimals_of,
    fixed,
    precise_enough,
    qualifier_before,
    read,
    scale_word,
    toward,
    unit,
)
from receiptbook.prose.sentences import direction, trend
from receiptbook.prose.text import NUMERAL, sentences, without_dates
from receiptbook.receipts import Verdict

_RANGE = re.compile(
    r"^(?:between |from )?(?P<low>.+?)\s*(?:\bto\b|\band\b|–|至|到)\s*(?P<high>.+)$", re.I
)
_NOTHING = {"zero", "none", "no", "nil", "nought", "nothing"}
_SHARES = {"most": "more than half", "minority": "less than half"}
_SHARES |= dict.fromkeys(("majority", "a majority", "the majority"), "more than half")
_SHARES |= dict.fromkeys(("多数", "大多数", "半数以上"), "more than half")
_SHARES |= dict.fromkeys(("a minority", "the minority"), "less than half")


def check_link(text: str, receipt: Mapping, before: str = "") -> str | None:
    """What the words of a link should be, where they are not what the receipt says; else None.

    before : what stands before the link: "more than", "about" and the like may belong to the number,
        and behind "the floor" or "an arrow at", with no other link between, a floor may stand alone

    Raises
    ------
    QuantityError
        if no rule says what the words should be: they cannot be read, are of another unit, say less or
        more than is known, hold no number, or name another verdict
    """
    plain = re.sub(r"\[([^\[\]]*)\]\([^()]*\)", r"\1", before.replace("*", ""))
    qualifier = qualifier_before(re.sub(r"[“‘(]$", "", plain))
    if _speaks_of_a_floor(before) and receipt["upper"] is None:
        receipt = {**receipt, "upper": receipt["lower"]}
    try:
        new = _check(text, receipt)
    except QuantityError:
        if qualifier and receipt["value"] is not None:
            return _unqualified(qualifier, _check(f"{qualifier} {text}", receipt))
        raise
    if new is not None and qualifier:
        try:
            return _unqualified(qualifier, _check(f"{qualifier} {text}", receipt))
        except QuantityError:
            pass
    return new


def _speaks_of_a_floor(before: str) -> bool:
    """Whether the words behind the last link of the same sentence call the number to come a floor."""
    own_words = sentences(before)[-1].rpartition("](")[2]
    return bool(re.search(r"\b(?:floors?|arrow)\b", own_words, re.I))


def _unqualified(qualifier: str, words: str | None) -> str | None:
    return words and words.removeprefix(f"{qualifier} ")


def _check(text: str, receipt: Mapping) -> str | None:
    text = text.replace("*", "").replace("`", "").strip()
    if text.lower() in set(Verdict):
        if text.lower() != receipt["verdict"]:
            raise QuantityError(
                f"the verdict is {receipt['verdict']}: read the sentence again and write what holds"
            )
        return None
    words = _SHARES.get(text.lower()) or re.sub(r"\b(?:nought|nil)\b", "0", text)
    if receipt["value"] is None:
        return _check_words(text, receipt)
    if text.lower() in _NOTHING:
        if receipt["value"] == receipt["lower"] == receipt["upper"] == 0:
            return None
        raise QuantityError(f"the receipt says {receipt['shown']}, which is not nothing")
    try:
        reading = read(words)
    except UnitError:
        raise
    except QuantityError:
        if not (re.search(r"\d", text) or NUMERAL.search(without_dates(text))):
            return _check_direction(text, receipt)
        return _check_range(text, receipt)
    return _check_one(text, reading, receipt)


def _check_direction(text: str, receipt: Mapping) -> None:
    """Words that say more or less, over a difference or a ratio that is so for its whole range."""
    level = {"times": 1, "percentage points": 0}.get(receipt["unit"])
    if level is None and re.search(r" − ", receipt.get("formula") or ""):
        level = 0
    low, high, way = receipt["lower"], receipt["upper"], direction(text)
    if level is None or not way:
        raise QuantityError(
            f"no number stands in them to compare with {receipt['shown']}; link words to a "
            "comparison, to what was not found, or to a verdict"
        )
    if not (low is not None and low > level if way > 0 else high is not None and high < level):
        raise QuantityError(f"the receipt says {receipt['shown']} ({receipt['range']})")


def _check_words(text: str, receipt: Mapping) -> None:
    """Words that link to a receipt without a number: a verdict, a comparison, an absence, a text."""
    if receipt["kind"] == "worded":
        said = set(re.findall(r"\w+", text.lower())) & {str(v) for v in Verdict}
        if said - {str(receipt["verdict"])}:
            raise QuantityError(f"the verdict is {receipt['verdict']}, the words say {said.pop()}")
    if receipt["kind"] == "comparison" and trend(text) * trend(receipt.get("statement", "")) < 0:
        raise QuantityError(f"what was compared went the other way: {receipt['statement']}")
    if receipt["verdict"] == Verdict.OPEN or receipt["kind"] == "comparison":
        return
    quoted = any(text.lower() in form.lower() for form in receipt["published"])
    if not quoted and (re.search(r"\d", text) or NUMERAL.search(without_dates(text))):
        raise QuantityError("its receipt is a verdict on words and holds no number")


def _in_base(reading: Reading, receipt: Mapping) -> Reading:
    """The reading in the receipt's base unit; a bare number takes the receipt's unit."""
    own = unit(receipt["unit"])
    if why := counts_another(reading.counts, own):
        raise UnitError(f"the receipt is in {own}: {why}")
    if reading.unit is None:
        named = UNITS.get(reading.counts, own)
        return reading if own.kind == "amount" and named.scale == 1 else reading.times(named.scale)
    if UNITS[reading.unit].kind != own.kind:
        raise UnitError(f"the receipt is in {own}, the words in {reading.unit}")
    if own.name == "percent" and reading.unit == "times":
        raise UnitError("the receipt is in percent, the words are of times as much")
    return reading


def _value(receipt: Mapping, key: str) -> Fraction | None:
    number = receipt[key]
    return None if number is None else Fraction(repr(number)) * unit(receipt["unit"]).scale


def _check_one(text: str, reading: Reading, receipt: Mapping) -> str | None:
    reading = _in_base(reading, receipt)
    if _is_printed(reading, receipt):
        return None
    if _holds(reading, receipt):
        _refuse_digits(reading, receipt)
        return None
    value = _to_say(reading, receipt)
    if reading.text != text:
        raise QuantityError(f"the receipt says {receipt['shown']}")
    if _word_of(abs(reading.value), reading) != _word_of(abs(value), reading):
        raise QuantityError(
            f"the receipt says {receipt['shown']}: a number that needs another scale word is not "
            "rewritten by rule"
        )
    new = reading.rewrite(value)
    again = _in_base(read(new), receipt)
    if not _holds(again, receipt):
        raise QuantityError(f"no number of that form says {receipt['shown']} closely enough")
    _refuse_digits(again, receipt)
    return new


def _end_told(receipt: Mapping) -> str | None:
    """Where one end only is known, which: "lower" or "upper"; from nothing to a ceiling is one end."""
    low, high = receipt["lower"], receipt["upper"]
    if low is not None and high is not None:
        ceiling = low == 0 and re.match(r"(?:less than|at most)\b", receipt["range"])
        return "upper" if ceiling else None
    return None if low is high is None else "upper" if low is None else "lower"


def _to_say(reading: Reading, receipt: Mapping) -> Fraction:
    """The value that words of that form should tell: of a floor or a ceiling the end, never past it."""
    if not (end := _end_told(receipt)):
        return _value(receipt, "value")
    digits = round(math.log10(reading.scale / reading.step)) if reading.step else 0
    bound = toward(_value(receipt, end) / reading.scale, max(0, digits), up=end == "upper")
    return bound * reading.scale


def _word_of(size: Fraction, reading: Reading) -> str:
    """The scale word that a size needs in a form that has one; empty for others."""
    counted = UNITS.get(reading.unit or reading.counts, UNITS["items"])
    return scale_word(size, counted)[1] if reading.scale >= 1000 else ""


def _holds(reading: Reading, receipt: Mapping) -> bool:
    """Do the words tell the receipt's value, and closely enough to say something?"""
    value, low, high = (_value(receipt, key) for key in ("value", "lower", "upper"))
    slack = abs(value) / 10**12
    if reading.qualifier in ("above", "at least"):
        near = 2 * reading.value >= (low or 0) or not reading.value
        return low is not None and low >= reading.value - slack and near
    if reading.qualifier in ("below", "at most"):
        near = reading.value <= 2 * (high or 0) or not reading.value
        return high is not None and high <= reading.value + slack and near
    if _end_told(receipt):
        return False  # a floor or a ceiling is told as what it is
    span = reading.interval
    if not span.lower - slack <= value <= span.upper + slack:
        return False
    if not span.width:  # "free" stands for nothing but zero
        return True
    step = span.width * (2 if reading.qualifier in ("nearly", "just over") else 1)
    ends = (value if end is None else end for end in (low, high))
    return precise_enough(reading.value, step, value, *ends, slack)


def _refuse_digits(reading: Reading, receipt: Mapping) -> None:
    """Raise where the words have more digits than the receipt or a printed form shows."""
    if not reading.interval.bounded or receipt["lower"] == receipt["upper"] is not None:
        return
    shown = []
    for form in (receipt["shown"], *receipt["published"]):
        try:
            shown.append(_in_base(read(form), receipt).step)
        except QuantityError:
            continue
    if shown and _last_digit(reading) < min(shown):
        raise QuantityError(
            f"more digits than are known: the receipt says {receipt['shown']} ({receipt['range']})"
        )


def _last_digit(reading: Reading) -> Fraction:
    """What the last digit is worth; noughts at the end of a whole number may be no digits."""
    zeros = re.search(r"(?<=[1-9])[0,]*$", reading.pieces[1])
    return reading.step * 10 ** (zeros[0].count("0") if zeros else 0)


def _is_printed(reading: Reading, receipt: Mapping) -> bool:
    """Do the words quote the printed figure that the receipt checks?"""
    for form in receipt["published"]:
        try:
            printed = _in_base(read(form), receipt)
        except QuantityError:  # how a derived figure was worked out; nobody printed it
            continue
        same = (reading.value, reading.step) == (printed.value, printed.step)
        if (
            same
            and reading.qualifier in ("", printed.qualifier)
            and (reading.qualifier or printed.interval.bounded)
        ):
            return True
    return False


def _check_range(text: str, receipt: Mapping) -> str | None:
    match = _RANGE.match(text)
    if not match:
        raise QuantityError("the words hold a number that cannot be read")
    high = _in_base(read(match["high"]), receipt)
    words = match["high"][len(re.match(r"[^\d]*[\d.,]*", match["high"])[0]) :]
    first = match["low"]
    try:
        low = read(first if re.search(r"[%A-Za-z万亿]", first) else first + words)
    except QuantityError:
        low = read(first)
    low = _in_base(low, receipt)
    ends = _value(receipt, "lower"), _value(receipt, "upper")
    if None in ends:
        raise QuantityError("the receipt has no range with two ends")
    slack = max(map(abs, ends)) / 10**12
    width = ends[1] - ends[0]
    own = unit(receipt["unit"])
    finest = scale_word(max(map(abs, ends)), own)[0] / 10 ** decimals_of(Interval(*ends), own)
    if max(low.step, high.step) > width + slack or min(map(_last_digit, (low, high))) < finest:
        raise QuantityError(f"its digits are not those of the range {receipt['range']}")
    if (
        abs(low.value - ends[0]) <= low.step / 2 + slack
        and abs(high.value - ends[1]) <= high.step / 2 + slack
    ):
        return None
    for end, one in zip(ends, (low, high), strict=True):
        if _word_of(abs(end), one) != _word_of(abs(one.value), one):
            raise QuantityError(f"the receipt's range is {receipt['range']}")
    decimals = [len(re.search(r"\d[\d,]*(?:\.(\d+))?", s)[1] or "") for s in match.group(1, 2)]
    shown = [fixed(end / r.scale, d) for end, r, d in zip(ends, (low, high), decimals, strict=True)]
    return (
        text[: match.start("low")]
        + re.sub(r"[-−]?[\d,]*\.?\d+", shown[0], first, count=1)
        + text[match.end("low") : match.start("high")]
        + re.sub(r"[-−]?[\d,]*\.?\d+", shown[1], match["high"], count=1)
    )
