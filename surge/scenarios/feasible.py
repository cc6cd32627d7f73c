"""Feasible region: every pair of user counts that reproduces all printed figures at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

import receiptbook.explorers as ex
from surge.region import Region

MILLION = 1_000_000

WORDING = {
    "id": "feasible-region",
    "title": "Whether all printed figures can be true hangs on the populations under the rates",
    "caption": "Pairs of user counts that reproduce the chosen printed figures, over the chosen "
    "populations; the outer box is what the two printed counts allow by themselves.",
    "alt": "Polygon in a plane of users at the start of the year against users at its end, inside "
    "the box that the printed counts allow; for most choices of population it is empty.",
}


def model(area, box_area, x_low, x_high, y_low, y_high, g_low, g_high):
    """What remains of the box, in percent, and the ends of both counts and of their growth."""

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


OUTPUTS = (
    ex.Output("share", "Part of the box that remains", "%", 1),
    ex.Output("first_low", "Users, end of 2024, at least", "million", 2, ""),
    ex.Output("first_high", "Users, end of 2024, at most", "million", 2, ""),
    ex.Output("last_low", "Users, end of 2025, at least", "million", 2, ""),
    ex.Output("last_high", "Users, end of 2025, at most", "million", 2, ""),
    ex.Output("growth_low", "Growth, at least", "%", 2, ""),
    ex.Output("growth_high", "Growth, at most", "%", 2, ""),
)

WORDS = (
    ex.Sentence(
        "With {precision}, nothing remains: over these populations no pair of user counts "
        "gives all these figures.",
        lambda share: share <= 0,
    ),
    ex.Sentence(
        "With {precision}, {share}% of the box remains: {first_low} to {first_high} million users "
        "at the end of 2024, {last_low} to {last_high} million at the end of 2025."
    ),
)


@dataclass(frozen=True)
class Box:
    """What the two printed counts allow by themselves, in million users."""

    left: float
    right: float
    low: float
    high: float

    @property
    def area(self) -> float:
        return (self.right - self.left) * (self.high - self.low)

    @property
    def corners(self) -> list[tuple[float, float]]:
        return [
            (self.left, self.low), (self.right, self.low),
            (self.right, self.high), (self.left, self.high),
        ]  # fmt: skip

    @property
    def centre(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.low + self.high) / 2


def marks(box: Box) -> tuple[ex.Mark, ...]:
    """What is drawn."""
    return (
        ex.Mark(
            "box", "polygon", lambda: box.corners,
            colour="axis", fill="paper", size=1, dash=(4, 3), still=True,
        ),
        ex.Mark(
            "printed", "text", lambda: [(box.left, box.high)],
            text=("printed counts allow this box",), colour="quiet", dx=4, dy=-6, still=True,
        ),
        ex.Mark("region", "polygon", frame="ring", fill="accent-soft", size=2),
        ex.Mark(
            "verdict", "text", lambda: [box.centre],
            text=("{verdict}",), colour="doubt", anchor="middle", bold=True,
        ),
    )  # fmt: skip


def in_millions(region: Region) -> list[tuple[float, float]]:
    """The corners of a region of persons."""
    return [(float(x) / MILLION, float(y) / MILLION) for x, y in region.corners]


def frame(region: Region, box: Box) -> dict:
    """What is stored of a region, an empty one included."""
    if not region.corners:
        ends = dict.fromkeys(("x_low", "x_high", "y_low", "y_high", "g_low", "g_high"), 0.0)
        return {
            "ring": [], "verdict": "nothing remains", "area": 0.0, "box_area": box.area, **ends
        }  # fmt: skip
    ring = in_millions(region)
    growth = [100 * (y / x - 1) for x, y in ring]  # extreme at corners: monotone along each edge
    return {
        "ring": ring,
        "verdict": "",
        "area": region.area / MILLION**2,
        "box_area": box.area,
        "x_low": region.x.lower / MILLION,
        "x_high": region.x.upper / MILLION,
        "y_low": region.y.lower / MILLION,
        "y_high": region.y.upper / MILLION,
        "g_low": min(growth),
        "g_high": max(growth),
    }


def _limits(values: Sequence[float]) -> tuple[float, float]:
    """Both ends of an axis, a tenth wider than the values on either side."""
    edge = 0.1 * (max(values) - min(values))
    return min(values) - edge, max(values) + edge


def _choice(name: str, label: str, options: tuple[str, ...]) -> ex.Parameter:
    return ex.Parameter(name, label, options[0], options=tuple((o, o) for o in options))


def feasible_region(
    regions: Mapping[tuple[str, str], Region], *, box, sources, **wording
) -> ex.Explorer:
    """The stored polygon for each choice.

    regions: {(populations, figures): region}, in persons, for every combination; the
    first key is the default, and the words read "over the populations at the <populations>, and
    with <figures>". The polygons are exact intersections of half-planes, computed in rational
    numbers and rounded once for storage. box: (x interval, y interval) in persons, the rounding
    intervals of the two printed counts. wording: what differs from `WORDING`.

    Raises
    ------
    ScenarioError
        if there is no region, or a combination is missing
    """
    if not regions:
        raise ex.ScenarioError("feasible_region needs at least one region")
    bases, precisions = (tuple(dict.fromkeys(key[i] for key in regions)) for i in (0, 1))
    allowed = Box(*(float(v) / MILLION for side in box for v in (side.lower, side.upper)))
    corners = [corner for region in regions.values() for corner in in_millions(region)]
    xs, ys = zip(*allowed.corners, *corners, strict=True)
    # the box; more would touch on a phone
    named = (allowed.left, allowed.centre[0], allowed.right)
    return ex.Explorer(
        **{**WORDING, **wording},
        sources=tuple(sources),
        parameters=(
            _choice("base", "Populations under the two rates", bases),
            _choice("precision", "Figures taken", precisions),
        ),
        model=model,
        outputs=OUTPUTS,
        words=WORDS,
        x=ex.Axis("Million users, end of 2024", *_limits(xs), values=named),
        y=ex.Axis("Million users, end of 2025", *_limits(ys)),
        marks=marks(allowed),
        presets=tuple(
            ex.Preset(b[:1].upper() + b[1:], {"base": b} if b != bases[0] else {}) for b in bases
        ),
        frames=(
            ex.Frames(
                ("base", "precision"),
                {key: frame(region, allowed) for key, region in regions.items()},
            ),
        ),
        height=360,
    )
