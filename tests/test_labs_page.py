"""A lab on the page: the prediction first, then what came out, and ways to try it here."""

import pytest
from fixtures.site.kit import watched
from lxml import html
from playwright.sync_api import expect

from receiptbook.exercises import load
from receiptbook.site.labs import figures_changed
from receiptbook.site.nodes import PageError

LABS = [one for one in load().values() if one.form == "open"]


@pytest.mark.parametrize(
    "call", ["what_if(new)", "what_if(changes={'rain-may': 72})", "what_if({rain: 72})"]
)
def test_a_lab_whose_figures_cannot_be_read_off_its_call_stops_the_build_by_place(call):
    with pytest.raises(PageError, match=r"rain, the cell below 'rain-lab': found what_if\(.*write"):
        figures_changed(f"new = 72\n{call}", "rain, the cell below 'rain-lab'")


@pytest.mark.slow
@pytest.mark.parametrize("lab", LABS, ids=lambda one: one.id)
def test_every_lab_asks_for_a_prediction_before_it_shows_what_came_out(site, lab):
    page = html.parse(str(site / f"chapters/{lab.chapter}.html")).getroot()
    (box,) = page.xpath(f"//section[@id='question-{lab.id}']/details")
    parts = [part.get("class") for part in box]
    at = parts.index("prediction")
    assert parts[at - 1] == "prompt" and parts[at + 1] == "came-out"
    assert box[at + 1].get("open") is None and box[at + 1].xpath(".//table")
    assert box[at].xpath("label/@for") == box[at].xpath("textarea/@id") == [f"{lab.id}-expected"]
    (figures,) = box[at].xpath(".//button/@data-figures")
    code = "".join(page.xpath("//details[@class='working']")[-1].itertext())
    assert all(f'"{id}"' in code for id in figures.split())
    (fold,) = box[at].xpath(".//a[@href='#working-questions-and-exercises']")
    assert "working" in fold.text_content()


@pytest.fixture
def lab(browser, web):
    with watched(browser, web) as seen:
        seen.page.goto(f"{web}/chapters/filings.html#question-filings-lab")
        seen.page.locator("#question-filings-lab .ask > summary").click()
        yield seen.page
        assert [s for s in seen.said if "rror" in s] == []


@pytest.mark.slow
def test_who_wrote_nothing_is_asked_once_and_then_let_through(lab):
    lab.wait_for_load_state("networkidle")
    summary = lab.get_by_text("Show what came out")
    summary.click()
    expect(lab.locator(".came-out table")).to_be_hidden()
    expect(lab.locator(".prediction [role=status]")).to_contain_text("Write down what you expect")
    expect(lab.locator("#filings-lab-expected")).to_be_focused()
    summary.click()
    expect(lab.locator(".came-out table")).to_be_visible()


@pytest.mark.slow
def test_who_wrote_something_sees_it_above_what_came_out(lab):
    lab.locator("#filings-lab-expected").fill("The growth of the register.")
    lab.get_by_text("Show what came out").click()
    expect(lab.locator(".came-out table")).to_be_visible()
    expect(lab.locator("#filings-lab-expected")).to_have_value("The growth of the register.")


@pytest.mark.slow
def test_the_figure_of_a_lab_can_be_changed_on_the_page(lab):
    lab.locator(".ways button.change").click()
    field = lab.locator(".if-bar input")
    expect(field).to_be_focused()
    field.fill("202款")
    expect(lab.locator(".if-bar .said")).to_contain_text("number")


@pytest.mark.slow
def test_a_lab_can_be_done_where_no_script_runs(browser, web):
    with watched(browser, web, java_script_enabled=False) as seen:
        seen.page.goto(f"{web}/chapters/filings.html")
        seen.page.locator("#question-filings-lab .ask > summary").click()
        seen.page.locator("#filings-lab-expected").fill("The growth of the register.")
        seen.page.get_by_text("Show what came out").click()
        expect(seen.page.locator(".came-out table")).to_be_visible()
        expect(seen.page.locator(".ways").first).to_be_hidden()
