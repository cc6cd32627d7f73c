"""What if a figure had been printed differently: the receipts before and after a change."""

from __future__ import annotations

import ast
import contextvars
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from receiptbook.book import Book
from receiptbook.book.execution import called, run_cells
from receiptbook.book.notebooks import code_of, read_notebook
from receiptbook.numbers import QuantityError, published
from receiptbook.receipts import claims
from receiptbook.receipts.facts import Receipt
from receiptbook.tables import Data, in_place, load
from receiptbook.templates import render

_running = contextvars.ContextVar("running", default=False)
_SHOW_RECEIPTS = {"receipt", "ruling", "quoted", "display"}  # calls that may show one
_SKIPPED = {"what_if", "question", "check"}  # a cell that calls one of them is not run


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
        return render(
            Path(__file__).with_name("changes.html"),
            changes=self.changes,
            untouched=self.untouched,
            rows=[turn.cells for turn in self.turns],
        )


def what_if(changes: Mapping[str, str], *, chapters: Iterable[str] = ()) -> WhatIf | None:
    """Change figures as if they had been printed differently, and see which verdicts turn.

    The chapters that use these figures are run twice, on the tables as they are and on changed
    ones in memory; nothing in data/ is touched. Charts are not drawn.

    Parameters
    ----------
    changes : figure ids with new printed forms, for example {"users-2025-12": "603 million"}
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
    tables = load()
    old = {id: (tables[id].printed, new) for id, new in changes.items()}
    names = list(chapters) or resting_on(changes)
    other = altered(tables, changes)
    flag = _running.set(True)
    try:
        before = _as_published(tuple(names), tables, _edition(names))
        after, failed = _receipts_of(names, other)
    finally:
        _running.reset(flag)
    turns = []
    for id, was in before.items():
        now = after.get(id)
        if now is not None and _shown(now) == _shown(was):
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
def _as_published(names: tuple[str, ...], tables: Data, edition: tuple) -> dict[str, Receipt]:
    return _receipts_of(names, tables)[0]


def _shown(one: Receipt) -> tuple:
    return one.verdict, one.shown, one.range, one.grounds


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
        row = tables.row(id)
        precision = "" if row.get("derivation") else row.get("precision", "")
        figure = published(printed, row["unit"], precision=precision or None)
        value = f"{float(figure.value / figure.unit.scale):.12f}".rstrip("0").rstrip(".")
        given = {"printed": printed, "value": value, "precision": precision, "derivation": ""}
        rows[id] = {**row, **given}
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
        return "rests on a cell that fails"
    return "nothing is left to compute it from"


def _may_show_receipts(last: ast.stmt) -> bool:
    """Is the last statement of a cell worth running? A chart alone is not: drawing takes time."""
    if not isinstance(last, ast.Expr):
        return True
    if isinstance(last.value, ast.Call) and isinstance(last.value.func, ast.Name):
        return last.value.func.id in _SHOW_RECEIPTS
    return isinstance(last.value, (ast.Name, ast.List, ast.Tuple, ast.Subscript))


def _receipt_ids(source: str) -> list[str]:
    return re.findall(r"""\b(?:receipt|ruling)\(\s*["']([\w-]+)["']""", source)
