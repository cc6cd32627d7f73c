"""Targets: the yearly gain a target needs, beside gains that have been seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

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
)
from receiptbook.explorers.rows import settings
from surge import models
from surge.scenarios.who_counts import month, nearest, year

SPAN = 40.0  # percentage points a year


def targets(
    users: Mapping,
    bases: Mapping[str, Mapping],
    rows: Mapping,
    *,
    sources,
    seen: Sequence[tuple[str, float]],
    start: str = "Start values",
    id: str = "targets",
    title: str = "What a target asks for, beside what has been seen",
    caption: str = "Percentage points a year: the gain that the chosen target needs, and "
    "gains that were measured.",
    alt: str = "Bar chart of percentage points a year: the gain needed to meet the chosen "
    "target, above gains measured in earlier periods.",
) -> Scenario:
    """Needed gains.

    users: {date: persons}; bases: {label: {date: persons}}, as in `who_counts`. seen: (label,
    percentage points a year). start: what the default settings are called. rows:
    ``assume-targets-target`` (percent) and ``-by`` (a year; met at its end).
    """
    if not users or not bases or not seen:
        raise ScenarioError("targets needs waves, populations and gains that were seen")
    dates, names = sorted(users), list(bases)
    known = settings(rows, "targets", ("target", "by"))
    frame = {}
    for d in dates:
        for n in names:
            there = nearest(d, bases[n])
            whole = float(bases[n][there])
            frame[d, n] = {
                "start": models.adoption_rate(float(users[d]), whole),
                "population": whole,
                "from_year": year(d),
                "basis": month(there),
            }
    count = len(seen)
    lines = {count: "needed", **{count - 1 - i: label for i, (label, _) in enumerate(seen)}}

    def model(target, by, start, population, from_year):
        years = by + 1 - from_year
        needed = models.gain_needed(start, target, years)
        return {
            "needed": needed,
            "people": needed / 100 * population / 1e6,
            "begun": start,
            "years": years,
        }

    fastest = max(gain for _, gain in seen)
    slowest = min(gain for _, gain in seen)
    return Scenario(
        id=id,
        title=title,
        caption=caption,
        alt=alt,
        sources=tuple(sources),
        parameters=(
            Parameter("base", "Share of", names[0], options=tuple((n, n) for n in names)),
            Parameter(
                "wave", "Starting from", dates[-1], options=tuple((d, month(d)) for d in dates)
            ),
            known.control("target", "Target", "%", 1, 100, 1),
            known.control("by", "By the end of", "", 2025, 2040, 1, comma=""),
        ),
        model=model,
        outputs=(
            Output("needed", "Gain needed", "points a year", 1, "out of reach"),
            Output("people", "In people", "million a year", 0, "out of reach"),
            Output("begun", "Rate at the start", "%", 2),
            Output("years", "Time left", "years", 1),
        ),
        words=(
            Sentence(
                "{begun}% of {base} is already above the target of {target}%.",
                lambda begun, target: begun >= target,
            ),
            Sentence(
                "There is no time left: the end of {by} comes before {wave}.",
                lambda years: years <= 0,
            ),
            Sentence(
                "From {begun}% of {base}, {target}% by the end of {by} needs {needed} points "
                "a year, faster than any gain shown here: {people} million people a year.",
                lambda needed: needed > fastest,
            ),
            Sentence(
                "From {begun}% of {base}, {target}% by the end of {by} needs {needed} points "
                "a year, less than any gain shown here: {people} million people a year.",
                lambda needed: needed < slowest,
            ),
            Sentence(
                "From {begun}% of {base}, {target}% by the end of {by} needs {needed} points "
                "a year, within the gains shown here: {people} million people a year."
            ),
        ),
        lead="Suppose the aim is {target}% by the end of {by}.",
        x=Axis("Percentage points a year", 0, SPAN),
        y=Axis("", -0.6, count + 0.6, labels=lines, grid=False),
        marks=(
            Mark(
                "seen",
                "bars",
                lambda: [
                    (0, count - 1.3 - i, min(gain, SPAN), count - 0.7 - i)
                    for i, (_, gain) in enumerate(seen)
                ],
                colour="context",
                still=True,
            ),
            Mark(
                "seen_label",
                "text",
                lambda: [(min(gain, SPAN), count - 1 - i) for i, (_, gain) in enumerate(seen)],
                text=tuple(f"{gain:.1f}" for _, gain in seen),
                colour="quiet",
                dx=5,
                dy=4,
                still=True,
            ),
            Mark(
                "needed",
                "bars",
                lambda needed: [(0, count - 0.3, np.minimum(needed, SPAN), count + 0.3)],
            ),
            Mark(
                "needed_label",
                "text",
                lambda needed: [(np.minimum(needed, SPAN), count)],
                text=("{needed}",),
                bold=True,
                dx=5,
                dy=4,
            ),
        ),
        presets=(Preset(start), *known.presets),
        frames=(Frames(("wave", "base"), frame),),
        height=60 + 44 * (count + 1),
    )
