"""Guess the next point of a series before it is shown: drawn on the page, written down elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from receiptbook.book.outputs import GUESS
from receiptbook.dates import decimal_year, month_name, short_month
from receiptbook.numbers import Quantity, QuantityError, fixed, scale_word
from receiptbook.templates import render

STEPS = (1, 2, 5)  # times a power of ten: the distance of two ticks
MOST_TICKS = 7


@dataclass(frozen=True)
class Guess:
    """A point to guess as a notebook output: data for the page, and readable without a script."""

    payload: dict

    def __repr__(self) -> str:
        facts = self.payload
        known = "; ".join(f"{one['label']}: {one['shown']}" for one in facts["known"])
        return f"{facts['title']}. {known}. Write your guess down, then look."

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {
            GUESS: self.payload,
            "text/html": render(Path(__file__).with_name("guess.html"), **self.payload),
            "text/plain": repr(self),
        }


def guess(
    id: str,
    series: Mapping[str, Quantity],
    asked: str,
    others: Mapping[str, Quantity],
    *,
    noun: str,
    title: str,
    prompt: str,
    explain: str,
) -> Guess:
    """Let the reader guess a point of a series from those before it, then compare.

    Parameters
    ----------
    id : of the drawing, unique in the book
    series : figures by date ("2025-12-31"); those before `asked` are shown, later ones are not used
    asked : the date of the point to guess
    others : what simple rules make of the points before it, each by its name
    noun : what is counted, for example "users"
    title, prompt, explain : what is asked, how, and what to say afterwards; Markdown, the title plain

    Raises
    ------
    QuantityError
        if fewer than two points stand before the one asked for, or a point has no upper end

    >>> from receiptbook.numbers import published
    >>> rain = {f"2025-0{n}-28": published(f"{n}0 million", "persons", id=f"m{n}") for n in (1, 2, 3)}
    >>> told = guess("wet", rain, "2025-03-28", {"no change": rain["2025-02-28"]}, noun="people",
    ...              title="Draw March", prompt="How many?", explain="So many.")
    >>> told
    Draw March. January 2025: 10 million; February 2025: 20 million. Write your guess down, then look.
    >>> told.payload["asked"]["shown"], told.payload["top"], told.payload["tick"]
    ('30 million', 35, 5)
    """
    known = {date: q for date, q in series.items() if date < asked}
    told = [*known.values(), series[asked], *others.values()]
    if len(known) < 2 or not all(q.interval.bounded for q in told):
        raise QuantityError(f"{id}: a guess needs two points before {asked}, each with two ends")
    scale, word = scale_word(max(q.value for q in told) / 10, series[asked].unit)
    tick, top = _axis(max(q.interval.upper for q in told) / scale)
    return Guess(
        {
            "id": id, "title": title, "prompt": prompt, "explain": explain,
            "unit": f"{word.strip()} {noun}".strip(), "tick": tick, "top": top,
            "known": [_point(date, q, scale, word) for date, q in known.items()],
            "asked": _point(asked, series[asked], scale, word),
            "others": [{"name": name, **_told(q, scale, word)} for name, q in others.items()],
        }
    )  # fmt: skip


def _point(date: str, q: Quantity, scale: Fraction, word: str) -> dict:
    return {"id": q.id, "label": month_name(date), "short": short_month(date),
            "at": float(decimal_year(date)), **_told(q, scale, word)}  # fmt: skip


def _told(q: Quantity, scale: Fraction, word: str) -> dict:
    """Value and both ends in the drawing's unit, as numbers and in words."""
    value, low, high = (x / scale for x in (q.value, q.interval.lower, q.interval.upper))
    places = 0 if high - low > 5 else 1
    return {"value": float(value), "low": float(low), "high": float(high),
            "shown": f"{fixed(value, 0)}{word}",
            "range": f"{fixed(low, places)} to {fixed(high, places)}{word}"}  # fmt: skip


def _axis(highest: Fraction) -> tuple[int, int]:
    """Distance of the ticks, and the last of them, which leaves a tenth of room above a value.

    >>> _axis(Fraction(1069)), _axis(Fraction(30))
    ((200, 1200), (5, 35))
    """
    room = highest * Fraction(11, 10)
    power = 1
    while True:
        for step in (n * power for n in STEPS):
            if -(-room // step) <= MOST_TICKS:
                return step, int(-(-room // step)) * step
        power *= 10
