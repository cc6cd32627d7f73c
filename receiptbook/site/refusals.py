"""What a chapter may not bring to the page: code, frames, styles of its own, pictures from elsewhere.

A reader's browser would refuse most of it, by the policy of each page; a build that refuses it says
where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from markdown_it import MarkdownIt
from sphinx.application import Sphinx

from receiptbook.book import Book, exercises_of
from receiptbook.book.notebooks import read_notebook, read_rows, read_text
from receiptbook.site.nodes import PageError

_TAG = re.compile(r"<([a-zA-Z][\w-]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>?", re.S)
_NEVER = frozenset(
    "script iframe frame frameset object embed applet base meta link style form portal".split()
)
_HANDLER = re.compile(r"(?:^|[\s\"'/])(on\w+)\s*=", re.I)
_ADDRESS = re.compile(
    r"\b(src|srcset|href|xlink:href|poster|data|action|formaction|background|ping)\s*=\s*[\"']?\s*([^\s\"'>]+)",
    re.I,
)
_DRAWN = re.compile(r"\bstyle\s*=[^>]*(?:url|image-set|src)\s*\(", re.I)
_FOREIGN = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//|data:", re.I)
_DIRECTIVE = re.compile(r"^\s*(?:`{3,}|~{3,}|:{3,})\{([\w:-]+)\}\s*(\S*)", re.M)
_CODE = {
    "code",
    "code-block",
    "code-cell",
    "math",
    "sourcecode",
    "literalinclude",
    "parsed-literal",
}
_MARKDOWN = MarkdownIt("commonmark").enable("table")


def in_html(html: str, stored: bool = False) -> Iterator[str]:
    """What a piece of HTML holds that is refused; of a stored table, its scoped style is dropped.

    >>> list(in_html('<p onclick="x()">a</p><img src="//example.org/a.png">'))
    ['onclick=', '<img src=//example.org/a.png>']
    >>> list(in_html("<style scoped>td {}</style>", stored=True))
    []
    """
    for name, rest in _TAG.findall(html):
        name = name.lower()
        if name in _NEVER and not (stored and name == "style" and rest.strip() == "scoped"):
            yield f"<{name}>"
        yield from (f"{handler}=" for handler in _HANDLER.findall(rest))
        rest = unescape(rest)  # a browser reads java&#115;cript: as javascript:
        if _DRAWN.search(rest):
            yield f"<{name} style=…url(…)>"
        for attribute, address in _ADDRESS.findall(rest):
            link = attribute.lower() in ("href", "xlink:href") and name == "a"
            if re.match(r"(?:javascript|vbscript):", address, re.I):
                yield f"{attribute}={address[:40]}"
            elif not link and _FOREIGN.match(address):
                yield f"<{name} {attribute}={address[:60]}>"


def in_markdown(text: str) -> Iterator[str]:
    """What a piece of Markdown holds that is refused; code that is only shown may hold anything.

    >>> list(in_markdown("![rain](https://example.org/a.png)")), list(in_markdown("`<script>`"))
    (['the picture https://example.org/a.png'], [])
    """
    for token in _MARKDOWN.parse(text):
        if token.type == "fence":
            kind = re.match(r"\{([\w:-]+)\}\s*(\S*)", token.info)
            if kind:
                yield from _in_directive(*kind.groups())
                if kind[1] not in _CODE:
                    yield from in_markdown(token.content)
            continue
        if token.type == "html_block":
            yield from in_html(token.content)
        for child in token.children or ():
            if child.type == "html_inline":
                yield from in_html(child.content)
            elif child.type == "image" and _FOREIGN.match(str(child.attrs["src"])):
                yield f"the picture {child.attrs['src']}"
        if token.type == "inline":
            for kind in _DIRECTIVE.finditer(token.content):
                yield from _in_directive(*kind.groups())


def _in_directive(name: str, argument: str) -> Iterator[str]:
    if name in ("raw", "iframe", "eval-rst", "include"):  # what they bring is not looked through
        yield f"the directive {{{name}}}"
    elif name in ("image", "figure") and _FOREIGN.match(argument):
        yield f"the picture {argument}"


def refused(page: Path) -> Iterator[str]:
    """Each thing in a page that is refused, with file and cell."""
    if page.suffix == ".md":
        yield from (f"{page.name}: found {what}" for what in in_markdown(read_text(page)))
    else:
        for number, cell in enumerate(read_notebook(page).cells, 1):
            found = [*in_markdown(cell.source)] if cell.cell_type == "markdown" else []
            for output in cell.get("outputs", ()):
                data = output.get("data", {})
                found += in_html(str(data.get("text/html", "")), stored=True)
                found += in_html(str(data.get("image/svg+xml", "")))
                found += in_markdown(str(data.get("text/markdown", "")))
                found += ["a script"] if "application/javascript" in data else []
            yield from (f"{page.name}, cell {number}: found {what}" for what in found)
    if (table := exercises_of(page)).exists():
        for number, row in enumerate(read_rows(table), 2):
            for what in (one for cell in row.values() for one in in_markdown(str(cell or ""))):
                yield f"exercises/{table.name}, row {number}: found {what}"


def refuse(app: Sphinx) -> None:
    """Stop the build at what is refused; PageError names file and cell."""
    found = [line for page in Book(Path(app.srcdir)).pages() for line in refused(page)]
    if found:
        more = f" ({len(found) - 1} more)" if len(found) > 1 else ""
        raise PageError(
            f"{found[0]}{more}; expected words, tables and pictures of the book itself. "
            "Take it out: the site runs no code of a chapter and loads nothing from elsewhere"
        )
