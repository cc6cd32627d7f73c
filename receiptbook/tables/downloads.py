"""Downloads of the data: every table as CSV, one workbook for spreadsheets, the package as a zip.

    python -m receiptbook.tables.downloads folder

The files follow from data/ alone and are the same, byte by byte, wherever they are made. The
workbook is for reading: dates stay text and printed forms stay as they were printed, so that no
spreadsheet turns them into something else. Changes go into the CSV tables.
"""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter

from receiptbook.archive import DATE, write_archive
from receiptbook.book import Book
from receiptbook.book.imprint import imprint
from receiptbook.tables.data import Data, load
from receiptbook.tables.expression import PLAIN_NUMBER
from receiptbook.tables.listing import citation

_WIDEST = 60  # characters that a column of the workbook may be wide
_LONGEST_NAME = 31  # characters that a spreadsheet allows for the name of a sheet
_README = """{title}: the data package

{description}

How to cite: {citation}
Licence of the compilation: {licence}.
Licences of the sources: column licence in sources.csv.

Every CSV file is UTF-8, parted by commas; datapackage.json describes each column.
"""


def download_name(tables: Data) -> str:
    """The name of workbook and archive, without its suffix, after the name of the package."""
    return f"{tables.package['name']}-data"


def write_downloads(outdir: str | Path, book: Book | None = None) -> list[Path]:
    """Write all downloads of a book, of the one at hand unless given, into a folder.

    Returns
    -------
    The files written: `data/datapackage.json`, `data/<table>.csv`, the workbook and the archive.
    """
    book = book or Book.here()
    tables, out = load(book.data), Path(outdir)
    name = download_name(tables)
    (out / "data").mkdir(parents=True, exist_ok=True)
    description = json.dumps(tables.package, ensure_ascii=False, separators=(",", ":"))
    package = {"datapackage.json": description.encode()}
    for file in (tables.describe(table)["path"] for table in tables.tables):
        package[file] = (tables.root / file).read_bytes()
    for file, content in package.items():
        (out / "data" / file).write_bytes(content)
    workbook = out / f"{name}.xlsx"
    write_workbook(workbook, tables, citation(tables, book))
    entries = {"README.txt": readme(tables, book), **package}
    archive = write_archive(
        out / f"{name}.zip", ((f"{name}/{file}", text) for file, text in entries.items())
    )
    return [*(out / "data" / file for file in package), workbook, archive]


def readme(tables: Data, book: Book) -> str:
    """The text that goes with the archive."""
    return _README.format(
        title=imprint(book).title,
        description=tables.package["description"],
        citation=citation(tables, book),
        licence=tables.package["licenses"][0]["title"],
    )


def write_workbook(target: Path, tables: Data, cited: str) -> None:
    """An Excel workbook (Office Open XML): a sheet about the package, then one for each table."""
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.set_properties({"created": datetime.datetime(*DATE)})  # else the time of writing
        _add_sheet(book, "about", [("table", "rows", "what it holds"), *_about(tables, cited)])
        for name in tables.tables:
            fields = tables.describe(name)["schema"]["fields"]
            rows = [[field["name"] for field in fields]]
            rows += [list(row.values()) for row in tables.rows(name)]
            numbers = {i for i, one in enumerate(fields) if one["type"] in ("number", "integer")}
            _add_sheet(book, name, rows, numbers)


def _about(tables: Data, cited: str) -> list[tuple[str, str, str]]:
    return [
        *((name, str(len(tables.rows(name))), tables.describe(name)["description"])
          for name in tables.tables),
        ("", "", ""),
        ("cite as", "", cited),
        ("licence", "", tables.package["licenses"][0]["title"] + ", for the compilation"),
        ("columns", "", "datapackage.json describes each column."),
    ]  # fmt: skip


def _add_sheet(
    book: xlsxwriter.Workbook,
    name: str,
    rows: Sequence[Sequence[str]],
    numbers: Iterable[int] = (),
) -> None:
    """A sheet with a heading that stays in view; only the columns in `numbers` hold numbers."""
    sheet = book.add_worksheet(name[:_LONGEST_NAME])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(rows) - 1, len(rows[0]) - 1)
    bold = book.add_format({"bold": True})
    for c, column in enumerate(zip(*rows, strict=True)):
        sheet.set_column(c, c, min(_WIDEST, max(map(len, column)) + 2))
        sheet.write_string(0, c, column[0], bold)
        for r, text in enumerate(column[1:], 1):
            if c in numbers and PLAIN_NUMBER.fullmatch(text):
                sheet.write_number(r, c, float(text))
            elif text:
                sheet.write_string(r, c, text)


if __name__ == "__main__":
    for path in write_downloads(sys.argv[1] if len(sys.argv) > 1 else "_build/html/_static"):
        print(path)
