"""Questions and exercises: a table for each chapter, answers computed from the data, feedback.

`chapters/exercises/<chapter>.csv` holds the prompts. An answer is never typed: it is a figure's id,
a receipt's id, or arithmetic on ids such as ``genai-users-2025-06 / genai-users-2024-12 - 1``, so
it carries a range like every other number, and an answer anywhere in that range is right, unless
the range is so wide (`NARROW`) that it would let wrong arithmetic pass.

In a chapter, `question("growth-half")` shows a question and `check("growth-half", answer)` looks at
an answer; `what_if` changes published figures and lists the verdicts that turn.
"""

from __future__ import annotations

import ast
import contextlib
import contextvars
import csv
import hashlib
import html
import io
import math
import os
import random
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from pathlib import Path

from receiptbook.book import Book
from receiptbook.book.notebooks import code_of, read_notebook
from receiptbook.book.outputs import QUESTION
from receiptbook.numbers import (
    UNITS,
    Interval,
    Quantity,
    QuantityError,
    Unit,
    computed,
    published,
    read,
    round_half_up,
    scale_word,
    show,
    unit,
)
from receiptbook.receipts import claims
from receiptbook.receipts.facts import DISPLAYED, Receipt
from receiptbook.tables import DataError, Problem, data, near, read_table
from receiptbook.tables.expression import PLAIN_NUMBER, ExpressionError, evaluate

FIELDS = ("id", "kind", "level", "prompt", "unit", "answer", "choices", "explain", "hint")
PARTING = " | "
NARROW = Fraction(1, 5)  # of the answer: how coarse a range, or a typed digit, may be
_SCHEMA = {
    "primaryKey": "id",
    "fields": [
        {"name": "id", "type": "string",
         "constraints": {"required": True, "pattern": "[a-z0-9]+(-[a-z0-9]+)*"}},
        {"name": "kind", "type": "string",
         "constraints": {"required": True, "enum": ["question", "exercise", "lab"]}},
        {"name": "level", "type": "integer",
         "constraints": {"required": True, "minimum": 1, "maximum": 3}},
        {"name": "prompt", "type": "string", "constraints": {"required": True}},
        {"name": "unit", "type": "string"},
        {"name": "answer", "type": "string"},
        {"name": "choices", "type": "string"},
        {"name": "explain", "type": "string", "constraints": {"required": True}},
        {"name": "hint", "type": "string"},
    ],
}  # fmt: skip


# ------------------------------------------------------------------------- the answer's expression


class AnswerError(ValueError):
    """The answer of an exercise cannot be worked out; the message says why and what to do."""


_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+|[a-z][a-z0-9]*")


def is_id(token: str) -> bool:
    """Does a token of an expression name a figure or a receipt?"""
    return bool(_ID.fullmatch(token)) and not PLAIN_NUMBER.fullmatch(token)


def work_out(expression: str, look_up) -> Quantity:
    """The quantity that an arithmetic expression of ids and plain numbers stands for.

    `look_up` turns an id into a quantity and raises KeyError for one that it does not know.

    Raises
    ------
    AnswerError
        if the expression cannot be read, holds an unknown id, or mixes units

    >>> figures = {"after": published("602 million", "persons"),
    ...            "before": published("249 million", "persons")}
    >>> work_out("after / before - 1", figures.__getitem__).to("percent").range_text
    '141.1% to 142.3%'
    """

    def operand(token: str):
        if PLAIN_NUMBER.fullmatch(token):
            return Fraction(token)
        if not is_id(token):
            raise AnswerError(
                f"{token!r} is neither an id nor a number; put blanks around operators"
            )
        try:
            return look_up(token)
        except KeyError as error:
            raise AnswerError(str(error.args[0])) from None

    try:
        result = evaluate(expression, operand)
        if isinstance(result, Quantity):
            _ = result.value, result.interval  # a division by zero shows here
    except ExpressionError as error:
        raise AnswerError(error.reason) from None
    except (QuantityError, ZeroDivisionError, TypeError) as error:
        raise AnswerError(str(error)) from None
    if not isinstance(result, Quantity):
        raise AnswerError("there is no figure in it, so its answer would be a typed number")
    return result


def _live_receipts() -> dict[str, Receipt]:
    """Receipts that this kernel has shown, by id: a chapter may ask about its own."""
    with contextlib.suppress(ImportError):
        from IPython import get_ipython

        if get_ipython():
            return {id: one for id, one in DISPLAYED.items() if one.quantity}
    return {}


@lru_cache(maxsize=1)
def _stored_receipts(folder: Path) -> dict[str, dict]:
    found: dict[str, dict] = {}
    for path in sorted(folder.glob("*.ipynb")):  # one by one: the ledger minds ids used twice
        found = {**claims.collect([path]), **found}
    return found


def _figure_or_receipt(id: str, folder: Path) -> Quantity:
    tables = data.load()
    if id in tables:
        return tables[id]
    if (live := _live_receipts().get(id)) is not None:
        return live.quantity
    stored = _stored_receipts(folder)
    if id not in stored:
        close = near(id, [*tables.ids, *stored])
        raise KeyError(f"no figure or receipt {id!r}{close}")
    one = stored[id]
    if one["value"] is None or one["lower"] is None or one["upper"] is None:
        raise KeyError(f"the receipt {id!r} holds no number with a range")
    ends = (Fraction(repr(one[key])) for key in ("value", "lower", "upper"))
    value, lower, upper = ends
    return computed(value, one["unit"], (), one["formula"] or id, lower=lower, upper=upper)


# -------------------------------------------------------------------------------------- the tables


@dataclass(frozen=True)
class Exercise:
    """One row of an exercise table. `choices` holds the right one first, as in the table."""

    id: str
    kind: str
    level: int
    prompt: str
    unit: str
    answer: str
    choices: tuple[str, ...]
    explain: str
    hint: str
    chapter: str
    folder: Path

    @property
    def shuffled(self) -> tuple[str, ...]:
        """The choices in the order they are shown, which depends on the id only."""
        order = list(self.choices)
        seed = int.from_bytes(hashlib.sha256(self.id.encode()).digest()[:8], "big")
        random.Random(seed).shuffle(order)
        return tuple(order)

    @cached_property
    def quantity(self) -> Quantity | None:
        """The computed answer in its unit, or None where the question asks for none."""
        if not self.answer:
            return None
        asked, _ = self.asked
        found = work_out(self.answer, lambda id: _figure_or_receipt(id, self.folder))
        try:
            return found.to(asked)
        except QuantityError as error:
            raise AnswerError(str(error)) from None

    @property
    def accepted(self) -> Interval:
        """The numbers that are right, in base units: the answer's range where that is narrow.

        A range that starts at nought because a figure is a lower bound, or that spans a fifth of
        the answer, would pass wrong arithmetic: there, right is what rounds to the shown answer.
        """
        q = self.quantity
        if q.interval.bounded and q.interval.width <= abs(q.value) * NARROW:
            return q.interval
        scale, _ = scale_word(abs(q.value), q.unit)
        shown, half = round_half_up(q.value / scale, q.decimals), Fraction(1, 2 * 10**q.decimals)
        return Interval(shown - half, shown + half).scaled(Fraction(scale))

    @property
    def asked(self) -> tuple[Unit, int]:
        """The unit asked for and what one of it is worth: "million persons" is (persons, 10**6)."""
        word, _, rest = self.unit.partition(" ")
        scale = {"thousand": 10**3, "million": 10**6, "billion": 10**9}.get(word)
        return (unit(rest), scale) if scale and rest in UNITS else (unit(self.unit), 1)

    @property
    def form(self) -> str:
        """How it is answered: "choice", "number" or "open"."""
        return "choice" if self.choices else "number" if self.answer else "open"

    def to_json(self) -> dict:
        """What the page and the kernel need in order to ask, judge and explain."""
        plain = {
            "id": self.id, "kind": self.kind, "level": self.level, "form": self.form,
            "chapter": self.chapter, "prompt": self.prompt, "choices": list(self.shuffled),
            "right": self.shuffled.index(self.choices[0]) if self.choices else None,
            "explain": self.explain, "hint": self.hint or None, "unit": self.unit or None,
        }  # fmt: skip
        if (q := self.quantity) is not None:
            scale = q.unit.scale * self.asked[1]
            plain |= {
                "value": float(q.value / scale),
                "lower": float(self.accepted.lower / scale),
                "upper": float(self.accepted.upper / scale),
                "worth": float(scale),
                "measures": q.unit.kind,
                "growth": bool(re.search(r" - 1\s*$", self.answer)),
                "shown": q.show() if not q.is_input else show(q.value, q.unit, q.decimals),
                "range": q.range_text,
                "formula": q.formula if not q.is_input else None,
            }
        return plain


@lru_cache(maxsize=4)
def load(folder: Path | None = None) -> dict[str, Exercise]:
    """All exercises by id, in the order of the tables.

    Raises
    ------
    DataError
        naming file, row, column, what was found, what was expected and what to do
    """
    folder = folder or Book.here().chapters
    problems: list[Problem] = []
    found: dict[str, Exercise] = {}
    for path in sorted((folder / "exercises").glob("*.csv")):
        file = f"exercises/{path.name}"
        rows = read_table(folder, {"path": file, "schema": _SCHEMA}, problems)
        for number, row in enumerate(rows, 2):
            if not row:
                continue
            if row["id"] in found and found[row["id"]].chapter != path.stem:
                problems.append(
                    Problem(file, number, "id", repr(row["id"]), "an id used once in the book",
                            f"It already stands in {found[row['id']].chapter}.csv; rename one.")
                )  # fmt: skip
                continue
            cells = [choice.strip() for choice in row["choices"].split(PARTING.strip())]
            choices = tuple(cells) if row["choices"] else ()
            _check_row(file, number, row, choices, problems)
            level = int(row["level"]) if row["level"].isdigit() else 0
            found[row["id"]] = Exercise(
                **{**row, "level": level, "choices": choices}, chapter=path.stem, folder=folder
            )
    if problems:
        raise DataError(problems)
    return found


def _check_row(file, number, row, choices, problems) -> None:
    def fault(column, found, expected, remedy) -> None:
        problems.append(Problem(file, number, column, found, expected, remedy))

    if choices and (len(choices) < 2 or len(set(choices)) < len(choices) or "" in choices):
        fault("choices", repr(row["choices"]), "at least two different choices parted by ' | '",
              "The right one comes first; they are shuffled for the reader.")  # fmt: skip
    if row["kind"] != "lab" and not choices and not row["answer"]:
        fault("answer", "nothing", "an expression of figures' ids, or choices",
              "Only a lab may be open; give it an answer or choices.")  # fmt: skip
    if row["answer"] and not row["unit"]:
        fault("unit", "nothing", "the unit that the answer is asked in",
              "Write percent, percentage points, times, million persons, ...")  # fmt: skip


def faults(folder: Path | None = None) -> list[Problem]:
    """Answers that cannot be worked out from the data as it stands; none is what is expected."""
    problems = []
    for id, exercise in load(folder).items():
        rows = [one.id for one in load(folder).values() if one.chapter == exercise.chapter]
        place = (f"exercises/{exercise.chapter}.csv", rows.index(id) + 2)
        try:
            q = exercise.quantity
        except AnswerError as error:
            problems.append(
                Problem(
                    *place, "answer", repr(exercise.answer), "arithmetic on figures", f"{error}."
                )
            )
            continue
        except QuantityError as error:
            problems.append(
                Problem(*place, "unit", repr(exercise.unit), "a known unit", f"{error}.")
            )
            continue
        if q is not None and not q.interval.bounded:
            problems.append(
                Problem(*place, "answer", f"{q.range_text}", "a range with two ends",
                        "A figure such as 'more than 254,000' accepts any larger answer; ask for "
                        "something else.")
            )  # fmt: skip
    return problems


def exercise(id: str, folder: Path | None = None) -> Exercise:
    """The exercise of that id; KeyError names similar ones."""
    known = load(folder)
    if id not in known:
        raise KeyError(f"no exercise {id!r} in chapters/exercises{near(id, known)}")
    return known[id]


# ------------------------------------------------------------------------------ showing a question

KIND = {"question": "Question", "exercise": "Exercise", "lab": "Lab"}


@dataclass(frozen=True)
class Question:
    """A question as a notebook output: data for the page, and readable where no script runs."""

    payload: dict

    def __repr__(self) -> str:
        one = self.payload
        lines = [f"{KIND[one['kind']]} (level {one['level']}): {_plain(one['prompt'])}"]
        lines += [f"  ( ) {_plain(choice)}" for choice in one["choices"]]
        return "\n".join(lines)

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {
            QUESTION: self.payload,
            "text/html": as_html(self.payload),
            "text/plain": repr(self),
        }


def question(id: str) -> Question:
    """Show a question, exercise or lab, its answer folded away; `check` judges yours."""
    return Question(exercise(id).to_json())


def as_html(one: Mapping) -> str:
    """The question with its answer folded away: no script, no style."""
    text = f"<p><b>{KIND[one['kind']]}</b> (level {one['level']})</p>{_markdown(one['prompt'])}"
    if one["choices"]:
        text += "<ul>" + "".join(f"<li>{_inline(c)}</li>" for c in one["choices"]) + "</ul>"
    if one["hint"]:
        text += f"<details><summary>Hint</summary>{_markdown(one['hint'])}</details>"
    return f"{text}<details><summary>Answer</summary>{_markdown(answer_words(one))}</details>"


def answer_words(one: Mapping) -> str:
    """The answer and its explanation, in Markdown."""
    parts = []
    if one["choices"]:
        parts.append(f"**{one['choices'][one['right']]}**")
    if one.get("shown"):
        parts.append(f"Computed: **{escaped(computed_words(one))}**")
    return "\n\n".join([*parts, one["explain"]])


def computed_words(one: Mapping) -> str:
    """The computed value with the range that rounding leaves."""
    between = f" ({one['range']})" if one["range"] != one["shown"] else ""
    formula = f"{one['formula']} = " if one["formula"] else ""
    return f"{formula}{one['shown']}{between}"


def escaped(text: str) -> str:
    """Plain text as Markdown that says the same, also where dollars mean mathematics."""
    return re.sub(r"([\\`*_\[\]$<>])", r"\\\1", text)


@lru_cache(maxsize=1)
def _renderer():
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table")


def _markdown(text: str) -> str:
    return _renderer().render(text).strip()


def _inline(text: str) -> str:
    return _renderer().renderInline(text)


def _plain(text: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", _inline(text))).replace("\n", " ")


# --------------------------------------------------------------------------------- judging answers

# The page's questions.js holds the same words; a test in a browser compares them.
WORDS = {
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
    """What became of an answer. `outcome` is a key of WORDS, or "none" before there is one."""

    id: str
    outcome: str
    words: str
    explain: str = ""

    @property
    def right(self) -> bool:
        return self.outcome == "right"

    def __repr__(self) -> str:
        text = f"{self.id}: {self.words}"
        return f"{text}\n{_plain(self.explain)}" if self.explain else text

    def _repr_mimebundle_(self, include=None, exclude=None):
        bundle = {"text/plain": repr(self)}
        if self.explain:
            bundle["text/markdown"] = f"**{self.words}**\n\n{self.explain}"
        return bundle


def check(id: str, answer=None) -> Checked:
    """Judge an answer: a number in the unit asked for, words such as "141.8%", or a quantity.

    For a multiple choice, give the words of the choice or its place in the list, counted from one.
    Without an answer the result says so, which is what a chapter stores.
    """
    one = exercise(id).to_json()
    if answer is None:
        return Checked(id, "none", "not answered yet")
    if one["form"] == "open":
        outcome = "open"
    elif one["form"] == "choice":
        outcome = _judge_choice(one, answer)
    else:
        outcome = _judge_answer(exercise(id), one, answer)
    if outcome == "unread" and one["form"] == "choice":
        outcome = "choose"
    words = WORDS[outcome].format(unit=one["unit"])
    if outcome in ("right", "open"):
        return Checked(id, outcome, words, answer_words(one))
    hint = one["hint"] if outcome not in ("unread", "choose") else None
    return Checked(id, outcome, words, f"Hint: {hint}" if hint else "")


def _judge_choice(one: Mapping, answer) -> str:
    plain = [_plain(choice).casefold() for choice in one["choices"]]
    if isinstance(answer, int) and not isinstance(answer, bool):
        chosen = answer - 1
    else:
        text = str(answer).strip().casefold()
        fits = [i for i, choice in enumerate(plain) if text and choice.startswith(text)]
        chosen = fits[0] if len(fits) == 1 else -1
    if not 0 <= chosen < len(plain):
        return "unread"
    return "right" if chosen == one["right"] else "wrong"


def _judge_answer(row: Exercise, one: Mapping, answer) -> str:
    asked, scale = row.asked
    worth = asked.scale * scale
    if isinstance(answer, Receipt):
        answer = answer.quantity
    if isinstance(answer, Quantity):
        if (answer.unit.kind, answer.unit.things) != (asked.kind, asked.things):
            return _other_kind(one, float(answer.value / answer.unit.scale), 0.0)
        step = answer.reading.step if answer.reading else 0
        return judge(one, float(answer.value / worth), float(step / worth))
    if isinstance(answer, str):
        try:
            reading = read(_without(nouns(one), answer))
        except QuantityError:
            return "unread"
        if reading.qualifier and not reading.interval.bounded:
            return "unread"
        x, step = reading.value, reading.step
        if reading.unit is None:
            if asked.kind != "amount" and reading.pieces[2].strip():  # "353 million", "8 persons"
                return _other_kind(one, float(x), float(step))
            shift = Fraction(scale) * asked.scale if reading.scale == 1 else Fraction(1)
            x, step = x * shift, step * shift
        elif UNITS[reading.unit].kind != asked.kind:
            own = UNITS[reading.unit].scale
            return _other_kind(one, float(x / own), float(step / own))
        return judge(one, float(x / worth), float(step / worth))
    try:
        x = float(answer)
    except (TypeError, ValueError):
        return "unread"
    return judge(one, x, _last_digit(x)) if math.isfinite(x) else "unread"


def nouns(one: Mapping) -> list[str]:
    """How an answer may name the things asked for, longest first: "uses per day", "uses", "use"."""
    if one["measures"] != "amount":
        return []
    unit = re.sub("^(thousand|million|billion) ", "", one["unit"]).lower()
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


def _other_kind(one: Mapping, x: float, step: float) -> str:
    """The outcome for a number given in another kind of unit than the one asked for."""
    return "unit" if judge(one, x, step) in ("right", "coarse", "unit") else "kind"


def judge(one: Mapping, x: float, step: float) -> str:
    """The outcome of a number in the unit asked for, typed with `step` as its last digit.

    Right is a number inside the accepted range, and one that rounds to a number inside it. The last
    digit must then be worth no more than a fifth of the answer: "1 billion" says nothing about 602
    million. Noughts at the end of a whole number may be such a rounding, which is asked about.
    questions.js judges in the same way.
    """
    value, lower, upper = one["value"], one["lower"], one["upper"]
    slack = abs(value) * 1e-9

    def inside(x: float) -> bool:
        return lower - slack <= x <= upper + slack

    def rounds(x: float, step: float) -> bool:
        return x - step / 2 <= upper + slack and x + step / 2 >= lower - slack

    def fits(x: float, step: float) -> bool:
        return inside(x) or (rounds(x, step) and step <= abs(value) * float(NARROW))

    if fits(x, step):
        return "right"
    if rounds(x, step):
        return "coarse"
    if fits(-x, step):
        return "sign"
    if (tens := _noughts(x)) > step and fits(x, tens):
        return "coarse"
    if one["growth"]:
        whole = 100.0 if one["unit"] == "percent" else 1.0
        if fits(x - whole, step) or fits(x * whole - whole, step * whole):
            return "growth"
    if any(fits(x * factor, step * factor) for factor in _FACTORS[one["measures"]]):
        return "unit"
    return "high" if x > value else "low"


def _noughts(x: float) -> float:
    """What the last digit but noughts of a whole number is worth: 100 for 7100; else nought."""
    found = re.fullmatch(r"-?\d*[1-9](0+)", f"{x:.0f}") if x.is_integer() else None
    return 10.0 ** len(found[1]) if found else 0.0


# ----------------------------------------------------------------------------------------- what if

_running = contextvars.ContextVar("running", default=False)
_SHOWS = {"receipt", "ruling", "quoted"}  # calls whose result may be a receipt
_SKIPPED = {"what_if", "question", "check"}


@dataclass(frozen=True)
class Turn:
    """One receipt before and after a change. `after` is None where it could not be written."""

    id: str
    statement: str
    before: Receipt
    after: Receipt | None
    because: str = ""

    @property
    def turned(self) -> bool:
        return self.after is None or self.after.verdict != self.before.verdict

    @property
    def cells(self) -> tuple[str, str, str, str]:
        now = f"{self.after.verdict} {self.after.shown}" if self.after else f"fails: {self.because}"
        was = f"{self.before.verdict} {self.before.shown}"
        return "turned" if self.turned else "moved", self.id, was.strip(), now.strip()


@dataclass(frozen=True)
class WhatIf:
    """What a change of published figures does to the receipts; verdicts that turn come first."""

    changes: dict[str, tuple[str, str]]
    turns: tuple[Turn, ...]
    untouched: int

    @property
    def turned(self) -> tuple[str, ...]:
        return tuple(turn.id for turn in self.turns if turn.turned)

    def __repr__(self) -> str:
        lines = [f"{id}: {old} → {new}" for id, (old, new) in self.changes.items()]
        width = max((len(turn.id) for turn in self.turns), default=0)
        for turn in self.turns:
            mark, id, was, now = turn.cells
            lines.append(f"{mark:<6}  {id:<{width}}  {was} → {now}")
        return "\n".join([*lines, f"{self.untouched} other receipts stay as they are"])

    def _repr_html_(self) -> str:
        head = "; ".join(f"{id}: {old} → {new}" for id, (old, new) in self.changes.items())
        rows = "".join(
            f"<tr><td>{mark}</td><th scope='row'>{html.escape(id)}</th>"
            f"<td>{html.escape(was)}</td><td>{html.escape(now)}</td></tr>"
            for mark, id, was, now in (turn.cells for turn in self.turns)
        )
        return (
            f"<table><caption>{html.escape(head)}. {self.untouched} other receipts stay as they "
            "are.</caption><thead><tr><th></th><th>Receipt</th><th>As published</th>"
            f"<th>With the change</th></tr></thead><tbody>{rows}</tbody></table>"
        )


def what_if(changes: Mapping[str, str], *, chapters: Iterable[str] = ()) -> WhatIf | None:
    """Change figures as if they had been printed differently, and see which verdicts turn.

    The tables are copied, the copy is changed, and the chapters that use these figures are run
    twice, on the tables and on the copy; nothing in data/ is touched. Charts are not drawn.

    Parameters
    ----------
    changes : figure ids with new printed forms, for example {"genai-users-2025-12": "603 million"}
    chapters : names of the chapters to run; those that rest on the figures unless given

    Raises
    ------
    KeyError
        if there is no such figure
    QuantityError
        if the new form cannot be read as that figure
    """
    if _running.get():  # a chapter that holds a lab is itself run by the lab
        return None
    tables = data.load()
    old = {id: (tables[id].printed, new) for id, new in changes.items()}
    names = list(chapters) or _resting_on(changes)
    with tempfile.TemporaryDirectory(prefix="what-if-") as folder:
        altered = _altered(tables, changes, Path(folder))
        flag = _running.set(True)
        try:
            before = _as_published(tuple(names), tables.root, _edition(names))
            after, failed = _receipts_of(names, altered)
        finally:
            _running.reset(flag)
    turns = []
    for id, was in before.items():
        now = after.get(id)
        if now is not None and _shows(now) == _shows(was):
            continue
        reason = failed.get(id, "rests on a cell that fails") if now is None else ""
        turns.append(Turn(id, was.statement, was, now, reason))
    turns.sort(key=lambda turn: not turn.turned)
    return WhatIf(old, tuple(turns), len(before) - len(turns))


def _edition(names: Iterable[str]) -> tuple[int, ...]:
    """When the chapters were last written: what was computed from older ones is not used again."""
    book = Book.here()
    return tuple(book.page(name).stat().st_mtime_ns for name in names)


@lru_cache(maxsize=8)
def _as_published(names: tuple[str, ...], root: Path, edition: tuple) -> dict[str, Receipt]:
    return _receipts_of(names, root)[0]


def _shows(one: Receipt) -> tuple:
    return one.verdict, one.shown, one.range, one.grounds


def _resting_on(ids: Iterable[str]) -> list[str]:
    """The chapters whose code names one of the figures, its series or its table."""
    tables = data.load()
    words = {word for id in ids for word in
             (id, tables.row(id).get("series", ""), tables.table_of(id)) if word}  # fmt: skip
    named = re.compile(rf"""["'](?:{"|".join(map(re.escape, sorted(words)))})["']""")
    return [
        path.stem for path in Book.here().notebooks() if named.search(code_of(read_notebook(path)))
    ]


def _altered(tables: data.Data, changes: Mapping[str, str], folder: Path) -> Path:
    """A copy of the tables in which some figures are printed differently."""
    copy = folder / "data"
    shutil.copytree(tables.root, copy)
    for id, printed in changes.items():
        row = tables.row(id)
        figure = published(printed, row["unit"], precision=row["precision"] or None)
        value = figure.value / figure.unit.scale
        path = copy / tables.describe(tables.table_of(id))["path"]
        rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
        for one in rows:
            if one["id"] == id:
                text = f"{float(value):.12f}".rstrip("0").rstrip(".")
                one["printed"], one["value"] = printed, text
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return copy


def _receipts_of(names: Iterable[str], root: Path) -> tuple[dict[str, Receipt], dict[str, str]]:
    """Receipts of some chapters run over other tables, and for those that fail, why."""
    made: dict[str, Receipt] = {}
    failed: dict[str, str] = {}
    kept = os.environ.get("RECEIPTBOOK_DATA")
    os.environ["RECEIPTBOOK_DATA"] = str(root)
    try:
        for name in names:
            _run_chapter(Book.here().page(name), made, failed)
    finally:
        os.environ.pop("RECEIPTBOOK_DATA")
        if kept is not None:
            os.environ["RECEIPTBOOK_DATA"] = kept
    return made, failed


def _run_chapter(path: Path, made: dict[str, Receipt], failed: dict[str, str]) -> None:
    def keep(*items) -> None:
        for item in items:
            for one in item if isinstance(item, (list, tuple)) else (item,):
                if isinstance(one, Receipt):
                    made[one.id] = one

    names = {"__name__": "chapter", "display": keep}
    for cell in read_notebook(path).cells:
        if cell.cell_type != "code" or "widget" in cell.metadata.get("tags", ()):
            continue
        tree = ast.parse(cell.source)
        called = {node.func.id for node in ast.walk(tree)
                  if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}  # fmt: skip
        if called & _SKIPPED:
            continue
        last = None
        if tree.body and isinstance(tree.body[-1], ast.Expr):
            last = tree.body.pop()
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(tree, path.name, "exec"), names)
                if last is not None and _may_be_receipt(last.value):
                    keep(eval(compile(ast.Expression(last.value), path.name, "eval"), names))
        except Exception as error:  # whatever a chapter's code raises over altered figures
            for name in _assigned(tree):  # so that later cells do not go on with older values
                names.pop(name, None)
            for one in _receipt_ids(cell.source):
                failed[one] = _reason(error).removeprefix(f"{one}: ")


def _reason(error: Exception) -> str:
    if isinstance(error, (claims.ClaimError, QuantityError)):
        return str(error).partition("\n")[0]
    if isinstance(error, NameError):
        return "rests on a cell that fails"
    return "nothing is left to compute it from"


def _assigned(tree: ast.Module) -> set[str]:
    return {node.id for node in ast.walk(tree)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}  # fmt: skip


def _may_be_receipt(node: ast.expr) -> bool:
    """Is the last line of a cell worth working out? A chart is not: drawing takes time."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id in (*_SHOWS, "display")
    return isinstance(node, (ast.Name, ast.List, ast.Tuple, ast.Subscript))


def _receipt_ids(source: str) -> list[str]:
    return re.findall(r"""\b(?:receipt|ruling)\(\s*["']([\w-]+)["']""", source)
