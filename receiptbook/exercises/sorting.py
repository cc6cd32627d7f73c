"""Claim cards: entries of the ledger to sort by verdict. The answers are the ledger's own.

A table beside a page, with the page's name, says which entries are in play and in which round. What a
card shows is what the verdict was reached from, without the verdict.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from receiptbook.dates import day_name, month_name
from receiptbook.markdown import without_links
from receiptbook.receipts import VERDICTS, Receipt, Verdict
from receiptbook.receipts.claims import Texts
from receiptbook.receipts.findings import NOT_FOUND
from receiptbook.tables import DataError, Problem, load, near, read_table

_SCHEMA = {
    "primaryKey": "id",
    "fields": [
        {"name": "id", "type": "string", "constraints": {"required": True}},
        {"name": "round", "type": "string",
         "constraints": {"required": True, "pattern": "[a-z]+(-[a-z]+)*"}},
    ],
}  # fmt: skip


@dataclass(frozen=True)
class ClaimCard:
    """One entry of the ledger as a card.

    Attributes
    ----------
    number : on the card and in the key; it tells nothing of the verdict
    round : the cards that are sorted together
    receipt : the entry
    statement : what is claimed, without a word of the verdict
    face : what the verdict was reached from: names, each with one or more texts
    why : what the ledger adds to its verdict, without links; may be empty
    """

    number: int
    round: str
    receipt: Receipt
    statement: str
    face: tuple[tuple[str, tuple[str, ...]], ...]
    why: str

    @property
    def verdict(self) -> Verdict:
        """The right pile."""
        return self.receipt.verdict


def claim_cards(
    table: Path, known: Mapping[str, Mapping[str, Any]], texts: Texts | None = None
) -> list[ClaimCard]:
    """The cards of a table in the order of their numbers, round by round.

    Parameters
    ----------
    table : a CSV with the columns id and round
    known : the stored receipts of the book by id, as the ledger has them
    texts : the texts under test, which say where a statement stands

    Raises
    ------
    DataError
        naming the row of an id that the ledger does not have
    """
    problems: list[Problem] = []
    rows = read_table(table.parent, {"path": table.name, "schema": _SCHEMA}, problems)
    for number, row in enumerate(rows, 2):
        if row and row["id"] not in known:
            problems.append(
                Problem(table.name, number, "id", repr(row["id"]), "an entry of the ledger",
                        f"Only what the ledger has can be sorted{near(row['id'], known)}")
            )  # fmt: skip
    if problems:
        raise DataError(problems)
    rounds = list(dict.fromkeys(row["round"] for row in rows))
    rows.sort(key=lambda row: (rounds.index(row["round"]), _mixed(row["id"])))
    return [
        _card(n, row["round"], Receipt.from_json(known[row["id"]]), texts or Texts())
        for n, row in enumerate(rows, 1)
    ]


def _mixed(id: str) -> str:
    """An order in which no verdict's cards lie together, the same at every build."""
    return hashlib.sha256(id.encode()).hexdigest()


def _card(number: int, round: str, receipt: Receipt, texts: Texts) -> ClaimCard:
    looked_for = receipt.verdict is Verdict.MISSING
    note = without_links(receipt.note or "")
    statement = receipt.statement.replace(NOT_FOUND, "Looked for: ")
    return ClaimCard(
        number=number,
        round=round,
        receipt=receipt,
        statement=statement,
        face=(("What was done", (_searched(note),)),) if looked_for else _face(receipt, texts),
        why="" if looked_for or receipt.verdict is Verdict.ASSUMED else note,
    )


_NAMED = re.compile(r"([A-Za-z][\w -]*?)\((\d{4}-\d\d)\)")
_DAY = re.compile(r"\b\d{4}-\d\d(?:-\d\d)?\b")


def in_words(text: str, labels: Mapping[str, str] | None = None) -> str:
    """A formula's figures as a reader says them; labels: of some, by how the formula names them.

    >>> in_words("rain(2025-12) / rain(2024-12) − 1 = 4%")
    'rain of December 2025 ÷ rain of December 2024 − 1 = 4%'
    """

    def said(found: re.Match) -> str:
        label, month = (labels or {}).get(found[0]), month_name(found[2])
        return f"{label}, {month}" if label else f"{found[1]} of {month}"

    return _NAMED.sub(said, text).replace(" / ", " ÷ ")


def _labels(test: str) -> dict[str, str]:
    """Of figures whose short name has a number in it, what they are of, by how a text names them."""
    known, found = load(), {}
    for id in re.findall(r"[a-z][\w-]+", test):
        if id in known and re.search(r"\d", (row := known.row(id))["symbol"]):
            found[f"{row['symbol']}({row['date'][:7]})"] = row["measure"]
    return found


def _searched(note: str) -> str:
    """What was searched, without the words that were typed, and its days in words."""
    return _DAY.sub(
        lambda day: day_name(day[0]), re.sub(r"^Searched for .*? in (?=\w+ )", "Searched: ", note)
    )


NOTHING = "There is nothing to recompute it from"


def piles(cards: Iterable[ClaimCard]) -> list[Verdict]:
    """The verdicts that cards are sorted into, in the order in which verdicts are listed."""
    there = {card.verdict for card in cards}
    return [verdict for verdict in VERDICTS if verdict in there]


def _face(receipt: Receipt, texts: Texts) -> tuple[tuple[str, tuple[str, ...]], ...]:
    rows: list[tuple[str, tuple[str, ...]]] = []
    if receipt.seeds:
        named = (texts.names.get(text, text) for text in (s.split(":")[0] for s in receipt.seeds))
        rows.append(("Said in", (" and ".join(dict.fromkeys(named)),)))
    if receipt.grounds:
        rows += [
            (
                name,
                tuple(
                    in_words(g["text"], _labels(g.get("test", ""))).replace(" − ", " less ")
                    for g in receipt.grounds
                    if bool(g.get("holds")) is holds
                ),
            )
            for name, holds in (("Found", True), ("Not so", False))
        ]
    elif receipt.verdict is Verdict.ASSUMED:
        rows += [("Value", (receipt.readable(),)), ("Who gives it", ("Nobody: it was chosen here",)),
                 ("Reason", (without_links(receipt.note or ""),))]  # fmt: skip
    else:
        printed = receipt.published or ("Nowhere",)
        means = receipt.passes or ("" if receipt.formula else receipt.range)
        again = in_words(f"{receipt.formula} = {receipt.range}") if receipt.formula else NOTHING
        rows += [
            ("Printed", printed),
            ("The printed words mean", (means,)),
            ("Recomputed", (again,)),
        ]
    return tuple((name, told) for name, told in rows if any(told))
