"""Everything a class needs, in two offline zips: ``python -m surge.kit`` (or ``make kit``).

One zip is for students and holds no key and no answer to an exercise; its handouts are chapters, which
tell what they find. The teacher's holds all of it with keys, the site and the code that the notebooks
import. What is made from any book, receiptbook.kit makes: three notebooks a
chapter from its exercises, slides from its charts, handouts from the built pages. The sheets of the
lessons and the first page (index.html) are this book's own.

A file is added by a row of `files`: see `receiptbook.kit.KitFile`.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import nbformat

from receiptbook import browser, commands, exercises
from receiptbook.archive import files_in, write_archive
from receiptbook.book import Book, Part
from receiptbook.book.imprint import imprint
from receiptbook.book.outline import page_title, printed_apart
from receiptbook.exercises import Exercise
from receiptbook.kit import (
    AUDIENCES,
    STUDENTS,
    TEACHER,
    VERSIONS,
    KitFile,
    SitePage,
    meant_for,
    notebook,
    quiz,
    write,
)
from receiptbook.kit.grading import grader
from receiptbook.kit.notebooks import elsewhere
from receiptbook.site.style import style_sheet
from receiptbook.system import Stop
from receiptbook.templates import render
from surge.kit import blank, cards, decks, plan
from surge.lessons import anchor, lessons

NAME = "past-600-million-kit"
ZIPS = {whose: f"{NAME}-{whose}.zip" for whose in AUDIENCES}
LIMIT = 25e6  # bytes of a zip: what most mail servers still accept as an attachment
FOR_TEACHERS = ("teach", "hub")
CODE = ("requirements.txt", "requirements-grading.txt", "pyproject.toml", "runtime.txt", "LICENSE",
        "LICENSE-text", "README.md", "_toc.yml", "bench/kernels.csv")  # fmt: skip


# --------------------------------------------------------------------------- what the kit holds


def files() -> list[KitFile]:
    """Every file that is made for a class, in the order of the first page."""
    return [
        *plan.files(),
        *cards.files(),
        *blank.files(),
        *_handouts(),
        *decks.files(),
        *_notebooks(),
        *_graders(),
        *_quizzes(),
    ]


def _handouts() -> list[KitFile]:
    """Pages on paper."""
    return [
        KitFile(
            f"handouts/{name}.pdf",
            TEACHER if name in FOR_TEACHERS else STUDENTS,
            "handout",
            name,
            SitePage(name),
        )
        for name in on_paper(Book.here().parts())
    ]


def _notebooks() -> list[KitFile]:
    """Each chapter's exercises: blank, with answers, and with notes for teachers."""
    words = dict(zip(VERSIONS, ("notebook", "with answers", "with notes"), strict=True))

    def text(name: str, version: str) -> str:
        return nbformat.writes(notebook(name, version)) + "\n"

    return [
        KitFile(f"notebooks/{version}/{name}.ipynb", STUDENTS if version == "student" else TEACHER,
                words[version], name, partial(text, name, version))
        for version in VERSIONS
        for name in asking_chapters()
    ]  # fmt: skip


def _graders() -> list[KitFile]:
    """What otter-grader takes to grade a chapter's notebooks."""
    return [
        KitFile(f"grading/{name}.zip", TEACHER, "grader", name, partial(grader, name))
        for name in asking_chapters()
    ]


def _quizzes() -> list[KitFile]:
    """All exercises for a learning platform: with right answers, so not for students."""
    title = imprint().title

    def chapters() -> list[tuple[str, list[Exercise]]]:
        known = exercises.by_chapter()
        order = [name for part in Book.here().parts() for name in part.chapters]
        return [(page_title(name), known[name]) for name in order if name in known]

    return [
        KitFile("quiz/moodle.xml", TEACHER, "all exercises as Moodle XML, for a question bank", "",
                lambda: quiz.moodle_xml(title, chapters())),
        KitFile("quiz/gift.txt", TEACHER, "the same as GIFT, for other platforms", "",
                lambda: quiz.gift(title, chapters())),
    ]  # fmt: skip


def asking_chapters() -> list[str]:
    """Names of the chapters that have exercises, in alphabetical order."""
    return sorted(exercises.by_chapter())


def on_paper(book: Iterable[Part]) -> list[str]:
    """The pages that are printed: not the ledger, a list to search, nor what needs a screen."""
    names = [name for part in book for name in part.chapters]
    return [name for name in names if name != "ledger" and not printed_apart(name)]


# -------------------------------------------------------------------------------- the two zips


def make(folder: Path, site: Path, *, paper: bool = True) -> dict[str, Path]:
    """Write both kits into a folder, each below a name of its own; without `paper`, no PDF.

    Every file is made once: the students' kit is a part of the teacher's.

    Raises
    ------
    FileNotFoundError
        if the site is not built
    """
    if not (site / "index.html").exists():
        raise FileNotFoundError(f"{site} holds no index.html; build the book first")
    kits = {whose: folder / Path(name).stem for whose, name in ZIPS.items()}
    made, teacher = files(), kits[TEACHER]
    write(made, teacher, site, paper=paper)
    for whose, place in kits.items():
        held = [file for file in meant_for(made, whose) if (teacher / file.path).exists()]
        for file in held:
            (place / file.path).parent.mkdir(parents=True, exist_ok=True)
            if place != teacher:
                shutil.copyfile(teacher / file.path, place / file.path)
        (place / "index.html").write_text(index(held, whose), "utf-8")
    # both tell the answers; Python in the page is left out, as a folder cannot fetch it
    left_out = shutil.ignore_patterns("run")
    shutil.copytree(site, teacher / "site", ignore=lambda where, names: (
        left_out(where, names) if Path(where).name == "_static" else ()
    ))  # fmt: skip
    _copy_code(teacher / "book")
    return kits


def _copy_code(folder: Path) -> None:
    """What the notebooks import, and the chapters to run."""
    root = Book.here().root
    ignore = shutil.ignore_patterns("__pycache__", ".*", "*.pyc")
    for name in ("receiptbook", "surge", "data", "chapters"):
        shutil.copytree(root / name, folder / name, ignore=ignore)
    (folder / "bench").mkdir()
    for name in CODE:
        shutil.copyfile(root / name, folder / name)


# -------------------------------------------------------------------------------- the first page


def index(held: Iterable[KitFile], whose: str) -> str:
    """The first page of a kit: what each lesson takes, then everything by part, with links."""
    at: dict[str, list[KitFile]] = defaultdict(list)
    handing_out: dict[str, list[str]] = defaultdict(list)  # lessons, by what is no sheet of theirs
    for one in lessons():
        for name in {name for step in one.steps for name in step.also}:
            handing_out[name].append(one.name)
    for file in held:
        at[file.at].append(file)
        for name in handing_out.get(Path(file.path).stem.removesuffix("-key"), ()):
            at[f"lesson:{name}"].append(file)
    taught, parts = lessons(), Book.here().parts()
    known = {
        "",
        *(f"lesson:{one.name}" for one in taught),
        *(f"part:{part.slug}" for part in parts),
    }
    known |= {name for part in parts for name in part.chapters}
    if lost := at.keys() - known:
        raise ValueError(f"no lesson, page or part is called {sorted(lost)}; it lists kit files")
    return render(
        Path(__file__).with_name("index.html"),
        style=style_sheet(),
        at=at,
        anchor=anchor,
        page_title=page_title,
        teacher=whose == TEACHER,
        address=imprint().address,
        colab=bool(elsewhere().repository),
        lessons=[
            one for one in taught if f"lesson:{one.name}" in at or at.keys() & {*one.chapters}
        ],
        parts=[part for part in parts if f"part:{part.slug}" in at or at.keys() & {*part.chapters}],
    )


def pack(folder: Path, site: Path, *, paper: bool = True) -> list[Path]:
    """Make both kits and zip them into a folder; a file appears when it is whole."""
    with tempfile.TemporaryDirectory(prefix="kit-") as work:
        return [
            write_archive(folder / ZIPS[whose], files_in(place, place.name))
            for whose, place in make(Path(work), site, paper=paper).items()
        ]


def main(arguments: list[str] | None = None) -> int:
    """Command line: build the site and pack both kits; 1 if one exceeds LIMIT."""
    book = Book.here()
    parser = argparse.ArgumentParser("surge.kit", description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=book.dist)
    parser.add_argument("--site", type=Path, help="a site that is built already")
    parser.add_argument("--no-paper", action="store_true", help="leave out the PDF handouts")
    options = parser.parse_args(arguments)
    try:
        paper = not options.no_paper
        if options.site is None:
            paper = paper and bool(browser.provide(book.build))
            commands.build(book)
        written = pack(options.folder, options.site or book.site, paper=paper)
    except (FileNotFoundError, Stop) as error:
        print(error, file=sys.stderr)
        return 1
    large = [file for file in written if file.stat().st_size > LIMIT]
    for file in written:
        print(f"{file}: {file.stat().st_size / 1e6:.1f} MB")
    for file in large:
        print(f"{file.name} has more than {LIMIT / 1e6:.0f} MB", file=sys.stderr)
    return int(bool(large))
