"""A new wave of the survey: a row for each number it prints, its source, one command.

The wave below is made up. It is added to a copy of the tables; copies of chapters are executed
on them.
"""

import csv
import json
import shutil

import pytest

from receiptbook import prose, refresh
from receiptbook.book import Book
from receiptbook.book.outputs import CHART
from receiptbook.receipts import collect
from receiptbook.tables import data

pytestmark = pytest.mark.slow  # chapters are executed

SOURCE = {
    "id": "made-up-58", "publisher": "CNNIC", "title": "A made-up 58th report", "kind": "primary",
    "date": "2026-07-21", "language": "zh", "licence": "not stated", "note": "Made up.",
}  # fmt: skip
USERS = {
    "id": "genai-users-2026-06", "series": "genai-users", "date": "2026-06-30",
    "measure": "People in China who use generative AI", "symbol": "users",
    "printed": "6.47亿 / 647 million", "value": "647000000", "unit": "persons",
    "sources": "made-up-58", "confidence": "A",
}  # fmt: skip
RATE = {
    **USERS, "id": "genai-rate-2026-06", "series": "genai-rate", "symbol": "adoption",
    "measure": "Share of the whole population of China who use generative AI",
    "printed": "46.1%", "value": "46.1", "unit": "percent",
    "denominator": "whole population, year-end",
}  # fmt: skip
INTERNET = {
    **USERS, "id": "internet-users-2026-06", "series": "internet-users", "symbol": "internet users",
    "measure": "Internet users in China, aged 6 and over", "group": "all",
    "printed": "11.31亿", "value": "1131000000",
}  # fmt: skip
NEW = {USERS["id"], RATE["id"], INTERNET["id"]}
CHAPTERS = ["headline", "who-counts", "targets"]


def insert(path, row):
    """Put a row behind the last one of its series, or at the end."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows, fields = list(reader), reader.fieldnames
    place = max((i for i, r in enumerate(rows) if r.get("series") == row.get("series")), default=-1)
    rows.insert(place + 1, {name: row.get(name, "") for name in fields})
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fields, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """Folders of tables and chapters after the wave, executed."""
    root = tmp_path_factory.mktemp("book")
    shutil.copytree(Book.here().data, root / "data")
    insert(root / "data/sources.csv", SOURCE)
    insert(root / "data/genai_waves.csv", USERS)
    insert(root / "data/genai_waves.csv", RATE)
    insert(root / "data/internet.csv", INTERNET)
    shutil.copytree(Book.here().chapters, root / "chapters")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECEIPTBOOK_DATA", str(root / "data"))
        outcomes = [refresh.refresh(root / f"chapters/{name}.ipynb") for name in CHAPTERS]
        yield root, outcomes


def receipts(folder):
    return collect.stored_receipts(folder / f"{name}.ipynb" for name in CHAPTERS)


def rests_on_new(receipt):
    return bool(NEW & {leaf["id"] for leaf in receipt["inputs"]})


def test_the_tables_take_the_wave_and_name_what_is_to_be_retired(book):
    root, _ = book
    tables = data.Data(root / "data")
    assert tables.series("genai-users").latest.id == "genai-users-2026-06"
    retired = [row["id"] for row in tables.corrections if not row["holds"]]
    assert retired == ["note-no-later-wave"]


def test_one_command_executes_every_chapter_on_the_new_wave(book):
    _, outcomes = book
    assert [str(outcome) for outcome in outcomes if outcome.status == "error"] == []


def test_statements_about_2025_stay_and_only_what_rests_on_the_new_wave_moves(book):
    root, _ = book
    before, after = receipts(Book.here().chapters), receipts(root / "chapters")
    assert before.keys() == after.keys()
    moved = {id for id in before if before[id] != after[id]}
    assert moved, "nothing follows the newest wave"
    assert [id for id in moved if not rests_on_new(after[id])] == []
    for id in ("users-2025-12", "growth-2025", "adoption-2025-12", "adoption-gain-2025"):
        assert after[id] == before[id]


def test_the_number_of_waves_and_the_chart_of_waves_follow(book):
    root, _ = book
    assert receipts(root / "chapters")["genai-wave-count"]["value"] == 5
    text = (root / "chapters/headline.ipynb").read_text("utf-8")
    charts = [
        output["data"][CHART]
        for cell in json.loads(text)["cells"]
        for output in cell.get("outputs", ())
        if CHART in output.get("data", {})
    ]
    waves = next(spec for spec in charts if spec["usermeta"]["receiptbook"]["id"] == "waves")
    points = [row for rows in waves["datasets"].values() for row in rows]
    assert any(
        row.get("users") == 647 and str(row.get("wave")).startswith("2026-06") for row in points
    )


def test_what_a_person_must_reword_is_listed_by_file_and_sentence(book, monkeypatch):
    root, _ = book
    monkeypatch.setenv("RECEIPTBOOK_DATA", str(root / "data"))
    paths = Book(root).written_pages()
    faults = prose.check(paths, exempt=prose.Exemptions.of(Book(root)))
    listed = [str(fault) for fault in faults]
    assert any("headline.ipynb" in line and "four" in line for line in listed), listed
    assert all(fault.place.file and fault.text and fault.expected for fault in faults)
