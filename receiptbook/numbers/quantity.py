"""Quantities: numbers that carry unit, range, derivation and sources through arithmetic.

Everything is computed in rational numbers. `published` makes a quantity from a printed form, `computed`
and `monotone` make one from code that is no plain arithmetic.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import product

from receiptbook.numbers import derivation
from receiptbook.numbers.errors import QuantityError, UnitError
from receiptbook.numbers.intervals import Interval
from receiptbook.numbers.reading import Reading, read
from receiptbook.numbers.units import (
    RATIO,
    UNITS,
    Unit,
    counts_another,
    mismatch,
    unit,
    unit_of_product,
    unit_of_sum,
)
from receiptbook.numbers.words import (
    decimals_of,
    most_decimals,
    one_sided,
    show,
    show_bound,
    show_range,
)

#: The kind of range of a value that rests on one computed without a range.
NOT_WORKED_OUT = "range not worked out"


@dataclass(frozen=True, eq=False)
class Quantity:
    """A number with unit, range, derivation and sources.

    `value` and `interval` are in the unit's base (42.8 percent is 0.428; 602 million persons is
    602000000); `number`, `lower` and `upper` are in the unit itself.

    >>> users = published("602 million", "persons", label="users", sources=["report-57"])
    >>> everyone = published("1.405 billion", "persons", label="population", sources=["yearbook"])
    >>> share = (users / everyone).to("percent")
    >>> share.show(), share.range_text, share.formula
    ('42.85%', '42.80% to 42.90%', 'users / population')
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

    @property
    def is_input(self) -> bool:
        return self.op == "input"

    @property
    def is_leaf(self) -> bool:
        return self.op in ("input", "computed")

    @property
    def key(self) -> object:
        """What two leaves share that are one figure: its id, or the object where it has none."""
        return self.id or id(self)

    @property
    def own(self) -> tuple[Fraction, Interval]:
        """Value and interval of a leaf."""
        return self.given or (self.reading.value, self.reading.interval)

    @cached_property
    def inputs(self) -> tuple[Quantity, ...]:
        """The published figures this rests on, each once, in order of appearance."""
        seen: dict[object, Quantity] = {}
        for leaf in derivation.leaves(self):
            for figure in (
                (leaf,) if leaf.is_input else (x for arg in leaf.args for x in arg.inputs)
            ):
                seen.setdefault(figure.key, figure)
        return tuple(seen.values())

    @property
    def all_sources(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(s for leaf in self.inputs for s in leaf.sources))

    @cached_property
    def value(self) -> Fraction:
        """The central value, in base units."""
        return derivation.value_of(self)

    @cached_property
    def interval(self) -> Interval:
        """The range over all inputs within their intervals, in base units; see `range_of`."""
        return derivation.range_of(self)

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

    def __neg__(self) -> Quantity:
        return Quantity(self.unit, "neg", (self,))

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
        exponent = _plain_number(exponent)
        if exponent is None:
            raise UnitError("the exponent must be a plain number")
        if self.unit.kind != "ratio":
            raise UnitError(f"a power is taken of a ratio, not of {self.unit}")
        return Quantity(RATIO, "**", (self, exponent))

    def to(self, name: str | Unit) -> Quantity:
        """The same quantity in another unit of the same kind, for example a ratio in percent.

        Raises UnitError if the unit is of another kind.
        """
        target = unit(name)
        if not target.like(self.unit):
            raise UnitError(
                f"cannot express {self.unit} in {target}: {mismatch(self.unit, target)}"
            )
        return replace(self, unit=target)

    @property
    def formula(self) -> str:
        """The derivation in symbols, for example "users(2025-12) / users(2024-12) − 1"."""
        return derivation.formula(self)

    def show(self, decimals: int | None = None) -> str:
        """The central value in words, with as many digits as its interval allows.

        No more than four digits in all, and none behind a whole count; the range has the rest. Where
        only one end is known that end is told, and never more than is sure: see `show_bound`.
        """
        if self.is_input and decimals is None and self.reading.qualifier != "derived":
            return self.printed
        if self.has_range and one_sided(self.interval):
            return show_bound(self.interval, self.unit, decimals)
        if decimals is None:
            decimals = min(self.decimals, most_decimals(self.value, self.unit))
        return show(self.value, self.unit, decimals)

    @property
    def range_text(self) -> str:
        """The interval in words: "141.1% to 142.5%", "more than 254,000", or "not worked out"."""
        return show_range(self.interval, self.unit) if self.has_range else "not worked out"

    @property
    def has_range(self) -> bool:
        """False where it rests on a value that was computed without a range; see `computed`."""
        return self.range_kind != NOT_WORKED_OUT

    @property
    def range_kind(self) -> str:
        """Where the range comes from; empty if every input is chosen: then no range means much."""
        kinds = [leaf.spread for leaf in derivation.leaves(self) if leaf.spread]
        if kinds:
            return NOT_WORKED_OUT if NOT_WORKED_OUT in kinds else kinds[0]
        chosen = self.inputs and not self.all_sources
        return "" if chosen else "from rounding"

    @property
    def decimals(self) -> int:
        """Digits after the point that the interval allows, in the unit and scale of `show`."""
        return decimals_of(self.interval, self.unit)

    def __repr__(self) -> str:
        name = f"{self.id}: " if self.id else ""
        return f"<{name}{self.show()}, {self.range_text}>"


def _combine(op: str, a, b) -> Quantity:
    args = [x if isinstance(x, Quantity) else _plain_number(x) for x in (a, b)]
    if None in args:
        return NotImplemented
    units = (x.unit if isinstance(x, Quantity) else None for x in args)
    rule = unit_of_sum if op in "+-" else unit_of_product
    return Quantity(rule(op, *units), op, tuple(args))


def _plain_number(x) -> Fraction | None:
    if isinstance(x, bool | Quantity):
        return None
    if isinstance(x, int | Fraction):
        return Fraction(x)
    return Fraction(str(x)) if isinstance(x, float) else None


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

    >>> published("more than 254,000", "enterprises").range_text
    'more than 254,000 enterprises'
    """
    target = unit(unit_name) if unit_name else None
    step = _step(precision, printed)
    reading = read(printed)
    if target is None:
        if reading.unit is None:
            raise UnitError(f"{printed!r} does not say what it counts: give its unit")
        target = UNITS[reading.unit]
    if reading.unit is None:
        if why := counts_another(reading.counts, target):
            raise UnitError(f"{printed!r} is given as {target}: {why}")
        named = UNITS.get(reading.counts, target)
        if step is not None:
            reading = read(printed, step=step * target.scale / named.scale)
        reading = reading.times(named.scale)
    elif UNITS[reading.unit].kind != target.kind:
        raise UnitError(
            f"{printed!r} is printed in {reading.unit} but given as {target}: "
            f"{mismatch(UNITS[reading.unit], target)}"
        )
    elif step is not None:
        reading = read(printed, step=step * target.scale)
    return Quantity(target, "input", (), id, label, printed, date, tuple(sources), note, reading)


_ENDLESS = re.compile(r"e[-+]?\d{3}", re.I)  # 1e9999999 would take seconds to write out


def _step(precision, printed: str) -> Fraction | None:
    if precision in (None, ""):
        return None
    try:
        step = Fraction(0 if _ENDLESS.search(str(precision)) else str(precision))
    except (ValueError, ZeroDivisionError):
        step = Fraction(0)
    if not 0 < step < 10**30:
        raise QuantityError(
            f"the precision of {printed!r} must be a number above zero, such as 10000; "
            f"found {precision!r}"
        )
    return step


def computed(
    value: float | Fraction,
    unit_name: str | Unit,
    inputs: Iterable[Quantity],
    formula: str,
    *,
    lower: float | Fraction | None = None,
    upper: float | Fraction | None = None,
    exact: bool = False,
    spread: str = "",
) -> Quantity:
    """A quantity worked out by code that is no plain arithmetic, for example by a linear programme.

    Without `lower` and `upper` and not `exact`, it says "range not worked out", and so does whatever
    is computed from it.

    Parameters
    ----------
    value, lower, upper : central value and range, in the unit
    inputs : the quantities it was worked out from, for the receipt
    formula : how it was worked out, in words or symbols
    exact : the value has no range: a count of rows, a number of days
    spread : what the range is, where it is not from rounding: "published 95% interval"

    Raises
    ------
    QuantityError
        if only one end is given, an exact value has a range, or the value lies outside its range

    >>> computed(4, "items", [], "rows of the table", exact=True).range_text
    '4 items'
    >>> computed(1.7, "times", [], "fitted by eye").range_text
    'not worked out'
    """
    target = unit(unit_name)
    if (lower is None) != (upper is None) or (exact and lower is not None):
        raise QuantityError(f"{formula}: give lower and upper, or exact=True, or neither")
    ends = [Fraction(value if x is None else x) * target.scale for x in (lower, value, upper)]
    if not ends[0] <= ends[1] <= ends[2]:
        raise QuantityError(f"the value {value} lies outside its own range, {lower} to {upper}")
    given = (ends[1], Interval(ends[0], ends[2]))
    if lower is None and not exact:
        spread = NOT_WORKED_OUT
    return Quantity(target, "computed", tuple(inputs), label=formula, given=given, spread=spread)


def monotone(
    function: Callable[..., float | Fraction],
    inputs: Iterable[Quantity],
    unit_name: str | Unit,
    formula: str,
) -> Quantity:
    """A function of quantities that rises or falls throughout in each of them.

    `function` takes the inputs' numbers, each in its own unit, and returns a number in `unit_name`.
    The range is that over all corners of the inputs' intervals, which is exact for such a function.

    Raises
    ------
    QuantityError
        if an input has no bounded range

    >>> side = monotone(lambda area: area**0.5, [published("4.0", "ratio")], "ratio", "√area")
    >>> side.range_text
    '1.987 to 2.012'
    """
    inputs = tuple(inputs)
    for q in inputs:
        if not (q.interval.bounded and q.has_range):
            raise QuantityError(f"{q.label or q.printed} has no bounded range: {q.range_text}")
    corners = [function(*ends) for ends in product(*((q.lower, q.upper) for q in inputs))]
    value = function(*(q.number for q in inputs))
    lower, upper = min(*corners, value), max(*corners, value)
    return computed(value, unit_name, inputs, formula, lower=lower, upper=upper)
