"""Links to source, issues and running copies follow Jupyter Book's own settings, and none leads nowhere."""

import ast
import importlib
import inspect
import json
import re
import tempfile
from pathlib import Path

import pytest
import yaml
from jupyter_book.config import get_final_config
from sphinx.errors import ConfigError

from receiptbook import exercises
from receiptbook.book import Book
from receiptbook.book.notebooks import code_of, read_notebook
from receiptbook.exercises import WhatIf
from receiptbook.receipts import ClaimError, look_up, receipt
from receiptbook.refresh import LAB, folded
from receiptbook.site.elsewhere import Elsewhere, first_cells
from receiptbook.tables import load

ROOT = Path(__file__).parents[1]
PAGE = "chapters/headline.ipynb"
URL = "https://github.com/someone/rain"


@pytest.fixture(autouse=True)
def _no_repository_in_the_environment(monkeypatch):
    monkeypatch.delenv("RECEIPTBOOK_REPOSITORY", raising=False)


def told(**config):
    """What the theme is given for a _config.yml, by Jupyter Book itself, its defaults included."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "_config.yml")
        file.write_text(yaml.safe_dump(config), "utf-8")
        made = get_final_config(user_yaml=file, cli_config={"latex_individualpages": False})[0]
    return Elsewhere.read(made["html_theme_options"])


def launched(url=URL, repository=None, **services):
    """The addresses that a notebook is launched at, by service."""
    one = told(
        repository={"url": url, "branch": "main", **(repository or {})}, launch_buttons=services
    )
    return {link.label: link.address for link in one.launches(PAGE)}


@pytest.mark.parametrize(
    "services, label, address",
    [
        (
            {"binderhub_url": "https://mybinder.org/"},
            "Binder",
            "https://mybinder.org/v2/gh/someone/rain/main?labpath=chapters/headline.ipynb",
        ),
        (
            {"binderhub_url": "https://b.org", "url": "https://gitlab.com/a/rain"},
            "Binder",
            "https://b.org/v2/gl/a%2Frain/main?labpath=chapters/headline.ipynb",
        ),
        (
            {"binderhub_url": "https://b.org", "url": "https://codeberg.org/a/rain"},
            "Binder",
            "https://b.org/v2/git/https%3A%2F%2Fcodeberg.org%2Fa%2Frain/main"
            "?labpath=chapters/headline.ipynb",
        ),
        (
            {"jupyterhub_url": "https://hub.school.org"},
            "JupyterHub",
            "https://hub.school.org/hub/user-redirect/git-pull?repo=https%3A%2F%2Fgithub.com%2Fsomeone"
            "%2Frain&branch=main&urlpath=lab%2Ftree%2Frain%2Fchapters%2Fheadline.ipynb",
        ),
        (
            {"colab_url": "https://colab.research.google.com"},
            "Colab",
            "https://colab.research.google.com/github/someone/rain/blob/main/chapters/headline.ipynb",
        ),
        (
            {
                "colab_url": "https://colab.research.google.com",
                "repository": {"branch": "second", "path_to_book": "books/rain"},
            },
            "Colab",
            "https://colab.research.google.com/github/someone/rain/blob/second/books/rain/"
            "chapters/headline.ipynb",
        ),
    ],
)
def test_a_service_of_the_settings_is_a_link_to_the_notebook(services, label, address):
    assert launched(**services) == {label: address}


@pytest.mark.parametrize(
    "services",
    [
        {},
        {"binderhub_url": ""},
        {"binderhub_url": "https://mybinder.org", "url": ""},
        {"colab_url": "https://colab.research.google.com", "url": "https://gitlab.com/a/rain"},
    ],
)
def test_what_would_lead_nowhere_is_no_link(services):
    assert launched(**services) == {}


@pytest.mark.parametrize(
    "button, shows",
    [
        ("use_repository_button", lambda one: one.source(PAGE)),
        ("use_issues_button", lambda one: one.issue),
        ("use_edit_page_button", lambda one: one.edit(PAGE)),
    ],
)
def test_a_button_is_there_when_it_is_asked_for(button, shows):
    repository = {"url": URL}
    assert shows(told(repository=repository, html={button: True})).startswith(URL)
    assert shows(told(repository=repository, html={button: False})) == ""
    assert shows(told(repository=repository)) == ""


def test_a_repository_in_the_environment_brings_binder_source_and_issues(monkeypatch):
    monkeypatch.setenv("RECEIPTBOOK_REPOSITORY", "someone/rain")
    one = told(repository={"branch": "main"})
    assert [link.label for link in one.launches(PAGE)] == ["Binder"]
    assert one.source(PAGE) == f"{URL}/blob/main/{PAGE}"
    assert (one.issue, one.edit(PAGE)) == (f"{URL}/issues/new", "")


def test_an_empty_repository_in_the_environment_takes_the_links_away(monkeypatch):
    monkeypatch.setenv("RECEIPTBOOK_REPOSITORY", "")
    one = told(repository={"url": URL}, html={"use_repository_button": True})
    assert (one.source(PAGE), one.issue) == ("", "")


def test_where_nothing_is_set_jupyter_book_s_own_repository_is_not_taken_for_the_book_s():
    one = told()
    assert (one.repository, one.source(PAGE), list(one.launches(PAGE))) == ("", "", [])


def test_an_address_that_moves_with_the_page_is_refused():
    with pytest.raises(ConfigError, match=r"binderhub_url is 'mybinder.org'.*https://"):
        launched(binderhub_url="mybinder.org")


def test_the_book_itself_names_no_repository_that_is_not_there():
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    assert list(told(**config).launches(PAGE)) == []


def test_a_notebook_that_is_taken_along_says_what_it_needs_and_brings_it():
    alone = first_cells("Rain", Elsewhere())
    assert [cell["cell_type"] for cell in alone] == ["markdown"]
    assert "book.py lab" in alone[0]["source"]
    bring = first_cells("Rain", Elsewhere(URL, branch="second"))[1]["source"]
    assert f"--branch second {URL} book" in bring
    plain = re.sub(r"^(\s*)[!%].*$", r"\1pass", bring, flags=re.M)
    assert isinstance(ast.parse(plain), ast.Module)


def test_the_devcontainer_makes_the_environment_by_the_readme_s_command():
    text = (ROOT / ".devcontainer/devcontainer.json").read_text("utf-8")
    settings = json.loads(re.sub(r"^\s*//.*$", "", text, flags=re.M))
    assert settings["postCreateCommand"] == "python3 book.py book"
    version = (ROOT / "runtime.txt").read_text("utf-8").strip().removeprefix("python-")
    assert settings["image"].endswith(f":{version}")


@pytest.mark.slow
def test_the_calls_that_the_page_of_ways_lists_all_work():
    page = Book(ROOT).page("run").read_text("utf-8")
    code = re.findall(r"^```python\n(.*?)^```", page, re.M | re.S)[-1]
    names, values = {}, []
    for statement in ast.parse(code).body:
        module = ast.Module([statement], [])
        if isinstance(statement, ast.Expr):
            values.append(eval(compile(ast.Expression(statement.value), "run.md", "eval"), names))
        else:
            exec(compile(module, "run.md", "exec"), names)
    assert all(repr(value) for value in values)
    (turned,) = (value for value in values if isinstance(value, WhatIf))
    assert "growth-2025" in turned.turned


def imported():
    """The functions of the engine that chapters import."""
    found = set()
    for path in Book(ROOT).notebooks():
        for node in ast.walk(ast.parse(code_of(read_notebook(path)))):
            if isinstance(node, ast.ImportFrom) and node.module.startswith("receiptbook"):
                found |= {(node.module, alias.name) for alias in node.names}
    return sorted(found)


def test_each_function_that_a_chapter_imports_shows_a_call_in_its_docstring():
    without = [
        f"{module}.{name}"
        for module, name in imported()
        if inspect.isfunction(function := getattr(importlib.import_module(module), name))
        and ">>>" not in (function.__doc__ or "")
    ]
    assert without == []


def test_a_receipt_is_looked_up_by_the_id_of_a_link_and_a_wrong_id_is_named():
    assert look_up("genai-users-2025-12").published == ("6.02亿 / 602 million",)
    with pytest.raises(ClaimError, match="did you mean growth-2025"):
        look_up("growth-2o25")


@pytest.mark.parametrize("path", Book(ROOT).notebooks(), ids=lambda path: path.stem)
def test_what_a_lab_puts_out_is_folded_when_its_chapter_is_stored(path):
    for cell in labs(path):
        assert cell.metadata.jupyter.outputs_hidden  # in JupyterLab
        assert "hide-output" in cell.metadata.tags  # and on the page
        assert folded(cell.source, cell.metadata)["jupyter"]["outputs_hidden"]


def test_every_lab_asks_for_a_written_prediction_and_has_a_line_for_it():
    asked = [one for one in exercises.load().values() if one.kind == "lab"]
    for one in asked:
        assert re.search(r"write down (which|whether|what)", one.prompt, re.I), one.id
    found = [cell for path in Book(ROOT).notebooks() for cell in labs(path)]
    assert len(found) == len(asked)
    assert {cell.source.splitlines()[0] for cell in found} == {
        "# My prediction, written before I run this cell:"
    }


def labs(path):
    """The cells that show what turns."""
    cells = read_notebook(path).cells
    return [cell for cell in cells if cell.cell_type == "code" and LAB.search(cell.source)]


def test_no_question_speaks_of_code_that_a_reader_on_paper_does_not_have():
    spoken = re.compile(r"\btables?(\[|\.series|\.row)|\bload\(")
    told = [
        one.id
        for one in exercises.load().values()
        if spoken.search(" ".join((one.prompt, one.hint, *one.choices)))
    ]
    assert told == []


def test_a_series_and_the_tables_print_what_they_hold():
    tables = load()
    assert repr(tables.series("genai-users").until("2025-01-01")).splitlines() == [
        "genai-users: 2 figures",
        "  2024-06-30  2.3亿",
        "  2024-12-31  2.49亿 / 249 million",
    ]
    lines = repr(tables).splitlines()
    assert lines[0] == f"{len(tables.ids)} figures from {len(tables.sources)} sources"
    assert len(lines) == 2 + len(tables.tables) and max(map(len, lines)) < 160


def test_a_receipt_for_a_plain_number_is_refused_with_what_to_do():
    with pytest.raises(ClaimError, match=r"plain number.*published\("):
        receipt("growth-2025", 602 / 249 - 1)
