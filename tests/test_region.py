"""Feasible regions: exact corners, agreement with a linear programme, and the book's own finding."""

from fractions import Fraction as F
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from receiptbook.numbers import Interval
from receiptbook.tables import data
from surge.region import HalfPlane, intersect, survey_conditions

UNIT = Interval(F(0), F(1))

CASES = [
    ("nothing demanded", [], 4, F(1)),
    ("half of a square", [HalfPlane(F(1), F(1), F(1))], 3, F(1, 2)),
    ("an edge that only touches leaves the square", [HalfPlane(F(1), F(0), F(1))], 4, F(1)),
    ("a corner alone", [HalfPlane(F(1), F(1), F(0))], 1, F(0)),
    (
        "demands that exclude each other",
        [HalfPlane(F(1), F(0), F(1, 3)), HalfPlane(F(-1), F(0), F(-1, 2))], 0, F(0),
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "conditions", "corners", "area"), CASES, ids=[c[0] for c in CASES]
)
def test_cutting_a_square_leaves_what_geometry_says(name, conditions, corners, area):
    region = intersect(UNIT, UNIT, conditions)
    assert len(region.corners) == corners
    assert region.area == area


whole = st.integers(-6, 6).map(F)


@given(st.lists(st.builds(HalfPlane, whole, whole, whole), max_size=5))
def test_the_extent_agrees_with_a_linear_programme(conditions):
    box = Interval(F(-2), F(3))
    region = intersect(box, box, conditions)
    found = linprog(
        [1, 0],
        A_ub=[[float(c.a), float(c.b)] for c in conditions] or None,
        b_ub=[float(c.c) for c in conditions] or None,
        bounds=[(-2, 3), (-2, 3)],
        method="highs",
    )
    if not region.corners:
        assert found.status == 2
    else:
        assert found.status == 0
        assert found.fun == pytest.approx(float(region.x.lower), abs=1e-7)


def turns(corners, point):
    """On which side of each edge, gone round in order, a point lies: below, on (0) or above nought."""
    ring = (*corners, corners[0])
    return [
        (q[0] - p[0]) * (point[1] - p[1]) - (q[1] - p[1]) * (point[0] - p[0])
        for p, q in pairwise(ring)
    ]


@given(st.lists(st.builds(HalfPlane, whole, whole, whole), max_size=4))
def test_every_corner_satisfies_every_condition_exactly(conditions):
    region = intersect(UNIT, UNIT, conditions)
    assert all(c.excess(p) <= 0 for p in region.corners for c in conditions)
    for sides in (turns(region.corners, p) for p in region.corners if region.area > 0):
        assert all(side >= 0 for side in sides) or all(side <= 0 for side in sides)


@pytest.mark.parametrize("start", ["2023", "2024"])
@pytest.mark.parametrize("end", ["2022", "2023", "2024", "2025"])
def test_only_the_population_of_the_end_of_2025_under_the_last_rate_leaves_anything(start, end):
    tables = data.load()
    users, rates = tables.series("genai-users"), tables.series("genai-rate")
    population = tables.series("population")
    conditions = survey_conditions(
        tables["genai-growth-2025"],
        (rates["2024-12"], rates["2025-12"]),
        tables["genai-gain-2025"],
        (population[start], population[end]),
    )
    region = intersect(users["2024-12"].interval, users["2025-12"].interval, conditions)
    assert bool(region.corners) == (end == "2025")
    for before, after in region.corners:
        assert (after / before - 1) in tables["genai-growth-2025"].interval
