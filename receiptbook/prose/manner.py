"""How a book says things: words it does not use, sentences too long, one thing said over and over.

The words stand in `chapters/style.csv`, each with what is said instead; quotations are let be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from receiptbook.book.notebooks import read_rows
from receiptbook.prose.faults import Fault
from receiptbook.prose.text import sentences, told, whole
from receiptbook.receipts.collect import Place

LONGEST = 30  # words of a sentence
_COLON = re.compile(r"(?<=:)[”’)*]*\s+")
_QUOTED = re.compile(r"“[^”]*”")
_NOT_FOUND = re.compile(
    r"\b(?:not|no|none|nothing|nobody|nor|neither)\b[^.;:]{0,90}\bfound\b", re.I
)


def word_list(path: Path) -> list[dict[str, str]]:
    """The rows of a list of words; none if there is no such file."""
    return read_rows(path, "words", "say", "except") if path.exists() else []


def instead(rows: Iterable[Mapping[str, str]], page: str) -> dict[str, str]:
    """Words that a page does not use, with what it says instead.

    A row may except pages by file name, parted by semicolons: those that explain the word.

    >>> rows = [{"words": "dear", "say": "expensive", "except": "letters.md;poems.md"}]
    >>> instead(rows, "rain.md"), instead(rows, "poems.md")
    ({'dear': 'expensive'}, {})
    """
    return {row["words"]: row["say"] for row in rows if page not in row["except"].split(";")}


def too_long(text: str) -> list[str]:
    """Sentences of more than thirty words; a semicolon or a colon ends one, too.

    >>> too_long("It rains. " + "It rains and " * 11 + "it pours.")[0][:21]
    'It rains and It rains'
    """
    parts = (part for sentence in sentences(text) for part in _COLON.split(sentence))
    return [part.strip() for part in parts if len(re.findall(r"[\w’'-]+", part)) > LONGEST]


def unwanted(text: str, words: Iterable[str]) -> list[str]:
    """Those of some words that stand in a text outside quotations.

    >>> unwanted("Drawn by lot, “by lot”, and dear.", ["by lot", "dear", "nought"])
    ['by lot', 'dear']
    """
    plain = _QUOTED.sub("", text)
    return [word for word in words if whole(word).search(plain)]


def faults(held: Iterable[tuple[Place, str]], words: Mapping[str, str]) -> Iterator[Fault]:
    """Each fault of manner in the pieces of a page.

    words : those that the page does not use, with what it says instead
    """
    section, absences = "", 0
    for place, markdown in held:
        if place.part == "alt":
            continue
        for tag, text in told(markdown):
            for word in unwanted(text, words):
                yield _fault(place, word, words[word], "Say it in these words, or quote the text.")
            if tag in ("h1", "h2", "h3"):
                section, absences = text, 0
            if tag == "td" or place.part:
                continue
            for long in too_long(text):
                yield _fault(place, long, f"at most {LONGEST} words", "Make two sentences of it.")
            absences += (found := len(_NOT_FOUND.findall(text)))
            if found and absences > 1:
                yield _fault(
                    place, text[:80], f"“not found” once in the section “{section}”",
                    "Say once, where it decides, what is missing.",
                )  # fmt: skip


def _fault(place: Place, said: str, expected: str, remedy: str) -> Fault:
    return Fault(place, said, expected, remedy, manner=True)
