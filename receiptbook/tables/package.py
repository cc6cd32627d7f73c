"""Downloads of the data: every table as CSV, one workbook for spreadsheets, the package as a zip.

    python -m receiptbook.tables.package folder

The files follow from data/ alone and are the same, byte by byte, wherever they are made. The
workbook is for reading: dates stay text and printed forms stay as they were printed, so that no
spreadsheet turns them into something else. Changes go into the CSV tables.
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from receiptbook.tables import data

NAME = "past-600-million-data"
WORKBOOK, ARCHIVE = f"{NAME}.xlsx", f"{NAME}.zip"
_DATE = (2026, 1, 1, 0, 0, 0)
_NAMESPACE = "http://schemas.openxmlformats.org"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_WIDEST = 60  # characters
_README = """Past 600 Million: the data package

{description}

How to cite: {citation}
Licence of the compilation: {licence}.
Licences of the sources: column licence in sources.csv.

Every CSV file is UTF-8, parted by commas; datapackage.json describes each column.
"""


def write_downloads(outdir: str | Path) -> list[Path]:
    """Write all downloads into a folder, which is made if need be.

    Returns
    -------
    The files written: `data/datapackage.json`, `data/<table>.csv`, the workbook and the archive.
    """
    tables, out = data.load(), Path(outdir)
    (out / "data").mkdir(parents=True, exist_ok=True)
    made = [out / "data" / "datapackage.json"]
    made[0].write_text(
        json.dumps(tables.package, ensure_ascii=False, separators=(",", ":")), "utf-8"
    )
    for file in (tables.describe(name)["path"] for name in tables.tables):
        made.append(out / "data" / file)
        made[-1].write_bytes((tables.root / file).read_bytes())
    made += [out / WORKBOOK, out / ARCHIVE]
    write_workbook(made[-2], tables)
    with zipfile.ZipFile(made[-1], "w") as archive:
        _put(archive, f"{NAME}/README.txt", readme(tables))
        for path in made[:-2]:
            _put(archive, f"{NAME}/{path.name}", path.read_bytes())
    return made


def citation(tables: data.Data) -> str:
    """One line that cites the package."""
    package = tables.package
    return (
        f"The Past 600 Million team (2026): {package['title']}. Data package, "
        f"version {package['version']}."
    )


def readme(tables: data.Data) -> str:
    """The text that goes with the archive."""
    return _README.format(
        description=tables.package["description"],
        citation=citation(tables),
        licence=tables.package["licenses"][0]["title"],
    )


@dataclass(frozen=True)
class Listing:
    """A table to be read: whole cells, however long, as HTML; tab-separated as plain text."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, object]]) -> Listing:
        """From rows with the same keys."""
        rows = list(rows)
        return cls(tuple(rows[0]), tuple(tuple(map(str, row.values())) for row in rows))

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        lines = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
            for row in self.rows
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"

    def __repr__(self) -> str:
        return "\n".join("\t".join(row) for row in (self.columns, *self.rows))


_KINDS = {
    "base": "Which population a rate rests on",
    "definition": "Other definitions",
    "scope": "Other scopes",
    "conflict": "Sources that contradict each other",
    "misreading": "Misreadings in circulation",
    "revision": "Revised figures",
    "break": "Breaks in a series",
    "label": "Labels that promise more",
    "dating": "Dates",
    "gap": "Gaps",
}


def conflicts(tables: data.Data) -> Listing:
    """The declared corrections and conflicts, kind by kind."""
    return Listing.of(
        {
            "kind": title,
            "what": row["what"],
            "why": row["why"],
            "what the book does": row["handling"],
        }
        for kind, title in _KINDS.items()
        for row in tables.corrections
        if row["kind"] == kind
    )


# -------------------------------------------------------------------------------- the workbook


def write_workbook(target: Path, tables: data.Data) -> None:
    """An Excel workbook (Office Open XML): a sheet about the package, then one for each table."""
    sheets = [("about", [["table", "rows", "what it holds"], *_about(tables)], ())]
    for name in tables.tables:
        fields = tables.describe(name)["schema"]["fields"]
        rows = [[field["name"] for field in fields]]
        rows += [list(row.values()) for row in tables.rows(name)]
        numbers = {i for i, field in enumerate(fields) if field["type"] in ("number", "integer")}
        sheets.append((name[:31], rows, numbers))
    with zipfile.ZipFile(target, "w") as book:
        for path, text in _parts([name for name, *_ in sheets]):
            _put(book, path, text)
        for i, (_, rows, numbers) in enumerate(sheets, 1):
            _put(book, f"xl/worksheets/sheet{i}.xml", _sheet(rows, numbers))


def _about(tables: data.Data) -> Iterator[list[str]]:
    for name in tables.tables:
        yield [name, str(len(tables.rows(name))), tables.describe(name)["description"]]
    yield ["", "", ""]
    yield ["cite as", "", citation(tables)]
    yield ["licence", "", tables.package["licenses"][0]["title"] + ", for the compilation"]
    yield ["columns", "", "datapackage.json describes each column."]


def _parts(names: list[str]) -> Iterator[tuple[str, str]]:
    """The parts of a workbook that do not depend on its cells."""
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    relations = f"{_NAMESPACE}/officeDocument/2006/relationships"
    numbered = list(enumerate(names, 1))
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{i}.xml" ContentType="{types}.worksheet+xml"/>'
        for i, _ in numbered
    )
    yield (
        "[Content_Types].xml",
        f'{_XML}<Types xmlns="{_NAMESPACE}/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{types}.styles+xml"/>'
        f"{overrides}</Types>",
    )
    yield (
        "_rels/.rels",
        f'{_XML}<Relationships xmlns="{_NAMESPACE}/package/2006/relationships"><Relationship '
        f'Id="r1" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    )
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{i}" r:id="r{i}"/>' for i, name in numbered
    )
    yield (
        "xl/workbook.xml",
        f'{_XML}<workbook xmlns="{_NAMESPACE}/spreadsheetml/2006/main" xmlns:r="{relations}">'
        f"<sheets>{sheets}</sheets></workbook>",
    )
    targets = "".join(
        f'<Relationship Id="r{i}" Type="{relations}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i, _ in numbered
    )
    yield (
        "xl/_rels/workbook.xml.rels",
        f'{_XML}<Relationships xmlns="{_NAMESPACE}/package/2006/relationships">{targets}'
        f'<Relationship Id="r{len(names) + 1}" Type="{relations}/styles" Target="styles.xml"/>'
        "</Relationships>",
    )
    yield (
        "xl/styles.xml",
        f'{_XML}<styleSheet xmlns="{_NAMESPACE}/spreadsheetml/2006/main"><fonts count="2">'
        '<font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="2"><xf/><xf fontId="1" applyFont="1"/></cellXfs></styleSheet>',
    )


def _sheet(rows: list[list[str]], numbers: Iterable[int]) -> str:
    widths = "".join(
        f'<col min="{i}" max="{i}" width="{min(_WIDEST, max(map(len, column)) + 2)}" '
        'customWidth="1"/>'
        for i, column in enumerate(zip(*rows, strict=True), 1)
    )
    numbers = set(numbers)
    lines = []
    for r, row in enumerate(rows, 1):
        cells = "".join(
            _cell(f"{_letters(c)}{r}", text, r == 1, c in numbers) for c, text in enumerate(row)
        )
        lines.append(f'<row r="{r}">{cells}</row>')
    last = f"{_letters(len(rows[0]) - 1)}{len(rows)}"
    return (
        f'{_XML}<worksheet xmlns="{_NAMESPACE}/spreadsheetml/2006/main"><sheetViews>'
        '<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" '
        'state="frozen"/></sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData>{''.join(lines)}</sheetData>"
        f'<autoFilter ref="A1:{last}"/></worksheet>'
    )


def _cell(place: str, text: str, head: bool, number: bool) -> str:
    if text == "":
        return ""
    if number and not head and re.fullmatch(r"-?\d+(\.\d+)?", text):
        return f'<c r="{place}"><v>{text}</v></c>'
    style = ' s="1"' if head else ""
    text = f'<is><t xml:space="preserve">{escape(text)}</t></is>'
    return f'<c r="{place}" t="inlineStr"{style}>{text}</c>'


def _letters(column: int) -> str:
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _put(archive: zipfile.ZipFile, path: str, content: str | bytes) -> None:
    """Add a file with a fixed date, so that the same tables give the same bytes."""
    entry = zipfile.ZipInfo(path, _DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, content)


if __name__ == "__main__":
    for path in write_downloads(sys.argv[1] if len(sys.argv) > 1 else "_build/html/_static"):
        print(path)
