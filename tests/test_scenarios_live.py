"""In a real JupyterLab, offline, both faces of an explorer follow their controls."""

from html import escape
from pathlib import Path

from chromium import chromium
from lab import jupyterlab, output, run_all

TESTS = Path(__file__).parent
CELLS = (
    f"import sys; sys.path.insert(0, {str(TESTS)!r}); import explorers",
    "explorers.checking().page()",
    "explorers.checking().widgets()",
    "import resource; print('MB', resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)",
)


def test_both_faces_follow_their_controls_in_jupyterlab_without_a_network(tmp_path):
    with (
        jupyterlab(tmp_path, {"explorer": CELLS}) as address,
        chromium(viewport={"width": 1400, "height": 2400}) as session,
    ):
        session.set_default_timeout(120_000)
        tab = session.new_page()
        run_all(tab, address, "explorer", "MB")

        # the traced formula, evaluated by the front end alone
        bound = output(tab, 1)
        line = bound.locator("g.s_line_marks path").first
        line.wait_for()
        before = line.get_attribute("d")
        bound.locator('.vega-bind input[name="error_rate"]').focus()
        tab.keyboard.press("End")
        tab.wait_for_function(
            """before => document.querySelector("g.s_line_marks path").getAttribute("d")
               !== before""",
            arg=before,
        )
        assert "Errors that pass: 9.5 a day" in bound.text_content()

        # the same model in the kernel
        live = output(tab, 2)
        words = live.locator('[role="status"]')
        words.wait_for()
        said = words.text_content()
        curve = live.locator('[data-s="checking line"]')
        drawn = curve.get_attribute("d")
        slider = live.get_by_role("slider").nth(1)
        slider.focus()
        slider.press("ArrowRight")
        tab.wait_for_function(
            """said => [...document.querySelectorAll('.jp-OutputArea [role="status"]')].every(
               (e) => e.textContent !== said)""",
            arg=said,
        )
        assert curve.get_attribute("d") != drawn

        # a number beyond the slider
        field = live.locator('input[type="number"]').nth(6)
        field.fill("1000")
        field.press("Enter")
        live.get_by_text("errors a day pass").first.wait_for()

        used = float(output(tab, 3).text_content().split("MB")[1].split()[0])
        assert used < 200
        assert session.strangers == []


def test_settings_survive_running_the_cell_again():
    import explorers

    from surge.scenarios.live import forget

    forget()
    first = explorers.checking().widgets()
    first.set(checked=77, uses=5000)  # beyond the slider
    again = explorers.checking().widgets()
    assert again.state.values == first.state.values
    assert again.state.outputs["through"] == first.state.outputs["through"]
    assert again.inputs["uses"][1].value == 5000
    forget()
    assert explorers.checking().widgets().state.values["checked"] == 30


def test_without_a_widget_manager_there_are_words_and_a_way_out():
    import explorers

    bundle = explorers.checking().widgets()._repr_mimebundle_()
    assert "pip install ipywidgets" in bundle["text/plain"]
    assert explorers.checking().evaluate().words in bundle["text/plain"]
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_a_control_moves_its_slider_its_number_and_the_words():
    import explorers

    from surge.scenarios.live import forget

    forget()
    live = explorers.checking().widgets()
    slider, number = live.inputs["checked"]
    slider.value = 60
    assert number.value == 60
    assert live.state.values["checked"] == 60
    assert live.state.words in live.words.value
    assert escape(live.state.fill("{each} minutes")) in live.picture.value
    forget()
