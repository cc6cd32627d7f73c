"""From a NumPy function to the expression a browser evaluates.

`trace(f, ("ceiling", "speed"))` calls ``f`` with stand-ins that record, through NumPy's own
dispatch (``__array_ufunc__``, ``__array_function__``), what is done to them. The recording prints
as a Vega expression and as JavaScript. Whatever it cannot translate raises TraceError with a way
out; nothing is ever translated approximately.

`stored` writes a recording down and `recording` reads it again. What is read holds operations of
the tables below, numbers and known names, so that what it prints cannot be anything but arithmetic.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np


class TraceError(TypeError):
    """A model does something that a browser expression cannot; the message says what to write."""


#: np.ufunc -> (function name, shared by Vega and JavaScript's Math)
FUNCTIONS = {
    np.exp: "exp",
    np.log: "log",
    np.sqrt: "sqrt",
    np.absolute: "abs",
    np.floor: "floor",
    np.ceil: "ceil",
    np.power: "pow",
    np.float_power: "pow",
    np.minimum: "min",
    np.maximum: "max",
    np.sin: "sin",
    np.cos: "cos",
    np.tan: "tan",
}
TESTS = {np.isfinite: "isFinite", np.isnan: "isNaN"}
OPERATORS = {
    np.add: "+",
    np.subtract: "-",
    np.multiply: "*",
    np.true_divide: "/",
    np.less: "<",
    np.less_equal: "<=",
    np.greater: ">",
    np.greater_equal: ">=",
    np.equal: "===",
    np.not_equal: "!==",
    np.logical_and: "&&",
    np.logical_or: "||",
    np.bitwise_and: "&&",
    np.bitwise_or: "||",
}
SIGNS = {np.negative: "neg", np.logical_not: "!", np.invert: "!"}
NAMES = {**FUNCTIONS, **TESTS, **OPERATORS, **SIGNS}
#: how many things each operation takes
ARITY = {"?": 3, **{name: function.nin for function, name in NAMES.items()}}
COMPARISONS = {OPERATORS[np.equal], OPERATORS[np.not_equal]}  # which take text too
HINTS = {
    np.expm1: "write np.exp(x) - 1 and mind the digits near zero",
    np.log1p: "write np.log(1 + x) and mind the digits near zero",
    np.tanh: "write it with np.exp",
    np.rint: "browsers round halves up; write np.floor(x + 0.5)",
    np.remainder: "browsers give % another sign; write x - y * np.floor(x / y)",
    np.floor_divide: "write np.floor(x / y)",
    np.log10: "write np.log(x) / np.log(10)",
    np.log2: "write np.log(x) / np.log(2)",
}
#: names that Vega or JavaScript would read as something else
TAKEN = frozenset(
    re.findall(
        r"\w+",
        """
    E PI LN2 LN10 LOG2E LOG10E SQRT1_2 SQRT2 MAX_VALUE MIN_VALUE NaN Infinity undefined datum event
    item parent group view width height padding autosize background cursor arguments await break
    case catch class const continue debugger default delete do else enum eval export extends false
    finally for function if implements import in instanceof interface let new null package private
    protected public return static super switch this throw true try typeof var void while with
    yield Math isFinite isNaN
""",
    )
)


class Term(np.lib.mixins.NDArrayOperatorsMixin):
    """One recorded operation: `op` and its `args` (terms, numbers, booleans or text)."""

    __slots__ = ("args", "op")
    __array_priority__ = 1000
    __hash__ = object.__hash__

    def __init__(self, op: str, *args):
        self.op, self.args = op, args

    def __repr__(self) -> str:
        return f"Term({vega(self)})"

    def __bool__(self):
        raise TraceError(
            "a traced value has no truth value yet: write np.where(test, a, b) for "
            "if, & and | and ~ for and, or, not, np.minimum and np.maximum for min "
            "and max, and (a < x) & (x < b) for a < x < b"
        )

    def _no_number(self, *_):
        raise TraceError(
            "a traced value has no number yet: use np.exp, np.log, ... instead of "
            "math.*, and leave out float(), int() and round()"
        )

    __float__ = __int__ = __index__ = __complex__ = __format__ = _no_number
    __round__ = __floor__ = __ceil__ = __trunc__ = _no_number

    def _no_sequence(self, *_):
        raise TraceError(
            "a traced value is one number: no loops, sums or unpacking; write a "
            "closed form, or store frames"
        )

    __iter__ = __len__ = __getitem__ = _no_sequence

    def __array__(self, *args, **kwargs):
        raise TraceError("a traced value cannot be put into an array; use it as it is")

    def __array_ufunc__(self, ufunc, method, *args, **kwargs):
        if method != "__call__" or kwargs:
            raise TraceError(
                f"np.{ufunc.__name__}.{method} with {sorted(kwargs)} has no "
                "counterpart in the browser; use plain calls"
            )
        if ufunc in NAMES:
            return Term(NAMES[ufunc], *map(_constant, args))
        if ufunc is np.positive:
            return args[0]
        if ufunc is np.square:
            return Term("pow", *args, 2)
        if ufunc is np.reciprocal:
            return Term("/", 1, *args)
        hint = HINTS.get(ufunc, "use " + ", ".join(sorted(f"np.{f.__name__}" for f in FUNCTIONS)))
        raise TraceError(f"np.{ufunc.__name__} has no counterpart in the browser: {hint}")

    def __array_function__(self, function, types, args, kwargs):
        if function is np.where and len(args) == 3 and not kwargs:
            return Term("?", *map(_constant, args))
        if function is np.clip and len(args) == 3 and not kwargs:
            value, low, high = map(_constant, args)
            return Term("min", Term("max", value, low), high)
        if function is np.select and len(args) >= 2:
            tests, values = args[:2]
            result = args[2] if len(args) > 2 else kwargs.get("default", 0)
            for test, value in reversed(list(zip(tests, values, strict=True))):
                result = Term("?", _constant(test), _constant(value), _constant(result))
            return result
        raise TraceError(
            f"np.{function.__name__} has no counterpart in the browser: use np.where, "
            "np.select, np.clip or arithmetic on single numbers"
        )


def _constant(value):
    if isinstance(value, Term):
        return value
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value.item()
    if isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple, dict, set, np.ndarray)):
        raise TraceError(
            f"a {type(value).__name__} has no counterpart in the browser; use single "
            "numbers and np.select"
        )
    if hasattr(value, "__float__"):
        return float(value)
    raise TraceError(f"a {type(value).__name__} has no counterpart in the browser")


def identifier(name: str) -> str:
    """`name` if both languages read it as a variable, else TraceError."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name) or name in TAKEN:
        raise TraceError(
            f"{name!r} cannot name a variable in the browser; choose another name of "
            "letters, digits and underscores"
        )
    return name


def trace(function: Callable, names: Sequence[str], data: Sequence[str] = ()):
    """Call `function` by keyword with stand-ins for `names`; return what it returns, recorded.

    Names in `data` are fields of a row rather than parameters: Vega prints them as ``datum.t``.
    The function may return one value, or a mapping or sequence of them; a plain number stays one.
    """
    stand_ins = {n: Term("name", identifier(n)) for n in names}
    stand_ins |= {n: Term("datum", identifier(n)) for n in data}
    return _checked(function(**stand_ins))


def _checked(result):
    if isinstance(result, Mapping):
        return {k: _checked(v) for k, v in result.items()}
    if isinstance(result, (list, tuple)):
        return type(result)(_checked(v) for v in result)
    return _constant(result)


def _number(value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, float) and not math.isfinite(value):
        return "(0/0)" if math.isnan(value) else "(1/0)" if value > 0 else "(-1/0)"
    text = repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    return f"({text})" if text.startswith("-") else text


def _print(node, functions: str, datum: str, gap: str) -> str:
    if isinstance(node, (list, tuple)):
        return f"[{f',{gap}'.join(_print(n, functions, datum, gap) for n in node)}]"
    if not isinstance(node, Term):
        return _number(node)
    if node.op in ("name", "datum"):
        return (datum if node.op == "datum" else "") + node.args[0]
    args = [_print(a, functions, datum, gap) for a in node.args]
    if node.op == "?":
        return f"({args[0]}{gap}?{gap}{args[1]}{gap}:{gap}{args[2]})"
    if node.op == "neg":
        return f"(-{args[0]})"
    if node.op == "!":
        return f"(!{args[0]})"
    if node.op in FUNCTIONS.values():
        return f"{functions}{node.op}({f',{gap}'.join(args)})"
    if node.op in TESTS.values():
        return f"{node.op}({args[0]})"
    return f"({args[0]}{gap}{node.op}{gap}{args[1]})"


def vega(node) -> str:
    """The recording as a Vega expression."""
    return _print(node, "", "datum.", " ")


def javascript(node) -> str:
    """The recording as a JavaScript expression without blanks; rows' fields are plain variables."""
    return _print(node, "Math.", "", "")


def stored(node) -> str:
    """The recording as JSON text, which `recording` reads: an operation before what it takes.

    >>> stored(trace(lambda users, base: np.where(base == "all", users, 1), ["users", "base"]))
    '["?",["===","base",["text","all"]],"users",1]'
    """
    return json.dumps(_plain(node), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _plain(node):
    if isinstance(node, (list, tuple)):
        return ["list", *map(_plain, node)]
    if isinstance(node, str):
        return ["text", node]
    if isinstance(node, float) and not math.isfinite(node):
        return ["/", 0 if math.isnan(node) else math.copysign(1, node), 0]
    if not isinstance(node, Term):
        return node
    return node.args[0] if node.op in ("name", "datum") else [node.op, *map(_plain, node.args)]


def recording(text: str, names: Sequence[str]):
    """What `stored` has written down, rows' fields as names; text is found in comparisons alone.

    Raises
    ------
    TraceError
        if the text is anything but operations on numbers and `names`

    >>> javascript(recording('["/",["*",100,"users"],"base"]', ["users", "base"]))
    '((100*users)/base)'
    """

    def read(node, compared: bool = False):
        match node:
            case bool() | int() | float():
                return node
            case str() if node in names:
                return Term("name", identifier(node))
            case ["text", str(words)] if compared:
                return words
            case ["list", *items]:
                return [read(item) for item in items]
            case [str(op), *args] if len(args) == ARITY.get(op):
                return Term(op, *(read(arg, op in COMPARISONS) for arg in args))
        raise TraceError(f"{json.dumps(node)} is no number, name or operation")

    try:
        tree = json.loads(text)
    except (TypeError, ValueError) as wrong:
        raise TraceError(f"it is no JSON: {wrong}") from None
    return read(tree)
