"""The extension of Sphinx that makes the site, as a table of contents: what is done, and when.

HTML and paper are served; LaTeX gets the words of a chart or a receipt. The options are in
settings.py.

What a build knows is kept where Sphinx keeps it: `env.receiptbook_settings`, `_sources`, `_texts`
(whose claims are tested), `_receipts` (the ledger's and all that cells store, by id), `_stored`
(those of the cells alone), `_charts` (the page of each chart), `_live` (what the live ledger is told)
and `_digest` (of receipts and sources).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils.nodes import entry, table
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

from receiptbook.site import (
    again,
    builder,
    cards,
    class_mode,
    elsewhere,
    errata,
    extras,
    figures,
    folds,
    glyphs,
    guesses,
    kept,
    labs,
    ledger_page,
    live,
    margin,
    mathml,
    mime,
    nodes,
    opening,
    pages,
    questions,
    refusals,
    run,
    settings,
    sorting,
    sources,
    static,
    summary,
    tables,
    terms,
)

#: What changes a page once all pages are read, in this order.
RESOLVED = (
    sorting.deal,
    figures.number_figures,
    summary.retell,
    ledger_page.entries,
    figures.list_sources,
    cards.endnotes,
    live.page,
    tables.tidy_tables,
    glyphs.draw_legend,
    opening.mark,
    terms.mark,
    margin.notes,  # while cells stand where they were written
    kept.box,
    kept.gathered,
    class_mode.mark,
    labs.gather,  # before the working leaves the cells
    folds.gather,
    extras.link_packed,
)

#: The course of a build: event, place among the handlers of others (theirs is 500), handler.
EVENTS = (
    ("config-inited", 500, builder.without_permalinks),
    ("builder-inited", 100, settings.read_settings),
    ("builder-inited", 200, refusals.refuse),
    ("builder-inited", 200, sources.remember),
    ("builder-inited", 300, static.announce),
    ("doctree-read", 100, extras.point_at_tables),  # before files are collected
    ("env-updated", 500, ledger_page.collect),
    ("env-updated", 500, kept.written_again),
    ("env-updated", 900, static.write),  # when all receipts are known
    *(("doctree-resolved", 500, handler) for handler in RESOLVED),
    ("html-collect-pages", 500, extras.more_pages),
    ("html-page-context", 800, run.offer),
    ("html-page-context", 900, pages.page_context),
    ("build-finished", 500, extras.write_extras),
    ("build-finished", 500, elsewhere.write_notebooks),
    ("build-finished", 500, run.write),
)

#: The engine's nodes: what opens and what closes each in HTML.
NODES = {
    nodes.ChartFigure: (figures.visit_figure, figures.depart_figure),
    nodes.ChartTitle: (figures.visit_title, figures.depart_title),
    nodes.ChartCaption: (figures.visit_caption, figures.depart_caption),
    nodes.ReceiptCard: (cards.visit_receipt, None),
    nodes.ScoreBoard: (summary.visit_board, summary.depart_board),
    nodes.ScoreRow: (summary.visit_row, summary.depart_row),
    nodes.Choices: (summary.visit_choices, summary.depart_choices),
    nodes.Choice: (summary.visit_choice, summary.depart_choice),
    questions.QuestionCard: (questions.visit_question, questions.depart_question),
    questions.QuestionText: (questions.visit_text, questions.depart_text),
    guesses.GuessCard: (guesses.visit_guess, guesses.depart_guess),
    guesses.GuessText: (guesses.visit_text, guesses.depart_text),
    labs.Outcome: (labs.visit_outcome, labs.depart_outcome),
    folds.Working: (folds.visit_working, folds.depart_fold),
}

#: Nodes of others that this site writes in its own way.
REWRITTEN = {
    table: (tables.visit_table, tables.depart_table),
    entry: (tables.visit_entry, HTML5Translator.depart_entry),
    HideCodeCellNode: (folds.visit_output, folds.depart_fold),
}

DIRECTIVES = {"again": again.Again, "claim-cards": sorting.ClaimCards, "errata": errata.Errata}


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything."""
    app.add_config_value("comments_config", {}, "html")  # Jupyter Book always passes it
    for name, default in settings.OPTIONS.items():
        app.add_config_value(settings.PREFIX + name, default, "env", object)
    app.add_builder(builder.PageBuilder, override=True)
    app.add_html_theme("receiptbook", str(Path(__file__).parent / "theme"))
    app.add_html_math_renderer("mathml", (mathml.visit_inline, None), (mathml.visit_block, None))
    mime.setup_mime()
    for name, directive in DIRECTIVES.items():
        app.add_directive(name, directive)
    for node, visitors in NODES.items():
        app.add_node(node, html=visitors, latex=(nodes.pass_through, nodes.pass_through))
    app.add_node(nodes.Markup, html=(nodes.visit_markup, None), latex=(nodes.skip, None))
    app.add_node(sorting.Sorting)  # until its cards are dealt
    for node, visitors in REWRITTEN.items():
        app.add_node(node, override=True, html=visitors)
    for event, place, handler in EVENTS:
        app.connect(event, handler, priority=place)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
