"""An explorer on the static page: pure functions that the site calls while it builds.

    stage(spec)                         the chart with its moving marks replaced by place-holders
    play(svg, scenario, width)          the drawn chart with the marks put in, each hooked by name
    scenario_html(scenario)             controls, presets, results and words, at the defaults
    scenario_script(scenario)           a classic script: the formulas as functions, and the rest

`scenario` is `usermeta.receiptbook.scenario`. The page's runtime, `receiptbook/site/assets/scenario.js`,
evaluates the functions and redraws the hooked marks itself; it needs no chart runtime. Order of the
two scripts does not matter. It loads `settings.js` beside it, for all that the first answer does
not need. Hooks: ``[data-scenario=id]`` is the block of controls, ``[data-s="id
name"]`` a mark, ``[data-o=name]`` a result, ``[data-p=name]`` a control, ``[data-d=name]`` a number
in the sentence that can be dragged. Without scripts, controls stay hidden and the rest is true;
with them, the style sheet lays the controls out at once, inert until the runtime is there.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from html import escape

from receiptbook.explorers.core import FIELD, ScenarioError, joined
from receiptbook.explorers.trace import identifier
from receiptbook.explorers.vega import READOUT

WORD = re.compile(
    r'"(?:[^"\\]|\\.)*"|[A-Za-z_][\w.]*|\d[\d.]*(?:e[+-]?\d+)?|\s+|'
    r"===|!==|<=|>=|&&|\|\||[-+*/<>!?:(),\[\]]"
)
MATH = {f"Math.{f}" for f in ("exp log sqrt abs floor ceil pow min max sin cos tan").split()}
CALLS = MATH | {"isFinite", "isNaN", "true", "false"}
FAR = 1e5  # px; beyond it a coordinate draws nothing useful


# ------------------------------------------------------------------------------ the picture


def stage(spec: Mapping) -> dict:
    """The chart as the site should draw it: without controls, read-out and moving marks.

    Each moving mark leaves a text `s:name` at its place in the drawing order, which `play` swaps.
    """
    moving = {
        f"s_{m['name']}" for m in spec["usermeta"]["receiptbook"]["scenario"]["picture"]["marks"]
    }
    layers = []
    for layer in spec["layer"]:
        name = layer.get("name", "")
        if name == READOUT:
            continue
        layers.append(
            layer
            if name not in moving
            else {
                "name": name,
                "data": {"values": [{}]},
                "encoding": _axes_of(layer),
                "mark": {"type": "text", "text": name.replace("_", ":", 1), "x": 0, "y": 0},
            }
        )
    return {k: v for k, v in {**spec, "layer": layers}.items() if k != "params"}


def _axes_of(layer: Mapping) -> dict:
    """The same axes, with nothing to place: a datum at the low end of both."""
    return {
        c: {
            **{k: v for k, v in layer["encoding"][c].items() if k != "field"},
            "datum": layer["encoding"][c]["scale"]["domain"][0],
        }
        for c in ("x", "y")
    }


def play(svg: str, scenario: Mapping, width: float | None = None) -> str:
    """Put the moving marks, at their stored defaults, where `stage` left its place-holders.

    width: of the plot in px, where the picture was drawn at another than its own.
    Raises ScenarioError if a place-holder is missing.
    """
    picture = scenario["picture"]
    width = float(width or picture["width"])
    height = float(picture["height"])
    state = scenario["default"]
    clip = f"{scenario['id']}-clip-{width:g}"
    clipped = f'<clipPath id="{clip}"><rect width="{width:g}" height="{height:g}"/></clipPath>'
    for mark in picture["marks"]:
        markup = drawn(scenario, mark, state, width, height, clip)
        holder = re.compile(rf"<text\b[^>]*>s:{re.escape(mark['name'])}</text>")
        svg, n = holder.subn(lambda _, text=clipped + markup: text, svg)
        if n != 1:
            raise ScenarioError(
                f"scenario {scenario['id']!r}: the drawing has {n} place-holders "
                f"for mark {mark['name']!r}; draw stage(spec)"
            )
        clipped = ""
    return svg


def place(axis: Mapping, value: float, length: float) -> float:
    """A value's distance from the low end of the axis, in px."""
    if value is None:
        return math.nan
    try:
        if axis["scale"] == "log":
            share = math.log(value / axis["low"]) / math.log(axis["high"] / axis["low"])
        else:
            share = (value - axis["low"]) / (axis["high"] - axis["low"])
    except (ValueError, ZeroDivisionError):
        return math.nan
    return share * length


def path(kind: str, shape: Sequence, x, y, size: float) -> str:
    """The path of a mark. x, y: functions from values to px; the page's runtime has its twin."""

    def at(one, two):
        one, two = x(one), y(two)
        if not (math.isfinite(one) and math.isfinite(two)):
            return None
        return f"{_px(max(-FAR, min(FAR, one)))},{_px(max(-FAR, min(FAR, two)))}"

    def strokes(points):
        text, pen = "", "M"
        for p in points:
            if p is None:
                pen = "M"
            else:
                text += pen + p
                pen = "L"
        return text

    if kind == "line" or kind == "path":
        return strokes(at(*p) for p in shape)
    if kind == "area":
        whole = [p for p in shape if None not in p]
        ring = [(t, low) for t, low, _ in whole] + [(t, high) for t, _, high in reversed(whole)]
        return strokes(at(*p) for p in ring) + "Z" if ring else ""
    if kind == "polygon":
        return strokes(at(*p) for p in shape) + "Z" if len(shape) else ""
    if kind == "rules":
        return "".join(strokes([at(a, b), at(c, d)]) for a, b, c, d in shape)
    if kind == "bars":
        return "".join(
            strokes([at(a, b), at(c, b), at(c, d), at(a, d)]) + "Z"
            for a, b, c, d in shape
            if None not in (a, b, c, d)
        )
    text = ""
    for p in shape:  # points: two half circles
        if centre := at(*p):
            r = f"{size:g}"
            text += f"M{centre}m-{r},0a{r},{r} 0 1,0 {2 * size:g},0a{r},{r} 0 1,0 {-2 * size:g},0Z"
    return text


def _px(value: float) -> str:
    """One decimal is a tenth of a pixel."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def drawn(scenario, mark, state, width, height, clip) -> str:
    """One mark as SVG in the coordinates of the plot, hooked for the page's runtime."""
    x_axis, y_axis = (scenario["picture"][a] for a in "xy")

    def x(value):
        return place(x_axis, value, width)

    def y(value):
        return height - place(y_axis, value, height)

    hook = f'data-s="{scenario["id"]} {mark["name"]}" data-w="{width:g}"'
    ink = f"var(--{mark['colour']})"
    shape = state["shapes"][mark["name"]]
    if mark["kind"] == "text":
        shift = "".join(f' {k}="{mark[k]:g}"' for k in ("dx", "dy") if mark.get(k))
        look = f' text-anchor="{mark["anchor"]}"' if mark.get("anchor") else ""
        look += ' font-weight="bold"' if mark.get("bold") else ""
        texts = "".join(
            f'<text x="{_px(x(a))}" y="{_px(y(b))}"{shift}>{escape(_fill(state, t))}</text>'
            if math.isfinite(x(a)) and math.isfinite(y(b))
            else f"<text{shift}></text>"
            for (a, b), t in zip(shape, mark["text"], strict=True)
        )
        return f'<g {hook} fill="{ink}" stroke="none"{look}>{texts}</g>'
    line = f'stroke="{ink}" stroke-width="{mark.get("size", 0):g}"'
    if mark.get("dash"):
        line += f' stroke-dasharray="{" ".join(map(str, mark["dash"]))}"'
    fill = f'fill="var(--{mark.get("fill") or mark["colour"]})"'
    look = {
        "line": f'fill="none" {line}',
        "path": f'fill="none" {line}',
        "rules": f'fill="none" {line}',
        "polygon": f"{fill} {line}",
    }.get(mark["kind"], f'{fill} stroke="none"')
    cut = "" if mark["kind"] == "points" else f' clip-path="url(#{clip})"'
    return f'<path {hook} {look}{cut} d="{path(mark["kind"], shape, x, y, mark.get("size", 0))}"/>'


def _fill(state: Mapping, template: str) -> str:
    return FIELD.sub(lambda m: state["words"][m[1]], template)


# ------------------------------------------------------------------------------ the controls


def scenario_html(scenario: Mapping, ledger: str = "ledger.html") -> str:
    """Controls, results and words. The controls are hidden and inert until the script is there."""
    id, state = scenario["id"], scenario["default"]
    title = escape(scenario["title"])
    defaults = {p["name"]: p["default"] for p in scenario["parameters"]}
    fields = "".join(_control(id, p, defaults, ledger) for p in scenario["parameters"])
    presets = "".join(
        f'<button type="button" data-preset="{n}" aria-pressed="{"false" if n else "true"}">'
        f"{escape(p['name'])}</button>"
        for n, p in enumerate(scenario["presets"])
    )
    results = "".join(
        f'<div><dt>{escape(o["label"])}</dt><dd><output data-o="{o["name"]}">'
        f"{escape(state['results'][o['name']])}</output></dd></div>"
        for o in scenario["outputs"]
        if not o["hidden"]
    )
    lead = f'<p class="lead">{_lead(scenario)}</p>' if scenario["lead"] else ""
    return (
        f'<div class="scenario" data-scenario="{id}" role="group" aria-label="Explorer: {title}">'
        f'<p class="problem" role="alert" hidden></p>{lead}'
        f'<div class="controls" hidden inert><p class="presets" role="group" aria-label="Presets">'
        f'{presets}</p><div class="inputs">{fields}</div>'
        '<p class="acts"><button type="button" data-act="reset">Reset</button>'
        '<button type="button" data-act="copy">Copy link to these settings</button> '
        '<span class="done" role="status"></span></p></div>'
        f'<p class="words" role="status" aria-live="polite" aria-atomic="true">'
        f"{escape(state['sentence'])}</p>"
        f'<dl class="results">{results}</dl>'
        f'<p class="settings"><b>Settings:</b> <span>{escape(state["settings"])}</span></p>'
        "</div>\n"
    )


def _asked(p: Mapping) -> str:
    """What the link to the receipt of a default asks: "Why 50 yuan?"."""
    if p["kind"] in ("select", "checkbox"):
        return "Why this start?"
    unit = p["unit"] if p["unit"] in ("", "%") else f" {p['unit']}"
    return f"Why {_plain(p['default'])}{unit}?"


def _control(id: str, p: Mapping, defaults: Mapping, ledger: str) -> str:
    key = f"{id}-{identifier(p['name'])}"
    look, only = 'autocomplete="off"', ""
    if p.get("only"):
        only = f'<span class="only" id="{key}-only">{escape(p["only"]["words"])}</span>'
        look += f' aria-describedby="{key}-only"'
        look += "" if defaults[p["only"]["name"]] in p["only"]["values"] else " disabled"
    unit = f' <span class="unit">{escape(p["unit"])}</span>' if p["unit"] else ""
    label = f'<label for="{key}">{escape(p["label"])}</label>'
    why = (
        f' <a class="why" href="{ledger}#{p["receipt"]}">{escape(_asked(p))}'
        f'<span class="unseen"> for {escape(p["label"])}</span></a>'
        if p.get("receipt")
        else ""
    )
    if p["kind"] == "select":
        options = "".join(
            f'<option value="{escape(o["value"])}"'
            f"{' selected' if o['value'] == p['default'] else ''}>{escape(o['label'])}</option>"
            for o in p["options"]
        )
        return (
            f'<div class="choice">{label}<select id="{key}" data-p="{p["name"]}" '
            f"{look}>{options}</select>{only}{why}</div>"
        )
    if p["kind"] == "checkbox":
        return (
            f'<div class="check"><input type="checkbox" id="{key}" data-p="{p["name"]}" '
            f"{look}{' checked' if p['default'] else ''}>{label}{only}{why}</div>"
        )
    limits = (
        f'min="{_plain(p["min"])}" max="{_plain(p["max"])}" step="{_plain(p["step"])}" '
        f'value="{_plain(p["default"])}" data-p="{p["name"]}" {look}'
    )
    about = escape(f"{p['label']}, exact number" + (f", {p['unit']}" if p["unit"] else ""))
    return (
        f'<div class="range">{label}<input type="range" id="{key}" {limits}>'
        f'<span class="exact"><input type="number" aria-label="{about}" inputmode="decimal" '
        f'{limits.replace("step=", "data-step=")} step="any">{unit}</span>{only}{why}</div>'
    )


def _plain(value: float) -> str:
    return repr(float(value)).removesuffix(".0")


def _lead(scenario: Mapping) -> str:
    """The opening sentence; a range in it is a number to drag or to change with arrow keys."""
    by_name = {p["name"]: p for p in scenario["parameters"]}
    words, out, end = scenario["default"]["words"], "", 0
    for found in FIELD.finditer(scenario["lead"]):
        out += escape(scenario["lead"][end : found.start()])
        p = by_name.get(found[1])
        text = escape(words[found[1]])
        if p and p["kind"] == "range":
            out += f'<span class="drag" data-d="{p["name"]}">{text}</span>'
        else:
            out += f'<span data-f="{found[1]}">{text}</span>'
        end = found.end()
    return out + escape(scenario["lead"][end:])


# -------------------------------------------------------------------------------- the script


def scenario_script(scenario: Mapping) -> str:
    """One call that hands the page's runtime the explorer, its formulas as plain functions."""
    frames = scenario["frames"]
    inputs = [p["name"] for p in scenario["parameters"]] + [n for f in frames for n in f["numbers"]]
    names = inputs + [o["name"] for o in scenario["outputs"]]

    def function(expression: str, arguments: Sequence[str]) -> str:
        check(expression, arguments, scenario["id"])
        return f"function({','.join(arguments)}){{return {_short(expression)}}}"

    outputs = ",".join(
        f"[{_json(o['name'])},{o['decimals']},{_json(o['missing'])},"
        f"{function(o['expr']['js'], inputs)},{_json(o['comma'])},{_json(joined(o['unit']))}]"
        for o in scenario["outputs"]
    )
    words = ",".join(
        f"[{function(w['when'], names) if w['when'] else 0},{_json(w['text'])}]"
        for w in scenario["words"]
    )
    marks = []
    for m in scenario["picture"]["marks"]:
        entry = [_json(m["name"]), _json(m["kind"]), f"{m.get('size', 0):g}"]
        if "frame" in m:
            entry += [_json(m["frame"]), _json(m.get("text", 0))]
        else:
            along = ["t"] if "t" in m else []
            entry.append(function(m["js"], names + along))
            entry.append(_json(m.get("t", m.get("text", 0))))
        marks.append(f"[{','.join(entry)}]")
    parameters = [
        [
            p["name"],
            p["label"],
            p["unit"],
            p["kind"],
            p["default"],
            p.get("min", 0),
            p.get("max", 0),
            p.get("step", 0),
            p.get("decimals", 0),
            [[o["value"], o["label"]] for o in p.get("options", [])],
            p.get("comma", ","),
            *([[p["only"]["name"], p["only"]["values"]]] if p.get("only") else []),
        ]
        for p in scenario["parameters"]
    ]
    axes = [
        [a["low"], a["high"], int(a["scale"] == "log")]
        for a in (scenario["picture"]["x"], scenario["picture"]["y"])
    ]
    return (
        "(window.receiptbookScenarios=window.receiptbookScenarios||[]).push({"
        f"id:{_json(scenario['id'])},p:{_json(parameters)},"
        f"presets:{_json([p['values'] for p in scenario['presets']])},"
        f"frames:{_json(frames)},out:[{outputs}],say:[{words}],"
        f"x:{_json(axes[0])},y:{_json(axes[1])},h:{scenario['picture']['height']:g},"
        f"marks:[{','.join(marks)}]}});\n"
    )


def check(expression: str, names: Sequence[str], id: str) -> None:
    """Refuse anything but arithmetic on known names; stored text is not trusted as code."""
    found = WORD.findall(expression)
    if "".join(found) != expression:
        raise ScenarioError(f"scenario {id!r}: {expression!r} is not a plain formula")
    for token in found:
        if token[0].isalpha() and token not in CALLS and token not in names:
            raise ScenarioError(
                f"scenario {id!r}: {token!r} in {expression!r} is no parameter or "
                f"output; there are {', '.join(names)}"
            )


def _short(expression: str) -> str:
    """Without the blanks that only people need."""
    return "".join(t for t in WORD.findall(expression) if not t.isspace())


def _json(value) -> str:
    return json.dumps(
        _lean(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).replace("</", "<\\/")


def _lean(value):
    """Whole numbers without their decimal point."""
    if isinstance(value, Mapping):
        return {k: _lean(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_lean(v) for v in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
