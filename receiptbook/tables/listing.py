"""What a page says of the tables as a whole: lists to read, the conflicts declared, how to cite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

from receiptbook.book import Book
from receiptbook.book.imprint import imprint
from receiptbook.tables.data import Data


@dataclass(frozen=True)
class Listing:
    r"""A table to be read: whole cells, however long, as HTML; tab-separated as plain text.

    >>> repr(Listing.of([{"table": "waves", "rows": 4}, {"table": "sources", "rows": 120}]))
    'table\trows\nwaves\t4\nsources\t120'
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, object]]) -> Listing:
        """From rows with the same keys."""
        rows = list(rows)
        return cls(tuple(rows[0]), tuple(tuple(map(str, row.values())) for row in rows))

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        lines = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
            for row in self.rows
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"

    def __repr__(self) -> str:
        return "\n".join("\t".join(row) for row in (self.columns, *self.rows))


def source_ids(cells: Iterable[str]) -> list[str]:
    """The sources that a column of tables names, each once, in the order of the alphabet.

    >>> source_ids(["report-57;bureau-2025", "report-57"])
    ['bureau-2025', 'report-57']
    """
    return sorted({id for cell in cells for id in cell.split(";") if id})


_KINDS = {
    "base": "Which population a rate rests on",
    "definition": "Other definitions",
    "scope": "Other scopes",
    "conflict": "Sources that contradict each other",
    "misreading": "Misreadings in circulation",
    "revision": "Revised figures",
    "break": "Breaks in a series",
    "label": "Labels that promise more",
    "dating": "Dates",
    "gap": "Gaps",
}


def conflicts(tables: Data) -> Listing:
    """The declared corrections and conflicts, kind by kind.

    >>> from receiptbook.tables import load
    >>> len(conflicts(load()).rows) > 0
    True
    """
    return Listing.of(
        {
            "kind": title,
            "what": row["what"],
            "why": row["why"],
            "what the book does": row["handling"],
        }
        for kind, title in _KINDS.items()
        for row in tables.corrections
        if row["kind"] == kind
    )


def citation(tables: Data, book: Book | None = None) -> str:
    """One line that cites the package.

    >>> from receiptbook.tables import load
    >>> "Data package" in citation(load())
    True
    """
    by, package = imprint(book), tables.package
    return (
        f"{by.author} ({by.year}): {package['title']}. Data package, version {package['version']}."
    )
