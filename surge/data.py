"""The tables in data/: loading, checking, and every published figure as a quantity.

The checks come from `data/datapackage.json`. They use the standard library only, so that loading is
quicker than importing pandas; `Data.table` imports pandas when a table is first asked for as a frame.
"""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from pathlib import Path

from surge.quantity import Quantity, QuantityError, published

FIGURE_FIELDS = (
    "id", "series", "date", "measure", "symbol", "printed", "value", "unit", "precision",
    "denominator", "sources", "confidence", "note",
)  # fmt: skip


@dataclass(frozen=True)
class Problem:
    """One fault in one table, with what to do about it."""

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


@dataclass(frozen=True)
class Source:
    """Where a figure was read."""

    id: str
    publisher: str
    title: str
    date: str
    language: str
    url: str
    kind: str
    licence: str
    note: str

    @property
    def citation(self) -> str:
        """Publisher, title and date in one line."""
        return f"{self.publisher}, “{self.title}”" + (f", {self.date}" if self.date else "")


class Series(Mapping):
    """The figures of one series by date: `users["2025-12"]`, in order of time.

    A key may be a year ("2025"), a month ("2025-12") or a day; it must fit exactly one figure.
    """

    def __init__(self, name: str, figures: list[Quantity]):
        self.name = name
        self._figures = {figure.date: figure for figure in figures}

    def __getitem__(self, when: str) -> Quantity:
        hits = [
            q for date, q in self._figures.items() if date == when or date.startswith(when + "-")
        ]
        if len(hits) != 1:
            known = ", ".join(self._figures)
            which = "no figure" if not hits else f"{len(hits)} figures"
            raise KeyError(f"{self.name} has {which} for {when!r}; its dates are {known}")
        return hits[0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._figures)

    def __len__(self) -> int:
        return len(self._figures)

    @property
    def latest(self) -> Quantity:
        return list(self._figures.values())[-1]

    def nearest(self, when: str) -> Quantity:
        """The figure whose date is closest to a day; of two equally close the earlier one."""
        day = datetime.date.fromisoformat(when)
        return min(
            self._figures.values(),
            key=lambda q: (abs(datetime.date.fromisoformat(q.date) - day), q.date),
        )


class Data:
    """All tables of the package, checked.

    Indexing by id gives a figure; `series` a time series; `rows` a table as dictionaries of text;
    `table` the same as a pandas frame; `sources` the sources by id.
    """

    def __init__(self, root: Path):
        self.root = root
        self.package = _read_package(root)
        self._resources = {r["name"]: r for r in self.package["resources"]}
        self._rows: dict[str, list[dict[str, str]]] = {}
        problems: list[Problem] = []
        for name, resource in self._resources.items():
            self._rows[name] = _read_table(root, resource, problems)
        if problems:
            raise DataError(problems)
        self.sources = {r["id"]: Source(**r) for r in self._rows.get("sources", [])}
        self._figures: dict[str, Quantity] = {}
        self._series: dict[str, list[Quantity]] = {}
        self._home: dict[str, tuple[str, dict[str, str]]] = {}
        self._collect(problems)
        if problems:
            raise DataError(problems)

    # ---- reading

    def __getitem__(self, id: str) -> Quantity:
        try:
            return self._figures[id]
        except KeyError:
            raise KeyError(f"no figure {id!r} in data/{_near(id, self._figures)}") from None

    def __contains__(self, id: str) -> bool:
        return id in self._figures

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(self._figures)

    def series(self, name: str) -> Series:
        """The time series of that name.

        Raises
        ------
        KeyError
            if there is no such series; the message names similar ones.
        """
        if name not in self._series:
            raise KeyError(f"no series {name!r} in data/{_near(name, self._series)}")
        return Series(name, self._series[name])

    def rows(self, name: str) -> list[dict[str, str]]:
        """A table as a list of rows, every cell as text."""
        if name not in self._rows:
            raise KeyError(f"no table {name!r} in data/{_near(name, self._rows)}")
        return [dict(row) for row in self._rows[name]]

    def row(self, id: str) -> dict[str, str]:
        """The row that a figure was read from."""
        self[id]
        return dict(self._home[id][1])

    def table_of(self, id: str) -> str:
        """Name of the table that holds a figure."""
        self[id]
        return self._home[id][0]

    @property
    def tables(self) -> tuple[str, ...]:
        return tuple(self._resources)

    def describe(self, name: str) -> dict:
        """The description of a table in the package: title, description, fields."""
        return self._resources[name]

    def table(self, name: str):
        """A table as a pandas DataFrame; numbers and dates are typed by the schema."""
        import pandas as pd

        frame = pd.DataFrame(self.rows(name), columns=[f["name"] for f in self._fields(name)])
        for field in self._fields(name):
            column = field["name"]
            if field["type"] in ("number", "integer"):
                frame[column] = pd.to_numeric(frame[column].replace("", None))
            elif field["type"] == "date":
                frame[column] = pd.to_datetime(frame[column].replace("", None))
        return frame

    def _fields(self, name: str) -> list[dict]:
        return self._resources[name]["schema"]["fields"]

    def fingerprint(self, *names: str) -> str:
        """One line for each table: rows and the first digits of its SHA-256."""
        lines = []
        for name in names:
            rows = self.rows(name)
            content = json.dumps(rows, ensure_ascii=False, sort_keys=True).encode()
            digest = hashlib.sha256(content).hexdigest()[:12]
            lines.append(f"{name}: {len(rows)} rows, fingerprint {digest}")
        return "\n".join(lines)

    @cached_property
    def corrections(self) -> list[dict[str, str]]:
        return self.rows("corrections")

    # ---- checking across tables

    def _collect(self, problems: list[Problem]) -> None:
        places: dict[str, str] = {}
        for name, resource in self._resources.items():
            file = resource["path"]
            for number, row in enumerate(self._rows[name], 2):
                self._check_sources(file, number, row, problems)
                key = row.get("id")
                if key:
                    here = f"{file}, row {number}"
                    if key in places and resource.get("role") != "sources":
                        problems.append(
                            Problem(file, number, "id", repr(key), "an id used once in the package",
                                    f"It already stands in {places[key]}; rename one of them.")
                        )  # fmt: skip
                    if resource.get("role") != "sources":
                        places.setdefault(key, here)
                if resource.get("role") in ("figures", "assumptions"):
                    self._add_figure(resource, number, row, problems)
        for name, figures in self._series.items():
            dates = [figure.date for figure in figures]
            for before, after in zip(dates, dates[1:]):
                if after <= before:
                    table, row = self._home[figures[dates.index(after)].id]
                    problems.append(
                        Problem(self._resources[table]["path"], None, "date",
                                f"{after} after {before} in series {name}",
                                "dates that rise within a series, each once",
                                "Put the waves in order of time and keep one row for each wave.")
                    )  # fmt: skip

    def _check_sources(self, file, number, row, problems) -> None:
        if "sources" not in row or "publisher" in row:
            return
        for key in filter(None, row["sources"].split(";")):
            if key not in self.sources:
                problems.append(
                    Problem(file, number, "sources", repr(key), "an id in sources.csv",
                            f"Add the source there or correct the id{_near(key, self.sources)}")
                )  # fmt: skip

    def _add_figure(self, resource, number, row, problems) -> None:
        file, share = resource["path"], resource.get("share", False)
        month = row.get("date", "")[:7]
        symbol = row.get("symbol", "")
        try:
            figure = published(
                row["printed"], row["unit"], id=row["id"],
                label=f"{symbol}({month})" if symbol and month else symbol or row["id"],
                date=row.get("date", ""),
                sources=tuple(filter(None, row.get("sources", "").split(";"))),
                precision=row.get("precision") or None,
                note=row.get("note", ""),
            )  # fmt: skip
        except QuantityError as error:
            column = "unit" if "unit" in str(error).split(":")[0] else "printed"
            problems.append(
                Problem(file, number, column, repr(row[column]), "a readable published number",
                        f"{error}.")
            )  # fmt: skip
            return
        in_unit = figure.value / figure.unit.scale
        if Fraction(row["value"]) != in_unit:
            problems.append(
                Problem(file, number, "value", row["value"],
                        f"{float(in_unit):g}, which is what {row['printed']!r} says in {figure.unit}",
                        "Correct the value or the printed form: the two must agree.")
            )  # fmt: skip
        if share and figure.unit.kind == "ratio" and not 0 <= figure.value <= 1:
            problems.append(
                Problem(file, number, "value", row["value"], "a share from 0 to 100 percent",
                        "Check the printed form, or move the figure to a table of other ratios.")
            )  # fmt: skip
        self._figures[row["id"]] = figure
        self._home[row["id"]] = (resource["name"], row)
        if row.get("series"):
            self._series.setdefault(row["series"], []).append(figure)


def default_root() -> Path:
    """The folder of the tables: $SURGE_DATA, else data/ beside the package."""
    return Path(os.environ.get("SURGE_DATA") or Path(__file__).resolve().parents[1] / "data")


def load(root: str | Path | None = None) -> Data:
    """Load and check the package; the result is kept, so a second call costs nothing.

    Raises
    ------
    DataError
        naming file, row, column, what was found, what was expected and what to do.
    """
    return _load(Path(root or default_root()).resolve())


@lru_cache(maxsize=4)
def _load(root: Path) -> Data:
    return Data(root)


# ---------------------------------------------------------------------------------- single tables


def _read_package(root: Path) -> dict:
    path = root / "datapackage.json"
    try:
        package = json.loads(path.read_text("utf-8-sig"))
        package["resources"][0]["schema"]["fields"]
    except FileNotFoundError:
        raise DataError(
            [Problem("datapackage.json", None, None, f"nothing in {root}", "the package description",
                     "Point SURGE_DATA at a folder that holds datapackage.json.")]
        ) from None  # fmt: skip
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise DataError(
            [Problem("datapackage.json", None, None, f"{type(error).__name__}: {error}",
                     "a Data Package with resources and schemas", "Restore the file from git.")]
        ) from None  # fmt: skip
    return package


def _decode(path: Path, file: str, problems: list[Problem]) -> str | None:
    def fault(found: str, remedy: str) -> None:
        problems.append(Problem(file, None, None, found, "a CSV file in UTF-8", remedy))

    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        fault("no such file", "Restore it from git or remove it from datapackage.json.")
        return None
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        fault("UTF-16 text", "Save it again as 'CSV UTF-8'.")
        return None
    if raw[:2] == b"PK":
        fault("an Excel workbook or zip file", "Save the sheet as 'CSV UTF-8'.")
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        fault(f"a byte that is not UTF-8 in line {line}", "Save it again as 'CSV UTF-8'.")
        return None
    bad = re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffd]", text)
    if bad:
        line = text[: bad.start()].count("\n") + 1
        fault(f"the character U+{ord(bad[0]):04X} in line {line}", "Remove it and save again.")
        return None
    return text


def _read_table(root: Path, resource: dict, problems: list[Problem]) -> list[dict[str, str]]:
    file, fields = resource["path"], resource["schema"]["fields"]
    names = [field["name"] for field in fields]
    text = _decode(root / file, file, problems)
    if text is None:
        return []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[dict[str, str]] = []
    try:
        header = next(reader, [])
        if header != names:
            problems.append(_header_problem(file, header, names))
            return []
        for cells in reader:
            number = len(rows) + 2
            if len(cells) != len(names):
                what = "an empty line" if not cells else f"{len(cells)} cells"
                problems.append(
                    Problem(file, number, None, what, f"{len(names)} cells",
                            "Put quotes around a cell that holds a comma; remove empty lines.")
                )  # fmt: skip
                rows.append({})
                continue
            rows.append(dict(zip(names, cells)))
    except csv.Error as error:
        problems.append(
            Problem(file, len(rows) + 2, None, str(error), "well-formed CSV",
                    "Close every quotation mark; double the marks inside a quoted cell.")
        )  # fmt: skip
        return []
    if not rows:
        problems.append(Problem(file, None, None, "no rows", "at least one row", "Restore it."))
    check = [(field["name"], _checker(field)) for field in fields]
    for number, row in enumerate(rows, 2):
        if not row:
            continue
        for column, test in check:
            fault = test(row[column])
            if fault:
                expected, remedy = fault
                problems.append(Problem(file, number, column, repr(row[column]), expected, remedy))
    _check_key(file, resource["schema"].get("primaryKey"), rows, problems)
    return rows


def _header_problem(file: str, header: list[str], names: list[str]) -> Problem:
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        return Problem(file, 1, None, "columns parted by semicolons or tabs",
                       "columns parted by commas", "Save it again as comma-separated CSV.")  # fmt: skip
    missing = [name for name in names if name not in header]
    extra = [name for name in header if name not in names]
    twice = sorted({name for name in header if header.count(name) > 1})
    found = (
        f"missing {', '.join(missing)}" if missing
        else f"column {twice[0]!r} twice" if twice
        else f"unknown {', '.join(map(repr, extra))}" if extra
        else "the columns in another order"
    )  # fmt: skip
    return Problem(file, 1, (missing or extra or [None])[0], found, f"the columns {', '.join(names)}",
                   "Restore the header line; datapackage.json describes each column.")  # fmt: skip


def _check_key(file, key, rows, problems) -> None:
    if not key:
        return
    columns = [key] if isinstance(key, str) else key
    seen: dict[tuple, int] = {}
    for number, row in enumerate(rows, 2):
        if not row:
            continue
        value = tuple(row[column] for column in columns)
        if value in seen:
            problems.append(
                Problem(file, number, columns[0], repr(" ".join(value)),
                        f"a value that does not repeat row {seen[value]}",
                        "Remove the duplicate, or give the new row an id of its own.")
            )  # fmt: skip
        seen.setdefault(value, number)


_TEXT = ("", "Correct the cell; datapackage.json describes the column.")
_PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def _checker(field: dict):
    """A function from a cell's text to None, or to (expected, remedy)."""
    limits = field.get("constraints", {})
    kind = field["type"]
    required = limits.get("required", False)
    pattern = re.compile(limits["pattern"]) if "pattern" in limits else None
    allowed = set(limits.get("enum", ()))
    low, high = limits.get("minimum"), limits.get("maximum")

    def test(cell: str):
        if cell == "":
            return ("a value", f"{field['name']} may not be empty.") if required else None
        if cell != cell.strip():
            return "no blanks at either end", "Remove the blanks."
        if kind in ("number", "integer"):
            if not _PLAIN_NUMBER.fullmatch(cell) or (kind == "integer" and "." in cell):
                return (f"a plain {kind} such as 602000000 or 42.8",
                        "Write digits only, with a point for decimals and no separators.")  # fmt: skip
            if low is not None and Fraction(cell) < Fraction(str(low)):
                return f"at least {low}", _TEXT[1]
            if high is not None and Fraction(cell) > Fraction(str(high)):
                return f"at most {high}", _TEXT[1]
        elif kind == "date":
            try:
                if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", cell):
                    raise ValueError
                datetime.date.fromisoformat(cell)
            except ValueError:
                return ("a date such as 2025-12-31",
                        "Write year-month-day; spreadsheets like to change dates.")  # fmt: skip
        if allowed and cell not in allowed:
            return f"one of {', '.join(sorted(allowed))}", _TEXT[1]
        if pattern and not pattern.fullmatch(cell):
            return f"text like {limits['pattern']}", _TEXT[1]
        return None

    return test


def _near(key: str, known) -> str:
    import difflib

    close = difflib.get_close_matches(key, list(known), 3, 0.5)
    return f"; did you mean {' or '.join(close)}?" if close else "."
