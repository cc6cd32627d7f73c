"""Receipts that need no cell: what was looked for and not found, and comparisons in words.

A table with the role "absences" says what was searched for, in which words, where, and how far the
search could see. A table with the role "comparisons" holds statements such as "growth slowed", each
with a guard over figures and receipts; the statement stands while the guard holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction

from receiptbook.numbers import Quantity, QuantityError, computed
from receiptbook.receipts.facts import Receipt
from receiptbook.receipts.verdicts import Verdict
from receiptbook.tables import Data, DataError
from receiptbook.tables.problems import Problem
from receiptbook.tables.relations import PRESENCE, in_words

ABSENCES, COMPARISONS = "absences", "comparisons"
NOT_FOUND = "Not found: "  # begins the statement of an absence


def absence(row: Mapping[str, str]) -> Receipt:
    """The receipt of something that was looked for and not found."""
    what = row["what"]
    if what[1:2].islower():  # "AI" and other capitals stay
        what = what[0].lower() + what[1:]
    searched = (
        f"Searched for {row['words']} in {row['searched']} on {row['searched_on']}; the newest text "
        f"on the matter that could be seen is of {row['newest_source']}. Found instead: {row['found']}"
    )
    return Receipt(
        id=row["id"],
        kind="absence",
        statement=f"{NOT_FOUND}{what}",
        verdict=Verdict.MISSING,
        sources=tuple(filter(None, row["sources"].split(";"))),
        would_change="A page that prints it",
        note=" ".join(filter(None, (searched, row["note"]))),
    )


def comparison(
    row: Mapping[str, str], tables: Data, stored: Mapping[str, Mapping] | None = None
) -> Receipt:
    """The receipt of a comparison in words: supported while its guards hold, else contradicted.

    row : id, statement, guard, note; several guards are parted by a semicolon and a blank
    stored : receipts of the chapters by id, which guards may name beside figures

    Raises
    ------
    QuantityError
        if a guard cannot be read or mixes units
    KeyError
        if a guard names neither a figure nor a receipt
    """

    def look_up(id: str) -> Quantity:
        if id not in (stored or {}):
            raise KeyError(f"no figure or receipt {id!r}")
        return stored_quantity(stored[id], stored[id]["statement"])

    grounds, sources, because = [], [], []
    for guard in row["guard"].split("; "):
        ids = re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)+", guard)
        because += ids
        grounds.append(
            {"text": _told(guard, tables, look_up), "holds": tables.holds(guard, look_up)}
        )
        for id in ids:
            one = (stored or {}).get(id)
            sources += tables[id].sources if id in tables else one["sources"] if one else ()
    holds = all(ground["holds"] for ground in grounds)
    return Receipt(
        id=row["id"],
        kind="comparison",
        statement=row["statement"].rstrip("."),
        verdict=Verdict.SUPPORTED if holds else Verdict.CONTRADICTED,
        sources=tuple(dict.fromkeys(sources)),
        because=tuple(dict.fromkeys(id for id in because if id in tables or id in (stored or {}))),
        grounds=tuple(grounds),
        note=row["note"] or None,
    )


def stored_quantity(receipt: Mapping, formula: str) -> Quantity:
    """A stored receipt's number with its range, as a quantity that nothing is correlated with.

    formula : what stands for it where the quantity is written out

    Raises
    ------
    KeyError
        if the receipt holds no number with a range
    """
    ends = [receipt[key] for key in ("value", "lower", "upper")]
    if None in ends:
        raise KeyError(f"the receipt {receipt['id']!r} holds no number with a range")
    value, lower, upper = (Fraction(repr(end)) for end in ends)
    return computed(value, receipt["unit"], (), formula, lower=lower, upper=upper)


def _told(guard: str, tables: Data, look_up) -> str:
    if match := PRESENCE.fullmatch(guard):
        return f"there is {'an' if match[1] == 'present' else 'no'} entry {match[2]}"
    first, relation, second = tables.compared(guard, look_up)
    return in_words(_side(first), relation, _side(second))


def _side(x: Quantity | Fraction) -> str:
    if isinstance(x, Fraction):
        return f"{float(x):g}"
    return (
        f"{x.label or x.formula} ({x.range_text})"
        if x.is_input
        else f"{x.formula} ({x.range_text})"
    )


def findings(
    tables: Data, stored: Mapping[str, Mapping] | None = None, ids: Iterable[str] = ()
) -> dict[str, Receipt]:
    """The receipts of all absences and comparisons that are among `ids`, by id.

    Raises
    ------
    DataError
        naming file and row of a guard that names neither a figure nor a receipt, or mixes units
    """
    wanted = set(ids)
    found = {id: absence(row) for id, row in tables.entries(ABSENCES).items() if id in wanted}
    for id, row in tables.entries(COMPARISONS).items():
        if id in wanted:
            try:
                found[id] = comparison(row, tables, stored)
            except (KeyError, QuantityError) as error:
                file, number = tables.place_of(id)
                raise DataError(
                    [Problem(file, number, "guard", repr(row["guard"]), "a test of figures and receipts",
                             f"{error.args[0]}; correct its id, or make the receipt.")]
                ) from None  # fmt: skip
    return found
