"""What readers write: kept in their browser, gathered on one page, saved as a file, read back.

A box below a chapter's questions says so. The page of the option `answers` lists every question of
the book; scripts/kept.js keeps, assets/answers.js gathers. Nothing is sent anywhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import traverse_parent

from receiptbook.book.notebooks import bundles, read_notebook
from receiptbook.book.outputs import QUESTION
from receiptbook.markdown import words
from receiptbook.site import questions
from receiptbook.site.builder import address, parts
from receiptbook.site.nodes import Markup
from receiptbook.site.templates import render


def box(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Below the last question of a page: notes, where they are kept, and how to forget them."""
    settings = app.env.receiptbook_settings
    asked = list(doctree.findall(questions.QuestionCard))
    if not asked or settings.answers not in app.env.all_docs:
        return
    there = address(app.builder, docname, app.builder.get_target_uri(settings.answers))
    html = render("kept.html", page=Path(docname).name, answers=there)
    holds = (nodes.section, nodes.document)
    block = next(one for one in traverse_parent(asked[-1]) if isinstance(one.parent, holds))
    block.parent.insert(block.parent.index(block) + 1, Markup("", html=html))


def asked(app: Sphinx) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    """Pages that ask something, in the order of the book: name, title, the questions stored."""
    for name in (name for part in parts(app) for name in part.pages):
        path = Path(app.env.doc2path(name))
        cells = read_notebook(path).cells if path.suffix == ".ipynb" else []
        if found := [bundle[QUESTION] for bundle in bundles(cells) if QUESTION in bundle]:
            yield name, app.env.titles[name].astext(), found


def gathered(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """On the page of answers: the reader's own after its first section, a class's after its last."""
    if docname != app.env.receiptbook_settings.answers:
        return
    page = doctree.next_node(nodes.section)
    sections = [child for child in page if isinstance(child, nodes.section)] or [page]
    chapters = [
        {
            "title": title,
            "page": Path(name).name,
            "address": address(app.builder, docname, app.builder.get_target_uri(name)),
            "questions": [told(one) for one in found],
        }
        for name, title, found in asked(app)
    ]
    book = app.config.html_title
    sections[0] += Markup("", html=render("answers.html", chapters=chapters, book=book))
    sections[-1] += Markup("", html=render("class_answers.html"))


def told(one: Mapping[str, Any]) -> dict[str, Any]:
    """What the page of answers needs of a question: its name, and what its answers are judged by."""
    facts = questions.judged_by(one)
    facts |= {"choices": [words(choice) for choice in one["choices"]]} if one["choices"] else {}
    facts.pop("slips", None)
    judged = json.dumps(facts, separators=(",", ":"), ensure_ascii=False)
    return {
        "id": one["id"],
        "called": one["called"],
        "name": f"{one['called']}: {questions.name(one)}",
        "prompt": words(one["prompt"]),
        "judged": judged,
        "edition": questions.edition(one),
    }


def written_again(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """The page of answers, which is written in every build."""
    return [name for name in [env.receiptbook_settings.answers] if name in env.all_docs]
