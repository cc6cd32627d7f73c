"""Slides for a projector: a file for each deck, complete in itself, and the same as PDF.

A deck asks before it answers: the finding of a chart and the answer of a question stand on the slide
behind the one that asks. reveal.js turns the slides and opens the speaker's window, because it does
so without a server and is kept by others; this module says what stands on them.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from itertools import groupby
from pathlib import Path

from receiptbook import exercises
from receiptbook.book import Book, Part
from receiptbook.book.imprint import imprint
from receiptbook.book.notebooks import bundles
from receiptbook.book.outline import (
    SUMS_UP,
    chapter_notebook,
    opening,
    page_title,
    section_of,
    title_of,
)
from receiptbook.book.outputs import CHART, card_in, card_of
from receiptbook.kit.projector import Form, project
from receiptbook.markdown import escaped, without_links, words
from receiptbook.receipts import collect
from receiptbook.site import palette
from receiptbook.site.figures import origin
from receiptbook.tables import load
from receiptbook.tables.data import UNNAMED
from receiptbook.templates import render

HERE = Path(__file__).parent
WIDTH, HEIGHT = 1280, 720  # px of a slide
SOURCES_NAMED = 4  # below a chart; of more it says "and others"
CREDIT = 92  # characters of the line below a chart
SIZES = (46, 42, 38, 35, 32, 30)  # px of a slide's text
ROOM, MEASURE = 500, 1140  # px of a slide that its text may take, down and across
LETTER = 0.55  # em that a letter is wide, about
LINE = 1.35  # em that a line is high
GAP = 0.5  # em between two blocks
LONG = 350  # characters of a list under a lead, of which each point takes a slide
ASK = "What does this chart show?"
BEFORE = "Ask before you go on: what stands out, what is missing? Take three answers."
RISES = "Ask before you go on: what rises, what falls, what is missing? Take three answers."
CELL, TABLE_ROOM = 28, 520  # px of letters in a table, and of its height on one slide


@dataclass(frozen=True)
class Slide:
    """What one slide shows, in Markdown; `notes` is what only the speaker sees.

    step, minutes: of the lesson's plan, on each slide of the step. asks, answers: the chart or
    exercise that a slide asks about or answers.
    """

    heading: str
    text: str = ""
    notes: str = ""
    look: str = ""
    id: str = ""
    choices: tuple[str, ...] = ()
    drawn: str = ""
    alt: str = ""
    credit: str = ""
    step: str = ""
    minutes: float = 0
    asks: str = ""
    answers: str = ""

    @property
    def size(self) -> int:
        """The largest size of text, in px, at which all of it fits."""
        blocks = [words(line) for line in self.text.splitlines() if line.strip()]
        blocks += [f"{'':4}{words(choice)}" for choice in self.choices]
        return next((size for size in SIZES if _height(blocks, size) <= ROOM), SIZES[-1])


def _height(blocks: Iterable[str], size: int) -> float:
    """About how high some paragraphs are at a size of text, in px."""
    lines = (math.ceil(len(block) * LETTER * size / MEASURE) * LINE + GAP for block in blocks)
    return size * sum(lines)


@dataclass(frozen=True)
class Deck:
    """Slides in order, with the name of their file."""

    name: str
    title: str
    slides: tuple[Slide, ...]

    @property
    def timings(self) -> list[int]:
        """Seconds planned for each slide: a step's time, in equal parts for its slides."""
        found = []
        for (_, minutes), group in groupby(self.slides, lambda slide: (slide.step, slide.minutes)):
            count = len(list(group))
            found += [round(minutes * 60 / count)] * count
        return found


def deck_page(deck: Deck, *, notes: bool = False) -> str:
    """The deck as one HTML file: a slide a page on paper; with notes, several beside what is said."""
    reveal = HERE / "reveal" / "dist"
    return render(
        HERE / "slides.html",
        deck=deck,
        notes=notes,
        book=imprint().title,
        style=palette.rules() + (HERE / "slides.css").read_text("utf-8"),
        reveal_style=(reveal / "reveal.css").read_text("utf-8"),
        scripts=[(reveal / name).read_text("utf-8") for name in ("reveal.js", "notes.js")]
        + [(HERE / "slides.js").read_text("utf-8")],
        timed=list(zip(deck.slides, deck.timings, strict=True)),
    )


# ------------------------------------------------------------------------------------ of a part


def part_deck(part: Part, forms: Mapping[str, Form] | None = None) -> Deck:
    """The deck of a part: of each chapter the questions, the charts, the finding, what stands.

    forms: how charts look on a slide, by id, where they are not as on the page
    """
    slides = [Slide(part.title, imprint().title, _first_notes(part), "first")]
    for name in part.chapters:
        if (chapter := chapter_notebook(name)) is not None:
            slides += _chapter_slides(name, chapter, forms or {})
    return Deck(part.slug, part.title, tuple(slides))


def _first_notes(part: Part) -> str:
    told = [
        f"- {title_of(c)}: {opening(c).time}" for n in part.chapters if (c := chapter_notebook(n))
    ]
    return "To read each chapter takes, with and without its exercises:\n\n" + "\n".join(told)


def _chapter_slides(name: str, chapter, forms: Mapping[str, Form]) -> Iterator[Slide]:
    told = opening(chapter)
    read = f"[Read the chapter]({name}.ipynb). {told.time}"
    goals = f"You will learn to {told.goals[:1].lower()}{told.goals[1:]}" if told.goals else ""
    yield Slide(title_of(chapter), goals, read, "opening", anchor(name))
    for one in exercises.by_chapter().get(name, ()):
        if one.kind == "question":
            yield from question_slides(one.id)
    for spec in charts(chapter):
        yield from chart_slides(card_of(spec)["id"], forms=forms)
    yield Slide("What was found", told.finding, _in_full(told.finding, name))
    for heading in SUMS_UP:
        for block in thoughts(section_of(chapter, heading)):
            yield Slide(heading, block, _in_full(block, name))


def anchor(name: str) -> str:
    """The id of the slide that opens a chapter."""
    return f"chapter-{name}"


def thoughts(text: str) -> list[str]:
    """Markdown cut into what one slide can hold: a paragraph, or a point of a list.

    What ends in a colon stays with what follows, above each point of a long list; a table is one.

    >>> thoughts("It rains.\\n\\n- Here.\\n- There,\\n  too.")
    ['It rains.', 'Here.', 'There,\\n  too.']
    """
    found, lead = [], ""
    for block in filter(str.strip, re.split(r"\n\n(?!\s)", text.strip())):
        points = [point.strip() for point in re.split(r"(?:^|\n)- ", block) if point.strip()]
        if block.rstrip().endswith(":"):
            lead += f"{block}\n\n"
        elif block.startswith("- ") and (not lead or len(block) > LONG):
            found, lead = [*found, *(lead + point for point in points)], ""
        else:
            found, lead = [*found, lead + block], ""
    return [*found, *filter(None, [lead.strip()])]


# --------------------------------------------------------------------------- of one thing each


@lru_cache(maxsize=1)
def _charts() -> dict[str, tuple[str, dict]]:
    """All stored charts of the book by id, each with the name of its chapter."""
    names = dict.fromkeys(name for part in Book.here().parts() for name in part.chapters)
    found = {}
    for name in names:
        if (chapter := chapter_notebook(name)) is not None:
            for spec in charts(chapter):
                found.setdefault(card_of(spec)["id"], (name, spec))
    return found


def charts(chapter) -> Iterator[dict]:
    """The stored charts of a notebook, in order."""
    for bundle in bundles(chapter.cells):
        if card_in(bundle):
            yield bundle[CHART]


def chart_slides(
    id: str,
    ask: str = ASK,
    notes: str = "",
    *,
    forms: Mapping[str, Form] | None = None,
    told: str = "",
    credit: str = "",
) -> Iterator[Slide]:
    """A chart twice: under a question, then under its finding.

    told: what the question is asked about, in words, where the chart itself would answer it
    credit: whose figures these are, in place of the publishers of the sources

    A chart that cannot be read from the back row is named instead, with its place.

    Raises
    ------
    KeyError
        if no chapter has stored a chart of that id
    """
    chapter, spec = _charts()[id]
    form = (forms or {}).get(id, Form())
    spec = form.instead() if form.instead else spec
    card = card_of(spec)
    place = f"[{page_title(chapter)}]({chapter}.ipynb#{id})"
    if form.elsewhere:
        text = f"This chart is too fine for the back row. It stands in {place}."
        yield Slide(ask, text, notes or BEFORE, "elsewhere", asks=id)
        yield Slide(card["title"], text, card["caption"], "elsewhere", answers=id)
        return
    drawn = project(spec, form)
    seen = Slide(ask, look="figure", credit=escape(credit) or _credit(card, form))
    if told:
        yield Slide(ask, told, notes or "Take some answers before you turn the slide.", asks=id)
    else:
        lines = re.search(r'"(type|mark)": "(line|trail)"', json.dumps(spec.get("layer", spec)))
        yield replace(seen, drawn=_own_ids(drawn, f"{id}-ask"), asks=id,
                      notes=notes or (RISES if lines else BEFORE),
                      alt=f"{ask} The next slide describes the chart.")  # fmt: skip
    yield replace(
        seen,
        heading=card["title"],
        drawn=_own_ids(drawn, id),
        alt=without_links(card["alt"]),
        notes=_joined(
            card["caption"], _receipts_told(card["title"], card["caption"]), f"More in {place}."
        ),
        answers=id,
    )


def _own_ids(drawn: str, prefix: str) -> str:
    """Charts of one file must not share the ids of their clips."""
    return re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{prefix}-", drawn)


def _credit(card: Mapping, form: Form) -> str:
    if not card["sources"]:
        return origin(card)
    known = load().sources
    names = [*dict.fromkeys(n for id in card["sources"] if (n := known[id].publisher) != UNNAMED)]
    lead = f"{form.note} " if form.note else ""
    for count in range(min(SOURCES_NAMED, len(names)), 0, -1):
        others = " and others" if count < len(names) else ""
        line = f"{lead}Sources: {', '.join(names[:count])}{others}."
        if len(line) <= CREDIT:
            break
    return escape(line)


def question_slides(id: str, notes: str = "", called: str = "") -> Iterator[Slide]:
    """A question, exercise or lab, and its answer on the next slide.

    called : its name on the sheet that the class has; without one, its name on the page
    """
    one = exercises.exercise(id)
    called = called or one.called
    told = {link["id"] for link in collect.links(one.prompt) if re.search(r"\d", link["text"])}
    needs = exercises.needs_words({"needs": [need for need in one.needs if need["id"] not in told]})
    hint = f"A hint, if nobody gets on: {one.hint}" if one.hint else ""
    level = (
        f"Level {one.level}; [on its page]({one.chapter}.ipynb#question-{id}), where one types the "
        f"answer, it is {one.called}."
    )
    yield Slide(called, f"{one.prompt}\n\n{needs}".strip(), _joined(notes, level, hint), "question",
                choices=one.shuffled, asks=id)  # fmt: skip
    facts = one.to_json()
    slips = exercises.usual_slips(facts) if one.form == "number" else ()
    usual = "\n".join(f"- {slip}" for slip in slips)
    wrong = (
        f"What usually goes wrong:\n\n{usual}" if usual else "Ask who had another answer, and why."
    )
    answer = exercises.answer_words(facts)
    if one.choices:
        answer = answer.replace("**", f"**{letter(one)}: ", 1)
    yield Slide(f"{called}: answer", answer, wrong, "answer", answers=id)


def letter(one: exercises.Exercise) -> str:
    """The letter of the right choice, in the order in which a class sees the choices."""
    return chr(ord("A") + one.shuffled.index(one.choices[0]))


def table_slides(
    heading: str, head: Sequence[str], rows: Iterable[Sequence[str]], notes: str, answers: str = ""
) -> Iterator[Slide]:
    """A table, with its head again on each slide that it takes.

    >>> [one.text for one in table_slides("Rain", ["When", "mm"], [["May", "71"]], "Compare.")]
    ['| When | mm |\\n| --- | --- |\\n| May | 71 |']
    """
    top = f"| {' | '.join(head)} |\n|{' --- |' * len(head)}"
    parts, room = [[]], TABLE_ROOM - _row_height(head)
    for row in rows:
        if parts[-1] and sum(map(_row_height, [*parts[-1], row])) > room:
            parts.append([])
        parts[-1].append(row)
    for number, part in enumerate(parts):
        lines = [f"| {' | '.join(row)} |" for row in part]
        yield Slide(heading, "\n".join([top, *lines]), notes, "table",
                    answers="" if number else answers)  # fmt: skip


def _row_height(row: Sequence[str]) -> float:
    """About how high a row of a table is, in px, where its columns are equally wide."""
    wide = MEASURE / len(row) - CELL
    lines = max(math.ceil(len(words(cell)) * CELL / 2 / wide) for cell in row)
    return CELL * (lines * LINE + GAP)


def receipt_slides(ids: Iterable[str], ask: str, notes: str = "") -> Iterator[Slide]:
    """Statements to be judged, and on the next slide their verdicts.

    Raises
    ------
    KeyError
        if a chapter has stored no receipt of that id
    """
    told = [_receipts()[id] for id in ids]
    said = [escaped(one["statement"].rstrip(".")) for one in told]
    lines = [f"- {text}: **{one['verdict']}**" for text, one in zip(said, told, strict=True)]
    key = " ".join(ids)
    yield Slide(
        ask, "\n".join(f"- {text}" for text in said), notes or "Take a vote on each.", asks=key
    )
    yield Slide(ask, "\n".join(lines), "What would change one of them?", answers=key)


def asked_slides(
    heading: str, ask: str, answer: str, notes: str = "", slip: str = "", then: str = "Then look"
) -> Iterator[Slide]:
    """A question of one's own, and its answer, a thought a slide; `slip` goes into its notes.

    then : the heading of the answer
    """
    yield Slide(heading, ask, notes or "Take some answers before you turn the slide.", asks=ask)
    for number, told in enumerate(thoughts(answer)):
        notes = slip or "Who had another answer, and why?"
        yield Slide(then, told, notes, answers="" if number else ask)


def _joined(*paragraphs: str) -> str:
    return "\n\n".join(filter(None, paragraphs))


def _in_full(text: str, chapter: str) -> str:
    """Notes to a finding: the whole of it, and what its numbers rest on."""
    return _joined(_receipts_told(text), f"In full: [the chapter]({chapter}.ipynb).")


def _receipts() -> dict[str, dict]:
    return collect.stored_receipts(Book.here().notebooks())


def _receipts_told(*texts: str) -> str:
    """The statements that texts link to, each with its value and verdict, as a list."""
    ids = dict.fromkeys(link["id"] for text in texts for link in collect.links(text))
    lines = []
    for one in filter(None, map(_receipts().get, ids)):
        shown = f": {escaped(one['shown'])}" if one.get("shown") else ""
        lines.append(f"- {escaped(one['statement'].rstrip('.'))}{shown} ({one['verdict']})")
    return "\n".join(["The numbers rest on:\n", *lines]) if lines else ""
