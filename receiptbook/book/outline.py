"""What a chapter says of itself: its title, its opening, its sections."""

from __future__ import annotations

import re
from typing import NamedTuple

from receiptbook.book import Book
from receiptbook.book.notebooks import Node, read_notebook, read_text
from receiptbook.markdown import without_links, words

_TITLE = re.compile(r"^# (.+)$", re.M)
_HEADING = re.compile(r"^##+ (.+)$", re.M)
LEARN = "You will learn to"
SUMS_UP = ("What to remember", "What stands")  #: headings of a section that sums a chapter up
_OPENING = re.compile(
    r"^# .+\n\n(?P<lede>(?!#).+?)\n\n"
    rf"\*\*(?P<time>[^*\n]+)\*\*(?P<more>[^*]*)\*\*{LEARN}\*\*(?P<goals>.+?)(?:\n\n|\Z)",
    re.S,
)


def chapter_notebook(name: str) -> Node | None:
    """The notebook of that name; None for a page in Markdown, BookError if there is no such page."""
    path = Book.here().page(name)
    return read_notebook(path) if path.suffix == ".ipynb" else None


def title_of(notebook: Node) -> str:
    """The heading of the first level in the first cell."""
    return _TITLE.search(notebook.cells[0].source)[1]


def page_title(name: str) -> str:
    """The title of a page, notebook or Markdown; what is linked in it, as its words."""
    if (chapter := chapter_notebook(name)) is not None:
        return without_links(title_of(chapter))
    return without_links(_TITLE.search(read_text(Book.here().page(name)))[1])


def section_ids(name: str) -> dict[str, str]:
    """The sections of a page: as a link in a text names each, and the id that the built site gives it.

    A text names "Rain: 25.2 mm" as `rain-252-mm`; the site calls it `rain-25-2-mm`.
    """
    chapter = chapter_notebook(name)
    # Python in a page has neither, and asks for no section.
    from docutils.nodes import make_id
    from mdit_py_plugins.anchors.index import slugify

    texts = (
        [read_text(Book.here().page(name))]
        if chapter is None
        else [cell.source for cell in chapter.cells if cell.cell_type == "markdown"]
    )
    headings = (words(heading) for text in texts for heading in _HEADING.findall(text))
    return {slugify(heading): make_id(heading) for heading in headings}


class Opening(NamedTuple):
    """What a chapter says before its first section, in Markdown; each part may be empty."""

    finding: str = ""
    goals: str = ""
    time: str = ""


def printed_apart(name: str) -> bool:
    """Whether a page says in its front matter (`print: apart`) that it is for a screen."""
    page = Book.here().chapters / f"{name}.md"
    return page.exists() and bool(re.match(r"---\n(?:.+\n)*?print: apart\n", read_text(page)))


def opening(notebook: Node) -> Opening:
    """The opening of a chapter: what it finds, what one learns, how long it takes.

    It stands in the cell of the title: a lede, and one line of time and goals.

    >>> from nbformat.v4 import new_markdown_cell, new_notebook
    >>> def told(text):
    ...     return opening(new_notebook(cells=[new_markdown_cell(text)]))
    >>> told("# Rain\\n\\nIt [rains](x#y).\\n\\n**20 minutes**, an hour. **You will learn to** stay dry.")
    Opening(finding='It [rains](x#y).', goals='Stay dry.', time='20 minutes, an hour.')
    >>> told("# Rain\\n\\nIt rains.")
    Opening(finding='', goals='', time='')
    """
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    if not texts or not (found := _OPENING.search(texts[0])):
        return Opening()
    time = " ".join(f"{found['time']}{found['more']}".split()).rstrip(".")
    goals = found["goals"].strip()
    return Opening(found["lede"].strip(), goals[:1].upper() + goals[1:], f"{time}.")


def section_of(notebook: Node, heading: str) -> str:
    """What a cell says under a heading of the second level; empty if there is no such heading."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            _, found, after = cell.source.partition(f"## {heading}\n")
            if found:
                return after.partition("\n## ")[0].strip()
    return ""
