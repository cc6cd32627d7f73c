"""Feedback loop: when adoption and services carry each other, and when a push fades."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from receiptbook.explorers.core import Axis, Mark, Output, Scenario, Sentence
from receiptbook.explorers.rows import START, settings
from surge import models

YEARS = 10.0


def feedback_loop(
    rows: Mapping,
    *,
    sources,
    id: str = "feedback-loop",
    title: str = "A loop amplifies only where its pulls beat its friction",
    caption: str = "What becomes of a push of one unit to adoption, and of the "
    "services it calls forth, by years since the push. Closed form "
    "of a linear system of two variables.",
    alt: str = "Line chart: a push to adoption starts at one and either grows or "
    "fades over the years; the services it calls forth start at nought "
    "and follow.",
) -> Scenario:
    """The linear two-variable loop; rows: ``assume-loop-adoption-pull``, ``-service-pull`` and
    ``-friction``, each a rate a year."""
    known = settings(rows, "loop", ("adoption_pull", "service_pull", "friction"))

    def model(adoption_pull, service_pull, friction):
        gain = models.loop_gain(adoption_pull, service_pull, friction)
        rate = np.sqrt(adoption_pull * service_pull) - friction
        return {
            "gain": gain,
            "left": models.loop_adoption(5, adoption_pull, service_pull, friction),
            "double": np.where(rate > 0, np.log(2) / np.where(rate > 0, rate, 1), np.inf),
            "half": np.where(rate < 0, np.log(2) / np.where(rate < 0, -rate, 1), np.inf),
            "limit": models.loop_limit(adoption_pull, service_pull, friction),
        }

    def adoption(t, adoption_pull, service_pull, friction):
        return models.loop_adoption(t, adoption_pull, service_pull, friction)

    def services(t, adoption_pull, service_pull, friction):
        return models.loop_services(t, adoption_pull, service_pull, friction)

    at = 8.0
    return Scenario(
        id=id,
        title=title,
        caption=caption,
        alt=alt,
        sources=tuple(sources),
        parameters=tuple(
            known.control(name, label, "a year", low, 3, 0.05, 2)
            for name, label, low in (
                ("adoption_pull", "Adoption's pull on services", 0),
                ("service_pull", "Services' pull on adoption", 0),
                ("friction", "Friction: what fades of either", 0.05),
            )
        ),
        model=model,
        outputs=(
            Output("gain", "Gain of the loop", "", 2),
            Output("left", "A push of 1 is, after five years", "", 2),
            Output("double", "In the long run it doubles every", "years", 1, hidden=True),
            Output("half", "In the long run it halves every", "years", 1, hidden=True),
            Output("limit", "Adopters in the end, if people run out", "%", 0),
        ),
        words=(
            Sentence(
                "The loop amplifies: gain {gain} is above one, and after a first fall a push "
                "doubles every {double} years until people run out; adoption would settle at "
                "{limit}%.",
                lambda gain: gain > 1 + 1e-9,
            ),
            Sentence(
                "The push fades: gain {gain} is below one, and what is left of it halves "
                "every {half} years. Without a further push there is no surge.",
                lambda gain: gain < 1 - 1e-9,
            ),
            Sentence(
                "The loop stands on the edge: gain {gain}. After a first fall a push neither grows "
                "nor fades."
            ),
        ),
        lead="Suppose adoption and services fade at a rate of {friction} a year where nothing "
        "renews them.",
        x=Axis("Years since the push", 0, YEARS),
        y=Axis("Push to adoption = one", 0, 4),
        marks=(
            Mark(
                "one",
                "rules",
                lambda: [(0, 1, YEARS, 1)],
                colour="axis",
                size=1,
                dash=(4, 3),
                still=True,
            ),
            Mark("services", "line", services, colour="context"),
            Mark("adoption", "line", adoption),
            Mark(
                "adoption_label",
                "text",
                lambda adoption_pull, service_pull, friction: [
                    (at, np.minimum(3.7, adoption(at, adoption_pull, service_pull, friction)))
                ],
                text=("adoption",),
                bold=True,
                dy=-8,
                anchor="middle",
            ),
            Mark(
                "services_label",
                "text",
                lambda adoption_pull, service_pull, friction: [
                    (
                        at / 2,
                        np.minimum(3.4, services(at / 2, adoption_pull, service_pull, friction)),
                    )
                ],
                text=("services",),
                colour="quiet",
                dy=14,
                anchor="middle",
            ),
        ),
        presets=(START, *known.presets),
    )
