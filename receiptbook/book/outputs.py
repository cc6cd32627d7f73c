"""What an output of a cell holds: the MIME types of this engine, and how each is read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

RECEIPT = "application/vnd.receiptbook.receipt+json"
QUESTION = "application/vnd.receiptbook.question+json"
GUESS = "application/vnd.receiptbook.guess+json"
SCOREBOARD = "application/vnd.receiptbook.scoreboard+json"
DEFINITIONS = "application/vnd.receiptbook.definitions+json"
CHART = "application/vnd.vegalite.v5+json"
CAPTION = "application/vnd.receiptbook.caption+json"  # what stands below a chart in Jupyter
WIDGET = "application/vnd.jupyter.widget-view+json"


def plain(stored: Any) -> Any:
    """A stored output as ordinary dicts and lists, which pickle small."""
    return json.loads(json.dumps(stored))


def receipts_in(bundle: Mapping) -> list[dict]:
    """The receipts of an output, which is a receipt or a list of them; none in any other.

    >>> receipts_in({RECEIPT: {"id": "growth"}, "text/plain": "growth"})
    [{'id': 'growth'}]
    """
    stored = bundle.get(RECEIPT, [])
    return stored if isinstance(stored, list) else [stored]


def card_of(spec: Mapping) -> dict[str, Any]:
    """What a chart says of itself: id, title, caption, alt, sources; empty for one without a card.

    >>> card_of({"mark": "line", "usermeta": {"receiptbook": {"id": "waves"}}})
    {'id': 'waves'}
    """
    return (spec.get("usermeta") or {}).get("receiptbook") or {}


def card_in(bundle: Mapping) -> dict[str, Any]:
    """What the chart of an output says of itself; empty for any other output."""
    return card_of(bundle.get(CHART, {}))


def summary_in(bundle: Mapping) -> list[tuple[str, str]]:
    """The pieces of Markdown of a scoreboard or of definitions, each with its name.

    >>> summary_in({SCOREBOARD: {"rows": [{"id": "hold", "words": "**Hold**"}]}})
    [('row hold of the scoreboard', '**Hold**')]
    """
    rows = bundle.get(SCOREBOARD, {}).get("rows", ())
    found = [(f"row {row['id']} of the scoreboard", row["words"]) for row in rows]
    if told := bundle.get(DEFINITIONS):
        found.append((f"legend of {told['id']}", told["legend"]))
        found += [(f"a definition of {told['id']}", one["words"]) for one in told["choices"]]
    return found
