"""Skills: users on one path, people who have learned on another, and the gap between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

import receiptbook.explorers as ex
from surge import models

YEARS = 10.0
GAP = 120  # million people; in a narrower one there is no room for its label

WORDING = {
    "id": "skills",
    "title": "Where training starts late, a gap to adoption remains",
    "caption": "Users on the chosen adoption path and people who have become competent, in "
    "million. The gap between them is shaded.",
    "alt": "Line chart over ten years: a curve of users towards a ceiling, a straight line of "
    "competent people that begins after a delay, and the shaded gap between them, which training "
    "has not covered.",
}

WORDS = (
    ex.Sentence(
        "In {horizon} years all {users} million users have been trained.",
        lambda gap: gap < 0.5,
    ),
    ex.Sentence(
        "In {horizon} years nobody has finished: learning takes as long as the time looked "
        "ahead, and {gap} million users are without training.",
        lambda delay, horizon: horizon <= delay,
    ),
    ex.Sentence(
        "In {horizon} years, {gap} million of {users} million users are without training; "
        "closing the gap by then takes {pace} million learners a year."
    ),
)

OUTPUTS = (
    ex.Output("gap", "Users without training", "million", 0),
    ex.Output("part", "Users with training", "%", 1),
    ex.Output("users", "Users", "million", 0),
    ex.Output("pace", "Learners that would close the gap", "million a year", 0, "no number"),
)


@dataclass(frozen=True)
class Country:
    """Where the paths begin: `start` percent of the population use it, `million` people a percent."""

    start: float
    million: float

    def users(self, t, ceiling, speed):
        """Million users after t years."""
        return self.million * models.logistic(t, ceiling, speed, self.start)

    def trained(self, t, ceiling, speed, learners, delay):
        """Million people who have become competent after t years."""
        return models.competent(t, learners, delay, self.users(t, ceiling, speed))

    def model(self, learners, delay, ceiling, speed, horizon):
        """The gap at the horizon, and the pace that would close it."""
        total = self.users(horizon, ceiling, speed)
        skilled = self.trained(horizon, ceiling, speed, learners, delay)
        return {
            "gap": total - skilled,
            "part": 100 * skilled / total,
            "users": total,
            "pace": np.where(
                horizon > delay, total / np.where(horizon > delay, horizon - delay, 1), np.inf
            ),
        }

    def gap(self, t, ceiling, speed, learners, delay):
        """The ends of the gap after t years."""
        return (
            self.trained(t, ceiling, speed, learners, delay),
            self.users(t, ceiling, speed),
        )


def marks(country: Country, top: float) -> tuple[ex.Mark, ...]:
    """The picture, up to `top` million people."""
    return (
        ex.Mark("gap", "area", country.gap, fill="accent-soft"),
        ex.Mark("users", "line", country.users),
        ex.Mark("able", "line", country.trained, colour="context"),
        ex.Mark(
            "now", "rules", lambda horizon: [(horizon, 0, horizon, top)],
            colour="axis", size=1, dash=(4, 3),
        ),
        ex.Mark(
            "users_label", "text", follows="users", at=0.15,
            text=("users",), bold=True, dy=-10, anchor="middle",
        ),
        ex.Mark(
            "able_label", "text", follows="able", at=0.9,
            text=("trained",), colour="quiet", dy=-8, anchor="end",
        ),
        _gap("gap_label", lambda horizon: horizon <= YEARS / 2, dx=6),
        _gap("gap_label_late", lambda horizon: horizon > YEARS / 2, dx=-6, anchor="end"),
    )  # fmt: skip


def _gap(name: str, when, **style) -> ex.Mark:
    """The gap in words, on the side of its line that has room: shown only `when` the line says so."""

    def at(horizon, users, gap):
        return [
            (
                horizon,
                np.where(when(horizon), np.where(gap > GAP, users - gap / 2, np.nan), np.nan),
            )
        ]

    words = ("{gap} million without",)
    return ex.Mark(name, "text", at, text=words, colour="ink", bold=True, dy=4, **style)


def sliders_from(start: float) -> tuple[ex.Slider, ...]:
    """What the reader may set, where `start` percent have begun."""
    return (
        ex.Slider("learners", "Learners", "million a year", 0, 300, 1),
        ex.Slider("delay", "Time to competence", "years", 0, 5, 0.25, 2),
        ex.Slider("horizon", "Look ahead", "years", 1, YEARS, 0.5, 1),
        ex.Slider("ceiling", "Ceiling of adoption", "%", np.ceil(start) + 1, 100, 1),
        ex.Slider("speed", "Speed of adoption", "a year", 0.1, 3, 0.05, 2),
    )


def skills(users, population, rows: Mapping, *, sources, **wording) -> ex.Explorer:
    """The skills gap.

    users, population: persons at the start. rows: ``assume-skills-<control>`` for
    learners (persons a year), delay (years), ceiling (percent of the population), speed (a year)
    and horizon (years). wording: what differs from `WORDING`.
    """
    people = ex.amount(population)
    country = Country(100 * ex.amount(users) / people, people / 1e8)
    sliders, presets = ex.sliders_and_presets(rows, "skills", sliders_from(country.start))
    top = float(np.ceil(people / 1e8) * 100)
    return ex.Explorer(
        **{**WORDING, **wording},
        sources=tuple(sources),
        parameters=sliders,
        model=country.model,
        outputs=OUTPUTS,
        words=WORDS,
        lead="Suppose {learners} million people begin to learn each year and need {delay} years.",
        x=ex.Axis("Years ahead", 0, YEARS),
        y=ex.Axis("Million people", 0, top),
        marks=marks(country, top),
        presets=presets,
    )
