"""A book is found wherever it stands, and read in one way."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from nbformat import v4

from receiptbook import prose
from receiptbook.book import Book, BookError
from receiptbook.book.contents import read_yaml
from receiptbook.book.notebooks import (
    NotebookError,
    notebook_text,
    read_notebook,
    read_rows,
    read_text,
    replace_text,
)

CONTENTS = """format: jb-book
root: chapters/cover
parts:
- caption: Rain and sun
  chapters:
  - file: chapters/sun
    sections:
    - file: chapters/noon.md
  - url: https://example.org
- caption: Reference
  chapters:
  - file: chapters/ledger
"""


@pytest.fixture
def shelf(tmp_path) -> Book:
    (tmp_path / "_toc.yml").write_text(CONTENTS, "utf-8")
    book = Book(tmp_path)
    (book.chapters / ".ipynb_checkpoints").mkdir(parents=True)
    for name in ("cover.md", "noon.md", "sun.ipynb", "ledger.md", "appendix.md"):
        (book.chapters / name).write_text("", "utf-8")
    (book.chapters / ".ipynb_checkpoints" / "sun.ipynb").write_text("", "utf-8")
    return book


def test_pages_stand_in_the_order_of_the_contents_and_those_not_listed_come_last(shelf):
    named = [path.name for path in shelf.pages()]
    assert named == ["cover.md", "sun.ipynb", "noon.md", "ledger.md", "appendix.md"]
    assert [path.name for path in shelf.notebooks()] == ["sun.ipynb"]
    assert shelf.ledger not in shelf.written_pages()


def test_parts_know_their_pages_with_and_without_the_folder(shelf):
    first, last = shelf.parts()
    assert (first.title, first.slug) == ("Rain and sun", "rain-and-sun")
    assert first.pages == ("chapters/sun", "chapters/noon")
    assert (first.chapters, last.chapters) == (("sun", "noon"), ("ledger",))


def test_a_book_without_parts_has_one_without_a_title(shelf):
    (shelf.root / "_toc.yml").write_text("root: chapters/cover\nchapters:\n- file: chapters/sun\n")
    assert [(part.title, part.chapters) for part in shelf.parts()] == [("", ("sun",))]


@pytest.mark.parametrize("name", ["sun", "sun.ipynb", "chapters/sun.ipynb"])
def test_a_page_is_found_by_its_name(shelf, name):
    assert shelf.page(name) == shelf.chapters / "sun.ipynb"


def test_a_page_that_is_not_there_is_named_beside_those_that_are(shelf):
    with pytest.raises(BookError, match=r"no chapter 'son' in .*; there are: cover, sun, noon"):
        shelf.page("son")


def test_the_book_around_the_working_directory_is_the_one_at_hand(shelf, monkeypatch):
    monkeypatch.chdir(shelf.chapters)
    assert Book.here() == shelf
    monkeypatch.setenv("RECEIPTBOOK_ROOT", str(shelf.root.parent))
    assert Book.here() == Book(shelf.root.parent)


def test_its_tables_may_lie_elsewhere(shelf, monkeypatch):
    assert shelf.data == shelf.root / "data"
    monkeypatch.setenv("RECEIPTBOOK_DATA", "/other")
    assert shelf.data == Path("/other")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            '{"cells": [',
            "torn.ipynb, line 1, column 12: found .* expected a notebook.*git checkout",
        ),
        (
            "<<<<<<< HEAD\n{}",
            "torn.ipynb, line 1, column 1: found '<<<<<<< HEAD'.*Finish the merge",
        ),
        ('{"a": 1}', "torn.ipynb: found no list of cells; expected a notebook. Restore"),
        ("[]", "torn.ipynb: found no list of cells"),
        ('{"cells": [{"cell_type": "code", "source": ""}]}', "cell 1: found no list of outputs"),
        ('{"cells": [{"cell_type": "markdown"}]}', "torn.ipynb, cell 1: found no source"),
        ('{"cells": [{"source": ""}]}', "torn.ipynb, cell 1: found no known cell_type"),
        (None, "torn.ipynb: there is no such file in "),
    ],
)
def test_a_file_that_is_no_notebook_is_named(tmp_path, text, says):
    path = tmp_path / "torn.ipynb"
    if text is not None:
        path.write_text(text, "utf-8")
    with pytest.raises(NotebookError, match=says):
        read_notebook(path)


@pytest.mark.parametrize(("name", "text", "says"), [
    ("page.md", "## 中国".encode("gb18030"), "page.md, line 1: found the byte 0xd6; expected text"),
    ("_config.yml", b"title: [", "_config.yml: found .* in line 1; expected names with values"),
    ("_config.yml", b"- a", "_config.yml: found a list or a word; expected names"),
    ("page.md", b"# Rain\n\n<<<<<<< HEAD\nIt rained.\n", "page.md, line 3, column 1: found '<<<<<<< HEAD'"),
    ("page.md", b"# Rain\r\n>>>>>>> other\r\n", "page.md, line 2, .* Finish the merge"),
])  # fmt: skip
def test_another_file_that_cannot_be_read_is_named_with_what_to_do(tmp_path, name, text, says):
    (tmp_path / name).write_bytes(text)
    with pytest.raises(ValueError, match=says) as refused:
        (read_text if name.endswith(".md") else read_yaml)(tmp_path / name)
    assert "\n" not in str(refused.value)


def test_a_full_disk_leaves_the_old_text_and_nothing_beside_it(tmp_path, monkeypatch):
    path = tmp_path / "page.md"
    path.write_text("old")

    def full(self, text, *rest, **more):
        self.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device", str(self))

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="No space left"):
        replace_text(path, "new")
    assert [file.name for file in tmp_path.iterdir()] == ["page.md"]
    assert path.read_text() == "old"


def test_a_notebook_is_stored_as_it_is_read(root):
    for path in Book(root).notebooks():
        assert notebook_text(read_notebook(path)) == path.read_text("utf-8"), path.name


def test_a_file_is_written_whole_and_only_if_its_text_is_another(tmp_path):
    path = tmp_path / "one.ipynb"
    text = notebook_text(v4.new_notebook())
    assert replace_text(path, text)
    before = path.stat().st_mtime_ns
    assert not replace_text(path, text)
    assert path.stat().st_mtime_ns == before
    assert [file.name for file in tmp_path.iterdir()] == ["one.ipynb"]


@pytest.mark.slow
def test_an_ordinary_installation_finds_its_book_from_anywhere(root, tmp_path):
    """As Binder installs it: a copy of the packages, without the folders beside them."""
    source, target, empty = tmp_path / "source", tmp_path / "target", tmp_path / "empty"
    empty.mkdir()
    names = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=root, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    for name in names:
        if (root / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((root / name).read_bytes())
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--target", target, source], check=True)
    code = (
        "import receiptbook, surge; from receiptbook.book import Book;"
        "from receiptbook.tables import load; from receiptbook.receipts import ledger;"
        "from surge.outline import objectives;"
        "print(receiptbook.__file__, Book.here().root, len(load().ids) > 100,"
        " len(ledger.entries()) > 100, len(objectives().rows) > 10, sep='\\n')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=empty, env={**os.environ, "PYTHONPATH": str(target)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = done.stdout.splitlines()
    assert told == [str(target / "receiptbook/__init__.py"), str(source), *["True"] * 3]


def test_a_book_below_a_hidden_folder_has_its_pages(tmp_path):
    book = Book(tmp_path / ".work" / "book")
    (book.chapters / ".ipynb_checkpoints").mkdir(parents=True)
    for name in ("rain.md", ".ipynb_checkpoints/rain.md"):
        (book.chapters / name).write_text("# Rain")
    assert [path.name for path in book.pages()] == ["rain.md"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<<<<<<< HEAD\nid,says\na,b\n", "sun.csv, line 1, column 1: found '<<<<<<< HEAD'"),
        ("id;says\na;b\n", "sun.csv, row 1: found no column 'id'; expected id, says. Restore"),
        ("", "sun.csv, row 1: found no column 'id'"),
    ],
)
def test_a_table_beside_the_pages_that_cannot_be_read_is_named(tmp_path, text, says):
    path = tmp_path / "sun.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(NotebookError, match=says):
        read_rows(path, "id", "says")


def test_a_table_saved_by_a_spreadsheet_with_a_mark_at_its_start_is_read(tmp_path):
    (tmp_path / "sun.csv").write_bytes(b"\xef\xbb\xbfid,says\r\na,b\r\n")
    assert read_rows(tmp_path / "sun.csv", "id", "says") == [{"id": "a", "says": "b"}]


def test_torn_contents_are_told_in_one_line(tmp_path, monkeypatch, capsys):
    (tmp_path / "_toc.yml").write_text("root: [", "utf-8")
    monkeypatch.setenv("RECEIPTBOOK_ROOT", str(tmp_path))
    assert prose.main([]) == 2
    told = capsys.readouterr().err
    assert told.startswith("_toc.yml: found ") and told.count("\n") == 1


@pytest.mark.slow
def test_cells_of_a_notebook_stay_together_when_tests_run_side_by_side(root, tmp_path):
    cells = [v4.new_code_cell("a = 1"), *(v4.new_code_cell("a += 1") for _ in range(12))]
    (tmp_path / "sums.ipynb").write_text(notebook_text(v4.new_notebook(cells=cells)))
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--nbval", "-n", "2", "-c", root / "pyproject.toml",
         "--rootdir", tmp_path, tmp_path],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout
