"""Published numbers: reading their printed form, and arithmetic that keeps interval and derivation.

A figure that was printed "602 million" means anything from 601.5 to 602.5 million. `read` turns the
printed form into a value and that rounding interval; `Quantity` carries both through arithmetic,
exactly (rational numbers throughout), together with the formula and the sources.
"""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import product

INF = math.inf


class QuantityError(ValueError):
    """A printed number cannot be read, or an operation on quantities has no meaning."""


class UnitError(QuantityError):
    """Two quantities do not measure the same kind of thing."""


# ---------------------------------------------------------------------------------------- units


@dataclass(frozen=True)
class Unit:
    """A unit: how large one is, and what it counts.

    `kind` is "amount" for counted or measured things, "ratio" for pure numbers such as a percentage,
    and "points" for the difference between two ratios. `things` holds (noun, power) pairs.
    """

    name: str
    kind: str = "amount"
    scale: Fraction = Fraction(1)
    things: tuple[tuple[str, int], ...] = ()

    def __str__(self) -> str:
        return self.name


RATIO = Unit("ratio", "ratio")
PERCENT = Unit("percent", "ratio", Fraction(1, 100))
POINTS = Unit("percentage points", "points", Fraction(1, 100))
_SIGNS = str.maketrans("-*", "−×")  # as formulas print them

UNITS: dict[str, Unit] = {
    unit.name: unit
    for unit in (
        RATIO,
        PERCENT,
        POINTS,
        Unit("times", "ratio"),
        Unit("per thousand", "ratio", Fraction(1, 1000)),
        Unit("per ten thousand", "ratio", Fraction(1, 10_000)),
        Unit("parts per million", "ratio", Fraction(1, 10**6)),
        Unit("parts per billion", "ratio", Fraction(1, 10**9)),
    )
}
_UNIT_ALIASES = {
    "people": "persons", "users": "persons", "residents": "persons", "%": "percent",
    "percentage_points": "percentage points", "points": "percentage points", "firms": "enterprises",
    "number": "ratio", "factor": "times", "USD": "US dollars", "dollars": "US dollars",
    "CNY": "yuan", "euro": "euros",
}  # fmt: skip
# Counted and measured things. Compound prices and rates ("yuan per million tokens") are kept whole.
for _noun in (
    "persons enterprises households accounts items cases services applications algorithms models "
    "agents products downloads incidents standards patents inventions cities economies stations "
    "racks clusters tools images jobs occupations questions documents articles certificates postings "
    "entities scenarios visits years months days hours minutes seconds uses errors cells yuan euros "
    "EFLOPS tokens batches claims waves data_sets web_sites US_dollars"
).split():
    _noun = _noun.replace("_", " ")
    UNITS[_noun] = Unit(_noun, things=((_noun, 1),))

MEASURES = {"years", "months", "days", "hours", "minutes", "seconds", "yuan", "euros", "US dollars",
            "EFLOPS"}  # fmt: skip


def unit(name: str | Unit) -> Unit:
    """The unit of that name.

    Raises
    ------
    UnitError
        if the name is neither known nor of the form "<known noun> per <known noun>" or
        "<known noun> per <free words>".
    """
    if isinstance(name, Unit):
        return name
    name = _UNIT_ALIASES.get(name, name)
    if name in UNITS:
        return UNITS[name]
    top, per, bottom = name.partition(" per ")
    top, bottom = _UNIT_ALIASES.get(top, top), _UNIT_ALIASES.get(bottom, bottom).strip()
    if per and top in UNITS and bottom:
        above, below = UNITS[top], UNITS.get(bottom) or UNITS.get(bottom + "s")
        if below and above.kind == below.kind == "amount":
            return Unit(name, things=(*above.things, *((n, -p) for n, p in below.things)))
        return Unit(name, things=((name, 1),))
    raise UnitError(
        f"unknown unit {name!r}: expected one of {', '.join(sorted(UNITS))}, or '<unit> per <thing>'"
    )


# ------------------------------------------------------------------------------------- intervals


@dataclass(frozen=True)
class Interval:
    """All numbers from `lower` to `upper`; an end is excluded where its `open` flag is set."""

    lower: Fraction | float
    upper: Fraction | float
    lower_open: bool = False
    upper_open: bool = False

    def __post_init__(self) -> None:
        if self.lower > self.upper:
            raise QuantityError(f"an interval cannot run from {self.lower} down to {self.upper}")

    @property
    def width(self) -> Fraction | float:
        return self.upper - self.lower

    @property
    def bounded(self) -> bool:
        return self.lower != -INF and self.upper != INF

    def __contains__(self, x) -> bool:
        above = x > self.lower or (x == self.lower and not self.lower_open)
        below = x < self.upper or (x == self.upper and not self.upper_open)
        return above and below

    def within(self, other: Interval) -> bool:
        """Is every number of this interval also in `other`?"""
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

    # Interval arithmetic: each end carries its flag along.

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
        ends = [
            (_times(a, b), a_open or b_open)
            for a, a_open in ((self.lower, self.lower_open), (self.upper, self.upper_open))
            for b, b_open in ((other.lower, other.lower_open), (other.upper, other.upper_open))
        ]
        low = min(value for value, _ in ends)
        high = max(value for value, _ in ends)
        return Interval(
            low,
            high,
            all(is_open for value, is_open in ends if value == low),
            all(is_open for value, is_open in ends if value == high),
        )

    def __truediv__(self, other: Interval) -> Interval:
        if other.lower <= 0 <= other.upper:
            raise QuantityError("division by a quantity whose range includes zero")
        low = Fraction(0) if other.upper == INF else 1 / other.upper
        high = Fraction(0) if other.lower == -INF else 1 / other.lower
        return self * Interval(low, high, other.upper_open, other.lower_open)

    def power(self, exponent: Fraction) -> Interval:
        if exponent < 0:
            return Interval(Fraction(1), Fraction(1)) / self.power(-exponent)
        if self.lower < 0 and exponent.denominator != 1:
            raise QuantityError("a fractional power of a quantity that may be negative")
        ends = [
            (_power(self.lower, exponent), self.lower_open),
            (_power(self.upper, exponent), self.upper_open),
        ]
        if exponent.numerator % 2 == 0 and self.lower < 0 < self.upper:
            ends.append((Fraction(0), False))
        (low, low_open), (high, high_open) = min(ends), max(ends)
        return Interval(low, high, low_open, high_open)


def hull(intervals: Iterable[Interval | None]) -> Interval:
    """The smallest interval that holds all of some intervals; None among them is an empty one.

    Raises QuantityError if all are empty.
    """
    intervals = [i for i in intervals if i is not None]
    if not intervals:
        raise QuantityError("nothing is possible: the demands on these figures exclude each other")
    low = min((i.lower, i.lower_open) for i in intervals)
    high = max((i.upper, not i.upper_open) for i in intervals)
    return Interval(low[0], high[0], low[1], not high[1])


def _times(a, b):
    return Fraction(0) if a == 0 or b == 0 else a * b


def _power(base, exponent: Fraction):
    if exponent.denominator == 1 or not math.isfinite(base):
        return base ** int(exponent) if exponent.denominator == 1 else base ** float(exponent)
    return Fraction(float(base) ** float(exponent))


# --------------------------------------------------------------------------------------- reading

_QUALIFIERS = [
    ("above", r"more than|over|above|exceed(?:ed|ing|s)?|surpass(?:ed|ing)|greater than|factor above|past|"
              r"upwards of|>|超过|超過|超|逾|突破|高于|高於"),
    ("at least", r"at least|no less than|≥|>=|至少有?|不低于|不低於|不少于"),
    ("below", r"less than|fewer than|under|below|<|不足|不到|低于|低於"),
    ("at most", r"at most|up to|no more than|≤|<=|不超过|不超過|至多"),
    ("nearly", r"nearly|nearing|almost|close to|just under|近|接近|将近|將近"),
    ("about", r"about|around|roughly|approximately|some|circa|~|约|約|大约|大約"),
]  # fmt: skip
_PREFIX = re.compile(
    r"^(?:an?\s+)?(?:"
    + "|".join(f"(?P<q{i}>{p})" for i, (_, p) in enumerate(_QUALIFIERS))
    + r")\s*",
    re.I,
)
_SCALES = {
    "thousand": 3, "k": 3, "million": 6, "mn": 6, "mln": 6, "m": 6, "billion": 9, "bn": 9, "b": 9,
    "trillion": 12, "trn": 12, "tn": 12, "千": 3, "万": 4, "萬": 4, "百万": 6, "百萬": 6,
    "千万": 7, "千萬": 7, "亿": 8, "億": 8, "万亿": 12, "萬億": 12,
}  # fmt: skip
_SCALE = "|".join(sorted(map(re.escape, _SCALES), key=len, reverse=True))
_UNIT_WORDS = [
    (
        "percentage points",
        r"percentage[ -]points?|percent points?|points?|pp|ppts?|个百分点|個百分點|百分点|百分點",
    ),
    ("percent", r"%|percent|per cent|pct|pc"),
    ("per thousand", r"‰|per thousand|per mille"),
    ("per ten thousand", r"‱|per ten thousand"),
    ("parts per million", r"parts per million|ppm"),
    ("parts per billion", r"parts per billion|ppb"),
    ("times", r"times|-?fold|x|×|倍"),
]  # fmt: skip
_MORE = r"余|餘|多|\+|\s*or more|\s*plus"
COUNTERS = (
    r"人次|人|名|戶|户|家|个|個|款|件|项|項|例|宗|条|條|张|張|元|次|台|"
    r"persons?|people|users|residents|enterprises?|firms|services|applications|algorithms|models|"
    r"products|downloads|accounts|items|cases|incidents|yuan|euros?|[EP]FLOPS|stations|standards|waves|"
    r"years?|months?|days|hours|minutes"
)
_NUMBER = r"\d{1,3}(?:[, \u00a0\u202f]\d{3})+(?:\.\d+)?|\d+,\d{1,2}(?!\d)|\d+(?:\.\d+)?|\.\d+"
_BODY = re.compile(
    rf"^(?P<sign>[-−–+])?\s*(?P<currency>[€$¥£]|US\$)?\s*(?P<number>{_NUMBER})\s*"
    rf"(?P<more1>{_MORE})?\s*(?P<scale>(?:{_SCALE})(?![A-Za-z]))?\s*(?P<more2>{_MORE})?\s*"
    + "(?:" + "|".join(f"(?P<u{i}>(?:{p})(?![A-Za-z]))" for i, (_, p) in enumerate(_UNIT_WORDS)) + ")?"
    + rf"\s*(?P<more3>{_MORE})?\s*(?P<counter>{COUNTERS})?\s*(?P<least>以上)?$",
    re.I,
)  # fmt: skip
FREE = {"free", "free of charge", "免费", "全面免费"}
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
WORDS = {w: i for i, w in enumerate(_SMALL)} | {w: 10 * i for i, w in enumerate(_TENS, 2)}
WORDS |= {f"{t}-{s}": WORDS[t] + i for t in _TENS for i, s in enumerate(_SMALL[:10]) if i}
_WORD = "|".join(sorted(WORDS, key=len, reverse=True))
# A fraction in words ("three quarters") is read to the nearest twentieth.
_FRACTIONS = {"third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
              "ninth": 9, "tenth": 10, "twentieth": 20}  # fmt: skip
_PARTS = "|".join(f"{name}s?" for name in _FRACTIONS)
_HAN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
_HAN = "".join(_HAN_DIGITS) + "十百千"
_HAN_PARTS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "萬": 10_000}


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
    """

    text: str
    value: Fraction
    step: Fraction
    interval: Interval
    unit: str | None
    qualifier: str
    _match: tuple[str, str, str] = field(default=("", "", ""), repr=False, compare=False)
    _scale: Fraction = field(default=Fraction(1), repr=False, compare=False)

    def rewrite(self, value: Fraction) -> str:
        """The same form saying another value: same words, same digits after the point."""
        before, number, after = self._match
        if not number:
            raise QuantityError(f"{self.text!r} is spelled out and cannot be rewritten by rule")
        scaled = value / self._scale
        if number.lower() in WORDS:
            whole = round_half_up(scaled, 0)
            words = {v: w for w, v in WORDS.items()}
            new = words.get(int(whole), f"{int(whole):,}")
            return before + (new.capitalize() if number[0].isupper() else new) + after
        decimals = len(number.partition(".")[2])
        grouped = "," in number or len(number.partition(".")[0]) < 4
        new = fixed(abs(scaled), decimals, grouped=grouped)
        if scaled < 0 and not re.search(r"[-−–(]\s*$", before):
            new = "−" + new
        return before + new + after


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
    """
    forms = [form for form in text.split(" / ") if form.strip()]
    if not forms:
        raise QuantityError("the printed form is empty: give the number as it was printed")
    readings = [_read_one(form, step) for form in forms]
    result = min(readings, key=lambda reading: reading.step)
    for other in readings:
        common = result.interval & other.interval
        if common is None:
            raise QuantityError(
                f"{text!r} gives two forms of one figure that contradict each other"
            )
        result = replace(result, interval=common, unit=result.unit or other.unit)
    return replace(result, text=text) if len(forms) > 1 else result


def _read_one(text: str, step: Fraction | None) -> Reading:
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = re.sub(r"\s*\((?:[^()\d]*)\)$", "", plain)
    if plain.lower() in FREE:
        return Reading(text, Fraction(0), Fraction(1), Interval(Fraction(0), Fraction(0)), None, "")
    plain = re.sub(r"(?<=\d)-(?=thousand|million|billion|trillion|percent|point)", " ", plain)
    plain = re.sub(r"(thousand|million|billion|trillion)-(?=[A-Za-z])", r"\1 ", plain)
    column, factor = "", 1
    if match := re.search(r"(?<=\S)\s*\((10[0,]+)\)$", plain):  # a table whose head says "(10,000)"
        column, factor = match[0], int(match[1].replace(",", ""))
        plain = plain[: match.start()]
    qualifier, body = "", plain
    if match := _PREFIX.match(plain):
        qualifier = next(q for i, (q, _) in enumerate(_QUALIFIERS) if match[f"q{i}"])
        body = plain[match.end() :]
    prefix = plain[: len(plain) - len(body)]

    negative, outside = False, ""
    if match := re.fullmatch(r"\(([^()]*)\)(.*)", body):
        negative, outside, body = True, match[2], match[1] + match[2]

    words = _read_words(body)
    if words:
        value, last, name, pieces, scale = words
    else:
        match = _BODY.match(body)
        if not match:
            raise QuantityError(
                f"cannot read {text!r} as a published number: expected a form such as '602 million', "
                "'6.02亿', '42.8%', '25.2 percentage points', 'more than 254,000' or 'three per thousand'"
            )
        name = next((u for i, (u, _) in enumerate(_UNIT_WORDS) if match[f"u{i}"]), None)
        scale = Fraction(10) ** _SCALES[match["scale"].lower()] if match["scale"] else Fraction(1)
        scale *= factor
        if name:
            scale *= UNITS[name].scale
        decimal = re.sub(r"^(\d+),(\d{1,2})$", r"\1.\2", match["number"])
        digits = re.sub(r"[, \u00a0\u202f]", "", decimal)
        last = Fraction(1, 10 ** len(digits.partition(".")[2])) * scale
        value = Fraction(digits) * scale
        negative ^= (match["sign"] or "") in tuple("-−–") and bool(match["sign"])
        if match["more1"] or match["more2"] or match["more3"]:
            qualifier = qualifier or "above"
        if match["least"]:
            qualifier = qualifier or "at least"
        pieces = (body[: match.start("number")], match["number"], body[match.end("number") :])
    if negative:
        value = -value
    fraction = bool(words) and not pieces[1] and name in ("ratio", None)
    widen = step is None and not fraction
    if step is not None:
        last = Fraction(step)
        if last <= 0:
            raise QuantityError(f"the precision of {text!r} must be above zero, found {step}")
    before, number, after = pieces
    if plain[len(prefix) :].startswith("("):
        inside = after.removesuffix(outside)
        before, after = "(" + before, inside + ")" + outside
    shown = (prefix + before, number, after + column)
    return Reading(
        text, value, last, _meaning(value, last, qualifier, widen), name, qualifier, shown, scale
    )


def _meaning(value: Fraction, last: Fraction, qualifier: str, widen: bool) -> Interval:
    if qualifier == "above":
        return Interval(value, INF, True)
    if qualifier == "at least":
        return Interval(value, INF)
    if qualifier == "below":
        return Interval(-INF, value, False, True)
    if qualifier == "at most":
        return Interval(-INF, value)
    if qualifier in ("nearly", "about") and widen:
        while value and (value / last) % 10 == 0:
            last *= 10
    if qualifier == "nearly":
        return Interval(value - last / 2, value, False, True)
    return Interval(value - last / 2, value + last / 2)


def _read_words(body: str):
    """'three per thousand', 'nine out of ten', 'twenty-five percent', '万分之五', '近八成'."""
    if match := re.fullmatch(
        rf"(百|千|万|萬)分之([{_HAN}]+)(?:点|點)?([{''.join(_HAN_DIGITS)}]*)", body
    ):
        whole = _han(match[2])
        tail = "".join(str(_HAN_DIGITS[c]) for c in match[3])
        per = Fraction(1, _HAN_PARTS[match[1]])
        last = per / 10 ** len(tail)
        name = {100: "percent", 1000: "per thousand", 10_000: "per ten thousand"}[per.denominator]
        return Fraction(f"{whole}.{tail or 0}") * per, last, name, ("", "", ""), per
    if match := re.fullmatch(rf"([{_HAN}])成", body):
        return Fraction(_han(match[1]), 10), Fraction(1, 10), "percent", ("", "", ""), Fraction(1)
    if match := re.fullmatch(
        rf"({_WORD}|\d+) (?:in|out of)(?: every)? ({_WORD}|\d+)(?: persons| people)?", body, re.I
    ):
        top, bottom = (int(WORDS.get(m.lower(), m if m.isdigit() else 0)) for m in match.groups())
        if bottom:
            pieces = ("", match[1], body[match.end(1) :])
            return (
                Fraction(top, bottom),
                Fraction(1, bottom),
                "percent",
                pieces,
                Fraction(1, bottom),
            )
    if match := re.fullmatch(
        rf"(?:(?P<top>an?|{_WORD})[ -])?(?P<part>half|halves|{_PARTS})"
        rf"(?: of an? (?P<scale>{_SCALE}))?(?: of)?",
        body,
        re.I,
    ):
        top, part = (match["top"] or "a").lower(), match["part"].lower()
        scale = Fraction(10) ** _SCALES[match["scale"].lower()] if match["scale"] else Fraction(1)
        bottom = 2 if part in ("half", "halves") else _FRACTIONS[part.removesuffix("s")]
        value = Fraction(1 if top in ("a", "an") else WORDS[top], bottom) * scale
        return value, scale / 20, None if match["scale"] else "ratio", ("", "", ""), scale
    if match := re.fullmatch(rf"(a|{_WORD})\b(.*)", body, re.I):
        rest = match[2].strip()
        number = 1 if match[1].lower() == "a" else WORDS[match[1].lower()]
        inner = _BODY.match(f"{number} {rest}" if rest else f"{number}")
        if not inner or (match[1].lower() == "a" and not inner["scale"]):
            return None
        name = next((u for i, (u, _) in enumerate(_UNIT_WORDS) if inner[f"u{i}"]), None)
        scale = Fraction(10) ** _SCALES[inner["scale"].lower()] if inner["scale"] else Fraction(1)
        scale *= UNITS[name].scale if name else 1
        return number * scale, scale, name, ("", match[1], match[2]), scale
    return None


def _han(text: str) -> int:
    """A Chinese numeral below ten thousand, written with or without place words."""
    if not any(c in "十百千" for c in text):
        return int("".join(str(_HAN_DIGITS[c]) for c in text))
    total, digit = 0, None
    for c in text:
        if c in _HAN_DIGITS:
            digit = _HAN_DIGITS[c]
        else:
            total += (1 if digit is None else digit) * _HAN_PARTS[c]
            digit = None
    return total + (digit or 0)


# ------------------------------------------------------------------------------------ quantities


@dataclass(frozen=True, eq=False)
class Quantity:
    """A number with unit, rounding interval, derivation and sources.

    Made by `published` (a leaf) or by arithmetic on other quantities. `value` and `interval` are in
    the unit's base (42.8 percent is 0.428; 602 million persons is 602000000); `number` gives the
    value in the unit itself.
    """

    unit: Unit
    op: str = "input"
    args: tuple = ()
    id: str = ""
    label: str = ""
    printed: str = ""
    date: str = ""
    sources: tuple[str, ...] = ()
    note: str = ""
    reading: Reading | None = None
    given: tuple[Fraction, Interval] | None = None
    spread: str = ""

    # ---- leaves

    @property
    def is_input(self) -> bool:
        return self.op == "input"

    @property
    def _is_leaf(self) -> bool:
        return self.op in ("input", "computed")

    @property
    def _own(self) -> tuple[Fraction, Interval]:
        """Value and interval of a leaf."""
        return self.given or (self.reading.value, self.reading.interval)

    @cached_property
    def inputs(self) -> tuple[Quantity, ...]:
        """The published figures this rests on, each once, in order of appearance."""
        seen: dict[object, Quantity] = {}
        for leaf in self._leaves():
            for one in (leaf,) if leaf.is_input else (x for arg in leaf.args for x in arg.inputs):
                seen.setdefault(one._key, one)
        return tuple(seen.values())

    @property
    def all_sources(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(s for leaf in self.inputs for s in leaf.sources))

    @property
    def _key(self):
        return self.id or id(self)

    def _leaves(self) -> Iterable[Quantity]:
        if self._is_leaf:
            yield self
            return
        for arg in self.args:
            if isinstance(arg, Quantity):
                yield from arg._leaves()

    # ---- value and interval

    @cached_property
    def value(self) -> Fraction:
        """The central value, in base units."""
        return self._at({leaf._key: leaf._own[0] for leaf in self._leaves()})

    @cached_property
    def interval(self) -> Interval:
        """The range over all inputs within their rounding intervals, in base units.

        Exact where each input appears once, where the result is a quotient of sums and products in
        which each repeated input has degree one, or where it rises or falls throughout in each of
        them; otherwise an enclosure found by bisection, tight to a thousandth of its width.
        """
        box = {leaf._key: leaf._own[1] for leaf in self._leaves()}
        keys = [leaf._key for leaf in self._leaves()]
        repeated = {key for key in keys if keys.count(key) > 1}
        if not repeated:
            return self._over(box)
        return _range(self, box, repeated)

    @property
    def number(self) -> float:
        """The central value in the quantity's own unit."""
        return float(self.value / self.unit.scale)

    @property
    def lower(self) -> float:
        return float(self.interval.lower / self.unit.scale)

    @property
    def upper(self) -> float:
        return float(self.interval.upper / self.unit.scale)

    def __float__(self) -> float:
        return self.number

    def _at(self, point: Mapping) -> Fraction:
        if self._is_leaf:
            return point[self._key]
        a, *rest = (arg._at(point) if isinstance(arg, Quantity) else arg for arg in self.args)
        match self.op, rest:
            case "neg", []:
                return -a
            case "+", [b]:
                return a + b
            case "-", [b]:
                return a - b
            case "*", [b]:
                return a * b
            case "/", [b]:
                if b == 0:
                    raise QuantityError("division by zero")
                return a / b
            case "**", [b]:
                return _power(a, b)
        raise AssertionError(self.op)

    def _over(self, box: Mapping) -> Interval:
        """Natural interval extension over a box of input ranges."""
        if self._is_leaf:
            return box[self._key]
        parts = [
            arg._over(box) if isinstance(arg, Quantity) else Interval(arg, arg) for arg in self.args
        ]
        match self.op, parts:
            case "neg", [a]:
                return -a
            case "+", [a, b]:
                return a + b
            case "-", [a, b]:
                return a - b
            case "*", [a, b]:
                return a * b
            case "/", [a, b]:
                return a / b
            case "**", [a, b]:
                return a.power(b.lower)
        raise AssertionError(self.op)

    def _slope(self, box: Mapping, key) -> Interval:
        """Range of the derivative with respect to one input over a box (forward mode)."""
        if self._is_leaf:
            one = Fraction(int(self._key == key))
            return Interval(one, one)
        zero = Interval(Fraction(0), Fraction(0))
        values = [
            arg._over(box) if isinstance(arg, Quantity) else Interval(arg, arg) for arg in self.args
        ]
        slopes = [arg._slope(box, key) if isinstance(arg, Quantity) else zero for arg in self.args]
        match self.op, values, slopes:
            case "neg", [_], [da]:
                return -da
            case "+", _, [da, db]:
                return da + db
            case "-", _, [da, db]:
                return da - db
            case "*", [a, b], [da, db]:
                return da * b + a * db
            case "/", [a, b], [da, db]:
                return da / b - a * db / b.power(Fraction(2))
            case "**", [a, n], [da, _]:
                if n.lower == 0:
                    return zero
                return n * a.power(n.lower - 1) * da
        raise AssertionError(self.op)

    # ---- arithmetic

    def _with(self, op: str, args: tuple, unit: Unit) -> Quantity:
        return Quantity(unit, op, args)

    def __neg__(self) -> Quantity:
        return self._with("neg", (self,), self.unit)

    def __add__(self, other) -> Quantity:
        return _combine("+", self, other)

    def __radd__(self, other) -> Quantity:
        return _combine("+", other, self)

    def __sub__(self, other) -> Quantity:
        return _combine("-", self, other)

    def __rsub__(self, other) -> Quantity:
        return _combine("-", other, self)

    def __mul__(self, other) -> Quantity:
        return _combine("*", self, other)

    def __rmul__(self, other) -> Quantity:
        return _combine("*", other, self)

    def __truediv__(self, other) -> Quantity:
        return _combine("/", self, other)

    def __rtruediv__(self, other) -> Quantity:
        return _combine("/", other, self)

    def __pow__(self, exponent) -> Quantity:
        exponent = _exact(exponent)
        if exponent is None:
            raise UnitError("the exponent must be a plain number")
        if self.unit.kind != "ratio":
            raise UnitError(f"a power is taken of a ratio, not of {self.unit}")
        return self._with("**", (self, exponent), RATIO)

    def to(self, name: str | Unit) -> Quantity:
        """The same quantity in another unit of the same kind, for example a ratio in percent."""
        target = unit(name)
        if (target.kind, target.things) != (self.unit.kind, self.unit.things):
            raise UnitError(f"cannot express {self.unit} in {target}: {_kinds(self.unit, target)}")
        return replace(self, unit=target)

    # ---- words

    @property
    def formula(self) -> str:
        """The derivation in symbols, for example "users(2025-12) / users(2024-12) − 1"."""
        return self._formula(0)

    def _formula(self, outer: int) -> str:
        if self._is_leaf:
            text = self.label or self.printed
            binding = [" + ", " − "] + [" × ", " / "] * (outer > 2)
            loose = self.op == "computed" and outer > 1 and any(sign in text for sign in binding)
            return f"({text})" if loose else text
        rank = {"+": 1, "-": 1, "*": 2, "/": 2, "neg": 3, "**": 4}[self.op]
        parts = [
            arg._formula(rank + ((i > 0 and self.op in "-/") or self.op == "**"))
            if isinstance(arg, Quantity)
            else _plain(arg)
            for i, arg in enumerate(self.args)
        ]
        if self.op == "neg":
            text = "−" + parts[0]
        elif self.op == "**":
            text = f"{parts[0]}^{parts[1] if '/' not in parts[1] else f'({parts[1]})'}"
        else:
            text = f" {self.op.translate(_SIGNS)} ".join(parts)
        return f"({text})" if rank < outer else text

    def show(self, decimals: int | None = None) -> str:
        """The central value in words, with as many digits as its interval allows.

        No more than four digits in all, and none behind a whole count; the range has the rest.
        """
        if self.is_input and decimals is None and self.reading.qualifier != "derived":
            return self.printed
        if decimals is None:
            decimals = min(self.decimals, _most_decimals(self.value, self.unit))
        return show(self.value, self.unit, decimals)

    @property
    def range_text(self) -> str:
        """The interval in words: "141.1% to 142.5%", "more than 254,000"."""
        return show_range(self.interval, self.unit)

    @property
    def range_kind(self) -> str:
        """Where the range comes from; empty if every input is chosen: then no range means much."""
        if spread := next((leaf.spread for leaf in self._leaves() if leaf.spread), ""):
            return spread
        chosen = self.inputs and not self.all_sources
        return "" if chosen else "from rounding"

    @property
    def decimals(self) -> int:
        """Digits after the point that the interval allows, in the unit and scale of `show`."""
        return _decimals(self.interval, self.unit)

    def __repr__(self) -> str:
        name = f"{self.id}: " if self.id else ""
        return f"<{name}{self.show()}, {self.range_text}>"


def published(
    printed: str,
    unit_name: str | Unit | None = None,
    *,
    id: str = "",
    label: str = "",
    date: str = "",
    sources: Iterable[str] = (),
    precision: Fraction | int | str | None = None,
    note: str = "",
) -> Quantity:
    """A quantity read from its printed form.

    Parameters
    ----------
    printed : the number as it was printed
    unit_name : what it counts; may be left out where the printed form says it ("42.8%")
    precision : one unit of the last significant digit, in `unit_name`, where the form hides it

    Raises
    ------
    QuantityError
        if the form cannot be read
    UnitError
        if the unit is unknown or contradicts the printed form
    """
    target = unit(unit_name) if unit_name else None
    step = None
    if precision not in (None, ""):
        step = Fraction(str(precision)) * (target.scale if target else 1)
    reading = read(printed, step=step)
    if target is None:
        if reading.unit is None:
            raise UnitError(f"{printed!r} does not say what it counts: give its unit")
        target = UNITS[reading.unit]
    elif reading.unit is None and target.kind != "amount":
        scale = target.scale
        interval = reading.interval if step is None else None
        if step is not None:
            plain = read(printed)
            half = step / 2
            value = plain.value * scale
            interval = Interval(value - half, value + half)
            reading = replace(plain, value=value, step=step, interval=interval, _scale=scale)
        else:
            reading = replace(
                reading,
                value=reading.value * scale,
                step=reading.step * scale,
                interval=interval.scaled(scale),
                _scale=reading._scale * scale,
            )
    elif reading.unit is not None and UNITS[reading.unit].kind != target.kind:
        raise UnitError(
            f"{printed!r} is printed in {reading.unit} but given as {target}: "
            f"{_kinds(UNITS[reading.unit], target)}"
        )
    return Quantity(target, "input", (), id, label, printed, date, tuple(sources), note, reading)


def computed(
    value: float | Fraction,
    unit_name: str | Unit,
    inputs: Iterable[Quantity],
    formula: str,
    *,
    lower: float | Fraction | None = None,
    upper: float | Fraction | None = None,
    spread: str = "",
) -> Quantity:
    """A quantity worked out by code that is no plain arithmetic, for example by a linear programme.

    Parameters
    ----------
    value, lower, upper : central value and range, in the unit; without a range the value is exact
    inputs : the quantities it was worked out from, for the receipt
    formula : how it was worked out, in words or symbols
    spread : what the range is, where it is not from rounding: "published 95% interval"
    """
    target = unit(unit_name)
    ends = [Fraction(value if x is None else x) * target.scale for x in (lower, value, upper)]
    if not ends[0] <= ends[1] <= ends[2]:
        raise QuantityError(f"the value {value} lies outside its own range, {lower} to {upper}")
    given = (ends[1], Interval(ends[0], ends[2]))
    return Quantity(target, "computed", tuple(inputs), label=formula, given=given, spread=spread)


def monotone(function, inputs: Iterable[Quantity], unit_name: str | Unit, formula: str) -> Quantity:
    """A function of quantities that rises or falls throughout in each of them.

    `function` takes the inputs' numbers, each in its own unit, and returns a number in `unit_name`.
    The range is that over all corners of the inputs' intervals, which is exact for such a function.

    Raises
    ------
    QuantityError
        if an input has no bounded range
    """
    inputs = tuple(inputs)
    for q in inputs:
        if not q.interval.bounded:
            raise QuantityError(f"{q.label or q.printed} has no bounded range: {q.range_text}")
    corners = [
        function(*(end for end in corner))
        for corner in itertools.product(*((q.lower, q.upper) for q in inputs))
    ]
    value = function(*(q.number for q in inputs))
    return computed(
        value,
        unit_name,
        inputs,
        formula,
        lower=min(corners + [value]),
        upper=max(corners + [value]),
    )


def _exact(x) -> Fraction | None:
    if isinstance(x, bool | Quantity):
        return None
    if isinstance(x, (int, Fraction)):
        return Fraction(x)
    if isinstance(x, float):
        return Fraction(str(x))
    return None


def _combine(op: str, a, b) -> Quantity:
    units, args = [], []
    for x in (a, b):
        if isinstance(x, Quantity):
            units.append(x.unit)
            args.append(x)
        else:
            number = _exact(x)
            if number is None:
                return NotImplemented
            units.append(None)
            args.append(number)
    return Quantity(_unit_of(op, *units), op, tuple(args))


def _unit_of(op: str, a: Unit | None, b: Unit | None) -> Unit:
    """The unit of a sum, difference, product or quotient; None stands for a plain number."""
    if op in "+-":
        one, other = a or RATIO, b or RATIO
        kinds = (one.kind, other.kind)
        if kinds == ("ratio", "ratio"):
            if op == "-" and a is not None and b is not None:
                return POINTS
            return (a if b is None else b if a is None else a) or RATIO
        if kinds == ("points", "points"):
            return one
        if kinds == ("ratio", "points") and a is not None:
            return one
        if kinds == ("points", "ratio") and op == "+" and b is not None:
            return other
        if kinds == ("amount", "amount") and one.things == other.things:
            return one
        verb = "add" if op == "+" else "subtract"
        left, right = (a.name if a else "a plain number"), (b.name if b else "a plain number")
        raise UnitError(f"cannot {verb} {left} and {right}: {_kinds(one, other)}")
    if a is None or b is None:
        kept = a or b
        if a is None and op == "/":
            if kept.kind == "ratio":
                return RATIO
            return _amount({noun: -power for noun, power in kept.things})
        return kept
    if "points" in (a.kind, b.kind):
        if op == "/" and a.kind == b.kind:
            return RATIO
        if op == "*" and a.kind == "points" and b.kind == "amount":
            return b
        if op == "*" and b.kind == "points" and a.kind == "amount":
            return a
        raise UnitError(f"cannot {'multiply' if op == '*' else 'divide'} {a} and {b}")
    powers: dict[str, int] = dict(a.things)
    for noun, power in b.things:
        powers[noun] = powers.get(noun, 0) + (power if op == "*" else -power)
    powers = {noun: power for noun, power in powers.items() if power}
    if not powers:
        return RATIO
    for keep in (a, b):
        if dict(keep.things) == powers and (op == "*" or keep is a):
            return keep
    return _amount(powers)


def _amount(powers: dict[str, int]) -> Unit:
    top = " ".join(n if p == 1 else f"{n}^{p}" for n, p in powers.items() if p > 0) or "1"
    bottom = " ".join(
        n.removesuffix("s") if p == -1 else f"{n}^{-p}" for n, p in powers.items() if p < 0
    )
    return Unit(f"{top} per {bottom}" if bottom else top, things=tuple(powers.items()))


def _kinds(a: Unit, b: Unit) -> str:
    if {a.kind, b.kind} == {"ratio", "points"}:
        return (
            "a percentage says how large a share is, percentage points say how far apart two shares "
            "are; they cannot stand for each other"
        )
    if a.kind == b.kind == "amount":
        return f"one counts {a.name}, the other {b.name}"
    return f"one is {_kind_word(a)}, the other {_kind_word(b)}"


def _kind_word(u: Unit) -> str:
    return {"amount": f"a number of {u.name}", "ratio": "a ratio", "points": "a difference"}[u.kind]


# ------------------------------------------------------------------- ranges with repeated inputs


def _range(q: Quantity, box: dict, repeated: set) -> Interval:
    if any(not box[key].bounded for key in repeated):
        return q._over(box)
    if len(repeated) <= 8 and all(max(_degrees(q, key)) <= 1 for key in repeated):
        # With all others fixed, (a + b x) / (c + d x) rises or falls throughout in x: the extremes
        # lie at corners. The first line refuses a denominator that may be zero.
        q._over(box)
        corners = product(*(_ends(box[key]) for key in repeated))
        return hull(q._over({**box, **dict(zip(repeated, c, strict=True))}) for c in corners)
    low, high = dict(box), dict(box)
    undecided = set()
    for key in repeated:
        slope = q._slope(box, key)
        at_lower, at_upper = _ends(box[key])
        if slope.lower >= 0:
            low[key], high[key] = at_lower, at_upper
        elif slope.upper <= 0:
            low[key], high[key] = at_upper, at_lower
        else:
            undecided.add(key)
    if not undecided:
        bottom, top = q._over(low), q._over(high)
        return Interval(bottom.lower, top.upper, bottom.lower_open, top.upper_open)
    return Interval(_bisect(q, low, undecided, -1), _bisect(q, high, undecided, 1))


def _degrees(q: Quantity, key) -> tuple[int, int]:
    """Degrees in one input of numerator and denominator, with q written as one fraction."""
    if q._is_leaf:
        return int(q._key == key), 0
    parts = [_degrees(arg, key) if isinstance(arg, Quantity) else (0, 0) for arg in q.args]
    (a, b), (c, d) = parts[0], parts[-1]
    if q.op == "neg":
        return a, b
    if q.op in "+-":
        return max(a + d, c + b), b + d
    if q.op == "*":
        return a + c, b + d
    if q.op == "/":
        return a + d, b + c
    return (99, 99) if a or b else (0, 0)


def _ends(interval: Interval) -> tuple[Interval, Interval]:
    return (
        Interval(interval.lower, interval.lower, interval.lower_open, interval.lower_open),
        Interval(interval.upper, interval.upper, interval.upper_open, interval.upper_open),
    )


def _bisect(q: Quantity, box: dict, keys: set, side: int) -> Fraction:
    """An outer bound of q over the box, tightened by halving its widest input (branch and bound)."""
    import heapq

    def bound(b):
        over = q._over(b)
        return -over.upper if side > 0 else over.lower

    def reached(b):
        middle = {k: (i.lower + i.upper) / 2 if i.bounded else i.lower for k, i in b.items()}
        return -q._at(middle) if side > 0 else q._at(middle)

    count = 0
    heap = [(bound(box), count, box)]
    best = reached(box)
    width = abs(q._over(box).width) or Fraction(1)
    while count < 4000:
        outer, _, current = heap[0]
        if best - outer <= width / 1000:
            break
        heapq.heappop(heap)
        key = max(keys, key=lambda k: current[k].width / (box[k].width or 1))
        middle = (current[key].lower + current[key].upper) / 2
        for half in (
            Interval(current[key].lower, middle),
            Interval(middle, current[key].upper),
        ):
            count += 1
            part = {**current, key: half}
            best = min(best, reached(part))
            heapq.heappush(heap, (bound(part), count, part))
    outer = heap[0][0]
    return -outer if side > 0 else outer


# --------------------------------------------------------------------------------------- showing


def round_half_up(x: Fraction, decimals: int) -> Fraction:
    """Round half away from zero, as statistical offices print."""
    factor = 10**decimals
    whole = math.floor(abs(x) * factor + Fraction(1, 2))
    return Fraction(whole if x >= 0 else -whole, factor)


def fixed(x: Fraction, decimals: int, *, grouped: bool = True) -> str:
    """A number with a fixed count of decimals, rounded half away from zero."""
    rounded = round_half_up(Fraction(x), decimals)
    whole, rest = divmod(abs(rounded.numerator) * 10**decimals // rounded.denominator, 10**decimals)
    text = f"{whole:,}" if grouped else str(whole)
    if decimals:
        text += f".{rest:0{decimals}d}"
    return ("−" if rounded < 0 else "") + text


def _plain(x: Fraction) -> str:
    if x.denominator == 1:
        return str(x.numerator)
    text = f"{float(x):g}"
    return text if Fraction(text) == x else f"{x.numerator}/{x.denominator}"


def scale_word(magnitude, u: Unit) -> tuple[Fraction, str]:
    """The power of ten that a number of this size is told in, and its word: (10**6, " million").

    magnitude: absolute value in base units; percentages and rates keep the scale of their unit.
    """
    if u.kind == "amount":
        for power, word in ((12, " trillion"), (9, " billion"), (6, " million")):
            if magnitude >= 10**power:
                return Fraction(10**power), word
    return u.scale, ""


def _most_decimals(value: Fraction, u: Unit) -> int:
    scale, _ = scale_word(abs(value), u)
    size = abs(value) / scale
    if scale == 1 and _counts(u) and size.denominator == 1:
        return 0
    return max(0, 3 - math.floor(math.log10(size))) if size else 3


def _counts(u: Unit) -> bool:
    """Does the unit count whole things, and not time, money or another measure?"""
    return (
        len(u.things) == 1
        and u.things[0][1] == 1
        and u.name not in MEASURES
        and " per " not in u.name
    )


def _suffix(u: Unit, text: str) -> str:
    if u.name == "percent":
        return "%"
    if u.kind == "points":
        return " percentage point" if text in ("1", "−1") else " percentage points"
    if u.name in ("ratio", "persons"):
        return ""
    return " " + u.name


def _decimals(interval: Interval, u: Unit, magnitude=None) -> int:
    if not interval.bounded:
        return 0
    if magnitude is None:
        magnitude = max(abs(interval.lower), abs(interval.upper))
    scale, _ = scale_word(magnitude, u)
    width = interval.width / scale
    if width == 0:
        return 0 if (interval.lower / scale).denominator == 1 else 2
    return max(0, 1 - math.floor(math.log10(width)))


def show(value: Fraction, u: Unit, decimals: int = 1) -> str:
    """A value in its unit: show(Fraction(602 * 10**6), unit("persons"), 0) is "602 million"."""
    scale, word = scale_word(abs(value), u)
    text = fixed(value / scale, decimals)
    return text + word + _suffix(u, text)


def show_range(interval: Interval, u: Unit) -> str:
    """An interval in words, with two significant digits of its width.

    A count that was rounded to the last one stands for itself: there is no half a model.
    """
    low, high = interval.lower, interval.upper
    if low == -INF and high == INF:
        return "any value"
    if low == -INF or high == INF:
        end, is_open = (low, interval.lower_open) if high == INF else (high, interval.upper_open)
        scale, word = scale_word(abs(end), u)
        text = _plain_grouped(end / scale) + word
        head = {(True, True): "more than ", (True, False): "at least "}
        tail = {(False, True): "less than ", (False, False): "at most "}
        return (head | tail)[(high == INF, is_open)] + text + _suffix(u, text)
    magnitude = max(abs(low), abs(high))
    scale, word = scale_word(magnitude, u)
    decimals = _decimals(interval, u, magnitude)
    if scale == 1 and _counts(u) and (2 * low).denominator == (2 * high).denominator == 1:
        low, high, decimals = Fraction(math.ceil(low)), Fraction(math.floor(high)), 0
    first, last = fixed(low / scale, decimals), fixed(high / scale, decimals)
    suffix = _suffix(u, "")
    if first == last:
        return first + word + suffix
    if suffix == "%":
        return f"{first}% to {last}%"
    return f"{first} to {last}{word}{suffix}"


def _plain_grouped(x: Fraction) -> str:
    decimals = 0
    while decimals < 6 and (x * 10**decimals).denominator != 1:
        decimals += 1
    return fixed(x, decimals)
