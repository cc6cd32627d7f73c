"""What a receipt stores of its derivation gives the same receipt again, without running its chapter."""

from fractions import Fraction

import pytest

from receiptbook.book import Book
from receiptbook.numbers import computed, published
from receiptbook.receipts import ClaimError, above, collect
from receiptbook.receipts.anew import anew, outcome, resting
from receiptbook.receipts.trees import figures_of, told, worked_out
from receiptbook.tables import load

STORED = collect.stored_receipts(Book.here().notebooks())
TREES = sorted(id for id, one in STORED.items() if one.get("tree"))
RULED = sorted(id for id, one in STORED.items() if any("test" in g for g in one["grounds"]))
RENAMED = ("inputs", "sources")  # a chapter may give a figure a name of its own


@pytest.mark.parametrize("id", TREES)
def test_a_stored_receipt_comes_out_as_its_chapter_made_it(id):
    again = anew(STORED[id], load()).to_json()
    assert again == {**STORED[id], **{name: again[name] for name in RENAMED}}


@pytest.mark.parametrize("id", RULED)
def test_the_grounds_of_a_verdict_hold_over_the_tables_as_they_are(id):
    assert anew(STORED[id], load()).verdict == STORED[id]["verdict"]


def test_most_numbers_of_the_book_can_be_worked_out_anew():
    numeric = [id for id, one in STORED.items() if one["kind"] == "numeric"]
    assert len(TREES) > len(numeric) / 2


USERS = published("602 million", "persons")
CASES = {
    "a sum of products": (USERS * 2 + USERS / 3, "'602 million' persons * 2 + '602 million' persons / 3"),
    "a difference on the right": (1 - (USERS / USERS - 2),
                                  "1 - ( '602 million' persons / '602 million' persons - 2 )"),
    "a sign": (-USERS, "-1 * '602 million' persons"),
    "a power": ((USERS / USERS) ** Fraction(1, 2),
                "( '602 million' persons / '602 million' persons ) ** 0.5"),
    "a third": (USERS * Fraction(1, 3), "'602 million' persons * ( 1 / 3 )"),
    "a value with a range": (USERS + computed(5, "persons", [], "a guess", lower=4, upper=6),
                             "'602 million' persons + {5~4~6|persons|}"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_an_expression_reads_back_as_the_derivation_it_tells(case):
    quantity, text = CASES[case]
    again = worked_out(text, load())
    assert told(quantity) == text
    assert (again.value, again.unit.kind) == (quantity.value, quantity.unit.kind)


def test_what_code_worked_out_as_a_whole_is_no_arithmetic():
    assert told(computed(5, "persons", [USERS], "a model")) == ""


def test_an_expression_names_its_figures_and_those_behind_a_value():
    assert figures_of("a-1 * ( b-2 - {1~0~2|persons||c-3|d-4} )") == (
        {"a-1", "b-2"},
        {"c-3", "d-4"},
    )


def test_a_verdict_whose_ground_falls_says_which():
    ground = above(USERS, 500_000_000).to_json()
    one = {
        "id": "many",
        "kind": "worded",
        "grounds": [{**ground, "test": f"1 * {told(USERS)} above {told(USERS)}"}],
    }
    with pytest.raises(ClaimError, match="its ground no longer holds"):
        anew(one, load())
    assert "no longer holds" in outcome(one, load())[1]


def test_what_rests_on_a_figure_is_told_apart_by_how_it_rests():
    found = resting(STORED, ["genai-users-2025-12"])
    assert "growth-2025" in found.arithmetic
    assert "users-2025-12-feasible" in found.by_model
    assert not set(found.arithmetic) & set(found.by_model)
    assert set(found.to_reread) <= {id for id, one in STORED.items() if one["kind"] == "worded"}
