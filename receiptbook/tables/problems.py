"""What is wrong in a table, said so that it can be put right."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One fault in one table, with what to do about it.

    >>> print(Problem("waves.csv", 3, "unit", "'perons'", "a known unit", "Correct the unit."))
    waves.csv, row 3, column unit: found 'perons'; expected a known unit. Correct the unit.
    """

    file: str
    row: int | None
    column: str | None
    found: str
    expected: str
    remedy: str

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column:
            place += f", column {self.column}"
        return f"{place}: found {self.found}; expected {self.expected}. {self.remedy}"


class DataError(ValueError):
    """The tables cannot be used as they are; `problems` lists every fault found."""

    def __init__(self, problems: list[Problem]):
        self.problems = problems
        shown = [str(problem) for problem in problems[:20]]
        if len(problems) > 20:
            shown.append(f"... and {len(problems) - 20} more")
        super().__init__("\n".join(shown))


def near(key: str, known: Iterable[str]) -> str:
    """The end of a message about an unknown key: a full stop, or names that look like it.

    >>> near("users-2o25", ["users-2025", "rate"])
    '; did you mean users-2025?'
    """
    close = difflib.get_close_matches(key, list(known), 3, 0.5)
    return f"; did you mean {' or '.join(close)}?" if close else "."
