"""Who published what: sources.csv as the site prints it."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from receiptbook.book import Book
from receiptbook.receipts.claims import Texts, tested_texts
from receiptbook.tables import Source, described, load
from receiptbook.tables.data import UNNAMED

if TYPE_CHECKING:  # Python in the page has no Sphinx
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


def publishers(sources: Iterable[Source], most: int = 3) -> str:
    """Who printed it, primary texts first, the unnamed last; each name once, the rest counted.

    >>> publishers([Source("a", "Alpha", "First wave", "2025", "", "", "secondary", "", ""),
    ...             Source("b", "Beta", "Second wave", "2026", "", "", "primary", "", "")])
    'Beta; Alpha'
    """
    ranked = sorted(sources, key=lambda s: (s.publisher == UNNAMED, s.kind != "primary"))
    names = list(dict.fromkeys(s.publisher for s in ranked))
    shown = "; ".join(names[:most])
    return shown if len(names) <= most else f"{shown}; and {len(names) - most} more"


def read_sources(path: Path) -> dict[str, Source]:
    """All rows by id, of a book that does not describe its tables."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["id"]: Source(**row) for row in csv.DictReader(file)}


def check_sources(ids: Iterable[str], env: BuildEnvironment, owner: str) -> None:
    """Raise PageError for an id without a row. owner: what names them, "receipt 'rain'"."""
    from receiptbook.site.nodes import PageError

    if missing := [id for id in ids if id not in env.receiptbook_sources]:
        raise PageError(
            f"{owner} names sources {missing} that are not in data/sources.csv; "
            "add their rows or correct the ids"
        )


def remember(app: Sphinx) -> None:
    """Read once for a build: sources, and the texts whose claims the book tests, if it has any."""
    folder = Book(Path(app.srcdir)).data
    tables = load(folder) if described(folder) else None
    read = tables.sources if tables else read_sources(folder / "sources.csv")
    app.env.receiptbook_sources = read
    app.env.receiptbook_texts = tested_texts(tables) if tables else Texts()
