"""Numbers in prose: each is a link to its receipt, and says what the receipt says.

``python -m receiptbook.prose`` checks every chapter, or those named; ``--write`` rewrites the numbers that
went stale.

Prose is the text of chapters, and the titles, captions and alternative texts of charts. A number is a
numeral or a spelled-out number. Dates, names with digits in them (Apollo 11, the 57th report),
code and references are no numbers; phrases listed in `chapters/exemptions.csv`, each with its
reason, are let through.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

from receiptbook.book import Book, exercises_of
from receiptbook.book.notebooks import notebook_text, read_notebook, read_text, replace_text
from receiptbook.numbers import (
    FREE,
    UNITS,
    WORDS,
    QuantityError,
    Reading,
    UnitError,
    declared_words,
    fixed,
    read,
    unit,
)
from receiptbook.receipts import ClaimError, Verdict
from receiptbook.receipts.collect import LINK, Place, linkable, links, pieces
from receiptbook.tables import data, near


@dataclass(frozen=True)
class Fault:
    """One number that does not stand up."""

    place: Place
    text: str
    expected: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: “{self.text}”; expected {self.expected}. {self.remedy}"


# -------------------------------------------------------------------------------- finding numbers

_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
)
_YEAR = r"(?:19|20)\d\d"


@lru_cache(maxsize=4)
def _dates(counted: tuple[str, ...]) -> re.Pattern:
    """Dates in prose; a year before a word for what the book counts is a number."""
    things = "|".join(
        ("million", "billion", "percent", r"per\s+cent", "%", *map(re.escape, counted))
    )
    return re.compile(
        rf"""\b{_YEAR}-\d\d(?:-\d\d)?\b
        | \b\d{{1,2}}(?:\s*(?:to|and|–|-)\s*\d{{1,2}})?\s+(?:{_MONTHS})\b(?:\s+{_YEAR})?
        | \b(?:{_MONTHS})\s+\d{{1,2}}(?:,\s*{_YEAR})?\b(?!\s*(?:million|billion|percent|%))
        | \b{_YEAR}s?\b(?![,.]?\d|\s*(?:{things}))
        | \b(?:first|second|last)\s+(?:half|quarter|third)\b | \bhalf-years?\b | \bhalf\s+a\s+year\b
        | \b(?:third|fourth)\s+quarter\b | \bquarter\s+of\s+{_YEAR}\b""",
        re.X,
    )


def _without_dates(text: str) -> str:
    return _dates(tuple(declared_words())).sub("\u2003", text)


_NAMES = re.compile(
    r"""[A-Za-zÀ-ÿ]+[-.]?\d[\w.]*(?:-[\w.]+)*        # V3, Q1, A4, o4-mini
    | \b\d+(?:st|nd|rd|th)\b                       # the 57th report
    | \bNo\.\s*\d+""",
    re.X,
)
_BIG = r"hundreds?|thousands?|millions?|billions?|trillions?|dozens?|halves|thirds|quarters|fifths|tenths"
_COUNT = "|".join(sorted((w for w in WORDS if w not in ("zero", "one")), key=len, reverse=True))
_NUMERAL = re.compile(
    rf"""(?P<digits>[-−–]?(?:\d[\d,.  ]*\d|\d)(?:\s*(?:%|percentage\ points?|percent|per\ cent|points?
        |million|billion|trillion|thousand|mn|bn|[万亿萬億]))*)
    | (?P<words>\b(?:{_COUNT}|one(?=\s+(?:{_BIG}|percent|in|third|half|quarter|tenth)\b))
        (?:[\s-]+(?:and\s+)?(?:{_COUNT}|one|{_BIG}|percent|per\ cent))*\b
    | \b(?:a|an|the|one)\s+(?:third|quarter|tenth|fifth)\s+of\b
    | \b(?:an?|one)\s+(?:fifth|sixth|seventh|eighth|ninth|tenth|twentieth)\b | \bhalf\b | \b(?:{_BIG})\b
    )""",
    re.X | re.I,
)
_MARKDOWN = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin).use(myst_role_plugin)
_DIRECTIVE = re.compile(r"^(`{3,}|~{3,}|:{3,})\{([\w:-]+)\}[^\n]*\n(.*?)^\1\s*$", re.M | re.S)
_PROSE_DIRECTIVES = {
    "note", "admonition", "tip", "important", "warning", "caution", "seealso", "hint", "attention",
    "epigraph", "figure", "margin", "sidebar", "dropdown", "glossary", "list-table", "table",
}  # fmt: skip


def unlinked(markdown: str, exempt: Iterable[str] = ()) -> list[str]:
    """Numbers in a piece of Markdown that are no link, no date and no name, in order."""
    found: list[str] = []
    for text in _texts(_unwrapped(markdown)):
        for phrase in exempt:
            text = re.sub(
                rf"(?<!\w){re.escape(phrase)}(?!\w)",
                lambda m: "\u2003" * len(m[0]),
                text,
                flags=re.I,
            )
        text = _NAMES.sub("\u2003", _without_dates(text))
        found += [match[0].strip() for match in _NUMERAL.finditer(text)]
    return found


def _unwrapped(markdown: str) -> str:
    """The text with front matter and directives' frames removed, so that what they hold is read."""
    markdown = re.sub(r"\A---\n.*?\n---\n", "", markdown, flags=re.S)
    markdown = re.sub(r"^%.*$|^\([\w-]+\)=$", "", markdown, flags=re.M)

    def inside(match: re.Match) -> str:
        if match[2] not in _PROSE_DIRECTIVES:
            return "\n"
        title = match[0].split("\n", 1)[0].partition("}")[2]
        body = re.sub(r"^:[\w-]+:.*$", "", match[3], flags=re.M)
        return f"\n{title}\n\n{_unwrapped(body)}\n"

    return _DIRECTIVE.sub(inside, markdown)


def _texts(markdown: str) -> Iterator[str]:
    """Runs of text outside links, code, mathematics and comments."""
    for token in _MARKDOWN.parse(markdown):
        if token.type != "inline":
            continue
        depth, run = 0, ""
        for child in token.children or ():
            if child.type in ("link_open", "link_close"):
                depth += child.nesting
                run += "\u2003"
            elif child.type == "text" and not depth:
                run += child.content
            elif child.type in ("softbreak", "hardbreak"):
                run += " "
            elif child.type == "image":
                run += " " + child.content + " "
            elif child.type not in ("em_open", "em_close", "strong_open", "strong_close"):
                run += "\u2003"
        yield run


# ------------------------------------------------------------------------------- checking a link

_RANGE = re.compile(
    r"^(?:between |from )?(?P<low>.+?)\s*(?:\bto\b|\band\b|–)\s*(?P<high>.+)$", re.I
)


def check_link(text: str, receipt: Mapping) -> str | None:
    """What the words of a link should be, where they are not what the receipt says; else None.

    Raises
    ------
    QuantityError
        if the words hold a number that cannot be read, or one of another kind of unit
    """
    text = _without_marks(text)
    if text.lower() in set(Verdict):
        if text.lower() == receipt["verdict"]:
            return None
        return receipt["verdict"].capitalize() if text[0].isupper() else receipt["verdict"]
    numeral = re.search(r"\d", text) or _NUMERAL.search(_without_dates(text))
    if not numeral and text.lower() not in FREE:
        return None
    if receipt["value"] is None:
        if receipt["verdict"] == "open":
            return None
        if any(text.lower() in form.lower() for form in receipt["published"]):
            return None
        raise QuantityError("its receipt is a verdict on words and holds no number")
    try:
        reading = read(text)
    except QuantityError:
        return _check_range(text, receipt)
    return _check_one(text, reading, receipt)


def _without_marks(text: str) -> str:
    return text.replace("*", "").replace("`", "").strip()


def _in_base(reading: Reading, receipt: Mapping) -> Reading:
    """The reading in the receipt's base unit; a bare number takes the receipt's unit."""
    own = unit(receipt["unit"])
    if reading.unit is None:
        if own.kind == "amount":
            return reading
        scale = own.scale
        return replace(
            reading, value=reading.value * scale, step=reading.step * scale,
            interval=reading.interval.scaled(scale), scale=reading.scale * scale,
        )  # fmt: skip
    if UNITS[reading.unit].kind != own.kind:
        raise UnitError(f"the receipt is in {own}, the words in {reading.unit}")
    return reading


def _value(receipt: Mapping, key: str) -> Fraction | None:
    number = receipt[key]
    return None if number is None else Fraction(repr(number)) * unit(receipt["unit"]).scale


def _check_one(text: str, reading: Reading, receipt: Mapping) -> str | None:
    reading = _in_base(reading, receipt)
    value, low, high = (_value(receipt, key) for key in ("value", "lower", "upper"))
    if _is_printed(reading, receipt):
        return None
    slack = abs(value) / 10**12
    if reading.qualifier in ("above", "at least"):
        ok = low is not None and low >= reading.value - slack
    elif reading.qualifier in ("below", "at most"):
        ok = high is not None and high <= reading.value + slack
    else:  # "free" stands for nothing but zero
        span = reading.interval
        ok = span.lower - slack <= value <= span.upper + slack
    return None if ok else reading.rewrite(value)


def _is_printed(reading: Reading, receipt: Mapping) -> bool:
    """Do the words quote the printed figure that the receipt checks?"""
    for form in receipt["published"]:
        try:
            printed = _in_base(read(form), receipt)
        except QuantityError:  # how a derived figure was worked out; nobody printed it
            continue
        if (reading.value, reading.step) == (printed.value, printed.step):
            return True
    return False


def _check_range(text: str, receipt: Mapping) -> str | None:
    match = _RANGE.match(text)
    if not match:
        raise QuantityError("the words hold a number that cannot be read")
    high = _in_base(read(match["high"]), receipt)
    words = match["high"][len(re.match(r"[^\d]*[\d.,]*", match["high"])[0]) :]
    first = match["low"]
    try:
        low = read(first if re.search(r"[%A-Za-z万亿]", first) else first + words)
    except QuantityError:
        low = read(first)
    low = _in_base(low, receipt)
    ends = _value(receipt, "lower"), _value(receipt, "upper")
    if None in ends:
        raise QuantityError("the receipt has no range with two ends")
    slack = max(map(abs, ends)) / 10**12
    if (
        abs(low.value - ends[0]) <= low.step / 2 + slack
        and abs(high.value - ends[1]) <= high.step / 2 + slack
    ):
        return None
    decimals = [len(re.search(r"\d[\d,]*(?:\.(\d+))?", s)[1] or "") for s in match.group(1, 2)]
    shown = [fixed(end / r.scale, d) for end, r, d in zip(ends, (low, high), decimals, strict=True)]
    return (
        text[: match.start("low")]
        + re.sub(r"[-−]?[\d,]*\.?\d+", shown[0], first, count=1)
        + text[match.end("low") : match.start("high")]
        + re.sub(r"[-−]?[\d,]*\.?\d+", shown[1], match["high"], count=1)
    )


# ------------------------------------------------------------------------------------- the check


def exemptions(book: Book | None = None) -> list[str]:
    """Phrases that may stand without a receipt, longest first; each has its reason in the file."""
    path = (book or Book.here()).exemptions
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for number, row in enumerate(rows, 2):
        if not (row.get("phrase") or "").strip() or not (row.get("reason") or "").strip():
            raise ValueError(
                f"exemptions.csv, row {number}: a phrase and its reason are both needed"
            )
    return sorted((row["phrase"] for row in rows), key=len, reverse=True)


def check(
    paths: Iterable[Path], known: Mapping[str, Mapping] | None = None, exempt: Iterable[str] = ()
) -> list[Fault]:
    """All faults in the numbers of some chapters."""
    paths = list(paths)
    known = linkable(paths) if known is None else known
    faults: list[Fault] = []
    for path in paths:
        for place, text in pieces(path):
            faults += _check_piece(place, text, known, exempt)
    return faults + list(_check_grounds(known))


def _check_grounds(known: Mapping[str, Mapping]) -> Iterator[Fault]:
    tables = data.load()
    rows = {row["id"] for name in tables.tables for row in tables.rows(name) if "id" in row}
    for one in known.values():
        for id in one["because"]:
            if id not in known and id not in rows:
                yield Fault(Place(one["where"] or "", None, f"receipt {one['id']}"), id,
                            "a receipt or a row of data/ that decides the verdict",
                            f"Nothing has that name{near(id, known)}")  # fmt: skip


def _check_piece(place, text, known, exempt) -> Iterator[Fault]:
    for number in unlinked(text, exempt):
        yield Fault(place, number, "a link to the number's receipt",
                    "Write [number](ledger.ipynb#receipt), or list the phrase in exemptions.csv "
                    "with its reason.")  # fmt: skip
    for link in links(text):
        if link["id"] not in known:
            yield Fault(place, link[0], f"a receipt named {link['id']}",
                        f"No chapter, claim or data row has it{near(link['id'], known)}")  # fmt: skip
            continue
        one = known[link["id"]]
        if one["kind"] == "comparison" and one["verdict"] != "supported":
            yield Fault(place, link["text"], f"words for what no longer holds: {one['statement']}",
                        "Read the sentence again and write what the figures now say; the row "
                        f"{link['id']} of the comparisons says what was compared.")  # fmt: skip
            continue
        try:
            expected = check_link(link["text"], one)
        except QuantityError as error:
            yield Fault(place, link["text"], f"words that {link['id']} bears out", f"{error}.")
            continue
        if expected is not None:
            yield Fault(place, link["text"], f"“{expected}”",
                        f"The receipt {link['id']} says {one['shown']} ({one['range']}); "
                        "`make prose` rewrites it.")  # fmt: skip


def rewrite(path: Path, known: Mapping[str, Mapping]) -> list[str]:
    """Bring the numbers of one chapter in line with their receipts; returns what was changed."""
    changed: list[str] = []

    def fresh(match: re.Match) -> str:
        one = known.get(match["id"])
        try:
            expected = check_link(match["text"], one) if one else None
        except QuantityError:
            return match[0]
        if expected is None:
            return match[0]
        changed.append(f"{path.name}: “{match['text']}” is now “{expected}” ({match['id']})")
        return match[0].replace(f"[{match['text']}]", f"[{expected}]", 1)

    if (table := exercises_of(path)).exists():
        text = table.read_text("utf-8")
        if (new := LINK.sub(fresh, text)) != text:
            table.write_text(new, "utf-8")
    if path.suffix == ".md":
        new = LINK.sub(fresh, read_text(path))
    else:
        notebook = read_notebook(path)
        for cell in notebook.cells:
            cell.source = LINK.sub(fresh, cell.source)
        new = notebook_text(notebook)
    if changed:
        replace_text(path, new)
    return changed


def main(arguments: list[str] | None = None) -> int:
    """Command line: ``python -m receiptbook.prose [--write] [names…]``.

    1 if a number does not stand up, 2 if the tables or the receipts cannot be read.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    names = {Path(a).stem for a in arguments if not a.startswith("-")}
    book = Book.here()
    every = book.written_pages()
    paths = [path for path in every if not names or path.stem in names]
    try:
        known = linkable(every)
        if "--write" in arguments:
            for path in paths:
                for line in rewrite(path, known):
                    print(line)
            known = linkable(every)
        faults = check(paths, known, exemptions(book))
    except (ValueError, ClaimError) as error:
        print(error, file=sys.stderr)
        return 2
    for fault in faults:
        print(fault)
    if faults:
        print(f"{len(faults)} numbers in prose do not stand up.")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
