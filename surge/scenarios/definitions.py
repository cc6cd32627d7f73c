"""Which user: one country's users of generative AI under each definition in print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

import receiptbook.explorers as ex
from receiptbook.dates import month_name, short_month
from surge import models
from surge.scenarios.drawn import arrows, count_of, is_floor, year

WORDING = {
    "id": "definitions",
    "title": "Change the definition, and the number changes with it",
    "alt": "Chart of counts of users over time, a faint point for each definition and date and "
    "a line through those of the chosen one: the definitions lie far apart.",
}

WORDS = (
    ex.Sentence(
        "{means}: {count} million in {when}. That would be {share} users in each hundred "
        "residents.",
        lambda opened: opened < 1,
    ),
    ex.Sentence(
        "{means}: more than {count} million in {when}. That would be more than {share} users in "
        "each hundred residents."
    ),
)

OUTPUTS = (
    ex.Output("count", "Users", "million", 0),
    ex.Output("lowest", "Lowest that rounding allows", "million", 1),
    ex.Output("highest", "Highest that rounding allows", "million", 1, "open above"),
    ex.Output("share", "In each hundred residents", "users", 0),
)


@dataclass(frozen=True)
class Definition:
    """One way of counting users.

    counts: {date: persons} as ISO text; values are numbers, or quantities with `lower` and `upper`;
    a floor ("more than 240 million") has no upper end.
    name: what the control shows. means: who counts whom, as a sentence without its full stop.
    """

    slug: str
    name: str
    means: str
    counts: Mapping

    def points(self, *, floors: bool) -> list[tuple[float, float]]:
        """(year, million users) at each date: of the floors, or of the counts with both ends."""
        return [
            (year(d), float(q) / 1e6)
            for d, q in sorted(self.counts.items())
            if is_floor(q) == floors
        ]

    def shown_at(self, date: str) -> tuple[str, str]:
        """The last date in print up to `date`, or else the first one after it; and in words."""
        before = [d for d in self.counts if d <= date]
        here = max(before) if before else min(self.counts)
        if here == date:
            return here, month_name(here)
        which = "the last count until then" if before else "the first count in print"
        return here, f"{month_name(here)}, {which}"

    def frame(self, date: str, top: float) -> dict:
        """What is stored of it: its count at `date`, and the trail below `top`."""
        here, when = self.shown_at(date)
        return {
            **count_of(self.counts[here]),
            "year": year(here),
            "when": when,
            "means": self.means,
            "trail": self.points(floors=False),
            "floors": arrows(self.points(floors=True), top / 14),
            "ends": [
                (year(d), float(q.lower) / 1e6, year(d), float(q.upper) / 1e6)
                for d, q in self.counts.items()
                if hasattr(q, "upper") and not is_floor(q)
            ],
        }


@dataclass(frozen=True)
class Residents:
    """The population that every count is also taken over, in persons."""

    persons: float

    def model(self, users, users_low, users_high, opened):
        """Million users with their range, and users for each hundred residents."""
        return {
            "count": users / 1e6,
            "lowest": users_low / 1e6,
            "highest": np.where(opened > 0, np.inf, users_high / 1e6),
            "share": models.adoption_rate(users, self.persons),
        }


def marks(everything, floors) -> tuple[ex.Mark, ...]:
    """The picture; points of all definitions, and arrows where a count is open above."""
    return (
        ex.Mark("others", "points", lambda: everything, colour="context-soft", size=5, still=True),
        ex.Mark(
            "other_floors", "rules", lambda: floors, colour="context-soft", size=1.5, still=True
        ),
        ex.Mark("floors", "rules", frame="floors", size=2),
        ex.Mark("ends", "rules", frame="ends", size=8, colour="accent-soft"),
        ex.Mark("trail", "path", frame="trail"),
        ex.Mark("seen", "points", frame="trail", size=4),
        ex.Mark("here", "points", lambda year, count: [(year, count)], size=7),
        ex.Mark(
            "figure", "text", lambda year, count: [(year, count)],
            text=("{more}{count} million",), bold=True, anchor="end",
            dx=-4, dy=-16,  # clear of the points before it, also on a phone
        ),
    )  # fmt: skip


def time_axis(dates: list[str]) -> ex.Axis:
    """All dates, those at the middle and the end of a year named."""
    named = [d for d in dates if d[5:7] in ("06", "12") or d == dates[-1]]
    labels = {year(d): short_month(d) for d in named}
    return ex.Axis("", year(dates[0]) - 0.1, year(dates[-1]) + 0.1, labels=labels, grid=False)


def definitions(
    ways: tuple[Definition, ...], population, *, date: str, sources, caption: str, **wording
) -> ex.Explorer:
    """The users at `date` under each definition, or the last ones until then that it has.

    population: persons; every count is also shown over it, whomever the definition covers.
    wording: what differs from `WORDING`.

    Raises
    ------
    ScenarioError
        if there is no definition, or one has no counts
    """
    if not ways or not all(way.counts for way in ways):
        raise ex.ScenarioError(
            "definitions needs at least one way of counting, and counts for each"
        )
    everything = [point for way in ways for point in way.points(floors=False)]
    floors = [point for way in ways for point in way.points(floors=True)]
    top = 100.0 * (1 + max(count for _, count in (*everything, *floors)) // 100)
    options = tuple((way.slug, way.name) for way in ways)
    first, *others = ways
    return ex.Explorer(
        **{**WORDING, **wording},
        caption=caption,
        sources=tuple(sources),
        parameters=(ex.Parameter("definition", "Counted as", first.slug, options=options),),
        model=Residents(float(population)).model,
        outputs=OUTPUTS,
        words=WORDS,
        x=time_axis(sorted({d for way in ways for d in way.counts})),
        y=ex.Axis("Million users", 0, top),
        marks=marks(everything, arrows(floors, top / 14)),
        presets=(
            ex.Preset(first.name),
            *(ex.Preset(way.name, {"definition": way.slug}) for way in others),
        ),
        frames=(ex.Frames(("definition",), {way.slug: way.frame(date, top) for way in ways}),),
    )
