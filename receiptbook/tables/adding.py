"""New figures for the tables: each continues a series, and all are checked before one is written."""

from __future__ import annotations

import csv
import datetime
import io
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from receiptbook.numbers import QuantityError
from receiptbook.tables.data import Data
from receiptbook.tables.figures import figure_of
from receiptbook.tables.problems import DataError, Problem

Rows = Mapping[str, Sequence[Mapping[str, str]]]  # by name of the table
_KEPT = ("series", "measure", "symbol", "unit", "denominator", "group", "area")
_FAR = 2  # times the last figure of the series, or a half of it


def continued(
    tables: Data, series: str, date: str, printed: str, sure: bool = False, **cells: str
) -> tuple[str, dict[str, str]]:
    """The next row of a series, with the name of its table: what the last row says, and the new number.

    date : the last day of the period
    printed : the number as it was printed
    sure : also a number that is far from the last
    cells : other columns, such as sources

    Raises
    ------
    DataError
        if the date does not follow the last one, or the number cannot be read or is far off
    """
    figures = tables.series(series)
    last_date = list(figures)[-1]
    last = tables.row(figures.latest.id)
    table = tables.table_of(last["id"])
    file = tables.describe(table)["path"]

    def refuse(column: str, found: str, expected: str, remedy: str) -> None:
        raise DataError([Problem(file, None, f"{column} of {series}", found, expected, remedy)])

    try:
        datetime.date.fromisoformat(date)
    except ValueError:
        refuse("date", repr(date), "a day such as 2025-12-31", "Give the last day of the period.")
    if date <= last_date:
        refuse("date", date, f"a day after {last_date}, the last of the series",
               "Correct the date; a figure that is there already is corrected in the file.")  # fmt: skip
    row = dict.fromkeys((one["name"] for one in tables.describe(table)["schema"]["fields"]), "")
    row |= {name: last[name] for name in _KEPT if name in row}
    row |= {"id": _next_id(last["id"], last_date, date), "date": date, "printed": printed}
    row |= {"confidence": "B", **cells}
    try:
        figure = figure_of(row)
    except QuantityError as error:
        refuse("printed", repr(printed), f"a number in {row['unit']}, as printed", f"{error}.")
    row["value"] = plain_number(figure.value / figure.unit.scale)
    before = figures.latest
    if not sure and not before.value / _FAR <= figure.value <= before.value * _FAR:
        refuse("printed", f"{printed!r}, which is {figure.range_text}",
               f"between half and twice the last one, {before.printed}",
               "Check the scale word; --sure takes the number as it is.")  # fmt: skip
    return table, row


def _next_id(last: str, last_date: str, date: str) -> str:
    """The id of the last row with the new date in it, as a month or a year.

    >>> _next_id("users-2025-12", "2025-12-31", "2026-06-30")
    'users-2026-06'
    >>> _next_id("rain-2025", "2025-12-31", "2026-12-31")
    'rain-2026'
    """
    for length in (10, 7, 4):
        if last.endswith(last_date[:length]):
            return last[:-length] + date[:length]
    return f"{last}-{date[:7]}"


def plain_number(x: Fraction) -> str:
    """A number as a cell of a table has it: digits, with a point where it is not whole."""
    return str(x.numerator) if x.denominator == 1 else format(float(x), ".15g")


def with_rows(folder: Path, tables: Data, rows: Rows) -> dict[Path, str]:
    """The texts of the tables' files with the rows added; nothing else in them changes.

    A row of a series goes behind the last one of it, any other to its place in the order of ids.
    """
    texts = {}
    for table, new in rows.items():
        path = folder / tables.describe(table)["path"]
        text = path.read_text("utf-8-sig")
        for row in new:
            text = _inserted(text, row)
        texts[path] = text
    return texts


def _inserted(text: str, row: Mapping[str, str]) -> str:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    ends, place = [], 0  # after which line of the file each row ends
    for number, old in enumerate(reader):
        ends.append(reader.line_num)
        behind = old["series"] == row["series"] if "series" in old else old["id"] < row["id"]
        place = number + 1 if behind else place
    line = io.StringIO()
    csv.DictWriter(line, reader.fieldnames, lineterminator="\n").writerow(row)
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    at = ends[place - 1] if place else 1
    return "".join([*lines[:at], line.getvalue(), *lines[at:]])


def checked(folder: Path, tables: Data, rows: Rows) -> Data:
    """The tables of a folder with the rows added, loaded from a copy; the folder stays as it is.

    Raises
    ------
    DataError
        if the tables would not load with them
    """
    with tempfile.TemporaryDirectory(prefix="rows-") as place:
        copy = shutil.copytree(folder, Path(place) / "data")
        for path, text in with_rows(copy, tables, rows).items():
            path.write_text(text, "utf-8", newline="\n")
        return Data(copy)
