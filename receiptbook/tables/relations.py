"""How two ranges may stand to each other, and the comparisons that say so.

A comparison has an expression on either side of a relation: "users / people above 2 * share". Guards of
the tables are written so, and the grounds of verdicts are stored so.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from receiptbook.numbers import Interval, QuantityError


def _above(a: Interval, b: Interval) -> bool:
    return a.lower >= b.upper and not a.meets(b)


#: Each relation of two ranges. "above" and "below" are of every number of one and every number of
#: the other: "more than 5" is above 5.
RELATIONS: dict[str, Callable[[Interval, Interval], bool]] = {
    "above": _above,
    "below": lambda a, b: _above(b, a),
    "meets": lambda a, b: a.meets(b),
    "misses": lambda a, b: not a.meets(b),
}
_WORDS = {"meets": "compatible with", "misses": "incompatible with"}
_COMPARISON = re.compile(rf"(.+) ({'|'.join(RELATIONS)}) (.+)")
PRESENCE = re.compile(r"(present|absent) (\S+)")


def parts(text: str) -> tuple[str, str, str]:
    """The two expressions of a comparison, with the relation between them.

    Raises QuantityError if the text compares nothing.

    >>> parts("users / people above 2 * share")
    ('users / people', 'above', '2 * share')
    """
    if match := _COMPARISON.fullmatch(text):
        return match[1], match[2], match[3]
    raise QuantityError(f"cannot read the guard {text!r}: it holds none of {', '.join(RELATIONS)}")


def sides(text: str) -> tuple[str, ...]:
    """The two expressions of a comparison; none of a text that compares nothing.

    >>> sides("users / people above {1|times|}"), sides("present users")
    (('users / people', '{1|times|}'), ())
    """
    return parts(text)[::2] if is_comparison(text) else ()


def is_comparison(text: str) -> bool:
    """Whether a text compares two expressions."""
    return bool(_COMPARISON.fullmatch(text))


def in_words(first: str, relation: str, second: str) -> str:
    """A comparison as a sentence tells it.

    >>> in_words("A", "above", "B"), in_words("A", "meets", "B")
    ('A is above B', 'A is compatible with B')
    """
    return f"{first} is {_WORDS.get(relation, relation)} {second}"
