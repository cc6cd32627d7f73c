"""A new wave of the survey: its numbers, read and checked, become rows of the tables.

    make wave ARGS="2026-12-31 --users 7.3亿 --rate 52.1% --publisher CNNIC --title … --language zh"

Then the chapters are executed, numbers in prose rewritten, and what a person must read is listed.
Nothing is written if one number cannot be taken; --dry-run only shows the rows. What is not given is
asked for where somebody can answer.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from urllib.parse import urlparse

from receiptbook.book import Book
from receiptbook.book.notebooks import replace_text
from receiptbook.numbers import unit
from receiptbook.renewal import renew
from receiptbook.tables import Data, DataError, Problem, load, near
from receiptbook.tables.adding import checked, continued, with_rows

#: What a report prints, by the word that the command line has for it, with the series it continues.
PRINTED = {
    "users": "genai-users",
    "rate": "genai-rate",
    "internet": "internet-users",
    "internet-rate": "internet-rate",
    "population": "population",
}
_POINTS = 1  # how far rate and users / population may lie apart: bases differ by a year


@dataclass(frozen=True)
class Report:
    """A report as it was printed: its day, its numbers and where they were read.

    printed : the numbers as printed, by the words of `PRINTED`
    source : the row of the sources without its id
    read_in : ids of sources of their own, by the same words
    """

    date: str
    printed: Mapping[str, str]
    source: Mapping[str, str]
    read_in: Mapping[str, str] = field(default_factory=dict)
    source_id: str = ""
    sure: bool = False

    def rows(self, tables: Data) -> dict[str, list[dict[str, str]]]:
        """The rows that the report adds, by table.

        Raises
        ------
        DataError
            naming each number that cannot be taken, with what was expected and what to do
        """
        problems = [*self._of_source(tables), *self._of_numbers()]
        rows: dict[str, list[dict[str, str]]] = {"sources": [self._source_row()]}
        for name, printed in self.printed.items():
            date, source = self.date, self.read_in.get(name, self._id)
            if name == "population":  # a year-end, which reports of June do not have
                date = _year_end_at(self.date)
            if source != self._id and source not in tables.sources:
                problems.append(
                    Problem("sources.csv", None, "id", repr(source), "the id of a source",
                            f"Add its row first{near(source, tables.sources)}")
                )  # fmt: skip
            try:
                table, row = continued(tables, PRINTED[name], date, printed, self.sure,
                                       sources=source, confidence=self._confidence)  # fmt: skip
                rows.setdefault(table, []).append(row)
            except DataError as error:
                problems += error.problems
        if problems:
            raise DataError(problems)
        return rows

    @property
    def _id(self) -> str:
        return self.source_id or f"survey-{self.date[:7]}"

    @property
    def _confidence(self) -> str:
        return "A" if self.source.get("kind") == "primary" else "B"

    def _source_row(self) -> dict[str, str]:
        known = {"licence": "not stated", "url": "", "note": "", "kind": "secondary"}
        return {"id": self._id, **known, **self.source}

    def _of_source(self, tables: Data):
        row = self._source_row()
        for name in ("publisher", "title", "date", "language"):
            if not row.get(name, "").strip():
                yield Problem("sources.csv", None, name, "nothing", f"the {name} of the report",
                              f"Give --{'published' if name == 'date' else name}.")  # fmt: skip
        day = row.get("date", "")
        if day and not re.fullmatch(r"\d{4}-\d\d(-\d\d)?", day):
            yield Problem("sources.csv", None, "date", repr(day), "a day such as 2026-01-15",
                          "Give the day on which the report appeared.")  # fmt: skip
        elif day and day[:7] < self.date[:7]:
            yield Problem("sources.csv", None, "date", day, f"a day after {self.date}",
                          "A report appears after the day it counts for.")  # fmt: skip
        if row["url"] and urlparse(row["url"]).scheme not in ("http", "https"):
            yield Problem("sources.csv", None, "url", repr(row["url"]),
                          "an address that begins with https://", "Copy it whole.")  # fmt: skip
        if (tongue := row.get("language", "")) and not re.fullmatch("[a-z]{2}", tongue):
            yield Problem("sources.csv", None, "language", repr(tongue), "two letters, as zh or en",
                          "Give --language.")  # fmt: skip
        if self._id in tables.sources:
            yield Problem("sources.csv", None, "id", repr(self._id), "an id that is not used yet",
                          "Give another with --source.")  # fmt: skip

    def _of_numbers(self):
        if not {"users", "rate"} & set(self.printed):
            yield Problem("genai_waves.csv", None, "printed", "neither users nor a rate",
                          "one of the two at least", "Give --users or --rate.")  # fmt: skip


def _year_end_at(date: str) -> str:
    """The last year-end up to a day.

    >>> _year_end_at("2026-12-31"), _year_end_at("2027-06-30")
    ('2026-12-31', '2026-12-31')
    """
    return date if date.endswith("-12-31") else f"{int(date[:4]) - 1}-12-31"


def disagreement(tables: Data) -> list[Problem]:
    """Where the newest numbers contradict each other by more than a year's change of the base."""
    rates, users = tables.series("genai-rate"), tables.series("genai-users")
    population, online = tables.series("population"), tables.series("internet-users")
    date = list(rates)[-1]
    if date not in users or not (rates[date].interval.bounded and users[date].interval.bounded):
        return []
    share = users[date] / population.latest * Fraction(100)
    apart = abs(share.value - rates[date].value / unit("percent").scale)
    found = []
    if apart > _POINTS:
        found.append(
            Problem("genai_waves.csv", None, f"printed of {rates[date].id}", rates[date].printed,
                    f"about {float(share.value):.1f}%, which is {users[date].printed} of "
                    f"{population.latest.printed}", "Check both numbers; --sure takes them as they are.")
        )  # fmt: skip
    if online.latest.date >= date and users[date].value > online.latest.value:
        found.append(
            Problem("internet.csv", None, f"printed of {online.latest.id}", online.latest.printed,
                    f"at least the {users[date].printed} who use generative AI",
                    "Check the scale word of both numbers; --sure takes them as they are.")
        )  # fmt: skip
    return found


# ------------------------------------------------------------------------------- the command

_ASKED = {
    "users": "users of generative AI, as printed (empty: none printed)",
    "rate": "their share of the population, as printed (empty: none printed)",
    "internet": "internet users, as printed (empty: none printed)",
    "internet-rate": "share of the population online, as printed (empty: none printed)",
    "population": "year-end population, as printed (empty: none new)",
    "publisher": "publisher of the page that was read",
    "title": "its title",
    "published": "day on which it appeared, as 2026-01-15",
    "url": "its address (empty: none fit to link)",
    "language": "its language, as zh or en",
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "make wave",
        description="Take in a new wave of the survey: rows, chapters, prose, what to read.",
    )
    parser.add_argument("date", nargs="?", help="the day it counts for, as 2026-12-31")
    for name, what in _ASKED.items():
        parser.add_argument(f"--{name}", metavar="…", help=what.replace("%", "%%"))
    for name in PRINTED:
        parser.add_argument(
            f"--{name}-source", metavar="ID", help=f"where {name} was read, if elsewhere"
        )
    parser.add_argument("--source", metavar="ID", default="", help="id of the new source")
    parser.add_argument("--kind", choices=("primary", "secondary"), default="secondary",
                        help="primary: the publisher's own page")  # fmt: skip
    parser.add_argument("--note", default="", help="what to know about the source")
    parser.add_argument(
        "--sure", action="store_true", help="also numbers far from what is expected"
    )
    parser.add_argument("--dry-run", action="store_true", help="show the rows and write nothing")
    return parser


def _answers(options: argparse.Namespace) -> dict[str, str]:
    """What was given on the command line; the rest is asked for where somebody can answer."""
    given = {name: getattr(options, name.replace("-", "_")) for name in ("date", *_ASKED)}
    if options.date is None and sys.stdin.isatty():
        asked = {"date": "the day it counts for, as 2026-12-31", **_ASKED}
        for name in (name for name, value in given.items() if value is None):
            given[name] = input(f"{asked[name]}: ")
    return {name: (value or "").strip() for name, value in given.items()}


def _report(options: argparse.Namespace) -> Report:
    given = _answers(options)
    told = {name: given[name] for name in ("publisher", "title", "url", "language")}
    source = {**told, "date": given["published"], "kind": options.kind, "note": options.note}
    own = {name: getattr(options, f"{name.replace('-', '_')}_source") for name in PRINTED}
    return Report(
        given["date"],
        {name: given[name] for name in PRINTED if given[name]},
        source,
        {name: id for name, id in own.items() if id},
        options.source,
        options.sure,
    )


def _shown(tables: Data, rows: Mapping[str, list]) -> Iterator[str]:
    for table, some in rows.items():
        yield f"{tables.describe(table)['path']}:"
        for row in some:
            yield "  " + ", ".join(f"{name} {cell!r}" for name, cell in row.items() if cell)


def main(arguments: list[str] | None = None) -> int:
    """Command line; 1 if a number is refused, or a chapter stops on the new rows."""
    options = _parser().parse_args(arguments)
    book = Book.here()
    try:
        tables = load()
        report = _report(options)
        rows = report.rows(tables)
        after = checked(book.data, tables, rows)
        if not report.sure and (problems := disagreement(after)):
            raise DataError(problems)
    except DataError as error:
        print(f"{error}\nnothing was written", file=sys.stderr)
        return 1
    print("\n".join(_shown(tables, rows)))
    if options.dry_run:
        print("a dry run: nothing was written")
        return 0
    for path, text in with_rows(book.data, tables, rows).items():
        replace_text(path, text)
    new = [row["id"] for table, some in rows.items() if table != "sources" for row in some]
    done = renew(book, new, last=[page.stem for page in book.notebooks() if page.stem == "teach"])
    print(done)
    print("\nRead these and git diff; then make test, and make book.")
    return 1 if done.stopped else 0


if __name__ == "__main__":
    sys.exit(main())
