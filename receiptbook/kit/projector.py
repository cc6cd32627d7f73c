"""A stored chart for a projector: drawn anew, wide and low, with letters for the back row.

A slide is 1280 by 720 pixels and gives a chart `AREA`. The chart is drawn at half that size, so that
what was designed for a page of 600 pixels keeps its distances. Letters are drawn so large that they
are no smaller than `SMALLEST` on the slide, if the drawing fits it. Rows and letters are not squeezed:
what does not fit by its size alone needs a `Form`, or is left out. Nothing here measures that; the
tests of a book's decks do, in a browser.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from receiptbook.book import Book
from receiptbook.charts.walk import walk
from receiptbook.site import picture

AREA = (1184, 500)  # px of a slide of 1280 by 720
SCALE = 2  # px of a slide for a px of the chart
SMALLEST = 24  # px of a slide
FONT = SMALLEST / SCALE + 0.25  # rounding of a place must not end below
LEAST = 90  # px of the chart: a lower plot shows nothing
ROW, CHROME, FACETS = 16, 45, 2  # px of a row; of axis and its title; panels, one below the other
ROUNDS = 6  # of drawing and measuring: labels change with the room they have
_SIZE = re.compile(r"fontSize$|FontSize$")


@dataclass(frozen=True)
class Form:
    """What a chart is like on a slide, where it is not as on the page.

    rows: only that many of its rows, from the first. bare: without the horizontal axis, for charts
    whose marks bear their numbers. change: values by path, such as `layer.-1.mark.dy`.
    note: what the slide says about what is left out.
    elsewhere: the chart cannot be read from the back row, and the slide says where it is.
    instead: makes another chart with words of its own, such as for an explorer that shows little
    unless somebody moves it.
    """

    rows: int = 0
    bare: bool = False
    change: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    elsewhere: bool = False
    instead: Callable[[], Mapping] | None = None


def project(spec: Mapping, form: Form | None = None) -> str:
    """The chart drawn for a slide, as SVG."""
    shaped = _formed(copy.deepcopy(dict(spec)), form or Form())
    return _draw(json.dumps(shaped, sort_keys=True))


def _formed(spec: dict, form: Form) -> dict:
    if form.rows:
        first = {"window": [{"op": "row_number", "as": "row_number"}]}
        spec["transform"] = [first, {"filter": f"datum.row_number <= {form.rows}"},
                             *spec.get("transform", ())]  # fmt: skip
    if form.bare:
        spec = walk(spec, _without_axis)
    for path, value in form.change.items():
        *steps, last = (int(s) if s.lstrip("-").isdigit() else s for s in path.split("."))
        part = spec
        for step in steps:
            part = part[step] if isinstance(part, list) else part.setdefault(step, {})
        part[last] = value
    return walk(spec, _large)


def _without_axis(part: Any, path: tuple) -> Any:
    if path[-2:] == ("encoding", "x") and {"field", "datum"} & part.keys():
        return {**part, "axis": None}
    return part


@lru_cache(maxsize=256)
def _draw(spec: str) -> str:
    shape = json.loads(spec)
    folder = Book.here().build / "slides"  # drawing takes seconds: what was drawn is kept
    for _ in range(ROUNDS):
        drawn = picture.draw(shape, folder, narrow=False).wide
        if not _resize(shape, AREA[0] / SCALE - drawn.width, AREA[1] / SCALE - drawn.height):
            break
    return picture.draw(shape, folder, narrow=False).wide.svg


def _large(part: Any, path: tuple) -> Any:
    """Letters of at least FONT wherever a size is set."""
    if path and isinstance(path[-1], str) and _SIZE.search(path[-1]):
        return max(part, FONT) if isinstance(part, (int, float)) else part
    return part


def _view(shape: dict) -> dict:
    """The part of a chart that has a width and a height."""
    return _view(shape["spec"]) if "spec" in shape else shape


def _resize(shape: dict, wide: float, high: float) -> bool:
    """Give a chart that much more width and height, or less; whether anything changed."""
    usual = shape["config"]["view"]
    view = _view(shape)
    below = FACETS if "spec" in shape or "facet" in shape else 1
    changed = False
    width = view.get("width") or usual["continuousWidth"]
    height = view.get("height") or usual["continuousHeight"]
    if isinstance(width, (int, float)) and not 0 <= wide <= 1:
        view["width"], changed = max(LEAST, round(width + wide)), True
    if isinstance(height, dict) and not 0 <= high <= 1:
        step = height["step"] * (1 + high / (AREA[1] / SCALE - CHROME - high))
        step = min(max(step, ROW), 2.5 * ROW)
        changed |= abs(step - height["step"]) > 0.1
        view["height"] = {**height, "step": round(step, 1)}
    elif isinstance(height, (int, float)) and not 0 <= high <= 1:
        view["height"], changed = max(LEAST // below, round(height + high / below)), True
    return changed
