"""One NumPy function, three evaluations: NumPy, Vega and JavaScript agree or nothing is emitted."""

import ast
import math
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
import vl_convert
from chromium import chromium
from yardstick import largest

from receiptbook.explorers import trace as tracer
from receiptbook.explorers.trace import (
    Term,
    TraceError,
    identifier,
    javascript,
    recording,
    stored,
    trace,
    vega,
)


def ratio(a, b, t):
    return 100 * a / b + t - -a


def curve(a, b, t):
    return a / (1 + np.exp(-b * (t - 1.5)))


def pieces(a, b, t):
    return np.where((t < 1) & (a > 2) | ~(b >= 1), np.minimum(a, t), np.maximum(b, t) ** 2)


def chosen(a, b, t):
    return np.select([t < 1, t < 2, a != b], [a, b * t, np.sqrt(a)], default=np.abs(-t))


def clipped(a, b, t):
    return np.clip(a * t, 1, 3) + np.log(b) * np.floor(t) - np.ceil(a) + np.power(a, 0.3)


def guarded(a, b, t):
    return np.where(np.isfinite(np.log(t - 1)), np.log(np.maximum(t - 1, 1e-9)), np.square(b))


def units(a, b, t):
    return np.reciprocal(b) + 1e-7 * a + 12345678.9 * t + 1e21 + (+a) + np.sin(t) * np.cos(a)


MODELS = [ratio, curve, pieces, chosen, clipped, guarded, units]
RNG = np.random.default_rng(602)
POINTS = [
    {k: float(v) for k, v in zip("abt", row, strict=True)}
    for row in RNG.uniform(0.1, 4, size=(40, 3))
]


def by_vega(text, points):
    """The values of a Vega expression at each point, evaluated by Vega itself."""
    spec = {
        "data": [
            {
                "name": "p",
                "values": points,
                "transform": [{"type": "formula", "as": "v", "expr": text}],
            }
        ],
        "marks": [
            {
                "type": "symbol",
                "from": {"data": "p"},
                "encode": {"enter": {"description": {"signal": "'' + datum.v"}}},
            }
        ],
    }
    scene = vl_convert.vega_to_scenegraph(spec)["scenegraph"]
    found = []

    def walk(node):
        if isinstance(node, dict):
            if "description" in node and "marktype" not in node:
                found.append(float(node["description"].replace("Infinity", "inf")))
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(scene)
    assert len(found) == len(points)
    return found


@pytest.mark.parametrize("model", MODELS, ids=lambda f: f.__name__)
def test_vega_and_numpy_agree_to_the_last_digits(model):
    recorded = trace(model, (), data="abt")
    for point, got in zip(POINTS, by_vega(vega(recorded), POINTS), strict=True):
        want, peak = largest(recorded, point)
        assert got == pytest.approx(float(want), abs=1e-12 * peak)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert float(want) == float(model(**{k: np.float64(v) for k, v in point.items()}))


@pytest.fixture(scope="module")
def browser():
    with chromium() as session:
        yield session.new_page()


@pytest.mark.parametrize("model", MODELS, ids=lambda f: f.__name__)
def test_javascript_and_numpy_agree_to_the_last_digits(model, browser):
    recorded = trace(model, "abt")
    script = f"ps => ps.map(({{a, b, t}}) => {javascript(recorded)})"
    for point, got in zip(POINTS, browser.evaluate(script, POINTS), strict=True):
        want, peak = largest(recorded, point)
        assert got == pytest.approx(float(want), abs=1e-12 * peak)


def with_if(a):
    return a if a > 2 else 0


def with_and(a):
    return (a > 1) and (a < 2)


def with_chain(a):
    return 1 < a < 2


def with_loop(a):
    return sum(x for x in a)


REFUSED = {
    "if": (with_if, "np.where"),
    "and": (with_and, "& and |"),
    "a chain": (with_chain, "a < x"),
    "not": (lambda a: not a, "~"),
    "builtin min": (lambda a: min(a, 2), "np.minimum"),
    "builtin max": (lambda a: max(2, a), "np.maximum"),
    "math.exp": (lambda a: math.exp(a), "np.exp"),
    "math.floor": (lambda a: math.floor(a), "math"),
    "float": (lambda a: float(a), "float()"),
    "int": (lambda a: int(a), "int()"),
    "round": (lambda a: round(a, 1), "round()"),
    "a loop": (with_loop, "no loops"),
    "an index": (lambda a: a[0], "no loops"),
    "an array": (lambda a: np.array([a, a]), "array"),
    "a list": (lambda a: np.add(a, [1, 2]), "list"),
    "cumsum": (lambda a: np.cumsum(a), "np.cumsum"),
    "np.sum": (lambda a: np.sum(a), "np.sum"),
    "reduce": (lambda a: np.add.reduce(a), "reduce"),
    "out": (lambda a: np.exp(a, where=True), "where"),
    "expm1": (lambda a: np.expm1(a), "np.exp(x) - 1"),
    "log1p": (lambda a: np.log1p(a), "np.log"),
    "rint": (lambda a: np.rint(a), "np.floor"),
    "np.round": (lambda a: np.round(a), "np.round"),
    "remainder": (lambda a: a % 2, "np.floor"),
    "floor division": (lambda a: a // 2, "np.floor"),
    "heaviside": (lambda a: np.heaviside(a, 1), "np.exp"),
    "matrix product": (lambda a: a @ a, "matmul"),
    "formatting": (lambda a: f"{a:.1f}", "number yet"),
    "None": (lambda a: None, "NoneType"),
}


@pytest.mark.parametrize(("model", "hint"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_translated_is_refused_with_a_way_out(model, hint):
    with pytest.raises(TraceError) as refusal:
        trace(model, ["a"])
    assert hint in str(refusal.value)


@pytest.mark.parametrize("name", ["E", "datum", "in", "class", "a-b", "2a", "", "width", "Math"])
def test_a_name_that_the_browser_reads_otherwise_is_refused(name):
    with pytest.raises(TraceError, match="cannot name a variable"):
        identifier(name)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-1, "(-1)"),
        (1e-7, "1e-07"),
        (True, "true"),
        (math.inf, "(1/0)"),
        (-math.inf, "(-1/0)"),
        (math.nan, "(0/0)"),
        (2.0, "2"),
        (0.1, "0.1"),
        (np.float64(0.5), "0.5"),
        ("a'\"", '"a\'\\""'),
        (10**20, "100000000000000000000"),
        (np.array(3.0), "3"),
    ],
)
def test_constants_print_as_both_languages_read_them(value, text):
    assert vega(trace(lambda: value, [])) == javascript(trace(lambda: value, [])) == text


def test_text_is_compared_as_text():
    recorded = trace(lambda base: np.where(base == "all", 1, 2), ["base"])
    assert javascript(recorded) == '((base==="all")?1:2)'
    assert [largest(recorded, {"base": b})[0] for b in ("all", "none")] == [1, 2]


@pytest.mark.parametrize("model", MODELS, ids=lambda f: f.__name__)
def test_a_recording_that_was_stored_computes_the_same_to_the_last_digit(model):
    recorded = trace(model, "ab", "t")
    again = recording(stored(recorded), "abt")
    assert javascript(again) == javascript(recorded)
    for point in POINTS:
        assert largest(again, point) == largest(recorded, point)


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, 1 / 3, 1e300, 10**20, True])
def test_every_number_comes_back_from_its_stored_form(value):
    with np.errstate(all="ignore"):
        assert largest(recording(stored(value), ()), {})[0] == pytest.approx(
            value, rel=0, nan_ok=True
        )


def test_mappings_keep_their_names_and_rows_their_fields():
    recorded = trace(lambda k, t: {"y": k * t, "half": 0.5}, ["k"], ["t"])
    assert vega(recorded["y"]) == "(k * datum.t)"
    assert javascript(recorded["y"]) == "(k*t)"
    assert recorded["half"] == 0.5


def test_the_yardstick_is_the_largest_term_on_the_way():
    value, peak = largest(trace(lambda a: (a + 1e6) - 1e6, ["a"]), {"a": 1.0})
    assert (float(value), peak) == (1.0, 1e6 + 1)


@pytest.mark.parametrize(
    ("model", "a", "peak"),
    [
        (lambda a: a, -5.0, 5),
        (lambda a: -a, 5.0, 5),
        (lambda a: a * 3, -2.0, 6),
        (lambda a: np.minimum(a, 1), -7.0, 7),
        (lambda a: np.where(a < 0, a, 9), -4.0, 4),
    ],
)
def test_the_yardstick_of_a_negative_number_is_its_size(model, a, peak):
    assert largest(trace(model, ["a"]), {"a": a})[1] == peak


def test_the_branch_not_taken_does_not_count():
    recorded = trace(lambda a: np.where(a > 0, a, 1e9 / a), ["a"])
    assert largest(recorded, {"a": 2.0}) == (2.0, 2.0)


def test_the_tracer_itself_needs_nothing_but_numpy():
    tree = ast.parse(Path(tracer.__file__).read_text("utf-8"))
    froms = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    names = {a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names}
    assert {top.partition(".")[0] for top in froms | names} - sys.stdlib_module_names == {"numpy"}


def test_a_term_shows_its_expression():
    assert repr(trace(lambda a: a + 1, ["a"])) == "Term((a + 1))"
    assert isinstance(trace(lambda a: +a, ["a"]), Term)
