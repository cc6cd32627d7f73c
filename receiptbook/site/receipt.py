"""A receipt as HTML, from its data alone: for the builder, and for Python in the page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from receiptbook.numbers import Interval, show_range, unit
from receiptbook.receipts.facts import Receipt
from receiptbook.site.sources import publishers
from receiptbook.site.templates import render
from receiptbook.tables import Source

MOST = 12  # inputs listed on the page; ledger.json holds all
WIDTH, PAD = 240, 8  # of the bar, in pixels; as in styles/receipt.css


def bar(receipt: Receipt) -> tuple[str, str] | None:
    """The recomputed range inside, across or beside the range that would have passed, as two paths.

    None where there is nothing to set it beside. Silent to readers who hear both ranges in words.

    >>> from receiptbook.receipts import Receipt, Verdict
    >>> rain = Receipt("rain", "numeric", "It rains", Verdict.CONSISTENT, lower=1, upper=3,
    ...                passes_lower=2, passes_upper=None)
    >>> bar(rain)
    ('M120 2h120v20H120z', 'M8 7v10M8 12H232M232 7v10')
    """
    ours = receipt.lower, receipt.upper
    theirs = receipt.passes_lower, receipt.passes_upper
    if None in ours or theirs == (None, None):
        return None
    ends = [*ours, *(end for end in theirs if end is not None)]
    low, high = min(ends), max(ends)
    if low == high:
        return None

    def at(value: float) -> float:
        return PAD + (value - low) * (WIDTH - 2 * PAD) / (high - low)

    left = 0 if theirs[0] is None else at(theirs[0])  # "more than": open to one side
    right = WIDTH if theirs[1] is None else at(theirs[1])
    passes = f"M{left:.4g} 2h{max(1, right - left):.4g}v20H{left:.4g}z"
    left, right = (f"{at(end):.4g}" for end in ours)
    return passes, f"M{left} 7v10M{left} 12H{right}M{right} 7v10"


def ends(receipt: Receipt) -> list[str]:
    """What stands at the two ends of the bar, in words; empty where one of them is open.

    >>> from receiptbook.receipts import Verdict
    >>> ends(Receipt("rain", "numeric", "It rains", Verdict.CONSISTENT, lower=1, upper=3, unit="percent",
    ...              passes_lower=2, passes_upper=4))
    ['1.0', '4.0%']
    """
    four = (receipt.lower, receipt.upper, receipt.passes_lower, receipt.passes_upper)
    if None in four or not receipt.unit:
        return []
    measure = unit(receipt.unit)
    low, high = (Fraction(str(end)) * measure.scale for end in (min(four), max(four)))
    told = show_range(Interval(low, high), measure)
    first, _, last = told.partition(" to ")
    return [first.rstrip("%"), last] if last else []


def receipt_html(
    template: str, receipt: Receipt, sources: Mapping[str, Source], **more: Any
) -> str:
    """A receipt in one of the templates: receipt, ruling, margin, row, popup or note.html.

    sources: by id, all that the receipt names among them. more: what a template asks for besides.
    """
    return render(
        template,
        receipt=receipt,
        facts=defaultdict(lambda: None, receipt.facts()),
        bar=bar(receipt),
        ends=ends(receipt),
        most=MOST,
        publishers=publishers(sources[id] for id in receipt.sources),
        **more,
    )
