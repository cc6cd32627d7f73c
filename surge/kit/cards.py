"""The claim cards of this book: which entries are in play stands beside the page that plays them."""

from __future__ import annotations

from functools import lru_cache

from receiptbook.book import Book
from receiptbook.dates import day_name
from receiptbook.exercises import ClaimCard, claim_cards
from receiptbook.kit import STUDENTS, TEACHER, KitFile, card_key, card_sheet
from receiptbook.receipts import claims, collect
from receiptbook.tables import load

PAGE = "claim-cards"
NEWS = "chinadaily-20260205"  # the source that the cards call by its paper


def files() -> list[KitFile]:
    """The cards to cut out and their key."""
    return [
        KitFile(f"handouts/{PAGE}.pdf", STUDENTS, "claim cards", "",
                lambda: card_sheet(deck(), names=_names())),
        KitFile(f"handouts/{PAGE}-key.pdf", TEACHER, "claim cards: key", "",
                lambda: card_key(deck())),
    ]  # fmt: skip


def _names() -> str:
    """What the texts are that the cards say a statement is in."""
    news = load().sources[NEWS]
    return (
        f"{news.publisher} is the news report of {day_name(news.date)} that names this paper. “The "
        "essay” is this book’s word for a longer text by an unknown author, which draws conclusions "
        "from the same figures."
    )


@lru_cache(maxsize=1)
def deck() -> tuple[ClaimCard, ...]:
    """All cards, with the verdicts of the ledger as it stands."""
    book = Book.here()
    table = book.chapters / f"{PAGE}.csv"
    return tuple(claim_cards(table, collect.linkable(book.written_pages()), claims.tested_texts()))
