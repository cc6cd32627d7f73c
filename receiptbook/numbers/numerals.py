"""Numerals in words: "six hundred and two million", "two thirds", "六亿零二百万", "一点五亿".

Each function gives the value and what one unit of its last digit is worth, or None where the words are
no well-formed numeral. What may mean two things (二百五 is 250 or 205, 五六 is 56 or five to six) is none.
"""

from __future__ import annotations

import re
from fractions import Fraction

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
#: Numbers spelled out, zero to ninety-nine.
WORDS = {w: i for i, w in enumerate(_SMALL)} | {w: 10 * i for i, w in enumerate(_TENS, 2)}
WORDS |= {f"{t}-{s}": WORDS[t] + i for t in _TENS for i, s in enumerate(_SMALL[:10]) if i}

_THOUSANDS = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_PARTS = "third quarter fifth sixth seventh eighth ninth tenth".split()
#: What one part is of a whole, by its word.
FRACTIONS = {"half": 2, "halves": 2, "twentieth": 20, "twentieths": 20}
FRACTIONS |= {name + s: bottom for bottom, name in enumerate(_PARTS, 3) for s in ("", "s")}
#: Fractions in one sign, in words.
SIGNS = {"½": "half", "¼": "a quarter", "¾": "three quarters", "⅓": "a third", "⅔": "two thirds"}
#: How many times as much, in one word.
MULTIPLES = {
    **dict.fromkeys(
        "doubled doubling double twice twofold 翻番 翻一番 翻了一番".split(), Fraction(2)
    ),
    **dict.fromkeys("tripled tripling triple trebled threefold".split(), Fraction(3)),
    **dict.fromkeys("quadrupled quadrupling fourfold 翻两番 翻了两番".split(), Fraction(4)),
    **dict.fromkeys("halved halving".split(), Fraction(1, 2)),
    **{f"{word}fold": Fraction(i) for word, i in WORDS.items() if i > 4 and "-" not in word},
}

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
#: Characters of Han numerals: digits, and all that a numeral may hold.
HAN_DIGITS = "".join(_DIGITS)
HAN = HAN_DIGITS + "十百千万萬亿億点點"
_ONE = "[一二三四五六七八九两兩]"
_SECTION = re.compile(
    rf"(?:(?P<k>{_ONE})千)?(?:(?P<h>{_ONE})百)?(?:(?P<zero1>[零〇])?(?P<t>{_ONE}?)(?P<ten>十))?"
    rf"(?:(?P<zero2>[零〇])?(?P<u>{_ONE}))?"
)
_PLACES = f"[{HAN_DIGITS}十百千]+"
_WHOLE = re.compile(
    rf"(?:(?P<wy>{_PLACES})[万萬][亿億])?(?:(?P<y>{_PLACES})[亿億])?(?:(?P<w>{_PLACES})[万萬])?(?P<u>{_PLACES})?"
)
_DECIMAL = re.compile(
    rf"(?P<whole>{_PLACES})[点點](?P<tail>[{HAN_DIGITS}]+)(?P<scale>[万萬][亿億]|[千百]?[万萬]|[亿億])?"
)
_HAN_SCALES = {"万亿": 12, "千万": 7, "百万": 6, "亿": 8, "万": 4}


def english(words: str) -> tuple[Fraction, Fraction] | None:
    """A number in English words, from zero on.

    A number below a hundred is meant to the last one, a larger one to its last place that is not nought.

    >>> [int(x) for x in english("six hundred and two million")]
    [602000000, 1000000]
    >>> english("two three") is None
    True
    """
    total, step, lowest = Fraction(0), Fraction(0), 10**15
    rest = words.lower().strip()
    if re.search(r"(?:\band|,)$", rest):
        return None
    article = re.match(r"an?\s+(?=thousand|million|billion|trillion)", rest)
    rest = "one " + rest[article.end() :] if article else rest
    while rest:
        match = _GROUP.match(rest)
        if not match or not match[0] or not (match["h"] or match["u"]):
            return None
        hundreds = 0 if not match["h"] else 1 if match["h"] in ("a", "an") else WORDS[match["h"]]
        units = WORDS[match["u"]] if match["u"] else 0
        scale = 10 ** _THOUSANDS[match["scale"]] if match["scale"] else 1
        if (
            hundreds > 9
            or (match["h"] and not hundreds)
            or scale >= lowest
            or (lowest < 10**15 and not (hundreds or units))
        ):
            return None
        total += (100 * hundreds + units) * scale
        step = Fraction(scale if match["u"] else 100 * scale)
        lowest, rest = scale, rest[match.end() :]
    return (total, step) if step else None


def han(text: str) -> tuple[Fraction, Fraction] | None:
    """A Han numeral; its last place that is not nought is the one it is printed to.

    >>> [int(x) for x in han("六亿零二百万")], [int(x) for x in han("一点五亿")]
    ([602000000, 1000000], [150000000, 10000000])
    >>> han("二百五"), han("五六"), han("四十二八")
    (None, None, None)
    """
    text = text.translate(str.maketrans("萬億點〇", "万亿点零"))
    if match := _DECIMAL.fullmatch(text):
        whole = section(match["whole"])
        scale = 10 ** _HAN_SCALES.get(match["scale"] or "", 0)
        tail = "".join(str(_DIGITS[c]) for c in match["tail"])
        if whole is None:
            return None
        return (whole[0] + Fraction(int(tail), 10 ** len(tail))) * scale, Fraction(
            scale, 10 ** len(tail)
        )
    match = _WHOLE.fullmatch(text)
    if not match or not text:
        return None
    total, step = Fraction(0), Fraction(1)
    parts = [(match["wy"], 10**12), (match["y"], 10**8), (match["w"], 10**4), (match["u"], 1)]
    higher = 0
    for part, scale in parts:
        if not part:
            continue
        skipped = higher > 10**4 * scale and not part.startswith("零")
        if higher and scale == 1 and (len(part) == 1 or skipped):
            return None  # 六亿二 says 620 million for short, 一亿五千 says 150 million
        one = section(part.removeprefix("零") if higher else part)
        if one is None:
            return None
        total, step, higher = total + one[0] * scale, Fraction(one[1] * scale), scale
    return total, step


def section(text: str) -> tuple[int, int] | None:
    """A Han numeral below ten thousand and its last place; a gap between places needs a 零."""
    if text in ("零", "百", "千"):
        return {"零": (0, 1), "百": (100, 100), "千": (1000, 1000)}[text]
    match = _SECTION.fullmatch(text)
    if not match or not text:
        return None
    k, h, t, u = (_DIGITS.get(match[name] or "", 0) for name in "khtu")
    ten = bool(match["ten"])
    t = 1 if ten and not match["t"] else t
    gap1, gap2 = bool(k) and not h and ten, bool(k or h) and not ten and bool(u)
    if bool(match["zero1"]) != gap1 or bool(match["zero2"]) != gap2:
        return None
    if ten and not match["t"] and (k or h):
        return None
    last = 1 if u else 10 if ten else 100 if h else 1000
    return 1000 * k + 100 * h + 10 * t + u, last


def either(words) -> str:
    """A pattern for one of some words, the longest first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_GROUP = re.compile(  # what stands up to one scale word of a number in English
    rf"(?:(?P<h>an?|{either(WORDS)})\s+hundred\b(?:\s+and\b)?\s*)?(?P<u>\b(?:{either(WORDS)})\b)?\s*"
    rf"(?P<scale>{either(_THOUSANDS)})?\s*(?:and\s+|,\s*)?"
)
#: The patterns of numerals, for another reader; see `reading.grammar`.
PATTERNS = {
    "group": _GROUP.pattern,
    "section": _SECTION.pattern,
    "whole": _WHOLE.pattern,
    "decimal": _DECIMAL.pattern,
}
