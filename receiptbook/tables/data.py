"""All tables of a package: every published figure as a quantity, series, sources, corrections."""

from __future__ import annotations

import copy
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from receiptbook.book import Book
from receiptbook.dates import nearest
from receiptbook.numbers import Quantity, QuantityError, UnitError, mismatch, published
from receiptbook.tables.expression import evaluate
from receiptbook.tables.figures import figure_of, interval_of, last_unit
from receiptbook.tables.problems import DataError, Problem, near
from receiptbook.tables.reading import declare_counts, read_package, read_table
from receiptbook.tables.relations import PRESENCE, RELATIONS, is_comparison, parts

# Elsewhere a lone comma between digits is what a spreadsheet made of a point.
_WRITE_A_DECIMAL_COMMA = frozenset(
    "bg ca cs da de el es et fi fr hr hu id is it lt lv nb nl nn no pl pt ro ru sk sl sr sv tr uk"
    " vi".split()
)
_DECIMAL_COMMA = re.compile(r"(?<![\d,.])(?:0,\d+|[1-9]\d*,\d{1,2})(?!,?\d)")


_GUARDS = ", ".join(f"'a {relation} b'" for relation in RELATIONS)
UNNAMED = "Publisher not named"


@dataclass(frozen=True)
class Source:
    """Where a figure was read: a row of sources.csv; `date` may be a year or a month alone."""

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

    @property
    def named(self) -> str:
        """The publisher; where a page names none, the host that serves it."""
        host = re.sub(r"^www\.", "", urlsplit(self.url).hostname or "")
        return (
            f"{host} (names no publisher)" if self.publisher == UNNAMED and host else self.publisher
        )

    @property
    def shown(self) -> str:
        """The title, or what is said in its place; where neither is known, the address."""
        what = re.sub(r"^(?:Title|Headline) not read(?:: )?", "", self.title)
        return what or re.sub(r"^https?://(?:www\.)?|/$", "", self.url)[:80] or "no address"


class _NotInTables(KeyError):
    """The id of what a guard names and the tables do not hold."""


Operand = Quantity | Fraction
LookUp = Callable[[str], Quantity]


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

    def __repr__(self) -> str:
        held = [f"  {date}  {self[date].printed or self[date].show()}" for date in self]
        return "\n".join([f"{self.name}: {_counted(held, 'figure')}", *held])

    @property
    def latest(self) -> Quantity:
        return self._tables[list(self._ids.values())[-1]]

    @property
    def bounded(self) -> Series:
        """The figures with both ends: those printed as "more than 700 million" are left out."""
        closed = {date: id for date, id in self._ids.items() if self[date].interval.bounded}
        return Series(self.name, closed, self._tables)

    def until(self, day: str) -> Series:
        """The figures up to a day: what is said about a time does not move with later ones."""
        return Series(self.name, {d: id for d, id in self._ids.items() if d <= day}, self._tables)

    def nearest(self, when: str) -> Quantity:
        """The figure whose date is closest to a day; of two equally close the earlier one."""
        return self[nearest(when, self)]


class Data:
    """All tables of the package, checked.

    Indexing by id gives a figure; `series` a time series; `rows` a table as dictionaries of text;
    `table` the same as a pandas frame; `sources` the sources by id.
    """

    def __init__(self, root: Path):
        self.root = root
        self.package = read_package(root)
        declare_counts(self.package)
        self._resources = {r["name"]: r for r in self.package["resources"]}
        self._rows: dict[str, list[dict[str, str]]] = {}
        problems: list[Problem] = []
        for name, resource in self._resources.items():
            self._rows[name] = read_table(root, resource, problems)
        if problems:
            raise DataError(problems)
        self.sources = {r["id"]: Source(**r) for r in self.rows_of("sources")}
        self._figures: dict[str, Quantity] = {}
        self._series: dict[str, list[str]] = {}
        self._home: dict[str, tuple[str, dict[str, str]]] = {}
        self._collect(problems)
        if not problems:
            self._check_guards(problems)
        if problems:
            raise DataError(problems)

    def __repr__(self) -> str:
        lines = [f"{_counted(self._figures, 'figure')} from {_counted(self.sources, 'source')}"]
        for name, rows in self._rows.items():
            series = dict.fromkeys(row["series"] for row in rows if row.get("series"))
            named = f"; series {', '.join([*series][:3])}" if series else ""
            named += f" and {len(series) - 3} more" if len(series) > 3 else ""
            lines.append(f"  {name}: {_counted(rows, 'row')}{named}")
        ways = "tables[id] is a figure, tables.series(name) a series, tables.table(name) a pandas frame"
        return "\n".join([*lines, ways])

    @property
    def licence(self) -> str:
        """The licence of the package in a word or two, such as "CC BY 4.0"."""
        return self.package["licenses"][0]["name"].replace("-", " ")

    # ---- reading

    def __getitem__(self, id: str) -> Quantity:
        if id not in self._figures:
            raise KeyError(f"no figure {id!r} in data/{near(id, self._figures)}")
        return self._figures[id]

    def __contains__(self, id: str) -> bool:
        return id in self._figures

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(self._figures)

    def starting(self, prefix: str) -> dict[str, Quantity]:
        """The figures whose id starts with a prefix, by id, in the order of the tables.

        Raises
        ------
        KeyError
            if there is none; the message names similar ids.
        """
        found = {id: figure for id, figure in self._figures.items() if id.startswith(prefix)}
        if not found:
            raise KeyError(
                f"no figure starts with {prefix!r} in data/{near(prefix, self._figures)}"
            )
        return found

    def series(self, name: str) -> Series:
        """The time series of that name.

        Raises
        ------
        KeyError
            if there is no such series; the message names similar ones.
        """
        if name not in self._series:
            raise KeyError(f"no series {name!r} in data/{near(name, self._series)}")
        ids = {self._home[id][1]["date"]: id for id in self._series[name]}
        return Series(name, ids, self)

    def rows(self, name: str) -> list[dict[str, str]]:
        """A table as a list of rows, every cell as text."""
        if name not in self._rows:
            raise KeyError(f"no table {name!r} in data/{near(name, self._rows)}")
        return [dict(row) for row in self._rows[name]]

    def rows_of(self, role: str) -> list[dict[str, str]]:
        """The rows of all tables that have a role in the package: claims, sources, timeline, …"""
        return [row for name in self.named(role) for row in self.rows(name)]

    def named(self, role: str) -> list[str]:
        """The names of the tables that have a role in the package."""
        return [name for name, one in self._resources.items() if one.get("role") == role]

    def row(self, id: str) -> dict[str, str]:
        """The row that a figure was read from."""
        self[id]
        return dict(self._home[id][1])

    def table_of(self, id: str) -> str:
        """Name of the table that holds a figure."""
        self[id]
        return self._home[id][0]

    def place_of(self, id: str) -> tuple[str, int]:
        """File and row of the entry with that id, as a message names them."""
        return self._places[id]

    def impossible(self, id: str, figure: Quantity) -> str:
        """Why a figure cannot stand in the place of another, in words; empty if it can.

        A count that cannot be negative is not, a share is at most the whole, and the series that the
        package says lie within others ("within": {"users": "population"}) do.
        """
        if figure.value < 0 <= self[id].value:
            return f"{figure.printed!r} is below zero, which it cannot be"
        limit = self.limit_of(id)
        if limit == "1" and figure.interval.lower > 1:
            return f"{figure.printed!r} is more than the whole"
        if limit in self and figure.interval.lower > self[limit].interval.upper:
            whole = self[limit]
            return f"{figure.printed!r} is more than {whole.label} = {whole.printed}"
        return ""

    def limit_of(self, id: str) -> str:
        """What a figure cannot exceed: the id of another, "1" for a share of a whole, or nothing."""
        resource, row = self._resources[self.table_of(id)], self.row(id)
        if _is_share(resource, row):
            return "1"
        series = resource.get("within", {}).get(row.get("series"))
        return self.series(series).nearest(row["date"]).id if series else ""

    def changed(self, rows: Mapping[str, Mapping[str, str]]) -> Data:
        """These tables with other rows for some figures, by id; nothing is checked again."""
        other = copy.copy(self)
        other.__dict__.pop("corrections", None)  # which rows hold is worked out anew
        other._rows = {  # noqa: SLF001  a copy of this object
            name: [dict(rows.get(row.get("id"), row)) for row in table]
            for name, table in self._rows.items()
        }
        home = {id: (self.table_of(id), row) for id, row in rows.items()}
        other._home = {**self._home, **home}  # noqa: SLF001  the same
        figures = {id: figure_of(row) for id, row in rows.items()}
        other._figures = {**self._figures, **figures}  # noqa: SLF001  the same
        return other

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
            for row in self.rows_of("corrections")
        ]

    def entries(self, role: str) -> dict[str, dict[str, str]]:
        """The rows of every table with that role, by id; none if no table has it."""
        return {row["id"]: row for row in self.rows_of(role)}

    def compared(self, guard: str, look_up: LookUp | None = None) -> tuple[Operand, str, Operand]:
        """Both sides of a guard that compares, and the word between them.

        look_up : finds what is no figure of the package, such as a chapter's receipt; raises KeyError
        """
        left, relation, right = parts(guard)

        def operand(text: str) -> Quantity:
            if form := self.form_in(guard, text):
                return form
            return self[text] if text in self or look_up is None else look_up(text)

        first, second = evaluate(left, operand), evaluate(right, operand)
        both = isinstance(first, Quantity) and isinstance(second, Quantity)
        if both and not first.unit.like(second.unit):
            raise UnitError(f"{guard!r}: {mismatch(first.unit, second.unit)}")
        return first, relation, second

    def form_in(self, guard: str, text: str) -> Quantity | None:
        """The printed form that an operand of a guard quotes; None if it quotes none.

        A form that names no unit, such as '5 million', is in the one that the guard's figures count.
        """
        if not (quoted := re.fullmatch(r"'(.+)'", text)):
            return None
        units = [self[word].unit for word in re.findall(r"[\w-]+", guard) if word in self]
        counted = next((one for one in units if one.kind == "amount"), units[0] if units else None)
        with_word = re.search(r"%|percent|point|成|‰", quoted[1])
        return published(quoted[1], None if with_word else counted)

    def holds(self, guard: str, look_up: LookUp | None = None) -> bool:
        """Is a guard true of the data as they stand?

        A guard compares two expressions of figure ids and quoted printed forms, or says whether a
        figure or entry is in the package: "a meets b / c", "a misses b - '1.9 points'",
        "a above b", "a below b", "present a", "absent a". `meets` means that the rounding intervals
        share a number, `above` that every number of the first lies above every number of the second.

        Raises
        ------
        QuantityError
            if the guard cannot be read.
        """
        if match := PRESENCE.fullmatch(guard):
            return (match[2] in self._places) == (match[1] == "present")
        first, relation, second = self.compared(guard, look_up)
        return RELATIONS[relation](interval_of(first), interval_of(second))

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
        for name in self.named("corrections"):
            file = self._resources[name]["path"]
            for number, row in enumerate(self._rows[name], 2):
                for key in row["about"].split(";"):
                    if key not in places:
                        problems.append(
                            Problem(file, number, "about", repr(key), "an id of a row",
                                    f"Correct the id{near(key, places)}")
                        )  # fmt: skip

    def _check_guards(self, problems) -> None:
        """Each guard is one that can be worked out; a comparison may name receipts, found later."""

        def unknown(id: str) -> Quantity:
            raise _NotInTables(id)

        for name, resource in self._resources.items():
            file, later = resource["path"], resource.get("role") == "comparisons"
            for number, row in enumerate(self._rows[name], 2):
                for test in row["guard"].split("; ") if row.get("guard") else []:
                    remedy = ""
                    if not (PRESENCE.fullmatch(test) or is_comparison(test)):
                        remedy = f"Write {_GUARDS}, 'present a' or 'absent a'."
                    else:
                        try:
                            self.holds(test, unknown)
                        except _NotInTables as error:
                            id = error.args[0]
                            remedy = "" if later else f"There is no {id!r}{near(id, self._figures)}"
                        except QuantityError as error:
                            remedy = f"{error}."
                    if remedy:
                        problems.append(
                            Problem(file, number, "guard", repr(test), "a test of figures", remedy)
                        )

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
                            f"Add the source there or correct the id{near(key, self.sources)}")
                )  # fmt: skip

    def _check_comma(self, file, number, row, problems) -> None:
        keys = row.get("sources", "").split(";")
        spoken = {self.sources[key].language.split("-")[0] for key in keys if key in self.sources}
        if not spoken & _WRITE_A_DECIMAL_COMMA:
            problems.append(
                Problem(file, number, "printed", repr(row["printed"]),
                        "a decimal point, as the languages of its sources write it",
                        "Write a point, or cite the source that prints a comma.")
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
        try:
            figure = self._figures[id] = figure_of(row)
        except QuantityError as error:
            column = "unit" if "unit" in str(error).split(":")[0] else "printed"
            column = "derivation" if derivation and column == "printed" else column
            column = "precision" if str(error).startswith("the precision of") else column
            problems.append(
                Problem(file, number, column, repr(row[column]), "a readable published number",
                        f"{error}.")
            )  # fmt: skip
            return
        if _DECIMAL_COMMA.search(row["printed"]):
            self._check_comma(file, number, row, problems)
        in_unit, said = figure.value / figure.unit.scale, Fraction(row["value"])
        if abs(in_unit - said) > (last_unit(row["value"]) / 2 if derivation else 0):
            problems.append(
                Problem(file, number, "value", row["value"],
                        f"{float(in_unit):.12g}, which is what "
                        f"{derivation or row['printed']!r} says in {figure.unit}",
                        "Correct the value or the printed form: the two must agree.")
            )  # fmt: skip
        if row.get("precision") and (fault := _wrong_step(row, figure)):
            problems.append(
                Problem(file, number, "precision", row["precision"], fault,
                        "Write one unit of the last digit that is known, or leave it empty.")
            )  # fmt: skip
        if _is_share(resource, row) and not 0 <= float(row["value"]) <= 100:
            problems.append(
                Problem(file, number, "value", row["value"], "a share from 0 to 100 percent",
                        "Check the printed form, or move the figure to a table of other ratios.")
            )  # fmt: skip


def _counted(things, name: str) -> str:
    return f"{len(things)} {name}{'' if len(things) == 1 else 's'}"


def _wrong_step(row: Mapping[str, str], figure: Quantity) -> str:
    """What a row's precision ought to be instead; empty if it can be that."""
    step = Fraction(row["precision"])
    if step > abs(Fraction(row["value"])) > 0:
        return f"a step no larger than the number, {row['value']}"
    if figure.unit.counts_whole_things and row["printed"]:
        shown = published(row["printed"], figure.unit).reading.step
        if step < shown:
            return f"a step no finer than the printed one, {float(shown):.12g}"
    return ""


def _is_share(resource: Mapping, row: Mapping[str, str]) -> bool:
    """Does the package say of a row that it is a share of a whole?"""
    shares = resource.get("shares", ())
    return row["unit"] == "percent" and (shares == "all" or row.get("series") in shares)


def load(root: str | Path | None = None) -> Data:
    """Load and check the package; the result is kept until a file of the package is edited.

    Raises
    ------
    DataError
        naming file, row, column, what was found, what was expected and what to do.

    >>> "sources" in load().tables
    True
    """
    if root is None and (tables := _in_place.get()):
        return tables
    folder = Path(root or Book.here().data).resolve()
    return _load(folder, _stamp(folder))


_in_place: ContextVar[Data | None] = ContextVar("tables in place of the book's", default=None)


@contextmanager
def in_place(tables: Data) -> Iterator[None]:
    """`load()` gives these tables for a while, in place of the book's own."""
    before = _in_place.set(tables)
    try:
        yield
    finally:
        _in_place.reset(before)


def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Name, time and size of each file of a package: what tells an edited one from the last read."""
    if not folder.is_dir():
        return ()
    with os.scandir(folder) as entries:
        files = [one for one in entries if one.name.endswith((".csv", ".json"))]
        return tuple(sorted((f.name, f.stat().st_mtime_ns, f.stat().st_size) for f in files))


@lru_cache(maxsize=4)
def _load(root: Path, stamp: tuple) -> Data:
    """The package as it stood when its files bore that stamp."""
    return Data(root)
