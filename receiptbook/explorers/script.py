"""An explorer's formulas as a classic script for its page.

The script hands the page's runtime, ``site/assets/scenario.js``, one object; the order in which the
two are loaded does not matter.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from receiptbook.explorers.parts import ScenarioError, unit_suffix
from receiptbook.explorers.trace import FUNCTIONS, OPERATORS, TESTS, TraceError, identifier

TOKEN = re.compile(
    r'"(?:[^"\\]|\\.)*"|[^\W\d][\w.]*|\d+(?:\.\d+)?(?:e[+-]?\d+)?|'
    r"===|!==|<=|>=|&&|\|\||[-+*/<>!?:(),\[\]]|\s+"
)
CALLS = {*(f"Math.{name}" for name in FUNCTIONS.values()), *TESTS.values()}
CONSTANTS = {"true", "false"}
COMPARISONS = {"===", "!=="}
BINARY = {*OPERATORS.values()}


def page_script(explorer: Mapping) -> str:
    """One call that hands the runtime the explorer, its formulas as plain functions.

    explorer: the page data that `receiptbook.explorers.vega` stores in the chart.

    Raises
    ------
    ScenarioError
        if a stored formula is not arithmetic on the explorer's names
    """
    frames = explorer["frames"]
    inputs = [p["name"] for p in explorer["parameters"]] + [n for f in frames for n in f["numbers"]]
    names = inputs + [o["name"] for o in explorer["outputs"]]

    def function(expression: str, arguments: Sequence[str]) -> str:
        check_formula(expression, arguments, explorer["id"])
        return f"function({','.join(arguments)}){{return {_without_blanks(expression)}}}"

    outputs = ",".join(
        f"[{_json(o['name'])},{o['decimals']},{_json(o['missing'])},"
        f"{function(o['expr']['js'], inputs)},{_json(o['comma'])},{_json(unit_suffix(o['unit']))}]"
        for o in explorer["outputs"]
    )
    words = ",".join(
        f"[{function(w['when'], names) if w['when'] else 0},{_json(w['text'])}]"
        for w in explorer["words"]
    )
    marks = []
    for m in explorer["picture"]["marks"]:
        along = ["t"] if "t" in m else []
        shape = (
            _json([m["follows"], m["at"]])
            if "follows" in m
            else _json(m["frame"])
            if "frame" in m
            else function(m["js"], names + along)
        )
        more = _json(m.get("t", m.get("text", 0)))
        entry = (_json(m["name"]), _json(m["kind"]), f"{m.get('size', 0):g}", shape, more)
        marks.append(f"[{','.join(entry)}]")
    axes = [
        [a["low"], a["high"], int(a["scale"] == "log")]
        for a in (explorer["picture"]["x"], explorer["picture"]["y"])
    ]
    return (
        "(window.receiptbookScenarios=window.receiptbookScenarios||[]).push({"
        f"id:{_json(explorer['id'])},p:{_json([*map(_control, explorer['parameters'])])},"
        f"presets:{_json([p['values'] for p in explorer['presets']])},"
        f"frames:{_json(frames)},out:[{outputs}],say:[{words}],"
        f"x:{_json(axes[0])},y:{_json(axes[1])},"
        f"marks:[{','.join(marks)}]}});\n"
    )


def _control(p: Mapping) -> list:
    """A control by position, as the runtime reads it."""
    only = [p["only"]["name"], p["only"]["values"]] if p.get("only") else 0
    return [
        *(p["name"], p["label"], p["unit"], p["kind"], p["default"]),
        *(p.get(name, 0) for name in ("min", "max", "step", "decimals")),
        [[o["value"], o["label"]] for o in p.get("options", [])],
        p.get("comma", ","),
        only,
        int("receipt" in p),
    ]


def check_formula(expression: str, names: Sequence[str], id: str) -> None:
    """Refuse anything but arithmetic on known names; stored text is not trusted as code.

    There is no member and no index, no call but of `CALLS`, no text but one that is compared, no
    assignment and no comment.

    Raises
    ------
    ScenarioError
        if the expression is anything else, or one of `names` cannot name a variable

    >>> check_formula("((100 * users) / Math.max(base, 1))", ["users", "base"], "demo")
    """
    try:
        for name in names:
            identifier(name)
        _Formula(expression, names).check()
    except (TraceError, ValueError) as wrong:
        raise ScenarioError(
            f"scenario {id!r}: {expression!r} is no plain formula: {wrong}; there are "
            f"{', '.join(names)}"
        ) from None


class _Formula:
    """A formula read from left to right; ValueError at the first thing that has no place in it.

    expression   operand (binary operand)* ["?" expression ":" expression]
    operand      number | constant | name | text | call "(" list ")" | "[" list "]" |
                 "(" ["-" | "!"] expression ")"
    list         [expression ("," expression)*]
    """

    def __init__(self, expression: str, names: Sequence[str]):
        if "".join(found := TOKEN.findall(expression)) != expression:
            raise ValueError("a character in it belongs to no number, name or operator")
        self.tokens = [t for t in found if not t.isspace()] + [""]
        self.names = {*names, *CONSTANTS}
        self.place = 0

    @property
    def token(self) -> str:
        return self.tokens[self.place]

    def take(self, wanted: str = "") -> str:
        token = self.token
        if wanted and token != wanted:
            raise ValueError(f"{token or 'its end'!r} stands where {wanted!r} was expected")
        self.place += 1
        return token

    def check(self) -> None:
        self.expression()
        if self.token:
            raise ValueError(f"{self.token!r} follows what is complete")

    def expression(self) -> None:
        self.operand()
        while self.token in BINARY:
            self.take()
            self.operand()
        if self.token == "?":
            self.take()
            self.expression()
            self.take(":")
            self.expression()

    def operand(self) -> None:
        before, token = self.tokens[self.place - 1], self.take()
        if token == "(":
            if self.token in ("-", "!"):
                self.take()
            self.expression()
            self.take(")")
        elif token == "[":
            self.list_until("]")
        elif token in CALLS:
            self.take("(")
            self.list_until(")")
        elif token.startswith('"'):
            if not COMPARISONS & {before, self.token}:
                raise ValueError(f"the text {token} is not compared")
        elif not (token[:1].isdigit() or token in self.names):
            raise ValueError(f"{token or 'its end'!r} is no number, parameter or output")

    def list_until(self, closing: str) -> None:
        if self.token != closing:
            self.expression()
            while self.token == ",":
                self.take()
                self.expression()
        self.take(closing)


def _without_blanks(expression: str) -> str:
    return "".join(t for t in TOKEN.findall(expression) if not t.isspace())


def _json(value) -> str:
    return json.dumps(
        _whole(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).replace("</", "<\\/")


def _whole(value):
    """Whole numbers without their decimal point."""
    if isinstance(value, Mapping):
        return {k: _whole(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_whole(v) for v in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
