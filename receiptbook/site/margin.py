"""Margin notes: receipts beside the sentence that uses the number, where the page has a margin."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from docutils import nodes
from sphinx.application import Sphinx

from receiptbook.site import cards
from receiptbook.site.builder import ledger_address
from receiptbook.site.folds import is_cell
from receiptbook.site.nodes import ChartFigure, Markup, ReceiptCard
from receiptbook.site.questions import QuestionCard

# Heights in lines of text, as a page of 41rem with a margin of 17rem sets them.
COLUMN, MARGIN = 82, 36  # characters of a line
HEIGHTS = {nodes.title: 3, nodes.row: 1.5, ChartFigure: 22, QuestionCard: 8}
FOLD = 3  # of the working at the end of a section


@dataclass
class Block:
    """A paragraph, list, table or cell of a section: where it begins and how tall it is, in lines."""

    node: nodes.Node
    top: float
    height: float


def notes(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put a note before the block with the first link to each receipt that its section makes.

    A receipt without a link has its note beside the text that its cell follows. As many as fit: a
    note that would begin below its block, because others stand there, or run past its section is
    left out; a number opens a card in any case. In the opening any receipt of the page may stand.
    """
    if docname == app.env.receiptbook_settings.ledger:
        return
    ledger = ledger_address(app, docname)
    page = _made(doctree)
    for part, made in _parts(doctree, page):
        for block, stored in _placed(list(_blocks(part)), made, app):
            html = cards.card("margin.html", stored, app.env, ledger=ledger)
            parent = block.node.parent
            at = parent.index(block.node) + isinstance(block.node, nodes.title)
            parent.insert(at, Markup("", html=html))


def _made(*parts: nodes.Node) -> dict[str, Mapping]:
    """The receipts that cells make, but those that stay in the text, by id."""
    found = (card["receipt"] for part in parts for card in part.findall(ReceiptCard))
    return {stored["id"]: stored for stored in found if stored["kind"] != "worded"}


def _parts(
    doctree: nodes.document, page: Mapping
) -> Iterator[tuple[list[nodes.Node], Mapping[str, Mapping]]]:
    """The opening, then each section, as lists of nodes with the receipts that may stand there."""
    for top in doctree.children:
        if isinstance(top, nodes.section):
            sections = [child for child in top if isinstance(child, nodes.section)]
            opening = [child for child in top if child not in sections]
            yield opening, page
            for n, section in enumerate(sections):
                yield [section], _made(section, *([] if n else opening))


def _blocks(part: list[nodes.Node], top: float = 0) -> Iterator[Block]:
    for node in part:
        if isinstance(node, nodes.section):
            for block in _blocks(node.children, top):
                yield block
                top = block.top + block.height
        else:
            yield Block(node, top, _height(node))
            top += _height(node)


def _height(node: nodes.Node) -> float:
    for kind, height in HEIGHTS.items():
        if isinstance(node, kind):
            return height
    if is_cell(node):
        return sum(HEIGHTS.get(type(shown), 0) for shown in node.findall())
    if isinstance(node, nodes.TextElement):
        return math.ceil(len(node.astext()) / COLUMN) + 0.7
    return sum(map(_height, node.children))


def _placed(
    blocks: list[Block], made: Mapping[str, Mapping], app: Sphinx
) -> Iterator[tuple[Block, Mapping]]:
    """The notes that fit, each with its block, from the top down."""
    end = blocks[-1].top + blocks[-1].height + FOLD if blocks else 0
    linked = {id for block in blocks for id in cards.linked(block.node, app.env)}
    free, seen, text = 0.0, set(), None
    for block in blocks:
        own = [id for id in _made(block.node) if id not in linked]
        for id in [*cards.linked(block.node, app.env), *own]:
            beside = text if id in own else block
            if id not in made or id in seen or beside is None:
                continue
            seen.add(id)
            start, tall = max(free, beside.top), _tall(made[id])
            if start <= beside.top + beside.height and start + tall <= end:
                free = start + tall
                yield beside, made[id]
        if not is_cell(block.node):
            text = block


def _tall(stored: Mapping) -> float:
    """The height of a note in lines of text, which are half again as high as its own."""
    words = f"{stored.get('shown', '')} {stored['statement']} {stored.get('range', '')}"
    return (len(words) / MARGIN + 6) / 1.4
