"""The table of contents: parts and chapters in the order of `_toc.yml`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

import yaml

from receiptbook.book.notebooks import stamps


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
    return _read_contents(*stamps([path])[0])


@lru_cache(maxsize=8)  # every look-up of a page asks for it
def _read_contents(path: Path, changed: int, size: int) -> tuple[str, tuple[Part, ...]]:
    contents = read_yaml(path)
    if not contents.get("root"):
        raise ValueError(
            f"{path.name}: found no root; expected the page that opens the book. "
            f"Restore it with: git checkout {path.name}"
        )
    parts = contents.get("parts") or [contents]
    return contents["root"], tuple(
        Part(part.get("caption", ""), tuple(_files(part.get("chapters", ())))) for part in parts
    )


def read_yaml(path: Path) -> dict:
    """What a file in YAML states by name.

    Raises
    ------
    ValueError
        if it cannot be read as such; the message names file and line and says what to do
    """
    found = "a list or a word"
    try:
        stated = yaml.safe_load(path.read_text("utf-8"))
        if isinstance(stated, dict):
            return stated
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or str(error)
        found = f"{what} in line {mark.line + 1}" if mark else what
    raise ValueError(
        f"{path.name}: found {found}; expected names with values, in YAML and UTF-8. "
        f"Restore it with: git checkout {path.name}"
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
