"""What the book had wrong: a list on the page that asks for it, and a feed to follow.

Both come from the table with the role "errata". On a page stands the directive `errata`, empty.
"""

from __future__ import annotations

import uuid
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from receiptbook.book import Book, BookError
from receiptbook.book.imprint import imprint
from receiptbook.markdown import words
from receiptbook.site.builder import public_address
from receiptbook.site.nodes import PageError
from receiptbook.site.templates import render
from receiptbook.tables import described, load

FEED = "corrections.xml"


def rows(folder: Path) -> list[dict[str, str]]:
    """The corrections, newest first; none if the tables in the folder have no such table."""
    if not described(folder):
        return []
    tables = load(folder)
    found = [row for name in tables.named("errata") for row in tables.rows(name)]
    return sorted(found, key=lambda row: row["date"], reverse=True)


class Errata(SphinxDirective):
    """The corrections as a list: day, pages, what was said, what is right."""

    def run(self) -> list[nodes.Node]:
        book = Book(Path(self.env.srcdir))
        lines = [line(book, row) for row in rows(book.data)]
        box = nodes.container()
        self.state.nested_parse(StringList(lines or ["None so far."]), self.content_offset, box)
        return box.children


def line(book: Book, row: dict[str, str]) -> str:
    """A correction as an item of a list in Markdown; PageError names one of a page that is not there."""
    try:
        files = [book.page(page) for page in row["page"].split(";")]
    except BookError as problem:
        raise PageError(f"the correction {row['id']!r} has {problem}; correct its row") from None
    pages = ", ".join(f"[](/{file.relative_to(book.root).as_posix()})" for file in files)
    day = f"{row['date']}, edition {row['edition']}"
    return f"- {pages} ({day}). Was: {row['was']} Right: {row['right']}"


def _urn(title: str, id: str) -> str:
    """A name that stays when the book moves to another address."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{title} {id}").urn


def write_feed(app: Sphinx) -> None:
    """The corrections as an Atom feed (RFC 4287); none where there is no table of them."""
    book = Book(Path(app.srcdir))
    found = rows(book.data)
    if not found:
        return
    names = imprint(book)
    titles = {Path(name).name: title.astext() for name, title in app.env.titles.items()}
    entries = [
        {
            "id": _urn(names.title, row["id"]),
            "title": "; ".join(titles.get(page, page) for page in row["page"].split(";")),
            "day": row["date"],
            "text": f"Was: {words(row['was'])} Right: {words(row['right'])}",
            "links": [
                public_address(app, app.config.root_doc, app.builder.get_target_uri(name))
                for name in app.env.titles
                if Path(name).name in row["page"].split(";")
            ],
        }
        for row in found
    ]
    text = render(
        "corrections.xml",
        id=_urn(names.title, "corrections"),
        book=names,
        base=app.config.html_baseurl.rstrip("/"),
        entries=entries,
        feed=FEED,
    )
    (Path(app.outdir) / FEED).write_text(text + "\n", "utf-8")
