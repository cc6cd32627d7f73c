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

from receiptbook.numbers.errors import QuantityError, UnitError
from receiptbook.numbers.intervals import INF, Interval
from receiptbook.numbers.numerals import (
    FRACTIONS,
    HAN,
    HAN_DIGITS,
    MULTIPLES,
    PATTERNS,
    SIGNS,
    WORDS,
    either,
    english,
    han,
    section,
)
from receiptbook.numbers.units import NO_THINGS, THINGS, UNITS, declared_words, mismatch, unit
from receiptbook.numbers.words import fixed, round_half_up

FREE = {"free", "free of charge", "免费", "全面免费"}
_COUNTERS = (
    r"人次|人|名|戶|户|家|个|個|款|件|项|項|例|宗|条|條|张|張|元人民币|元|美元|欧元|歐元|次|台|"
    r"persons?|people|enterprises?|items|cases|yuan|euros?|(?:US )?dollars|"
    r"years?|months?|days|hours|minutes"
)
_CURRENCIES = {
    "$": "US dollars", "US$": "US dollars", "USD": "US dollars", "€": "euros", "EUR": "euros",
    "¥": "yuan", "RMB": "yuan", "CNY": "yuan", "£": "pounds",
}  # fmt: skip
#: What a Chinese counter says is counted; those not named here are said of many things.
_COUNTED = {
    "人": "persons", "名": "persons", "元": "yuan", "元人民币": "yuan", "美元": "US dollars",
    "欧元": "euros", "歐元": "euros",
    **dict.fromkeys("家户戶款件项項宗条條张張台", THINGS),
}  # fmt: skip

_QUALIFIERS = {
    "at least": r"at least|no less than|no fewer than|≥|>=|至少有?|不低于|不低於|不少于",
    "just over": r"just over|just above|(?:slightly|a little|little) (?:more than|over|above)|刚过",
    "above": r"more than|over|above|exceed(?:ed|ing|s)?|surpass(?:ed|ing)|greater than|factor above"
    r"|pass(?:ed|es)?|past|topped|upwards of|>|超过|超過|超|逾|突破|高于|高於",
    "at most": r"at most|up to|no more than|≤|<=|不超过|不超過|至多",
    "nearly": r"nearly|nearing|almost|close to|just (?:under|below|short of)"
    r"|(?:slightly|a little) (?:less than|under|below)|近|接近|将近|將近",
    "below": r"less than|fewer than|under|below|<|不足|不到|低于|低於",
    "about": r"about|around|roughly|approximately|some|circa|~|约|約|大约|大約",
}
_UNIT_WORDS = {
    "basis points": r"basis points?|bps",
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


def _named(prefix: str, patterns: dict[str, str], rest: str = "") -> str:
    """A pattern for one of several, each in a group named by its number: u0, u1, ..."""
    return "|".join(f"(?P<{prefix}{i}>(?:{p}){rest})" for i, p in enumerate(patterns.values()))


def _which(match: re.Match, prefix: str, patterns: dict[str, str]) -> str | None:
    """The name of the group of `_named` that matched."""
    return next((name for i, name in enumerate(patterns) if match[f"{prefix}{i}"]), None)


_WORD, _SCALE = either(WORDS), either(_SCALES)
_END = "(?![A-Za-z])"  # of a word, also where Han characters follow it
_PREFIX = re.compile(rf"^(?:an?\s+)?(?:{_named('q', _QUALIFIERS)})\s*", re.I)
_AT_THE_END = re.compile(rf"(?<![A-Za-z])(?:{'|'.join(_QUALIFIERS.values())})\s*$", re.I)
_MORE = r"余|餘|多|\+|\s*or more|\s*plus"
_DECIMAL_COMMA = (
    r"0,\d+|[1-9]\d*,\d{1,2}(?!\d)"  # "12,5" is twelve and a half; no group begins with 0
)
_NUMBER = (
    rf"[1-9]\d{{0,2}}(?P<group>[, '’])\d{{3}}(?:(?P=group)\d{{3}})*(?![, '’]?\d)(?:\.\d+)?|{_DECIMAL_COMMA}"
    r"|(?:0|[1-9]\d*)(?:\.\d+)?|\.\d+"
)
_LARGE = re.compile("thousand|million|billion|trillion|[万萬亿億]", re.I)
_HAN_NUMERAL = re.compile(rf"(?P<number>[{HAN}]+)(?P<rest>.*)")
_HAN_PER = re.compile(rf"(?P<per>百|千|万|萬)分之(?P<number>[{HAN}]+|\d+(?:\.\d+)?)")
_HAN_TENTHS = re.compile(r"([一二三四五六七八九两兩]|十(?!成.))成(半|[一二三四五六七八九])?")
_HAN_PARTS = re.compile(rf"([{HAN_DIGITS}十]+)分之([{HAN_DIGITS}十]+)")
_OUT_OF = re.compile(
    rf"({_WORD}|\d+) (?:in|out of)(?: every)? ({_WORD}|\d+)(?: persons| people)?", re.I
)
_OF_ONE = "percent|per cent|percentage point"
_FRACTION = re.compile(
    rf"(?:(?P<top>an?|{_WORD})[ -])?(?P<part>{either(FRACTIONS)})"
    rf"(?:(?: of)? an? (?P<one>{_OF_ONE})|(?:(?: of)? an?)? (?P<scale>{_SCALE}))?(?: of)?",
    re.I,
)
_AND_A_HALF = re.compile(rf"(?P<whole>{_WORD}|\d+) and (?:a |one )?half{_END}(?P<rest>.*)", re.I)
_SPELLED = re.compile(
    rf"(?P<number>(?:an?|{_WORD}){_END}(?:(?:[\s,]+|\s+and\s+)(?:{_WORD}|hundred|thousand|million|billion"
    rf"|trillion){_END})*)(?P<rest>.*)",
    re.I,
)
_LOADED = re.compile(
    rf"(?<![A-Za-z])(?:{either(w for w in _SCALES if w.isascii())}|millions|thousands|billions|per|each|"
    rf"{'|'.join((*_UNIT_WORDS.values(), *_QUALIFIERS.values()))})(?![A-Za-z])"
    r"|[千万萬亿億%‰余餘多每]",
    re.I,
)


def qualifier_before(text: str) -> str:
    """The words at the end of a text that would qualify a number behind them; empty if there are none.

    >>> qualifier_before("It has exceeded "), qualifier_before("It has ")
    ('exceeded', '')
    """
    found = _AT_THE_END.search(text)
    return found[0].strip() if found else ""


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
        rf"^(?P<sign>[-−–+])?\s*(?P<currency>{either(_CURRENCIES)})?\s*(?P<number>{_NUMBER})\s*"
        rf"(?P<more1>{_MORE})?\s*(?P<scale>(?:{_SCALE})(?![A-Za-z]))?\s*(?P<more2>{_MORE})?\s*"
        rf"(?:{_named('u', _UNIT_WORDS, '(?![A-Za-z])')})?"
        rf"\s*(?P<more3>{_MORE})?\s*(?P<counter>{counters})?\s*(?P<least>以上)?(?P<most>以下)?"
        r"(?P<round>左右|上下|\s*or so)?$",
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
    qualifier : "", "above", "at least", "just over", "below", "at most", "nearly" or "about";
        "derived" where nobody printed the number and `text` tells how it was worked out
    pieces : the form before, in and after its number; the number is empty where it is spelled out
    scale : what the number in `pieces` is multiplied by to give `value`
    counts : the unit that the form names by a noun or a currency ("persons", "yuan"), or None
    """

    text: str
    value: Fraction
    step: Fraction
    interval: Interval
    unit: str | None
    qualifier: str
    pieces: tuple[str, str, str] = field(default=("", "", ""), repr=False, compare=False)
    scale: Fraction = field(default=Fraction(1), repr=False, compare=False)
    counts: str | None = None

    def times(self, factor: Fraction) -> Reading:
        """The same form where its number counts something `factor` times as large.

        >>> read("42.8").times(Fraction(1, 100)).value
        Fraction(107, 250)
        """
        if factor == 1:
            return self
        return replace(
            self,
            value=self.value * factor,
            step=self.step * factor,
            interval=self.interval.scaled(factor),
            scale=self.scale * factor,
        )

    def rewrite(self, value: Fraction) -> str:
        """The same form saying another value: same words, same digits after the point.

        Raises QuantityError where no rule covers the form, or the new one would not say the value.

        >>> read("more than 254,000").rewrite(Fraction(255_000))
        'more than 255,000'
        """
        before, number, after = self.pieces
        if not number or " / " in self.text:
            raise QuantityError(f"{self.text!r} is spelled out and cannot be rewritten by rule")
        scaled = value / self.scale
        if number.lower() in WORDS:
            whole = int(round_half_up(scaled, 0))
            new = next((word for word, i in WORDS.items() if i == whole), f"{whole:,}")
            return self._checked(
                before + (new.capitalize() if number[0].isupper() else new) + after, value
            )
        comma = bool(re.fullmatch(_DECIMAL_COMMA, number))
        whole, _, decimals = number.partition("," if comma else ".")
        group = re.search(r"[, '’]", whole)
        new = fixed(abs(scaled), len(decimals), grouped=not comma and bool(group or len(whole) < 4))
        new = new.replace(".", ",") if comma else new.replace(",", group[0] if group else ",")
        sign = re.search(r"[-−–+](\s*)$", before)
        if sign and ((sign[0][0] == "+") == (scaled < 0)):
            before = before[: sign.start()]
            new = "−" + new if scaled < 0 else new
        elif scaled < 0 and not sign and not before.endswith("("):
            new = "−" + new
        return self._checked(before + new + after, value)

    def _checked(self, new: str, value: Fraction) -> str:
        """A rewritten form, if it reads as the value in the same sense as this one."""
        try:
            again = read(new)
        except QuantityError:
            again = None
        same = again and (again.qualifier, again.unit, again.counts) == (
            self.qualifier, self.unit, self.counts,
        )  # fmt: skip
        factor = self.scale / again.scale if same else 1
        if not same or abs(again.value * factor - value) * 2 > again.step * factor:
            raise QuantityError(f"{self.text!r} cannot be rewritten by rule for another value")
        return new


_LONGEST = 400  # characters of a printed form with all its remarks


@dataclass(frozen=True)
class _Number:
    """The number in a printed form, without its qualifier; fields as in `Reading`."""

    value: Fraction
    step: Fraction
    unit: str | None
    scale: Fraction
    pieces: tuple[str, str, str] = ("", "", "")
    qualifier: str = ""
    counts: str | None = None


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
        if the form cannot be read, or two forms contradict each other
    UnitError
        if two forms are in different kinds of unit

    >>> reading = read("6.02亿")
    >>> int(reading.value), int(reading.interval.lower), int(reading.interval.upper)
    (602000000, 601500000, 602500000)
    """
    if not isinstance(text, str):
        raise QuantityError(
            f"a printed form is text, such as '602 million'; found {text!r}: put it in quotes"
        )
    if len(text) > _LONGEST:
        raise QuantityError(
            f"the printed form {text[:20]!r}… is longer than any number: expected at most "
            f"{_LONGEST} characters"
        )
    forms = [form for form in text.split(" / ") if form.strip()]
    if not forms:
        raise QuantityError("the printed form is empty: give the number as it was printed")
    readings = [_read_form(form, step, declared_words()) for form in forms]
    return readings[0] if len(forms) == 1 else _in_common(text, readings)


def _in_common(text: str, readings: list[Reading]) -> Reading:
    """What several forms of one figure say together; the most exact gives the value."""
    common = readings[0].interval
    for one in readings:
        common = common & one.interval
        if common is None:
            raise QuantityError(
                f"{text!r} gives two forms of one figure that contradict each other"
            )
    for name in ("unit", "counts"):
        named = {unit(getattr(one, name)) for one in readings if getattr(one, name) in UNITS}
        if len({(one.kind, one.things) for one in named}) > 1:
            raise UnitError(f"{text!r}: {mismatch(*list(named)[:2])}")
    fitting = [one for one in readings if common.lower <= one.value <= common.upper]
    if not fitting:
        raise QuantityError(f"{text!r}: none of the forms gives a number that fits them all")
    best = min(fitting, key=lambda one: (one.step, bool(one.qualifier)))
    return replace(
        best,
        text=text,
        interval=common,
        unit=best.unit or next((one.unit for one in readings if one.unit), None),
        counts=best.counts or next((one.counts for one in readings if one.counts), None),
    )


@lru_cache(maxsize=8192)  # a book reads each of its forms many times
def _read_form(text: str, step: Fraction | None, declared: tuple[str, ...]) -> Reading:
    plain = _tidy(text)
    if plain.lower() in FREE:
        return Reading(text, Fraction(0), Fraction(1), Interval.point(Fraction(0)), None, "")
    column = re.search(r"(?<=\S)\s*\((10(?:0+|0?(?:,000)+))\)$", plain)  # a table headed "(10,000)"
    column_head, factor = (column[0], int(column[1].replace(",", ""))) if column else ("", 1)
    plain, remark = _without_remark(text, plain.removesuffix(column_head))
    prefixed = _PREFIX.match(plain)
    prefix = prefixed[0] if prefixed else ""
    body = plain[len(prefix) :]
    if prefix[-1:].isalpha() and body[:1] in tuple("-−–"):
        raise _refusal(text, "is the hyphen behind the qualifier a minus?")
    accounting = re.fullmatch(r"\(([^()]*)\)(.*)", body, re.S)  # "(6.0)" is minus six
    if accounting:
        if prefix or accounting[1].strip()[:1] in tuple("-−–+"):
            raise _refusal(
                text, "brackets mean minus, and a sign or qualifier stands there already"
            )
        if "(" not in text:
            raise _refusal(text, "do its wide brackets mean minus? Write a minus, or no brackets")
        body = accounting[1] + accounting[2]
    number = _spelled_out(text, body) or _in_digits(text, body)
    if number is None:
        raise QuantityError(
            f"cannot read {text!r} as a published number: expected a form such as '602 million', "
            "'6.02亿', '42.8%', '25.2 percentage points', 'more than 254,000' or 'three per thousand'"
        )
    before, digits, after = number.pieces
    if accounting:
        before, after = f"({before}", after.removesuffix(accounting[2]) + ")" + accounting[2]
    qualifier = _which(prefixed, "q", _QUALIFIERS) if prefixed else number.qualifier
    if number.qualifier and number.qualifier != qualifier:
        raise _refusal(text, f"it says “{qualifier}” and “{number.qualifier}” at once")
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
        (prefix + before, digits, after + column_head + remark),
        number.scale * factor,
        number.counts,
    )


def _refusal(text: str, why: str) -> QuantityError:
    return QuantityError(f"cannot read {text!r} as one published number: {why}")


_OTHER_WIDTH = re.compile(r"[\ufb00-\ufb06\uff00-\uffef]")  # ligatures, and wide letters and digits


def _tidy(text: str) -> str:
    """One width of characters, "60-billion-yuan" as three words.

    Raises QuantityError for raised, circled and foreign digits, and for raised or circled letters,
    which would join the number: a footnote's ᵇ is no billion.
    """
    text = text.strip()
    if text[:1] in SIGNS and not re.search(r"\d", text):
        text = SIGNS[text[0]] + (" " if text[1:2].isalpha() else "") + text[1:]
    plain = text
    if not text.isascii():
        for c in text:
            if c.isascii() or c in HAN_DIGITS or _OTHER_WIDTH.match(c):
                continue
            number = unicodedata.category(c) in ("No", "Nl")
            if number or re.match(r"\(?[A-Za-z]", unicodedata.normalize("NFKC", c)):
                raise _refusal(text, f"{c!r} would join the number; leave out a footnote's mark")
        plain = unicodedata.normalize("NFKC", text).strip()
        if re.search(r"[^\D0-9]", plain):
            raise _refusal(text, "its digits are of another script")
    plain = re.sub(r"(?<=\d)-(?=thousand|million|billion|trillion|percent|point)", " ", plain)
    return re.sub(r"(thousand|million|billion|trillion)-(?=[A-Za-z])", r"\1 ", plain)


def _without_remark(text: str, plain: str) -> tuple[str, str]:
    """A form without the remark in brackets at its end, and that remark.

    "53706(万人)" is 53,706 of them: such a bracket belongs to the number and loses its signs only.
    """
    found = re.search(r"\s*\(([^()\d]*)\)$", plain)
    if not found or not found.start():
        return plain, ""
    inner = found[1].strip()
    joined = f"{plain[: found.start()]} {inner}"
    if inner and _body(counters()).match(f"1 {inner}"):
        if not _body(counters()).match(joined):
            raise _refusal(text, f"what the bracket ({inner}) says does not fit the number")
        return joined, ""
    if _LOADED.search(inner):
        raise _refusal(text, f"the bracket ({inner}) may change what the number says")
    return plain[: found.start()], found[0]


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
    if qualifier == "just over":
        return Interval(value, value + last / 2, lower_open=True)
    if qualifier == "nearly":
        return Interval(value - last / 2, value, upper_open=True)
    return Interval(value - last / 2, value + last / 2)


def _in_digits(text: str, body: str) -> _Number | None:
    """'602 million', '6.02亿', '42.8%', '240余款'."""
    match = _body(counters()).match(body)
    if not match:
        return None
    name, scale = _unit_and_scale(text, match)
    number = match["number"]
    if re.fullmatch(_DECIMAL_COMMA, number):
        number = number.replace(",", ".")
    digits = re.sub(r"[, '’]", "", number)
    sign = -1 if match["sign"] in ("-", "−", "–") else 1
    return _Number(
        sign * Fraction(digits) * scale,
        Fraction(1, 10 ** len(digits.partition(".")[2])) * scale,
        name,
        scale,
        (body[: match.start("number")], match["number"], body[match.end("number") :]),
        _qualifier_behind(text, match),
        _counted(text, match),
    )


def _qualifier_behind(text: str, match: re.Match) -> str:
    more = match["more1"] or match["more2"] or match["more3"]
    told = {
        "above": more,
        "at least": match["least"],
        "at most": match["most"],
        "about": match["round"],
    }
    found = [name for name, word in told.items() if word]
    if len(found) > 1:
        raise _refusal(text, f"it says “{found[0]}” and “{found[1]}” at once")
    return found[0] if found else ""


def _unit_and_scale(
    text: str, match: re.Match, scaled: bool = False
) -> tuple[str | None, Fraction]:
    """The unit that a form names, and what its scale word and that unit multiply by."""
    name = _which(match, "u", _UNIT_WORDS)
    if name and name != "times" and (scaled or match["scale"] or match["currency"]):
        raise _refusal(text, f"a scale word or a currency does not go with {name}")
    if name == "basis points":
        return "percentage points", Fraction(1, 10_000)
    return name, _power_of_ten(match["scale"]) * (UNITS[name].scale if name else 1)


def _counted(text: str, match: re.Match) -> str | None:
    """The unit named by the noun or the currency of a form without another unit."""
    if _which(match, "u", _UNIT_WORDS):
        return None
    currency = _CURRENCIES.get((match["currency"] or "").upper())
    word = match["counter"]
    noun = _COUNTED.get(word) if word and not word.isascii() else _noun(word)
    if currency and word and currency != noun:
        raise _refusal(text, f"it is in {currency} and counts {word}")
    return currency or noun


def _noun(word: str | None) -> str | None:
    if not word:
        return None
    for form in (word, word.lower(), f"{word.lower()}s", word.upper()):
        try:
            return unit(form).name
        except UnitError:
            continue
    return None


def _power_of_ten(word: str | None) -> Fraction:
    return Fraction(10) ** _SCALES[word.lower()] if word else Fraction(1)


def _spelled_out(text: str, body: str) -> _Number | None:
    forms = _BEGIN_WITH_A_DIGIT if body[:1].isdigit() else _SPELLED_OUT
    return next((number for form in forms if (number := form(text, body))), None)


def _multiple(text: str, body: str) -> _Number | None:
    """'doubled', 'tenfold', '翻了一番': meant to a tenth either way."""
    times = MULTIPLES.get(body.lower())
    return times and _Number(times, times / 5, "times", Fraction(1))


def _han_per(text: str, body: str) -> _Number | None:
    """'万分之五', '百分之四十二点八', '百分之42.8'."""
    if not (match := _HAN_PER.fullmatch(body)):
        return None
    per = {"百": 100, "千": 1000}.get(match["per"], 10_000)
    if match["number"][0].isdigit() and match["number"].isascii():
        number, tail = Fraction(match["number"]), len(match["number"].partition(".")[2])
    else:
        numeral = han(match["number"])
        if numeral is None:
            raise _refusal(text, "the Chinese numeral is malformed or may mean two numbers")
        number, tail = numeral[0], len(re.split("[点點]", match["number"] + "点")[1])
    name = {100: "percent", 1000: "per thousand", 10_000: "per ten thousand"}[per]
    return _Number(number / per, Fraction(1, per * 10**tail), name, Fraction(1, per))


def _han_tenths(text: str, body: str) -> _Number | None:
    """'八成', '两成半', '三成五': tenths."""
    if not (match := _HAN_TENTHS.fullmatch(body)):
        return None
    whole, part = Fraction(section(match[1].translate(_PLAIN_TWO))[0], 10), match[2]
    if part == "半":
        return _Number(whole + Fraction(1, 20), Fraction(1, 20), "percent", Fraction(1))
    if part:
        return _Number(
            whole + Fraction(section(part)[0], 100), Fraction(1, 100), "percent", Fraction(1)
        )
    return _Number(whole, Fraction(1, 10), "percent", Fraction(1))


_PLAIN_TWO = str.maketrans("两兩", "二二")


def _han_parts(text: str, body: str) -> _Number | None:
    """'三分之一': meant to the nearest twentieth, as in English."""
    if not (match := _HAN_PARTS.fullmatch(body)):
        return None
    bottom, top = (section(part) for part in match.groups())
    if not bottom or not top or not 0 < top[0] <= bottom[0]:
        raise _refusal(text, "no well-formed part of a whole")
    value = Fraction(top[0], bottom[0])
    return _Number(value, min(Fraction(1, 20), value / 5), "ratio", Fraction(1))


def _out_of(text: str, body: str) -> _Number | None:
    """'nine out of ten', '3 in 10'; 'one in eight' is nearer to it than to one in seven or nine."""
    if not (match := _OUT_OF.fullmatch(body)):
        return None
    top, bottom = (int(m) if m.isdigit() else WORDS[m.lower()] for m in match.groups())
    if not 0 < bottom >= top:
        raise _refusal(text, "a part is no larger than its whole")
    pieces = ("", match[1], body[match.end(1) :])
    step = Fraction(1, bottom**2 if top == 1 and bottom > 2 else bottom)
    return _Number(Fraction(top, bottom), step, "percent", Fraction(1, bottom), pieces)


def _fraction(text: str, body: str) -> _Number | None:
    """'three quarters', 'half a million', 'half a percent'.

    Meant to the nearest twentieth, and one smaller than a quarter to a tenth of itself either way.
    """
    if not (match := _FRACTION.fullmatch(body)):
        return None
    top = (match["top"] or "a").lower()
    value = Fraction(1 if top in ("a", "an") else WORDS[top], FRACTIONS[match["part"].lower()])
    if value > 1:
        raise _refusal(text, "a part is no larger than its whole")
    step = min(Fraction(1, 20), value / 5)
    if one := match["one"]:
        name = "percentage points" if "point" in one.lower() else "percent"
        return _Number(value / 100, step / 100, name, Fraction(1, 100))
    scale = _power_of_ten(match["scale"])
    return _Number(value * scale, step * scale, None if match["scale"] else "ratio", scale)


def _and_a_half(text: str, body: str) -> _Number | None:
    """'one and a half million', 'two and a half percent': meant to a tenth."""
    if not (match := _AND_A_HALF.fullmatch(body)):
        return None
    whole = match["whole"].lower()
    number = Fraction(int(whole) if whole.isdigit() else WORDS[whole]) + Fraction(1, 2)
    return _with_rest(text, number, Fraction(1, 10), match["rest"])


def _spelled(text: str, body: str) -> _Number | None:
    """'three per thousand', 'twenty-five percent', 'two hundred million'."""
    if not (match := _SPELLED.fullmatch(body)):
        return None
    word, rest = match["number"], match["rest"]
    if word.lower() in ("a", "an"):
        scale = re.match(rf"\s+({_SCALE}){_END}", rest)
        if not scale:
            return None
        return _with_rest(text, Fraction(1), Fraction(1), rest)
    if word.lower() in WORDS:
        number = Fraction(WORDS[word.lower()])
        return _with_rest(text, number, Fraction(1), rest, ("", word, rest))
    number = english(word)
    return number and _with_rest(text, *number, rest, scaled=bool(_LARGE.search(word)))


def _han(text: str, body: str) -> _Number | None:
    """'六亿零二百万', '一点五亿', '三十万户'."""
    if not (match := _HAN_NUMERAL.fullmatch(body)):
        return None
    number, scaled = han(match["number"]), bool(_LARGE.search(match["number"]))
    return number and _with_rest(text, *number, match["rest"], scaled=scaled)


def _with_rest(
    text: str, number: Fraction, step: Fraction, rest: str, pieces=("", "", ""), *, scaled=False
) -> _Number | None:
    """A spelled-out number with the scale, unit and noun behind it; `scaled` if it has a scale word."""
    inner = (
        None if re.match(r"\s*\d", rest) else _body(counters()).match(f"1 {rest.strip()}".strip())
    )
    if not inner:
        return None
    name, scale = _unit_and_scale(text, inner, scaled)
    return _Number(
        number * scale, step * scale, name, scale, pieces,
        _qualifier_behind(text, inner), _counted(text, inner),
    )  # fmt: skip


_BEGIN_WITH_A_DIGIT = (_out_of, _and_a_half)
_SPELLED_OUT = (
    _multiple, _han_per, _han_tenths, _han_parts, _out_of, _fraction, _and_a_half, _spelled, _han,
)  # fmt: skip


def grammar() -> dict[str, object]:
    """What another reader needs to read as this one does: patterns, words and what they stand for.

    In patterns ``\\x01`` stands for any number word and ``\\x02`` for any scale word. Groups q0, q1, … and
    u0, u1, … are those of `qualifiers` and `units`.

    >>> sorted(grammar()["units"])[:3]
    ['basis points', 'parts per billion', 'parts per million']
    """
    patterns = {
        "prefix": _PREFIX.pattern,
        "body": _body(counters()).pattern,
        "numeral": _HAN_NUMERAL.pattern,
        "per": _HAN_PER.pattern,
        "tenths": _HAN_TENTHS.pattern,
        "parts": _HAN_PARTS.pattern,
        "outof": _OUT_OF.pattern,
        "fraction": _FRACTION.pattern,
        "half": _AND_A_HALF.pattern,
        "spelled": _SPELLED.pattern,
        "loaded": _LOADED.pattern,
        "comma": _DECIMAL_COMMA,
        "large": _LARGE.pattern,
        **PATTERNS,
    }
    return {
        "patterns": {
            name: text.replace(_WORD, "\x01").replace(_SCALE, "\x02")
            for name, text in patterns.items()
        },
        "qualifiers": list(_QUALIFIERS),
        "units": list(_UNIT_WORDS),
        "scales": _SCALES,
        "fractions": FRACTIONS,
        "multiples": {word: [x.numerator, x.denominator] for word, x in MULTIPLES.items()},
        "signs": SIGNS,
        "currencies": _CURRENCIES,
        "counted": _COUNTED,
        "never": sorted(NO_THINGS),
        "longest": _LONGEST,
        "free": sorted(FREE),
    }
