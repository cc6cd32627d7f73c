"""Class mode: findings wait until they are asked for, from the first paint on, for eye and ear."""

import pytest
from access import faults
from fixtures.site.kit import visiting, watched
from playwright.sync_api import expect

pytestmark = pytest.mark.slow  # a browser

HEADLINE = "chapters/headline.html"
#: where a chapter tells what it found
TELLING = (
    ".lede, .waits > :is(h2, h3) > .says, figure .finding, .caption .rest, "
    ".sums-up > p:not(.asks), section section > .found, section section > .note.v-derived, "
    ".note .verdict, .receipt .verdict"
)
SEEN = (
    f"[...document.querySelectorAll('{TELLING}')]"
    ".filter((one) => one.checkVisibility({ visibilityProperty: true })).length"
)


@pytest.fixture
def visit(browser, web):
    """Open a page of the book; at the end nothing was refused or failed."""
    with visiting(browser, web) as visit:
        yield visit


def in_class(seen):
    expect(seen.page.locator("html")).to_have_attribute("data-class", "on")
    return seen.page


def test_a_link_asks_for_it_and_no_finding_is_seen_or_heard(visit):
    page = in_class(visit(f"{HEADLINE}?class"))
    assert page.locator(TELLING).count() > 20 and page.evaluate(SEEN) == 0
    heard = page.locator("body").aria_snapshot()
    told = page.locator("figure .finding, .sums-up > p:not(.asks)").all_text_contents()
    assert [text for text in told if " ".join(text.split()) in " ".join(heard.split())] == []
    assert "What does this chart show?" in heard and "Class mode: findings wait" in heard


def test_a_heading_that_may_tell_is_a_number_until_asked_in_the_contents_as_well(visit):
    page = in_class(visit(f"{HEADLINE}?class"))
    half = page.locator("#a-fast-half-and-a-slow-half")
    link = page.locator(".here a[href='#a-fast-half-and-a-slow-half']")
    before = (
        "getComputedStyle(document.querySelector('#a-fast-half-and-a-slow-half > h2'), '::before')"
    )
    assert page.evaluate(f"{before}.content").startswith('"Section "')
    expect(half.locator("h2 .says")).to_be_hidden()
    assert link.evaluate("one => one.firstChild.textContent") == "Section 1"
    heard = page.locator("body").aria_snapshot()
    assert "fast half" not in heard and "Growth:" not in heard
    assert "Adoption: a share of what?" in heard and "Questions and exercises" in heard

    half.get_by_role("button", name="Show the heading of section 1").click()
    expect(half.locator("h2 .says")).to_be_focused()
    assert page.evaluate(f"{before}.content") == "none"
    assert link.evaluate("one => one.firstChild.textContent") == "A fast half and a slow half"
    assert "Growth:" not in page.locator("body").aria_snapshot()

    page.keyboard.press("f")
    assert "Growth:" in page.locator("body").aria_snapshot()
    page.keyboard.press("f")
    expect(half.locator("h2 .says")).to_be_hidden()
    assert link.evaluate("one => one.firstChild.textContent") == "Section 1"


def test_a_heading_is_told_with_the_last_that_its_section_holds_back(visit):
    page = in_class(visit(f"{HEADLINE}?class"))
    sections = page.locator("section.waits:not(:has(section))")
    asks = (
        "one => [...one.querySelectorAll('.asks:not([hidden]) button')]"
        ".filter((button) => !button.closest('h2, h3'))"
    )
    counts = [one.evaluate(f"one => ({asks})(one).length") for one in sections.all()]
    (place, *_) = [n for n, count in enumerate(counts) if count]
    section = sections.nth(place)
    while section.evaluate(f"one => ({asks})(one).length"):
        expect(section.locator(":is(h2, h3) > .says").first).to_be_hidden()
        section.evaluate(f"one => ({asks})(one)[0].click()")
    expect(section.locator(":is(h2, h3) > .says").first).to_be_visible()


def test_nothing_is_seen_before_the_script_comes_and_nothing_moves_when_it_does(browser, web):
    with watched(browser, web) as seen:
        held = []
        seen.page.route("**/class-mode.js", lambda route: held.append(route))
        seen.page.goto(f"{web}/{HEADLINE}?class", wait_until="commit")
        expect(seen.page.locator("button.theme")).to_be_visible()
        assert seen.page.evaluate(SEEN) == 0
        held[0].continue_()
        in_class(seen)
        assert seen.shift() < 0.02


def test_a_page_whose_script_cannot_be_fetched_shows_everything(browser, web):
    with watched(browser, web) as seen:
        seen.page.route("**/class-mode.js", lambda route: route.abort())
        seen.page.goto(f"{web}/{HEADLINE}?class")
        expect(seen.page.locator(".lede").first).to_be_visible()


def test_a_button_shows_its_own_and_gives_it_the_focus(visit):
    page = in_class(visit(f"{HEADLINE}?class"))
    figure = page.locator("#waves")
    assert figure.get_attribute("aria-label") == "Figure 1"
    page.get_by_role("button", name="Show it").click()  # it waits for a drawing
    figure.get_by_role("button", name="Show what Figure 1 shows").click()
    expect(figure.locator(".finding")).to_be_focused()
    expect(figure.locator(".caption .rest")).to_be_visible()
    expect(page.locator("#moments .finding")).to_be_hidden()
    page.get_by_role("button", name="Show the finding").click()
    expect(page.locator(".lede").first).to_be_visible()


def test_one_key_shows_all_and_the_same_key_hides_it_again(visit):
    page = in_class(visit(f"{HEADLINE}?class"))
    page.keyboard.press("f")
    expect(page.locator(".class-bar [role=status]")).to_have_text("Class mode: all is shown.")
    expect(page.locator(".lede").first).to_be_visible()
    assert page.locator(".question .answer[open]").count() == page.locator(".question").count()
    page.keyboard.press("f")
    assert page.evaluate(SEEN) == 0
    expect(page.locator(".question .answer[open]")).to_have_count(0)


def test_a_letter_typed_into_an_answer_is_no_command(visit):
    page = in_class(visit(f"{HEADLINE}?class"))
    page.locator(".question .ask > summary").nth(1).click()
    page.locator(".question input:visible").first.press_sequentially("fifty x")
    assert page.evaluate(SEEN) == 0
    assert page.get_attribute("html", "data-class") == "on"


def test_it_goes_along_to_other_chapters_and_is_left_for_good(visit):
    page = in_class(visit(f"{HEADLINE}?class"))
    page.locator(".turn a[rel=next]").click()
    page.wait_for_url("**/everyday.html?class")
    expect(page.locator("html")).to_have_attribute("data-class", "on")
    page.goto(page.url.replace("everyday.html?class", "speed.html"))
    expect(page.locator("html")).to_have_attribute("data-class", "on")
    page.keyboard.press("x")
    expect(page.locator(".lede").first).to_be_visible()
    expect(page.locator(".class-bar")).to_be_hidden()
    page.go_back()
    page.wait_for_load_state()
    expect(page.locator(".lede").first).to_be_visible()


def test_the_switch_in_the_menu_turns_it_on_and_off_and_says_so(visit):
    page = visit(HEADLINE).page
    switch = page.locator("button.in-class")
    page.locator(".menu summary").first.click()
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "true")
    assert page.evaluate(SEEN) == 0
    page.reload()
    in_class_again = page.locator("html")
    expect(in_class_again).to_have_attribute("data-class", "on")
    page.locator(".menu summary").first.click()
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".lede").first).to_be_visible()


def test_a_card_behind_a_number_keeps_its_verdict_until_asked(visit):
    page = in_class(visit(f"{HEADLINE}?class", width=800))
    page.locator('section section > p:not(.found) > a[href*="ledger.html#"]').first.click()
    card = page.locator(".card")
    expect(card.locator(".verdict")).to_be_hidden()
    card.get_by_role("button", name="Show verdict").click()
    expect(card.locator(".verdict")).to_be_visible()


def test_paper_has_questions_in_place_of_findings(visit):
    page = in_class(visit(f"{HEADLINE}?class"))
    page.emulate_media(media="print")
    assert page.evaluate(SEEN) == 0
    asked = page.locator("text=What does this chart show? >> visible=true")
    expect(asked.first).to_be_visible()  # the chart before it waits for the drawing
    expect(page.locator(".class-bar")).to_be_hidden()
    expect(page.locator(".asks button").first).to_be_hidden()


def test_without_scripts_the_page_is_as_ever(browser, web):
    with watched(browser, web, java_script_enabled=False) as seen:
        seen.page.goto(f"{web}/{HEADLINE}?class")
        expect(seen.page.locator(".lede").first).to_be_visible()
        expect(seen.page.locator("button.in-class")).to_be_hidden()


def test_the_ledger_hides_nothing(visit):
    page = in_class(visit("chapters/ledger.html?class"))
    expect(page.locator(".entry .verdict").first).to_be_visible()


@pytest.mark.parametrize("name", ["headline", "what-stands", "scenarios"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_accessible_and_no_wider_than_a_phone(visit, name, theme):
    seen = visit(f"chapters/{name}.html?class", width=360, color_scheme=theme)
    page = in_class(seen)
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


# ------------------------------------------------------------------------ a show of hands

CHOICE = ".question:has([role=radiogroup])"


@pytest.fixture
def tally(visit):
    """The first question with choices of a chapter, and its show of hands."""
    page = in_class(visit(f"{HEADLINE}?class"))
    page.locator(f"{CHOICE} .ask > summary").first.click()
    page.get_by_role("button", name="Show of hands").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    return page


def test_hands_are_counted_by_keys_before_and_after_and_drawn_as_shares(tally):
    for key in ("a", "b", "b", "b", "Shift+b"):
        tally.keyboard.press(key)
    tally.get_by_label("after the discussion", exact=True).check()
    for key in "bbbd":
        tally.keyboard.press(key)
    box = tally.get_by_role("dialog")
    expect(box.get_by_role("status")).to_have_text("Before: 3 hands. After: 4 hands.")
    expect(box.get_by_label("Hands for B, before the discussion")).to_have_value("2")
    assert box.locator(".percent").all_text_contents()[:4] == ["33%", "0%", "67%", "75%"]
    widths = box.locator(".portion i").evaluate_all("(all) => all.map((one) => one.style.width)")
    assert widths[:4] == ["33%", "0%", "67%", "75%"]
    sizes = box.locator(".option, .percent").evaluate_all(
        "(all) => all.map((one) => parseFloat(getComputedStyle(one).fontSize))"
    )
    assert min(sizes) >= 24


def test_hands_are_counted_by_buttons_and_typed_and_stay_in_the_tab(tally):
    box = tally.get_by_role("dialog")
    box.get_by_role("button", name="One more for A, before").click()
    box.get_by_label("Hands for C, after the discussion").fill("12")
    box.get_by_role("button", name="One less for D, after").click()
    box.get_by_role("button", name="Close").click()
    opener = tally.get_by_role("button", name="Show of hands: 1, then 12")
    expect(opener).to_be_focused()
    tally.reload()
    tally.locator(f"{CHOICE} .ask > summary").first.click()
    tally.get_by_role("button", name="Show of hands").first.click()
    box = tally.get_by_role("dialog")
    expect(box.get_by_role("status")).to_have_text("Before: 1 hand. After: 12 hands.")
    tally.on("dialog", lambda asked: asked.accept())
    box.get_by_role("button", name="Reset").click()
    expect(box.get_by_role("status")).to_have_text("Before: 0 hands. After: 0 hands.")
    tally.keyboard.press("Escape")
    expect(box).to_have_count(0)


def test_the_right_choice_is_marked_only_when_asked(tally):
    box = tally.get_by_role("dialog")
    right = tally.locator(f"{CHOICE} form").first.evaluate(
        "(form) => JSON.parse(form.dataset.judged).right"
    )
    expect(box.get_by_text("✓ right")).to_have_count(0)
    tally.keyboard.press("abcd"[right])
    box.get_by_role("button", name="Mark the right choice").click()
    expect(box.locator("li").nth(right)).to_contain_text("✓ right")
    expect(box.get_by_role("status")).to_contain_text("Before: 1 hand, 1 right (100%).")


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_show_of_hands_is_accessible_and_no_wider_than_the_screen(visit, width, theme):
    page = in_class(visit(f"{HEADLINE}?class", width=width, color_scheme=theme))
    page.locator(f"{CHOICE} .ask > summary").first.click()
    page.get_by_role("button", name="Show of hands").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("a")
    assert faults(page, ".tally") == []
    assert (
        page.evaluate(
            "(one => one.scrollWidth - one.clientWidth)(document.querySelector('.tally'))"
        )
        <= 0
    )
