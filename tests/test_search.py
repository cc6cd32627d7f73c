"""Search finds what this book is about: words, numbers and Chinese, by section, from anywhere."""

import re
from urllib.parse import quote

import pytest
from access import faults
from fixtures.site.kit import built_book, served, watched
from lxml import html

SAID = "document.getElementById('search-status').textContent"
READY = f"() => {SAID} && !/Opening/.test({SAID})"


@pytest.fixture(scope="module")
def small_site(tmp_path_factory):
    return built_book(tmp_path_factory.mktemp("a book"))


def results(tab, address, words):
    """What the page says; of each result address, heading, line, and what is marked in it."""
    tab.goto(f"{address}/search.html?q={quote(words)}")
    tab.wait_for_function(READY)
    rows = tab.locator("#search-results li").all()
    return tab.inner_text("#search-status"), [
        (
            row.locator("a").get_attribute("href"),
            row.locator("a").inner_text(),
            row.locator(".line").inner_text(),
            row.locator("mark").all_inner_texts(),
        )
        for row in rows
    ]


@pytest.mark.parametrize(
    "words, first, marked",
    [
        ("602", ("index.html", "chapters/headline.html"), "602"),
        ("141.7", ("chapters/headline.html",), "141.7"),
        ("42.8%", ("chapters/headline.html", "chapters/who-counts.html"), "42.8"),
        ("254,000", ("chapters/new-firms.html",), "254,000"),
        ("0.05", ("chapters/battery.html",), "0.05"),
        ("6.02亿", ("chapters/",), "6.02"),
        ("DeepSeek", ("chapters/who-and-what.html", "chapters/headline.html"), "DeepSeek"),
        ("three quarters", ("chapters/headline.html",), "three"),
        ("three QUARTERS", ("chapters/headline.html",), "three"),
    ],
)  # fmt: skip
def test_a_search_finds_its_section_first_and_marks_what_was_asked(
    browser, site, words, first, marked
):
    tab = browser.new_page()
    said, rows = results(tab, site.as_uri(), words)
    assert said.endswith("found.")
    assert rows[0][0].startswith(first)
    assert marked in rows[0][3] or marked in rows[0][1]
    tab.close()


@pytest.mark.parametrize("words, heading", [("生成式", "生成式"), ("人工智能", "人工智能")])
def test_chinese_is_found_without_blanks_between_its_words(browser, site, words, heading):
    tab = browser.new_page()
    said, rows = results(tab, site.as_uri(), words)
    assert said.endswith("found.") and rows
    assert heading in rows[0][1] + rows[0][2]
    tab.close()


@pytest.mark.parametrize("place", ["web", "folder"])
@pytest.mark.parametrize(
    "words, said",
    [
        ("imagined", "Nothing in the book has these words or numbers."),
        ("admonition", "Nothing in the book has these words or numbers."),
        ("sliders", "1 section found."),
        ("sliders imagined", "No section has all of this. 1 comes near:"),
        ("constructor", "Nothing in the book has these words or numbers."),
        ("__proto__", "Nothing in the book has these words or numbers."),
        ("249000000000", "Nothing in the book has these words or numbers."),
    ],
)
def test_search_answers_over_http_and_from_a_folder(browser, small_site, place, words, said):
    with served(small_site) as web:
        own = web if place == "web" else small_site.as_uri()
        with watched(browser, own) as seen:
            assert results(seen.page, own, words)[0].startswith(said)
            assert seen.refused() == [] and seen.strangers() == []


def test_code_and_cells_of_tables_are_not_searched(small_site):
    index = (small_site / "_static/sections.js").read_text("utf-8")
    assert "slider" in index
    assert "import" not in index and '"2024-06"' not in index


NUMBER = re.compile(r"\d(?:[\d.,]*\d)?")


def test_each_number_that_a_page_links_is_searched_unless_it_is_an_answer(site):
    index = set(NUMBER.findall((site / "_static/sections.js").read_text("utf-8")))
    missing = set()
    for page in site.glob("chapters/*.html"):
        for link in html.parse(str(page)).xpath(
            "//main//a[contains(@href, 'ledger.html#')]"
            "[not(ancestor::details[@class='answer' or @class='hint'])]"
        ):
            missing |= {(page.name, n) for n in NUMBER.findall(link.text_content())} - {
                (page.name, n) for n in index
            }
    assert missing == set()


def test_a_number_is_itself_and_not_the_beginning_of_another(browser, site):
    tab = browser.new_page()
    marked = {text for *_, texts in results(tab, site.as_uri(), "60")[1] for text in texts}
    assert marked == {"60"}
    tab.close()


@pytest.mark.parametrize("broken", ["sections.js", "minisearch.js"])
@pytest.mark.parametrize("how", ["absent", "cut short", "another's page"])
def test_an_index_that_does_not_come_whole_is_said_so(browser, small_site, broken, how):
    answers = {"cut short": "ReceiptBook.sections([[", "another's page": "<!doctype html>"}
    tab = browser.new_page()
    with served(small_site) as web:
        tab.route(
            f"**/{broken}",
            lambda route: (
                route.fulfill(status=404) if how == "absent" else route.fulfill(body=answers[how])
            ),
        )
        said, rows = results(tab, web, "sliders")
    assert said.startswith("The index of this book could not be opened") and rows == []
    tab.close()


def test_search_answers_where_nothing_may_be_stored(browser, site):
    tab = browser.new_page()
    tab.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('denied'); } })"
    )
    assert results(tab, site.as_uri(), "users")[1]
    tab.close()


def test_typing_answers_and_more_is_shown_on_demand(browser, site):
    tab = browser.new_page()
    results(tab, site.as_uri(), "users")
    shown = tab.locator("#search-results li")
    assert shown.count() == 20
    tab.locator("#search-more").press("Enter")
    assert shown.count() > 20
    assert tab.evaluate("document.activeElement.closest('li') !== null")
    tab.fill("#q", "telemetry")
    tab.wait_for_function(
        "() => /telemetry/i.test(document.querySelector('#search-results mark').textContent)"
    )
    tab.fill("#q", "")
    tab.wait_for_function("() => !document.querySelector('#search-results li')")
    tab.close()


def test_the_search_page_is_accessible_with_results(browser, site):
    tab = browser.new_page()
    results(tab, site.as_uri(), "602 million")
    for theme in ("light", "dark"):
        tab.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        assert faults(tab) == []
    tab.close()
