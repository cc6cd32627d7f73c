"""An output of a chapter shown again on another page: a chart, the scoreboard, definitions of a count.

    :::{again} waves
    :::

Two paragraphs in it take the place of a chart's title and caption.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from receiptbook.book.notebooks import bundles, read_notebook
from receiptbook.book.outputs import CHART, DEFINITIONS, SCOREBOARD, card_in, plain
from receiptbook.site import figures, summary
from receiptbook.site.nodes import PageError

WORDS = ("title", "caption")  # that paragraphs in the directive take the place of
SCORES = "scoreboard"  # what a scoreboard is called; a book has one


def name_of(bundle: Mapping[str, Any]) -> str:
    """What an output is shown again by; empty for one that cannot be.

    >>> name_of({SCOREBOARD: {"rows": []}}), name_of({"text/plain": "3"})
    ('scoreboard', '')
    """
    if SCOREBOARD in bundle:
        return SCORES
    return card_in(bundle).get("id", "") or bundle.get(DEFINITIONS, {}).get("id", "")


class Again(SphinxDirective):
    """The directive `again`; its argument is the id of a chart or of definitions, or `scoreboard`."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        id, (page, bundle) = self.arguments[0], self._stored(self.arguments[0])
        self.env.note_dependency(str(page))
        if SCOREBOARD in bundle:
            return [summary.board(plain(bundle[SCOREBOARD]), self._parse)]
        if DEFINITIONS in bundle:
            return [summary.choices(plain(bundle[DEFINITIONS]), self._parse)]
        told = "\n".join(self.content).strip().split("\n\n") if self.content else []
        words = {name: " ".join(text.split()) for name, text in zip(WORDS, told, strict=False)}
        where = f"{page.name}, chart {id}"
        figure = figures.chart(plain(bundle[CHART]), self._parse, where, **words)
        figure["again"] = True
        return [figure]

    def _stored(self, id: str) -> tuple[Path, Mapping[str, Any]]:
        """The page and the output of that name; PageError lists those that there are."""
        known = []
        for name in sorted(self.env.found_docs):
            path = Path(self.env.doc2path(name))
            for bundle in bundles(read_notebook(path).cells) if path.suffix == ".ipynb" else ():
                if (one := name_of(bundle)) == id:
                    return path, bundle
                known += [one] if one else []
        raise PageError(
            f"{self.env.docname}: nothing called {id!r} to show again; there are {', '.join(known)}"
        )

    def _parse(self, node: nodes.Element, text: str) -> nodes.Element:
        if isinstance(node, nodes.TextElement):
            node += self.state.inline_text(text, self.lineno)[0]
        else:
            self.state.nested_parse(StringList(text.splitlines(), ""), self.content_offset, node)
        return node
