"""What if a figure had been printed differently: the receipts before and after a change."""

from __future__ import annotations

import ast
import contextlib
import contextvars
import csv
import io
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from receiptbook.book import Book
from receiptbook.book.notebooks import code_of, read_notebook
from receiptbook.numbers import QuantityError, published
from receiptbook.receipts import claims
from receiptbook.receipts.facts import Receipt
from receiptbook.tables import Data, load
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

    The tables are copied, the copy is changed, and the chapters that use these figures are run
    twice, on the tables and on the copy; nothing in data/ is touched. Charts are not drawn.

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
def _as_published(names: tuple[str, ...], root: Path, edition: tuple) -> dict[str, Receipt]:
    return _receipts_of(names, root)[0]


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


def _altered(tables: Data, changes: Mapping[str, str], folder: Path) -> Path:
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
    def keep(*shown) -> None:
        for value in shown:
            for one in value if isinstance(value, (list, tuple)) else (value,):
                if isinstance(one, Receipt):
                    made[one.id] = one

    names = {"__name__": "chapter", "display": keep}
    for cell in read_notebook(path).cells:
        if cell.cell_type != "code" or "widget" in cell.metadata.get("tags", ()):
            continue
        tree = ast.parse(cell.source)
        if _called(tree) & _SKIPPED:
            continue
        if tree.body and not _may_show_receipts(tree.body[-1]):
            tree.body.pop()
        # As at a prompt, the value of a line that stands alone goes to the display hook.
        code = compile(ast.Interactive(tree.body), path.name, "single")
        try:
            with contextlib.redirect_stdout(io.StringIO()), _displayed_by(keep):
                exec(code, names)
        except Exception as error:  # whatever a chapter's code raises over altered figures
            for name in _assigned(tree):  # so that later cells do not go on with older values
                names.pop(name, None)
            for id in _receipt_ids(cell.source):
                failed[id] = _reason(error).removeprefix(f"{id}: ")


@contextlib.contextmanager
def _displayed_by(hook: Callable[[object], None]) -> Iterator[None]:
    """What a line evaluates to goes to `hook` for a while."""
    usual, sys.displayhook = sys.displayhook, hook
    try:
        yield
    finally:
        sys.displayhook = usual


def _called(tree: ast.AST) -> set[str]:
    """Names of the functions that code calls."""
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {called.id for called in calls if isinstance(called, ast.Name)}


def _reason(error: Exception) -> str:
    if isinstance(error, (claims.ClaimError, QuantityError)):
        return str(error).partition("\n")[0]
    if isinstance(error, NameError):
        return "rests on a cell that fails"
    return "nothing is left to compute it from"


def _assigned(tree: ast.Module) -> set[str]:
    return {node.id for node in ast.walk(tree)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}  # fmt: skip


def _may_show_receipts(last: ast.stmt) -> bool:
    """Is the last statement of a cell worth running? A chart alone is not: drawing takes time."""
    if not isinstance(last, ast.Expr):
        return True
    if isinstance(last.value, ast.Call) and isinstance(last.value.func, ast.Name):
        return last.value.func.id in _SHOW_RECEIPTS
    return isinstance(last.value, (ast.Name, ast.List, ast.Tuple, ast.Subscript))


def _receipt_ids(source: str) -> list[str]:
    return re.findall(r"""\b(?:receipt|ruling)\(\s*["']([\w-]+)["']""", source)
