"""The decks of this book: of each lesson and each part, and what its charts are like on a slide.

A lesson's deck follows the steps of its plan (chapters/lessons/<name>.yml); what stands on its slides
is told in chapters/lessons/slides.yml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache, partial
from itertools import chain

from receiptbook import exercises
from receiptbook.book import Book, Part
from receiptbook.book.contents import read_yaml
from receiptbook.book.outline import page_title, section_ids
from receiptbook.kit import TEACHER, Deck, KitFile, deck_page, part_deck
from receiptbook.kit.projector import Form
from receiptbook.kit.slides import (
    Slide,
    asked_slides,
    chart_slides,
    question_slides,
    receipt_slides,
    table_slides,
)
from surge import lessons
from surge.kit import pictures
from surge.kit.grids import GRIDS
from surge.kit.sheets import blocks, described, fill

FILE = "slides.yml"
HAND_IN = (
    "Each alone, on the slip; then collect the slips. The answers stand on the last slides, behind "
    "all that is left to do."
)
FIRST, HANDS = "First think", "Count the hands for each, then turn the slide."
KEYS = (
    "Keys: arrows turn the slides, S opens these notes in a window of their own, T starts and stops "
    "the clock of a step, B makes the screen black, D dark or light, F fills the screen, ? lists all."
)

#: charts that need more than larger letters and another shape
FORMS = {
    # the gain of the last half-year stands in one line
    "waves": Form(change={"layer.-1.transform": [
        {"calculate": "replace(datum.gain, '|', ' ')", "as": "gain"}]}),
    "aligned": Form(elsewhere=True),
    "tenth-to-four-tenths": Form(bare=True),
    "best-year": Form(rows=8, note="The eight largest gains of the chapter."),
    "counts": Form(bare=True),
    "battery-tornado": Form(rows=5, note="The five widest of the chapter."),
    # without the sentence that lies over the counts; each count stands below its own point
    "policy-timeline": Form(change={
        "layer.9.layer.0.mark.opacity": 0,
        **{f"layer.8.mark.{how}": {"expr": f"isValid(datum.high) ? {below} : {left}"}
           for how, below, left in (("align", "'left'", "'right'"), ("dx", 6, -9), ("dy", 11, -5))},
    }),
    "worries": Form(bare=True),
    "chinese-facts": Form(bare=True),
    # only the lines that the title speaks of bear names
    "test-change": Form(change={"layer.-1.transform": [{"filter": "datum.tone === 'named'"}]}),
    "who-counts": Form(instead=pictures.rates),
    "forest": Form(elsewhere=True),
    "backtest": Form(change={"transform": [{"filter": "datum.ahead === 1"}]},
                     note="One year ahead; the chapter has two."),
    "world-counts": Form(rows=7, note="Counts of late 2025."),
    "world-rates": Form(bare=True, change={"spacing": 6, "facet.row.header.labelPadding": 0,
                                           "config.axisY.labelOverlap": False}),
}  # fmt: skip


def parts() -> dict[str, Part]:
    """The parts that have a deck, by its name: those with exercises."""
    asking = exercises.by_chapter().keys()
    return {p.slug: p for p in Book.here().parts() if asking & {*p.chapters}}


def lesson_days() -> dict[str, tuple[lessons.Lesson, lessons.Day]]:
    """The days that have a deck, by its name; a day that is another lesson has that one's."""
    found = {}
    for name in lessons.NAMES:
        one = lessons.lesson(name)
        for day in one.days:
            if day.steps:
                found[f"{name}-{day.name.lower()}" if day.name else name] = (one, day)
    return found


def names() -> list[str]:
    """The names of all decks: lessons first."""
    return [*lesson_days(), *parts()]


@lru_cache(maxsize=16)
def deck(name: str) -> Deck:
    """The deck of that name.

    Raises
    ------
    KeyError
        if there is none
    DeckError
        if what stands on the slides does not fit the lesson's plan
    """
    return part_deck(parts()[name], FORMS) if name in parts() else _lesson_deck(name)


def files() -> list[KitFile]:
    """Each deck as a page that turns, as PDF, and as PDF with the notes."""
    listed = {name: f"lesson:{one.name}" for name, (one, _) in lesson_days().items()}
    listed |= {name: f"part:{name}" for name in parts()}
    days = {name: f"{day.name}: " for name, (_, day) in lesson_days().items() if day.name}

    def page(name: str, *, notes: bool = False) -> str:
        return deck_page(deck(name), notes=notes)

    return [
        KitFile(f"slides/{name}{end}", TEACHER, f"{days.get(name, '')}{words}", at,
                partial(page, name, notes=notes))
        for name, at in listed.items()
        for end, words, notes in (
            (".html", "slides", False),
            (".pdf", "slides as PDF", False),
            ("-notes.pdf", "slides with notes", True),
        )
    ]  # fmt: skip


# ------------------------------------------------------------------------------- of a lesson


class DeckError(ValueError):
    """What stands on the slides of a lesson cannot be used; the message says where and what to do."""


def shown() -> dict[str, dict]:
    """What chapters/lessons/slides.yml says, by the name of a deck and of a step."""
    return read_yaml(Book.here().chapters / "lessons" / FILE)


def _lesson_deck(name: str) -> Deck:
    one, day = lesson_days()[name]
    told, steps = shown().get(name, {}), [step.name for step in day.steps]
    if [*told] != steps:
        raise DeckError(
            f"{FILE}, {name}: found the steps {[*told]}; expected those of the plan, {steps}. "
            "Give each step its slides, under its name and in its order."
        )
    title = f"{day.name}: {day.about}" if day.name else one.title.partition(": ")[2]
    title = title[:1].upper() + title[1:]
    goals = (
        " · ".join(map(page_title, day.chapters)) if day.name else f"You will learn to {one.goals}."
    )
    slides = [Slide(title, goals, _opening_notes(one, day), "first")]
    numbers = _numbers_on_sheets(day)
    later: list[Slide] = []  # the answers of what is handed in stand behind the last step
    for number, step in enumerate(day.steps, 1):
        notes = f"Step {number} of {len(steps)}, {step.minutes} minutes: {step.called}"
        own = [Slide(step.name, told[step.name]["do"], _plan_of(step), "task")]
        for item in told[step.name].get("show", ()):
            made = [*_item(item, one, f"{name}, {step.name}", numbers)]
            if "exit" in item:
                made, kept = made[:1], made[1:]
                later += kept
            own += made
        if number == len(steps):
            own += [*later, *_homework(day)]
        slides += [
            replace(slide, notes=f"{notes}\n\n{slide.notes}", step=step.name, minutes=step.minutes)
            for slide in own
        ]
    return Deck(name, title, tuple(slides))


def _homework(day: lessons.Day) -> Iterator[Slide]:
    """What is handed out for at home."""
    for name in day.homework:
        sheet = described()[name]
        takes = (
            f"It takes about {sheet['minutes']} minutes." if sheet["minutes"] else "Read it now."
        )
        hand_out = f"Hand out `{name}.pdf`: {sheet['hands']}."
        yield Slide(sheet["title"], f"{takes} What is not clear? Ask now.", hand_out, "task")


def _numbers_on_sheets(day: lessons.Day) -> dict[str, str]:
    """What an exercise is called on the sheet of its step, by its id."""
    return {
        block["exercise"]: _called(block, described()[sheet])
        for step in day.steps
        for sheet in step.sheets if sheet in described()
        for block in blocks(described()[sheet]) if block["exercise"]
    }  # fmt: skip


def _opening_notes(one: lessons.Lesson, day: lessons.Day) -> str:
    """What a teacher wants to know before the first slide, and the plan at a glance."""
    steps = "\n".join(f"- {step.minutes} minutes: {step.name}" for step in day.steps)
    before = f"**Needs.** {one.needs}\n\n**Without a browser.** {one.without}"
    return f"{before}\n\n{steps}\n\n{KEYS}"


def _plan_of(step: lessons.Step) -> str:
    clock = "T starts the clock."
    return _to_sections(f"The class {step.doing}.\n\n**Watch for** {step.watch}.\n\n{clock}")


def _to_sections(text: str) -> str:
    """Links to sections of pages, by the ids that the site gives them; the ledger's are the same there.

    >>> _to_sections("[rates](who-counts.ipynb#change-the-population), [it](ledger.md#it)")
    '[rates](who-counts.ipynb#change-the-population), [it](ledger.md#it)'
    """

    def named(link: re.Match) -> str:
        return f"]({link['name']}.{link['end']}#{section_ids(link['name'])[link['section']]})"

    section = r"\]\((?!ledger\.)(?P<name>[\w-]+)\.(?P<end>ipynb|md)#(?P<section>[\w-]+)\)"
    return re.sub(section, named, text)


def _item(item: dict, one: lessons.Lesson, where: str, numbers: dict[str, str]) -> Iterator[Slide]:
    """The slides of one thing to show; numbers: of the exercises, on the sheets of the day."""
    item = {key: fill(text) if isinstance(text, str) else text for key, text in item.items()}
    notes, ask = item.get("notes", ""), item.get("ask", "")
    match item:
        case {"chart": id}:
            words = {key: item.get(key, "") for key in ("told", "credit")}
            return chart_slides(id, ask, notes, forms=FORMS, **words)
        case {"question": id}:
            called = numbers.get(id) or item.get("called", "")
            return chain(question_slides(id, notes, called),
                         _grid(item["grid"]) if "grid" in item else ())  # fmt: skip
        case {"exit": sheet, "tasks": tasks}:
            return _ticket(sheet, tasks)
        case {"receipts": ids}:
            return receipt_slides(ids, ask, notes)
        case {"ask": _, "answer": answer, "task": number, "of": sheet}:
            called = _called(_tasks(sheet)[number - 1], described()[sheet])
            return asked_slides(called, ask, answer, notes, then=f"{called}: answer")
        case {"ask": _, "answer": answer}:
            return asked_slides(FIRST, ask, answer, notes)
        case {"hands": heading}:
            told = one.check
            if number := item.get("only"):
                told = told[number - 1 : number]
            if not told:
                raise DeckError(
                    f"{FILE}, {where}: found {item}; expected `check` in {one.name}.yml, with as "
                    "many statements. Write it there, or take the slides out."
                )
            return chain(*(asked_slides(heading, row["say"], row["answer"], HANDS) for row in told))
        case {"news": sheet}:
            return _news(sheet)
        case {"task": number, "of": sheet}:
            return _task(_tasks(sheet)[number - 1], described()[sheet], notes)
    raise DeckError(
        f"{FILE}, {where}: found {item}; expected chart, question, receipts, hands, news, a task of "
        "a sheet, exit with its tasks, or ask with answer."
    )


def _tasks(sheet: str) -> list[dict]:
    return [block for block in blocks(described()[sheet]) if block["task"]]


def _called(block: dict, sheet: dict) -> str:
    """A task by its number and its sheet, as the plan calls it."""
    return f"Task {block['number']} of {lessons.named(sheet)}"


def _task(block: dict, sheet: dict, notes: str) -> Iterator[Slide]:
    """A task of a sheet, then the table of its key, where it has one, and its answer."""
    heading, task = _called(block, sheet), block["task"]
    then, slip = f"{heading}: answer", _slip(block["slip"])
    asked, *told = asked_slides(heading, task, block["answer"], notes, slip, then)
    yield asked
    grid, key = block["grid"], block["key"]
    if grid and grid.key:
        key = {"head": grid.key_head, "rows": grid.key}
    if key:
        compare = slip or "Compare cell by cell: who has another word, and why?"
        yield from table_slides(then, key["head"], key["rows"], compare, task)
        told = [replace(one, answers="") for one in told if not one.text.endswith(":")]
    yield from told


def _grid(name: str) -> Iterator[Slide]:
    """A computed table behind an answer."""
    grid = GRIDS[name]()
    return table_slides(grid.after, grid.key_head, grid.key,
                        f"Who found the turning point?\n\n{grid.notes}")  # fmt: skip


def _ticket(sheet: str, numbers: list[int]) -> Iterator[Slide]:
    """What is answered alone and handed in, on one slide; then its answers."""
    found = [_tasks(sheet)[number - 1] for number in numbers]
    (first, *_), id = found, f"{sheet} {numbers}"
    if first["exercise"]:
        asked, told = question_slides(first["exercise"], called="Exit ticket")
        yield replace(asked, look=f"{asked.look} ticket", notes=HAND_IN)
        yield told
        return
    yield Slide(
        "Exit ticket", "\n\n".join(one["task"] for one in found), HAND_IN, "ticket", asks=id
    )
    for block in found:
        which = f", question {block['number']}" if len(found) > 1 else ""
        _, *told = asked_slides("", block["task"], block["answer"], "", _slip(block["slip"]),
                                f"Exit ticket{which}: answer")  # fmt: skip
        yield from (replace(slide, answers=id if block is first and n == 0 else "")
                    for n, slide in enumerate(told))  # fmt: skip


def _slip(text: str | None) -> str:
    return f"What usually goes wrong: {text}" if text else ""


def _news(sheet: str) -> Iterator[Slide]:
    """The news that a sheet quotes: what stands on top of it, word for word, with its origin."""
    quote = next(block for block in blocks(described()[sheet]) if block["quote"])
    origin = re.split(r"(?<=\d)\. ", quote["by"])[0]
    top = "\n>\n".join(f"> {line}" for line in quote["quote"][:2])
    yield Slide(
        "What the news says", f"{top}\n\n{origin}.", "\n\n".join(quote["quote"][2:]), "news"
    )
