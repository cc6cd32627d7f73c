"""What the texts under test say, and the receipts of numbers, which show how each was reached.

A receipt is a structured notebook output. From receipts come the ledger, the card behind a number in
prose, the tests and the teacher's answer key.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from receiptbook.dates import month_name
from receiptbook.numbers import (
    WORDS,
    Quantity,
    UnitError,
    mismatch,
    published,
    show,
    show_range,
)
from receiptbook.numbers.printed import HAN_CHARACTER
from receiptbook.receipts.facts import NO_RANGE, Receipt
from receiptbook.receipts.trees import told
from receiptbook.receipts.verdicts import NUMERIC, Verdict, judge
from receiptbook.tables import data


class ClaimError(ValueError):
    """A receipt cannot be written, or one of its grounds no longer holds."""


# ---------------------------------------------------------------------------------------- claims


@dataclass(frozen=True)
class Claim:
    """One statement of the texts under test. `published` holds its printed forms, in `unit`."""

    id: str
    kind: str
    part: str
    seeds: tuple[str, ...]
    statement: str
    published: tuple[str, ...]
    unit: str
    wording: str
    check: str


def claims(tables: data.Data | None = None) -> Mapping[str, Claim]:
    """All claims by id, in the order of the table."""
    return _claims(tables or data.load())


@lru_cache(maxsize=4)  # each receipt asks
def _claims(tables: data.Data) -> Mapping[str, Claim]:
    return {row["id"]: _claim(row) for row in tables.rows_of("claims")}


def _claim(row: dict[str, str]) -> Claim:
    return Claim(
        id=row["id"],
        kind=row["kind"],
        part=row["part"],
        seeds=tuple(row["seeds"].split(";")),
        statement=row["statement"],
        published=tuple(filter(None, (form.strip() for form in row["published"].split(";")))),
        unit=row["unit"],
        wording=row["wording"],
        check=row["check"],
    )


def undecided(claim: Claim) -> Receipt:
    """The receipt of a claim that no chapter has decided yet."""
    return Receipt(
        id=claim.id,
        kind="worded" if claim.kind == "qualitative" else "numeric",
        statement=claim.statement.rstrip("."),
        verdict=Verdict.OPEN,
        published=claim.published,
        seeds=claim.seeds,
        unit=claim.unit,
        note=f"To be checked: {claim.check}",
    )


@dataclass(frozen=True)
class Texts:
    """The texts whose claims a book tests, as the package describes its table of claims.

    Attributes
    ----------
    called : what they are, such as "leaflets"
    names : how each is named in a sentence, by the word that references use

    >>> Texts("leaflets", {"spring": "the spring leaflet", "fall": "the other"}).place("spring:3")
    'the spring leaflet, paragraph 3'
    """

    called: str = "texts"
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def all(self) -> str:
        """What they are and how many: "two leaflets"; one is not counted."""
        count = len(self.names)
        known = {number: word for word, number in WORDS.items()}
        return f"{known.get(count, count)} {self.called}" if count > 1 else self.called

    def place(self, reference: str) -> str:
        """A reference, text and paragraph, in words."""
        text, _, paragraph = reference.partition(":")
        return f"{self.names.get(text, text)}, paragraph {paragraph}"


def tested_texts(tables: data.Data | None = None) -> Texts:
    """The texts that the claims were taken from."""
    tables = tables or data.load()
    told = [tables.describe(name) for name in tables.named("claims")]
    return Texts(*(told[0][key] for key in ("called", "texts"))) if told else Texts()


# -------------------------------------------------------------------------------------- receipts


def receipt(
    id: str,
    quantity: Quantity,
    statement: str | None = None,
    *,
    unit: str | None = None,
    against: Quantity | None = None,
    note: str | None = None,
) -> Receipt:
    """A receipt for one number.

    Parameters
    ----------
    id : a claim's id, or a new slug
    quantity : the recomputed quantity (or a published one, where there is nothing to recompute)
    statement : what the number is; a claim brings its own
    unit : unit to show it in; a claim's own unit unless given
    against : the published figure to compare with, where it is not a claim's

    Raises
    ------
    ClaimError
        if a receipt that belongs to no claim has no statement, if a number whose range was not worked
        out is compared with a printed figure, or if the number is a plain one
    UnitError
        if the number and the printed figure measure different things

    >>> print(receipt("half", published("61 million", "persons") / 2, "Half of them"))
    half: derived. Half of them. 30.50 million
    """
    _check_quantity(id, quantity)
    claim = claims().get(id)
    if claim is None and not statement:
        raise ClaimError(f"receipt {id!r} belongs to no claim: give its statement")
    name = unit or (claim.unit if claim and claim.unit else None)
    if name:
        quantity = quantity.to(name)
    targets = _targets(claim, against, quantity)
    if targets and not quantity.has_range:
        raise ClaimError(f"{id}: a printed figure is judged by a range, and this one has none")
    verdict = _numeric_verdict(quantity, targets)
    passes = targets[0].interval if targets else None
    scale = quantity.unit.scale
    return Receipt(
        id=id,
        kind="published" if quantity.is_input and not targets else "numeric",
        statement=(statement or claim.statement).rstrip("."),
        verdict=verdict,
        published=tuple(target.printed for target in targets)
        or ((quantity.printed,) if quantity.is_input else ()),
        seeds=claim.seeds if claim else (),
        value=quantity.number,
        lower=_finite(quantity.lower) if quantity.has_range else None,
        upper=_finite(quantity.upper) if quantity.has_range else None,
        unit=quantity.unit.name,
        shown=quantity.show(),
        range=quantity.range_text,
        range_kind=quantity.range_kind if quantity.has_range else NO_RANGE,
        passes="; ".join(show_range(t.interval, quantity.unit) for t in targets) or None,
        passes_lower=_finite(passes.lower / scale) if passes else None,
        passes_upper=_finite(passes.upper / scale) if passes else None,
        formula=None if quantity.is_input else quantity.formula,
        inputs=tuple(_input(leaf) for leaf in quantity.inputs),
        sources=tuple(
            dict.fromkeys((*quantity.all_sources, *(against.sources if against else ())))
        ),
        note=note,
        tree=told(quantity) if quantity.inputs else "",
        against=told(against) if against is not None else "",
        quantity=quantity,
    )


def _check_quantity(id: str, quantity: Quantity) -> None:
    """Raise ClaimError for a plain number: it does not say how far off its inputs may be."""
    if not isinstance(quantity, Quantity):
        raise ClaimError(
            f"receipt {id!r}: found {quantity!r}, a plain number, which has no range and no sources; "
            "expected a quantity. Compute with figures of the tables, such as "
            'users["2025-12"] / users["2024-12"] - 1, or read a printed form: '
            'published("602 million", "persons")'
        )


def _targets(claim: Claim | None, against: Quantity | None, quantity: Quantity) -> list[Quantity]:
    if against is not None:
        forms = [against]
    elif claim:
        forms = [published(form, claim.unit) for form in claim.published]
    else:
        return []
    for form in forms:
        same = (form.unit.kind, form.unit.things) == (quantity.unit.kind, quantity.unit.things)
        if not same:
            raise UnitError(
                f"cannot compare {quantity.unit} with the printed {form.printed!r}: "
                + mismatch(quantity.unit, form.unit)
            )
    return forms


def _numeric_verdict(quantity: Quantity, targets: list[Quantity]) -> Verdict:
    if quantity.is_input:
        missed = [t for t in targets if not quantity.interval.meets(t.interval)]
        if missed:
            return Verdict.CONTRADICTED
        return Verdict.ASSUMED if not quantity.sources else Verdict.STATED
    if not targets:
        return Verdict.DERIVED
    return max((judge(quantity.interval, t.interval) for t in targets), key=NUMERIC.index)


def _input(leaf: Quantity) -> dict:
    told = {
        "id": leaf.id,
        "label": leaf.label or leaf.id,
        "printed": leaf.printed,
        "range": leaf.range_text,
        "sources": list(leaf.sources),
    }
    tables = data.load()
    figure = tables[leaf.id] if leaf.id in tables else leaf  # noqa: SIM401  tables are no dict
    if (shown := readable(figure)) != leaf.printed:
        told["shown"] = shown
    return told


def readable(figure: Quantity) -> str:
    """A published figure as printed; before a form in Chinese alone stands its value.

    >>> readable(published("6.02亿", "persons"))
    '602 million (printed 6.02亿)'
    """
    printed = figure.printed
    if not HAN_CHARACTER.search(printed) or re.search(r"[A-Za-z]{2}", printed):
        return printed
    if figure.interval.bounded:
        value = show(figure.value, figure.unit, max(0, figure.decimals - 1))
    else:
        value = show_range(figure.interval, figure.unit)
    return f"{value} (printed {printed})"


def _finite(x) -> float | None:
    return float(x) if math.isfinite(x) else None


def quoted(id: str, tables: data.Data | None = None) -> Receipt:
    """The receipt of a row in data/: a published figure or a text, with nothing to compute.

    >>> quoted(data.load().ids[0]).kind
    'published'
    """
    tables = tables or data.load()
    if (text := texts(tables).get(id)) is not None:
        return Receipt(
            id=id,
            kind="published",
            statement=f"{text['title']}; {text['issuer']}, {month_name(text['date_issued'])}",
            verdict=Verdict.STATED,
            sources=tuple(text["sources"].split(";")),
            note=text["summary"] or None,
        )
    figure, row = tables[id], tables.row(id)
    statement = row.get("measure") or row.get("label") or id
    if figure.date:
        statement += f", {month_name(figure.date)}"
    one = receipt(id, figure, statement, note=row.get("note") or row.get("reason") or None)
    if row.get("derivation"):  # nobody printed it: say how it was worked out instead
        return replace(one, verdict=Verdict.DERIVED, published=(), formula=row["derivation"])
    return one


def texts(tables: data.Data | None = None) -> Mapping[str, Mapping[str, str]]:
    """The texts of the timeline by id; they hold no figure, but conclusions rest on what they say."""
    return _texts(tables or data.load())


@lru_cache(maxsize=4)
def _texts(tables: data.Data) -> Mapping[str, Mapping[str, str]]:
    return tables.entries("timeline")


def cite(*items: Receipt | Quantity) -> list[str]:
    """The ids of all sources that some receipts or quantities rest on, each once.

    >>> cite(published("61 million", "persons", sources=["gauge"]) / 2)
    ['gauge']
    """
    found: dict[str, None] = {}
    for item in items:
        for key in item.sources if isinstance(item, Receipt) else item.all_sources:
            found.setdefault(key)
    return list(found)
