"""Stored outputs are canonical: executing again changes nothing, and a change is named."""

import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from receiptbook import refresh
from receiptbook.book import Book
from receiptbook.book.notebooks import METADATA, bundles
from receiptbook.book.outputs import receipts_in

pytestmark = pytest.mark.slow  # each test starts a kernel

BOOK = Book.here()


def write(folder: Path, *sources: str | nbformat.NotebookNode, name: str = "small.ipynb") -> Path:
    """Store an unexecuted notebook with these code cells."""
    cells = [new_code_cell(source) if isinstance(source, str) else source for source in sources]
    path = folder / name
    nbformat.write(new_notebook(cells=cells), path)
    return path


def stored_outputs(path: Path) -> list:
    cells = nbformat.read(path, as_version=4).cells
    return [cell.outputs for cell in cells if cell.cell_type == "code"]


def test_a_second_run_changes_nothing(tmp_path):
    path = write(
        tmp_path,
        "print('one', flush=True)\nprint('two')",
        "{'b', 'a', 'c', 'd', 'e', 'f', 'g'}.pop(), hash('wave')",
        new_markdown_cell("Prose stays."),
        "from IPython.display import display\n"
        "display({'application/json': {'z': 1, 'a': [0.1, 2]}, 'text/plain': 'x'}, raw=True)",
    )
    assert refresh.refresh(path).status == "written"
    once = path.read_bytes()
    assert refresh.refresh(path).status == "unchanged"
    assert refresh.refresh(path, check=True).status == "unchanged"
    assert path.read_bytes() == once
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_printed_text_is_one_output_however_it_was_sent(tmp_path):
    path = write(
        tmp_path,
        "import time\nfor word in 'abc':\n    print(word, flush=True)\n    time.sleep(0.15)\n1 + 1",
    )
    refresh.refresh(path)
    stream, result = stored_outputs(path)[0]
    assert (stream.name, stream.text) == ("stdout", "a\nb\nc\n")
    assert (result.data, result.execution_count) == ({"text/plain": "2"}, 1)


def test_a_changed_value_is_named_and_the_check_writes_nothing(tmp_path):
    path = write(
        tmp_path,
        "print('first')\nprint('users', 602)",
        "from IPython.display import display\n"
        "receipt = {'id': 'growth-2025', 'value': 141.8}\n"
        "display({'application/vnd.receiptbook.receipt+json': receipt}, raw=True)",
    )
    refresh.refresh(path)
    notebook = nbformat.read(path, as_version=4)
    for cell, old, new in zip(notebook.cells, ("602", "141.8"), ("603", "142.2"), strict=True):
        cell.source = cell.source.replace(old, new)
    nbformat.write(notebook, path)
    before = path.read_bytes()

    outcome = refresh.refresh(path, check=True)

    assert outcome.status == "stale"
    assert outcome.details == (
        'cell 1: stdout line 2: stored "users 602", now "users 603"',
        "cell 2: application/vnd.receiptbook.receipt+json growth-2025 › value: stored 141.8, now 142.2",
    )
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(
            lambda cell: cell.update(outputs=[], execution_count=None),
            "cell 1: was never executed",
            id="not executed",
        ),
        pytest.param(
            lambda cell: cell.update(outputs=[]),
            "cell 1: 0 outputs are stored, 1 came out",
            id="outputs cleared",
        ),
        pytest.param(
            lambda cell: cell.update(execution_count=7),
            "only counts, metadata or layout differ; saved by a notebook editor?",
            id="saved by an editor",
        ),
        pytest.param(
            lambda cell: cell.outputs[0].data.update({"image/png": "aGk="}),
            'cell 1: image/png: stored "aGk=", now nothing',
            id="picture added by an editor",
        ),
    ],
)
def test_the_check_refuses(tmp_path, monkeypatch, change, says):
    cell = new_code_cell("6 * 7", id="answer", execution_count=1)
    cell.outputs = [new_output("execute_result", {"text/plain": "42"}, execution_count=1)]
    path = write(tmp_path, cell)
    fresh = path.read_text("utf-8")
    change(cell)
    write(tmp_path, cell)
    monkeypatch.setattr(refresh, "executed", lambda path: (path.read_text("utf-8"), fresh))
    outcome = refresh.refresh(path, check=True)
    assert (outcome.status, outcome.details) == ("stale", (says,))


@pytest.mark.parametrize(
    ("sources", "says"),
    [
        (
            ["x = 1", "y = x +\\\n  missing"],
            "small.ipynb, cell 2 (y = x +\\): NameError: name 'missing' is not defined",
        ),
        (
            ["import warnings\nwarnings.warn('old', UserWarning)"],
            "small.ipynb, cell 1 (import warnings): wrote to stderr: ",
        ),
        (
            ["open('left.csv', 'w').close()"],
            "small.ipynb: left files in its working directory: left.csv",
        ),
        (["import os\nos._exit(1)"], "small.ipynb, cell 1 (import os): the kernel died"),
    ],
    ids=["error", "warning", "file left behind", "dead kernel"],
)
def test_a_chapter_that_fails_is_left_alone_and_named(tmp_path, sources, says):
    path = write(tmp_path, *sources)
    before = path.read_bytes()
    outcome = refresh.refresh(path)
    assert outcome.status == "error"
    assert outcome.details[0].startswith(says)
    assert path.read_bytes() == before


def test_what_moved_before_a_failing_cell_is_named_too(tmp_path):
    cells = [new_code_cell(source, id=f"cell-{n}") for n, source in enumerate(["6 * 7", "missing"])]
    cells[0].outputs = [new_output("execute_result", {"text/plain": "41"}, execution_count=1)]
    cells[0].execution_count = 1
    outcome = refresh.refresh(write(tmp_path, *cells), check=True)
    assert outcome.status == "error"
    assert outcome.details[1:] == ('cell 1: text/plain: stored "41", now "42"',)


def test_a_cell_that_takes_too_long_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(refresh, "CELL_TIMEOUT", 1)
    path = write(tmp_path, "1", "import time\ntime.sleep(30)")
    assert refresh.refresh(path).details == (
        "small.ipynb, cell 2 (import time): no result after 1 s",
    )


def test_widgets_leave_only_their_words(tmp_path):
    cell = new_code_cell(
        "import ipywidgets as w\nout = w.Output()\nwith out:\n    print('inside')\n"
        "display(w.IntSlider(value=3), out, w.interactive(lambda x: x, x=(1, 3)))"
    )
    path = write(tmp_path, cell)
    assert refresh.refresh(path).status == "written"
    assert refresh.refresh(path).status == "unchanged"
    notebook = nbformat.read(path, as_version=4)
    assert dict(notebook.metadata) == METADATA
    kinds = {kind for output in notebook.cells[0].outputs for kind in output.get("data", {})}
    assert kinds == {"text/plain"}


def test_a_file_that_is_no_notebook_is_an_error(tmp_path):
    path = tmp_path / "torn.ipynb"
    path.write_text('{"cells": [', "utf-8")
    assert refresh.refresh(path).details[0].startswith("torn.ipynb")


@pytest.fixture
def small_book(tmp_path, monkeypatch) -> Book:
    """An empty book, which the command finds in its working directory."""
    (tmp_path / "_toc.yml").write_text("root: chapters/good\n", "utf-8")
    (tmp_path / "chapters").mkdir()
    monkeypatch.chdir(tmp_path)
    return Book(tmp_path)


def test_the_command_names_stale_chapters_and_exits_with_one(small_book, capsys):
    good = write(small_book.chapters, "1", name="good.ipynb")
    write(small_book.chapters, "2", name="new.ipynb")
    assert refresh.main(["good.ipynb"]) == 0
    assert refresh.main(["--check"]) == 1
    said = capsys.readouterr().out
    assert "1 of 2 chapters failed: new.ipynb" in said
    assert refresh.main([]) == 0
    assert refresh.main(["--check", str(good)]) == 0


def test_an_unknown_chapter_is_named(small_book, capsys):
    write(small_book.chapters, "1", name="good.ipynb")
    assert refresh.main(["bad"]) == 1
    assert "no chapter 'bad'" in capsys.readouterr().err


def test_a_chapter_belongs_to_the_book_in_whose_folder_it_lies(small_book):
    path = write(
        small_book.chapters,
        "from receiptbook.book import Book\nprint(Book.here().root)",
        name="good.ipynb",
    )
    assert refresh.refresh(path).status == "written"
    assert stored_outputs(path)[0][0].text == f"{small_book.root}\n"


@pytest.fixture
def copied_book(tmp_path) -> Book:
    """The chapters and tables of the book with its table of contents, to be changed at will."""
    shutil.copy(BOOK.root / "_toc.yml", tmp_path)
    for folder in ("chapters", "data"):
        shutil.copytree(BOOK.root / folder, tmp_path / folder)
    return Book(tmp_path)


def first_receipt(notebook: nbformat.NotebookNode) -> dict:
    return next(one for bundle in bundles(notebook.cells) for one in receipts_in(bundle))


def test_the_stored_ledger_is_what_the_stored_receipts_give(copied_book):
    assert refresh.ledger_differences(copied_book) == []


def test_a_moved_receipt_is_named_in_the_ledger(copied_book):
    before = refresh.ledger_differences(copied_book)
    path = copied_book.page("headline")
    chapter = nbformat.read(path, as_version=4)
    receipt = first_receipt(chapter)
    receipt["statement"] += " and more"
    nbformat.write(chapter, path)
    after = refresh.ledger_differences(copied_book)
    named = f"entry {receipt['id']}: differs from the receipt in the chapters"
    assert set(after) - set(before) == {named}


def test_the_ledger_waits_until_every_chapter_can_be_executed(small_book, monkeypatch, capsys):
    monkeypatch.setattr(refresh.ledger, "write", lambda book: pytest.fail("made too early"))
    write(small_book.chapters, "1 / 0", name="broken.ipynb")
    (small_book.chapters / "ledger.md").write_text("# Ledger", "utf-8")
    assert refresh.main([]) == 1
    assert "1 of 1 chapters failed: broken.ipynb" in capsys.readouterr().out


def test_the_ledger_is_made_after_the_chapters(small_book, monkeypatch):
    told = []
    monkeypatch.setattr(
        refresh.ledger, "write", lambda b: told.append(stored_outputs(b.page("chapter"))[0][0].text)
    )
    write(small_book.chapters, "print('moved')", name="chapter.ipynb")
    (small_book.chapters / "ledger.md").write_text("# Ledger", "utf-8")
    assert refresh.main(["chapter"]) == 0
    assert told == ["moved\n"]
