"""Tables that scroll instead of breaking the page, with headers, captions and no inline style."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from docutils import nodes
from lxml import etree, html
from markupsafe import escape
from sphinx.application import Sphinx
from sphinx.util.nodes import traverse_parent

from receiptbook.markdown import words
from receiptbook.site.glyphs import draw_badge
from receiptbook.site.nodes import ChartFigure, Markup, writes
from receiptbook.site.templates import render

DAY = re.compile(r"\d{4}-\d\d(?:-\d\d)?|")
NUMBER = re.compile(r"[-−+]?[\d,]*\.?\d+(?:\s?%|\s?(?:million|billion))?|NaN|[—–]|")


class Labels:
    """Names of a page's tables: landmarks need names of their own, so equal ones are counted.

    >>> name = Labels()
    >>> name("Waves"), name("Waves")
    ('Table: Waves', 'Table: Waves (2)')
    """

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def __call__(self, title: str) -> str:
        self._seen[title] += 1
        again = f" ({self._seen[title]})" if self._seen[title] > 1 else ""
        return f"Table: {title}{again}"


def tidy(
    text: str,
    title: str,
    label: Callable[[str], str],
    draw: Callable[[etree._Element], None] | None = None,
) -> str:
    """Stored tables, restyled; anything around them is dropped.

    title: of a table that has no caption of its own. label: names a table's region by its title.
    draw: changes a header cell in place.
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
            kept = {k: into_page(v) if k == "href" else v for k, v in element.attrib.items()
                    if k in ("colspan", "rowspan", "href") or (k, v) == ("class", "unseen")}  # fmt: skip
            element.attrib.clear()
            element.attrib.update(kept)
            if (element.tail or "").isspace():
                element.tail = None
        _one_header_row(table)
        _roles(table)
        for cell in table.iter("th") if draw else ():
            draw(cell)
        text = etree.tostring(table, encoding="unicode", method="html")
        parts.append(render("region.html", table=text, label=label(title)))
    return "\n".join(parts)


def into_page(address: str) -> str:
    """Where a link of a stored table leads on the site: a page's source is its page there.

    >>> into_page("loans.ipynb#winter"), into_page("https://example.org/a.md")
    ('loans.html#winter', 'https://example.org/a.md')
    """
    return re.sub(r"^(?!\w+:)([\w./-]+)\.(?:ipynb|md)(?=#|$)", r"\1.html", address)


def _one_header_row(table: etree._Element) -> None:
    """pandas gives the index's name a row of its own; it belongs above its column.

    The name of the columns, which stands there, goes above them all.
    """
    rows = table.findall("thead/tr")
    if len(rows) != 2 or len(rows[0]) != len(rows[1]):
        return
    upper, lower = rows
    empty = [not (cell.text_content() or "").strip() for cell in lower]
    if empty[0] or not all(empty[1:]):
        return
    if named := (upper[0].text_content() or "").strip():
        above = etree.Element("tr")
        etree.SubElement(above, "td")
        etree.SubElement(above, "th", {"colspan": str(len(upper) - 1)}).text = named
        upper.addprevious(above)
    upper[0].text = lower[0].text
    lower.getparent().remove(lower)


def _roles(table: etree._Element) -> None:
    """Scopes for headers, right alignment for columns of numbers, days that stay on their line."""
    body = table.findall("tbody/tr")
    head = table.findall("thead/tr")
    places = _places(body)
    numeric: dict[int, bool] = {}
    days: dict[int, bool] = {}
    for row in body:
        for cell in row:
            told = (cell.text_content() or "").strip()
            for kind, form in ((numeric, NUMBER), (days, DAY)):
                kind[places[cell]] = kind.get(places[cell], True) and bool(form.fullmatch(told))
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
            elif days.get(places[cell]) and row in body:
                cell.set("class", "day")


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


def heading_before(node: nodes.Node) -> str:
    """The heading that a node stands under."""
    section = next(traverse_parent(node, nodes.section), None)
    return section[0].astext() if section else "Table"


def tidy_tables(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Stored HTML tables of a page, and a name for each table; other stored HTML stays as it is."""
    label = Labels()
    draw = draw_badge if docname == app.env.receiptbook_settings.ledger else None
    for node in list(doctree.findall()):
        if isinstance(node, nodes.table):
            named = next((t.astext() for t in node.findall(nodes.title)), "")
            node["label"] = label(named or heading_before(node))
        elif isinstance(node, ChartFigure):
            node["label"] = label(words(node["card"]["title"]))
        elif isinstance(node, nodes.raw) and _holds_tables(node):
            stored = tidy(node.astext(), heading_before(node), label, draw)
            node.replace_self(Markup("", html=stored))


def _holds_tables(raw: nodes.raw) -> bool:
    return raw.get("format") == "html" and "<table" in raw.astext()


def visit_table(translator, node: nodes.table) -> None:
    """A Markdown table: the same scrolling box."""
    label = escape(node["label"])
    translator.body.append(
        f'<div class="scroll" tabindex="0" role="region" aria-label="{label}"><table>\n'
    )
    if not any(node.findall(nodes.title)):
        title = escape(heading_before(node))
        translator.body.append(f'<caption class="unseen">{title}</caption>')


depart_table = writes("</table></div>\n")


def visit_entry(translator, node: nodes.entry) -> None:
    """A header cell without words names nothing, so it is no header."""
    start = len(translator.body)
    type(translator).visit_entry(translator, node)
    if isinstance(node.parent.parent, nodes.thead) and not node.astext().strip():
        opened = translator.body[start].replace("<th", "<td", 1)
        translator.body[start] = opened.replace(' class="head"', "", 1)
        translator.context[-1] = translator.context[-1].replace("</th>", "</td>")
