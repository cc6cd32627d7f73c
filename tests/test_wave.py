"""`make wave`: the numbers of a new report, with its source, become rows, chapters and a list to read.

Each turn runs on a copy of the book; with rows to write it holds a few chapters only.
"""

import csv
import shutil

import pytest
import waves

from receiptbook import renewal
from receiptbook.book import Book
from receiptbook.receipts import collect
from receiptbook.receipts.collect import Place
from receiptbook.tables import data
from receiptbook.tables.adding import continued, with_rows
from surge import wave

DAY = waves.next_half(data.load().series("genai-users").latest.date)
TOLD = {
    "--users": "7.3亿 / 730 million", "--rate": "52.1%", "--publisher": "CNNIC",
    "--title": "A made-up report", "--published": f"{int(DAY[:4]) + 1}-02-05",
    "--url": "https://example.org/59", "--language": "zh",
}  # fmt: skip
CHAPTERS = ("headline.ipynb", "targets.ipynb", "world.ipynb", "errata.md")


def words(**changed):
    """The command's words, some changed; None leaves one out."""
    told = {**TOLD, **{f"--{name.replace('_', '-')}": value for name, value in changed.items()}}
    return [DAY, *(word for pair in told.items() if pair[1] is not None for word in pair)]


def copied(to):
    """A copy of the book with a few chapters."""
    book = Book.here()
    shutil.copytree(book.data, to / "data")
    for name in (
        *CHAPTERS,
        "exemptions.csv",
        "exercises/headline.csv",
        "exercises/targets.csv",
        "exercises/world.csv",
    ):
        (to / "chapters" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(book.chapters / name, to / "chapters" / name)
    shutil.copy(book.root / "_config.yml", to)
    (to / "_toc.yml").write_text(
        "format: jb-book\nroot: chapters/headline\nchapters:\n"
        "  - file: chapters/targets\n  - file: chapters/world\n  - file: chapters/errata\n", "utf-8",
    )  # fmt: skip
    return to


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy at hand, to be written."""
    monkeypatch.setenv("RECEIPTBOOK_ROOT", str(copied(tmp_path)))
    return tmp_path


@pytest.fixture(scope="module")
def one_copy(tmp_path_factory):
    return copied(tmp_path_factory.mktemp("book"))


@pytest.fixture
def unwritten(one_copy, monkeypatch):
    """One copy for all that must leave it as it is: its tables are read once."""
    monkeypatch.setenv("RECEIPTBOOK_ROOT", str(one_copy))
    before = texts(one_copy)
    yield
    assert texts(one_copy) == before


def texts(folder):
    return {path.name: path.read_text("utf-8") for path in sorted((folder / "data").iterdir())}


REFUSED = [
    # what is given, and parts of the message
    ({"users": "73亿"}, ("genai_waves.csv", "found '73亿'", "between half and twice", "--sure")),
    ({"users": "7.3 thousand million"}, ("printed of genai-users", "as printed")),
    ({"users": "7.3%"}, ("genai_waves.csv", "7.3%")),
    ({"rate": "62.1%"}, ("found 62.1%", "expected about 52.0%", "--sure")),
    ({"rate": "52.1 points"}, ("printed of genai-rate", "52.1 points")),
    ({"users": None, "rate": None}, ("neither users nor a rate", "Give --users or --rate")),
    ({"population": "1.4亿"}, ("population.csv", "between half and twice")),
    ({"title": None}, ("sources.csv, column title: found nothing", "Give --title")),
    ({"title": " "}, ("sources.csv, column title: found nothing",)),
    ({"published": "5 February"}, ("found '5 February'", "a day such as")),
    ({"published": "2025-02-05"}, ("found 2025-02-05", f"a day after {DAY}")),
    ({"url": "www.cnnic.net.cn"}, ("column url", "begins with https://")),
    ({"source": "xinhua-20260205"}, ("an id that is not used yet", "--source")),
    (
        {"population": "140166万人", "population_source": "nbs-no"},
        ("'nbs-no'", "the id of a source"),
    ),
    ({"language": "中"}, ("language",)),
]


@pytest.mark.parametrize(("given", "parts"), REFUSED, ids=str)
def test_a_number_that_cannot_be_taken_is_refused_and_nothing_is_written(
    unwritten, capsys, given, parts
):
    assert wave.main(words(**given)) == 1
    told = capsys.readouterr().err
    assert [part for part in parts if part not in told] == []
    assert "expected" in told and told.endswith("nothing was written\n")


@pytest.mark.parametrize("day", ["2025-12-31", "31 December", "2026-13-01"])
def test_a_day_that_does_not_follow_is_refused(unwritten, capsys, day):
    assert wave.main([day, *words()[1:]]) == 1
    assert "date of genai-users" in capsys.readouterr().err


def test_every_fault_is_named_at_once(unwritten, capsys):
    assert wave.main(words(users="73亿", rate="half of all", title=None, url="x")) == 1
    assert len(capsys.readouterr().err.splitlines()) == 5


def test_a_dry_run_shows_the_rows_and_writes_nothing(unwritten, capsys):
    assert wave.main([*words(population="140166万人"), "--dry-run"]) == 0
    told = capsys.readouterr().out
    for part in (
        "sources.csv:",
        f"survey-{DAY[:7]}",
        f"genai-users-{DAY[:7]}",
        "730000000",
        "population.csv:",
    ):
        assert part in told


@pytest.mark.slow
def test_a_turn_writes_the_rows_renews_the_chapters_and_lists_what_is_to_be_read(folder, capsys):
    before, kept = texts(folder), collect.stored_receipts(Book(folder).notebooks())
    assert wave.main(words(internet="11.34亿")) == 0
    told = capsys.readouterr().out
    # rows: each behind the last of its series, and no other line of a file touched
    new = {name: text for name, text in texts(folder).items() if text != before[name]}
    assert new.keys() == {"sources.csv", "genai_waves.csv", "internet.csv"}
    for name, text in new.items():
        assert [line for line in before[name].splitlines() if line not in text.splitlines()] == []
    rows = [*csv.DictReader(new["genai_waves.csv"].splitlines())]
    series = [row["series"] for row in rows]
    assert series == sorted(series, key=series.index), "series stand together"
    assert data.load().series("genai-users").latest.id == f"genai-users-{DAY[:7]}"
    # chapters: they follow, and what is about the past stays
    after = collect.stored_receipts(Book(folder).notebooks())
    assert after["genai-wave-count"]["value"] == kept["genai-wave-count"]["value"] + 1
    assert waves.moved_past(kept, after, {f"genai-users-{DAY[:7]}", f"genai-rate-{DAY[:7]}"}) == []
    # what a person must read: file, cell and sentence
    assert "Comparisons that no longer hold" in told
    assert "headline.ipynb, cell" in told and "(latest-count-2025-12)" in told
    assert "Sentences that speak of the latest" in told
    # a second time the same numbers are refused
    assert wave.main(words()) == 1


# --- the parts -----------------------------------------------------------------------------


def test_a_row_is_put_behind_the_last_of_its_series_and_keeps_every_other_byte(tmp_path):
    tables = data.load()
    shutil.copytree(tables.root, tmp_path / "data")
    table, row = continued(tables, "genai-users", DAY, "7.3亿", sources="cnnic-57-launch")
    ((path, text),) = with_rows(tmp_path / "data", tables, {table: [row]}).items()
    was = path.read_text("utf-8").splitlines()
    now = text.splitlines()
    place = next(n for n, line in enumerate(now) if line.startswith(row["id"]))
    assert now[:place] + now[place + 1 :] == was
    assert now[place - 1].startswith(tables.series("genai-users").latest.id)


def test_a_cell_with_a_line_break_is_not_cut(tmp_path):
    tables = data.load()
    shutil.copytree(tables.root, tmp_path / "data")
    path = tmp_path / "data/genai_waves.csv"
    latest = tables.series("genai-users").latest.id
    lines = path.read_text("utf-8").splitlines(keepends=True)
    place = next(n for n, line in enumerate(lines) if line.startswith(latest))
    cells = next(csv.reader([lines[place]]))
    cells[-1] = "two\nlines"
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(lines[:place])
        csv.writer(file, lineterminator="\n").writerow(cells)
        file.writelines(lines[place + 1 :])
    table, row = continued(tables, "genai-users", DAY, "7.3亿", sources="cnnic-57-launch")
    text = with_rows(tmp_path / "data", tables, {table: [row]})[path]
    notes = {one["id"]: one["note"] for one in csv.DictReader(text.splitlines(keepends=True))}
    assert notes[latest] == "two\nlines" and row["id"] in notes


@pytest.mark.parametrize(
    ("markdown", "listed"),
    [
        ("It is so. The latest wave has a count. It ends.", ["The latest wave has a count."]),
        ("The newest [602 million](ledger.md#users) stand.", ["The newest 602 million stand."]),
        ("Nothing is said of time.", []),
        ("Latest of all.\n\nAnother.", ["Latest of all."]),
    ],
)
def test_sentences_that_speak_of_the_latest_are_listed_with_their_place(tmp_path, markdown, listed):
    (tmp_path / "page.md").write_text(markdown, "utf-8")
    found = renewal.of_the_latest([tmp_path / "page.md"])
    assert [*found] == [f"{Place('page.md')}: {sentence}" for sentence in listed]
