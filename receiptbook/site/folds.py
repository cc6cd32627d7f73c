"""Folded code: what a cell shows comes first, and neighbouring folds are one."""

from __future__ import annotations

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx

from receiptbook.site.nodes import ReceiptCard


def setup_folds(app: Sphinx) -> None:
    """Register the fold's look and its place on the page."""
    app.connect("doctree-resolved", gather)
    app.add_node(HideCodeCellNode, override=True, html=(visit_fold, depart_fold))


def gather(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the fold of a cell behind what the cell shows; cells folded whole join the next fold.

    A reader meets the result first and may then ask how it was made; and a picture need not wait
    for the code above it to arrive.
    """
    for parent in list(doctree.findall(lambda node: any(map(_fold, node.children)))):
        waiting = None  # a cell that is nothing but a fold, and has taken in those after it
        for cell in list(parent):
            fold = _fold(cell)
            if fold is None:
                waiting = None
            elif len(cell) == 1 and waiting is None:
                waiting = cell
            elif len(cell) == 1:
                _fold(waiting).extend(fold.children)
                parent.remove(cell)
            else:
                if waiting is not None:
                    fold[:0] = _fold(waiting).children
                    parent.remove(waiting)
                    waiting = None
                cell.remove(fold)
                cell.append(fold)


def _of_code(fold: HideCodeCellNode) -> bool:
    return not {"above-output", "below-input"} & {*fold["classes"]}


def _fold(cell: nodes.Node) -> HideCodeCellNode | None:
    """The fold of a cell's code, if the node is a cell that has one."""
    first = cell[0] if isinstance(cell, nodes.container) and len(cell) else None
    return first if isinstance(first, HideCodeCellNode) and _of_code(first) else None


def visit_fold(translator, node: HideCodeCellNode) -> None:
    """A fold that says what it holds."""
    what = "code" if _of_code(node) else "output"
    if count := len(list(node.findall(ReceiptCard))):
        what += f" and {count} receipt{'s' * (count > 1)}"
    translator.body.append(f'<details class="fold"><summary>Show the {what}</summary>\n')


def depart_fold(translator, node: HideCodeCellNode) -> None:
    """The end of a fold."""
    translator.body.append("</details>\n")
