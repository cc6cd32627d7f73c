"""The check of a book's prose, page by page, and the rewriting of numbers that went stale."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from receiptbook.book import Book, exercises_of
from receiptbook.book.notebooks import notebook_text, read_notebook, read_text, replace_text
from receiptbook.numbers import QuantityError
from receiptbook.prose.exemptions import Exemptions
from receiptbook.prose.links import check_link
from receiptbook.prose.sentences import negatives, trends, unlinked_verdicts
from receiptbook.prose.text import unlinked
from receiptbook.receipts import ClaimError
from receiptbook.receipts.collect import LINK, Place, linkable, links, pieces
from receiptbook.tables import data, near


@dataclass(frozen=True)
class Fault:
    """A number or a sentence that does not stand up."""

    place: Place
    text: str
    expected: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: “{self.text}”; expected {self.expected}. {self.remedy}"


def check(
    paths: Iterable[Path],
    known: Mapping[str, Mapping] | None = None,
    exempt: Exemptions | None = None,
) -> list[Fault]:
    """All faults in the numbers of some chapters."""
    paths, exempt = list(paths), exempt or Exemptions()
    known = linkable(paths) if known is None else known
    faults: list[Fault] = []
    for path in paths:
        for place, text in pieces(path):
            faults += _check_piece(place, text, known, exempt.phrases(place.file))
    return [*faults, *_check_grounds(known), *_check_counts(paths, exempt)]


def check_sentences(
    paths: Iterable[Path], known: Mapping[str, Mapping], exempt: Exemptions | None = None
) -> list[Fault]:
    """All sentences of some chapters that could be wrong and lead nowhere; see `sentences`."""
    exempt, faults = exempt or Exemptions(), []
    for path in paths:
        for place, word, text in trends(path, known, exempt.phrases):
            faults.append(Fault(
                place, _around(word, text), f"“{word}” in a link, or directly beside its number",
                "Link it to a row of the comparisons or to a receipt, or list the phrase in "
                "exemptions.csv with its reason.",
            ))  # fmt: skip
        for place, words, text in negatives(path, known, exempt.phrases):
            faults.append(Fault(
                place, _around(words, text), "a link to what was looked for",
                "Link it to a row of the absences, a comparison or a verdict, or list the phrase in "
                "exemptions.csv with its reason.",
            ))  # fmt: skip
    return faults


def _around(words: str, text: str) -> str:
    """Some words of a sentence with what stands round them."""
    text = re.sub(r"⟦([^⟧]*)⟧", r"(\1)", " ".join(text.split()))
    place = max(text.find(words), 0)
    before, after = text[max(0, place - 40) : place], text[place + len(words) :][:40]
    return ("…" if place > 40 else "") + before + words + after + ("…" if after else "")


def _check_counts(paths: list[Path], exempt: Exemptions) -> Iterator[Fault]:
    for one, used in exempt.miscounted(paths):
        remedy = (
            "Raise the count if the reason holds for each use; else link the new one."
            if used > one.count
            else "`make prose` lowers the count."
        )
        yield Fault(Place("exemptions.csv", part=f"row {one.row}"), one.phrase,
                    f"{one.count} in {one.file}, where it stands {used} times", remedy)  # fmt: skip


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
                    "Write [number](ledger.md#receipt), or list the phrase in exemptions.csv "
                    "with its reason.")  # fmt: skip
    for words in unlinked_verdicts(text):
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
                        f"{link['id']} of the comparisons says what was compared.")  # fmt: skip
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
            before = match.string[max(0, match.start() - 120) : match.start()]
            expected = check_link(match["text"], one, before) if one else None
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

    1 if a number or a sentence does not stand up, 2 if the tables or the receipts cannot be read.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    names = {Path(a).stem for a in arguments if not a.startswith("-")}
    renewed: set[tuple[str, str]] = set()  # files and the words that were rewritten in them
    try:
        book = Book.here()
        every = book.written_pages()
        paths = [path for path in every if not names or path.stem in names]
        known = linkable(every)
        exempt = Exemptions.of(book)
        if "--write" in arguments:
            for path in paths:
                for line in rewrite(path, known):
                    print(line)
                    renewed.add((path.name, line.partition("“")[2].partition("” is now “")[0]))
            known = linkable(every)
            if (fewer := exempt.lowered(paths)) != exempt:
                book.exemptions.write_text(fewer.to_csv(), "utf-8")
                exempt = Exemptions.of(book)
        faults = [*check(paths, known, exempt), *check_sentences(paths, known, exempt)]
    except (ValueError, ClaimError) as error:
        print(error, file=sys.stderr)
        return 2
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
        stored = re.search(r" of (chart|receipt) ", fault.place.part)
        kinds[bool(stored and (fault.place.file, fault.text) in renewed)].append(fault)
    return kinds
