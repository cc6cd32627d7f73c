"""After new rows: the chapters are executed, their numbers rewritten, and what a person must read told.

Numbers follow by themselves. What they are compared with, what was judged of them, and sentences that
speak of the newest figure do not: these are listed by file, cell and sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from receiptbook import approvals, prose
from receiptbook.book import Book, exercises_of
from receiptbook.book.notebooks import code_of, read_notebook
from receiptbook.prose.text import sentences, told
from receiptbook.receipts.collect import linkable, pieces, stored_receipts
from receiptbook.receipts.findings import comparison
from receiptbook.refresh import refresh_all
from receiptbook.tables import Data, load

_ROUNDS = 3  # a title rewritten in a cell may move a receipt, which may move a title
_LATEST = re.compile(
    r"\b(?:latest|newest|most recent|so far|to date|until now|up to now|not yet|no later|since then)\b",
    re.I,
)


@dataclass
class Renewal:
    """What came of it. `read` holds, below a heading each, the lines that a person must go through."""

    stopped: list[str] = field(default_factory=list)
    rewritten: list[str] = field(default_factory=list)
    read: dict[str, list[str]] = field(default_factory=dict)

    def __str__(self) -> str:
        listed = [("These chapters stop", self.stopped), *self.read.items()]
        lines = [f"{len(self.rewritten)} numbers in prose were rewritten"]
        for heading, entries in listed:
            if entries:
                lines += ["", f"{heading} ({len(entries)}):", *(f"  {entry}" for entry in entries)]
        return "\n".join(lines)


def renew(
    book: Book,
    new: Iterable[str],
    last: Iterable[str] = (),
    report: Callable[[object], None] = print,
) -> Renewal:
    """Bring a book in line with its tables, which hold new figures; what is left is for a person.

    new : the ids of the figures that were added
    last : names of pages that tell of the others, and so wait for them as the ledger does
    """
    before = stored_receipts(book.notebooks())
    done, pages = Renewal(), book.written_pages()
    late = [book.page(name) for name in last]
    early = [path for path in book.notebooks() if path not in late]
    paths, was = early, before
    for _ in range(_ROUNDS):
        done.stopped += _refreshed(book, paths, report)
        asked = {path: _run_by(path) for path in early}
        known = linkable(pages)
        done.rewritten += [line for path in pages for line in prose.rewrite(path, known)]
        moved = {id for id, one in known.items() if id in was and was[id] != one}
        paths = [path for path in early if _run_by(path) != asked[path] or _asks(path, moved)]
        was = known
        if not paths:
            break
    ledger = [book.ledger] if book.has_ledger and not done.stopped else []
    done.stopped += _refreshed(book, [*late, *ledger], report)
    done.stopped = list(dict.fromkeys(done.stopped))
    done.read = to_read(book, new, before)
    return done


def _refreshed(book: Book, paths: list[Path], report: Callable[[object], None]) -> list[str]:
    """Execute some chapters; the messages of those that stop, each with chapter, cell and cause."""
    outcomes = refresh_all(book, paths, report=lambda one: report(str(one).splitlines()[0]))
    return [one.details[0] for one in outcomes if one.failed]


def _asks(path: Path, moved: set[str]) -> bool:
    """Whether a chapter's exercises rest on receipts that moved, its own or another's."""
    table = exercises_of(path)
    return table.exists() and bool(moved & set(re.findall(r"[\w-]+", table.read_text("utf-8"))))


def _run_by(path: Path) -> tuple[str, str]:
    """What decides a chapter's outputs beside the tables: its code and its exercises."""
    table = exercises_of(path)
    return code_of(read_notebook(path)), table.read_text("utf-8") if table.exists() else ""


# ---------------------------------------------------------------------------- what is to be read


def to_read(
    book: Book, new: Iterable[str], before: Mapping[str, Mapping] | None = None
) -> dict[str, list[str]]:
    """What a person must go through once figures were added, by heading; empty ones are left out.

    new : the ids of the figures that were added
    before : the receipts as they were stored, by id
    """
    tables, pages, new = load(), book.written_pages(), list(new)
    known = linkable(pages, tables)
    faults = prose.check(pages, known, prose.Exemptions.of(book))
    lines_by_heading = {
        "Comparisons that no longer hold": [
            f"{fault.place}: {fault.sentence} ({fault.ended})" for fault in faults if fault.ended
        ]
        + _ended_unlinked(tables, known),
        "Numbers and words that could not be rewritten": [
            str(fault) for fault in faults if not fault.ended
        ],
        "Corrections whose guard no longer holds": [
            f"{row['id']}: {row['what']} Guard: {row['guard']}"
            for row in tables.corrections
            if not row["holds"]
        ],
        "Verdicts that turned": [*_turned(before or {}, known)],
        "Things that are not as they were approved": approvals.check(book),
        "Searches that found nothing for these dates": [*_found_after_all(tables, new)],
        "Sentences that speak of the latest": [*of_the_latest(pages)],
    }
    return {heading: lines for heading, lines in lines_by_heading.items() if lines}


def _ended_unlinked(tables: Data, known: Mapping) -> list[str]:
    """Comparisons that no sentence links to and that do not hold, or name what is not there."""
    lines = []
    for row in tables.rows_of("comparisons"):
        if row["id"] in known:
            continue
        try:
            one = comparison(row, tables, known)
        except KeyError as error:
            lines.append(f"{row['id']}: {row['statement']}: cannot be told: {error.args[0]}")
            continue
        if one.verdict != "supported":
            lines.append(f"{one.id}: {one.statement}")
    return lines


def _turned(before: Mapping[str, Mapping], known: Mapping[str, Mapping]) -> Iterator[str]:
    for id, was in before.items():
        now = known.get(id)
        if now and now["verdict"] != was["verdict"]:
            yield f"{was['where']}: {id}: was {was['verdict']}, is {now['verdict']}: {now['statement']}"


def _found_after_all(tables: Data, new: Iterable[str]) -> Iterator[str]:
    """Absences of something dated as the new figures are."""
    dates = {tables.row(id)["date"][:7] for id in new}
    for row in tables.rows_of("absences"):
        if any(date in row["id"] for date in dates):
            yield f"{row['id']}: {row['what']}; what was looked for may be there now"


def of_the_latest(pages: Iterable[Path]) -> Iterator[str]:
    """Place and words of each sentence that a newer figure may make untrue."""
    for page in pages:
        for place, markdown in pieces(page):
            for _, text in told(markdown):
                for sentence in sentences(text):
                    if _LATEST.search(sentence):
                        yield f"{place}: {sentence}"
