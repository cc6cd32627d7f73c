"""Files beside the pages. Sphinx copies them; those that hold the book's facts are written first."""

from __future__ import annotations

import json
import re
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from receiptbook.book import Book
from receiptbook.book.contents import slug
from receiptbook.site import cards, embed, ledger_page, live, picture, questions, search, terms
from receiptbook.tables import described, load
from receiptbook.tables.downloads import write_downloads

HERE = Path(__file__).parent
SERVED = ("images", "vega/dist", "minisearch/dist")  # as they stand
REMARK = re.compile(r"(?<=[;{}(,]) // .*$", re.M)
INDENT = re.compile(r"^[ \t]*(//.*)?\n?", re.M)


def source(name: str) -> str:
    """A script of scripts/ as it is served."""
    return lean((HERE / "scripts" / name).read_text("utf-8"))


def lean(script: str) -> str:
    r"""A script without what only its authors read: remarks, indents, empty lines.

    >>> lean("// Rain.\nconst fell = () => { // in mm\n  return 5;\n};\n")
    'const fell = () => {\nreturn 5;\n};\n'
    """
    return INDENT.sub("", REMARK.sub("", script))


def _written(app: Sphinx) -> Path:
    return Path(app.doctreedir) / "receiptbook_static"


def announce(app: Sphinx) -> None:
    """Tell Sphinx which folders it copies into _static/."""
    settings = app.env.receiptbook_settings
    folders = [str(HERE / name) for name in SERVED] + [str(_written(app))]
    social = [settings.card] if settings.card and app.config.html_baseurl else []
    app.config.html_static_path = [*app.config.html_static_path, *folders, *social]


def write(app: Sphinx, env: BuildEnvironment) -> None:
    """Write what depends on the book: scripts with its words and receipts, ledger, tables."""
    if app.builder.format != "html":
        return
    folder = _written(app)
    folder.mkdir(parents=True, exist_ok=True)
    receipts = env.receiptbook_receipts.values()
    look = json.dumps(picture.theme(picture.pictures_folder(app)), separators=(",", ":"))
    assets = {file.name: file.read_text("utf-8") for file in (HERE / "assets").iterdir()}
    files = {
        **{name: lean(text) if name.endswith(".js") else text for name, text in assets.items()},
        "figures.js": f"ReceiptBook.look={look};\n{source('figures.js')}",
        "embed.css": embed.sheet(),
        "questions.js": questions.script(
            "".join(map(source, questions.PARTS)), slug(app.config.html_title)
        ),
        "receipts.js": source("receipts.js") + cards.script(receipts, env) + terms.script(app),
        "sections.js": search.script(app, env),
        **ledger_page.downloads(receipts),
    }
    book = Book(Path(app.srcdir))
    if described(book.data):
        write_downloads(Path(app.outdir) / "_static", book)  # Sphinx may be told to exclude data/
        ledger = env.receiptbook_settings.ledger.rpartition("/")[2]
        engine = "\n".join(source(f"live/{part}.js") for part in live.PARTS)
        told = env.receiptbook_live = live.facts(env.receiptbook_stored, load(book.data), ledger)
        files["live.js"] = f"{engine}Live.start({live.compact(told, env.receiptbook_receipts)});\n"
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
