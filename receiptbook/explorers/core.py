"""An explorer's description put together, and its reference evaluation in NumPy."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from receiptbook.charts.card import SLUG
from receiptbook.explorers.own_figures import OwnFigures
from receiptbook.explorers.parts import (
    FIELD,
    Axis,
    Frames,
    Output,
    Parameter,
    Preset,
    ScenarioError,
    Sentence,
    fixed,
    unit_suffix,
)
from receiptbook.explorers.shapes import Mark
from receiptbook.explorers.trace import Term, trace


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
        numbers = {n: np.float64(self.frame[n]) for n in self.scenario.stored_names(float)}
        return {**self.values, **numbers, **self.outputs}

    def fill(self, template: str) -> str:
        """`template` with its {names} replaced."""
        return FIELD.sub(lambda m: self._word(m[1]), template)

    def _word(self, name: str) -> str:
        if (parameter := self.scenario.by_name.get(name)) is not None:
            return parameter.text(self.values[name])
        if (output := self.scenario.results.get(name)) is not None:
            return fixed(self.outputs[name], output.decimals, output.missing, output.comma)
        return str(self.frame[name])

    def result(self, output: Output) -> str:
        """An output with its unit, or what is said where it has no value."""
        text = self._word(output.name)
        return text + unit_suffix(output.unit) if np.isfinite(self.outputs[output.name]) else text

    @property
    def words(self) -> str:
        """The first sentence that holds."""
        for sentence in self.scenario.words:
            if sentence.when is None or bool(call(sentence.when, self.env)):
                return self.fill(sentence.text)
        raise AssertionError("the last sentence holds always")

    @property
    def settings_text(self) -> str:
        """All settings that the model uses, in one line."""
        return "; ".join(
            f"{p.label} {p.text(self.values[p.name])}{unit_suffix(p.unit)}"
            for p in self.scenario.parameters
            if self.scenario.uses(p.name, self.values)
        )

    @property
    def assumed(self) -> str:
        """How many of the values behind the results are assumed, in words, or nothing.

        >>> from receiptbook.explorers import assumed_words
        >>> assumed_words(1), assumed_words(6), assumed_words(0)
        ('from 1 assumed value', 'from 6 assumed values', '')
        """
        parameters = self.scenario.parameters
        used = [p for p in parameters if p.receipt and self.scenario.uses(p.name, self.values)]
        return assumed_words(len(used))

    def shape(self, mark: Mark):
        """A mark's coordinates: an array (points, 2 or 3) for line and area, else a list."""
        if mark.frame:
            return self.frame[mark.frame]
        if mark.follows:
            return self._place_on(mark)
        if mark.along:
            t = self.scenario.x_along(mark, np.arange(mark.steps + 1) / mark.steps)
            ys = call(mark.shape, {**self.env, "t": t})
            ys = ys if isinstance(ys, tuple) else (ys,)
            return np.column_stack([t, *(np.broadcast_to(y, t.shape) for y in ys)])
        return [tuple(float(c) for c in item) for item in call(mark.shape, self.env)]

    def _place_on(self, mark: Mark) -> list[tuple[float, float]]:
        """Where a label stands that follows a line: at its share of what is seen of the line."""
        x, y = self.scenario.x, self.scenario.y
        line = next(m for m in self.scenario.marks if m.name == mark.follows)
        seen = [(float(a), float(b)) for a, b in self.shape(line) if x.holds(a) and y.holds(b)]
        return [seen[int(mark.at * (len(seen) - 1))] if seen else (np.nan, np.nan)]

    def snapshot(self, marks: Iterable[Mark]) -> dict:
        """{"words": {name: text}, "shapes": {mark: coordinates}}, all that a drawing needs."""
        scenario = self.scenario
        names = [*scenario.by_name, *scenario.stored_names(str), *scenario.results]
        return {
            "words": {n: self._word(n) for n in names},
            "shapes": {m.name: [[_drawable(c) for c in p] for p in self.shape(m)] for m in marks},
        }


def assumed_words(count: int) -> str:
    """What is said beside a result that rests on so many assumed values."""
    return f"from {count} assumed value{'s' if count > 1 else ''}" if count else ""


def _drawable(value: float) -> float | None:
    return float(f"{value:.9g}") if np.isfinite(value) else None


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
    use only what `receiptbook.explorers.trace` translates. The first preset is always the default;
    one that names no values says what the default is called.

    For the kernel alone: `own`, how figures of the reader's own replace the book's, and `fit`, a
    function of the settings that returns those under which the model comes closest to the figures.
    A scenario that is only ever shown as widgets may have any Python function as its model.

    Authors write an `Explorer`, which adds the chart and the widgets.

    Raises
    ------
    ScenarioError
        if names clash, words or presets name what is not there, stored values are incomplete, the
        last sentence does not hold always, or the model does not return the outputs
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
    own: OwnFigures | None = None
    fit: Callable[[Mapping], Mapping] | None = None

    def __post_init__(self):
        if not self.presets or self.presets[0].values:
            object.__setattr__(self, "presets", (Preset("Default"), *self.presets))
        for problem in self._problems():
            raise ScenarioError(f"scenario {self.id!r}{problem}")
        for preset in self.presets:
            self.complete(**preset.values)
        returned = set(self.evaluate().outputs)
        if returned != set(self.results):
            raise ScenarioError(
                f"scenario {self.id!r}: the model returns {sorted(returned)}, "
                f"but the outputs are {sorted(self.results)}"
            )

    def _problems(self) -> Iterator[str]:
        """What is wrong with the description before any of it is evaluated."""
        if not SLUG.fullmatch(self.id):
            yield " is not a slug: write lower-case words with hyphens between them"
        stored = (*self.stored_names(float), *self.stored_names(str), *self.stored_names(list))
        names = [*self.by_name, *stored, *self.results]
        if len(set(names)) != len(names) or "t" in names:
            yield f": names are not distinct, or one is t: {names}"
        if not self.words or self.words[-1].when is not None:
            yield ": the last sentence must hold always; give it no `when`"
        for p in self.parameters:
            if p.only and not self._is_condition(p):
                yield (
                    f": {p.name!r} is used only under {p.only}; name a choice "
                    "and some of its options, and keep the parameter out of the lead"
                )
        for frames in self.frames:
            choices = [self.choices.get(key) for key in frames.keys]
            if None in choices:
                yield f": frames over {frames.keys}; the choices are {', '.join(self.choices)}"
            elif set(itertools.product(*choices)) != set(frames.rows):
                yield f": frames must hold every combination of {frames.keys}"
        templates = [s.text for s in self.words] + [self.lead]
        templates += [t for m in self.marks for t in m.text]
        lines = {m.name for m in self.marks if m.kind == "line"}
        for m in self.marks:
            if m.follows and (m.follows not in lines or len(m.text) != 1):
                yield f": label {m.name!r} follows {m.follows!r}, which is none of the lines {lines}"
        for name in {n for t in templates for n in FIELD.findall(t)} - set(names):
            yield f": words name {{{name}}}; there are {names}"

    def _is_condition(self, p: Parameter) -> bool:
        """Does `p.only` name a choice and some of its options, and the lead not name `p`?"""
        choice, used_under = p.only
        part = set(used_under) < set(self.choices.get(choice, ()))
        return part and f"{{{p.name}}}" not in self.lead

    @cached_property
    def by_name(self) -> dict[str, Parameter]:
        return {p.name: p for p in self.parameters}

    @cached_property
    def choices(self) -> dict[str, dict[str, str]]:
        """The options of each choice by its name: {value: label}."""
        return {p.name: dict(p.options) for p in self.parameters if p.options}

    def uses(self, name: str, settings: Mapping) -> bool:
        """Does the model use this parameter at these settings?"""
        only = self.by_name[name].only
        return only is None or settings[only[0]] in only[1]

    def condition(self, name: str) -> str:
        """When the model uses a parameter, in words: "only with Curve: straight", or nothing."""
        if (only := self.by_name[name].only) is None:
            return ""
        choice, used_under = only
        labels = " or ".join(self.choices[choice][value] for value in used_under)
        return f"only with {self.by_name[choice].label}: {labels}"

    @cached_property
    def results(self) -> dict[str, Output]:
        return {o.name: o for o in self.outputs}

    def stored_names(self, kind: type) -> tuple[str, ...]:
        """Names of the stored values of a type: float, str or list."""
        return tuple(n for frames in self.frames for n in frames.names_of(kind))

    def complete(self, **values) -> dict:
        """All settings: defaults, changed by `values`; ScenarioError for what no control holds."""
        if unknown := set(values) - set(self.by_name):
            raise ScenarioError(
                f"scenario {self.id!r} has no {', '.join(sorted(unknown))}; there "
                f"are {', '.join(self.by_name)}"
            )
        return {n: p.accept(values.get(n, p.default)) for n, p in self.by_name.items()}

    def evaluate(self, **values) -> State:
        """The reference: the model in NumPy at these settings."""
        return self.state_at(self.complete(**values))

    def state_at(self, settings: Mapping) -> State:
        """As `evaluate`, for complete settings that need not lie within the controls' limits."""
        frame = {
            n: v
            for frames in self.frames
            for n, v in frames.rows[tuple(settings[k] for k in frames.keys)].items()
        }
        numbers = {n: np.float64(frame[n]) for n in self.stored_names(float)}
        outputs = call(self.model, {**settings, **numbers})
        ordered = {n: np.float64(outputs[n]) for n in self.results if n in outputs}
        return State(self, settings, frame, {**outputs, **ordered})

    def x_along(self, mark: Mark, share):
        """The x of a line's points: `share` runs from 0 to 1."""
        if mark.span is None:
            return self.x.value_at(share)
        low, high = mark.span
        return Axis("", low, high, self.x.scale).value_at(share)

    @cached_property
    def recorded(self) -> Recorded:
        """The formulas, traced once."""
        return Recorded(self)


class Recorded:
    """A scenario's formulas as recordings: `outputs`, `when`, `shapes` (by mark name)."""

    def __init__(self, scenario: Scenario):
        inputs = (*scenario.by_name, *scenario.stored_names(float))
        self.names = (*inputs, *scenario.results)
        self.outputs: dict[str, Term] = self._trace(scenario.model, inputs)
        self.when = [s.when and self._trace(s.when, self.names) for s in scenario.words]
        self.shapes = {
            m.name: self._trace(m.shape, self.names)
            for m in scenario.marks
            if m.shape and not m.still
        }

    @staticmethod
    def _trace(function, names):
        wanted = needed(function)
        if missing := set(wanted) - set(names) - {"t"}:
            raise ScenarioError(
                f"{function.__qualname__} asks for {sorted(missing)}; there are {', '.join(names)}"
            )
        return trace(function, [n for n in wanted if n != "t"], ["t"] if "t" in wanted else [])
