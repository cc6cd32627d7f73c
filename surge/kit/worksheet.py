"""The worksheet of the lesson of 45 minutes, and the teacher's page to it.

No figure is typed here. Counts, rates and populations come from the tables, tasks and answers from
the exercise table or from arithmetic on quantities, receipts from the stored chapter.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from receiptbook import markdown
from receiptbook.book import Book
from receiptbook.dates import month_name
from receiptbook.exercises import exercise
from receiptbook.numbers import Quantity, fixed
from receiptbook.receipts import claims
from receiptbook.tables import data
from surge.kit.notebooks import _slips
from surge.outline import plain, read_chapter
from surge.region import intersect, survey_conditions

NAME = "lesson-45"
TITLE = "Is the headline true?"
LAST, BEFORE = "2025-12", "2024-12"  # the waves that the headline compares
YEARS = ("2023", "2024", "2025")  # ends of years whose populations a rate could rest on
GROWTH, POINTS = "headline-first-half", "headline-points"  # rows of the exercise table
RECEIPTS = ("more-than-doubled", "growth-2025", "adoption-headline-42")
VERDICTS = "reproduced, consistent, contradicted"
NEWS = (
    "In China, {users-2025-12} people use generative AI, {growth-2025} more than a year before. "
    "The adoption rate “hits {adoption-headline-42}”. It has gained {adoption-gain-2025} in a year. "
    "The number of users {doubled} in a single year."
)


def student() -> str:
    """The page that students write on: nothing of an answer is in it."""
    rounded = "".join(
        f"<li>{_millions(_users()[when])}: from <i></i> to <i></i></li>" for when in (BEFORE, LAST)
    )
    given = YEARS[-1]
    rows = [
        (f"end of {year}", *((_end(year, "lower"), _end(year, "upper")) if year == given else ("", "")),
         "yes, in part" if year == given else "")
        for year in reversed(YEARS)
    ]  # fmt: skip
    points = exercise(POINTS)
    return _page(
        f"<h1>{TITLE}</h1><p class='who'>Name: <i></i> Date: <i></i></p>",
        f"<p>What the news says, with its figures as printed:</p><blockquote>{_news()}</blockquote>",
        f"<div class='two'>{_waves()}{_populations()}</div>",
        _task(1, "Printed counts are rounded. Between which ends does the true count lie?",
              f"<ul class='blanks'>{rounded}</ul>"),
        _task(2, f"{_prompt(GROWTH)} Start: {_start()} = …", _lines(2)),
        _task(3, f"Which population gives the printed rate of {_rates()[LAST].printed}? Divide both "
              "ends of the last count from the first task by each population. The first row shows how.",
              _table(("Population", "lowest rate", "highest rate", "can it be printed so?"), rows)),
        _task(4, plain(points.prompt), "<ul class='choices'>"
              + "".join(f"<li>{_inline(choice)}</li>" for choice in points.shuffled) + "</ul>"),
        "<h2>Three receipts: which verdict?</h2>"
        "<p><b>Reproduced</b>: the whole recomputed range lies in what the printed figure means. "
        "<b>Consistent</b>: the two ranges meet. <b>Contradicted</b>: they do not. "
        "For one of them, say what would change your verdict.</p>",
        "<div class='three'>" + "".join(_receipt(id) for id in RECEIPTS) + "</div>" + _lines(2),
    )  # fmt: skip


def teacher() -> str:
    """Answers, what is accepted, and what usually goes wrong, in the order of the worksheet."""
    growth, points = exercise(GROWTH).to_json(), exercise(POINTS)
    counts = [_users()[when] for when in (BEFORE, LAST)]
    ranges = "; ".join(f"{_millions(q)}: {q.range_text}" for q in counts)
    coarse = counts[-1]
    step = coarse.reading.step
    wide = f"{_number(coarse.value - step)} to {_number(coarse.value + step)} million"
    printed = _rates()[LAST]
    rows = [
        (f"end of {year}", _share(year).show(), _share(year).range_text,
         "yes" if _share(year).interval.meets(printed.interval) else "no")
        for year in reversed(YEARS)
    ]  # fmt: skip
    alone = ", ".join(f"{fixed(_share(year).to('percent').value * 100, 1)}%" for year in YEARS)
    left = " and ".join(f"the end of {year}" for year in _possible())
    found = _found()
    verdicts = [
        (one["statement"], one["verdict"], f"{one['shown']} ({one['range']})", one["passes"])
        for one in (found[id] for id in RECEIPTS)
    ]
    return _page(
        f"<h1>{TITLE} For the teacher</h1>"
        "<p>Answers to the worksheet of the lesson of 45 minutes, computed from the same tables. "
        "An answer is right if it lies in the range or rounds to a number in it.</p>",
        _plan(),
        _answer(1, f"<b>{ranges}</b>.",
                f"Usual slip: a whole step to each side ({wide}). Rounding takes half a step."),
        _answer(2, f"<b>{growth['shown']}</b>; accepted: {growth['range']}. "
                f"{_inline(plain(exercise(GROWTH).explain))}",
                "Usual slips: " + "; ".join(map(html.escape, _slips(growth)))),
        _answer(3, f"What is printed as {printed.printed} means {printed.range_text}."
                + _table(("Population", "rate", "range from rounding", "fits"), rows),
                f"Usual slip: dividing the rounded count alone. That gives {alone}, year by year; "
                f"only the ranges tell which of them can have been printed as {printed.printed}. "
                f"All printed figures at once leave only {left}: let the class find that with the "
                "menus under <i>All at once</i>."),
        _answer(4, f"<b>{_inline(plain(points.choices[0]))}</b>. {_inline(plain(points.explain))}",
                "Ask those who chose otherwise to defend it: "
                + "; ".join(f"“{_inline(plain(one))}”" for one in points.choices[1:]) + "."),
        "<h2>Three receipts</h2>"
        + _table(("Statement", "verdict", "recomputed", "would pass"), verdicts)
        + f"<p>{_inline(plain(found[RECEIPTS[-1]]['note']))} A verdict changes if a count is "
        "published with more digits, if a figure is corrected, or if the sentence is read in "
        "another way; “it sounds right” changes none. Usual slip: <i>consistent</i> taken for "
        "<i>confirmed</i>. It fits, and other figures would have fitted too.</p>",
    )  # fmt: skip


# ------------------------------------------------------------------------------- what is computed


def _users() -> data.Series:
    return data.load().series("genai-users")


def _rates() -> data.Series:
    return data.load().series("genai-rate")


def _share(year: str) -> Quantity:
    """Users at the last wave over the population of the end of that year."""
    return (_users()[LAST] / data.load().series("population")[year]).to("percent")


def _end(year: str, name: str) -> str:
    return f"{fixed(getattr(_share(year).interval, name) * 100, 2)}%"


def _possible() -> list[str]:
    """Years whose end populations let every figure printed for both Decembers come out at once."""
    tables = data.load()
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
def _found() -> dict[str, dict]:
    return claims.collect([Book.here().page("headline")])


# --------------------------------------------------------------------------------- what is printed


def _plan() -> str:
    """The minutes of the lesson, as the page for teachers has them."""
    cell = next(cell for cell in read_chapter("teach").cells if cell.id == "plan-lesson")
    rows = [line for line in cell.source.splitlines() if line.startswith("|")]
    return markdown.block(plain("\n".join(rows)))


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
    return re.sub(
        r"\{([\w-]+)\}", lambda m: html.escape(words.get(m[1]) or known[m[1]].published[0]), NEWS
    )


def _waves() -> str:
    rows = [
        (month_name(when), _millions(q) + _print_of(q), _rates()[when].printed)
        for when, q in _users().items()
    ]
    return _table(("Wave", "users", "share of everyone"), rows)


def _populations() -> str:
    population = data.load().series("population")
    rows = [(f"end of {year}", _millions(population[year])) for year in YEARS]
    return _table(("Year", "population of mainland China"), rows)


def _print_of(q: Quantity) -> str:
    """The printed form where it has no word of this language."""
    return "" if re.search("illion", q.printed) else f" (printed {q.printed})"


def _start() -> str:
    later, earlier = (_millions(_users()[when]) for when in ("2025-06", BEFORE))
    return f"{later} / {earlier}"


def _receipt(id: str) -> str:
    one = _found()[id]
    choices = "".join(f"<li>{verdict}</li>" for verdict in VERDICTS.split(", "))
    return (
        f"<div class='receipt'><p>{_inline(plain(one['statement']))}.</p>"
        f"<p class='small'>{html.escape(one['formula'])}<br>Recomputed: {one['range']}<br>"
        f"The printed “{html.escape(one['published'][0])}” means: {one['passes']}</p>"
        f"<ul class='choices'>{choices}</ul></div>"
    )


def _prompt(id: str) -> str:
    return _inline(plain(exercise(id).prompt))


def _task(number: int, ask: str, room: str) -> str:
    return f"<section><h2>{number}</h2><p>{ask}</p>{room}</section>"


def _answer(number: int, answer: str, slips: str) -> str:
    return f"<section><h2>{number}</h2><div>{answer}<p class='slip'>{slips}</p></div></section>"


def _lines(count: int) -> str:
    return "<p class='line'></p>" * count


def _inline(text: str) -> str:
    return markdown.inline(text)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    top = "".join(f"<th scope='col'>{cell}</th>" for cell in head)
    body = "".join(
        f"<tr><th scope='row'>{first}</th>" + "".join(f"<td>{cell}</td>" for cell in rest) + "</tr>"
        for first, *rest in rows
    )
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def _page(*parts: str) -> str:
    style = (Path(__file__).parent / "worksheet.css").read_text("utf-8")
    foot = (
        "<footer>From <i>Past 600 Million</i>, CC BY 4.0. Users and rates: CNNIC. Population: "
        "National Bureau of Statistics. Each figure’s sources stand in the ledger of the book."
        "</footer>"
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{TITLE}</title>'
        f"<style>{style}</style></head><body>{''.join(parts)}{foot}</body></html>"
    )
