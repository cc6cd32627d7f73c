"""The page works a changed figure out exactly as Python does: reader, ranges, verdicts, words."""

import csv
import gzip
import json
import operator
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
from access import faults
from chromium import chromium
from live_cases import (
    ANSWERS,
    AS_PUBLISHED,
    FACTS,
    SHIFTS,
    TABLES,
    cases,
    differences,
    engine,
    ratio,
)

from receiptbook.numbers import INF, Interval, QuantityError, read
from receiptbook.site import live
from receiptbook.tables.relations import RELATIONS


@pytest.fixture(scope="module")
def session(chromium_path):
    with chromium() as session:
        yield session


@pytest.fixture(scope="module")
def answers(session):
    """A page with the script's reader and ranges, without what it does to a page."""
    page = session.new_page()
    page.add_script_tag(content=engine())
    return page


@pytest.mark.parametrize("how", [AS_PUBLISHED, *SHIFTS])
def test_every_receipt_is_as_in_python_with_each_figure_moved_by_so_much(answers, how):
    asked, _ = cases(how)
    assert differences(how, answers.evaluate(ANSWERS, asked)) == []


WORKED = """(cases) => cases.map(([name, a, b]) => {
  const given = ([low, high, lowOpen, highOpen]) => [Live.parse(low), Live.parse(high), lowOpen, highOpen];
  try {
    const one = Live[name](given(a), name === "raised" ? Live.parse(b) : given(b));
    return [one[0].join("/"), one[1].join("/"), one[2], one[3]];
  } catch (problem) { if (problem instanceof Live.Refused) return null; throw problem; }
})"""
RELATED = """(cases) => cases.map(([a, relation, b]) => {
  const given = ([low, high, lowOpen, highOpen]) => [Live.parse(low), Live.parse(high), lowOpen, highOpen];
  return Live.RELATIONS[relation](given(a), given(b));
})"""
WORK = {"times": operator.mul, "over": operator.truediv, "raised": Interval.power}
ENDS = [(-2, 3), (-2, 0), (0, 3), (1, 3), (0, INF), (1, INF), (-INF, 0), (-INF, 3), (0, 0), (3, 3)]
INTERVALS = [
    Interval(low, high, *is_open)
    for low, high in ENDS
    for is_open in product((False, True), repeat=2)
    if low < high or not any(is_open)
]


def told(one: Interval | Fraction) -> list | str:
    """An interval, or a number, as the page has it."""
    if isinstance(one, Fraction):
        return str(one)
    return [ratio(one.lower), ratio(one.upper), one.lower_open, one.upper_open]


def worked(name: str, a: Interval, b: Interval | Fraction) -> list | None:
    """What Python makes of two operands; None where it refuses."""
    try:
        return told(WORK[name](a, b))
    except QuantityError:
        return None


def test_the_page_multiplies_divides_and_raises_intervals_as_python_does(answers):
    cases = [(name, a, b) for name in ("times", "over") for a in INTERVALS for b in INTERVALS]
    cases += [("raised", a, Fraction(b)) for a in INTERVALS for b in range(-2, 4)]
    got = answers.evaluate(WORKED, [(name, told(a), told(b)) for name, a, b in cases])
    assert [
        (case, page, python)
        for case, page in zip(cases, got, strict=True)
        if page != (python := worked(*case))
    ] == []


def test_the_page_compares_intervals_as_python_does(answers):
    cases = list(product(INTERVALS, RELATIONS, INTERVALS))
    got = answers.evaluate(RELATED, [(told(a), relation, told(b)) for a, relation, b in cases])
    python = [RELATIONS[relation](a, b) for a, relation, b in cases]
    assert [case for case, page, own in zip(cases, got, python, strict=True) if page != own] == []


READ = """(forms) => forms.map((form) => { try {
  const one = Live.read(form), f = (x) => x.join("/");
  return [f(one.value), f(one.step), f(one.range[0]), f(one.range[1]), one.range[2], one.range[3],
    one.unit, one.counts, one.qualifier];
} catch (problem) { if (problem instanceof Live.Refused) return null; throw problem; } })"""

FORMS = (
    """
602 million|6.02亿|6.02亿 / 602 million|42.8%|25.2 percentage points|more than 254,000|三亿六千四百万
六亿零二百万|一点五亿|两成半|百分之四十二点八|万分之五|三分之一|翻了一番|two thirds|nine out of ten
one and a half million|six hundred and two million|half a percent|about 600 million|nearly 600 million
just over 600 million|240余款|30.0萬戶|53706(万人)|12,5 %|(6.0)|-3%|US$5 billion|¥3.5|free|1,234,567
60-billion-yuan|≥ 5|5以上|6.02亿左右|basis points|二百五|五六|六亿二|1,2,3|602 milion|602 million users|²
6.02亿 / 603 million|42.8% / 42.8 percentage points| / |more than about 5|١٢|５０％
""".strip()
    .replace("\n", "|")
    .split("|")
)


def printed_forms() -> list[str]:
    rows = (row for name in TABLES.tables for row in TABLES.rows(name))
    with (Path(__file__).parent / "cases" / "printed_forms.csv").open(encoding="utf-8") as file:
        known = {case["form"] for case in csv.DictReader(file)}
    return sorted({row["printed"] for row in rows if row.get("printed")} | known | {*FORMS})


def reading(form) -> list | None:
    try:
        one = read(form)
    except QuantityError:
        return None
    ends = [ratio(x) for x in (one.value, one.step, one.interval.lower, one.interval.upper)]
    openness = [one.interval.lower_open, one.interval.upper_open]
    return [*ends, *openness, one.unit, one.counts, one.qualifier]


def test_the_page_reads_and_refuses_every_printed_form_as_python_does(answers):
    forms = printed_forms()
    got = answers.evaluate(READ, forms)
    assert dict(zip(forms, got, strict=True)) == {f: reading(f) for f in forms}


IMPOSSIBLE = {
    "more users than people": ("genai-users-2025-12", "3 billion", "is more than there are"),
    "a share above the whole": ("genai-rate-2025-12", "140%", "is more than the whole"),
    "a count below zero": ("genai-users-2025-12", "-5 million", "below zero"),
    "a share in place of a count": ("genai-users-2025-12", "45%", "another kind of number"),
    "no number": ("genai-users-2025-12", "many", "cannot be read"),
    "nothing": ("genai-users-2025-12", " ", "Nothing is written"),
    "zero without a unit": ("genai-users-2025-12", "0", "write 0 persons"),
    "zero with a point": ("genai-users-2025-12", "0.0", "write 0 persons"),
    "four hundred digits": ("genai-users-2025-12", "1" + "0" * 400, "longer than any number"),
}


@pytest.mark.parametrize("case", IMPOSSIBLE)
def test_what_cannot_stand_there_is_refused_in_words(answers, case):
    id, form, words = IMPOSSIBLE[case]
    said = answers.evaluate(
        "([id, form]) => { try { return Live.form(id, form); } catch (e) { return e.message; } }",
        [id, form],
    )
    assert words in said


def test_a_bare_number_is_read_in_the_scale_of_the_figure(answers):
    assert answers.evaluate("Live.form('genai-users-2025-12', '610')") == "610 million"
    assert answers.evaluate("Live.form('genai-users-2025-12', '610,5')") == "610,5 million"
    assert answers.evaluate("Live.form('genai-users-2025-12', 'six hundred')") == "600 million"
    assert answers.evaluate("Live.form('genai-users-2025-12', 'six thousand')") == "six thousand"
    assert answers.evaluate("Live.form('genai-rate-2025-12', '43.1')") == "43.1%"


def test_zero_with_its_unit_is_taken_and_what_divides_by_it_says_so(answers):
    assert answers.evaluate("Live.form('genai-users-2024-12', '0 persons')") == "0 persons"
    found = answers.evaluate("Live.compare({'genai-users-2024-12': '0 persons'}).states")
    assert "includes zero" in found["growth-2025"]["now"]["failed"]


def test_the_facts_name_nothing_that_the_figures_lack():
    assert {n for some in FACTS["models"].values() for n in some} <= set(
        range(len(FACTS["figures"]))
    )
    assert json.loads(live.compact(FACTS))["receipts"]["growth-2025"][0].startswith(
        "genai-users-2025-12 / "
    )


# --- on the page


@pytest.fixture
def page(site, session):
    faults = []
    shown = session.new_page()
    shown.set_viewport_size({"width": 1280, "height": 900})
    shown.on("pageerror", lambda problem: faults.append(str(problem)))
    shown.on("console", lambda said: said.type == "error" and faults.append(said.text))
    yield shown
    shown.close()
    assert not faults
    assert not session.strangers


def opened(page, site, name, query=""):
    page.goto(f"{site.as_uri()}/{name}{query}")
    return page


CHANGED = "?if=genai-users-2025-12:610%20million"
GROWTH = 'main p a[href$="ledger.html#growth-2025"]:not(.more)'


def test_focus_on_a_number_far_down_lights_its_note_and_opens_no_card_over_it(page, site):
    opened(page, site, "chapters/headline.html")
    page.keyboard.press("Tab")  # from here on the focus shows
    page.locator(GROWTH).first.focus()  # the page now glides there
    page.locator(".note.lit").wait_for()
    assert page.locator(".card").count() == 0


def test_a_reader_changes_a_figure_by_keyboard_and_sees_what_turns(page, site):
    page.set_viewport_size({"width": 1000, "height": 900})  # no notes in the margin: cards
    opened(page, site, "chapters/headline.html")
    page.keyboard.press("Tab")  # from here on the focus shows
    page.locator(GROWTH).first.focus()
    page.locator(".card").wait_for()
    for _ in range(4):  # the card is the next stop
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.card button.change')"):
            break
    page.keyboard.press("Enter")
    field = page.get_by_role("textbox", name="If it had been printed")
    field.wait_for()
    assert field.evaluate("box => box === document.activeElement")
    page.keyboard.type("610 million")
    said = page.locator(".if-bar [role=status]")
    assert "145.0% (was 141.8%), now contradicted." in said.inner_text()
    assert "turn" in said.inner_text()
    assert "→ 145.0%, contradicted" in page.locator(f"{GROWTH} + .now").first.inner_text()
    page.wait_for_url("**?if=genai-users-2025-12*")
    page.keyboard.press("Escape")
    assert page.locator(".now").count() == 0
    assert "if=" not in page.url
    assert page.locator(".if-bar").is_hidden()


def test_what_answers_a_change_weighs_no_more_than_thirty_eight_kilobytes(site):
    script = (site / "_static/live.js").read_bytes()
    assert 10_000 < len(gzip.compress(script, 9)) < 38_000


def test_nothing_is_loaded_before_a_figure_is_changed(page, site):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    opened(page, site, "chapters/headline.html")
    page.wait_for_load_state()
    assert not [url for url in asked if url.endswith("live.js")]


def test_an_address_carries_the_change_and_links_of_the_site_carry_it_on(page, site):
    opened(page, site, "chapters/headline.html", CHANGED + "#growth-141-7-percent")
    page.locator(".if-bar").wait_for()
    assert page.get_by_role("textbox", name="If it had been printed").input_value() == "610 million"
    assert page.url.endswith("#growth-141-7-percent")
    page.locator("nav.turn a[rel=next]").click()
    page.locator(".if-bar").wait_for()
    assert "if=genai-users-2025-12" in page.url
    page.get_by_role("button", name="Reset").click()
    assert "if=" not in page.url


def test_back_and_forward_within_a_page_show_what_the_address_says(page, site):
    opened(page, site, "chapters/headline.html", CHANGED)
    page.locator(".now").first.wait_for()
    page.evaluate("location.hash = 'growth-141-7-percent'")
    field = page.get_by_role("textbox", name="If it had been printed")
    field.fill("620 million")
    page.wait_for_url("**620*")
    page.go_back()
    assert field.input_value() == "610 million"
    assert "145.0%" in page.locator(".if-bar [role=status]").inner_text()
    page.locator(".if-bar").get_by_role("button", name="Reset").click()
    page.go_forward()
    assert field.input_value() == "620 million"
    page.go_back()
    assert page.locator(".if-bar").is_hidden()
    assert page.locator(".now").count() == 0


def test_a_change_that_was_just_typed_is_there_after_another_page_and_back(page, site):
    opened(page, site, "chapters/headline.html", "?if=genai-users-2025-12:603%20million")
    page.get_by_role("textbox", name="If it had been printed").fill("610 million")
    page.locator("nav.turn a[rel=next]").click()
    page.locator(".if-bar").wait_for()
    assert "610" in page.url
    page.go_back()
    page.locator(".now").first.wait_for()
    assert page.get_by_role("textbox", name="If it had been printed").input_value() == "610 million"


def test_the_settings_of_an_explorer_and_a_changed_figure_stand_in_one_address(page, site):
    opened(page, site, "chapters/scenarios.html")
    box = page.locator("[data-scenario][data-live]").first
    box.wait_for()
    slider = box.locator("input[type=range]").first
    slider.focus()
    slider.press("ArrowRight")
    page.wait_for_url("**#s=*")
    settings, value = page.url.partition("#")[2], slider.input_value()
    opened(page, site, "chapters/scenarios.html", f"{CHANGED}#{settings}")
    page.locator(".now").first.wait_for()
    box.wait_for()
    assert slider.input_value() == value
    page.get_by_role("textbox", name="If it had been printed").fill("611 million")
    page.wait_for_url("**611*")
    assert page.url.endswith(f"#{settings}")
    page.locator(".if-bar").get_by_role("button", name="Reset").click()
    assert "if=" not in page.url
    assert page.url.partition("#")[2].startswith("s=")


@pytest.mark.parametrize("name", ["__proto__", "toString", "no-such-figure", "", ":"])
def test_an_address_that_names_no_figure_leaves_the_page_as_it_was(page, site, name):
    opened(page, site, "chapters/headline.html", f"?if={name}:5")
    told = page.locator(".now")
    told.wait_for()
    assert "that this book does not hold" in told.inner_text()
    assert page.locator(".if-bar:visible").count() == 0


def test_what_of_an_address_cannot_be_taken_is_said_beside_what_was(page, site):
    asked = "?if=genai-users-2025-12:3%20billion&if=nope:5&if=genai-users-2024-12:250%20million"
    opened(page, site, "chapters/headline.html", asked)
    page.locator(".if-bar").wait_for()
    said = page.locator(".if-bar [role=status]").inner_text()
    assert "3 billion is more than there are" in said
    assert "a figure that this book does not hold" in said
    assert "verdicts turn" in said


def test_of_two_changes_both_are_named_on_the_page_and_on_paper(page, site):
    opened(page, site, "chapters/headline.html", CHANGED + "&if=genai-users-2025-06:520%20million")
    page.locator(".now").first.wait_for()
    assert "December 2025: 610 million" in page.locator(".if-bar [role=status]").inner_text()
    on_paper = page.locator(".otherwise.paper")
    assert on_paper.is_hidden()
    page.emulate_media(media="print")
    assert on_paper.is_visible()
    assert all(form in on_paper.inner_text() for form in ("610 million", "520 million"))


def test_the_list_names_what_turns_moves_and_depends_on_a_model(page, site):
    opened(page, site, "chapters/headline.html", CHANGED)
    page.get_by_role("button", name="See them").click()
    heads = page.locator(".if-bar .list summary").all_inner_texts()
    assert [head.split(":")[0] for head in heads][:2] == ["Verdicts that turn", "Numbers that move"]
    assert any(head.startswith("Depend on a model") for head in heads)
    assert "consistent 141.8% → contradicted 145.0%" in page.locator(".if-bar .list").inner_text()
    assert page.get_by_role("button", name="with Python").count() == 0


def test_a_page_that_can_run_python_works_out_the_rest(page, site):
    opened(page, site, "chapters/headline.html", CHANGED)
    page.locator(".if-bar").wait_for()
    page.evaluate("""ReceiptBook.python = { models: async (changes, ids) => {
      window.asked = [changes, ids];
      return { "users-2025-12-feasible": { how: "turned",
        was: { verdict: "derived", shown: "601.7 million" }, now: { failed: "nothing is possible" } } };
    } }""")
    page.get_by_role("button", name="See them").click()
    page.get_by_role("button", name="with Python").click()
    page.get_by_role("button", name="with Python").wait_for(state="detached")
    changes, ids = page.evaluate("window.asked")
    assert changes == {"genai-users-2025-12": "610 million"}
    assert "users-2025-12-feasible" in ids
    assert "cannot be worked out: nothing is possible" in page.locator(".if-bar .list").inner_text()


@pytest.mark.parametrize("case", IMPOSSIBLE)
def test_bad_input_is_said_plainly_and_the_page_stays(page, site, case):
    id, form, words = IMPOSSIBLE[case]
    before = {"genai-users-2025-12": "610%20million", "genai-rate-2025-12": "43.1%25"}[id]
    opened(page, site, "chapters/headline.html", f"?if={id}:{before}")
    page.locator(".if-bar").wait_for()
    before = page.locator(".now").all_inner_texts()
    page.get_by_role("textbox", name="If it had been printed").fill(form)
    assert words in page.locator(".if-bar [role=status]").inner_text()
    assert page.locator(".now").all_inner_texts() == before


def test_the_page_of_its_own_is_whole_without_scripts_and_offers_every_figure_with_them(page, site):
    whole = (site / "chapters/what-if.html").read_text("utf-8")
    assert whole.count("<tr>") == 1 + live.MOST
    opened(page, site, "chapters/what-if.html")
    page.locator(".what-if select").wait_for()
    assert page.locator(".what-if select option").count() > 100
    page.locator(".what-if td button.change").first.click()
    page.get_by_role("textbox", name="If it had been printed").fill("6.1亿")
    assert page.locator(".what-if .what-if-list summary").count() >= 3


def test_the_cells_of_the_scoreboard_turn(page, site):
    opened(page, site, "index.html", CHANGED)
    page.locator(".if-bar").wait_for()
    assert page.locator("[data-verdict-of=growth-2025]").get_attribute("data-now") == "contradicted"


@pytest.mark.parametrize("width", [360, 1280])
def test_the_bar_has_no_fault_of_access_and_no_overflow(page, site, width):
    page.set_viewport_size({"width": width, "height": 800})
    opened(page, site, "chapters/headline.html", CHANGED)
    page.get_by_role("button", name="See them").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert faults(page, ".if-bar") == []
