"""What goes wrong on the way to a reader does no harm: torn files, torn addresses, forced colours."""

import json
import re
from html import unescape

import pytest
from chromium import chromium
from lxml import html

from receiptbook.site import languages, refusals
from receiptbook.site.nodes import PageError

EXPLORER = "chapters/scenarios.html"


@pytest.fixture(scope="module")
def browser(chromium_path):
    with chromium(offline=True) as context:
        yield context


def opened(browser, address, watched=None):
    tab = browser.new_page()
    faults = [] if watched is None else watched
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.goto(address)
    return tab


# --- scripts that arrive broken --------------------------------------------------------------


@pytest.mark.parametrize("body", ["<!doctype html><title>Sign in</title>", '"use strict";(() => {'])
def test_a_number_leads_to_the_ledger_when_its_script_arrives_broken(browser, site, body):
    tab = browser.new_page()
    tab.route("**/receipts.js", lambda route: route.fulfill(status=200, body=body))
    tab.goto((site / "chapters/headline.html").as_uri())
    link = tab.locator('main p a[href*="ledger.html#"]').first
    name = link.get_attribute("href").partition("#")[2]
    link.click()
    tab.wait_for_url(f"**/ledger.html#{name}")
    tab.close()


@pytest.mark.parametrize("body", [None, "<!doctype html><title>Sign in</title>"])
def test_a_page_without_its_first_script_has_no_dead_button(browser, site, body):
    tab = browser.new_page()
    tab.route(
        "**/book.js", lambda route: route.abort() if body is None else route.fulfill(body=body)
    )
    for page in ("headline", "scenarios", "ledger", "claim-cards", "what-if"):
        tab.goto((site / f"chapters/{page}.html").as_uri())
        shown = "[...document.querySelectorAll('button')].filter((b) => b.checkVisibility())"
        assert tab.evaluate(f"{shown}.map((button) => button.outerHTML)") == [], page
    tab.goto((site / "search.html").as_uri())
    assert "could not be loaded" in tab.inner_text("#search-status")
    tab.close()


@pytest.mark.parametrize(
    "script, button",
    [("share.js", "[data-share=png]"), ("live.js", "button.change"), ("run/page.js", "[data-run]")],
)
def test_a_button_whose_script_does_not_come_says_so(browser, web, script, button):
    browser.set_offline(False)  # Python in the page asks for a server
    tab = browser.new_page()
    tab.route(f"**/{script}", lambda route: route.abort())
    tab.goto(f"{web}/chapters/headline.html")
    tab.locator(f"{button}:visible").first.click()
    tab.get_by_text("This could not be loaded").first.wait_for()
    tab.close()
    browser.set_offline(True)


# --- addresses -------------------------------------------------------------------------------


def first_range(site):
    """The first number that an explorer lets its reader set: name, default, another value."""
    for page in sorted(site.glob("chapters/*.html")):
        tree = html.parse(str(page))
        boxes = tree.xpath("//*[@data-scenario]")
        found = tree.xpath("//*[@data-scenario]//input[@type='range']")
        if len(boxes) == 1 and found:
            one = found[0]
            low, high = one.get("min"), one.get("max")
            other = high if one.get("value") != high else low
            return page, one.get("data-p"), one.get("value"), other
    raise AssertionError("no page with one explorer and a slider")


def value(tab, name):
    return tab.locator(f'input[type=range][data-p="{name}"]').input_value()


@pytest.mark.parametrize(
    "form",
    [
        "#s={name}:{other}",
        "#s={name}%3A{other}",
        "#s%3D{name}%3A{other}",
        "#s%253D{name}%253A{other}",
        "#s={name}:{other}&utm_source=x&fbclid=y",
        "#s={name}:{other}?fbclid=y",
        "?fbclid=y#s={name}:{other}",
        "#s={name}:{other}).",
        "#s={name}%3A{other}%E2%80%9D",
    ],
)
def test_settings_survive_messengers_and_trackers(browser, site, form):
    page, name, _, other = first_range(site)
    faults = []
    tab = opened(browser, page.as_uri() + form.format(name=name, other=other), faults)
    tab.wait_for_function(
        "([n, v]) => document.querySelector(`input[type=range][data-p='${n}']`).value === v",
        arg=[name, other],
    )
    assert faults == []
    tab.close()


@pytest.mark.parametrize("tail", ["#%", "#%E0%A4%A", "#s=%E0%A4%A", "#s=", "?q=%E0%A4%A", "#?a&b"])
def test_a_torn_address_does_no_harm(browser, site, tail):
    page, name, default, _ = first_range(site)
    for file in (page, site / "chapters/ledger.html"):
        faults = []
        tab = opened(browser, file.as_uri() + tail, faults)
        tab.wait_for_load_state("load")
        tab.wait_for_timeout(300)
        if file == page:
            assert value(tab, name) == default
        assert faults == [], file.name
        tab.close()


CODE = "<img src=x onerror=alert(1)>"


@pytest.mark.parametrize(
    "place",
    ["{explorer}#s=", "chapters/headline.html?if=genai-users-2025-12:", "chapters/headline.html?class=",
     "chapters/ledger.html#", "search.html?q="],
)  # fmt: skip
def test_code_in_an_address_is_text(browser, site, place):
    faults, explorer = [], first_range(site)[0].relative_to(site).as_posix()
    tab = browser.new_page()
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.on("dialog", lambda shown: (faults.append("a dialog"), shown.dismiss()))
    tab.goto(f"{site.as_uri()}/{place.format(explorer=explorer)}{CODE}")
    tab.wait_for_timeout(500)
    assert tab.locator("img[src=x]").count() == 0
    assert faults == []
    tab.close()


def test_a_sentence_follows_its_slider_on_a_page_that_a_machine_translated(browser, site):
    page, name, _, other = first_range(site)
    tab = opened(browser, page.as_uri())
    tab.wait_for_function(
        "() => window.receiptbookStarted && !Array.isArray(window.receiptbookStarted)"
    )
    tab.evaluate(
        """() => {
          const box = document.querySelector("[data-scenario]");
          const walk = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
          const texts = [];
          while (walk.nextNode()) if (walk.currentNode.data.trim()) texts.push(walk.currentNode);
          for (const text of texts) {
            const outer = document.createElement("font"), inner = document.createElement("font");
            text.replaceWith(outer);
            outer.append(inner);
            inner.append(`[${text.data}]`);
          }
        }"""
    )
    before = tab.inner_text("[data-scenario]")
    slider = tab.locator(f'input[type=range][data-p="{name}"]')
    slider.evaluate(
        "(one, v) => { one.value = v; one.dispatchEvent(new Event('input', { bubbles: true })); }",
        other,
    )
    tab.wait_for_function(
        "(text) => document.querySelector('[data-scenario]').innerText !== text", arg=before
    )
    tab.close()


@pytest.mark.parametrize("tail", ["?utm_source=x", ".", ")", "%E2%80%9D", "%20"])
def test_the_ledger_opens_its_row_behind_a_trackers_tail_or_a_mark(browser, site, tail):
    row = html.parse(str(site / "chapters/ledger.html")).xpath("//*[contains(@class,'entry')]/@id")[
        0
    ]
    tab = opened(browser, (site / "chapters/ledger.html").as_uri() + f"#{row}{tail}")
    tab.wait_for_selector(f"[id='{row}'] details[open]")
    tab.close()


def test_back_restores_the_settings_of_the_address(browser, site):
    page, name, default, other = first_range(site)
    tab = opened(browser, page.as_uri())
    settled = "([n, v]) => document.querySelector(`input[type=range][data-p='${n}']`).value === v"
    tab.wait_for_function(
        "() => window.receiptbookStarted && !Array.isArray(window.receiptbookStarted)"
    )
    tab.evaluate("(hash) => { location.hash = hash; }", f"s={name}:{other}")
    tab.wait_for_function(settled, arg=[name, other])
    tab.wait_for_timeout(400)
    tab.evaluate("location.hash = 'content'")  # a place on the page is no other setting
    tab.wait_for_timeout(400)
    assert value(tab, name) == other
    tab.go_back()
    tab.wait_for_function(settled, arg=[name, other])
    tab.go_back()
    tab.wait_for_function(settled, arg=[name, default])
    tab.close()


def test_an_address_wins_over_the_filters_of_the_ledger(browser, site):
    row = html.parse(str(site / "chapters/ledger.html")).xpath("//*[contains(@class,'entry')]/@id")[
        0
    ]
    tab = opened(browser, (site / "chapters/ledger.html").as_uri())
    tab.fill("#ledger-find", "zzzz")
    assert "Nothing matches" in tab.inner_text(".filters .count")
    tab.evaluate("(hash) => { location.hash = hash; }", row)
    tab.wait_for_selector(f"[id='{row}'] details[open]")
    assert "Nothing matches" not in tab.inner_text(".filters .count")
    tab.close()


def test_without_its_second_script_an_explorer_offers_no_link(browser, site):
    page, *_ = first_range(site)
    tab = browser.new_page()
    tab.route("**/settings.js", lambda route: route.abort())
    tab.goto(page.as_uri())
    tab.wait_for_selector('[data-act="copy"]', state="hidden")
    tab.close()


def test_folds_of_the_ledger_are_printed_without_scripts(chromium_path, browser, site):
    tab = browser.new_page()
    tab.emulate_media(media="print")
    tab.route("**/*.js", lambda route: route.abort())
    tab.goto((site / "chapters/ledger.html").as_uri())
    fold = tab.locator(".ledger .entry details:not([open])").first
    assert fold.bounding_box()["height"] > 1.5 * fold.locator("summary").evaluate(
        "e => e.offsetHeight"
    )
    tab.close()


# --- colours and room ------------------------------------------------------------------------


@pytest.mark.parametrize("stored", ["light", "dark"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_win_over_the_stored_theme(browser, site, stored, scheme):
    tab = browser.new_page()
    tab.add_init_script(f"localStorage.setItem('theme', '{stored}')")
    tab.emulate_media(forced_colors="active", color_scheme=scheme)
    tab.goto((site / EXPLORER).as_uri())
    ink, paper, text = tab.evaluate(
        """() => {
          const probe = document.createElement('i');
          document.body.append(probe);
          const colour = (name) => { probe.style.color = name; return getComputedStyle(probe).color; };
          const text = document.querySelector('main figure svg text');
          return [colour('CanvasText'), colour('Canvas'), getComputedStyle(text).fill];
        }"""
    )
    assert text == ink != paper
    tab.close()


SPACED = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important;"
    " word-spacing: .16em !important; } p { margin-bottom: 2em !important; }"
)


@pytest.mark.long
def test_nothing_runs_out_of_a_narrow_page_with_wide_text_and_open_folds(browser, site):
    for page in [*sorted(site.glob("chapters/*.html")), *site.glob("*.html")]:
        if html.parse(str(page)).xpath("//meta[@http-equiv='refresh']"):
            continue
        tab = browser.new_page()
        tab.set_viewport_size({"width": 320, "height": 640})
        tab.goto(page.as_uri())
        tab.evaluate(
            "(css) => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);"
            " document.adoptedStyleSheets = [sheet];"
            " for (const fold of document.querySelectorAll('details')) fold.open = true; }",
            SPACED,
        )
        assert tab.evaluate("document.documentElement.scrollWidth") <= 320, page.name
        tab.close()


# --- languages -------------------------------------------------------------------------------


def test_each_run_of_han_characters_carries_its_language(site):
    wrong = []
    for page in site.rglob("*.html"):
        tree = html.parse(str(page))
        for text in tree.xpath("//body//text()[not(ancestor::script) and not(ancestor::style)]"):
            if languages.RUN.search(text):
                owner = text.getparent() if text.is_text else text.getparent().getparent()
                langs = owner.xpath("ancestor-or-self::*/@lang")
                if not langs[-1].startswith(("zh", "ja", "ko")):
                    wrong.append((page.name, text[:40]))
    assert wrong == []


def test_marking_a_language_leaves_the_text_as_it_is(site):
    source = (site / "chapters/ledger.html").read_text("utf-8")
    bare = re.sub(r"</?(?:span|tspan)\b[^>]*>", "", source)
    again = languages.marked(bare)
    assert html.fromstring(again).text_content() == html.fromstring(bare).text_content()


def test_cards_carry_it_too(site):
    script = (site / "_static/receipts.js").read_text("utf-8")
    drawn, _ = json.JSONDecoder().raw_decode(script, script.rindex("ReceiptBook.receipts({") + 21)
    told = [card for card in drawn.values() if languages.RUN.search(card)]
    assert told and all('lang="zh"' in card for card in told)


# --- what a chapter may not bring ------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "<script>a()</script>",
        "Words <script src=x></script> on.",
        '<iframe src="x"></iframe>',
        '<meta http-equiv="refresh" content="0;url=https://example.org">',
        "<style>p {}</style>",
        '<link rel="preconnect" href="//example.org">',
        '<base href="//example.org">',
        '<img src="https://example.org/a.png">',
        '<img src=x onerror="a()">',
        '<a href="javascript:a()">x</a>',
        '<svg onload="a()"></svg>',
        "![rain](https://example.org/a.png)",
        "```{raw} html\n<b>x</b>\n```",
        "```{figure} https://example.org/a.png\n```",
        ":::{note}\n<script>a()</script>\n:::",
        "```{note}\n<script>a()</script>\n```",
        '<form action="https://example.org"><input></form>',
        '<button formaction="https://example.org">a</button>',
        '<a href="java&#115;cript:a()">x</a>',
        '<img src="ht&#116;ps://example.org/a.png">',
        '<p style="background: url(//example.org/a.png)">x</p>',
        "```{eval-rst}\n.. image:: https://example.org/a.png\n```",
        "```{include} other.md\n```",
    ],
)
def test_raw_code_frames_and_foreign_pictures_are_refused(tmp_path, text):
    (tmp_path / "page.md").write_text(f"# A page\n\n{text}\n", "utf-8")
    found = list(refusals.refused(tmp_path / "page.md"))
    assert found and found[0].startswith("page.md: found ")


@pytest.mark.parametrize(
    "text",
    [
        "`<script>` and [a link](https://example.org)",
        "```html\n<script>a()</script>\n```",
        '<ul><li><a href="../_static/a.zip" download>a</a></li></ul>',
        "![rain](rain.png)",
        "2 < 3 and on = 4",
        '<p style="color: red">x</p>',
    ],
)
def test_words_about_them_are_not(tmp_path, text):
    (tmp_path / "page.md").write_text(f"# A page\n\n{text}\n", "utf-8")
    assert list(refusals.refused(tmp_path / "page.md")) == []


@pytest.mark.parametrize("kind", ["text/html", "text/markdown", "application/javascript"])
def test_stored_outputs_are_read_too_and_the_cell_is_named(tmp_path, kind):
    output = {"output_type": "display_data", "metadata": {}, "data": {kind: "<script>a()</script>"}}
    cell = {"cell_type": "code", "source": "x", "metadata": {}, "outputs": [output]}
    text = {"cells": [{**cell, "execution_count": 1}], "metadata": {}, "nbformat": 4}
    chapters = tmp_path / "chapters"
    chapters.mkdir()
    (chapters / "page.ipynb").write_text(json.dumps({**text, "nbformat_minor": 4}), "utf-8")

    class App:
        srcdir = tmp_path

    with pytest.raises(PageError, match=r"page.ipynb, cell 1: found .*script.*Take it out"):
        refusals.refuse(App)


def test_a_moved_page_has_a_policy(site):
    moved = unescape((site / "chapters/intro.html").read_text("utf-8"))
    assert "Content-Security-Policy" in moved and "default-src 'none'" in moved
