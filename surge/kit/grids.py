"""Tables on the sheets of the lessons that are computed: what students get, and what the key has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from receiptbook.book import Book
from receiptbook.dates import day_name, month_name
from receiptbook.exercises import exercise, what_if
from receiptbook.exercises.answers import figure_or_receipt
from receiptbook.exercises.changes import Turn
from receiptbook.numbers import Quantity, digits, fixed, in_english, in_numbers
from receiptbook.receipts.trees import worked_out
from receiptbook.tables import Series, load
from surge.region import intersect, survey_conditions

LAST, BEFORE = "2025-12", "2024-12"  # the waves that the headline compares
YEARS = ("2023", "2024", "2025")  # ends of years whose populations a rate could rest on
RULES = tuple(
    f"policy-{of}"
    for of in ("deep-synthesis-2022", "genai-interim-2023", "labelling-measures-2025")
)
MISPRINTED, MISPRINT = "genai-users-2025-12", "603 million"  # the change that the lab asks about
LAB, LAB_OF = "headline-lab", "headline"
ASKED = (
    "adoption-recomputed", "growth-2025", "more-than-doubled", "adoption-2025-12",
    "adoption-gain-2025", "adoption-gain-over-25",
)  # fmt: skip


@dataclass(frozen=True)
class Grid:
    """A table: its head, its rows as students get them (empty cells are for writing), and the key's."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    key: tuple[tuple[str, ...], ...] = ()
    key_head: tuple[str, ...] = ()
    after: str = ""  # a sentence for the key
    notes: str = ""  # what only the speaker sees behind it


def millions(q: Quantity) -> str:
    """A count in millions with the digits that were printed; a computed one with two decimals."""
    return f"{digits(q, 10**6) if q.is_input else fixed(q.value / 10**6, 2)} million"


def _users() -> Series:
    return load().series("genai-users")


def _rates() -> Series:
    return load().series("genai-rate")


def waves() -> Grid:
    """The survey's counts and rates, as printed."""

    def count(q: Quantity) -> str:
        chinese = "" if re.search("illion", q.printed) else f" (printed {q.printed})"
        return millions(q) + chinese

    rows = [
        (month_name(when), count(q), _rates()[when].printed)
        for when, q in _users().items()
        if when[:7] <= LAST
    ]
    return Grid(("Wave", "users", "share of everyone"), tuple(rows))


def populations() -> Grid:
    """The populations over which a rate may have been taken."""
    population = load().series("population")
    rows = [(f"end of {year}", millions(population[year])) for year in YEARS]
    return Grid(("Year", "population of mainland China"), tuple(rows))


def in_force() -> Grid:
    """When rules were issued, and when they took effect."""
    known = {row["id"]: row for row in load().rows("policy_timeline")}
    told = [
        (
            known[id]["title"],
            *(day_name(known[id][f"date_{what}"]) for what in ("issued", "in_force")),
        )
        for id in RULES
    ]
    return Grid(("Text", "issued", "in force"), tuple(told))


def share_of_people(year: str) -> Quantity:
    """Users at the last wave over the population of the end of that year."""
    return (_users()[LAST] / load().series("population")[year]).to("percent")


def shares() -> Grid:
    """Users over each population; the first row is worked out."""
    printed = _rates()[LAST]
    done, rows, answers = YEARS[-1], [], []
    for year in reversed(YEARS):
        q = share_of_people(year)
        ends = [f"{fixed(end * 100, 2)}%" for end in (q.interval.lower, q.interval.upper)]
        rows.append((f"end of {year}", *((*ends, "yes, in part") if year == done else ("",) * 3)))
        fits = "yes, in part" if q.interval.meets(printed.interval) else "no"
        answers.append((f"end of {year}", q.show(), *ends, fits))
    asked = f"Could it have been printed as {printed.printed}?"
    left = " and ".join(f"the end of {year}" for year in _years_that_fit())
    return Grid(
        ("Population", "lowest rate", "highest rate", asked), tuple(rows), tuple(answers),
        ("Population", "rate", "lowest", "highest", asked),
        f"All published figures at once leave only {left}; the menus under *All at once* show it.",
    )  # fmt: skip


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


def over_each_population() -> list[tuple[str, Quantity, Quantity, str]]:
    """Each population, how many it is, users over it, and the id of that receipt; from the largest."""
    tables, folder = load(), Book.here().chapters
    people = tables.series("population")["2025"]
    asked = (
        ("everyone", people, "adoption-recomputed"),
        ("everyone aged 6 and over", people - tables.series("un-population-0-5")["2025"],
         "rate-six-up-2025-12"),
        ("internet users", tables["internet-users-2025-12"], "share-of-netizens"),
        ("residents aged 15 to 64", tables["un-population-15-64-2025"], "users-over-working-age"),
    )  # fmt: skip
    return [(who, q, figure_or_receipt(id, folder), id) for who, q, id in asked]


def bases() -> Grid:
    """The same users over other populations."""
    rows, answers = [], []
    for who, q, share, _ in over_each_population():
        count = millions(q)
        rows.append((who, count, "", ""))
        inside = "no: some users are older or younger" if who.startswith("residents") else "yes"
        answers.append((who, count, f"{share.show()} ({share.range_text})", inside))
    head = ("Population", "how many", f"{in_english(_users()[LAST])} users are … of it",
            "is every user in this population?")  # fmt: skip
    return Grid(head, tuple(rows), tuple(answers), head)


@dataclass(frozen=True)
class Scope:
    """Where one sees what a misprint turns: what is counted there, and what turns."""

    place: str
    counts: str
    turned: tuple[Turn, ...]


@lru_cache(maxsize=8)
def scopes(printed: str = MISPRINT) -> tuple[Scope, ...]:
    """What turns if the count were printed so: on the sheet, on the bar of a page, in the lab's table.

    The table is of one misprint, `MISPRINT`; no page shows it for another.
    """
    changes = {MISPRINTED: printed}
    lab = [turn for turn in what_if(changes, chapters=[LAB_OF], models=True).turns if turn.turned]
    book = [turn for turn in what_if(changes).turns if turn.turned]
    return (
        Scope("The sheet", f"its {len(ASKED)} statements",
              tuple(turn for turn in lab if turn.id in ASKED)),
        Scope("The bar of a page on which figures can be changed",
              "every receipt of the book that needs no model, and comparisons in words",
              tuple(book)),
        Scope(f"The table folded below {exercise(LAB).called} of {LAB_OF}.html",
              "every receipt of that chapter, also those that fail",
              tuple(lab)),
    )  # fmt: skip


def misprint() -> Grid:
    """Receipts before and after the misprint of the lab."""
    changed = {turn.id: turn for turn in what_if({MISPRINTED: MISPRINT}, chapters=[LAB_OF]).turns}
    rows, answers = [], []
    for number, id in enumerate(ASKED, 1):
        turn = changed[id]
        was, now = turn.before, turn.after
        statement = f"{number}. {was.statement}"
        worked = in_numbers(worked_out(was.tree, load()))
        rows.append((statement, worked, f"{was.range}: {was.verdict}", was.passes, "", ""))
        answers.append((statement, f"{was.range}: {was.verdict}", f"{now.range}: {now.verdict}",
                        "turns" if turn.turned else "stays"))  # fmt: skip
    return Grid(
        ("Statement", "Worked out from (millions)", "Recomputed and verdict today",
         "The printed words mean", "My guess", "Verdict after"),
        tuple(rows), tuple(answers),
        ("Statement", "today", f"with {MISPRINT}", "verdict"),
        _on_the_screen(),
    )  # fmt: skip


def tried() -> Grid:
    """How much turns where: the largest count of one decimal that turns nothing, the next, and 603."""
    tenth = 10**5
    highest = figure_or_receipt("users-2025-12-feasible", Book.here().chapters).interval.upper
    forms = [
        f"{fixed(Fraction(tenths, 10), 1)} million"
        for tenths in range(highest // tenth, highest // tenth + 3)
    ]
    last = max(n for n, form in enumerate(forms) if not any(one.turned for one in scopes(form)))
    told = [*forms[last : last + 2], MISPRINT]
    sheet, bar, _ = scopes()
    found = [(form, scopes(form)) for form in told]
    return Grid(
        (), (), tuple((form, _becoming(own), str(len(bar.turned))) for form, (own, bar, _) in found),
        ("If printed", f"verdicts that turn on the sheet, of {sheet.counts}",
         f"verdicts that turn on the bar: {bar.counts}"),
        f"With one decimal, {told[0]} is the largest count that turns no verdict",
        notes="\n".join(f"- {form}: “{turn.statement}” becomes {turn.after.verdict}."
                        for form, (own, *_) in found for turn in own.turned),
    )  # fmt: skip


def _becoming(scope: Scope) -> str:
    """How many statements turn, and what they become."""
    became = Counter(str(turn.after.verdict) for turn in scope.turned)
    told = ", ".join(f"{count} becomes {verdict}" for verdict, count in became.items())
    return f"{len(scope.turned)}{told and f': {told}'}"


def _on_the_screen() -> str:
    """How many statements of the sheet turn, and what each screen lists besides."""
    sheet, bar, lab = scopes()
    own = {turn.id for turn in sheet.turned}

    def others(scope: Scope) -> str:
        return "; ".join(f"“{turn.statement}”" for turn in scope.turned if turn.id not in own)

    return (
        f"Of the {len(ASKED)} statements on the sheet, {len(sheet.turned)} turns. "
        f"{bar.place} counts {bar.counts}, and has {len(bar.turned)}: this one, and {others(bar)}. "
        f"{lab.place} (“Show what came out”) counts {lab.counts}, and marks {len(lab.turned)} as "
        f"turned: this one, and {others(lab)}. These fail, because no pair of counts gives every "
        "figure."
    )


GRIDS: dict[str, Callable[[], Grid]] = {
    "waves": waves, "populations": populations, "shares": shares, "bases": bases,
    "misprint": misprint, "tried": tried, "in_force": in_force,
}  # fmt: skip
