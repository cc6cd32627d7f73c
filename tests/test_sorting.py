"""Claim cards: the ledger decides, nothing on a card tells its verdict, and page and paper can be used."""

import math
import re
from itertools import pairwise
from types import SimpleNamespace

import pytest
from access import faults
from chromium import chromium
from docutils.utils import new_document
from lxml import html

from receiptbook.book import Book
from receiptbook.exercises import claim_cards, piles
from receiptbook.kit import card_key, card_sheet
from receiptbook.numbers import Interval
from receiptbook.receipts import VERDICTS, Verdict, collect, judge
from receiptbook.receipts.claims import Texts
from receiptbook.site.nodes import PageError
from receiptbook.site.sorting import Sorting, deal
from receiptbook.site.style import style_sheet
from receiptbook.site.templates import render
from receiptbook.tables import DataError
from surge.kit import cards as book_cards

BOOK = Book.here()
DECK = book_cards.deck()
KNOWN = collect.linkable(BOOK.written_pages())
CLASS_MODE = (BOOK.root / "receiptbook/site/styles/class.css").read_text("utf-8")
ASSETS = BOOK.root / "receiptbook" / "site" / "assets"


def ids(cards):
    return [card.receipt.id for card in cards]


# --- what is in play -------------------------------------------------------------------------


def test_every_verdict_of_the_ledger_is_on_some_card_and_the_cards_are_enough_for_a_class():
    used = {one["verdict"] for one in KNOWN.values()}
    assert {card.verdict for card in DECK} == used
    assert 24 <= len(DECK) <= 30
    assert [card.number for card in DECK] == list(range(1, len(DECK) + 1))


def test_a_card_s_verdict_is_the_ledger_s_and_turns_with_it():
    assert [(card.receipt.id, str(card.verdict)) for card in DECK] == [
        (id, KNOWN[id]["verdict"]) for id in ids(DECK)
    ]
    turned = {**KNOWN, "growth-2025": {**KNOWN["growth-2025"], "verdict": "contradicted"}}
    table = BOOK.chapters / f"{book_cards.PAGE}.csv"
    (card,) = [c for c in claim_cards(table, turned) if c.receipt.id == "growth-2025"]
    assert card.verdict is Verdict.CONTRADICTED


def test_the_number_of_a_card_does_not_give_its_pile_away():
    for name in {card.round for card in DECK}:
        order = [card.verdict for card in DECK if card.round == name]
        together = sum(a == b for a, b in pairwise(order))
        assert together <= len(order) / 2, name


@pytest.mark.parametrize("card", DECK, ids=lambda card: card.receipt.id)
def test_a_card_shows_what_its_verdict_follows_from_and_not_the_verdict(card):
    told = " ".join([card.statement, *(text for _, some in card.face for text in some)])
    words = "|".join(piles(other for other in DECK if other.round == card.round))
    assert not re.search(rf"\b({words})\b", told, re.I), told
    assert "](" not in told, "a link's address"
    names = [name for name, _ in card.face]
    if card.verdict in (Verdict.REPRODUCED, Verdict.CONSISTENT):
        assert names[-3:] == ["Printed", "The printed words mean", "Recomputed"]
    one = card.receipt
    if one.formula and one.published:
        ours = Interval(one.lower, one.upper)
        ends = (one.passes_lower, one.passes_upper)
        theirs = Interval(*(e if e is not None else math.inf for e in ends))
        assert judge(ours, theirs) is card.verdict
        assert dict(card.face)["Recomputed"][0].endswith(one.range)


@pytest.mark.parametrize(
    "text, said",
    [
        ("id,round\ngrowth-2o25,numbers\n", "growth-2025"),
        ("id,round\ngrowth-2025,Numbers!\n", "round"),
        ("id,round\ngrowth-2025,numbers\ngrowth-2025,words\n", "id"),
        ("id\ngrowth-2025\n", "round"),
    ],
)
def test_a_table_that_cannot_be_dealt_is_refused_by_name(tmp_path, text, said):
    (tmp_path / "cards.csv").write_text(text, "utf-8")
    with pytest.raises(DataError, match=said) as caught:
        claim_cards(tmp_path / "cards.csv", KNOWN)
    assert "cards.csv" in str(caught.value)


# --- on paper --------------------------------------------------------------------------------


def test_the_sheet_has_each_card_once_and_the_key_has_its_verdict():
    sheet = html.document_fromstring(card_sheet(DECK))
    cards = sheet.xpath("//section[contains(@class, 'cards')]/article")
    assert [card.xpath("string(p/b)") for card in cards] == [str(c.number) for c in DECK]
    rows = html.document_fromstring(card_key(DECK)).xpath("//tbody/tr")
    told = {row.xpath("string(th)"): row.xpath("string(td[2])").strip().lower() for row in rows}
    assert told == {str(card.number): str(card.verdict) for card in DECK}
    text = sheet.text_content()
    assert [card.number for card in DECK if card.why and card.why in text] == []
    heads = sheet.xpath("//section[@class='piles']//h2//text()")
    assert [word.strip().lower() for word in heads if word.strip()] == [
        *(v for name in ("numbers", "words") for v in piles(c for c in DECK if c.round == name))
    ]


def test_no_card_is_cut_and_the_rules_take_a_page(tmp_path, chromium_path):
    (tmp_path / "sheet.html").write_text(card_sheet(DECK), "utf-8")
    with chromium() as context:
        tab = context.new_page()
        tab.emulate_media(media="print")
        tab.goto((tmp_path / "sheet.html").as_uri())
        cut = "(e) => e.filter((a) => a.scrollHeight > a.clientHeight + 1).map((a) => a.innerText)"
        assert tab.eval_on_selector_all("article", cut) == []
        rules = "document.querySelector('.rules').offsetHeight / 96 * 25.4"
        assert tab.evaluate(rules) < 297 - 21, "more than a page in mm"


# --- on the page -----------------------------------------------------------------------------


def page(folder, scripts=True):
    """The round of numbers as the site has it, and nothing else."""
    here = [card for card in DECK if card.round == "numbers"]
    box = render(
        "claim_cards.html", round="numbers", cards=here, verdicts=piles(here), ledger="ledger.html"
    )
    for name in ("book.js", "sorting.js"):
        (folder / name).write_text((ASSETS / name).read_text("utf-8"), "utf-8")
    (folder / "page.html").write_text(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Cards</title>'
        f"<style>{style_sheet()}</style><button class='in-class'></button>"
        "<button class='theme'><span>Theme</span></button>"
        f"<main><h1>Cards</h1>{box}</main>" + '<script defer src="book.js"></script>' * scripts,
        "utf-8",
    )
    return (folder / "page.html").as_uri()


@pytest.fixture
def tab(tmp_path, chromium_path):
    """The page in a browser, with what went wrong in it."""
    with chromium(viewport={"width": 360, "height": 800}) as context:
        one = context.new_page()
        faults = []
        one.on("pageerror", lambda error: faults.append(str(error)))
        one.goto(page(tmp_path))
        one.locator(".hand .statement").wait_for()
        yield one
        assert (faults, context.strangers) == ([], [])


def held(tab):
    """The card that is shown: its number."""
    return int(tab.locator(".hand .number").inner_text().removeprefix("Number "))


def lay(tab, verdict):
    """By keyboard: the pile gets the focus and Enter."""
    pile = tab.locator(f"[data-pile={verdict}]")
    pile.focus()
    tab.keyboard.press("Enter")


VERDICT = {card.number: card.verdict for card in DECK}


def play(tab, but=()):
    """Lay all dealt cards, each right but those in the places of `but`; their numbers."""
    seen = []
    while tab.locator(".hand").is_visible():
        seen.append(held(tab))
        right = VERDICT[seen[-1]]
        wrong = next(v for v in (Verdict.STATED, Verdict.DERIVED) if v is not right)
        lay(tab, wrong if len(seen) in but else right)
    return seen


def test_whoever_is_right_hears_so_and_a_new_deal_has_cards_not_seen_yet(tab):
    first = play(tab)
    assert len(first) == len(set(first)) == 8
    assert tab.locator("[role=status]").inner_text() == "8 of 8 as the ledger has them."
    assert tab.evaluate("document.activeElement.className") == "result"
    assert tab.locator(".result li").count() == 0
    tab.get_by_role("button", name="New deal").click()
    second = play(tab)
    assert not set(first) & set(second)
    tab.get_by_role("button", name="The same cards again").click()
    assert play(tab) == second


def test_a_wrong_card_is_shown_with_the_ledger_s_verdict_and_a_link_to_its_entry(tab):
    seen = play(tab, but=(3,))
    wrong = next(card for card in DECK if card.number == seen[2])
    assert tab.locator("[role=status]").inner_text() == "7 of 8 as the ledger has them."
    row = tab.locator(".result li")
    assert row.count() == 1
    assert wrong.statement in row.inner_text()
    assert (
        f"{str(wrong.verdict).capitalize()}: {VERDICTS[wrong.verdict].meaning}" in row.inner_text()
    )
    assert row.get_by_role("link").get_attribute("href") == f"ledger.html#{wrong.receipt.id}"


def test_a_card_can_be_taken_back_and_the_place_is_announced(tab):
    number = held(tab)
    assert tab.locator("[role=status]").inner_text() == "Card 1 of 8."
    assert tab.get_by_role("button", name="Take the last card back").is_disabled()
    lay(tab, "stated")
    assert tab.locator("[role=status]").inner_text() == "Laid under stated. Card 2 of 8."
    assert tab.evaluate("document.activeElement.className") == "hand"
    tab.get_by_role("button", name="Take the last card back").click()
    assert held(tab) == number
    assert tab.locator("[role=status]").inner_text() == "Taken back. Card 1 of 8."


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_game_has_no_fault_of_access_while_played_and_at_its_end(tab, scheme):
    tab.emulate_media(color_scheme=scheme)
    for _ in range(2):
        assert faults(tab, ".sorting") == []
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
        play(tab, but=(1, 2))


def test_class_mode_keeps_nothing_of_the_game_back():
    """What it hides by name: receipts' verdicts and what tells a finding. Here verdicts are the choices."""
    hidden = re.search(r":is\(\s*(\.lede.*?)\s*\):not", CLASS_MODE, re.S)[1]
    names = set(re.findall(r"\.([\w-]+)", hidden))
    assert {"key", "verdict"} <= names
    used = {name for one in dealt("words").xpath("//@class") for name in one.split()}
    assert used & names == set()


def test_without_scripts_all_cards_stand_there_with_their_key_folded(tmp_path):
    tree = html.parse(page(tmp_path, scripts=False).removeprefix("file://")).getroot()
    assert tree.xpath("//*[@class='game'][@hidden]")
    assert tree.xpath("//details[@class='all'][@open]")
    cards = tree.xpath("//li[@class='claim']")
    assert len(cards) == len([card for card in DECK if card.round == "numbers"])
    for card in cards:
        (key,) = card.xpath("details[not(@open)]")
        assert key.xpath(".//a/@href")
    labels = tree.xpath("//summary")
    assert len({label.text_content() for label in labels}) == len(labels)


def test_where_a_statement_stands_is_told_once_a_text():
    table = BOOK.chapters / f"{book_cards.PAGE}.csv"
    named = Texts("leaflets", {"essay": "the leaflet", "china_daily": "the other"})
    told = {c.receipt.id: dict(c.face).get("Said in") for c in claim_cards(table, KNOWN, named)}
    assert told["users-2025-12"] == ("the leaflet and the other",)


# --- the directive ---------------------------------------------------------------------------


def dealt(round):
    """What becomes of a round on the page, in a build of nothing but the cards."""
    table = BOOK.chapters / f"{book_cards.PAGE}.csv"
    document = new_document("cards")
    document += Sorting("", round=round, table=str(table))
    known = SimpleNamespace(
        receiptbook_receipts=KNOWN,
        receiptbook_texts=Texts(),
        receiptbook_settings=SimpleNamespace(ledger="chapters/ledger"),
    )
    builder = SimpleNamespace(get_target_uri=lambda name: f"{name}.html")
    deal(SimpleNamespace(env=known, builder=builder), document, "chapters/claim-cards")
    return html.fragment_fromstring(document[0]["html"])


def test_a_round_becomes_its_cards_with_links_into_the_ledger():
    box = dealt("words")
    here = [card for card in DECK if card.round == "words"]
    assert [li.get("data-verdict") for li in box.xpath(".//li")] == [c.verdict for c in here]
    assert box.xpath(".//li//a/@href") == [f"ledger.html#{id}" for id in ids(here)]


def test_a_round_that_is_not_in_the_table_stops_the_build_with_the_nearest():
    with pytest.raises(PageError, match=r"no round 'wordz' in its table.*words"):
        dealt("wordz")
