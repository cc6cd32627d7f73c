"""Feasible region: every pair of user counts that reproduces all printed figures at once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from receiptbook.explorers.core import (
    Axis,
    Frames,
    Mark,
    Output,
    Parameter,
    Preset,
    Scenario,
    ScenarioError,
    Sentence,
)

MILLION = 1_000_000


def feasible_region(
    regions: Mapping[tuple[str, str], object],
    *,
    box,
    sources,
    start: str = "end of 2024",
    end: str = "end of 2025",
    id: str = "feasible-region",
    title: str = "Whether all printed figures can be true hangs on the populations under the rates",
    caption: str = "Pairs of user counts that reproduce the chosen printed figures, over "
    "the chosen populations; the outer box is what "
    "the two printed counts allow by themselves.",
    alt: str = "Polygon in a plane of users at the start of the year against users "
    "at its end, inside the box that the printed counts allow; for "
    "most choices of population it is empty.",
) -> Scenario:
    """The stored polygon for each choice.

    regions: {(populations, figures): surge.region.Region}, in persons, for every combination; the
    first key is the default, and the words read "over the populations at the <populations>, and
    with <figures>". The polygons are exact intersections of half-planes, computed in rational
    numbers and rounded once for storage. box: (x interval, y interval) in persons, the rounding
    intervals of the two printed counts.
    """
    if not regions:
        raise ScenarioError("feasible_region needs at least one region")
    bases, precisions = (tuple(dict.fromkeys(key[i] for key in regions)) for i in (0, 1))
    (left, right), (low, high) = (
        (float(side.lower) / MILLION, float(side.upper) / MILLION) for side in box
    )
    corners = {
        key: [(float(x) / MILLION, float(y) / MILLION) for x, y in region.corners]
        for key, region in regions.items()
    }
    xs = [left, right, *(x for ring in corners.values() for x, _ in ring)]
    ys = [low, high, *(y for ring in corners.values() for _, y in ring)]
    edge_x, edge_y = 0.1 * (max(xs) - min(xs)), 0.1 * (max(ys) - min(ys))
    return Scenario(
        id=id,
        title=title,
        caption=caption,
        alt=alt,
        sources=tuple(sources),
        parameters=(
            Parameter(
                "base",
                "Populations under the two rates",
                bases[0],
                options=tuple((b, b) for b in bases),
            ),
            Parameter(
                "precision",
                "Figures taken",
                precisions[0],
                options=tuple((p, p) for p in precisions),
            ),
        ),
        model=_model,
        outputs=(
            Output("share", "Part of the box that remains", "%", 1),
            Output("first_low", f"Users, {start}, at least", "million", 2),
            Output("first_high", f"Users, {start}, at most", "million", 2),
            Output("last_low", f"Users, {end}, at least", "million", 2),
            Output("last_high", f"Users, {end}, at most", "million", 2),
            Output("growth_low", "Growth, at least", "%", 2),
            Output("growth_high", "Growth, at most", "%", 2),
        ),
        words=(
            Sentence(
                "Over the populations at the {base}, and with {precision}, nothing remains: no "
                "pair of user counts gives all these figures.",
                lambda share: share <= 0,
            ),
            Sentence(
                f"Over the populations at the {{base}}, and with {{precision}}, {{share}}% of the "
                f"box remains: {{first_low}} to {{first_high}} million users at the {start}, "
                f"{{last_low}} to {{last_high}} million at the {end}."
            ),
        ),
        x=Axis(
            f"Million users, {start}",
            min(xs) - edge_x,
            max(xs) + edge_x,
            values=(left, (left + right) / 2, right),  # the box; more would touch on a phone
        ),
        y=Axis(f"Million users, {end}", min(ys) - edge_y, max(ys) + edge_y),
        marks=(
            Mark(
                "box",
                "polygon",
                lambda: [(left, low), (right, low), (right, high), (left, high)],
                colour="axis",
                fill="paper",
                size=1,
                dash=(4, 3),
                still=True,
            ),
            Mark(
                "printed",
                "text",
                lambda: [(left, high)],
                text=("printed counts allow this box",),
                colour="quiet",
                dx=4,
                dy=-6,
                still=True,
            ),
            Mark("region", "polygon", frame="ring", fill="accent-soft", size=2),
            Mark(
                "verdict",
                "text",
                lambda: [((left + right) / 2, (low + high) / 2)],
                text=("{verdict}",),
                colour="doubt",
                anchor="middle",
                bold=True,
            ),
        ),
        presets=tuple(
            Preset(b[:1].upper() + b[1:], {"base": b} if b != bases[0] else {}) for b in bases
        ),
        frames=(
            Frames(
                ("base", "precision"),
                {key: _frame(ring, (right - left) * (high - low)) for key, ring in corners.items()},
            ),
        ),
        height=360,
    )


def _frame(ring: list, box: float) -> dict:
    if not ring:
        return {
            "ring": [],
            "verdict": "nothing remains",
            "area": 0.0,
            "box_area": box,
            **dict.fromkeys(("x_low", "x_high", "y_low", "y_high", "g_low", "g_high"), 0.0),
        }
    xs, ys = ([c[i] for c in ring] for i in (0, 1))
    growth = [100 * (y / x - 1) for x, y in ring]  # extreme at corners: monotone along each edge
    twice = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True))
    return {
        "ring": ring,
        "verdict": "",
        "area": abs(twice) / 2,
        "box_area": box,
        "x_low": min(xs),
        "x_high": max(xs),
        "y_low": min(ys),
        "y_high": max(ys),
        "g_low": min(growth),
        "g_high": max(growth),
    }


def _model(area, box_area, x_low, x_high, y_low, y_high, g_low, g_high):
    def known(value):
        return np.where(area > 0, value, np.nan)

    return {
        "share": 100 * area / box_area,
        "first_low": known(x_low),
        "first_high": known(x_high),
        "last_low": known(y_low),
        "last_high": known(y_high),
        "growth_low": known(g_low),
        "growth_high": known(g_high),
    }
