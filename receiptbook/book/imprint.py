"""What a book calls itself: title, author and year, as `_config.yml` states them."""

from __future__ import annotations

from dataclasses import dataclass

from receiptbook.book import Book
from receiptbook.book.contents import read_yaml


@dataclass(frozen=True)
class Imprint:
    """Title, author and year of a book, for titles, citations and footers."""

    title: str
    author: str
    year: str


def imprint(book: Book | None = None) -> Imprint:
    """The imprint of a book, of the one at hand unless given; what is not stated is empty."""
    stated = read_yaml((book or Book.here()).root / "_config.yml")
    return Imprint(*(str(stated.get(name, "")) for name in ("title", "author", "copyright")))
