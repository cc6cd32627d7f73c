"""The lesson plans: what each file in `chapters/lessons` says, checked, and as a page shows it.

A lesson is told once, in `chapters/lessons/<name>.yml`. The page for teachers shows its plan from
there (`plan`); the kit prints plan, sheets and key from there (surge/kit/plan.py, sheets.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import MISSING, dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from receiptbook.book import Book
from receiptbook.book.contents import read_yaml
from receiptbook.book.outline import page_title
from receiptbook.exercises import exercise

QUESTIONS = "questions-and-exercises"  # the heading under which a page has its exercises
_EXERCISE = re.compile(r"\*([a-z]+(?:-[a-z]+)*-[a-z]+)\*")
_WORDS = {"doing": "class", "other": "or"}  # what a file calls a field that Python cannot call so
_IDS = ("exercises", "or", "sheets", "also", "chapters", "homework")
NAMES = ("lesson-45", "lesson-90", "week")  # in the order in which a teacher meets them


class LessonError(ValueError):
    """A lesson's file cannot be used; the message names file and place and says what to do."""


@dataclass(frozen=True)
class Step:
    """A step of a lesson.

    Attributes
    ----------
    name : what it is called
    minutes : how long it takes
    doing : what the class does, as Markdown; begins with a verb
    watch : the usual slip, as Markdown
    sheets, also : sheets of this lesson that are handed out, and other files of the kit that are
    exercises, other : ids of exercises; `other` are those of the half of a class that does not do
        `exercises`, at the same time
    slack : whether it is spare time
    """

    name: str
    minutes: int
    doing: str
    watch: str
    sheets: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    exercises: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    slack: bool = False

    @property
    def called(self) -> str:
        """Its name as a sentence of its own."""
        return self.name if self.name[-1] in "?!." else f"{self.name}."


@dataclass(frozen=True)
class Day:
    """A day of a week, or the only day of a lesson: steps, or another lesson that is its plan."""

    name: str = ""
    about: str = ""
    chapters: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    homework: tuple[str, ...] = ()
    lesson: str = ""

    @property
    def minutes(self) -> int:
        """The sum of its steps."""
        return sum(step.minutes for step in self.steps)


@dataclass(frozen=True)
class Lesson:
    """A plan: its title, the minutes it promises, its days, and what a teacher has to know.

    Attributes
    ----------
    goals : what students will be able to do, in one line
    before, needs, without : prior knowledge, what a room needs, what to do without a browser
    down, up : ways for students who need less, and for those who want more
    judge : how to judge what students write, as Markdown
    sheets : the sheets as the file describes them, see surge/kit/sheets.py
    check : what the class judges by hands, each with `say` and `answer`
    opener : what to expect of the opening, as Markdown
    """

    name: str
    title: str
    minutes: int
    goals: str
    before: str
    needs: str
    without: str
    down: tuple[str, ...]
    up: tuple[str, ...]
    days: tuple[Day, ...]
    judge: str
    sheets: tuple[dict, ...] = ()
    check: tuple[dict, ...] = ()
    opener: str = ""

    @property
    def steps(self) -> Iterator[Step]:
        """The steps of all days."""
        return (step for day in self.days for step in day.steps)

    @property
    def chapters(self) -> tuple[str, ...]:
        """The chapters that it takes, in order, each once."""
        return tuple(dict.fromkeys(name for day in self.days for name in day.chapters))


@lru_cache(maxsize=8)
def lesson(name: str) -> Lesson:
    """A lesson by the name of its file.

    Raises
    ------
    LessonError
        if something is missing or misspelt; the message names file and place

    >>> lesson("lesson-45").minutes
    45
    """
    return read(Book.here().chapters / "lessons" / f"{name}.yml")


def read(path: Path) -> Lesson:
    """A lesson from a file; see `lesson` for what is refused."""
    told = read_yaml(path)
    told |= {key: _in_print(value, told) for key, value in told.items() if key != "sheets"}
    return _made(Lesson, told | {"name": path.stem}, f"{path.name}: the lesson")


def _made(kind: type, told: dict[str, Any], where: str) -> Any:
    """A lesson, a day or a step from what a file says of it.

    where : what the message of an error begins with

    Raises
    ------
    LessonError
        if a word is missing, or one is there that nothing reads
    """
    words = {_WORDS.get(one.name, one.name): one for one in fields(kind)}
    known = f"It may have {', '.join(words)}."
    for word, one in words.items():
        if word not in told and one.default is MISSING:
            raise LessonError(
                f"{where}: found no {word!r}; expected a line “{word}: …”. "
                f"Write it, as the other lessons have it. {known}"
            )
    if lost := [word for word in told if word not in words]:
        raise LessonError(
            f"{where} has {', '.join(map(repr, lost))}, which nothing reads. "
            f"Correct the spelling or take it out. {known}"
        )
    return kind(**{words[word].name: _held(word, value, where) for word, value in told.items()})


def _held(word: str, value: Any, where: str) -> Any:
    """What a field holds: days and steps are made, too, and a list becomes a tuple."""
    file = where.partition(":")[0]
    if word == "days":
        return tuple(_made(Day, day, f"{file}: a day") for day in value)
    if word == "steps":
        return tuple(_made(Step, step, f"{file}: step {step.get('name')!r}") for step in value)
    return tuple(value) if isinstance(value, list) else value


def _in_print(value: Any, told: dict) -> Any:
    """The same structure, each `*id of an exercise*` told by the name that stands in print."""
    if isinstance(value, str):
        said = _EXERCISE.sub(lambda found: _printed_name(found[1], told), value)
        return re.sub(r"task (\d+) (of [^.;*]+?) and task (\d+) \2", r"tasks \1 and \3 \2", said)
    if isinstance(value, list):
        return [_in_print(one, told) for one in value]
    if isinstance(value, dict):
        return {key: one if key in _IDS else _in_print(one, told) for key, one in value.items()}
    return value


def _printed_name(id: str, told: dict) -> str:
    """An exercise as its task on a sheet of this lesson, else as it is called on the page."""
    for sheet in told.get("sheets", ()):
        asked = [block for block in sheet["blocks"] if {"task", "exercise"} & block.keys()]
        for number, block in enumerate(asked, 1):
            if block.get("exercise") == id:
                return f"task {number} of {named(sheet)}"
    one = exercise(id)
    return f"{one.called} of [{page_title(one.chapter)}]({one.chapter}.ipynb#{QUESTIONS})"


def named(sheet: dict) -> str:
    """A sheet within a sentence.

    >>> named({"words": "worksheet"}), named({"words": "Friday’s worksheet"})
    ('the worksheet', 'Friday’s worksheet')
    """
    words = sheet["words"]
    return words if re.match(r"[A-Z]\w+’s ", words) else f"the {words}"


def lessons() -> list[Lesson]:
    """All lessons, in the order of `NAMES`."""
    return [lesson(name) for name in NAMES]


# ---------------------------------------------------------------------------- as a page shows it


@dataclass(frozen=True)
class Plan:
    """A plan as a notebook output: Markdown for readers, the same as text for terminals."""

    text: str

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        return {"text/markdown": self.text, "text/plain": self.text}

    def __repr__(self) -> str:
        return self.text


def plan(name: str) -> Plan:
    """The plan of a lesson: what it needs, its files, its steps with their minutes, and its ways.

    >>> plan("lesson-45").text.splitlines()[0][:10]
    '**Before.*'
    """
    one = lesson(name)
    parts = [f"**Before.** {one.before} **Needs.** {one.needs}", goals(one), in_the_kit(one)]
    for day in one.days:
        if day.name:
            pages = ", ".join(f"[{page_title(page)}]({page}.ipynb)" for page in day.chapters)
            parts.append(f"**{day.name}: {day.about}** ({pages})")
        if day.lesson:
            other = lesson(day.lesson)
            instead = "; the homework below takes the place of its own" if day.homework else ""
            parts.append(f"The plan of its own: [{other.title}]({anchor(other)}){instead}.")
        if day.steps:
            parts.append(table(day))
        if day.homework:
            parts.append(f"Homework: {_files(day.homework)}.")
    parts.append(f"**Without a browser.** {one.without}")
    parts += [f"**For those who need less.** {' '.join(one.down)}",
              f"**For those who want more.** {' '.join(one.up)}"]  # fmt: skip
    return Plan("\n\n".join(parts))


def in_the_kit(one: Lesson) -> str:
    """The files of the kit's folder `handouts` that belong to a lesson."""
    own = _files((f"{one.name}-plan", f"{one.name}-key"))
    others = {name for step in one.steps for name in step.also}
    handed = _files([*(sheet["name"] for sheet in one.sheets), *sorted(others)])
    return f"**In the kit**, in the folder `handouts`. For you: {own}. For students: {handed}."


def _files(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}.pdf`" for name in names)


def goals(one: Lesson) -> str:
    """One sentence: what students will be able to do."""
    return f"**Students will be able to** {one.goals}."


def anchor(one: Lesson) -> str:
    """Where the page for teachers has a lesson's plan."""
    return "#" + "".join(c for c in one.title.lower() if c.isalnum() or c in " -").replace(" ", "-")


def table(day: Day) -> str:
    """The steps of a day as a table in Markdown, with the sum of their minutes."""
    rows = [
        f"| {step.minutes} | **{step.called}** The class {step.doing} | {step.watch} |"
        for step in day.steps
    ]
    head = ["| Minutes | Step | Watch for |", "| --: | --- | --- |"]
    return "\n".join([*head, *rows, f"| **{day.minutes}** | in all | |"])
