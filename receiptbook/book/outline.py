"""What a chapter says of itself: its title, the paragraphs of its opening, its sections."""

from __future__ import annotations

import re

from nbformat import NotebookNode

from receiptbook.book import Book
from receiptbook.book.notebooks import read_notebook, read_text

_TITLE = re.compile(r"^# (.+)$", re.M)


def chapter_notebook(name: str) -> NotebookNode | None:
    """The notebook of that name; None for a page in Markdown, BookError if there is no such page."""
    path = Book.here().page(name)
    return read_notebook(path) if path.suffix == ".ipynb" else None


def title_of(notebook: NotebookNode) -> str:
    """The heading of the first level in the first cell."""
    return _TITLE.search(notebook.cells[0].source)[1]


def page_title(name: str) -> str:
    """The title of a page, notebook or Markdown."""
    if (chapter := chapter_notebook(name)) is not None:
        return title_of(chapter)
    return _TITLE.search(read_text(Book.here().page(name)))[1]


def opening_paragraph(notebook: NotebookNode, heading: str) -> str:
    """A paragraph of the chapter's fixed opening, without its heading; empty if there is none.

    >>> from nbformat.v4 import new_markdown_cell, new_notebook
    >>> chapter = new_notebook(cells=[new_markdown_cell("**Time.** 20 minutes\\n\\nIt rains.")])
    >>> opening_paragraph(chapter, "Time")
    '20 minutes'
    """
    wanted = re.compile(rf"^\*\*{re.escape(heading)}\.?\*\*\s*(.+?)(?:\n\n|\Z)", re.M | re.S)
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (found := wanted.search(cell.source)):
            return found[1].strip()
    return ""


def section_of(notebook: NotebookNode, heading: str) -> str:
    """What a cell says under a heading of the second level; empty if there is no such heading."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            _, found, after = cell.source.partition(f"## {heading}\n")
            if found:
                return after.partition("\n## ")[0].strip()
    return ""
