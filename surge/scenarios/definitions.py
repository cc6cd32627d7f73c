"""Which user: one country's users of generative AI under each definition in print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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
from surge import models
from surge.scenarios.who_counts import month, nearest, short, year


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


def definitions(
    ways: tuple[Definition, ...],
    population,
    *,
    date: str,
    sources,
    caption: str,
    id: str = "definitions",
    title: str = "Change the definition, and the number changes with it",
    alt: str = "Chart of counts of users over time, a faint point for each definition and date and "
    "a line through those of the chosen one: the definitions lie far apart.",
) -> Scenario:
    """The users at `date` under each definition, or at the nearest date that it has.

    population: persons; every count is also shown over it, whomever the definition covers.

    Raises
    ------
    ScenarioError
        if there is no definition, or one has no counts
    """
    if not ways or not all(way.counts for way in ways):
        raise ScenarioError("definitions needs at least one way of counting, and counts for each")
    rows, everything = {}, []
    for way in ways:
        here = nearest(date, way.counts)
        trail = [(year(d), float(way.counts[d]) / 1e6) for d in sorted(way.counts)]
        everything += trail
        rows[way.slug] = {
            "users": float(way.counts[here]),
            "users_low": float(getattr(way.counts[here], "lower", way.counts[here])),
            "users_high": float(getattr(way.counts[here], "upper", way.counts[here])),
            "year": year(here),
            "when": month(here) + ("" if here == date else ", the nearest date in print"),
            "means": way.means,
            "trail": trail,
            "ends": [
                (year(d), float(q.lower) / 1e6, year(d), float(q.upper) / 1e6)
                for d, q in way.counts.items()
                if hasattr(q, "lower")
            ],
        }
    whole = float(population)
    dates = sorted({d for way in ways for d in way.counts})
    first, last = year(dates[0]), year(dates[-1])
    top = 100.0 * (1 + max(q for _, q in everything) // 100)

    def model(users, users_low, users_high):
        return {
            "count": users / 1e6,
            "lowest": users_low / 1e6,
            "highest": users_high / 1e6,
            "share": models.adoption_rate(users, whole),
        }

    named = [d for d in dates if d[5:7] in ("06", "12") or d == dates[-1]]
    return Scenario(
        id=id,
        title=title,
        caption=caption,
        alt=alt,
        sources=tuple(sources),
        parameters=(
            Parameter(
                "definition",
                "Counted as",
                ways[0].slug,
                options=tuple((way.slug, way.name) for way in ways),
            ),
        ),
        model=model,
        outputs=(
            Output("count", "Users", "million", 0),
            Output("lowest", "Lowest that rounding allows", "million", 1),
            Output("highest", "Highest that rounding allows", "million", 1),
            Output("share", "For each hundred residents", "", 0),
        ),
        words=(
            Sentence(
                "{means}: {count} million in {when}. That is {share} for each hundred "
                "residents, whomever the definition covers."
            ),
        ),
        x=Axis("", first - 0.1, last + 0.1, labels={year(d): short(d) for d in named}, grid=False),
        y=Axis("Million users", 0, top),
        marks=(
            Mark("others", "points", lambda: everything, colour="context-soft", size=5, still=True),
            Mark("ends", "rules", frame="ends", size=8, colour="accent-soft"),
            Mark("trail", "path", frame="trail"),
            Mark("seen", "points", frame="trail", size=4),
            Mark("here", "points", lambda year, count: [(year, count)], size=7),
            Mark(
                "figure",
                "text",
                lambda year, count: [(year, count)],
                text=("{count} million",),
                bold=True,
                dx=-4,  # clear of the points before it, also on a phone
                dy=-16,
                anchor="end",
            ),
        ),
        presets=(
            Preset(ways[0].name),
            *(Preset(way.name, {"definition": way.slug}) for way in ways[1:]),
        ),
        frames=(Frames(("definition",), rows),),
    )
