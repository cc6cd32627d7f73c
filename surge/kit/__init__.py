"""Everything a class needs, in one offline zip: ``python -m surge.kit`` (or ``make kit``).

What is made from any book, receiptbook.kit makes: three notebooks a chapter from its exercises, slides
from its charts, handouts from the built pages. The worksheet of the first lesson (worksheet.py) and
the first page (index.html) are this book's own. The site itself and the code that the notebooks
import lie beside them.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import nbformat

from receiptbook import browser, commands, exercises
from receiptbook.archive import files_in, write_archive
from receiptbook.book import Book, Part
from receiptbook.book.outline import chapter_notebook, page_title
from receiptbook.kit import VERSIONS, anchor, deck, document_style, notebook, print_pages
from receiptbook.system import Stop
from receiptbook.templates import render
from surge.kit import worksheet

NAME = "past-600-million-kit"
LIMIT = 25e6  # bytes: what most mail servers still accept as an attachment
CODE = ("requirements.txt", "pyproject.toml", "runtime.txt", "LICENSE", "LICENSE-text", "README.md",
        "_toc.yml", "bench/kernels.csv")  # fmt: skip


def make(folder: Path, site: Path, *, paper: bool = True) -> None:
    """Write the kit into an empty folder; without `paper`, no handouts are printed.

    Raises
    ------
    FileNotFoundError
        if the site is not built
    """
    if not (site / "index.html").exists():
        raise FileNotFoundError(f"{site} holds no index.html; build the book first")

    def apart(where: str, names: list[str]) -> list[str]:
        return (
            ["run"] if Path(where).name == "_static" else []
        )  # Python, which a folder cannot fetch

    shutil.copytree(site, folder / "site", ignore=apart)
    asking = asking_chapters()
    for version in VERSIONS:
        (folder / "notebooks" / version).mkdir(parents=True)
        for name in asking:
            text = nbformat.writes(notebook(name, version)) + "\n"
            (folder / "notebooks" / version / f"{name}.ipynb").write_text(text, "utf-8")
    (folder / "slides").mkdir()
    book = Book.here().parts()
    for part in book:
        if set(asking).intersection(part.chapters):
            (folder / "slides" / f"{part.slug}.html").write_text(deck(part), "utf-8")
    if paper:
        print_pages(site, on_paper(book), folder / "handouts", sheets())
    _copy_code(folder / "book")
    (folder / "index.html").write_text(index(folder), "utf-8")


def asking_chapters() -> list[str]:
    """Names of the chapters that have exercises, in alphabetical order."""
    return sorted({one.chapter for one in exercises.load().values()})


def sheets() -> dict[str, str]:
    """The pages made for a lesson, as html by name: one to write on, one for the teacher."""
    return {
        worksheet.NAME: worksheet.student(),
        f"{worksheet.NAME}-teacher": worksheet.teacher(),
    }


def on_paper(book: Iterable[Part]) -> list[str]:
    """The pages that are printed: all but the ledger, which is a list to search."""
    return [name for part in book for name in part.chapters if name != "ledger"]


def _copy_code(folder: Path) -> None:
    """What the notebooks import, and the chapters to run."""
    root = Book.here().root
    ignore = shutil.ignore_patterns("__pycache__", ".*", "*.pyc")
    for name in ("receiptbook", "surge", "data", "chapters"):
        shutil.copytree(root / name, folder / name, ignore=ignore)
    (folder / "bench").mkdir()
    for name in CODE:
        shutil.copyfile(root / name, folder / name)


@dataclass(frozen=True)
class Lesson:
    """A plan of the page for teachers: its heading, the page's anchor, the chapters it takes."""

    title: str
    anchor: str
    chapters: tuple[str, ...]


def lessons(asking: Iterable[str]) -> list[Lesson]:
    """The lesson plans, each with those of its chapters that have exercises."""
    found = []
    for cell in chapter_notebook("teach").cells:
        if cell.get("id", "").startswith("plan-"):
            title = re.search(r"^## (.+)$", cell.source, re.M)[1]
            anchor = re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
            linked = dict.fromkeys(re.findall(r"\]\(([\w-]+)\.ipynb", cell.source))
            found.append(Lesson(title, anchor, tuple(n for n in linked if n in set(asking))))
    return found


def index(folder: Path) -> str:
    """The first page of the kit: what each lesson takes, then everything by part, with links.

    Only what stands in the folder is linked.
    """
    asking = asking_chapters()
    parts = Book.here().parts()
    return render(
        Path(__file__).with_name("index.html"),
        style=document_style(),
        stands=lambda file: (folder / file.partition("#")[0]).exists(),
        page_title=page_title,
        anchor=anchor,
        decks={name: part.slug for part in parts for name in part.chapters if name in asking},
        versions=dict(zip(VERSIONS, ("for students", "with answers", "for teachers"), strict=True)),
        papers=dict(zip(sheets(), ("worksheet", "its answers"), strict=True)),
        lessons=lessons(asking),
        parts=[
            (part, [name for name in part.chapters if name in asking or name in on_paper([part])])
            for part in parts
        ],
    )


def pack(target: Path, site: Path, *, paper: bool = True) -> Path:
    """Make the kit and zip it; the file appears when it is whole."""
    with tempfile.TemporaryDirectory(prefix="kit-") as work:
        folder = Path(work) / target.stem
        folder.mkdir()
        make(folder, site, paper=paper)
        return write_archive(target, files_in(folder, target.stem))


def main(arguments: list[str] | None = None) -> int:
    """Command line: build the site and pack it with all the rest; 1 if that exceeds LIMIT."""
    book = Book.here()
    parser = argparse.ArgumentParser("surge.kit", description=__doc__.splitlines()[0])
    parser.add_argument("target", nargs="?", type=Path, default=book.dist / f"{NAME}.zip")
    parser.add_argument("--site", type=Path, help="a site that is built already")
    parser.add_argument("--no-paper", action="store_true", help="leave out the PDF handouts")
    options = parser.parse_args(arguments)
    try:
        paper = not options.no_paper
        if options.site is None:
            paper = paper and bool(browser.provide(book.build))
            commands.build(book)
        written = pack(options.target, options.site or book.site, paper=paper)
    except (FileNotFoundError, Stop) as error:
        print(error, file=sys.stderr)
        return 1
    size = written.stat().st_size
    print(f"{written}: {size / 1e6:.1f} MB")
    if size > LIMIT:
        print(f"that is more than {LIMIT / 1e6:.0f} MB", file=sys.stderr)
    return int(size > LIMIT)
