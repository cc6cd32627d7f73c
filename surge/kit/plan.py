"""The plan of a lesson as a teacher prints it, and what the kit gets of each lesson.

It stands above sheets and decks: it names the sheets to hand out and the numbers of the slides.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from receiptbook.book.outline import page_title
from receiptbook.kit import STUDENTS, TEACHER, KitFile
from surge.kit import decks
from surge.kit.sheets import checked, described, fill, key, page, student
from surge.lessons import Day, Lesson, lesson, lessons

#: Files of the kit that are handed out in a lesson and are no sheet of it.
ALSO = {
    "claim-cards": {
        "title": "Claim cards",
        "minutes": 0,
        "hands": "two sets of pages 1 to 5 (the numbers round) are enough, cut before the lesson; deal "
        "eight cards of one to those who are done. Its key, for you: `claim-cards-key.pdf`",
        "pages_for_24": 10,
    },
    "blank-ledger": {
        "title": "Blank ledger",
        "minutes": 0,
        "hands": "one for each student or group",
    },
}
ON_PAPER = "not before: the chapter tells what the sheets ask; then one for each group, or none"


def files() -> list[KitFile]:
    """Each lesson's plan and key for the teacher, and its sheets for students, in that order."""
    return [file for one in lessons() for file in _files(one)]


def _files(one: Lesson) -> Iterator[KitFile]:
    at = f"lesson:{one.name}"
    yield KitFile(f"handouts/{one.name}-plan.pdf", TEACHER, "the plan", at,
                  partial(printed_plan, one.name))  # fmt: skip
    yield KitFile(f"handouts/{one.name}-key.pdf", TEACHER, "the key", at, partial(key, one.name))
    for sheet in one.sheets:
        yield KitFile(f"handouts/{sheet['name']}.pdf", STUDENTS, sheet["words"], at,
                      partial(student, sheet["name"]))  # fmt: skip


def printed_plan(name: str) -> str:
    """The plan of a lesson as a teacher prints it: steps, what to hand out when, ways, homework."""
    one = lesson(name)
    handed = list(_handed(one))
    return page(
        "plan.html", one=one, checked=checked(one), opener=fill(one.opener),
        handed=handed, pages=_pages(handed), page_title=page_title,
        days=[(day, lesson(day.lesson) if day.lesson else None, _slides(one, day))
              for day in one.days],
    )  # fmt: skip


def _slides(one: Lesson, day: Day) -> dict[str, str]:
    """The file of a day's deck, and the numbers of each step's slides, as "9 to 16", by its name."""
    name = next((n for n, of in decks.lesson_days().items() if of == (one, day)), "")
    if not name:
        return {}
    at: dict[str, list[int]] = {}
    for number, slide in enumerate(decks.deck(name).slides, 1):
        at.setdefault(slide.step, []).append(number)
    spans = {step: (str(min(of)), str(max(of))) for step, of in at.items()}
    return {"file": name} | {step: " to ".join(dict.fromkeys(span)) for step, span in spans.items()}


def _pages(handed: list[tuple[str, str, dict]]) -> int:
    """The pages of all sheets for a class of 24; zero where not every sheet of the lesson says it."""
    sheets = [sheet for _, name, sheet in handed if name in described()]
    if not all(sheet["pages_for_24"] for sheet in sheets):
        return 0
    return sum(sheet.get("pages_for_24", 0) for _, _, sheet in handed)


def _handed(one: Lesson) -> Iterator[tuple[str, str, dict]]:
    """When each sheet is handed out (the day and the first step that uses it), and the sheet.

    Last come the chapters on paper: they tell what the sheets ask, and wait for what is handed in.
    """
    seen, known = set(), ALSO | described()
    for day in one.days:
        used = [(step.name, name) for step in day.steps
                for name in (*step.sheets, *step.also)]  # fmt: skip
        for when, name in [*used, *(("Homework", name) for name in day.homework)]:
            if name not in seen:
                seen.add(name)
                yield ", ".join(filter(None, (day.name, when))), name, known[name]
    for day in one.days:
        when = (
            f"{day.name}, after the exit slips are in" if day.name else "after the homework is in"
        )
        for name in day.chapters:
            yield (
                when,
                name,
                {"title": page_title(name), "words": "handout", "minutes": 0, "hands": ON_PAPER},
            )
