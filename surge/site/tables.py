"""Tables that scroll instead of breaking the page, with headers, captions and no inline style."""

from __future__ import annotations

import re
from html import escape, unescape

from docutils import nodes
from sphinx.application import Sphinx

from surge.site.nodes import Markup

STYLE = re.compile(r"<style[^>]*>.*?</style>", re.S)
INLINE = re.compile(r'\s(?:style|border|valign|align)="[^"]*"')
CAPTION = re.compile(r"<caption[^>]*>(.*?)</caption>", re.S)
TAG = re.compile(r"<[^>]+>")
NUMERIC = re.compile(r"<td([^>]*)>\s*([-−+]?[\d,]*\.?\d+\s?%?|NaN|—|–)\s*</td>")


def tidy(html: str, title: str) -> str:
    """A stored table, restyled. `title` names it where it has no caption of its own."""
    html = INLINE.sub("", STYLE.sub("", html))
    html = re.sub(r"<th([^>]*)>\s*</th>", "<td></td>", html)
    html = re.sub(r"(<thead.*?</thead>)", lambda m: _scoped(m[1], "col"), html, flags=re.S)
    html = re.sub(r"(<tbody.*?</tbody>)", lambda m: _scoped(m[1], "row"), html, flags=re.S)
    html = NUMERIC.sub(lambda m: f'<td class="n">{m[2].replace("-", "−")}</td>', html)
    html = re.sub(r"\s*\n\s*", "\n", html)
    caption = CAPTION.search(html)
    if caption:
        title = unescape(TAG.sub("", caption[1])).strip()
    else:
        html = re.sub(
            r"(<table[^>]*>)",
            lambda m: f'{m[1]}<caption class="unseen">{escape(title)}</caption>',
            html,
            count=1,
        )
    return region(html, title)


def _scoped(part: str, scope: str) -> str:
    return re.sub(r"<th(?![^>]*scope)", f'<th scope="{scope}"', part).replace("<theadx", "<thead")


def region(html: str, title: str) -> str:
    """A box that scrolls by keyboard too."""
    label = escape(f"Table: {title}", quote=True)
    return f'<div class="scroll" tabindex="0" role="region" aria-label="{label}">{html}</div>'


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


def visit_table(translator, node: nodes.table) -> None:
    """A Markdown table: the same scrolling box."""
    title = next((t.astext() for t in node.findall(nodes.title)), "") or heading_before(node)
    label = escape(f"Table: {title}", quote=True)
    translator.body.append(
        f'<div class="scroll" tabindex="0" role="region" aria-label="{label}"><table>\n'
    )
    if not any(True for _ in node.findall(nodes.title)):
        translator.body.append(f'<caption class="unseen">{escape(title)}</caption>')


def depart_table(translator, node: nodes.table) -> None:
    translator.body.append("</table></div>\n")
