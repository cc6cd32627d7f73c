"""An explorer as a Vega-Lite chart whose parameters are bound to controls.

Every output is a chart parameter with the traced formula, so that Jupyter's own Vega follows the
controls with no kernel. `usermeta.receiptbook.scenario` carries the same formulas for the page:

    parameters, presets, outputs, words   as the page shows them
    lead      a sentence whose numbers can be dragged, or ""
    default   {"words", "results": {name: text}, "sentence", "settings", "assumed",
              "shapes": {mark: [...]}}
    frames    [{"keys", "numbers", "texts", "rows": {"choice|choice": {name: value}}}, ...]
    picture   {"width", "height", "x", "y": {"low", "high", "scale"}, "marks": [...]}
    a mark    {"name", "kind", "formula" | "frame" | "follows", "t": [low, high, steps], style...,
              "text": [...]}

A formula, as a mark, an output or the condition of words has it, is text that
`receiptbook.explorers.trace.stored` writes: on one line, with every digit of its numbers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np
import pandas as pd

from receiptbook import charts
from receiptbook.book.outputs import card_of
from receiptbook.explorers.core import Scenario, State
from receiptbook.explorers.draw import beside
from receiptbook.explorers.parts import FIELD, Frames, Output, Parameter, unit_suffix
from receiptbook.explorers.shapes import KINDS, Mark, vega_mark
from receiptbook.explorers.trace import Term, stored, vega
from receiptbook.markdown import words

READOUT = "s_readout"
NARROW, LOW = 340, 0.65  # the picture for phones: px in all, and part of the plot's height
BREAK = "¶"
OUTPUT_FIELDS = ("name", "label", "unit", "decimals", "hidden", "missing", "comma")


def card(scenario: Scenario) -> charts.Card:
    """The bound chart at the defaults, live on the page and in Jupyter."""
    return charts.card(
        {**vega_lite(scenario), "params": bound_parameters(scenario)},
        id=scenario.id,
        title=scenario.title,
        caption=scenario.caption,
        alt=scenario.alt,
        sources=scenario.sources,
        table=_table(scenario),
        columns=_columns(scenario),
        narrow={
            "width": round(min(300, NARROW - beside(scenario.y))),
            "height": round(LOW * scenario.height),
        },
        wide=True,
        interactive=True,
        kind="scenario",
        extra={"scenario": page_data(scenario)},
    )


def _columns(scenario: Scenario) -> dict:
    return {
        "settings": "Settings",
        **{o.name: (o.label, o.unit) for o in scenario.outputs if not o.hidden},
    }


def _table(scenario: Scenario):
    """The outputs at every preset: what a reader without the picture can compare."""
    rows = []
    for preset in scenario.presets:
        state = scenario.evaluate(**preset.values)
        numbers = {
            n: round(float(v), scenario.results[n].decimals) if np.isfinite(v) else None
            for n, v in state.outputs.items()
        }
        rows.append({"settings": preset.name, **numbers})
    return pd.DataFrame(rows)


def stored_page_data(spec: Mapping) -> Mapping | None:
    """What `page_data` has put into a stored chart; None where the chart is no explorer.

    >>> stored_page_data({"usermeta": {"receiptbook": {"id": "users", "kind": "chart"}}})
    """
    return card_of(spec).get("scenario")


def page_data(scenario: Scenario) -> dict:
    """What the page needs beside the picture, as plain JSON; the module's docstring lists it."""
    recorded = scenario.recorded
    frames = [
        {
            "keys": list(f.keys),
            "numbers": list(f.names_of(float)),
            "texts": list(f.names_of(str)),
            "rows": {"|".join(k): dict(row) for k, row in f.rows.items()},
        }
        for f in scenario.frames
    ]
    return {
        "id": scenario.id,
        "title": words(scenario.title),
        "parameters": [_parameter(scenario, p) for p in scenario.parameters],
        "presets": [{"name": p.name, "values": dict(p.values)} for p in scenario.presets],
        "outputs": [
            {
                **{n: getattr(o, n) for n in OUTPUT_FIELDS},
                "formula": stored(recorded.outputs[o.name]),
            }
            for o in scenario.outputs
        ],
        "words": [
            {"when": stored(w) if w is not None else None, "text": s.text}
            for s, w in zip(scenario.words, recorded.when, strict=True)
        ],
        "lead": scenario.lead,
        "frames": frames,
        "default": _default(scenario.evaluate()),
        "picture": {
            "width": scenario.width,
            "height": scenario.height,
            "x": scenario.x.page_data(),
            "y": scenario.y.page_data(),
            "marks": [_mark(scenario, m) for m in scenario.marks if not m.still],
        },
    }


def _parameter(scenario: Scenario, p: Parameter) -> dict:
    """A control; `only` says under which options of which choice it is on, and that in words."""
    if not p.only:
        return p.page_data()
    only = {"name": p.only[0], "values": list(p.only[1]), "words": scenario.condition(p.name)}
    return {**p.page_data(), "only": only}


def _default(state: State) -> dict:
    """The words and the moving marks at the defaults, precise enough to draw."""
    return {
        **state.snapshot([m for m in state.scenario.marks if not m.still]),
        "results": {o.name: state.result(o) for o in state.scenario.outputs},
        "sentence": state.words,
        "settings": state.settings_text,
        "assumed": state.assumed,
    }


def _mark(scenario: Scenario, mark: Mark) -> dict:
    entry = mark.page_data()
    if mark.frame:
        return {**entry, "frame": mark.frame}
    if mark.follows:
        return entry
    if mark.along:
        low, high = mark.span or (scenario.x.low, scenario.x.high)
        entry["t"] = [low, high, mark.steps]
    return {**entry, "formula": stored(scenario.recorded.shapes[mark.name])}


# ------------------------------------------------------------------------------- Vega-Lite


def bound_parameters(scenario: Scenario) -> list[dict]:
    """Bound parameters, then stored numbers and outputs as parameters that follow them."""
    params = []
    for p in scenario.parameters:
        label = f"{p.label} ({p.unit})" if p.unit else p.label
        if p.only:  # Vega cannot switch a control off
            label += f", {scenario.condition(p.name)}"
        bind = (
            {"input": "range", "min": p.low, "max": p.high, "step": p.step}
            if p.kind == "range"
            else {
                "input": "select",
                "options": [v for v, _ in p.options],
                "labels": [text for _, text in p.options],
            }
        )
        params.append({"name": p.name, "value": p.default, "bind": {**bind, "name": f"{label} "}})
    for name in scenario.stored_names(float):
        params.append({"name": name, "expr": _chosen(scenario, name)})
    for name in scenario.results:
        params.append({"name": name, "expr": vega(scenario.recorded.outputs[name])})
    return params


def _frames_of(scenario: Scenario, name: str) -> Frames:
    return next(f for f in scenario.frames if name in next(iter(f.rows.values())))


def _chosen(scenario: Scenario, name: str) -> str:
    """The stored value of the current choice, looked up in a literal table."""
    frames = _frames_of(scenario, name)
    table = json.dumps(
        {"|".join(k): row[name] for k, row in frames.rows.items()}, ensure_ascii=False
    )
    return f"({table})[" + " + '|' + ".join(frames.keys) + "]"


def _words(scenario: Scenario, template: str) -> str:
    """A template as a Vega expression that makes the text."""
    pieces = FIELD.split(template)  # text, name, text, ..., text
    parts = [
        _word(scenario, piece) if i % 2 else json.dumps(piece, ensure_ascii=False)
        for i, piece in enumerate(pieces)
        if piece
    ]
    return " + ".join(parts) or '""'


def _word(scenario: Scenario, name: str) -> str:
    if (p := scenario.by_name.get(name)) is not None:
        if p.kind == "range":
            return f"format({name}, '{p.comma}.{p.decimals}f')"
        text = '""'
        for value, label in reversed(p.options):
            text = (
                f"({name} === {json.dumps(value)} ? {json.dumps(label, ensure_ascii=False)} "
                f": {text})"
            )
        return text
    if (o := scenario.results.get(name)) is not None:
        return _result(o, unit=False)
    return _chosen(scenario, name)


def _result(output: Output, *, unit: bool = True) -> str:
    """An output as a Vega expression for words, with or without its unit."""
    known = f"format({output.name}, '{output.comma}.{output.decimals}f')"
    if unit and output.unit:
        known += f" + {json.dumps(unit_suffix(output.unit), ensure_ascii=False)}"
    return f"(isFinite({output.name}) ? {known} : {json.dumps(output.missing, ensure_ascii=False)})"


def vega_lite(scenario: Scenario) -> dict:
    """The layers: traced formulas for what moves, stored rows for what does not."""
    start = scenario.evaluate()
    layers = [_layer(scenario, m, start if m.still else None) for m in scenario.marks]
    return {
        "width": scenario.width,
        "height": scenario.height,
        "config": charts.theme(),
        "layer": [*layers, _readout(scenario)],
    }


def _encoding(scenario: Scenario, **fields) -> dict:
    axes = {"x": scenario.x, "y": scenario.y}
    encoding = {}
    for channel, name in fields.items():
        if channel not in axes:
            encoding[channel] = {"field": name}
            continue
        axis = axes[channel]
        look = {"title": axis.title}
        if axis.format:
            look["format"] = axis.format
        if axis.grid is not None:
            look["grid"] = axis.grid
        if axis.labels is not None:
            look["values"] = list(axis.labels)
            text = "''"
            for value, label in reversed(axis.labels.items()):
                text = f"(datum.value === {value} ? {json.dumps(label)} : {text})"
            look["labelExpr"] = text
        elif axis.values is not None:
            look["values"] = list(axis.values)
        encoding[channel] = {
            "field": name,
            "type": "quantitative",
            "axis": look,
            "scale": {
                "type": axis.scale,
                "domain": [axis.low, axis.high],
                "nice": False,
                **({"zero": False} if axis.scale == "linear" else {}),
            },
        }
    return encoding


def _layer(scenario: Scenario, mark: Mark, state: State | None) -> dict:
    """One mark: stored rows where `state` is given or the mark is stored, else traced formulas."""
    fields = KINDS[mark.kind].fields
    if mark.along:
        data, steps = _curve(scenario, mark, state)
    elif mark.follows:
        data, steps = _label(scenario, mark)
    else:
        data, steps = _rows(scenario, mark, state)
        steps += [] if KINDS[mark.kind].clipped else [{"filter": _inside(scenario)}]
    encoding = _encoding(scenario, **{f: f for f in fields})
    if mark.kind == "text":
        encoding["text"] = {"field": "text"}
    if KINDS[mark.kind].ordered:
        encoding["order"] = {"field": "i", "type": "quantitative"}
    return {
        "name": f"s_{mark.name}",
        "data": data,
        "transform": steps,
        "mark": vega_mark(mark),
        "encoding": encoding,
    }


def _curve(scenario: Scenario, mark: Mark, state: State | None) -> tuple[dict, list]:
    """Rows along the x axis: a sequence with traced formulas, or stored."""
    fields = KINDS[mark.kind].fields
    if state is not None:
        rows = [dict(zip(fields, map(_finite, row), strict=True)) for row in state.shape(mark)]
        return {"values": rows}, []
    shape = scenario.recorded.shapes[mark.name]
    along = scenario.x_along(mark, Term("/", Term("datum", "i"), mark.steps))
    values = shape if isinstance(shape, tuple) else (shape,)
    steps = [{"calculate": vega(along), "as": "t"}, {"calculate": "datum.t", "as": "x"}]
    steps += [{"calculate": vega(v), "as": y} for y, v in zip(fields[1:], values, strict=True)]
    return {"sequence": {"start": 0, "stop": mark.steps + 1, "as": "i"}}, steps


def _inside(scenario: Scenario) -> str:
    """A Vega expression: the row lies within the frame."""
    ends = (("x", scenario.x), ("y", scenario.y))
    return " && ".join(f"datum.{n} >= {a.low!r} && datum.{n} <= {a.high!r}" for n, a in ends)


def _label(scenario: Scenario, mark: Mark) -> tuple[dict, list]:
    """The one row of a label on a line: the point at its share of those within the frame."""
    line = next(m for m in scenario.marks if m.name == mark.follows)
    data, steps = _curve(scenario, line, None)
    steps = [
        *steps,
        {"filter": _inside(scenario)},
        {"window": [{"op": "row_number", "as": "n"}]},
        {"joinaggregate": [{"op": "count", "as": "all"}]},
        {"filter": f"datum.n === floor({mark.at} * (datum.all - 1)) + 1"},
        {"calculate": _words(scenario, mark.text[0]), "as": "text"},
    ]
    return data, steps


def _rows(scenario: Scenario, mark: Mark, state: State | None) -> tuple[dict, list]:
    """Rows i = 0, 1, ... of a mark, with stored or traced coordinates."""
    fields = KINDS[mark.kind].fields
    if state is not None:
        rows = [_row(i, item, fields) for i, item in enumerate(state.shape(mark))]
        for row in rows if mark.kind == "text" else ():
            row["text"] = state.fill(mark.text[row["i"]])
        return {"values": rows}, []
    if mark.frame:
        frames = _frames_of(scenario, mark.frame)
        rows = [
            {"k": "|".join(choice), **_row(i, item, fields)}
            for choice, row in frames.rows.items()
            for i, item in enumerate(row[mark.frame])
        ]
        steps = [{"filter": "datum.k === " + " + '|' + ".join(frames.keys)}]
        return {"values": rows}, steps
    shape = scenario.recorded.shapes[mark.name]
    steps = [
        {"calculate": _by_row([vega(item[k]) for item in shape]), "as": f}
        for k, f in enumerate(fields)
    ]
    if mark.kind == "text":
        words = [_words(scenario, t) for t in mark.text]
        steps.append({"calculate": _by_row(words), "as": "text"})
    return {"values": [{"i": i} for i in range(len(shape))]}, steps


def _row(i: int, item, fields) -> dict:
    return {"i": i, **dict(zip(fields, map(_finite, item), strict=True))}


def _by_row(expressions: list[str]) -> str:
    """One expression for rows i = 0, 1, ...: the row's own."""
    text = expressions[-1]
    for i, expression in reversed(list(enumerate(expressions[:-1]))):
        text = f"(datum.i === {i} ? {expression} : {text})"
    return text


def _finite(value) -> float | None:
    return float(value) if np.isfinite(value) else None


def _readout(scenario: Scenario) -> dict:
    """The results under the plot, for Jupyter; the page says them in words."""
    shown = [o for o in scenario.outputs if not o.hidden]
    lines = [f"{json.dumps(o.label + ': ')} + {_result(o)}" for o in shown]
    text = {"value": {"expr": f" + '{BREAK}' + ".join(lines)}}
    return {
        "name": READOUT,
        "data": {"values": [{}]},
        "mark": {
            "type": "text",
            "align": "left",
            "baseline": "top",
            "lineBreak": BREAK,
            "lineHeight": 18,
            "fontSize": 13,
            "color": charts.colour("ink"),
            "x": 0,
            "y": scenario.height + 48,
        },
        "encoding": {"text": text},
    }
