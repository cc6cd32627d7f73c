"""Verdicts on statements in words, each with the grounds that it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from receiptbook.numbers import NOT_WORKED_OUT, Quantity, UnitError, computed, mismatch
from receiptbook.receipts.claims import ClaimError, claims
from receiptbook.receipts.facts import Receipt
from receiptbook.receipts.trees import told
from receiptbook.receipts.verdicts import WORDED, Verdict
from receiptbook.tables.relations import RELATIONS, in_words


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

    >>> from receiptbook.numbers import published
    >>> above(published("61 million", "persons"), 60_000_000).holds
    True
    """
    return _compare(first, "above", second)


def below(first, second) -> Ground:
    """Ground: the whole range of `first` lies below that of `second`.

    >>> from receiptbook.numbers import published
    >>> below(published("61 million", "persons"), published("61.2 million", "persons")).holds
    False
    """
    return _compare(first, "below", second)


def meets(first, second) -> Ground:
    """Ground: the two ranges have a value in common.

    >>> from receiptbook.numbers import published
    >>> meets(published("61 million", "persons"), published("61.2 million", "persons")).holds
    True
    """
    return _compare(first, "meets", second)


def misses(first, second) -> Ground:
    """Ground: the two ranges have no value in common.

    >>> from receiptbook.numbers import published
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

    >>> from receiptbook.numbers import published
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
