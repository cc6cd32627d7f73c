"""What a book calls itself: title, author, year, day of release, and the address where it is published."""

from __future__ import annotations

from dataclasses import dataclass

from receiptbook.book import Book
from receiptbook.book.contents import read_yaml


@dataclass(frozen=True)
class Imprint:
    """Title, author and year of a book, for titles, citations and footers.

    `released` is the ISO date in CITATION.cff beside it; empty where there is none. `address` is where
    the site is published (`html: baseurl`), without a slash at the end; empty where it is not.
    """

    title: str
    author: str
    year: str
    released: str = ""
    address: str = ""


def imprint(book: Book | None = None) -> Imprint:
    """The imprint of a book, of the one at hand unless given; what is not stated is empty."""
    root = (book or Book.here()).root
    stated, cited = read_yaml(root / "_config.yml"), root / "CITATION.cff"
    released = read_yaml(cited).get("date-released", "") if cited.exists() else ""
    named = (stated.get(name, "") for name in ("title", "author", "copyright"))
    address = str((stated.get("html") or {}).get("baseurl") or "").rstrip("/")
    return Imprint(*map(str, named), str(released), address)
