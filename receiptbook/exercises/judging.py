"""Judging an answer: the outcome, what is said to it, and the explanation that it has earned."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from receiptbook.exercises.questions import answer_words
from receiptbook.exercises.rows import Exercise, exercise
from receiptbook.markdown import words
from receiptbook.numbers import UNITS, Quantity, QuantityError, precise_enough, read, rounds
from receiptbook.receipts.facts import Receipt

# What is said to an answer, by outcome; questions.js on the page says the same.
FEEDBACK = {
    "open": "Compare your answer with this one.",
    "right": "Right.",
    "wrong": "Not this one.",
    "coarse": "Right as far as it goes; give one more digit.",
    "sign": "The right size with the wrong sign.",
    "unit": "The right number in another unit; the question asks for {unit}.",
    "kind": "A number in another unit; the question asks for {unit}.",
    "growth": "That is the whole ratio; growth is what is left of it when one is taken away.",
    "high": "Too high.",
    "low": "Too low.",
    "unread": "Write one number.",
    "choose": "Choose one.",
}
_FACTORS = {
    "ratio": (100.0, 0.01),
    "points": (100.0, 0.01),
    "amount": (1e2, 1e-2, 1e3, 1e-3, 1e4, 1e-4, 1e6, 1e-6, 1e8, 1e-8, 1e9, 1e-9),
}


@dataclass(frozen=True)
class Checked:
    """What became of an answer. `outcome` is a key of FEEDBACK, or "none" before there is one."""

    id: str
    outcome: str
    words: str
    explain: str = ""

    @property
    def right(self) -> bool:
        return self.outcome == "right"

    def __repr__(self) -> str:
        text = f"{self.id}: {self.words}"
        return f"{text}\n{words(self.explain)}" if self.explain else text

    def _repr_mimebundle_(self, include=None, exclude=None):
        bundle = {"text/plain": repr(self)}
        if self.explain:
            bundle["text/markdown"] = f"**{self.words}**\n\n{self.explain}"
        return bundle


def check(id: str, answer=None) -> Checked:
    """Judge an answer: a number in the unit asked for, words such as "141.8%", or a quantity.

    For a multiple choice, give the words of the choice or its place in the list, counted from one.
    Without an answer the result says so, which is what a chapter stores.

    >>> print(check("headline-first-half").words)
    not answered yet
    """
    facts = exercise(id).to_json()
    if answer is None:
        return Checked(id, "none", "not answered yet")
    if facts["form"] == "open":
        outcome = "open"
    elif facts["form"] == "choice":
        outcome = _judge_choice(facts, answer)
    else:
        outcome = _judge_answer(exercise(id), facts, answer)
    if outcome == "unread" and facts["form"] == "choice":
        outcome = "choose"
    words = FEEDBACK[outcome].format(unit=facts["unit"])
    if outcome in ("right", "open"):
        return Checked(id, outcome, words, answer_words(facts))
    hint = facts["hint"] if outcome not in ("unread", "choose") else None
    return Checked(id, outcome, words, f"Hint: {hint}" if hint else "")


def _judge_choice(facts: Mapping, answer) -> str:
    plain = [words(choice).casefold() for choice in facts["choices"]]
    if isinstance(answer, int) and not isinstance(answer, bool):
        chosen = answer - 1
    else:
        text = str(answer).strip().casefold()
        fits = [i for i, choice in enumerate(plain) if text and choice.startswith(text)]
        chosen = fits[0] if len(fits) == 1 else -1
    if not 0 <= chosen < len(plain):
        return "unread"
    return "right" if chosen == facts["right"] else "wrong"


def _judge_answer(row: Exercise, facts: Mapping, answer) -> str:
    asked, scale = row.unit_asked
    worth = asked.scale * scale
    if isinstance(answer, Receipt):
        answer = answer.quantity
    if isinstance(answer, Quantity):
        if (answer.unit.kind, answer.unit.things) != (asked.kind, asked.things):
            return _other_kind(facts, float(answer.value / answer.unit.scale), 0.0)
        step = answer.reading.step if answer.reading else 0
        return judge(facts, float(answer.value / worth), float(step / worth))
    if isinstance(answer, str):
        try:
            reading = read(_without(nouns(facts), answer))
        except QuantityError:
            return "unread"
        if reading.qualifier and not reading.interval.bounded:
            return "unread"
        x, step = reading.value, reading.step
        if reading.unit is None:
            if asked.kind != "amount" and reading.pieces[2].strip():  # "353 million", "8 persons"
                return _other_kind(facts, float(x), float(step))
            shift = Fraction(scale) * asked.scale if reading.scale == 1 else Fraction(1)
            x, step = x * shift, step * shift
        elif UNITS[reading.unit].kind != asked.kind:
            own = UNITS[reading.unit].scale
            return _other_kind(facts, float(x / own), float(step / own))
        return judge(facts, float(x / worth), float(step / worth))
    try:
        x = float(answer)
    except (TypeError, ValueError):
        return "unread"
    return judge(facts, x, _last_digit(x)) if math.isfinite(x) else "unread"


def nouns(facts: Mapping) -> list[str]:
    """How an answer may name the things asked for, longest first: "uses per day", "uses", "use"."""
    if facts["measures"] != "amount":
        return []
    unit = re.sub("^(thousand|million|billion) ", "", facts["unit"]).lower()
    first, per, rest = unit.partition(" per ")
    one_of = first.removesuffix("s")
    return [unit, f"{one_of}{per}{rest}", first, one_of]


def _without(words: Iterable[str], text: str) -> str:
    """The text less the first of some words that it ends in."""
    text = text.strip()
    ends = (len(word) for word in words if re.search(rf"(?<![a-z]){re.escape(word)}$", text, re.I))
    return text[: len(text) - next(ends, 0)]


def _last_digit(x: float) -> float:
    """One unit of the last digit that Python prints of a float; 142.0 counts as 142."""
    digits = repr(x)
    if "e" in digits or not re.fullmatch(r"-?\d+\.\d+", digits):
        return 0.0
    decimals = digits.partition(".")[2]
    return 1.0 if decimals == "0" else 10.0 ** -len(decimals)


def _other_kind(facts: Mapping, x: float, step: float) -> str:
    """The outcome for a number given in another kind of unit than the one asked for."""
    return "unit" if judge(facts, x, step) in ("right", "coarse", "unit") else "kind"


def judge(facts: Mapping, x: float, step: float) -> str:
    """The outcome of a number in the unit asked for, typed with `step` as its last digit.

    Right is a number inside the accepted range, and one that rounds to a number inside it. The last
    digit must then be worth no more than a fifth of the answer: "1 billion" says nothing about 602
    million. Zeros at the end of a whole number may be such a rounding; then one more digit is
    asked for.
    questions.js judges in the same way.
    """
    value, lower, upper = facts["value"], facts["lower"], facts["upper"]
    slack = abs(value) * 1e-9

    def fits(x: float, step: float) -> bool:
        return precise_enough(x, step, value, lower, upper, slack)

    if fits(x, step):
        return "right"
    if rounds(x, step, lower, upper, slack):
        return "coarse"
    if fits(-x, step):
        return "sign"
    if (tens := _rounded_to(x)) > step and fits(x, tens):
        return "coarse"
    if facts["growth"]:
        whole = 100.0 if facts["unit"] == "percent" else 1.0
        if fits(x - whole, step) or fits(x * whole - whole, step * whole):
            return "growth"
    if any(fits(x * factor, step * factor) for factor in _FACTORS[facts["measures"]]):
        return "unit"
    return "high" if x > value else "low"


def _rounded_to(x: float) -> float:
    """What the last digit other than 0 of a whole number is worth: 100.0 for 7100.0; else 0.0."""
    zeros = re.fullmatch(r"-?\d*[1-9](0+)", f"{x:.0f}") if x.is_integer() else None
    return 10.0 ** len(zeros[1]) if zeros else 0.0
