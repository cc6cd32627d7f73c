"""Paper: fonts stay fonts, a page prints on A4 and on Letter, the book has contents and answers."""

import io
import re

import pytest
from chromium import chromium
from papers import faults, fonts, texts, words

from receiptbook import fonts as made
from receiptbook import paper
from receiptbook.book import Book
from receiptbook.book.notebooks import bundles, read_notebook
from receiptbook.site import pdf

LETTERS = "Rain 雨 42.8%"


@pytest.fixture(scope="module")
def others():
    """Fonts of this machine that a PDF would not keep."""
    return made.others() or pytest.skip("each font of this machine is embedded as it is")


def test_a_font_of_other_outlines_is_converted_with_the_glyphs_that_are_asked_for(others):
    ttlib = pytest.importorskip("fontTools.ttLib")
    with ttlib.TTFont(others[0].file, fontNumber=others[0].index) as whole:
        asked = {ord(letter) for letter in LETTERS} & set(whole.getBestCmap())
    font = ttlib.TTFont(io.BytesIO(made.converted(others[0], LETTERS)))
    assert {"glyf", "loca"} <= set(font.keys())
    assert not {"CFF ", "CFF2", "fvar"} & set(font.keys())
    assert asked and asked <= set(font.getBestCmap())
    assert font["maxp"].numGlyphs < 200


def test_only_families_that_a_style_sheet_names_are_converted(others):
    family = others[0].family
    assert made.rules(LETTERS, "p { font-family: Nobody }") == ""
    assert f'"{family}"' in made.rules(LETTERS, f"p {{ font-family: {family} }}")


@pytest.mark.parametrize(
    ("listed", "told"),
    [
        ("A\ta.ttf\t0\t80\t0\tTrueType\tFalse", []),
        ("A\ta.otf\t0\t80\t0\tCFF\tFalse", [("A", 400, False)]),
        ("A,B\ta.ttc\t2\t200\t100\tCFF\tFalse", [("A", 700, True), ("B", 700, True)]),
        ("A\ta.ttf\t0\t[0 210]\t0\tTrueType\tTrue", [("A", 400, False), ("A", 700, False)]),
        ("A\ta.otf\t0\t40\t0\tCFF\tFalse", []),
        ("A\ta.t1\t0\t80\t0\tType 1\tFalse", []),
    ],
    ids=["as it should be", "cubic", "two names, slanted", "all weights in one", "a weight of its own",
         "of no browser"],
)  # fmt: skip
def test_a_machine_s_list_of_fonts_is_read(listed, told):
    assert [(one.family, one.weight, one.italic) for one in made.faces(listed)] == told


PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Rain "in" May</title>
<style>@page { margin: 15mm } p { font-family: "Noto Serif CJK SC", serif }</style></head><body>
<p>Rain 雨 <b>fell</b> <i>twice</i></p><p style="break-before: page">Again</p>
<svg width="90" height="30"><text x="5" y="20" stroke="#fff" stroke-width="4">71 mm</text>
<text x="5" y="20">71 mm</text></svg></body></html>"""


def test_a_page_prints_on_either_paper_with_fonts_title_and_number(
    tmp_path, chromium_path, monkeypatch
):
    monkeypatch.setenv("RECEIPTBOOK_CHROMIUM", chromium_path)
    with chromium() as browser:
        tab = browser.new_page()
        tab.set_content(paper.prepared(PAGE))
        file = paper.write(tab, tmp_path / "rain.pdf")
    assert faults(file) == []
    assert {kind for kind, _, _ in fonts(file)} == {"/Type0"}
    first, last = texts(file)
    assert 'Rain "in" May' in first
    assert "1 of 2" in first
    assert "2 of 2" in last
    assert last.count("71 mm") == 1, "the ground of a text on lines is no second text"


def test_no_cell_of_a_stored_table_is_cut_off():
    cut = r"<t[dh][^>]*>[^<]*(?:\.\.\.|…)</t[dh]>"
    found = [
        (path.stem, cell)
        for path in Book.here().notebooks()
        for bundle in bundles(read_notebook(path).cells)
        for cell in re.findall(cut, bundle.get("text/html", ""))
    ]
    assert found == []


# --- the book ----------------------------------------------------------------------------------

NAV = """<nav aria-label="Book"><div><p>Months</p><ul><li><a href="a/may.html">May</a></li>
<li><a href="a/june.html">June</a></li><li><a href="a/tools.html">Tools</a></li></ul></div></nav>"""
ASKED = """<section class="question" id="question-fell"><details class="ask">
<summary><h3 id="fell-name">Question 1<span class="gist">: Did it?</span></h3>
<span>level 1</span></summary><div class="prompt"><p>Did it rain?</p></div>
<ul role="radiogroup"><li role="none"><label><span>It did</span></label></li></ul>
<form><button>Check</button></form>
<details class="hint"><summary>Hint</summary><p>Look at the ground.</p></details>
<details class="answer"><summary>Answer</summary><p>The ground was wet.</p></details>
</details></section>"""
SITE = {
    "index.html": ("cover", f"<title>Rain</title>{NAV}", "<h1>Rain</h1><p>A book.</p>"),
    "a/may.html": ("", "", f"""<h1>Rain in May</h1><p>See <a href="june.html#dry">June</a>.</p>
        <details class="working"><summary>Working</summary><pre>rain = 71</pre></details>{ASKED}"""),
    "a/june.html": ("", "", "<h1>None in June</h1>" + "<p>Sun.</p>" * 120 + '<p id="dry">Dry.</p>'),
    "a/tools.html": ("apart", "", "<h1>Tools</h1><p>Press.</p>"),
}  # fmt: skip


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A site of a cover and three pages."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "a").mkdir()
    for name, (kind, head, main) in SITE.items():
        body = f'<body class="{kind}"><main>{main}</main></body>'
        (folder / name).write_text(f"<html><head>{head}</head>{body}</html>", "utf-8")
    return folder


@pytest.fixture(scope="module")
def printed(small, tmp_path_factory, chromium_path):
    """The small site as a printed book."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECEIPTBOOK_CHROMIUM", chromium_path)
        return pdf.write(small, tmp_path_factory.mktemp("paper") / "rain.pdf")


def test_the_contents_tell_on_which_page_a_chapter_begins(printed):
    assert faults(printed) == []
    pages = [" ".join(text.split()) for text in texts(printed)]
    (contents,) = [text for text in pages if text.startswith("Rain Contents")]
    told = dict(re.findall(r"(Rain in May|None in June|Hints and answers) (\d+)", contents))
    assert set(told) == {"Rain in May", "None in June", "Hints and answers"}
    for title, number in told.items():
        assert title in pages[int(number) - 1], "the head"
        assert title not in pages[int(number) - 2] or "Contents" in pages[int(number) - 2]
    assert "Tools" not in " ".join(pages)


def test_a_question_of_the_book_is_answered_at_the_end_only_and_code_is_said_to_be_left_out(
    printed,
):
    pages = [" ".join(text.split()) for text in texts(printed)]
    (asked,) = [text for text in pages if "Did it rain?" in text]
    assert f"Hints and answers: page {len(pages)} ." in asked
    assert "It did" in asked
    assert not re.search("wet|ground|Check|rain = 71", asked)
    assert "a/may.ipynb" in asked
    assert "Question 1 Look at the ground. The ground was wet." in pages[-1]


@pytest.fixture(scope="module")
def whole(site, tmp_path_factory, chromium_path):
    """The book itself, printed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECEIPTBOOK_CHROMIUM", chromium_path)
        return pdf.write(site, tmp_path_factory.mktemp("paper") / "book.pdf")


@pytest.mark.long
def test_the_whole_book_prints_on_either_paper_and_no_page_of_it_is_nearly_empty(whole):
    assert faults(whole) == []
    pages = texts(whole)
    assert [(number, text) for number, text in enumerate(pages, 1) if words(text) < 40] == []
    numbers, _ = pdf.learnt(whole)
    (contents,) = [text for text in pages if text.count("Contents") > 1 and "At the end" in text]
    told = {int(number) for number in re.findall(r"\b\d+$", contents, re.M)}
    assert {page for id, page in numbers.items() if id != "index"} <= told
