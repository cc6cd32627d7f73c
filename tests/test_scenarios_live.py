"""In a real JupyterLab, offline, both faces of an explorer follow their controls."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest
from chromium import chromium

TESTS = Path(__file__).parent
CELLS = (
    f"import sys; sys.path.insert(0, {str(TESTS)!r}); import explorers",
    "explorers.checking().page()",
    "explorers.checking().widgets()",
    "import resource; print('MB', resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)",
)


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Address of a JupyterLab whose folder holds one notebook."""
    home = tmp_path_factory.mktemp("lab")
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(c) for c in CELLS],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    (home / "work").mkdir()
    nbformat.write(notebook, home / "work" / "explorer.ipynb")
    surroundings = {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
    }
    with (home / "log").open("w") as log:
        server = subprocess.Popen(
            [
                sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root",
                "--ServerApp.ip=127.0.0.1", "--ServerApp.port=0", "--IdentityProvider.token=",
                "--ServerApp.password=", f"--ServerApp.root_dir={home / 'work'}",
                "--LabApp.news_url=", "--LabApp.check_for_updates_class="
                "jupyterlab.NeverCheckForUpdate",
            ],
            env=surroundings, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            yield waiting(server, home)
        finally:
            server.terminate()
            server.wait(20)


def waiting(server, home):
    """The server's address once it answers."""
    for _ in range(600):
        for file in (home / "runtime").glob("jpserver-*.json"):
            try:
                url = json.loads(file.read_text())["url"]
                urllib.request.urlopen(f"{url}api/status", timeout=5)
            except (OSError, ValueError):
                continue
            return url
        if server.poll() is not None:
            break
        time.sleep(0.2)
    pytest.fail("JupyterLab did not start:\n" + (home / "log").read_text())


def output(tab, cell):
    return tab.locator(".jp-CodeCell").nth(cell).locator(".jp-OutputArea")


def test_both_faces_follow_their_controls_in_jupyterlab_without_a_network(lab):
    with chromium(viewport={"width": 1400, "height": 2400}) as session:
        session.set_default_timeout(120_000)
        tab = session.new_page()
        tab.goto(f"{lab}lab/tree/explorer.ipynb?reset")
        tab.locator(".jp-CodeCell").nth(3).wait_for()
        tab.get_by_role("menuitem", name="Run", exact=True).click()
        tab.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        output(tab, 3).get_by_text("MB").wait_for()

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
        drawn = live.locator(".jp-RenderedVegaCommon5 canvas, .jp-RenderedVegaCommon5 svg")
        drawn.first.wait_for()
        picture = drawn.first.screenshot()
        slider = live.get_by_role("slider").nth(1)
        slider.focus()
        slider.press("ArrowRight")
        tab.wait_for_function(
            """said => [...document.querySelectorAll('.jp-OutputArea [role="status"]')].every(
               (e) => e.textContent !== said)""",
            arg=said,
        )
        tab.wait_for_timeout(1000)
        assert drawn.first.screenshot() != picture

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
    assert live.picture.outputs[0]["data"]["text/plain"] == live.state.words
    forget()
