"""A stored question on the page: complete without scripts, judged where questions.js runs."""

from __future__ import annotations

import json
import re

from docutils import nodes
from markupsafe import escape
from myst_nb.core import render
from sphinx.application import Sphinx

from receiptbook.book.outputs import QUESTION
from receiptbook.exercises import FEEDBACK, KIND, answer_words
from receiptbook.markdown import words
from receiptbook.numbers import counters
from receiptbook.site import templates

JUDGED = ("form", "right", "value", "lower", "upper", "worth", "measures", "growth", "unit")


class QuestionCard(nodes.General, nodes.Element):
    """A question. Attribute: question (dict). Children: up to three QuestionText."""


class QuestionText(nodes.Part, nodes.Element):
    """Prompt, hint or answer, parsed from Markdown, so that links are live. Attribute: part."""


class QuestionMime:
    """myst-nb plug-in for stored questions."""

    mime_priority_overrides = (("*", QUESTION, 1),)

    @staticmethod
    def handle_mime(renderer, data: render.MimeData, inline: bool) -> list[nodes.Element] | None:
        if data.mime_type != QUESTION:
            return None
        one = json.loads(json.dumps(data.content))
        card = QuestionCard("", question=one)
        texts = {"prompt": one["prompt"], "hint": one["hint"], "answer": answer_words(one)}
        for part, text in texts.items():
            if text:
                box = QuestionText("", part=part)
                with renderer.renderer.current_node_context(box):
                    renderer.renderer.nested_render_text(text, data.line or 0)
                card += box
        return [card]


def visit_question(translator, node) -> None:
    """The beginning of a question."""
    one = node["question"]
    level = f"h{min(6, translator.section_level + 1)}"
    translator.body.append(
        f'<section class="question" id="question-{one["id"]}" aria-labelledby="{one["id"]}-name">\n'
        f'<details class="ask"><summary><{level} id="{one["id"]}-name">{escape(name(one))}</{level}>'
        f" <span>{KIND[one['kind']]}, level {one['level']}</span></summary>\n"
    )


def name(one: dict, most: int = 70) -> str:
    """What a question is called: how its prompt begins, as far as a heading has room.

    >>> name({"prompt": "Did [rain](x.md) fall in May? Say where."})
    'Did rain fall in May?'
    >>> name({"prompt": "Work out how much fell: in May, in June, in July"}, most=30)
    'Work out how much fell: in…'
    """
    text = re.split(r"(?<=[.?!])\s", " ".join(words(one["prompt"]).split()), maxsplit=1)[0]
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def depart_question(translator, node) -> None:
    """The end of a question."""
    translator.body.append("</details></section>\n")


def visit_text(translator, node) -> None:
    """The beginning of a part of its text."""
    part = node["part"]
    if part == "prompt":
        translator.body.append('<div class="prompt">')
    else:
        translator.body.append(f'<details class="{part}"><summary>{part.capitalize()}</summary>')


def depart_text(translator, node) -> None:
    """The end of a part of its text."""
    if node["part"] == "prompt":
        translator.body.append("</div>\n" + form(node.parent["question"]))
    else:
        translator.body.append("</details>\n")


def form(one: dict) -> str:
    """Choices, or a field for a number; nothing to fill in without scripts, nor in a lab."""
    if one["form"] == "open":
        return ""
    facts = {name: one[name] for name in JUDGED if one.get(name) is not None}
    judged = json.dumps(facts, separators=(",", ":"))
    return templates.render("question.html", question=one, judged=judged) + "\n"


def script(text: str) -> str:
    """questions.js with the words that the kernel says and understands too."""
    told = text.replace('"WORDS"', json.dumps(FEEDBACK, ensure_ascii=False))
    return told.replace('"COUNTERS"', counters())


def setup_questions(app: Sphinx) -> None:
    """Node, visitors and plug-in."""

    def pass_through(translator, node) -> None:
        pass

    visitors = {QuestionCard: (visit_question, depart_question),
                QuestionText: (visit_text, depart_text)}  # fmt: skip
    others = dict.fromkeys(("latex", "text", "man", "texinfo"), (pass_through, pass_through))
    for node, html in visitors.items():
        app.add_node(node, html=html, **others)
    plugins = render.load_mime_renders()
    if QuestionMime not in plugins:
        plugins.append(QuestionMime)
