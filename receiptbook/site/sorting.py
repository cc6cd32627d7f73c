"""Claim cards on a page: complete without scripts, the key folded; a game where sorting.js runs.

    :::{claim-cards} numbers
    :::

shows the cards of a round. Which entries are in it stands in the table that has the page's name.
"""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from receiptbook.exercises import claim_cards, piles
from receiptbook.site.builder import ledger_address
from receiptbook.site.nodes import Markup, PageError
from receiptbook.site.templates import render
from receiptbook.tables import DataError, near


class Sorting(nodes.General, nodes.Element):
    """A round of claim cards until the receipts are known. Attributes: round, table (path)."""


class ClaimCards(SphinxDirective):
    """The directive `claim-cards`; its argument is a round of the page's table."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        table = self.env.doc2path(self.env.docname).rpartition(".")[0] + ".csv"
        self.env.note_dependency(table)
        return [Sorting("", round=self.arguments[0], table=table)]


def deal(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Each round becomes its cards, with the verdicts that the ledger has by now."""
    for node in list(doctree.findall(Sorting)):
        try:
            cards = claim_cards(
                Path(node["table"]), app.env.receiptbook_receipts, app.env.receiptbook_texts
            )
        except DataError as problem:
            raise PageError(f"{docname}: {problem}") from None
        here = [card for card in cards if card.round == node["round"]]
        if not here:
            rounds = list(dict.fromkeys(card.round for card in cards))
            raise PageError(
                f"{docname}: no round {node['round']!r} in its table{near(node['round'], rounds)}"
            )
        html = render(
            "claim_cards.html",
            round=node["round"],
            cards=here,
            verdicts=piles(here),
            ledger=ledger_address(app, docname),
        )
        node.replace_self(Markup("", html=html))
