"""Each form that people print is read rightly, or refused with a reason; none is read wrongly."""

import csv
import math
from fractions import Fraction as F
from pathlib import Path

import pytest

from receiptbook.numbers import QuantityError, UnitError, published, read
from receiptbook.tables import data

data.load()  # makes known what this book counts
with (Path(__file__).parent / "cases" / "printed_forms.csv").open(encoding="utf-8") as file:
    CASES = list(csv.DictReader(file))


def number(text):
    return math.inf if text == "inf" else -math.inf if text == "-inf" else F(text)


@pytest.mark.parametrize("case", CASES, ids=[case["form"] for case in CASES])
def test_a_printed_form_is_read_rightly_or_refused_with_a_reason(case):
    refused, _, why = case["says"].partition("refused: ")
    if why:
        with pytest.raises(QuantityError, match=why):
            read(case["form"])
        return
    reading = read(case["form"])
    assert reading.value == number(case["value"])
    ends = reading.interval.lower, reading.interval.upper
    assert ends == (number(case["lower"]), number(case["upper"]))
    assert (reading.qualifier, reading.unit or "", reading.counts or "") == (
        refused, case["unit"], case["counts"],
    )  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case["form"] for case in CASES])
def test_a_rewritten_form_says_the_new_value_or_is_refused(case):
    try:
        reading = read(case["form"])
        value = reading.value + reading.step
        new = reading.rewrite(value)
    except QuantityError:
        return
    again = read(new)
    assert abs(again.value - value) <= again.step / 2
    assert (again.unit, again.counts, again.qualifier) == (
        reading.unit, reading.counts, reading.qualifier,
    )  # fmt: skip


REWRITTEN = [
    ("-18%", "0.05", "5%"),
    ("+5%", "-0.03", "−3%"),
    ("602 million (estimate)", 603_000_000, "603 million (estimate)"),
    ("12,5%", "0.126", "12,6%"),
    ("0,050%", "0.0006", "0,060%"),
    ("1'404'890", 1_404_891, "1'404'891"),
    ("1 105 000", 1_106_000, "1 106 000"),
    ("¥3", 4, "¥4"),
    ("(6.0%)", "0.05", None),
    ("$3", -3, None),
    ("百分之五", "0.06", None),
    ("doubled", 3, None),
    ("6.02亿 / 602 million", 603_000_000, None),
]


@pytest.mark.parametrize(("form", "value", "new"), REWRITTEN, ids=[r[0] for r in REWRITTEN])
def test_a_form_is_rewritten_with_sign_mark_and_remark_or_not_at_all(form, value, new):
    if new is None:
        with pytest.raises(QuantityError, match="cannot be rewritten"):
            read(form).rewrite(F(value))
    else:
        assert read(form).rewrite(F(value)) == new


CLASHES = [
    ("602 million people", "enterprises", "one counts persons, the other enterprises"),
    ("$3", "yuan", "one counts US dollars, the other yuan"),
    ("£3", "yuan", "one is in pounds"),
    ("5 years", "months", "one counts years, the other months"),
    ("6.02亿人", "enterprises", "one counts persons"),
    ("25.4万家", "persons", "one counts things, the other persons"),
    ("3款", "yuan", "one counts things, the other yuan"),
    ("3 yuan", "uses per day", "one counts yuan"),
    ("602 million users", "yuan per year", "one counts persons"),
]


@pytest.mark.parametrize(("form", "given", "why"), CLASHES, ids=[c[0] for c in CLASHES])
def test_a_noun_or_currency_in_print_that_is_not_the_unit_is_an_error_that_says_so(
    form, given, why
):
    with pytest.raises(UnitError, match=why):
        published(form, given)


AGREES = [
    ("602 million people", "persons", 602e6),
    ("602 million users", "persons", 602e6),
    ("25.4萬戶", "enterprises", 254_000),
    ("3亿人次", "persons", 3e8),
    ("¥3", "yuan per million tokens", 3),
    ("180 PFLOPS", "EFLOPS", 0.18),
    ("180 EFLOPS", "EFLOPS", 180),
    ("42.8%", "percent", 42.8),
]


@pytest.mark.parametrize(("form", "given", "value"), AGREES, ids=[c[0] for c in AGREES])
def test_a_noun_or_currency_that_is_the_unit_is_read_with_it(form, given, value):
    assert published(form, given).number == value


@pytest.mark.parametrize(
    ("form", "precision"),
    [
        (602_000_000, ""), (None, ""), ("5", "abc"), ("5", "1/0"), ("5", 0), ("5", "-1"),
        ("5", "1e9999999"), ("5", float("nan")), (b"5", ""),
    ],
)  # fmt: skip
def test_what_is_no_text_or_no_precision_is_refused_in_words(form, precision):
    with pytest.raises(QuantityError, match=r"above zero|is text, such as"):
        published(form, "persons", precision=precision)


@pytest.mark.parametrize("form", ["{}", "0.{}", "{} in 10", "百分之{}", "5 (1{})", "{} and a half"])
def test_what_is_longer_than_any_number_is_refused_in_words(form):
    with pytest.raises(QuantityError, match="longer than any number"):
        read(form.format("0" * 5000))


@pytest.mark.parametrize("name", [5, ["persons"]])
def test_a_unit_that_is_no_text_is_refused_in_words(name):
    with pytest.raises(UnitError, match="is named by text"):
        published("5", name)
