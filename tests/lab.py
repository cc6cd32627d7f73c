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

APPS = {  # how to start a front end, and where it shows a notebook
    "jupyterlab": (
        ("--LabApp.expose_app_in_browser=True", "--LabApp.news_url=",
         "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"),
        "lab/tree/{}.ipynb?reset",
    ),
    "notebook": (("--JupyterNotebookApp.expose_app_in_browser=True",), "notebooks/{}.ipynb"),
}  # fmt: skip
PATIENCE = 180  # seconds; a machine under load is slow, not broken


@contextmanager
def jupyterlab(home, notebooks, python=sys.executable, app="jupyterlab"):
    """Serve `notebooks`, {name: list of cells}, from the empty folder `home`; yield the address.

    `python` is the interpreter of the environment to start it in; `app` is one of APPS. Nothing of
    the user's own is read: no settings, no workspaces, no kernels, no packages.
    """
    (home / "work").mkdir()
    for name, cells in notebooks.items():
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(c) for c in cells],
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        )
        nbformat.write(notebook, home / "work" / f"{name}.ipynb")
    own = ("JUPYTER", "JPY_", "IPYTHON", "XDG_", "PYTHONPATH", "PYTHONHOME")
    surroundings = {
        **{k: v for k, v in os.environ.items() if not k.startswith(own)},
        "HOME": str(home),
        "PYTHONNOUSERSITE": "1",
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
    }
    command = [
        str(python), "-m", app, "--no-browser", "--allow-root",
        "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={_free_port()}", "--IdentityProvider.token=",
        "--ServerApp.password=", f"--ServerApp.root_dir={home / 'work'}", *APPS[app][0],
    ]  # fmt: skip
    with (home / "log").open("w") as log:
        server = subprocess.Popen(command, env=surroundings, stdout=log, stderr=subprocess.STDOUT)
        try:
            yield _address(server, home)
        finally:
            server.terminate()  # it ends its kernels too
            try:
                server.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _free_port():
    """A port that is free now; older servers do not report the one that port 0 got them."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _address(server, home):
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        for file in (home / "runtime").glob("jpserver-*.json"):
            try:
                url = json.loads(file.read_text())["url"]
                direct.open(f"{url}api/status", timeout=5).close()
            except (OSError, ValueError):
                continue
            return url
        time.sleep(0.2)
    raise RuntimeError("Jupyter did not start:\n" + (home / "log").read_text())


# The front end's own commands: they wait for the kernel, and end when every cell has run.
RUN = """async () => {
  await window.jupyterapp.restored;
  const panel = window.jupyterapp.shell.currentWidget;
  await panel.context.ready;
  await panel.sessionContext.ready;
  await window.jupyterapp.commands.execute("notebook:run-all-cells");
}"""


def run_all(tab, address, name, last, app="jupyterlab"):
    """Open a notebook in a fresh workspace, run all its cells, wait for text in the last output."""
    tab.goto(address + APPS[app][1].format(name))
    tab.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.sessionContext")
    tab.locator(".jp-CodeCell").first.wait_for()
    again(tab, last)


def again(tab, last):
    """Run all cells of the open notebook."""
    tab.evaluate(RUN)
    tab.locator(".jp-CodeCell").last.locator(".jp-OutputArea").get_by_text(last).wait_for()


def output(tab, cell):
    """The output area of a code cell."""
    return tab.locator(".jp-CodeCell").nth(cell).locator(".jp-OutputArea")
