"""The one place that knows where a book keeps its chapters, its tables and its contents."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import Distribution, entry_points
from pathlib import Path
from urllib.parse import unquote, urlparse

CONTENTS = "_toc.yml"
ENTRY_POINTS = "receiptbook.books"


class BookError(RuntimeError):
    """No book is to be found; the message says where it was looked for."""


@dataclass(frozen=True)
class Book:
    """A book by its folder: `_toc.yml`, `chapters/` and `data/` stand in `root`.

    >>> Book(Path("/shelf/weather")).chapters.as_posix()
    '/shelf/weather/chapters'
    """

    root: Path

    @property
    def chapters(self) -> Path:
        return self.root / "chapters"

    @property
    def contents(self) -> Path:
        return self.root / CONTENTS

    @property
    def data(self) -> Path:
        """The folder of the tables: $RECEIPTBOOK_DATA, else `data/`."""
        return Path(os.environ.get("RECEIPTBOOK_DATA") or self.root / "data")

    @classmethod
    def here(cls) -> Book:
        """The book at hand: around the working directory, else the one that is installed.

        Raises
        ------
        BookError
            if there is neither
        """
        return cls(_root(Path.cwd()))


@lru_cache(maxsize=8)
def _root(start: Path) -> Path:
    for folder in (start, *start.parents):
        if (folder / CONTENTS).exists():
            return folder
    for entry in entry_points(group=ENTRY_POINTS):
        if (folder := _installed_from(entry.dist)) and (folder / CONTENTS).exists():
            return folder
    raise BookError(
        f"no book: neither {start} nor a folder above it holds {CONTENTS}, and no installed "
        f"package names one; change into the folder of the book"
    )


def _installed_from(distribution: Distribution) -> Path | None:
    """The folder that a package was installed from, by its direct_url.json (PEP 610)."""
    told = json.loads(distribution.read_text("direct_url.json") or "{}").get("url", "")
    place = urlparse(told)
    return Path(unquote(place.path)) if place.scheme == "file" else None
