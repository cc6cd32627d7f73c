"""Who counts: the same users over four populations."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

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
    State,
    fixed,
)
from receiptbook.explorers.own import Column, Own, line
from surge import models

MONTHS = (
    "January February March April May June July August September October November December"
).split()
GAP = 15  # px between the labels of two populations
NAMED = 8  # waves whose dates fit under the axis
PERSONS = "persons, from 10,000 to 10 billion, such as 602 million"
MOST = {"above": 9_999, "most": 1e10}


def who_counts(
    users: Mapping,
    bases: Mapping[str, Mapping],
    *,
    sources,
    base: str | None = None,
    wave: str | None = None,
    id: str = "who-counts",
    title: str = "The rate depends on whom it is a rate of",
    caption: str = "Users of generative AI as a share of the chosen population, by "
    "survey wave, with the range that rounding allows.",
    alt: str | None = None,
) -> Scenario:
    """The adoption rate for each wave and population.

    users: {date: persons}; bases: {label: {date: persons}}, dates as ISO text. Values are numbers
    or quantities with `lower` and `upper`. Where a population has no figure at the date of a wave,
    the nearest one stands in, and the words give its date. base, wave: the defaults; otherwise the
    first population and the last wave.
    """
    if not users or not bases or not all(bases.values()):
        raise ScenarioError("who_counts needs at least one wave, and figures for every population")
    waves = sorted(users)
    names = list(bases)
    chosen = base or names[0]
    there = {(d, n): nearest(d, bases[n]) for d in waves for n in names}
    part = {d: _range(users[d]) for d in waves}
    whole = {(d, n): _range(bases[n][there[d, n]]) for d in waves for n in names}
    trails = {
        n: [
            (
                year(d),
                models.adoption_rate(part[d][0], whole[d, n][0]),
                models.adoption_rate(part[d][1], whole[d, n][2]),
                models.adoption_rate(part[d][2], whole[d, n][1]),
            )
            for d in waves
        ]
        for n in names
    }
    frames = (
        Frames(
            ("wave",),
            {
                d: {"users": u, "users_low": low, "users_high": high, "year": year(d)}
                for d, (u, low, high) in part.items()
            },
        ),
        Frames(
            ("base",),
            {
                n: {
                    "trail": [(t, rate) for t, rate, _, _ in trail],
                    "whiskers": [(t, low, t, high) for t, _, low, high in trail],
                }
                for n, trail in trails.items()
            },
        ),
        Frames(
            ("wave", "base"),
            {
                (d, n): {
                    "population": p,
                    "population_low": low,
                    "population_high": high,
                    "basis": month(there[d, n])
                    + ("" if there[d, n] == d else ", the nearest figure"),
                }
                for (d, n), (p, low, high) in whole.items()
            },
        ),
    )

    def told(state: State):
        over = state.values["base"]
        for d, (_, rate, low, high) in zip(waves, trails[over], strict=True):
            yield (
                f"{month(d)}: {fixed(part[d][0] / 1e6, 1)} million of "
                f"{fixed(whole[d, over][0] / 1e6, 1)} million make {fixed(rate, 2)}%; rounding "
                f"allows {fixed(low, 2)}% to {fixed(high, 2)}%."
            )

    def make(series):
        return who_counts(
            series["users"],
            {"your population": series["population"]},
            sources=(),
            id=id,
            alt="Line chart of the adoption rate over your own figures, by date.",
        )

    top = 10 * (1 + max(high for trail in trails.values() for *_, high in trail) // 10)
    first, last = year(waves[0]), year(waves[-1])
    every = -(-len(waves) // NAMED)
    return Scenario(
        id=id,
        title=title,
        caption=caption,
        sources=tuple(sources),
        alt=alt
        or "Line chart of the adoption rate by survey wave, one grey line for each "
        "population it can be divided by and the chosen one in colour: the smaller the "
        "population, the higher the line.",
        parameters=(
            Parameter(
                "wave",
                "Survey wave",
                wave or waves[-1],
                options=tuple((d, month(d)) for d in waves),
            ),
            Parameter("base", "Divided by", chosen, options=tuple((n, n) for n in names)),
        ),
        model=_model,
        outputs=(
            Output("rate", "Adoption rate", "%", 2),
            Output("lowest", "Lowest that rounding allows", "%", 2),
            Output("highest", "Highest that rounding allows", "%", 2),
            Output("part", "Users", "million", 1),
            Output("whole", "Population", "million", 1),
        ),
        words=(
            Sentence(
                "In {wave}, {part} million users over {whole} million ({base}; {basis}) "
                "make {rate}%. Rounding of both figures allows {lowest}% to {highest}%."
            ),
        ),
        x=Axis(
            "",
            first - 0.12,
            last + 0.5 * max(1, last - first) / 1.5,
            labels={year(d): short(d) for d in waves[(len(waves) - 1) % every :: every]},
            grid=False,
        ),
        y=Axis("Adoption rate, %", 0, float(top)),
        marks=(
            *(
                Mark(
                    f"context{i}",
                    "path",
                    _constant([(t, r) for t, r, _, _ in trails[n]]),
                    colour="context-soft",
                    size=1.5,
                    still=True,
                )
                for i, n in enumerate(names)
            ),
            Mark(
                "labels",
                "text",
                _constant(_apart(last, [trails[n][-1][1] for n in names], top)),
                text=tuple(names),
                colour="quiet",
                dx=10,
                dy=4,
                still=True,
            ),
            Mark("whiskers", "rules", frame="whiskers", size=6, colour="accent-soft"),
            Mark("trail", "path", frame="trail"),
            Mark("here", "points", lambda year, rate: [(year, rate)], size=6),
            Mark(
                "rate",
                "text",
                lambda year, rate: [(year, rate)],
                text=("{rate}%",),
                bold=True,
                dx=-8,
                dy=-10,
                anchor="end",
            ),
        ),
        presets=tuple(
            Preset(n[:1].upper() + n[1:], {} if n == chosen else {"base": n})
            for n in sorted(names, key=lambda n: n != chosen)
        ),
        frames=frames,
        own=Own(
            columns=(
                Column("users", "persons", PERSONS, **MOST),
                Column("population", "persons", PERSONS, **MOST),
            ),
            make=make,
            told=told,
            example="\n".join(
                line(d, _printed(users[d]), _printed(bases[names[0]][there[d, names[0]]]))
                for d in waves
            ),
        ),
    )


def _model(users, users_low, users_high, population, population_low, population_high):
    return {
        "rate": models.adoption_rate(users, population),
        "lowest": models.adoption_rate(users_low, population_high),
        "highest": models.adoption_rate(users_high, population_low),
        "part": users / 1e6,
        "whole": population / 1e6,
    }


def _constant(value):
    return lambda: value


def _range(value) -> tuple[float, float, float]:
    """Central value, lower and upper end; a plain number has no width."""
    return (
        float(value),
        float(getattr(value, "lower", value)),
        float(getattr(value, "upper", value)),
    )


def _printed(value) -> str:
    """The printed form of a figure, or millions where nobody printed it."""
    return getattr(value, "printed", "") or f"{float(value) / 1e6:.9g} million"


def nearest(date: str, series: Mapping) -> str:
    """The date in `series` closest to `date`; of two equally close, the earlier."""
    wanted = datetime.date.fromisoformat(date)
    return min(sorted(series), key=lambda d: abs(datetime.date.fromisoformat(d) - wanted))


def year(date: str) -> float:
    """A month's end as a decimal year: 2025-12-31 is 2026.0."""
    day = datetime.date.fromisoformat(date)
    return day.year + day.month / 12


def month(date: str) -> str:
    """Month and year in words."""
    day = datetime.date.fromisoformat(date)
    return f"{MONTHS[day.month - 1]} {day.year}"


def short(date: str) -> str:
    """Month and year for an axis."""
    day = datetime.date.fromisoformat(date)
    return f"{MONTHS[day.month - 1][:3]} {day.year}"


def _apart(x: float, heights: list[float], top: float) -> list[tuple[float, float]]:
    """Label positions beside the line ends, pushed apart where they would touch."""
    least = GAP / 320 * top
    places: dict[int, float] = {}
    below = float("-inf")
    for i in sorted(range(len(heights)), key=heights.__getitem__):
        below = places[i] = max(heights[i], below + least)
    return [(x, places[i]) for i in range(len(heights))]
