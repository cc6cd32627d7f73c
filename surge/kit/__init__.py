"""Everything a class needs, in one offline zip: ``python -m surge.kit`` (or ``make kit``).

From the same exercise tables come three notebooks a chapter (notebooks.py); from the same charts
come slides (slides.py); from the built pages come handouts (handouts.py), and from tables, exercises
and receipts the worksheet of the first lesson (worksheet.py). The site itself and the code that the
notebooks import lie beside them.
"""

from __future__ import annotations

import argparse
import html
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import nbformat

from receiptbook import browser, commands
from receiptbook import exercises as classroom
from receiptbook.archive import files_in, write_archive
from receiptbook.book import Book, Part
from receiptbook.system import Stop
from surge.kit import worksheet
from surge.kit.handouts import print_pages
from surge.kit.notebooks import VERSIONS, notebook
from surge.kit.slides import anchor, deck, document
from surge.outline import page_title, read_chapter

NAME = "past-600-million-kit"
LIMIT = 25e6  # bytes; what still goes through a school's mail and onto an old stick
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
    shutil.copytree(site, folder / "site")
    asked = {one.chapter for one in classroom.load().values()}
    for version in VERSIONS:
        (folder / "notebooks" / version).mkdir(parents=True)
        for name in sorted(asked):
            text = nbformat.writes(notebook(name, version)) + "\n"
            (folder / "notebooks" / version / f"{name}.ipynb").write_text(text, "utf-8")
    (folder / "slides").mkdir()
    book = Book.here().parts()
    told = [part for part in book if asked.intersection(part.chapters)]
    for part in told:
        (folder / "slides" / f"{part.slug}.html").write_text(deck(part), "utf-8")
    if paper:
        print_pages(site, on_paper(book), folder / "handouts", sheets())
    _copy_code(folder / "book")
    (folder / "index.html").write_text(_index(folder, told, sorted(asked)), "utf-8")


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


def lessons(asked: Iterable[str]) -> list[Lesson]:
    """The lesson plans, each with those of its chapters that have exercises."""
    found = []
    for cell in read_chapter("teach").cells:
        if cell.get("id", "").startswith("plan-"):
            title = re.search(r"^## (.+)$", cell.source, re.M)[1]
            anchor = re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
            linked = dict.fromkeys(re.findall(r"\]\(([\w-]+)\.ipynb", cell.source))
            found.append(Lesson(title, anchor, tuple(n for n in linked if n in set(asked))))
    return found


def _index(folder: Path, told: list[Part], asked: list[str]) -> str:
    """The first page of the kit: what each lesson takes, then everything by part, with links."""

    def link(file: str, words: str) -> str:
        known = (folder / file.partition("#")[0]).exists()
        return f'<a href="{file}">{html.escape(words)}</a>' if known else ""

    def row(name: str) -> str:
        cells = [link(f"handouts/{name}.pdf", "handout")]
        if name in asked:
            slug = next(part.slug for part in told if name in part.chapters)
            cells.append(link(f"slides/{slug}.html#{anchor(name)}", "slides"))
            words = dict(
                zip(VERSIONS, ("for students", "with answers", "for teachers"), strict=True)
            )
            cells += [link(f"notebooks/{v}/{name}.ipynb", words[v]) for v in VERSIONS]
        title = link(f"site/chapters/{name}.html", page_title(name))
        filled = "".join(f"<td>{cell}</td>" for cell in (cells + [""] * 4)[:5])
        return f"<tr><th scope='row'>{title}</th>{filled}</tr>"

    def table(names: Iterable[str]) -> str:
        return f"<div class='scroll'><table><tbody>{''.join(map(row, names))}</tbody></table></div>"

    sections = []
    for number, lesson in enumerate(lessons(asked)):
        plan = link(f"site/chapters/teach.html#{lesson.anchor}", "the plan")
        words = ("worksheet", "its answers")
        papers = [link(f"handouts/{n}.pdf", w) for n, w in zip(sheets(), words, strict=True)]
        first = [one for one in papers if one] if number == 0 else []
        sections.append(
            f"<h2>{html.escape(lesson.title)}</h2><p>{' · '.join([plan, *first])}</p>"
            + table(lesson.chapters)
        )
    sections.append("<h2>Everything, part by part</h2>")
    for part in Book.here().parts():
        names = [name for name in part.chapters if name in asked or name in on_paper([part])]
        slides = link(f"slides/{part.slug}.html", "all its slides")
        sections.append(f"<h3>{html.escape(part.title)}</h3><p>{slides}</p>" + table(names))
    body = f"""<h1>Past 600 Million: the kit</h1>
<p>Everything here works without a network: {link("site/index.html", "the book")}, and what a
lesson takes from it: each page’s handout, slides and notebooks for students, with answers and for
teachers. On paper, questions stand without their answers. Arrow keys turn the slides, the browser
prints them.</p>
{"".join(sections)}
<h2>Notebooks</h2><p>They import the code in <code>book</code>:
<code>pip install -r requirements.txt</code> in that folder prepares a computer once, with a
network; a hub does it for everybody. The student files hold no answers.</p>"""
    style = """main { max-width: 52rem; margin: 3rem auto; padding: 0 1rem; }
h2 { margin-top: 1.6em; } h3 { margin: 1.4em 0 .2em; } p:empty { display: none; }
table { width: 100%; min-width: 46rem; table-layout: fixed; } th { width: 27%; }
td { white-space: nowrap; }"""
    return document("Past 600 Million: the kit", style, body)


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
