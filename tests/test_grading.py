"""Notebooks of a class graded by otter-grader itself: right, wrong, empty, broken, on other data."""

import csv
import hashlib
import io
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import nbformat
import pytest

from receiptbook import exercises as classroom
from receiptbook.kit import grading, notebooks
from receiptbook.kit.notebooks import LETTERS
from surge import kit

CHAPTER = "headline"
HERE = [one for one in classroom.load().values() if one.chapter == CHAPTER]
CHAPTERS = sorted({one.chapter for one in classroom.load().values()})


# --- what graders hold -----------------------------------------------------------------------


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_grader_asks_for_each_name_that_the_student_s_notebook_gives(chapter):
    given = [
        cell.source
        for cell in notebooks.notebook(chapter, "student").cells
        if cell.cell_type == "code" and "check(" in cell.source and "= None" in cell.source
    ]
    with zipfile.ZipFile(io.BytesIO(grading.grader(chapter))) as archive:
        tests = [archive.read(name).decode() for name in archive.namelist() if "tests/" in name]
    asked = [re.search(r"check\('([\w-]+)', (\w+)\)", text).groups() for text in tests]
    told = [re.search(r'(\w+) = None.*\n\ncheck\("([\w-]+)", \1\)', text) for text in given]
    assert asked == [(found[2], found[1]) for found in told]
    assert len(asked) == len([one for one in classroom.load().values()
                              if one.chapter == chapter and one.form != "open"])  # fmt: skip
    for text in tests:
        compile(text, chapter, "exec")


def test_a_grader_holds_no_answer():
    """It asks the book, so its answers are those of the data at hand."""
    for chapter in CHAPTERS:
        with zipfile.ZipFile(io.BytesIO(grading.grader(chapter))) as archive:
            for name in archive.namelist():
                text = archive.read(name).decode()
                assert not re.search(r"\d\.\d|%|million", text), (chapter, name)


def test_the_teacher_s_kit_holds_a_grader_for_each_chapter_and_the_list_to_install():
    graders = {file.path: file for file in kit.files() if file.path.startswith("grading/")}
    assert graders.keys() == {f"grading/{chapter}.zip" for chapter in CHAPTERS}
    assert {file.whose for file in graders.values()} == {kit.TEACHER}
    assert graders["grading/headline.zip"].made == grading.grader("headline")
    assert "requirements-grading.txt" in kit.CODE


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["headline", "{empty}"], "holds no notebook"),
        (["ledger", "{one}"], "'ledger' has no exercises; chapters that have some: backbone,"),
        (["headline", "{one}"], "otter-grader is not installed; pip install -r requirements-grading.txt"),
    ],
)  # fmt: skip
def test_grading_says_what_is_missing_and_writes_no_table(arguments, said, tmp_path, capsys):
    for name in ("empty", "one"):
        (tmp_path / name).mkdir()
    nbformat.write(notebooks.notebook(CHAPTER, "student"), tmp_path / "one" / "a.ipynb")
    where = {name: tmp_path / name for name in ("empty", "one")}
    table = tmp_path / "grades.csv"
    words = [word.format(**where) for word in arguments]
    assert grading.main([*words, "--to", str(table)]) == 1
    assert said in capsys.readouterr().err
    assert not table.exists()


def test_what_grading_needs_is_pinned_and_not_needed_by_the_book(root):
    lines = (root / "requirements-grading.txt").read_text("utf-8").splitlines()
    wanted = [line.partition("#")[0].strip() for line in lines if line[:1] != "#"]
    assert all(re.fullmatch(r"[\w-]+==[\w.]+", one) for one in wanted)
    for other in ("requirements.txt", "requirements-dev.txt", "requirements.lock"):
        assert "otter" not in (root / other).read_text("utf-8")


# --- graded in earnest -----------------------------------------------------------------------


@pytest.fixture(scope="session")
def with_otter(root) -> Path:
    """An interpreter that has what the book has and otter-grader; kept until the list changes."""
    wanted = root / "requirements-grading.txt"
    stamp = hashlib.sha256(f"{wanted.read_text('utf-8')}{sys.prefix}".encode()).hexdigest()[:16]
    folder = root / "_build" / "grading" / stamp
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
        site = sysconfig.get_path("purelib", vars={"base": str(folder)})
        borrowed = f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n"
        (Path(site) / "book.pth").write_text(borrowed, "utf-8")
        install = ["-m", "pip", "--python", python, "install", "-q", "--no-deps", "-r", wanted]
        done = subprocess.run([sys.executable, *install], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        (folder / "ready").touch()
    return python


def filled(answers, version="student"):
    """The student's notebook with something written for each None, by exercise."""
    book = notebooks.notebook(CHAPTER, version)
    for cell in book.cells:
        for one in HERE:
            if cell.cell_type == "code" and f'check("{one.id}"' in cell.source:
                name = grading.variable(one)
                cell.source = re.sub(
                    rf"{name} = None.*", f"{name} = {answers.get(one.id, None)}", cell.source
                )
    return book


def typed(one):
    """The right answer as a student types it: a letter, or a number or range with its unit."""
    facts = one.to_json()
    return (
        repr(facts["range" if facts.get("asks") == "range" else "shown"])
        if one.form == "number"
        else notebooks.solution(one)
    )


def missed(one):
    """A wrong answer: an expected slip, else three times the number, or another letter."""
    if one.form == "choice":
        return repr(next(name for name in LETTERS if repr(name) != notebooks.solution(one)
                         and name != notebooks.solution(one).strip('"')))  # fmt: skip
    found = list(classroom.expected_slips(one.to_json()))
    return repr(found[0][0] if found else one.to_json()["value"] * 3)


def graded(python, folder, **environment):
    """The table that the command line writes, by notebook."""
    table = folder / "grades.csv"
    done = subprocess.run(
        [python, "-m", "receiptbook.kit.grading", CHAPTER, folder, "--to", table],
        capture_output=True, text=True, env={"PATH": "/usr/bin:/bin", **environment},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    with table.open(encoding="utf-8", newline="") as file:
        return {row.pop("notebook"): row for row in csv.DictReader(file)}


@pytest.mark.slow
@pytest.mark.long
def test_a_right_a_wrong_an_empty_and_a_broken_notebook_get_the_points_they_earned(
    with_otter, tmp_path
):
    numbered = [one for one in HERE if one.form != "open"]
    every = str(sum(one.level for one in numbered))
    half = {one.id: typed(one) for one in numbered[:3]}
    written = {
        "right": filled({one.id: typed(one) for one in numbered}),
        "wrong": filled({one.id: missed(one) for one in numbered}),
        "empty": notebooks.notebook(CHAPTER, "student"),
        "broken": filled(half | {numbered[3].id: "1 / 0"}),
    }
    for name, book in written.items():
        nbformat.write(book, tmp_path / f"{name}.ipynb")
    rows = graded(with_otter, tmp_path)
    assert rows["right.ipynb"] == {one.called: str(one.level) for one in numbered} | {
        "total": every, "of": every,
    }  # fmt: skip
    for name in ("wrong", "empty"):
        zeros = {one.called: "0" for one in numbered}
        assert rows[f"{name}.ipynb"] == zeros | {"total": "0", "of": every}
    assert rows["broken.ipynb"]["total"] == str(sum(one.level for one in numbered[:3]))


@pytest.mark.slow
@pytest.mark.long
def test_points_follow_data_that_a_class_has_changed(with_otter, tmp_path, root):
    copy = tmp_path / "data"
    shutil.copytree(root / "data", copy)
    waves = copy / "genai_waves.csv"
    old, new = "2.49亿 / 249 million,249000000", "2.39亿 / 239 million,239000000"
    text = waves.read_text("utf-8")
    assert old in text
    waves.write_text(text.replace(old, new), "utf-8")
    growth = classroom.exercise("headline-first-half")
    nbformat.write(filled({growth.id: typed(growth)}), tmp_path / "as-it-was.ipynb")
    nbformat.write(filled({growth.id: "115.5"}), tmp_path / "as-it-is.ipynb")
    rows = graded(with_otter, tmp_path, RECEIPTBOOK_DATA=str(copy))
    assert rows["as-it-was.ipynb"][growth.called] == "0"
    assert rows["as-it-is.ipynb"][growth.called] == "1"
