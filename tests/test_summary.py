"""What a book shows first: each verdict has its cell, each count its receipt."""

import pytest
from lxml import html

from receiptbook.book import Book
from receiptbook.book.outputs import DEFINITIONS, RECEIPT, SCOREBOARD
from receiptbook.receipts.claims import claims
from receiptbook.summary import OWN, Definition, Definitions, Row, Scoreboard

HOLD = ("reproduced", "consistent", "supported")
REST = ("partly", "unsupported", "contradicted", "stated")


@pytest.fixture(scope="module")
def board() -> Scoreboard:
    return Scoreboard.of([Row("hold", HOLD, "Hold"), Row("rest", REST, "The rest")])


def test_each_statement_of_the_texts_has_one_cell_and_the_books_own_have_none(board):
    rows = board._repr_mimebundle_()[SCOREBOARD]["rows"]
    shown = [id for row in rows for id in row["claims"]]
    assert sorted(shown) == sorted(id for id, one in claims().items() if one.kind != OWN)


def test_the_count_of_each_row_is_a_receipt_that_names_what_it_counts(board):
    rows = board._repr_mimebundle_()[SCOREBOARD]["rows"]
    stored = {one["id"]: one for one in board._repr_mimebundle_()[RECEIPT]}
    for row in rows:
        tally = stored[f"score-{row['id']}"]
        assert (tally["value"], tally["because"]) == (len(row["claims"]), row["claims"])
    assert stored["score-all"]["value"] == sum(len(row["claims"]) for row in rows)


def test_a_count_may_be_of_one_kind_and_a_share_is_exact(board):
    held = board.tally("held", "Numbers that hold", HOLD, ["numeric"])
    every = board.tally("every", "Numbers", (), ["numeric"])
    board.share("part", held, every, "Numbers that hold, of all")
    share = board.tallies["part"]
    assert share.value == pytest.approx(100 * held.number / every.number)
    assert share.lower == share.value == share.upper


@pytest.mark.parametrize(("rows", "says"), [
    ([Row("hold", HOLD, "Hold")], "no row of the scoreboard gathers .*'partly'"),
    ([Row("a", HOLD, "A"), Row("b", ("supported",), "B")], "two rows .* gather .*'supported'"),
    ([Row("a", ("true",), "A")], "no verdict .*'true'.*there are reproduced"),
])  # fmt: skip
def test_rows_that_leave_a_verdict_out_or_take_it_twice_are_refused(rows, says):
    with pytest.raises(ValueError, match=says):
        Scoreboard.of(rows)


def definitions(*ids: str) -> Definitions:
    given = [Definition(id, id, f"**{id}**") for id in ids]
    return Definitions.of("who", "Are you one?", "population-2025", given, (1e7, "ten million"))


def test_definitions_are_squares_of_one_whole():
    stored = definitions("genai-users-2025-12", "qm-native-apps-2025-05")
    stored = stored._repr_mimebundle_()[DEFINITIONS]
    assert (stored["squares"], [one["squares"] for one in stored["choices"]]) == (140, [60, 27])


def test_a_definition_that_counts_more_than_the_one_before_it_is_refused():
    with pytest.raises(ValueError, match="give the whole, then the largest first"):
        definitions("qm-native-apps-2025-05", "genai-users-2025-12")


def test_on_the_cover_each_cell_leads_to_its_receipt_and_carries_its_verdict(site):
    page = html.parse(str(site / "index.html"))
    cells = page.xpath("//ul[@class='cells']//a")
    assert len(cells) == sum(one.kind != OWN for one in claims().values())
    for cell in cells:
        id = cell.get("data-verdict-of")
        word = cell.get("class").removeprefix("v-")
        assert cell.get("href").endswith(f"ledger.html#{id}")
        assert cell.xpath("string(.//use/@href)") == f"#v-{word}"
        assert cell.text_content().lower().startswith(f"{word}: ")
        assert page.xpath(f"//symbol[@id='v-{word}']")


def test_without_scripts_the_definitions_are_lines_and_buttons_that_work(site):
    page = html.parse(str(site / "index.html"))
    box = page.xpath("//fieldset[@class='choices']")[0]
    buttons, lines = box.xpath(".//input[@type='radio']"), box.xpath(".//ul[@class='told']/li")
    assert len(buttons) == len(lines) > 1
    assert [one.get("checked") is not None for one in buttons].count(True) == 1
    assert all(line.xpath(".//a[contains(@href, 'ledger.html#')]") for line in lines)
    assert box.xpath("string(legend)")


def test_a_page_with_a_scoreboard_is_executed_after_the_chapters_it_counts(root):
    from receiptbook.refresh import has_scoreboard

    book = Book(root)
    assert [path.stem for path in book.notebooks() if has_scoreboard(path)] == ["intro"]
