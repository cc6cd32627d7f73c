"""What if a figure had been printed differently: the receipts before and after a change."""

from __future__ import annotations

import ast
import contextvars
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from receiptbook.book import Book
from receiptbook.book.execution import called, run_cells
from receiptbook.book.notebooks import code_of, read_notebook
from receiptbook.exercises.answers import receipts_so_far
from receiptbook.numbers import Quantity, QuantityError, fixed, published
from receiptbook.receipts import claims
from receiptbook.receipts.anew import outcome, resting
from receiptbook.receipts.facts import Receipt
from receiptbook.receipts.findings import COMPARISONS, comparison
from receiptbook.tables import Data, in_place, load
from receiptbook.tables.figures import read_as
from receiptbook.templates import render

_running = contextvars.ContextVar("running", default=False)
_SHOW_RECEIPTS = {"receipt", "ruling", "quoted", "display"}  # calls that may show one
_SKIPPED = {"what_if", "question", "check", "guess"}  # a cell that calls one of them is not run
_BEHIND = "rests on a cell that fails"
_KINDS = ("turned", "moved", "range only")


@dataclass(frozen=True)
class Turn:
    """One receipt before and after a change. `after` is None where it could not be written."""

    id: str
    statement: str
    before: Receipt
    after: Receipt | None
    because: str = ""

    @property
    def kind(self) -> str:
        """One of "turned", "moved", "range only"; empty if nothing that is told changed."""
        was, now = self.before, self.after
        if now is None or now.verdict != was.verdict:
            return _KINDS[0]
        if (now.shown, now.grounds) != (was.shown, was.grounds):
            return _KINDS[1]
        return _KINDS[2] if now.range != was.range else ""

    @property
    def turned(self) -> bool:
        return self.kind == _KINDS[0]

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """Kind, statement, what was told and what is told now."""
        was, now = self.before, self.after
        told = [(was.shown, was.range), (now.shown, now.range) if now else ("", "")]
        words = [pair[self.kind == _KINDS[2]] for pair in told]
        if now is None:
            words = [f"{was.verdict} {words[0]}", f"fails: {self.because}"]
        elif self.turned:
            words = [f"{was.verdict} {words[0]}", f"{now.verdict} {words[1]}"]
        elif not words[0]:
            words = [str(was.verdict), f"{now.verdict} on other grounds"]
        return self.kind, self.statement, words[0].strip(), words[1].strip()


@dataclass(frozen=True)
class WhatIf:
    """What a change of published figures does to the receipts; verdicts that turn come first.

    Attributes
    ----------
    changes : of each figure the label, the printed form and the other one
    turns : the receipts that change
    untouched : how many do not
    by_model : statements of receipts that rest on the change by way of a model and were not run
    to_reread : statements of verdicts whose evidence moves, for a person to judge
    """

    changes: dict[str, tuple[str, str, str]]
    turns: tuple[Turn, ...]
    untouched: int
    by_model: tuple[str, ...] = ()
    to_reread: tuple[str, ...] = ()

    @property
    def turned(self) -> tuple[str, ...]:
        """Ids of the receipts whose verdicts turn."""
        return tuple(turn.id for turn in self.turns if turn.turned)

    @property
    def rest(self) -> list[str]:
        """What else there is to say, a sentence each."""
        told = [f"{self.untouched} other receipts stay as they are"]
        if self.by_model:
            told.append(
                f"{len(self.by_model)} more depend on a model; models=True runs their chapters"
            )
        if self.to_reread:
            told.append("to be read again, as their evidence moves: " + "; ".join(self.to_reread))
        return told

    def __repr__(self) -> str:
        lines = [f"{label}: {old} → {new}" for label, old, new in self.changes.values()]
        lines += [
            f"{kind}: {name}: {was} → {now}"
            for kind, name, was, now in (turn.cells for turn in self.turns)
        ]
        return "\n".join([*lines, *self.rest])

    def _repr_html_(self) -> str:
        return render(
            Path(__file__).with_name("changes.html"),
            changes=self.changes.values(),
            rest=self.rest,
            rows=[turn.cells for turn in self.turns],
        )


def what_if(
    changes: Mapping[str, str | float], *, chapters: Iterable[str] = (), models: bool = False
) -> WhatIf | None:
    """Change figures as if they had been printed differently, and see which verdicts turn.

    Arithmetic on the figures is worked out anew from what the chapters stored, which takes
    milliseconds; nothing in data/ is touched.

    Parameters
    ----------
    changes : figure ids with new printed forms, for example {"users-2025-12": "603 million"}; a plain
        number is taken to be in the figure's unit, and is printed as finely as the figure was
    chapters : names of the chapters to look at; all unless given, and then comparisons in words too
    models : also run those chapters that rest on the figures by way of a model, on changed tables;
        this takes seconds

    Raises
    ------
    KeyError
        if there is no such figure or chapter
    QuantityError
        if the new form cannot be read as that figure, or the figure cannot be that

    >>> "growth-2025" in what_if({"genai-users-2025-12": 610_000_000}).turned
    True
    """
    if _running.get():  # a chapter that holds a lab is itself run by the lab
        return None
    tables = load()
    forms = {id: form_of(tables, id, new) for id, new in changes.items()}
    names = _names(chapters)
    known = {id: one for id, one in receipts_so_far().items()
             if not names or not one.get("where") or one["where"].rpartition(".")[0] in names}  # fmt: skip
    other, found = altered(tables, forms), resting(known, forms)
    turns = []
    for id in (*found.arithmetic, *found.worded):
        after, reason = outcome(known[id], other)
        turns.append(Turn(id, known[id]["statement"], Receipt.from_json(known[id]), after, reason))
    by_model, to_reread = found.by_model, found.to_reread
    if not names:
        turns += _comparisons(forms, other, known, turns)
    if models:
        ran = _run(names or resting_on(forms), known, other)
        turns = [*ran.values(), *(turn for turn in turns if turn.id not in ran)]
        by_model, to_reread = ((id for id in ids if id not in ran) for ids in (by_model, to_reread))
    turns = sorted((turn for turn in turns if turn.kind), key=lambda turn: _KINDS.index(turn.kind))
    rest = tuple(tuple(known[id]["statement"] for id in ids) for ids in (by_model, to_reread))
    told = {id: (_label(tables, id), printed(tables[id]), form) for id, form in forms.items()}
    touched = len(turns) + sum(map(len, rest))
    return WhatIf(told, tuple(turns), max(0, len(known) - touched), *rest)


def _comparisons(
    forms: Mapping[str, str], other: Data, known: Mapping[str, Mapping], turns: Iterable[Turn]
) -> list[Turn]:
    """Comparisons in words that stand on what changes and hold no more, or hold at last."""
    tables, moved = load(), {turn.id: turn.after for turn in turns}
    now = dict(known) | {id: one.to_json() for id, one in moved.items() if one}
    found = []
    for row in tables.entries(COMPARISONS).values():
        before = comparison(row, tables, known)
        if not {*forms, *moved}.intersection(before.because):
            continue
        lost = any(id in moved and not moved[id] for id in before.because)
        turn = Turn(
            before.id,
            before.statement,
            before,
            None if lost else comparison(row, other, now),
            _BEHIND if lost else "",
        )
        found += [turn] if turn.turned else []
    return found


def _names(chapters: Iterable[str]) -> list[str]:
    names, known = list(chapters), [path.stem for path in Book.here().notebooks()]
    for name in names:
        if name not in known:
            raise KeyError(f"no chapter {name!r}; there are {', '.join(known)}")
    return names


def _label(tables: Data, id: str) -> str:
    return claims.quoted(id, tables).statement


def printed(figure: Quantity) -> str:
    """A figure as it was printed, or its value where nobody printed it."""
    return figure.show() if figure.reading.qualifier == "derived" else figure.printed


def form_of(tables: Data, id: str, new: str | float) -> str:
    """A new printed form for a figure, made from a plain number where one is given.

    Raises
    ------
    QuantityError
        if it is no such figure; a count in words needs its scale ("603 million", not "603")

    >>> form_of(load(), "genai-users-2025-12", 610_000_000)
    '610 million'
    """
    figure = tables[id]
    if isinstance(new, (int, float)) and not isinstance(new, bool):
        new = _printed_as(figure, Fraction(str(new)) * figure.unit.scale)
    text, row = str(new).strip(), tables.row(id)
    if figure.unit.name == "percent" and re.fullmatch(r"\d+(\.\d+)?", text):
        text += "%"
    elif figure.value >= 10_000 and _says_no_scale(text, row["unit"]):
        known = re.search(r"thousand|[mbtr]+illion|[万亿]+", figure.printed.split(" / ")[-1])
        scale = f" {known[0]}" if known and known[0].isascii() else known[0] if known else ""
        raise QuantityError(
            f"{text!r} says no scale: write {text + scale!r} if that is meant; "
            f"the figure was printed {figure.printed!r}"
        )
    other = read_as(row, text)
    if why := tables.impossible(id, other):
        raise QuantityError(f"{_label(tables, id)}: {why}")
    return text


def _says_no_scale(text: str, unit: str) -> bool:
    """Whether it is a number below a thousand, in digits or in words."""
    if re.fullmatch(r"[A-Za-z -]+", text):
        return 0 < published(text, unit).value < 1000
    return re.fullmatch(r"\d{1,3}(\.\d+|,\d{1,2})?", text) is not None


def _printed_as(figure: Quantity, value: Fraction) -> str:
    """A value as finely printed as a figure was, if that says it."""
    for form in reversed(figure.printed.split(" / ")):
        try:
            new = published(form, figure.unit).reading.rewrite(value)
        except QuantityError:
            continue
        if published(new, figure.unit).value == value:
            return new
    told = value / figure.unit.scale
    digits = len(str(float(told)).partition(".")[2]) if told.denominator != 1 else 0
    return fixed(told, digits)


def _run(names: Iterable[str], known: Mapping[str, Mapping], other: Data) -> dict[str, Turn]:
    """The receipts of some chapters, as known and as the chapters make them over other tables."""
    names = list(names)
    flag = _running.set(True)
    try:
        after, failed = _receipts_of(names, other)
    finally:
        _running.reset(flag)
    before = {id: one for id, one in known.items()
              if not one.get("where") or one["where"].rpartition(".")[0] in names}  # fmt: skip
    return {
        id: Turn(
            id, one["statement"], Receipt.from_json(one), after.get(id), failed.get(id, _BEHIND)
        )
        for id, one in before.items()
        if id in after or failed
    }


def resting_on(ids: Iterable[str]) -> list[str]:
    """Names of the chapters whose code names one of the figures, its series or its table."""
    tables = load()
    words = {word for id in ids for word in
             (id, tables.row(id).get("series", ""), tables.table_of(id)) if word}  # fmt: skip
    named = re.compile(rf"""["'](?:{"|".join(map(re.escape, sorted(words)))})["']""")
    return [
        path.stem for path in Book.here().notebooks() if named.search(code_of(read_notebook(path)))
    ]


def altered(tables: Data, changes: Mapping[str, str]) -> Data:
    """The tables with some figures printed differently."""
    rows = {}
    for id, printed in changes.items():
        row = {**tables.row(id), "printed": printed}
        if row.get("derivation"):  # worked out: its precision was not that of a printed form
            row |= {"derivation": "", "precision": ""}
        figure = read_as(row, printed)
        value = f"{float(figure.value / figure.unit.scale):.12f}".rstrip("0").rstrip(".")
        rows[id] = {**row, "value": value}
    return tables.changed(rows)


def _receipts_of(names: Iterable[str], tables: Data) -> tuple[dict[str, Receipt], dict[str, str]]:
    """Receipts of some chapters run over these tables, and for those that fail, why."""
    made: dict[str, Receipt] = {}
    failed: dict[str, str] = {}

    def keep(*shown) -> None:
        for value in shown:
            for one in value if isinstance(value, (list, tuple)) else (value,):
                if isinstance(one, Receipt):
                    made[one.id] = one

    with in_place(tables):
        for name in names:
            for done in run_cells(Book.here().page(name), keep, _is_worth_running):
                for id in _receipt_ids(done.cell.source) if done.error else ():
                    failed[id] = _reason(done.error).removeprefix(f"{id}: ")
    return made, failed


def _is_worth_running(tree: ast.Module) -> bool:
    """Whether a cell may make a receipt. A chart as its last line is taken out: drawing is slow."""
    if called(tree) & _SKIPPED:
        return False
    if tree.body and not _may_show_receipts(tree.body[-1]):
        tree.body.pop()
    return True


def _reason(error: Exception) -> str:
    if isinstance(error, (claims.ClaimError, QuantityError)):
        return str(error).partition("\n")[0]
    if isinstance(error, NameError):
        return _BEHIND
    return "nothing is left to compute it from"


def _may_show_receipts(last: ast.stmt) -> bool:
    """Is the last statement of a cell worth running? A chart alone is not: drawing takes time."""
    if not isinstance(last, ast.Expr):
        return True
    if isinstance(last.value, ast.Call) and isinstance(last.value.func, ast.Name):
        return last.value.func.id in _SHOW_RECEIPTS
    return isinstance(last.value, (ast.Name, ast.List, ast.ListComp, ast.Tuple, ast.Subscript))


def _receipt_ids(source: str) -> list[str]:
    return re.findall(r"""\b(?:receipt|ruling)\(\s*["']([\w-]+)["']""", source)
