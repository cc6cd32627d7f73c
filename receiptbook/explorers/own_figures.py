"""The reader's own figures: lines of text, read as strictly as the book's tables are.

    date,percent
    2024-06,16.4%
    2025-12,42.8%

A number is read as it was printed ("602 million", "6.02亿", "42.8%"), so that rounding gives it a
range. Nothing is guessed: a line that cannot be read is refused with the reason.
"""

from __future__ import annotations

import calendar
import csv
import datetime
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from receiptbook.explorers.parts import ScenarioError
from receiptbook.numbers import Quantity, QuantityError, published
from receiptbook.tables import Problem

LARGEST = 100_000  # characters; a pasted novel is a mistake
SEPARATORS = "\t;,"  # between columns, as spreadsheets write them
YOUR_FIGURES = "your figures"


class OwnFiguresError(ScenarioError):
    """The reader's figures cannot be used; `problems` lists every fault."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(problems)
        super().__init__("\n".join(str(p).replace(", row ", ", line ") for p in self.problems))


@dataclass(frozen=True)
class Column:
    """A column after the date: what a number in it counts, and between which bounds it makes sense.

    expected: the bounds in words, with an example. above: exclusive; most: inclusive; in `unit`.
    """

    name: str
    unit: str
    expected: str
    above: float = 0.0
    most: float = float("inf")


def csv_line(date: str, *printed: str) -> str:
    """One line as `OwnFigures.read` takes it, to start from.

    >>> csv_line("2025-12-31", "602 million", "1,405,000,000")
    '2025-12,602 million,"1,405,000,000"'
    """
    return ",".join((date[:7], *(f'"{p}"' if "," in p else p for p in printed)))


@dataclass(frozen=True)
class OwnFigures:
    """How an explorer takes figures of the reader's own.

    rebuild: {column: {ISO date: Quantity}} to the same explorer over those figures. comments: a
    state of the explorer to what is said about each date, one sentence a date. example: lines to
    start from. minimum_lines: dates needed.
    """

    columns: tuple[Column, ...]
    rebuild: Callable
    comments: Callable
    example: str
    minimum_lines: int = 1

    @property
    def header(self) -> str:
        """The heading of the lines: ``date,percent``."""
        return ",".join(("date", *(c.name for c in self.columns)))

    def scenario(self, text: str):
        """The explorer over the figures in `text`.

        Raises
        ------
        OwnFiguresError
            if a line cannot be used; it names line, column and remedy of every fault
        """
        return self.rebuild(self.read(text))

    def read(self, text: str) -> dict[str, dict[str, Quantity]]:
        """The figures in `text`, {column: {ISO date: Quantity}}.

        Raises
        ------
        OwnFiguresError
            if any line is wrong
        """
        if len(text) > LARGEST:
            raise OwnFiguresError([Problem(
                YOUR_FIGURES, None, None, f"{len(text):,} characters", f"at most {LARGEST:,}",
                "Paste only the lines with figures.",
            )])  # fmt: skip
        problems: list[Problem] = []
        series: dict[str, dict[str, Quantity]] = {c.name: {} for c in self.columns}
        first: dict[str, int] = {}
        for number, line in enumerate(text.splitlines(), 1):
            cells = _cells(line)
            if not cells or (not first and cells[0].lower() == "date"):
                continue
            try:
                when, found = self._line(number, cells)
                if (month := when[:7]) in first:
                    raise _Wrong(
                        number, "date", cells[0], f"another month than line {first[month]}",
                        "Keep one line for each month.",
                    )  # fmt: skip
            except _Wrong as wrong:
                problems.append(wrong.problem)
                continue
            first[month] = number
            for name, quantity in found.items():
                series[name][when] = quantity
        if not problems and len(first) < self.minimum_lines:
            lines = "line" if self.minimum_lines == 1 else "lines"
            problems.append(Problem(
                YOUR_FIGURES, None, None, f"{len(first)} with figures",
                f"at least {self.minimum_lines} {lines} such as {self.example.splitlines()[-1]!r}",
                f"Write one line for each date: {self.header}.",
            ))  # fmt: skip
        if problems:
            raise OwnFiguresError(problems)
        return series

    def _line(self, number: int, cells: list[str]) -> tuple[str, dict[str, Quantity]]:
        wanted = len(self.columns) + 1
        if len(cells) != wanted:
            raise _Wrong(
                number, None, f"{len(cells)} columns", f"{wanted}: {self.header}",
                'Put a number with commas in quotes, "1,405,000,000", or write 1.405 billion.'
                if len(cells) > wanted else "Part the columns by a comma, a semicolon or a tab.",
            )  # fmt: skip
        when = _date(number, cells[0])
        return when, {
            c.name: _number(number, c, text)
            for c, text in zip(self.columns, cells[1:], strict=True)
        }


class _Wrong(Exception):
    def __init__(self, line, column, found, expected, remedy):
        found = repr(found) if column else found
        self.problem = Problem(YOUR_FIGURES, line, column, found, expected, remedy)


def _cells(line: str) -> list[str]:
    """The cells of a line; none if it is blank or a remark."""
    line = line.strip("\ufeff \r")
    if not line.strip(SEPARATORS + " ") or line.startswith("#"):
        return []
    part = next((p for p in SEPARATORS if p in line), ",")
    return [c.strip() for c in next(csv.reader([line], delimiter=part, skipinitialspace=True))]


def _date(line: int, text: str) -> str:
    found = re.fullmatch(r"(\d{4})-(\d{2})(?:-(\d{2}))?", text)
    expected = "a date such as 2025-12 or 2025-12-31"
    if not found:
        raise _Wrong(line, "date", text, expected, "Write the year first, then month and day.")
    year, month, day = (int(n or 0) for n in found.groups())
    try:
        day = day or calendar.monthrange(year, month)[1]
        return datetime.date(year, month, day).isoformat()
    except (ValueError, calendar.IllegalMonthError):
        raise _Wrong(line, "date", text, expected, "The calendar has no such date.") from None


def _number(line: int, column: Column, text: str) -> Quantity:
    try:
        quantity = published(text, column.unit)
    except QuantityError:
        raise _Wrong(
            line, column.name, text, column.expected, "Write the number as it was printed."
        ) from None
    if not (quantity.interval.bounded and column.above < quantity.number <= column.most):
        raise _Wrong(line, column.name, text, column.expected, "Check the number and its unit.")
    return quantity
