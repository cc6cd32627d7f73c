"""A receipt as data, and the one list of what it says, from which every surface is drawn."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from receiptbook.book.outputs import RECEIPT
from receiptbook.numbers import Quantity
from receiptbook.receipts.verdicts import Verdict

#: What this process has displayed, by id; In[] and Out[] are empty where history is switched off.
DISPLAYED: dict[str, Receipt] = {}
#: The kind of a range that was not worked out: label and text together say so.
NO_RANGE = "range"
_ROUNDING = "from rounding"  # the common kind of range, left out of JSON
_PLACES = ("where", "group", "part")  # what the ledger adds
#: What works a receipt out anew; left out of JSON where empty.
WORKING = ("tree", "against")


@dataclass(frozen=True)
class Fact:
    """One thing that a receipt says.

    Attributes
    ----------
    name : the field of the receipt it tells: "published", "shown", "range", "passes", "formula",
        "inputs", "grounds", "because", "would_change", "note", "seeds", "sources" or "where"
    label : what stands before it in a table or list ("Range from rounding")
    short : what stands before it on a card ("From rounding")
    items : its parts, one unless it is a list
    text : all of it
    """

    name: str
    label: str
    short: str
    items: tuple[str, ...]
    joint: str = "; "

    @property
    def text(self) -> str:
        return self.joint.join(self.items)


@dataclass(frozen=True)
class Receipt:
    """How one figure or statement was checked. Numbers are in `unit`; None stands for no bound.

    Of an input, `inputs` holds id, label, printed form, range and sources, and, where the printed
    form has no word of English, `shown`: its value and the printed form. `tree` is the derivation and
    `against` the figure it is judged by, both as expressions that `trees` reads back; empty for what is
    no arithmetic.
    """

    id: str
    kind: str
    statement: str
    verdict: Verdict
    published: tuple[str, ...] = ()
    seeds: tuple[str, ...] = ()
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    unit: str = ""
    shown: str = ""
    range: str = ""
    range_kind: str = _ROUNDING
    passes: str | None = None
    passes_lower: float | None = None
    passes_upper: float | None = None
    formula: str | None = None
    inputs: tuple[dict[str, Any], ...] = ()
    sources: tuple[str, ...] = ()
    because: tuple[str, ...] = ()
    grounds: tuple[dict[str, Any], ...] = ()
    would_change: str | None = None
    note: str | None = None
    tree: str = ""
    against: str = ""
    where: str | None = None
    group: str | None = None
    part: str | None = None
    quantity: Quantity | None = field(default=None, compare=False, repr=False)

    def to_json(self) -> dict[str, Any]:
        """The receipt as plain JSON values; `from_json` reads them back."""
        plain = {one.name: getattr(self, one.name) for one in fields(self)}
        del plain["quantity"]
        if self.range_kind == _ROUNDING:
            del plain["range_kind"]
        for name in WORKING:
            if not plain[name]:
                del plain[name]
        for name in _PLACES:
            if plain[name] is None:
                del plain[name]
        return json.loads(json.dumps(plain))

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Receipt:
        """The receipt that `to_json` wrote; it has no quantity.

        Raises
        ------
        TypeError
            if a field is missing or unknown
        ValueError
            if the verdict is none of `Verdict`

        >>> stored = {"id": "rain", "kind": "worded", "statement": "It rains", "verdict": "partly"}
        >>> Receipt.from_json(stored).verdict.name
        'PARTLY'
        """
        plain = {k: tuple(v) if isinstance(v, list) else v for k, v in stored.items()}
        return cls(**{**plain, "verdict": Verdict(stored["verdict"])})

    def readable(self) -> str:
        """The number in words a reader of English can read: "602 million (printed 6.02亿)"."""
        own = self.inputs[0] if len(self.inputs) == 1 and not self.formula else {}
        return own.get("shown") or self.shown

    def facts(self) -> dict[str, Fact]:
        """What the receipt says below its statement, by name, in order; what is empty is left out.

        A surface takes the names it has room for.

        >>> rain = Receipt("rain", "numeric", "Rain in May", Verdict.DERIVED, shown="61 mm",
        ...                range="60.5 to 61.5 mm", formula="week 1 + week 2")
        >>> for fact in rain.facts().values():
        ...     print(fact.label, "|", fact.text)
        Recomputed | 61 mm
        Range from rounding | 60.5 to 61.5 mm
        Formula | week 1 + week 2
        """
        rows = (
            Fact("published", "Printed", "Printed", self.published),
            Fact("shown", *2 * ("Recomputed" if self.formula else "Value",), (self.shown,)),
            self._range(),
            Fact("passes", "Would pass", "Would pass", (self.passes or "",)),
            Fact("formula", "Formula", "Formula", (self.formula or "",)),
            Fact("inputs", "Inputs", "Inputs", self._inputs()),
            Fact("grounds", "Decided by", "Grounds", tuple(g["text"] for g in self.grounds)),
            Fact("because", "Rests on", "Rests on", self.because, ", "),
            Fact("would_change", "Would change the verdict", "Would change it",
                 (self.would_change or "",)),
            Fact("note", "Note", "", (self.note or "",)),
            Fact("seeds", "Said in", "Said in", self.seeds, ", "),
            Fact("sources", "Sources", "Sources" if len(self.sources) > 1 else "Source",
                 self.sources, ", "),
            Fact("where", "Chapter", "Chapter", (self.where or "",)),
        )  # fmt: skip
        return {row.name: row for row in rows if row.text}

    def _range(self) -> Fact:
        kind = self.range_kind
        label = f"Range {kind}" if kind.startswith("from ") else f"Range ({kind})"
        label = "Range" if kind == NO_RANGE else label
        told = self.range if kind and self.range != self.shown else ""
        return Fact("range", label, kind[:1].upper() + kind[1:], (told,))

    def _inputs(self) -> tuple[str, ...]:
        return tuple(f"{i['label']} = {i['printed']}" for i in self.inputs if self.formula)

    def __str__(self) -> str:
        line = f"{self.id}: {self.verdict}. {self.statement}."
        if self.shown:
            line += f" {self.shown}"
        if "range" in self.facts():
            line += f" ({self.range})"
        if self.published and self.kind != "published":
            line += f"; printed: {'; '.join(self.published)}"
        return line

    def _repr_mimebundle_(self, include=None, exclude=None):
        DISPLAYED[self.id] = self
        return {RECEIPT: self.to_json(), "text/html": self._html(), "text/plain": str(self)}

    def _html(self) -> str:
        cells = "".join(
            f"<tr><th scope='row'>{html.escape(fact.label)}</th><td>{html.escape(fact.text)}</td></tr>"
            for fact in self.facts().values()
            if fact.name not in ("because", "seeds", "where")
        )
        head = f"<b>{html.escape(self.verdict.capitalize())}.</b> {html.escape(self.statement)}"
        return f"<table><caption>{head}</caption><tbody>{cells}</tbody></table>"
