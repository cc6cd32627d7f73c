"""Tables that scroll instead of breaking the page, with headers, captions and no inline style."""

from __future__ import annotations

import re
from html import escape

from docutils import nodes
from lxml import etree, html
from sphinx.application import Sphinx

from receiptbook.site.nodes import Markup

NUMBER = re.compile(r"[-−+]?[\d,]*\.?\d+(?:\s?%|\s?(?:million|billion))?|NaN|[—–]|")


def tidy(text: str, title: str) -> str:
    """Stored tables, restyled; anything around them is dropped.

    `title` names a table that has no caption of its own.
    """
    parts = []
    for table in html.fragment_fromstring(text, create_parent="div").iter("table"):
        caption = table.find("caption")
        if caption is None:
            caption = etree.Element("caption", {"class": "unseen"})
            caption.text = title
            table.insert(0, caption)
        else:
            title = caption.text_content().strip()
        for element in table.iter():
            kept = {k: v for k, v in element.attrib.items()
                    if k in ("colspan", "rowspan") or (k, v) == ("class", "unseen")}  # fmt: skip
            element.attrib.clear()
            element.attrib.update(kept)
            if (element.tail or "").isspace():
                element.tail = None
        _one_header_row(table)
        _roles(table)
        parts.append(region(etree.tostring(table, encoding="unicode", method="html"), title))
    return "\n".join(parts)


def _one_header_row(table: etree._Element) -> None:
    """pandas gives the index's name a row of its own; it belongs above its column."""
    rows = table.findall("thead/tr")
    if len(rows) != 2 or len(rows[0]) != len(rows[1]):
        return
    upper, lower = rows
    empty = [not (cell.text_content() or "").strip() for cell in lower]
    if not (upper[0].text_content() or "").strip() and not empty[0] and all(empty[1:]):
        upper[0].text = lower[0].text
        lower.getparent().remove(lower)


def _roles(table: etree._Element) -> None:
    """Scopes for headers, right alignment for columns of numbers."""
    body = table.findall("tbody/tr")
    head = table.findall("thead/tr")
    places = _places(body)
    numeric: dict[int, bool] = {}
    for row in body:
        for cell in row:
            number = bool(NUMBER.fullmatch((cell.text_content() or "").strip()))
            numeric[places[cell]] = numeric.get(places[cell], True) and number
    places |= _places(head)
    for row in [*head, *body]:
        for cell in row:
            cell.text = (cell.text or "").strip() if not len(cell) else cell.text
            if cell.tag == "th" and not cell.text_content().strip():
                cell.tag = "td"
            if cell.tag == "th":
                cell.set("scope", "row" if row in body else "col")
            if numeric.get(places[cell]) and cell.get("colspan") is None:
                cell.set("class", "n")
                if cell.tag == "td" and cell.text:
                    cell.text = cell.text.replace("-", "−")


def _places(rows: list[etree._Element]) -> dict[etree._Element, int]:
    """The column of each cell, where cells above reach down or to the side."""
    taken: set[tuple[int, int]] = set()
    places = {}
    for r, row in enumerate(rows):
        c = 0
        for cell in row:
            while (r, c) in taken:
                c += 1
            places[cell] = c
            down, across = (int(cell.get(name) or 1) for name in ("rowspan", "colspan"))
            taken |= {(r + i, c + k) for i in range(down) for k in range(across)}
    return places


def region(table: str, title: str) -> str:
    """A box that scrolls by keyboard too."""
    label = escape(f"Table: {title}", quote=True)
    return f'<div class="scroll" tabindex="0" role="region" aria-label="{label}">{table}</div>'


def heading_before(node: nodes.Node) -> str:
    """The heading that a node stands under."""
    while node is not None and not isinstance(node, nodes.section):
        node = node.parent
    return node[0].astext() if node is not None and len(node) else "Table"


def tidy_tables(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Stored HTML tables of a page; other stored HTML is left as it is."""
    for raw in list(doctree.findall(nodes.raw)):
        if raw.get("format") == "html" and "<table" in raw.astext():
            raw.replace_self(Markup("", html=tidy(raw.astext(), heading_before(raw))))


def number_regions(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Tables under one heading are told apart by a number: landmarks need names of their own."""
    seen: dict[str, int] = {}

    def named(match: re.Match) -> str:
        seen[match[1]] = seen.get(match[1], 0) + 1
        again = f" ({seen[match[1]]})" if seen[match[1]] > 1 else ""
        return f'aria-label="{match[1]}{again}"'

    if context.get("body"):
        context["body"] = re.sub(r'aria-label="(Table: [^"]*)"', named, context["body"])


def visit_table(translator, node: nodes.table) -> None:
    """A Markdown table: the same scrolling box."""
    named = next((t.astext() for t in node.findall(nodes.title)), "")
    title = named or heading_before(node)
    label = escape(f"Table: {title}", quote=True)
    translator.body.append(
        f'<div class="scroll" tabindex="0" role="region" aria-label="{label}"><table>\n'
    )
    if not named:
        translator.body.append(f'<caption class="unseen">{escape(title)}</caption>')


def depart_table(translator, node: nodes.table) -> None:
    translator.body.append("</table></div>\n")
