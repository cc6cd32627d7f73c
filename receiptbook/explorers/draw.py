"""An explorer's picture as SVG, drawn in the kernel for the widgets.

The page and Jupyter's own charts are drawn by Vega. Here a slider must redraw in milliseconds and
in any front end, so axes and marks are written out directly, with the marks of the page.
"""

from __future__ import annotations

import math
import re
from html import escape

from receiptbook import charts
from receiptbook.explorers.core import State
from receiptbook.explorers.parts import Axis, fixed
from receiptbook.explorers.shapes import Plot, mark_svg, to_pixels
from receiptbook.markdown import words

TOP, RIGHT, BOTTOM = 30, 16, 44  # px around the plot
LETTER = 6.6  # px, mean width of a letter at 12 px
TICKS = 7


def draw(state: State) -> str:
    """The picture at a state's settings, with its alternative text, in the light palette."""
    scenario = state.scenario
    width, height = scenario.width, scenario.height
    x, y = scenario.x.page_data(), scenario.y.page_data()
    plot = Plot(scenario.id, x, y, width, height, f"{scenario.id}-live")
    snapshot = state.snapshot(scenario.marks)
    ticks_x, ticks_y = ticks(scenario.x), ticks(scenario.y)
    left = beside(scenario.y)
    parts = [
        plot.clip_path,
        *(_line_y(to_pixels(y, v, height), width, height, text, scenario.y)
          for v, text in ticks_y),
        *(_line_x(to_pixels(x, v, width), height, text) for v, text in ticks_x),
        f'<path d="M0,{height}h{width}" stroke="var(--axis)" fill="none"/>',
        f'<text x="0" y="-14" fill="var(--quiet)">{escape(scenario.y.title)}</text>',
        f'<text x="{width / 2:g}" y="{height + 38}" fill="var(--quiet)" text-anchor="middle">'
        f"{escape(scenario.x.title)}</text>",
        *(mark_svg(m.page_data(), snapshot, plot) for m in scenario.marks),
    ]  # fmt: skip
    whole = width + left + RIGHT, height + TOP + BOTTOM
    body = re.sub(r"var\(--([\w-]+)\)", lambda m: charts.colour(m[1]), "".join(parts))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole[0]:g} {whole[1]:g}" '
        f'width="{whole[0]:g}" height="{whole[1]:g}" role="img" '
        f'aria-label="{escape(words(scenario.alt))}" '
        f'font-family="{charts.FONT}" font-size="12"><rect width="100%" height="100%" '
        f'fill="{charts.colour("paper")}"/><g transform="translate({left:g},{TOP})">{body}</g>'
        "</svg>"
    )


def _line_y(up: float, width: float, height: float, text: str, axis: Axis) -> str:
    y = f"{height - up:.1f}"
    grid = "" if axis.grid is False else (
        f'<path d="M0,{y}h{width}" stroke="var(--rule)" fill="none"/>')  # fmt: skip
    return (
        f'{grid}<text x="-6" y="{y}" dy="4" text-anchor="end" fill="var(--quiet)">'
        f"{escape(text)}</text>"
    )


def _line_x(x: float, height: float, text: str) -> str:
    return (
        f'<path d="M{x:.1f},{height}v5" stroke="var(--axis)" fill="none"/>'
        f'<text x="{x:.1f}" y="{height + 18}" text-anchor="middle" fill="var(--quiet)">'
        f"{escape(text)}</text>"
    )


def beside(axis: Axis) -> float:
    """Room for the labels of a vertical axis, in px.

    >>> beside(Axis("", 0, 100))
    33.8
    """
    return 14 + LETTER * max(len(text) for _, text in ticks(axis))


def ticks(axis: Axis) -> list[tuple[float, str]]:
    """Where the axis is marked, and with what: its own choice, or steps of 1, 2 or 5.

    >>> [text for _, text in ticks(Axis("", 0, 100))]
    ['0', '20', '40', '60', '80', '100']
    """
    if axis.labels is not None:
        return [(v, text) for v, text in axis.labels.items()]
    comma = "" if axis.format == "d" else ","
    if axis.values is not None:
        return [(v, f"{v:g}") for v in axis.values]
    rough = (axis.high - axis.low) / TICKS
    size = 10 ** math.floor(math.log10(rough))
    step = next(size * m for m in (1, 2, 5, 10) if size * m >= rough * (1 - 1e-9))
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    first, last = math.ceil(axis.low / step - 1e-9), math.floor(axis.high / step + 1e-9)
    return [(n * step, fixed(n * step, decimals, comma=comma)) for n in range(first, last + 1)]
