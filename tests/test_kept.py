"""What readers write stays in their browser, survives a reload, and comes back as one file."""

import csv
import io
import json
import re

import pytest
from chromium import chromium
from other_browsers import Firefox, lacking

from receiptbook.site.questions import edition
from receiptbook.system import IN_CI

pytestmark = pytest.mark.slow  # a browser

ONE = "headline-first-half"
CHOICE = "headline-points"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); };"
BLOCKED = (
    "Object.defineProperty(window, 'localStorage',"
    " { get() { throw new DOMException('', 'SecurityError'); } });"
)


@pytest.fixture
def context(chromium_path):
    with chromium(offline=True, accept_downloads=True) as session:
        yield session


def opened(context, site, name, *, mark=".kept:not([hidden])", first=""):
    """A page whose questions are ready; its faults are collected in `page.faults`."""
    page = context.new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("console", lambda m: page.faults.append(m.text) if m.type == "error" else None)
    page.on("dialog", lambda dialog: dialog.accept())
    if first:
        page.add_init_script(first)
    page.goto((site / f"chapters/{name}.html").as_uri())
    page.wait_for_selector(mark)
    return page


def gathered(context, site, **more):
    return opened(context, site, "answers", mark=".hand-in:not([hidden])", **more)


def answer(page, id, given):
    """Unfold a question, type or choose, and press Check."""
    box = page.locator(f"#question-{id}")
    if box.locator(".ask").get_attribute("open") is None:
        box.locator(".ask > summary").click()
    if box.locator("[type=radio]").count():
        box.locator("li", has_text=given).locator("input").check()
    else:
        box.locator("input").fill(given)
    box.locator("button").click()


def said(page, id=ONE):
    return page.locator(f"#{id}-said").get_attribute("data-outcome")


def test_answers_and_notes_survive_a_reload_and_are_judged_anew(context, site):
    page = opened(context, site, "headline")
    answer(page, ONE, "206.8")
    answer(page, ONE, "106.8%")
    answer(page, CHOICE, "Each rate was rounded")
    page.fill("#kept-notes", "Ask about <b>June</b>.")
    page.reload()
    page.wait_for_selector(".kept:not([hidden])")
    assert page.input_value(f"#{ONE}-reply") == "106.8%"
    assert said(page) == said(page, CHOICE) == "right"
    assert page.locator(f"#question-{CHOICE} :checked").count() == 1
    assert page.input_value("#kept-notes") == "Ask about <b>June</b>."
    assert page.locator(f"#question-{ONE} .ask > summary > span").inner_text() == "level 1: right"
    assert page.faults == []


def test_what_is_typed_and_not_checked_is_kept_and_not_judged(context, site):
    page = opened(context, site, "headline")
    page.locator(f"#question-{ONE} .ask > summary").click()
    page.fill(f"#{ONE}-reply", "106.8")
    page.keyboard.press("Tab")
    page.reload()
    page.wait_for_selector(".kept:not([hidden])")
    assert (page.input_value(f"#{ONE}-reply"), said(page)) == ("106.8", None)
    assert "106.8 · not checked yet" in gathered(context, site).locator(".answers").inner_text()


def test_a_question_that_changed_keeps_the_words_and_shows_no_verdict(context, site):
    page = opened(context, site, "headline")
    answer(page, ONE, "106.8%")
    answer(page, CHOICE, "Each rate was rounded")
    page.evaluate(
        "for (const key of Object.keys(localStorage)) localStorage.setItem(key,"
        ' localStorage.getItem(key).replace(/"edition":"\\w+"/, \'"edition":"0"\'))'
    )
    page.reload()
    page.wait_for_selector(".kept:not([hidden])")
    assert (page.input_value(f"#{ONE}-reply"), said(page), said(page, CHOICE)) == (
        "106.8%", None, None)  # fmt: skip
    told = page.locator(f"#{ONE}-said")
    assert "has changed since" in told.text_content()
    answer(page, ONE, "106.8%")
    assert said(page) == "right"


@pytest.mark.parametrize("part", ["prompt", "choices", "unit"])
def test_another_wording_is_another_edition(part):
    one = {"prompt": "Rain?", "choices": ["yes", "no"], "unit": "mm"}
    other = {"prompt": "Snow?", "choices": ["yes", "never"], "unit": "cm"}
    assert edition(one) != edition({**one, part: other[part]})
    assert edition(one) == edition({**one, "choices": ["no", "yes"], "hint": "Look up."})


@pytest.mark.parametrize("broken", ["{", "null", "5", '{"given":7}', "[]"])
def test_a_spoilt_entry_is_as_good_as_none(context, site, broken):
    page = opened(context, site, "headline")
    answer(page, ONE, "106.8%")
    page.evaluate(
        "(text) => { for (const key of Object.keys(localStorage)) localStorage.setItem(key, text) }",
        broken,
    )
    page.reload()
    page.wait_for_selector(".kept:not([hidden])")
    assert (page.input_value(f"#{ONE}-reply"), said(page), page.faults) == ("", None, [])


@pytest.mark.parametrize("first", [FULL, BLOCKED], ids=["full", "blocked"])
def test_where_nothing_is_kept_the_page_says_so_loses_nothing_and_takes_it_along(
    context, site, first
):
    page = opened(context, site, "headline", first=first)
    answer(page, ONE, "106.8%")
    page.fill("#kept-notes", "My note")
    page.keyboard.press("Tab")
    assert "full or blocked" in page.locator(".kept [role=status]").inner_text()
    assert said(page) == "right" and page.input_value("#kept-notes") == "My note"
    page.click(".kept .mine")
    page.wait_for_selector(".hand-in:not([hidden])")
    told = page.locator(".answers").inner_text()
    assert "106.8% · right" in told and "My note" in told
    assert page.faults == []


def test_a_chapter_or_everything_is_forgotten_when_asked(context, site):
    page = opened(context, site, "headline")
    answer(page, ONE, "106.8%")
    page.fill("#kept-notes", "x")
    other = opened(context, site, "speed")
    answer(other, "speed-half-year", "18.8")
    page.click(".kept .forget")
    assert page.locator(".kept [role=status]").inner_text() == "Forgotten."
    assert (page.input_value(f"#{ONE}-reply"), said(page), page.input_value("#kept-notes")) == (
        "", None, "")  # fmt: skip
    last = gathered(context, site)
    assert last.locator(".answers details[open]").count() == 1
    last.click(".hand-in .forget")
    assert "Nothing is kept" in last.locator(".sum").inner_text()
    assert last.evaluate("localStorage.length") == 0


def saved(context, site, name=""):
    """The file of whatever this browser keeps: its name and text."""
    page = gathered(context, site)
    page.fill("#answers-name", name)
    with page.expect_download() as found:
        page.click(".hand-in button >> nth=0")
    assert page.faults == []
    return found.value.suggested_filename, found.value.path().read_text("utf-8")


def test_a_file_opens_by_itself_and_a_class_is_read_back_into_a_table(context, site, tmp_path):
    page = opened(context, site, "headline")
    answer(page, ONE, "106.8%")
    answer(page, CHOICE, "misprint")
    page.fill("#kept-notes", "</script><script>document.title = 'x'</script>")
    page.keyboard.press("Tab")
    name, text = saved(context, site, "Ån <i>Li</i>")
    assert name == "answers-ån-i-li-i.html"
    (tmp_path / name).write_text(text, "utf-8")
    alone = context.new_page()
    alone.goto((tmp_path / name).as_uri())
    assert alone.title().startswith("Ån <i>Li</i>:")
    told = alone.locator("body").inner_text()
    assert all(part in told for part in ("106.8%", "right", "does not prove", "</script>"))
    answer(page, ONE, "=2+2")
    second, text = saved(context, site)
    assert second == "answers-without-name.html"
    (tmp_path / second).write_text(text, "utf-8")
    (tmp_path / "letter.html").write_text("<p>Dear all", "utf-8")
    (tmp_path / "other.html").write_text(
        re.sub(r'"book":"[^"]*"', '"book":"Rain in May"', text), "utf-8"
    )
    desk = gathered(context, site)
    desk.set_input_files("#class-files", sorted(tmp_path.glob("*.html")))
    desk.wait_for_selector(".class-answers table")
    told = desk.locator(".read").inner_text()
    assert told.startswith("2 files open.")
    assert "letter.html holds no answers." in told and "other.html belongs to another book" in told
    rows = [
        row.locator("th, td").all_inner_texts()
        for row in desk.locator(".class-answers tbody tr").all()
    ]
    assert [row[0] for row in rows] == [
        "Ån <i>Li</i>",
        "answers-without-name",
        "How many are right",
    ]
    assert [" ".join(cell.split()) for cell in rows[0][1:]] == [
        "1 of 2",
        "× C , tried",
        "✓ 106.8% , right",
    ]
    assert rows[2][2:] == ["0 of 2", "1 of 2"]
    with desk.expect_download() as found:
        desk.click(".class-answers .table")
    table = list(csv.DictReader(io.StringIO(found.value.path().read_text("utf-8-sig"))))
    assert {row["answer"] for row in table} >= {"106.8%", "'=2+2"}
    assert desk.faults == [] and context.strangers == []


def test_every_question_of_the_book_stands_on_the_page_of_answers_without_scripts(
    site, chromium_path
):
    with chromium(java_script_enabled=False) as session:
        page = session.new_page()
        page.goto((site / "chapters/answers.html").as_uri())
        facts = page.locator("[data-judged]").evaluate_all(
            "(all) => all.map((e) => e.dataset.judged)"
        )
        links = page.locator(".answers li a").evaluate_all("(all) => all.map((e) => e.href)")
        assert page.locator(".answers button:visible, .class-answers:visible").count() == 0
    assert len(facts) == len(links) > 70
    assert not [one for one in map(json.loads, facts) if "explain" in one or "slips" in one]


def test_on_paper_the_page_holds_what_was_answered_and_no_controls(context, site):
    page = opened(context, site, "headline")
    answer(page, ONE, "106.8%")
    paper = gathered(context, site)
    paper.emulate_media(media="print")
    assert paper.locator(".answers").inner_text().count("106.8%") == 1
    assert paper.locator("button:visible, input:visible, .answers details:visible").count() == 1


def test_firefox_gathers_from_a_folder_although_it_keeps_each_page_apart(site):
    if missing := lacking(Firefox):
        (pytest.fail if IN_CI else pytest.skip)(f"no {missing}")
    there = (
        "for (let n = 0; n < 300 && !document.querySelector('%s'); n++)"
        " await new Promise((go) => setTimeout(go, 20));"
    )
    with Firefox.started() as page:
        page.open((site / "chapters/headline.html").as_uri())
        link = page.run(
            there % ".kept:not([hidden])"
            + f"""
            const field = document.getElementById("{ONE}-reply");
            field.value = "106.8%";
            field.form.requestSubmit();
            return document.querySelector(".kept .mine").href;"""
        )
        page.open(link)
        told = page.run(
            there % ".hand-in:not([hidden])"
            + """
            return document.querySelector(".answers").innerText;"""
        )
        assert "106.8% · right" in told
        page.open((site / "chapters/answers.html").as_uri())
        assert "106.8% · right" in page.run(
            there % ".hand-in:not([hidden])"
            + """
            return document.querySelector(".answers").innerText;"""
        )
