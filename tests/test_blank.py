"""The blank ledger: the same fields on paper, in the file and in the table, and room to write."""

import csv
import io
from itertools import groupby

import pytest
from chromium import chromium
from docx import Document
from lxml import html

from receiptbook import paper
from receiptbook.kit import blank, blank_document, blank_sheet, blank_table
from receiptbook.receipts import VERDICTS
from surge.kit import blank as book_blank

ASKED = (
    "Claim",
    "Unit",
    "Population",
    "Date",
    "Source",
    "Range",
    "Computed",
    "Verdict",
    "What would",
)
NUMBER = sum(blank.CLAIMS)


def test_the_fields_are_those_that_a_receipt_answers():
    assert len(blank.FIELDS) == len(ASKED)
    for word in ASKED:
        assert sum(field.startswith(word) for field in blank.FIELDS) == 1, word
    assert all(sum(parts for _, _, parts in row) == 12 for row in blank.ROWS)


def test_sheet_file_and_table_have_the_same_fields_for_each_claim():
    claims = html.document_fromstring(blank_sheet()).xpath("//section[@class='claim']")
    assert [claim.xpath(".//b/text()") for claim in claims] == [[*blank.FIELDS]] * NUMBER
    tables = Document(io.BytesIO(blank_document())).tables
    assert len(tables) == NUMBER
    for table in tables:
        cells = [cell for row in table.rows for cell in row.cells]  # merged ones several times
        names = groupby(cell.paragraphs[0].runs[0].text for cell in cells)
        assert [name for name, _ in names] == [*blank.FIELDS]
        assert {cell.paragraphs[1].text for cell in cells} == {""}
    head, *rows = csv.reader(io.StringIO(blank_table().removeprefix("\ufeff")))
    assert head == ["Number", *blank.FIELDS]
    assert [row[0] for row in rows] == [str(n) for n in range(1, NUMBER + 1)]
    assert not any("".join(row[1:]) for row in rows)


@pytest.mark.parametrize("verdict", blank.OFFERED)
def test_each_verdict_that_is_offered_is_explained_in_the_ledger_s_words(verdict):
    meaning = VERDICTS[verdict].meaning
    assert meaning in html.document_fromstring(blank_sheet()).text_content()
    told = [p.text for p in Document(io.BytesIO(blank_document())).paragraphs]
    assert f"{verdict.capitalize()}: {meaning}" in told


def test_the_file_is_a_page_of_a4_and_the_same_at_every_call():
    made = blank_document()
    assert made == blank_document()
    document = Document(io.BytesIO(made))
    page = document.sections[0]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    assert document.core_properties.title == blank.TITLE
    assert "Heading 1" in {p.style.name for p in document.paragraphs}


def test_the_sheet_takes_two_sides_with_room_to_write(tmp_path, chromium_path):
    from pypdf import PdfReader

    with chromium() as context:
        tab = context.new_page()
        tab.set_content(paper.prepared(blank_sheet()))
        high = "[...document.querySelectorAll('.row > div')].map((e) => e.offsetHeight / 96 * 25.4)"
        assert min(tab.evaluate(high)) > 16, "mm: two lines of handwriting below the label"
        cut = "[...document.querySelectorAll('.row > div')].filter((e) => e.scrollWidth > e.clientWidth)"
        assert tab.evaluate(f"{cut}.length") == 0
        pages = PdfReader(paper.write(tab, tmp_path / "blank.pdf")).pages
    assert len(pages) == 2
    held = [page.extract_text().count("Claim, as printed") for page in pages]
    assert held == [*blank.CLAIMS]


def test_the_kit_gives_it_to_students_in_three_forms():
    made = {file.path.rpartition(".")[2]: file.whose for file in book_blank.files()}
    assert made == {"pdf": "students", "docx": "students", "csv": "students"}
