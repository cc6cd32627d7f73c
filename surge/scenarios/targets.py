"""Targets: the yearly gain a target needs, beside gains that have been seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

import receiptbook.explorers as ex
from receiptbook.dates import month_name, nearest
from surge import models
from surge.scenarios.drawn import is_floor, year

SPAN = 40.0  # percentage points a year
ROOM = 30.0  # points; a longer bar has its label above its end

SLIDERS = (
    ex.Slider("target", "Target", "%", 1, 100, 1),
    ex.Slider("by", "By the end of", "", 2025, 2040, 1, comma=""),
)

WORDING = {
    "id": "targets",
    "title": "If the targets counted people: the yearly gain they need, and gains that were seen",
    "caption": "Percentage points a year: the gain that the chosen target needs, and gains that "
    "were measured.",
    "alt": "Bar chart of percentage points a year: the gain needed to meet the chosen target, "
    "beside gains measured in earlier periods.",
}

OUTPUTS = (
    ex.Output("needed", "Gain needed", "points a year", 1, "out of reach"),
    ex.Output("people", "In people", "million a year", 0, "out of reach"),
    ex.Output("begun", "Rate at the start", "%", 2),
    ex.Output("years", "Time left", "years", 1),
)


def model(target, by, start, population, from_year):
    """Points and people a year from `start` percent to `target` at the end of the year `by`."""
    years = by + 1 - from_year
    needed = models.gain_needed(start, target, years)
    return {
        "needed": needed,
        "people": needed / 100 * population / 1e6,
        "begun": start,
        "years": years,
    }


def words(gains: Sequence[float]) -> tuple[ex.Sentence, ...]:
    """What is said, beside the `gains` that were seen."""
    fastest, slowest = max(gains), min(gains)
    return (
        ex.Sentence(
            "{begun}% of {base} is already above the target of {target}%.",
            lambda begun, target: begun >= target,
        ),
        ex.Sentence(
            "There is no time left: the end of {by} comes before {wave}.",
            lambda years: years <= 0,
        ),
        ex.Sentence(
            "From more than {begun}% of {base}, {target}% by the end of {by} needs less than "
            "{needed} points a year, {people} million people: the start is a floor.",
            lambda opened: opened > 0,
        ),
        ex.Sentence(
            _needs("faster than any gain"),
            lambda needed: needed > fastest,
        ),
        ex.Sentence(
            _needs("less than any gain"),
            lambda needed: needed < slowest,
        ),
        ex.Sentence(_needs("within the gains")),
    )


def _needs(comparison: str) -> str:
    return (
        "From {begun}% of {base}, {target}% by the end of {by} needs {needed} points a year, "
        + comparison
        + " shown here: {people} million people a year."
    )


def marks(gains: Sequence[float]) -> tuple[ex.Mark, ...]:
    """A bar for each of the `gains` that were seen, and above them the one that is needed."""
    count = len(gains)
    seen = [(min(gain, SPAN), count - 1 - i) for i, gain in enumerate(gains)]
    return (
        ex.Mark(
            "seen", "bars",
            lambda: [(0, count - 1.3 - i, x, count - 0.7 - i) for i, (x, _) in enumerate(seen)],
            colour="context", still=True,
        ),
        ex.Mark(
            "seen_label", "text", lambda: seen,
            text=tuple(f"{gain:.1f}" for gain in gains), colour="quiet", dx=5, dy=4, still=True,
        ),
        ex.Mark(
            "needed", "bars",
            lambda needed: [(0, count - 0.3, np.minimum(needed, SPAN), count + 0.3)],
        ),
        ex.Mark(
            "needed_label", "text",
            lambda needed: [(np.where(needed > ROOM, np.nan, needed), count)],
            text=("{most}{needed} points",), bold=True, dx=5, dy=4,
        ),
        ex.Mark(
            "beyond", "text", lambda needed: [(np.where(needed > ROOM, SPAN, np.nan), count + 0.4)],
            text=("{most}{needed} points",), bold=True, dy=-4, anchor="end",
        ),
        ex.Mark(
            "torn", "rules",
            lambda needed: [
                (x, count + 0.4, x - 0.8, count - 0.4)
                for x in (np.where(needed > SPAN, SPAN - 2, np.nan),
                          np.where(needed > SPAN, SPAN - 1.2, np.nan))
            ],
            colour="paper", size=3,
        ),
    )  # fmt: skip


def frames(users: Mapping, bases: Mapping[str, Mapping]) -> tuple[ex.Frames, ...]:
    """The rate at each wave, over each population, and how many people that is.

    A wave printed as a floor starts from a least rate: then less than the gain is needed.
    """

    def row(wave: str, base: str) -> dict:
        date = nearest(wave, bases[base])
        whole = float(bases[base][date])
        opened = is_floor(users[wave])
        return {
            "opened": float(opened),
            "most": "less than " if opened else "",
            "start": models.adoption_rate(float(users[wave]), whole),
            "population": whole,
            "from_year": year(wave),
            "basis": month_name(date),
        }

    rows = {(wave, base): row(wave, base) for wave in sorted(users) for base in bases}
    return (ex.Frames(("wave", "base"), rows),)


def choices(waves: list[str], bases, wave: str) -> tuple[ex.Parameter, ...]:
    """What the reader may choose: of which population, and from which wave on."""
    names = tuple(bases)
    dates = tuple((d, month_name(d)) for d in waves)
    return (
        ex.Parameter("base", "Share of", names[0], options=tuple((n, n) for n in names)),
        ex.Parameter("wave", "Starting from", wave, options=dates),
    )


def targets(
    users: Mapping,
    bases: Mapping[str, Mapping],
    rows: Mapping,
    *,
    sources,
    seen: Sequence[tuple[str, float]],
    start: str = "Start values",
    wave: str | None = None,
    **wording,
) -> ex.Explorer:
    """Needed gains.

    users: {date: persons}; bases: {label: {date: persons}}, as in `who_counts`. seen: (label,
    percentage points a year). start: what the default settings are called. wave: the default, else the
    last. rows: ``assume-targets-target`` (percent) and ``-by`` (a year; met at its end). wording:
    what differs from `WORDING`.

    Raises
    ------
    ScenarioError
        if there is no wave, no population or no gain
    """
    if not users or not bases or not seen:
        raise ex.ScenarioError("targets needs waves, populations and gains that were seen")
    sliders, presets = ex.sliders_and_presets(rows, "targets", SLIDERS, start)
    gains, count = [gain for _, gain in seen], len(seen)
    lines = {count: "needed", **{count - 1 - i: label for i, (label, _) in enumerate(seen)}}
    return ex.Explorer(
        **{**WORDING, **wording},
        sources=tuple(sources),
        parameters=(*choices(sorted(users), bases, wave or max(users)), *sliders),
        model=model,
        outputs=OUTPUTS,
        words=words(gains),
        lead="Suppose the aim is {target}% by the end of {by}.",
        x=ex.Axis("Percentage points a year", 0, SPAN),
        y=ex.Axis("", -0.6, count + 0.6, labels=lines, grid=False),
        marks=marks(gains),
        presets=presets,
        frames=frames(users, bases),
        width=480,
        height=60 + 44 * (count + 1),
    )
