"""Python in the page: a notebook's cells run where they are read, with no server and no account.

`prepare` gets and packs what it is made from, before a build; a build that finds it packed serves it
in `_static/run/` and puts a button on each page that has cells to run. Nothing of it is loaded
before that button is pressed.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from receiptbook.book import Book
from receiptbook.book.contents import read_yaml
from receiptbook.receipts import VERDICTS
from receiptbook.site.run import licences, pack, registry
from receiptbook.site.templates import render
from receiptbook.system import say

if TYPE_CHECKING:
    from sphinx.application import Sphinx

HERE = Path(__file__).parent
PLACE = "_static/run"  # in the site
SCRIPTS = ("page.js", "worker.js", "vega-lite.js", "run.css")
LISTING = "packed.json"


def wanted(book: Book) -> bool:
    """Whether the book's configuration asks for Python in its pages."""
    try:
        written = read_yaml(book.root / "_config.yml")
    except ValueError:  # the build itself says what is wrong with it
        return False
    return bool(((written.get("sphinx") or {}).get("config") or {}).get("receiptbook_python"))


def prepare(book: Book) -> bool:
    """Get and pack Python for the pages; False, and one line that says so, if it cannot be had.

    Raises
    ------
    Stop
        if what a registry sent is not what the lock names
    """
    kept = book.build / pack.FOLDER
    listing = kept / LISTING
    listing.unlink(missing_ok=True)
    try:
        packages = registry.provide(kept / "downloads")
    except registry.Unreached as why:
        say(f"the site is built without Python in its pages: {why}")
        return False
    packed = pack.pack(book, packages)
    packed = replace(packed, licences=licences.text(packages))
    if not packed.compiled:
        version = registry.lock()["python"]
        say(f"no Python {version} was found to compile for the pages; they will start more slowly")
    listing.write_text(json.dumps(asdict(packed), default=str), "utf-8")
    return True


def arrived(book: Book) -> bool:
    """Whether the site was built without Python and it can now be had."""
    return wanted(book) and not (book.site / PLACE).exists() and prepare(book)


def packed_for(app: Sphinx) -> pack.Packed | None:
    """What was packed for this build; None where Python is not wanted or could not be had."""
    file = Book(Path(app.srcdir)).build / pack.FOLDER / LISTING
    if not app.env.receiptbook_settings.python or not file.exists():
        return None
    told = json.loads(file.read_text("utf-8"))
    files = {name: Path(path) for name, path in told["files"].items()}
    return pack.Packed(files, told["compiled"], told["licences"])


def size(count: int) -> str:
    """Bytes as a reader is told them.

    >>> size(6_343_500)
    '6.3 MB'
    """
    return f"{count / 1e6:.1f} MB"


def offer(app: Sphinx, pagename: str, template: str, context: dict, doctree: Any) -> None:
    """The button of a page that has cells: what it loads, and how much that is."""
    context["python"] = None
    found = packed_for(app) if doctree is not None else None
    file = Path(app.env.doc2path(pagename)) if found else None
    book = Book(Path(app.srcdir))
    if file and file.suffix == ".ipynb" and (told := pack.page(book, file))["cells"]:
        weight = size(pack.weight(found, told["archives"]))
        context["python"] = {"page": Path(pagename).name, "size": weight}


def write(app: Sphinx, problem: Exception | None) -> None:
    """The files of Python and of each page's cells, beside the site's own."""
    if problem or app.builder.format != "html" or not (found := packed_for(app)):
        return
    from receiptbook.site.builder import ledger_address

    book, folder = Book(Path(app.srcdir)), Path(app.outdir) / PLACE
    (folder / "pages").mkdir(parents=True, exist_ok=True)
    for name, file in found.files.items():
        shutil.copyfile(file, folder / name)
    for name in SCRIPTS:
        shutil.copyfile(HERE / "assets" / name, folder / name)
    (folder / "LICENSES.txt").write_text(found.licences, "utf-8")
    files = pack.listing(found)
    for docname in sorted(app.env.all_docs):
        file = Path(app.env.doc2path(docname))
        if file.suffix == ".ipynb" and (told := pack.page(book, file))["cells"]:
            told |= {
                "files": files,
                "ledger": ledger_address(app, docname),
                "python": registry.lock()["python"],
                "shapes": render("shapes.html", verdicts=[*VERDICTS]),
            }
            script = f"ReceiptBook.cells({json.dumps(told, ensure_ascii=False)});\n"
            (folder / "pages" / f"{file.stem}.js").write_text(script, "utf-8")
