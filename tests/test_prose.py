"""Numbers in prose: what counts as one, and what a link may say."""

import json

import pytest

from receiptbook import prose
from receiptbook.book import Book, outputs
from receiptbook.numbers import QuantityError
from receiptbook.receipts import collect
from receiptbook.receipts.claims import quoted, receipt
from receiptbook.tables.data import load

FREE = [
    "In December 2025, on 5 February 2026, between 2017 and 2026.",
    "The 57th report names DeepSeek V3, GPT-4 and Q1.",
    "Code such as `users * 2` and $x^2 + 1$ is no prose.",
    "[602 million](ledger.ipynb#genai-users-2025-12) users.",
    "One of them came first; the second half of 2025.",
    "A wave on 2025-12-31.",
    "% a comment with 12 numbers",
    "```python\nx = 12\n```",
    "```{figure} x.svg\n:width: 300\nNothing here.\n```",
]
CAUGHT = [
    ("There are 602 million.", ["602 million"]),
    ("It rose by 25.2 percentage points.", ["25.2 percentage points"]),
    ("They found three of them.", ["three"]),
    ("One million came.", ["One million"]),
    ("About half of them, or a third of all.", ["half", "a third of"]),
    ("# A title with 42 percent", ["42 percent"]),
    ("- a list\n- with 7 items", ["7"]),
    ("| a | b |\n|---|---|\n| 12 | x |", ["12"]),
    ("用户达6亿人。", ["6亿"]),
    ("![an image of 9 things](x.png)", ["9"]),
    ("::::{note}\nIn a note 14 stand.\n::::", ["14"]),
    ("In 2025 2025 people came.", []),
    ("By 2,025 users.", ["2,025"]),
    ("**Bold 12** and *two*.", ["12", "two"]),
]


@pytest.mark.parametrize("text", FREE)
def test_dates_names_code_and_links_are_no_bare_numbers(text):
    assert prose.unlinked(text) == []


@pytest.mark.parametrize(("text", "numbers"), CAUGHT)
def test_a_bare_number_is_found(text, numbers):
    assert prose.unlinked(text) == numbers


def test_an_exempt_phrase_covers_itself_and_no_more():
    assert prose.unlinked("Two texts and two more.", ["two texts"]) == ["two"]


TABLES = load()
USERS = TABLES.series("genai-users")
GROWTH = receipt("growth-2025", USERS["2025-12"] / USERS["2024-12"] - 1).to_json()
SHARE = receipt("share-of-netizens", USERS["2025-12"] / TABLES["internet-users-2025-12"]).to_json()
GAIN = receipt(
    "gain", TABLES["genai-rate-2025-12"] - TABLES["genai-rate-2024-12"], "Gain"
).to_json()
COUNT = quoted("genai-users-2025-12").to_json()

SAID = [
    ("602 million", COUNT, None),
    ("6.02亿", COUNT, None),
    ("603 million", COUNT, "602 million"),
    ("0.6 billion", COUNT, None),
    ("0.7 billion", COUNT, "0.6 billion"),
    ("601.5 to 602.5 million", COUNT, None),
    ("600 to 602.5 million", COUNT, "602 to 602.5 million"),
    ("141.7 percent", GROWTH, None),  # as printed
    ("141.8%", GROWTH, None),  # as recomputed
    ("141.9%", GROWTH, "141.8%"),
    ("142 percent", GROWTH, None),
    ("from 141.1% to 142.5%", GROWTH, None),
    ("from 141.1 to 142.9 percent", GROWTH, "from 141.1 to 142.5 percent"),
    ("more than half", SHARE, None),
    ("more than 60 percent", SHARE, "more than 54 percent"),
    ("about half", SHARE, "53.5%"),
    ("nearly 60%", SHARE, "nearly 54%"),
    ("25.1 percentage points", GAIN, None),
    ("derived", SHARE, None),
    ("Supported", SHARE, "Derived"),
    ("the share", SHARE, None),
]


@pytest.mark.parametrize(("text", "one", "expected"), SAID, ids=[s[0] for s in SAID])
def test_words_of_a_link_say_what_the_receipt_says(text, one, expected):
    try:
        assert prose.check_link(text, one) == expected
    except QuantityError:
        assert text == "about half"  # spelled out: refused, since no rule can rewrite it


def test_a_quotation_has_the_digits_of_what_it_quotes():
    """141.7 percent was printed and misses the recomputed 141.77; with a nought more nobody said it."""
    assert prose.check_link("141.7 percent", GROWTH) is None
    assert prose.check_link("141.70 percent", GROWTH) == "141.77 percent"


@pytest.mark.parametrize("price", [1, 0.4])
def test_free_is_said_of_a_price_of_nothing_only(price):
    free = quoted("price-ernie-speed-2024-05").to_json()
    assert prose.check_link("free", free) is None
    with pytest.raises(QuantityError, match="spelled out"):
        prose.check_link("free", {**free, "value": price, "published": [str(price)]})


def test_percent_for_a_percentage_point_is_refused():
    with pytest.raises(QuantityError, match="percentage points"):
        prose.check_link("25.1 percent", GAIN)


def _chapter(folder, text, *outputs):
    cell = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": text.splitlines(True)}
    code = {"cell_type": "code", "id": "b", "metadata": {}, "source": [], "execution_count": 1,
            "outputs": [{"output_type": "execute_result", "execution_count": 1, "metadata": {},
                         "data": data} for data in outputs]}  # fmt: skip
    path = folder / "one.ipynb"
    book = {"cells": [cell, code], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(book), "utf-8")
    return path


def test_a_stale_number_fails_with_its_place_and_is_rewritten(tmp_path):
    path = _chapter(tmp_path, "Now [603 million](ledger.ipynb#genai-users-2025-12) use it.")
    [fault] = prose.check([path])
    assert str(fault.place) == "one.ipynb, cell 1"
    assert "603 million" in str(fault) and "602 million" in str(fault)
    prose.rewrite(path, collect.linkable([path]))
    assert prose.check([path]) == []
    assert "[602 million](ledger.ipynb#genai-users-2025-12)" in path.read_text("utf-8")


def test_a_link_to_no_receipt_fails_and_names_a_near_one(tmp_path):
    path = _chapter(tmp_path, "[602 million](ledger.ipynb#genai-users-2025-21)")
    [fault] = prose.check([path], {"genai-users-2025-12": COUNT})
    assert "did you mean genai-users-2025-12" in str(fault)


@pytest.mark.parametrize("part", ["title", "caption", "alt"])
def test_the_words_of_a_chart_count_as_prose(tmp_path, part):
    words = {"id": "x", "title": "t", "caption": "c", "alt": "a", part: "Half of 602 million"}
    path = _chapter(tmp_path, "", {outputs.CHART: {"usermeta": {"receiptbook": words}}})
    assert {fault.text for fault in prose.check([path])} == {"Half", "602 million"}
    assert all(f"{part} of chart x" in str(fault) for fault in prose.check([path]))


def test_a_ground_that_names_no_receipt_fails(tmp_path):
    one = {**COUNT, "id": "x", "because": ["no-such-thing"], "kind": "worded"}
    path = _chapter(tmp_path, "", {"application/vnd.receiptbook.receipt+json": one})
    assert [fault.text for fault in prose.check([path])] == ["no-such-thing"]


def test_an_exemption_without_a_reason_is_refused(tmp_path):
    book = Book(tmp_path)
    book.chapters.mkdir()
    book.exemptions.write_text("phrase,reason\ntwo texts,\n", "utf-8")
    with pytest.raises(ValueError, match="row 2"):
        prose.exemptions(book)


def test_no_number_in_the_book_stands_without_its_receipt():
    faults = prose.check(Book.here().written_pages(), exempt=prose.exemptions())
    assert not faults, "\n" + "\n".join(map(str, faults))


def test_every_exemption_is_used():
    texts = " ".join(
        text for path in Book.here().written_pages() for _, text in collect.pieces(path)
    ).lower()
    assert [phrase for phrase in prose.exemptions() if phrase.lower() not in texts] == []
