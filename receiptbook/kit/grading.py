"""Grading a class's notebooks with otter-grader: ``python -m receiptbook.kit.grading headline submitted``.

A grader is a zip with a test for each exercise, as `otter run` takes it. A test asks `check`, as the
notebook does, so answers follow the data of the book that is installed. otter-grader was chosen over
nbgrader because it needs no database of students and no notebooks of its own; what it takes stands in
requirements-grading.txt, apart from what the book needs.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from receiptbook import exercises
from receiptbook.archive import zipped
from receiptbook.book.notebooks import csv_text
from receiptbook.exercises import Exercise
from receiptbook.kit.notebooks import variable
from receiptbook.system import Stop, say

TEST = """from otter.test_files import test_case

OK_FORMAT = False
name = {name!r}
points = {points}


@test_case()
def test_answer({variable}):
    from receiptbook.exercises import check

    judged = check({id!r}, {variable})
    assert judged.right, judged.words
"""


def graded(chapter: str) -> list[Exercise]:
    """The exercises of a chapter that a program can grade: all but open ones.

    Raises
    ------
    Stop
        if there are none
    """
    known = exercises.by_chapter()
    found = [one for one in known.get(chapter, ()) if one.form != "open"]
    if not found:
        raise Stop(
            f"{chapter!r} has no exercises; chapters that have some: {', '.join(sorted(known))}"
        )
    return found


def grader(chapter: str) -> bytes:
    """What otter-grader takes for a chapter's notebook: a zip with a test for each exercise.

    A right answer is worth as many points as the exercise has levels.

    >>> import io, zipfile
    >>> zipfile.ZipFile(io.BytesIO(grader("headline"))).namelist()[:2]
    ['otter_config.json', 'tests/01-headline-points.py']
    """
    config = {"lang": "python", "show_all_public": True}
    entries = [("otter_config.json", json.dumps(config, indent=1) + "\n")]
    for one in graded(chapter):
        text = TEST.format(name=one.called, points=one.level, variable=variable(one), id=one.id)
        entries.append((f"tests/{one.number:02}-{one.id}.py", text))
    return zipped(entries)


def grade(chapter: str, notebooks: Iterable[Path]) -> Iterator[dict[str, str]]:
    """Run notebooks one after the other; of each a row with its points by exercise and their sum.

    Raises
    ------
    Stop
        if otter-grader is not installed
    """
    made, names = grader(chapter), [one.called for one in graded(chapter)]
    try:
        from otter.api import grade_submission
    except ImportError:
        raise Stop(
            "otter-grader is not installed; pip install -r requirements-grading.txt brings it"
        ) from None
    with tempfile.TemporaryDirectory(prefix="grader-") as work:
        archive = Path(work) / f"{chapter}.zip"
        archive.write_bytes(made)
        for path in notebooks:
            results = grade_submission(str(path), str(archive), quiet=True)
            scores = {name: f"{one.score:g}" for name, one in results.results.items()}
            total = {"total": f"{results.total:g}", "of": f"{results.possible:g}"}
            yield {
                "notebook": path.name,
                **{name: scores.get(name, "0") for name in names},
                **total,
            }


def as_csv(rows: Iterable[dict[str, str]]) -> str:
    """Rows as a table for spreadsheets."""
    rows = list(rows)
    head = list(rows[0]) if rows else ["notebook"]
    return csv_text([head, *(row.values() for row in rows)])


def main(arguments: list[str] | None = None) -> int:
    """Command line: grade a folder of notebooks into a table; 1 if that cannot be done."""
    parser = argparse.ArgumentParser("receiptbook.kit.grading", description=__doc__.splitlines()[0])
    parser.add_argument("chapter", help="whose exercises the notebooks hold, such as headline")
    parser.add_argument("folder", type=Path, help="holds a notebook for each student")
    parser.add_argument("--to", type=Path, default=Path("grades.csv"), help="the table to write")
    options = parser.parse_args(arguments)
    try:
        notebooks = sorted(options.folder.glob("*.ipynb"))
        if not notebooks:
            raise Stop(f"{options.folder} holds no notebook (.ipynb)")
        rows = list(grade(options.chapter, notebooks))
        options.to.write_text(as_csv(rows), "utf-8")
    except Stop as error:
        print(error, file=sys.stderr)
        return 1
    say(f"{options.to}: {len(rows)} notebooks graded")
    return 0


if __name__ == "__main__":
    sys.exit(main())
