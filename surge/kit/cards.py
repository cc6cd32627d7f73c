"""The claim cards of this book: which entries are in play stands beside the page that plays them."""

from __future__ import annotations

from functools import lru_cache

from receiptbook.book import Book
from receiptbook.exercises import ClaimCard, claim_cards
from receiptbook.kit import STUDENTS, TEACHER, KitFile, card_key, card_sheet
from receiptbook.receipts import claims, collect

PAGE = "claim-cards"
NAMES = (
    "China Daily is the news report of 5 February 2026 that names this paper. “The essay” is this "
    "book’s word for a longer text by an unknown author, which draws conclusions from the same figures."
)


def files() -> list[KitFile]:
    """The cards to cut out and their key."""
    return [
        KitFile(
            f"handouts/{PAGE}.pdf",
            STUDENTS,
            "claim cards",
            "",
            lambda: card_sheet(deck(), names=NAMES),
        ),
        KitFile(
            f"handouts/{PAGE}-key.pdf", TEACHER, "claim cards: key", "", lambda: card_key(deck())
        ),
    ]


@lru_cache(maxsize=1)
def deck() -> tuple[ClaimCard, ...]:
    """All cards, with the verdicts of the ledger as it stands."""
    book = Book.here()
    table = book.chapters / f"{PAGE}.csv"
    return tuple(claim_cards(table, collect.linkable(book.written_pages()), claims.tested_texts()))
