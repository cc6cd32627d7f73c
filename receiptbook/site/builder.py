"""Where pages stand and how their text becomes HTML: the first page at the root, code in few spans."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from pygments.formatters import HtmlFormatter
from pygments.token import Token
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.config import Config
from sphinx.writers.html5 import HTML5Translator

from receiptbook.book import Book, Part

INDEX = "index"
COLOURED = (
    Token.Comment,
    Token.Keyword,
    Token.Name.Builtin,
    Token.Name.Class,
    Token.Name.Function,
    Token.Operator.Word,
    Token.String,
)  # what styles/text.css has a rule for


class CodeFormatter(HtmlFormatter):
    """Spans only for what the style sheet colours; the keyboard can scroll the code."""

    def format_unencoded(self, tokens: Iterable, out) -> None:
        coloured = ((k if any(k in c for c in COLOURED) else Token.Text, t) for k, t in tokens)
        super().format_unencoded(coloured, out)

    def wrap(self, source: Iterable) -> Iterable:
        yield 0, '<div class="highlight"><pre tabindex="0">'
        yield from source
        yield 0, "</pre></div>\n"


class PageTranslator(HTML5Translator):
    """Links bear the number of the note that they lead to on paper."""

    def starttag(self, node, tagname, suffix="\n", empty=False, **attributes) -> str:
        if tagname.lower() == "a" and node.get("note"):
            attributes["data-n"] = node["note"]
        if node.get("nb_element") == "cell_code" and node.get("exec_count"):
            attributes["data-cell"] = node["exec_count"]  # by which a script finds its parts
        return super().starttag(node, tagname, suffix, empty, **attributes)


class PageBuilder(StandaloneHTMLBuilder):
    """The first page is index.html at the root of the site, wherever its source stands."""

    default_translator_class = PageTranslator
    search = False  # the book's own, see search.py; Sphinx's knows words by page, and no numbers

    def init_highlighter(self) -> None:
        super().init_highlighter()
        self.highlighter.formatter = CodeFormatter

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        return super().get_target_uri(self._place(docname), typ)

    def get_outfilename(self, pagename: str) -> str:
        return super().get_outfilename(self._place(pagename))

    def _place(self, name: str) -> str:
        return INDEX if name == self.config.root_doc else name


def parts(app: Sphinx) -> list[Part]:
    """The parts of the book, each with the pages that the site has."""
    known = app.env.titles
    found = [
        replace(part, pages=tuple(name for name in part.pages if name in known))
        for part in Book(Path(app.srcdir)).parts()
    ]
    return [part for part in found if part.pages]


def address(builder, docname: str, target: str) -> str:
    """The relative address of a file of the site from a page; of the page itself its name."""
    folder = posixpath.dirname(builder.get_target_uri(docname)) or "."
    return posixpath.relpath(target, folder)


def public_address(app: Sphinx, docname: str, target: str) -> str:
    """The whole address of a file of the site; where the site does not know its own, from the page."""
    base = app.config.html_baseurl.rstrip("/")
    return f"{base}/{target}" if base else address(app.builder, docname, target)


def ledger_address(app: Sphinx, docname: str) -> str:
    """The relative address of the ledger from a page."""
    ledger = app.builder.get_target_uri(app.env.receiptbook_settings.ledger)
    return address(app.builder, docname, ledger)


def without_permalinks(app: Sphinx, config: Config) -> None:
    """Anchors beside headings are the script's."""
    config.html_permalinks = False
