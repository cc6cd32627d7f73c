"""Nodes of the document tree that stand for the book's own outputs."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import SphinxError


class PageError(SphinxError):
    """Something on a page that a reader could not use; the build stops and says where it is."""

    category = "Page"


class ChartFigure(nodes.General, nodes.Element):
    """A stored chart. Attributes: spec (dict), number (int), where (str). Children: texts."""


class ChartTitle(nodes.Part, nodes.TextElement):
    """The finding above the picture; inline children with live links."""


class ChartCaption(nodes.Part, nodes.TextElement):
    """What the picture shows; inline children with live links."""


class ReceiptCard(nodes.General, nodes.Element):
    """A stored receipt. Attribute: receipt (dict)."""


class ScoreBoard(nodes.General, nodes.Element):
    """A scoreboard of verdicts. Children: its rows."""


class ScoreRow(nodes.General, nodes.Element):
    """One row of it. Attributes: id, verdicts, claims (ids). Children: paragraphs."""


class Choices(nodes.General, nodes.Element):
    """One count by several definitions. Attribute: stored (dict). Children: the definitions."""


class Choice(nodes.General, nodes.Element):
    """One definition. Children: paragraphs."""


class Markup(nodes.General, nodes.Element):
    """Ready HTML. Unlike nodes.raw it stays out of the search index and of other formats."""


def setup_nodes(app: Sphinx, html: dict[type[nodes.Element], tuple]) -> None:
    """Register the nodes with their HTML visitors; other formats read the children only."""

    def pass_through(translator, node) -> None:
        pass

    def skip(translator, node) -> None:
        raise nodes.SkipNode

    def markup(translator, node) -> None:
        translator.body.append(node["html"])
        raise nodes.SkipNode

    others = ("latex", "text", "man", "texinfo")
    for node, visitors in html.items():
        app.add_node(node, html=visitors, **dict.fromkeys(others, (pass_through, pass_through)))
    app.add_node(Markup, html=(markup, None), **dict.fromkeys(others, (skip, None)))
