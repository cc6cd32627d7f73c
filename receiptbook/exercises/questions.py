"""A question as the output of a cell: what is asked, with the answer folded away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from receiptbook.book.outputs import QUESTION
from receiptbook.exercises.rows import exercise
from receiptbook.markdown import escaped, words
from receiptbook.templates import render


@dataclass(frozen=True)
class Question:
    """A question as a notebook output: data for the page, and readable where no script runs."""

    payload: dict

    def __repr__(self) -> str:
        facts = self.payload
        lines = [f"{facts['called']} (level {facts['level']}): {words(facts['prompt'])}"]
        if needs := needs_words(facts):
            lines.append(f"  {words(needs)}")
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
    Question 2 (level 1): By what percentage ...
    """
    return Question(exercise(id).to_json())


def as_html(facts: Mapping) -> str:
    """The question with its answer folded away: no script, no style."""
    return render(
        Path(__file__).with_name("question.html"),
        answer=answer_words(facts),
        needs=needs_words(facts),
        **{name: facts[name] for name in ("called", "level", "prompt", "choices", "hint")},
    )


def needs_words(facts: Mapping, is_linked: Callable[[str], bool] = lambda id: True) -> str:
    """What a number question is worked out from, in Markdown; empty where it asks for no number.

    is_linked : whether the ledger has an entry of that id

    >>> needs_words({"needs": [{"id": "rain-may", "name": "Rain, May", "shown": "71 mm"}]})
    'What you need: Rain, May: [71 mm](ledger.md#rain-may).'
    """
    told = []
    for one in facts.get("needs") or ():
        shown = escaped(one["shown"])
        link = f"[{shown}](ledger.md#{one['id']})" if is_linked(one["id"]) else shown
        told.append(f"{escaped(one['name'])}: {link}")
    return f"What you need: {'; '.join(told)}." if told else ""


def unit_words(facts: Mapping) -> str:
    """What is asked for, as a sentence names it.

    >>> unit_words({"unit": "percent"}), unit_words({"unit": "times", "asks": "range"})
    ('percent', 'a range of a number of times')
    """
    plain = {"ratio": "a plain number", "times": "a number of times"}
    unit = plain.get(facts["unit"], facts["unit"])
    between = "a range of " if facts["unit"] in plain else "a range in "
    return f"{between}{unit}" if facts.get("asks") == "range" else unit


def asked_in(facts: Mapping) -> str:
    """How an answer is to be given, after "Your answer,".

    >>> asked_in({"unit": "percent"}), asked_in({"unit": "percent", "asks": "range"})
    ('in percent', 'a range in percent')
    """
    asked = unit_words(facts)
    return f"in {asked}" if asked == facts["unit"] else asked


def answer_words(facts: Mapping) -> str:
    """The answer with its arithmetic and its explanation, in Markdown."""
    parts = []
    if facts["choices"]:
        parts.append(f"**{facts['choices'][facts['right']]}**")
    if facts.get("shown"):
        parts.append(f"Computed: **{escaped(computed_words(facts))}**")
    return "\n\n".join([*parts, facts["explain"]])


def computed_words(facts: Mapping) -> str:
    """The computed value, how it comes out of the printed numbers, and the range of rounding."""
    between = f" ({facts['range']})" if facts["range"] != facts["shown"] else ""
    working = f"{facts['working']} = " if facts.get("working") else ""
    return f"{working}{facts['shown']}{between}"
