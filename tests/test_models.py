"""Models against published values, analytic limits and the equations they claim to solve."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.optimize import curve_fit

from surge import models

CURVES = ("logistic", "bass", "gompertz")
SLOPES = {  # y' as each docstring states it, with q = speed
    "logistic": lambda y, k, q, p: q * y * (1 - y / k),
    "bass": lambda y, k, q, p: (p + q * y / k) * (k - y),
    "gompertz": lambda y, k, q, p: q * y * np.log(k / y),
}
ceilings = st.floats(50, 100)
speeds = st.floats(0.1, 4)
starts = st.floats(1, 45)
times = st.floats(0, 15)
prompts = st.floats(0, 0.2)


def test_the_adoption_rate_is_a_percentage():
    assert models.adoption_rate(250, 1000) == 25


@pytest.mark.parametrize("kind", CURVES)
def test_each_curve_solves_its_differential_equation(kind):
    k, q, p, start = 80.0, 0.9, 0.03, 12.0
    t = np.linspace(0, 8, 9)
    solved = solve_ivp(
        lambda _, y: SLOPES[kind](y, k, q, p), (0, 8), [start], t_eval=t, rtol=1e-11, atol=1e-11
    )
    np.testing.assert_allclose(models.diffusion(kind, t, k, q, start, p), solved.y[0], rtol=1e-8)


def test_bass_from_nought_is_the_published_cumulative_curve():
    """F(t) = (1 − e^−(p+q)t) / (1 + q/p · e^−(p+q)t), Bass (1969)."""
    p, q, t = 0.0066, 0.638, np.linspace(0, 15, 31)
    decay = np.exp(-(p + q) * t)
    published = (1 - decay) / (1 + q / p * decay)
    np.testing.assert_allclose(models.bass(t, 1, q, 0, p), published, rtol=1e-12, atol=1e-15)


def test_bass_sales_peak_where_and_as_high_as_the_paper_says():
    """T* = ln(q/p) / (p+q) and S(T*) = m (p+q)² / 4q, Bass (1969)."""
    p, q, m = 0.0066, 0.638, 68_000
    t = np.linspace(0, 15, 300_001)
    sales = np.gradient(models.bass(t, m, q, 0, p), t)
    assert t[sales.argmax()] == pytest.approx(np.log(q / p) / (p + q), abs=1e-3)
    assert sales.max() == pytest.approx(m * (p + q) ** 2 / (4 * q), rel=1e-6)


def test_fitting_bass_to_the_textbook_series_gives_the_published_estimates():
    """Video recorders: fit of nls in R, as published (M 6.80e4, P 6.59e-3, Q 6.38e-1).

    Source: C. Wang, "Bass model", rpubs.com/chengjun/bass_model, 2012.
    """
    sales = [840, 1470, 2110, 4000, 7590, 10950, 10530, 9470, 7790, 5890]

    def density(t, m, p, q):
        step = 1e-3
        ahead, behind = (models.bass(t + s, m, q, 0, p) for s in (step, -step))
        return (ahead - behind) / (2 * step)

    found, _ = curve_fit(density, np.arange(1, 11), sales, p0=(60630, 0.03, 0.38))
    assert [f"{v:.2e}" for v in found] == ["6.80e+04", "6.59e-03", "6.38e-01"]


@pytest.mark.parametrize("kind", CURVES)
@given(t=times, more=st.floats(0.01, 5), k=ceilings, q=speeds, start=starts, p=prompts)
def test_each_curve_rises_and_stays_below_its_ceiling(kind, t, more, k, q, start, p):
    early, late = (float(models.diffusion(kind, x, k, q, start, p)) for x in (t, t + more))
    assert start * (1 - 1e-12) <= early <= late * (1 + 1e-12) <= k * (1 + 1e-12)


@pytest.mark.parametrize("kind", CURVES)
@given(k=ceilings, q=speeds, start=starts, p=prompts, share=st.floats(0.01, 0.99))
def test_the_time_to_a_target_inverts_the_curve(kind, k, q, start, p, share):
    target = start + share * (k - start)
    years = models.diffusion_time(kind, target, k, q, start, p)
    assert float(models.diffusion(kind, years, k, q, start, p)) == pytest.approx(target, rel=1e-9)


@pytest.mark.parametrize("kind", CURVES)
def test_a_target_at_or_above_the_ceiling_is_never_met(kind):
    for target in (80, 90):
        assert models.diffusion_time(kind, target, 80, 1, 40, 0.02) == np.inf


def test_bass_without_innovation_is_logistic():
    t = np.linspace(0, 5, 11)
    np.testing.assert_allclose(
        models.bass(t, 80, 0.7, 20, 0), models.logistic(t, 80, 0.7, 20), rtol=1e-12
    )


@pytest.mark.parametrize(
    ("start", "target", "years", "gain"),
    [(40, 70, 2, 15), (70, 40, 2, 0), (40, 70, 0, np.inf), (40, 70, -1, np.inf), (70, 70, 0, 0)],
)
def test_the_gain_needed_is_points_a_year(start, target, years, gain):
    assert models.gain_needed(start, target, years) == gain


@pytest.mark.parametrize(
    ("settings", "yuan"),
    [
        ((50, 0.3, 0.05, 100, 0), 0.125),  # a quarter of a percent of 50 yuan
        ((50, 0.3, 0.05, 50, 0), 0.0625),
        ((50, 0.3, 0.05, 0, 0), 0),
        ((50, 0, 0, 100, 1), -0.5),
        ((100, 1, 1, 100, 1), -0.99),
    ],
)
def test_a_unit_saves_what_is_caught_less_what_is_thrown_away(settings, yuan):
    assert models.saving_per_unit(*settings) == pytest.approx(yuan, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(
    ("system", "running", "saving", "years"),
    [(2, 0.5, 1.5, 2), (2, 0.5, 0.5, np.inf), (2, 1, 0.5, np.inf), (0, 0, 1, 0)],
)
def test_payback_is_the_price_over_what_is_left_each_year(system, running, saving, years):
    assert models.payback(system, running, saving) == years


@given(
    system=st.floats(1e5, 1e7), running=st.floats(0, 1e6), life=st.floats(1, 15),
    cell=st.floats(1e-3, 10),
)  # fmt: skip
def test_at_the_break_even_volume_savings_equal_costs(system, running, life, cell):
    volume = models.break_even_volume(system, running, life, cell)
    assert float(volume) * cell * life == pytest.approx(system + running * life, rel=1e-12)


def test_no_volume_breaks_even_where_a_unit_saves_nothing():
    assert models.break_even_volume(1, 1, 1, 0) == models.break_even_volume(1, 1, 1, -1) == np.inf


@pytest.mark.parametrize("pulls", [(0.6, 0.6), (1.4, 0.2), (0, 0.7), (0.7, 0), (3, 3)])
@pytest.mark.parametrize("friction", [0.05, 0.5, 3])
def test_the_loop_solves_its_differential_equations(pulls, friction):
    up, down = pulls
    t = np.linspace(0, 6, 13)
    solved = solve_ivp(
        lambda _, z: [down * z[1] - friction * z[0], up * z[0] - friction * z[1]],
        (0, 6), [1, 0], t_eval=t, rtol=1e-11, atol=1e-13,
    )  # fmt: skip
    np.testing.assert_allclose(
        models.loop_adoption(t, up, down, friction), solved.y[0], rtol=1e-7, atol=1e-10
    )
    np.testing.assert_allclose(
        models.loop_services(t, up, down, friction), solved.y[1], rtol=1e-7, atol=1e-10
    )


@pytest.mark.parametrize(("up", "down", "friction"), [(0.6, 0.6, 0.5), (2, 1, 0.7), (0.4, 0.4, 1)])
def test_the_loop_with_people_running_out_settles_at_its_limit(up, down, friction):
    solved = solve_ivp(
        lambda _, z: [down * z[1] * (1 - z[0]) - friction * z[0], up * z[0] - friction * z[1]],
        (0, 400), [0.05, 0.05], rtol=1e-10, atol=1e-12,
    )  # fmt: skip
    limit = models.loop_limit(up, down, friction)
    assert 100 * solved.y[0][-1] == pytest.approx(float(limit), abs=1e-4)


@given(up=st.floats(0.05, 3), down=st.floats(0.05, 3), friction=st.floats(0.05, 3))
def test_a_push_grows_in_the_long_run_exactly_where_the_gain_exceeds_one(up, down, friction):
    gain = models.loop_gain(up, down, friction)
    if abs(gain - 1) > 0.02:
        far, farther = (models.loop_adoption(t, up, down, friction) for t in (220, 221))
        assert (farther > far) == (gain > 1) or far == 0


@pytest.mark.parametrize(
    ("checked", "caught", "through"), [(0, 50, 20), (100, 100, 0), (50, 50, 15), (100, 0, 20)]
)
def test_errors_pass_unless_checked_and_caught(checked, caught, through):
    assert models.errors_through(100, 20, checked, caught) == pytest.approx(through)


def hundredths(top):
    """Numbers as a control can hold them: whole hundredths from 0 to `top`."""
    return st.integers(0, 100 * top).map(lambda n: n / 100)


percents = hundredths(100)


@given(e=percents, k=percents, saved=hundredths(60), effort=hundredths(30),
       miss=hundredths(480))  # fmt: skip
def test_at_the_break_even_share_a_use_saves_nothing(e, k, saved, effort, miss):
    share = float(models.break_even_checking(e, k, saved, effort, miss))
    ends = [models.minutes_saved(e, c, k, saved, effort, miss) for c in (0, 100)]
    if np.isfinite(share):
        scale = saved + effort + e / 100 * miss
        slope = abs(ends[1] - ends[0]) / scale
        if slope > 1e-9:
            left = models.minutes_saved(e, share, k, saved, effort, miss)
            assert abs(left) <= 1e-9 * scale
    elif abs(ends[0] - ends[1]) > 1e-6:
        assert min(ends) * max(ends) >= -1e-9


@pytest.mark.parametrize(
    ("saved", "share"),
    [(20, 0), (10, 100), (15, 50), (20.5, np.inf), (9.5, np.inf)],
    ids=["at no check", "at every answer checked", "between", "already without", "never"],
)
def test_a_break_even_share_exists_up_to_both_ends_of_the_scale(saved, share):
    """An error in five answers costs 100 minutes, half of them are found at no effort."""
    assert models.break_even_checking(20, 50, saved, 0, 100) == share


@given(t=st.floats(0, 10), learners=st.floats(0, 300), delay=st.floats(0, 5),
       users=st.floats(1, 1500))  # fmt: skip
def test_the_competent_are_never_more_than_users_or_than_have_had_time(t, learners, delay, users):
    found = float(models.competent(t, learners, delay, users))
    assert 0 <= found <= users
    assert found <= learners * max(t - delay, 0) + 1e-9


@pytest.mark.parametrize("delay", [0, 1, 2.5])
def test_nobody_is_competent_before_the_delay(delay):
    assert models.competent(delay, 100, delay, 1000) == 0
    assert models.competent(delay + 1, 100, delay, 1000) == 100
