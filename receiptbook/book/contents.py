"""The table of contents: parts and chapters in the order of `_toc.yml`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import yaml


@dataclass(frozen=True)
class Part:
    """A part of the book: its title and its pages, as paths from the root without a suffix."""

    title: str
    pages: tuple[str, ...]

    @property
    def chapters(self) -> tuple[str, ...]:
        """The names of the pages, without their folder."""
        return tuple(map(page_name, self.pages))

    @property
    def slug(self) -> str:
        """The title as a file name.

        >>> Part("What comes next", ()).slug
        'what-comes-next'
        """
        return slug(self.title)


def slug(title: str) -> str:
    """A title as a file name: small letters and digits, parted by hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def read_contents(path: Path) -> tuple[str, tuple[Part, ...]]:
    """The page that opens the book, and the parts. A book without parts has one without a title."""
    contents = yaml.safe_load(path.read_text("utf-8"))
    parts = contents.get("parts") or [contents]
    return contents["root"], tuple(
        Part(part.get("caption", ""), tuple(_files(part.get("chapters", ())))) for part in parts
    )


def page_name(page: str) -> str:
    """The name of a page: the last part of its path, without the suffix of a page.

    >>> page_name("chapters/headline"), page_name("chapters/read.me.md")
    ('headline', 'read.me')
    """
    return PurePosixPath(page).name.removesuffix(".md").removesuffix(".ipynb")


def _files(entries: list[dict]) -> Iterator[str]:
    for entry in entries:
        if "file" in entry:
            yield entry["file"].removesuffix(".md").removesuffix(".ipynb")
        yield from _files(entry.get("sections", ()))
