"""One figure as a quantity: read from its printed form, or worked out from others."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from receiptbook.numbers import (
    Interval,
    Quantity,
    QuantityError,
    Reading,
    published,
    unit,
)
from receiptbook.tables.expression import evaluate


def figure_of(row: Mapping[str, str]) -> Quantity:
    """The quantity of one row of a table, as an input with id, label, date and sources.

    Raises
    ------
    QuantityError
        if unit, printed form or derivation cannot be read.

    >>> row = {"id": "users", "printed": "602 million", "unit": "persons", "date": "2025-12-31"}
    >>> figure_of(row).range_text
    '601.5 to 602.5 million'
    """
    month, symbol = row.get("date", "")[:7], row.get("symbol", "")
    dated = f"{symbol}({month})" if symbol and month else symbol
    known = {
        "id": row["id"],
        "label": dated or row.get("label") or row["id"],
        "date": row.get("date", ""),
        "sources": tuple(filter(None, row.get("sources", "").split(";"))),
        "note": row.get("note", ""),
    }
    if row.get("derivation"):
        precision = row.get("precision") or None
        return derived(row["derivation"], row["unit"], row["value"], precision, **known)
    return read_as(row, row["printed"], **known)


def read_as(row: Mapping[str, str], printed: str, **known) -> Quantity:
    """A printed form read in the unit, and to the precision, of a row.

    known : what else is known of it; see `published`
    """
    return published(printed, row["unit"], precision=row.get("precision") or None, **known)


def derived(
    text: str, unit_name: str, value: str, precision: str | None = None, **known
) -> Quantity:
    """A figure that was worked out from printed ones, for example "3.64亿 / (1 + 6%)".

    It stands as an input of its own, with the range that the printed forms allow. A bare number
    ("1", "41") is exact; the same printed form stands for the same figure wherever it is repeated.

    Parameters
    ----------
    text : printed forms joined by + - * / between blanks, with brackets
    unit_name : what the result counts
    value : the result as the table states it; its last digit tells the step of the reading
    precision : one unit of the result's last significant digit, in the unit, where the printed
        forms hide it; the range is then half of that to either side
    """
    target = unit(unit_name)
    seen: dict[str, Quantity] = {}

    def operand(form: str):
        if form not in seen:
            try:
                seen[form] = published(form)
            except QuantityError:
                seen[form] = published(form, target if target.kind == "amount" else "items")
        return seen[form]

    result = evaluate(text, operand)
    if isinstance(result, Fraction):
        centre = result * target.scale
    elif result.unit.kind != target.kind or result.unit.things != target.things:
        raise QuantityError(f"{text!r} gives {result.unit} where the unit is {target}")
    else:
        centre = result.value
    interval = interval_of(result)
    if isinstance(result, Fraction):
        interval = interval.scaled(target.scale)
    if precision:
        half = Fraction(precision) * target.scale / 2
        interval = Interval(centre - half, centre + half)
    reading = Reading(text, centre, last_unit(value) * target.scale, interval, None, "derived")
    return Quantity(target, "input", (), printed=text, reading=reading, **known)


def interval_of(x: Quantity | Fraction) -> Interval:
    """The range of a quantity; a plain number is exact."""
    return Interval(x, x) if isinstance(x, Fraction) else x.interval


def last_unit(value: str) -> Fraction:
    """One unit of the last digit of a plain number that is not a trailing zero.

    >>> last_unit("343000000"), last_unit("42.8")
    (Fraction(1000000, 1), Fraction(1, 10))
    """
    whole, _, decimals = value.lstrip("-").partition(".")
    if decimals:
        return Fraction(1, 10 ** len(decimals))
    zeros = len(whole) - len(whole.rstrip("0"))
    return Fraction(10**zeros) if whole.strip("0") else Fraction(1)
