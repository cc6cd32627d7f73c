"""What a book's pages hold: their pieces of prose, the receipts stored in them, and what they cite."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from receiptbook.book import Book, exercises_of
from receiptbook.book.notebooks import bundles, read_notebook, read_rows, read_text, stamps
from receiptbook.book.outputs import card_in, receipts_in, summary_in
from receiptbook.receipts.claims import ClaimError, claims, quoted, texts, undecided
from receiptbook.receipts.facts import DISPLAYED, Receipt
from receiptbook.receipts.findings import findings
from receiptbook.tables import data, near

LINK = re.compile(r"\[(?P<text>[^\[\]]+)\]\((?P<page>[\w./-]*ledger\.md)#(?P<id>[\w-]+)\)")


@dataclass(frozen=True)
class Place:
    """Where a piece of prose stands.

    Attributes
    ----------
    part : which part of an output or a row it is, such as "title"; empty for the text of a page
    kind : "chart" or "receipt", if it is part of one
    id : of the chart, the receipt or the exercise

    >>> str(Place("rain.ipynb", 3, "title", "chart", "drops"))
    'rain.ipynb, cell 3, title of chart drops'
    """

    file: str
    cell: int | None = None
    part: str = ""
    kind: str = ""
    id: str = ""

    def __str__(self) -> str:
        cell = "" if self.cell is None else f"cell {self.cell}"
        part = " of ".join(filter(None, (self.part, f"{self.kind} {self.id}".strip())))
        return ", ".join(filter(None, (self.file, cell, part)))


def pieces(path: Path) -> Iterator[tuple[Place, str]]:
    """Each piece of prose of a chapter and of its exercises, as Markdown, with its place."""
    if path.suffix == ".md":
        yield Place(path.name), read_text(path)
    else:
        for number, cell in enumerate(read_notebook(path).cells, 1):
            if cell.cell_type == "markdown":
                yield Place(path.name, number), cell.source
            for bundle in bundles([cell]):
                yield from _output_prose(path.name, number, bundle)
    yield from _exercise_prose(exercises_of(path))


def _exercise_prose(path: Path) -> Iterator[tuple[Place, str]]:
    if not path.exists():
        return
    told = _said_to_slips(path.parents[1] / "slips.csv")
    for row in read_rows(path, "id"):
        for part in ("prompt", "choices", "explain", "hint"):
            if row.get(part):
                yield Place(f"exercises/{path.name}", part=part, id=row["id"]), row[part]
        for says in told.get(row["id"], ()):
            yield Place("slips.csv", part="a slip", id=row["id"]), says


def _said_to_slips(path: Path) -> dict[str, list[str]]:
    """What is said to expected wrong answers, by exercise."""
    found: dict[str, list[str]] = {}
    for row in read_rows(path, "exercise", "says") if path.exists() else ():
        found.setdefault(row["exercise"], []).append(row["says"])
    return found


def _output_prose(file: str, number: int, bundle: Mapping) -> Iterator[tuple[Place, str]]:
    card = card_in(bundle)
    for part in ("title", "caption", "alt"):
        if card.get(part):
            yield Place(file, number, part, "chart", card.get("id", "?")), card[part]
    for part, text in summary_in(bundle):
        yield Place(file, number, part), text
    for one in receipts_in(bundle):
        for part in ("would_change", "note"):
            if one.get(part) and one["kind"] not in ("published", "assumed"):
                yield Place(file, number, part, "receipt", one["id"]), one[part]


def links(markdown: str) -> list[re.Match]:
    """The number links in a piece of Markdown: groups text, page, id."""
    return list(LINK.finditer(markdown))


def cited(paths: Iterable[Path]) -> dict[str, list[str]]:
    """Receipt ids that prose links to, with the files that do, in order of appearance."""
    return _with_files(
        (link["id"], path.name)
        for path in paths
        for _, text in pieces(path)
        for link in links(text)
    )


def _with_files(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The files of each id, each once, in order of appearance."""
    found: dict[str, dict[str, None]] = {}
    for id, file in pairs:
        found.setdefault(id, {})[file] = None
    return {id: list(files) for id, files in found.items()}


def linkable(paths: Iterable[Path], tables: data.Data | None = None) -> dict[str, dict]:
    """Every receipt that may be linked to: those of the chapters, the claims, the data rows used.

    A row is used where prose cites it, a verdict rests on it or an explorer starts from it.
    """
    tables = tables or data.load()
    with data.in_place(tables):  # looked for on the disk once
        return _linkable(list(paths), tables)


def _linkable(paths: list[Path], tables: data.Data) -> dict[str, dict]:
    found = stored_receipts(path for path in paths if path.suffix == ".ipynb")
    for claim in claims(tables).values():
        found.setdefault(claim.id, {**undecided(claim).to_json(), "where": None})
    rows = {*tables.ids, *texts(tables)}
    for used in (cited(paths), rested(paths)):
        worded = findings(tables, found, used)
        for id, files in used.items():
            if id in found:
                continue
            if id in worded:
                found[id] = {**worded[id].to_json(), "where": files[0]}
            elif id in rows:
                found[id] = {**quoted(id, tables).to_json(), "where": files[0]}
    for one in [one for one in found.values() if one["kind"] == "comparison"]:
        for id in one["because"]:
            if id in rows and id not in found:
                found[id] = {**quoted(id, tables).to_json(), "where": one["where"]}
    return found


def rested(paths: Iterable[Path]) -> dict[str, list[str]]:
    """Ids that stored verdicts rest on and that explorers start from, with their files."""

    def pairs() -> Iterator[tuple[str, str]]:
        for path in paths:
            for bundle in bundles(read_notebook(path).cells) if path.suffix == ".ipynb" else ():
                for one in receipts_in(bundle):
                    yield from ((id, path.name) for id in one["because"])
                for parameter in card_in(bundle).get("scenario", {}).get("parameters", ()):
                    if id := parameter.get("receipt"):
                        yield id, path.name

    return _with_files(pairs())


def stored_receipts(notebooks: Iterable[Path]) -> dict[str, dict]:
    """All receipts stored in the outputs of some notebooks, by id, with `where` added.

    What a notebook stores is kept until its file changes, so a call costs about a millisecond.

    Raises
    ------
    ClaimError
        if two cells hold receipts with the same id
    """
    found: dict[str, dict] = {}
    for file in stamps(notebooks):
        for receipt in _receipts_in(*file):
            if receipt["id"] in found:
                raise ClaimError(
                    f"{receipt['where']}: the receipt {receipt['id']!r} already stands in "
                    f"{found[receipt['id']]['where']}; an id is used once in the book"
                )
            found[receipt["id"]] = receipt
    return found


@lru_cache(maxsize=64)
def _receipts_in(path: Path, changed: int, size: int) -> tuple[dict, ...]:
    """The receipts that a notebook stored when its file bore that time and size."""
    cells = read_notebook(path).cells
    return tuple(
        {**receipt, "where": path.name}
        for bundle in bundles(cells)
        for receipt in receipts_in(bundle)
    )


def look_up(id: str) -> Receipt:
    """The receipt behind a number, by the id in its link, wherever you are in the book.

    Raises
    ------
    ClaimError
        if there is neither such a receipt nor such a figure

    >>> look_up("growth-2025").shown
    '141.8%'
    """
    if id in DISPLAYED:
        return DISPLAYED[id]
    tables, book = data.load(), Book.here()
    if id in tables or id in texts(tables):
        return quoted(id, tables)
    known = stored_receipts(book.notebooks())
    if id not in known:
        raise ClaimError(f"no receipt and no figure {id!r}{near(id, [*known, *tables.ids])}")
    return Receipt.from_json(known[id])
