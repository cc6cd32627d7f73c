"""Reading printed numbers, and arithmetic that keeps their rounding intervals."""

import math
import re
from fractions import Fraction as F

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from receiptbook.numbers import (
    INF,
    NOT_WORKED_OUT,
    Interval,
    QuantityError,
    UnitError,
    computed,
    fixed,
    hull,
    monotone,
    published,
    read,
    round_half_up,
    show,
    show_range,
    unit,
)
from receiptbook.numbers.words import show_bound
from receiptbook.tables import data

M, YI, WAN = 10**6, 10**8, 10**4

# --- reading -------------------------------------------------------------------------------

# printed form, value, half of one unit of its last digit (in base units: a percentage is a ratio)
PLAIN = [
    ("602 million", 602 * M, M / 2),
    ("602mn", 602 * M, M / 2),
    ("602m", 602 * M, M / 2),
    ("602 mln", 602 * M, M / 2),
    ("1.125 billion", 1125 * M, M / 2),
    ("1.125bn", 1125 * M, M / 2),
    ("1.2 trillion yuan", 1200 * 10**9, 50 * 10**9),
    ("60-billion-yuan", 60 * 10**9, 10**9 / 2),
    ("254 thousand", 254_000, 500),
    ("254k", 254_000, 500),
    ("254,000", 254_000, F(1, 2)),
    ("1 105 000", 1_105_000, F(1, 2)),
    ("6.02亿", 602 * M, M / 2),
    ("6.02億", 602 * M, M / 2),
    ("2.3亿", 230 * M, 5 * M),
    ("140,489万", 1_404_890_000, WAN / 2),
    ("140489万人", 1_404_890_000, WAN / 2),
    ("25.4萬戶", 254_000, 500),
    ("10.9967亿", 1_099_670_000, WAN / 2),
    ("53,706 (10,000)", 537_060_000, WAN / 2),
    ("6.02亿人", 602 * M, M / 2),
    ("13421个", 13421, F(1, 2)),
    ("¥3", 3, F(1, 2)),
    ("42.8%", F("0.428"), F("0.0005")),
    ("42.8 %", F("0.428"), F("0.0005")),
    ("42pc", F("0.42"), F("0.005")),
    ("42 pct", F("0.42"), F("0.005")),
    ("42.80 per cent", F("0.428"), F("0.00005")),
    ("12,5%", F("0.125"), F("0.0005")),
    ("0.3 percent", F("0.003"), F("0.0005")),
    ("five percent", F("0.05"), F("0.005")),
    ("Twenty-five percent", F("0.25"), F("0.005")),
    ("three per thousand", F("0.003"), F("0.0005")),
    ("3‰", F("0.003"), F("0.0005")),
    ("千分之三", F("0.003"), F("0.0005")),
    ("万分之五", F("0.0005"), F("0.00005")),
    ("萬分之五", F("0.0005"), F("0.00005")),
    ("百分之四十二点八", F("0.428"), F("0.0005")),
    ("八成", F("0.8"), F("0.05")),
    ("nine out of 10", F("0.9"), F("0.05")),
    ("25.2 percentage points", F("0.252"), F("0.0005")),
    ("25.2-percentage-point", F("0.252"), F("0.0005")),
    ("25.2个百分点", F("0.252"), F("0.0005")),
    ("18.8個百分點", F("0.188"), F("0.0005")),
    ("53.6pp", F("0.536"), F("0.0005")),
    ("500 ppm", F("0.0005"), F("0.0000005")),
    ("29-fold", 29, F(1, 2)),
    ("1.4 times", F("1.4"), F("0.05")),
    ("1.4倍", F("1.4"), F("0.05")),
    ("-18%", F("-0.18"), F("0.005")),
    ("−6.0", -6, F("0.05")),
    ("(6.0)", -6, F("0.05")),
    ("(6.0%)", F("-0.06"), F("0.0005")),
]


@pytest.mark.parametrize(("text", "value", "half"), PLAIN, ids=[p[0] for p in PLAIN])
def test_a_printed_number_means_half_a_unit_of_its_last_digit_either_way(text, value, half):
    reading = read(text)
    assert reading.value == value
    assert (reading.interval.lower, reading.interval.upper) == (value - half, value + half)
    assert reading.step == 2 * half
    assert reading.qualifier == ""


# printed form, lower, upper, lower end excluded, upper end excluded
QUALIFIED = [
    ("more than 254,000", 254_000, INF, True, False),
    ("over 60 million", 60 * M, INF, True, False),
    ("exceeded 60 million", 60 * M, INF, True, False),
    ("超过5700万户", 5700 * WAN, INF, True, False),
    ("超過九成", F("0.9"), INF, True, False),
    ("超70%", F("0.7"), INF, True, False),
    ("240余款", 240, INF, True, False),
    ("96万余条", 96 * WAN, INF, True, False),
    ("190多个", 190, INF, True, False),
    ("6,000+", 6000, INF, True, False),
    ("至少有500万", 500 * WAN, INF, False, False),
    ("at least 80%", F("0.8"), INF, False, False),
    ("50项以上", 50, INF, False, False),
    ("less than 1.2%", -INF, F("0.012"), False, True),
    ("up to 90 percent", -INF, F("0.9"), False, False),
    ("不超过5%", -INF, F("0.05"), False, False),
    ("nearly 80 percent", F("0.75"), F("0.8"), False, True),
    ("近6000家", 5500, 6000, False, True),
    ("nearly 4.65 million", 4_645_000, 4_650_000, False, True),
    ("nearing 600 billion yuan", 550 * 10**9, 600 * 10**9, False, True),
    ("about 44 million", 43_500_000, 44_500_000, False, False),
    ("~30%", F("0.25"), F("0.35"), False, False),
    ("roughly 719", F("718.5"), F("719.5"), False, False),
    ("约1.2亿", 115 * M, 125 * M, False, False),
    ("free", 0, 0, False, False),
    ("全面免费", 0, 0, False, False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "low", "high", "lo", "hi"), QUALIFIED, ids=[q[0] for q in QUALIFIED]
)
def test_a_qualifier_opens_or_widens_the_range(text, low, high, lo, hi):
    assert read(text).interval == Interval(low, high, lo, hi)


def test_a_figure_known_more_coarsely_than_it_is_printed_takes_its_precision_from_its_column():
    q = published("230 million", "persons", precision="10000000")
    assert (q.number, q.lower, q.upper) == (230e6, 225e6, 235e6)


def test_a_precision_holds_for_a_share_as_well():
    q = published("42.80%", "percent", precision="0.1")
    assert (q.lower, q.upper) == (42.75, 42.85)


def test_two_printed_forms_of_one_figure_mean_what_both_allow():
    q = read("2.5亿 / 249 million")
    assert (q.value, q.interval.lower, q.interval.upper) == (249 * M, 248_500_000, 249_500_000)
    assert read("51310万 / 5.13亿").step == WAN
    with pytest.raises(QuantityError, match="contradict each other"):
        read("2.49亿 / 260 million")


UNREADABLE = [
    "", " ", "n/a", "-", "many", "602 millions of", "6.0.2", "1,97,000", "42.8%%", "10-12%", "5e8",
    "6.02E+08", "31/12/2025", "#N/A", "=A1", "602 milion", "a million percent of",
]  # fmt: skip


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_is_not_a_published_number_is_refused_with_a_reason(text):
    with pytest.raises(QuantityError, match=r"cannot read|is empty"):
        read(text)


UNITS_THAT_CLASH = [
    ("42.8%", "percentage points", "how large a share"),
    ("25.2 percentage points", "percent", "how far apart"),
    ("42.8%", "persons", "a ratio"),
    ("42.8%", "furlongs", "unknown unit 'furlongs'"),
]


@pytest.mark.parametrize(("text", "given_unit", "message"), UNITS_THAT_CLASH)
def test_a_unit_that_contradicts_the_printed_form_is_refused(text, given_unit, message):
    with pytest.raises(UnitError, match=message):
        published(text, given_unit)


def test_a_bare_number_needs_a_unit():
    with pytest.raises(UnitError, match="does not say what it counts"):
        published("254,000")


REWRITE = [
    ("602 million", 603 * M, "603 million"),
    ("6.02亿", 603 * M, "6.03亿"),
    ("more than 254,000", 255_000, "more than 255,000"),
    ("42.8%", F("0.429"), "42.9%"),
    ("53,706 (10,000)", 537_070_000, "53,707 (10,000)"),
    ("five percent", F("0.06"), "six percent"),
    ("Twelve percent", F("0.21"), "Twenty-one percent"),
    ("-18%", F("-0.19"), "-19%"),
    ("(6.0%)", F("-0.061"), "(6.1%)"),
]


@pytest.mark.parametrize(("text", "value", "new"), REWRITE)
def test_a_form_can_be_rewritten_for_another_value(text, value, new):
    reading = read(text)
    assert reading.rewrite(F(value)) == new
    assert read(new).value == F(value)


FORMS = st.sampled_from(
    [
        "{} million",
        "{}亿",
        "{}%",
        "{} percentage points",
        "more than {}",
        "{}万",
        "({})",
        "{} per cent",
    ]
)


@given(st.integers(0, 10**7), st.integers(0, 4), FORMS)
def test_every_digit_and_decimal_is_read_as_written(digits, decimals, form):
    number = f"{digits / 10**decimals:,.{decimals}f}"
    reading = read(form.format(number))
    scale = read(form.format("1")).value
    assert reading.value == F(number.replace(",", "")) * scale
    assert reading.step == F(1, 10**decimals) * abs(scale)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_but_never_breaks(text):
    try:
        reading = read(text)
    except QuantityError:
        return
    assert reading.interval.lower <= reading.value <= reading.interval.upper


TABLES = [r["name"] for r in data.load().package["resources"] if r.get("role") == "figures"]


@pytest.mark.parametrize("table", TABLES)
def test_every_printed_form_in_the_tables_is_read_and_holds_its_value(table):
    tables = data.load()
    for row in tables.rows(table):
        q = tables[row["id"]]
        assert q.interval.lower <= q.value <= q.interval.upper, row["id"]
        assert q.reading.step > 0, row["id"]


# --- arithmetic ----------------------------------------------------------------------------

counts = st.integers(1, 2000)


def people(millions: int, id: str = ""):
    return published(f"{millions} million", "persons", id=id or f"n{millions}")


@given(counts, counts)
def test_growth_written_two_ways_is_one_range(old, new):
    a, b = people(old, "old"), people(new, "new")
    one, two = b / a - 1, (b - a) / a
    assert one.value == two.value
    assert one.interval == two.interval
    # and it is exact: the corners of the box
    low, high = F(new * 2 - 1, old * 2 + 1) - 1, F(new * 2 + 1, old * 2 - 1) - 1
    assert (one.interval.lower, one.interval.upper) == (low, high)


@given(counts, counts, counts)
def test_a_result_in_which_each_input_stands_once_has_the_exact_range(a, b, c):
    x, y, z = people(a, "x"), people(b, "y"), people(c, "z")
    q = (x + y) / z
    corners = [
        (2 * a + i + 2 * b + j) / F(2 * c + k) for i in (-1, 1) for j in (-1, 1) for k in (-1, 1)
    ]
    assert (q.interval.lower, q.interval.upper) == (min(corners), max(corners))


SHAPES = [
    lambda x, y: x / (x + y),
    lambda x, y: (y - x) / (x + y),
    lambda x, y: (x * x + y * y) / (x * y),
    lambda x, y: (x / y) ** 2 - x / y,
    lambda x, y: (y / x) ** 0.5 + x / y,
    lambda x, y: x / y - x / (x + y),
]


@settings(max_examples=40)
@given(
    st.sampled_from(range(len(SHAPES))), counts, counts,
    st.lists(st.tuples(st.fractions(0, 1), st.fractions(0, 1)), min_size=8, max_size=8),
)  # fmt: skip
def test_every_value_that_the_inputs_allow_lies_in_the_range(shape, a, b, places):
    x, y = people(a, "x"), people(b, "y")
    f = SHAPES[shape]
    q = f(x, y)
    try:
        low, high = q.interval.lower, q.interval.upper
    except QuantityError as error:
        assert "range not worked out" in str(error)
        return
    slack = F(1, 10**9)  # roots are taken in floating point
    for s, t in places:
        px, py = a - F(1, 2) + s, b - F(1, 2) + t
        value = F(f(px, py)) if shape != 4 else F((py / px) ** 0.5) + px / py
        assert low - slack <= value <= high + slack


@settings(max_examples=25)
@given(counts, counts)
def test_a_range_with_repeated_inputs_is_tight(a, b):
    assume(a > 3 and b > 3)
    q = people(a, "x") / (people(a, "x") + people(b, "y"))
    exact = [F(2 * a + i, 2 * a + i + 2 * b - i) for i in (-1, 1)]
    assert (q.interval.lower, q.interval.upper) == (min(exact), max(exact))


def test_a_range_that_no_rule_finds_is_refused_with_what_to_do():
    x, y = people(5, "x"), people(5, "y")
    with pytest.raises(QuantityError, match=r"neither rises nor falls .* in 'x'.*computed"):
        _ = ((x * x + y * y) / (x * y)).interval


def test_the_same_figure_twice_is_one_figure():
    x = people(602, "users")
    assert (x / x).interval == Interval(F(1), F(1))
    assert (x - x).interval == Interval(F(0), F(0))
    assert (x / people(602, "others")).interval.width > 0


def test_open_ends_survive_arithmetic():
    firms = published("more than 254,000", "enterprises")
    share = firms / published("1,979,000", "enterprises")
    assert share.interval.upper == INF
    assert share.interval.lower_open


def test_a_count_over_more_than_a_number_is_less_than_their_quotient():
    users = published("602 million", "persons")
    each = (users / published("more than 254,000", "enterprises")).interval
    assert (each.lower, each.upper) == (0, F(602_500_000, 254_000))
    assert (each.lower_open, each.upper_open) == (True, True)
    most = (users / published("at least 254,000", "enterprises")).interval
    assert (most.lower_open, most.upper_open) == (True, False)


def test_percentage_points_of_a_count_are_a_count():
    for more in (
        published("25.2 points") * published("1.4 billion", "persons"),
        published("1.4 billion", "persons") * published("25.2 points"),
    ):
        assert (more.unit.name, more.value) == ("persons", 352_800_000)


FRACTIONS = [
    ("three quarters", F("0.725"), F("0.775")),
    ("half", F("0.475"), F("0.525")),
    ("about a third of", F(1, 3) - F(1, 40), F(1, 3) + F(1, 40)),
    ("half of a million", 475_000, 525_000),
    ("nearly two thirds", F(2, 3) - F(1, 40), F(2, 3)),
]


@pytest.mark.parametrize(("text", "low", "high"), FRACTIONS, ids=[f[0] for f in FRACTIONS])
def test_a_fraction_in_words_is_meant_to_the_nearest_twentieth(text, low, high):
    interval = read(text).interval
    assert (interval.lower, interval.upper) == (low, high)


def test_a_computed_number_says_whether_it_has_a_range():
    loose = computed(2, "times", [], "fitted")
    assert (loose.has_range, loose.range_text) == (False, "not worked out")
    assert (1 + loose * 3).range_kind == (loose + loose).range_kind == NOT_WORKED_OUT
    assert computed(2, "times", [], "counted", exact=True).range_text == "2 times"
    assert computed(2, "times", [], "bounded", lower=1, upper=3).range_text == "1.0 to 3.0 times"
    with pytest.raises(QuantityError, match="no bounded range: not worked out"):
        monotone(lambda x: x, [loose], "times", "x")


BAD_RANGES = [
    ({"lower": 1}, "lower and upper"),
    ({"upper": 1}, "lower and upper"),
    ({"lower": 1, "upper": 3, "exact": True}, "or exact"),
    ({"lower": 3, "upper": 4}, "outside its own range"),
    ({"lower": 0, "upper": 1}, "outside its own range"),
]


@pytest.mark.parametrize(("given", "message"), BAD_RANGES)
def test_half_a_range_or_one_that_misses_its_value_is_refused(given, message):
    with pytest.raises(QuantityError, match=message):
        computed(2, "times", [], "f", **given)


def test_a_figure_without_bounds_has_no_corners():
    with pytest.raises(QuantityError, match="more than 254,000"):
        monotone(lambda x: x, [published("more than 254,000", "enterprises")], "enterprises", "x")


def test_a_function_that_falls_has_its_range_the_right_way_round():
    q = monotone(lambda x: -x, [published("5", "ratio")], "ratio", "−x")
    assert (q.lower, q.number, q.upper) == (-5.5, -5, -4.5)


SUMS_OF_INTERVALS = [
    (Interval(1, 2, True, False) + Interval(1, 2), Interval(2, 4, True, False)),
    (Interval(1, 2, False, True) - Interval(0, 1, True, False), Interval(0, 2, False, True)),
    (Interval(1, 2) * Interval(-3, 4, True, True), Interval(-6, 8, True, True)),
    (Interval(0, 2) * Interval(3, INF, False, False), Interval(0, INF)),
    (Interval(-2, 3).power(F(2)), Interval(0, 9)),
    (Interval(1, 2, True, False).power(F(-1)), Interval(F(1, 2), 1, False, True)),
    (Interval(2, 4) / Interval(-2, -1), Interval(-4, -1)),
    (Interval(0, 1) * Interval(2, 3, True, True), Interval(0, 3, False, True)),
    (Interval(0, 0) / Interval(5, INF, True, False), Interval(0, 0)),
    (Interval(-2, 2, True, False).power(F(2)), Interval(0, 4)),
    (Interval(-1, 1).power(F(0)), Interval(1, 1)),
    (Interval(10, 20) / Interval(0, 5, True, False), Interval(2, INF, False, True)),
    (Interval(10, 20) / Interval(-5, 0, False, True), Interval(-INF, -2, True, False)),
]


@pytest.mark.parametrize(("result", "expected"), SUMS_OF_INTERVALS)
def test_each_end_of_a_result_is_open_where_no_numbers_reach_it(result, expected):
    assert result == expected


HELD = [
    (Interval(1, 3), 1, True), (Interval(1, 3), 2, True), (Interval(1, 3), 3, True),
    (Interval(1, 3), 0, False), (Interval(1, 3), 4, False),
    (Interval(1, 3, True, False), 1, False), (Interval(1, 3, False, True), 3, False),
    (Interval(1, 3, True, True), 2, True),
]  # fmt: skip


@pytest.mark.parametrize(("interval", "x", "held"), HELD)
def test_an_interval_holds_its_closed_ends_and_what_lies_between(interval, x, held):
    assert (x in interval) is held


INSIDE = [
    (Interval(1, 2), Interval(1, 2), True),
    (Interval(1, 2), Interval(1, 3, True, False), False),
    (Interval(1, 2), Interval(0, 2, False, True), False),
    (Interval(1, 2, True, True), Interval(1, 2), True),
]


@pytest.mark.parametrize(("a", "b", "inside"), INSIDE)
def test_a_closed_end_is_not_inside_an_open_one(a, b, inside):
    assert a.within(b) is inside


def test_a_turned_sign_keeps_the_range_of_a_repeated_figure():
    x = people(5, "x")
    q = -((x / people(2, "y")) ** 2) - x / people(2, "y")
    assert q.interval == -(((x / people(2, "y")) ** 2 + x / people(2, "y")).interval)


TOUCHING = [
    (Interval(0, 1), Interval(1, 2), True),
    (Interval(0, 1, False, True), Interval(1, 2), False),
    (Interval(0, 1), Interval(1, 2, True, False), False),
]


@pytest.mark.parametrize(("a", "b", "meet"), TOUCHING)
def test_intervals_that_touch_meet_where_both_ends_are_closed(a, b, meet):
    assert a.meets(b) is b.meets(a) is meet


def test_a_figure_that_may_be_zero_divides_nothing():
    with pytest.raises(QuantityError, match="includes zero"):
        _ = (people(3) / published("0 million", "persons")).interval


UNIT_RULES = [
    (lambda: published("42.8%") - published("17.7%"), "percentage points"),
    (lambda: published("17.7%") + published("25.2 percentage points"), "percent"),
    (lambda: published("42.8%") - published("25.2 percentage points"), "percent"),
    (lambda: published("25.2 points") - published("18.8 points"), "percentage points"),
    (lambda: published("25.2 points") / published("18.8 points"), "ratio"),
    (lambda: people(602) / people(1405), "ratio"),
    (lambda: people(602) - people(249), "persons"),
    (lambda: published("42.8%") * people(1405), "persons"),
    (lambda: people(602) * published("42.8%"), "persons"),
    (lambda: people(602) / 12, "persons"),
    (lambda: 1 + published("6%"), "percent"),
    (lambda: people(602) / published("254,000", "enterprises"), "persons per enterprise"),
    (lambda: published("10 million", "euros per point") * 2, "euros per point"),
    (lambda: -published("2 points"), "percentage points"),
]


@pytest.mark.parametrize(
    ("make", "name"), UNIT_RULES, ids=[f"{i}-{r[1]}" for i, r in enumerate(UNIT_RULES)]
)
def test_units_follow_from_the_operation(make, name):
    assert make().unit.name == name


ERRORS = [
    (
        lambda: people(602) + published("254,000", "enterprises"),
        "one counts persons, the other enterprises",
    ),
    (
        lambda: people(602) - published("254,000", "enterprises"),
        "cannot subtract persons and enterprises",
    ),
    (lambda: people(602) + 1, "a number of persons, the other a ratio"),
    (lambda: people(602) + published("42%"), "a number of persons, the other a ratio"),
    (lambda: published("25.2 points") - published("42.8%"), "percentage points say how far apart"),
    (lambda: published("25.2 points") * published("42.8%"), "cannot multiply"),
    (lambda: published("25.2 points").to("percent"), "percentage points say how far apart"),
    (lambda: people(602).to("enterprises"), "cannot express persons in enterprises"),
    (lambda: people(602) ** 2, "a power is taken of a ratio"),
]


@pytest.mark.parametrize(("make", "message"), ERRORS, ids=[e[1][:40] for e in ERRORS])
def test_mixing_what_cannot_be_mixed_is_an_error_that_says_so(make, message):
    with pytest.raises(UnitError, match=message):
        make()


def test_a_result_remembers_formula_inputs_and_sources():
    a = published("249 million", "persons", id="a", label="users(2024-12)", sources=["s1", "s2"])
    b = published("602 million", "persons", id="b", label="users(2025-12)", sources=["s2", "s3"])
    q = (b - a) / a
    assert q.formula == "(users(2025-12) − users(2024-12)) / users(2024-12)"
    assert [x.id for x in q.inputs] == ["b", "a"]
    assert q.all_sources == ("s2", "s3", "s1")
    assert (b / a - 1).formula == "users(2025-12) / users(2024-12) − 1"
    assert (-(a + b) * 2).formula == "−(users(2024-12) + users(2025-12)) × 2"
    assert ((b / a) ** 0.5).formula == "(users(2025-12) / users(2024-12))^0.5"


# --- intervals -----------------------------------------------------------------------------

near_zero = st.integers(-5, 5)


@st.composite
def intervals(draw):
    a, b = sorted((draw(near_zero), draw(near_zero)))
    lo, hi = draw(st.booleans()), draw(st.booleans())
    return Interval(F(a), F(b), lo, hi) if a < b else Interval(F(a), F(b))


@given(intervals(), intervals(), st.fractions(-6, 6))
def test_an_intersection_holds_exactly_what_both_hold(a, b, x):
    both = a & b
    assert (x in a and x in b) == (both is not None and x in both)
    assert a.meets(b) == (both is not None)


@given(intervals(), intervals(), st.fractions(-6, 6))
def test_inside_means_that_nothing_is_outside(a, b, x):
    if a.within(b) and x in a:
        assert x in b


@given(intervals(), intervals(), st.fractions(0, 1), st.fractions(0, 1))
def test_interval_arithmetic_encloses(a, b, s, t):
    x, y = a.lower + s * a.width, b.lower + t * b.width
    for result, value in ((a + b, x + y), (a - b, x - y), (a * b, x * y)):
        assert result.lower <= value <= result.upper
    if not b.lower <= 0 <= b.upper:
        assert (a / b).lower <= F(x) / F(y) <= (a / b).upper


NEAR = F(1, 10**30)


def members(interval):
    """Some numbers of an interval: what it reaches of its ends and of zero, and what lies by its ends."""
    inner = (interval.lower + NEAR * interval.width, interval.upper - NEAR * interval.width)
    return [x for x in (interval.lower, *inner, interval.upper, 0) if x in interval]


def divided(a, b):
    """The quotient of two intervals; None where the divisor holds zero."""
    try:
        return a / b
    except QuantityError:
        assert any(x == 0 or x * y < 0 for x in members(b) for y in members(b))
        return None


def assert_is_what_comes_out(result, values):
    """A result holds every value, reaches its closed ends, and its open ends are all but reached."""
    assert all(x in result for x in values)
    for end, is_open in ((result.lower, result.lower_open), (result.upper, result.upper_open)):
        if not is_open:
            assert end in values
        elif end in (INF, -INF):
            assert max(map(abs, values)) > 10**9
        else:
            assert any(0 < abs(x - end) < 10**-6 for x in values)


@given(intervals(), intervals())
def test_a_product_and_a_quotient_hold_every_result_and_no_more(a, b):
    assert_is_what_comes_out(a * b, [x * y for x in members(a) for y in members(b)])
    if (quotient := divided(a, b)) is not None:
        values = [F(x) / y for x in members(a) for y in members(b)]
        assert_is_what_comes_out(quotient, values)


@given(intervals(), st.integers(0, 4))
def test_a_power_holds_every_result_and_no_more(a, exponent):
    values = [x**exponent for x in members(a)]
    assert_is_what_comes_out(a.power(F(exponent)), values)


@given(st.lists(intervals(), min_size=1, max_size=4))
def test_a_hull_holds_its_parts(parts):
    assert all(part.within(hull(parts)) for part in parts)


def test_an_interval_cannot_run_backwards():
    with pytest.raises(QuantityError, match="cannot run from 2 down to 1"):
        Interval(2, 1)


# --- showing -------------------------------------------------------------------------------

SHOWN = [
    (602 * M, "persons", 0, "602 million"),
    (1_404_890_000, "persons", 3, "1.405 billion"),
    (F("0.428"), "percent", 1, "42.8%"),
    (F("0.252"), "percentage points", 1, "25.2 percentage points"),
    (F("0.01"), "percentage points", 0, "1 percentage point"),
    (254_000, "enterprises", 0, "254,000 enterprises"),
    (F("2.5"), "times", 1, "2.5 times"),
    (F("-0.125"), "percent", 0, "−13%"),
]


@pytest.mark.parametrize(("value", "name", "decimals", "text"), SHOWN)
def test_a_value_is_shown_in_its_unit(value, name, decimals, text):
    assert show(F(value), unit(name), decimals) == text


RANGES = [
    (Interval(F("1.4105"), F("1.4247")), "percent", "141.0% to 142.5%"),
    (Interval(254_000, INF, True), "enterprises", "more than 254,000 enterprises"),
    (Interval(F("0.8"), INF), "percent", "at least 80%"),
    (Interval(-INF, F("0.9"), False, True), "percent", "less than 90%"),
    (Interval(F(601_500_000), F(602_500_000)), "persons", "601.5 to 602.5 million"),
    (Interval(F("0.195"), F("0.305")), "percent", "19% to 31%"),
    (Interval(F("-0.305"), F("-0.195")), "percentage points", "−31 to −19 percentage points"),
    (Interval(-INF, INF), "persons", "any value"),
    (Interval(F(97_500_000), INF, True), "persons", "more than 97.5 million"),
    (Interval(F(254_000, 3), INF), "persons", "at least 84,666"),
    (Interval(-INF, F(2, 15), False, True), "percentage points",
     "less than 13.34 percentage points"),
    (Interval(0, F("42.4"), True, True), "times", "less than 43 times"),
]  # fmt: skip


@pytest.mark.parametrize(("interval", "name", "text"), RANGES, ids=[r[2] for r in RANGES])
def test_a_range_is_shown_in_words(interval, name, text):
    assert show_range(interval, unit(name)) == text


@given(st.fractions(-1000, 1000, max_denominator=9999), st.integers(0, 4))
def test_rounding_goes_half_away_from_zero_and_stays_within_half_a_unit(x, decimals):
    rounded = round_half_up(x, decimals)
    assert abs(rounded - x) <= F(1, 2 * 10**decimals)
    if abs(rounded - x) == F(1, 2 * 10**decimals):
        assert abs(rounded) > abs(x)
    text = fixed(x, decimals, grouped=False)
    assert F(text.replace("−", "-")) == rounded
    assert re.fullmatch(r"−?\d+(\.\d+)?", text)


@given(counts, counts)
def test_a_shown_result_lies_in_its_own_range(a, b):
    q = (people(a, "x") / people(b, "y")).to("percent")
    shown = read(q.show()).value
    assert q.interval.lower <= shown <= q.interval.upper or math.isclose(
        float(shown), float(q.value), rel_tol=0.05
    )


def test_the_hull_of_what_is_empty_is_refused_in_words():
    assert hull([None, Interval(1, 2)]) == Interval(1, 2)
    with pytest.raises(QuantityError, match="nothing is possible"):
        hull([None, None])


SHOWN = [
    (published("1.5亿", "persons") / published("81,718,960", "persons"), "1.84 times", None),
    (published("151,448", "models") / published("82,506", "models"), "1.836 times", None),
    (published("151,448", "models") - published("82,506", "models"), "68,942 models",
     "68,941 to 68,943 models"),
    (published("151,448", "models") + 0 * published("1", "models"), "151,448 models",
     "151,448 models"),
    (published("3.5", "years") - published("1", "years"), "2.5 years", "1.9 to 3.1 years"),
]  # fmt: skip


@pytest.mark.parametrize(("quantity", "shown", "span"), SHOWN)
def test_a_value_has_four_digits_at_most_and_a_count_no_fraction(quantity, shown, span):
    quantity = quantity.to("times") if "times" in shown else quantity
    assert quantity.show() == shown
    assert span is None or quantity.range_text == span


ends = st.fractions(F(1, 100), 10**9, max_denominator=997)


@given(ends, st.booleans(), st.sampled_from(["persons", "percent", "times", "percentage points"]))
def test_what_is_said_where_one_end_is_known_holds_for_all_of_the_range(end, is_floor, name):
    """A floor rounded up, or a ceiling rounded down, would promise what nobody knows."""
    scale = unit(name).scale
    known = Interval(end * scale, INF, True) if is_floor else Interval(0, end * scale, True, True)
    for said in (show_bound(known, unit(name)), show_range(known, unit(name))):
        told = published(said, name).interval
        assert known.within(told) and (told.lower > 0 or not is_floor), said


BOUNDS = [
    (published("more than 700 million", "persons") - published("602 million", "persons"),
     "more than 97.5 million"),
    (published("more than 50.0%") - published("36.5%"), "more than 13.45 percentage points"),
    (published("254,000", "persons") / published("more than 6,000", "persons"),
     "less than 43 times"),
]  # fmt: skip


@pytest.mark.parametrize(("quantity", "shown"), BOUNDS, ids=[shown for _, shown in BOUNDS])
def test_a_result_with_one_end_is_shown_by_that_end(quantity, shown):
    quantity = quantity.to("times") if "times" in shown else quantity
    assert quantity.show() == shown
    assert quantity.show(0) == shown.replace("97.5", "97").replace("13.45", "13")
