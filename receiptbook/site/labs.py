"""Labs on the page: what one expects is written down before what came out is shown.

A lab is an open question, and the cell below it asks `what_if`. The output of that cell goes into
the question, behind a field for the prediction and the ways to try it here; the code stays with the
working of its section.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx.util.nodes import traverse_parent

from receiptbook.site import templates
from receiptbook.site.folds import code_of, is_cell, working_id
from receiptbook.site.nodes import Markup, PageError, section_of, writes
from receiptbook.site.questions import QuestionCard


class Outcome(nodes.Part, nodes.Element):
    """What came out of a lab, folded. Children: outputs of its cell."""


visit_outcome = writes('<details class="came-out"><summary>Show what came out</summary>\n')
depart_outcome = writes("</details>\n")


def gather(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Give each lab a field for a prediction and what the cell below it put out."""
    for card in list(doctree.findall(QuestionCard)):
        one = card["question"]
        if one["form"] != "open":
            continue
        changed, fold = [], ""
        if cell := _cell_of(card):
            changed = figures_changed(code_of(cell), f"{docname}, the cell below {one['id']!r}")
            if section := section_of(card):
                fold = working_id(section)
        field = templates.render(
            "prediction.html", id=one["id"], called=one["called"], changed=changed, working=fold
        )
        at = 1 + max(n for n, part in enumerate(card) if part.get("part") in ("prompt", "needs"))
        card.insert(at, Markup("", html=f"{field}\n"))
        if cell and (outputs := list(_outputs(cell))):
            card.insert(at + 1, Outcome("", *outputs))


def figures_changed(code: str, where: str) -> list[str]:
    """Ids of the figures that a call of `what_if` changes; none if there is no such call.

    where : page and cell

    Raises
    ------
    PageError
        if they do not stand in the call, where they can be read without running it

    >>> figures_changed('what_if({"rain-may": "72 mm"}, chapters=["rain"])', "rain, cell 3")
    ['rain-may']
    >>> figures_changed("rain = 72", "rain, cell 3")
    []
    """
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "what_if":
            try:
                return list(ast.literal_eval(node.args[0]))
            except (ValueError, IndexError):
                raise PageError(
                    f"{where}: found {ast.unparse(node)}, expected the changed figures in the call, "
                    'as in what_if({"rain-may": "72 mm"}); write them there, first and by no name'
                ) from None
    return []


def _cell_of(card: nodes.Element) -> nodes.Element | None:
    """The cell below the one that shows the question, if it asks `what_if`."""
    cell = next(filter(is_cell, traverse_parent(card)))
    after = cell.next_node(is_cell, descend=False, siblings=True)
    return after if after and "what_if(" in code_of(after) else None


def _outputs(cell: nodes.Element) -> Iterator[nodes.Element]:
    """Take the outputs out of a cell."""
    for part in list(cell):
        if isinstance(part, HideCodeCellNode) or "cell_output" in part.get("classes", ()):
            cell.remove(part)
            yield from part.children if isinstance(part, HideCodeCellNode) else [part]
