"""What the page must answer as Python does: every receipt, as published and with a figure moved."""

import functools
import math
from collections.abc import Iterator
from fractions import Fraction

from bench import drill
from receiptbook.book import Book
from receiptbook.exercises.changes import altered
from receiptbook.numbers import QuantityError
from receiptbook.receipts import collect
from receiptbook.receipts.anew import outcome, resting
from receiptbook.site import live, static
from receiptbook.tables import load

TABLES = load()
STORED = collect.stored_receipts(Book.here().notebooks())
FACTS = live.facts(STORED, TABLES)
SHIFTS = ("one unit of its last digit", "a tenth more", "a tenth less")
AS_PUBLISHED = "as published"

#: for each [changes, ids] what the page says of each receipt
ANSWERS = """(cases) => cases.map(([changes, ids]) => {
  Live.compare(changes);
  return ids.map((id) => {
    const one = Live.answer(id), f = (x) => x.join("/");
    return one.failed ? ["failed"] : [f(one.value), f(one.range[0]), f(one.range[1]),
      one.range[2], one.range[3], one.verdict, one.shown, one.told];
  });
})"""


def engine() -> str:
    """The script's reader and ranges with the book's facts, without what it does to a page."""
    parts = [static.source(f"live/{part}.js") for part in live.PARTS[:-1]]
    return "\n".join([*parts, f"Live.start({live.compact(FACTS)});"])


def ratio(x) -> str:
    """An exact number as the page writes it; no bound is a division by zero."""
    if math.isinf(x):
        return "1/0" if x > 0 else "-1/0"
    return "{}/{}".format(*Fraction(x).as_integer_ratio())


def told(id: str, tables) -> list:
    """What Python says of a receipt over some tables: value, ends, openness, verdict, words."""
    receipt, why = outcome(STORED[id], tables)
    if why:
        return ["failed"]
    quantity, interval = receipt.quantity, receipt.quantity.interval
    ends = [ratio(x) for x in (quantity.value, interval.lower, interval.upper)]
    openness = [interval.lower_open, interval.upper_open]
    return [*ends, *openness, str(receipt.verdict), receipt.shown, receipt.range]


def shifted(id: str, how: str) -> str | None:
    """The figure's printed form moved by so much; None where no rule writes the new form."""
    figure = TABLES[id]
    try:
        if how == SHIFTS[0]:
            return drill.changed_in(TABLES, id)["printed"] or None
        factor = Fraction(11, 10) if how == SHIFTS[1] else Fraction(9, 10)
        return figure.reading.rewrite(figure.value * factor)
    except QuantityError:
        return None


def _changes(how: str) -> Iterator[tuple[dict[str, str], list[str]]]:
    """Each change with the receipts that rest on it."""
    if how == AS_PUBLISHED:
        yield {}, list(FACTS["receipts"])
        return
    for figure in FACTS["figures"]:
        ids = list(resting(STORED, [figure]).arithmetic)
        if form := shifted(figure, how) if ids else None:
            yield {figure: form}, ids


@functools.cache
def cases(how: str) -> tuple[list[list], list[list]]:
    """Each [changes, ids], and for each what Python says; worked out once for all browsers."""
    asked = [list(one) for one in _changes(how)]
    over = [altered(TABLES, changes) if changes else TABLES for changes, _ in asked]
    wanted = [
        [told(id, tables) for id in ids] for (_, ids), tables in zip(asked, over, strict=True)
    ]
    return asked, wanted


def differences(how: str, got: list[list]) -> list[tuple]:
    """Where the answers of a page are not Python's: change, receipt, page, Python."""
    asked, wanted = cases(how)
    assert sum(map(len, wanted)) > 100
    return [
        (changes, id, said, want)
        for (changes, ids), page, python in zip(asked, got, wanted, strict=True)
        for id, said, want in zip(ids, page, python, strict=True)
        if said != want
    ]
