"""Small pieces that charts share: columns with a range, colours by value, words that stay legible.

A chapter builds its layers in Altair; only what three charts would repeat is named here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt

from receiptbook.charts.theme import colour
from receiptbook.numbers import Quantity

__all__ = ["either", "haloed", "panel_rows", "ranged", "tones"]


def ranged(quantity: Quantity, name: str, per: float = 1) -> dict[str, float]:
    """A quantity as three columns of a chart's row: low, `name`, high; divided by `per`.

    >>> from receiptbook.numbers import published
    >>> ranged(published("602 million", "persons"), "users", 1e6)
    {'low': 601.5, 'users': 602.0, 'high': 602.5}
    """
    low, middle, high = quantity.lower, quantity.number, quantity.upper
    if per != 1:
        low, middle, high = low / per, middle / per, high / per
    return {"low": low, name: middle, "high": high}


def tones(shades: Mapping[str, str]) -> alt.Scale:
    """The scale that gives each value its colour, from `{value: name in the palette}`.

    Raises KeyError for a name that the palette does not have.
    """
    return alt.Scale(domain=list(shades), range=[colour(name) for name in shades.values()])


def either(test: str, yes: str, no: str) -> dict:
    """The palette's colour `yes` for rows that pass a Vega test, and `no` for the others."""
    return alt.condition(test, alt.value(colour(yes)), alt.value(colour(no)))


def haloed(rows: alt.Chart, text: str, width: float = 5, **style) -> alt.LayerChart:
    """The words of each row at the left edge, drawn first broad in the colour of the paper.

    Grid and marks then do not run through them. text: a field; style: properties of the mark.
    """

    def words(**halo) -> alt.Chart:
        mark = rows.mark_text(align="left", **style, **halo)
        return mark.encode(x=alt.value(0), text=text)

    return words(stroke=colour("paper"), strokeWidth=width) + words()


def panel_rows(field: str, order: Sequence[str] = alt.Undefined, **header) -> alt.Row:
    """Panels one below the other, each with its name above it at the left.

    field: holds the names of the panels; header: more properties of those names.
    """
    style = alt.Header(labelAngle=0, labelOrient="top", labelAnchor="start", **header)
    return alt.Row(field, title=None, sort=order, header=style)
