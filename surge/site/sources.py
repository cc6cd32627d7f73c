"""Who published what: data/sources.csv as the site prints it."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path


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
        title = escape(self.title)
        if linked and self.url.startswith(("http://", "https://")):
            title = f'<a href="{escape(self.url)}" rel="noreferrer">{title}</a>'
        return ", ".join(p for p in (escape(self.publisher), title, escape(self.date)) if p)


def publishers(sources: Iterable[Source], most: int = 3) -> str:
    """Who printed it, primary texts first, each name once, the rest counted."""
    ranked = sorted(sources, key=lambda s: s.kind != "primary")
    names = list(dict.fromkeys(s.publisher for s in ranked))
    shown = "; ".join(map(escape, names[:most]))
    return shown if len(names) <= most else f"{shown}; and {len(names) - most} more"


def read_sources(path: Path) -> dict[str, Source]:
    """All rows by id. KeyError names a missing column; `surge.data` does the full check."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = Source.__dataclass_fields__
    return {row["id"]: Source(**{name: row[name] for name in names}) for row in rows}
