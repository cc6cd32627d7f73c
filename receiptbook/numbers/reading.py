"""Reading a published number from its printed form, in English or Chinese.

A figure that was printed "602 million" means anything from 601.5 to 602.5 million: half a unit of its
last printed digit either way. A qualifier ("more than", "nearly", "余") opens or moves that range.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache

from receiptbook.numbers.errors import QuantityError
from receiptbook.numbers.intervals import INF, Interval
from receiptbook.numbers.units import UNITS, declared_words
from receiptbook.numbers.words import fixed, round_half_up

FREE = {"free", "free of charge", "免费", "全面免费"}
_COUNTERS = (
    r"人次|人|名|戶|户|家|个|個|款|件|项|項|例|宗|条|條|张|張|元|次|台|"
    r"persons?|people|enterprises?|items|cases|yuan|euros?|years?|months?|days|hours|minutes"
)
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
#: Numbers spelled out, zero to ninety-nine.
WORDS = {w: i for i, w in enumerate(_SMALL)} | {w: 10 * i for i, w in enumerate(_TENS, 2)}
WORDS |= {f"{t}-{s}": WORDS[t] + i for t in _TENS for i, s in enumerate(_SMALL[:10]) if i}

_QUALIFIERS = {
    "above": r"more than|over|above|exceed(?:ed|ing|s)?|surpass(?:ed|ing)|greater than|factor above"
    r"|past|upwards of|>|超过|超過|超|逾|突破|高于|高於",
    "at least": r"at least|no less than|≥|>=|至少有?|不低于|不低於|不少于",
    "below": r"less than|fewer than|under|below|<|不足|不到|低于|低於",
    "at most": r"at most|up to|no more than|≤|<=|不超过|不超過|至多",
    "nearly": r"nearly|nearing|almost|close to|just under|近|接近|将近|將近",
    "about": r"about|around|roughly|approximately|some|circa|~|约|約|大约|大約",
}
_UNIT_WORDS = {
    "percentage points": r"percentage[ -]points?|percent points?|points?|pp|ppts?"
    r"|个百分点|個百分點|百分点|百分點",
    "percent": r"%|percent|per cent|pct|pc",
    "per thousand": r"‰|per thousand|per mille",
    "per ten thousand": r"‱|per ten thousand",
    "parts per million": r"parts per million|ppm",
    "parts per billion": r"parts per billion|ppb",
    "times": r"times|-?fold|x|×|倍",
}
_POWERS = {
    3: "thousand k 千",
    4: "万 萬",
    6: "million mn mln m 百万 百萬",
    7: "千万 千萬",
    8: "亿 億",
    9: "billion bn b",
    12: "trillion trn tn 万亿 萬億",
}
_SCALES = {word: power for power, words in _POWERS.items() for word in words.split()}
_PARTS = "third quarter fifth sixth seventh eighth ninth tenth".split()
_FRACTIONS = {"half": 2, "halves": 2, "twentieth": 20, "twentieths": 20}
_FRACTIONS |= {name + s: bottom for bottom, name in enumerate(_PARTS, 3) for s in ("", "s")}
_HAN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
_HAN_PLACES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "萬": 10_000}


def _either(words) -> str:
    """A pattern for one of some words, the longest first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def _named(prefix: str, patterns: dict[str, str], rest: str = "") -> str:
    """A pattern for one of several, each in a group named by its number: u0, u1, ..."""
    return "|".join(f"(?P<{prefix}{i}>(?:{p}){rest})" for i, p in enumerate(patterns.values()))


def _which(match: re.Match, prefix: str, patterns: dict[str, str]) -> str | None:
    """The name of the group of `_named` that matched."""
    return next((name for i, name in enumerate(patterns) if match[f"{prefix}{i}"]), None)


_WORD, _SCALE = _either(WORDS), _either(_SCALES)
_HAN, _HAN_DIGIT = "".join(_HAN_DIGITS) + "十百千", "".join(_HAN_DIGITS)
_PREFIX = re.compile(rf"^(?:an?\s+)?(?:{_named('q', _QUALIFIERS)})\s*", re.I)
_MORE = r"余|餘|多|\+|\s*or more|\s*plus"
_NUMBER = r"\d{1,3}(?:[, \u00a0\u202f]\d{3})+(?:\.\d+)?|\d+,\d{1,2}(?!\d)|\d+(?:\.\d+)?|\.\d+"
_HAN_PER = re.compile(
    rf"(?P<per>百|千|万|萬)分之(?P<whole>[{_HAN}]+)[点點]?(?P<tail>[{_HAN_DIGIT}]*)"
)
_HAN_TENTHS = re.compile(rf"([{_HAN}])成")
_OUT_OF = re.compile(
    rf"({_WORD}|\d+) (?:in|out of)(?: every)? ({_WORD}|\d+)(?: persons| people)?", re.I
)
_FRACTION = re.compile(
    rf"(?:(?P<top>an?|{_WORD})[ -])?(?P<part>{_either(_FRACTIONS)})"
    rf"(?: of an? (?P<scale>{_SCALE}))?(?: of)?",
    re.I,
)
_SPELLED = re.compile(rf"(a|{_WORD})\b(.*)", re.I)


def counters() -> str:
    """A pattern for the words that may follow a number to say what it counts."""
    return _counters(declared_words())


@lru_cache(maxsize=4)
def _counters(declared: tuple[str, ...]) -> str:
    return "|".join((_COUNTERS, *map(re.escape, declared)))


@lru_cache(maxsize=4)
def _body(counters: str) -> re.Pattern:
    """A number with all that may stand around it."""
    return re.compile(
        rf"^(?P<sign>[-−–+])?\s*(?P<currency>[€$¥£]|US\$)?\s*(?P<number>{_NUMBER})\s*"
        rf"(?P<more1>{_MORE})?\s*(?P<scale>(?:{_SCALE})(?![A-Za-z]))?\s*(?P<more2>{_MORE})?\s*"
        rf"(?:{_named('u', _UNIT_WORDS, '(?![A-Za-z])')})?"
        rf"\s*(?P<more3>{_MORE})?\s*(?P<counter>{counters})?\s*(?P<least>以上)?$",
        re.I,
    )


@dataclass(frozen=True)
class Reading:
    """What a printed form says.

    Attributes
    ----------
    text : the printed form
    value, step : the number and one unit of its last printed digit, in `unit`'s base
        (a percentage is a ratio: "42.8%" has value 0.428)
    interval : all numbers that the form can stand for
    unit : name of the unit that the form itself names ("percent", ...), or None
    qualifier : "", "above", "at least", "below", "at most", "nearly" or "about"; "derived" where
        nobody printed the number and `text` tells how it was worked out
    pieces : the form before, in and after its number; the number is empty where it is spelled out
    scale : what the number in `pieces` is multiplied by to give `value`
    """

    text: str
    value: Fraction
    step: Fraction
    interval: Interval
    unit: str | None
    qualifier: str
    pieces: tuple[str, str, str] = field(default=("", "", ""), repr=False, compare=False)
    scale: Fraction = field(default=Fraction(1), repr=False, compare=False)

    def times(self, factor: Fraction) -> Reading:
        """The same form where its number counts something `factor` times as large.

        >>> read("42.8").times(Fraction(1, 100)).value
        Fraction(107, 250)
        """
        return replace(
            self,
            value=self.value * factor,
            step=self.step * factor,
            interval=self.interval.scaled(factor),
            scale=self.scale * factor,
        )

    def rewrite(self, value: Fraction) -> str:
        """The same form saying another value: same words, same digits after the point.

        Raises QuantityError if the number is spelled out in a way that no rule covers.

        >>> read("more than 254,000").rewrite(Fraction(255_000))
        'more than 255,000'
        """
        before, number, after = self.pieces
        if not number:
            raise QuantityError(f"{self.text!r} is spelled out and cannot be rewritten by rule")
        scaled = value / self.scale
        if number.lower() in WORDS:
            whole = int(round_half_up(scaled, 0))
            new = next((word for word, i in WORDS.items() if i == whole), f"{whole:,}")
            return before + (new.capitalize() if number[0].isupper() else new) + after
        whole, _, decimals = number.partition(".")
        new = fixed(abs(scaled), len(decimals), grouped="," in number or len(whole) < 4)
        if scaled < 0 and not re.search(r"[-−–(]\s*$", before):
            new = "−" + new
        return before + new + after


@dataclass(frozen=True)
class _Number:
    """The number in a printed form, without its qualifier; fields as in `Reading`."""

    value: Fraction
    step: Fraction
    unit: str | None
    scale: Fraction
    pieces: tuple[str, str, str] = ("", "", "")
    qualifier: str = ""


def read(text: str, *, step: Fraction | None = None) -> Reading:
    """Read one published number from its printed form, English or Chinese.

    Parameters
    ----------
    text : the printed form. Two printed forms of one figure may stand together, parted by " / ";
        they must be compatible and the result lies in both.
    step : overrides what one unit of the last printed digit is worth, for figures such as
        "230 million" that are known only to ten million (in base units: 10_000_000).

    Raises
    ------
    QuantityError
        if the form cannot be read, or two forms contradict each other.

    >>> reading = read("6.02亿")
    >>> int(reading.value), int(reading.interval.lower), int(reading.interval.upper)
    (602000000, 601500000, 602500000)
    """
    forms = [form for form in text.split(" / ") if form.strip()]
    if not forms:
        raise QuantityError("the printed form is empty: give the number as it was printed")
    readings = [_read_form(form, step) for form in forms]
    result = min(readings, key=lambda reading: reading.step)
    for other in readings:
        common = result.interval & other.interval
        if common is None:
            raise QuantityError(
                f"{text!r} gives two forms of one figure that contradict each other"
            )
        result = replace(result, interval=common, unit=result.unit or other.unit)
    return replace(result, text=text) if len(forms) > 1 else result


def _read_form(text: str, step: Fraction | None) -> Reading:
    plain = _tidy(text)
    if plain.lower() in FREE:
        return Reading(text, Fraction(0), Fraction(1), Interval.point(Fraction(0)), None, "")
    column = re.search(r"(?<=\S)\s*\((10[0,]+)\)$", plain)  # a table whose head says "(10,000)"
    column_head, factor = (column[0], int(column[1].replace(",", ""))) if column else ("", 1)
    plain = plain.removesuffix(column_head)
    prefixed = _PREFIX.match(plain)
    prefix = prefixed[0] if prefixed else ""
    body = plain[len(prefix) :]
    accounting = re.fullmatch(r"\(([^()]*)\)(.*)", body)  # "(6.0)" is minus six
    if accounting:
        body = accounting[1] + accounting[2]
    number = _spelled_out(body) or _in_digits(body)
    if number is None:
        raise QuantityError(
            f"cannot read {text!r} as a published number: expected a form such as '602 million', "
            "'6.02亿', '42.8%', '25.2 percentage points', 'more than 254,000' or 'three per thousand'"
        )
    before, digits, after = number.pieces
    if accounting:
        before, after = f"({before}", after.removesuffix(accounting[2]) + ")" + accounting[2]
    qualifier = _which(prefixed, "q", _QUALIFIERS) if prefixed else number.qualifier
    value = number.value * factor * (-1 if accounting else 1)
    last = number.step * factor if step is None else Fraction(step)
    if last <= 0:
        raise QuantityError(f"the precision of {text!r} must be above zero, found {step}")
    in_fractions = not digits and number.unit in ("ratio", None)  # "half a million"
    return Reading(
        text,
        value,
        last,
        _meaning(value, last, qualifier, rounder=step is None and not in_fractions),
        number.unit,
        qualifier,
        (prefix + before, digits, after + column_head),
        number.scale * factor,
    )


def _tidy(text: str) -> str:
    """One width of characters, no remark in brackets at the end, "60-billion-yuan" as three words."""
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = re.sub(r"\s*\([^()\d]*\)$", "", plain)
    plain = re.sub(r"(?<=\d)-(?=thousand|million|billion|trillion|percent|point)", " ", plain)
    return re.sub(r"(thousand|million|billion|trillion)-(?=[A-Za-z])", r"\1 ", plain)


def _meaning(value: Fraction, last: Fraction, qualifier: str, *, rounder: bool) -> Interval:
    """All numbers that a value printed to a last digit stands for.

    `rounder`: with "about" or "nearly", noughts at the end are no digits. "About 612" means 611.5 to
    612.5, but "about 600" means 550 to 650.
    """
    match qualifier:
        case "above":
            return Interval(value, INF, lower_open=True)
        case "at least":
            return Interval(value, INF)
        case "below":
            return Interval(-INF, value, upper_open=True)
        case "at most":
            return Interval(-INF, value)
    if qualifier and rounder:
        while value and (value / last) % 10 == 0:
            last *= 10
    if qualifier == "nearly":
        return Interval(value - last / 2, value, upper_open=True)
    return Interval(value - last / 2, value + last / 2)


def _in_digits(body: str) -> _Number | None:
    """'602 million', '6.02亿', '42.8%', '240余款'."""
    match = _body(counters()).match(body)
    if not match:
        return None
    name, scale = _unit_and_scale(match)
    decimal = re.sub(r"^(\d+),(\d{1,2})$", r"\1.\2", match["number"])  # "12,5" is twelve and a half
    digits = re.sub(r"[, \u00a0\u202f]", "", decimal)
    sign = -1 if match["sign"] in ("-", "−", "–") else 1
    more = match["more1"] or match["more2"] or match["more3"]
    return _Number(
        sign * Fraction(digits) * scale,
        Fraction(1, 10 ** len(digits.partition(".")[2])) * scale,
        name,
        scale,
        (body[: match.start("number")], match["number"], body[match.end("number") :]),
        "above" if more else "at least" if match["least"] else "",
    )


def _unit_and_scale(match: re.Match) -> tuple[str | None, Fraction]:
    """The unit that a form names, and what its scale word and that unit multiply by."""
    name = _which(match, "u", _UNIT_WORDS)
    return name, _power_of_ten(match["scale"]) * (UNITS[name].scale if name else 1)


def _power_of_ten(word: str | None) -> Fraction:
    return Fraction(10) ** _SCALES[word.lower()] if word else Fraction(1)


def _spelled_out(body: str) -> _Number | None:
    forms = (_han_per, _han_tenths, _out_of, _fraction, _spelled)
    return next((number for form in forms if (number := form(body))), None)


def _han_per(body: str) -> _Number | None:
    """'万分之五', '百分之四十二点八'."""
    if not (match := _HAN_PER.fullmatch(body)):
        return None
    per = _HAN_PLACES[match["per"]]
    tail = "".join(str(_HAN_DIGITS[c]) for c in match["tail"])
    name = {100: "percent", 1000: "per thousand", 10_000: "per ten thousand"}[per]
    value = Fraction(f"{_han(match['whole'])}.{tail or 0}") / per
    return _Number(value, Fraction(1, per * 10 ** len(tail)), name, Fraction(1, per))


def _han_tenths(body: str) -> _Number | None:
    """'八成': eight tenths."""
    if not (match := _HAN_TENTHS.fullmatch(body)):
        return None
    return _Number(Fraction(_han(match[1]), 10), Fraction(1, 10), "percent", Fraction(1))


def _out_of(body: str) -> _Number | None:
    """'nine out of ten', '3 in 10'."""
    if not (match := _OUT_OF.fullmatch(body)):
        return None
    top, bottom = (int(m) if m.isdigit() else WORDS[m.lower()] for m in match.groups())
    if not bottom:
        return None
    pieces = ("", match[1], body[match.end(1) :])
    return _Number(
        Fraction(top, bottom), Fraction(1, bottom), "percent", Fraction(1, bottom), pieces
    )


def _fraction(body: str) -> _Number | None:
    """'three quarters', 'half a million', 'a third of': meant to the nearest twentieth."""
    if not (match := _FRACTION.fullmatch(body)):
        return None
    top = (match["top"] or "a").lower()
    value = Fraction(1 if top in ("a", "an") else WORDS[top], _FRACTIONS[match["part"].lower()])
    scale = _power_of_ten(match["scale"])
    return _Number(value * scale, scale / 20, None if match["scale"] else "ratio", scale)


def _spelled(body: str) -> _Number | None:
    """'three per thousand', 'twenty-five percent', 'a million'."""
    if not (match := _SPELLED.fullmatch(body)):
        return None
    article = match[1].lower() == "a"
    number = 1 if article else WORDS[match[1].lower()]
    inner = _body(counters()).match(f"{number} {match[2].strip()}".strip())
    if not inner or (article and not inner["scale"]):
        return None
    name, scale = _unit_and_scale(inner)
    return _Number(number * scale, scale, name, scale, ("", match[1], match[2]))


def _han(text: str) -> int:
    """A Chinese numeral below ten thousand, written with or without place words."""
    if not any(c in _HAN_PLACES for c in text):
        return int("".join(str(_HAN_DIGITS[c]) for c in text))
    total, digit = 0, None
    for c in text:
        if c in _HAN_DIGITS:
            digit = _HAN_DIGITS[c]
        else:
            total += (1 if digit is None else digit) * _HAN_PLACES[c]
            digit = None
    return total + (digit or 0)
