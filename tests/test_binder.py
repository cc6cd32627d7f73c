"""What runs in Binder and what is published: the files they read say what the book needs."""

import ast
import json
import os
import re
import sys
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions

import pytest
import yaml

import book
from receiptbook.book import Book
from receiptbook.site.extras import packed_names
from surge import kit

ROOT = book.ROOT
NAME = Book(ROOT).name
KITS, ZIP, PDF = kit.ZIPS.values(), f"{NAME}.zip", f"{NAME}.pdf"
STICK = f"{NAME}-python.zip"
CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))
# Only a teacher's or a publisher's machine prints on paper and grades; Binder does not.
OWN = ("receiptbook", "surge")
ON_PAPER = {
    "receiptbook/browser.py": {"playwright"},
    "receiptbook/fonts.py": {"fontTools"},
    "receiptbook/kit/blank.py": {"docx"},
    "receiptbook/kit/grading.py": {"otter"},
    "receiptbook/site/pdf.py": {"pypdf"},
}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def installed_by_requirements() -> set[str]:
    """The packages of requirements.txt and all they depend on, as installed here."""
    from packaging.requirements import Requirement

    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    plain = (line.partition("#")[0].strip() for line in lines)
    todo = [(Requirement(line), "") for line in plain if line and not line.startswith("-")]
    found = set()
    while todo:
        wanted, extra = todo.pop()
        if wanted.marker and not wanted.marker.evaluate({"extra": extra}):
            continue
        name = canonical(wanted.name)
        if name in found and not wanted.extras:
            continue
        found.add(name)
        try:
            needs = distribution(name).requires or []
        except PackageNotFoundError:
            continue
        for line in needs:
            for own in ("", *wanted.extras):
                todo.append((Requirement(line), own))
    return found


def imports(source: str) -> set[str]:
    """Top names of the packages that some code imports."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - set(OWN)


def code(path) -> str:
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")


def test_what_binder_installs_is_all_that_chapters_and_package_import():
    allowed = installed_by_requirements()
    owners = packages_distributions()
    lacking = []
    sources = [(path, code(path)) for path in CHAPTERS]
    sources += [
        (path, path.read_text("utf-8"))
        for package in OWN
        for path in (ROOT / package).rglob("*.py")
    ]
    for path, source in sources:
        place = path.relative_to(ROOT).as_posix()
        for name in imports(source) - ON_PAPER.get(place, set()):
            if not {canonical(owner) for owner in owners.get(name, [name])} & allowed:
                lacking.append((place, name))
    assert lacking == []


def test_no_chapter_needs_what_only_tests_and_classrooms_have():
    """Guards the test above: the browser driver is installed here, and is not in the closure."""
    assert "playwright" not in installed_by_requirements()
    assert "playwright" in imports("from playwright.sync_api import sync_playwright")


# --- publishing ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def workflow():
    return yaml.safe_load((ROOT / ".github/workflows/pages.yml").read_text("utf-8"))


def commands(job) -> str:
    return "\n".join(step.get("run", "") for step in job["steps"])


def test_what_is_published_was_proved_by_the_readme_s_commands(workflow):
    prove, publish = workflow["jobs"]["prove"], workflow["jobs"]["publish"]
    assert publish["needs"] == "prove"
    assert ".ci/run" in commands(prove)
    proof = (ROOT / ".ci/run").read_text("utf-8")
    told = re.findall(r"^make \w+", proof, re.M)
    assert told == ["make book", "make test", "make proof"]
    assert all(command in (ROOT / "README.md").read_text("utf-8") for command in told)
    assert os.access(ROOT / ".ci/run", os.X_OK)


def test_site_zip_pdf_and_kits_are_published_under_the_names_that_commands_give_them(workflow):
    run = commands(workflow["jobs"]["prove"])
    for target in (*KITS, ZIP, STICK, PDF):
        assert f"dist/{target}" in run
    assert "_build/html/." in run
    (upload,) = [
        s for s in workflow["jobs"]["prove"]["steps"] if "pages-artifact" in s.get("uses", "")
    ]
    assert upload["with"]["path"] == "public"
    for command in re.findall(r"make (\w+)", run):
        assert command in book.COMMANDS


def test_a_pull_request_is_proved_and_not_published(workflow):
    triggers = workflow[True]  # YAML reads the word "on" as a truth value
    assert "pull_request" in triggers
    assert "pull_request" in workflow["jobs"]["publish"]["if"]
    assert workflow["permissions"] == {"contents": "read"}
    assert "write" not in json.dumps(workflow["jobs"]["prove"]["permissions"])


def test_the_published_address_is_written_where_the_site_reads_it(workflow):
    run = commands(workflow["jobs"]["prove"])
    pattern = re.search(r"s\|(\^.*?)\|", run)[1]
    config = (ROOT / "_config.yml").read_text("utf-8")
    assert len(re.findall(pattern.replace(".*", "[^\n]*"), config, re.M)) == 1
    assert workflow["jobs"]["prove"]["env"]["SURGE_REPOSITORY"]


def test_pages_lead_to_kits_zip_and_pdf_where_the_workflow_publishes_them(workflow):
    assert 'echo "SURGE_DOWNLOADS=$ADDRESS" >> "$GITHUB_ENV"' in commands(workflow["jobs"]["prove"])
    pages = ("teach.ipynb", "data.ipynb", "run.md")
    named = "".join((ROOT / "chapters" / name).read_text("utf-8") for name in pages)
    made = {ZIP: "make zip", STICK: "make zip ARGS=--python", PDF: "make pdf"}
    made |= dict.fromkeys(KITS, "make kit")
    for target, command in made.items():
        assert target in packed_names("Past 600 Million")
        assert f"`{target}`" in named and f"`{command}`" in named


def test_the_workflow_runs_the_python_that_binder_runs(workflow):
    steps = workflow["jobs"]["prove"]["steps"]
    version = next(
        s["with"]["python-version"] for s in steps if "setup-python" in s.get("uses", "")
    )
    assert (ROOT / "runtime.txt").read_text("utf-8").strip() == f"python-{version}"
