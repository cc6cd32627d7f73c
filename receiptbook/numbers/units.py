"""Units: what a number counts, how units combine, and why two of them do not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from receiptbook.numbers.errors import UnitError


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

    def like(self, other: Unit) -> bool:
        """Do the two measure the same kind of thing, so that numbers in them can be compared?

        >>> unit("percent").like(unit("times")), unit("percent").like(unit("points"))
        (True, False)
        """
        return (self.kind, self.things) == (other.kind, other.things)

    @property
    def counts_whole_things(self) -> bool:
        """Does it count whole things, and not time, money or another measure?

        >>> unit("persons").counts_whole_things, unit("years").counts_whole_things
        (True, False)
        """
        single = len(self.things) == 1 and self.things[0][1] == 1
        return single and self.name not in _MEASURES and " per " not in self.name


RATIO = Unit("ratio", "ratio")
PERCENT = Unit("percent", "ratio", Fraction(1, 100))
POINTS = Unit("percentage points", "points", Fraction(1, 100))

_MEASURES = {"US dollars"}
_MEASURES.update("years months days hours minutes seconds yuan euros".split())
_NOUNS = """persons enterprises households items cases years months days hours minutes seconds yuan euros
US_dollars"""
#: What a counter in Han characters counts that is said of many things, but never of NO_THINGS.
THINGS = "things"
NO_THINGS = frozenset({"persons", *_MEASURES})
#: Every unit by name, but for compound prices and rates ("yuan per item").
UNITS: dict[str, Unit] = {
    one.name: one
    for one in (
        RATIO,
        PERCENT,
        POINTS,
        Unit("times", "ratio"),
        Unit("per thousand", "ratio", Fraction(1, 1000)),
        Unit("per ten thousand", "ratio", Fraction(1, 10_000)),
        Unit("parts per million", "ratio", Fraction(1, 10**6)),
        Unit("parts per billion", "ratio", Fraction(1, 10**9)),
        *(
            Unit(noun, things=((noun, 1),))
            for noun in (word.replace("_", " ") for word in _NOUNS.split())
        ),
    )
}
_OTHER_NAMES = {
    "persons": ("people",),
    "percent": ("%",),
    "percentage points": ("percentage_points", "points"),
    "ratio": ("number",),
    "times": ("factor",),
    "US dollars": ("USD", "dollars"),
    "yuan": ("CNY",),
    "euros": ("euro",),
}
_ALIASES = {alias: name for name, aliases in _OTHER_NAMES.items() for alias in aliases}
_DECLARED: set[str] = set()  # what a book counts, and its other words for it


def declare(counts: Mapping[str, Iterable[str]], measures: Iterable[str] = ()) -> None:
    """Let numbers count what a book counts, beside persons, items, days and the like.

    Parameters
    ----------
    counts : for each noun in the plural its other words; "0.001 EFLOPS" says how much one of it is
    measures : those nouns that are measured and need not be whole

    Raises
    ------
    UnitError
        if a word is no word, or already means something else

    >>> declare({"loans": ["loan"]})
    >>> unit("loan").name
    'loans'
    """
    for noun, others in counts.items():
        sizes = [size for other in others if (size := re.fullmatch(r"([\d.]+) (\S+)", other))]
        words = [other for other in others if not re.match(r"\d", other)]
        for word in (noun, *words):
            if not re.fullmatch(r"[A-Za-z]+(?:[ -][A-Za-z]+)*", word):
                raise UnitError(f"{word!r} cannot be counted: expected letters, as in 'web sites'")
            known = _ALIASES.get(word, word if word in UNITS else noun)
            if known != noun:
                raise UnitError(f"{word!r} cannot stand for {noun}: it already means {known}")
        whole = UNITS[sizes[0][2]] if sizes else None
        one = Unit(noun, things=((noun, 1),))
        if whole:
            one = Unit(noun, whole.kind, Fraction(sizes[0][1]) * whole.scale, whole.things)
        UNITS.setdefault(noun, one)
        _ALIASES.update(dict.fromkeys(words, noun))
        _DECLARED.update((noun, *words))
    _MEASURES.update(measures)
    declared_words.cache_clear()


def aliases() -> dict[str, str]:
    """The other words for units, and the names they stand for.

    >>> aliases()["people"]
    'persons'
    """
    return dict(_ALIASES)


@lru_cache(maxsize=1)
def declared_words() -> tuple[str, ...]:
    """The words of all declarations, the longest first."""
    return tuple(sorted(_DECLARED, key=lambda word: (-len(word), word)))


def unit(name: str | Unit) -> Unit:
    """The unit of that name.

    Raises
    ------
    UnitError
        if the name is neither known nor of the form "<known noun> per <known noun>" or
        "<known noun> per <free words>".

    >>> unit("people").name
    'persons'
    >>> unit("enterprises per day").things
    (('enterprises', 1), ('days', -1))
    """
    if isinstance(name, Unit):
        return name
    if not isinstance(name, str):
        raise UnitError(f"a unit is named by text, such as 'persons'; found {name!r}")
    name = _ALIASES.get(name, name)
    if name in UNITS:
        return UNITS[name]
    top, per, bottom = name.partition(" per ")
    top, bottom = _ALIASES.get(top, top), _ALIASES.get(bottom, bottom).strip()
    if per and top in UNITS and bottom:
        above, below = UNITS[top], UNITS.get(bottom) or UNITS.get(bottom + "s")
        if below and above.kind == below.kind == "amount":
            return Unit(name, things=(*above.things, *((n, -p) for n, p in below.things)))
        return Unit(name, things=((name, 1),))
    raise UnitError(
        f"unknown unit {name!r}: expected one of {', '.join(sorted(UNITS))}, or '<unit> per <thing>'"
    )


def mismatch(a: Unit, b: Unit) -> str:
    """Why numbers in two units cannot be compared or added, in words.

    >>> mismatch(unit("persons"), unit("enterprises"))
    'one counts persons, the other enterprises'
    """
    if {a.kind, b.kind} == {"ratio", "points"}:
        return (
            "a percentage says how large a share is, percentage points say how far apart two shares "
            "are; they cannot stand for each other"
        )
    if a.kind == b.kind == "amount":
        return f"one counts {a.name}, the other {b.name}"
    return f"one is {_kind_in_words(a)}, the other {_kind_in_words(b)}"


def counts_another(noun: str | None, u: Unit) -> str:
    """Why a number with a noun or a currency beside it is none of a unit, in words; empty if it may be.

    noun : the name of a unit, or None where nothing is named. Of a price or a rate ("yuan per item") it
        is what stands above the line.

    >>> counts_another("persons", unit("enterprises"))
    'one counts persons, the other enterprises'
    >>> counts_another("yuan", unit("yuan per item")), counts_another(None, unit("years"))
    ('', '')
    >>> counts_another(THINGS, unit("persons")), counts_another(THINGS, unit("enterprises"))
    ('one counts things, the other persons', '')
    """
    if noun == THINGS:
        persons = u.things and u.things[0][0] in NO_THINGS
        return f"one counts {noun}, the other {u.name}" if persons else ""
    if noun is None or noun == u.name.partition(" per ")[0]:
        return ""
    named = UNITS.get(noun)
    if named and named.things[0] in u.things:
        return ""
    return mismatch(named, u) if named else f"one is in {noun}, the other in {u.name}"


def _kind_in_words(u: Unit) -> str:
    return {"amount": f"a number of {u.name}", "ratio": "a ratio", "points": "a difference"}[u.kind]


def unit_of_sum(op: str, a: Unit | None, b: Unit | None) -> Unit:
    """The unit of a sum ("+") or difference ("-"); None stands for a plain number.

    Raises UnitError if the two do not measure the same kind of thing.

    >>> unit_of_sum("-", PERCENT, PERCENT).name
    'percentage points'
    """
    first, second = a or RATIO, b or RATIO
    match first.kind, second.kind:
        case "ratio", "ratio":
            if op == "-" and a is not None and b is not None:
                return POINTS
            return (a if b is None else b if a is None else a) or RATIO
        case "points", "points":
            return first
        case "ratio", "points" if a is not None:
            return first
        case "points", "ratio" if op == "+" and b is not None:
            return second
        case "amount", "amount" if first.things == second.things:
            return first
    verb = "add" if op == "+" else "subtract"
    left, right = (u.name if u else "a plain number" for u in (a, b))
    raise UnitError(f"cannot {verb} {left} and {right}: {mismatch(first, second)}")


def unit_of_product(op: str, a: Unit | None, b: Unit | None) -> Unit:
    """The unit of a product ("*") or quotient ("/"); None stands for a plain number.

    Raises UnitError for percentage points times or by anything but an amount or a number.

    >>> unit_of_product("/", unit("persons"), unit("enterprises")).name
    'persons per enterprise'
    """
    if b is None:
        return a
    if a is None:
        if op == "*":
            return b
        return RATIO if b.kind == "ratio" else _compound({n: -p for n, p in b.things})
    if "points" in (a.kind, b.kind):
        if op == "/" and a.kind == b.kind:
            return RATIO
        if op == "*" and "amount" in (a.kind, b.kind):
            return a if a.kind == "amount" else b
        raise UnitError(f"cannot {'multiply' if op == '*' else 'divide'} {a} and {b}")
    powers = dict(a.things)
    for noun, power in b.things:
        powers[noun] = powers.get(noun, 0) + (power if op == "*" else -power)
    powers = {noun: power for noun, power in powers.items() if power}
    if not powers:
        return RATIO
    for kept in (a, b) if op == "*" else (a,):
        if dict(kept.things) == powers:
            return kept
    return _compound(powers)


def _compound(powers: dict[str, int]) -> Unit:
    top = " ".join(n if p == 1 else f"{n}^{p}" for n, p in powers.items() if p > 0) or "1"
    bottom = " ".join(
        n.removesuffix("s") if p == -1 else f"{n}^{-p}" for n, p in powers.items() if p < 0
    )
    return Unit(f"{top} per {bottom}" if bottom else top, things=tuple(powers.items()))
