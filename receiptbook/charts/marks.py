"""Small pieces that charts share: columns with a range, colours by value, words that stay legible.

A chapter builds its layers in Altair; only what three charts would repeat is named here.
"""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence

import altair as alt

from receiptbook.charts.theme import colour
from receiptbook.numbers import Quantity

#: A short bar with an arrow upwards, as a path within Vega's square from -1 to 1 (and above it).
_ARROW = "M-1,0H1M0,0V-3.4M-0.8,-2.4L0,-3.4L0.8,-2.4"


def ranged(quantity: Quantity, name: str, per: float = 1) -> dict[str, float | None]:
    """A quantity as three columns of a chart's row: low, `name`, high; divided by `per`.

    An open end is None: what was printed as "exceeded 700 million" has no high. `floors` draws
    such rows, and the quantity's `range_text` says them in a table.

    >>> from receiptbook.numbers import published
    >>> ranged(published("602 million", "persons"), "users", 1e6)
    {'low': 601.5, 'users': 602.0, 'high': 602.5}
    >>> ranged(published("exceeded 700 million", "persons"), "users", 1e6)
    {'low': 700.0, 'users': 700.0, 'high': None}
    """
    ends = quantity.lower, quantity.number, quantity.upper
    low, middle, high = (None if math.isinf(end) else end / per for end in ends)
    return {"low": low, name: middle, "high": high}


def floors(rows: alt.Chart, high: str = "high", **style) -> alt.Chart:
    """Rows without an upper end as a short bar with an arrow upwards: so much or more.

    rows: a chart with x and y encoded, y at the floor; the other rows draw nothing here, so that
        a layer of points keeps them with `transform_filter("isValid(datum.high)")`.
    high: the column that is empty where the end is open, as `ranged` leaves it.
    style: properties of the mark, for example `color`; `angle=90` points along a bar instead.

    >>> rows = alt.Chart().encode(x="year:O", y="low:Q")
    >>> floors(rows, color="black").to_dict()["transform"]
    [{'filter': "!isValid(datum['high'])"}]
    """
    mark = {"size": 60, "strokeWidth": 2, "filled": False, **style}
    return rows.transform_filter(f"!isValid(datum['{high}'])").mark_point(shape=_ARROW, **mark)


def tones(shades: Mapping[str, str]) -> alt.Scale:
    """The scale that gives each value its colour, from `{value: name in the palette}`.

    Raises KeyError for a name that the palette does not have.

    >>> tones({"measured": "accent", "told": "context"}).domain
    ['measured', 'told']
    """
    return alt.Scale(domain=list(shades), range=[colour(name) for name in shades.values()])


def either(test: str, yes: str, no: str) -> dict:
    """The palette's colour `yes` for rows that pass a Vega test, and `no` for the others.

    >>> either("datum.high > 1", "accent", "context")["value"] == colour("context")
    True
    """
    return alt.condition(test, alt.value(colour(yes)), alt.value(colour(no)))


def haloed(rows: alt.Chart, text: str, width: float = 5, **style) -> alt.LayerChart:
    """The words of each row at the left edge, drawn first broad in the colour of the paper.

    Grid and marks then do not run through them. text: a field; style: properties of the mark.

    >>> len(haloed(alt.Chart().encode(y="name:N"), "name:N").layer)
    2
    """

    def words(**halo) -> alt.Chart:
        mark = rows.mark_text(align="left", **style, **halo)
        return mark.encode(x=alt.value(0), text=text)

    return words(stroke=colour("paper"), strokeWidth=width) + words()


def panel_rows(field: str, order: Sequence[str] = alt.Undefined, **header) -> alt.Row:
    """Panels one below the other, each with its name above it at the left.

    field: holds the names of the panels; header: more properties of those names.

    >>> panel_rows("place:N", ["north", "south"]).to_dict()["sort"]
    ['north', 'south']
    """
    style = alt.Header(labelAngle=0, labelOrient="top", labelAnchor="start", **header)
    return alt.Row(field, title=None, sort=order, header=style)


def month_ends(dates: Iterable, every: int = 6, **style) -> alt.Axis:
    """An axis of time for what is counted by the month, with a tick at the end of every so many months.

    A month's count stands at its last day. A tick where a month begins would give it to the month
    after, so the ticks stand at ends and say so; they are counted from the end of a year.

    dates: days, as text or as time stamps; ticks lie between the first and the last of them.
    every: months from tick to tick; whole years are named by the year alone.
    style: more properties of the axis.

    >>> axis = month_ends(["2024-12-31", "2025-11-30"])
    >>> axis["values"], axis["format"]
    (['2024-12-31', '2025-06-30'], '%b %Y')
    """
    days = sorted(str(day)[:10] for day in dates)
    first, last = (int(day[:4]) * 12 + int(day[5:7]) - 1 for day in (days[0], days[-1]))
    months = (divmod(n, 12) for n in range(first, last + 1) if (n + 1) % every == 0)
    ends = [f"{y}-{m + 1:02}-{monthrange(y, m + 1)[1]}" for y, m in months]
    return alt.Axis(
        format="%b %Y" if every % 12 else "%Y",
        labelExpr="['end of', datum.label]",
        labelSeparation=8,
        values=[end for end in ends if end <= days[-1]],
        **style,
    )
