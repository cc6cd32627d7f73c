"""What a person judged, a person changes: what the chapters store is compared with `approved.csv`."""

import csv
import json
import shutil
from pathlib import Path

import nbformat
import pytest

from receiptbook import approvals, prose
from receiptbook.approvals import apart, short
from receiptbook.book import Book
from receiptbook.book.notebooks import bundles, notebook_text, read_notebook, read_rows
from receiptbook.book.outputs import CHART, QUESTION, receipts_in
from receiptbook.receipts import collect
from receiptbook.refresh import refresh
from receiptbook.tables import load

SOURCE = Path(__file__).parent / "second_book"


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """The second book with its outputs stored."""
    folder = shutil.copytree(SOURCE, tmp_path_factory.mktemp("shelf") / "library")
    outcome = refresh(folder / "chapters/loans.ipynb")
    assert not outcome.failed, outcome
    return folder


@pytest.fixture
def book(library, tmp_path):
    """A copy that may be changed."""
    return Book(shutil.copytree(library, tmp_path / "library"))


def change(book, edit):
    """Edit the notebook of the second book."""
    path = book.chapters / "loans.ipynb"
    notebook = read_notebook(path)
    edit(notebook)
    path.write_text(notebook_text(notebook), "utf-8")


def outputs(notebook, kind):
    return [bundle[kind] for bundle in bundles(notebook.cells) if kind in bundle]


def receipt(notebook, id):
    return next(
        one for bundle in bundles(notebook.cells) for one in receipts_in(bundle) if one["id"] == id
    )


def chart(notebook, id):
    return next(
        spec for spec in outputs(notebook, CHART) if spec["usermeta"]["receiptbook"]["id"] == id
    )


def card(notebook, id):
    return chart(notebook, id)["usermeta"]["receiptbook"]


def exchange(spec, one, other):
    """Two words change places in the data of a chart."""
    for row in (row for rows in spec["datasets"].values() for row in rows):
        row.update({key: {one: other, other: one}.get(value, value) for key, value in row.items()})


def code(notebook, old, new):
    """A change in the first cell of code that holds it, its outputs left as they are."""
    cell = next(one for one in notebook.cells if one.cell_type == "code" and old in one.source)
    cell.source = cell.source.replace(old, new, 1)


def heading(notebook, old, new):
    cell = next(cell for cell in notebook.cells if cell.source.startswith(old))
    cell.source = cell.source.replace(old, new, 1)


def swap(notebook):
    """The last two cells with outputs change places."""
    places = [n for n, cell in enumerate(notebook.cells) if [*bundles([cell])]]
    a, b = places[0], places[-1]
    notebook.cells[a], notebook.cells[b] = notebook.cells[b], notebook.cells[a]


JUDGED = [
    ("a verdict", lambda n: receipt(n, "loans-growth").update(verdict="contradicted"),
     "verdict of loans-growth: approved “reproduced”, found “contradicted”"),
    ("a ground", lambda n: receipt(n, "everybody-borrows")["grounds"][0].update(text="They say so"),
     "grounds of everybody-borrows"),
    ("what a ground names", lambda n: receipt(n, "everybody-borrows")["because"].pop(),
     "grounds of everybody-borrows"),
    ("a hint", lambda n: outputs(n, QUESTION)[0].update(hint="Add them."), "question of loans-each"),
    ("the unit that is asked for", lambda n: outputs(n, QUESTION)[0].update(unit="years"),
     "question of loans-each"),
    ("a colour",
     lambda n: chart(n, "loans-by-year")["encoding"].update(
         color={"field": "year", "scale": {"domain": ["2024"], "range": ["#0a6c8f"]}}),
     "colours of loans-by-year: approved: nothing, found “color 2024 accent”"),
    ("a statement turned round",
     lambda n: receipt(n, "loans-growth").update(statement="Loans fell by 18 percent within 2024"),
     "statement of loans-growth: approved “Loans grew by"),
    ("a formula", lambda n: receipt(n, "loans-growth").update(formula="loans(2024-12)"),
     "statement of loans-growth"),
    ("labels exchanged",
     lambda n: exchange(chart(n, "loans-by-year"), "Loans within the year", "Made for tests."),
     "labels of loans-by-year"),
    ("a right answer", lambda n: outputs(n, QUESTION)[0].update(formula="loans(2024-12)"),
     "answer of loans-each"),
    ("a title", lambda n: card(n, "loans-by-year").update(title="The library lent less"),
     "title of loans-by-year"),
    ("a caption", lambda n: card(n, "loans-by-year").update(caption="Bars"),
     "caption of loans-by-year"),
    ("a line of code", lambda n: code(n, '"readers-2024"', '"readers-2023"'), "code of "),
    ("an alternative text", lambda n: card(n, "loans-by-year").update(alt="Bars"),
     "alternative text of loans-by-year"),
    ("an end of an axis",
     lambda n: chart(n, "loans-by-year")["encoding"]["x"].update(scale={"domain": [100, 200]}),
     "axes of loans-by-year: approved “x \"Loans\"”, found “x \"Loans\" 100 to 200”"),
    ("the title of an axis", lambda n: chart(n, "loans-by-year")["encoding"]["x"].update(title="Readers"),
     "axes of loans-by-year"),
    ("a field", lambda n: chart(n, "loans-by-year")["encoding"]["x"].update(field="year"),
     "encoding of loans-by-year"),
    ("a mark", lambda n: chart(n, "loans-by-year").update(mark="point"), "encoding of loans-by-year"),
    ("a preset's result", lambda n: card(n, "next-years")["table"]["rows"][0].__setitem__(1, 60.2),
     "preset of next-years: Default"),
    ("a sentence of an explorer",
     lambda n: card(n, "next-years")["scenario"]["words"][0].update(text="Never."),
     "sentences of next-years"),
    ("the end of a slider",
     lambda n: card(n, "next-years")["scenario"]["parameters"][0].update(max=9),
     "controls of next-years"),
    ("the unit of a result",
     lambda n: card(n, "next-years")["scenario"]["outputs"][0].update(unit="weeks"),
     "controls of next-years"),
    ("a heading", lambda n: heading(n, "## The years", "## The weeks"), "headings of in order"),
    ("the order of cells", swap, "order of"),
]  # fmt: skip


def test_a_book_as_it_was_approved_is_quiet(book):
    assert approvals.check(book) == []


@pytest.mark.parametrize(
    ("edit", "told"), [row[1:] for row in JUDGED], ids=[row[0] for row in JUDGED]
)
def test_what_was_judged_does_not_change_unseen(book, edit, told):
    change(book, edit)
    lines = approvals.check(book)
    assert any(line.startswith("loans.ipynb: ") and told in line for line in lines), lines
    assert all("If it is meant, " in line and "approved.csv" in line for line in lines)


def test_the_words_of_each_section_are_judged_and_their_numbers_stay_apart(tmp_path):
    page = tmp_path / "terms.md"
    front = "---\nprint: apart\n---\n\n"
    text = f"{front}# Terms\n\nIn plain words.\n\n## Base\n\nA [smaller](ledger.md#base)"

    def words(text):
        page.write_text(text, "utf-8")
        return {one.thing: one.approved for one in approvals.approvals(page) if one.kind == "words"}

    assert words(f"{text} one, [5](ledger.md#n).\n") == {
        "Terms": "In plain words.", "Base": "A smaller ‹base› one, ‹n›.",
    }  # fmt: skip
    assert words(f"{text} one, [6](ledger.md#n).\n") == words(f"{text} one, [5](ledger.md#n).\n")
    code = "\n\n```python\n# a remark\n```\n\n## Base\n"
    assert list(words(f"{text} one.{code}\nAgain.\n")) == ["Terms", "Base", "Base (2)"]


def test_the_words_of_a_section_run_over_the_cells_of_a_notebook(book):
    def cut(cells):
        first = next(cell for cell in cells if cell.cell_type == "markdown")
        first.source, after = first.source.rsplit(" ", 1)
        cells.insert(cells.index(first) + 1, nbformat.v4.new_markdown_cell(after))

    before = {line for line in approvals.check(book) if ": words of " in line}
    change(book, lambda notebook: cut(notebook.cells))
    after = {line for line in approvals.check(book) if ": words of " in line}
    assert before == after == set()


def test_each_part_of_a_plan_is_judged_by_its_name(book):
    plans = book.chapters / "plans"
    plans.mkdir()
    plan = "goals: read\nsheets:\n- name: first\n  task: Divide.\n- name: second\n  task: Add.\n"
    (plans / "monday.yml").write_text(plan, "utf-8")
    lines = approvals.check(book)
    assert [line.partition(": approved")[0] for line in lines] == [
        "monday.yml: plan of goals", "monday.yml: plan of sheets: first",
        "monday.yml: plan of sheets: second",
    ]  # fmt: skip
    with (book.chapters / "approved.csv").open("a", encoding="utf-8") as file:
        file.writelines(line.rsplit(f"in {approvals.FILE}: ", 1)[1] + "\n" for line in lines)
    assert approvals.check(book) == []
    (plans / "monday.yml").write_text(plan.replace("Add", "Subtract"), "utf-8")
    assert ["sheets: second" in line for line in approvals.check(book)] == [True]


@pytest.mark.parametrize(
    ("table", "old", "new", "told"),
    [
        ("library.csv", ",2024-12-31,", ",2024-12-30,", "row of "),
        ("library.csv", ",loans,", ",readers,", "row of "),
        ("datapackage.json", '"type": "date"', '"type": "string"', "table of "),
    ],
)
def test_each_row_of_a_table_and_its_description_are_held(book, table, old, new, told):
    path = book.data / table
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    (line, *more) = approvals.check(book)
    assert not more and told in line and "in approved-rows.csv: data/" in line
    row = line.rsplit("approved-rows.csv: ", 1)[1]
    held = (book.chapters / approvals.ROWS).read_text("utf-8")
    key = row.rsplit(",", 1)[0]
    kept = [one for one in held.splitlines() if not one.startswith(key + ",")]
    (book.chapters / approvals.ROWS).write_text("\n".join([*kept, row]), "utf-8")
    assert approvals.check(book) == []


def test_a_row_that_is_added_or_gone_is_named(book):
    path = book.data / "library.csv"
    *kept, last = path.read_text("utf-8").splitlines()
    id = last.split(",")[0]
    path.write_text("\n".join([*kept, last.replace(id, "another-row", 1)]), "utf-8")
    added, gone = approvals.check(book)
    assert added.startswith("library.csv: row of another-row: approved: nothing")
    assert gone.startswith(f"data/library: row of {id}: approved") and "found nothing" in gone


@pytest.mark.parametrize("key", ["id", ["id", "date"], None])
def test_rows_are_held_whatever_names_them(book, key):
    path = book.data / "datapackage.json"
    package = json.loads(path.read_text("utf-8"))
    table = next(one for one in package["resources"] if one["path"] == "library.csv")
    table["schema"].pop("primaryKey")
    if key:
        table["schema"]["primaryKey"] = key
    path.write_text(json.dumps(package), "utf-8")
    held = [one for one in approvals.approvals(book.data / "library.csv") if one.kind == "row"]
    rows = read_rows(book.data / "library.csv", "id", "date")
    columns = [key] if isinstance(key, str) else key or []
    named = [" ".join(row[name] for name in columns) for row in rows]
    assert [one.thing for one in held] == (named if key else [str(n + 2) for n in range(len(rows))])


def test_a_table_that_is_described_nowhere_is_named(book, monkeypatch, capsys):
    (book.data / "left.csv").write_text("id\na\n", "utf-8")
    monkeypatch.setenv("RECEIPTBOOK_ROOT", str(book.root))
    assert approvals.main([]) == 2
    assert "data/left.csv: found no description of it" in capsys.readouterr().err


def test_a_newer_figure_leaves_a_ground_as_it_is(book):
    def grounds():
        held = approvals.approvals(book.chapters / "loans.ipynb")
        return [one.approved for one in held if one.kind == "grounds"]

    before = grounds()
    renewed = (
        "Share of the inhabitants who borrowed at least once in 2024 (71% to 72%) is below 100%"
    )
    change(book, lambda n: receipt(n, "everybody-borrows")["grounds"][0].update(text=renewed))
    assert grounds() == before


def test_a_difference_comes_with_the_row_that_would_approve_it(book):
    change(book, lambda n: receipt(n, "loans-growth").update(verdict="contradicted"))
    row = approvals.check(book)[0].rsplit(": ", 1)[1]
    assert row == "loans,verdict,loans-growth,contradicted"
    text = (book.chapters / "approved.csv").read_text("utf-8")
    text = text.replace("loans,verdict,loans-growth,reproduced", row)
    (book.chapters / "approved.csv").write_text(text, "utf-8")
    assert approvals.check(book) == []


def test_a_number_that_is_renewed_needs_no_approval(book):
    def held():
        return approvals.approvals(book.chapters / "loans.ipynb")

    titles = set()
    for words in ("[12 percent]", "[13 percent]"):
        title = f"{words}(ledger.md#loans-growth) more"
        change(book, lambda n, title=title: card(n, "loans-by-year").update(title=title))
        titles |= {a.approved for a in held() if (a.kind, a.thing) == ("title", "loans-by-year")}
    assert titles == {"‹loans-growth› more"}
    before = held()
    change(book, lambda n: receipt(n, "loans-growth").update(value=9.0, shown="9 percent"))
    assert held() == before


def test_what_is_approved_and_no_longer_there_is_named(book):
    with (book.chapters / "approved.csv").open("a", encoding="utf-8") as file:
        file.write("loans,verdict,loans-shrank,contradicted\ngone,headings,in order,Gone\n")
    lines = approvals.check(book)
    assert len(lines) == 2
    assert all("found nothing" in line and "remove its row" in line for line in lines)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "row 1: found the columns nothing"),
        ("chapter,thing,approved\n", "row 1: found the columns chapter, thing, approved"),
        ("chapter,kind,thing,approved\nloans,verdict,x\n", "row 2: found 3 cells"),
        ("chapter,kind,thing,approved\nloans,verdict,x,\n", "row 2: found 4 cells or an empty one"),
        (
            "chapter,kind,thing,approved\n" + 2 * "loans,verdict,x,partly\n",
            "row 3: found verdict of x once",
        ),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_what_to_do(book, text, told):
    (book.chapters / "approved.csv").write_text(text, "utf-8")
    with pytest.raises(ValueError, match=r"approved\.csv") as caught:
        approvals.check(book)
    assert told in str(caught.value)


def test_a_book_without_the_file_is_not_checked(book):
    (book.chapters / "approved.csv").unlink()
    change(book, lambda n: receipt(n, "loans-growth").update(verdict="contradicted"))
    assert approvals.check(book) == []


def test_rows_are_shown_and_never_written(book, monkeypatch, capsys):
    monkeypatch.setenv("RECEIPTBOOK_ROOT", str(book.root))
    change(book, lambda n: receipt(n, "loans-growth").update(verdict="contradicted"))
    before = (book.chapters / "approved.csv").read_bytes()
    assert approvals.main(["--show", "loans"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert "loans,verdict,loans-growth,contradicted" in shown
    assert approvals.main([]) == 1
    assert "Not as approved: 1." in capsys.readouterr().out
    assert (book.chapters / "approved.csv").read_bytes() == before


def test_no_module_writes_the_file():
    package = Path(approvals.__file__).parent
    naming = [
        path.name for path in package.rglob("*.py") if "approved.csv" in path.read_text("utf-8")
    ]
    assert set(naming) <= {"approvals.py"}
    writing = ("write_text", "write_bytes", "replace_text", 'open("w', 'open("a', '"w"', '"a"')
    assert [word for word in writing if word in Path(approvals.__file__).read_text("utf-8")] == []


@pytest.mark.parametrize(
    ("markdown", "held"),
    [
        ("[602 million](ledger.md#users) people", "‹users› people"),
        ("It [more than doubled](ledger.md#growth)", "It more than doubled ‹growth›"),
        ("in [two](ledger.md#waves) waves", "in ‹waves› waves"),
        ("it is [contradicted](ledger.md#claim)", "it is contradicted ‹claim›"),
        ("as\n  it   stands", "as it stands"),
    ],
)
def test_numbers_are_set_apart_and_words_are_kept(markdown, held):
    assert apart(markdown) == held


def test_a_long_text_is_held_by_its_first_words_and_a_hash():
    long = "A row of bars for each wave, " * 20
    assert short(long).startswith("A row of bars") and len(short(long)) < 120
    assert short(long) != short(long + "and one more")
    assert short("short") == "short"


@pytest.mark.parametrize("word", ["contradicted", "Contradicted"])
def test_rewriting_numbers_leaves_a_verdict_as_it_is_written_and_names_it(book, word, monkeypatch):
    monkeypatch.setenv("RECEIPTBOOK_ROOT", str(book.root))
    page = book.chapters / "intro.md"
    page.write_text(
        page.read_text("utf-8") + f"\nIt is [{word}](ledger.md#loans-growth).\n", "utf-8"
    )
    before = page.read_text("utf-8")
    known = collect.linkable([page, book.chapters / "loans.ipynb"])
    prose.rewrite(page, known)
    assert page.read_text("utf-8") == before
    assert any(fault.text == word for fault in prose.check([page], known))


# --- this book -----------------------------------------------------------------------------


def test_this_book_is_as_it_was_approved():
    assert approvals.check(Book.here()) == []


def test_each_row_of_this_book_is_approved():
    held = {
        (one.chapter, one.thing) for one in approvals.approved(Book.here(), approvals.ROWS).values()
    }
    tables = load()
    for name in (one["name"] for one in tables.package["resources"]):
        assert {(f"data/{name}", row["id"]) for row in tables.rows(name)} <= held


def test_each_verdict_answer_and_chart_of_this_book_is_approved():
    with (Book.here().chapters / "approved.csv").open(encoding="utf-8", newline="") as file:
        kinds = {row["kind"] for row in csv.DictReader(file)}
    assert kinds == {
        "headings", "order", "verdict", "answer", "title", "alternative text", "axes", "encoding",
        "sentences", "preset", "grounds", "question", "colours", "words", "controls", "plan",
        "statement", "labels", "caption", "code",
    }  # fmt: skip
