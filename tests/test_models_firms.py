"""The loop ends where its closed form says, and the search finds the setting behind a path."""

import itertools

import numpy as np
import pytest
from scipy import optimize
from scipy.integrate import solve_ivp

from surge import models
from surge.feedback import closest, loop_path

YEARS = 400


@pytest.mark.parametrize(
    ("pull", "friction", "start", "inflow"),
    [
        (0.6, 0.5, 0.01, 0.0),
        (1.2, 0.5, 0.164, 0.1),
        (1.2, 0.5, 0.9, 0.0),
        (0.6, 0.8, 0.5, 0.2),
        (0.0, 0.5, 0.9, 0.0),
    ],
)
def test_a_loop_comes_to_rest_where_its_closed_form_says(pull, friction, start, inflow):
    path = loop_path(pull, friction, start, inflow, 12 * YEARS)
    assert 100 * path[-1] == pytest.approx(models.loop_limit(pull, pull, friction), abs=1e-4)


def test_a_resting_loop_stays_at_rest():
    pull, friction = 1.2, 0.5
    share = models.loop_limit(pull, pull, friction) / 100
    inflow = pull**2 * share / friction
    np.testing.assert_allclose(loop_path(pull, friction, share, inflow, 24), share, rtol=1e-12)


def test_without_pull_or_services_users_fade_by_the_friction_alone():
    path = loop_path(0.0, 0.6, 0.4, 0.0, 3)
    np.testing.assert_allclose(path, 0.4 * np.exp(-0.6 * np.arange(4) / 12), rtol=1e-9)


@pytest.mark.parametrize(
    ("pull", "friction", "closing", "ceiling", "inflow"),
    [
        (0.6, 0.5, 0.5, 1.0, 0.0),
        (4.0, 1.0, 0.0, 0.53, 0.02),
        (8.0, 5.6, 5.6, 1.0, 0.1),
        (17.5, 25.5, 6.5, 1.0, 0.0),
    ],
)
def test_a_path_solves_the_two_equations(pull, friction, closing, ceiling, inflow):
    def slope(t, y):
        a, u = y
        return u * (ceiling - a) - friction * a, pull**2 * a - closing * u

    exact = solve_ivp(
        slope, (0, 1.5), (0.164, inflow), t_eval=np.arange(19) / 12, rtol=1e-10, atol=1e-12
    )
    path = loop_path(pull, friction, 0.164, inflow, 18, closing=closing, ceiling=ceiling)
    np.testing.assert_allclose(path, exact.y[0], atol=5e-4)


@pytest.mark.parametrize(("friction", "closing"), [(0.5, 0.5), (0.2, 1.8), (3.0, 0.1)])
def test_with_two_frictions_their_geometric_mean_decides(friction, closing):
    mean = np.sqrt(friction * closing)
    below, above = (
        loop_path(times * mean, friction, 1e-3, 0.0, 12 * YEARS, closing=closing)[-1]
        for times in (0.7, 1.5)
    )
    assert below == pytest.approx(0, abs=1e-6)
    assert above == pytest.approx(1 - 1 / 1.5**2, abs=1e-6)


def test_those_who_cannot_be_won_are_missing_at_rest():
    path = loop_path(1.2, 0.5, 0.1, 0.0, 12 * YEARS, ceiling=0.6)
    assert path[-1] == pytest.approx(0.6 - (0.5 / 1.2) ** 2, abs=1e-9)


def test_many_settings_run_at_once_as_they_do_one_by_one():
    pulls, frictions = np.array([0.6, 2.0]), np.array([0.5, 1.5])
    together = loop_path(pulls, frictions, 0.164, 0.05, 18)
    for i in range(2):
        np.testing.assert_array_equal(
            together[:, i], loop_path(pulls[i], frictions[i], 0.164, 0.05, 18)
        )


def test_the_search_finds_the_setting_that_made_the_waves():
    path = loop_path(2.0, 0.5, 0.164, 0.1, 18)
    found = closest(
        {m: path[m] for m in (0, 6, 12, 18)},
        np.linspace(0, 4, 9), np.linspace(0, 2, 5), np.linspace(0, 0.5, 6),
    )  # fmt: skip
    assert (found.pull, found.friction, found.inflow) == (2.0, 0.5, 0.1)
    assert found.miss == 0
    assert found.tried == 9 * 5 * 6
    np.testing.assert_array_equal(found.path(0.164, 18), path)


def test_the_search_finds_services_and_ceiling_of_their_own():
    path = loop_path(2.0, 0.5, 0.164, 0.1, 18, closing=1.5, ceiling=0.7)
    found = closest(
        {m: path[m] for m in (0, 6, 12, 18)},
        [1.0, 2.0], [0.5, 1.0], [0.0, 0.1], [0.0, 1.5], [0.7, 1.0],
    )  # fmt: skip
    assert (found.closing, found.ceiling, found.miss, found.tried) == (1.5, 0.7, 0, 32)


def test_a_setting_that_bursts_is_never_the_closest():
    found = closest({0: 0.164, 6: 0.2}, [1.0, 400.0], [0.5], [0.0])
    assert np.isfinite(found.path(0.164, 6)).all()
    assert found.pull < 400


WAVES = {0: 0.164, 6: 0.177, 12: 0.365, 18: 0.428}


@pytest.mark.parametrize(
    ("most", "free"),
    [(1, True), (2, True), (1, False)],
    ids=["a year", "half a year", "the simplest form"],
)
def test_the_closest_setting_is_as_close_as_an_optimiser_of_another_kind_finds(most, free):
    ends = [(0, 8), (0, most), (0, 1), *([(0, 6), (0.45, 1)] if free else [])]

    def miss(pull, friction, inflow, closing=None, ceiling=1.0):
        path = loop_path(pull, friction, 0.164, inflow, 18, closing=closing, ceiling=ceiling)
        return np.max([np.abs(path[m] - WAVES[m]) for m in (6, 12, 18)], axis=0)

    other = optimize.differential_evolution(
        lambda at: miss(*at), ends, seed=1, vectorized=True, updating="deferred",
        popsize=15, maxiter=300, tol=1e-9,
    )  # fmt: skip
    coarse = [np.linspace(*pair, 5) for pair in ends]
    assert closest(WAVES, *coarse).miss == pytest.approx(other.fun, abs=5e-6)


BATTERY = {"unit_cost": 50, "before": 0.3, "after": 0.05, "recall": 100, "false_rejects": 0.05}


@pytest.mark.parametrize(
    ("change", "saving"),
    [
        ({}, 0.100075),
        ({"recall": 0}, -0.024925),
        ({"false_rejects": 0}, 0.125),
        ({"recall": 0, "false_rejects": 0}, 0),
        ({"after": 0.3}, -0.024925),
        ({"false_rejects": 100 * 0.25 / 99.7}, 0),
    ],
)
def test_a_cell_saves_what_falls_away_less_what_is_thrown_away(change, saving):
    assert models.saving_per_unit(**BATTERY | change) == pytest.approx(saving, abs=1e-12)


def test_at_the_break_even_volume_payback_takes_the_whole_life():
    for saving, system, running, life in itertools.product(
        (0.05, 0.1), (1e6, 2e6), (0, 5e5), (1, 5)
    ):
        volume = models.break_even_volume(system, running, life, saving)
        assert models.payback(system, running, volume * saving) == pytest.approx(life)


def test_what_saves_nothing_never_pays():
    assert models.break_even_volume(2e6, 0.0, 5, 0.0) == np.inf
    assert models.payback(2e6, 5e5, 5e5) == np.inf
