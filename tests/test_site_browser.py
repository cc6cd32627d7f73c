"""The built site in a real Chromium: what it asks for, what it shows, how it answers."""

import itertools
import json
import re
from pathlib import Path

import pytest
from access import COLOURS, faults
from fixtures.site.kit import built_book, served, visiting, watched
from lxml import html
from playwright.sync_api import expect

from receiptbook.site import embed, extras, run

pytestmark = pytest.mark.slow  # a browser

# The first with folds shut, the others with all of them open, which may hide what is pressed.
STATES = (
    (1280, "light", ()),
    (1280, "dark", (*COLOURS, "target-size")),
    (360, "light", ()),
    (360, "dark", COLOURS),
)
HERE = (
    "ReceiptBook.load('receipts.js').then(() => true)"  # loads once, however often it is asked for
)
UNFOLD = "document.querySelectorAll('main details').forEach((fold) => { fold.open = true; })"
# Rows of the ledger are laid out when they come near; before that, open ones seem to overlap.
LAY_OUT = """document.querySelectorAll('.entry').forEach((row) => {
  row.style.contentVisibility = 'visible';
})"""
# Of a thousand rows that look alike, those that show a kind of element for the first time.
THIN_OUT = """() => {
  const seen = new Set();
  for (const row of document.querySelectorAll('.entry')) {
    const kinds = [row, ...row.querySelectorAll('*')].map((e) => e.tagName + e.getAttribute('class'));
    if (kinds.every((kind) => seen.has(kind))) row.remove();
    kinds.forEach((kind) => seen.add(kind));
  }
}"""
TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"
HEADINGS = "[...document.querySelectorAll('main :is(h1,h2,h3,h4)')].map((h) => +h.tagName[1])"
CHAPTERS = ".menu:not(.elsewhere) summary"
NUMBER = 'main p a[href*="ledger.html#"]:not(.more, .go)'


@pytest.fixture(scope="module")
def fixture_site(tmp_path_factory) -> Path:
    """A site with one of everything, in a folder with a blank in its name."""
    return built_book(tmp_path_factory.mktemp("a book"))


@pytest.fixture(scope="module")
def web(fixture_site):
    with served(fixture_site) as address:
        yield address


@pytest.fixture
def open_page(browser, web):
    """Open a page of the fixture book over HTTP; at the end nothing was refused or failed."""
    with visiting(browser, web) as visit:

        def start(name: str, **options):
            seen = visit(name, **options)
            return seen.page, seen

        yield start


# ------------------------------------------------------------------- every page of the real book


def pages_of(site: Path) -> list[str]:
    """All pages but those that only send readers on."""
    pages = (p for p in site.rglob("*.html") if extras.MOVED not in p.read_text("utf-8"))
    return sorted(p.relative_to(site).as_posix() for p in pages)


@pytest.fixture(scope="module")
def visits(browser, site) -> dict[str, dict]:
    """Each page from its folder, in both themes and both widths: what axe and the console say."""
    told = {}
    for name in pages_of(site):
        with watched(browser, site.as_uri()) as seen:
            page = seen.page
            page.goto(f"{site.as_uri()}/{name}")
            page.evaluate(LAY_OUT)
            facts = told[name] = {"headings": page.evaluate(HEADINGS), "axe": [], "wide": {}}
            for width, theme, rules in STATES:
                page.set_viewport_size({"width": width, "height": 800})
                page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
                facts["axe"] += [f"{width} {theme}: {one}" for one in faults(page, only=rules)]
                if not facts["wide"]:  # the whole page was looked at once, as it opens
                    page.evaluate(UNFOLD)
                    for wide in (1280, 360):
                        page.set_viewport_size({"width": wide, "height": 800})
                        facts["wide"][wide] = page.evaluate(TOO_WIDE)
                    page.evaluate(THIN_OUT)
            facts["strangers"] = seen.strangers()
            facts["refused"] = seen.refused()
            facts["errors"] = [s for s in seen.said if "rror" in s]
    return told


@pytest.mark.parametrize("fact", ["axe", "strangers", "refused", "errors"])
def test_no_page_of_the_book_has_any(visits, fact):
    assert {name: told[fact] for name, told in visits.items() if told[fact]} == {}


def test_no_page_is_wider_than_the_screen(visits):
    wide = {(n, w): over for n, t in visits.items() for w, over in t["wide"].items() if over > 0}
    assert wide == {}


def test_headings_start_at_one_and_skip_no_level(visits):
    for name, told in visits.items():
        levels = told["headings"]
        assert levels[:1] == [1] and levels.count(1) == 1, name
        assert all(b - a <= 1 for a, b in itertools.pairwise(levels)), name


def test_every_number_in_the_book_leads_to_a_row_of_the_ledger(site):
    rows = set(html.parse(str(site / "chapters/ledger.html")).xpath("//@id"))
    known = {
        row[0] for row in json.loads((site / "_static/ledger.json").read_text("utf-8"))["rows"]
    }
    linked = 0
    for name in pages_of(site):
        links = html.parse(str(site / name)).xpath("//a/@href[contains(., 'ledger.html#')]")
        wanted = {link.split("#")[1] for link in links}
        assert wanted - {"sources"} <= rows & known, name
        linked += len(wanted)
    assert linked > 400


def test_the_site_stays_under_twelve_megabytes_and_python_in_it_under_thirty(site):
    taken = {".pdf", ".xlsx", ".zip", ".ipynb"}  # only ever taken along, by a press
    sizes = {"read": 0, "taken": 0, "embed": 0, "python": 0}
    for path in filter(Path.is_file, site.rglob("*")):
        if path.is_relative_to(site / run.PLACE):  # Python in the page, by a press too
            share = "python"
        elif path.is_relative_to(site / embed.FOLDER):  # a chart each, for the pages of others
            share = "embed"
        else:
            share = "taken" if path.suffix in taken else "read"
        sizes[share] += path.stat().st_size
    # read: pages 7 MB, receipts 1.1, tables 1.5, scripts 1.5, ledger 0.6
    # taken: notebooks 4.4, the data as a workbook and as an archive 0.7
    most = {"read": 12e6, "taken": 8e6, "embed": 1e6, "python": 30e6}
    assert {share: size for share, size in sizes.items() if size > most[share]} == {}


def test_no_page_names_a_foreign_file(site):
    asks = "//script/@src | //link[@rel='stylesheet' or @rel='icon']/@href | //img/@src | //iframe"
    for name in pages_of(site):
        loaded = html.parse(str(site / name)).xpath(asks)
        if not name.startswith(f"{embed.FOLDER}/"):
            assert len(loaded) >= 2, name  # a script and the icon
        assert loaded, name
        assert not [a for a in loaded if re.match(r"(https?:)?//", a)], name


# ------------------------------------------------------------------------------- without scripts


@pytest.mark.parametrize("width, shown", [(1280, "wide"), (360, "narrow")])
def test_charts_are_pictures_with_words_where_no_script_runs(open_page, width, shown):
    page, _ = open_page("chapters/first.html", width=width, java_script_enabled=False)
    for figure in page.locator("figure.chart").all():
        picture = figure.locator(f".still.{shown} svg")
        box = picture.bounding_box()
        assert box["width"] > 200 and box["height"] > 80 and box["width"] <= width
        assert len(figure.locator(".plot").get_attribute("aria-label")) > 30
        assert figure.locator(".finding").inner_text()
        assert re.match(r"Figure \d+\. ", figure.locator(".caption").inner_text())
        assert figure.locator(".credit").inner_text().startswith(("Source", "Computed"))
        figure.locator("summary").click()
        assert figure.locator("tbody tr").first.is_visible()
        assert figure.locator("caption").inner_text() and figure.locator("thead th").count()
    assert page.locator("figure.chart").count() == 2


def test_the_table_of_a_chart_is_a_file_too(fixture_site):
    text = (fixture_site / "_downloads/charts/four-waves.csv").read_text("utf-8")
    assert text.splitlines()[0] == "Date,Users (million)"
    assert text.splitlines()[-1] == "2025-12,602"


def test_a_number_leads_to_its_row_where_no_script_runs(open_page):
    page, _ = open_page("chapters/first.html", java_script_enabled=False)
    page.locator(NUMBER).first.click()
    expect(page).to_have_url(re.compile(r"ledger\.html#users-2025-12$"))
    assert page.locator("#users-2025-12").is_visible()
    assert page.locator(".entry").count() == 3
    assert page.locator(".filters").count() == 0


def test_an_explorer_is_true_at_its_defaults_where_no_script_runs(open_page):
    page, _ = open_page("chapters/second.html", java_script_enabled=False)
    assert page.locator(".scenario .words").inner_text()
    assert not page.locator(".scenario .controls").is_visible()


# -------------------------------------------------------------------------------- living charts


@pytest.mark.parametrize("width, shown", [(1280, "wide"), (360, "narrow")])
@pytest.mark.parametrize("place", ["web", "folder"])
def test_a_chart_comes_alive_without_moving_anything(
    browser, fixture_site, web, width, shown, place
):
    own = web if place == "web" else fixture_site.as_uri()
    with watched(browser, own, width=width) as seen:
        page = seen.page
        page.goto(f"{own}/chapters/first.html")
        assert not [u for u in seen.asked if "vega" in u or "figures.js" in u]
        figure = page.locator("figure#four-waves")
        before = (figure.bounding_box(), page.evaluate("document.body.scrollHeight"))
        figure.scroll_into_view_if_needed()
        figure.hover()
        live = figure.locator(f".still.{shown} .live svg")
        live.wait_for()
        after = (figure.bounding_box(), page.evaluate("document.body.scrollHeight"))
        assert after[1] == before[1]
        assert [after[0][k] for k in ("width", "height")] == [
            before[0][k] for k in ("width", "height")
        ]
        assert seen.shift() == 0
        assert len(figure.get_by_role("img").get_attribute("aria-label")) > 30
        assert seen.refused() == [] and seen.strangers() == []


def test_code_is_coloured_without_scripts(open_page):
    page, _ = open_page("chapters/first.html", java_script_enabled=False)
    kinds = set(
        page.locator(".cell_input pre span").evaluate_all("(l) => l.map((e) => e.className)")
    )
    assert "kn" in kinds and kinds <= {"c1", "k", "kn", "nb", "nf", "ow", "s1", "s2"}


def test_the_living_chart_draws_what_the_still_one_drew(open_page):
    page, _ = open_page("chapters/first.html")
    lines = "[...document.querySelectorAll('#four-waves .still.wide path')].map((p) => [p.getAttribute('d'), p.getBBox()]).filter(([d]) => (d.match(/L/g) ?? []).length === 3).map(([d]) => d.match(/[\\d.]+/g).map(Number).map(Math.round))[0]"  # noqa: E501
    still = page.evaluate(lines)
    page.locator("#four-waves").hover()
    page.locator("#four-waves .still.wide .live svg").wait_for()
    live = page.evaluate(lines)
    assert len(still) == 8
    assert max(abs(a - b) for a, b in zip(still, live, strict=True)) <= 1


def test_a_pointer_on_a_living_chart_shows_a_label(open_page):
    page, _ = open_page("chapters/first.html")
    page.locator("#four-waves").hover()
    live = page.locator("#four-waves .still.wide .live")
    live.wait_for()
    marks = live.locator("svg .mark-symbol path")
    box = marks.last.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".tip")).to_contain_text("602")


def test_a_touch_near_a_mark_shows_its_label_until_the_next_touch(open_page):
    page, _ = open_page("chapters/first.html", width=360, has_touch=True)
    figure = page.locator("figure[data-chart]").first
    figure.tap()
    figure.locator(".live svg").wait_for()
    mark = figure.locator(".live svg .mark-symbol path").nth(1).bounding_box()
    page.touchscreen.tap(mark["x"] + mark["width"] / 2 + 9, mark["y"] + mark["height"] / 2 - 7)
    expect(page.locator(".tip")).to_contain_text("249")
    page.wait_for_timeout(400)
    expect(page.locator(".tip")).to_be_visible()
    page.touchscreen.tap(5, 5)
    expect(page.locator(".tip")).not_to_be_visible()


def test_a_chart_that_gains_nothing_from_a_pointer_stays_a_picture(open_page):
    page, seen = open_page("chapters/second.html")
    page.locator("#band").hover()
    page.wait_for_timeout(300)
    assert page.locator("#band .live").count() == 0
    assert not [u for u in seen.asked if "vega" in u]


def test_charts_follow_the_theme_without_being_drawn_again(open_page):
    page, _ = open_page("chapters/first.html")
    stroke = (
        "getComputedStyle([...document.querySelectorAll('#four-waves .still.wide path')]"
        ".find((p) => p.getAttribute('stroke')?.includes('accent'))).stroke"
    )
    colours = [page.evaluate(stroke)]
    for word in ("light", "dark"):
        page.locator("button.theme").click()
        expect(page.locator("button.theme")).to_have_text(f"Theme: {word}")
        colours.append(page.evaluate(stroke))
    assert colours[0] == colours[1] != colours[2]
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate(stroke) == colours[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_system_theme_needs_no_script(open_page, scheme):
    page, _ = open_page("chapters/first.html", color_scheme=scheme, java_script_enabled=False)
    # no script may run in the page, so the painted background is read from a picture of it
    shot = page.screenshot(clip={"x": 2, "y": 300, "width": 4, "height": 4}, type="png")
    other = page.screenshot(clip={"x": 2, "y": 500, "width": 4, "height": 4}, type="png")
    assert shot == other
    page.emulate_media(color_scheme="dark" if scheme == "light" else "light")
    flipped = page.screenshot(clip={"x": 2, "y": 300, "width": 4, "height": 4}, type="png")
    assert shot != flipped


# ------------------------------------------------------------------------------------- receipts


def test_a_receipt_opens_by_keyboard_and_escape_returns_the_focus(open_page):
    page, seen = open_page("chapters/first.html", width=1000)  # no margin for notes
    assert not [u for u in seen.asked if "receipts.js" in u]
    link = page.locator(NUMBER).nth(1)
    page.locator(NUMBER).first.focus()
    page.keyboard.press("Tab")  # the first number's card may be open; its links come first
    for _ in range(6):
        if link.evaluate("(l) => l === document.activeElement"):
            break
        page.keyboard.press("Tab")
    card = page.locator(".card")
    expect(card).to_be_visible()
    expect(link).to_have_attribute("aria-expanded", "true")
    for words in ("Consistent", "Users grew", "141.8%", "users(2025-12)", "249 million",
                  "141.65% to 141.75%", "Alpha Institute"):  # fmt: skip
        expect(card).to_contain_text(words)
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('.card').contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    assert link.evaluate("(l) => l === document.activeElement")
    expect(link).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize("fetched", [False, True])  # is receipts.js on the page already?
def test_why_beside_a_control_opens_on_a_press_and_not_in_passing(open_page, fetched):
    page, _ = open_page("chapters/first.html")
    link, card = page.locator(NUMBER).first, page.locator(".card")
    link.evaluate("(l) => l.classList.add('why')")
    if fetched:
        page.evaluate(HERE)
    link.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    page.evaluate(HERE)
    page.wait_for_timeout(300)
    expect(card).to_have_count(0)
    page.keyboard.press("Enter")
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(link).to_be_focused()
    assert page.url.endswith("first.html")


def test_a_receipt_opens_by_hover_and_goes_when_the_pointer_leaves(open_page):
    page, seen = open_page("chapters/first.html")
    page.locator(NUMBER).first.hover()
    expect(page.locator(".card")).to_contain_text("602 million people use it.")
    page.mouse.move(600, 5)
    expect(page.locator(".card")).to_have_count(0)
    assert seen.shift() == 0


def test_a_click_holds_the_card_open_and_a_second_one_shuts_it(open_page):
    page, _ = open_page("chapters/first.html")
    link, card = page.locator(NUMBER).first, page.locator(".card")
    link.click()
    expect(card).to_be_visible()
    page.mouse.move(600, 5)
    page.wait_for_timeout(600)  # longer than a card stays that was only hovered
    expect(card).to_be_visible()
    assert page.url.endswith("first.html")
    link.click()
    expect(card).to_have_count(0)


def test_a_tap_opens_the_card_and_the_card_leads_to_the_ledger(open_page):
    page, _ = open_page("chapters/first.html", width=360, has_touch=True)
    page.locator(NUMBER).first.tap()
    card = page.locator(".card")
    expect(card).to_be_visible()
    box = card.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 360
    card.locator("a.go").tap()
    expect(page).to_have_url(re.compile(r"ledger\.html#users-2025-12$"))


def test_a_number_whose_card_cannot_be_fetched_leads_to_its_row(browser, web):
    with watched(browser, web) as seen:
        seen.page.route("**/receipts.js", lambda route: route.abort())
        seen.page.goto(f"{web}/chapters/first.html")
        seen.page.locator(NUMBER).first.click()
        expect(seen.page).to_have_url(re.compile(r"ledger\.html#users-2025-12$"))
        assert [s for s in seen.said if s.startswith("error")] == []


@pytest.mark.parametrize("name", ["chapters/first.html", "chapters/second.html"])
def test_accessible_with_cards_open_and_charts_alive(open_page, name):
    page, _ = open_page(name)
    for figure in page.locator("figure[data-chart]").all():
        figure.hover()
        figure.locator(".still.wide .live").wait_for()
    if page.locator(NUMBER).count():
        page.locator(NUMBER).first.focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        expect(page.locator(".card")).to_be_visible()
    for theme in ("light", "dark"):
        page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        assert faults(page) == []


# ------------------------------------------------------------------------------- ledger


def test_the_ledger_narrows_down_and_sorts(open_page):
    page, _ = open_page("chapters/ledger.html")
    seen = page.locator(".entry:visible h3")
    names = [text.rstrip("#") for text in seen.all_text_contents()]
    assert names == ["users-2025-12", "growth-2025", "everyday-tool"]
    page.get_by_label("Find", exact=True).fill("everyday tool")
    expect(seen).to_have_count(1)
    expect(page.locator(".count")).to_have_text("1 of 3")
    page.get_by_label("Find", exact=True).fill("")
    page.get_by_label("Verdict", exact=True).select_option("consistent")
    expect(seen).to_have_count(1)
    page.get_by_label("Verdict", exact=True).select_option("")
    page.get_by_label("Sort by", exact=True).select_option("name")
    assert [t.rstrip("#") for t in seen.all_text_contents()] == sorted(names)


def test_the_ledger_names_the_parts_and_says_when_nothing_matches(open_page):
    page, _ = open_page("chapters/ledger.html")
    part, seen = page.get_by_label("Part", exact=True), page.locator(".entry:visible")
    assert part.locator("option").all_text_contents() == ["all", "The surge"]
    part.select_option("The surge")
    expect(seen).to_have_count(3)
    page.get_by_label("Find", exact=True).fill("zzz")
    expect(seen).to_have_count(0)
    expect(page.locator(".count")).to_contain_text("Nothing matches.")
    page.get_by_role("button", name="Clear the filters").press("Enter")
    expect(seen).to_have_count(3)
    expect(page.locator(".count")).to_have_text("3 of 3")
    expect(part).to_have_value("")
    expect(page.get_by_label("Find", exact=True)).to_be_focused()


def test_a_row_of_the_ledger_opens_at_its_address(open_page):
    page, _ = open_page("chapters/ledger.html#growth-2025")
    row = page.locator("#growth-2025")
    expect(row).to_be_in_viewport()
    expect(row.locator(".formula")).to_be_visible()
    shape = row.locator(".verdict use").get_attribute("href")  # a shape beside the word
    assert page.locator(f"{shape} path").get_attribute("d")
    expect(row.locator(".verdict")).to_have_text("Consistent")


def test_the_ledger_is_a_file_in_two_formats(fixture_site):
    table = (fixture_site / "_static/ledger.csv").read_text("utf-8").splitlines()
    entries = json.loads((fixture_site / "_static/ledger.json").read_text("utf-8"))
    rows = {row[0]: dict(zip(entries["fields"], row, strict=True)) for row in entries["rows"]}
    assert [line.split(",")[0] for line in table[1:]] == list(rows)
    assert rows["growth-2025"]["range"] == "141.1% to 142.4%"


# ------------------------------------------------------------- working, margin, ways through


def test_the_switch_shows_all_working_and_is_remembered(open_page):
    page, _ = open_page("chapters/first.html")
    switch, shut = page.locator("button.switch"), page.locator("details.working:not([open])")
    assert shut.count() == page.locator("details.working").count() > 1
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "true")
    expect(shut).to_have_count(0)
    page.reload()
    expect(shut).to_have_count(0)
    page.keyboard.press("w")
    expect(switch).to_have_attribute("aria-pressed", "false")
    expect(page.locator("details.working[open]")).to_have_count(0)


def test_a_link_may_ask_for_the_working(open_page):
    page, seen = open_page("chapters/first.html?working")
    expect(page.locator("details.working:not([open])")).to_have_count(0)
    assert seen.shift() < 0.001


def test_a_letter_typed_into_a_field_is_no_command(open_page):
    page, _ = open_page("chapters/first.html")
    page.evaluate("document.querySelector('main').prepend(document.createElement('input'))")
    page.locator("main > input").press("w")
    expect(page.locator("button.switch")).to_have_attribute("aria-pressed", "false")


def test_the_working_of_a_section_opens_where_no_script_runs(open_page):
    page, _ = open_page("chapters/first.html", java_script_enabled=False)
    assert not page.locator("button.switch").is_visible()
    fold = page.locator("details.working").last
    fold.locator("> summary").click()
    assert fold.locator("pre").first.is_visible()


def test_a_link_into_a_fold_opens_it(open_page):
    page, _ = open_page("chapters/first.html#receipt-growth-2025")
    expect(page.locator("#receipt-growth-2025")).to_be_in_viewport()
    page.evaluate("document.querySelectorAll('main details').forEach((d) => { d.open = false; })")
    page.locator('.note a[href="#receipt-growth-2025"]').first.click()
    expect(page.locator("#receipt-growth-2025")).to_be_in_viewport()


def test_nothing_in_an_open_fold_is_cut(open_page):
    for width in (320, 360, 1280):
        page, _ = open_page("chapters/first.html?working", width=width)
        cut = "(all) => all.filter((e) => e.scrollWidth > e.clientWidth + 1).length"
        assert page.locator(".working pre").evaluate_all(cut) == 0, width


def test_a_number_lights_the_note_beside_it_and_a_press_opens_its_card(open_page):
    page, _ = open_page("chapters/first.html")
    link = page.locator('main p a[href$="#growth-2025"]:not(.more)').first
    link.hover()
    expect(page.locator(".note.lit")).to_have_attribute("data-note", "growth-2025")
    expect(page.locator(".card")).to_have_count(0)
    link.click()
    expect(page.locator(".card")).to_contain_text("141.8%")


@pytest.mark.parametrize("width", [1184, 1280, 1920])
def test_notes_stand_in_the_margin_and_never_on_each_other(browser, site, width):
    with watched(browser, site.as_uri(), width=width) as seen:
        page = seen.page
        placed = 0
        for name in ("headline", "scenarios", "speed"):
            page.goto(f"{site.as_uri()}/chapters/{name}.html")
            boxes = [note.bounding_box() for note in page.locator(".note").all()]
            column = page.locator("main").bounding_box()
            placed += len(boxes)
            for above, below in itertools.pairwise(sorted(boxes, key=lambda box: box["y"])):
                assert above["y"] + above["height"] <= below["y"], name
            for box in boxes:
                assert box["x"] >= column["x"] + column["width"], name
                assert box["x"] + box["width"] <= width, name
        assert placed > 10


def test_below_the_width_of_a_margin_no_note_is_in_the_way(open_page):
    page, _ = open_page("chapters/first.html", width=1000)
    assert page.locator(".note").count() and not page.locator(".note:visible").count()


def test_the_section_being_read_is_marked(open_page):
    page, _ = open_page("chapters/first.html")
    page.set_viewport_size({"width": 1280, "height": 400})
    page.locator("#the-waves h2").scroll_into_view_if_needed()
    page.evaluate("document.querySelector('#the-waves').scrollIntoView()")
    expect(page.locator(".here [aria-current=location]")).to_have_text("The waves")


def test_no_heading_hides_below_the_header(open_page):
    page, _ = open_page("chapters/first.html#the-waves")
    header = page.locator("header.top").bounding_box()
    assert header["y"] == 0 and header["height"] <= 49
    top = page.locator("#the-waves h2").bounding_box()["y"]
    assert top >= header["height"]


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_the_header_is_one_row_with_every_way_in_it(open_page, width):
    page, _ = open_page("chapters/first.html", width=width)
    assert page.locator("header.top").bounding_box()["height"] <= 49
    for name in (".name", CHAPTERS, ".find", ".switch", ".theme"):
        box = page.locator(f"header.top {name}").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width, name
        assert box["height"] >= 24, name


def test_a_term_opens_in_place_and_still_leads_to_the_glossary(browser, site):
    with watched(browser, site.as_uri()) as seen:
        page = seen.page
        page.goto(f"{site.as_uri()}/chapters/headline.html")
        term = page.locator("main a.term[href$='#cnnic']:visible").first
        term.click()
        expect(page.locator(".card .statement")).to_have_text("CNNIC 中国互联网络信息中心")
        page.locator(".card .go").click()
        expect(page).to_have_url(re.compile(r"glossary\.html#cnnic$"))


# -------------------------------------------------------------------------------- explorers


def test_an_explorer_answers_at_once_without_the_chart_runtime(open_page):
    page, seen = open_page("chapters/second.html")
    box = page.locator("[data-scenario]").first
    expect(box.locator(".controls:not([inert])")).to_be_visible()
    words = box.locator(".words").inner_text()
    box.get_by_role("radio", name="internet users").check()
    expect(box.locator(".words")).not_to_have_text(words)
    assert seen.shift() < 0.001
    assert not [u for u in seen.asked if "vega" in u]


# ------------------------------------------------------------------------------ paper, motion


def test_paper_shows_charts_and_one_note_for_each_receipt(open_page):
    page, _ = open_page("chapters/first.html", color_scheme="dark")
    page.emulate_media(media="print")
    assert page.locator(".still.wide svg").first.is_visible()
    assert not page.locator("header.top").is_visible()
    notes = page.locator(".endnotes li")
    assert notes.count() == len({link.get_attribute("href") for link in page.locator(
        'main a[href*="ledger.html#"]:not(.more)').all()})  # fmt: skip
    assert notes.first.is_visible()
    paper = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert paper == "rgb(255, 255, 255)"


def test_nothing_glides_for_those_who_asked_for_stillness(open_page):
    page, _ = open_page("chapters/first.html", reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    moving = """[...document.querySelectorAll('*')].filter((e) => {
        const s = getComputedStyle(e);
        return s.animationName !== 'none' || parseFloat(s.transitionDuration) > 0; }).length"""
    assert page.evaluate(moving) == 0


def test_the_menu_works_without_scripts_and_closes_by_escape_with_them(open_page):
    page, _ = open_page("chapters/first.html", width=360, java_script_enabled=False)
    page.locator(CHAPTERS).click()
    page.get_by_role("link", name="The second chapter").first.click()
    expect(page).to_have_url(re.compile("second"))
    page, _ = open_page("chapters/first.html", width=360)
    page.locator(CHAPTERS).click()
    page.keyboard.press("Escape")
    assert not page.locator(".menu nav").is_visible()
    assert page.locator(CHAPTERS).evaluate("(e) => e === document.activeElement")


def test_the_first_stop_of_the_tab_key_skips_to_the_content(open_page):
    page, _ = open_page("chapters/first.html")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#content"
