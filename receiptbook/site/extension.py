"""The extension of Sphinx that makes the site, as a table of contents.

Each `setup_*` is one concern in one file. HTML and paper are served; other formats get the words of
a chart or a receipt. The options are in settings.py.

What a build knows is kept where Sphinx keeps it: `env.receiptbook_settings`, `_sources`, `_texts`
(whose claims are tested), `_receipts` (as stored, by id), `_charts` (the page of each chart) and
`_digest` (of receipts and sources).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from receiptbook.site import (
    cards,
    elsewhere,
    errata,
    extras,
    figures,
    ledger_page,
    live,
    margin,
    mime,
    opening,
    pages,
    summary,
    terms,
)
from receiptbook.site.again import setup_again
from receiptbook.site.builder import setup_builder
from receiptbook.site.class_mode import setup_class_mode
from receiptbook.site.folds import setup_folds
from receiptbook.site.guesses import setup_guesses
from receiptbook.site.kept import setup_kept
from receiptbook.site.labs import setup_labs
from receiptbook.site.mathml import setup_math
from receiptbook.site.nodes import (
    ChartCaption,
    ChartFigure,
    ChartTitle,
    Choice,
    Choices,
    ReceiptCard,
    ScoreBoard,
    ScoreRow,
    setup_nodes,
)
from receiptbook.site.questions import setup_questions
from receiptbook.site.refusals import setup_refusals
from receiptbook.site.run import setup_run
from receiptbook.site.settings import setup_settings
from receiptbook.site.sorting import setup_sorting
from receiptbook.site.sources import setup_sources
from receiptbook.site.static import setup_static
from receiptbook.site.tables import setup_tables


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything."""
    app.add_config_value("comments_config", {}, "html")  # Jupyter Book always passes it
    setup_settings(app)
    setup_refusals(app)
    setup_sources(app)
    setup_builder(app)
    setup_theme(app)
    setup_math(app)
    mime.setup_mime()
    setup_questions(app)
    setup_guesses(app)
    setup_again(app)
    setup_sorting(app)
    setup_outputs(app)
    setup_tables(app)
    app.connect("doctree-resolved", opening.mark)
    app.connect("doctree-resolved", terms.mark)
    app.connect("doctree-resolved", margin.notes)  # while cells stand where they were written
    setup_kept(app)
    setup_class_mode(app)
    setup_labs(app)  # before the working leaves the cells
    setup_folds(app)
    setup_pages(app)
    setup_static(app)
    setup_run(app)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}


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
            ReceiptCard: (cards.visit_receipt, None),
            ScoreBoard: (summary.visit_board, summary.depart_board),
            ScoreRow: (summary.visit_row, summary.depart_row),
            Choices: (summary.visit_choices, summary.depart_choices),
            Choice: (summary.visit_choice, summary.depart_choice),
        },
    )
    app.connect("env-updated", ledger_page.collect)
    app.connect("doctree-resolved", figures.number_figures)
    app.connect("doctree-resolved", summary.retell)
    app.connect("doctree-resolved", ledger_page.entries)
    app.connect("doctree-resolved", figures.list_sources)
    app.connect("doctree-resolved", cards.endnotes)
    app.connect("doctree-resolved", live.page)


def setup_pages(app: Sphinx) -> None:
    """Templates' context and files beside the pages."""
    app.connect("html-page-context", pages.page_context, priority=900)
    app.connect("doctree-read", extras.point_at_tables, priority=100)  # before files are collected
    app.connect("doctree-resolved", extras.link_packed)
    app.add_directive("errata", errata.Errata)
    app.connect("html-collect-pages", extras.more_pages)
    app.connect("build-finished", extras.write_extras)
    app.connect("build-finished", elsewhere.write_notebooks)
