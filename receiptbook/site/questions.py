"""A stored question on the page: complete without scripts, judged where questions.js runs."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from docutils import nodes
from markupsafe import escape

from receiptbook.book import Book
from receiptbook.exercises import FEEDBACK, answer_words, asked_in, judging, needs_words, unit_words
from receiptbook.markdown import words
from receiptbook.numbers import UNITS, unit
from receiptbook.numbers.reading import grammar
from receiptbook.numbers.units import aliases
from receiptbook.receipts import ledger
from receiptbook.site import templates
from receiptbook.site.nodes import Parse, parsed, writes

JUDGED = (
    "form", "right", "value", "lower", "upper", "least", "most", "worth", "measures", "growth",
    "unit", "slips", "asks", "asked",
)  # fmt: skip
ASKED = ("prompt", "needs")  # the parts that are read before an answer is given
PARTS = ("kept.js", "live/ranges.js", "live/read.js", "questions.js")


class QuestionCard(nodes.General, nodes.Element):
    """A question. Attribute: question (dict). Children: up to four QuestionText."""


class QuestionText(nodes.Part, nodes.Element):
    """Prompt, needs, hint or answer, parsed from Markdown, so that links are live. Attribute: part."""


def question(one: dict[str, Any], parse: Parse, book: Book) -> QuestionCard:
    """The stored question as nodes; where its book has an entry of the ledger, what it needs is a link."""
    entries = ledger.listed(book.ledger)
    texts = {
        "prompt": one["prompt"], "needs": needs_words(one, lambda id: id in entries),
        "hint": one["hint"], "answer": answer_words(one),
    }  # fmt: skip
    return QuestionCard("", *parsed(parse, QuestionText, texts), question=one)


def visit_question(translator, node) -> None:
    """The beginning of a question."""
    one = node["question"]
    level = f"h{min(6, translator.section_level + 1)}"
    translator.body.append(
        f'<section class="question" id="question-{one["id"]}">\n'
        f'<details class="ask"><summary><{level} id="{one["id"]}-name">'
        f'{one["called"]}<span class="gist">: {escape(name(one))}</span></{level}>'
        f" <span>level {one['level']}</span></summary>\n"
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


def edition(one: dict) -> str:
    """A short code of what is asked: kept answers to another edition of a question are not judged.

    >>> edition({"prompt": "Rain?", "choices": []}) == edition({"prompt": "Snow?", "choices": []})
    False
    """
    texts = (
        words(one["prompt"]),
        one.get("unit") or "",
        one.get("asks") or "",
        *sorted(map(words, one["choices"])),
    )
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:8]


depart_question = writes("</details></section>\n")


def visit_text(translator, node) -> None:
    """The beginning of a part of its text."""
    part = node["part"]
    if part in ASKED:
        translator.body.append(f'<div class="{part}">')
    else:
        translator.body.append(f'<details class="{part}"><summary>{part.capitalize()}</summary>')


def depart_text(translator, node) -> None:
    """The end of a part of its text."""
    one, part = node.parent["question"], node["part"]
    if part in ASKED:
        last = "needs" if needs_words(one) else "prompt"
        translator.body.append("</div>\n" + (form(one) if part == last else ""))
    else:
        translator.body.append("</details>\n")


def judged_by(one: Mapping[str, Any]) -> dict[str, Any]:
    """What answers to a question are judged by: those of JUDGED that it has."""
    return {name: one[name] for name in JUDGED if one.get(name) is not None}


def form(one: dict) -> str:
    """Choices, or a field for a number; nothing to fill in without scripts, nor in a lab."""
    if one["form"] == "open":
        return ""
    facts = judged_by(one)
    asked = asked_in(one) if one["unit"] else ""
    facts |= {"asked": unit_words(one)} if one["unit"] else {}
    judged = json.dumps(facts, separators=(",", ":"))
    page = {"question": one, "asked": asked, "judged": judged, "edition": edition(one)}
    return templates.render("question.html", **page) + "\n"


def script(text: str, book: str = "") -> str:
    """The scripts of PARTS, with the words and the grammar of the kernel.

    book : a short name, under which a browser keeps what readers of this book write
    """
    names = {name: unit(name) for name in UNITS} | {
        word: unit(name) for word, name in aliases().items() if name in UNITS
    }
    units = {name: [one.name, one.kind, str(one.scale)] for name, one in names.items()}
    told = {
        "KEPT": f"{book} kept ",
        "WORDS": FEEDBACK,
        "TIDY": judging.TIDY,
        "BETWEEN": judging.BETWEEN,
        "POWER": judging.POWER,
        "SUM": f"^(?:{judging.SUM})$",
        "GRAMMAR": grammar(),
        "UNITS": units,
    }
    for name, value in told.items():
        text = text.replace(f'"{name}"', json.dumps(value, ensure_ascii=False), 1)
    return f"(() => {{\n{text}}})();\n"
