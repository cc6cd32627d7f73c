"""The downloads: the same tables in three forms."""

import zipfile
from xml.etree import ElementTree

import pytest

from receiptbook.tables import data
from receiptbook.tables.downloads import download_name, write_downloads

NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
NAME = "past-600-million-data"
WORKBOOK, ARCHIVE = f"{NAME}.xlsx", f"{NAME}.zip"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("downloads") / "static"
    write_downloads(out)
    return out


def sheets(path):
    """Each sheet's name and its rows: by letter of the column, a text or a number."""
    with zipfile.ZipFile(path) as book:
        shared = [
            "".join(part.text or "" for part in item.iterfind(".//m:t", NS))
            for item in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        ]
        names = ElementTree.fromstring(book.read("xl/workbook.xml")).findall(".//m:sheet", NS)
        for i, sheet in enumerate(names, 1):
            root = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{i}.xml"))
            rows = []
            for row in root.findall(".//m:row", NS):
                cells = {}
                for cell in row.findall("m:c", NS):
                    value = cell.find("m:v", NS).text
                    letter = cell.get("r").rstrip("0123456789")
                    cells[letter] = shared[int(value)] if cell.get("t") == "s" else float(value)
                rows.append(cells)
            yield sheet.get("name"), rows


def test_the_downloads_are_named_after_the_package():
    assert download_name(data.load()) == NAME


def test_every_table_is_offered_as_it_is(folder):
    tables = data.load()
    for name in tables.tables:
        file = tables.describe(name)["path"]
        assert (folder / "data" / file).read_bytes() == (tables.root / file).read_bytes()


def test_the_workbook_holds_every_cell_of_every_table(folder):
    tables = data.load()
    found = dict(sheets(folder / WORKBOOK))
    assert list(found) == ["about", *(name[:31] for name in tables.tables)]
    for name in tables.tables:
        head, *rows = found[name[:31]]
        back = [{head[letter]: cell for letter, cell in row.items()} for row in rows]
        types = {one["name"]: one["type"] for one in tables.describe(name)["schema"]["fields"]}
        numbers = {column for column, kind in types.items() if kind in ("number", "integer")}
        assert back == [
            {k: float(v) if k in numbers else v for k, v in row.items() if v}
            for row in tables.rows(name)
        ], name


def test_printed_forms_and_dates_stay_text_in_the_workbook(folder):
    cells = [
        cell for row in dict(sheets(folder / WORKBOOK))["genai_waves"] for cell in row.values()
    ]
    assert {"42.8%", "2025-12-31", 602000000.0} <= set(cells)


def test_the_archive_is_the_package_with_its_description(folder):
    with zipfile.ZipFile(folder / ARCHIVE) as archive:
        names = {name.removeprefix(f"{NAME}/") for name in archive.namelist()}
        assert archive.testzip() is None
        text = archive.read(f"{NAME}/README.txt").decode()
    tables = data.load()
    assert names == {tables.describe(n)["path"] for n in tables.tables} | {
        "README.txt", "datapackage.json",
    }  # fmt: skip
    assert "Creative Commons Attribution 4.0" in text and "cite" in text


def test_the_archive_loads_as_a_package(folder, tmp_path):
    with zipfile.ZipFile(folder / ARCHIVE) as archive:
        archive.extractall(tmp_path)
    assert data.Data(tmp_path / NAME).ids == data.load().ids


def test_the_same_tables_give_the_same_bytes(folder, tmp_path):
    for path in write_downloads(tmp_path):
        assert path.read_bytes() == (folder / path.relative_to(tmp_path)).read_bytes()
