"""The feedback loop with a ceiling, step by step: adoption and services pull each other.

The closed forms beside it (`surge.models.loop_gain`, `loop_limit`) say where the loop ends; this
iteration says how it gets there, and `closest` asks whether it can pass through given waves.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

STEPS = 4  # Runge-Kutta steps a month: stable up to rates of some 130 a year
SETTINGS, ROUNDS = 60, 300  # how many settings a polish moves at a time, and how often


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
    """The setting whose largest distance from the waves is smallest, between the ends of a grid.

    waves: {month: share}; the first, at month nought, is where every path starts. The others may
    be missed. pulls, frictions, inflows, closings, ceilings: the values to try, all combinations of
    them, as `loop_path` takes them; without closings, services have the friction of adopters. The
    best of the grid is then polished: no digit of the miss is the grid's.
    """
    axes = pulls, frictions, inflows, [np.nan] if closings is None else closings, ceilings
    return _closest(tuple(sorted(waves.items())), *(tuple(map(float, axis)) for axis in axes))


@lru_cache(maxsize=64)
def _closest(waves, *axes) -> Closest:
    waves, found = dict(waves), []
    for pull in axes[0]:  # a slice at a time, for the sake of memory
        grid = np.meshgrid([pull], *axes[1:], indexing="ij")
        miss = _misses(waves, *grid)
        at = np.unravel_index(np.argmin(miss), miss.shape)
        found.append((float(miss[at]), *(float(part[at]) for part in grid)))
    best, miss = _polished(waves, axes, min(found)[1:])
    if np.isnan(best[3]):
        best[3] = best[1]
    return Closest(*map(float, best), miss, math.prod(map(len, axes)))


def _misses(waves, pull, friction, inflow, closing, ceiling):
    """The largest distance of each path from the waves; a closing of nan is as the friction."""
    months = sorted(waves)
    closing = np.where(np.isnan(closing), friction, closing)
    with np.errstate(over="ignore", invalid="ignore"):  # a setting that bursts is no candidate
        path = loop_path(
            pull, friction, waves[months[0]], inflow, months[-1], closing=closing, ceiling=ceiling
        )
        miss = np.max([np.abs(path[m] - waves[m]) for m in months[1:]], axis=0)
    return np.where(np.isfinite(miss), miss, np.inf)


def _polished(waves, axes, best):
    """The best setting near that of a grid, between the grid's ends: differential evolution.

    Source: Storn and Price 1997, "best/1/bin". Settings that come close lie along a narrow band in
    which several of them change together. A grid that closes in on its best point moves along the
    axes and stops short of the least miss; a step along the difference of two settings keeps to the
    band. The drawing starts from a fixed seed.
    """
    lows, highs = np.array([(min(axis), max(axis)) for axis in axes]).T
    step = np.array([max(np.diff(axis), default=0.0) for axis in axes])
    draw = np.random.default_rng(0)
    some = np.clip(best + step * draw.uniform(-2, 2, (SETTINGS, len(axes))), lows, highs)
    some[0] = best
    miss = _misses(waves, *some.T)
    for _ in range(ROUNDS):
        one, other = some[draw.permuted(np.tile(np.arange(SETTINGS), (2, 1)), axis=1)]
        moved = some[np.argmin(miss)] + draw.uniform(0.5, 1, (SETTINGS, 1)) * (one - other)
        tried = np.where(draw.random(some.shape) < 0.7, np.clip(moved, lows, highs), some)
        there = _misses(waves, *tried.T)
        better = there < miss
        some[better], miss[better] = tried[better], there[better]
    at = np.argmin(miss)
    return some[at], float(miss[at])
