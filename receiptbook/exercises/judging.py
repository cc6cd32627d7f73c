"""Judging an answer: the outcome, what is said to it, and the explanation that it has earned."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from receiptbook.exercises.questions import answer_words, unit_words
from receiptbook.exercises.rows import Exercise, exercise
from receiptbook.markdown import words
from receiptbook.numbers import UNITS, Quantity, QuantityError, precise_enough, read, rounds
from receiptbook.receipts.facts import Receipt
from receiptbook.tables.expression import ExpressionError, evaluate

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
    "near": "Within the range, but give the value that follows from the printed figures.",
    "wide": "It holds the answer, but rounding leaves less than that.",
    "narrow": "It holds the answer, but rounding leaves more than that.",
    "high": "Too high.",
    "low": "Too low.",
    "ends": "Give both ends of the range, such as 12.1 to 12.9.",
    "unread": "Write a number such as 12.5, or a range such as 12.1 to 12.9.",
    "choose": "Choose one.",
}
_FACTORS = {
    "ratio": (100.0, 0.01),
    "points": (100.0, 0.01),
    "amount": (1e2, 1e-2, 1e3, 1e-3, 1e4, 1e-4, 1e6, 1e-6, 1e8, 1e-8, 1e9, 1e-9),
}
# What is rewritten before an answer is read, in order; questions.js does the same.
TIDY = (
    (r"^.*=\s*", ""),
    (r"[\s.。!,;:]+$", ""),
    (r"^(?:between|from)\s+", ""),
    (r"^minus\s+", "-"),
    (r"^[≈≃]\s*", "about "),
    (r"(?<![a-z])pts(?![a-z])", "points"),
    (r"%\s*(?=points?(?![a-z]))", "percentage "),
    (r"(?<![a-z])mio(?![a-z])", "million"),
    (r"(\d+)[亿億](\d{4})[万萬]", "$1$2万"),
)
BETWEEN = r"\s+(?:to|and|until)\s+|\s*(?:–|—|至|到|…|\.\.+)\s*(?=\d)|(?<=[\d%])\s*-\s*(?=\d)"
SUM = r"[\d\s.,()+*/×÷−–-]*[\d)]\s*[+*/×÷−–-]\s*[\d(.][\d\s.,()+*/×÷−–-]*"
POWER = r"(?<![\d.,])\d{1,2}(?:\.\d+)?e\+?\d(?!\w)"  # "1.068e2", as calculators write
ENOUGH = 100  # to how small a part of the answer a whole number that ends in zeros may be rounded
LONGEST = 200  # characters of an answer
LAST_WORD = r"\s+[^\W\d_][^\s\d]*$"  # "percent *increase*", "weekly *users*"


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
    words = said(facts, outcome)
    outcome = outcome.partition(" ")[0]
    if outcome in ("right", "open"):
        return Checked(id, outcome, words, answer_words(facts))
    hint = facts["hint"] if outcome not in ("unread", "ends", "choose") else None
    return Checked(id, outcome, words, f"Hint: {hint}" if hint else "")


def said(facts: Mapping, outcome: str) -> str:
    """The sentence for an outcome; "slip 0" is the first of the slips that are expected."""
    name, _, number = outcome.partition(" ")
    return (
        facts["slips"][int(number)]["says"]
        if number
        else FEEDBACK[name].format(unit=unit_words(facts))
    )


def _judge_choice(facts: Mapping, answer) -> str:
    plain = [words(choice).casefold() for choice in facts["choices"]]
    if isinstance(answer, int) and not isinstance(answer, bool):
        chosen = answer - 1
    else:
        text = str(answer).strip().rstrip(".)").casefold()
        if re.fullmatch(r"[a-z1-9]", text):
            return _judge_choice(facts, int(text) if text.isdigit() else ord(text) - ord("a") + 1)
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
        if facts.get("asks") == "range":
            ends = answer.interval.lower, answer.interval.upper
            return judge_range(facts, *((float(end / worth), 0.0) for end in ends))
        step = answer.reading.step if answer.reading else 0
        return judge(facts, float(answer.value / worth), float(step / worth))
    if isinstance(answer, str):
        return judge_words(facts, answer)
    try:
        x = float(answer)
    except (TypeError, ValueError):
        return "unread"
    known = math.isfinite(x)
    return _one_of_two(facts, judge(facts, x, _last_digit(x)) if known else "unread")


def judge_words(facts: Mapping, text: str) -> str:
    """The outcome of an answer as it was typed: a number, a sum or a range, with or without unit.

    questions.js judges in the same way.
    """
    text = text.strip()
    if len(text) > LONGEST:
        return "unread"
    for form, new in TIDY:
        text = re.sub(form, re.sub(r"\$(\d)", r"\\\1", new), text, flags=re.I)
    text = re.sub(POWER, lambda found: f"{float(found[0]):.12g}", text, flags=re.I)
    ends = _ends(facts, text)
    if ends and ends[0][1] <= ends[1][1] and {kind for kind, _, _ in ends} == {"own"}:
        return judge_range(facts, *(end[1:] for end in ends))
    return _one_of_two(facts, _judge_number(facts, text))


def _one_of_two(facts: Mapping, outcome: str) -> str:
    """The outcome of a single number; where a range is asked for, both ends are."""
    known = outcome == "unread" or outcome.startswith("slip")
    return "ends" if facts.get("asks") == "range" and not known else outcome


def _judge_number(facts: Mapping, text: str) -> str:
    if re.fullmatch(SUM, text):
        result = _worked_out(text)
        return "unread" if result is None else judge(facts, result, 0.0)
    kind, x, step = _taken(facts, text)
    if kind == "unread":
        return kind
    return judge(facts, x, step) if kind == "own" else _other_kind(facts, x, step)


def _ends(facts: Mapping, text: str) -> list[tuple[str, float, float]]:
    """Both ends of a range as `_taken` reads them, or none; "106 to 107%" is percent twice."""
    parts = re.split(BETWEEN, text)
    if len(parts) != 2 or re.search(r"[+*/×÷(]", text):
        return []
    if re.fullmatch(r"[-−–+\d.,\s]+", parts[0]):
        parts[0] += " " + re.sub(r"^[-−–+\d.,\s]+", "", parts[1])
    ends = [_taken(facts, part.strip()) for part in parts]
    return ends if all(kind != "unread" for kind, _, _ in ends) else []


def _worked_out(text: str) -> float | None:
    """The result of a sum such as "515/249-1"; None where it is none."""
    text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text).replace(",", ".")
    text = text.replace("×", "*").replace("÷", "/").replace("−", "-").replace("–", "-")
    try:
        return float(evaluate(re.sub(r"([-+*/()])", r" \1 ", text), Fraction))
    except (ExpressionError, ValueError, ZeroDivisionError, OverflowError):
        return None


def _taken(facts: Mapping, text: str) -> tuple[str, float, float]:
    """What one number says: "own" or "other" for its kind of unit, the number, its last digit.

    Words that are not understood are left out, the last first.
    """
    try:
        reading = read(text)
    except QuantityError:
        shorter = re.sub(LAST_WORD, "", text)
        return _taken(facts, shorter) if shorter != text else ("unread", 0.0, 0.0)
    x, step, worth = reading.value, reading.step, Fraction(facts["worth"]).limit_denominator(10**6)
    if reading.qualifier and not reading.interval.bounded:
        return ("unread", 0.0, 0.0)
    if reading.unit is None:
        scaled = reading.scale != 1 or (abs(x) >= 1000 and not re.search(r"\d", text))
        noun = scaled or re.search(r"\d[^\d]*[^\W\d_]", text)
        if facts["measures"] != "amount" and noun:  # "353 million", "8 persons"
            return "other", float(x), float(step)
        per = worth if scaled else 1
        return "own", float(x / per), float(step / per)
    if UNITS[reading.unit].kind == facts["measures"]:
        return "own", float(x / worth), float(step / worth)
    own = UNITS[reading.unit].scale
    return "other", float(x / own), float(step / own)


def _last_digit(x: float) -> float:
    """One unit of the last digit that Python prints of a float; 142.0 counts as 142."""
    digits = repr(x)
    if "e" in digits or not re.fullmatch(r"-?\d+\.\d+", digits):
        return 0.0
    decimals = digits.partition(".")[2]
    return 1.0 if decimals == "0" else 10.0 ** -len(decimals)


def _other_kind(facts: Mapping, x: float, step: float) -> str:
    """The outcome for a number given in another kind of unit than the one asked for."""
    outcome = judge(facts, x, step)
    if outcome.startswith("slip"):
        return outcome
    return "unit" if outcome in ("right", "coarse", "unit") else "kind"


def judge(facts: Mapping, x: float, step: float) -> str:
    """The outcome of a number in the unit asked for, typed with `step` as its last digit.

    Right is a number inside the accepted range, and one that rounds to a number inside it. The last
    digit must then be worth no more than a fifth of the answer: "1 billion" says nothing about 602
    million. Zeros at the end of a whole number may be such a rounding; if they leave out more than
    a hundredth of the answer, one more digit is asked for.
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
        return "right" if tens <= abs(value) / ENOUGH else "coarse"
    if facts["growth"]:
        whole = 100.0 if facts["unit"] == "percent" else 1.0
        if fits(x - whole, step) or fits(x * whole - whole, step * whole):
            return "growth"
    slips = enumerate(facts.get("slips", ()))
    known = next((n for n, slip in slips if _near(x, step, slip["value"], facts)), None)
    if known is not None:
        return f"slip {known}"
    if any(fits(x * factor, step * factor) for factor in _FACTORS[facts["measures"]]):
        return "unit"
    if facts.get("least", lower) - slack <= x <= facts.get("most", upper) + slack:
        return "near"
    return "high" if x > value else "low"


def _near(x: float, step: float, value: float, facts: Mapping) -> bool:
    """Whether a number is an expected slip: as near as its last digit, or as the answer's range."""
    spread = (facts["upper"] - facts["lower"]) / 2 * abs(value / (facts["value"] or 1.0))
    return step <= abs(value) / 5 and abs(x - value) <= max(step / 2, spread) + abs(value) * 1e-9


def judge_range(facts: Mapping, low: tuple[float, float], high: tuple[float, float]) -> str:
    """The outcome of a range, each end with the worth of its last digit.

    Right is the range that rounding leaves, each end rounded at its last digit, to the nearest or
    outwards. That digit must not be worth more than the whole range.
    """
    value = facts["value"]
    least, most = facts.get("least", facts["lower"]), facts.get("most", facts["upper"])
    slack = abs(value) * 1e-9

    def fits(factor: float) -> bool:
        (x, inner), (y, outer) = ((end * factor, step * factor) for end, step in (low, high))
        return (
            max(inner, outer) <= most - least + slack
            and -inner <= x - least + slack and x - least <= inner / 2 + slack
            and -outer / 2 <= y - most + slack and y - most <= outer + slack
        )  # fmt: skip

    if fits(1.0):
        return "right"
    if any(map(fits, _FACTORS[facts["measures"]])):
        return "unit"
    if high[0] < value - slack:
        return "low"
    if low[0] > value + slack:
        return "high"
    return "wide" if low[0] < least - slack or high[0] > most + slack else "narrow"


def _rounded_to(x: float) -> float:
    """What the last digit other than 0 of a whole number is worth: 100.0 for 7100.0; else 0.0."""
    zeros = re.fullmatch(r"-?\d*[1-9](0+)", f"{x:.0f}") if x.is_integer() else None
    return 10.0 ** len(zeros[1]) if zeros else 0.0
