"""The ledger lists every claim and every receipt, and is the one stored in the book."""

import shutil

import pytest

from receiptbook.book import Book
from receiptbook.receipts import claims, collect, ledger
from receiptbook.receipts.verdicts import VERDICTS, Verdict


@pytest.fixture(scope="module")
def entries():
    return ledger.entries()


def test_every_claim_of_the_news_texts_stands_in_the_ledger_in_order(entries):
    assert [one["id"] for one in entries if one["group"] == "claim"] == list(claims.claims())


def test_every_receipt_of_a_chapter_and_every_quoted_row_stands_in_the_ledger(entries):
    listed = {one["id"] for one in entries}
    paths = Book.here().written_pages()
    assert set(collect.stored_receipts(p for p in paths if p.suffix == ".ipynb")) <= listed
    assert set(collect.cited(paths)) <= listed


def test_the_stored_ledger_is_the_current_one():
    book = Book.here()
    assert book.ledger.read_text("utf-8") == ledger.page(book), "run `make refresh`"


def test_each_entry_of_the_ledger_is_a_section_under_its_id(entries):
    assert ledger.listed(Book.here().ledger) == {one["id"] for one in entries}


def test_each_verdict_has_a_mark_of_its_own():
    assert list(VERDICTS) == list(Verdict)
    assert len({row.mark for row in VERDICTS.values()}) == len(VERDICTS)


def test_the_word_for_a_part_in_the_claims_finds_one_part_of_the_book():
    """ledger.js looks for it in the titles."""
    titles = [part.title.lower().split() for part in Book.here().parts()]
    for claim in claims.claims().values():
        assert sum(claim.part in title for title in titles) == 1, claim.part


def test_the_ledger_of_a_book_is_made_from_its_own_tables(tmp_path):
    book = Book(tmp_path)
    book.chapters.mkdir()
    shutil.copytree(Book.here().data, book.data)
    (tables,) = book.data.glob("*claims.csv")
    first = next(iter(claims.claims().values())).statement
    tables.write_text(tables.read_text("utf-8").replace(first, "Another statement", 1), "utf-8")
    assert ledger.entries(book)[0]["statement"] == "Another statement"
    assert "Another statement." in ledger.page(book)


def test_writing_twice_changes_nothing(tmp_path):
    book = Book(tmp_path)
    shutil.copytree(Book.here().chapters, book.chapters)
    shutil.copytree(Book.here().data, book.data)
    book.ledger.unlink()
    assert ledger.write(book)
    assert not ledger.write(book)
