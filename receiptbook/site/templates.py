"""The HTML of cards, rows, figures and notes, as Jinja templates in templates/."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from receiptbook.receipts import VERDICTS


def sentence(text: str) -> str:
    """With exactly one full stop.

    >>> sentence("It rains"), sentence("It rains.")
    ('It rains.', 'It rains.')
    """
    return text.rstrip(".") + "."


ENVIRONMENT = Environment(
    loader=PackageLoader("receiptbook.site"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
)
ENVIRONMENT.filters["sentence"] = sentence
ENVIRONMENT.globals["VERDICTS"] = VERDICTS


def render(template: str, **values: Any) -> str:
    """A template filled in; values are escaped unless the template calls them safe.

    >>> render("badge.html", verdict="partly")
    '<span class="verdict v-partly"><svg aria-hidden="true"><use href="#v-partly"/></svg> Partly</span>'
    """
    return ENVIRONMENT.get_template(template).render(values).strip()
