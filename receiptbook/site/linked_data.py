"""What machines read of a page: schema.org in JSON, and who wrote what for citation managers.

The first page is a Book, each other a LearningResource; the page with the tables' downloads lists
a Dataset for each. Addresses are relative where the book does not know its own, and are read
against the page.

Terms: https://schema.org/Book, /Dataset, /LearningResource.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from receiptbook.book import Book
from receiptbook.book.imprint import Imprint, imprint
from receiptbook.book.notebooks import read_notebook
from receiptbook.book.outline import opening
from receiptbook.markdown import words
from receiptbook.site.builder import public_address
from receiptbook.tables import load

CONTEXT = "https://schema.org"


def of_page(app: Sphinx, name: str, title: str, description: str, body: str) -> str:
    """The page as JSON-LD, to stand in a script element; empty for a page that is not the book's.

    body: its HTML; the page that leads to the description of the tables tells of each table.
    """
    book = imprint(Book(app.srcdir))
    told: list[dict[str, Any]] = []
    if name == app.config.root_doc:
        told.append(_of_book(app, book))
    elif name in app.env.all_docs:
        told.append(_chapter(app, book, name, title, description))
        if "_static/data/datapackage.json" in body:
            told += _datasets(app, book, name)
    if not told:
        return ""
    graph = json.dumps(
        {"@context": CONTEXT, "@graph": told}, ensure_ascii=False, separators=(",", ":")
    )
    return graph.replace("<", "\\u003c")  # nothing in it can end the element


def _publisher(book: Imprint) -> dict[str, str]:
    return {"@type": "Organization", "name": book.author}


def _of_book(app: Sphinx, book: Imprint) -> dict[str, Any]:
    settings = app.env.receiptbook_settings
    return {
        "@type": "Book",
        "name": book.title,
        "description": settings.description,
        "author": _publisher(book),
        "inLanguage": app.config.language,
        "license": settings.licence_url,
        "isAccessibleForFree": True,
    } | _dated(book)


def _dated(book: Imprint) -> dict[str, str]:
    return {"datePublished": book.released} if book.released else {}


def _chapter(app: Sphinx, book: Imprint, name: str, title: str, description: str) -> dict[str, Any]:
    settings = app.env.receiptbook_settings
    told = {
        "@type": "LearningResource",
        "name": title,
        "description": description,
        "learningResourceType": "explainer",
        "author": _publisher(book),
        "inLanguage": app.env.metadata.get(name, {}).get("language", app.config.language),
        "license": settings.licence_url,
        "isAccessibleForFree": True,
        "isPartOf": {"@type": "Book", "name": book.title},
    } | _dated(book)
    file = Path(app.env.doc2path(name))
    if file.suffix == ".ipynb" and (goals := opening(read_notebook(file)).goals):
        told["teaches"] = words(goals)
    return told


def _datasets(app: Sphinx, book: Imprint, name: str) -> Iterator[dict[str, Any]]:
    settings, tables = app.env.receiptbook_settings, load(Book(app.srcdir).data)
    for one in map(tables.describe, tables.tables):
        yield {
            "@type": "Dataset",
            "name": one["title"],
            "description": f"{one['description']} A table of {tables.package['title']}.",
            "creator": _publisher(book),
            "license": settings.licence_url,
            "isAccessibleForFree": True,
            "distribution": {
                "@type": "DataDownload",
                "encodingFormat": one["mediatype"],
                "contentUrl": public_address(app, name, f"_static/data/{one['path']}"),
            },
        } | _dated(book)


def highwire(app: Sphinx, title: str, address: str) -> Mapping[str, str]:
    """The names and contents of the elements that citation managers read (Highwire's)."""
    book = imprint(Book(app.srcdir))
    told = {
        "citation_title": title,
        "citation_author": book.author,
        "citation_inbook_title": book.title,
        "citation_publication_date": book.released.replace("-", "/") or book.year,
        "citation_language": app.config.language,
        "citation_public_url": address,
    }
    return {name: content for name, content in told.items() if content}
