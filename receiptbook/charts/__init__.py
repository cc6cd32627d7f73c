"""Charts: their look, and the card that binds one to its words, its table and its sources."""

from receiptbook.charts.card import Card, card, plain
from receiptbook.charts.table import ROWS, ChartError, decimals, heading
from receiptbook.charts.theme import FONT, MIME, NARROW, PALETTE, SCHEMA, WIDTH, colour, theme

__all__ = [
    "FONT",
    "MIME",
    "NARROW",
    "PALETTE",
    "ROWS",
    "SCHEMA",
    "WIDTH",
    "Card",
    "ChartError",
    "card",
    "colour",
    "decimals",
    "heading",
    "plain",
    "theme",
]
