"""A receipt's derivation as an expression over figures, which another reader can work out anew.

An expression is of the language of the tables; an operand is

- the id of a figure of the package,
- a plain number,
- a printed form that belongs to no row, in quotes, with its unit: `'80%' percent`,
- a value that code worked out, in braces: value or value~lower~upper, its unit, what its range is
  (empty if it is from rounding), and the ids of the figures it rests on, parted by bars.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from receiptbook.numbers import Interval, Quantity, published, unit
from receiptbook.numbers.derivation import expression, leaves
from receiptbook.tables import Data, load
from receiptbook.tables.expression import OPERATORS, evaluate, tokens
from receiptbook.tables.relations import RELATIONS, parts


def told(quantity: Quantity) -> str:
    """The expression of a quantity; empty if code worked it out from figures as a whole.

    >>> told(published("80%") * 2 - 1)
    "'80%' percent * 2 - 1"
    """
    if all(leaf.op == "computed" for leaf in leaves(quantity)) and quantity.inputs:
        return ""
    return expression(quantity, _operand)


def _operand(leaf: Quantity) -> str:
    if leaf.is_input and leaf.id and _known(leaf):
        return leaf.id
    if leaf.is_input and not set(OPERATORS) & set(leaf.printed.split()):
        return f"'{leaf.printed}' {leaf.unit.name}"
    value, interval = leaf.own
    ends = (value,) if interval.width == 0 else (value, interval.lower, interval.upper)
    parts = "~".join(map(str, ends)), leaf.unit.name, leaf.spread, *(f.id for f in leaf.inputs)
    return f"{{{'|'.join(parts)}}}"


def _known(leaf: Quantity) -> bool:
    """Does the leaf stand in the package as it is?"""
    tables = load()
    return leaf.id in tables and tables[leaf.id].own == leaf.own


def worked_out(text: str, tables: Data) -> Quantity:
    """The quantity that an expression of `told` stands for over some tables.

    Raises
    ------
    QuantityError
        if it has no value over these tables, as where a range includes zero
    KeyError
        if a figure is not in the tables
    """

    known: dict[str, Quantity] = {}

    def operand(token: str) -> Quantity:
        if token not in known:
            known[token] = _leaf(token, tables)
        return known[token]

    return evaluate(text, operand)


def _leaf(token: str, tables: Data) -> Quantity:
    if quoted := re.fullmatch(r"'(.+)' (.+)", token):
        return published(*quoted.groups())
    if not token.startswith("{"):
        return tables[token]
    ends, name, spread, *ids = token[1:-1].split("|")
    value, lower, upper = map(Fraction, (ends.split("~") * 3)[:3])
    inputs = tuple(tables[id] for id in ids if id in tables)
    given = value, Interval(lower, upper)
    return Quantity(unit(name), "computed", inputs, given=given, spread=spread)


@lru_cache(maxsize=4096)
def figures_of(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Ids that an expression names: those it computes with, and those behind a value in braces.

    >>> [sorted(ids) for ids in figures_of("users / {7/10|percent||share}")]
    [['users'], ['share']]
    """
    named: set[str] = set()
    behind: set[str] = set()
    for token in tokens(text):
        if token.startswith("{"):
            behind.update(filter(None, token[1:-1].split("|")[3:]))
        elif re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", token):
            named.add(token)
    return frozenset(named), frozenset(behind)


def holds(test: str, tables: Data) -> bool:
    """Does a comparison of two expressions of `told` hold over some tables?"""
    first, relation, second = parts(test)
    return RELATIONS[relation](
        worked_out(first, tables).interval, worked_out(second, tables).interval
    )
