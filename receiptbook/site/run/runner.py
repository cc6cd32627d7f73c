"""Runs a chapter's cells in the page, and gives their outputs as the book stores them.

It runs where there is no IPython and no kernel; the worker calls `start`, then `run` for each cell.
Before a cell asks for more, only the standard library and receiptbook.book are imported.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import hashlib
import io
import json
import pprint
import re
import traceback
from collections.abc import Iterable, Mapping
from typing import Any

from receiptbook.book.outputs import CAPTION, CHART, RECEIPT, WIDGET

PAGE = re.compile(r"\]\(([\w./-]+)\.(?:ipynb|md)(?=[#)])")  # a link to a page of the book
#: packages of the second archive, and names that look into the third; each is fetched when a cell asks
SECOND = frozenset({"numpy", "pandas", "altair"})
THIRD = frozenset({"what_if", "ledger", "outline"})
ASKING = THIRD | {"question", "check"}
WIDTH = 79  # of a plain line, as IPython breaks them


class Wanted(Exception):
    """A cell asks for an archive that is not there: the worker fetches it and runs the cell again."""


# ------------------------------------------------------------------------------- stored outputs


def canonical(outputs: Iterable[Mapping[str, Any]]) -> list[dict]:
    """Outputs as they are compared, without widgets."""
    kept = []
    for output in outputs:
        one = {k: v for k, v in output.items() if k not in ("metadata", "execution_count")}
        if "data" in one:
            one["data"] = {k: v for k, v in one["data"].items() if k != WIDGET}
        kept.append(one)
    return kept


def digest(outputs: list[dict]) -> str:
    """A short name for the bytes of canonical outputs; the page knows that of the stored ones.

    >>> digest([{"output_type": "stream", "text": "六"}])
    '0fc343222b5f056d'
    """
    text = json.dumps(outputs, ensure_ascii=False, sort_keys=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


# ---------------------------------------------------------------------------------- what rests on


def names(source: str) -> list[list[str]]:
    """The names that a cell sets or changes, and those that it uses; none if it cannot be read.

    >>> names("rate = users / people\\ntable['rate'] = rate")
    [['rate', 'table'], ['people', 'rate', 'table', 'users']]
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return [[], []]
    sets, uses = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (uses if isinstance(node.ctx, ast.Load) else sets).add(node.id)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            sets |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            sets.add(node.name)
        elif isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.ctx, ast.Store):
            sets.add(_root(node))
        elif isinstance(node, ast.Expr) and isinstance(
            getattr(node.value, "func", None), ast.Attribute
        ):
            sets.add(_root(node.value.func))  # table.update(…) changes the table
    return [sorted(n for n in found if n and not hasattr(builtins, n)) for found in (sets, uses)]


def _root(node: ast.AST) -> str:
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


# --------------------------------------------------------------------------------------- running


class Chapter:
    """One namespace in which cells run, as a kernel has it."""

    def __init__(self) -> None:
        self.names = {"__name__": "__main__", "__builtins__": builtins, "display": self.display}
        self.outputs: list[dict] = []

    def display(self, *things: Any, **_: Any) -> None:
        for thing in things:
            self._show("display_data", thing)

    def _show(self, kind: str, thing: Any) -> None:
        made = getattr(thing, "shown", None)  # a chart and its words are two outputs
        if callable(made) and hasattr(thing, "_ipython_display_"):
            kind, found = "display_data", made()
        else:
            found = [bundle(thing)]
        self.outputs += ({"output_type": kind, "metadata": {}, "data": data} for data in found)

    def run(self, source: str, absent: Iterable[str] = ()) -> list[dict]:
        """Execute one cell and return its outputs; an error is the last of them.

        Raises Wanted if the cell asks for one of the archives that are `absent`.
        """
        if "chapters.bin" in absent and THIRD & {*names(source)[1]}:
            raise Wanted("chapters.bin")
        self.outputs, printed, failed = [], io.StringIO(), None
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            try:
                self._execute(source)
            except ModuleNotFoundError as error:
                if "charts.bin" in absent and (error.name or "").partition(".")[0] in SECOND:
                    raise Wanted("charts.bin") from None
                failed = error
            except BaseException as error:  # whatever a reader's own code raises
                failed = error
        if text := printed.getvalue():
            self.outputs.insert(0, {"output_type": "stream", "name": "stdout", "text": text})
        if failed is not None:
            self.outputs.append(_error(failed))
        return self.outputs

    def _execute(self, source: str) -> None:
        tree, last = ast.parse(source), None
        if tree.body and isinstance(tree.body[-1], ast.Expr) and source.rstrip()[-1:] != ";":
            last = ast.Expression(tree.body.pop().value)
        exec(compile(tree, "<cell>", "exec"), self.names)
        if last is not None:
            value = eval(compile(last, "<cell>", "eval"), self.names)
            if value is not None:
                self.names["_"] = value
                self._show("execute_result", value)


def bundle(thing: Any) -> dict[str, Any]:
    """What IPython's formatters would give for a value: by its own methods, else plain text."""
    if isinstance(thing, type):
        return {"text/plain": repr(thing)}
    if hasattr(thing, "_repr_mimebundle_"):
        data = thing._repr_mimebundle_()
        data = dict(data[0] if isinstance(data, tuple) else data or {})
        data.pop(WIDGET, None)
        if data:
            return {"text/plain": repr(thing)} | data
    data = {"text/plain": plain(thing)}
    if (html := getattr(thing, "_repr_html_", None)) and (made := html()):
        data["text/html"] = made
    return data


def plain(thing: Any) -> str:
    """A value as text; a long list or mapping is broken into lines."""
    text = repr(thing)
    if type(thing) in (list, tuple, dict, set) and len(text) > WIDTH:
        return pprint.pformat(thing, width=WIDTH, sort_dicts=False)
    return text


def _error(error: BaseException) -> dict:
    """An error as an output: its kind, what it says, the line of the cell, what to do."""
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == "<cell>"]
    line = error.lineno if isinstance(error, SyntaxError) else (lines or [None])[-1]
    words = str(error.msg if isinstance(error, SyntaxError) else error)
    told = traceback.format_exception(error)
    return {
        "output_type": "error", "ename": type(error).__name__, "evalue": words, "line": line,
        "hint": _hint(error), "traceback": told,
    }  # fmt: skip


def _hint(error: BaseException) -> str:
    if isinstance(error, ModuleNotFoundError):
        return (
            "Python in this page has its standard library, numpy, pandas, altair and the book’s own "
            "packages. For others, run the notebook in your own Jupyter."
        )
    if isinstance(error, NameError):
        return "A cell that sets this name may not have run. Run all runs them in order."
    if isinstance(error, MemoryError):
        return "This tab’s Python has no memory left. Stop, then run with less."
    if isinstance(error, OSError):
        return "Python in this page cannot reach files of this device or other sites."
    return ""


# ------------------------------------------------------------------------------ for the worker


def start() -> Chapter:
    """The chapter of a page, in which nothing has run yet."""
    from IPython import get_ipython  # the stand-in; pandas looks for it among the builtins

    builtins.get_ipython = get_ipython
    return Chapter()


def run(chapter: Chapter, source: str, absent: Iterable[str], printed: str, ledger: str) -> str:
    """Run one cell; JSON of its outputs, ready to be shown, and their digest, or of what it wants.

    printed: the digest of what is printed; what is the same need not be shown again.
    """
    try:
        outputs = chapter.run(source, absent)
    except Wanted as wanted:
        return json.dumps({"wants": str(wanted)})
    stored = canonical(outputs)
    try:
        name = digest(stored)
    except (TypeError, ValueError):  # a value that JSON does not hold: it is another output
        name = ""
    sets, uses = names(source)
    seen = (one for one in stored if CAPTION not in one.get("data", {}))  # the chart has it
    ready = [] if name == printed else [shown(one, ledger) for one in seen]
    told = {"outputs": ready, "digest": name, "sets": sets, "uses": uses}
    return json.dumps(told, ensure_ascii=False, default=str)


def otherwise(changes: str, sources: str, printed: str, ledger: str) -> str:
    """Run some cells over tables with figures printed otherwise; JSON of what the last one shows.

    The chapter that the reader works in stays as it is. A cell that fails is passed over, as is one
    that asks or checks: only the last one counts.

    changes : the other printed forms by figure, as JSON; sources : the cells in order, as JSON
    printed : the digest of what the last one stores; an output with the same is left out
    """
    from receiptbook.exercises.changes import altered
    from receiptbook.receipts.facts import DISPLAYED
    from receiptbook.tables import in_place, load

    *before, last = json.loads(sources)
    kept, chapter = dict(DISPLAYED), Chapter()
    try:
        with in_place(altered(load(), json.loads(changes))):
            for source in before:
                if not ASKING & {*names(source)[1]}:
                    chapter.run(source)
            outputs = chapter.run(last)
    finally:
        DISPLAYED.clear()
        DISPLAYED.update(kept)
    stored = canonical(outputs)
    same = digest(stored) == printed
    return json.dumps({"outputs": [] if same else [shown(one, ledger) for one in stored]})


def shown(output: dict, ledger: str = "ledger.html") -> dict:
    """An output made ready for the page: receipts as its cards, Markdown as HTML, charts in its colours."""
    data = output.get("data", {})
    if (stored := data.get(RECEIPT)) is not None:
        many = stored if isinstance(stored, list) else [stored]
        return {"output_type": "receipt", "cards": [_card(one, ledger) for one in many]}
    if (spec := data.get(CHART)) is not None:
        return {"output_type": "chart", "chart": _coloured(spec), "words": _words(spec)}
    if "text/markdown" in data and "text/html" not in data:
        from receiptbook.markdown import block

        return {**output, "html": block(PAGE.sub(r"](\1.html", data["text/markdown"]))}
    return output


def _words(spec: Mapping[str, Any]) -> dict[str, str]:
    """What a chart says of itself, as HTML; empty where a reader's own chart says nothing."""
    from receiptbook.markdown import inline, words

    card = (spec.get("usermeta") or {}).get("receiptbook") or {}
    told = {
        name: inline(PAGE.sub(r"](\1.html", card.get(name, ""))) for name in ("title", "caption")
    }
    return {**told, "alt": words(card.get("alt", "")) or "Chart"}


def _coloured(spec: Any) -> Any:
    """The colours of the book by name, so that light, dark and print follow; others stay."""
    from receiptbook.charts.walk import strings
    from receiptbook.site.palette import HEX, NAMES

    def named(match: re.Match) -> str:
        name = NAMES.get(match[0].lower())
        return f"var(--{name})" if name else match[0]

    return strings(spec, lambda text: HEX.sub(named, text))


def _card(stored: dict, ledger: str) -> str:
    from receiptbook.receipts.facts import Receipt
    from receiptbook.site.receipt import receipt_html
    from receiptbook.tables import load

    return receipt_html("receipt.html", Receipt.from_json(stored), load().sources, ledger=ledger)
