"""Verdicts by word and by shape: each has an outline of its own, so colour carries no meaning."""

from __future__ import annotations

_DISC = "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13z"
_RING = _DISC + "M8 3.2a4.8 4.8 0 1 1 0 9.6a4.8 4.8 0 0 1 0-9.6z"

#: verdict -> (shape on a 16 by 16 grid, drawn by the even-odd rule; what the verdict means)
GLYPHS: dict[str, tuple[str, str]] = {
    "reproduced": (
        _DISC + "M4.2 8.2l1.3-1.3 1.8 1.8 3.5-3.6 1.3 1.3-4.8 4.9z",
        "The recomputed range lies inside what the printed figure means.",
    ),
    "consistent": (
        _RING + "M8 3.2v9.6a4.8 4.8 0 0 1 0-9.6z",
        "The recomputed range meets what the printed figure means.",
    ),
    "contradicted": (
        "M3.5 1.5L8 6l4.5-4.5 2 2L10 8l4.5 4.5-2 2L8 10l-4.5 4.5-2-2L6 8 1.5 3.5z",
        "The recomputed range misses what the printed figure means.",
    ),
    "stated": (
        "M2 3h12v7.5H8.2L5 13.8v-3.3H2zM4 5v1.4h8V5zM4 7.4v1.4h5.5V7.4z",
        "Published, with nothing to recompute it from.",
    ),
    "derived": ("M8 1.8L14.8 14H1.2zM8 5.9L4.7 11.9h6.6z", "Nobody printed it; computed here."),
    "supported": ("M8 2l6.6 11.5H1.4z", "The receipts it rests on bear it out."),
    "partly": (
        "M8 2l6.6 11.5H1.4zM8 5.6v6.4h4z",
        "Some of the receipts it rests on bear it out.",
    ),
    "unsupported": ("M1.4 2.5h13.2L8 14zM4.6 4.4L8 10.3l3.4-5.9z", "Nothing found bears it out."),
    "open": (_RING, "Not decided by what is published."),
    "assumed": ("M8 1l7 7-7 7-7-7zM8 3.7L3.7 8 8 12.3 12.3 8z", "An assumption, yours to change."),
}


def glyph(verdict: str) -> str:
    """The shape as inline SVG, silent to readers who hear the word beside it."""
    return (
        '<svg class="glyph" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">'
        f'<path fill-rule="evenodd" d="{GLYPHS[verdict][0]}"/></svg>'
    )


def badge(verdict: str) -> str:
    """Shape and word; KeyError names a verdict that has no shape."""
    meaning = GLYPHS[verdict][1]
    return (
        f'<span class="verdict v-{verdict}" title="{meaning}">{glyph(verdict)} '
        f"{verdict.capitalize()}</span>"
    )
