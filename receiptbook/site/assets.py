"""The site's own style sheet, script and chart runtime; nothing else is shipped."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ConfigError

from receiptbook.site import picture, questions, receipts, sheets

HERE = Path(__file__).parent
EARLY = "early.js"  # before the first paint; carried by the pages or at the head of book.js
SCRIPTS = {  # file -> its parts; only book.js is asked for by every page
    "book.js": ("theme", "book", "code"),
    "figures.js": ("charts",),
    "ledger.js": ("ledger",),
    "search.js": ("search",),
}
EXPLORER_SCRIPTS = ("scenario.js", "settings.js")  # run what `receiptbook.explorers` puts on a page


def script(name: str) -> str:
    """One of the files in SCRIPTS; each part minds its own business."""
    return wrapped("\n".join(_read("scripts", f"{part}.js") for part in SCRIPTS[name]))


def early() -> str:
    """What must run before the first paint, or light would flash in the dark."""
    return wrapped(_read("scripts", EARLY))


def wrapped(text: str) -> str:
    """A script that keeps its names to itself."""
    return f'"use strict";(()=>{{\n{lean(text)}}})();'


def lean(text: str) -> str:
    """A script without indents and without lines that are comments."""
    return re.sub(r"^\s*(//.*)?\n|^\s+", "", text, flags=re.M)


def _read(folder: str, name: str) -> str:
    return (HERE / folder / name).read_text("utf-8")


def write_assets(app: Sphinx, problem: Exception | None) -> None:
    """Write them once the pages stand."""
    if problem or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    static.mkdir(exist_ok=True)
    config = app.receiptbook.config
    before = {}  # what goes ahead of a script
    if config.hydrate:
        look = json.dumps(picture.theme(app.receiptbook.cache), separators=(",", ":"))
        before["figures.js"] = f"ReceiptBook.look={look};\n"
        copy_runtime("vega.js" if config.slim_vega else "vega-full.js", static)
    if not config.inline:
        before["book.js"] = early()
    (static / "book.css").write_text(sheets.whole(), "utf-8")
    for name in SCRIPTS:
        (static / name).write_text(before.get(name, "") + script(name), "utf-8")
    asked = lean(questions.script(_read("scripts", "questions.js")))
    (static / "questions.js").write_text(asked, "utf-8")
    for name in EXPLORER_SCRIPTS:
        (static / name).write_text(lean(_read("assets", name)), "utf-8")
    for name in ("favicon.svg", "favicon.png"):
        shutil.copyfile(HERE / "images" / name, static / name)
    code = wrapped(_read("scripts", "receipts.js"))
    data = receipts.script(app.receiptbook.receipts, app.receiptbook)
    (static / "receipts.js").write_text(code + data, "utf-8")
    if config.prune:
        prune(static)


def copy_runtime(name: str, static: Path) -> None:
    """The chart runtime with its licences; the full one is built only by those who want it."""
    vega = HERE / "vega"
    if not (vega / name).exists():
        raise ConfigError(
            f"receiptbook: {name} is not built; run `npm ci && node build.mjs full` "
            f"in receiptbook/site/vega, or set `slim_vega: true`"
        )
    for file in (name, "LICENSES.txt"):
        shutil.copyfile(vega / file, static / file)


def prune(static: Path) -> None:
    """Leave out what Sphinx and its extensions copy and no page asks for."""
    for name in ("basic.css", "pygments.css", "file.png", "minus.png", "plus.png"):
        (static / name).unlink(missing_ok=True)
    for file in static.glob("mystnb.*.css"):
        file.unlink()
