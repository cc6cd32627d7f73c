"""What a book shows first: how its verdicts fell, and one count by several definitions.

Both are outputs of a cell. The page draws the verdicts that the book's receipts have when it is
built; the counts beside them are receipts of their own, worked out when the cell runs, after the
chapters that decide.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from receiptbook.book import Book
from receiptbook.book.outputs import DEFINITIONS, RECEIPT, SCOREBOARD
from receiptbook.markdown import words
from receiptbook.numbers import Quantity, computed
from receiptbook.receipts import VERDICTS, Receipt, Verdict
from receiptbook.receipts import receipt as written
from receiptbook.receipts.claims import Claim, claims, undecided
from receiptbook.receipts.collect import stored_receipts
from receiptbook.tables import load

OWN = "derived"  # the kind of a claim that the texts under test do not make


@dataclass(frozen=True)
class Row:
    """One row of a scoreboard: the verdicts it gathers, and what is said of them.

    Attributes
    ----------
    id : of the row; the receipt of its count is called "score-" and this
    verdicts : the words of the verdicts that it gathers
    words : Markdown beside the cells; its first paragraph is the heading
    """

    id: str
    verdicts: tuple[str, ...]
    words: str


@dataclass(frozen=True)
class Scoreboard:
    """The verdicts on all statements of the texts under test, a cell for each.

    Attributes
    ----------
    judged : the statements with their receipts as they stand, in the order of the table
    rows : how they are gathered
    tallies : the receipts of the counts
    """

    judged: tuple[tuple[Claim, Mapping[str, Any]], ...]
    rows: tuple[Row, ...] = ()
    tallies: dict[str, Receipt] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[Row] = (), book: Book | None = None) -> Scoreboard:
        """The scoreboard of a book; the count of each row, and of all, is a receipt.

        Raises
        ------
        ValueError
            if two rows gather one verdict, or a statement got a verdict that no row gathers
        """
        book, rows = book or Book.here(), tuple(rows)
        stored = stored_receipts(book.notebooks())
        judged = tuple(
            (claim, stored.get(id) or undecided(claim).to_json())
            for id, claim in claims().items()
            if claim.kind != OWN
        )
        board = cls(judged, rows)
        _check_rows(rows, {one["verdict"] for _, one in judged})
        board.tally("score-all", "Statements of the texts that were checked")
        for row in rows:
            told = " or ".join(row.verdicts)
            board.tally(f"score-{row.id}", f"Statements of the texts found {told}", row.verdicts)
        return board

    def tally(
        self,
        id: str,
        statement: str,
        verdicts: Iterable[str] = (),
        kinds: Iterable[str] = (),
    ) -> Quantity:
        """The number of statements with some verdicts and of some kinds; it gets a receipt.

        verdicts, kinds : those that count; all if none is named
        """
        verdicts, kinds = {*verdicts}, {*kinds}
        counted = [
            claim.id
            for claim, one in self.judged
            if (not verdicts or one["verdict"] in verdicts) and (not kinds or claim.kind in kinds)
        ]
        number = computed(len(counted), "claims", (), statement, exact=True)
        self.tallies[id] = replace(written(id, number, statement), because=tuple(counted))
        return number

    def share(self, id: str, part: Quantity, whole: Quantity, statement: str) -> None:
        """A receipt for one count as a share of another, in percent."""
        self.tallies[id] = written(id, part / whole, statement, unit="percent")

    def __repr__(self) -> str:
        lines = [f"{len(self.judged)} statements"]
        for row in self.rows:
            ids = [claim.id for claim, one in self.judged if one["verdict"] in row.verdicts]
            lines.append(f"{len(ids):3d} {row.id}: {', '.join(ids)}")
        return "\n".join(lines)

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        rows = [
            {
                "id": row.id,
                "words": row.words,
                "verdicts": list(row.verdicts),
                "claims": [c.id for c, one in self.judged if one["verdict"] in row.verdicts],
            }
            for row in self.rows
        ]
        return {
            SCOREBOARD: {"rows": rows},
            RECEIPT: [one.to_json() for one in self.tallies.values()],
            "text/html": "".join(map(self._html, self.rows)),
            "text/plain": repr(self),
        }

    def _html(self, row: Row) -> str:
        marks = "".join(
            f"<span title='{html.escape(claim.statement)}'>{VERDICTS[one['verdict']].mark}</span> "
            for claim, one in self.judged
            if one["verdict"] in row.verdicts
        )
        return f"<p>{marks}<br>{html.escape(words(row.words))}</p>"


def _check_rows(rows: Sequence[Row], given: set[str]) -> None:
    gathered = [verdict for row in rows for verdict in row.verdicts]
    if strange := {*gathered} - {*map(str, Verdict)}:
        raise ValueError(f"no verdict {sorted(strange)}; there are {', '.join(Verdict)}")
    if twice := {one for one in gathered if gathered.count(one) > 1}:
        raise ValueError(f"two rows of the scoreboard gather {sorted(twice)}; leave it in one")
    if rows and (left := given - {*gathered}):
        raise ValueError(f"no row of the scoreboard gathers {sorted(left)}; add it to one")


def _numbers(book: Book) -> Callable[[str], float]:
    """What gives the number of a receipt, or else of a row of data/, by its id."""
    stored, tables = stored_receipts(book.notebooks()), load()
    return lambda id: stored[id]["value"] if id in stored else tables[id].number


@dataclass(frozen=True)
class Definition:
    """One way of counting.

    Attributes
    ----------
    label : what a reader who is counted this way does, for a button
    count : id of the receipt, or of the row of data/, that says how many are counted
    words : Markdown: who counts, whom, and how many
    """

    label: str
    count: str
    words: str


@dataclass(frozen=True)
class Definitions:
    """One field of squares and several counts of it: the reader picks the definition.

    Without scripts, styles or a pointer it is a list of lines.

    Attributes
    ----------
    legend : what is asked
    square : what one square stands for, in words
    squares : how many there are
    choices : label, squares and words of each definition, the largest count first
    """

    id: str
    legend: str
    square: str
    squares: int
    choices: tuple[dict[str, Any], ...]

    @classmethod
    def of(
        cls,
        id: str,
        legend: str,
        whole: str,
        definitions: Iterable[Definition],
        square: tuple[float, str],
        book: Book | None = None,
    ) -> Definitions:
        """The counts as squares of a whole.

        whole : id of the receipt or row that all squares stand for
        square : how many one square stands for, and the same in words

        Raises
        ------
        KeyError
            if neither a chapter nor data/ has one of the ids
        ValueError
            if a count is larger than the whole or than the one before it
        """
        size, told = square
        number = _numbers(book or Book.here())
        definitions = tuple(definitions)
        counts = [number(whole), *(number(one.count) for one in definitions)]
        if counts != sorted(counts, reverse=True):
            raise ValueError(
                f"{id}: the counts are {counts}; give the whole, then the largest first"
            )
        choices = tuple(
            {"label": one.label, "squares": round(count / size), "words": one.words}
            for one, count in zip(definitions, counts[1:], strict=True)
        )
        return cls(id, legend, told, round(counts[0] / size), choices)

    def __repr__(self) -> str:
        lines = [self.legend, *(f"- {c['label']}: {words(c['words'])}" for c in self.choices)]
        return "\n".join(lines)

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        rows = "".join(
            f"<tr><th scope='row'>{html.escape(c['label'])}</th>"
            f"<td>{html.escape(words(c['words']))}</td></tr>"
            for c in self.choices
        )
        stored = {"id": self.id, "legend": self.legend, "square": self.square}
        stored |= {"squares": self.squares, "choices": [dict(one) for one in self.choices]}
        return {
            DEFINITIONS: stored,
            "text/html": f"<table><caption>{html.escape(self.legend)}</caption>{rows}</table>",
            "text/plain": repr(self),
        }
