"""What an explorer is put together from: controls, results, sentences, axes and stored values."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal

import numpy as np

from receiptbook.explorers.trace import identifier

FIELD = re.compile(r"\{(\w+)\}")
ANY = Context(prec=400)  # digits; enough for any float


class ScenarioError(ValueError):
    """An explorer's description or settings cannot be used; the message says what to change."""


def fixed(value: float, decimals: int, missing: str = "–", comma: str = ",") -> str:
    """A number as both the page and the kernel print it: halves away from zero, thousands apart.

    comma: what stands between thousands; nothing for years.

    >>> fixed(-1234.5, 0), fixed(2.675, 2), fixed(float("inf"), 0, "never")
    ('−1,235', '2.67', 'never')
    """
    value = float(value)
    if not math.isfinite(value):
        return missing
    exact = Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, ANY)
    text = f"{abs(exact):,.{decimals}f}".replace(",", comma)
    return f"−{text}" if exact < 0 else text


def unit_suffix(unit: str) -> str:
    """A unit as it follows a number: percent sign close, words apart.

    >>> unit_suffix("%"), unit_suffix("million"), unit_suffix("")
    ('%', ' million', '')
    """
    return unit if unit in ("", "%") else f" {unit}"


@dataclass(frozen=True)
class Parameter:
    """One control.

    A range has low, high and step; a choice has options, pairs of (value, label). `receipt` names
    the ledger entry that the default rests on. `only` is (name of a choice, its options) if the
    model uses the parameter under those options alone; under the others the control is off.
    """

    name: str
    label: str
    default: float | str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    step: float | None = None
    options: tuple[tuple[str, str], ...] = ()
    decimals: int = 0
    receipt: str = ""
    comma: str = ","
    only: tuple[str, tuple[str, ...]] | None = None

    def __post_init__(self):
        identifier(self.name)
        if not self.label.strip():
            raise ScenarioError(f"parameter {self.name!r} has no label")
        if self.kind == "range":
            if None in (self.low, self.high, self.step) or not self.low < self.high:
                raise ScenarioError(f"parameter {self.name!r} needs low < high and a step")
            if isinstance(self.default, str):
                raise ScenarioError(
                    f"parameter {self.name!r}: default {self.default!r} is text; "
                    "give a number, or options to choose from"
                )
            for attribute in ("default", "low", "high", "step"):
                object.__setattr__(self, attribute, float(getattr(self, attribute)))
        self.accept(self.default)

    @property
    def kind(self) -> str:
        """range or select."""
        return "select" if self.options else "range"

    def accept(self, value):
        """`value` as the model wants it; ScenarioError if the control could not hold it.

        >>> Parameter("share", "Share", 50, low=0, high=100, step=1).accept(20)
        np.float64(20.0)
        """
        if self.kind == "select":
            if value not in dict(self.options):
                raise ScenarioError(
                    f"{self.name}: {value!r} is none of "
                    f"{', '.join(repr(v) for v, _ in self.options)}"
                )
            return value
        try:
            number = float(value)
        except (TypeError, ValueError):
            raise ScenarioError(f"{self.name}: {value!r} is not a number") from None
        if not self.low <= number <= self.high:
            raise ScenarioError(f"{self.name}: {number:g} is outside {self.low:g} to {self.high:g}")
        return np.float64(number)

    def text(self, value) -> str:
        """`value` in words, without the unit.

        >>> Parameter("share", "Share", 50, low=0, high=100, step=1, decimals=1).text(20)
        '20.0'
        """
        if self.kind == "select":
            return dict(self.options)[value]
        return fixed(value, self.decimals, comma=self.comma)

    def page_data(self) -> dict:
        """What the page needs to build the control, as plain JSON."""
        data = {n: getattr(self, n) for n in ("name", "label", "unit", "kind", "default")}
        if self.receipt:
            data["receipt"] = self.receipt
        if self.kind == "select":
            data["options"] = [{"value": v, "label": text} for v, text in self.options]
        if self.kind == "range":
            data |= {"min": self.low, "max": self.high}
            data |= {n: getattr(self, n) for n in ("step", "decimals", "comma")}
        return data


@dataclass(frozen=True)
class Preset:
    """Settings with a name that a teacher can call out; what is not named keeps its default."""

    name: str
    values: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True)
class Output:
    """One result of the model; the first of an explorer is its main one, shown large.

    `missing` stands in words where it is not finite; if it is empty, the result is left out there.
    `comma` is empty for years, which take no mark between thousands. A hidden one serves the words
    only.
    """

    name: str
    label: str
    unit: str = ""
    decimals: int = 0
    missing: str = "–"
    comma: str = ","
    hidden: bool = False


@dataclass(frozen=True)
class Sentence:
    """Words that hold when `when` does; {name} is a parameter, an output or a stored text."""

    text: str
    when: Callable | None = None


@dataclass(frozen=True)
class Axis:
    """A fixed axis. labels: {value: text} for named positions."""

    title: str
    low: float
    high: float
    scale: str = "linear"
    format: str | None = None
    values: tuple[float, ...] | None = None
    labels: Mapping[float, str] | None = None
    grid: bool | None = None

    def page_data(self) -> dict:
        """What placing a value needs, as plain JSON."""
        return {"low": self.low, "high": self.high, "scale": self.scale}

    def holds(self, value: float) -> bool:
        """Does a value lie between both ends?

        >>> Axis("", 0, 10).holds(10), Axis("", 0, 10).holds(float("nan"))
        (True, False)
        """
        return self.low <= value <= self.high

    def value_at(self, share):
        """The value at a share of the axis, 0 at its low end and 1 at its high end.

        Works on traced shares too.

        >>> float(Axis("", 1, 100, "log").value_at(0.5))
        10.0
        """
        if self.scale == "log":
            return self.low * np.power(self.high / self.low, share)
        return self.low + (self.high - self.low) * share


@dataclass(frozen=True)
class Frames:
    """Values computed once for every choice of some select parameters, and stored.

    rows: {(choice, ...): {name: number, text or list of (x, y)}}, complete, all with one set of
    names. Numbers join the model's inputs, texts the words, lists the marks that name them as their
    `frame`. Numbers are kept to twelve significant digits so that platforms agree.
    """

    keys: tuple[str, ...]
    rows: Mapping[tuple[str, ...], Mapping]

    def __post_init__(self):
        rows = {
            k if isinstance(k, tuple) else (k,): {n: _rounded(v) for n, v in row.items()}
            for k, row in self.rows.items()
        }
        names = {frozenset((n, type(v)) for n, v in row.items()) for row in rows.values()}
        if len(names) != 1:
            raise ScenarioError(f"frames over {self.keys} do not all hold the same names and types")
        object.__setattr__(self, "rows", rows)

    def names_of(self, kind: type) -> tuple[str, ...]:
        """Names of the stored values of a type: float, str or list.

        >>> Frames(("base",), {"all": {"people": 3, "note": "x"}}).names_of(str)
        ('note',)
        """
        row = next(iter(self.rows.values()))
        return tuple(n for n, v in row.items() if isinstance(v, kind))


def _rounded(value):
    if isinstance(value, str):
        return value
    if isinstance(value, (list, tuple)):
        return [[float(f"{float(c):.12g}") for c in item] for item in value]
    return float(f"{float(value):.12g}")
