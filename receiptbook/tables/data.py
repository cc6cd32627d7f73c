"""The tables in data/: loading, checking, and every published figure as a quantity.

The checks come from `data/datapackage.json`. They use the standard library only, so that loading
is quicker than importing pandas; `Data.table` does that when a table is first asked for as one.
"""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from pathlib import Path

from receiptbook.book import Book
from receiptbook.numbers.quantity import (
    UNITS,
    Interval,
    Quantity,
    QuantityError,
    Reading,
    published,
    unit,
)

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

    def __init__(self, name: str, ids: Mapping[str, str], tables: Data):
        self.name = name
        self._ids = ids  # by date
        self._tables = tables

    def __getitem__(self, when: str) -> Quantity:
        hits = [id for date, id in self._ids.items() if date == when or date.startswith(when + "-")]
        if len(hits) != 1:
            known = ", ".join(self._ids)
            which = "no figure" if not hits else f"{len(hits)} figures"
            raise KeyError(f"{self.name} has {which} for {when!r}; its dates are {known}")
        return self._tables[hits[0]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def latest(self) -> Quantity:
        return self._tables[list(self._ids.values())[-1]]

    def nearest(self, when: str) -> Quantity:
        """The figure whose date is closest to a day; of two equally close the earlier one."""
        day = datetime.date.fromisoformat(when)
        away = {date: abs(datetime.date.fromisoformat(date) - day) for date in self._ids}
        return self[min(away, key=lambda date: (away[date], date))]


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
        self._series: dict[str, list[str]] = {}
        self._home: dict[str, tuple[str, dict[str, str]]] = {}
        self._collect(problems)
        if problems:
            raise DataError(problems)

    # ---- reading

    def __getitem__(self, id: str) -> Quantity:
        if id not in self._figures:
            if id not in self._home:
                raise KeyError(f"no figure {id!r} in data/{_near(id, self._home)}")
            self._figures[id] = _figure(self._home[id][1])
        return self._figures[id]

    def __contains__(self, id: str) -> bool:
        return id in self._home

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(self._home)

    def series(self, name: str) -> Series:
        """The time series of that name.

        Raises
        ------
        KeyError
            if there is no such series; the message names similar ones.
        """
        if name not in self._series:
            raise KeyError(f"no series {name!r} in data/{_near(name, self._series)}")
        ids = {self._home[id][1]["date"]: id for id in self._series[name]}
        return Series(name, ids, self)

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
        """The declared corrections and conflicts; `holds` tells whether the guard is still true."""
        return [
            {**row, "holds": all(self.holds(test) for test in row["guard"].split("; "))}
            for row in self.rows("corrections")
        ]

    def holds(self, guard: str) -> bool:
        """Is a guard true of the data as they stand?

        A guard compares two expressions of figure ids and quoted printed forms, or says whether a
        figure or entry is in the package: "a meets b / c", "a misses b - '1.9 points'",
        "a exceeds b", "present a", "absent a". `meets` means that the rounding intervals share a
        number, `exceeds` that every number of the first lies above every number of the second.

        Raises
        ------
        QuantityError
            if the guard cannot be read.
        """
        if match := re.fullmatch(r"(present|absent) (\S+)", guard):
            return (match[2] in self._places) == (match[1] == "present")
        match = re.fullmatch(r"(.+) (meets|misses|exceeds) (.+)", guard)
        if not match:
            raise QuantityError(f"cannot read the guard {guard!r}")
        counted = next((self[w].unit for w in re.findall(r"[\w-]+", guard) if w in self), None)

        def operand(text: str):
            if quoted := re.fullmatch(r"'(.+)'", text):
                with_word = re.search(r"%|percent|point|成|‰", quoted[1])
                return published(quoted[1], None if with_word else counted)
            return Fraction(text) if _PLAIN_NUMBER.fullmatch(text) else self[text]

        left, right = (_interval(calculate(match[i], operand)) for i in (1, 3))
        if match[2] == "exceeds":
            return left.lower > right.upper or (
                left.lower == right.upper and (left.lower_open or right.upper_open)
            )
        return left.meets(right) == (match[2] == "meets")

    # ---- checking across tables

    def _collect(self, problems: list[Problem]) -> None:
        places: dict[str, tuple[str, int]] = {}
        for name, resource in self._resources.items():
            role, file, rows = resource.get("role"), resource["path"], self._rows[name]
            cited = [
                field["name"]
                for field in resource["schema"]["fields"]
                if field["name"] in ("sources", "says_who")
            ]
            for number, row in enumerate(rows, 2):
                for column in cited:
                    self._check_sources(file, number, column, row, problems)
                key = row.get("id")
                if key and role != "sources":
                    if key in places:
                        other, line = places[key]
                        problems.append(
                            Problem(file, number, "id", repr(key), "an id used once in all tables",
                                    f"It stands in {other}, row {line}, too; rename one of them.")
                        )  # fmt: skip
                    places.setdefault(key, (file, number))
                if role in ("figures", "assumptions"):
                    self._add_figure(resource, number, row, problems)
        self._places = places
        self._check_order(places, problems)
        for number, row in enumerate(self._rows.get("corrections", ()), 2):
            for key in row["about"].split(";"):
                if key not in places:
                    problems.append(
                        Problem("corrections.csv", number, "about", repr(key), "an id of a row",
                                f"Correct the id{_near(key, places)}")
                    )  # fmt: skip

    def _check_order(self, places, problems) -> None:
        for name, ids in self._series.items():
            dates = [self._home[id][1]["date"] for id in ids]
            for before, after, id in zip(dates, dates[1:], ids[1:], strict=False):
                if after <= before:
                    file, number = places[id]
                    problems.append(
                        Problem(file, number, "date", f"{after} after {before} in series {name}",
                                "dates that rise within a series, each once",
                                "Put the waves in order of time and keep one row for each wave.")
                    )  # fmt: skip

    def _check_sources(self, file, number, column, row, problems) -> None:
        for key in filter(None, row[column].split(";")):
            if key not in self.sources:
                problems.append(
                    Problem(file, number, column, repr(key), "an id in sources.csv",
                            f"Add the source there or correct the id{_near(key, self.sources)}")
                )  # fmt: skip

    def _add_figure(self, resource, number, row, problems) -> None:
        file, id = resource["path"], row["id"]
        derivation = row.get("derivation", "")
        if bool(row["printed"]) == bool(derivation):
            both = "a printed form and a derivation" if derivation else "neither form"
            problems.append(
                Problem(file, number, "printed", both, "a printed form, or else a derivation",
                        "Keep the printed form where one was printed.")
            )  # fmt: skip
            return
        self._home[id] = (resource["name"], row)
        if row.get("series"):
            self._series.setdefault(row["series"], []).append(id)
        if not _plainly_right(row):
            try:
                figure = self._figures[id] = _figure(row)
            except QuantityError as error:
                column = "unit" if "unit" in str(error).split(":")[0] else "printed"
                column = "derivation" if derivation and column == "printed" else column
                problems.append(
                    Problem(file, number, column, repr(row[column]), "a readable published number",
                            f"{error}.")
                )  # fmt: skip
                return
            in_unit, said = figure.value / figure.unit.scale, Fraction(row["value"])
            if abs(in_unit - said) > (_last_unit(row["value"]) / 2 if derivation else 0):
                problems.append(
                    Problem(file, number, "value", row["value"],
                            f"{float(in_unit):.12g}, which is what "
                            f"{derivation or row['printed']!r} says in {figure.unit}",
                            "Correct the value or the printed form: the two must agree.")
                )  # fmt: skip
        shares = resource.get("shares", ())
        a_share = row["unit"] == "percent" and (shares == "all" or row.get("series") in shares)
        if a_share and not 0 <= float(row["value"]) <= 100:
            problems.append(
                Problem(file, number, "value", row["value"], "a share from 0 to 100 percent",
                        "Check the printed form, or move the figure to a table of other ratios.")
            )  # fmt: skip


# ----------------------------------------------------------------------------------- one figure


def _figure(row: dict[str, str]) -> Quantity:
    """The quantity of one row, read from its printed form or worked out from its derivation."""
    month, symbol = row.get("date", "")[:7], row.get("symbol", "")
    known = {
        "id": row["id"],
        "label": f"{symbol}({month})"
        if symbol and month
        else symbol or row.get("label") or row["id"],
        "date": row.get("date", ""),
        "sources": tuple(filter(None, row.get("sources", "").split(";"))),
        "note": row.get("note", ""),
    }
    if row.get("derivation"):
        return derived(
            row["derivation"], row["unit"], row["value"], row.get("precision") or None, **known
        )
    return published(row["printed"], row["unit"], precision=row.get("precision") or None, **known)


def derived(
    text: str, unit_name: str, value: str, precision: str | None = None, **known
) -> Quantity:
    """A figure that was worked out from printed ones, for example "3.64亿 / (1 + 6%)".

    It stands as an input of its own, with the range that the printed forms allow. A bare number
    ("1", "41") is exact; the same printed form stands for the same figure wherever it is repeated.

    Parameters
    ----------
    text : printed forms joined by + - * / between blanks, with brackets
    unit_name : what the result counts
    value : the result as the table states it; its last digit tells the step of the reading
    precision : one unit of the result's last significant digit, in the unit, where the printed
        forms hide it; the range is then half of that to either side
    """
    target = unit(unit_name)
    seen: dict[str, Quantity] = {}

    def operand(form: str):
        if _PLAIN_NUMBER.fullmatch(form):
            return Fraction(form)
        if form not in seen:
            try:
                seen[form] = published(form)
            except QuantityError:
                seen[form] = published(form, target if target.kind == "amount" else "items")
        return seen[form]

    result = calculate(text, operand)
    if isinstance(result, Fraction):
        centre = result * target.scale
    elif result.unit.kind != target.kind or result.unit.things != target.things:
        raise QuantityError(f"{text!r} gives {result.unit} where the unit is {target}")
    else:
        centre = result.value
    interval = _interval(result)
    if isinstance(result, Fraction):
        interval = interval.scaled(target.scale)
    if precision:
        half = Fraction(precision) * target.scale / 2
        interval = Interval(centre - half, centre + half)
    reading = Reading(text, centre, _last_unit(value) * target.scale, interval, None, "derived")
    return Quantity(target, "input", (), printed=text, reading=reading, **known)


def _interval(x) -> Interval:
    return Interval(x, x) if isinstance(x, Fraction) else x.interval


def _last_unit(value: str) -> Fraction:
    """One unit of the last digit that is not a trailing zero: 1000000 for "343000000"."""
    whole, _, decimals = value.lstrip("-").partition(".")
    if decimals:
        return Fraction(1, 10 ** len(decimals))
    return (
        Fraction(10 ** (len(whole) - len(whole.rstrip("0")))) if whole.strip("0") else Fraction(1)
    )


def calculate(text: str, operand):
    """The value of an expression; `operand` turns the text of each operand into a number.

    Operators + - * / stand between blanks, so that an operand may hold hyphens and blanks.

    Raises
    ------
    QuantityError
        if the expression is not well formed.
    """
    tokens = [t.strip() for t in re.split(r"(\s[-+*/]\s|[()])", text) if t.strip()]

    def fail():
        raise QuantityError(f"cannot read the expression {text!r}: write it as 'a / (1 + b)'")

    def term():
        left = factor()
        while tokens and tokens[0] in ("*", "/"):
            sign, right = tokens.pop(0), factor()
            if sign == "/" and isinstance(right, Fraction) and not right:
                fail()
            left = left * right if sign == "*" else left / right
        return left

    def total():
        left = term()
        while tokens and tokens[0] in ("+", "-"):
            left = left + term() if tokens.pop(0) == "+" else left - term()
        return left

    def factor():
        token = tokens.pop(0) if tokens else fail()
        if token == "(":
            inner = total()
            if not tokens or tokens.pop(0) != ")":
                fail()
            return inner
        return fail() if token in ("+", "-", "*", "/", ")") else operand(token)

    result = total()
    return fail() if tokens else result


_SIMPLE = re.compile(
    r"(\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.(\d{1,12}))?( ?%| percent|亿|億|万|萬|万人| million|个|款|)"
)
_POWER = {"亿": 8, "億": 8, "万": 4, "萬": 4, "万人": 4, " million": 6, "": 0, "个": 0, "款": 0}


def _bare(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number


def _plainly_right(row: dict[str, str]) -> bool:
    """Is this one of the common printed forms, and does it agree with its value?

    A quick yes for most rows; everything else is read in full.
    """
    match = _SIMPLE.fullmatch(row["printed"])
    if not match or row.get("precision"):
        return False
    whole, decimals, word = match.groups()
    whole, decimals = whole.replace(",", ""), decimals or ""
    if row["unit"] == "percent":
        said = _bare(f"{int(whole)}.{decimals}") == _bare(row["value"])
        return said and (word == "" or word not in _POWER)
    kind = UNITS.get(row["unit"])
    if kind is None or kind.kind != "amount" or len(decimals) > _POWER.get(word, -1):
        return False
    return row["value"] == str(int(whole + decimals) * 10 ** (_POWER[word] - len(decimals)))


def load(root: str | Path | None = None) -> Data:
    """Load and check the package; the result is kept, so a second call costs nothing.

    Raises
    ------
    DataError
        naming file, row, column, what was found, what was expected and what to do.
    """
    return _load(Path(root or Book.here().data).resolve())


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
            [Problem("datapackage.json", None, None, f"nothing in {root}", "the description",
                     "Point RECEIPTBOOK_DATA at a folder that holds datapackage.json.")]
        ) from None  # fmt: skip
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise DataError(
            [Problem("datapackage.json", None, None, f"{type(error).__name__}: {error}",
                     "a Data Package with resources and schemas", "Restore the file from git.")]
        ) from None  # fmt: skip
    return package


# Control and invisible characters, and what text looks like after a wrong encoding.
_BAD = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\u200b-\u200f\u2028-\u202f\ufeff\ufffd]"
    r"|\?{3,}|â€|ï»¿|Ã[\xa0-\xff]"
)


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
    if bad := _BAD.search(text):
        line = text[: bad.start()].count("\n") + 1
        if len(bad[0]) > 1:
            fault(f"{bad[0]!r} in line {line}, text in the wrong encoding",
                  "Restore the cell and save the file as 'CSV UTF-8'.")  # fmt: skip
        else:
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
            rows.append(dict(zip(names, cells, strict=True)))
    except csv.Error as error:
        problems.append(
            Problem(file, len(rows) + 2, None, str(error), "well-formed CSV",
                    "Close every quotation mark; double the marks inside a quoted cell.")
        )  # fmt: skip
        return []
    if not rows:
        problems.append(Problem(file, None, None, "no rows", "at least one row", "Restore it."))
    for field in fields:
        column, test = field["name"], _checker(field)
        verdicts: dict[str, tuple | None] = {}  # most columns repeat themselves
        for number, row in enumerate(rows, 2):
            cell = row.get(column)
            if cell is None:
                continue
            if cell not in verdicts:
                verdicts[cell] = test(cell)
            if fault := verdicts[cell]:
                problems.append(Problem(file, number, column, repr(cell), *fault))
    _check_key(file, resource["schema"].get("primaryKey"), rows, problems)
    return rows


def _header_problem(file: str, header: list[str], names: list[str]) -> Problem:
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        return Problem(file, 1, None, "columns parted by semicolons or tabs",
                       "columns parted by commas", "Save it as comma-separated CSV.")  # fmt: skip
    missing = [name for name in names if name not in header]
    extra = [name for name in header if name not in names]
    twice = sorted({name for name in header if header.count(name) > 1})
    found = (
        f"missing {', '.join(missing)}" if missing
        else f"column {twice[0]!r} twice" if twice
        else f"unknown {', '.join(map(repr, extra))}" if extra
        else "the columns in another order"
    )  # fmt: skip
    column = (missing or extra or [None])[0]
    return Problem(file, 1, column, found, f"the columns {', '.join(names)}",
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


_REMEDY = "Correct the cell; datapackage.json describes the column."
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SPREADSHEET = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|#+)")
_PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def _checker(field: dict):
    """A function from a cell's text to None, or to (expected, remedy)."""
    limits = field.get("constraints", {})
    kind = field["type"]
    required = limits.get("required", False)
    pattern = re.compile(limits["pattern"]).fullmatch if "pattern" in limits else None
    allowed = frozenset(limits.get("enum", ()))
    low, high = limits.get("minimum"), limits.get("maximum")
    number, date = kind in ("number", "integer"), kind == "date"

    def test(cell: str):
        if cell == "":
            return ("a value", f"{field['name']} may not be empty.") if required else None
        if cell[0] <= " " or cell[-1] <= " ":
            return "no blanks at either end", "Remove the blanks."
        if '"' in cell and (cell.count('"') % 2 or cell[0] == cell[-1] == '"'):
            return "quotation marks in pairs", "Remove the stray mark, or use “these” in text."
        if cell[0] == "#" and _SPREADSHEET.fullmatch(cell):
            return "a value, not a spreadsheet's error", "Restore the cell."
        if number:
            if not _PLAIN_NUMBER.fullmatch(cell) or (kind == "integer" and "." in cell):
                return (f"a plain {kind} such as 602000000 or 42.8",
                        "Write digits only, with a point and no separators.")  # fmt: skip
            if low is not None and Fraction(cell) < Fraction(str(low)):
                return f"at least {low}", _REMEDY
            if high is not None and Fraction(cell) > Fraction(str(high)):
                return f"at most {high}", _REMEDY
        elif date:
            try:
                if not _DAY.fullmatch(cell):
                    raise ValueError
                datetime.date.fromisoformat(cell)
            except ValueError:
                return ("a date such as 2025-12-31",
                        "Write year-month-day; spreadsheets like to change dates.")  # fmt: skip
        if allowed and cell not in allowed:
            return f"one of {', '.join(sorted(allowed))}", _REMEDY
        if pattern and not pattern(cell):
            return f"text like {limits['pattern']}", _REMEDY
        return None

    return test


def _near(key: str, known) -> str:
    import difflib

    close = difflib.get_close_matches(key, list(known), 3, 0.5)
    return f"; did you mean {' or '.join(close)}?" if close else "."
