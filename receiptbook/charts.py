"""The look of the book's charts, and the card that carries one.

Importing this module registers and enables an Altair theme and a renderer. A chapter ends in
``card(chart, ...)``: a frozen object that holds the picture, its words, its table and its sources,
and shows itself as one notebook output that JupyterLab draws offline.
"""

from __future__ import annotations

import json
import math
import numbers
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from receiptbook.book.outputs import CHART

__all__ = [
    "FONT",
    "MIME",
    "NARROW",
    "PALETTE",
    "ROWS",
    "SCHEMA",
    "WIDTH",
    "Card",
    "ChartError",
    "card",
    "colour",
    "decimals",
    "heading",
    "plain",
    "theme",
]

MIME = CHART
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
FONT = "Arial, Liberation Sans, Helvetica, sans-serif"
WIDTH = 600  # px, the text measure
NARROW = 300  # px, plot width on a phone
ROWS = 40  # most rows in a chart's table
DIGITS = 12  # significant digits stored, so that platforms agree

#: name -> (hex on light paper, hex on dark paper). Stored charts hold the light one; the site
#: swaps it for a variable of the same name. No two names share a hex.
PALETTE: dict[str, tuple[str, str]] = {
    "paper": ("#ffffff", "#14181d"),  # behind everything
    "ink": ("#1b2026", "#e9edf1"),  # titles, labels that matter
    "quiet": ("#59626c", "#a3adb8"),  # axis labels, secondary text
    "rule": ("#e2e6ea", "#2b323a"),  # grid
    "axis": ("#868f99", "#6f7984"),  # axis lines, ticks, controls
    "context": ("#7a838d", "#8b959f"),  # marks that are not the subject
    "context-soft": ("#c3c9cf", "#464f59"),  # fills behind such marks
    "accent": ("#0a6c8f", "#54bfe3"),  # generative AI in China
    "accent-soft": ("#b5d9e6", "#1d4a5c"),  # its bands and areas
    "doubt": ("#b4530a", "#f29c4b"),  # warnings, conflicts, what is not known
    "doubt-soft": ("#f3d3b4", "#5b3a1a"),  # its bands and areas
}


class ChartError(ValueError):
    """A card cannot be made; the message says what to change."""


def colour(name: str) -> str:
    """Hex of a palette entry on light paper; KeyError names the entries there are."""
    try:
        return PALETTE[name][0]
    except KeyError:
        raise KeyError(f"no colour {name!r}; there are {', '.join(PALETTE)}") from None


def theme() -> dict:
    """The configuration that every chart carries."""
    text = {"font": FONT, "labelFont": FONT, "titleFont": FONT}
    return {
        "background": colour("paper"),
        "font": FONT,
        "padding": {"left": 4, "top": 4, "right": 8, "bottom": 4},
        "view": {
            "stroke": None,
            "continuousWidth": WIDTH,
            "continuousHeight": 320,
            "discreteWidth": WIDTH,
        },
        "title": {
            "font": FONT,
            "fontSize": 16,
            "fontWeight": "bold",
            "color": colour("ink"),
            "anchor": "start",
            "frame": "group",
            "offset": 14,
            "lineHeight": 20,
            "subtitleFont": FONT,
            "subtitleFontSize": 13,
            "subtitleColor": colour("quiet"),
        },
        "axis": {
            **{k: text[k] for k in ("labelFont", "titleFont")},
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "labelColor": colour("quiet"),
            "titleColor": colour("quiet"),
            "domainColor": colour("axis"),
            "tickColor": colour("axis"),
            "gridColor": colour("rule"),
            "gridWidth": 1,
            "titlePadding": 8,
            "labelPadding": 5,
            "labelOverlap": True,
        },
        "axisX": {"grid": False, "tickCount": 7},
        "axisY": {
            "domain": False,
            "ticks": False,
            "titleAnchor": "start",
            "titleAngle": 0,
            "titleAlign": "left",
            "titleY": -12,
            "titleX": 0,
        },
        "axisBand": {"ticks": False},
        "legend": {"disable": True},
        "header": {
            "labelFont": FONT,
            "titleFont": FONT,
            "labelFontSize": 13,
            "labelColor": colour("ink"),
            "titleColor": colour("quiet"),
            "labelAnchor": "start",
        },
        "mark": {"color": colour("context")},
        "line": {"strokeWidth": 2.5, "strokeCap": "round"},
        "point": {"size": 60, "filled": True, "opacity": 1},
        "rule": {"color": colour("axis")},
        "text": {"font": FONT, "fontSize": 12, "color": colour("ink")},
        "bar": {"color": colour("context")},
        "area": {"line": False, "opacity": 1, "color": colour("context-soft")},
        "range": {
            "category": [colour(n) for n in ("accent", "context", "doubt", "ink", "context-soft")],
            "ordinal": [colour(n) for n in ("context-soft", "context", "accent")],
        },
    }


def _spec(spec: Mapping) -> dict:
    """Altair's specification with the schema that current notebooks can draw."""
    return {**spec, "$schema": SCHEMA}


def _render(spec: dict, **_) -> dict:
    title = spec.get("title", "")
    title = title.get("text", "") if isinstance(title, Mapping) else title
    title = " ".join(title) if isinstance(title, list) else title
    words = ". ".join(p.rstrip(".") for p in (title, spec.get("description", "")) if p)
    return {MIME: _spec(spec), "text/plain": f"Chart: {words}." if words else "Chart"}


@alt.theme.register("receiptbook", enable=True)
def _theme() -> alt.theme.ThemeConfig:
    return alt.theme.ThemeConfig({"config": theme()})


alt.renderers.register("receiptbook", _render)
alt.renderers.enable("receiptbook")


_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"(\*\*|__|\*|`)(?=\S)(.+?)(?<=\S)\1")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_COUNTED = re.compile(r"(?:param|view)_\d+")


def plain(markdown: str) -> str:
    """Markdown as the words a reader hears: links keep their text, emphasis its words."""
    text = _LINK.sub(r"\1", markdown)
    while (bare := _MARKS.sub(r"\2", text)) != text:
        text = bare
    return text


@dataclass(frozen=True)
class Card:
    """A chart with its words, table and sources, ready to be stored in a notebook.

    ``payload`` is the canonical JSON of the Vega-Lite specification; ``spec`` parses it, so
    that nothing a reader does to the copy changes the card.
    """

    id: str
    title: str
    caption: str
    alt: str
    sources: tuple[str, ...]
    payload: str

    @property
    def spec(self) -> dict:
        """A fresh copy of the specification, `usermeta.receiptbook` included."""
        return json.loads(self.payload)

    @property
    def table(self) -> pd.DataFrame:
        """The table beside the chart, one column for each of its labels."""
        table = self.spec["usermeta"]["receiptbook"]["table"]
        return pd.DataFrame(table["rows"], columns=[c["label"] for c in table["columns"]])

    def __repr__(self) -> str:
        return f"Chart: {plain(self.title).rstrip('.')}. {plain(self.alt)}"

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return {MIME: self.spec, "text/plain": repr(self)}


def card(
    chart,
    *,
    id: str,
    title: str,
    caption: str,
    alt: str,
    sources: Sequence[str],
    computed: str = "",
    table: pd.DataFrame | None = None,
    columns: Mapping | None = None,
    narrow: Mapping | None = None,
    wide: bool = False,
    interactive: bool | None = None,
    licence: str = "CC BY 4.0",
    note: str = "",
    kind: str = "chart",
    extra: Mapping | None = None,
) -> Card:
    """Bind an Altair chart (or a Vega-Lite mapping) to its words, table and sources.

    id: slug, unique in the book, for example ``"feasible-region"``.
    title: the finding. caption: what is shown. alt: kind of chart, variables, range, finding.
        All three may hold Markdown number links; the picture itself gets their plain text.
    sources: ids of rows in ``data/sources.csv``; none if no published figure went in.
    computed: what a chart without sources comes from, for example ``"the equations above"``; an
        explorer without sources says so of itself.
    table: what a reader without the picture reads; by default the chart's one data set.
    columns: ``{name: label}`` or ``{name: (label, unit)}``; chooses and orders the columns, and
        names the fields of tooltips that have no title of their own.
    narrow: merge patch of the specification for screens up to 420 px.
    interactive: whether a pointer adds something; by default, whether there is a tooltip or a
        parameter. kind, extra: set by ``receiptbook.explorers``.

    Raises ChartError if something is missing, blank, or would not survive the trip.
    """
    words = {"id": id, "title": title, "caption": caption, "alt": alt, "licence": licence}
    for name, value in words.items():
        if not isinstance(value, str) or not value.strip():
            raise ChartError(f"chart {id!r}: {name} is {value!r}; write a sentence for it")
    if not _SLUG.fullmatch(id):
        raise ChartError(
            f"chart id {id!r} is not a slug; use lower-case words joined by hyphens, "
            "for example 'feasible-region'"
        )
    if plain(alt).strip().rstrip(".").lower() == plain(title).strip().rstrip(".").lower():
        raise ChartError(
            f"chart {id!r}: alt repeats the title; say kind of chart, variables, range and finding"
        )
    if kind == "scenario" and not sources:
        computed = computed or "the model and its assumed settings"
    if (
        isinstance(sources, str)
        or bool(list(sources)) == bool(computed.strip())
        or not all(isinstance(s, str) and s.strip() for s in sources)
    ):
        raise ChartError(
            f"chart {id!r}: sources is {sources!r} and computed {computed!r}; give a list of ids "
            "from data/sources.csv, at least one, or say what the chart was computed from"
        )

    spec = _rename(dict(chart) if isinstance(chart, Mapping) else chart.to_dict(), id)
    spec = _spec(spec)
    spec["title"] = _wrapped(plain(title), spec)
    spec["description"] = plain(alt)
    shown = _table(spec if table is None else table, columns, id, note)
    spec = _tooltips(spec, shown["columns"], columns is not None, id)
    receiptbook = {
        "kind": kind,
        "id": id,
        "title": title,
        "caption": caption,
        "alt": alt,
        "sources": list(sources),
        "licence": licence,
        "table": shown,
        "wide": bool(wide),
        "interactive": _interactive(spec) if interactive is None else bool(interactive),
    }
    if computed:
        receiptbook["computed"] = computed
    if narrow is not None:
        receiptbook["narrow"] = dict(narrow)
    receiptbook.update(extra or {})
    spec["usermeta"] = {"receiptbook": receiptbook}
    if kind == "scenario":  # marks that move are read by screen readers and tests alike
        spec["usermeta"]["embedOptions"] = {"renderer": "svg"}
    spec = _clean(spec, id)
    return Card(
        id,
        title,
        caption,
        alt,
        tuple(sources),
        json.dumps(spec, ensure_ascii=False, allow_nan=False),
    )


def heading(column: Mapping) -> str:
    """What stands above a column of a chart's table: its label, with the unit if it has one."""
    unit = column.get("unit")
    return f"{column['label']} ({unit})" if unit else column["label"]


def decimals(column: Sequence) -> int | None:
    """Places for a column of computed numbers: four digits for the largest; None: as they are.

    The file beside the table keeps them whole.

    >>> decimals([16.39999969, 2]), decimals([1404.89, 602.0])
    (2, None)
    """
    found = [v for v in column if isinstance(v, float)]
    if all(len(repr(abs(v)).replace(".", "").strip("0")) <= 7 for v in found):
        return None
    return max(0, 3 - math.floor(math.log10(max(map(abs, found)))))


def _tooltips(spec: dict, columns: Sequence[Mapping], named: bool, id: str) -> dict:
    """Names, units and digits of the table for what a pointer shows, where it has none of its own.

    Raises ChartError for a field that neither the table nor the chart names, and for two fields of
    one name, of which only the last would be shown.
    """
    heads = {c["name"]: heading(c) for c in columns}
    rows = [row for data in spec.get("datasets", {}).values() for row in data]

    def fill(channel: Mapping) -> dict:
        field = channel.get("field")
        if not isinstance(field, str) or "aggregate" in channel:
            return channel
        if named and "title" not in channel and field not in heads:
            raise ChartError(
                f"chart {id!r}: its tooltip shows {field!r}, which no column of the table names; "
                f"write alt.Tooltip({field!r}, title=...)"
            )
        style = _format([row[field] for row in rows if field in row], channel.get("type"))
        return {"title": heads.get(field, field)} | ({"format": style} if style else {}) | channel

    def walk(node):
        if isinstance(node, list):
            return [walk(v) for v in node]
        if not isinstance(node, Mapping):
            return node
        node = {k: v if k in ("datasets", "data") else walk(v) for k, v in node.items()}
        if tip := node.get("tooltip"):
            node["tooltip"] = [*map(fill, tip)] if isinstance(tip, list) else fill(tip)
            titles = [c.get("title") for c in node["tooltip"]] if isinstance(tip, list) else []
            if twice := {t for t in titles if t is not None and titles.count(t) > 1}:
                raise ChartError(f"chart {id!r}: its tooltip shows {sorted(twice)} twice")
        return node

    return walk(spec)


def _format(values: Sequence, type_: str | None) -> str | None:
    """How D3 writes values as the table does; days that end a month by that month alone."""
    if type_ == "temporal":
        days = pd.to_datetime(pd.Series(values, dtype="object"))
        return "%b %Y" if days.dt.is_month_end.all() else "%-d %b %Y"
    if type_ != "quantitative":
        return None
    found = [v for v in (_value(v, "", "") for v in values) if v is not None]
    if (places := decimals(found)) is not None:
        return f",.{places}f"
    years = all(isinstance(v, int) and v <= 9999 for v in found)
    return "d" if years else ",.10~g"


def _wrapped(title: str, spec: Mapping) -> str | list[str]:
    width = spec.get("width", WIDTH)
    width = width if isinstance(width, numbers.Real) else WIDTH
    lines = textwrap.wrap(title, max(24, int(width / 8.2)), break_long_words=False)
    return lines[0] if len(lines) == 1 else lines


def _interactive(node) -> bool:
    if isinstance(node, Mapping):
        return (
            bool(node.get("params"))
            or bool(node.get("tooltip"))
            or any(_interactive(v) for k, v in node.items() if k != "datasets")
        )
    return isinstance(node, list) and any(map(_interactive, node))


def _rename(spec: dict, id: str) -> dict:
    """Count data sets, parameters and views from one in each chart.

    Altair counts them over the whole session, so a chart would depend on the cells before it.
    """
    datasets = spec.pop("datasets", {})
    order: list[str] = []

    def collect(node):
        if isinstance(node, Mapping):
            name = node.get("name")
            if (
                isinstance(name, str)
                and name not in order
                and (name in datasets or _COUNTED.fullmatch(name))
            ):
                order.append(name)
            for value in node.values():
                collect(value)
        elif isinstance(node, list):
            for value in node:
                collect(value)

    collect(spec)
    counts: dict[str, int] = {}
    names: dict[str, str] = {}
    for name in order:
        stem = id if name in datasets else name.split("_")[0]
        counts[stem] = counts.get(stem, 0) + 1
        names[name] = f"{id}-{counts[stem]}" if name in datasets else f"{stem}_{counts[stem]}"
    if names:
        pattern = re.compile(
            r"(?<![\w-])(?:"
            + "|".join(sorted(map(re.escape, names), key=len, reverse=True))
            + r")(?![\w-])"
        )
        spec = _strings(spec, lambda s: pattern.sub(lambda m: names[m[0]], s))
    if datasets:
        spec["datasets"] = {names[n]: datasets[n] for n in order if n in datasets}
    return spec


def _strings(node, change):
    if isinstance(node, str):
        return change(node)
    if isinstance(node, Mapping):
        return {k: _strings(v, change) for k, v in node.items()}
    return [_strings(v, change) for v in node] if isinstance(node, list) else node


def _clean(node, id: str, path: str = "spec"):
    """Round to DIGITS, NaN to null; refuse infinities and control characters."""
    if isinstance(node, Mapping):
        return {str(k): _clean(v, id, f"{path}.{k}") for k, v in node.items()}
    if isinstance(node, (list, tuple)):
        return [_clean(v, id, f"{path}[{i}]") for i, v in enumerate(node)]
    if isinstance(node, str):
        if _CONTROL.search(node):
            raise ChartError(
                f"chart {id!r}: {path} holds a line break or control character in "
                f"{node!r}; use a list of lines or remove it"
            )
        return node
    return _value(node, id, path)


def _value(value, id: str, path: str):
    """A JSON scalar: floats to DIGITS, dates as ISO text, missing as null."""
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, (bool, str)):
        return value
    if hasattr(value, "isoformat"):
        return value.isoformat()[:10]
    if hasattr(value, "item"):
        return _value(value.item(), id, path)
    if isinstance(value, int):
        return value
    try:
        value = float(value)
    except (TypeError, ValueError):
        raise ChartError(
            f"chart {id!r}: {path} is a {type(value).__name__}; pass numbers, text or dates"
        ) from None
    if math.isinf(value):
        raise ChartError(f"chart {id!r}: {path} is infinite; leave it out or cap it and say so")
    return None if math.isnan(value) else float(f"{value:.{DIGITS}g}")


def _table(source, columns: Mapping | None, id: str, note: str) -> dict:
    if isinstance(source, pd.DataFrame):
        frame = source
    else:
        datasets = source.get("datasets", {})
        if isinstance(source.get("data"), Mapping) and isinstance(
            source["data"].get("values"), list
        ):
            datasets = {"": source["data"]["values"]}
        if len(datasets) != 1:
            raise ChartError(
                f"chart {id!r} has {len(datasets)} data sets; pass table= with what "
                "a reader without the picture should read"
            )
        frame = pd.DataFrame(next(iter(datasets.values())))
    if frame.empty:
        raise ChartError(f"chart {id!r}: its table is empty; pass table=")
    names = [str(c) for c in (frame.columns if columns is None else columns)]
    if missing := [n for n in names if n not in frame.columns]:
        raise ChartError(
            f"chart {id!r}: columns {missing} are not in its table; there are {list(frame.columns)}"
        )
    heads = []
    for name in names:
        label = name if columns is None else columns[name]
        label, unit = (label, "") if isinstance(label, str) else label
        if not str(label).strip():
            raise ChartError(f"chart {id!r}: column {name!r} has a blank label")
        number = all(
            (isinstance(v, numbers.Real) and not isinstance(v, bool))
            or hasattr(v, "__float__")
            or pd.isna(v)
            for v in frame[name]
        )
        heads.append(
            {"name": name, "label": label, "unit": unit, "align": "right" if number else "left"}
        )
    rows = [
        [_value(v, id, f"table.{n}") for n, v in zip(names, row, strict=True)]
        for row in frame[names].itertuples(index=False, name=None)
    ]
    if len(rows) > ROWS:
        step = math.ceil((len(rows) - 1) / (ROWS - 2))
        kept = rows[:-1:step] + rows[-1:]
        thinned = f"{len(kept)} of {len(rows)} rows: every {step}th and the last."
        note, rows = f"{note} {thinned}".strip(), kept
    return {"columns": heads, "rows": rows, "note": note}
