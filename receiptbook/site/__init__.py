"""The static site: a Sphinx extension, as a table of contents.

Each `setup_*` below is one concern in one file. HTML and paper are served; other formats get
the words of a chart or a receipt. Settings stand under `receiptbook:` in _config.yml (config.py).
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from receiptbook.book import Book
from receiptbook.receipts.claims import Texts, tested_texts
from receiptbook.site import (
    assets,
    extras,
    figures,
    glyphs,
    ledger,
    mime,
    pages,
    questions,
    receipts,
    tables,
)
from receiptbook.site.config import SiteConfig
from receiptbook.site.folds import setup_folds
from receiptbook.site.mathml import setup_math
from receiptbook.site.nodes import ChartCaption, ChartFigure, ChartTitle, ReceiptCard, setup_nodes
from receiptbook.site.sources import Source, read_sources
from receiptbook.site.squeeze import setup_squeeze
from receiptbook.tables import load


@dataclass
class Site:
    """What the parts share during one build; reachable as `app.receiptbook`."""

    config: SiteConfig
    book: Book
    cache: Path
    sources: dict[str, Source] = field(default_factory=dict)
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    parts: list[pages.Part] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)

    @property
    def described(self) -> bool:
        """Do the tables come as a Data Package, with claims and downloads?"""
        return (self.book.data / "datapackage.json").exists()

    @property
    def texts(self) -> Texts:
        """The texts whose claims the book tests."""
        return tested_texts(load(self.book.data)) if self.described else Texts()

    def ledger_link(self, docname: str) -> str:
        """Address of the ledger from a page of the book."""
        folder = posixpath.dirname(docname) or "."
        return posixpath.relpath(self.config.ledger, folder) + ".html"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything."""
    app.add_config_value("receiptbook", {}, "env", dict)
    app.add_config_value("comments_config", {}, "html")  # Jupyter Book always passes it
    setup_site(app)
    setup_theme(app)
    setup_math(app)
    mime.setup_mime()
    questions.setup_questions(app)
    setup_outputs(app)
    setup_tables(app)
    setup_pages(app)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}


def setup_site(app: Sphinx) -> None:
    """Settings, sources and receipts, read once."""

    def begin(app: Sphinx) -> None:
        config = SiteConfig.read(app.config.receiptbook)
        data = config.data_folder(app.srcdir)
        app.receiptbook = Site(
            config=config,
            book=Book(Path(app.srcdir)),
            cache=Path(app.doctreedir).parent / ".pictures",
            sources=read_sources(data / "sources.csv"),
        )

    app.connect("builder-inited", begin)
    app.connect("env-updated", ledger.collect)


def setup_theme(app: Sphinx) -> None:
    """Our own small theme; Sphinx's `basic` lends it the search scripts."""
    app.add_html_theme("receiptbook", str(Path(__file__).parent / "theme"))


def setup_outputs(app: Sphinx) -> None:
    """Charts and receipts."""
    setup_nodes(
        app,
        {
            ChartFigure: (figures.visit_figure, figures.depart_figure),
            ChartTitle: (figures.visit_title, figures.depart_title),
            ChartCaption: (figures.visit_caption, figures.depart_caption),
            ReceiptCard: (receipts.visit_receipt, None),
        },
    )
    app.connect("doctree-resolved", figures.number_figures)
    app.connect("doctree-resolved", ledger.entries)
    app.connect("doctree-resolved", figures.list_sources)
    app.connect("doctree-resolved", receipts.endnotes)


def setup_tables(app: Sphinx) -> None:
    """Stored and written tables; folded code."""
    from docutils import nodes

    app.connect("doctree-resolved", tables.tidy_tables)
    app.connect("doctree-resolved", glyphs.draw_legend)
    app.connect("html-page-context", tables.number_regions)
    app.add_node(nodes.table, override=True, html=(tables.visit_table, tables.depart_table))
    setup_folds(app)


def setup_pages(app: Sphinx) -> None:
    """Templates' context, files beside the pages, last touches."""
    app.connect("html-page-context", pages.page_context, priority=900)
    app.connect("doctree-read", extras.point_at_tables, priority=100)  # before files are collected
    app.connect("doctree-resolved", extras.link_packed)
    app.connect("html-collect-pages", extras.more_pages)
    app.connect("build-finished", ledger.write_downloads)
    app.connect("build-finished", extras.write_extras)
    app.connect("build-finished", assets.write_assets, priority=900)
    setup_squeeze(app)
