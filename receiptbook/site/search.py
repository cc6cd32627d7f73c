"""What the search page looks through: every section of the book, and every row of the ledger.

The sections are one script, so that a folder can be searched as well as a server. MiniSearch (MIT,
maintained, no dependency, 19 KB) builds its index from them in the reader's browser: it takes a
tokenizer, which numbers and scripts without blanks need, and asks for no file of its own making.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from receiptbook.site.builder import parts
from receiptbook.site.nodes import ChartFigure
from receiptbook.site.questions import ASKED, QuestionText

#: What a section's reader does not read as its text.
_SILENT = (nodes.literal_block, nodes.table, nodes.comment, nodes.section, nodes.title, nodes.raw)
_PRINTED = "cell_output"


def script(app: Sphinx, env: BuildEnvironment) -> str:
    """The sections as [address, heading, page, text], the ledger's rows last, for assets/search.js."""
    rows = [*_sections(app, env), *_rows(app, env)]
    return f"ReceiptBook.sections({json.dumps(rows, ensure_ascii=False, separators=(',', ':'))});\n"


def _sections(app: Sphinx, env: BuildEnvironment) -> Iterator[list[str]]:
    listed = [name for part in parts(app) for name in part.pages]
    names = [*sorted(env.all_docs.keys() - {*listed}), *listed]  # the first page is in no part
    for name in names:
        if name == env.receiptbook_settings.ledger:
            continue
        page, address = env.titles[name].astext(), app.builder.get_target_uri(name)
        page = app.config.html_title if name == env.config.root_doc else page  # its title is long
        for section in env.get_doctree(name).findall(nodes.section):
            own = "" if isinstance(section.parent, nodes.document) else f"#{section['ids'][0]}"
            heading = section.next_node(nodes.title)
            text = " ".join(" ".join(_texts(section)).split())
            yield [address + own, heading.astext() if heading else page, page, text]


def _texts(node: nodes.Element) -> Iterator[str]:
    """The prose below a node: paragraphs, lists, titles and captions of charts, what questions ask.

    No code, no table, and no answer, which a search would give away.
    """
    for child in node.children:
        if isinstance(child, _SILENT):
            continue
        if isinstance(child, nodes.Element) and _PRINTED in child.get("classes", ()):
            for figure in child.findall(ChartFigure):
                yield from (part.astext() for part in figure.children)
            for text in child.findall(QuestionText):
                if text["part"] in ASKED:
                    yield text.astext()
        elif isinstance(child, nodes.TextElement):
            yield child.astext()
        else:
            yield from _texts(child)


def _rows(app: Sphinx, env: BuildEnvironment) -> Iterator[list[str]]:
    """Each receipt: what it states, its number, and the forms in which that was printed."""
    ledger = env.receiptbook_settings.ledger
    if ledger not in env.titles:
        return
    page, address = env.titles[ledger].astext(), app.builder.get_target_uri(ledger)
    for one in env.receiptbook_receipts.values():
        said = (
            one["verdict"].capitalize(),
            one.get("shown") or "",
            *(one.get("published") or ()),
            *(given["printed"] for given in one.get("inputs") or () if given.get("id")),
        )
        text = " · ".join(dict.fromkeys(filter(None, said)))
        yield [f"{address}#{one['id']}", one["statement"], page, text]
