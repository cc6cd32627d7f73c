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
from receiptbook.book.outputs import CHART, DEFINITIONS, SCOREBOARD, card_in
from receiptbook.charts.walk import walk
from receiptbook.site.figures import check
from receiptbook.site.nodes import (
    ChartCaption,
    ChartFigure,
    ChartTitle,
    Choice,
    Choices,
    PageError,
    ScoreBoard,
    ScoreRow,
)

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
            return [self._board(bundle[SCOREBOARD])]
        if DEFINITIONS in bundle:
            return [self._choices(bundle[DEFINITIONS])]
        return [self._figure(id, bundle[CHART], f"{page.name}, chart {id}")]

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

    def _figure(self, id: str, spec: Any, where: str) -> ChartFigure:
        spec = walk(spec, lambda part, path: part)
        card = check(spec, where)
        told = "\n".join(self.content).strip().split("\n\n") if self.content else []
        figure = ChartFigure("", spec=spec, where=where, ids=[id], again=True)
        for kind, name in ((ChartTitle, "title"), (ChartCaption, "caption")):
            words = " ".join(told.pop(0).split()) if told else card[name]
            text = kind("", "")
            text += self.state.inline_text(words, self.lineno)[0]
            figure += text
        return figure

    def _board(self, stored: Mapping[str, Any]) -> ScoreBoard:
        board = ScoreBoard("")
        for row in stored["rows"]:
            board += self._told(ScoreRow("", **row), row["words"])
        return board

    def _choices(self, stored: Mapping[str, Any]) -> Choices:
        choices = Choices("", stored=dict(stored), ids=[stored["id"]])
        for one in stored["choices"]:
            choices += self._told(Choice(""), one["words"])
        return choices

    def _told(self, node: nodes.Element, words: str) -> nodes.Element:
        self.state.nested_parse(StringList(words.splitlines(), ""), self.content_offset, node)
        return node
