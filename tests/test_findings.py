"""What was not found, and comparisons in words, have receipts of their own and are held to them."""

import csv
import shutil

import pytest

from receiptbook import prose
from receiptbook.book import Book
from receiptbook.numbers import QuantityError
from receiptbook.receipts.collect import linkable
from receiptbook.receipts.findings import absence, comparison, findings
from receiptbook.tables import Data, DataError, load

ROW = {"id": "slower", "statement": "It slowed.", "note": ""}


@pytest.mark.parametrize(
    ("guard", "holds"),
    [
        ("genai-users-2025-12 above genai-users-2024-12", True),
        ("genai-users-2024-12 above genai-users-2025-12", False),
        ("genai-users-2024-12 below genai-users-2025-12", True),
        ("genai-users-2025-12 - genai-users-2024-12 above '100 million'", True),
        ("present genai-users-2025-12", True),
        ("absent genai-users-2025-12", False),
        ("present genai-users-2025-12; absent genai-users-2024-12", False),
        ("one-receipt above genai-users-2024-12", True),
    ],
)
def test_a_comparison_is_supported_while_all_its_guards_hold(guard, holds):
    stored = {
        "one-receipt": {
            "statement": "A count", "value": 5e8, "lower": 4.9e8, "upper": 5.1e8,
            "unit": "persons", "sources": ["a-source"],
        }
    }  # fmt: skip
    found = comparison({**ROW, "guard": guard}, load(), stored)
    assert found.verdict == ("supported" if holds else "contradicted")
    assert all(ground["holds"] for ground in found.grounds) is holds


@pytest.mark.parametrize(
    ("guard", "error"),
    [
        ("genai-users-2025-12 is large", QuantityError),
        ("no-such-figure above genai-users-2025-12", KeyError),
        ("genai-users-2025-12 above genai-rate-2025-12", QuantityError),
    ],
)
def test_a_guard_that_cannot_be_decided_is_refused(guard, error):
    with pytest.raises(error):
        comparison({**ROW, "guard": guard}, load())


def test_a_comparison_of_nothing_known_is_named_by_file_and_row(tmp_path):
    shutil.copytree(load().root, tmp_path / "data")
    path = tmp_path / "data" / "comparisons.csv"
    text = path.read_text("utf-8")
    id, guard = (next(csv.DictReader(text.splitlines()))[key] for key in ("id", "guard"))
    path.write_text(text.replace(guard, "no-such above 5", 1), "utf-8")
    with pytest.raises(DataError, match=r"comparisons.csv, row 2, column guard: .* 'no-such'"):
        findings(Data(tmp_path / "data"), {}, [id])


def test_every_comparison_of_the_book_names_what_it_compares():
    tables = load()
    stored = linkable(Book.here().written_pages(), tables)
    for id, row in tables.entries("comparisons").items():
        assert comparison(row, tables, stored).grounds, id


def test_an_absence_says_what_was_looked_for_where_and_how_far():
    for id, row in load().entries("absences").items():
        found = absence(row)
        assert found.verdict == "missing", id
        for said in (row["words"], row["searched"], row["newest_source"], row["found"]):
            assert said in found.note, id


def test_only_what_is_asked_for_gets_a_receipt():
    assert findings(load(), {}, ["no-such-row"]) == {}


def test_a_comparison_that_no_longer_holds_is_named_with_its_sentence(tmp_path, monkeypatch):
    shutil.copytree(Book.here().data, tmp_path / "data")
    path = tmp_path / "data" / "comparisons.csv"
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns, rows = reader.fieldnames, list(reader)
    rows[0]["guard"] = "genai-users-2024-12 above genai-users-2025-12"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    page = tmp_path / "page.md"
    page.write_text(f"# Page\n\nGrowth [slowed](ledger.md#{rows[0]['id']}).\n", "utf-8")
    monkeypatch.setenv("RECEIPTBOOK_DATA", str(tmp_path / "data"))
    (fault,) = prose.check([page])
    assert (fault.place.file, fault.text) == ("page.md", "slowed")
    assert rows[0]["statement"] in fault.expected
