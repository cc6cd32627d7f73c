"""How a book says things: words it does not use, sentences too long, one thing said over and over.

The words stand in `chapters/style.csv`, each with what is said instead; quotations are let be.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from receiptbook.book import Book
from receiptbook.book.notebooks import read_rows
from receiptbook.prose.text import told, whole
from receiptbook.receipts.collect import Place, pieces

LONGEST = 30  # words of a sentence
_END = re.compile(r"(?<=[.!?;:])[”’)*]*\s+")
_QUOTED = re.compile(r"“[^”]*”")
_NOT_FOUND = re.compile(
    r"\b(?:not|no|none|nothing|nobody|nor|neither)\b[^.;:]{0,90}\bfound\b", re.I
)


def word_list(path: Path, page: str = "") -> dict[str, str]:
    """Words that a page does not use, with what it says instead; none if there is no such file.

    A row may except pages by file name, parted by semicolons: those that explain the word.
    """
    if not path.exists():
        return {}
    rows = read_rows(path, "words", "say", "except")
    return {row["words"]: row["say"] for row in rows if page not in row["except"].split(";")}


def too_long(text: str) -> list[str]:
    """Sentences of more than thirty words; a semicolon or a colon ends one, too.

    >>> too_long("It rains. " + "It rains and " * 11 + "it pours.")[0][:21]
    'It rains and It rains'
    """
    parts = _END.split(text)
    return [part.strip() for part in parts if len(re.findall(r"[\w’'-]+", part)) > LONGEST]


def unwanted(text: str, words: Iterable[str]) -> list[str]:
    """Those of some words that stand in a text outside quotations.

    >>> unwanted("Drawn by lot, “by lot”, and dear.", ["by lot", "dear", "nought"])
    ['by lot', 'dear']
    """
    plain = _QUOTED.sub("", text)
    return [word for word in words if whole(word).search(plain)]


def faults(path: Path, words: dict[str, str]) -> Iterator[tuple[Place, str, str, str]]:
    """Each fault of manner of a page: its place, its words, what was expected, what to do."""
    section, absences = "", 0
    for place, markdown in pieces(path):
        if place.part.startswith("alt of"):
            continue
        for tag, text in told(markdown):
            for word in unwanted(text, words):
                yield place, word, f"{words[word]}", "Say it in these words, or quote the text."
            if tag in ("h1", "h2", "h3"):
                section, absences = text, 0
            if tag == "td" or place.part:
                continue
            for long in too_long(text):
                yield place, long, f"at most {LONGEST} words", "Make two sentences of it."
            absences += (found := len(_NOT_FOUND.findall(text)))
            if found and absences > 1:
                yield (
                    place, text[:80], f"“not found” once in the section “{section}”",
                    "Say once, where it decides, what is missing.",
                )  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Command line: ``python -m receiptbook.prose.manner [names…]``; 1 if anything was found."""
    names = {Path(name).stem for name in (sys.argv[1:] if arguments is None else arguments)}
    count = 0
    try:
        book = Book.here()
        for path in book.written_pages():
            words = word_list(book.style, path.name)
            for place, said, expected, remedy in (
                faults(path, words) if _wanted(path, names) else ()
            ):
                print(f"{place}: “{said}”; expected {expected}. {remedy}")
                count += 1
    except ValueError as error:  # from the book's files
        print(error, file=sys.stderr)
        return 2
    return bool(count)


def _wanted(path: Path, names: set[str]) -> bool:
    return not names or path.stem in names


if __name__ == "__main__":
    sys.exit(main())
