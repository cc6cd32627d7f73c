"""Notebooks as files: one way to open one, one way to store one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from nbformat import NotebookNode, v4

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


class NotebookError(ValueError):
    """A file that cannot be read as a notebook; the message names it and the cause."""


def read_notebook(path: Path) -> NotebookNode:
    """The notebook in a file. Each source and each printed text is one string.

    Raises
    ------
    NotebookError
        if there is no such file or it holds something else
    """
    try:
        return v4.reads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise NotebookError(f"{path.name}: there is no such file in {path.parent}") from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise NotebookError(f"{path.name}: not a notebook: {error}") from None
    except AttributeError:
        raise NotebookError(f"{path.name}: not a notebook: it has no cells") from None


def notebook_text(notebook: NotebookNode) -> str:
    """A notebook as it is stored: keys in order, one line a line of source, a newline at the end.

    >>> notebook_text(v4.new_notebook()).endswith("}\\n")
    True
    """
    return v4.writes(notebook) + "\n"


def replace_text(path: Path, text: str) -> bool:
    """Write a file in one step, if its text is another; True if it was.

    A reader sees the old text or the new, never half of it.
    """
    if path.exists() and path.read_bytes() == text.encode():
        return False
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, "utf-8", newline="\n")
    beside.replace(path)
    return True


def code_of(notebook: NotebookNode) -> str:
    """The sources of all code cells, one below the other."""
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")


def bundles(cells: Iterable[NotebookNode]) -> Iterator[NotebookNode]:
    """The stored outputs of some cells, each by MIME type; printed text is left out."""
    for cell in cells:
        for output in cell.get("outputs", ()):
            if "data" in output:
                yield output.data
