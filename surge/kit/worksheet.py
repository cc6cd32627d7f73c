"""The worksheet of the lesson of 45 minutes, and the teacher's page to it.

No figure is typed here. Counts, rates and populations come from the tables, tasks and answers from
the exercise table or from arithmetic on quantities, receipts from the stored chapter.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from receiptbook.book import Book
from receiptbook.dates import month_name
from receiptbook.exercises import exercise
from receiptbook.kit import STUDENTS, TEACHER, KitFile, slips
from receiptbook.numbers import Quantity, fixed
from receiptbook.receipts import claims, collect
from receiptbook.tables import Series, load
from receiptbook.templates import render
from surge.region import intersect, survey_conditions

NAME = "lesson-45"
TITLE = "Is the headline true?"
LAST, BEFORE = "2025-12", "2024-12"  # the waves that the headline compares
YEARS = ("2023", "2024", "2025")  # ends of years whose populations a rate could rest on
GROWTH, POINTS = "headline-first-half", "headline-points"  # rows of the exercise table
RECEIPTS = ("more-than-doubled", "growth-2025", "headline-42-rounded")
VERDICTS = ("reproduced", "consistent", "contradicted")
NEWS = (
    "In China, {users-2025-12} people use generative AI, {growth-2025} more than a year before. "
    "The adoption rate “hits {adoption-headline-42}”. It has gained {adoption-gain-2025} in a year. "
    "The number of users {doubled} in a single year."
)


def files() -> list[KitFile]:
    """The sheet of the lesson and its key."""
    return [
        KitFile(f"handouts/{NAME}.pdf", STUDENTS, "worksheet", "lesson:lesson-45", student),
        KitFile(
            f"handouts/{NAME}-teacher.pdf", TEACHER, "its answers", "lesson:lesson-45", teacher
        ),
    ]


def student() -> str:
    """The page that students write on: nothing of an answer is in it."""
    return _page(
        "student.html",
        news=_news(),
        waves=_waves(),
        populations=_populations(),
        counts=[_millions(_users()[when]) for when in (BEFORE, LAST)],
        growth=exercise(GROWTH).prompt,
        start=_start(),
        rate=_rates()[LAST].printed,
        shares=[
            (f"end of {year}", _end(year, "lower"), _end(year, "upper"), "yes, in part")
            if year == YEARS[-1]
            else (f"end of {year}", "", "", "")
            for year in reversed(YEARS)
        ],
        points=exercise(POINTS),
        receipts=[_receipts()[id] for id in RECEIPTS],
        verdicts=VERDICTS,
    )


def teacher() -> str:
    """Answers, what is accepted, and what usually goes wrong, in the order of the worksheet."""
    counts = [_users()[when] for when in (BEFORE, LAST)]
    coarse, step = counts[-1], counts[-1].reading.step
    printed = _rates()[LAST]
    growth = exercise(GROWTH).to_json()
    return _page(
        "teacher.html",
        ranges="; ".join(f"{_millions(q)}: {q.range_text}" for q in counts),
        wide=f"{_number(coarse.value - step)} to {_number(coarse.value + step)} million",
        growth=growth,
        growth_slips=list(slips(growth)),
        printed=printed,
        shares=[
            (f"end of {year}", share_of_people(year).show(), share_of_people(year).range_text,
             "yes" if share_of_people(year).interval.meets(printed.interval) else "no")
            for year in reversed(YEARS)
        ],
        alone=", ".join(f"{fixed(share_of_people(year).to('percent').value * 100, 1)}%" for year in YEARS),
        left=" and ".join(f"the end of {year}" for year in _years_that_fit()),
        points=exercise(POINTS),
        receipts=[_receipts()[id] for id in RECEIPTS],
    )  # fmt: skip


# ------------------------------------------------------------------------------- what is computed


def _users() -> Series:
    return load().series("genai-users")


def _rates() -> Series:
    return load().series("genai-rate")


def share_of_people(year: str) -> Quantity:
    """Users at the last wave over the population of the end of that year."""
    return (_users()[LAST] / load().series("population")[year]).to("percent")


def _end(year: str, name: str) -> str:
    return f"{fixed(getattr(share_of_people(year).interval, name) * 100, 2)}%"


def _years_that_fit() -> list[str]:
    """Years whose end populations let every figure printed for both Decembers come out at once."""
    tables = load()
    users, rates, population = _users(), _rates(), tables.series("population")
    return [
        year for year in YEARS
        if any(
            intersect(users[BEFORE].interval, users[LAST].interval,
                      survey_conditions(tables["genai-growth-2025"], (rates[BEFORE], rates[LAST]),
                                        tables["genai-gain-2025"],
                                        (population[first], population[year]))).corners
            for first in YEARS[:2]
        )
    ]  # fmt: skip


@lru_cache(maxsize=1)
def _receipts() -> dict[str, dict]:
    return collect.stored_receipts([Book.here().page("headline")])


# --------------------------------------------------------------------------------- what is printed


def _number(persons) -> str:
    return fixed(persons / 10**6, 0)


def _millions(q: Quantity) -> str:
    """A count in millions with the digits that were printed, whatever the words of the print."""
    step = q.reading.step
    decimals = next(n for n in range(7) if step >= 10 ** (6 - n))
    return f"{fixed(q.value / 10**6, decimals)} million"


def _news() -> str:
    """What the news says, with its figures in the words of the news."""
    known = claims.claims()
    words = {"doubled": "more than doubled"}
    return re.sub(r"\{([\w-]+)\}", lambda m: words.get(m[1]) or known[m[1]].published[0], NEWS)


def _waves() -> list[tuple[str, ...]]:
    return [
        (month_name(when), _millions(q) + _printed_in_chinese(q), _rates()[when].printed)
        for when, q in _users().items()
    ]


def _populations() -> list[tuple[str, ...]]:
    population = load().series("population")
    return [(f"end of {year}", _millions(population[year])) for year in YEARS]


def _printed_in_chinese(q: Quantity) -> str:
    """The printed form where no part of it is in English."""
    return "" if re.search("illion", q.printed) else f" (printed {q.printed})"


def _start() -> str:
    later, earlier = (_millions(_users()[when]) for when in ("2025-06", BEFORE))
    return f"{later} / {earlier}"


def _page(template: str, **values) -> str:
    folder = Path(__file__).parent
    style = (folder / "worksheet.css").read_text("utf-8")
    return render(folder / template, title=TITLE, style=style, **values)
