"""Binder without Docker: its Dockerfile, and its Python environment with every chapter run in it.

    python bench/binder.py [--keep FOLDER]

Takes the last commit, asks repo2docker for the Dockerfile it would build, and checks what that
says. Then makes an environment with the versions that repo2docker puts into its base image (from
the lock file in its own wheel, as far as the Python index has them), installs requirements.txt
into it as the Dockerfile does, executes each chapter from an empty folder against its stored
outputs, and in that environment's JupyterLab opens a chapter, runs all and moves a slider. Needs a
network for the packages, and a few minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# conda name -> name on the Python index
NAMES = {"jupyterhub-singleuser": "jupyterhub"}
SHOWN = "loop"  # the chapter that is opened in JupyterLab
NOT_PYTHON = {"python", "nodejs", "pip", "mamba", "conda"}


def call(*words: object, where: Path = ROOT, show: bool = False, first: Path | None = None) -> str:
    """Run a command, return what it says; CalledProcessError, with its words, if it fails.

    `first` is put at the head of the search path for programs.
    """
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    if first:
        clean["PATH"] = f"{first}{os.pathsep}{clean['PATH']}"
    done = subprocess.run(
        [str(word) for word in words], cwd=where, env=clean, capture_output=True, text=True
    )
    if done.returncode:
        print(done.stdout[-3000:], done.stderr[-3000:], file=sys.stderr)
        done.check_returncode()
    if show:
        print(done.stdout.strip())
    return done.stdout + done.stderr


def environment(folder: Path) -> Path:
    call(sys.executable, "-m", "venv", folder)
    return folder / "bin" / "python"


def checkout(folder: Path) -> Path:
    """The last commit, as Binder clones it."""
    call("git", "clone", "--quiet", "--depth", "1", f"file://{ROOT}", folder)
    return folder


def dockerfile(repo2docker: Path, book: Path) -> str:
    """What repo2docker would build, after checking that it says what the book needs."""
    wanted = (book / "runtime.txt").read_text("utf-8").strip().replace("-", "=")
    told = call(
        repo2docker, "--no-build", "--debug", "--user-id", "1000", "--user-name", "jo", book
    )
    expected = {
        "requirements.txt is installed": r"pip install .*-r \"?requirements\.txt",
        "the repository is copied before that": r"COPY[^\n]* src/[^\n]* \${REPO_DIR}",
        "Python is the one of runtime.txt": rf"conda environment for {wanted}\b",
        "a copy of the packages is installed last": r"pip install[^\n]* \.\n",
    }
    lacking = [name for name, pattern in expected.items() if not re.search(pattern, told)]
    if lacking:
        print(told)
        raise SystemExit(f"the Dockerfile does not show that {'; '.join(lacking)}")
    copied, installed = told.rfind("COPY --chown"), told.rfind("requirements.txt")
    if not 0 < copied < installed:
        raise SystemExit("requirements.txt, which ends in '-e .', is installed before the copy")
    return told


def base(python: Path) -> dict[str, str]:
    """Names and versions in the lock file of repo2docker's base image for this Python."""
    code = "import repo2docker, pathlib; print(pathlib.Path(repo2docker.__file__).parent)"
    folder = Path(call(python, "-c", code).strip()) / "buildpacks" / "conda"
    lock = (folder / "environment.py-3.11-linux-64.lock").read_text("utf-8")
    pins = dict(re.findall(r"/([\w.-]+?)-(\d[\w.]*)-[\w]+\.(?:conda|tar\.bz2)", lock))
    asked = (folder / "environment.py-3.11.yml").read_text("utf-8")
    names = re.findall(r"^- ([\w-]+)", asked.partition("dependencies:")[2], re.M)
    wanted = [name for name in names if name not in NOT_PYTHON]
    return {NAMES.get(name, name): pins[name] for name in wanted}


def slider(python: Path, book: Path, home: Path) -> None:
    """Open a chapter in the environment's JupyterLab, run all, and see a slider move its chart."""
    sys.path.insert(0, str(ROOT / "tests"))
    from chromium import chromium
    from lab import jupyterlab, run_all

    cells = json.loads((book / "chapters" / f"{SHOWN}.ipynb").read_text("utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    home.mkdir()
    picture = """(area) => (area.querySelector("canvas")?.toDataURL()
        ?? area.querySelector("svg.marks").outerHTML)"""
    with jupyterlab(home, {SHOWN: code}, python) as address, chromium() as context:
        tab = context.new_page()
        tab.set_default_timeout(180_000)
        run_all(tab, address, SHOWN, "other receipts stay as they are")
        bound = tab.locator(".jp-OutputArea:has(.vega-bind input[type=range])").first
        # Lab hides cells that are out of sight, so go through the notebook from its top
        panel = tab.locator(".jp-WindowedPanel-outer").first
        panel.evaluate("(panel) => { panel.scrollTop = 0; }")
        for _ in range(200):
            if bound.is_visible():
                break
            panel.evaluate("(panel) => { panel.scrollTop += 300; }")
            tab.wait_for_timeout(150)
        before = bound.evaluate(picture)
        bound.locator("input[type=range]").first.focus()
        tab.keyboard.press("End")
        for _ in range(50):
            if bound.evaluate(picture) != before:
                break
            tab.wait_for_timeout(100)
        else:
            raise SystemExit("a slider was moved and the chart stayed as it was")
        if context.strangers:
            raise SystemExit(f"JupyterLab asked for {context.strangers[0]}")


def main() -> int:
    parser = argparse.ArgumentParser("binder", description=__doc__.splitlines()[0])
    parser.add_argument("--keep", type=Path, help="work here and leave everything in place")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="binder-") as temporary:
        work = options.keep or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        book = checkout(work / "book")
        tool = environment(work / "tool")
        call(tool, "-m", "pip", "install", "-q", "jupyter-repo2docker")
        dockerfile(tool.parent / "jupyter-repo2docker", book)
        print(
            "Dockerfile: Python of runtime.txt, the repository copied, requirements.txt installed"
        )
        pins = base(tool)
        print("base image:", ", ".join(f"{name} {version}" for name, version in pins.items()))
        image = environment(work / "image")
        call(image, "-m", "pip", "install", "-q", *(f"{n}=={v}" for n, v in pins.items()))
        call(image, "-m", "pip", "install", "-q", "-r", "requirements.txt", where=book)
        call(image, "-m", "pip", "install", "-q", ".", where=book)  # as the Dockerfile goes on
        call(image, "-m", "pip", "check", show=True)
        call(image, "-m", "receiptbook.refresh", "--check", where=work / "book", show=True)
        print("every chapter runs in this environment and says what is stored")
        slider(image, book, work / "lab")
        print("JupyterLab of this environment: a chapter runs, a slider moves its chart")
    return 0


if __name__ == "__main__":
    sys.exit(main())
