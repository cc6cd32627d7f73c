"""The verdicts a receipt can end in: word, meaning, mark and shape in one table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from receiptbook.numbers import Interval


class Verdict(StrEnum):
    """The words a receipt can end in."""

    REPRODUCED = "reproduced"
    CONSISTENT = "consistent"
    CONTRADICTED = "contradicted"
    STATED = "stated"
    DERIVED = "derived"
    ASSUMED = "assumed"
    SUPPORTED = "supported"
    PARTLY = "partly"
    UNSUPPORTED = "unsupported"
    MISSING = "missing"
    OPEN = "open"


@dataclass(frozen=True)
class VerdictRow:
    """What is said and drawn of one verdict.

    Attributes
    ----------
    meaning : as the ledger explains it, to follow a colon
    hint : as a badge tells it, a sentence
    mark : one character for notebooks, as near as text comes to the shape
    shape : an SVG path on a 16 by 16 grid, drawn by the even-odd rule
    """

    meaning: str
    hint: str
    mark: str
    shape: str


_DISC = "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13z"
_RING = _DISC + "M8 3.2a4.8 4.8 0 1 1 0 9.6a4.8 4.8 0 0 1 0-9.6z"
_TICK = "M4.2 8.2l1.3-1.3 1.8 1.8 3.5-3.6 1.3 1.3-4.8 4.9z"
_CHECKED = _DISC + _TICK
_FITS = _RING + _TICK
_HALF = _RING + "M8 3.2v9.6a4.8 4.8 0 0 1 0-9.6z"
_CROSS = "M3.5 1.5L8 6l4.5-4.5 2 2L10 8l4.5 4.5-2 2L8 10l-4.5 4.5-2-2L6 8 1.5 3.5z"
_SLASHED = _RING + "M11.6 3.2l1.2 1.2-8.4 8.4-1.2-1.2z"
_TRIANGLE = "M8 1.8L14.8 14H1.2zM8 5.3L4 12.4h8z"
_SQUARE = "M2 2h12v12H2zM3.7 3.7v8.6h8.6V3.7z"
_GLASS = (
    "M6.8 1.5a5.3 5.3 0 1 0 3 9.7l3.4 3.4 1.4-1.4-3.4-3.4a5.3 5.3 0 0 0-4.4-8.3z"
    "M6.8 3.3a3.5 3.5 0 1 1 0 7a3.5 3.5 0 0 1 0-7z"
)
_DOTS = "M1.5 6.6h2.8v2.8H1.5zM6.6 6.6h2.8v2.8H6.6zM11.7 6.6h2.8v2.8h-2.8z"

#: In the order in which they are listed. Full, half, crossed: how far a statement holds. Ring,
#: triangle, square: what kind of number it is.
VERDICTS: dict[Verdict, VerdictRow] = {
    Verdict.REPRODUCED: VerdictRow(
        "every value that the inputs allow rounds to the printed figure, or passes a printed “more than”",
        "The recomputed range lies inside what the printed figure means.",
        "✔",
        _CHECKED,
    ),
    Verdict.CONSISTENT: VerdictRow(
        "some values that the inputs allow fit the printed figure, others do not",
        "The recomputed range meets what the printed figure means.",
        "◐",
        _FITS,
    ),
    Verdict.CONTRADICTED: VerdictRow(
        "nothing that the evidence allows fits the statement",
        "The recomputed range misses what the printed figure means.",
        "✕",
        _CROSS,
    ),
    Verdict.STATED: VerdictRow(
        "printed by its source; there is nothing to recompute it from",
        "Published, with nothing to recompute it from.",
        "○",
        _RING,
    ),
    Verdict.DERIVED: VerdictRow(
        "computed here; no printed figure is held against it",
        "Computed here, with no printed figure held against it.",
        "△",
        _TRIANGLE,
    ),
    Verdict.ASSUMED: VerdictRow(
        "chosen for an example; not a published figure",
        "An assumption, yours to change.",
        "□",
        _SQUARE,
    ),
    Verdict.SUPPORTED: VerdictRow(
        "the evidence bears the statement out",
        "The receipts it rests on bear it out.",
        "✓",
        _CHECKED,
    ),
    Verdict.PARTLY: VerdictRow(
        "the evidence bears out a part of the statement",
        "Some of the receipts it rests on bear it out.",
        "◑",
        _HALF,
    ),
    Verdict.UNSUPPORTED: VerdictRow(
        "no evidence found bears the statement out",
        "Nothing found bears it out.",
        "⊘",
        _SLASHED,
    ),
    Verdict.MISSING: VerdictRow(
        "looked for and not found; the entry says in which words, where and how far",
        "Looked for and not found.",
        "⌕",
        _GLASS,
    ),
    Verdict.OPEN: VerdictRow(
        "not decided yet",
        "Not decided by what is published.",
        "…",
        _DOTS,
    ),
}
#: From best to worst: what a recomputed number can get when a figure was printed.
NUMERIC = (Verdict.REPRODUCED, Verdict.CONSISTENT, Verdict.CONTRADICTED)
WORDED = (Verdict.SUPPORTED, Verdict.PARTLY, Verdict.UNSUPPORTED, Verdict.CONTRADICTED)


def judge(recomputed: Interval, printed: Interval) -> Verdict:
    """The verdict on a printed figure: does the recomputed range lie in, meet or miss its range?

    >>> from receiptbook.numbers import read
    >>> str(judge(read("602.1 million").interval, read("602 million").interval))
    'reproduced'
    >>> str(judge(read("602 million").interval, read("602.1 million").interval))
    'consistent'
    """
    if recomputed.within(printed):
        return Verdict.REPRODUCED
    return Verdict.CONSISTENT if recomputed.meets(printed) else Verdict.CONTRADICTED
