"""The switch between definitions of a user: last count until a date, its words, and what it refuses."""

import pytest

from receiptbook.explorers import ScenarioError
from receiptbook.numbers import published
from surge.scenarios.definitions import Definition, definitions

SURVEY = {
    "2025-06-30": published("515 million", "persons"),
    "2025-12-31": published("602 million", "persons"),
}
PANEL = {"2025-05-31": 270e6, "2025-09-30": 300e6}


def switch(*ways):
    return definitions(
        ways
        or (
            Definition("survey", "A survey", "Said so", SURVEY),
            Definition("panel", "A panel", "Seen on a phone", PANEL),
        ),
        1_400_000_000,
        date="2025-12-31",
        sources=["a-source"],
        caption="Counts by definition.",
    )


@pytest.mark.parametrize(
    "definition, count, lowest, highest, when",
    [
        ("survey", 602, 601.5, 602.5, "602 million in December 2025."),
        ("panel", 300, 300, 300, "300 million in September 2025, the last count until then."),
    ],
)
def test_each_definition_shows_its_last_figure_until_the_date_and_says_which(
    definition, count, lowest, highest, when
):
    state = switch().evaluate(definition=definition)
    found = state.outputs
    assert (found["count"], found["lowest"], found["highest"]) == (count, lowest, highest)
    assert when in state.words


FLOOR = {"2026-03-31": published("exceeded 700 million", "persons")}


def test_a_floor_is_said_and_drawn_as_a_floor_and_leaves_other_definitions_as_they_are():
    open_above = Definition("open", "Open", "Seen somewhere", {**PANEL, **FLOOR})
    only = Definition("only", "Only", "Seen later", FLOOR)
    explorer = switch(Definition("survey", "A survey", "Said so", SURVEY), open_above, only)
    state = explorer.evaluate(definition="only")
    assert "more than 700 million in March 2026, the first count in print" in state.words
    assert state.outputs["highest"] == float("inf")
    frames = explorer.frames[0].rows
    assert len(frames["open",]["trail"]) == 2  # the floor is no point of the line
    assert frames["open",]["floors"] and not frames["survey",]["floors"]
    assert explorer.evaluate(definition="survey").outputs["highest"] == 602.5


def test_every_count_is_also_taken_over_one_population():
    state = switch().evaluate(definition="survey")
    assert state.outputs["share"] == pytest.approx(43)
    assert "43 users in each hundred residents" in state.words


def test_every_definition_after_the_first_is_a_preset():
    assert [preset.name for preset in switch().presets] == ["A survey", "A panel"]


def test_the_switch_draws_as_a_bound_chart():
    spec = switch().page().spec
    assert spec["usermeta"]["receiptbook"]["kind"] == "scenario"
    assert spec["params"][0]["bind"]["input"] == "select"


@pytest.mark.parametrize("counts", [None, {}])
def test_a_definition_without_counts_is_refused(counts):
    ways = () if counts is None else (Definition("none", "None", "Nothing", counts),)
    with pytest.raises(ScenarioError, match="at least one way"):
        definitions(ways, 1, date="2025-12-31", sources=["a"], caption="c")
