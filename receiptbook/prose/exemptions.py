"""Phrases that may stand in prose without a receipt: each with its page, its uses and a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from receiptbook.book import Book, exercises_of
from receiptbook.book.notebooks import csv_text, read_rows
from receiptbook.numbers import QuantityError, read
from receiptbook.prose.text import NUMERAL, runs, whole, without_dates
from receiptbook.receipts.collect import Place, pieces

FIELDS = ("phrase", "file", "count", "reason")
_SMALL = 1000  # a phrase with a figure from here on needs a receipt


@dataclass(frozen=True)
class Exemption:
    """A phrase that stands `count` times in the pieces of one file ("exercises/skills.csv")."""

    phrase: str
    file: str
    count: int
    reason: str
    row: int


@dataclass(frozen=True)
class Exemptions:
    """The exemptions of a book, as its file lists them."""

    rows: tuple[Exemption, ...] = ()

    @classmethod
    def of(cls, book: Book) -> Exemptions:
        """The list of a book; empty if it has none.

        Raises
        ------
        ValueError
            if a row lacks one of its four cells, or its phrase holds a figure of a thousand or more
        """
        if not book.exemptions.exists():
            return cls()
        rows = read_rows(book.exemptions, "phrase", "file", "count", "reason")
        title = book.title
        return cls(tuple(_checked(n, row, title) for n, row in enumerate(rows, 2)))

    @cached_property
    def _by_file(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for one in sorted(self.rows, key=lambda one: -len(one.phrase)):
            found.setdefault(one.file, []).append(one.phrase)
        return found

    def phrases(self, file: str) -> list[str]:
        """The phrases that a file may hold, the longest first."""
        return self._by_file.get(file, [])

    def uses(self, held: Iterable[tuple[Place, str]]) -> Counter[tuple[str, str]]:
        """How often each phrase stands in some pieces of prose, by (phrase, file)."""
        found: Counter[tuple[str, str]] = Counter()
        for place, markdown in held:
            for _, text in runs(markdown):
                for phrase in self.phrases(place.file):
                    text, count = whole(phrase).subn("", text)
                    found[phrase, place.file] += count
        return found

    def miscounted(
        self, pages: Iterable[Path], uses: Mapping[tuple[str, str], int]
    ) -> Iterator[tuple[Exemption, int]]:
        """Each exemption whose phrase is used more or less often than it says, with its uses.

        pages : those whose uses were counted; rows for the files of others are passed over
        """
        files = _files(list(pages))
        for one in self.rows:
            used = uses.get((one.phrase, one.file), 0)
            if one.file in files and used != one.count:
                yield one, used

    def lost(self, pages: Iterable[Path]) -> list[Exemption]:
        """Those for a file that holds the prose of none of a book's pages.

        pages : all of the book
        """
        there = _files(list(pages))
        return [one for one in self.rows if one.file not in there]

    def lowered(self, pages: Iterable[Path]) -> Exemptions:
        """The list with the counts of phrases that are used less often; unused ones are left out.

        No count is raised: whether a new use has its reason, a person decides.
        """
        pages = list(pages)
        uses = self.uses(piece for page in pages for piece in pieces(page))
        used = dict(self.miscounted(pages, uses))
        rows = (replace(one, count=min(one.count, used.get(one, one.count))) for one in self.rows)
        return Exemptions(tuple(one for one in rows if one.count))

    def to_csv(self) -> str:
        """The list as its file holds it."""
        return csv_text([FIELDS, *([getattr(one, name) for name in FIELDS] for one in self.rows)])


def _files(pages: list[Path]) -> set[str]:
    """The files whose prose is all in some pages.

    What is said to slips stands in one file for all exercises, so it takes the pages of all.
    """
    stems = {page.stem for page in pages}
    tables = {table for page in pages for table in exercises_of(page).parent.glob("*.csv")}
    files = {page.name for page in pages}
    files |= {f"exercises/{table.name}" for table in tables if table.stem in stems}
    return files | ({"slips.csv"} if all(table.stem in stems for table in tables) else set())


def _checked(number: int, row: dict[str, str], title: str) -> Exemption:
    cells = {name: (row.get(name) or "").strip() for name in FIELDS}
    if empty := [name for name, cell in cells.items() if not cell]:
        raise ValueError(
            f"exemptions.csv, row {number}: {' and '.join(empty)} missing; expected a phrase, the file "
            "that holds it, how often it does, and why it needs no receipt"
        )
    if not cells["count"].isdigit() or cells["count"] == "0":
        raise ValueError(
            f"exemptions.csv, row {number}, count: found {cells['count']!r}; expected how often the "
            "phrase stands in the file"
        )
    if cells["phrase"] != title and (figure := _large(cells["phrase"])):
        raise ValueError(
            f"exemptions.csv, row {number}: “{cells['phrase']}” holds {figure}; a figure of a thousand "
            "or more needs a receipt. Link it"
        )
    return Exemption(cells["phrase"], cells["file"], int(cells["count"]), cells["reason"], number)


def _large(phrase: str) -> str | None:
    """A figure of a thousand or more in a phrase; "ten million" in words is a unit, and no figure."""
    for match in NUMERAL.finditer(without_dates(phrase)):
        try:
            value = abs(read(match[0].strip()).value)
        except QuantityError:
            continue
        if value >= _SMALL and not (match["words"] and str(value).strip("0") == "1"):
            return match[0].strip()
    return None
