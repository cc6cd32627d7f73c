"""The feedback loop with a ceiling, step by step: adoption and services pull each other.

The closed forms beside it (`surge.models.loop_gain`, `loop_limit`) say where the loop ends; this
iteration says how it gets there, and `closest` asks whether it can pass through given waves.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

STEPS = 4  # Runge-Kutta steps a month: stable up to rates of some 130 a year


def loop_path(pull, friction, start, inflow, months, *, closing=None, ceiling=1.0):
    """Share of adopters month by month on a solution of the loop's two equations.

    a' = u·(ceiling − a) − friction·a and u' = pull²·a − closing·u, where u is the inflow that
    services cause among those who have not adopted, a year. Only the product of the two pulls
    matters for adoption, so one `pull` stands for both (their geometric mean).

    pull, friction: rates a year, numbers or arrays of one shape. start: share of adopters at month
    nought. inflow: u at month nought, a year. closing: friction of services where it is not that of
    adopters, a year. ceiling: share who can be won at all. Returns an array of shape
    (months + 1, ...). Fixed points: 0, and ceiling − friction·closing / pull² where that is
    positive. Source: the two-variable threshold model in `surge.models.loop_limit`; classical
    Runge-Kutta of order four.
    """
    closing = friction if closing is None else closing
    pull, friction, closing, ceiling, a, u = np.broadcast_arrays(
        *map(np.asarray, (pull, friction, closing, ceiling, start, inflow))
    )
    pull, step = pull**2, 1 / 12 / STEPS

    def slope(a, u):
        return u * (ceiling - a) - friction * a, pull * a - closing * u

    a, u = a.astype(float), u.astype(float)
    path = [a]
    for _ in range(months):
        for _ in range(STEPS):
            a1, u1 = slope(a, u)
            a2, u2 = slope(a + step / 2 * a1, u + step / 2 * u1)
            a3, u3 = slope(a + step / 2 * a2, u + step / 2 * u2)
            a4, u4 = slope(a + step * a3, u + step * u3)
            a = a + step / 6 * (a1 + 2 * a2 + 2 * a3 + a4)
            u = u + step / 6 * (u1 + 2 * u2 + 2 * u3 + u4)
        path.append(a)
    return np.array(path)


@dataclass(frozen=True)
class Closest:
    """The setting whose path comes closest to some waves; `miss` is its largest distance."""

    pull: float
    friction: float
    inflow: float
    closing: float
    ceiling: float
    miss: float
    tried: int

    def path(self, start, months):
        """The path itself, as `loop_path` gives it."""
        return loop_path(
            self.pull, self.friction, start, self.inflow, months,
            closing=self.closing, ceiling=self.ceiling,
        )  # fmt: skip


def closest(waves, pulls, frictions, inflows, closings=None, ceilings=(1.0,)) -> Closest:
    """The setting on a grid whose largest distance from the waves is smallest.

    waves: {month: share}; the first, at month nought, is where every path starts. The others may
    be missed. pulls, frictions, inflows, closings, ceilings: the values to try, all combinations of
    them, as `loop_path` takes them; without closings, services have the friction of adopters.
    """
    months = sorted(waves)
    axes = [pulls, frictions, inflows, [np.nan] if closings is None else closings, ceilings]
    best = None
    for pull in pulls:  # a slice at a time, for the sake of memory
        grid = list(np.meshgrid([pull], *axes[1:], indexing="ij"))
        if closings is None:
            grid[3] = grid[1]
        with np.errstate(over="ignore", invalid="ignore"):  # a setting that bursts is no candidate
            path = loop_path(
                grid[0], grid[1], waves[months[0]], grid[2], months[-1],
                closing=grid[3], ceiling=grid[4],
            )  # fmt: skip
            miss = np.max([np.abs(path[m] - waves[m]) for m in months[1:]], axis=0)
        miss = np.where(np.isfinite(miss), miss, np.inf)
        at = np.unravel_index(np.argmin(miss), miss.shape)
        if best is None or miss[at] < best[-1]:
            best = *(float(part[at]) for part in grid), float(miss[at])
    return Closest(*best, math.prod(map(len, axes)))
