"""Python in the page gives what is stored, byte for byte; cells can be edited, run and stopped."""

import ast
import json
import os
import subprocess
import sys
import threading
import time

import pytest
from access import faults
from chromium import chromium

from receiptbook import commands, tables
from receiptbook.book import Book
from receiptbook.receipts import facts
from receiptbook.site import run
from receiptbook.site.run import pack, registry, runner, stick
from receiptbook.system import IN_CI, Stop

IDLE = "document.querySelector('.python p')?.textContent.startsWith('Python 3')"
OWN_CHAPTERS = Book.here().notebooks()


# --- what it is made from ------------------------------------------------------------------


def test_the_lock_names_each_file_by_version_and_hash_and_says_when_to_look_again():
    lock = registry.lock()
    for part in (lock["anchor"], *lock["wheels"]):
        assert part["version"] in part["file"]
        assert len(bytes.fromhex(part["sha256"])) == 32
    assert "Look again when" in lock["chosen"]


def test_what_is_packed_from_the_environment_is_installed_with_the_book():
    listed = (Book.here().root / "locked" / "book.txt").read_text("utf-8").lower()
    for name in (*pack.CORE, *pack.CHARTS):
        assert f"\n{name.lower().replace('_', '-')}==" in f"\n{listed}", name


def test_a_file_with_another_hash_stops_and_is_not_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(registry, "_read", lambda address, part=None: b"something else")
    with pytest.raises(Stop, match=r"the hash of what was fetched is .* expected 2595c4b6"):
        registry.provide(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_kept_file_that_was_changed_is_fetched_again(tmp_path, monkeypatch):
    part = {**registry.lock()["anchor"], "sha256": registry._hash(b"whole")}  # noqa: SLF001
    (tmp_path / part["file"]).write_bytes(b"cut")
    monkeypatch.setattr(registry, "_read", lambda address, part=None: b"whole")
    assert registry._kept(tmp_path, part).read_bytes() == b"whole"  # noqa: SLF001


def test_without_the_registries_the_site_is_built_without_python_and_one_line_says_so(
    tmp_path, monkeypatch, capsys
):
    def unreached(address, part=None):
        raise OSError("no route")

    monkeypatch.setattr(registry, "_read", unreached)
    assert run.prepare(Book(tmp_path)) is False
    said = capsys.readouterr().out.strip()
    assert said.startswith("the site is built without Python in its pages: pyodide cannot be had")
    assert "\n" not in said


@pytest.mark.parametrize(
    ("variable", "kind", "address"),
    [
        ("PIP_INDEX_URL", "pypi", "https://mirror.example/simple"),
        ("npm_config_registry", "npm", "https://mirror.example/npm"),
    ],
)
def test_a_mirror_that_pip_or_npm_were_told_of_is_asked(monkeypatch, variable, kind, address):
    monkeypatch.setenv(variable, f"{address}/")
    assert registry.registry(kind) == address


# --- what cells need and rest on ------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "sets", "uses"),
    [
        ("rate = users / people", ["rate"], ["people", "users"]),
        ("table['rate'] = 1", ["table"], ["table"]),
        ("table.sort(key=order)", ["table"], ["order", "table"]),
        ("from math import pi as circle", ["circle"], []),
        ("def half(x):\n    return x / two", ["half"], ["two", "x"]),
        ("print(rate)", [], ["rate"]),
        ("not python at all (", [], []),
    ],
)
def test_what_a_cell_sets_and_uses(source, sets, uses):
    assert runner.names(source) == [sets, uses]


@pytest.mark.parametrize(
    ("source", "asks"),
    [
        ("from receiptbook.receipts import receipt", False),
        ("from receiptbook.exercises import check, question", False),
        ("import pandas as pd", True),
        ("from receiptbook.charts import card", True),
        ("from surge import models", True),
    ],
)
def test_numpy_and_pandas_are_loaded_only_where_a_cell_reaches_them(source, asks):
    assert pack.asks_for_charts([source], Book.here()) is asks


def test_what_the_cells_import_is_packed(tmp_path):
    for name, content in (*pack.own(Book.here()), *pack.core(Book.here())):
        if name.startswith("book/"):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes(content)
    cells = [
        ast.parse(cell["source"])
        for path in OWN_CHAPTERS
        for cell in pack.page(Book.here(), path)["cells"]
    ]
    imports = {
        ast.unparse(line) for cell in cells for line in cell.body
        if isinstance(line, (ast.Import, ast.ImportFrom))
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(sorted(imports))],
        env={**os.environ, "PYTHONPATH": str(tmp_path / "book")},
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""


def test_an_error_names_the_line_of_the_cell_and_what_to_do():
    *_, error = runner.Chapter().run("a = 1\nimport no_such_package")
    assert (error["ename"], error["line"]) == ("ModuleNotFoundError", 2)
    assert "your own Jupyter" in error["hint"]


def test_a_cell_that_asks_for_an_absent_archive_says_which():
    with pytest.raises(runner.Wanted, match=r"chapters\.bin"):
        runner.Chapter().run("what_if({})", {"chapters.bin"})


def test_a_run_shows_what_was_printed_and_the_last_value():
    outputs = runner.Chapter().run("print('a')\n[1, 2]")
    assert runner.canonical(outputs) == [
        {"output_type": "stream", "name": "stdout", "text": "a\n"},
        {"output_type": "execute_result", "data": {"text/plain": "[1, 2]"}},
    ]


CHANGE = '{"genai-users-2025-12": "610 million"}'
LAST = "print(load()['genai-users-2025-12'].printed)"


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (["from receiptbook.tables import load"], "610 million"),
        (
            ["from receiptbook.tables import load", "1 / 0", "question('no-such-one')"],
            "610 million",
        ),
        ([], "NameError"),
    ],
)
def test_cells_run_otherwise_see_the_changed_figure_and_leave_everything_as_it_was(before, said):
    shown = dict(facts.DISPLAYED)
    told = runner.otherwise(CHANGE, json.dumps([*before, LAST]), "", "ledger.html")
    assert said in json.dumps(json.loads(told)["outputs"])
    assert shown == facts.DISPLAYED
    assert tables.load()["genai-users-2025-12"].printed == "6.02亿 / 602 million"


def test_cells_run_otherwise_to_the_same_say_so_by_showing_nothing():
    printed = runner.digest(runner.canonical(runner.Chapter().run("6 * 7")))
    assert json.loads(runner.otherwise(CHANGE, '["6 * 7"]', printed, "")) == {"outputs": []}


# --- in the browser -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def served(site):
    """The address of the site, with Python in it; without it the test is skipped, in CI it fails."""
    if not (site / run.PLACE).exists():
        why = "the site was built without Python, whose packages the registries did not give"
        (pytest.fail if IN_CI else pytest.skip)(why)
    server = commands.site_server(site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with server:
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture(scope="module")
def session(chromium_path, served):
    with chromium(viewport={"width": 1280, "height": 900}) as context:
        yield context


def until(page, what: str, seconds: float = 120) -> None:
    """Wait for an expression, which the page's policy keeps Playwright from doing itself."""
    end = time.monotonic() + seconds
    while not page.evaluate(what):
        assert time.monotonic() < end, f"{what}: {page.locator('.python p').all_inner_texts()}"
        time.sleep(0.05)


START = """(files) => {
  const worker = new Worker('../_static/run/worker.js'), calls = [];
  worker.onmessage = ({ data }) => { if (data.id) calls.shift()(data); };
  window.ask = (act, more) => new Promise((done) => {
    calls.push(done);
    worker.postMessage({ id: 1, act, ...more });
  });
  const archives = ['core.bin', 'charts.bin', 'models.bin', 'chapters.bin'];
  return ask('start', { files, archives, ledger: 'ledger.html' });
}"""
# In the worker that the chapters share, what one left is gone before the next begins.
FORGET = """
import sys
from receiptbook.receipts.facts import DISPLAYED
DISPLAYED.clear()
if pandas := sys.modules.get("pandas"):  # a chapter may have widened its columns
    for name in ("max_columns", "max_colwidth", "max_rows", "width", "precision"):
        pandas.reset_option(f"display.{name}")
display.__self__.__init__()
"""
DIFFERENT = """async ([cells, forget]) => {
  await ask('run', { source: forget, printed: '' });
  const different = [];
  for (const { n, source, digest } of cells) {
    const { result, problem } = await ask('run', { source, printed: digest });
    if (result?.digest !== digest) different.push([n, problem ?? JSON.stringify(result.outputs)]);
  }
  return different;
}"""


def told_of(site, name: str) -> dict:
    """What the site tells a page of its cells, with their digests, and of Python's files."""
    script = (site / run.PLACE / f"pages/{name}.js").read_text("utf-8")
    return json.loads(script.removeprefix("ReceiptBook.cells(").strip().removesuffix(");"))


@pytest.fixture(scope="module")
def python(session, served, site):
    """A worker of the site with Python at work."""
    page = session.new_page()
    page.goto(f"{served}/chapters/what-stands.html")
    started = page.evaluate(START, told_of(site, "what-stands")["files"])
    assert "problem" not in started, started
    return page


@pytest.mark.wasm
@pytest.mark.parametrize("notebook", OWN_CHAPTERS, ids=lambda path: path.stem)
def test_each_chapter_gives_in_the_page_what_it_stores_byte_for_byte(
    notebook, python, session, site
):
    cells = told_of(site, notebook.stem)["cells"]
    assert cells
    assert python.evaluate(DIFFERENT, [cells, FORGET]) == []
    assert session.strangers == []


@pytest.fixture
def page(session, served):
    """A page of receipts alone, with Python at work in it."""
    page = session.new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("console", lambda m: page.faults.append(m.text) if m.type == "error" else None)
    page.goto(f"{served}/chapters/what-stands.html")
    page.click("button.run")
    until(page, IDLE)
    yield page
    assert page.faults == []
    assert session.strangers == []
    page.close()


def ran(page, number: int, source: str) -> str:
    """What a cell shows after its text was replaced and run with the keyboard."""
    area = page.locator(f'[data-cell="{number}"] textarea')
    area.fill(source)
    area.press("Control+Enter")
    until(page, "!document.querySelector('.python .all').disabled")
    return page.locator(f'[data-cell="{number}"] .ran').inner_text()


@pytest.mark.wasm
def test_the_button_says_its_size_and_nothing_of_python_is_loaded_before(session, served):
    page = session.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{served}/chapters/headline.html")
    page.mouse.wheel(0, 3000)
    page.wait_for_timeout(500)
    assert page.locator("button.run").inner_text() == "Run this page here 17.4 MB"
    assert [url for url in asked if run.PLACE in url] == []
    page.close()


@pytest.mark.wasm
def test_an_unchanged_page_runs_to_exactly_what_is_printed(page):
    page.click(".python .all")
    until(page, "!document.querySelector('.python .all').disabled")
    said = page.locator(".cell-tools span").all_inner_texts()
    assert said
    assert all(words.endswith("exactly what is printed.") for words in said)
    assert page.locator(".ran").count() == 0


@pytest.mark.wasm
def test_a_cell_is_edited_run_and_reset_by_keyboard_alone(page):
    first = page.locator('[data-cell="1"] textarea')
    printed = first.input_value()
    assert "42" in ran(page, 1, f"{printed}\n6 * 7")
    assert page.locator('[data-cell="1"] .cell-tools span').inner_text().endswith("printed.")
    first.press("Escape")  # leads to the cell's buttons
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    until(page, "!document.querySelector('[data-cell=\"1\"] .ran')")
    assert first.input_value() == printed


@pytest.mark.wasm
@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import scipy", "No module named 'scipy'"),
        ("x = 1\n1 / 0", "ZeroDivisionError in line 2"),
        ("for", "SyntaxError in line 1"),
        ("open('/etc/no-such-file')", "cannot reach files"),
    ],
)
def test_what_goes_wrong_is_said_in_words(page, source, said):
    assert said in ran(page, 1, source)


@pytest.mark.wasm
def test_an_endless_loop_is_stopped_and_the_next_run_starts_anew(page):
    area = page.locator('[data-cell="1"] textarea')
    printed = area.input_value()
    area.fill("while True: pass")
    area.press("Control+Enter")
    until(page, "document.querySelector('.python p').textContent.startsWith('Running')")
    page.get_by_role("button", name="Stop").click()
    assert "Stopped" in page.locator(".python p").inner_text()
    assert area.input_value() == "while True: pass"
    assert "5" in ran(page, 1, f"{printed}\n2 + 3")


STALE = "document.querySelectorAll('.stale').length"


@pytest.mark.wasm
def test_what_was_stale_is_fresh_again_once_the_cell_above_is_as_printed(page):
    first = page.locator('[data-cell="1"] textarea')
    ran(page, 1, f"{first.input_value()}\n6 * 7")
    assert page.evaluate(STALE) > 0
    page.get_by_role("button", name="Reset cell 1", exact=True).click()
    until(page, f"!{STALE}")
    until(page, "!/stale/.test(document.querySelector('.python p').textContent)")


@pytest.mark.wasm
def test_a_run_above_that_was_reset_leaves_what_ran_after_it_stale_until_it_runs_again(page):
    first = page.locator('[data-cell="1"] textarea')
    printed = first.input_value()
    ran(page, 1, f"{printed}\nx_of_mine = 1\nx_of_mine")
    below = page.locator(".stale[data-cell]").first
    number = int(below.get_attribute("data-cell"))
    text = page.locator(f'[data-cell="{number}"] textarea').input_value()
    assert "1" in ran(page, number, f"{text}\nx_of_mine")
    page.get_by_role("button", name="Reset cell 1", exact=True).click()
    until(page, "!document.querySelector('[data-cell=\"1\"] .ran')")
    said = page.locator(f'[data-cell="{number}"] .cell-tools span').inner_text()
    assert said == "Stale: cell 1 above has changed. Run it again."


@pytest.mark.wasm
def test_a_second_press_while_a_cell_runs_changes_nothing(page):
    area = page.locator('[data-cell="1"] textarea')
    area.fill(f"{area.input_value()}\nimport time; time.sleep(1)\n'once'")
    area.press("Control+Enter")
    area.press("Control+Enter")
    assert page.locator(".python .all").is_disabled()
    until(page, "!document.querySelector('.python .all').disabled")
    assert page.locator('[data-cell="1"] .ran').inner_text().count("once") == 1


@pytest.mark.wasm
def test_a_page_reloaded_while_python_is_fetched_starts_whole(session, served):
    page = session.new_page()
    page.goto(f"{served}/chapters/what-stands.html")
    page.click("button.run")
    until(page, "/Starting|Fetching/.test(document.querySelector('.python p')?.textContent)")
    page.reload()
    assert page.locator(".python").count() == 0
    page.click("button.run")
    until(page, IDLE)
    assert "42" in ran(page, 1, "6 * 7")
    page.close()


@pytest.mark.wasm
def test_two_tabs_start_python_at_once_and_each_has_its_own(session, served):
    tabs = [session.new_page() for _ in range(2)]
    for page in tabs:
        page.goto(f"{served}/chapters/what-stands.html")
    for page in tabs:
        page.click("button.run")
    for page in tabs:
        until(page, IDLE)
    assert "1" in ran(tabs[0], 1, "mine = 1\nmine")
    assert "NameError" in ran(tabs[1], 1, "mine")
    for page in tabs:
        page.close()


@pytest.mark.wasm
@pytest.mark.parametrize("width", [360, 1280])
def test_stop_and_run_can_be_pressed_while_a_figure_is_changed(session, served, width):
    page = session.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{served}/chapters/what-stands.html?if=genai-users-2025-12:610%20million")
    page.locator(".if-bar").wait_for()
    page.click("button.run")
    until(page, IDLE)
    page.click(".python .all", timeout=5000)
    until(page, "!document.querySelector('.python .all').disabled")
    page.get_by_role("button", name="See them").click(timeout=5000)
    page.close()


@pytest.mark.wasm
def test_a_chart_is_drawn_anew_beside_the_old_with_the_changed_figure(session, served):
    page = session.new_page()
    page.goto(f"{served}/chapters/headline.html?if=genai-users-2025-12:610%20million")
    note = page.locator("figure[data-chart=waves] .now.drawn")
    note.wait_for()
    assert "Run this page here" in note.inner_text()
    page.click("button.run")
    until(page, IDLE)
    note.get_by_role("button").click()
    until(page, "document.querySelector('figure.otherwise svg')")
    told = [page.locator(f"figure{kind} .live svg, figure{kind} .still svg").first.inner_html()
            for kind in ("[data-chart=waves]", ".otherwise")]  # fmt: skip
    assert told[0] != told[1]
    assert page.locator("figure.otherwise").inner_text().startswith("With the change")
    assert page.locator("figure.otherwise svg").get_attribute("aria-label").startswith("The same")
    page.get_by_role("textbox", name="If it had been printed").fill("602 million")
    assert page.locator("figure.otherwise").count() == 0
    page.close()


@pytest.mark.wasm
def test_from_a_folder_without_a_network_a_cell_is_edited_and_run(session, site, served, tmp_path):
    for name, content in stick.with_python(site, "book"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    page = session.new_page()
    session.set_offline(True)
    page.goto(f"{(tmp_path / 'book/chapters/what-stands.html').as_uri()}")
    page.click("button.run")
    until(page, IDLE)
    assert "42" in ran(page, 1, "6 * 7")
    assert session.strangers == []
    session.set_offline(False)
    page.close()


@pytest.mark.wasm
def test_the_page_with_its_editors_has_no_accessibility_violation(page):
    ran(page, 1, "1 / 0")
    assert faults(page) == []
