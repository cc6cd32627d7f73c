"""Tables for teachers: what each chapter teaches and asks, where it fits, what its kernel costs."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from receiptbook import exercises
from receiptbook.book import Book, Part
from receiptbook.book.notebooks import Node
from receiptbook.book.outline import (
    chapter_notebook,
    opening,
    page_title,
    title_of,
)
from receiptbook.markdown import escaped, without_links
from receiptbook.tables import Source, load
from receiptbook.templates import render
from surge import lessons


@dataclass(frozen=True)
class Table:
    """A table as a notebook output: html for readers, tab-separated text for terminals."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __repr__(self) -> str:
        return "\n".join(
            "\t".join(without_links(cell) for cell in row) for row in (self.head, *self.rows)
        )

    def _repr_html_(self) -> str:
        return render(
            Path(__file__).with_name("outline.html"),
            caption=self.caption,
            head=self.head,
            rows=self.rows,
        )


def _chapters() -> Iterator[tuple[Part, str, Node]]:
    for part in Book.here().parts():
        for name in part.chapters:
            chapter = chapter_notebook(name)
            if chapter is not None and opening(chapter).time:
                yield part, name, chapter


def objectives() -> Table:
    """What each chapter teaches, as the chapter itself says, with its time."""
    return Table(
        "Objectives by chapter",
        ("Chapter", "What students will be able to do", "Time"),
        tuple(
            (title_of(chapter), *map(without_links, opening(chapter)[1:]))
            for _, name, chapter in _chapters()
        ),
    )


def exercise_table() -> Table:
    """How many questions, exercises and labs each chapter has, and at which levels."""
    known = exercises.by_chapter()

    def count(name: str, kind: str) -> str:
        levels = [one.level for one in known[name] if one.kind == kind]
        if not levels:
            return "–"
        return f"{len(levels)} (level {', '.join(map(str, sorted(set(levels))))})"

    return Table(
        "Questions, exercises and labs by chapter",
        ("Chapter", "Questions", "Exercises", "Labs"),
        tuple(
            (title_of(chapter), *(count(name, kind) for kind in ("question", "exercise", "lab")))
            for _, name, chapter in _chapters()
            if name in known
        ),
    )


def curricula() -> Table:
    """Which parts of curricula the book serves, and where each was read.

    >>> curricula().head
    ('Curriculum', 'What it asks', 'How the book meets it', 'Read in')
    """
    sources = load().sources

    def read_in(row: dict[str, str]) -> str:
        cited = "; ".join(_cited(sources[id]) for id in row["sources"].split(";"))
        return f"{cited}. {row['note']}".strip()

    return Table(
        "Where it fits in a curriculum",
        ("Curriculum", "What it asks", "How the book meets it", "Read in"),
        tuple(
            (row["curriculum"], f"**{row['element']}.** {row['asks']}",
             f"{row['meets']} {_where(row['pages'].split(';'))}", read_in(row))
            for row in load().rows_of("curricula")
        ),
    )  # fmt: skip


def _where(pages: list[str]) -> str:
    """Links to pages, and to the lessons that take one of them up."""
    taught = [one for one in lessons.lessons() if {*one.chapters} & {*pages}]
    told = [f"[{one.title.partition(':')[0]}]({lessons.anchor(one)})" for one in taught]
    chapters = "; ".join(map(_to_page, pages))
    return f"See {chapters}. Lessons: {', '.join(told)}." if told else f"See {chapters}."


def _to_page(name: str) -> str:
    return f"[{page_title(name)}]({Book.here().page(name).name})"


def _cited(source: Source) -> str:
    return f"[{escaped(source.citation)}]({source.url})"


def measured() -> tuple[dict[str, str], list[dict[str, str]]]:
    """What bench/kernels.py stored: the row of the server, and those of the chapters."""
    with (Book.here().root / "bench" / "kernels.csv").open(encoding="utf-8", newline="") as file:
        server, *chapters = csv.DictReader(file)
    return server, chapters


def kernel_table() -> Table:
    """Memory and time of each chapter's kernel, as bench/kernels.py measured them in one run."""
    _, chapters = measured()
    return Table(
        "One kernel for each chapter, each measured beside a bare one",
        ("Chapter", "Memory, MB", "Processor time from “Run all” to the last output, s",
         "Times a kernel that only imports altair and pandas"),
        tuple(
            ("the cover" if row["chapter"] == "intro" else page_title(row["chapter"]),
             f"{float(row['memory']):.0f}", f"{float(row['work']):.1f}",
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
    server, chapters = measured()
    kernel, own = max(float(row["memory"]) for row in chapters), float(server["memory"])
    return Table(
        f"Memory for a hub: for each student a kernel of {kernel:.0f} MB and a server of "
        f"{own:.0f} MB, times {spare} for the system and short peaks",
        ("Students at work at once", "Memory, GB"),
        tuple((str(n), f"{n * (kernel + own) * spare / 1000:.0f}") for n in students),
    )
