"""A question as the output of a cell: what is asked, with the answer folded away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from receiptbook.book.outputs import QUESTION
from receiptbook.exercises.rows import exercise
from receiptbook.markdown import escaped, words
from receiptbook.templates import render

KIND = {"question": "Question", "exercise": "Exercise", "lab": "Lab"}


@dataclass(frozen=True)
class Question:
    """A question as a notebook output: data for the page, and readable where no script runs."""

    payload: dict

    def __repr__(self) -> str:
        facts = self.payload
        lines = [f"{KIND[facts['kind']]} (level {facts['level']}): {words(facts['prompt'])}"]
        lines += [f"  ( ) {words(choice)}" for choice in facts["choices"]]
        return "\n".join(lines)

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {
            QUESTION: self.payload,
            "text/html": as_html(self.payload),
            "text/plain": repr(self),
        }


def question(id: str) -> Question:
    """Show a question, exercise or lab, its answer folded away; `check` judges yours.

    >>> question("headline-first-half")  # doctest: +ELLIPSIS
    Question (level 1): By what percentage ...
    """
    return Question(exercise(id).to_json())


def as_html(facts: Mapping) -> str:
    """The question with its answer folded away: no script, no style."""
    return render(
        Path(__file__).with_name("question.html"),
        kind=KIND[facts["kind"]],
        answer=answer_words(facts),
        **{name: facts[name] for name in ("level", "prompt", "choices", "hint")},
    )


def answer_words(facts: Mapping) -> str:
    """The answer and its explanation, in Markdown."""
    parts = []
    if facts["choices"]:
        parts.append(f"**{facts['choices'][facts['right']]}**")
    if facts.get("shown"):
        parts.append(f"Computed: **{escaped(computed_words(facts))}**")
    return "\n\n".join([*parts, facts["explain"]])


def computed_words(facts: Mapping) -> str:
    """The computed value with the range that rounding leaves."""
    between = f" ({facts['range']})" if facts["range"] != facts["shown"] else ""
    formula = f"{facts['formula']} = " if facts["formula"] else ""
    return f"{formula}{facts['shown']}{between}"
