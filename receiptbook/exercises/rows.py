"""The tables of exercises: `chapters/exercises/<chapter>.csv`, read, checked and worked out."""

from __future__ import annotations

import hashlib
import random
import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from receiptbook.book import Book
from receiptbook.book.notebooks import Stamps, stamps
from receiptbook.exercises.answers import (
    AnswerError,
    arithmetic,
    figure_or_receipt,
    needed,
    shown,
    work_out,
)
from receiptbook.numbers import (
    NARROW,
    UNITS,
    Interval,
    Quantity,
    QuantityError,
    Unit,
    round_half_up,
    scale_word,
    unit,
)
from receiptbook.tables import DataError, Problem, near, read_table

RANGE = "a range in "  # before a unit: both ends are asked for
SEPARATOR = " | "  # between the choices of a row
KIND = {"question": "Question", "exercise": "Exercise", "lab": "Lab"}
DEAL = 202  # with another number other places hold the right choice; a test wants them balanced
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
FIELDS = tuple(field["name"] for field in _SCHEMA["fields"])
SLIPS = "slips.csv"  # wrong ways to an answer, each with what is said to it
_SLIP_SCHEMA = {
    "fields": [
        {"name": "exercise", "type": "string", "constraints": {"required": True}},
        {"name": "answer", "type": "string", "constraints": {"required": True}},
        {"name": "says", "type": "string", "constraints": {"required": True}},
    ],
}  # fmt: skip


@dataclass(frozen=True)
class Exercise:
    """One row of an exercise table. `choices` holds the right one first, as in the table.

    `number` is the row's place in the table of its chapter, from one; chapters ask in that order.
    """

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
    slips: tuple[tuple[str, str], ...] = ()
    number: int = 0

    @property
    def called(self) -> str:
        """Its name on the page, on paper, on slides and in notebooks, such as "Question 3"."""
        return f"{KIND[self.kind]} {self.number}"

    @property
    def shuffled(self) -> tuple[str, ...]:
        """The choices in the order they are shown, which depends on the id only."""
        order = list(self.choices)
        seed = int.from_bytes(hashlib.sha256(f"{DEAL} {self.id}".encode()).digest()[:8], "big")
        random.Random(seed).shuffle(order)
        return tuple(order)

    @property
    def quantity(self) -> Quantity | None:
        """The computed answer in its unit, or None where the question asks for none."""
        if not self.answer:
            return None
        asked, _ = self.unit_asked
        answer = work_out(self.answer, lambda id: figure_or_receipt(id, self.folder))
        try:
            return answer.to(asked)
        except QuantityError as error:
            raise AnswerError(str(error)) from None

    @property
    def accepted(self) -> Interval:
        """The numbers that are right, in base units: the answer's range where that is narrow.

        A range that starts at zero because a figure is a lower bound, or that spans more than a
        fifth of the answer, would pass wrong arithmetic: there, right is what rounds to the shown
        answer.
        """
        q = self.quantity
        if q.interval.bounded and q.interval.width <= abs(q.value) * NARROW:
            return q.interval
        scale, _ = scale_word(abs(q.value), q.unit)
        shown, half = round_half_up(q.value / scale, q.decimals), Fraction(1, 2 * 10**q.decimals)
        return Interval(shown - half, shown + half).scaled(Fraction(scale))

    @property
    def unit_asked(self) -> tuple[Unit, int]:
        """The unit asked for and what one of it is worth: "million persons" is (persons, 10**6)."""
        name = self.unit.removeprefix(RANGE)
        word, _, rest = name.partition(" ")
        scale = {"thousand": 10**3, "million": 10**6, "billion": 10**9}.get(word)
        return (unit(rest), scale) if scale and rest in UNITS else (unit(name), 1)

    @property
    def needs(self) -> list[dict[str, str]]:
        """What the answer is worked out from: `id`, `name` and printed form (`shown`) of each.

        A receipt that is the whole answer would give it away; its own inputs stand for it.
        """
        return needed(self.answer, self.folder) if self.answer else []

    @property
    def working(self) -> str:
        """The arithmetic of the answer in numbers; empty where the answer is a printed figure."""
        return arithmetic(self.answer, self.folder) if self.answer else ""

    def slips_told(self) -> list[dict]:
        """Wrong numbers that are expected, in the unit asked for, with what is said to each."""
        told = []
        for answer, says in self.slips:
            q = work_out(answer, lambda id: figure_or_receipt(id, self.folder))
            asked, scale = self.unit_asked
            try:
                q, worth = q.to(asked), asked.scale * scale
            except QuantityError:  # a difference in points, where percent are asked for
                worth = q.unit.scale
            told.append({"value": float(q.value / worth), "says": says})
        return told

    @property
    def form(self) -> str:
        """How it is answered: "choice", "number" or "open"."""
        return "choice" if self.choices else "number" if self.answer else "open"

    def to_json(self) -> dict:
        """What the page and the kernel need in order to ask, judge and explain."""
        plain = {
            "id": self.id, "called": self.called, "kind": self.kind, "level": self.level, "form": self.form,
            "chapter": self.chapter, "prompt": self.prompt, "choices": list(self.shuffled),
            "right": self.shuffled.index(self.choices[0]) if self.choices else None,
            "explain": self.explain, "hint": self.hint or None,
            "unit": self.unit.removeprefix(RANGE) or None,
        }  # fmt: skip
        if (q := self.quantity) is not None:
            scale, accepted = q.unit.scale * self.unit_asked[1], self.accepted
            plain |= {
                "value": float(q.value / scale),
                "lower": float(accepted.lower / scale),
                "upper": float(accepted.upper / scale),
                "least": float(q.interval.lower / scale),
                "most": float(q.interval.upper / scale),
                "slips": self.slips_told(),
                "needs": self.needs,
                "worth": float(scale),
                "measures": q.unit.kind,
                "growth": bool(re.search(r" - 1\s*$", self.answer)),
                "shown": shown(q, self.answer, self.folder),
                "range": q.range_text,
                "formula": q.formula if not q.is_input else None,
                "working": self.working or None,
            } | ({"asks": "range"} if self.unit.startswith(RANGE) else {})
        return plain


def load(folder: Path | None = None) -> dict[str, Exercise]:
    """All exercises by id, in the order of the tables, which are read again when one is edited.

    folder : of the pages; the book's own unless given

    Raises
    ------
    DataError
        naming file, row, column, what was found, what was expected and what to do
    """
    folder = folder or Book.here().chapters
    tables = sorted((folder / "exercises").glob("*.csv"))
    return _load(folder, stamps(tables), stamps(folder.glob(SLIPS)))


def by_chapter() -> dict[str, list[Exercise]]:
    """The exercises of each chapter that has some, by its name, in the order of its table."""
    found: dict[str, list[Exercise]] = {}
    for one in load().values():
        found.setdefault(one.chapter, []).append(one)
    return found


@lru_cache(maxsize=4)
def _load(folder: Path, tables: Stamps, _: Stamps) -> dict[str, Exercise]:
    """The exercises as they stood when their tables and the one of slips bore these stamps."""
    problems: list[Problem] = []
    found: dict[str, Exercise] = {}
    slips = _slips(folder, problems)
    for path, _, _ in tables:
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
            cells = [choice.strip() for choice in row["choices"].split(SEPARATOR.strip())]
            choices = tuple(cells) if row["choices"] else ()
            _check_row(file, number, row, choices, problems)
            level = int(row["level"]) if row["level"].isdigit() else 0
            place = 1 + sum(one.chapter == path.stem for one in found.values())
            found[row["id"]] = Exercise(
                **{**row, "level": level, "choices": choices}, chapter=path.stem, folder=folder,
                slips=tuple(slips.get(row["id"], ())), number=place,
            )  # fmt: skip
    for id in slips.keys() - found.keys():
        problems.append(
            Problem(SLIPS, None, "exercise", repr(id), "an exercise's id", near(id, found).strip())
        )
    if problems:
        raise DataError(problems)
    return found


def _slips(folder: Path, problems: list[Problem]) -> dict[str, list[tuple[str, str]]]:
    """Arithmetic and sentence of each expected slip, by exercise."""
    slips: dict[str, list[tuple[str, str]]] = {}
    if (folder / SLIPS).exists():
        for row in read_table(folder, {"path": SLIPS, "schema": _SLIP_SCHEMA}, problems):
            if row:
                slips.setdefault(row["exercise"], []).append((row["answer"], row["says"]))
    return slips


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
              "Write percent, million persons, a range in percentage points, ...")  # fmt: skip


def exercise(id: str) -> Exercise:
    """The exercise of that id; KeyError names similar ones."""
    known = load()
    if id not in known:
        raise KeyError(f"no exercise {id!r} in chapters/exercises{near(id, known)}")
    return known[id]
