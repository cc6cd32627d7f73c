"""What a chapter costs its kernel: memory, and time from "Run all" to the last output.

    python bench/kernels.py [rounds] [--write] [--chapters headline speed]

A kernel is started for each chapter, all cells are sent at once as a front end does, and the clock
stops at the reply to the last. Between chapters the same is done with a notebook that only imports
altair and pandas, so that a busy moment of the machine meets both. Reported is the median of the
rounds; memory is the kernel's resident size after the last cell, widgets included. Drawing in the
browser is not part of it. Processor time stands beside the clock, which a busy machine stretches.
`--write` stores the result as bench/kernels.csv, which the page for teachers shows; with
`--chapters`, only their rows. Exit code 1
means that a chapter is over its limits.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
from jupyter_client.manager import KernelManager

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from kernel_limits import over  # noqa: E402  (needs the path above)

TARGET = ROOT / "bench" / "kernels.csv"
BARE = "import altair as alt\nimport pandas as pd"
SERVER = "JupyterLab server"  # the row that is no chapter


def run(cells: list[str], folder: Path) -> tuple[float, float, float]:
    """Seconds to the last reply, the kernel's memory in MB then, and its processor seconds."""
    began = time.perf_counter()
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(
        cwd=str(folder),
        env={**os.environ, "PYTHONHASHSEED": "0", "TZ": "UTC"},
        extra_arguments=["--log-level=ERROR"],
    )
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=120)
        asked = [client.execute(source) for source in cells]
        while asked:
            reply = client.get_shell_msg(timeout=300)
            if reply["parent_header"].get("msg_id") in asked:
                asked.remove(reply["parent_header"]["msg_id"])
                if reply["content"]["status"] != "ok":
                    raise RuntimeError(f"a cell failed: {reply['content'].get('evalue')}")
        seconds = time.perf_counter() - began
        kernel = psutil.Process(manager.provisioner.process.pid)
        return seconds, kernel.memory_info().rss / 1e6, sum(kernel.cpu_times()[:2])
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def server_memory() -> float:
    """Memory in MB of one student's JupyterLab server with no kernel running."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        words = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--port=0"]
        server = subprocess.Popen(
            [*words, f"--ServerApp.root_dir={folder}"],
            env={**os.environ, "JUPYTER_RUNTIME_DIR": folder, "JUPYTER_CONFIG_DIR": folder},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            until = time.monotonic() + 180
            while not list(place.glob("jpserver-*.json")) and time.monotonic() < until:
                time.sleep(0.5)
            time.sleep(3)
            return psutil.Process(server.pid).memory_info().rss / 1e6
        finally:
            server.terminate()
            server.wait(30)


def chapters(names: list[str]) -> dict[str, list[str]]:
    """The code cells of each chapter but the ledger."""
    found = {}
    for path in sorted((ROOT / "chapters").glob("*.ipynb")):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        if path.stem != "ledger" and (not names or path.stem in names):
            found[path.stem] = code
    return found


def measure(rounds: int, names: list[str]) -> list[dict[str, float | str]]:
    """One row for each chapter: medians, with the bare kernel measured beside it."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        run([BARE], place)  # warm the disk's cache
        for name, cells in chapters(names).items():
            pairs = [(run(cells, place), run([BARE], place)) for _ in range(rounds)]
            row = {
                "chapter": name,
                "memory": statistics.median(full[1] for full, _ in pairs),
                "seconds": statistics.median(full[0] for full, _ in pairs),
                "bare_memory": statistics.median(bare[1] for _, bare in pairs),
                "bare_seconds": statistics.median(bare[0] for _, bare in pairs),
                "times": statistics.median(full[0] / bare[0] for full, bare in pairs),
                "work": statistics.median(full[2] for full, _ in pairs),
                "work_times": statistics.median(full[2] / bare[2] for full, bare in pairs),
            }
            rows.append(row)
            print(
                f"{name:<16} {row['memory']:6.0f} MB  {row['seconds']:6.2f} s  "
                f"bare {row['bare_memory']:4.0f} MB {row['bare_seconds']:5.2f} s  "
                f"{row['times']:4.1f} times  processor {row['work']:5.2f} s "
                f"{row['work_times']:4.1f} times",
                flush=True,
            )
    return rows


def main() -> int:
    parser = argparse.ArgumentParser("kernels", description=__doc__.splitlines()[0])
    parser.add_argument("rounds", nargs="?", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="store the result beside this file")
    parser.add_argument("--chapters", nargs="*", default=[])
    options = parser.parse_args()
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} processors")
    rows = measure(options.rounds, options.chapters)
    server = server_memory()
    print(f"{'JupyterLab':<16} {server:6.0f} MB")
    if options.write:
        fresh = {
            row["chapter"]: {k: v if isinstance(v, str) else f"{v:.2f}" for k, v in row.items()}
            for row in rows
        }
        kept = {}
        if options.chapters and TARGET.exists():  # a chapter measured anew replaces its row
            with TARGET.open(encoding="utf-8", newline="") as file:
                kept = {row["chapter"]: row for row in csv.DictReader(file)}
        server_row = {"chapter": SERVER, "memory": f"{server:.2f}"}
        with TARGET.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(({SERVER: server_row} | kept | fresh).values())
    broken = [f"{row['chapter']}: {fault}" for row in rows for fault in over(row)]
    print("\n".join(broken) or "every chapter is within its limits")
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
