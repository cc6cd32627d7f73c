"""A second book runs on the engine alone: executed, checked, built and used in a real browser.

`tests/second_book` tells of the lending library of a town that does not exist; every figure in it is
made up. Each command runs in a copy of it, in a process in which `surge` cannot be imported.
"""

import csv
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from fixtures.site.kit import served, watched
from lxml import html
from playwright.sync_api import expect

from receiptbook import browser

pytestmark = pytest.mark.slow  # kernels, a build and a browser
SOURCE = Path(__file__).parent / "second_book"
FIRST_BOOK = re.compile(
    r"china|chinese|past.600|600 million|surge|cnnic|news text|\bessay|generative|genai", re.I
)
TITLE = "The Library of Fernby"
PAGES = ("index", "chapters/loans", "chapters/ledger", "search", "404")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Run a module of the engine in a book's folder; its exit code and what it printed."""
    blocked = tmp_path_factory.mktemp("blocked")
    (blocked / "surge.py").write_text("raise ImportError('the first book is not here')\n", "utf-8")
    own = {k: v for k, v in os.environ.items() if not k.startswith("RECEIPTBOOK_")}

    def start(folder: Path, *words: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", *words], cwd=folder, env={**own, "PYTHONPATH": str(blocked)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    return start


@pytest.fixture(scope="module")
def book(run, tmp_path_factory) -> Path:
    """A copy with its outputs stored and its ledger made."""
    folder = shutil.copytree(SOURCE, tmp_path_factory.mktemp("shelf") / "library")
    code, told = run(folder, "receiptbook.refresh")
    assert code == 0, told
    return folder


@pytest.fixture(scope="module")
def built(run, book) -> Path:
    """Its site; a warning is an error."""
    code, told = run(book, "receiptbook.commands", "build")
    assert code == 0, told
    return book / "_build" / "html"


@pytest.fixture
def copied(book, tmp_path) -> Path:
    """An executed copy that a test may change."""
    return shutil.copytree(book, tmp_path / "library", ignore=shutil.ignore_patterns("_build"))


@pytest.fixture(scope="module")
def page(built):
    """A built page as a tree."""
    return lambda name: html.parse(str(built / f"{name}.html")).getroot()


def words(element) -> str:
    return " ".join(element.text_content().split())


# ------------------------------------------------------------------------------------- the source


def test_the_first_refresh_makes_the_ledger_and_a_second_one_changes_nothing(run, book):
    made = [book / "chapters/loans.ipynb", book / "chapters/ledger.md"]
    stored = [path.read_bytes() for path in made]
    code, told = run(book, "receiptbook.refresh")
    assert (code, told.count("unchanged")) == (0, 2), told
    assert [path.read_bytes() for path in made] == stored


def test_every_number_in_its_prose_stands_up(run, book):
    assert run(book, "receiptbook.prose") == (0, "")


def test_a_changed_figure_is_named_wherever_it_is_printed_with_what_to_print(run, copied):
    table = copied / "data" / "library.csv"
    changed = table.read_text("utf-8").replace("48.7 thousand,48700", "49.7 thousand,49700")
    table.write_text(changed, "utf-8")
    code, told = run(copied, "receiptbook.prose")
    stale = re.findall(r"^([\w./]+).*: “48\.7 thousand”; expected “49\.7 thousand”", told, re.M)
    assert code == 1
    assert stale == ["intro.md", "loans.ipynb", "loans.ipynb", "exercises/loans.csv"]
    code, told = run(copied, "receiptbook.refresh", "--check")
    assert code == 1 and "receipt+json loans-growth" in told


def test_a_number_without_a_receipt_is_found(run, copied):
    intro = copied / "chapters" / "intro.md"
    intro.write_text(
        intro.read_text("utf-8") + "\nIn 2024 loans rose; 2024 loans did not.\n", "utf-8"
    )
    code, told = run(copied, "receiptbook.prose")
    assert code == 1 and "intro.md: “2024”; expected a link" in told


def test_a_word_that_is_counted_must_be_declared(run, copied):
    package = copied / "data" / "datapackage.json"
    package.write_text(package.read_text("utf-8").replace('"loans": [', '"lendings": ['), "utf-8")
    code, told = run(copied, "receiptbook.prose")
    assert code == 2 and "library.csv, row 2, column unit: found 'loans'" in told


# -------------------------------------------------------------------------------------- the pages


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_the_books_title_and_licence(page, name):
    tree = page(name)
    assert tree.findtext(".//title").endswith(TITLE)
    assert words(tree.find_class("name")[0]) == TITLE
    (licence,) = tree.xpath("//footer//a[@rel='license']")
    assert (licence.text, licence.get("href")[-9:]) == ("CC0 1.0", "zero/1.0/")


def test_no_file_of_the_site_speaks_of_the_first_book(built):
    texts = (".html", ".js", ".css", ".json", ".csv", ".svg", ".txt")
    files = [path for path in built.rglob("*") if path.suffix in texts and path.name != "vega.js"]
    said = {path.name: FIRST_BOOK.findall(path.read_text("utf-8")) for path in files}
    assert len(files) > 20 and {name: found for name, found in said.items() if found} == {}


def test_every_link_leads_to_a_file_of_the_site(built, page):
    for name in PAGES:
        for link in page(name).xpath("//@href | //@src"):
            path = link.partition("#")[0]
            if path and not re.match(r"[a-z]+:", path):
                assert (built / name).parent.joinpath(path).exists(), (name, link)


def test_the_chart_is_a_picture_with_words_a_table_and_a_file(built, page):
    figure = page("chapters/loans").get_element_by_id("loans-by-year")
    (plot,) = figure.xpath(".//*[@role='img']")
    assert plot.get("aria-label").startswith("Bar chart of loans in 2023 and 2024.")
    assert plot.xpath(".//svg//path")
    assert "Sources: Fernby Library." in words(figure)
    assert words(page("chapters/loans")).count("Loans within the year, 48.7 thousand") == 1
    rows = [[words(cell) for cell in row] for row in figure.xpath(".//table//tr")]
    assert rows == [["Year", "Loans"], ["2023", "41,200"], ["2024", "48,700"]]
    (file,) = figure.xpath(".//a[@download]/@href")
    with (built / "chapters" / file).open(encoding="utf-8", newline="") as lines:
        assert [row[1] for row in csv.reader(lines)][1:] == ["41200", "48700"]


@pytest.mark.parametrize(
    "verdict, said",
    [
        ("reproduced", ["loans-growth", "18.20%", "From rounding: 17.94% to 18.47%"]),
        ("derived", ["borrowers-share", "readers(2024-12) / inhabitants(2024-12)", "62.20%"]),
        ("contradicted", ["everybody-borrows", "Everybody in Fernby borrows books.", "below 100%"]),
    ],
)
def test_a_receipt_stands_on_the_page_with_its_verdict(page, verdict, said):
    kind = "ruling" if said[0] == "everybody-borrows" else "receipt"  # a ruling is one line, folded
    (card,) = page("chapters/loans").xpath(f"//*[@class='{kind} v-{verdict}']")
    told = words(card)
    assert [part for part in (verdict.capitalize(), *said) if part not in told] == []


def test_the_explorer_has_its_controls_and_says_what_the_model_says(page):
    figure = page("chapters/loans").get_element_by_id("next-years")
    names = [label.text_content().strip() for label in figure.xpath(".//label")]
    assert names == ["Growth a year", "Goal"]
    sliders = figure.xpath(".//input[@type='range']")
    assert [one.get("value") for one in sliders] == ["6", "70"]
    sentence = words(figure.find_class("words")[0])
    assert sentence == "Growing by 6% a year, loans reach 70 thousand in 6.2 years."


def test_the_question_asks_with_the_numbers_of_the_tables(page):
    (form,) = page("chapters/loans").xpath("//form[@data-judged]")
    assert '"unit":"loans per person"' in form.get("data-judged")
    assert "How many loans fall to each reader?" in words(form.getparent())


def test_the_ledger_has_a_row_for_each_claim_receipt_and_quoted_figure(page):
    tree = page("chapters/ledger")
    rows = {row.get("id"): row.get("class").split()[1] for row in tree.find_class("entry")}
    assert rows == {
        "loans-growth": "v-reproduced", "everybody-borrows": "v-contradicted",
        "borrowers-share": "v-derived", "loans-2024": "v-stated",
    }  # fmt: skip
    told = words(tree)
    assert "Every statement of the town bulletin" in told
    assert "In the town bulletin: the bulletin, paragraph 2." in told
    assert "the figure that the series loans has for December 2024" in told


def test_the_downloads_are_those_of_this_book(built):
    static = built / "_static"
    with zipfile.ZipFile(static / "library-of-fernby-data.zip") as archive:
        readme = archive.read("library-of-fernby-data/README.txt").decode()
    assert readme.startswith(f"{TITLE}: the data package")
    assert "The Fernby readers (2025): The lending library of Fernby." in readme
    assert (static / "data/library.csv").read_bytes() == (SOURCE / "data/library.csv").read_bytes()
    with (static / "ledger.csv").open(encoding="utf-8", newline="") as lines:
        found = {row["id"]: row["verdict"] for row in csv.DictReader(lines)}
    assert found["loans-growth"] == "reproduced" and len(found) == 4


# ------------------------------------------------------------------------------------ the browser


@pytest.fixture
def opened(chromium_path, built):
    """The chapter in Chromium; at the end nothing was asked of others, refused or failed."""
    with browser.chromium() as program, served(built) as address, watched(program, address) as seen:
        seen.page.goto(f"{address}/chapters/loans.html")
        yield seen.page
        assert (seen.strangers(), seen.refused()) == ([], [])
        assert [text for text in seen.said if "rror" in text] == []


def test_the_explorer_moves_in_the_browser(opened):
    slider = opened.locator("#next-years-pace")
    slider.scroll_into_view_if_needed()
    slider.fill("12")
    told = opened.locator("#next-years .words")
    expect(told).to_have_text("Growing by 12% a year, loans reach 70 thousand in 3.2 years.")


def test_a_number_opens_its_card_in_the_browser(opened):
    opened.locator('main p a[href$="ledger.html#loans-growth"]:not(.more)').first.click()
    card = opened.locator(".card")
    for part in ("Reproduced", "18.20%", "loans(2024-12)", "48.7 thousand", "Fernby Library"):
        expect(card).to_contain_text(part)
