"""The files of a package, read and checked cell by cell against `datapackage.json`.

The checks use the standard library only, because a library that does the same takes longer to
import than all tables to load; Frictionless checks the same schema in the tests.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
from fractions import Fraction
from pathlib import Path

from receiptbook.numbers import UnitError, declare
from receiptbook.tables.expression import FORMULA, PLAIN_NUMBER
from receiptbook.tables.problems import DataError, Problem


def described(folder: Path) -> bool:
    """Whether a folder holds tables with their description, which every reader of tables needs."""
    return (folder / "datapackage.json").exists()


def read_package(root: Path) -> dict:
    """`datapackage.json` of a folder; DataError if it is missing or no description."""
    path = root / "datapackage.json"
    try:
        package = json.loads(path.read_text("utf-8-sig"))
        if fault := _not_a_package(package):
            raise DataError([Problem("datapackage.json", None, None, *fault)])
    except FileNotFoundError:
        raise DataError(
            [Problem("datapackage.json", None, None, f"nothing in {root}", "the description",
                     "Point RECEIPTBOOK_DATA at a folder that holds datapackage.json.")]
        ) from None  # fmt: skip
    except json.JSONDecodeError as error:
        raise DataError(
            [Problem("datapackage.json", error.lineno, None, error.msg, "JSON",
                     "Correct that line, or restore it with: git checkout data/datapackage.json")]
        ) from None  # fmt: skip
    except UnicodeDecodeError as error:
        raise DataError(
            [Problem("datapackage.json", None, None, f"a byte that is not UTF-8 at {error.start}",
                     "JSON in UTF-8", "Restore it with: git checkout data/datapackage.json")]
        ) from None  # fmt: skip
    return package


_TYPES = ("string", "number", "integer", "date")


def _not_a_package(package: object) -> tuple[str, str, str] | None:
    """What a description lacks: found, expected and what to do; None if it describes tables."""
    tables = package.get("resources") if isinstance(package, dict) else None
    if not isinstance(tables, list) or not tables:
        return "no list of resources", "a Data Package", "Restore it from git."
    for key in ("counts", "measures"):
        words = package.get(key, {})
        if not isinstance(words, dict) or not all(isinstance(w, list) for w in words.values()):
            return (
                f"{key!r} that are no words",
                "lists of words by noun",
                'Write {"loans": ["loan"]}.',
            )
    seen: set[tuple[str, str]] = set()
    for number, table in enumerate(tables, 1):
        name = table.get("name") if isinstance(table, dict) else None
        place = f"resource {name or number}"
        for key, kind in (("name", str), ("path", str), ("schema", dict)):
            found = table.get(key) if isinstance(table, dict) else None
            if not found or not isinstance(found, kind):
                return f"{place} without {key!r}", "name, path and schema", f"Write its {key}."
            if kind is str and (key, found) in seen:
                return f"two resources with the {key} {found!r}", "one of each", "Remove one."
            seen.add((key, str(found)))
        if fault := _not_a_schema(place, table["schema"]):
            return fault
    return None


def _not_a_schema(place: str, schema: dict) -> tuple[str, str, str] | None:
    fields = schema.get("fields")
    if not isinstance(fields, list) or not fields:
        return f"{place} without fields", "a schema with fields", "Describe its columns."
    for column, field in enumerate(fields, 1):
        for key in ("name", "type"):
            if not isinstance(field, dict) or not isinstance(field.get(key), str):
                return (f"{place}, field {column} without {key!r}", "a name and a type",
                        f"Write the {key} of the column.")  # fmt: skip
        if fault := _not_a_field(field):
            return f"{place}, column {field['name']} with {fault[0]}", *fault[1:]
    return None


def _not_a_field(field: dict) -> tuple[str, str, str] | None:
    """What of a column's type and constraints cannot be checked: found, expected and what to do."""
    if field["type"] not in _TYPES:
        return f"the type {field['type']!r}", f"one of {', '.join(_TYPES)}", "Correct the type."
    limits = field.get("constraints", {})
    if not isinstance(limits, dict) or not isinstance(limits.get("enum", []), list):
        return "constraints of another form", 'such as {"enum": ["A", "B"]}', "Correct them."
    try:
        re.compile(limits.get("pattern", ""))
        [Fraction(str(limits[key])) for key in ("minimum", "maximum") if key in limits]
    except (re.error, TypeError, ValueError) as error:
        return f"a constraint that cannot be read ({error})", "a pattern or a number", "Correct it."
    return None


def declare_counts(package: dict) -> None:
    """Make known what the package counts and measures beside what every book does.

    Raises
    ------
    DataError
        if a word cannot be counted or already means something else
    """
    measures = package.get("measures", {})
    try:
        declare({**package.get("counts", {}), **measures}, measures)
    except UnitError as error:
        raise DataError(
            [Problem("datapackage.json", None, "counts", str(error), "a plural noun and its words",
                     'Write {"loans": ["loan"]}.')]
        ) from None  # fmt: skip


# What a byte of a longer character looks like in a wrong encoding, Windows' or Latin-1.
_INNER = "[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_CLOSES = "[‘’“”…–—»›]"  # may follow an accented letter in sound text: “Pokémon Café’”

# Control and invisible characters, and what text looks like after a wrong encoding.
_BROKEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\u200b-\u200f\u2028-\u202f\ufeff\ufffd]"
    r"|\?{3,}|â€|ï»¿|Ã[\xa0-\xff]"
    rf"|[ÂÃ](?![‘’“”…»›]){_INNER}|[à-ï](?!{_CLOSES}{{2}}){_INNER}{{2}}|[ð-ô]{_INNER}{{3}}"
)
# What each of them begins with: found in a tenth of the time.
_SUSPECT = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\u200b-\u200f\u2028-\u202f\ufeff\ufffd?ÂÃà-ô]"
)


_SAVE = "Save the table itself as 'CSV UTF-8'."
_OTHER_FILES = (  # how they begin, what they are, what to do
    ((b"\xff\xfe", b"\xfe\xff"), "UTF-16 text", "Save it again as 'CSV UTF-8'."),
    (
        (b"pk", b"\xd0\xcf\x11\xe0"),
        "an Excel workbook or zip file",
        "Save the sheet as 'CSV UTF-8'.",
    ),
    ((b"\x1f\x8b", b"bzh", b"par1"), "a compressed file", "Unpack it and save it as 'CSV UTF-8'."),
    ((b"<!doctype", b"<html", b"<?xml"), "a web page", _SAVE),
    ((b"%pdf",), "a PDF", _SAVE),
    ((b"{", b"["), "JSON", _SAVE),
    ((b"version https://git-lfs",), "a pointer to a file that Git LFS keeps", "Run: git lfs pull"),
    ((b"diff --git", b"--- a/"), "a list of changes", "Apply it to the table and keep the table."),
)


def _decode(path: Path, file: str, problems: list[Problem]) -> str | None:
    def fault(found: str, remedy: str) -> None:
        problems.append(Problem(file, None, None, found, "a CSV file in UTF-8", remedy))

    try:
        raw = path.read_bytes()
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        found = "no such file" if missing else f"what cannot be read ({error.strerror})"
        fault(found, "Restore it from git or remove it from datapackage.json.")
        return None
    if merge := re.search(rb"^(<{7}|={7}|>{7})(?: |\r?$)", raw, re.M):
        line = raw[: merge.start()].count(b"\n") + 1
        fault(f"a merge that is not finished in line {line}", "Choose one side; remove the marks.")
        return None
    for beginnings, kind, remedy in _OTHER_FILES:
        if raw.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(beginnings):
            fault(kind, remedy)
            return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        fault(f"a byte that is not UTF-8 in line {line}", "Save it again as 'CSV UTF-8'.")
        return None
    places = (one.start() for one in _SUSPECT.finditer(text))
    if bad := next(filter(None, (_BROKEN.match(text, place) for place in places)), None):
        line = text[: bad.start()].count("\n") + 1
        if len(bad[0]) > 1:
            fault(f"{bad[0]!r} in line {line}, text in the wrong encoding",
                  "Restore the cell and save the file as 'CSV UTF-8'.")  # fmt: skip
        else:
            fault(f"the character U+{ord(bad[0]):04X} in line {line}", "Remove it and save again.")
        return None
    return text


def read_table(root: Path, resource: dict, problems: list[Problem]) -> list[dict[str, str]]:
    """The rows of a table, every cell as text; what is wrong is added to `problems`.

    Parameters
    ----------
    root : the folder of the table
    resource : `path` and `schema`, as a Data Package describes a table
    problems : where faults are put; a row with too few or too many cells comes back empty
    """
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
        faults: dict[str, tuple | None] = {}  # by cell: most columns hold few different ones
        for number, row in enumerate(rows, 2):
            cell = row.get(column)
            if cell is None:
                continue
            if cell not in faults:
                faults[cell] = test(cell)
            if fault := faults[cell]:
                problems.append(Problem(file, number, column, repr(cell), *fault))
    _check_key(file, resource["schema"].get("primaryKey"), rows, problems)
    return rows


def _header_problem(file: str, header: list[str], names: list[str]) -> Problem:
    if header and re.fullmatch(r"sep=.?", header[0]):
        return Problem(file, 1, None, "a line that a spreadsheet wrote for itself",
                       "the names of the columns", "Remove the line sep=.")  # fmt: skip
    if len(header) == 1 and (mark := re.search(r"[;\t|]", header[0])):
        what = {";": "semicolons", "\t": "tabs", "|": "upright strokes"}[mark[0]]
        return Problem(file, 1, None, f"columns parted by {what}",
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


def _checker(field: dict):  # noqa: C901  one rule after another, made ready once a column
    """A function from a cell's text to None, or to (expected, remedy)."""
    limits = field.get("constraints", {})
    kind = field["type"]
    required = limits.get("required", False)
    pattern = re.compile(limits["pattern"]).fullmatch if "pattern" in limits else None
    allowed = frozenset(limits.get("enum", ()))
    low, high = limits.get("minimum"), limits.get("maximum")
    number, date = kind in ("number", "integer"), kind == "date"

    def test(cell: str):  # noqa: C901  one rule after another
        if cell == "":
            return ("a value", f"{field['name']} may not be empty.") if required else None
        if cell[0] <= " " or cell[-1] <= " ":
            return "no blanks at either end", "Remove the blanks."
        if '"' in cell and (cell.count('"') % 2 or cell[0] == cell[-1] == '"'):
            return "quotation marks in pairs", "Remove the stray mark, or use “these” in text."
        if FORMULA.match(cell):
            return ("text that no spreadsheet takes for a formula",
                    "Begin with a word: a cell that begins with =, +, - or @ is worked out.")  # fmt: skip
        if cell[0] == "#" and _SPREADSHEET.fullmatch(cell):
            return "a value, not a spreadsheet's error", "Restore the cell."
        if number:
            if not PLAIN_NUMBER.fullmatch(cell) or (kind == "integer" and "." in cell):
                return (f"a plain {kind} such as 602000000 or 42.8",
                        "Write digits only, with a point and no separators.")  # fmt: skip
            if low is not None and Fraction(cell) < Fraction(str(low)):
                return f"at least {low}", _REMEDY
            if high is not None and Fraction(cell) > Fraction(str(high)):
                return f"at most {high}", _REMEDY
        elif date or _DAY.fullmatch(cell):
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
