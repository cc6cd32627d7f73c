"""The description of an explorer, and its reference evaluation in NumPy."""

from __future__ import annotations

import inspect
import itertools
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from receiptbook.charts import PALETTE
from receiptbook.explorers.trace import Term, identifier, javascript, trace, vega

if TYPE_CHECKING:
    from receiptbook.explorers.own import Own

FIELD = re.compile(r"\{(\w+)\}")
SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
ANY = Context(prec=400)  # digits; enough for any float
MOVING = ("line", "area", "path", "points", "rules", "bars", "text", "polygon")


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


@dataclass(frozen=True)
class Parameter:
    """One control.

    A range has low, high and step; a choice has options, pairs of (value, label); a switch has a
    boolean default. `receipt` names the ledger entry that the default rests on. `only` is
    (name of a choice, its options) if the model uses the parameter under those options alone;
    under the others the control is off.
    """

    name: str
    label: str
    default: float | str | bool
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
        self.check(self.default)

    @property
    def kind(self) -> str:
        """range, select or checkbox."""
        if self.options:
            return "select"
        return "checkbox" if isinstance(self.default, bool) else "range"

    def check(self, value):
        """`value` as the model wants it; ScenarioError if the control could not hold it."""
        if self.kind == "select":
            if value not in dict(self.options):
                raise ScenarioError(
                    f"{self.name}: {value!r} is none of "
                    f"{', '.join(repr(v) for v, _ in self.options)}"
                )
            return value
        if self.kind == "checkbox":
            if not isinstance(value, (bool, np.bool_)):
                raise ScenarioError(f"{self.name}: {value!r} is neither True nor False")
            return bool(value)
        try:
            number = float(value)
        except (TypeError, ValueError):
            raise ScenarioError(f"{self.name}: {value!r} is not a number") from None
        if not self.low <= number <= self.high:
            raise ScenarioError(f"{self.name}: {number:g} is outside {self.low:g} to {self.high:g}")
        return np.float64(number)

    def show(self, value) -> str:
        """`value` in words, without the unit."""
        if self.kind == "select":
            return dict(self.options)[value]
        if self.kind == "checkbox":
            return "yes" if value else "no"
        return fixed(value, self.decimals, comma=self.comma)

    def describe(self) -> dict:
        """What the page needs to build the control."""
        shared = {
            "name": self.name,
            "label": self.label,
            "unit": self.unit,
            "kind": self.kind,
            "default": self.default,
        }
        if self.receipt:
            shared["receipt"] = self.receipt
        if self.kind == "select":
            return {**shared, "options": [{"value": v, "label": text} for v, text in self.options]}
        if self.kind == "checkbox":
            return shared
        return {
            **shared,
            "min": self.low,
            "max": self.high,
            "step": self.step,
            "decimals": self.decimals,
            "comma": self.comma,
        }


@dataclass(frozen=True)
class Preset:
    """Settings with a name that a teacher can call out; what is not named keeps its default."""

    name: str
    values: Mapping[str, float | str | bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Output:
    """One result of the model. `missing` stands in words where it is not finite; `comma` is empty
    for years, which take no mark between thousands. A hidden one serves the words only.
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

    def place(self, value):
        """Where `value` lies: 0 at the low end of the axis, 1 at the high end."""
        with np.errstate(all="ignore"):
            if self.scale == "log":
                return np.log(value / self.low) / math.log(self.high / self.low)
            return (value - self.low) / (self.high - self.low)

    def at(self, share):
        """The inverse of `place`; works on traced shares too."""
        if self.scale == "log":
            return self.low * np.power(self.high / self.low, share)
        return self.low + (self.high - self.low) * share


@dataclass(frozen=True)
class Mark:
    """Something drawn. `at` takes parameters, stored numbers and outputs by name.

    kind       what `at` returns
    line       y for each t                      (t runs along the x axis in `steps` steps)
    area       (low y, high y) for each t
    path       a list of (x, y), joined
    points     a list of (x, y)
    rules      a list of (x1, y1, x2, y2)
    bars       a list of (x1, y1, x2, y2), opposite corners
    text       a list of (x, y), one for each template in `text`
    polygon    a list of (x, y), a closed ring

    Instead of `at`, `frame` may name a stored list of such items. A mark with `still` set does not
    depend on the settings.
    """

    name: str
    kind: str
    at: Callable | None = None
    colour: str = "accent"
    fill: str = ""
    size: float = 2.5
    dash: tuple[int, ...] = ()
    steps: int = 120
    span: tuple[float, float] | None = None
    text: tuple[str, ...] = ()
    dx: float = 0
    dy: float = 0
    anchor: str = "start"
    bold: bool = False
    frame: str = ""
    still: bool = False

    def __post_init__(self):
        identifier(self.name)
        if self.kind not in MOVING:
            raise ScenarioError(f"mark {self.name!r} is a {self.kind!r}; choose from {MOVING}")
        for name in filter(None, (self.colour, self.fill)):
            if name not in PALETTE:
                raise ScenarioError(f"mark {self.name!r}: no colour {name!r} in the palette")
        if bool(self.at) == bool(self.frame) or (self.frame and self.kind in ("line", "area")):
            raise ScenarioError(
                f"mark {self.name!r} needs either `at` or, unless it is a line or an area, `frame`"
            )


@dataclass(frozen=True)
class Frames:
    """Values computed once for every choice of some select parameters, and stored.

    rows: {(choice, ...): {name: number, text or list of (x, y)}}, complete, all with one set of
    names. Numbers join the model's inputs, texts the words, lists the polygons. Numbers are kept
    to twelve significant digits so that platforms agree.
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

    def of(self, kind: type) -> tuple[str, ...]:
        """Names of the stored values of a type: float, str or list."""
        row = next(iter(self.rows.values()))
        return tuple(n for n, v in row.items() if isinstance(v, kind))


def _rounded(value):
    if isinstance(value, str):
        return value
    if isinstance(value, (list, tuple)):
        return [[float(f"{float(c):.12g}") for c in item] for item in value]
    return float(f"{float(value):.12g}")


@dataclass(frozen=True)
class State:
    """An explorer at certain settings: what the model says, and how it is put into words."""

    scenario: Scenario
    values: Mapping
    frame: Mapping
    outputs: Mapping

    @property
    def env(self) -> dict:
        """Everything a formula may name."""
        numbers = {n: np.float64(self.frame[n]) for n in self.scenario.stored(float)}
        return {**self.values, **numbers, **self.outputs}

    def fill(self, template: str) -> str:
        """`template` with its {names} replaced."""
        return FIELD.sub(lambda m: self._word(m[1]), template)

    def _word(self, name: str) -> str:
        if (parameter := self.scenario.by_name.get(name)) is not None:
            return parameter.show(self.values[name])
        if (output := self.scenario.results.get(name)) is not None:
            return fixed(self.outputs[name], output.decimals, output.missing, output.comma)
        return str(self.frame[name])

    def result(self, output: Output) -> str:
        """An output with its unit, or what is said where it has no value."""
        text = self._word(output.name)
        return text + joined(output.unit) if np.isfinite(self.outputs[output.name]) else text

    @property
    def words(self) -> str:
        """The first sentence that holds."""
        for sentence in self.scenario.words:
            if sentence.when is None or bool(call(sentence.when, self.env)):
                return self.fill(sentence.text)
        raise AssertionError("the last sentence holds always")

    @property
    def settings(self) -> str:
        """All settings that the model uses, in one line."""
        return "; ".join(
            f"{p.label} {p.show(self.values[p.name])}{joined(p.unit)}"
            for p in self.scenario.parameters
            if self.scenario.used(p.name, self.values)
        )

    @property
    def address(self) -> str:
        """The settings that differ from the defaults, as an address carries them."""
        parts = []
        for p in self.scenario.parameters:
            value = self.values[p.name]
            if value != p.default:
                value = (
                    {True: "1", False: "0"}.get(value, value)
                    if isinstance(value, bool)
                    else (
                        value if isinstance(value, str) else repr(float(value)).removesuffix(".0")
                    )
                )
                parts.append(f"{p.name}:{value}")
        return "#s=" + ",".join(parts) if parts else ""

    def shape(self, mark: Mark):
        """A mark's coordinates: an array (points, 2 or 3) for line and area, else a list."""
        if mark.frame:
            return self.frame[mark.frame]
        if mark.kind in ("line", "area"):
            t = self.scenario.along(mark, np.arange(mark.steps + 1) / mark.steps)
            ys = call(mark.at, {**self.env, "t": t})
            ys = ys if isinstance(ys, tuple) else (ys,)
            return np.column_stack([t, *(np.broadcast_to(y, t.shape) for y in ys)])
        return [tuple(float(c) for c in item) for item in call(mark.at, self.env)]


def joined(unit: str) -> str:
    """A unit as it follows a number: percent sign close, words apart."""
    return unit if unit in ("", "%") else f" {unit}"


def needed(function: Callable) -> tuple[str, ...]:
    """The names a function asks for."""
    return tuple(inspect.signature(function).parameters)


def call(function: Callable, env: Mapping):
    """Call with what the function asks for; numbers that cannot be had come out as NaN or inf."""
    try:
        with np.errstate(all="ignore"):
            return function(**{n: env[n] for n in needed(function)})
    except KeyError as problem:
        raise ScenarioError(
            f"{function.__qualname__} asks for {problem.args[0]!r}; there are {', '.join(env)}"
        ) from None


@dataclass(frozen=True)
class Scenario:
    """An explorer: controls, a model, a picture and words.

    `model` is a NumPy function of parameters and stored numbers by name that returns
    ``{output name: value}``. It runs as it is in the kernel and traced in the browser, so it may
    use only what `receiptbook.explorers.trace` translates. The first preset is always the default; one
    that names no values says what the default is called.

    For the kernel alone: `own`, how figures of the reader's own replace the book's, and `fit`, a
    function of the settings that returns those under which the model comes closest to the figures.
    A scenario that is only ever shown as widgets may have any Python function as its model.
    """

    id: str
    title: str
    caption: str
    alt: str
    sources: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    model: Callable
    outputs: tuple[Output, ...]
    words: tuple[Sentence, ...]
    x: Axis
    y: Axis
    marks: tuple[Mark, ...]
    presets: tuple[Preset, ...] = ()
    frames: tuple[Frames, ...] = ()
    lead: str = ""
    width: int = 600
    height: int = 320
    wide: bool = False
    note: str = ""
    own: Own | None = None
    fit: Callable[[Mapping], Mapping] | None = None

    def __post_init__(self):
        if not SLUG.fullmatch(self.id):
            raise ScenarioError(f"scenario id {self.id!r} is not a slug")
        names = [
            *self.by_name,
            *self.stored(float),
            *self.stored(str),
            *self.stored(list),
            *self.results,
        ]
        if len(set(names)) != len(names) or "t" in names:
            raise ScenarioError(
                f"scenario {self.id!r}: names are not distinct, or one is t: {names}"
            )
        if not self.words or self.words[-1].when is not None:
            raise ScenarioError(
                f"scenario {self.id!r}: the last sentence must hold always; give it no `when`"
            )
        for p in self.parameters:
            if p.only and not (
                set(p.only[1]) < set(dict(getattr(self.by_name.get(p.only[0]), "options", ())))
                and f"{{{p.name}}}" not in self.lead
            ):
                raise ScenarioError(
                    f"scenario {self.id!r}: {p.name!r} is used only under {p.only}; name a choice "
                    "and some of its options, and keep the parameter out of the lead"
                )
        for frames in self.frames:
            choices = [dict(self.by_name[k].options) for k in frames.keys]
            if set(itertools.product(*choices)) != set(frames.rows):
                raise ScenarioError(
                    f"scenario {self.id!r}: frames must hold every combination of {frames.keys}"
                )
        if not self.presets or self.presets[0].values:
            object.__setattr__(self, "presets", (Preset("Default"), *self.presets))
        for preset in self.presets:
            self.settings(**preset.values)
        templates = [s.text for s in self.words] + [self.lead]
        templates += [t for m in self.marks for t in m.text]
        for name in {n for t in templates for n in FIELD.findall(t)} - set(names):
            raise ScenarioError(f"scenario {self.id!r}: words name {{{name}}}; there are {names}")
        state = self.evaluate()
        if set(state.outputs) != set(self.results):
            raise ScenarioError(
                f"scenario {self.id!r}: the model returns {sorted(state.outputs)}, "
                f"but the outputs are {sorted(self.results)}"
            )

    @cached_property
    def by_name(self) -> dict[str, Parameter]:
        return {p.name: p for p in self.parameters}

    def used(self, name: str, settings: Mapping) -> bool:
        """Does the model use this parameter at these settings?"""
        only = self.by_name[name].only
        return only is None or settings[only[0]] in only[1]

    def condition(self, name: str) -> str:
        """When the model uses a parameter, in words: "only with Curve: Bass", or nothing."""
        if (only := self.by_name[name].only) is None:
            return ""
        choice = self.by_name[only[0]]
        return f"only with {choice.label}: {' or '.join(dict(choice.options)[v] for v in only[1])}"

    @cached_property
    def results(self) -> dict[str, Output]:
        return {o.name: o for o in self.outputs}

    def stored(self, kind: type) -> tuple[str, ...]:
        """Names of the stored values of a type."""
        return tuple(n for frames in self.frames for n in frames.of(kind))

    def settings(self, **values) -> dict:
        """All settings: defaults, changed by `values`; ScenarioError for what no control holds."""
        if unknown := set(values) - set(self.by_name):
            raise ScenarioError(
                f"scenario {self.id!r} has no {', '.join(sorted(unknown))}; there "
                f"are {', '.join(self.by_name)}"
            )
        return {n: p.check(values.get(n, p.default)) for n, p in self.by_name.items()}

    def evaluate(self, **values) -> State:
        """The reference: the model in NumPy at these settings."""
        return self.at(self.settings(**values))

    def at(self, settings: Mapping) -> State:
        """As `evaluate`, for complete settings that need not lie within the controls' limits."""
        frame = {
            n: v
            for frames in self.frames
            for n, v in frames.rows[tuple(settings[k] for k in frames.keys)].items()
        }
        numbers = {n: np.float64(frame[n]) for n in self.stored(float)}
        outputs = call(self.model, {**settings, **numbers})
        ordered = {n: np.float64(outputs[n]) for n in self.results if n in outputs}
        return State(self, settings, frame, {**outputs, **ordered})

    def along(self, mark: Mark, share):
        """The x of a line's points: `share` runs from 0 to 1."""
        if mark.span is None:
            return self.x.at(share)
        low, high = mark.span
        return Axis("", low, high, self.x.scale).at(share)

    def page(self):
        """The bound chart as a `receiptbook.charts.Card`: live on the page and in Jupyter."""
        from receiptbook.explorers.vega import card

        return card(self)

    def widgets(self):
        """The same model as ipywidgets, for free inputs in a running kernel."""
        from receiptbook.explorers.widgets import Live

        return Live(self)

    @cached_property
    def recorded(self) -> Recorded:
        """The formulas, traced once."""
        return Recorded(self)


class Recorded:
    """A scenario's formulas as recordings: `outputs`, `when`, `shapes` (by mark name)."""

    def __init__(self, scenario: Scenario):
        inputs = (*scenario.by_name, *scenario.stored(float))
        self.names = (*inputs, *scenario.results)
        self.outputs: dict[str, Term] = self._trace(scenario.model, inputs)
        self.when = [s.when and self._trace(s.when, self.names) for s in scenario.words]
        self.shapes = {
            m.name: self._trace(m.at, self.names)
            for m in scenario.marks
            if not m.frame and not m.still
        }

    @staticmethod
    def _trace(function, names):
        wanted = needed(function)
        if missing := set(wanted) - set(names) - {"t"}:
            raise ScenarioError(
                f"{function.__qualname__} asks for {sorted(missing)}; there are {', '.join(names)}"
            )
        return trace(function, [n for n in wanted if n != "t"], ["t"] if "t" in wanted else [])


def formulas(term) -> dict[str, str]:
    """Both languages, as the page's contract stores them."""
    return {"js": javascript(term), "vega": vega(term)}
