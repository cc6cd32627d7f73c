"""Feedback loop: when adoption and services carry each other, and when a push fades."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

import receiptbook.explorers as ex
from surge import models

YEARS = 10.0

SLIDERS = (
    ex.Slider("adoption_pull", "Adoption's pull on services", "a year", 0, 3, 0.05, 2),
    ex.Slider("service_pull", "Services' pull on adoption", "a year", 0, 3, 0.05, 2),
    ex.Slider("friction", "Friction: what fades of either", "a year", 0.05, 3, 0.05, 2),
)

WORDING = {
    "id": "feedback-loop",
    "title": "A loop amplifies only where its pulls beat its friction",
    "caption": "What becomes of a push of one unit to adoption, and of the services it calls "
    "forth, by years since the push.",
    "alt": "Line chart: a push to adoption starts at one and either goes on or fades over the years; "
    "the services it calls forth start at zero and follow.",
}

WORDS = (
    ex.Sentence(
        "The loop amplifies: its gain of {gain} is above one. After a first fall a push doubles "
        "every {double} years until people run out; adoption would settle at {limit}%.",
        lambda gain: gain > 1 + 1e-9,
    ),
    ex.Sentence(
        "The push fades: the gain of {gain} is below one, and what is left halves every {half} "
        "years. Without a further push there is no surge.",
        lambda gain: gain < 1 - 1e-9,
    ),
    ex.Sentence(
        "The loop stands on the edge: its gain is {gain}. After a first fall a push neither "
        "grows nor fades."
    ),
)

OUTPUTS = (
    ex.Output("gain", "Gain of the loop: above 1 it amplifies, below 1 it fades", "", 2),
    ex.Output("left", "What becomes of a push of 1 in five years", "", 2),
    ex.Output("double", "In the long run it doubles every", "years", 1, hidden=True),
    ex.Output("half", "In the long run it halves every", "years", 1, hidden=True),
    ex.Output("limit", "Adopters in the end, as people run out", "%", 0),
)


def model(adoption_pull, service_pull, friction):
    """Gain, what is left of a push, and how fast it doubles or halves; all rates a year."""
    gain = models.loop_gain(adoption_pull, service_pull, friction)
    rate = np.sqrt(adoption_pull * service_pull) - friction
    return {
        "gain": gain,
        "left": models.loop_adoption(5, adoption_pull, service_pull, friction),
        "double": np.where(rate > 0, np.log(2) / np.where(rate > 0, rate, 1), np.inf),
        "half": np.where(rate < 0, np.log(2) / np.where(rate < 0, -rate, 1), np.inf),
        "limit": models.loop_limit(adoption_pull, service_pull, friction),
    }


MARKS = (
    ex.Mark(
        "one", "rules", lambda: [(0, 1, YEARS, 1)],
        colour="axis", size=1, dash=(4, 3), still=True,
    ),
    ex.Mark("services", "line", models.loop_services, colour="context"),
    ex.Mark("adoption", "line", models.loop_adoption),
    ex.Mark(
        "adoption_label", "text", follows="adoption", at=0.85,
        text=("adoption",), bold=True, dy=-9, anchor="middle",
    ),
    ex.Mark(
        "services_label", "text", follows="services", at=0.5,
        text=("services",), colour="quiet", dy=16, anchor="middle",
    ),
)  # fmt: skip


def feedback_loop(rows: Mapping, *, sources, **wording) -> ex.Explorer:
    """The linear two-variable loop.

    rows: ``assume-loop-adoption-pull``, ``-service-pull`` and ``-friction``, each a rate a year.
    wording: what differs from `WORDING`.
    """
    sliders, presets = ex.sliders_and_presets(rows, "loop", SLIDERS)
    return ex.Explorer(
        **{**WORDING, **wording},
        sources=tuple(sources),
        parameters=sliders,
        model=model,
        outputs=OUTPUTS,
        words=WORDS,
        lead="Suppose adoption and services fade at a rate of {friction} a year where nothing "
        "renews them.",
        x=ex.Axis("Years since the push", 0, YEARS),
        y=ex.Axis("Size, where the push to adoption is 1", 0, 2.5),
        marks=MARKS,
        presets=presets,
    )
