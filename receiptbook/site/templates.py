"""The HTML of cards, rows, figures and notes: the templates in templates/."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from receiptbook import templates
from receiptbook.receipts import VERDICTS

FOLDER = Path(__file__).parent / "templates"
NUMERAL = re.compile(r"\d[\d,]*(?:\.\d+)?")
LONG = 5  # digits that a reader takes in
IN_LEDGER = re.compile(r"\[([^\]]+)\]\(ledger\.md(#[\w-]+)\)")


def sentence(text: str) -> str:
    """With exactly one full stop.

    >>> sentence("It rains"), sentence("It rains.")
    ('It rains.', 'It rains.')
    """
    return text.rstrip(".") + "."


def brief(text: str) -> str:
    """A range with no more digits than tell its ends apart, and at least four.

    The ledger has them all.

    >>> brief("1.705310 to 1.705391 times"), brief("more than 61.721711 million")
    ('1.7053 to 1.7054 times', 'more than 61.72 million')
    >>> brief("141.65% to 141.75%"), brief("824,503 to 824,981 persons")
    ('141.65% to 141.75%', '824,500 to 825,000 persons')
    """
    numbers = NUMERAL.findall(text)
    if all(len(_digits(number)) <= LONG for number in numbers):
        return text
    for digits in range(4, 12):
        if len({_rounded(n, digits) for n in numbers}) == len(set(numbers)):
            break
    return NUMERAL.sub(lambda match: _rounded(match[0], digits), text)


def _digits(number: str) -> str:
    return re.sub(r"[.,]", "", number).strip("0")


def _rounded(number: str, digits: int) -> str:
    value = Decimal(number.replace(",", ""))
    places = digits - 1 - value.adjusted()
    if not value or places >= len(number.partition(".")[2]):
        return number
    return f"{value.quantize(Decimal(1).scaleb(-places)):,f}"


def linked(text: str, ledger: str) -> Markup:
    """A note whose links into the ledger lead there from the page it stands on.

    >>> linked("How much [was not found](ledger.md#absent-rain).", "a/ledger.html")
    Markup('How much <a href="a/ledger.html#absent-rain">was not found</a>.')
    """
    return Markup(IN_LEDGER.sub(rf'<a href="{escape(ledger)}\2">\1</a>', str(escape(text))))


environment = templates.environment(FOLDER)
environment.filters |= {"sentence": sentence, "brief": brief, "linked": linked}
environment.globals["VERDICTS"] = VERDICTS


def render(template: str, **values: Any) -> str:
    """A template filled in; values are escaped unless the template calls them safe.

    >>> render("glyph.html", verdict="partly")
    '<svg aria-hidden="true"><use href="#v-partly"/></svg> Partly'
    """
    return templates.render(FOLDER / template, **values)
