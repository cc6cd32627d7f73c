"""The answer of an exercise: arithmetic on figures and receipts, worked out with its range."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

from receiptbook.book import Book
from receiptbook.dates import month_name
from receiptbook.numbers import Quantity, QuantityError, in_numbers, show
from receiptbook.numbers.printed import as_told
from receiptbook.numbers.words import most_decimals
from receiptbook.receipts import collect
from receiptbook.receipts.claims import readable
from receiptbook.receipts.facts import DISPLAYED
from receiptbook.receipts.findings import stored_quantity
from receiptbook.receipts.trees import worked_out
from receiptbook.tables import load, near
from receiptbook.tables.expression import PLAIN_NUMBER, ExpressionError, evaluate, tokens

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+|[a-z][a-z0-9]*")


class AnswerError(ValueError):
    """The answer of an exercise cannot be worked out; the message says why and what to do."""


def is_id(token: str) -> bool:
    """Does a token of an expression name a figure or a receipt?

    >>> is_id("users-2025-12"), is_id("1.5"), is_id("602 million")
    (True, False, False)
    """
    return bool(_ID.fullmatch(token)) and not PLAIN_NUMBER.fullmatch(token)


def work_out(expression: str, look_up: Callable[[str], Quantity]) -> Quantity:
    """The quantity that an arithmetic expression of ids and plain numbers stands for.

    `look_up` turns an id into a quantity and raises KeyError for one that it does not know.

    Raises
    ------
    AnswerError
        if the expression cannot be read, holds an unknown id, or mixes units

    >>> from receiptbook.numbers import published
    >>> figures = {"after": published("602 million", "persons"),
    ...            "before": published("249 million", "persons")}
    >>> work_out("after / before - 1", figures.__getitem__).to("percent").range_text
    '141.1% to 142.5%'
    """

    def operand(token: str):
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


def figure_or_receipt(id: str, chapters: Path) -> Quantity:
    """The figure of that id, else the number of the receipt that is displayed or stored under it.

    Raises
    ------
    KeyError
        if there is neither, or the receipt holds no number with a range
    """
    tables = load()
    if id in tables:
        return tables[id]
    if _in_a_kernel() and id in DISPLAYED and (shown := DISPLAYED[id].quantity):
        return shown  # a chapter may ask about its own receipts before they are stored
    stored = _stored_receipts(chapters)
    if id not in stored:
        raise KeyError(f"no figure or receipt {id!r}{near(id, [*tables.ids, *stored])}")
    if tree := stored[id].get("tree"):
        return worked_out(tree, tables).to(stored[id]["unit"])  # it knows which figures it shares
    return stored_quantity(stored[id], stored[id]["formula"] or id)


def arithmetic(expression: str, chapters: Path) -> str:
    """An expression of ids in numbers, as it is typed into a calculator; empty for a printed figure.

    A receipt is told as one number; where it is the whole expression, by its own arithmetic.
    """
    q = _tree(expression, chapters)
    return "" if q.is_leaf else in_numbers(q)


def shown(q: Quantity, expression: str, chapters: Path) -> str:
    """The value of an expression, with no digit that its arithmetic in numbers does not give."""
    if q.is_input:
        return show(q.value, q.unit, q.decimals)
    told = as_told(_tree(expression, chapters))
    decimals = min(q.decimals, most_decimals(q.value, q.unit))
    while decimals > 0 and show(told, q.unit, decimals) != show(q.value, q.unit, decimals):
        decimals -= 1
    return show(q.value, q.unit, decimals)


def _tree(expression: str, chapters: Path) -> Quantity:
    """What an expression is worked out from; a receipt that is the whole of it by its own inputs."""
    tables = load()

    def look_up(id: str) -> Quantity:
        if id in tables:
            return tables[id]
        one = _receipt(id, chapters)
        if id == expression and one.get("tree"):
            return worked_out(one["tree"], tables)
        return stored_quantity(one, id)

    return work_out(expression, look_up)


def receipts_so_far() -> dict[str, dict]:
    """What this kernel has displayed, in order, then what the chapters store; each as JSON by id."""
    book = Book.here()
    order = {path.name: n for n, path in enumerate(book.notebooks())}
    stored = _stored_receipts(book.chapters)
    stored = dict(sorted(stored.items(), key=lambda item: order.get(item[1]["where"], len(order))))
    shown = DISPLAYED if _in_a_kernel() else {}
    where = {id: stored.get(id, {}).get("where", "") for id in shown}
    return {id: one.to_json() | {"where": where[id]} for id, one in shown.items()} | {
        id: one for id, one in stored.items() if id not in shown
    }


def needed(expression: str, chapters: Path) -> list[dict[str, str]]:
    """What an expression is worked out from, once each and in order: id, name and shown form.

    Where a receipt is the whole expression, its inputs are told instead: it would be the answer.
    """
    ids = list(dict.fromkeys(token for token in tokens(expression) if is_id(token)))
    tables = load()
    if expression in ids and expression not in tables:
        ids = [leaf["id"] for leaf in _receipt(expression, chapters)["inputs"] if leaf["id"]]
    told = [_told(id, chapters) for id in ids]
    names = [one["name"] for one in told]
    for one in told:
        if names.count(one["name"]) > 1:  # one measure of two groups: say of which
            one["name"] = f"{tables[one['id']].label.partition('(')[0].strip()}: {one['name']}"
    return told


def _told(id: str, chapters: Path) -> dict[str, str]:
    tables = load()
    if id not in tables:
        one = _receipt(id, chapters)
        return {"id": id, "name": one["statement"], "shown": one["shown"]}
    row, figure = tables.row(id), tables[id]
    name = row.get("measure") or row.get("label") or figure.label
    name += f", {month_name(figure.date)}" if figure.date else ""
    bare = PLAIN_NUMBER.fullmatch(figure.printed) and figure.unit.kind != "amount"
    shown = show(figure.value, figure.unit, figure.decimals) if bare else readable(figure)
    return {"id": id, "name": name, "shown": shown}


def _receipt(id: str, chapters: Path) -> dict:
    if _in_a_kernel() and id in DISPLAYED:
        return DISPLAYED[id].to_json()
    return _stored_receipts(chapters)[id]


def _in_a_kernel() -> bool:
    """Outside of a kernel, receipts displayed so far are another book's, or a test's."""
    shell = sys.modules.get("IPython")
    return bool(shell and shell.get_ipython())


def _stored_receipts(chapters: Path) -> dict[str, dict]:
    stored: dict[str, dict] = {}
    for path in sorted(chapters.glob("*.ipynb")):  # one by one: only the ledger minds a double id
        stored = {**collect.stored_receipts([path]), **stored}
    return stored
