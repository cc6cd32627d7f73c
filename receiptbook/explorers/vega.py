"""An explorer as a Vega-Lite chart whose parameters are bound to controls.

Every output is a chart parameter with the traced formula, so that Jupyter's own Vega follows the
controls with no kernel. `usermeta.receiptbook.scenario` carries the same formulas for the page:

    parameters, presets, outputs, words   as the page shows them
    lead      a sentence whose numbers can be dragged, or ""
    default   {"words", "results": {name: text}, "sentence", "settings", "shapes": {mark: [...]}}
    frames    [{"keys", "numbers", "texts", "rows": {"choice|choice": {name: value}}}, ...]
    picture   {"width", "height", "x", "y": {"low", "high", "scale"}, "marks": [...]}
    a mark    {"name", "kind", "js" | "frame", "t": [low, high, steps], style..., "text": [...]}
"""

from __future__ import annotations

import json
import math

import numpy as np

from receiptbook import charts
from receiptbook.explorers.core import (
    FIELD,
    Axis,
    Frames,
    Mark,
    Output,
    Parameter,
    Scenario,
    State,
    formulas,
    joined,
)
from receiptbook.explorers.trace import Term, javascript, vega

READOUT = "s_readout"
BREAK = "¶"


def card(scenario: Scenario) -> charts.Card:
    """The chart card of an explorer at its defaults."""
    return charts.card(
        {**chart(scenario), "params": parameters(scenario)},
        id=scenario.id,
        title=scenario.title,
        caption=scenario.caption,
        alt=scenario.alt,
        sources=scenario.sources,
        table=_table(scenario),
        columns=_columns(scenario),
        note=scenario.note,
        wide=scenario.wide,
        interactive=True,
        kind="scenario",
        extra={"scenario": describe(scenario)},
    )


def _columns(scenario: Scenario) -> dict:
    return {
        "settings": "Settings",
        **{o.name: (o.label, o.unit) for o in scenario.outputs if not o.hidden},
    }


def _table(scenario: Scenario):
    """The outputs at every preset: what a reader without the picture can compare."""
    import pandas as pd

    rows = []
    for preset in scenario.presets:
        state = scenario.evaluate(**preset.values)
        numbers = {
            n: round(float(v), scenario.results[n].decimals) if np.isfinite(v) else None
            for n, v in state.outputs.items()
        }
        rows.append({"settings": preset.name, **numbers})
    return pd.DataFrame(rows)


def describe(scenario: Scenario) -> dict:
    """What the page needs beside the picture; see the module's words."""
    recorded = scenario.recorded
    frames = [
        {
            "keys": list(f.keys),
            "numbers": list(f.of(float)),
            "texts": list(f.of(str)),
            "rows": {"|".join(k): dict(row) for k, row in f.rows.items()},
        }
        for f in scenario.frames
    ]
    return {
        "id": scenario.id,
        "title": charts.plain(scenario.title),
        "parameters": [_parameter(scenario, p) for p in scenario.parameters],
        "presets": [{"name": p.name, "values": dict(p.values)} for p in scenario.presets],
        "outputs": [
            {
                "name": o.name,
                "label": o.label,
                "unit": o.unit,
                "decimals": o.decimals,
                "hidden": o.hidden,
                "missing": o.missing,
                "comma": o.comma,
                "expr": formulas(recorded.outputs[o.name]),
            }
            for o in scenario.outputs
        ],
        "words": [
            {"when": javascript(w) if w is not None else None, "text": s.text}
            for s, w in zip(scenario.words, recorded.when, strict=True)
        ],
        "lead": scenario.lead,
        "frames": frames,
        "default": _default(scenario.evaluate()),
        "picture": {
            "width": scenario.width,
            "height": scenario.height,
            "x": axis_of(scenario.x),
            "y": axis_of(scenario.y),
            "marks": [_mark(scenario, m) for m in scenario.marks if not m.still],
        },
    }


def _parameter(scenario: Scenario, p: Parameter) -> dict:
    """A control; `only` says under which options of which choice it is on, and that in words."""
    if not p.only:
        return p.describe()
    only = {"name": p.only[0], "values": list(p.only[1]), "words": scenario.condition(p.name)}
    return {**p.describe(), "only": only}


def _default(state: State) -> dict:
    """The words and the moving marks at the defaults, precise enough to draw."""
    return {
        **snapshot(state, [m for m in state.scenario.marks if not m.still]),
        "results": {o.name: state.result(o) for o in state.scenario.outputs},
        "sentence": state.words,
        "settings": state.settings,
    }


def snapshot(state: State, marks) -> dict:
    """{"words": {name: text}, "shapes": {mark: coordinates}}, all that a drawing needs."""
    scenario = state.scenario
    names = [*scenario.by_name, *scenario.stored(str), *scenario.results]
    return {
        "words": {n: state.fill(f"{{{n}}}") for n in names},
        "shapes": {
            m.name: [[_drawable(c) for c in item] for item in state.shape(m)] for m in marks
        },
    }


def _drawable(value: float) -> float | None:
    return float(f"{value:.9g}") if np.isfinite(value) else None


def axis_of(axis: Axis) -> dict:
    """What placing a value needs."""
    return {"low": axis.low, "high": axis.high, "scale": axis.scale}


def style(mark: Mark) -> dict:
    """Name, kind and look of a mark, without what is not set."""
    look = {"colour": mark.colour, "fill": mark.fill, "size": mark.size, "dash": list(mark.dash)}
    if mark.kind == "text":
        look = {
            "colour": mark.colour,
            "dx": mark.dx,
            "dy": mark.dy,
            "anchor": mark.anchor,
            "bold": mark.bold,
            "text": list(mark.text),
        }
    set_ones = {k: v for k, v in look.items() if v not in ("", [], False)}
    return {"name": mark.name, "kind": mark.kind, **set_ones}


def _mark(scenario: Scenario, mark: Mark) -> dict:
    entry = style(mark)
    if mark.frame:
        return {**entry, "frame": mark.frame}
    if mark.kind in ("line", "area"):
        low, high = mark.span or (scenario.x.low, scenario.x.high)
        entry["t"] = [low, high, mark.steps]
    return {**entry, "js": _array(scenario.recorded.shapes[mark.name])}


def _array(shape) -> str:
    if isinstance(shape, (list, tuple)):
        return "[" + ", ".join(map(_array, shape)) + "]"
    return javascript(shape)


# ------------------------------------------------------------------------------- Vega-Lite


def parameters(scenario: Scenario) -> list[dict]:
    """Bound parameters, then stored numbers and outputs as parameters that follow them."""
    params = []
    for p in scenario.parameters:
        label = f"{p.label} ({p.unit})" if p.unit else p.label
        if p.only:  # Vega cannot switch a control off
            label += f", {scenario.condition(p.name)}"
        bind = {
            "range": {"input": "range", "min": p.low, "max": p.high, "step": p.step},
            "select": {
                "input": "select",
                "options": [v for v, _ in p.options],
                "labels": [text for _, text in p.options],
            },
            "checkbox": {"input": "checkbox"},
        }[p.kind]
        params.append({"name": p.name, "value": p.default, "bind": {**bind, "name": f"{label} "}})
    for name in scenario.stored(float):
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
    parts, end = [], 0
    for field in FIELD.finditer(template):
        if field.start() > end:
            parts.append(json.dumps(template[end : field.start()], ensure_ascii=False))
        parts.append(_word(scenario, field[1]))
        end = field.end()
    if end < len(template) or not parts:
        parts.append(json.dumps(template[end:], ensure_ascii=False))
    return " + ".join(parts)


def _word(scenario: Scenario, name: str) -> str:
    if (p := scenario.by_name.get(name)) is not None:
        if p.kind == "range":
            return f"format({name}, '{p.comma}.{p.decimals}f')"
        if p.kind == "checkbox":
            return f"({name} ? 'yes' : 'no')"
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
        known += f" + {json.dumps(joined(output.unit), ensure_ascii=False)}"
    return f"(isFinite({output.name}) ? {known} : {json.dumps(output.missing, ensure_ascii=False)})"


def chart(scenario: Scenario) -> dict:
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
    if mark.kind in ("line", "area"):
        return _curve(scenario, mark, state)
    fields = ("x", "y", "x2", "y2") if mark.kind in ("rules", "bars") else ("x", "y")
    data, steps = _rows(scenario, mark, state, fields)
    ink, fill = charts.colour(mark.colour), charts.colour(mark.fill or mark.colour)
    look = {
        "path": {"type": "line", "color": ink, **_stroke(mark)},
        "polygon": {
            "type": "line",
            "interpolate": "linear-closed",
            "color": ink,
            "fill": fill,
            **_stroke(mark),
        },
        "points": {
            "type": "point",
            "filled": True,
            "opacity": 1,
            "color": ink,
            "size": round(math.pi * mark.size**2, 2),
        },
        "rules": {"type": "rule", "color": ink, **_stroke(mark)},
        "bars": {"type": "rect", "color": fill},
        "text": {
            "type": "text",
            "color": ink,
            "align": {"middle": "center", "start": "left", "end": "right"}[mark.anchor],
            "dx": mark.dx,
            "dy": mark.dy,
            "baseline": "alphabetic",
            **({"fontWeight": "bold"} if mark.bold else {}),
        },
    }[mark.kind]
    encoding = _encoding(scenario, **{f: f for f in fields})
    if mark.kind == "text":
        encoding["text"] = {"field": "text"}
    if mark.kind in ("path", "polygon"):
        encoding["order"] = {"field": "i", "type": "quantitative"}
    if mark.kind not in ("text", "points"):
        look["clip"] = True
    return {
        "name": f"s_{mark.name}",
        "data": data,
        "transform": steps,
        "mark": look,
        "encoding": encoding,
    }


def _stroke(mark: Mark) -> dict:
    return {"strokeWidth": mark.size, **({"strokeDash": list(mark.dash)} if mark.dash else {})}


def _curve(scenario: Scenario, mark: Mark, state: State | None) -> dict:
    """A line or an area over t: a sequence with traced formulas, or stored rows."""
    ys = ("y",) if mark.kind == "line" else ("y", "y2")
    if state is not None:
        rows = [dict(zip(("x", *ys), map(_finite, row), strict=True)) for row in state.shape(mark)]
        data, steps = {"values": rows}, []
    else:
        shape = scenario.recorded.shapes[mark.name]
        along = scenario.along(mark, Term("/", Term("datum", "i"), mark.steps))
        data = {"sequence": {"start": 0, "stop": mark.steps + 1, "as": "i"}}
        steps = [{"calculate": vega(along), "as": "t"}, {"calculate": "datum.t", "as": "x"}]
        steps += [
            {"calculate": vega(v), "as": y}
            for y, v in zip(ys, shape if len(ys) == 2 else [shape], strict=True)
        ]
    look = {"type": "line", "color": charts.colour(mark.colour), **_stroke(mark)}
    if mark.kind == "area":
        look = {"type": "area", "color": charts.colour(mark.fill or mark.colour)}
    return {
        "name": f"s_{mark.name}",
        "data": data,
        "transform": steps,
        "mark": {**look, "clip": True},
        "encoding": _encoding(scenario, x="x", **{y: y for y in ys}),
    }


def _rows(scenario: Scenario, mark: Mark, state: State | None, fields) -> tuple[dict, list]:
    """Rows i = 0, 1, ... of a mark, with stored or traced coordinates."""
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
