"""An explorer on the static page: its picture and its controls, which the site asks for.

    with_placeholders(spec)                  the chart, a place-holder for each moving mark
    fill_placeholders(svg, explorer, width)  the drawn chart with the marks put in, hooked by name
    explorer_html(explorer, picture)         the block: main result, picture, words, then controls

`explorer` is the page data that `receiptbook.explorers.vega` stores in the chart;
`receiptbook.explorers.script` makes the script of the same data. The page's runtime,
``site/assets/scenario.js``, evaluates its functions and redraws the hooked marks itself; it needs no
chart runtime. It loads ``settings.js`` beside it, for all that the first answer does not need.
Hooks: ``[data-scenario=id]`` is the block of picture and controls, ``[data-s="id name"]`` a mark,
``[data-o=name]`` a result, ``[data-p=name]`` a control, ``[data-d=name]`` a number in the sentence
that can be dragged, ``[data-why=name]`` the reason of a start. Without scripts, controls stay hidden
and the rest is true; with them, the style sheet lays the controls out at once, inert until the
runtime is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from jinja2 import UndefinedError

from receiptbook import templates
from receiptbook.explorers.parts import FIELD, ScenarioError, unit_suffix
from receiptbook.explorers.shapes import Plot, mark_svg
from receiptbook.explorers.trace import identifier
from receiptbook.explorers.vega import READOUT, stored_page_data
from receiptbook.receipts import VERDICTS

TEMPLATE = Path(__file__).parent / "controls.html"
FIRST = 3  # controls in sight; more than one beyond them are folded


def with_placeholders(spec: Mapping) -> dict:
    """The chart as the site should draw it: without controls, read-out and moving marks.

    Each moving mark leaves a text `s:name` at its place in the drawing order.
    """
    moving = {f"s_{m['name']}" for m in stored_page_data(spec)["picture"]["marks"]}
    layers = [
        _placeholder(layer) if layer.get("name") in moving else layer
        for layer in spec["layer"]
        if layer.get("name") != READOUT
    ]
    return {k: v for k, v in {**spec, "layer": layers}.items() if k != "params"}


def _placeholder(layer: Mapping) -> dict:
    """A text on the same axes, at the low end of both."""
    return {
        "name": layer["name"],
        "data": {"values": [{}]},
        "encoding": {
            c: {
                **{k: v for k, v in layer["encoding"][c].items() if k != "field"},
                "datum": layer["encoding"][c]["scale"]["domain"][0],
            }
            for c in ("x", "y")
        },
        "mark": {"type": "text", "text": layer["name"].replace("_", ":", 1), "x": 0, "y": 0},
    }


def fill_placeholders(
    svg: str, explorer: Mapping, width: float | None = None, height: float | None = None
) -> str:
    """Put the moving marks, at their stored defaults, where `with_placeholders` left their texts.

    width, height: of the plot in px, where the picture was drawn at others than its own.

    Raises
    ------
    ScenarioError
        if a place-holder is missing
    """
    picture = explorer["picture"]
    width, height = float(width or picture["width"]), float(height or picture["height"])
    clip = f"{explorer['id']}-clip-{width:g}"
    plot = Plot(explorer["id"], picture["x"], picture["y"], width, height, clip)
    definition = plot.clip_path
    for mark in picture["marks"]:
        markup = definition + mark_svg(mark, explorer["default"], plot)
        holder = re.compile(rf"<text\b[^>]*>s:{re.escape(mark['name'])}</text>")
        svg, n = holder.subn(lambda _, text=markup: text, svg)
        if n != 1:
            raise ScenarioError(
                f"scenario {explorer['id']!r}: the drawing has {n} place-holders for mark "
                f"{mark['name']!r}; draw with_placeholders(spec)"
            )
        definition = ""
    return svg


def explorer_html(explorer: Mapping, picture: str = "", ledger: str = "ledger.html") -> str:
    """Main result, picture and words, then controls, hidden and inert until the script is there.

    explorer: the page data. picture: markup of the drawn chart. ledger: address of the page with the
    receipts of the defaults.

    Raises
    ------
    ScenarioError
        if the page data lack something, as those of another edition may
    """
    parameters = explorer["parameters"]
    defaults = {p["name"]: p["default"] for p in parameters}
    for name in defaults:
        identifier(name)
    shown = len(parameters) if len(parameters) <= FIRST + 1 else FIRST
    assumed = VERDICTS["assumed"]
    try:
        main, *others = [o for o in explorer["outputs"] if not o["hidden"]]
        return templates.render(
            TEMPLATE,
            explorer=explorer,
            state=explorer["default"],
            lead=list(_lead(explorer)),
            picture=picture,
            main=main,
            others=others,
            first=parameters[:shown],
            rest=parameters[shown:],
            presets=list(_buttons(explorer)),
            shape=assumed.shape,
            hint=assumed.hint,
            is_on=lambda p: not p.get("only") or defaults[p["only"]["name"]] in p["only"]["values"],
            number=_number,
            unit_suffix=unit_suffix,
            ledger=ledger,
        )
    except (KeyError, UndefinedError) as missing:
        raise ScenarioError(f"scenario {explorer['id']!r}: {missing}") from missing


def _buttons(explorer: Mapping) -> Iterator[tuple[int, Mapping]]:
    """The presets, with their places; none if each only sets what one choice offers anyway."""
    choices = {p["name"] for p in explorer["parameters"] if p["kind"] == "select"}
    settings = [set(p["values"]) for p in explorer["presets"][1:]]
    if all(len(names) == 1 and names <= choices for names in settings):
        return
    yield from enumerate(explorer["presets"])


def _number(value: float) -> str:
    return repr(float(value)).removesuffix(".0")


def _lead(explorer: Mapping) -> Iterator[tuple[str, str, str]]:
    """The opening sentence in pieces, (text, attribute, name).

    A range in it is a number to drag or to change with arrow keys, ``data-d``; another value only
    follows, ``data-f``; between them stands plain text, without attribute.
    """
    kinds = {p["name"]: p["kind"] for p in explorer["parameters"]}
    words = explorer["default"]["words"]
    text_and_names = FIELD.split(explorer["lead"])
    for text, name in zip(text_and_names[::2], [*text_and_names[1::2], ""], strict=True):
        yield text, "", ""
        if name:
            yield words[name], "data-d" if kinds.get(name) == "range" else "data-f", name
