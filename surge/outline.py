"""The book in outline: parts, chapters, what a chapter promises, and what its kernel costs."""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import nbformat

from receiptbook import exercises as classroom
from receiptbook import markdown
from receiptbook.book import Book, Part
from receiptbook.book.notebooks import read_notebook


def read_chapter(name: str) -> nbformat.NotebookNode | None:
    """The notebook of that name; None for a page in Markdown."""
    path = Book.here().page(name)
    return read_notebook(path) if path.suffix == ".ipynb" else None


def title_of(notebook: nbformat.NotebookNode) -> str:
    return re.search(r"^# (.+)$", notebook.cells[0].source, re.M)[1]


def page_title(name: str) -> str:
    """The title of a page, notebook or Markdown."""
    if (chapter := read_chapter(name)) is not None:
        return title_of(chapter)
    text = Book.here().page(name).read_text("utf-8")
    return re.search(r"^# (.+)$", text, re.M)[1]


def said(notebook: nbformat.NotebookNode, heading: str) -> str:
    """A paragraph of the chapter's fixed opening, without its heading; empty if there is none."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (
            found := re.search(rf"^\*\*{re.escape(heading)}\.?\*\*\s*(.+?)(?:\n\n|\Z)", cell.source,
                               re.M | re.S)
        ):  # fmt: skip
            return found[1].strip()
    return ""


def section(notebook: nbformat.NotebookNode, heading: str) -> str:
    """What a cell says under a heading of the second level; empty if there is no such heading."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            _, found, after = cell.source.partition(f"## {heading}\n")
            if found:
                return after.partition("\n## ")[0].strip()
    return ""


def plain(markdown: str) -> str:
    """Markdown without its links; a file of the kit may not have their targets beside it."""
    return re.sub(r"\[([^\[\]]+)\]\([^()\s]+\)", r"\1", markdown)


# ------------------------------------------------------------------------------- for teachers


@dataclass(frozen=True)
class Table:
    """A table as a notebook output: html for readers, tab-separated text for terminals."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __repr__(self) -> str:
        return "\n".join("\t".join(plain(cell) for cell in row) for row in (self.head, *self.rows))

    def _repr_html_(self) -> str:
        head = "".join(f"<th scope='col'>{html.escape(cell)}</th>" for cell in self.head)
        rows = "".join(
            f"<tr><th scope='row'>{markdown.inline(first)}</th>"
            + "".join(f"<td>{markdown.inline(cell)}</td>" for cell in rest)
            + "</tr>"
            for first, *rest in self.rows
        )
        return (
            f"<table><caption>{html.escape(self.caption)}</caption><thead><tr>{head}</tr></thead>"
            f"<tbody>{rows}</tbody></table>"
        )


def _chapters() -> Iterator[tuple[Part, str, nbformat.NotebookNode]]:
    for part in Book.here().parts():
        for name in part.chapters:
            chapter = read_chapter(name)
            if chapter is not None and said(chapter, "Time"):
                yield part, name, chapter


def objectives() -> Table:
    """What each chapter teaches, as the chapter itself says, with its time."""
    return Table(
        "Objectives by chapter",
        ("Chapter", "What students will be able to do", "Time"),
        tuple(
            (title_of(chapter), plain(said(chapter, "What you will be able to do")),
             plain(said(chapter, "Time")))
            for _, name, chapter in _chapters()
        ),
    )  # fmt: skip


def exercise_table() -> Table:
    """How many questions, exercises and labs each chapter has, and at which levels."""
    asked = classroom.load().values()

    def count(name: str, kind: str) -> str:
        levels = [one.level for one in asked if (one.chapter, one.kind) == (name, kind)]
        if not levels:
            return "–"
        return f"{len(levels)} (level {', '.join(map(str, sorted(set(levels))))})"

    return Table(
        "Questions, exercises and labs by chapter",
        ("Chapter", "Questions", "Exercises", "Labs"),
        tuple(
            (title_of(chapter), *(count(name, kind) for kind in ("question", "exercise", "lab")))
            for _, name, chapter in _chapters()
            if name in {one.chapter for one in asked}
        ),
    )


def _measured() -> tuple[dict[str, str], list[dict[str, str]]]:
    """What bench/kernels.py stored: the row of the server, and those of the chapters."""
    with (Book.here().root / "bench" / "kernels.csv").open(encoding="utf-8", newline="") as file:
        server, *chapters = csv.DictReader(file)
    return server, chapters


def kernel_table() -> Table:
    """Memory and time of each chapter's kernel, as bench/kernels.py measured them in one run."""
    _, chapters = _measured()
    return Table(
        "One kernel for each chapter, each measured beside a bare one",
        ("Chapter", "Memory, MB", "Processor time from “Run all” to the last output, s",
         "Times a kernel that only imports altair and pandas"),
        tuple(
            (page_title(row["chapter"]), f"{float(row['memory']):.0f}", f"{float(row['work']):.1f}",
             f"{float(row['work_times']):.1f}")
            for row in chapters
        ),
    )  # fmt: skip


def hub_table(students: Iterable[int], spare: float = 1.25) -> Table:
    """Memory for a hub: each student's largest kernel and Jupyter server, with some to spare.

    Parameters
    ----------
    students : numbers of students at work at the same time
    spare : factor for the system, the hub and short peaks
    """
    server, chapters = _measured()
    kernel, own = max(float(row["memory"]) for row in chapters), float(server["memory"])
    return Table(
        f"Memory for a hub: for each student a kernel of {kernel:.0f} MB and a server of "
        f"{own:.0f} MB, times {spare} for the system and short peaks",
        ("Students at work at once", "Memory, GB"),
        tuple((str(n), f"{n * (kernel + own) * spare / 1000:.0f}") for n in students),
    )
