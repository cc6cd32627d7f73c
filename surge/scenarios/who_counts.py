"""Who counts: the same users over four populations."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

import receiptbook.explorers as ex
from receiptbook.dates import month_name, nearest, short_month
from surge import models
from surge.scenarios.drawn import arrows, count_of, ends_of, is_floor, year

GAP = 15  # px between the labels of two populations
HEIGHT, LOW = 320, 208  # px of the plot, and of the one for phones
NAMED = 4  # waves whose dates fit under the axis
PERSONS = "persons, from 10,000 to 10 billion, such as 602 million"
LIMITS = {"above": 9_999, "most": 1e10}

WORDING = {
    "id": "who-counts",
    "title": "The rate depends on whom it is a rate of",
    "caption": "Users of generative AI as a share of the chosen population, by survey wave, with "
    "the range that rounding allows.",
    "alt": "Line chart of the adoption rate by survey wave, one grey line for each population it "
    "can be divided by and the chosen one in colour: the smaller the population, the higher the "
    "line.",
}

WORDS = (
    ex.Sentence(
        "In {wave}, {more}{part} million users over {whole} million ({base}; {basis}) "
        "make {more}{rate}%. Rounding of both figures allows {lowest}% to {highest}{end}."
    ),
)

OUTPUTS = (
    ex.Output("rate", "Adoption rate", "%", 2),
    ex.Output("lowest", "Lowest that rounding allows", "%", 2),
    ex.Output("highest", "Highest that rounding allows", "%", 2, "any higher rate"),
    ex.Output("part", "Users", "million", 1),
    ex.Output("whole", "Population", "million", 1),
)


def model(users, users_low, users_high, opened, population, population_low, population_high):
    """The rate and its range, from persons; `opened` is 1 where the users are a floor."""
    highest = models.adoption_rate(users_high, population_low)
    return {
        "rate": models.adoption_rate(users, population),
        "lowest": models.adoption_rate(users_low, population_high),
        "highest": np.where(opened > 0, np.inf, highest),
        "part": users / 1e6,
        "whole": population / 1e6,
    }


@dataclass(frozen=True)
class Counts:
    """Users by wave and populations by name: {date: persons} and {label: {date: persons}}.

    Where a population has no figure at the date of a wave, the nearest one stands in. A wave that
    is printed as a floor ("exceeded 700 million") has no upper end.
    """

    users: Mapping
    bases: Mapping[str, Mapping]

    def __post_init__(self):
        if not self.users or not self.bases or not all(self.bases.values()):
            raise ex.ScenarioError(
                "give at least one wave of users, and figures for every population"
            )

    @cached_property
    def waves(self) -> list[str]:
        return sorted(self.users)

    def is_floor(self, wave: str) -> bool:
        """Is the count of a wave open above?"""
        return is_floor(self.users[wave])

    @cached_property
    def exact(self) -> list[str]:
        """The waves with both ends."""
        return [wave for wave in self.waves if not self.is_floor(wave)]

    def date_of(self, wave: str, base: str) -> str:
        """The date of the population that stands under a wave."""
        return nearest(wave, self.bases[base])

    def basis(self, wave: str, base: str) -> str:
        """That date in words."""
        date = self.date_of(wave, base)
        return month_name(date) + ("" if date == wave else ", the nearest figure")

    def part(self, wave: str) -> tuple[float, float, float]:
        """Users at a wave: central value, lower and upper end."""
        return ends_of(self.users[wave])

    def whole(self, wave: str, base: str) -> tuple[float, float, float]:
        """The population under a wave: central value, lower and upper end."""
        return ends_of(self.bases[base][self.date_of(wave, base)])

    @cached_property
    def trails(self) -> dict[str, list[tuple[float, float, float, float]]]:
        """{population: (year, rate, lowest, highest) at each wave}; a floor's highest is open."""
        return {base: [self._point(wave, base) for wave in self.waves] for base in self.bases}

    def _point(self, wave: str, base: str) -> tuple[float, float, float, float]:
        users, low, high = self.part(wave)
        rates = model(users, low, high, float(self.is_floor(wave)), *self.whole(wave, base))
        return year(wave), rates["rate"], rates["lowest"], float(rates["highest"])

    @cached_property
    def closed(self) -> dict[str, list[tuple[float, float, float, float]]]:
        """The trails without the floors."""
        return {
            base: [point for point in trail if math.isfinite(point[3])]
            for base, trail in self.trails.items()
        }

    @cached_property
    def floors(self) -> dict[str, list[tuple[float, float]]]:
        """{population: (year, least rate) at each wave that is a floor}."""
        return {
            base: [(t, rate) for t, rate, _, high in trail if math.isinf(high)]
            for base, trail in self.trails.items()
        }

    def comments(self, state: ex.State) -> Iterator[str]:
        """What makes the rate at each wave, over the chosen population."""
        base = state.values["base"]
        for wave, (_, rate, low, high) in zip(self.waves, self.trails[base], strict=True):
            if self.is_floor(wave):
                yield f"{month_name(wave)}: more than {ex.fixed(rate, 2)}%."
                continue
            yield (
                f"{month_name(wave)}: {ex.fixed(self.part(wave)[0] / 1e6, 1)} million of "
                f"{ex.fixed(self.whole(wave, base)[0] / 1e6, 1)} million make {ex.fixed(rate, 2)}%; "
                f"rounding allows {ex.fixed(low, 2)}% to {ex.fixed(high, 2)}%."
            )

    def example(self) -> str:
        """The first population's figures as lines to start from; floors are left out."""
        base = next(iter(self.bases))
        return "\n".join(
            ex.csv_line(
                wave,
                _printed(self.users[wave]),
                _printed(self.bases[base][self.date_of(wave, base)]),
            )
            for wave in self.exact
        )


def frames(counts: Counts) -> tuple[ex.Frames, ...]:
    """What is stored for each wave, each population, and each of both."""
    by_wave = {
        wave: {
            **count_of(counts.users[wave]),
            "end": "" if counts.is_floor(wave) else "%",
            "year": year(wave),
        }
        for wave in counts.waves
    }
    by_base, by_both = {}, {}
    for base, trail in counts.closed.items():
        by_base[base] = {
            "trail": [(t, round(rate, 2)) for t, rate, _, _ in trail],
            "whiskers": [(t, round(low, 2), t, round(high, 2)) for t, _, low, high in trail],
        }
    for wave in counts.waves:
        for base in counts.bases:
            people, low, high = counts.whole(wave, base)
            by_both[wave, base] = {
                "population": people,
                "population_low": low,
                "population_high": high,
                "basis": counts.basis(wave, base),
            }
    return (
        ex.Frames(("wave",), by_wave),
        ex.Frames(("base",), by_base),
        ex.Frames(("wave", "base"), by_both),
    )


def parameters(counts: Counts, wave: str) -> tuple[ex.Parameter, ...]:
    """What the reader may set."""
    waves = tuple((d, month_name(d)) for d in counts.waves)
    bases = tuple(counts.bases)
    return (
        ex.Parameter("wave", "Survey wave", wave, options=waves),
        ex.Parameter("base", "Divided by", bases[0], options=tuple((n, n) for n in bases)),
    )


def marks(counts: Counts, top: float) -> tuple[ex.Mark, ...]:
    """The picture, up to a rate of `top` percent."""

    def still_path(i: int, trail) -> ex.Mark:
        points = [(t, rate) for t, rate, _, _ in trail]
        return ex.Mark(
            f"context{i}", "path", lambda: points, colour="context-soft", size=1.5, still=True
        )

    ends = [trail[-1][1] for trail in counts.trails.values()]
    others = arrows([point for floors in counts.floors.values() for point in floors], top / 14)
    labels = _apart(year(counts.waves[-1]), ends, top)
    return (
        *(still_path(i, trail) for i, trail in enumerate(counts.closed.values())),
        ex.Mark(
            "floors", "rules", lambda: others, colour="context", size=1.5, still=True
        ),
        ex.Mark(
            "labels", "text", lambda: labels,
            text=tuple(counts.bases), colour="quiet", dx=10, dy=4, still=True,
        ),
        ex.Mark("whiskers", "rules", frame="whiskers", size=6, colour="accent-soft"),
        ex.Mark("trail", "path", frame="trail"),
        ex.Mark("here", "points", lambda year, rate: [(year, rate)], size=6),
        ex.Mark(
            "rate", "text", lambda year, rate: [(year, rate)],
            text=("{more}{rate}%",), bold=True, dx=-8, dy=-10, anchor="end",
        ),
    )  # fmt: skip


def time_axis(waves: list[str]) -> ex.Axis:
    """The waves, as many of them named as have room, and room for the labels at the right."""
    first, last = year(waves[0]), year(waves[-1])
    every = -(-len(waves) // NAMED)
    named = waves[(len(waves) - 1) % every :: every]
    return ex.Axis(
        "",
        first - 0.12,
        last + 0.5 * max(1, last - first) / 1.5,
        labels={year(d): short_month(d) for d in named},
        grid=False,
    )


def who_counts(
    users: Mapping,
    bases: Mapping[str, Mapping],
    *,
    sources,
    wave: str | None = None,
    **wording,
) -> ex.Explorer:
    """The adoption rate for each wave and population.

    users: {date: persons}; bases: {label: {date: persons}}, dates as ISO text. Values are numbers
    or quantities with `lower` and `upper`. Where a population has no figure at the date of a wave,
    the nearest one stands in, and the words give its date. The first population is the default.
    wave: the default wave, else the last. wording: what differs from `WORDING`.

    Raises
    ------
    ScenarioError
        if there is no wave, or a population has no figures
    """
    counts = Counts(users, bases)
    wording = {**WORDING, **wording}
    trails = counts.trails.values()
    highest = max(high if math.isfinite(high) else rate for t in trails for _, rate, _, high in t)
    top = 10 * (1 + highest // 10)

    def rebuild(series: Mapping) -> ex.Explorer:
        return who_counts(
            series["users"],
            {"your population": series["population"]},
            sources=(),
            id=wording["id"],
            alt="Line chart of the adoption rate over your own figures, by date.",
        )

    columns = tuple(
        ex.Column(name, "persons", PERSONS, **LIMITS) for name in ("users", "population")
    )
    return ex.Explorer(
        **wording,
        sources=tuple(sources),
        parameters=parameters(counts, wave or counts.waves[-1]),
        model=model,
        outputs=OUTPUTS,
        words=WORDS,
        x=time_axis(counts.waves),
        y=ex.Axis("Adoption rate, %", 0, float(top)),
        marks=marks(counts, top),
        presets=tuple(
            ex.Preset(n[:1].upper() + n[1:], {"base": n} if i else {}) for i, n in enumerate(bases)
        ),
        frames=frames(counts),
        height=HEIGHT,
        own=ex.OwnFigures(columns, rebuild, counts.comments, counts.example()),
    )


def _printed(value) -> str:
    """The printed form of a figure, or millions where nobody printed it."""
    return getattr(value, "printed", "") or f"{float(value) / 1e6:.9g} million"


def _apart(x: float, heights: list[float], top: float) -> list[tuple[float, float]]:
    """Label positions beside the line ends, pushed apart where they would touch."""
    least = GAP / LOW * top
    places: dict[int, float] = {}
    below = float("-inf")
    for i in sorted(range(len(heights)), key=heights.__getitem__):
        below = places[i] = max(heights[i], below + least)
    return [(x, places[i]) for i in range(len(heights))]
