"""The working of a section (code, tables, receipts) in one fold at its end; the rest is the story.

Figures, explorers, questions and rulings stay where their cells stand, as does all that a cell with
the tag `shown` puts out; the figures of a cell with the tag `working` go into the fold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from docutils import nodes
from markupsafe import escape
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx.util.nodes import traverse_parent

from receiptbook.site.guesses import GuessCard
from receiptbook.site.nodes import ChartFigure, Choices, Markup, ReceiptCard, ScoreBoard, writes
from receiptbook.site.questions import QuestionCard

SHOWN, WORKING = "tag_shown", "tag_working"


class Working(nodes.General, nodes.Element):
    """What a section was worked out with. Children: cells, and the headings they stood under."""


def gather(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Move the working of each section to its end; that of the opening joins the first section's."""
    for page in doctree.children:
        if not isinstance(page, nodes.section):
            continue
        sections = [child for child in page if isinstance(child, nodes.section)]
        found = _working(child for child in list(page) if child not in sections)
        for section in sections or [page]:
            found += _working([section]) if section is not page else []
            if found:
                section += Working("", *found, ids=[working_id(section)])
            found = []


def working_id(section: nodes.section) -> str:
    """The id of the fold that holds a section's working."""
    return f"working-{section['ids'][0]}"


def _working(parts: Iterable[nodes.Node]) -> list[nodes.Node]:
    """Take the working out of the cells, with the lower headings that they stood under."""
    found, under = [], None
    for part in parts:
        for cell in list(part.findall(is_cell)):
            if not (working := _split(cell)):
                continue
            section = cell.parent
            if section is not part and section is not under and part is not cell:
                under = section
                label = f'<p class="label">{escape(section[0].astext())}</p>\n'
                found.append(Markup("", html=label))
            found.append(working)
            if not len(cell):
                cell.parent.remove(cell)
    return found


def is_cell(node: nodes.Node) -> bool:
    """Is it a code cell of a notebook, with what it puts out?"""
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code"


def code_of(node: nodes.Element) -> str:
    """The code of a cell, or of all cells in a fold."""
    blocks = node.findall(nodes.literal_block)
    return "\n".join(b.astext() for b in blocks if "cell_input" in b.parent.get("classes", ()))


def is_folded(node: nodes.Node) -> bool:
    """Does it stand in a cell whose figures go into the fold of its section?"""
    return any(WORKING in one.get("classes", ()) for one in traverse_parent(node))


def _split(cell: nodes.container) -> nodes.container | None:
    """The working of a cell, as a cell of its own; what is the reader's stays in the given one."""
    kept, working = [], []
    for part in _parts(cell):
        if "cell_output" not in part["classes"]:
            working.append(part)
            continue
        ours = [child for child in part if _stays(child, cell["classes"])]
        theirs = [one for one in part if one not in ours and not isinstance(one, nodes.comment)]
        for side, children in ((kept, ours), (working, theirs)):
            if children:
                box = part.copy()
                box += children
                side.append(box)
    cell.clear()
    cell += kept
    if not working:
        return None
    moved = cell.copy()
    moved += working
    return moved


def _parts(cell: nodes.container) -> Iterator[nodes.Element]:
    """Code and outputs of a cell; the fold of an output is kept, that of code is not."""
    for part in list(cell):
        if isinstance(part, HideCodeCellNode) and "below-input" not in part["classes"]:
            yield from part.children
        else:
            yield part


def _stays(output: nodes.Node, tags: list[str]) -> bool:
    if SHOWN in tags or isinstance(output, (QuestionCard, GuessCard, ScoreBoard, Choices)):
        return True
    if isinstance(output, ReceiptCard):
        return output["receipt"]["kind"] == "worded"
    return isinstance(output, ChartFigure) and WORKING not in tags


def contents(fold: nodes.Element) -> str:
    """What a fold holds: "3 receipts, 1 table, 14 lines of Python"."""
    tables = [n for n in fold.findall(Markup) if "<table" in n["html"]]
    code = [line for line in code_of(fold).splitlines() if line.strip()]
    counts = {
        "receipt": len(list(fold.findall(ReceiptCard))),
        "figure": len(list(fold.findall(ChartFigure))),
        "table": len(tables),
        "line": len(code),
    }
    told = [f"{n} {name}" if n == 1 else f"{n} {name}s" for name, n in counts.items() if n]
    return ", ".join(told) + (" of Python" if code else "")


def visit_working(translator, node: Working) -> None:
    """A fold that says what it holds."""
    translator.body.append(
        f'<details class="working" id="{node["ids"][0]}">'
        f"<summary>Working: {contents(node)}</summary>\n"
    )


# what code puts out, for those who have made their guess
visit_output = writes('<details class="fold"><summary>What comes out</summary>\n')
depart_fold = writes("</details>\n")
