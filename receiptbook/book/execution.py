"""Chapters run in this process, without a kernel: for what only asks what a cell shows."""

from __future__ import annotations

import ast
import contextlib
import io
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from receiptbook.book.notebooks import Node, read_notebook


@dataclass(frozen=True)
class Run:
    """One code cell that was run: its syntax tree, what it printed, and what it raised."""

    cell: Node
    tree: ast.Module
    printed: str
    error: Exception | None


def run_cells(
    path: Path,
    show: Callable[..., None],
    wanted: Callable[[ast.Module], bool],
    *,
    widgets: bool = False,
) -> Iterator[Run]:
    """Run the code cells of a chapter one after another in one namespace.

    The value of a cell's last line, and what a cell gives to `display`, go to `show`. `wanted`
    says of each cell's syntax tree whether it is run; it may take statements out. Cells with the
    tag "widget" are left out, unless `widgets` is set.
    """
    names = {"__name__": "chapter", "display": show}
    for cell in read_notebook(path).cells:
        tags = () if widgets else cell.metadata.get("tags", ())
        if cell.cell_type != "code" or "widget" in tags:
            continue
        tree = ast.parse(cell.source)
        if not wanted(tree):
            continue
        error, printed = None, io.StringIO()
        try:
            with contextlib.redirect_stdout(printed), _displayed_by(show):
                exec(compile(ast.Module(tree.body[:-1], []), path.name, "exec"), names)
                # As at a prompt, the value of a line that stands alone goes to the display hook.
                exec(compile(ast.Interactive(tree.body[-1:]), path.name, "single"), names)
        except Exception as raised:  # whatever a chapter's code raises over other figures
            error = raised
            for name in assigned(tree):  # so that later cells do not go on with older values
                names.pop(name, None)
        yield Run(cell, tree, printed.getvalue(), error)


@contextlib.contextmanager
def _displayed_by(hook: Callable[[object], None]) -> Iterator[None]:
    """What a line evaluates to goes to `hook` for a while."""
    usual, sys.displayhook = sys.displayhook, hook
    try:
        yield
    finally:
        sys.displayhook = usual


def called(tree: ast.AST) -> set[str]:
    """Names of the functions that code calls.

    >>> sorted(called(ast.parse("check('a', max(b))")))
    ['check', 'max']
    """
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {function.id for function in calls if isinstance(function, ast.Name)}


def assigned(tree: ast.AST) -> set[str]:
    """Names that code gives a value to.

    >>> assigned(ast.parse("rate = users / people"))
    {'rate'}
    """
    return {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
