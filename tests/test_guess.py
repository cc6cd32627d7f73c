"""A point to guess: drawn by pointer, finger, keys or typed, revealed once, true without scripts."""

import json

import pytest
from access import faults
from fixtures.site.kit import visiting, watched
from lxml import html
from playwright.sync_api import expect

from receiptbook.book.outputs import GUESS
from receiptbook.exercises import guess
from receiptbook.numbers import QuantityError, published
from receiptbook.tables import load

RAIN = {
    f"2025-0{n}-28": published(f"{n}0 million", "persons", id=f"rain-{n}", label=f"rain {n}")
    for n in (1, 2, 3)
}
WORDS = {"noun": "people", "title": "Draw March", "prompt": "How many?", "explain": "So many."}


def test_what_is_stored_holds_the_points_before_and_none_after():
    later = {**RAIN, "2025-04-28": RAIN["2025-03-28"]}
    told = guess("rain", later, "2025-03-28", {"no change": RAIN["2025-02-28"]}, **WORDS)
    facts = told._repr_mimebundle_()[GUESS]
    assert [one["label"] for one in facts["known"]] == ["January 2025", "February 2025"]
    assert (facts["asked"]["low"], facts["asked"]["high"]) == (29.5, 30.5)
    assert json.loads(json.dumps(facts)) == facts


def test_elsewhere_than_on_the_page_the_answer_is_folded_below_the_table():
    told = guess("rain", RAIN, "2025-03-28", {"no change": RAIN["2025-02-28"]}, **WORDS)
    page = html.fromstring(f"<div>{told._repr_mimebundle_()['text/html']}</div>")
    (fold,) = page.xpath(".//details")
    assert "30 million" in fold.text_content()
    fold.drop_tree()
    assert "30 million" not in page.text_content() and "20 million" in page.text_content()


FLOOR = published("more than 20 million", "persons", id="floor", label="floor")


@pytest.mark.parametrize(
    "series, why",
    [
        ({k: q for k, q in RAIN.items() if k > "2025-01-30"}, "one point before it"),
        ({**RAIN, "2025-02-28": FLOOR}, "a point without an upper end"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_refused_is(series, why):
    with pytest.raises(QuantityError, match="two points before"):
        guess("rain", series, "2025-03-28", {}, **WORDS)


# ------------------------------------------------------------------------------ on the page


@pytest.fixture
def visit(browser, web):
    with visiting(browser, web) as opened:

        def start(**options):
            page = opened("chapters/headline.html", **options).page
            page.locator(".guess .ask > summary").click()
            expect(page.locator(".guess form")).to_be_visible()
            return page

        yield start


def reveal(page):
    page.locator(".guess").get_by_role("button", name="Reveal").click()
    return page.locator(".guess [role=status]")


@pytest.mark.slow
def test_what_came_and_the_rules_follow_from_the_tables(site):
    page = html.parse(str(site / "chapters/headline.html")).getroot()
    rows = page.xpath("//section[@class='guess']/details/details//tbody/tr")
    told = [" ".join(row[1].text_content().split()) for row in rows]
    users = load().series("genai-users")
    before, latest = users["2024-12"].number / 1e6, users["2025-06"].number / 1e6
    line, ratio = 2 * latest - before, latest**2 / before
    assert told[0] == f"{users['2025-12'].number / 1e6:.0f} million"
    assert told[1:4] == [f"{x:,.0f} million" for x in (latest, line, ratio)]


@pytest.mark.slow
def test_keys_move_the_point_and_a_slider_says_where_it_is(visit):
    page = visit()
    slider = page.get_by_role("slider", name="Your guess for December 2025")
    slider.focus()
    assert "not moved yet" in slider.get_attribute("aria-valuetext")
    for key in ("PageUp", "ArrowUp", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
    assert slider.get_attribute("aria-valuetext") == "570 million users"
    expect(page.locator(".guess input")).to_have_value("570")
    page.keyboard.press("End")
    assert slider.get_attribute("aria-valuenow") == slider.get_attribute("aria-valuemax")
    page.keyboard.press("Enter")
    expect(page.locator(".guess [role=status]")).to_contain_text("It was 602 million.")


@pytest.mark.slow
@pytest.mark.parametrize("touch", [False, True], ids=["pointer", "finger"])
def test_the_point_is_dragged(visit, touch):
    page = visit(width=360, has_touch=touch)
    page.locator(".guess svg").scroll_into_view_if_needed()
    box = page.locator(".guess .target").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    if touch:
        page.touchscreen.tap(x, y)
    else:
        page.mouse.move(x, y + 30)
        page.mouse.down()
        page.mouse.move(x, y)
        page.mouse.up()
    assert abs(float(page.locator(".guess input").input_value()) - 600) <= 20
    assert abs(float(page.locator(".handle").get_attribute("aria-valuenow")) - 600) <= 20


TYPED = [
    ("700", "is 98 million (16%) too high. Of 4 simple rules, 3 are further off."),
    ("602", "is within rounding. Of 4 simple rules, 4 are further off."),
    ("100", "is 502 million (83%) too low. Of 4 simple rules, 0 are further off."),
]


@pytest.mark.slow
@pytest.mark.parametrize("number, said", TYPED)
def test_a_typed_guess_is_told_how_far_off_it_is(visit, number, said):
    page = visit()
    page.locator(".guess input").fill(number)
    status = reveal(page)
    expect(status).to_have_text(f"It was 602 million. Your guess of {number} million {said}")
    expect(page.locator(".guess .answer")).to_contain_text("damped gain")
    expect(page.locator(".guess tr.mine")).to_contain_text(f"{number} million")


@pytest.mark.slow
def test_nothing_is_revealed_before_a_guess_and_a_second_try_starts_anew(visit):
    page = visit()
    status = reveal(page)
    expect(status).to_contain_text("First draw your point")
    expect(page.locator(".guess .answer")).to_be_hidden()
    expect(page.locator(".guess input")).to_be_focused()
    page.locator(".guess input").fill("650")
    reveal(page)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".guess .answer")).to_be_hidden()
    expect(page.locator(".guess .handle")).to_be_focused()
    expect(page.locator(".guess input")).to_have_value("")
    expect(page.locator(".guess tr.mine, .guess th.off")).to_have_count(0)


@pytest.mark.slow
def test_a_guess_is_drawn_again_with_the_answer_as_it_was_when_the_page_is_loaded_anew(visit):
    page = visit()
    page.locator(".guess input").fill("700")
    said = reveal(page).text_content()
    before = page.locator(".guess tr.mine").text_content()
    page.reload()
    page.locator(".guess .ask > summary").click()
    expect(page.locator(".guess [role=status]")).to_have_text(said)
    expect(page.locator(".guess tr.mine")).to_have_text(before)
    expect(page.locator(".handle text")).to_have_text("700")
    expect(page.locator(".guess").get_by_role("button", name="Try again")).to_be_visible()
    assert page.evaluate("document.activeElement.closest('.guess form')") is None

    page.goto(f"{page.url.partition('?')[0]}?class")
    expect(page.locator(".guess form")).to_be_visible()
    expect(page.locator(".guess tr.mine")).to_have_count(0)
    expect(page.locator("#waves")).to_be_hidden()


@pytest.mark.slow
def test_in_a_class_the_next_chart_waits_for_the_drawing(browser, web):
    with watched(browser, web) as seen:
        page = seen.page
        page.goto(f"{web}/chapters/headline.html?class")
        expect(page.locator(".guess form")).to_be_visible()
        expect(page.locator("#waves")).to_be_hidden()
        expect(page.get_by_text("The next chart waits for your drawing.")).to_be_visible()
        page.locator(".guess input").fill("650")
        reveal(page)
        expect(page.locator("#waves")).to_be_visible()
        expect(page.locator("#waves .finding")).to_be_hidden()


@pytest.mark.slow
def test_without_scripts_the_waves_are_a_table_and_the_answer_is_folded(browser, web):
    with watched(browser, web, java_script_enabled=False) as seen:
        page = seen.page
        page.goto(f"{web}/chapters/headline.html")
        page.locator(".guess .ask > summary").click()
        expect(page.locator(".guess .known table")).to_contain_text("249 million")
        expect(page.locator(".guess .answer table")).to_be_hidden()
        page.locator(".guess .answer > summary").click()
        expect(page.locator(".guess .answer table")).to_contain_text("602 million")


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_accessible_before_and_after(visit, theme):
    page = visit(width=360, color_scheme=theme)
    for number in (None, "700"):
        if number:
            page.locator(".guess input").fill(number)
            reveal(page)
        assert faults(page, ".guess") == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
