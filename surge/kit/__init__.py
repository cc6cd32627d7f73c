"""Everything a class needs, in one offline zip: ``python -m surge.kit`` (or ``make kit``).

From the same exercise tables come three notebooks a chapter (notebooks.py); from the same charts
come slides (slides.py); from the built pages come handouts (handouts.py). The site itself and the
code that the notebooks import lie beside them.
"""

from __future__ import annotations

import argparse
import html
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

import nbformat

from surge import classroom
from surge.kit import worksheet
from surge.kit.handouts import print_pages
from surge.kit.notebooks import VERSIONS, notebook
from surge.kit.slides import deck, document
from surge.outline import ROOT, Part, page_title, parts

SITE = ROOT / "_build" / "html"
TARGET = ROOT / "dist" / "past-600-million-kit.zip"
LIMIT = 25e6  # bytes; what still goes through a school's mail and onto an old stick
DATE = (2026, 1, 1, 0, 0, 0)
CODE = ("requirements.txt", "pyproject.toml", "runtime.txt", "LICENSE", "LICENSE-text", "README.md",
        "_toc.yml", "bench/kernels.csv")  # fmt: skip


def make(folder: Path, site: Path = SITE, *, paper: bool = True) -> None:
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
    book = parts()
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
    ignore = shutil.ignore_patterns("__pycache__", ".*", "*.pyc")
    for name in ("surge", "data", "chapters"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignore)
    (folder / "bench").mkdir()
    for name in CODE:
        shutil.copyfile(ROOT / name, folder / name)


def _index(folder: Path, told: list[Part], asked: list[str]) -> str:
    """The first page of the kit: what lies where, with links."""

    titles = {part.slug: part.title for part in told}
    decks = "".join(
        f'<li><a href="slides/{slug}.html">{html.escape(title)}</a></li>'
        for slug, title in titles.items()
    )
    notebooks = "".join(
        f"<tr><th scope='row'>{html.escape(page_title(name))}</th>"
        + "".join(f'<td><a href="notebooks/{v}/{name}.ipynb">{v}</a></td>' for v in VERSIONS)
        + "</tr>"
        for name in asked
    )
    papers = "".join(
        f'<li><a href="handouts/{name}.pdf">{html.escape(page_title(name))}</a></li>'
        for name in on_paper(parts())
        if (folder / "handouts" / f"{name}.pdf").exists()
    )
    body = f"""<h1>Past 600 Million: the kit</h1>
<p>Everything here works without a network. Lesson plans stand in
<a href="site/chapters/teach.html">Teach with this book</a>.</p>
<h2>Read</h2><p><a href="site/index.html">Open the book</a></p>
<h2>Show</h2><p>Slides: arrow keys turn them, the browser prints them.</p><ul>{decks}</ul>
<h2>Hand out</h2><p>On paper, questions stand without their answers.</p><ul>{papers}</ul>
<h2>Run</h2><p>Exercise notebooks. They import the code in <code>book</code>:
<code>pip install -r requirements.txt</code> in that folder prepares a computer once, with a
network; a hub does it for everybody. The student files hold no answers.</p>
<table><tbody>{notebooks}</tbody></table>"""
    style = "main { max-width: 46rem; margin: 3rem auto; padding: 0 1rem; }"
    return document("Past 600 Million: the kit", style, body)


def pack(target: Path = TARGET, site: Path = SITE, *, paper: bool = True) -> Path:
    """Make the kit and zip it; the file appears when it is whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="kit-") as work:
        folder = Path(work) / target.stem
        folder.mkdir()
        make(folder, site, paper=paper)
        fresh = target.with_suffix(".new")
        with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for file in sorted(p for p in folder.rglob("*") if p.is_file()):
                entry = zipfile.ZipInfo(file.relative_to(work).as_posix(), DATE)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, file.read_bytes(), compresslevel=9)
        fresh.replace(target)
    return target


def main(arguments: list[str] | None = None) -> int:
    """Command line: write the kit; 1 if it is larger than LIMIT."""
    parser = argparse.ArgumentParser("surge.kit", description=__doc__.splitlines()[0])
    parser.add_argument("target", nargs="?", type=Path, default=TARGET)
    parser.add_argument("--site", type=Path, default=SITE, help="the folder of the built site")
    parser.add_argument("--no-paper", action="store_true", help="leave out the PDF handouts")
    options = parser.parse_args(arguments)
    try:
        written = pack(options.target, options.site, paper=not options.no_paper)
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 1
    size = written.stat().st_size
    print(f"{written}: {size / 1e6:.1f} MB")
    if size > LIMIT:
        print(f"that is more than {LIMIT / 1e6:.0f} MB", file=sys.stderr)
    return int(size > LIMIT)
