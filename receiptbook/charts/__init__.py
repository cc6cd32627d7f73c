"""Charts: their look, what layers share, and the card of words, table and sources."""

from receiptbook.charts.card import Card, card
from receiptbook.charts.marks import (
    either,
    floors,
    haloed,
    month_ends,
    panel_rows,
    ranged,
    tones,
)
from receiptbook.charts.table import ROWS, ChartError, decimals, heading
from receiptbook.charts.theme import FONT, NARROW, PALETTE, SCHEMA, WIDTH, colour, theme
