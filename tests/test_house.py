"""The house is in order: pins, rooms, stored outputs, links and version numbers agree."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

import book
import surge
from receiptbook import refresh
from receiptbook.book import Book
from receiptbook.site import materials
from receiptbook.site.run import pack, registry

ROOT = book.ROOT
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([A-Za-z0-9.+!]+)(?: ; .+)?$")
CHAPTERS = sorted(
    path
    for kind in ("md", "ipynb")
    for path in ROOT.glob(f"chapters/**/*.{kind}")
    if ".ipynb_checkpoints" not in path.parts  # what Jupyter leaves, which git does not keep
)
PAGES = sorted([*ROOT.glob("*.md"), *(path for path in CHAPTERS if path.suffix == ".md")])
NOTEBOOKS = [path for path in CHAPTERS if path.suffix == ".ipynb"]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text(file: str) -> str:
    return (ROOT / file).read_text("utf-8")


def requirements(file: str) -> list[str]:
    lines = (line.partition("#")[0].strip() for line in text(file).splitlines())
    return [line for line in lines if line]


def pins(lines: list[str]) -> dict[str, str]:
    found = (PIN.match(line) for line in lines)
    return {re.sub(r"[-_.]+", "-", m[1]).lower(): m[2] for m in found if m}


# --- pins ----------------------------------------------------------------------------------


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_each_direct_dependency_is_pinned_with_its_reason_and_locked_at_that_version(file):
    lines = requirements(file)
    loose = [line for line in lines if not PIN.match(line) and not line.startswith("-")]
    assert not loose, "without =="
    reasons = [line for line in text(file).splitlines() if PIN.match(line.split()[0])]
    assert [line for line in reasons if "#" not in line] == []
    assert pins(lines).items() <= pins(requirements("requirements.lock")).items()


def test_binder_and_everybody_get_surge_itself_from_the_one_list():
    assert requirements("requirements.txt")[-1] == "-e ."
    assert requirements("requirements-dev.txt")[0] == "-r requirements.txt"


def test_the_lock_holds_versions_only():
    assert [line for line in requirements("requirements.lock") if not PIN.match(line)] == []


def locked(file: str) -> dict[str, list[str]]:
    """The pins of a list with hashes, each with its hashes."""
    blocks = re.split(r"\n(?=[A-Za-z])", text(file).partition("\n")[2])
    return {
        block.split(" \\\n")[0]: re.findall(r"--hash=sha256:([0-9a-f]{64})", block)
        for block in blocks
    }


def test_each_locked_version_has_the_hashes_of_its_files():
    both = {}
    for file in book.HASHED[book.DEV]:
        both |= locked(file)
    assert sorted(both) == sorted(requirements("requirements.lock"))
    assert [pin for pin, hashes in both.items() if not hashes] == []
    needed = pins(requirements("requirements.txt"))
    assert needed.items() <= pins([*locked("locked/book.txt")]).items()
    assert "setuptools" in pins([*locked("locked/book.txt")])  # builds the book without an index


# Tools that a book is built or read with, without an import: commands, file formats, a front end.
COMMANDS = {"jupyter-book", "nbval", "vl-convert-python", "pytest-xdist", "notebook", "jupyterlab"}


def test_each_direct_dependency_is_imported_somewhere():
    imported = set()
    for path in (*ROOT.glob("receiptbook/**/*.py"), *ROOT.glob("surge/**/*.py"),
                 *ROOT.glob("tests/*.py")):  # fmt: skip
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0].lower() for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module.partition(".")[0].lower())
    wanted = {*pins(requirements("requirements.txt")), *pins(requirements("requirements-dev.txt"))}
    # where it is not the name of the package
    called = {
        "markdown-it-py": "markdown_it",
        "python-docx": "docx",
        "websocket-client": "websocket",
    }
    idle = {
        one for one in wanted - COMMANDS if called.get(one, one.replace("-", "_")) not in imported
    }
    assert idle <= {"ruff", "pytest-timeout"}  # a command; a plugin that pytest finds by itself


# --- supply --------------------------------------------------------------------------------


def test_every_action_is_pinned_to_a_commit_and_says_which_edition_it_is():
    for path in ROOT.glob(".github/workflows/*.yml"):
        used = re.findall(r"uses: (\S+)(.*)", path.read_text("utf-8"))
        assert used
        for action, after in used:
            assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action), action
            assert re.fullmatch(r" +# v\d+(\.\d+)*", after), action


def test_line_ends_are_the_same_on_every_system():
    lines = [line.split() for line in text(".gitattributes").splitlines() if line[:1] not in "#"]
    assert lines[0] == ["*", "text=auto", "eol=lf"]
    ends = {path.suffix for path in ROOT.glob("**/*.p*") if ".venv" not in path.parts}
    binary = {line[0].lstrip("*") for line in lines if "binary" in line}
    assert {".png", ".gz"} <= binary and ends & {".pdf"} <= binary


def test_the_bill_of_materials_lists_what_is_locked_and_what_readers_get():
    told = json.loads(materials.bill(Book(ROOT)))
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.5")
    parts = {part["purl"]: part for part in told["components"]}
    assert len(parts) == len(told["components"])
    for line in requirements("requirements.lock"):
        pin = PIN.match(line)
        assert f"pkg:pypi/{re.sub(r'[-_.]+', '-', pin[1]).lower()}@{pin[2]}" in parts
    shipped = [part for part in parts.values() if part["scope"] == "required"]
    assert any(part["name"] == "vega" for part in shipped)
    assert all(part["hashes"][0]["alg"] == "SHA-512" for part in shipped)


def test_the_bill_of_a_site_with_python_in_its_pages_lists_all_that_it_is_made_from():
    parts = json.loads(materials.bill(Book(ROOT), python=True))["components"]
    assert len({part["purl"] for part in parts}) == len(parts)
    shipped = {part["name"].lower(): part for part in parts if part["scope"] == "required"}
    for one in (registry.lock()["anchor"], *registry.lock()["wheels"]):
        told = shipped[one["name"]]
        assert told["version"] == one["version"]
        assert told["hashes"] == [{"alg": "SHA-256", "content": one["sha256"]}]
        assert told["licenses"] == [{"expression": one["licence"]}]
    assert {name.lower() for name in (*pack.CORE, *pack.CHARTS)} | {"vega-lite"} <= {*shipped}
    assert not {"yargs", "esbuild", "sphinx"} & {*shipped}


def test_binder_finds_a_python_that_surge_accepts():
    wanted = re.fullmatch(r"python-(\d+)\.(\d+)\n", text("runtime.txt"))
    assert wanted, "repo2docker takes python-3.11, and nothing finer"
    project = tomllib.loads(text("pyproject.toml"))["project"]
    assert project["requires-python"] == ">={}.{}".format(*book.OLDEST)
    assert (int(wanted[1]), int(wanted[2])) >= book.OLDEST


@pytest.mark.parametrize("path", ["environment.yml", "binder", ".binder", "Pipfile", "setup.py"])
def test_nothing_makes_binder_ignore_requirements_txt(path):
    assert not (ROOT / path).exists()


def test_what_is_installed_is_what_is_locked():
    from importlib.metadata import distributions

    locked = pins(requirements("requirements.lock"))
    have = {re.sub(r"[-_.]+", "-", d.name).lower(): d.version for d in distributions()}
    both = have.keys() & locked
    assert {key: have[key] for key in both} == {key: locked[key] for key in both}


# --- modules -------------------------------------------------------------------------------

# Each imports only from those before it; nothing of the engine imports from the book.
MODULES = [
    "receiptbook.system",
    *("receiptbook.archive", "receiptbook.dates", "receiptbook.markdown", "receiptbook.templates"),
    *("receiptbook.numbers", "receiptbook.book", "receiptbook.tables", "receiptbook.receipts"),
    "receiptbook.summary",
    *("receiptbook.charts", "receiptbook.explorers"),
    *("receiptbook.exercises", "receiptbook.approvals", "receiptbook.prose", "receiptbook.browser"),
    *("receiptbook.fonts", "receiptbook.paper"),
    *("receiptbook.refresh", "receiptbook.renewal", "receiptbook.site", "receiptbook.kit"),
    *("receiptbook.commands",),
    *("surge.region", "surge.paths", "surge.feedback", "surge.models", "surge.forecast"),
    *(
        "surge.scenarios",
        "surge.lessons",
        "surge.outline",
        "surge.cover",
        "surge.kit",
        "surge.wave",
    ),
]


def imports(file: Path) -> set[str]:
    """The packages' modules that a file imports, at its top or inside a function."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    parts = (one.split(".") for one in found)
    return {".".join(one[:2]) for one in parts if one[0] in ("receiptbook", "surge")}


def modules() -> list[str]:
    """Each module or package directly below the engine and the book."""
    return sorted(
        f"{top}.{part.stem}"
        for top in ("receiptbook", "surge")
        for part in (ROOT / top).iterdir()
        if part.name[0] not in "_." and (part.suffix == ".py" or any(part.glob("*.py")))
    )


@pytest.mark.parametrize("module", modules())
def test_a_module_imports_only_from_modules_before_it(module):
    assert module in MODULES, "give the new module its place in MODULES"
    place = ROOT / module.replace(".", "/")
    files = place.rglob("*.py") if place.is_dir() else [place.with_suffix(".py")]
    after = set(MODULES[MODULES.index(module) + 1 :])
    assert [(name(file), wrong) for file in files if (wrong := imports(file) & after)] == []


SOURCES = sorted((*ROOT.glob("receiptbook/**/*.py"), *ROOT.glob("surge/**/*.py")))


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_each_public_function_says_what_it_does(path):
    tree = ast.parse(path.read_text("utf-8"))
    functions = (
        node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    silent = [f.name for f in functions if f.name[0] != "_" and not ast.get_docstring(f)]
    assert silent == []


def test_no_module_stands_beside_a_package_of_its_name():
    twins = [name(path) for path in SOURCES if any(path.with_suffix("").glob("*.py"))]
    assert twins == []


def loaded(path: Path) -> set[Path]:
    """The files of the packages that a file needs, also those that a function imports when called."""
    needed = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        if isinstance(node, ast.Import):
            asked = [alias.name for alias in node.names]
        else:
            asked = [f"{node.module}.{alias.name}" for alias in node.names]
        for dotted in asked:
            place = ROOT / dotted.replace(".", "/")
            known = (place.with_suffix(".py"), place / "__init__.py",
                     place.parent.with_suffix(".py"), place.parent / "__init__.py")  # fmt: skip
            needed |= set([file for file in known if file in SOURCES][:1])
    return needed - {path}


def circle(needs: dict) -> list:
    """The first circle among files that need one another; empty if there is none."""
    done, way = set(), []

    def walk(one):
        if one in way:
            return way[way.index(one) :]
        if one in done:
            return []
        way.append(one)
        found = next(filter(None, map(walk, sorted(needs.get(one, ())))), [])
        way.pop()
        done.add(one)
        return found

    return next(filter(None, map(walk, sorted(needs))), [])


def test_no_file_needs_itself_by_way_of_others():
    assert [name(path) for path in circle({path: loaded(path) for path in SOURCES})] == []
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}}) == ["a", "b", "c"]


def test_reading_the_tables_needs_no_heavy_package():
    heavy = {"altair", "pandas", "scipy"}
    code = f"import sys, receiptbook.tables.data; print({heavy} & sys.modules.keys() or 'none')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd="/")
    assert (done.stdout, done.stderr) == ("none\n", "")


# --- stored outputs ------------------------------------------------------------------------

CHART = "application/vnd.vegalite.v5+json"
KINDS = {
    CHART,
    "application/vnd.receiptbook.caption+json",
    "application/vnd.receiptbook.receipt+json",
    "application/vnd.receiptbook.question+json",
    "application/vnd.receiptbook.guess+json",
    "application/vnd.receiptbook.scoreboard+json",
    "application/vnd.receiptbook.definitions+json",
    "text/html",
    "text/markdown",
    "text/latex",
    "text/plain",
}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
def test_stored_outputs_are_words_tables_and_charts_only(path):
    """Pictures cost the kernel memory; html beside a chart hides it in an untrusted notebook."""
    wrong = []
    for number, cell in enumerate(json.loads(path.read_text("utf-8"))["cells"], 1):
        for output in cell.get("outputs", []):
            kinds = set(output.get("data", {}))
            html = "".join(output.get("data", {}).get("text/html", ""))
            faults = sorted(kinds - KINDS)
            faults += ["html beside a chart"] if {CHART, "text/html"} <= kinds else []
            faults += re.findall(r"<(?:script|link|iframe)\b|https?://[^\"'<> ]+\.js\b", html)
            faults += ["an error"] if output["output_type"] == "error" else []
            wrong += [f"{name(path)}, cell {number}: {fault}" for fault in faults]
    assert wrong == []


LIGHTNESS = re.compile(r"\b(?:dark|darker|pale|paler|lighter|black|white)\b", re.IGNORECASE)


def stored_charts(path: Path) -> list[dict]:
    """What a chapter's charts say about themselves."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    outputs = [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]
    return [data[CHART]["usermeta"]["receiptbook"] for data in outputs if CHART in data]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
def test_no_chart_is_told_by_lightness_which_the_dark_theme_turns_round(path):
    """Place, shape and hue hold in both themes; "the dark squares" are bright ones at night."""
    said = [
        (chart["id"], part, word[0])
        for chart in stored_charts(path)
        for part in ("title", "caption", "alt")
        if (word := LIGHTNESS.search(chart[part]))
    ]
    assert said == []


def test_the_charts_are_read_and_a_word_of_lightness_is_found():
    charts = [chart for path in NOTEBOOKS for chart in stored_charts(path)]
    assert len({chart["id"] for chart in charts}) == len(charts) > 0
    assert LIGHTNESS.search("Dark: users.")
    assert not LIGHTNESS.search("The darkening of blackboards")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
def test_stored_outputs_do_not_name_the_machine_they_were_made_on(path):
    stored = path.read_text("utf-8")
    assert [
        word for word in (str(ROOT), str(Path.home()) + "/", "ipykernel_") if word in stored
    ] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
def test_a_chapter_installs_nothing_and_imports_by_name(path):
    cells = json.loads(path.read_text("utf-8"))["cells"]
    code = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
    assert re.findall(r"^[%!].*|^.*import \*", code, re.M) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
def test_a_chapter_is_stored_executed_and_as_make_refresh_stores_it(path):
    """That its outputs are those of its code, nbval proves."""
    assert path.read_text("utf-8") == refresh.in_stored_form(path), "make refresh stores it anew"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
def test_a_code_cell_has_at_most_fifteen_lines_of_at_most_a_hundred_columns(path):
    """A cell is one idea, read on one screen; what is longer belongs in a package."""
    wrong = []
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            lines = "".join(cell["source"]).splitlines()
            wrong += [f"{cell['id']}: {len(lines)} lines, split it"] if len(lines) > 15 else []
            wrong += [f"{cell['id']}, too wide: {line}" for line in lines if len(line) > 100]
    assert wrong == []


def test_the_site_is_built_from_stored_outputs():
    config = yaml.safe_load(text("_config.yml"))
    assert config["execute"]["execute_notebooks"] == "off"
    assert not config["execute"].get("allow_errors")


def test_each_chapter_is_in_the_table_of_contents_and_each_entry_exists():
    toc = text("_toc.yml")
    listed = set(re.findall(r"^(?:root|\s*- file):\s*(\S+)", toc, re.M))
    assert listed == {name(path.with_suffix("")) for path in CHAPTERS}


# --- links and versions --------------------------------------------------------------------

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def links(path: Path) -> list[str]:
    """The targets of the Markdown links of a page or notebook, code apart."""
    if path.suffix == ".ipynb":
        cells = json.loads(path.read_text("utf-8"))["cells"]
        words = "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    else:
        words = path.read_text("utf-8")
    words = re.sub(r"^(```|~~~).*?^\1", "", words, flags=re.M | re.S)
    return LINK.findall(re.sub(r"`[^`\n]*`", "", words))


@pytest.mark.parametrize("path", [*PAGES, *NOTEBOOKS], ids=name)
def test_each_relative_link_leads_to_a_file(path):
    inside = [link.partition("#")[0] for link in links(path) if not re.match(r"\w+:", link)]
    lost = [link for link in inside if link and not (path.parent / link).exists()]
    assert lost == []


# --- glossary ------------------------------------------------------------------------------

GLOSSARY = {
    re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-"): title
    for title in re.findall(r"^## (.+)$", text("chapters/glossary.md"), re.MULTILINE)
}
# Words that are also everyday words, or words of a verdict: a chapter links them where it means
# the term.
EVERYDAY = {
    "Agent", "Base", "Baseline", "Ceiling", "Claim", "Consistent", "Contradicted", "Derived", "Diffusion",
    "Download", "Enterprise", "Filing", "Interval", "Panel", "Receipt", "Reproduced", "Scenario",
    "Speed", "Stated", "Token", "Users", "Vintage", "Wave",
}  # fmt: skip
ANOTHER_SENSE = {
    ("targets", "Penetration"),  # of applications, undefined in the text that sets the target
    ("new-firms", "Head count"),  # of firms
}
TOLD = [path for path in NOTEBOOKS if path.stem not in {"data", "hub", "teach"}]


def glossary_faults(chapter: str, markdown: str) -> list[str]:
    """What is wrong with a chapter's links to the glossary."""
    links = re.findall(r"\(glossary\.md#([\w-]+)\)", markdown)
    faults = [f"no entry {slug}" for slug in sorted({*links} - {*GLOSSARY})]
    faults += [f"{slug} linked twice" for slug in sorted(GLOSSARY) if links.count(slug) > 1]
    own = re.sub(r"\[[^\[\]]*\]\([^)]*\)", "", markdown)  # words of links to elsewhere
    own = re.sub(r"^#.*$|“[^”]*”|`[^`]*`", "", own, flags=re.MULTILINE)  # headings, quotations
    for slug, title in GLOSSARY.items():
        used = re.search(rf"\b{re.escape(title)}s?\b", own, re.IGNORECASE)
        settled = slug in links or title in EVERYDAY or (chapter, title) in ANOTHER_SENSE
        if used and not settled:
            faults.append(f"“{used[0]}” is used and never leads to glossary.md#{slug}")
    return faults


@pytest.mark.parametrize("path", TOLD, ids=name)
def test_a_term_of_the_glossary_leads_there_once_in_each_chapter_that_uses_it(path):
    cells = json.loads(path.read_text("utf-8"))["cells"]
    prose = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    assert glossary_faults(path.stem, "\n\n".join(prose)) == []


@pytest.mark.parametrize(
    ("markdown", "faults"),
    [
        ("A [recall](glossary.md#recall) and no other.", 0),
        ("The recall is low.", 1),
        ("“The recall is low”, it says.", 0),
        ("[recall](glossary.md#recall), [again](glossary.md#recall)", 1),
        ("[word](glossary.md#no-such-word)", 1),
        ("At this speed.", 0),
    ],
)
def test_a_term_without_its_link_is_found(markdown, faults):
    assert len(glossary_faults("chapter", markdown)) == faults


@pytest.mark.parametrize("words", [("check",), ("format", "--check")], ids=" ".join)
def test_the_code_is_as_the_linter_and_the_formatter_want_it(words):
    ruff = [sys.executable, "-m", "ruff", *words, "--no-cache", "."]
    done = subprocess.run(ruff, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_one_version_stands_everywhere():
    project = tomllib.loads(text("pyproject.toml"))["project"]
    citation = yaml.safe_load(text("CITATION.cff"))
    newest = re.search(r"^## \[(\d+\.\d+\.\d+)\]", text("CHANGELOG.md"), re.M)
    assert {project["version"], citation["version"], newest[1]} == {surge.__version__}


def test_the_citation_has_what_the_format_asks_for():
    citation = yaml.safe_load(text("CITATION.cff"))
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors", "type", "license", "abstract"} <= citation.keys()
    assert [author["name"] for author in citation["authors"]] == ["The Past 600 Million team"]
    assert (
        str(citation["date-released"])
        == re.search(
            rf"^## \[{re.escape(citation['version'])}\] - (\S+)", text("CHANGELOG.md"), re.M
        )[1]
    )
