"""Exercise notebooks from one table: blank for students, with answers, and for teachers.

The checks in them are `receiptbook.exercises.check`: they run in any Jupyter, without an account or a
server, and judge by the range that the data leave. Each answer has a name of its own, by which a
grader finds it (grading.py).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

import nbformat

from receiptbook import exercises
from receiptbook.book import Book
from receiptbook.book.contents import read_yaml
from receiptbook.book.imprint import imprint
from receiptbook.book.notebooks import METADATA
from receiptbook.book.outline import chapter_notebook, opening, title_of
from receiptbook.exercises import Exercise
from receiptbook.markdown import without_links
from receiptbook.numbers import show_range
from receiptbook.site.elsewhere import BRINGS, Elsewhere, bring
from receiptbook.tables import expression, load

VERSIONS = ("student", "answers", "teacher")
LETTERS = "ABCDEFGH"  # of choices
MINUTES = {1: 3, 2: 8, 3: 15}  # planned for an exercise of each level


def notebook(chapter: str, version: str) -> nbformat.NotebookNode:
    """One version of a chapter's exercises.

    Nothing of an answer enters the student version: it is made from prompts, choices and hints.
    """
    source = chapter_notebook(chapter)
    cells = [_head(chapter, source, version), *_brought(), _code("setup", _SETUP)]
    for one in exercises.by_chapter().get(chapter, ()):
        cells += _exercise(one, version, source)
    for cell in cells:
        if cell.cell_type == "code":
            cell.execution_count = None
    book = nbformat.v4.new_notebook(cells=cells, metadata=METADATA)
    nbformat.validate(book)
    return book


_SETUP = """from receiptbook.tables import load
from receiptbook.exercises import check, what_if

tables = load()"""
_HOW = {
    "student": "Run the cells from the top. Where a cell says `= None`, put your answer in the "
    'place of `None`: a number, words such as `"42.8%"`, or a quantity that you compute from `tables`. '
    "Any answer in the range that rounding leaves is right. Nothing is sent anywhere.",
    "answers": "The exercises with their answers, to be read afterwards.",
    "teacher": "For the teacher: the exercises with answers, accepted ranges, usual slips and "
    "planned time.",
}


_PUBLISHED = (
    "Without installing anything: [the chapter’s page]({}) asks the same questions, and “Run this page "
    "here” runs its code in the browser. "
)
_OPENED = (
    "**To open it.** {}This notebook needs Python and the book’s code: a school’s hub has them, and "
    "`pip install -r requirements.txt` in the folder `book` of the teacher’s kit brings the code to a "
    "computer."
)
_ELSEWHERE = " In Colab, run the next cell first; it does nothing where the code is already there."


def elsewhere() -> Elsewhere:
    """The public copy of the book's source, if _config.yml or the environment names one."""
    config = Book.here().root / "_config.yml"
    told = (read_yaml(config).get("repository") or {}) if config.exists() else {}
    names = {"url": "repository_url", "branch": "repository_branch", "path_to_book": "path_to_docs"}
    return Elsewhere.read({names[key]: told[key] for key in names.keys() & told.keys()})


def _brought() -> Iterator[nbformat.NotebookNode]:
    """The cell that brings the book's code to a machine that has none, where there is a public copy."""
    if (book := elsewhere()).repository:
        yield _code(BRINGS, bring(book))


def _opened(chapter: str) -> str:
    """How a student opens a notebook: only what is there is named."""
    address = imprint().address
    page = _PUBLISHED.format(f"{address}/chapters/{chapter}.html") if address else ""
    return _OPENED.format(page) + (_ELSEWHERE if elsewhere().repository else "")


def _head(chapter: str, source: nbformat.NotebookNode, version: str) -> nbformat.NotebookNode:
    lines = [f"# {title_of(source)}: questions and exercises", _HOW[version]]
    if version == "teacher" and (goals := opening(source).goals):
        lines.append(f"**What students will be able to do.** {without_links(goals)}")
    if version == "student":
        lines.append(_opened(chapter))
    lines.append(f"From *{imprint().title}*, {load().licence}.")
    return _words("head", "\n\n".join(lines))


def variable(one: Exercise) -> str:
    """The name that holds an answer in a notebook, such as "answer_2"."""
    return f"answer_{one.number}"


def _words(name: str, text: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_markdown_cell(text, id=name[:64])


def _code(name: str, text: str, outputs: Iterable = ()) -> nbformat.NotebookNode:
    return nbformat.v4.new_code_cell(text, id=name[:64], outputs=list(outputs))


def _exercise(one: Exercise, version: str, source) -> Iterator[nbformat.NotebookNode]:
    lines = [f"## {one.called} (level {one.level})", without_links(one.prompt)]
    if needs := exercises.needs_words({"needs": one.needs}):
        lines.append(without_links(needs))
    if one.choices:
        lettered = zip(LETTERS, one.shuffled, strict=False)
        lines.append("\n".join(f"- **{name}** {without_links(c)}" for name, c in lettered))
    if one.hint:
        lines.append(f"<details><summary>Hint</summary>\n\n{without_links(one.hint)}\n\n</details>")
    yield _words(f"{one.id}-ask", "\n\n".join(lines))
    for n, cell in enumerate(_lab_cells(one, source)):
        outputs = [] if version == "student" else cell.outputs
        yield _code(f"{one.id}-lab-{n}", cell.source, outputs)
    solved = version != "student"
    if one.form == "open":
        if not solved:
            blank = "*Your notes: what you saw, and what differed from your prediction.*"
            yield _words(f"{one.id}-notes", blank)
    else:
        asked = 'a letter, such as "A"' if one.choices else exercises.asked_in(one.to_json())
        name = variable(one)
        line = f"{name} = {solution(one)}" if solved else f"{name} = None  # {asked}"
        text = f'{line}\n\ncheck("{one.id}", {name})'
        yield _code(f"{one.id}-try", text, [_judged(one)] if solved else ())
    if solved:
        answer = exercises.answer_words(one.to_json())
        yield _words(f"{one.id}-why", f"**Answer.** {without_links(answer)}")
    if version == "teacher":
        yield _words(f"{one.id}-teacher", without_links(notes(one)))


def _lab_cells(one: Exercise, source) -> list[nbformat.NotebookNode]:
    """The chapter's cells that belong to a lab: those between its prompt and the next one."""
    found, inside = [], False
    for cell in source.cells:
        if cell.cell_type == "code":
            if re.search(r"\bquestion\(", cell.source):
                inside = f'question("{one.id}")' in cell.source
            elif inside and "what_if(" in cell.source:
                found.append(cell)
    return found


def solution(one: Exercise) -> str:
    """The answer as Python: a choice's letter, arithmetic on `tables`, or words for a receipt's."""
    if one.choices:
        return json.dumps(LETTERS[one.shuffled.index(one.choices[0])])
    tokens = expression.tokens(one.answer)
    ids = [token for token in tokens if exercises.is_id(token)]
    if not all(id in load() for id in ids):
        facts = one.to_json()
        told = facts["range" if facts.get("asks") == "range" else "shown"]
        return json.dumps(told, ensure_ascii=False)
    words = [f'tables["{token}"]' if token in ids else token for token in tokens]
    return " ".join(words).replace("( ", "(").replace(" )", ")")


def _judged(one: Exercise) -> nbformat.NotebookNode:
    answer = one.shuffled.index(one.choices[0]) + 1 if one.choices else one.quantity
    bundle = exercises.check(one.id, answer)._repr_mimebundle_()
    bundle = {kind: without_links(text) for kind, text in bundle.items()}
    return nbformat.v4.new_output("execute_result", bundle, execution_count=None)


def notes(one: Exercise) -> str:
    """What a teacher wants beside an exercise: time, accepted range, usual slips, sources."""
    lines = [f"*For the teacher.* About {MINUTES[one.level]} minutes."]
    facts = one.to_json()
    if one.form == "number":
        accepted = show_range(one.accepted, one.quantity.unit)
        also = "any number that rounds to one in that range"
        if facts.get("asks") == "range":
            also = "as a range, with each end rounded to the nearest or outwards"
        lines.append(f"Accepted: {accepted}, {'and ' * also.startswith('any')}{also}.")
        if wrong := exercises.usual_slips(facts):
            lines.append("Usual slips: " + "; ".join(wrong) + ".")
        sources = load().sources
        cited = dict.fromkeys(sources[id].publisher for id in one.quantity.all_sources)
        if cited:
            lines.append("Published by: " + "; ".join(cited) + ".")
    if one.form == "choice":
        lines.append(without_links(exercises.defend(one)))
    return "\n\n".join(lines)
