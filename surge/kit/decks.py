"""The decks of this book, one for each part, and what its charts are like on a slide."""

from __future__ import annotations

from functools import lru_cache, partial

from receiptbook import exercises
from receiptbook.book import Book, Part
from receiptbook.kit import TEACHER, Deck, KitFile, deck_page, part_deck, print_deck
from receiptbook.kit.projector import Form

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
    # without the sentence that lies over the counts
    "policy-timeline": Form(change={"layer.9.layer.0.mark.opacity": 0}),
    "worries": Form(bare=True),
    "chinese-facts": Form(bare=True),
    # only the lines that the title speaks of bear names
    "test-change": Form(change={"layer.-1.transform": [{"filter": "datum.tone === 'named'"}]}),
    "forest": Form(elsewhere=True),
    "backtest": Form(change={"transform": [{"filter": "datum.ahead === 1"}]},
                     note="One year ahead; the chapter has two."),
    "world-counts": Form(rows=7, note="Counts of late 2025."),
    "world-rates": Form(bare=True, change={"spacing": 6, "facet.row.header.labelPadding": 0,
                                           "config.axisY.labelOverlap": False}),
}  # fmt: skip


def parts() -> dict[str, Part]:
    """The parts that have a deck, by its name: those with exercises."""
    asking = {one.chapter for one in exercises.load().values()}
    return {p.slug: p for p in Book.here().parts() if asking.intersection(p.chapters)}


@lru_cache(maxsize=16)
def deck(name: str) -> Deck:
    """The deck of that name.

    Raises
    ------
    KeyError
        if there is none
    """
    return part_deck(parts()[name], FORMS)


def files() -> list[KitFile]:
    """Each deck as a page that turns, as PDF, and as PDF with the notes."""
    listed = {name: f"part:{name}" for name in parts()}
    return [
        KitFile(f"slides/{name}{end}", TEACHER, words, at, partial(make, name))
        for name, at in listed.items()
        for end, words, make in (
            (".html", "slides", lambda name: deck_page(deck(name))),
            (".pdf", "slides as PDF", lambda name: print_deck(deck(name))),
            ("-notes.pdf", "slides with notes", lambda name: print_deck(deck(name), notes=True)),
        )
    ]
