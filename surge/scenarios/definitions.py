"""Which user: one country's users of generative AI under each definition in print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import receiptbook.explorers as ex
from receiptbook.dates import decimal_year, month_name, nearest, short_month
from surge import models

WORDING = {
    "id": "definitions",
    "title": "Change the definition, and the number changes with it",
    "alt": "Chart of counts of users over time, a faint point for each definition and date and "
    "a line through those of the chosen one: the definitions lie far apart.",
}

WORDS = (
    ex.Sentence(
        "{means}: {count} million in {when}. That is {share} for each hundred "
        "residents, whomever the definition covers."
    ),
)

OUTPUTS = (
    ex.Output("count", "Users", "million", 0),
    ex.Output("lowest", "Lowest that rounding allows", "million", 1),
    ex.Output("highest", "Highest that rounding allows", "million", 1),
    ex.Output("share", "For each hundred residents", "", 0),
)


@dataclass(frozen=True)
class Definition:
    """One way of counting users.

    counts: {date: persons} as ISO text; values are numbers, or quantities with `lower` and `upper`.
    name: what the control shows. means: who counts whom, as a sentence without its full stop.
    """

    slug: str
    name: str
    means: str
    counts: Mapping

    def trail(self) -> list[tuple[float, float]]:
        """(year, million users) at each date."""
        return [(year(d), float(self.counts[d]) / 1e6) for d in sorted(self.counts)]

    def frame(self, date: str) -> dict:
        """What is stored of it: the count nearest to `date`, and the trail."""
        here = nearest(date, self.counts)
        count = self.counts[here]
        return {
            "users": float(count),
            "users_low": float(getattr(count, "lower", count)),
            "users_high": float(getattr(count, "upper", count)),
            "year": year(here),
            "when": month_name(here) + ("" if here == date else ", the nearest date in print"),
            "means": self.means,
            "trail": self.trail(),
            "ends": [
                (year(d), float(q.lower) / 1e6, year(d), float(q.upper) / 1e6)
                for d, q in self.counts.items()
                if hasattr(q, "lower")
            ],
        }


@dataclass(frozen=True)
class Residents:
    """The population that every count is also taken over, in persons."""

    persons: float

    def model(self, users, users_low, users_high):
        """Million users with their range, and users for each hundred residents."""
        return {
            "count": users / 1e6,
            "lowest": users_low / 1e6,
            "highest": users_high / 1e6,
            "share": models.adoption_rate(users, self.persons),
        }


def marks(everything: list[tuple[float, float]]) -> tuple[ex.Mark, ...]:
    """The picture; `everything` holds the points of all definitions."""
    return (
        ex.Mark("others", "points", lambda: everything, colour="context-soft", size=5, still=True),
        ex.Mark("ends", "rules", frame="ends", size=8, colour="accent-soft"),
        ex.Mark("trail", "path", frame="trail"),
        ex.Mark("seen", "points", frame="trail", size=4),
        ex.Mark("here", "points", lambda year, count: [(year, count)], size=7),
        ex.Mark(
            "figure", "text", lambda year, count: [(year, count)],
            text=("{count} million",), bold=True, anchor="end",
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
    """The users at `date` under each definition, or at the nearest date that it has.

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
    everything = [point for way in ways for point in way.trail()]
    top = 100.0 * (1 + max(count for _, count in everything) // 100)
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
        marks=marks(everything),
        presets=(
            ex.Preset(first.name),
            *(ex.Preset(way.name, {"definition": way.slug}) for way in others),
        ),
        frames=(ex.Frames(("definition",), {way.slug: way.frame(date) for way in ways}),),
    )


def year(date: str) -> float:
    return float(decimal_year(date))
