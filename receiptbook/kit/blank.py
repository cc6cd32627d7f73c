"""A ledger with nothing in it yet, for a text of the class's own: to write on, to type into, as a table."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from receiptbook.archive import DATE, zipped
from receiptbook.book.imprint import imprint
from receiptbook.book.notebooks import csv_text
from receiptbook.receipts import VERDICTS, Verdict
from receiptbook.receipts.verdicts import NUMERIC, WORDED
from receiptbook.tables import load
from receiptbook.templates import render

TITLE = "A ledger of your own"
ABOUT = ("Headline", "Outlet and date", "Address or page", "Name")
#: Each claim takes three rows of twelve parts: label, what to write there, parts of the row.
ROWS = (
    (("Claim, as printed", "word for word", 7), ("Source", "who counted, and where you read it", 5)),
    (("Unit", "people, percent, points …", 3), ("Population", "of whom, out of whom", 5),
     ("Date", "of the count, not of the text", 4)),
    (("Range", "the digits can stand for … to …", 3), ("Computed", "from what, and the result", 4),
     ("Verdict", "", 2), ("What would change it", "", 3)),
)  # fmt: skip
FIELDS = tuple(label for row in ROWS for label, _, _ in row)
CLAIMS = (3, 4)  # on the first page and on the second
OFFERED = tuple(dict.fromkeys((*NUMERIC, Verdict.STATED, *WORDED)))
STEPS = (
    "Copy a claim exactly as it is printed. One number, or one statement, is one claim.",
    "Name its unit, who is counted, out of whom, and for which date. “Not said” is an answer.",
    "Write the range that its digits can stand for. Compute it anew if other figures allow it.",
    "Compare the ranges, choose a verdict, and say what would have to be found for it to turn.",
)


def blank_sheet() -> str:
    """The sheet as html for two sides of paper."""
    folder = Path(__file__).parent
    return render(
        folder / "blank.html",
        style=(folder / "blank.css").read_text("utf-8"),
        title=TITLE,
        about=ABOUT,
        steps=STEPS,
        verdicts=[(verdict, VERDICTS[verdict].meaning) for verdict in OFFERED],
        claims=range(1, sum(CLAIMS) + 1),
        rows=ROWS,
        credit=_credit(),
    )


def blank_table() -> str:
    """The same fields as columns, for a spreadsheet: a row for each claim, numbered."""
    rows = [(n, *("" for _ in FIELDS)) for n in range(1, sum(CLAIMS) + 1)]
    table = csv_text([("Number", *FIELDS), *rows], ends="\r\n")
    return "\ufeff" + table  # by the mark a spreadsheet knows that it is UTF-8


def blank_document() -> bytes:
    """The sheet as a file for a word processor; the same bytes at every call."""
    from docx import Document
    from docx.shared import Mm, Pt

    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(15)
    page.top_margin = page.bottom_margin = Mm(14)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(10)
    normal.paragraph_format.space_after = Pt(3)
    told = document.core_properties
    told.title, told.author, told.language = TITLE, imprint().author, "en"
    told.created = told.modified = datetime(*DATE)
    document.add_heading(TITLE, 1)
    for label in ABOUT:
        document.add_paragraph(f"{label}: ")
    for step in STEPS:
        document.add_paragraph(step, style="List Number")
    for verdict in OFFERED:
        line = document.add_paragraph(style="List Bullet")
        line.add_run(verdict.capitalize()).bold = True
        line.add_run(f": {VERDICTS[verdict].meaning}")
    for number in range(1, sum(CLAIMS) + 1):
        document.add_heading(f"Claim {number}", 2)
        _claim(document)
    document.add_paragraph(_credit())
    out = io.BytesIO()
    document.save(out)
    with zipfile.ZipFile(out) as saved:
        return zipped((name, saved.read(name)) for name in saved.namelist())


def _claim(document: Any) -> None:
    from docx.shared import Pt, RGBColor

    table = document.add_table(rows=len(ROWS), cols=12, style="Table Grid")
    for cells, row in zip(ROWS, table.rows, strict=True):
        at = 0
        for label, hint, parts in cells:
            cell = row.cells[at].merge(row.cells[at + parts - 1])
            at += parts
            name = cell.paragraphs[0].add_run(label)
            name.bold, name.font.size = True, Pt(8.5)
            if hint:
                more = cell.paragraphs[0].add_run(f" ({hint})")
                more.font.size, more.font.color.rgb = Pt(8), RGBColor(0x47, 0x50, 0x5A)
            cell.add_paragraph("")


def _credit() -> str:
    return f"After the ledger of {imprint().title}, {load().licence}."
