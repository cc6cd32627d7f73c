"""The lesson plans: what each file in `chapters/lessons` says, checked, and as a page shows it.

A lesson is told once, in `chapters/lessons/<name>.yml`. The page for teachers shows its plan from
there (`plan`); the kit prints plan, sheets and key from there (surge/kit/plan.py, sheets.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from receiptbook.book import Book
from receiptbook.book.contents import read_yaml
from receiptbook.book.outline import page_title
from receiptbook.exercises import exercise

QUESTIONS = "questions-and-exercises"  # the heading under which a page has its exercises
_EXERCISE = re.compile(r"\*([a-z]+(?:-[a-z]+)*-[a-z]+)\*")
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

    name: str
    about: str
    chapters: tuple[str, ...]
    steps: tuple[Step, ...]
    homework: tuple[str, ...]
    lesson: str

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
    sheets : the sheets as the file describes them, see surge/kit/sheets.py
    told : everything else that the file says, for the printed plan
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
    sheets: tuple[dict, ...] = ()
    told: dict = field(default_factory=dict)

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
    told |= {key: _named(value, told) for key, value in told.items() if key != "sheets"}
    days = tuple(_day(path, day) for day in told.pop("days"))
    try:
        said = {key: told.pop(key) for key in ("title", "minutes", "goals", "before", "needs",
                                               "without")}  # fmt: skip
        ways = {key: tuple(told.pop(key)) for key in ("down", "up")}
    except KeyError as error:
        raise LessonError(
            f"{path.name}: found no {error.args[0]!r}; expected a line “{error.args[0]}: …”. "
            "Write it, as the other lessons have it."
        ) from None
    return Lesson(
        name=path.stem, days=days, sheets=tuple(told.pop("sheets", ())), told=told, **said, **ways
    )


def _named(value: Any, told: dict) -> Any:
    """The same structure, each `*id of an exercise*` told by the name that stands in print."""
    if isinstance(value, str):
        said = _EXERCISE.sub(lambda found: _printed_name(found[1], told), value)
        return re.sub(r"task (\d+) (of [^.;*]+?) and task (\d+) \2", r"tasks \1 and \3 \2", said)
    if isinstance(value, list):
        return [_named(one, told) for one in value]
    if isinstance(value, dict):
        return {key: one if key in _IDS else _named(one, told) for key, one in value.items()}
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


def _day(path: Path, told: dict) -> Day:
    lists = {key: tuple(told.pop(key, ())) for key in ("chapters", "homework")}
    steps = tuple(_step(path, step) for step in told.pop("steps", ()))
    words = {key: told.pop(key, "") for key in ("name", "about", "lesson")}
    _nothing_left(path, "a day", told)
    return Day(steps=steps, **lists, **words)


def _step(path: Path, told: dict) -> Step:
    renamed = {"class": "doing", "or": "other"}
    values = {
        renamed.get(key, key): tuple(value) if isinstance(value, list) else value
        for key, value in told.items()
    }
    try:
        return Step(**values)
    except TypeError as error:
        raise LessonError(
            f"{path.name}: step {told.get('name', told)!r}: {error}. A step has name, minutes, "
            "class and watch, and may have sheets, also, exercises, or, slack."
        ) from None


def _nothing_left(path: Path, what: str, told: dict) -> None:
    if told:
        raise LessonError(
            f"{path.name}: {what} has {', '.join(map(repr, told))}, which nothing reads. "
            "Correct the spelling or take it out."
        )


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
