"""Sentences without a number: trends and comparatives that nothing bears, and what was not found."""

import pytest

from receiptbook.prose import sentences, text
from receiptbook.receipts import collect

KNOWN = {
    "a-ruling": {"kind": "worded", "value": None},
    "an-absence": {"kind": "absence", "value": None},
    "a-comparison": {"kind": "comparison", "value": None},
    "a-gain": {"kind": "numeric", "value": 25.1},
    "a-loss": {"kind": "numeric", "value": -3.0},
    "early": {"kind": "published", "value": 17.7},
    "late": {"kind": "published", "value": 42.8},
}

# a run of text, with links to receipts as ⟦id⟧, and the words that nothing bears
TRENDS = [
    ("Growth slowed in the second half.", ["slowed"]),
    ("Growth sped up.", ["sped up"]),
    ("The population is rising.", ["rising"]),
    ("The United States lie behind.", ["behind"]),
    ("Small firms use more of it.", ["more"]),
    ("It is the largest market, and the fastest.", ["largest", "fastest"]),
    ("Users more than doubled.", ["more than doubled"]),
    ("Growth ⟦a-comparison⟧ in the second half.", []),
    ("It rose by ⟦a-gain⟧.", []),
    ("It rose again by about ⟦a-gain⟧.", []),
    ("It rose by ⟦a-loss⟧.", ["rose"]),
    ("It fell by ⟦a-gain⟧.", ["fell"]),
    ("It rose from ⟦early⟧ to ⟦late⟧.", []),
    ("It fell from ⟦early⟧ in June to ⟦late⟧ in December.", ["fell"]),
    ("more than ⟦late⟧ of them", []),
    ("at least ⟦late⟧, at most ⟦late⟧", []),
    ("⟦late⟧ more", []),
    ("“Faster than many expected” is a quotation.", []),
    ("That it spread faster than others is ⟦a-ruling⟧ borne out.", []),
    ("It is ⟦a-ruling⟧ borne out that it spread faster.", ["faster"]),
    ("It spread faster. That it did is ⟦a-ruling⟧.", ["faster"]),
    ("The chart below shows it once more, at the most.", []),
    ("⟦widening-logistic⟧ is an id, and no trend.", []),
]


@pytest.mark.parametrize(("run", "words"), TRENDS, ids=[t[0] for t in TRENDS])
def test_a_trend_or_a_comparative_stands_in_a_link_or_beside_the_number_that_bears_it(run, words):
    assert [word for one in text.sentences(run) for word in sentences.unborne(one, KNOWN)] == words


NEGATIVES = [
    ("No definition of the class was found.", True),
    ("Its own page was not found.", True),
    ("For production none was found.", True),
    ("No page that was read prints it.", True),
    ("No text that was read says of what.", True),
    ("Nobody publishes them.", True),
    ("Nothing was found that splits users.", True),
    ("Nothing printed says that.", True),
    ("No printed figure says how many.", True),
    ("No source shows it.", True),
    ("The costs stand in no text.", True),
    ("Nor was a survey of it found.", True),
    ("No rate was found ⟦an-absence⟧.", False),
    ("No rate was found; it is ⟦a-ruling⟧.", True),
    ("That nobody publishes it is ⟦a-comparison⟧.", False),
    ("No rate was found. Another text prints it ⟦an-absence⟧.", True),
    ("No pair of counts would have been printed that way.", False),
    ("The point depends on nothing but the published rates.", False),
    ("It was found in the report.", False),
    ("No growth curve passes through the waves.", False),
]


@pytest.mark.parametrize(("run", "caught"), NEGATIVES, ids=[n[0] for n in NEGATIVES])
def test_a_statement_that_something_was_not_found_links_to_what_was_looked_for(run, caught):
    assert any(sentences.unsearched(one, KNOWN) for one in text.sentences(run)) is caught


@pytest.mark.parametrize("heading", ["What to remember", "What stands"])
def test_trends_are_looked_for_where_a_page_sums_up(tmp_path, heading):
    page = tmp_path / "page.md"
    page.write_text(
        "# Page\n\nIt slowed.\n\n**20 minutes**. **You will learn to** read what fell.\n\nIt rose.\n\n"
        f"## A middle\n\nIt fell.\n\n## {heading}\n\n- It grew.\n\n### And\n\nIt shrank.\n\n"
        "## Questions\n\nDid it climb? It climbed.\n",
        "utf-8",
    )
    found = sentences.faults(collect.pieces(page), KNOWN)
    assert [fault.text for fault in found] == ["slowed", "grew", "shrank"]


def test_an_exempt_phrase_is_let_through_and_no_more(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# Page\n\nNo page was found. No text was found.\n", "utf-8")
    found = sentences.faults(collect.pieces(page), KNOWN, lambda file: ["No page was found"])
    assert [(fault.text, fault.sentence) for fault in found] == [
        ("No text was found", "No text was found.")
    ]
