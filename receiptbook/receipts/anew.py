"""Stored receipts worked out anew over other tables, without running the chapters that made them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from receiptbook.numbers import QuantityError
from receiptbook.receipts.claims import ClaimError, receipt
from receiptbook.receipts.facts import Receipt
from receiptbook.receipts.trees import figures_of, holds, worked_out
from receiptbook.tables import Data, in_place
from receiptbook.tables.relations import sides


@dataclass(frozen=True)
class Resting:
    """What rests on some figures, by id.

    Attributes
    ----------
    arithmetic : receipts whose derivation computes with one of them, or is judged by one
    by_model : receipts for which code worked a value out from one of them
    worded : verdicts whose grounds compare one of them
    to_reread : other verdicts that name as evidence what rests on one of them
    """

    arithmetic: tuple[str, ...]
    by_model: tuple[str, ...]
    worded: tuple[str, ...]
    to_reread: tuple[str, ...]


def resting(stored: Mapping[str, Mapping], ids: Iterable[str]) -> Resting:
    """What of some stored receipts rests on some figures."""
    ids = set(ids)
    found: dict[str, list[str]] = {name: [] for name in Resting.__dataclass_fields__}
    for id, one in stored.items():
        named, behind = figures_in(one)
        if ids & (behind | behind_a_model(one)):
            found["by_model"].append(id)
        elif ids & named and one["kind"] == "worded":
            found["worded"].append(id)
        elif ids & named:
            found["arithmetic"].append(id)
    moved = ids.union(*found.values())
    for id, one in stored.items():
        if one["kind"] == "worded" and moved & set(one["because"]) and id not in moved:
            found["to_reread"].append(id)
    return Resting(**{name: tuple(some) for name, some in found.items()})


def behind_a_model(one: Mapping) -> set[str]:
    """The figures that a receipt rests on by way of code alone; none if it tells its arithmetic."""
    if one.get("tree") or one["kind"] == "worded":
        return set()
    judged, _ = figures_of(one.get("against", ""))
    return judged | {i["id"] for i in one["inputs"] if i.get("id")}


def figures_in(one: Mapping) -> tuple[set[str], set[str]]:
    """The figures that a stored receipt computes or is judged with: named, and behind a model."""
    texts = [one.get("tree", ""), one.get("against", "")]
    texts += [side for ground in one["grounds"] for side in sides(ground.get("test", ""))]
    named, behind = zip(*map(figures_of, texts), strict=True)
    return set().union(*named), set().union(*behind)


def anew(one: Mapping, tables: Data) -> Receipt:
    """A stored receipt over other tables; its grounds and its verdict follow.

    Raises
    ------
    ClaimError
        if a ground of a verdict no longer holds
    QuantityError
        if it has no value over these tables
    """
    with in_place(tables):
        if one["kind"] == "worded":
            return _ruled_anew(one, tables)
        against = worked_out(one["against"], tables) if one.get("against") else None
        return replace(
            receipt(
                one["id"],
                worked_out(one["tree"], tables),
                one["statement"],
                unit=one["unit"],
                against=against,
                note=one["note"],
            ),
            formula=one["formula"],
            where=one.get("where"),
        )


def _ruled_anew(one: Mapping, tables: Data) -> Receipt:
    for ground in one["grounds"]:
        if (test := ground.get("test")) and not holds(test, tables):
            said = re.sub(r" \([^()]*\d[^()]*\)", "", ground["text"])  # the ranges were another's
            raise ClaimError(f"{one['id']}: its ground no longer holds: {said}")
    return Receipt.from_json(one)


def outcome(one: Mapping, tables: Data) -> tuple[Receipt | None, str]:
    """The receipt anew, or None and the reason why there is none."""
    try:
        return anew(one, tables), ""
    except (ClaimError, QuantityError) as error:
        return None, str(error).removeprefix(f"{one['id']}: ")
