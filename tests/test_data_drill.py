"""The drill: one digit more in a figure, and what notices it."""

from fractions import Fraction as F

import pytest
from nbformat import v4

from bench import drill
from receiptbook.book import Book
from receiptbook.book.notebooks import bundles, notebook_text, read_notebook, replace_text
from receiptbook.book.outputs import RECEIPT, receipts_in
from receiptbook.receipts import claims, collect
from receiptbook.tables import figure_of, last_unit, load

pytestmark = pytest.mark.slow  # a chapter is run many times

ROWS = [
    # printed, value, unit, precision, and what one unit of the last printed digit makes of them
    ("602 million", "602000000", "persons", "", "603 million", "603000000"),
    ("6.02亿 / 602 million", "602000000", "persons", "", "6.03亿 / 603 million", "603000000"),
    ("51310万 / 5.13亿", "513100000", "persons", "", "51311万 / 5.13亿", "513110000"),
    ("9400萬", "94000000", "persons", "1000000", "9500萬", "95000000"),
    ("1元", "1", "yuan", "0.01", "2元", "2"),
    ("42.8%", "42.8", "percent", "", "42.9%", "42.9"),
    ("100%", "100", "percent", "", "99%", "99"),
    ("more than 254,000", "254000", "enterprises", "", "more than 253,999", "253999"),
    ("25.2个百分点", "25.2", "percentage points", "", "25.3个百分点", "25.3"),
    ("千分之三", "0.3", "percent", "", "千分之四", "0.4"),
    ("超過九成", "90", "percent", "", "超過八成", "80"),
    ("five", "5", "cases", "", "six", "6"),
    ("free", "0", "yuan", "", "1", "1"),
]


@pytest.mark.parametrize(("printed", "value", "unit", "precision", "new", "number"), ROWS)
def test_a_figure_and_its_printed_form_change_together(
    printed, value, unit, precision, new, number
):
    row = {"id": "x", "printed": printed, "value": value, "unit": unit, "precision": precision}
    changed = drill.changed(row)
    assert (changed["printed"], changed["value"]) == (new, number)


def test_columns_that_repeat_the_value_change_with_it():
    tables = load()
    study = drill.changed_in(tables, "study-dellacqua-2023-outside")
    assert (study["value"], study["effect"]) == ("20", "-20")
    country = drill.changed_in(tables, "country-chn-microsoft-2025-12")
    assert int(country["implied_users"]) == round(F("0.164") * 986753849, -3)


@pytest.mark.parametrize("table", [t for t in load().tables if t != "sources"])
def test_every_figure_can_be_changed_and_would_load(table):
    tables = load()
    for row in tables.rows(table):
        if row.get("id") not in tables:
            continue
        new = drill.changed(row)
        figure = figure_of(new)
        slack = last_unit(new["value"]) / 2 if row.get("derivation") else 0
        assert abs(figure.value / figure.unit.scale - F(new["value"])) <= slack, row["id"]
        assert {k: v for k, v in new.items() if row[k] != v}, row["id"]


CELLS = [
    "from receiptbook.tables import load\nfrom receiptbook.receipts import receipt\n"
    "from receiptbook.charts import card\n"
    "import altair as alt, pandas as pd\ntables = load()\n"
    "users = tables.series('genai-users')\n"
    "print(tables.fingerprint('genai_waves'))",
    "receipt('growth-2025', users['2025-12'] / users['2024-12'] - 1)",
    "frame = pd.DataFrame({'wave': w, 'users': q.number / 1e6} for w, q in users.items()\n"
    "                     if not w.startswith('2024-12'))\n"
    "card(alt.Chart(frame).mark_line().encode(x='wave:T', y='users:Q'), id='tiny', title='Up',\n"
    "     caption='Users.', alt='A rising line.', sources=['cnnic-55-core'])",
    "len(tables.rows('population')) > 1",
]


@pytest.fixture
def book(tmp_path, monkeypatch):
    """A book of one small chapter with its receipts stored, and one sentence."""
    monkeypatch.setenv("RECEIPTBOOK_DATA", str(Book.here().data))
    monkeypatch.setenv("RECEIPTBOOK_ROOT", str(tmp_path))
    users = load().series("genai-users")
    growth = claims.receipt("growth-2025", users["2025-12"] / users["2024-12"] - 1)
    cells = [v4.new_code_cell(source, id=f"c{n}") for n, source in enumerate(CELLS)]
    cells[1].outputs = [v4.new_output("display_data", {RECEIPT: growth.to_json()})]
    text = "Adoption is [42.8%](ledger.md#genai-rate-2025-12)."
    cells.append(v4.new_markdown_cell(text, id="words"))
    (tmp_path / "chapters").mkdir()
    book = Book(tmp_path)
    replace_text(book.chapters / "tiny.ipynb", notebook_text(v4.new_notebook(cells=cells)))
    return book


def rewrite(book, **sources):
    """Give cells of the small chapter other sources; what they stored tells no arithmetic of theirs."""
    notebook = read_notebook(book.page("tiny"))
    for cell in notebook.cells:
        cell.source = sources.get(cell.id, cell.source)
        for bundle in bundles([cell]) if cell.id in sources else ():
            for receipt in receipts_in(bundle):
                receipt.pop("tree", None)
    replace_text(book.page("tiny"), notebook_text(notebook))


def test_the_drill_names_the_receipt_the_chart_and_the_sentence_that_moved(book):
    report = drill.drill()
    assert report.broken == []
    assert report.caught["genai-users-2025-12"] == "receipt growth-2025"
    assert report.caught["genai-users-2024-12"] == "receipt growth-2025"
    assert report.caught["genai-users-2024-06"] == "chart tiny"
    assert report.caught["genai-rate-2025-12"].startswith("sentence in tiny.ipynb")
    assert "population-2024" in report.unshown
    assert report.share == 1.0


def test_a_change_that_nothing_shows_is_a_miss(book):
    rewrite(book, c1="round(float(users['2025-12'] / users['2024-12']))", c2="1")
    report = drill.drill()
    assert set(report.missed) == {"genai-users-2025-12", "genai-users-2024-12"}
    assert report.share < 0.99


def test_a_figure_that_code_names_and_nothing_shows_is_used_and_missed(book):
    rewrite(book, c2="tables['genai-users-2025-06'].number > 6e8", words="No number.")
    report = drill.drill()
    assert report.missed["genai-users-2025-06"] == "nothing moves in tiny.ipynb"
    assert report.caught.keys() == {"genai-users-2025-12", "genai-users-2024-12"}


def test_of_figures_that_one_output_shows_each_is_caught_and_of_a_search_only_its_find(book):
    rewrite(book, c2="max(q.number for q in users.values())")
    report = drill.drill()
    assert report.caught["genai-users-2025-12"] == "receipt growth-2025"
    assert "genai-users-2024-06" in report.unshown

    rewrite(
        book, c2="sum(tables[id].number for id in ('genai-users-2024-06', 'genai-users-2025-06'))"
    )
    assert drill.drill().caught["genai-users-2024-06"] == "output of cell c2"


def test_what_moves_only_in_a_list_of_inputs_is_missed_by_a_strict_drill(book):
    rewrite(
        book,
        c1="from receiptbook.numbers import computed\n"
        "receipt('growth-2025', computed(1.4, 'ratio', list(users.values()), 'the middle one',"
        " exact=True))",
        c2="1",
    )
    assert drill.drill().caught["genai-users-2025-12"] == "receipt growth-2025"
    assert "genai-users-2025-12" in drill.drill(strict=True).missed


def test_a_cell_that_stops_does_not_count_as_a_catch(book):
    rewrite(book, c2="assert tables['genai-users-2025-06'].number == 515_000_000")
    report = drill.drill()
    assert report.missed["genai-users-2025-06"].startswith("tiny.ipynb: stop: AssertionError")


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("users['1999-01']", "KeyError: "),
        (
            "import itertools, sys\nsys.count = getattr(sys, 'count', 0) + 1\nsys.count",
            "unsteady: ",
        ),
        ("import os; os._exit(3)", "A process in the process pool was terminated abruptly"),
    ],
    ids=["it fails", "it says something else each time", "it dies"],
)
def test_a_chapter_that_cannot_be_drilled_is_named_with_the_reason(book, source, says):
    rewrite(book, c1=source)
    (broken,) = drill.drill().broken
    assert broken.startswith(f"not drilled: tiny.ipynb: {says}")


@pytest.mark.parametrize(("missed", "code"), [(0, 0), (1, 0), (2, 1)])
def test_the_report_gives_the_numbers_and_the_exit_code_follows_the_share(
    missed, code, monkeypatch, capsys
):
    report = drill.Report(
        caught={f"a{i}": "receipt r" for i in range(100 - missed)},
        missed={f"b{i}": "nothing moves" for i in range(missed)},
        seconds=61.2,
    )
    monkeypatch.setattr(drill, "drill", lambda names, strict: report)
    assert drill.main([]) == code
    lines = capsys.readouterr().out.splitlines()
    assert lines[:5] == [
        "used: 100 figures; 0 of them without a source",
        f"caught: {100 - missed} ({100 - missed} by a receipt)",
        f"missed: {missed}",
        f"share caught: {100 - missed}.00%",
        "time: 61 s",
    ]
    assert len([line for line in lines if line.startswith("missed b")]) == missed


def test_arithmetic_notices_a_change_without_a_run_and_names_the_receipt():
    stored = collect.stored_receipts(Book.here().notebooks())
    tables = load()
    asked = [
        "genai-users-2024-12",
        "genai-users-2025-06",
        "population-2025",
        "internet-users-1997-10",
    ]
    found = drill.moved_receipts(stored, tables, asked)
    assert set(found) == set(asked[:3])
    assert all(name.removeprefix("receipt ") in stored for name in found.values())
