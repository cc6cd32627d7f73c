"""Verdicts and receipts."""

import json
from dataclasses import replace
from fractions import Fraction as F

import nbformat.v4 as nb
import pytest

from receiptbook.numbers import Interval, UnitError, computed, published, read
from receiptbook.receipts import claims, collect
from receiptbook.receipts.claims import Receipt, Verdict, judge, quoted, receipt
from receiptbook.receipts.rulings import above, below, fact, meets, misses, ruling
from receiptbook.tables import data

VERDICTS = [
    ("inside", (2, 3), "more than 1", Verdict.REPRODUCED),
    ("the same range", (F("0.5"), F("1.5")), "1", Verdict.REPRODUCED),
    ("overlapping", (1, 3), "1", Verdict.CONSISTENT),
    ("wider on both sides", (0, 3), "1", Verdict.CONSISTENT),
    ("apart", (2, 3), "1", Verdict.CONTRADICTED),
    ("touching a closed end", (F("1.5"), 3), "1", Verdict.CONSISTENT),
    ("touching an open end", (0, 1), "more than 1", Verdict.CONTRADICTED),
]


@pytest.mark.parametrize(
    ("name", "ends", "printed", "verdict"), VERDICTS, ids=[v[0] for v in VERDICTS]
)
def test_a_verdict_compares_two_intervals(name, ends, printed, verdict):
    assert judge(Interval(F(ends[0]), F(ends[1])), read(printed).interval) is verdict


@pytest.fixture
def tables():
    return data.load()


RANGES = [
    ("published figures", published("10 million", "persons", sources=["a"]), "Range from rounding"),
    ("a chosen and a published figure",
     published("10", "uses") * published("20%", sources=["a"]), "Range from rounding"),
    ("chosen figures only", published("10", "uses") * published("20%"), ""),
    ("an interval of its source",
     computed(19, "percent", [], "effect", lower=2, upper=39, spread="published 95% interval"),
     "Range (published 95% interval)"),
    ("twice that interval",
     computed(19, "percent", [], "effect", lower=2, upper=39, spread="published 95% interval") * 2,
     "Range (published 95% interval)"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "quantity", "label"), RANGES, ids=[r[0] for r in RANGES])
def test_a_range_is_named_after_what_it_comes_from_and_chosen_figures_have_none(
    name, quantity, label
):
    bundle = receipt("a-range", quantity, "A range")._repr_mimebundle_()
    assert ("Range" in bundle["text/html"]) == bool(label)
    assert label in bundle["text/html"]
    assert (quantity.range_text in bundle["text/plain"]) == bool(label)


def test_a_claim_is_compared_with_its_printed_form_and_shows_what_would_have_passed(tables):
    users = tables.series("genai-users")
    one = receipt("growth-2025", users["2025-12"] / users["2024-12"] - 1)
    assert one.verdict is Verdict.CONSISTENT
    assert one.published == ("141.7 percent",)
    assert (one.passes_lower, one.passes_upper) == (141.65, 141.75)
    assert one.lower < 141.7 < one.upper
    assert one.formula == "users(2025-12) / users(2024-12) − 1"
    assert [i["id"] for i in one.inputs] == ["genai-users-2025-12", "genai-users-2024-12"]
    assert set(one.sources) <= set(tables.sources)


def test_a_claim_with_several_printed_forms_gets_the_weakest_verdict(tables):
    forms = claims.claims()["new-ai-smes-q1-2025"].published
    assert len(forms) == 3
    one = receipt("new-ai-smes-q1-2025", published("254,300", "enterprises", sources=["x"]) * 1)
    assert one.verdict is Verdict.CONTRADICTED  # 254,000 to the last digit excludes it
    assert one.published == forms


def test_a_published_figure_is_stated_and_one_that_nobody_printed_derived(tables):
    assert receipt("users-2025-12", tables["genai-users-2025-12"]).verdict is Verdict.STATED
    shares = tables["genai-users-2025-12"] / tables["internet-users-2025-12"]
    assert receipt("share-of-netizens", shares).verdict is Verdict.DERIVED


def test_a_published_figure_that_misses_the_claim_contradicts_it(tables):
    assert receipt("users-2025-12", tables["genai-users-2025-06"]).verdict is Verdict.CONTRADICTED


def test_a_quoted_row_needs_no_cell(tables):
    one = quoted("genai-users-2024-12")
    assert (one.verdict, one.kind) == (Verdict.STATED, "published")
    assert one.statement.endswith("December 2024")


def test_comparing_points_with_percent_is_refused_in_words(tables):
    rates = tables.series("genai-rate")
    with pytest.raises(UnitError, match="percentage points"):
        receipt("growth-2025", rates["2025-12"] - rates["2024-12"])


def test_a_receipt_without_a_claim_needs_a_statement(tables):
    with pytest.raises(claims.ClaimError, match="statement"):
        receipt("no-such-claim", tables["genai-users-2025-12"])


GROUNDS = [
    ("certain", above, "602 million", "515 million", True),
    ("overlapping ranges decide nothing", above, "602 million", "6.0亿", False),
    ("wrong way round", above, "515 million", "602 million", False),
    ("below", below, "515 million", "602 million", True),
    ("compatible", meets, "602 million", "6.0亿", True),
    ("incompatible", misses, "602 million", "515 million", True),
]


@pytest.mark.parametrize(("name", "test", "a", "b", "holds"), GROUNDS, ids=[g[0] for g in GROUNDS])
def test_a_ground_holds_only_for_the_whole_range(name, test, a, b, holds):
    ground = test(published(a, "persons", label="a"), published(b, "persons", label="b"))
    assert ground.holds is holds


EDGES = [
    ("ranges that touch decide nothing", above, "5", "4", False),
    ("nor the other way", below, "4", "5", False),
    ("ranges that touch have a value in common", meets, "5", "4", True),
    ("two apart", above, "6", "4", True),
    ("what is printed as more is above", above, "more than 5", "at most 5", True),
    ("and the other is below", below, "at most 5", "more than 5", True),
    ("at least as much is not", above, "at least 5", "at most 5", False),
]


@pytest.mark.parametrize(("name", "test", "a", "b", "holds"), EDGES, ids=[e[0] for e in EDGES])
def test_where_ranges_touch_neither_is_above(name, test, a, b, holds):
    assert test(published(a, "uses", label="a"), published(b, "uses", label="b")).holds is holds


def test_a_plain_number_is_in_the_unit_that_it_is_compared_with():
    rate = published("42.8%", label="rate")
    assert above(rate, 40).holds and below(rate, 43).holds
    assert not above(rate, 42.75).holds
    assert above(rate, 42.7).text == "rate (42.75% to 42.85%) is above 42.70%"


def test_a_number_without_a_range_says_so_and_is_judged_by_nobody():
    loose = computed(1.94, "percentage points", [], "closest on a grid")
    one = receipt("loose", loose, "Closest")
    assert (one.lower, one.upper, one.range) == (None, None, "not worked out")
    assert one.facts()["range"].label == one.facts()["range"].short == "Range"
    assert "Closest (1.94 percentage points, range not worked out)" in above(one, 1).text
    with pytest.raises(claims.ClaimError, match="judged by a range"):
        receipt("loose", loose, "Closest", against=published("1.9 percentage points"))


def test_a_stored_receipt_is_read_back_whole(tables):
    users = tables.series("genai-users")
    one = receipt("growth-2025", users["2025-12"] / users["2024-12"] - 1)
    assert Receipt.from_json(one.to_json()).to_json() == one.to_json()
    assert "where" not in one.to_json()
    assert Receipt.from_json({**one.to_json(), "where": "a.ipynb"}).where == "a.ipynb"
    with pytest.raises(TypeError, match="colour"):
        Receipt.from_json({**one.to_json(), "colour": "red"})


READABLE = [
    ("6.02亿", "persons", "602 million (printed 6.02亿)"),
    ("超70%", "percent", "more than 70% (printed 超70%)"),
    ("6.02亿 / 602 million", "persons", "6.02亿 / 602 million"),
    ("42.8%", "percent", "42.8%"),
]


@pytest.mark.parametrize(("printed", "name", "shown"), READABLE)
def test_a_form_in_chinese_alone_comes_with_its_value(printed, name, shown):
    one = receipt("seen", published(printed, name, sources=["a"]), "Seen")
    assert one.readable() == shown
    assert one.shown == printed


def test_a_ruling_falls_with_its_ground(tables):
    users = tables.series("genai-users")
    ruling(
        "hundreds-of-millions", "supported", [above(users["2025-12"], 200_000_000)],
        would_change="A count below.",
    )  # fmt: skip
    with pytest.raises(claims.ClaimError, match="does not hold"):
        ruling(
            "hundreds-of-millions", "supported", [above(users["2025-12"], 700_000_000)],
            would_change="A count below.",
        )  # fmt: skip


BAD_RULINGS = [
    ("a numeric verdict", {"verdict": "reproduced"}, "worded claim"),
    ("no ground", {"because": []}, "at least one"),
    ("nothing that would change it", {"would_change": " "}, "would change"),
    ("unknown claim without statement", {"id": "nobody-said-this"}, "statement"),
]


@pytest.mark.parametrize(("name", "wrong", "message"), BAD_RULINGS, ids=[b[0] for b in BAD_RULINGS])
def test_a_ruling_that_says_too_little_is_refused(name, wrong, message):
    good = {
        "id": "fast-crossing", "verdict": "supported",
        "because": [fact("shown", "genai-users-2025-12")], "would_change": "Something.",
    }  # fmt: skip
    with pytest.raises(claims.ClaimError, match=message):
        ruling(**{**good, **wrong})


def test_a_fact_names_its_evidence():
    with pytest.raises(claims.ClaimError, match="names no receipt"):
        fact("everybody knows it")


def _notebook(path, *receipts):
    cell = nb.new_code_cell("x", outputs=[
        nb.new_output("execute_result", data=one._repr_mimebundle_(), execution_count=1)
        for one in receipts
    ])  # fmt: skip
    path.write_text(json.dumps(nb.new_notebook(cells=[cell])), "utf-8")


def test_receipts_are_collected_with_the_chapter_that_holds_them(tmp_path):
    _notebook(tmp_path / "a.ipynb", quoted("genai-users-2025-12"))
    found = collect.stored_receipts([tmp_path / "a.ipynb"])
    assert found["genai-users-2025-12"]["where"] == "a.ipynb"


def test_a_notebook_that_is_stored_anew_is_read_anew(tmp_path):
    one, path = quoted("genai-users-2025-12"), tmp_path / "a.ipynb"
    for shown in (one, replace(one, statement="Another statement")):
        _notebook(path, shown)
        (stored,) = collect.stored_receipts([path]).values()
        assert stored["statement"] == shown.statement


def test_two_receipts_with_one_id_are_refused(tmp_path):
    for name in ("a", "b"):
        _notebook(tmp_path / f"{name}.ipynb", quoted("genai-users-2025-12"))
    with pytest.raises(claims.ClaimError, match=r"already stands in a\.ipynb"):
        collect.stored_receipts([tmp_path / "a.ipynb", tmp_path / "b.ipynb"])
