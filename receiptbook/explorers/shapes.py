"""The marks of an explorer's picture: what each kind is in Vega-Lite and as SVG.

The page's runtime, ``site/assets/scenario.js``, redraws the SVG paths with twins of the functions
here. A new kind is an entry in `KINDS` and, unless it draws like one of the others, a case there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from receiptbook.charts import PALETTE, colour
from receiptbook.explorers.parts import FIELD, ScenarioError
from receiptbook.explorers.trace import identifier

FAR = 1e5  # px; beyond it a coordinate draws nothing useful
POINT = ("x", "y")
CORNERS = ("x", "y", "x2", "y2")


@dataclass(frozen=True)
class Mark:
    """Something drawn. `shape` takes parameters, stored numbers and outputs by name.

    kind       what `shape` returns
    line       y for each t                      (t runs along the x axis in `steps` steps)
    area       (low y, high y) for each t
    path       a list of (x, y), joined
    points     a list of (x, y)
    rules      a list of (x1, y1, x2, y2)
    bars       a list of (x1, y1, x2, y2), opposite corners
    text       a list of (x, y), one for each template in `text`
    polygon    a list of (x, y), a closed ring

    Instead of `shape`, `frame` may name a stored list of such items. A mark with `still` set does
    not depend on the settings. A text may follow a line, which `follows` names: it stands on the
    line, at the share `at` of what the frame shows of it, and goes when the line leaves the frame.
    Points and texts outside the frame are not drawn.

    >>> Mark("here", "points", lambda year, rate: [(year, rate)], size=6).page_data()
    {'name': 'here', 'kind': 'points', 'colour': 'accent', 'size': 6}
    """

    name: str
    kind: str
    shape: Callable | None = None
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
    follows: str = ""
    at: float = 0.8

    def __post_init__(self):
        identifier(self.name)
        if self.kind not in KINDS:
            raise ScenarioError(
                f"mark {self.name!r} is a {self.kind!r}; choose from {', '.join(KINDS)}"
            )
        for name in filter(None, (self.colour, self.fill)):
            if name not in PALETTE:
                raise ScenarioError(f"mark {self.name!r}: no colour {name!r} in the palette")
        if sum(map(bool, (self.shape, self.frame, self.follows))) != 1 or (
            (self.frame and self.along) or (self.follows and self.kind != "text")
        ):
            raise ScenarioError(
                f"mark {self.name!r} needs either `shape` or, unless it is a line or an area, "
                "`frame`, or, if it is a text, `follows`"
            )

    @property
    def along(self) -> bool:
        """Has the mark one item for each step along the x axis?"""
        return KINDS[self.kind].along

    def page_data(self) -> dict:
        """Name, kind and look for the page, as plain JSON, without what is not set."""
        names = ("colour", "fill", "size", "dash")
        if self.kind == "text":
            names = ("colour", "dx", "dy", "anchor", "bold", "text", "follows")
        look = {n: getattr(self, n) for n in names}
        lists = {n: list(v) if isinstance(v, tuple) else v for n, v in look.items()}
        set_ones = {n: v for n, v in lists.items() if v not in ("", [], False)}
        place = {"at": self.at} if self.follows else {}
        return {"name": self.name, "kind": self.kind, **set_ones, **place}


# ------------------------------------------------------------------------------ SVG paths
# Each takes the items of a shape, a function `at` from values to "x,y" in px or None where they
# cannot be drawn, and the mark's size. A twin of each stands in site/assets/scenario.js.

At = Callable[[float | None, float | None], str | None]


def _joined(points: Iterable[str | None]) -> str:
    """Strokes through the points, interrupted where one cannot be drawn."""
    text, pen = "", "M"
    for point in points:
        text += pen + point if point else ""
        pen = "L" if point else "M"
    return text


def _ring(points: Sequence[str | None]) -> str:
    return _joined(points) + "Z" if points else ""


def _whole(shape) -> list:
    return [item for item in shape if None not in item]


def _path(shape, at: At, size: float) -> str:
    return _joined(at(*p) for p in shape)


def _area(shape, at: At, size: float) -> str:
    whole = _whole(shape)
    lower, upper = [at(t, low) for t, low, _ in whole], [at(t, high) for t, _, high in whole]
    return _ring(lower + upper[::-1])


def _polygon(shape, at: At, size: float) -> str:
    return _ring([at(*p) for p in shape])


def _rules(shape, at: At, size: float) -> str:
    return "".join(_joined([at(a, b), at(c, d)]) for a, b, c, d in shape)


def _bars(shape, at: At, size: float) -> str:
    return "".join(_ring([at(a, b), at(c, b), at(c, d), at(a, d)]) for a, b, c, d in _whole(shape))


def _points(shape, at: At, size: float) -> str:
    """Each circle as two halves."""
    r, wide = f"{size:g}", f"{2 * size:g}"
    halves = f"m-{r},0a{r},{r} 0 1,0 {wide},0a{r},{r} 0 1,0 -{wide},0Z"
    return "".join(f"M{centre}{halves}" for p in shape if (centre := at(*p)))


# ------------------------------------------------------------------------------- the kinds


@dataclass(frozen=True)
class Kind:
    """What a kind of mark is.

    fields: names of an item's numbers in Vega's rows. vega: the type in Vega-Lite, with the options
    that every such mark has. path: its SVG path; none for text. stroked, filled: which of its
    colours it takes. along: one item for each step along the x axis. ordered: joined in the order
    of its rows. clipped: cut at the edges of the plot; others are left out where they lie outside.
    """

    fields: tuple[str, ...]
    vega: Mapping
    path: Callable[[Sequence, At, float], str] | None
    stroked: bool = False
    filled: bool = False
    along: bool = False
    ordered: bool = False
    clipped: bool = True


KINDS = {
    "line": Kind(POINT, {"type": "line"}, _path, stroked=True, along=True),
    "area": Kind(("x", "y", "y2"), {"type": "area"}, _area, filled=True, along=True),
    "path": Kind(POINT, {"type": "line"}, _path, stroked=True, ordered=True),
    "points": Kind(
        POINT, {"type": "point", "filled": True, "opacity": 1}, _points, filled=True, clipped=False
    ),
    "rules": Kind(CORNERS, {"type": "rule"}, _rules, stroked=True),
    "bars": Kind(CORNERS, {"type": "rect"}, _bars, filled=True),
    "text": Kind(POINT, {"type": "text"}, None, clipped=False),
    "polygon": Kind(
        POINT, {"type": "line", "interpolate": "linear-closed"}, _polygon,
        stroked=True, filled=True, ordered=True,
    ),
}  # fmt: skip


def vega_mark(mark: Mark) -> dict:
    """The mark definition of a Vega-Lite layer."""
    kind = KINDS[mark.kind]
    ink, fill = colour(mark.colour), colour(mark.fill or mark.colour)
    look = {**kind.vega, "color": ink if kind.stroked else fill}
    if kind.stroked:
        look |= {"fill": fill} if kind.filled else {}
        look |= {"strokeWidth": mark.size}
        look |= {"strokeDash": list(mark.dash)} if mark.dash else {}
    if mark.kind == "points":
        look["size"] = round(math.pi * mark.size**2, 2)
    if mark.kind == "text":
        look["align"] = {"middle": "center", "start": "left", "end": "right"}[mark.anchor]
        look |= {"dx": mark.dx, "dy": mark.dy, "baseline": "alphabetic"}
        look |= {"fontWeight": "bold"} if mark.bold else {}
    return look | ({"clip": True} if kind.clipped else {})


# ------------------------------------------------------------------------------ marks as SVG


def to_pixels(axis: Mapping, value: float | None, length: float) -> float:
    """A value's distance from the low end of an axis {"low", "high", "scale"}, in px.

    >>> to_pixels({"low": 1, "high": 100, "scale": "log"}, 10, 300)
    150.0
    """
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


@dataclass(frozen=True)
class Plot:
    """The plot of the explorer `id`: axes {"low", "high", "scale"} and size in px.

    clip: id of the clipping path of its edges.
    """

    id: str
    x: Mapping
    y: Mapping
    width: float
    height: float
    clip: str

    def at(self, x: float | None, y: float | None) -> str | None:
        """Two values as "x,y" in px from the top left; None where they cannot be drawn."""
        across, up = to_pixels(self.x, x, self.width), to_pixels(self.y, y, self.height)
        if not (math.isfinite(across) and math.isfinite(up)):
            return None
        ends = (max(-FAR, min(FAR, px)) for px in (across, self.height - up))
        return ",".join(map(_tenths, ends))

    def seen(self, x: float | None, y: float | None) -> str | None:
        """As `at`, but None outside the frame too."""
        inside = all(
            v is not None and axis["low"] <= v <= axis["high"]
            for axis, v in ((self.x, x), (self.y, y))
        )
        return self.at(x, y) if inside else None

    @property
    def clip_path(self) -> str:
        """The definition of its clipping path."""
        return (
            f'<clipPath id="{escape(self.clip)}"><rect width="{self.width:g}" height="{self.height:g}"/>'
            "</clipPath>"
        )


def _tenths(px: float) -> str:
    """A tenth of a pixel is as fine as anybody sees."""
    text = f"{px:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def mark_svg(mark: Mapping, snapshot: Mapping, plot: Plot) -> str:
    """One mark as SVG, hooked for the page's runtime by ``data-s``.

    mark: `Mark.page_data`. snapshot: `State.snapshot`, {"words", "shapes"}.
    """
    shape = snapshot["shapes"][mark["name"]]
    kind = KINDS[mark["kind"]]
    hook = f'data-s="{escape(plot.id)} {escape(mark["name"])}" data-size="{plot.width:g} {plot.height:g}"'
    if kind.path is None:
        return _text_svg(mark, shape, snapshot["words"], plot, hook)
    size = mark.get("size", 0)
    ink = _ink(mark["colour"])
    fill = _ink(mark.get("fill") or mark["colour"]) if kind.filled else "none"
    stroke = f'stroke="{ink}" stroke-width="{size:g}"' if kind.stroked else 'stroke="none"'
    if mark.get("dash") and kind.stroked:
        stroke += f' stroke-dasharray="{escape(" ".join(map(str, mark["dash"])))}"'
    cut = f' clip-path="url(#{escape(plot.clip)})"' if kind.clipped else ""
    at = plot.at if kind.clipped else plot.seen
    return f'<path {hook} fill="{fill}" {stroke}{cut} d="{kind.path(shape, at, size)}"/>'


def _ink(colour: str) -> str:
    return f"var(--{escape(colour)})"


def _text_svg(mark: Mapping, shape, words: Mapping, plot: Plot, hook: str) -> str:
    shift = "".join(f' {k}="{mark[k]:g}"' for k in ("dx", "dy") if mark.get(k))
    look = f' text-anchor="{escape(mark["anchor"])}"' if mark.get("anchor") else ""
    look += ' font-weight="bold"' if mark.get("bold") else ""
    texts = ""
    for item, template in zip(shape, mark["text"], strict=True):
        if place := plot.seen(*item):
            x, y = place.split(",")
            text = escape(FIELD.sub(lambda m: words[m[1]], template))
            texts += f'<text x="{x}" y="{y}"{shift}>{text}</text>'
        else:
            texts += f"<text{shift}></text>"
    return f'<g {hook} fill="{_ink(mark["colour"])}" stroke="none"{look}>{texts}</g>'
