"""The loop ends where its closed form says, and the search finds the setting behind a path."""

import numpy as np
import pytest

from surge import models
from surge.loop import closest, loop_path

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
    np.testing.assert_allclose(path, 0.4 * 0.95 ** np.arange(4))


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
