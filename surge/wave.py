"""A new wave of the survey: its numbers, read and checked, become rows of the tables.

    python -m surge.wave 2026-12-31 --users '7.3亿' --rate '52.1%' --title … --published …

Then the chapters are executed, numbers in prose rewritten, and what a person must read is listed.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from urllib.parse import urlparse

from receiptbook.numbers import unit
from receiptbook.tables import Data, DataError, Problem, near
from receiptbook.tables.adding import continued

#: What a report prints, by the word that the command line has for it, with the series it continues.
PRINTED = {
    "users": "genai-users",
    "rate": "genai-rate",
    "internet": "internet-users",
    "internet-rate": "internet-rate",
    "population": "population",
}
_POINTS = 1  # how far rate and users / population may lie apart: bases differ by a year
_CONTENT = ("publisher", "title", "published", "language")


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
