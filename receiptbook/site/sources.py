"""Who published what: data/sources.csv as the site prints it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

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

    def html(self, linked: bool = True) -> str:
        """A short reference; if `linked`, the title leads to the address where there is one."""
        title = escape(self.shown)
        if linked and self.url.startswith(("http://", "https://")):
            title = f'<a href="{escape(self.url)}">{title}</a>'
        return ", ".join(p for p in (escape(self.named), title, escape(self.date)) if p)

    @property
    def named(self) -> str:
        """The publisher; where a page names none, the host that serves it."""
        host = re.sub(r"^www\.", "", urlsplit(self.url).hostname or "")
        return (
            f"{host} (names no publisher)" if self.publisher == UNNAMED and host else self.publisher
        )

    @property
    def shown(self) -> str:
        """The title; a description says that it is one."""
        what = re.sub(r"^(?:Title|Headline) not read(?:: )?", "", self.title)
        return what if what == self.title else f"{what} [title not recorded]".strip()


def publishers(sources: Iterable[Source], most: int = 3) -> str:
    """Who printed it, primary texts first, the unnamed last; each name once, the rest counted."""
    ranked = sorted(sources, key=lambda s: (s.publisher == UNNAMED, s.kind != "primary"))
    names = list(dict.fromkeys(s.publisher for s in ranked))
    shown = "; ".join(map(escape, names[:most]))
    return shown if len(names) <= most else f"{shown}; and {len(names) - most} more"


def read_sources(path: Path) -> dict[str, Source]:
    """All rows by id. KeyError names a missing column; `receiptbook.tables.data` does the full check."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = Source.__dataclass_fields__
    return {row["id"]: Source(**{name: row[name] for name in names}) for row in rows}
