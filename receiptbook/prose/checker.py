"""The check of a book's prose, page by page, and the rewriting of numbers that went stale."""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from receiptbook.book import Book, exercises_of
from receiptbook.book.notebooks import notebook_text, read_notebook, read_text, replace_text
from receiptbook.numbers import QuantityError
from receiptbook.prose import manner, sentences
from receiptbook.prose.exemptions import Exemption, Exemptions
from receiptbook.prose.faults import Fault
from receiptbook.prose.links import check_link
from receiptbook.prose.text import sentence_around, unlinked
from receiptbook.receipts import ClaimError
from receiptbook.receipts.collect import LINK, Place, linkable, links, pieces
from receiptbook.tables import data, near


def check(
    pages: Iterable[Path],
    known: Mapping[str, Mapping] | None = None,
    exempt: Exemptions | None = None,
    words: Iterable[Mapping[str, str]] = (),
) -> list[Fault]:
    """All faults in the numbers, the links and the sentences of some pages and of their exercises.

    known : the receipts that may be linked to, by id; those of the pages unless given
    words : the rows of the list of words that are not used
    """
    pages, exempt, words = list(pages), exempt or Exemptions(), list(words)
    known = linkable(pages) if known is None else known
    faults: list[Fault] = []
    uses: Counter[tuple[str, str]] = Counter()
    for page in pages:
        held = list(pieces(page))
        uses += exempt.uses(held)
        for place, text in held:
            faults += _check_piece(place, text, known, exempt.phrases(place.file))
        faults += sentences.faults(held, known, exempt.phrases)
        faults += manner.faults(held, manner.instead(words, page.name))
    return [*faults, *_check_grounds(known), *_check_counts(exempt.miscounted(pages, uses))]


def _check_counts(miscounted: Iterable[tuple[Exemption, int]]) -> Iterator[Fault]:
    for one, used in miscounted:
        remedy = (
            "Raise the count if the reason holds for each use; else link the new one."
            if used > one.count
            else "`make prose` lowers the count."
        )
        yield Fault(Place("exemptions.csv", part=f"row {one.row}"), one.phrase,
                    f"{one.count} in {one.file}, where it stands {used} times", remedy)  # fmt: skip


def _check_files(lost: Iterable[Exemption]) -> Iterator[Fault]:
    for one in lost:
        yield Fault(Place("exemptions.csv", part=f"row {one.row}"), one.file,
                    "a page of the book, the exercises of one, or slips.csv",
                    "Name the file that now holds the phrase, or remove the row.")  # fmt: skip


def _check_grounds(known: Mapping[str, Mapping]) -> Iterator[Fault]:
    tables = data.load()
    rows = {row["id"] for name in tables.tables for row in tables.rows(name) if "id" in row}
    for one in known.values():
        for id in one["because"]:
            if id not in known and id not in rows:
                yield Fault(Place(one["where"] or "", kind="receipt", id=one["id"]), id,
                            "a receipt or a row of data/ that decides the verdict",
                            f"Nothing has that name{near(id, known)}")  # fmt: skip


def _check_piece(place, text, known, exempt) -> Iterator[Fault]:
    for number in unlinked(text, exempt):
        yield Fault(place, number, "a link to the number's receipt",
                    "Write [number](ledger.md#receipt), or list the phrase in exemptions.csv "
                    "with its reason.")  # fmt: skip
    for words in sentences.unlinked_verdicts(text):
        yield Fault(place, words, "a link to the verdict",
                    "Write [word](ledger.md#claim): a verdict that turns is then named.")  # fmt: skip
    for link in links(text):
        if link["id"] not in known:
            yield Fault(place, link[0], f"a receipt named {link['id']}",
                        f"No chapter, claim or data row has it{near(link['id'], known)}")  # fmt: skip
            continue
        one = known[link["id"]]
        if one["kind"] == "comparison" and one["verdict"] != "supported":
            yield Fault(place, link["text"], f"words for what no longer holds: {one['statement']}",
                        "Read the sentence again and write what the figures now say; the row "
                        f"{link['id']} of the comparisons says what was compared.",
                        sentence_around(text, link.start()), ended=link["id"])  # fmt: skip
            continue
        try:
            expected = check_link(link["text"], one, text[: link.start()])
        except QuantityError as error:
            yield Fault(place, link["text"], f"words that {link['id']} bears out", f"{error}.")
            continue
        if expected is not None:
            yield Fault(place, link["text"], f"“{expected}”",
                        f"The receipt {link['id']} says {one['shown']} ({one['range']}); "
                        "`make prose` rewrites it.")  # fmt: skip


def rewrite(path: Path, known: Mapping[str, Mapping]) -> list[str]:
    """Bring the numbers of one chapter in line with their receipts; returns what was changed.

    Verdicts, and numbers that no rule can tell, stay as they are: `check` names them.
    """
    changed: list[str] = []

    def fresh(match: re.Match) -> str:
        one = known.get(match["id"])
        try:
            before = match.string[: match.start()]
            expected = check_link(match["text"], one, before) if one else None
        except QuantityError:
            return match[0]
        if expected is None:
            return match[0]
        changed.append(f"{path.name}: “{match['text']}” is now “{expected}” ({match['id']})")
        return match[0].replace(f"[{match['text']}]", f"[{expected}]", 1)

    if (table := exercises_of(path)).exists():
        new = LINK.sub(fresh, read_text(table))
        if changed:
            replace_text(table, new)
    among_exercises = len(changed)
    if path.suffix == ".md":
        new = LINK.sub(fresh, read_text(path))
        if len(changed) > among_exercises:
            replace_text(path, new)
        return changed
    notebook = read_notebook(path)
    for cell in notebook.cells:
        cell.source = LINK.sub(fresh, cell.source)
    if len(changed) > among_exercises:
        replace_text(path, notebook_text(notebook))
    return changed


def main(arguments: list[str] | None = None) -> int:
    """Command line: name each fault of the pages; with --write first rewrite stale numbers.

    1 if a number or a sentence does not stand up; 2 if the tables or the receipts cannot be read, or a
    page is named that people do not write.
    """
    parser = argparse.ArgumentParser("receiptbook.prose", description=__doc__)
    parser.add_argument("names", nargs="*", help="pages, by file name; all if none is given")
    parser.add_argument(
        "--write", action="store_true", help="rewrite stale numbers and lower the counts of phrases"
    )
    parser.add_argument(
        "--facts",
        action="store_true",
        help="pass over words and long sentences that are only ill said",
    )
    options = parser.parse_args(arguments)
    renewed: set[tuple[str, str]] = set()  # files and the words that were rewritten in them
    try:
        book = Book.here()
        every = book.written_pages()
        pages = [book.page(name) for name in options.names] or every
        if book.ledger in pages:
            raise ValueError(
                f"{book.ledger.name} is made from the receipts; name a page that people write"
            )
        known = linkable(every)
        exempt = Exemptions.of(book)
        if options.write:
            for page in pages:
                for line in rewrite(page, known):
                    print(line)
                    renewed.add((page.name, line.partition("“")[2].partition("” is now “")[0]))
            known = linkable(every)
            if (fewer := exempt.lowered(pages)) != exempt:
                replace_text(book.exemptions, fewer.to_csv())
                exempt = Exemptions.of(book)
        faults = check(pages, known, exempt, manner.word_list(book.style))
        faults += _check_files(exempt.lost(every))
    except (ValueError, ClaimError) as error:
        print(error, file=sys.stderr)
        return 2
    if options.facts:
        faults = [fault for fault in faults if not fault.manner]
    faults, stale = _parted(faults, renewed)
    if stale:
        names = " ".join(sorted({fault.place.file.partition(".")[0] for fault in stale}))
        print(
            f"{len(stale)} stored outputs still say what was rewritten in their cells; "
            f"make refresh ARGS='{names}' renews them"
        )
    for fault in faults:
        print(fault)
    if faults:
        print(f"{len(faults)} numbers or sentences in prose do not stand up.")
    return bool(faults)


def _parted(faults: list[Fault], renewed: set[tuple[str, str]]) -> tuple[list[Fault], list[Fault]]:
    """The faults, and apart those in outputs whose cells have just been rewritten."""
    kinds: tuple[list[Fault], list[Fault]] = ([], [])
    for fault in faults:
        kinds[bool(fault.place.kind) and (fault.place.file, fault.text) in renewed].append(fault)
    return kinds
