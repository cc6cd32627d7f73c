"""What waves can say: exact sets of curves, fits, forecasts, and the backtest."""

import math
from itertools import pairwise

import numpy as np
import pytest

from receiptbook.book import Book
from receiptbook.numbers import published
from receiptbook.tables import in_place, load
from surge import models
from surge.forecast import (
    BAND,
    CURVES,
    DAMPING,
    GENAI,
    METHODS,
    NEAR,
    SERVICES,
    SPAN,
    UNTIL,
    WINDOW,
    Wave,
    across,
    best_year,
    candidates,
    ceilings,
    coverage,
    figures,
    fit,
    forecast,
    forecast_range,
    judged,
    least_widening,
    outcomes,
    own_test,
    passages,
    reference_errors,
    reference_runs,
    runs,
    said,
    scores,
    speeds,
    straightened,
    waves,
    without_later,
)
from surge.paths import best_gain, population_at, share_of


def made(levels, step=0.5, digits=1, begin=2024.5):
    """Waves with levels in percent, printed with some digits."""
    return tuple(
        Wave(f"w{i}", begin + step * i, published("1 million", "persons"),
             published(f"{level:.{digits}f}", "percent"))
        for i, level in enumerate(levels)
    )  # fmt: skip


def drawn(model, ceiling, speed, start, times, shape=0.0):
    """Levels of a curve at some times before and after t = 0."""
    t = np.array(times)
    if model == "bass":
        q = speed * shape / (1 + shape)
        return models.bass(t, ceiling, q, start, speed - q)
    return getattr(models, model)(t, ceiling, speed, start)


TIMES = (-1.5, -1.0, -0.5, 0.0)
TRUE = [("logistic", 70, 1.3, 40, 0.0), ("gompertz", 85, 0.8, 40, 0.0), ("bass", 60, 1.5, 30, 8.0)]


@pytest.mark.parametrize(
    ("date", "base"),
    [
        ("2024-06-30", "2023"),
        ("2024-12-31", "2024"),
        ("2025-06-30", "2024"),
        ("2020-03-31", "2019"),
    ],
)
def test_a_wave_is_a_share_of_the_last_year_end_population(date, base):
    population = load().series("population")
    assert population_at(population, date) is population[base]


def test_the_waves_of_generative_ai_include_every_printed_rate():
    rates = load().series("genai-rate")
    for wave in waves(GENAI):
        assert wave.share.interval.meets(rates[wave.date].interval), wave.date


@pytest.mark.parametrize(("model", "ceiling", "speed", "start", "shape"), TRUE)
def test_on_its_own_scale_a_curve_is_a_straight_line_with_its_speed_as_slope(
    model, ceiling, speed, start, shape
):
    levels = drawn(model, ceiling, speed, start, TIMES, shape)
    z = [straightened(model, y / ceiling, shape) for y in levels]
    assert np.diff(z) / np.diff(TIMES) == pytest.approx([speed] * 3, rel=1e-9)


@pytest.mark.parametrize("model", ["logistic", "gompertz", "bass"])
def test_levels_beyond_the_ends_lie_infinitely_far_on_the_straightened_scale(model):
    assert straightened(model, 0, 3) == -math.inf
    assert straightened(model, 1, 3) == math.inf


def test_an_unknown_model_or_method_names_those_there_are():
    with pytest.raises(ValueError, match="logistic, gompertz and bass"):
        straightened("cubic", 0.5)
    with pytest.raises(KeyError, match="last value"):
        forecast("oracle", waves(), 1)


@pytest.mark.parametrize(("model", "ceiling", "speed", "start", "shape"), TRUE)
def test_the_set_of_curves_holds_the_one_that_made_the_waves(model, ceiling, speed, start, shape):
    run = made(drawn(model, ceiling, speed, start, TIMES, shape))
    low, high = speeds(model, ceiling, run, 0.0, shape)
    assert low <= speed <= high
    span = ceilings(model, run, shape=shape, step=0.1)
    assert span[0] <= ceiling <= span[1]


@pytest.mark.parametrize("widen", [0.0, 0.5, 2.0])
def test_the_speeds_are_those_that_a_search_over_lines_finds(widen):
    run, ceiling = made([16.4, 21.0, 27.5, 34.0]), 80.0
    found = speeds("logistic", ceiling, run, widen)

    def passes(speed):
        lows = [
            straightened("logistic", (w.ends[0] - widen) / ceiling) - speed * w.time for w in run
        ]
        highs = [
            straightened("logistic", (w.ends[1] + widen) / ceiling) - speed * w.time for w in run
        ]
        return max(lows) <= min(highs)

    grid = [s for s in np.arange(0.01, 4, 0.001) if passes(s)]
    if found is None:
        assert not grid
    else:
        assert found == pytest.approx((grid[0], grid[-1]), abs=0.0011)


@pytest.mark.parametrize("model", ["logistic", "gompertz"])
@pytest.mark.parametrize("ceiling", [43.5, 50, 66, 80, 100])
def test_no_curve_of_these_kinds_passes_through_all_waves_of_generative_ai(model, ceiling):
    assert speeds(model, ceiling, waves()) is None
    assert least_widening(model, ceiling, waves()) > 3


@pytest.mark.parametrize("shape", [0, 1, 10, 100, 10_000])
def test_no_bass_curve_does_either_whatever_its_share_of_imitation(shape):
    assert ceilings("bass", waves(), shape=shape, step=0.25) is None


@pytest.mark.parametrize("ceiling", [50, 66, 100])
def test_the_least_widening_is_just_enough(ceiling):
    need = least_widening("logistic", ceiling, waves())
    assert speeds("logistic", ceiling, waves(), need + 1e-5)
    assert speeds("logistic", ceiling, waves(), need - 1e-5) is None


def test_more_widening_never_loses_a_ceiling():
    spans = [ceilings("logistic", waves(), widen, step=0.5) for widen in (3.6, 4, 5, 6)]
    for (low, high), (wider_low, wider_high) in pairwise(spans):
        assert wider_low <= low and wider_high >= high


def misses(curve, run):
    """Fitted less observed, in points, at each wave."""
    return [float(curve.at(w.time - run[-1].time)) - w.level for w in run]


@pytest.mark.parametrize("model", CURVES)
@pytest.mark.parametrize(
    ("ceiling", "speed", "start"), [(70, 1.3, 40), (95, 0.4, 20), (45, 3.0, 43)]
)
def test_a_fit_finds_the_curve_that_made_the_waves(model, ceiling, speed, start):
    times = (-1.5, -1.0, -0.5, 0.0)
    run = made(drawn(model, ceiling, speed, start, times), digits=6)
    curve = fit(model, run)
    assert (curve.ceiling, curve.speed, curve.start) == pytest.approx(
        (ceiling, speed, start), rel=2e-3
    )
    assert max(map(abs, misses(curve, run))) < 1e-4


@pytest.mark.parametrize("model", CURVES)
@pytest.mark.parametrize("series", [GENAI, "internet-users", "app-online-payment-users"])
def test_a_fit_is_no_worse_than_that_of_an_optimizer_from_many_guesses(model, series):
    from scipy.optimize import least_squares

    run = waves() if series == GENAI else next(r for s, r, _ in reference_runs(2) if s == series)
    t = np.array([w.time - run[-1].time for w in run])
    y = np.array([w.level for w in run])
    curve, last = getattr(models, model), y[-1]
    box = [last + 1.1, 0.02, 1], [100, 20, last + 1]
    best = min(
        least_squares(lambda p: curve(t, *p) - y, [c, s, last - 1], bounds=box).cost
        for c in (last + 3, 66, 99) for s in (0.5, 1.5, 4)
    )  # fmt: skip
    ours = fit(model, run)
    assert sum(m * m for m in misses(ours, run)) / 2 <= best * (1 + 1e-6)


def test_a_steep_curve_between_two_waves_is_not_missed():
    """No curve is closer to a leap and what follows than a step, the mean of the later waves."""
    run = next(t.waves for t in reference_errors("logistic", 1) if t.service == "online education")
    later = [w.level for w in run[1:]]
    step = sum((level - sum(later) / len(later)) ** 2 for level in later)
    found = misses(fit("logistic", run), run)
    assert sum(m * m for m in found) == pytest.approx(step, rel=1e-3)


@pytest.mark.parametrize(
    ("method", "expected"),
    [("last value", 40), ("same gain again", 50), ("straight line", 50),
     ("damped gain", 40 + 5 * (DAMPING + DAMPING**2))],
)  # fmt: skip
def test_the_baselines_do_on_a_straight_line_what_their_names_say(method, expected):
    assert forecast(method, made([25, 30, 35, 40]), 1) == pytest.approx(expected)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("levels", [[10, 40, 70, 95], [95, 70, 40, 10], [20, 20, 20, 20]])
def test_a_forecast_lies_between_nobody_and_everybody(method, levels):
    assert 0 <= forecast(method, made(levels), 5) <= 100


def test_each_service_of_the_backtest_starts_at_a_comparable_level():
    first = waves()[0].level
    for ahead in (1, 2):
        for series, run, hit in reference_runs(ahead):
            assert len(run) == WINDOW and run[-1].time - run[0].time <= SPAN
            assert first / BAND <= run[0].level <= first * BAND, series
            assert abs(hit.time - run[-1].time - ahead) <= NEAR
            assert series != GENAI


def test_the_backtest_holds_each_service_once_and_too_few_for_percentiles():
    for ahead in (1, 2):
        names = [test.service for test in reference_errors("logistic", ahead)]
        assert len(names) == len(set(names))
        assert 5 <= len(names) < 20


@pytest.mark.parametrize("ahead", [1, 2])
def test_each_service_is_forecast_from_the_run_that_starts_closest_to_generative_ai(ahead):
    first = waves()[0].level
    chosen = {series: run for series, run, _ in reference_runs(ahead)}
    for series, run, _ in reference_runs(ahead, every=True):
        assert abs(chosen[series][0].level - first) <= abs(run[0].level - first)


@pytest.mark.parametrize("method", METHODS)
def test_a_forecast_of_the_backtest_does_not_know_what_came_after(method):
    for test in reference_errors(method, 1):
        assert max(w.time for w in test.waves) < test.target.time
        assert test.forecast == forecast(method, test.waves, test.target.time - test.waves[-1].time)


def test_the_scores_are_those_of_the_errors():
    for method, (count, size, bias, worst) in scores(1).items():
        errors = [t.forecast - t.target.level for t in reference_errors(method, 1)]
        assert count == len(errors)
        assert (size, bias) == pytest.approx((np.mean(np.abs(errors)), np.mean(errors)))
        assert worst == max(map(abs, errors))


def test_an_outcome_is_the_forecast_less_the_error_made_elsewhere():
    level = forecast("damped gain", waves(), 2)
    for test in reference_errors("damped gain", 2):
        assert outcomes("damped gain", 2)[test.service] == pytest.approx(level - test.error)


def test_a_service_that_never_passed_a_level_has_no_time_for_it():
    names = {name: series for series, name in SERVICES.items()}
    found = passages(waves()[-1].level, 80)
    assert found
    for passage in found:
        seen = waves(names[passage.service])
        if max(w.level for w in seen) < 80:
            assert passage.years is None
        if passage.years is not None:
            assert passage.started and passage.years.lower > 0


def test_every_service_that_was_counted_is_a_candidate():
    counted = {row["series"] for row in load().rows("applications")}
    counted = {name for name in counted if name.endswith("-users")}
    assert counted | {"internet-users", "mobile-internet-users"} == set(SERVICES)
    assert runs("app-short-video-users") == ()


def test_a_candidate_is_tested_or_says_why_not():
    for one in candidates():
        assert bool(one.tested) != bool(one.reason), one.service
        assert one.runs or not one.tested, one.service
    for ahead in (1, 2):
        tested = {t.service for t in reference_errors("last value", ahead)}
        assert tested == {c.service for c in candidates() if ahead in c.tested}
        assert not tested & {c.service for c in without_later(ahead)}


def test_the_services_that_rose_fastest_and_fell_are_in_the_class():
    for ahead in (1, 2):
        fell = {t.service for t in reference_errors("last value", ahead)
                if t.target.level < t.waves[-1].level}  # fmt: skip
        assert {"online education", "microblogs"} <= fell


def test_rows_that_call_themselves_doubtful_can_be_left_out():
    rows = {row["date"]: row for row in load().rows("applications")
            if row["series"] == "app-microblog-users"}  # fmt: skip
    doubtful = {date for date, row in rows.items() if "Doubtful:" in row["note"]}
    all_dates, sure = (
        {w.date for w in waves("app-microblog-users", sure=s)} for s in (False, True)
    )
    assert doubtful and all_dates - sure == doubtful


@pytest.mark.parametrize("cases", [2, 3, 5, 7])
def test_the_range_of_some_cases_holds_the_next_in_that_share_of_all_orders(cases):
    from itertools import permutations

    orders = list(permutations(range(cases + 1)))
    inside = sum(min(order[:-1]) < order[-1] < max(order[:-1]) for order in orders)
    assert coverage(cases) * len(orders) == inside


@pytest.mark.parametrize(
    ("low", "high", "printed", "expected"),
    [
        (47, 48, "more than 50.0%", "too low"),
        (49, 51, "more than 50.0%", "undecided"),
        (52, 53, "more than 50.0%", "not refuted"),  # a floor refutes nothing above it
        (90, 95, "more than 50.0%", "not refuted"),
        (47, 48, "50.0%", "too low"),
        (52, 53, "50.0%", "too high"),
        (49, 51, "50.0%", "met within rounding"),
    ],
)
def test_a_floor_refutes_a_forecast_below_it_and_no_other(low, high, printed, expected):
    forecast = across([low, high], "percent", waves()[0].share.inputs, "made up")
    assert judged(forecast, published(printed, "percent")) == expected


def test_what_was_said_for_a_day_rests_on_the_waves_known_then():
    early = said("same gain again", "2026-06-30", "2025-06-30")
    known = waves(until="2025-06-30")
    assert early.inputs == figures(*known)
    assert early.number == pytest.approx(forecast("same gain again", known, 1), abs=0.01)


def test_the_waves_of_the_chapter_end_with_december_2025_and_have_both_ends():
    assert UNTIL == "2025-12-31"
    assert waves()[-1].date == UNTIL
    assert all(w.share.interval.bounded for name in SERVICES for w in waves(name))
    assert waves(until="2030-12-31")[-1].share.interval.bounded


@pytest.mark.parametrize("method", METHODS)
def test_rounding_moves_a_forecast_around_its_central_value(method):
    low, high = forecast_range(method, waves(), 1)
    assert low <= forecast(method, waves(), 1) <= high


def test_its_own_last_wave_is_forecast_from_the_waves_before_it_only():
    test = own_test("same gain again")
    assert len(test.waves) == len(waves()) - 1
    gain = test.waves[-1].level - test.waves[-2].level
    assert test.forecast == pytest.approx(test.waves[-1].level + gain)
    assert test.error == pytest.approx(test.forecast - waves()[-1].level)


def test_the_figures_behind_waves_are_users_and_population_each_once():
    ids = [q.id for q in figures(*waves())]
    assert len(ids) == len(set(ids))
    assert {"genai-users-2025-12", "population-2025", "population-2023"} <= set(ids)


@pytest.mark.parametrize(
    ("values", "middle", "expected"),
    [
        ([3.0, 1.0, 1.5], None, (1, 2, 3)),  # halfway between the ends
        ([3.0, 1.0, 1.5], 1.5, (1, 1.5, 3)),
        ((v / 3 for v in [1, 2]), None, (0.33, 0.5, 0.67)),  # to two places, read once
    ],
)
def test_a_range_across_numbers_runs_from_the_lowest_to_the_highest(values, middle, expected):
    quantity = across(values, "percent", waves()[0].share.inputs, "a list", "as found", middle)
    assert (quantity.lower, quantity.number, quantity.upper) == pytest.approx(expected)
    assert (quantity.unit.name, quantity.inputs) == ("percent", waves()[0].share.inputs)


def test_a_range_across_numbers_holds_its_own_value():
    with pytest.raises(ValueError, match="outside its own range"):
        across([1.0, 2.0], "percent", [], "a list", middle=3.0)


def test_no_service_of_the_class_gained_as_much_in_twelve_months_as_generative_ai():
    gains = [best_year(series) for series in SERVICES if runs(series)]
    assert best_year(GENAI).number == pytest.approx(waves()[3].level - waves()[1].level)
    assert best_year(GENAI).lower > max(gain.upper for gain in gains)


def test_the_best_year_of_a_service_has_one_range_wherever_it_is_asked_for():
    path = share_of(load().series("app-online-office-users"), load().series("population"))
    assert best_year("app-online-office-users").interval == best_gain(path).points.interval


def test_other_tables_give_other_waves(tmp_path):
    import shutil

    shutil.copytree(Book.here().data, tmp_path / "data")
    path = tmp_path / "data" / "genai_waves.csv"
    text = path.read_text("utf-8")
    path.write_text(
        text.replace("6.02亿 / 602 million,602000000", "6.20亿 / 620 million,620000000"), "utf-8"
    )
    other = load(tmp_path / "data")
    level, error = waves()[-1].level, own_test("logistic").error
    with in_place(other):
        assert waves()[-1].level > level + 1
        assert own_test("logistic").error < error
