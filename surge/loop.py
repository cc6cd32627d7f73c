"""The feedback loop with a ceiling, step by step: adoption and services pull each other.

The closed forms beside it (`surge.models.loop_gain`, `loop_limit`) say where the loop ends; this
iteration says how it gets there, and `closest` asks whether it can pass through given waves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


def loop_path(pull, friction, start, inflow, months):
    """Share of adopters month by month, exactly iterated.

    a' = a + (u·(1 − a) − friction·a) / 12 and u' = u + (pull²·a − friction·u) / 12, where u is the
    inflow that services cause among those who have not adopted, a year. Only the product of the two
    pulls matters for adoption, so one `pull` stands for both (their geometric mean).

    pull, friction: rates a year, numbers or arrays of one shape. start: share of adopters at month
    nought. inflow: u at month nought, a year. Returns an array of shape (months + 1, ...).
    Fixed points: 0, and 1 − (friction / pull)² where pull > friction. Source: discrete form of the
    two-variable threshold model in `surge.models.loop_limit`.
    """
    pull, friction, a, u = np.broadcast_arrays(*map(np.asarray, (pull, friction, start, inflow)))
    a, u = a.astype(float), u.astype(float)
    path = [a]
    for _ in range(months):
        a, u = a + (u * (1 - a) - friction * a) / 12, u + (pull**2 * a - friction * u) / 12
        path.append(a)
    return np.array(path)


@dataclass(frozen=True)
class Closest:
    """The setting whose path comes closest to some waves; `miss` is its largest distance."""

    pull: float
    friction: float
    inflow: float
    miss: float
    tried: int


def closest(waves, pulls, frictions, inflows) -> Closest:
    """The setting on a grid whose largest distance from the waves is smallest.

    waves: {month: share}; the first, at month nought, is where every path starts. The others may
    be missed. pulls, frictions, inflows: the values to try, all combinations of them.
    """
    months = sorted(waves)
    grid = np.meshgrid(pulls, frictions, inflows, indexing="ij")
    path = loop_path(grid[0], grid[1], waves[months[0]], grid[2], months[-1])
    miss = np.max([np.abs(path[m] - waves[m]) for m in months[1:]], axis=0)
    best = np.unravel_index(np.argmin(miss), miss.shape)
    return Closest(*(float(part[best]) for part in grid), float(miss[best]), miss.size)
