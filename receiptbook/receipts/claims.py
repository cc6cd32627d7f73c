"""What the texts under test say, verdicts on it, and receipts that show how each was reached.

A receipt is a structured notebook output. From receipts come the ledger, the card behind a number in
prose, the tests and the teacher's answer key.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache

from receiptbook.dates import month_name
from receiptbook.numbers import (
    NOT_WORKED_OUT,
    WORDS,
    Quantity,
    UnitError,
    computed,
    mismatch,
    published,
    show,
    show_range,
)
from receiptbook.numbers.printed import HAN_CHARACTER
from receiptbook.receipts.facts import NO_RANGE, Receipt
from receiptbook.receipts.trees import told
from receiptbook.receipts.verdicts import NUMERIC, WORDED, Verdict, judge
from receiptbook.tables import data
from receiptbook.tables.relations import RELATIONS, in_words


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


# --------------------------------------------------------------------------------------- rulings


@dataclass(frozen=True)
class Ground:
    """A comparison that a verdict rests on: what was compared, and whether it holds for certain.

    test : the comparison as an expression, "a / b above 2", where both sides are arithmetic
    """

    text: str
    holds: bool
    receipts: tuple[str, ...] = ()
    test: str = ""

    def to_json(self) -> dict:
        """As a receipt stores it."""
        test = {"test": self.test} if self.test else {}
        return {"text": self.text, "holds": self.holds, **test}


def above(first, second) -> Ground:
    """Ground: the whole range of `first` lies above that of `second`.

    Each may be a receipt or a quantity; `second` may be a plain number in the unit of `first`.

    >>> above(published("61 million", "persons"), 60_000_000).holds
    True
    """
    return _compare(first, "above", second)


def below(first, second) -> Ground:
    """Ground: the whole range of `first` lies below that of `second`.

    >>> below(published("61 million", "persons"), published("61.2 million", "persons")).holds
    False
    """
    return _compare(first, "below", second)


def meets(first, second) -> Ground:
    """Ground: the two ranges have a value in common.

    >>> meets(published("61 million", "persons"), published("61.2 million", "persons")).holds
    True
    """
    return _compare(first, "meets", second)


def misses(first, second) -> Ground:
    """Ground: the two ranges have no value in common.

    >>> misses(published("61 million", "persons"), 62_000_000).text
    '61 million (60.5 to 61.5 million) is incompatible with 62 million'
    """
    return _compare(first, "misses", second)


def _compare(first, relation: str, second) -> Ground:
    a, a_text, ids = _side(first, None)
    b, b_text, more = _side(second, a)
    if (a.unit.kind, a.unit.things) != (b.unit.kind, b.unit.things):
        raise UnitError(f"cannot compare {a.unit} with {b.unit}: {mismatch(a.unit, b.unit)}")
    text = in_words(a_text, relation, b_text)
    sides = told(a), told(b)
    test = f"{sides[0]} {relation} {sides[1]}" if all(sides) else ""
    return Ground(text, RELATIONS[relation](a.interval, b.interval), ids + more, test)


def _side(x, other: Quantity | None) -> tuple[Quantity, str, tuple[str, ...]]:
    if isinstance(x, Receipt):
        return x.quantity, f"{x.statement} ({_span(x.quantity)})", (x.id,)
    if isinstance(x, Quantity):
        return x, f"{x.label or x.formula} ({_span(x)})", (x.id,) if x.id else ()
    exact = computed(Fraction(str(x)), other.unit, (), str(x), exact=True)
    return exact, exact.range_text, ()


def _span(quantity: Quantity) -> str:
    if quantity.has_range:
        return quantity.range_text
    return f"{quantity.show()}, {NOT_WORKED_OUT}"


def fact(text: str, *evidence) -> Ground:
    """Ground in words, resting on the receipts or figures named.

    >>> fact("The question names three uses", "survey-2025").receipts
    ('survey-2025',)
    """
    ids = []
    for item in evidence:
        ids.append(item if isinstance(item, str) else item.id)
    if not ids:
        raise ClaimError(f"the ground {text!r} names no receipt or figure that shows it")
    return Ground(text, True, tuple(ids))


def ruling(
    id: str,
    verdict: str | Verdict,
    because: Iterable[Receipt | Ground],
    *,
    would_change: str,
    statement: str | None = None,
    note: str | None = None,
) -> Receipt:
    """A receipt for a worded claim.

    Parameters
    ----------
    id : the claim's id, or a new slug with a statement
    verdict : supported, partly, unsupported or contradicted
    because : receipts and grounds that decide it; every ground must hold
    would_change : what evidence would change the verdict

    Raises
    ------
    ClaimError
        if a ground does not hold (naming it), if nothing decides the verdict, or if the verdict
        is not one of the words for statements

    >>> more = above(published("61 million", "persons", id="rain"), 60_000_000)
    >>> print(ruling("wet", "supported", [more], would_change="A lower count", statement="It is wet"))
    wet: supported. It is wet.
    """
    claim = claims().get(id)
    verdict = Verdict(verdict)
    if verdict not in WORDED:
        raise ClaimError(f"{id}: a worded claim is {', '.join(WORDED)}; found {verdict}")
    if claim is None and not statement:
        raise ClaimError(f"ruling {id!r} belongs to no claim: give its statement")
    if not would_change.strip():
        raise ClaimError(f"{id}: say what would change the verdict")
    grounds = [
        item if isinstance(item, Ground) else Ground(_summary(item), True, (item.id,))
        for item in because
    ]
    if not grounds:
        raise ClaimError(f"{id}: a verdict needs at least one receipt or ground that decides it")
    for ground in grounds:
        if not ground.holds:
            raise ClaimError(
                f"{id}: the verdict {verdict!s} rests on '{ground.text}', which does not hold; "
                "reconsider the verdict or its grounds"
            )
    deciding = tuple(dict.fromkeys(key for ground in grounds for key in ground.receipts))
    return Receipt(
        id=id,
        kind="worded",
        statement=(statement or claim.statement).rstrip("."),
        verdict=verdict,
        published=(claim.wording,) if claim and claim.wording else (),
        seeds=claim.seeds if claim else (),
        because=deciding,
        grounds=tuple(ground.to_json() for ground in grounds),
        would_change=would_change.rstrip("."),
        note=note,
    )


def _summary(item: Receipt) -> str:
    number = f": {item.shown}" if item.shown else ""
    return f"{item.statement}{number} ({item.verdict})"


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
