"""What explorers say at presets and at the ends of their sliders is true, has its unit and is of use."""

import itertools

import explorers
import lxml.html
import pytest

from receiptbook.explorers import explorer_html
from receiptbook.explorers.draw import draw
from receiptbook.explorers.parts import FIELD
from receiptbook.explorers.vega import page_data

ALL_CHECKED, NERVOUS = {"checked": 100}, {"false_rejects": 0.5}
SLIDERS_DOWN = {"error_rate": 0, "effort": 0}

# explorer, settings, what is said, what is not
STATES = {
    "with all answers checked nobody is told to check more": (
        *("checking", ALL_CHECKED, "all answers are checked already"), "check more"),
    "a check that brings more than it takes asks for more checks": (
        *("checking", {"error_rate": 10, "saved": 20, "effort": 1}, "checking more saves more"), "–"),
    "a check that takes more than it brings asks for fewer": (
        *("checking", {"miss": 5}, "checking less saves more"), "checking more"),
    "where nobody checks nothing is said about checking less": (
        *("checking", {"miss": 5, "checked": 0}, "more than it brings."), "checking less"),
    "a share of checks at which a use breaks even is named where there is one": (
        *("checking", {"saved": 8}, "with 74.1% or more checked, a use saves time"), "none"),
    "a loss that rests on guesses says so": (
        *("checking", {}, "With these assumed values a use loses 5.38 minutes"), "check more"),
    "a saving has its unit": (
        *("checking", {"error_rate": 3}, "a use saves 2.68 minutes"), "saves 2.68,"),
    "a camera that throws away too much says that no volume pays": (
        *("battery-line", NERVOUS, "at no volume does this inspection pay"), "break even"),
    "a loop that fades says how fast": (
        *("feedback-loop", {"friction": 0.8}, "what is left halves every 3.5 years"), "amplifies"),
    "a loop on the edge is told as one": (
        *("feedback-loop", {"friction": 0.6}, "neither grows nor fades"), "halves"),
    "a target above the ceiling is never met": (
        *("growth", {"ceiling": 60}, "is never met, at any speed"), "in never"),
    "a target above all measured gains is told as that": (
        *("targets", {"target": 100, "by": 2026}, "faster than any gain"), "within"),
    "a target that is met already is told as that": (
        *("targets", {"target": 10}, "is already above the target of 10%"), "needs"),
    "an end before the start leaves no time": (
        *("targets", {"by": 2025}, "There is no time left"), "out of reach points"),
    "users who are all trained leave no gap": (
        *("skills", {"learners": 300, "delay": 0, "horizon": 10}, "have been trained"), "without"),
}  # fmt: skip


@pytest.mark.parametrize(("id", "settings", "said", "not_said"), STATES.values(), ids=STATES)
def test_an_explorer_says_what_holds(id, settings, said, not_said):
    words = explorers.ALL[id]().evaluate(**settings).words
    assert said in words
    assert not_said not in words


def shown(id, **settings):
    """The results of an explorer, by label, without those left out."""
    state = explorers.ALL[id]().evaluate(**settings)
    rows = ((o.label, state.result(o)) for o in state.scenario.outputs if not o.hidden)
    return {label: text for label, text in rows if text}


RESULTS = {
    "a share that breaks even is left out where there is none": (
        *("checking", {}, "A use breaks even if so many answers are checked"), None),
    "and shown where there is one": (
        *("checking", {"saved": 8}, "A use breaks even if so many answers are checked"), "74.1%"),
    "what an error must cost for a check to pay": (
        *("checking", {}, "A check pays if a missed error costs more than"), "21.4 minutes"),
    "no error, no such cost": (
        *("checking", SLIDERS_DOWN, "A check pays if a missed error costs more than"), None),
    "nothing remains, nothing is between": (
        *("feasible-region", {"base": "none"}, "Users, end of 2025, at least"), None),
}  # fmt: skip


@pytest.mark.parametrize(("id", "settings", "label", "text"), RESULTS.values(), ids=RESULTS)
def test_a_result_without_a_value_is_left_out(id, settings, label, text):
    assert shown(id, **settings).get(label) == text


def texts(id, **settings):
    """The words in the picture."""
    drawing = lxml.html.fromstring(draw(explorers.ALL[id]().evaluate(**settings)))
    return [t for e in drawing.xpath("//*[@data-s]//text") if (t := e.text_content())]


IN_THE_PICTURE = {
    "a saving below nought cannot be drawn, and the picture says so": (
        *("battery-line", NERVOUS, "No saving to draw: it is not above zero."), True),
    "a saving above nought is drawn": (
        *("battery-line", {}, "No saving to draw: it is not above zero."), False),
    "its name goes with its line": ("battery-line", NERVOUS, "saving", False),
    "a loss below the chart is told at its edge": (
        *("checking", {"miss": 480}, "▼ −71.74 minutes, below the chart"), True),
    "a gain beyond the scale has its number": (
        *("targets", {"target": 100, "by": 2026}, "57.3 points"), True),
    "a gap has its unit": ("skills", {}, "942 million without", True),
    "a gap too narrow for words has none": (
        *("skills", {"learners": 300, "delay": 0}, "0 million without"), False),
}  # fmt: skip


@pytest.mark.parametrize(
    ("id", "settings", "text", "there"), IN_THE_PICTURE.values(), ids=IN_THE_PICTURE
)
def test_the_picture_says_what_it_cannot_draw(id, settings, text, there):
    assert (text in texts(id, **settings)) == there


def extremes(scenario):
    """Each preset with each slider at either end."""
    ranges = [p for p in scenario.parameters if p.kind == "range"]
    for preset in scenario.presets:
        yield dict(preset.values)
        for p, end in itertools.product(ranges, ("low", "high")):
            yield {**preset.values, p.name: getattr(p, end)}


@pytest.mark.parametrize("id", explorers.ALL)
def test_no_label_floats_outside_the_frame_at_any_preset_and_end_of_a_slider(id):
    scenario = explorers.ALL[id]()
    for settings in extremes(scenario):
        drawing = lxml.html.fromstring(draw(scenario.evaluate(**settings)))
        for text in drawing.xpath("//*[@data-s]//text[@x]"):
            assert -0.1 <= float(text.get("x")) <= scenario.width + 0.1, (text.text, settings)
            assert -0.1 <= float(text.get("y")) <= scenario.height + 0.1, (text.text, settings)


@pytest.mark.parametrize("id", explorers.ALL)
def test_a_label_that_follows_a_line_stands_on_it_or_is_gone(id):
    scenario = explorers.ALL[id]()
    for settings, mark in itertools.product(extremes(scenario), scenario.marks):
        if not mark.follows:
            continue
        state = scenario.evaluate(**settings)
        line = next(m for m in scenario.marks if m.name == mark.follows)
        points = [tuple(p) for p in state.shape(line)]
        ((x, y),) = state.shape(mark)
        visible = [p for p in points if scenario.y.holds(p[1])]
        assert ((x, y) in visible) if visible else y != y


PURE = {"gain", "left", "met_in", "met"}  # numbers and years


@pytest.mark.parametrize("id", explorers.ALL)
def test_each_number_in_words_has_its_unit(id):
    scenario = explorers.ALL[id]()
    units = {n: q.unit for n, q in {**scenario.by_name, **scenario.results}.items() if q.unit}
    assert {o.name for o in scenario.outputs if not o.unit} <= PURE
    for sentence in scenario.words:
        for field in FIELD.finditer(sentence.text):
            if unit := units.get(field[1]):
                after = sentence.text[field.end() : field.end() + 42]
                named = {unit.removeprefix("per ").split()[0], "{end}"}  # of a floor: nothing
                assert any(name in after for name in named), (field[0], after)


@pytest.mark.parametrize("id", explorers.ALL)
def test_the_main_result_comes_first_and_names_what_is_assumed(id):
    scenario = explorers.ALL[id]()
    tree = lxml.html.fromstring(explorer_html(page_data(scenario), "<div class='plot'></div>"))
    (stage,) = tree.find_class("stage")
    assert [e.get("class") for e in stage] == ["result", "plot", "words"]
    (result,) = tree.find_class("result")
    main = scenario.outputs[0]
    assert result.find("output").text_content() == scenario.evaluate().result(main)
    assert main.name not in tree.xpath("//*[@class='results']//output/@data-o")
    count = sum(bool(p.receipt) and scenario.uses(p.name, scenario.complete())
                for p in scenario.parameters)  # fmt: skip
    said = [e.text_content().strip() for e in tree.find_class("assumed")]
    assert said == ([f"from {count} assumed values"] if count else [])


@pytest.mark.parametrize("id", explorers.ALL)
def test_a_choice_is_offered_once(id):
    """Buttons that set what a choice offers anyway are left out."""
    scenario = explorers.ALL[id]()
    tree = lxml.html.fromstring(explorer_html(page_data(scenario)))
    choices = {p.name for p in scenario.parameters if p.options}
    for button in tree.xpath("//*[@data-preset]"):
        values = scenario.presets[int(button.get("data-preset"))].values
        assert not values or len(values) > 1 or not set(values) <= choices
    assert not tree.xpath("//select")


@pytest.mark.parametrize("id", explorers.ALL)
def test_three_telling_controls_are_in_sight_and_more_than_one_beyond_them_are_folded(id):
    scenario = explorers.ALL[id]()
    tree = lxml.html.fromstring(explorer_html(page_data(scenario)))
    names = list(dict.fromkeys(tree.xpath("//*[@data-p]/@data-p")))
    folded = list(dict.fromkeys(tree.xpath("//details//*[@data-p]/@data-p")))
    assert names == [p.name for p in scenario.parameters]
    assert folded == (names[3:] if len(names) > 4 else [])
    if folded:
        assert tree.find(".//summary").text_content() == f"{len(folded)} more controls"
