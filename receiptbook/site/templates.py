"""The HTML of cards, rows, figures and notes: the templates in templates/."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from receiptbook import templates
from receiptbook.receipts import VERDICTS

FOLDER = Path(__file__).parent / "templates"


def sentence(text: str) -> str:
    """With exactly one full stop.

    >>> sentence("It rains"), sentence("It rains.")
    ('It rains.', 'It rains.')
    """
    return text.rstrip(".") + "."


templates.environment(FOLDER).filters["sentence"] = sentence
templates.environment(FOLDER).globals["VERDICTS"] = VERDICTS


def render(template: str, **values: Any) -> str:
    """A template filled in; values are escaped unless the template calls them safe.

    >>> render("glyph.html", verdict="partly")
    '<svg aria-hidden="true"><use href="#v-partly"/></svg> Partly'
    """
    return templates.render(FOLDER / template, **values)
