"""Skills: users on one path, people who have learned on another, and the gap between."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from receiptbook.explorers.core import Axis, Mark, Output, Scenario, Sentence
from receiptbook.explorers.rows import START, amount, settings
from surge import models

YEARS = 10.0


def skills(
    users,
    population,
    rows: Mapping,
    *,
    sources,
    id: str = "skills",
    title: str = "Training that starts late stays behind adoption",
    caption: str = "Users on the chosen adoption path and people who have become competent, "
    "in million. The gap between them is shaded.",
    alt: str = "Line chart over ten years: users rise towards a ceiling, competent people "
    "rise in a straight line after a delay, and the shaded gap between them is "
    "what training has not covered.",
) -> Scenario:
    """The skills gap.

    users, population: persons at the start. rows: ``assume-skills-<control>`` for
    learners (persons a year), delay (years), ceiling (percent of the population), speed (a year)
    and horizon (years).
    """
    known = settings(
        rows, "skills", ("learners", "delay", "ceiling", "speed", "horizon"), millions=("learners",)
    )
    start = 100 * amount(users) / amount(population)
    million = amount(population) / 1e8  # million people for each percent
    top = float(np.ceil(amount(population) / 1e8) * 100)

    def path(t, ceiling, speed):
        return million * models.logistic(t, ceiling, speed, start)

    def able(t, ceiling, speed, learners, delay):
        return models.competent(t, learners, delay, path(t, ceiling, speed))

    def model(learners, delay, ceiling, speed, horizon):
        total = path(horizon, ceiling, speed)
        skilled = able(horizon, ceiling, speed, learners, delay)
        return {
            "gap": total - skilled,
            "part": 100 * skilled / total,
            "users": total,
            "pace": np.where(
                horizon > delay, total / np.where(horizon > delay, horizon - delay, 1), np.inf
            ),
        }

    return Scenario(
        id=id,
        title=title,
        caption=caption,
        alt=alt,
        sources=tuple(sources),
        parameters=(
            known.control("learners", "Learners", "million a year", 0, 300, 1),
            known.control("delay", "Time to competence", "years", 0, 5, 0.25, 2),
            known.control("ceiling", "Ceiling of adoption", "%", np.ceil(start) + 1, 100, 1),
            known.control("speed", "Speed of adoption", "a year", 0.1, 3, 0.05, 2),
            known.control("horizon", "Look ahead", "years", 1, YEARS, 0.5, 1),
        ),
        model=model,
        outputs=(
            Output("gap", "Users without training", "million", 0),
            Output("part", "Users with training", "%", 1),
            Output("users", "Users", "million", 0),
            Output("pace", "Learners that would close the gap", "million a year", 0, "no number"),
        ),
        words=(
            Sentence(
                "In {horizon} years all {users} million users have been trained.",
                lambda gap: gap <= 0,
            ),
            Sentence(
                "In {horizon} years nobody has finished: learning takes as long as the time looked "
                "ahead, and {gap} million users are without training.",
                lambda delay, horizon: horizon <= delay,
            ),
            Sentence(
                "In {horizon} years, {gap} million of {users} million users are without training; "
                "closing the gap by then takes {pace} million learners a year."
            ),
        ),
        lead="Suppose {learners} million people begin to learn each year and need {delay} years.",
        x=Axis("Years ahead", 0, YEARS),
        y=Axis("Million people", 0, top),
        marks=(
            Mark(
                "gap",
                "area",
                lambda t, ceiling, speed, learners, delay: (
                    able(t, ceiling, speed, learners, delay),
                    path(t, ceiling, speed),
                ),
                fill="doubt-soft",
            ),
            Mark("users", "line", path),
            Mark("able", "line", able, colour="context"),
            Mark(
                "now",
                "rules",
                lambda horizon: [(horizon, 0, horizon, top)],
                colour="axis",
                size=1,
                dash=(4, 3),
            ),
            Mark(
                "users_label",
                "text",
                lambda ceiling, speed: [(7, path(7, ceiling, speed))],
                text=("users",),
                bold=True,
                dy=-8,
                anchor="middle",
            ),
            Mark(
                "able_label",
                "text",
                lambda ceiling, speed, learners, delay: [
                    (8, able(8, ceiling, speed, learners, delay))
                ],
                text=("trained",),
                colour="quiet",
                dy=-8,
                anchor="middle",
            ),
            Mark(
                "gap_label",
                "text",
                lambda horizon, users, gap: [(horizon, users - gap / 2)],
                text=("gap {gap}",),
                colour="doubt",
                dx=6,
                dy=4,
            ),
        ),
        presets=(START, *known.presets),
    )
