"""How the book says things: words it does not use, sentences too long, absences told once a section."""

import csv
from pathlib import Path

import pytest
from nbformat.v4 import new_markdown_cell, new_notebook, writes

from receiptbook.prose import manner
from receiptbook.prose.text import told
from receiptbook.receipts.collect import pieces

ROOT = Path(__file__).parents[1]
WORDS = {"by lot": "at random", "nought": "zero"}
LONG = " ".join(["word"] * 31) + "."


@pytest.mark.parametrize(
    "text, expected",
    [
        ("People were drawn by lot.", ["by lot"]),
        ("Nought is written as a word.", ["nought"]),
        ("The text says “by lot”.", []),
        ("A balloting and a noughty one.", []),
        ("Pupils were chosen [by lot](ledger.md#a).", ["by lot"]),
    ],
)
def test_a_word_that_the_book_does_not_use_is_found_unless_it_is_quoted(text, expected):
    runs = [words for _, words in told(text)]
    assert [word for run in runs for word in manner.unwanted(run, WORDS)] == expected


@pytest.mark.parametrize(
    "text, count",
    [
        (LONG, 1),
        (LONG.replace("word word.", "word."), 0),
        (f"Short. {LONG} Short.", 1),
        ("one two; " * 20, 0),
        (f"{LONG} {LONG}", 2),
    ],
)
def test_a_sentence_of_more_than_thirty_words_is_found(text, count):
    assert len(manner.too_long(text)) == count


@pytest.mark.parametrize(
    "texts, count",
    [
        (["## A\n\nNo rate was found.", "It was not found either."], 1),
        (["## A\n\nNo rate was found.", "## B\n\nNo share was found."], 0),
        (["## A\n\nNone was found; nor was a share found."], 1),
        (["## A\n\nIt was found in the report. It was found again."], 0),
    ],
)
def test_what_was_not_found_is_said_once_a_section(tmp_path, texts, count):
    page = tmp_path / "page.ipynb"
    page.write_text(writes(new_notebook(cells=[new_markdown_cell(text) for text in texts])))
    found = manner.faults(pieces(page), {})
    assert len([fault for fault in found if "not found" in fault.expected]) == count


def test_a_page_that_explains_a_word_may_use_it():
    rows = manner.word_list(ROOT / "chapters/style.csv")
    assert "denominator" in manner.instead(rows, "headline.ipynb")
    assert "denominator" not in manner.instead(rows, "glossary.md")


def test_each_word_of_the_list_has_something_to_say_instead_and_stands_once():
    with (ROOT / "chapters/style.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(row["say"] for row in rows)
    assert len({row["words"].lower() for row in rows}) == len(rows)
    assert not any(manner.unwanted(row["say"], [row["words"]]) for row in rows)
