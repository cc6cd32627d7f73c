"""Slides: a file for each part, complete in itself, from the charts stored in its chapters."""

from __future__ import annotations

import itertools
import json
import math
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from receiptbook import exercises
from receiptbook.book import Part
from receiptbook.book.imprint import imprint
from receiptbook.book.notebooks import bundles
from receiptbook.book.outline import SUMS_UP, chapter_notebook, opening, section_of, title_of
from receiptbook.book.outputs import CHART, card_in
from receiptbook.markdown import without_links, words
from receiptbook.site import picture
from receiptbook.site.figures import origin
from receiptbook.site.sources import UNNAMED
from receiptbook.site.style import style_sheet
from receiptbook.tables import load
from receiptbook.templates import render

HERE = Path(__file__).parent
SOURCES_NAMED = 4  # below a chart; of more it says "and others"
LINE, GAP, LINES = 80, 0.8, 14  # characters of a line, lines between blocks, lines of a slide


@dataclass(frozen=True)
class Slide:
    """What one slide shows. Texts are Markdown; a slide without a heading opens the part."""

    heading: str = ""
    text: str = ""
    look: str = ""
    id: str = ""
    chapter: str = ""
    choices: tuple[str, ...] = ()
    drawn: str = ""
    alt: str = ""
    caption: str = ""
    credit: str = ""


def deck(part: Part) -> str:
    """The slides of a part as one HTML file: findings, charts, what stands, questions, answers."""
    slides = [Slide(look="first")]
    for name in part.chapters:
        if (chapter := chapter_notebook(name)) is not None:
            slides += _chapter_slides(name, chapter)
    book = imprint().title
    return render(
        HERE / "slides.html",
        title=f"{part.title} · {book}",
        style=document_style() + (HERE / "slides.css").read_text("utf-8"),
        script=(HERE / "slides.js").read_text("utf-8"),
        part=part.title,
        book=book,
        slides=slides,
    )


def document_style() -> str:
    """The style sheet of the site, for a page that needs no other file."""
    return style_sheet()


def _chapter_slides(name: str, chapter) -> Iterator[Slide]:
    finding = first_sentence(opening(chapter).finding)
    yield Slide(title_of(chapter), finding, "opening", anchor(name), chapter=name)
    for spec in charts(chapter):
        yield _chart_slide(spec)
    for heading in SUMS_UP:
        for n, told in enumerate(_screens(section_of(chapter, heading))):
            yield Slide(f"{heading}, continued" if n else heading, told)
    for one in exercises.load().values():
        if one.chapter == name and one.kind == "question":
            asked = exercises.needs_words({"needs": one.needs})
            yield Slide(one.called, f"{one.prompt}\n\n{asked}".strip(), choices=one.shuffled)
            yield Slide(f"{one.called}: answer", exercises.answer_words(one.to_json()))


def anchor(name: str) -> str:
    """The id of the slide that opens a chapter."""
    return f"chapter-{name}"


def first_sentence(text: str) -> str:
    """The first sentence of a paragraph in Markdown.

    >>> first_sentence("Prices rose by 2.5 percent. *Nobody* knows why.")
    'Prices rose by 2.5 percent.'
    """
    return re.split(r"(?<=[.!?])\s+(?=[A-Z“‘\[*])", text, maxsplit=1)[0]


def _screens(text: str) -> list[str]:
    """Markdown in as few parts of about the same length as a screen each can hold.

    It is cut between paragraphs and between the points of a list, and never after a colon.

    >>> _screens("- It rains.\\n- It pours.")
    ['- It rains.\\n- It pours.']
    >>> [len(part) for part in _screens("\\n\\n".join(["x" * 400] * 4))]
    [802, 802]
    """
    starts = [0, *(cut.end() for cut in re.finditer(r"\n\n(?<!:\n\n)|(?<!\n)\n(?=- )", text))]
    blocks = [text[a:b] for a, b in itertools.pairwise([*starts, len(text)])]
    lines = [math.ceil(len(words(block)) / LINE) + GAP for block in blocks]
    count = math.ceil(sum(lines) / LINES)
    screens = [""] * count
    for block, until, own in zip(blocks, itertools.accumulate(lines), lines, strict=True):
        screens[int((until - own / 2) / sum(lines) * count)] += block
    return [screen.strip() for screen in screens if screen.strip()]


def charts(chapter) -> Iterator[dict]:
    """The stored charts of a notebook, in order."""
    for bundle in bundles(chapter.cells):
        if card_in(bundle):
            yield json.loads(json.dumps(bundle[CHART]))


def _chart_slide(spec: dict) -> Slide:
    card = spec["usermeta"]["receiptbook"]
    with tempfile.TemporaryDirectory(prefix="slide-") as folder:
        drawn = picture.draw(spec, Path(folder), narrow=False).wide.svg
    # charts of one file must not share the ids of their clips
    drawn = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{card['id']}-", drawn)
    sources = load().sources
    names = dict.fromkeys(
        name for id in card["sources"] if (name := sources[id].publisher) != UNNAMED
    )
    shown = [escape(name) for name in list(names)[:SOURCES_NAMED]]
    shown += ["and others"] if len(names) > SOURCES_NAMED else []
    return Slide(
        heading=card["title"],
        look="figure",
        drawn=drawn,
        alt=without_links(card["alt"]),
        caption=card["caption"],
        credit=f"Sources: {', '.join(shown)}." if card["sources"] else origin(card),
    )
