"""Claim cards on paper: rules on a page, verdicts and cards to cut out, and the key as a sheet apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from receiptbook.book.imprint import imprint
from receiptbook.exercises import ClaimCard, piles
from receiptbook.receipts import VERDICTS, Verdict
from receiptbook.tables import load
from receiptbook.templates import render

SHORT = 420  # characters of a card that fit on an eighth of a page; longer ones get a sixth


@dataclass(frozen=True)
class Round:
    """Cards that are sorted together, and the verdicts they are sorted into."""

    name: str
    cards: tuple[ClaimCard, ...]
    verdicts: tuple[Verdict, ...]
    long: bool


def rounds_of(cards: Iterable[ClaimCard]) -> list[Round]:
    """The rounds in their order, each with its cards."""
    return [
        Round(name, some, tuple(piles(some)), max(map(_length, some)) > SHORT)
        for name, group in groupby(cards, key=lambda card: card.round)
        for some in [tuple(group)]
    ]


def _length(card: ClaimCard) -> int:
    return len(card.statement) + sum(len(text) for _, told in card.face for text in told)


def card_sheet(cards: Iterable[ClaimCard], title: str = "Claim cards", names: str = "") -> str:
    """Rules, verdicts and cards as html for A4: nothing on them tells where a card belongs.

    names: what the texts are that the cards say a statement is in, in a sentence or two.
    """
    return _page("cards.html", cards, title, names=names)


def card_key(cards: Iterable[ClaimCard], title: str = "Claim cards: the key") -> str:
    """The verdict of each card as html for A4, with what the ledger says about it."""
    return _page("cards_key.html", cards, title)


def _page(template: str, cards: Iterable[ClaimCard], title: str, **more: str) -> str:
    folder = Path(__file__).parent
    return render(
        folder / template,
        title=title,
        style=(folder / "cards.css").read_text("utf-8"),
        rounds=rounds_of(cards),
        VERDICTS=VERDICTS,
        credit=f"From {imprint().title}, {load().licence}. Every card is an entry of its ledger.",
        **more,
    )
