"""The files of a book: one way to open a page or a table beside it, one way to store each."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


class Node(dict):
    """A part of a notebook, whose keys are also attributes; nbformat takes it for one of its own.

    nbformat itself validates and writes, and is imported only there: what merely reads a notebook,
    as an exercise or a table of contents does, starts in a fifth of the time.

    >>> Node(cell_type="markdown", source="It rains").source
    'It rains'
    """

    def __getattr__(self, name: str):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    __setattr__ = dict.__setitem__


Stamps = tuple[tuple[Path, int, int], ...]


def stamps(files: Iterable[Path]) -> Stamps:
    """Path, time and size of each file: what tells an edited one from the one that was read."""
    known = ((path, path.stat()) for path in files)
    return tuple((path, file.st_mtime_ns, file.st_size) for path, file in known)


class NotebookError(ValueError):
    """A file that cannot be read as a notebook; the message names it and the cause."""


def read_notebook(path: Path) -> Node:
    """The notebook in a file. Each source and each printed text is one string.

    Raises
    ------
    NotebookError
        if there is no such file or it holds something else
    """
    text = read_text(path)
    try:
        stored = json.loads(text, object_hook=Node)
    except json.JSONDecodeError as error:
        place = f"{path.name}, line {error.lineno}, column {error.colno}"
        found = (text.splitlines() or [""])[error.lineno - 1 : error.lineno] or [
            "the end of the file"
        ]
        raise NotebookError(
            f"{place}: found {found[0].strip()[:40]!r}; expected a notebook, which is JSON. "
            f"Restore it with: {_checkout(path)}"
        ) from None
    if fault := _not_a_notebook(stored):
        raise NotebookError(f"{path.name}{fault}. Restore it with: {_checkout(path)}")
    for cell in stored.cells:
        _join(cell)
    return stored


def _join(cell: Node) -> None:
    """Text that is stored as a list of lines becomes one string, as nbformat has it."""
    if isinstance(cell.source, list):
        cell.source = "".join(cell.source)
    for output in cell.get("outputs", ()):
        if isinstance(output.get("text"), list):
            output.text = "".join(output.text)
        bundle = output.get("data", {})
        for kind, value in bundle.items():
            lines = isinstance(value, list) and all(isinstance(line, str) for line in value)
            if lines and not (kind.startswith("application/") and kind.endswith("json")):
                bundle[kind] = "".join(value)


def read_text(path: Path) -> str:
    """The text of a page.

    Raises
    ------
    NotebookError
        if there is no such file, its bytes are not UTF-8, or a merge is not finished in it
    """
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise NotebookError(f"{path.name}: there is no such file in {path.parent}") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise NotebookError(
            f"{path.name}, line {line}: found the byte {error.object[error.start]:#04x}; expected "
            "text in UTF-8. Save the file again as UTF-8."
        ) from None
    if merge := _MERGE.search(text):
        line = text.count("\n", 0, merge.start()) + 1
        raise NotebookError(
            f"{path.name}, line {line}, column 1: found {merge[0]!r}; expected no mark of a merge. "
            f"Finish the merge, or restore it with: {_checkout(path)}"
        )
    return text


_MERGE = re.compile(r"^[<>]{7} .*", re.M)


def read_rows(path: Path, *columns: str) -> list[dict[str, str]]:
    """The rows of a table beside the pages, such as one of exercises, by column.

    Raises
    ------
    NotebookError
        as `read_text`, or if one of the columns is missing
    """
    table = csv.DictReader(io.StringIO(read_text(path).removeprefix("\ufeff"), newline=""))
    for column in columns:
        if column not in (table.fieldnames or ()):
            raise NotebookError(
                f"{path.name}, row 1: found no column {column!r}; expected {', '.join(columns)}. "
                f"Restore it with: {_checkout(path)}"
            )
    return list(table)


def csv_text(rows: Iterable[Iterable[object]], ends: str = "\n") -> str:
    """Rows of cells, the header first, as the text of a CSV file.

    ends : what ends each row

    >>> csv_text([("place", "mm"), ("Paris, Texas", 12)])
    'place,mm\\n"Paris, Texas",12\\n'
    """
    text = io.StringIO()
    csv.writer(text, lineterminator=ends).writerows(rows)
    return text.getvalue()


def _checkout(path: Path) -> str:
    root = next((one for one in path.parents if (one / "_toc.yml").exists()), path.parent.parent)
    return f"git checkout {path.relative_to(root).as_posix()}"


def _not_a_notebook(stored: object) -> str:
    """What JSON lacks that a notebook has, after the name of its file; nothing for a notebook."""
    if not isinstance(stored, dict) or not isinstance(stored.get("cells"), list):
        return ": found no list of cells; expected a notebook"
    for number, cell in enumerate(stored["cells"], 1):
        lacks = f", cell {number}: found no {{}}; expected a cell of code or text"
        if not isinstance(cell, dict) or cell.get("cell_type") not in ("code", "markdown", "raw"):
            return lacks.format("known cell_type")
        if not isinstance(cell.get("source"), (str, list)):
            return lacks.format("source")
        if cell["cell_type"] == "code" and not isinstance(cell.get("outputs"), list):
            return lacks.format("list of outputs")
    return ""


def notebook_text(notebook: Node) -> str:
    """A notebook as it is stored: keys in order, one line a line of source, a newline at the end.

    >>> from nbformat import v4
    >>> notebook_text(v4.new_notebook()).endswith("}\\n")
    True
    """
    from nbformat import v4

    return v4.writes(notebook) + "\n"


def replace_text(path: Path, text: str) -> bool:
    """Write a file in one step, if its text is another; True if it was.

    A reader sees the old text or the new, never half of it.
    """
    from receiptbook.system import in_one_step  # what merely reads needs no processes

    if path.exists() and path.read_bytes() == text.encode():
        return False
    with in_one_step(path) as fresh:
        fresh.write_text(text, "utf-8", newline="\n")
    return True


def code_of(notebook: Node) -> str:
    """The sources of all code cells, one below the other."""
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")


def bundles(cells: Iterable[Node]) -> Iterator[Node]:
    """The stored outputs of some cells, each by MIME type; printed text is left out."""
    for cell in cells:
        for output in cell.get("outputs", ()):
            if "data" in output:
                yield output.data
