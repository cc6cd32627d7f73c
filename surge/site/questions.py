"""A stored question on the page: prompt and choices, with hint and answer folded away.

Complete without scripts. Where `quiz.js` runs, it finds a question by `data-question` (its id) and
what it needs to judge an answer in `data-quiz` (JSON).
"""

from __future__ import annotations

import json
from html import escape

KINDS = {"question": "Question", "exercise": "Exercise", "lab": "Lab"}
JUDGE = ("form", "right", "value", "lower", "upper", "worth", "measures", "growth", "unit")


def visit_question(translator, node) -> None:
    one = node["question"]
    kind = KINDS.get(one["kind"], "Question")
    facts = {name: one[name] for name in JUDGE if one.get(name) is not None}
    data = escape(json.dumps(facts, separators=(",", ":")), quote=True)
    translator.body.append(
        f'<section class="question" id="{escape(one["id"])}" data-question="{escape(one["id"])}" '
        f'data-quiz="{data}" aria-label="{kind} {escape(one["id"])}">'
        f'<p class="top"><b>{kind}</b> <span>level {one["level"]}</span></p>\n'
    )


def depart_question(translator, node) -> None:
    translator.body.append("</section>\n")


def visit_text(translator, node) -> None:
    part = node["part"]
    if part == "prompt":
        translator.body.append('<div class="prompt">')
    else:
        translator.body.append(f"<details><summary>{part.capitalize()}</summary>")


def depart_text(translator, node) -> None:
    one = node.parent["question"]
    if node["part"] != "prompt":
        translator.body.append("</details>\n")
        return
    translator.body.append("</div>\n")
    if one["choices"]:
        items = "".join(f"<li>{escape(choice)}</li>" for choice in one["choices"])
        translator.body.append(f'<ol class="choices" type="A">{items}</ol>\n')
