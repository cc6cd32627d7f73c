"""Execute the chapters and store their outputs in one canonical form.

    python -m receiptbook.refresh              execute every chapter, rewrite those that changed
    python -m receiptbook.refresh headline     only this one
    python -m receiptbook.refresh --check      write nothing; exit 1 and name what is stale

A stored chapter is a function of its cells and of data/ alone: no times, no machine, no widget
state, counts from 1. Executing it again therefore changes nothing in git. The check compares every
output kind; nbval, which runs beside it, passes unexecuted cells and skips pictures and widgets.

Each chapter runs in an empty folder, so one that leans on its working directory, or leaves a file
behind, fails here. Text on stderr is an error too: a warning would be read by everybody.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from receiptbook.book import Book
from receiptbook.book.notebooks import (
    METADATA,
    NotebookError,
    bundles,
    read_notebook,
    read_text,
    replace_text,
)
from receiptbook.book.outputs import SCOREBOARD, WIDGET, card_of
from receiptbook.receipts import ledger

WORKERS = 2
CELL_TIMEOUT = 120  # seconds; a whole chapter is meant to need less than ten

# What a kernel must not inherit from the machine it runs on.
ENVIRONMENT = {
    "PYTHONHASHSEED": "0",  # the order of a set
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "COLUMNS": "80",
    "OPENBLAS_NUM_THREADS": "1",  # the order of a sum
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # else the debugger may greet on stderr
}

CELL_METADATA = {"jupyter", "slideshow", "tags"}
FOLDED = frozenset({"hide-input", "hide-cell", "remove-input"})
LAB = re.compile(r"^what_if\(", re.M)  # the cell shows what turns


class ChapterError(Exception):
    """A chapter that cannot be executed; the message names chapter, cell and cause.

    `reached` is the number of the failing cell, `moved` what the cells before it newly say.
    """

    reached: int = 1
    moved: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What became of one chapter.

    `status` is one of: unchanged, written, stale, error. `details` holds one line for each
    difference between the stored and the fresh outputs, or the error.
    """

    name: str
    status: str
    details: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def failed(self) -> bool:
        return self.status in ("stale", "error")

    def __str__(self) -> str:
        head = f"{self.name:<32} {self.status:<9} {self.seconds:5.1f} s"
        return "\n".join([head, *(f"  {line}" for line in self.details)])


# --- executing -----------------------------------------------------------------------------


def executed(path: Path) -> tuple[str, str]:
    """Return the chapter's text as stored and as a fresh execution would store it.

    Raises ChapterError if the file is no notebook or a cell fails.
    """
    try:
        notebook = read_notebook(path)
        stored = path.read_text("utf-8")
    except NotebookError as error:
        raise ChapterError(str(error)) from None

    notebook.cells = [_without_outputs(_with_own_metadata(cell)) for cell in notebook.cells]
    notebook.metadata = nbformat.from_dict(METADATA)
    # Older notebooks have no cell ids; give them stable ones before nbformat invents random ones.
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for number, cell in enumerate(notebook.cells, 1):
        if "id" not in cell:
            cell["id"] = hashlib.sha256(f"{number}:{cell.source}".encode()).hexdigest()[:8]

    with tempfile.TemporaryDirectory(prefix="chapter-") as folder:
        try:
            _execute(notebook, path, Path(folder))
        except ChapterError as error:
            if error.reached > 1:
                error.moved = tuple(_before(error.reached, stored, notebook))
            raise
    fresh = canonical(notebook)
    nbformat.validate(fresh)
    return stored, nbformat.writes(fresh) + "\n"


def _before(reached: int, stored: str, notebook: NotebookNode) -> Iterator[str]:
    """What the cells before a failing one say that they did not say when they were stored."""
    old = nbformat.reads(stored, as_version=4)
    old.cells, notebook.cells = old.cells[: reached - 1], notebook.cells[: reached - 1]
    old.metadata, old.nbformat_minor = notebook.metadata, notebook.nbformat_minor
    before, now = nbformat.writes(canonical(old)), nbformat.writes(canonical(notebook))
    if before != now:
        yield from differences(before, now)


def _with_own_metadata(cell: NotebookNode) -> NotebookNode:
    """Return the cell without the metadata that front ends leave behind, with the folds of its tags."""
    own = {key: value for key, value in cell.metadata.items() if key in CELL_METADATA}
    code = cell.cell_type == "code"
    cell.metadata = NotebookNode(folded(cell.source, own) if code else own)
    return cell


def _without_outputs(cell: NotebookNode) -> NotebookNode:
    if cell.cell_type == "code":
        cell.outputs, cell.execution_count = [], None
    return cell


def folded(source: str, metadata: Mapping) -> dict:
    """A code cell's metadata with the folds of Jupyter that its tags ask for.

    What the page folds, Jupyter folds: the code of cells whose code or all is hidden, and what a lab
    puts out, which would give its answer away.

    >>> folded("card(chart)", {"tags": ["hide-input"]})
    {'jupyter': {'source_hidden': True}, 'tags': ['hide-input']}
    >>> folded("what_if({})", {})
    {'jupyter': {'outputs_hidden': True}}
    """
    tags = set(metadata.get("tags", ()))
    folds = {
        "outputs_hidden": "hide-output" in tags or bool(LAB.search(source)),
        "source_hidden": bool(tags & FOLDED),
    }
    kept = {k: v for k, v in metadata.get("jupyter", {}).items() if k not in folds}
    kept |= {name: True for name, on in folds.items() if on}
    rest = {k: v for k, v in metadata.items() if k != "jupyter"}
    return ({"jupyter": dict(sorted(kept.items()))} if kept else {}) | rest


def _execute(notebook: NotebookNode, path: Path, folder: Path) -> None:
    name, root = path.name, path.resolve().parents[1]
    work, profile = folder / "work", folder / "ipython"
    work.mkdir()
    reached = 1

    def remember(cell: NotebookNode, cell_index: int) -> None:
        nonlocal reached
        reached = cell_index + 1

    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        record_timing=False,
        store_widget_state=True,  # False breaks cells that use an Output widget
        kernel_name="python3",
        resources={"metadata": {"path": str(work)}},
        on_cell_start=remember,
        extra_arguments=["--log-level=ERROR"],  # the kernel warns of unencrypted local sockets
    )
    # An empty IPython profile keeps the reader's own start-up files out.
    environment = {
        **os.environ,
        **ENVIRONMENT,
        "IPYTHONDIR": str(profile),
        "RECEIPTBOOK_ROOT": str(root),
    }
    try:
        _finish(client.async_execute(env=environment))
    except CellExecutionError as error:
        problem = _error(name, notebook, reached, f"{error.ename}: {error.evalue}")
        problem.reached = reached
        raise problem from None
    except CellTimeoutError:
        raise _error(name, notebook, reached, f"no result after {CELL_TIMEOUT} s") from None
    except DeadKernelError:
        raise _error(name, notebook, reached, "the kernel died; is there enough memory?") from None

    for number, cell in enumerate(notebook.cells, 1):
        for output in cell.get("outputs", ()):
            if output.output_type == "stream" and output.name == "stderr":
                raise _error(name, notebook, number, f"wrote to stderr: {output.text.strip()}")
    left = sorted(file.name for file in work.iterdir())
    if left:
        raise ChapterError(f"{name}: left files in its working directory: {', '.join(left)}")


def _finish(work: Coroutine) -> None:
    """Run to the end in a loop that is closed afterwards, also where the caller's loop runs."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


def _error(name: str, notebook: NotebookNode, number: int, cause: str) -> ChapterError:
    source = _first_line(notebook.cells[number - 1].source)
    return ChapterError(f"{name}, cell {number} ({source}): {cause}")


def _first_line(thing: object) -> str:
    lines = str(thing).strip().splitlines() or [""]
    return lines[0] if len(lines[0]) <= 60 else lines[0][:59] + "…"


def _runs(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and bool(cell.source.strip())


# --- the canonical form --------------------------------------------------------------------


def canonical(notebook: NotebookNode) -> NotebookNode:
    """Return an executed notebook with counts from 1 and nothing in it that depends on the run."""
    count = 0
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        if not _runs(cell):
            cell.outputs, cell.execution_count = [], None
            continue
        count += 1
        cell.execution_count = count
        cell.outputs = list(_canonical_outputs(cell.outputs, count))
    notebook.metadata = nbformat.from_dict(METADATA)
    return notebook


def _canonical_outputs(outputs: Iterable[NotebookNode], count: int) -> Iterator[NotebookNode]:
    """Yield the outputs with the printed text joined and widget views left out.

    How printing is cut into messages depends on timing, so all printed text is one output, in
    the place of the first.
    """
    printed: NotebookNode | None = None
    kept: list[NotebookNode] = []
    for output in outputs:
        if output.output_type == "stream":
            if printed is None:
                printed = output
                kept.append(output)
            else:
                printed.text += output.text
            continue
        output.metadata = NotebookNode()
        output.data.pop(WIDGET, None)
        if output.output_type == "execute_result":
            output.execution_count = count
        if output.data:
            kept.append(output)
    yield from kept


def in_stored_form(path: Path) -> str:
    """The text of a chapter with the outputs that it stores, in the form in which they are stored.

    It is the chapter's own text unless an editor saved it or a cell was never executed.

    Raises
    ------
    NotebookError
        if the file is no notebook
    """
    notebook = read_notebook(path)
    notebook.cells = [_with_own_metadata(cell) for cell in notebook.cells]
    return nbformat.writes(canonical(notebook)) + "\n"


# --- what differs --------------------------------------------------------------------------


def differences(stored: str, fresh: str) -> list[str]:
    """Name what a fresh execution changes: one line a cell and output kind, in reading order."""
    old, new = (nbformat.reads(text, as_version=4).cells for text in (stored, fresh))
    lines = []
    for number, (before, after) in enumerate(zip(old, new, strict=True), 1):
        if before.cell_type != "code":
            continue
        if _runs(before) and before.execution_count is None:
            lines.append(f"cell {number}: was never executed")
            continue
        lines += [f"cell {number}: {line}" for line in _output_differences(before, after)]
    # Equal outputs and unequal text: counts, metadata or layout, as a notebook editor leaves them.
    return lines or ["only counts, metadata or layout differ; saved by a notebook editor?"]


def _output_differences(before: NotebookNode, after: NotebookNode) -> Iterator[str]:
    if len(before.outputs) != len(after.outputs):
        yield f"{len(before.outputs)} outputs are stored, {len(after.outputs)} came out"
    for old, new in zip(before.outputs, after.outputs, strict=False):
        was, now = _by_kind(old), _by_kind(new)
        for kind in sorted({*was, *now}):
            for place, a, b in _leaves(was.get(kind), now.get(kind)):
                yield f"{_label(kind, was.get(kind))}{place}: stored {a}, now {b}"
                break


def _by_kind(output: NotebookNode) -> dict:
    if output.output_type == "stream":
        return {output.name: output.text}
    if output.output_type == "error":
        return {"error": f"{output.ename}: {output.evalue}"}
    return dict(output.data)


def _label(kind: str, content: object) -> str:
    """Return the output kind, with the id of the receipt or chart where it has one."""
    if isinstance(content, dict):
        card = card_of(content) or content
        if "id" in card:
            return f"{kind} {card['id']}"
    return kind


def _leaves(old: object, new: object, place: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield the place, the old and the new value of each difference inside JSON or text."""
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new}):
            yield from _leaves(old.get(key), new.get(key), f"{place} › {key}")
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (a, b) in enumerate(zip(old, new, strict=True)):
            yield from _leaves(a, b, f"{place} › {index}")
    elif isinstance(old, str) and isinstance(new, str) and "\n" in old + new:
        a, b = old.splitlines(), new.splitlines()
        line = next((i for i, pair in enumerate(zip(a, b, strict=False)) if pair[0] != pair[1]), -1)
        if line < 0:
            yield place, f"{len(a)} lines", f"{len(b)} lines"
        else:
            yield f"{place} line {line + 1}", _short(a[line]), _short(b[line])
    else:
        yield place, _short(old), _short(new)


def _short(value: object) -> str:
    if value is None:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else text[:79] + "…"


# --- the chapters --------------------------------------------------------------------------


def refresh(path: Path, check: bool = False) -> Outcome:
    """Execute one chapter; store what changed, or with `check` only say so.

    The file is replaced in one step, and only if its text differs.
    """
    began = time.monotonic()
    try:
        stored, fresh = executed(path)
    except ChapterError as error:
        return Outcome(path.name, "error", (str(error), *error.moved), time.monotonic() - began)
    details: tuple[str, ...] = ()
    status = "unchanged"
    if stored != fresh:
        status = "stale" if check else "written"
        details = tuple(differences(stored, fresh))
        if not check:
            replace_text(path, fresh)
    return Outcome(path.name, status, details, time.monotonic() - began)


def refresh_all(
    book: Book,
    paths: Iterable[Path],
    check: bool = False,
    report: Callable[[object], None] = print,
) -> list[Outcome]:
    """Refresh chapters two at a time, then the ledger, reporting each when it is done.

    A page with a scoreboard counts the verdicts that the others now store, so it waits for them;
    so does the ledger, which is made anew once all can be executed. With `check` it is compared
    with what they store.
    """
    paths = list(paths)
    outcomes = []
    others = [path for path in paths if path != book.ledger]
    last = [path for path in others if has_scoreboard(path)]
    with ThreadPoolExecutor(WORKERS) as pool:
        for some in ([path for path in others if path not in last], last):
            for outcome in pool.map(lambda path: refresh(path, check), some):
                report(outcome)
                outcomes.append(outcome)
    if book.ledger in paths and not any(outcome.status == "error" for outcome in outcomes):
        outcomes.append(refresh_ledger(book, check))
        report(outcomes[-1])
    return outcomes


def has_scoreboard(path: Path) -> bool:
    """Does a chapter store a scoreboard, which counts the verdicts of the others?"""
    try:
        return any(SCOREBOARD in bundle for bundle in bundles(read_notebook(path).cells))
    except NotebookError:  # told when it is executed
        return False


def refresh_ledger(book: Book, check: bool = False) -> Outcome:
    """Make the ledger from the stored receipts; with `check` only compare."""
    began = time.monotonic()
    details = tuple(ledger_differences(book)) if check else ()
    written = not check and ledger.write(book)
    status = "stale" if details else "written" if written else "unchanged"
    return Outcome(book.ledger.name, status, details, time.monotonic() - began)


def ledger_differences(book: Book) -> list[str]:
    """Name the entries of the stored ledger that the receipts of the chapters no longer give."""
    stored = _entries(read_text(book.ledger) if book.ledger.exists() else "")
    fresh = _entries(ledger.page(book))
    changed = [name for name in {**stored, **fresh} if stored.get(name) != fresh.get(name)]
    if not changed and list(stored) != list(fresh):
        return ["entries stand in another order"]
    return [f"entry {name}: differs from the receipt in the chapters" for name in changed]


def _entries(page: str) -> dict[str, str]:
    """The sections of the ledger by their heading."""
    sections = re.split(r"\n+(?=#{1,3} )", page.strip())
    return {_first_line(section.lstrip("# ")): section for section in sections}


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return 0 if every chapter is, or now is, as executed."""
    parser = argparse.ArgumentParser("receiptbook.refresh", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="chapters, by file name; all if none is given")
    parser.add_argument("--check", action="store_true", help="write nothing, name what is stale")
    options = parser.parse_args(arguments)
    try:
        book = Book.here()
        paths = [book.page(name) for name in options.names] or book.notebooks()
        # Any chapter may move the ledger and a scoreboard, so neither is left out when writing.
        if not options.check:
            paths += [
                path for path in book.notebooks() if path not in paths and has_scoreboard(path)
            ]
        if book.has_ledger and not (options.check and options.names):
            paths = [*(path for path in paths if path != book.ledger), book.ledger]
        outcomes = refresh_all(book, paths, options.check)
    except (ChapterError, ValueError) as error:  # ValueError: from tables and receipts
        print(error, file=sys.stderr)
        return 1
    failed = [outcome.name for outcome in outcomes if outcome.failed]
    if failed:
        print(f"{len(failed)} of {len(outcomes)} chapters failed: {', '.join(failed)}")
        if options.check:
            print("make refresh stores what they now say; git diff shows whether that is meant")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
