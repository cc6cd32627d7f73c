"""The little language of the tables: arithmetic on ids, printed forms and plain numbers.

    sum     = product, then any number of "+ product" or "- product"
    product = power, then any number of "* power" or "/ power"
    power   = operand, or "operand ** operand"
    operand = "( sum )", or text that holds no operator between blanks and no bracket

Operators stand between blanks, because ids hold hyphens and printed forms hold blanks. A plain number
stands for itself; what any other operand stands for is the caller's to say: a figure's id, a printed form.
"""

from __future__ import annotations

import re
from fractions import Fraction

from receiptbook.numbers import QuantityError

PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
# How a cell begins that a spreadsheet works out: with =, @ or a sign, unless all of it is one number.
FORMULA = re.compile(r"[=@]|[-+](?![\d.,]*\d\s*[%‰]?$)")
OPERATORS = ("+", "-", "*", "/", "**")
_PARTS = re.compile(r"(?<!\S)(\*\*|[-+*/])(?!\S)|([()])")


class ExpressionError(QuantityError):
    """An expression that cannot be read; `reason` is the message without the expression."""

    def __init__(self, text: str, reason: str):
        self.reason = reason
        super().__init__(
            f"cannot read the expression {text!r}: {reason}; write it as 'a / (1 + b)'"
        )


def inert(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula: an apostrophe says that it is text.

    >>> inert("=1+1"), inert("-6.0, -5.0"), inert("-18%"), inert(-6.0), inert(None)
    ("'=1+1", "'-6.0, -5.0", '-18%', -6.0, None)
    """
    return f"'{cell}" if isinstance(cell, str) and FORMULA.match(cell) else cell


def tokens(text: str) -> list[str]:
    """Operands, operators and brackets of an expression, in order.

    >>> tokens("users-2025 / (1 + 6%) ** 2")
    ['users-2025', '/', '(', '1', '+', '6%', ')', '**', '2']
    """
    return [part.strip() for part in _PARTS.split(text) if part and part.strip()]


def evaluate(text: str, operand):
    """The value of an expression; `operand` says what an operand that is no plain number stands for.

    Raises
    ------
    ExpressionError
        if the expression is not well formed, or divides by a plain zero.

    >>> evaluate("a * (b - 1)", {"a": 3, "b": 5}.__getitem__)
    Fraction(12, 1)
    """
    return _Parser(text, operand).read()


class _Parser:
    """One method for each rule of the grammar above; `rest` holds the tokens not yet read."""

    def __init__(self, text: str, operand):
        self.text, self.operand = text, operand
        self.rest = tokens(text)

    def read(self):
        value = self.sum()
        if self.rest:
            raise self.error(f"{self.rest[0]!r} is left over")
        return value

    def error(self, reason: str) -> ExpressionError:
        return ExpressionError(self.text, reason)

    def next_is(self, *wanted: str) -> bool:
        return bool(self.rest) and self.rest[0] in wanted

    def sum(self):
        value = self.product()
        while self.next_is("+", "-"):
            added = self.rest.pop(0) == "+"
            term = self.product()
            value = value + term if added else value - term
        return value

    def product(self):
        value = self.power()
        while self.next_is("*", "/"):
            multiplied = self.rest.pop(0) == "*"
            factor = self.power()
            if not multiplied and factor == 0:
                raise self.error("it holds a division by zero")
            value = value * factor if multiplied else value / factor
        return value

    def power(self):
        base = self.atom()
        if self.next_is("**"):
            self.rest.pop(0)
            return base ** self.atom()
        return base

    def atom(self):
        if not self.rest:
            raise self.error("the expression ends where a figure or a number is expected")
        token = self.rest.pop(0)
        if token == "(":
            inside = self.sum()
            if not self.next_is(")"):
                raise self.error("a bracket is not closed")
            self.rest.pop(0)
            return inside
        if token == ")" or token in OPERATORS:
            raise self.error(f"{token!r} stands where a figure or a number is expected")
        return Fraction(token) if PLAIN_NUMBER.fullmatch(token) else self.operand(token)
