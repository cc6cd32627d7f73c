"""Who published what: sources.csv as the site prints it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from receiptbook.receipts.claims import Texts, tested_texts
from receiptbook.tables import load

if TYPE_CHECKING:  # Python in the page has no Sphinx
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

UNNAMED = "Publisher not named"


@dataclass(frozen=True)
class Source:
    """One row of sources.csv: publisher, title, date (ISO, may be shorter), address, licence."""

    id: str
    publisher: str
    title: str
    date: str
    url: str
    kind: str
    licence: str

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


def publishers(sources: Iterable[Source], most: int = 3) -> str:
    """Who printed it, primary texts first, the unnamed last; each name once, the rest counted.

    >>> publishers([Source("a", "Alpha", "First wave", "2025", "", "secondary", ""),
    ...             Source("b", "Beta", "Second wave", "2026", "", "primary", "")])
    'Beta; Alpha'
    """
    ranked = sorted(sources, key=lambda s: (s.publisher == UNNAMED, s.kind != "primary"))
    names = list(dict.fromkeys(s.publisher for s in ranked))
    shown = "; ".join(names[:most])
    return shown if len(names) <= most else f"{shown}; and {len(names) - most} more"


def read_sources(path: Path) -> dict[str, Source]:
    """All rows by id. KeyError names a missing column; `receiptbook.tables.data` does the full check."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = Source.__dataclass_fields__
    return {row["id"]: Source(**{name: row[name] for name in names}) for row in rows}


def check_sources(ids: Iterable[str], env: BuildEnvironment, owner: str) -> None:
    """Raise PageError for an id without a row. owner: what names them, "receipt 'rain'"."""
    from receiptbook.site.nodes import PageError

    if missing := [id for id in ids if id not in env.receiptbook_sources]:
        raise PageError(
            f"{owner} names sources {missing} that are not in "
            f"{env.receiptbook_settings.data}/sources.csv; add their rows or correct the ids"
        )


def setup_sources(app: Sphinx) -> None:
    """Read once for a build: sources, and the texts whose claims the book tests, if it has any."""

    def read(app: Sphinx) -> None:
        folder = Path(app.srcdir) / app.env.receiptbook_settings.data
        app.env.receiptbook_sources = read_sources(folder / "sources.csv")
        described = (folder / "datapackage.json").exists()
        app.env.receiptbook_texts = tested_texts(load(folder)) if described else Texts()

    app.connect("builder-inited", read, priority=200)
