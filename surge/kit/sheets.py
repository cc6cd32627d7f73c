"""The sheets of the lessons and their keys, from `chapters/lessons`.

A sheet is a list of blocks in a lesson's file. What students get and what the key says come from the
same block, so that each task has its answer and no answer stands on a student's sheet. No figure is
typed: `{id}` in a text is a figure, a receipt or an answer (see `fill`), a task may be a row of the
exercise tables, and a table may be computed (see `surge/kit/grids.py`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from receiptbook.book import Book
from receiptbook.exercises import defend, exercise, load, usual_slips, work_out
from receiptbook.exercises.answers import figure_or_receipt
from receiptbook.kit import letter
from receiptbook.markdown import escaped, without_links
from receiptbook.numbers import Quantity, in_english, in_numbers, published
from receiptbook.numbers.words import most_decimals
from receiptbook.receipts import collect
from receiptbook.receipts.claims import claims
from receiptbook.receipts.trees import worked_out
from receiptbook.receipts.verdicts import VERDICTS, Verdict
from receiptbook.tables import load as load_tables
from receiptbook.templates import render
from surge.kit.grids import GRIDS
from surge.lessons import Lesson, LessonError, lesson, lessons

ROOM = {1: 2, 2: 4, 3: 7}  # lines to write on, by the level of an exercise
TO_TICK = ("reproduced", "consistent", "contradicted")  # verdicts that a sheet offers
SHEET = (
    "name",
    "title",
    "words",
    "who",
    "hands",
    "pages_for_24",
    "minutes",
    "sources",
    "copies",
    "nameless",
    "kind",
    "blocks",
)
BLOCK = ("ticket", "heading", "say", "quote", "by", "task", "number", "exercise", "needs", "note",
         "choices", "hint",
         "blanks", "lines", "table", "computed", "computed_beside", "grid", "grids",
         "receipts", "cards", "turn", "answer", "answers", "remark", "called",
         "key", "slip")  # fmt: skip
_FIGURE = re.compile(r"\{(=?[^{}:]+)(?::\s*([a-z ]+))?\}")
_UNITS = {"percent": "percent", "points": "percentage points", "times": "times"}


@lru_cache(maxsize=1)
def described() -> dict[str, dict]:
    """Each students' sheet by name, as a lesson's file describes it."""
    return {
        sheet["name"]: _known(sheet, SHEET, f"{one.name}.yml, sheet {sheet.get('name')}")
        for one in lessons()
        for sheet in one.sheets
    }


def _known(told: dict, names: tuple[str, ...], where: str) -> dict:
    """The same with a place for each name; a name that nothing reads is an error."""
    if lost := told.keys() - set(names):
        raise LessonError(
            f"{where}: found {', '.join(sorted(map(str, lost)))}; expected only "
            f"{', '.join(names)}. Correct the spelling or take it out."
        )
    return dict.fromkeys(names) | told


def names() -> list[str]:
    """The names of all students' sheets."""
    return list(described())


def student(name: str) -> str:
    """A sheet as students get it, as html: nothing of an answer is in it.

    Raises
    ------
    KeyError
        if no lesson has a sheet of that name
    """
    sheet = described()[name]
    leaves = [[]]
    for block in blocks(sheet):
        leaves[-1].append(block)
        if block["turn"]:
            leaves.append([])
    return page("student.html", sheet=sheet, leaves=leaves * (sheet["copies"] or 1))


def key(name: str) -> str:
    """The answers to all sheets of a lesson, with usual slips, as html."""
    one = lesson(name)
    return page(
        "key.html", one=one, checked=checked(one), opener=fill(one.opener),
        sheets=[(sheet, told) for sheet in one.sheets
                if (told := [b for b in blocks(sheet) if b["answer"] or b["answers"]])],
    )  # fmt: skip


def checked(one: Lesson) -> list[tuple[str, str]]:
    """The statements that a class judges by hands, each with its answer."""
    return [(row["say"], row["answer"]) for row in one.check]


# ----------------------------------------------------------------------------------- what is printed


def blocks(sheet: dict) -> list[dict[str, Any]]:
    """The blocks of a sheet, filled in; each task has a number.

    Raises
    ------
    LessonError
        if a block says what nothing reads
    KeyError
        if a block names a computed table that there is not
    """
    made, number = [], 0
    for told in sheet["blocks"]:
        block = dict(told)
        if "exercise" in block:
            block = {**_exercise(block["exercise"]), **block}
        if "task" in block:
            number += 1
            block["number"] = number
        if "computed" in block:
            block["grid"] = GRIDS[block["computed"]]()
        if "computed_beside" in block:
            block["grids"] = [GRIDS[name]() for name in block["computed_beside"]]
        if "receipts" in block:
            told = [_receipts()[id] for id in block["receipts"]]
            block["answers"] = told
            block["receipts"] = [
                one | {"worked": in_numbers(worked_out(one["tree"], load_tables()))} for one in told
            ]
        made.append(_filled(_known(block, BLOCK, f"sheet {sheet['name']}")))
    return made


def _filled(value: Any) -> Any:
    """The same structure with each text filled in."""
    if isinstance(value, str):
        return without_links(fill(value))
    if isinstance(value, list):
        return [_filled(one) for one in value]
    return {k: _filled(v) for k, v in value.items()} if isinstance(value, dict) else value


def _exercise(id: str) -> dict[str, Any]:
    """A row of the exercise tables as a task, with what is accepted and what usually goes wrong."""
    one = exercise(id)
    made = {"task": one.prompt, "needs": one.needs, "answer": one.explain, "hint": one.hint,
            "called": f"{one.called} at the end of {one.chapter}.html"}  # fmt: skip
    if one.form == "choice":
        return made | {
            "choices": list(one.shuffled), "lines": 0, "needs": [],
            "answer": f"**{letter(one)}: {one.choices[0]}**. {one.explain}",
            "slip": defend(one),
        }  # fmt: skip
    made["lines"] = ROOM[one.level]
    if one.form == "number":
        facts = one.to_json()
        worked = f"{escaped(one.working)} = " if one.working else ""
        made["answer"] = f"{worked}**{facts['shown']}**; accepted: {facts['range']}. {one.explain}"
        made["slip"] = "; ".join(usual_slips(facts))
    return made


def fill(text: str) -> str:
    """A text with its figures: `{id}`, `{id: range}`, `{= a / b - 1: percent}`.

    Behind a colon may stand `percent`, `points` or `times` (the unit), `range` (in place of the
    value), `short` (one digit fewer, as printed numbers give it), for a receipt `verdict` or `means`
    (what the published words allow), for a verdict `meaning`, and for an exercise `called` (its name
    on the page).

    >>> fill("{genai-users-2024-12} is {genai-users-2024-12: range}")
    '249 million is 248.5 to 249.5 million'
    """
    return _FIGURE.sub(lambda m: _figure(m[1].strip(), (m[2] or "").split()), text)


def _figure(what: str, how: list[str]) -> str:
    if "meaning" in how:
        return VERDICTS[Verdict(what)].meaning
    if "called" in how:
        return exercise(what).called
    receipt = {} if what.startswith("=") else _receipts().get(what, {})
    if "verdict" in how or "means" in how:
        return receipt["verdict" if "verdict" in how else "passes"]
    if receipt and receipt.get("upper") is None and receipt.get("range"):
        return receipt["shown"]  # a floor: it has no value
    q = _quantity(what)
    for word in how:
        if word in _UNITS:
            q = q.to(_UNITS[word])
    if "short" in how:
        return q.show(max(0, min(q.decimals, most_decimals(q.value, q.unit)) - 1))
    return q.range_text if "range" in how else in_english(q)


def _quantity(what: str) -> Quantity:
    if what.startswith("="):
        return work_out(what[1:].strip(), _looked_up)
    known = load()
    return known[what].quantity if what in known else _looked_up(what)


def _looked_up(id: str) -> Quantity:
    """A figure or a receipt; of a claim that a person judged, the number that was printed."""
    receipt = _receipts().get(id, {})
    if receipt.get("published") and receipt.get("value") is None:
        claim = claims()[id]
        return published(claim.published[0], claim.unit)
    return figure_or_receipt(id, Book.here().chapters)


def _receipts() -> dict[str, dict]:
    return collect.stored_receipts(Book.here().notebooks())


def page(template: str, **values) -> str:
    """A template of this folder, filled, with the style sheet of the sheets."""
    folder = Path(__file__).parent
    style = (folder / "sheet.css").read_text("utf-8")
    return render(folder / template, style=style, verdicts=TO_TICK, **values)
