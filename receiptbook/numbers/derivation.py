"""What a derivation says: its value, its exact range over all inputs, its formula in symbols.

A derivation is a tree. A node has `op` ("+", "-", "*", "/", "**", "neg"; "input" or "computed" for a
leaf) and `args`, which are nodes or plain numbers (Fraction). A leaf has a `key`, by which the same
figure is known where it stands twice, and `own`, its value and interval.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import product

from receiptbook.numbers.errors import QuantityError
from receiptbook.numbers.intervals import Interval, hull
from receiptbook.numbers.words import exact

_ZERO, _ONE = Interval.point(Fraction(0)), Interval.point(Fraction(1))
_RANK = {"+": 1, "-": 1, "*": 2, "/": 2, "neg": 3, "**": 4}
_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "/"}


def leaves(node) -> Iterator:
    """The leaves below a node, in order; a figure that stands twice comes twice."""
    if node.is_leaf:
        yield node
        return
    for arg in node.args:
        if not isinstance(arg, Fraction):
            yield from leaves(arg)


def over(node, box: Mapping[object, Interval]) -> Interval:
    """The interval of a node where each leaf lies in its interval of the `box`, by interval arithmetic.

    It encloses the range and is exact where no leaf stands twice.

    Raises QuantityError if a denominator may be zero.
    """
    if isinstance(node, Fraction):
        return Interval.point(node)
    if node.is_leaf:
        return box[node.key]
    match node.op, [over(arg, box) for arg in node.args]:
        case "neg", [a]:
            return -a
        case "+", [a, b]:
            return a + b
        case "-", [a, b]:
            return a - b
        case "*", [a, b]:
            return a * b
        case "/", [a, b]:
            return a / b
        case "**", [a, b]:
            return a.power(b.lower)
    raise ValueError(f"no operation {node.op!r}")


def value_of(node) -> Fraction:
    """The node's value where each leaf has its own central value.

    Raises QuantityError for a division by zero.
    """
    if node.is_leaf:
        return node.own[0]
    return over(node, {leaf.key: Interval.point(leaf.own[0]) for leaf in leaves(node)}).lower


def range_of(node) -> Interval:
    """The range of a node over all leaves within their intervals.

    It is exact where each leaf stands once; where the node is a quotient of sums and products in which
    each repeated leaf has degree one; and where it rises or falls throughout in each repeated leaf. A
    repeated leaf without bounds gives an enclosure.

    Raises
    ------
    QuantityError
        if a denominator may be zero, or if none of these rules finds the range
    """
    if node.is_leaf:
        return node.own[1]
    box = {leaf.key: leaf.own[1] for leaf in leaves(node)}
    keys = [leaf.key for leaf in leaves(node)]
    repeated = [key for key in box if keys.count(key) > 1]
    everywhere = over(node, box)
    if not repeated or not all(box[key].bounded for key in repeated):
        return everywhere
    if len(repeated) <= 8 and all(max(_degrees(node, key)) <= 1 for key in repeated):
        # With all others fixed, (a + b x) / (c + d x) rises or falls throughout in x: the extremes
        # lie at corners.
        corners = product(*(box[key].ends for key in repeated))
        return hull(over(node, box | dict(zip(repeated, ends, strict=True))) for ends in corners)
    low, high = dict(box), dict(box)
    for key in repeated:
        slope = _slope(node, box, key)
        if slope.lower >= 0:
            low[key], high[key] = box[key].ends
        elif slope.upper <= 0:
            high[key], low[key] = box[key].ends
        else:
            raise QuantityError(
                f"range not worked out: {formula(node)} neither rises nor falls throughout in {key!r}, "
                "which stands in it more than once; give its range with computed(…, lower=, upper=)"
            )
    bottom, top = over(node, low), over(node, high)
    return Interval(bottom.lower, top.upper, bottom.lower_open, top.upper_open)


def _slope(node, box: Mapping[object, Interval], key) -> Interval:
    """An enclosure of the derivative with respect to one leaf over a box (forward mode)."""
    if isinstance(node, Fraction):
        return _ZERO
    if node.is_leaf:
        return _ONE if node.key == key else _ZERO
    values = [over(arg, box) for arg in node.args]
    slopes = [_slope(arg, box, key) for arg in node.args]
    match node.op, values, slopes:
        case "neg", _, [da]:
            return -da
        case "+", _, [da, db]:
            return da + db
        case "-", _, [da, db]:
            return da - db
        case "*", [a, b], [da, db]:
            return da * b + a * db
        case "/", [a, b], [da, db]:
            return da / b - a * db / b.power(Fraction(2))
        case "**", [a, n], [da, _]:
            return n * a.power(n.lower - 1) * da if n.lower else _ZERO
    raise ValueError(f"no operation {node.op!r}")


def _degrees(node, key) -> tuple[int, int]:
    """Degrees in one leaf of numerator and denominator, with the node written as one fraction."""
    if isinstance(node, Fraction):
        return 0, 0
    if node.is_leaf:
        return int(node.key == key), 0
    parts = [_degrees(arg, key) for arg in node.args]
    (a, b), (c, d) = parts[0], parts[-1]
    match node.op:
        case "neg":
            return a, b
        case "+" | "-":
            return max(a + d, c + b), b + d
        case "*":
            return a + c, b + d
        case "/":
            return a + d, b + c
    return (99, 99) if a or b else (0, 0)  # a power is left to its slope


def formula(node, outer: int = 0, name: Callable[[object], str] | None = None) -> str:
    """The derivation in symbols; `outer` is the rank of the operation around it, for brackets.

    name : tells what stands for a leaf, in place of its label
    """
    if isinstance(node, Fraction):
        return exact(node)
    if node.is_leaf:
        if name:
            return name(node)
        text = node.label or node.printed
        binding = [" + ", " − "] + [" × ", " / "] * (outer > 2)
        loose = node.op == "computed" and outer > 1 and any(sign in text for sign in binding)
        return f"({text})" if loose else text
    op, rank = node.op, _RANK[node.op]
    parts = [
        formula(arg, rank + (op == "**" or (i > 0 and op in "-/")), name)
        for i, arg in enumerate(node.args)
    ]
    if op == "neg":
        text = "−" + parts[0]
    elif op == "**":
        text = f"{parts[0]}^{parts[1] if '/' not in parts[1] else f'({parts[1]})'}"
    else:
        text = f" {_SIGNS[op]} ".join(parts)
    return f"({text})" if rank < outer else text


def expression(node, name: Callable[[object], str], outer: int = 0) -> str:
    """The derivation in the language of the tables, from which it can be read back; see `evaluate`.

    name : tells what stands for a leaf
    outer : the rank below which it needs brackets

    >>> from receiptbook.numbers import published
    >>> users = published("602 million", "persons", id="users")
    >>> expression(users * Fraction(1, 3) - 1.5 * users, lambda leaf: leaf.id)
    'users * ( 1 / 3 ) - 1.5 * users'
    """
    if isinstance(node, Fraction):
        text = exact(node)
        return f"( {node.numerator} / {node.denominator} )" if "/" in text or "e" in text else text
    if node.is_leaf:
        return name(node)
    op, args = ("*", (Fraction(-1), *node.args)) if node.op == "neg" else (node.op, node.args)
    rank = _RANK[op]
    first, second = (expression(arg, name, rank + (n or op == "**")) for n, arg in enumerate(args))
    text = f"{first} {op} {second}"
    return f"( {text} )" if rank < outer else text
