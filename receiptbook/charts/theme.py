"""The look of the book's charts: palette, type, the theme and the renderer that Altair uses.

Importing this module registers and enables both.
"""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt

from receiptbook.book.outputs import CHART

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
FONT = "Arial, Liberation Sans, Helvetica, sans-serif"
WIDTH = 600  # px, the text measure
NARROW = 300  # px, plot width on a phone

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
    "accent": ("#0a6c8f", "#54bfe3"),  # the subject
    "accent-soft": ("#b5d9e6", "#1d4a5c"),  # its bands and areas
    "doubt": ("#b4530a", "#f29c4b"),  # warnings, conflicts, what is not known
    "doubt-soft": ("#f3d3b4", "#5b3a1a"),  # its bands and areas
}


def colour(name: str) -> str:
    """Hex of a palette entry on light paper; KeyError names the entries there are.

    >>> colour("accent")
    '#0a6c8f'
    """
    try:
        return PALETTE[name][0]
    except KeyError:
        raise KeyError(f"no colour {name!r}; there are {', '.join(PALETTE)}") from None


def theme() -> dict:
    """The configuration that every chart carries, as Vega-Lite's `config`.

    >>> theme()["view"]["continuousWidth"]
    600
    """
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


def with_schema(spec: Mapping) -> dict:
    """A specification with the schema that current notebooks can draw.

    >>> with_schema({"mark": "bar"})["$schema"] == SCHEMA
    True
    """
    return {**spec, "$schema": SCHEMA}


def _render(spec: dict, **_) -> dict:
    title = spec.get("title", "")
    title = title.get("text", "") if isinstance(title, Mapping) else title
    title = " ".join(title) if isinstance(title, list) else title
    words = ". ".join(p.rstrip(".") for p in (title, spec.get("description", "")) if p)
    return {CHART: with_schema(spec), "text/plain": f"Chart: {words}." if words else "Chart"}


@alt.theme.register("receiptbook", enable=True)
def _theme() -> alt.theme.ThemeConfig:
    return alt.theme.ThemeConfig({"config": theme()})


alt.renderers.register("receiptbook", _render)
alt.renderers.enable("receiptbook")
