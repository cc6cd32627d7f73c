"""Packs Python for the page: the runtime, four archives, and for each notebook its cells.

    core.bin            the book's tables and its own modules, with what they need of others
    charts.bin          numpy, pandas and altair;  models.bin: the book's own modules that import them
    chapters.bin        the pages, for cells that run other chapters or look into them
    python_stdlib.bin   Python's own library

A page fetches the first and the last, the others only if its cells ask for them. Each is a zip file
that holds its entries as they are, gzipped as a whole: it is smaller so, and the browser unpacks it
many times faster than Python in the page could. Modules are stored as bytecode if a Python of the
page's version is at hand to make it, which halves the start.
"""

from __future__ import annotations

import ast
import functools
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import receiptbook
from receiptbook.archive import zipped
from receiptbook.book import Book, exercises_of
from receiptbook.book.notebooks import read_notebook
from receiptbook.book.outputs import receipts_in
from receiptbook.exercises import is_id, load
from receiptbook.exercises.rows import SLIPS
from receiptbook.site.run import registry, runner
from receiptbook.site.style import hashed
from receiptbook.system import in_one_step, starts
from receiptbook.tables import load as load_tables

HERE = Path(__file__).parent
ENGINE = Path(receiptbook.__file__).parent
EDITION = 4  # raise when what is packed changes, so that kept archives are packed anew
FOLDER = "python"  # in the folder of what is made: downloads and archives are kept there

#: pure packages of the environment, by the distribution that installed them
CORE = ("PyYAML", "Jinja2", "MarkupSafe", "markdown-it-py", "mdurl")
CHARTS = (
    "altair", "narwhals", "jsonschema", "jsonschema-specifications", "referencing", "attrs",
    "packaging", "python-dateutil", "typing_extensions",
)  # fmt: skip
SKIPPED = re.compile(
    r"(^|/)(tests?|testing/_private|f2py|distutils|include|benchmarks|__pycache__|conftest\.py"
    r"|_pyinstaller|port|cli|\.\.)(/|$)|\.(pyi|pyx|pxd|h|a|c|cpp|typed|pyc|pyd)$|\.dist-info/"
    r"|altair/jupyter/js|markupsafe/_speedups\.[^p]|yaml/_yaml|(^|/)\.\."
)
#: parts of the engine and of a book that are about making the site, not about running cells
APART = re.compile(
    r"/(site|kit|prose)/|/(refresh|commands|approvals|renewal|wave|browser|system)\.py$"
)
#: of the standard library: what needs processes, a server or a terminal, formats of sound, and code
#: pages that no file here has
IDLE = re.compile(
    r"(multiprocessing|xmlrpc|wsgiref|lib2to3)/|http/(server|cookiejar|cookies)\."
    r"|(imaplib|smtplib|poplib|nntplib|ftplib|telnetlib|mailbox|mailcap|socketserver|cgi|cgitb"
    r"|pdb|bdb|cProfile|profile|pstats|trace|modulefinder|pickletools|aifc|wave|sunau|chunk)\."
    r"|encodings/(cp(?!437)\d|mac_|iso8859_([2-9]|1[0-46])|koi8|kz|hp_|ptcp|tis)"
)
#: what carries no docstrings in the page, by archive; numpy and altair need theirs when imported
BARE = {"charts.bin": "site/pandas", "python_stdlib.bin": "."}
PAGE_PARTS = ("templates.py", "receipt.py", "sources.py", "palette.py")
GLUE = "glue.bin"  # the script between the machine code and the browser
RUNTIME = ("pyodide.js", GLUE, "python_stdlib.bin", "pyodide.asm.bin", "lock.json")
WITH_CHARTS = ("charts.bin", "models.bin")


@dataclass(frozen=True)
class Packed:
    """What was packed: each file by name, whether modules are bytecode, the licences in one text."""

    files: dict[str, Path]
    compiled: bool
    licences: str = ""


# ------------------------------------------------------------------------------------- archives


def pack(book: Book, packages: Mapping[str, Path]) -> Packed:
    """Make, or find made, everything that a page loads. packages: see `registry.provide`."""
    kept = book.build / FOLDER
    kept.mkdir(parents=True, exist_ok=True)
    compiler = find_python(registry.lock()["python"])
    modules = dict(own(book))
    late = {
        name
        for name in modules
        if name.endswith(".py") and asks_for_charts([_importing(name)], book)
    }
    entries = {
        "core.bin": {**{n: c for n, c in modules.items() if n not in late}, **dict(core(book))},
        "charts.bin": dict(charts(packages)),
        "models.bin": {name: modules[name] for name in sorted(late)},
        "chapters.bin": dict(chapters(book)),
        "python_stdlib.bin": dict(library(packages["pyodide"])),
    }
    files = {name: _archive(kept, name, held, compiler) for name, held in entries.items()}
    runtime = kept / f"runtime-{EDITION}" / packages["pyodide"].stem
    if not runtime.exists():
        _unpack(packages["pyodide"], runtime)
    files |= {file.name: file for file in sorted(runtime.iterdir())}
    return Packed(files, compiler is not None)


def _unpack(package: Path, folder: Path) -> None:
    """The runtime out of its package: machine code and glue packed, its lock without packages."""
    fresh = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    (fresh / "pyodide.js").write_bytes(registry.inside(package, "pyodide.js"))
    for name, part in (("pyodide.asm.bin", "pyodide.asm.wasm"), (GLUE, "pyodide.asm.js")):
        code = registry.inside(package, part)
        (fresh / name).write_bytes(gzip.compress(code, 9, mtime=0))
    lock = json.loads(registry.inside(package, "pyodide-lock.json"))
    (fresh / "lock.json").write_text(json.dumps({"info": lock["info"], "packages": {}}), "utf-8")
    fresh.replace(folder)


def library(package: Path) -> Iterator[tuple[str, bytes]]:
    """Python's own library, as the runtime's package has it, without what a page cannot use."""
    with zipfile.ZipFile(io.BytesIO(registry.inside(package, "python_stdlib.zip"))) as held:
        for name in held.namelist():
            if not name.endswith("/") and not IDLE.match(name):
                yield name, held.read(name)


def own(book: Book) -> Iterator[tuple[str, bytes]]:
    """The modules of the engine and of the book's packages, without those that make the site."""
    for package in dict.fromkeys((ENGINE, *_packages(book))):
        for file in sorted(package.rglob("*")):
            name = f"book/{file.relative_to(package.parent).as_posix()}"
            if file.suffix in (".py", ".html") and not APART.search(name):
                yield name, file.read_bytes()


def _importing(name: str) -> str:
    """A line that imports the module of an archive's entry."""
    module = name.removeprefix("book/").removesuffix(".py").removesuffix("/__init__")
    return f"import {module.replace('/', '.')}"


def core(book: Book) -> Iterator[tuple[str, bytes]]:
    """The tables and exercises, how a receipt becomes HTML, and pure packages."""
    site = ENGINE / "site"
    yield "book/receiptbook/site/__init__.py", b""  # the builder itself has no place in the page
    for file in (*(site / name for name in PAGE_PARTS), *sorted((site / "templates").iterdir())):
        yield f"book/receiptbook/site/{file.relative_to(site).as_posix()}", file.read_bytes()
    folders = sorted(folder for folder in book.chapters.iterdir() if folder.is_dir())
    for folder in (book.data, *folders):
        yield from _files(book, folder)
    slips = book.chapters / SLIPS
    for file in (book.root / "_toc.yml", book.root / "_config.yml", slips):
        if file.exists():
            yield f"book/{file.relative_to(book.root).as_posix()}", file.read_bytes()
    yield from _distributions(CORE)
    yield "site/runner.py", (HERE / "runner.py").read_bytes()
    yield "site/IPython.py", (HERE / "stand_ins" / "for_ipython.py").read_bytes()


def _packages(book: Book) -> Iterator[Path]:
    for marker in sorted(book.root.glob("*/__init__.py")):
        if marker.parent.name != "tests":
            yield marker.parent


def charts(packages: Mapping[str, Path]) -> Iterator[tuple[str, bytes]]:
    """numpy and pandas as built for the page; altair and what it needs from the environment."""
    for name in ("numpy", "pandas"):
        with zipfile.ZipFile(packages[name]) as wheel:
            for file in wheel.namelist():
                if not file.endswith("/") and not SKIPPED.search(file):
                    yield f"site/{file}", wheel.read(file)
    yield from _distributions(CHARTS)
    yield "site/rpds.py", (HERE / "stand_ins" / "for_rpds.py").read_bytes()


def chapters(book: Book) -> Iterator[tuple[str, bytes]]:
    """The pages, and the few files at the root that a cell may read."""
    for file in book.pages():
        yield f"book/{file.relative_to(book.root).as_posix()}", file.read_bytes()
    for file in (*book.root.glob("*.cff"), *sorted(book.root.glob("bench/*.csv"))):
        yield f"book/{file.relative_to(book.root).as_posix()}", file.read_bytes()


def _files(book: Book, folder: Path) -> Iterator[tuple[str, bytes]]:
    for file in sorted(folder.glob("*")) if folder.exists() else ():
        if file.is_file():
            yield f"book/{file.relative_to(book.root).as_posix()}", file.read_bytes()


def _distributions(names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Pure packages as they are installed, each with its name and version for who asks."""
    for name in names:
        one = metadata.distribution(name)
        for file in one.files or ():
            path = file.as_posix()
            if not SKIPPED.search(path) and not path.endswith(".so") and file.locate().is_file():
                yield f"site/{path}", file.read_binary()
        told = f"Metadata-Version: 2.1\nName: {one.metadata['Name']}\nVersion: {one.version}\n"
        folder = f"{one.metadata['Name'].replace('-', '_')}-{one.version}.dist-info"
        yield f"site/{folder}/METADATA", told.encode()


def _archive(kept: Path, name: str, entries: dict[str, bytes], compiler: str | None) -> Path:
    """An archive under the hash of what goes in; packed only if it is not there."""
    bare = BARE.get(name)
    seen = hashlib.sha256(f"{EDITION}\0{bool(compiler)}\0{bare}\0".encode())
    for path, content in entries.items():
        seen.update(f"{path}\0{len(content)}\0".encode() + content)
    file = kept / seen.hexdigest()[:16] / name
    if not file.exists():
        for old in kept.glob(f"*/{name}"):
            shutil.rmtree(old.parent)
        held = _compiled(entries, compiler, bare) if compiler else entries.items()
        with in_one_step(file) as fresh:
            fresh.write_bytes(gzip.compress(zipped(held, packed=False), 9, mtime=0))
    return file


# ------------------------------------------------------------------------------------- bytecode


def find_python(version: str) -> str | None:
    """An interpreter of that version, for bytecode that the page's Python can read.

    >>> find_python("2.0") is None
    True
    """
    own = [sys.executable] if "{}.{}".format(*sys.version_info) == version else []
    home = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    named = [shutil.which(f"python{version}"), *map(str, home.glob(f"{version}.*/bin/python3"))]
    if uv := shutil.which("uv"):
        asked = [uv, "python", "find", "--offline", "--no-project", version]
        found = subprocess.run(asked, capture_output=True, text=True, check=False)
        named.append(found.stdout.strip())
    return next((path for path in [*own, *filter(None, named)] if starts(path)), None)


_COMPILE = """
import compileall, py_compile, sys
for place, level in zip(sys.argv[1:], (0, 2)):
    compileall.compile_dir(place, quiet=2, legacy=True, stripdir=sys.argv[1], workers=1, force=True,
        optimize=level, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
"""


def _compiled(
    entries: Mapping[str, bytes], compiler: str, bare: str | None
) -> Iterator[tuple[str, bytes]]:
    """The entries with each module as bytecode in the place of its source.

    bare : the folder whose modules lose their docstrings
    """
    with tempfile.TemporaryDirectory(prefix="python-") as folder:
        for path, content in entries.items():
            file = Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        places = [folder, *([str(Path(folder, bare))] if bare else [])]
        subprocess.run([compiler, "-I", "-c", _COMPILE, *places], check=False)
        for path, content in sorted(entries.items()):
            made = Path(folder, path).with_suffix(".pyc")
            if path.endswith(".py") and made.exists():
                yield f"{path}c", made.read_bytes()
            else:
                yield path, content


# ---------------------------------------------------------------------------------------- pages


@functools.lru_cache
def page(book: Book, notebook: Path) -> dict[str, Any]:
    """What a notebook's page must know to run: its cells, and the archives they ask for at once.

    Each cell has its number as executed, its source, the names that it sets and uses, and the
    digest of what it shows.
    """
    cells = []
    code = [c for c in read_notebook(notebook).cells if c.cell_type == "code" and c.source.strip()]
    for number, cell in enumerate(code, 1):
        sets, uses = runner.names(cell.source)
        shown = runner.digest(runner.canonical(cell.outputs))
        cells.append({"n": number, "source": cell.source, "sets": sets, "uses": uses,
                      "digest": shown})  # fmt: skip
    archives = ["core.bin"]
    if asks_for_charts([cell.source for cell in code], book):
        archives += WITH_CHARTS
    if asks_for_chapters(book, notebook, code):
        archives.append("chapters.bin")
    return {"cells": cells, "archives": archives}


def weight(packed: Packed, archives: Iterable[str]) -> int:
    """Bytes that a page loads before its first result; scripts as a server packs them."""
    return sum(_sent(packed.files[name]) for name in (*RUNTIME, *archives))


@functools.lru_cache
def _sent(file: Path) -> int:
    content = file.read_bytes()
    return len(gzip.compress(content, 6) if file.suffix == ".js" else content)


def listing(packed: Packed) -> dict[str, list]:
    """Each file by name: its size in bytes, and its hash as a browser checks it."""
    return {
        name: [file.stat().st_size, hashed(file.read_bytes())]
        for name, file in packed.files.items()
    }


def asks_for_charts(sources: Iterable[str], book: Book) -> bool:
    """Whether running these cells imports numpy, pandas or altair, itself or by a module of ours.

    >>> asks_for_charts(["from receiptbook.receipts import receipt"], Book.here())
    False
    >>> asks_for_charts(["from receiptbook.charts import card"], Book.here())
    True
    """
    waiting = [name for source in sources for name in _imports(ast.parse(source))]
    seen: set[str] = set()
    while waiting:
        if (name := waiting.pop()).partition(".")[0] in runner.SECOND:
            return True
        if name not in seen:
            seen.add(name)
            waiting += [*_imported_by(name, book.root), *filter(None, [name.rpartition(".")[0]])]
    return False


@functools.cache
def _imported_by(module: str, root: Path) -> tuple[str, ...]:
    """What a module of the engine or of the book in `root` imports when it is imported itself."""
    place = ENGINE.parent if module.partition(".")[0] == ENGINE.name else root
    path = place / module.replace(".", "/")
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return tuple(_imports(ast.parse(file.read_text("utf-8")))) if file.is_file() else ()


def _imports(tree: ast.Module) -> Iterator[str]:
    """Modules that code imports when it is run from top to bottom."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def asks_for_chapters(book: Book, notebook: Path, code: Iterable) -> bool:
    """Whether a chapter's questions ask about a receipt of another one.

    A cell that runs other chapters says so itself, when it is run.
    """
    shown = {
        one["id"] for cell in code for output in cell.outputs
        for one in receipts_in(output.get("data", {}))
    }  # fmt: skip
    known = {*load_tables(book.data).ids, *shown}
    rows = load(notebook.parent).values() if exercises_of(notebook).exists() else ()
    answers = (row.answer for row in rows if row.chapter == notebook.stem)
    named = {word for text in answers for word in re.findall(r"[\w.-]+", text) if is_id(word)}
    return not named <= known
