"""Paper: fonts stay fonts, a page prints on A4 and on Letter."""

import io

import pytest
from chromium import chromium
from papers import faults, fonts
from pypdf import PdfReader

from receiptbook import fonts as made
from receiptbook import paper

LETTERS = "Rain 雨 42.8%"


@pytest.fixture(scope="module")
def others():
    """Fonts of this machine that a PDF would not keep."""
    return made.others() or pytest.skip("each font of this machine is embedded as it is")


def test_a_font_of_other_outlines_is_converted_with_the_glyphs_that_are_asked_for(others):
    ttlib = pytest.importorskip("fontTools.ttLib")
    font = ttlib.TTFont(io.BytesIO(made.converted(others[0], LETTERS)))
    assert {"glyf", "loca"} <= set(font.keys())
    assert not {"CFF ", "CFF2", "fvar"} & set(font.keys())
    assert {ord(letter) for letter in LETTERS} <= set(font.getBestCmap())
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
    ],
    ids=["as it should be", "cubic", "two names, slanted", "all weights in one", "a weight of its own"],
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
    first, last = (page.extract_text() for page in PdfReader(file).pages)
    assert 'Rain "in" May' in first
    assert "1 of 2" in first
    assert "2 of 2" in last
    assert last.count("71 mm") == 1, "the ground of a text on lines is no second text"
