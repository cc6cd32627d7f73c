"""Nodes of the document tree that stand for the book's own outputs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from docutils import nodes
from sphinx.errors import SphinxError
from sphinx.util.nodes import traverse_parent


class PageError(SphinxError):
    """Something on a page that a reader could not use; the build stops and says where it is."""

    category = "Page"


class ChartFigure(nodes.General, nodes.Element):
    """A stored chart. Children: title and caption.

    Attributes: spec and card (dict), where (str); then number (int), and in the card the numbers of
    its sources, `cited`.
    """


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


def section_of(node: nodes.Node) -> nodes.section | None:
    """The section of its page that a node stands in; None for one in the opening."""
    sections = list(traverse_parent(node, nodes.section))  # the last is the page
    return sections[-2] if len(sections) > 1 else None


def writes(html: str) -> Callable[..., None]:
    """A visitor that writes the same at each node."""

    def visit(translator, node) -> None:
        translator.body.append(html)

    return visit


def visit_markup(translator, node: Markup) -> None:
    """Ready HTML as it is."""
    translator.body.append(node["html"])
    raise nodes.SkipNode


def pass_through(translator, node: nodes.Element) -> None:
    """Nothing for the node itself: its children are read."""


def skip(translator, node: nodes.Element) -> None:
    """Nothing, for its children neither."""
    raise nodes.SkipNode


#: Gives a node what Markdown says as its children, so that links are live, and returns it: a line in
#: a node of text, paragraphs in any other.
Parse = Callable[[nodes.Element, str], nodes.Element]


def parsed(
    parse: Parse, kind: type[nodes.Element], texts: Mapping[str, str]
) -> Iterator[nodes.Element]:
    """Each text in a node of a kind, whose attribute `part` is its name; an empty text makes none."""
    for part, text in texts.items():
        if text:
            yield parse(kind("", part=part), text)
