"""The one place that knows where a book keeps its chapters, its tables and its contents."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import Distribution, entry_points
from pathlib import Path
from urllib.parse import urlparse
from urllib.request import url2pathname

from receiptbook.book.contents import Part, page_name, read_contents, read_yaml, slug

CONTENTS = "_toc.yml"
ENTRY_POINTS = "receiptbook.books"


class BookError(ValueError):
    """A book, or a page of one, is not to be found; the message says where it was looked for."""


@dataclass(frozen=True)
class Book:
    """A book by its folder: `_toc.yml`, `chapters/` and `data/` stand in `root`.

    >>> Book(Path("/shelf/weather")).chapters.as_posix()
    '/shelf/weather/chapters'
    """

    root: Path

    @classmethod
    def here(cls) -> Book:
        """The book at hand.

        It is the one in $RECEIPTBOOK_ROOT, else around the working directory, else installed.

        Raises
        ------
        BookError
            if there is neither
        """
        named = os.environ.get("RECEIPTBOOK_ROOT")
        return cls(Path(named) if named else _root(Path.cwd()))

    # ---- folders and files

    @property
    def title(self) -> str:
        """The title in `_config.yml`; empty where there is no such file."""
        config = self.root / "_config.yml"
        return read_yaml(config)["title"] if config.exists() else ""

    @property
    def name(self) -> str:
        """The title as a file name, for what is packed and printed."""
        return slug(self.title)

    @property
    def chapters(self) -> Path:
        """The folder of the pages."""
        return self.root / "chapters"

    @property
    def data(self) -> Path:
        """The folder of the tables: $RECEIPTBOOK_DATA, else `data/`."""
        return Path(os.environ.get("RECEIPTBOOK_DATA") or self.root / "data")

    @property
    def build(self) -> Path:
        """The folder of what is made from the book and may be made again."""
        return self.root / "_build"

    @property
    def site(self) -> Path:
        """The built site."""
        return self.build / "html"

    @property
    def dist(self) -> Path:
        """The folder of what is given away: archives and PDF."""
        return self.root / "dist"

    @property
    def ledger(self) -> Path:
        """The page that is made from the receipts of all others."""
        return self.chapters / "ledger.md"

    @property
    def has_ledger(self) -> bool:
        """Whether the book has a ledger: it stands there, or the contents list it."""
        listed = (name for part in self.parts() for name in part.chapters)
        return self.ledger.exists() or self.ledger.stem in listed

    @property
    def exemptions(self) -> Path:
        """The list of phrases that may stand in prose without a receipt."""
        return self.chapters / "exemptions.csv"

    @property
    def style(self) -> Path:
        """The list of words that the book does not use, each with what it says instead."""
        return self.chapters / "style.csv"

    # ---- the table of contents

    def parts(self) -> tuple[Part, ...]:
        """The parts as the table of contents lists them; the page that opens the book is in none."""
        return read_contents(self.root / CONTENTS)[1]

    def pages(self) -> list[Path]:
        """Pages and notebooks in the order of the contents, then those not listed, by name."""
        listed: list[str] = []
        if (self.root / CONTENTS).exists():
            opening, parts = read_contents(self.root / CONTENTS)
            listed = [page_name(opening), *(name for part in parts for name in part.chapters)]
        place = {name: number for number, name in enumerate(listed)}
        found = (
            path
            for path in self.chapters.rglob("*")
            if path.suffix in (".md", ".ipynb")
            and not any(part[0] == "." for part in path.relative_to(self.chapters).parts)
        )
        return sorted(found, key=lambda path: (place.get(path.stem, len(place)), path.name))

    def written_pages(self) -> list[Path]:
        """The pages that people write: all but the ledger."""
        return [path for path in self.pages() if path != self.ledger]

    def notebooks(self) -> list[Path]:
        """The notebooks among the pages."""
        return [path for path in self.pages() if path.suffix == ".ipynb"]

    def page(self, name: str) -> Path:
        """The file of a page, by its name with or without a suffix.

        Raises
        ------
        BookError
            if there is no such page; the message lists those that there are
        """
        pages = {path.stem: path for path in self.pages()}
        if (stem := page_name(Path(name).as_posix())) not in pages:
            raise BookError(
                f"no chapter {name!r} in {self.chapters}; there are: {', '.join(pages)}"
            )
        return pages[stem]


def exercises_of(page: Path) -> Path:
    """The table of a page's exercises, whether or not there is one.

    >>> exercises_of(Path("chapters/headline.ipynb")).as_posix()
    'chapters/exercises/headline.csv'
    """
    return page.parent / "exercises" / f"{page.stem}.csv"


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
    return Path(url2pathname(place.path)) if place.scheme == "file" else None
