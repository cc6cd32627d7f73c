"""A real JupyterLab for tests and measurements, with folders of its own and no network."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

import nbformat


@contextmanager
def jupyterlab(home, notebooks, python=sys.executable):
    """Serve `notebooks`, {name: list of cells}, from the empty folder `home`; yield the address.

    `python` is the interpreter of the environment to start it in.
    """
    (home / "work").mkdir()
    for name, cells in notebooks.items():
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(c) for c in cells],
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        )
        nbformat.write(notebook, home / "work" / f"{name}.ipynb")
    surroundings = {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
    }
    command = [
        str(python), "-m", "jupyterlab", "--no-browser", "--allow-root",
        "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={_free_port()}", "--IdentityProvider.token=",
        "--ServerApp.password=", f"--ServerApp.root_dir={home / 'work'}", "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]  # fmt: skip
    with (home / "log").open("w") as log:
        server = subprocess.Popen(command, env=surroundings, stdout=log, stderr=subprocess.STDOUT)
        try:
            yield _address(server, home)
        finally:
            server.terminate()
            server.wait(20)


def _free_port():
    """A port that is free now; older servers do not report the one that port 0 got them."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _address(server, home):
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
    raise RuntimeError("JupyterLab did not start:\n" + (home / "log").read_text())


def run_all(tab, address, name, last):
    """Open a notebook in a fresh workspace, run all its cells, wait for text in the last output."""
    tab.goto(f"{address}lab/tree/{name}.ipynb?reset")
    tab.locator(".jp-CodeCell").first.wait_for()
    tab.get_by_text("| Idle").wait_for()  # run sooner, and Lab asks for a kernel instead
    tab.get_by_role("menuitem", name="Run", exact=True).click()
    tab.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    tab.locator(".jp-CodeCell").last.locator(".jp-OutputArea").get_by_text(last).wait_for()


def output(tab, cell):
    """The output area of a code cell."""
    return tab.locator(".jp-CodeCell").nth(cell).locator(".jp-OutputArea")
