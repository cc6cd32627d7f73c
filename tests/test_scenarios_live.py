"""In a real Jupyter, offline, both faces of an explorer follow their controls."""

import datetime
from html import escape
from pathlib import Path

import explorers
import lxml.html
import numpy as np
import pytest
from chromium import chromium
from lab import APPS, PATIENCE, again, jupyterlab, output, run_all

from receiptbook.explorers import Axis, Explorer, Mark, Output, Parameter, Sentence
from receiptbook.explorers.draw import draw
from receiptbook.explorers.own_figures import LARGEST, OwnFiguresError
from receiptbook.explorers.widgets import FOLD, SESSIONS

pytestmark = pytest.mark.slow  # JupyterLab and a browser

TESTS = Path(__file__).parent
CELLS = (
    f"import sys; sys.path.insert(0, {str(TESTS)!r}); import explorers",
    "explorers.checking().page()",
    "explorers.checking().widgets()",
    "explorers.growth().widgets()",
    "import resource; print('MB', resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)",
)
BOUND, LIVE, GROWTH, MEMORY = range(1, 5)


@pytest.fixture(autouse=True)
def _fresh():
    SESSIONS.clear()
    yield
    SESSIONS.clear()


# ------------------------------------------------------------------------- in a real front end

SHOWS = """([cell, mark, path, words]) => {
  const area = document.querySelectorAll(".jp-CodeCell")[cell].querySelector(".jp-OutputArea");
  return area.querySelector(mark)?.getAttribute("d") === path
    && area.querySelector('[role="status"]')?.textContent === words;
}"""


def wait_until_it_shows(tab, cell, state, mark):
    """The words and a mark of the widgets in a cell are those of the Python model."""
    id = state.scenario.id
    (there,) = lxml.html.fromstring(draw(state)).xpath(f"//*[@data-s='{id} {mark}']")
    found = [cell, f'[data-s="{id} {mark}"]', there.get("d"), state.words]
    tab.wait_for_function(SHOWS, arg=found)


MOVED = """([cell, before, words]) => {
  const area = document.querySelectorAll(".jp-CodeCell")[cell].querySelector(".jp-OutputArea");
  const line = area.querySelector("g.s_line_marks path");
  return line && line.getAttribute("d") !== before && area.textContent.includes(words);
}"""


@pytest.mark.long
@pytest.mark.parametrize("app", APPS)
def test_both_faces_follow_their_controls_without_a_network_and_remember(app, tmp_path):
    checking, growth = explorers.checking(), explorers.growth()
    with (
        jupyterlab(tmp_path, {"explorer": CELLS}, app=app) as address,
        chromium(viewport={"width": 1400, "height": 3600}) as session,
    ):
        session.set_default_timeout(1000 * PATIENCE)
        tab = session.new_page()
        run_all(tab, address, "explorer", "MB", app)

        # the traced formula, evaluated by the front end alone
        bound = output(tab, BOUND)
        line = bound.locator("g.s_line_marks path").first
        line.wait_for(state="attached")
        before = line.get_attribute("d")
        most = checking.evaluate(error_rate=checking.by_name["error_rate"].high)
        bound.locator('.vega-bind input[name="error_rate"]').press("End")
        said = f"Errors that pass: {most.result(checking.results['through'])}"
        tab.wait_for_function(MOVED, arg=[BOUND, before, said])

        # the same model in the kernel: a slider, then the number beside it, also beyond the slider
        live = output(tab, LIVE)
        wait_until_it_shows(tab, LIVE, checking.evaluate(), "line")
        assert not live.get_by_role("slider").first.is_visible()  # the chart above has its own
        live.get_by_text(FOLD).click()
        live.get_by_role("slider").nth(1).press("End")
        wait_until_it_shows(tab, LIVE, most, "line")
        live.locator('input[type="number"]').nth(1).press("ArrowDown")
        rate = checking.by_name["error_rate"]
        settings = checking.complete(error_rate=rate.high - rate.step)
        wait_until_it_shows(tab, LIVE, checking.state_at(settings), "line")
        field = live.locator('input[type="number"]').last
        field.fill("5000")
        field.press("Enter")
        beyond = checking.state_at({**settings, "uses": np.float64(5000)})
        wait_until_it_shows(tab, LIVE, beyond, "line")

        # the reader's own figures: refused with line and reason, then drawn
        mine = output(tab, GROWTH)
        wait_until_it_shows(tab, GROWTH, growth.evaluate(), "curve")
        mine.get_by_text(FOLD).click()
        text, draw_them = mine.get_by_role("textbox", name="Your own figures"), "Draw these figures"
        text.fill("date,percent\n2023-12,10%\n2024-13,20%")
        mine.get_by_role("button", name=draw_them).click()
        mine.get_by_role("alert").get_by_text("line 3, column date").wait_for()
        wait_until_it_shows(tab, GROWTH, growth.evaluate(), "curve")
        text.fill(OWN)
        mine.get_by_role("button", name=draw_them).click()
        own = growth.own.scenario(OWN).evaluate()
        wait_until_it_shows(tab, GROWTH, own, "curve")
        for told in own.scenario.own.comments(own):
            mine.get_by_text(told).wait_for()

        # run again, everything is as it was left
        again(tab, "MB")
        wait_until_it_shows(tab, LIVE, beyond, "line")
        wait_until_it_shows(tab, GROWTH, own, "curve")

        used = float(output(tab, MEMORY).text_content().split("MB")[1].split()[0])
        assert used < 200
        assert session.strangers == []


# -------------------------------------------------------------------- the widgets by themselves


def test_settings_survive_running_the_cell_again():
    first = explorers.checking().widgets()
    first.set(checked=77, uses=5000)  # beyond the slider
    again = explorers.checking().widgets()
    assert again.state.values == first.state.values
    assert again.state.outputs["through"] == first.state.outputs["through"]
    assert again.inputs["uses"][1].value == 5000
    SESSIONS.clear()
    assert explorers.checking().widgets().state.values["checked"] == 30


def test_without_a_widget_manager_there_are_words_and_a_way_out():
    bundle = explorers.checking().widgets()._repr_mimebundle_()
    assert "pip install ipywidgets" in bundle["text/plain"]
    assert explorers.checking().evaluate().words in bundle["text/plain"]
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_a_control_moves_its_slider_its_number_and_the_words():
    live = explorers.checking().widgets()
    slider, number = live.inputs["checked"]
    slider.value = 60
    assert number.value == 60
    assert live.state.values["checked"] == 60
    assert live.state.words in live.words.value
    assert escape(live.state.fill("{each} minutes")) in live.picture.value


def test_a_slider_that_a_front_end_sends_back_unevenly_changes_nothing():
    live = explorers.checking().widgets()
    slider, number = live.inputs["error_rate"]
    slider.value = 20.000000000000004  # its place, as computed from its width in pixels
    assert live.state.values["error_rate"] == number.value == 20
    number.value = 20.123  # typed, between two places of the slider
    slider.value = 20.0
    assert live.state.values["error_rate"] == number.value == 20.123
    slider.value = 31.499999999999996
    assert live.state.values["error_rate"] == number.value == 31.5


def test_a_number_beyond_reason_is_still_put_into_words():
    live = explorers.checking().widgets()
    live.inputs["uses"][1].value = 1e30
    assert live.state.words in live.words.value


def test_a_model_that_no_browser_could_evaluate_has_a_widgets_face():
    def queue(doors):
        """People left outside after a hundred arrivals, by simulation."""
        rng, waiting = np.random.default_rng(7), 0
        for _ in range(100):
            waiting = max(0, waiting + rng.poisson(3.0) - rng.binomial(int(doors), 0.9))
        return {"waiting": waiting}

    live = Explorer(
        id="queue", title="A queue", caption="c", alt="a", sources=(),
        parameters=(Parameter("doors", "Doors", 3, low=1, high=9, step=1),),
        model=queue,
        outputs=(Output("waiting", "Waiting"),),
        words=(Sentence("With {doors} doors, {waiting} people wait."),),
        x=Axis("Doors", 0, 10), y=Axis("Waiting", 0, 400),
        marks=(Mark("here", "points", lambda doors, waiting: [(doors, waiting)]),),
    ).widgets()  # fmt: skip
    before = live.picture.value
    live.inputs["doors"][0].value = 1
    assert live.state.outputs["waiting"] == queue(1)["waiting"] > 100
    assert live.picture.value != before
    assert live.state.words in live.words.value


@pytest.mark.parametrize("kind", ["logistic", "bass", "gompertz"])
def test_a_fit_comes_closer_to_the_waves_than_any_setting_of_the_sliders(kind):
    growth = explorers.growth()
    found = growth.state_at(
        {**growth.complete(kind=kind), **growth.fit(growth.complete(kind=kind))}
    )
    ceiling, speed = growth.by_name["ceiling"], growth.by_name["speed"]
    least = min(
        growth.evaluate(kind=kind, ceiling=c, speed=s).outputs["miss"]
        for c in np.arange(ceiling.low, ceiling.high + 1, 4)
        for s in np.linspace(speed.low, speed.high, 40)
    )
    assert found.outputs["miss"] <= least + 0.01  # points; the fit is rounded to be shown


def test_a_fit_finds_the_curve_that_made_the_figures():
    from surge.models import logistic

    years = {"2021-12": -4, "2022-12": -3, "2023-12": -2, "2024-12": -1, "2025-12": 0}
    text = "\n".join(f"{d},{logistic(t, 60, 1.2, 45):.4f}%" for d, t in years.items())
    own = explorers.growth().own.scenario(text)
    assert own.fit(own.complete()) == pytest.approx({"ceiling": 60, "speed": 1.2}, abs=0.02)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (explorers.growth, ["any number", "Fit to the figures", "figures of your own"]),
        (explorers.checking, ["any number"]),
        (explorers.who_counts, ["figures of your own"]),
    ],
)
def test_the_widgets_open_with_what_they_can_do_beyond_the_chart_above_them(make, told):
    about = make().widgets().box.children[0].value
    every = ["any number", "Fit to the figures", "figures of your own"]
    assert [words for words in every if words in about] == told


# ------------------------------------------------------------------- the reader's own figures

OWN = "date,percent\n2022-12,11%\n2023-12,19.5%\n2024-12,33%\n"


@pytest.mark.parametrize(
    "text",
    [
        OWN,
        OWN.replace("date,percent\n", ""),
        OWN.replace(",", ";"),
        OWN.replace(",", "\t"),
        "\ufeff" + OWN.replace("\n", "\r\n"),
        "# mine\n\n" + OWN.replace(",", " , "),
        "2024-12-31,33%\n2022-12-31,11%\n2023-12-31,19.5%",
        OWN.replace("%", ""),
        OWN.replace("19.5%", "百分之十九点五"),
        OWN.replace("33%", "thirty-three or so"),
    ],
    ids="plain headless semicolons tabs windows remarks unsorted bare chinese words".split(),
)
def test_figures_are_read_as_spreadsheets_and_people_write_them(text):
    own = explorers.growth().own
    found = own.read(text)["percent"]
    assert {d: q.number for d, q in found.items()} == {
        "2022-12-31": 11, "2023-12-31": 19.5, "2024-12-31": 33,
    }  # fmt: skip
    assert (found["2023-12-31"].lower, found["2023-12-31"].upper) == (19.45, 19.55)


@pytest.mark.parametrize(
    ("lines", "line", "column", "found", "expected"),
    [
        ("2024-13,20%\n2025-12,30%", 1, "date", "2024-13", "2025-12-31"),
        ("12/2024,20%\n2025-12,30%", 1, "date", "12/2024", "2025-12-31"),
        ("2024-02-30,20%\n2025-12,30%", 1, "date", "2024-02-30", "2025-12-31"),
        ("2024-12,lots\n2025-12,30%", 1, "percent", "lots", "42.8%"),
        ("2024-12,\n2025-12,30%", 1, "percent", "", "42.8%"),
        ("2024-12,98%\n2025-12,30%", 1, "percent", "98%", "up to 97%"),
        ("2024-12,0%\n2025-12,30%", 1, "percent", "0%", "above 0"),
        ("2024-12,-5%\n2025-12,30%", 1, "percent", "-5%", "above 0"),
        ("2024-12,above 20%\n2025-12,30%", 1, "percent", "above 20%", "42.8%"),
        ("2024-12,20 points\n2025-12,30%", 1, "percent", "20 points", "42.8%"),
        ("date,percent\n2024-12,20%\n2024-12-01,30%", 3, "date", "2024-12-01", "line 2"),
        ("2024-12,20%\n2025-12,30%,4", 2, None, "3 columns", "2: date,percent"),
        ("2024-12,20%\n2025-12 30%", 2, None, "1 columns", "2: date,percent"),
        ("2024-12,20%", None, None, "1 with figures", "at least 2 lines"),
        ("date,percent", None, None, "0 with figures", "at least 2 lines"),
        ("x" * (LARGEST + 1), None, None, "100,001 characters", "at most 100,000"),
    ],
)
def test_figures_that_cannot_be_drawn_are_refused_with_line_column_and_remedy(
    lines, line, column, found, expected
):
    with pytest.raises(OwnFiguresError) as refused:
        explorers.growth().own.read(lines)
    (problem,) = refused.value.problems
    assert (problem.row, problem.column) == (line, column)
    assert found in problem.found
    assert expected in problem.expected
    assert problem.remedy.endswith(".")
    assert line is None or f"line {line}" in str(refused.value)


def test_every_wrong_line_is_named_at_once():
    with pytest.raises(OwnFiguresError) as refused:
        explorers.growth().own.read("2024,20%\n2024-06,x\n2024-12,30%")
    assert [(p.row, p.column) for p in refused.value.problems] == [(1, "date"), (2, "percent")]


def test_own_figures_are_drawn_with_their_misfit_by_wave_and_kept():
    live = explorers.growth().widgets()
    live.set(ceiling=60, speed=0.9)
    live.figures.text.value = OWN
    assert live.use_figures(OWN)
    curve = live.state.shape(next(m for m in live.scenario.marks if m.name == "curve"))
    told = list(live.scenario.own.comments(live.state))
    assert len(told) == 3
    for (date, value), line in zip({2022: 11, 2023: 19.5, 2024: 33}.items(), told, strict=True):
        there = float(np.interp(date + 1, *curve.T))
        assert line.startswith(f"December {date}: {value:g}% in the figures")
        shown = float(line.split("figures, ")[1].split("%")[0])
        assert shown == pytest.approx(there, abs=0.1)
        off = "within its rounding" if date == 2024 else f"{shown - value:.1f}".lstrip("-")
        assert off in line
        assert escape(line) in live.words.value
    assert live.state.values["ceiling"] == 60
    again = explorers.growth().widgets()
    assert again.figures.text.value == OWN
    assert again.state.words == live.state.words
    assert again.picture.value == live.picture.value
    assert again.use_figures("")
    assert again.state.words == explorers.growth().evaluate(ceiling=60, speed=0.9).words
    assert explorers.growth().widgets().state.words == again.state.words


def test_refused_figures_leave_the_picture_and_stay_in_the_text_for_mending():
    live = explorers.growth().widgets()
    live.use_figures(OWN)
    drawn, wrong = live.picture.value, OWN.replace("33%", "most of them")
    assert not live.use_figures(wrong)
    for shown in (live, explorers.growth().widgets()):  # also when the cell runs again
        assert shown.picture.value == drawn
        assert shown.figures.text.value == wrong
        assert "line 4, column percent" in shown.figures.problem.value
    assert live.use_figures(OWN)
    assert live.figures.problem.value == ""


def test_own_users_and_population_make_rates_with_their_rounding():
    live = explorers.who_counts().widgets()
    assert live.use_figures(
        'date,users,population\n2024-12,6 million,"20,000,000"\n2025-12,900万,3千万'
    )
    assert live.state.outputs["rate"] == pytest.approx(30)
    assert live.state.outputs["lowest"] == pytest.approx(
        100 * 8.995 / 35
    )  # 3千万 is rounded to ten million
    assert "December 2024: 6.0 million of 20.0 million make 30.00%" in live.words.value
    assert not live.use_figures("2025-12,602,1405")
    assert "column users: found &#x27;602&#x27;" in live.figures.problem.value


@pytest.mark.parametrize("make", [explorers.growth, explorers.who_counts])
def test_the_lines_to_start_from_are_the_books_own_figures(make):
    scenario = make()
    live = scenario.widgets()
    own = scenario.own.scenario(live.figures.text.value)
    theirs, ours = (list(it.own.comments(it.evaluate())) for it in (own, scenario))
    assert [t.partition(";")[0] for t in theirs] == [t.partition(";")[0] for t in ours]


def test_a_csv_file_is_read_into_the_lines_and_one_in_another_code_is_refused():
    live = explorers.growth().widgets()

    def choose(content):
        live.figures.file.value = (
            {"name": "mine.csv", "type": "text/csv", "size": len(content),
             "content": memoryview(content), "last_modified": datetime.datetime(2026, 1, 1)},
        )  # fmt: skip

    choose(OWN.encode("utf-8-sig"))
    assert live.state.words == explorers.growth().own.scenario(OWN).evaluate().words
    assert live.figures.text.value == OWN
    choose("日期,percent\n2024-12,20%".encode("gbk"))
    assert "a CSV file in UTF-8" in live.figures.problem.value
    assert live.figures.text.value == OWN
