"""`python bench/page_weight.py`: our pages beside stock Jupyter Book's; `--help` lists the options.

The same chapters are built twice in one run: by this book's configuration, and by Jupyter Book as
it comes with Altair's default output in the notebooks. Both are served over the same slow line, a
phone's (1.6 Mbit/s, 150 ms before each answer), packet by packet, so that what has come (gzip,
headers included) can be counted where it leaves the line. Each page is loaded in Chromium with an
empty cache until its first chart stands: at full processor speed for the medians of requests and
bytes by then, and once with the processor slowed four times for when the chart stands, largest
contentful paint, blocking time and layout shift. A page is drawn while it comes, so its first chart
can stand before its last byte; "asked" counts whole what had been asked for by then, and "page" is
the page alone, pictures included.

The stock pages' foreign scripts come from npm packages kept in _build/bench, by a second server on
the same line, without the handshake of a secure connection, which flatters the stock build.
Bars: the first chart within 0.6 s, a page of at most 60 KB, at most five requests, no layout shift.
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import functools
import gzip
import http.server
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import altair
import yaml
from altair.utils.html import spec_to_html

from receiptbook.browser import chromium, find
from receiptbook.site.run import PLACE

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "_build" / "bench"
NETWORKS = re.compile(r"https://(?:cdn\.jsdelivr\.net|cdnjs\.cloudflare\.com|unpkg\.com)")
PACKAGES = ("vega@6", "vega-lite@6.4.1", "vega-embed@7", "mathjax@3")
LIGHTHOUSE = "lighthouse@12"
BARS = {"chart": 600, "page": 60_000, "requests": 5, "shift": 0}  # ms, bytes, at most
VISITS = {"stock": 2, "ours": 7}  # of which the median counts; ours end sooner
WATCH = """
window.seen = {lcp: 0, shift: 0, blocked: 0, chart: 0};
const watch = (type, use) => new PerformanceObserver((l) => l.getEntries().forEach(use))
  .observe({type, buffered: true});
watch('largest-contentful-paint', (e) => { seen.lcp = e.startTime; });
watch('layout-shift', (e) => { if (!e.hadRecentInput) seen.shift += e.value; });
watch('longtask', (e) => { seen.blocked += Math.max(0, e.duration - 50); });
const look = () => {  // a picture is whole when what follows it has been read
  const drawn = [...document.querySelectorAll(
    'figure:has(figcaption) svg, .vega-embed svg, .vega-embed canvas')];
  if (drawn.some((e) => e.getBoundingClientRect().height > 50)) seen.chart = performance.now();
  else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""


def jupyter_book(folder: Path, *options: str) -> float:
    """Build; seconds it took."""
    began = time.perf_counter()
    script = "from jupyter_book.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", script, "build", str(folder), *options],
        capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(done.stdout[-2000:] + done.stderr[-2000:])
    return time.perf_counter() - began


def ours(folder: Path) -> None:
    """The book as it is."""
    for name in ("chapters", "data"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("_config.yml", "_toc.yml"):
        shutil.copyfile(ROOT / name, folder / name)


def stock(folder: Path) -> None:
    """The same chapters with Altair's own output and no configuration but a title."""
    ours(folder)
    config = {"title": "Stock", "execute": {"execute_notebooks": "off"}}
    config["sphinx"] = {"config": {"myst_heading_anchors": 4}}
    (folder / "_config.yml").write_text(yaml.safe_dump(config), "utf-8")
    versions = {
        "vega_version": altair.VEGA_VERSION, "vegalite_version": altair.VEGALITE_VERSION,
        "vegaembed_version": altair.VEGAEMBED_VERSION,
    }  # fmt: skip
    for path in (folder / "chapters").glob("*.ipynb"):
        notebook = json.loads(path.read_text("utf-8"))
        for cell in notebook["cells"]:
            for output in cell.get("outputs", []):
                data = output.get("data", {})
                for mime in [m for m in data if m.startswith("application/vnd.")]:
                    spec = data.pop(mime)
                    if "vegalite" in mime:
                        spec = copy.deepcopy(spec)
                        name = f"altair-viz-{spec['usermeta']['receiptbook']['id']}"
                        data["text/html"] = spec_to_html(
                            spec, mode="vega-lite", fullhtml=False, requirejs=False,
                            output_div=name, template="universal", **versions,
                        )  # fmt: skip
        path.write_text(json.dumps(notebook), "utf-8")


class Line:
    """What all servers of one visit share: a rate, a delay before each answer, and a record."""

    RATE, DELAY, PACKET = 2e5, 0.15, 1460  # bytes a second, seconds, bytes

    def __init__(self):
        self.turn = threading.Lock()
        self.free = 0.0  # when the line has carried all that was given to it, wall clock
        self.begin()

    def begin(self) -> None:
        """Forget what went over the line."""
        self.asked: list[tuple[float, int]] = []  # when, bytes of the answer
        self.came: list[tuple[float, int]] = []  # when, bytes

    def carry(self, answer: bytes, write) -> None:
        """Hand an answer over, packet by packet, each when the line has had time for it."""
        self.asked.append((time.time(), len(answer)))
        time.sleep(self.DELAY)
        for start in range(0, len(answer), self.PACKET):
            packet = answer[start : start + self.PACKET]
            with self.turn:
                due = self.free = max(self.free, time.time()) + len(packet) / self.RATE
            time.sleep(max(0.0, due - time.time()))
            write(packet)
            self.came.append((time.time(), len(packet)))


class Server(http.server.ThreadingHTTPServer):
    """A folder over HTTP, compressed, over a `line` if there is one."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args) -> None:
            pass

        def file(self) -> Path:
            return Path(self.translate_path(self.path.split("?")[0]))

        def do_GET(self) -> None:
            path = self.file()
            there = path.is_file()
            body = packed(path) if there else gzip.compress(b"")
            head = (
                f"HTTP/1.1 {'200 OK' if there else '404 Not Found'}\r\n"
                f"Content-Type: {self.guess_type(str(path))}\r\nContent-Encoding: gzip\r\n"
                f"Content-Length: {len(body)}\r\nAccess-Control-Allow-Origin: *\r\n\r\n"
            )
            answer = head.encode() + body
            with contextlib.suppress(ConnectionError):  # the page may be gone by then
                if self.server.line:
                    self.server.line.carry(answer, self.wfile.write)
                else:
                    self.wfile.write(answer)

    def __init__(self, folder: Path, line: Line | None = None):
        super().__init__(("127.0.0.1", 0), functools.partial(self.Handler, directory=str(folder)))
        self.line = line
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Network(Server):
    """A content network of npm packages: /npm/name@version/file."""

    class Handler(Server.Handler):
        def guess_type(self, path: str) -> str:
            return "text/javascript" if path.endswith(".js") else super().guess_type(path)

        def file(self) -> Path:
            name, _, rest = self.path.split("?")[0].partition("/npm/")[2].partition("/")
            package = KEPT / "node_modules" / name.split("@")[0]
            return package / rest if rest else package / "build" / f"{package.name}.min.js"


@functools.cache
def packed(path: Path) -> bytes:
    """A file as it goes over the line."""
    return gzip.compress(path.read_bytes(), 9, mtime=0)


def turn(folder: Path, address: str) -> None:
    """Let the pages in a folder ask `address` for what they ask content networks for."""
    for page in folder.rglob("*.html"):
        text = page.read_text("utf-8")
        page.write_text(NETWORKS.sub(address, text), "utf-8")


def visit(browser, line: Line, url: str, slower: int = 1) -> dict:
    """One cold visit, the processor slowed as many times as `slower`."""
    context = browser.new_context(viewport={"width": 412, "height": 823})
    page = context.new_page()
    page.add_init_script(WATCH)
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    line.begin()
    page.goto(url, wait_until="load", timeout=120_000)
    page.wait_for_function("window.seen.chart > 0", timeout=90_000)
    page.wait_for_timeout(1500)
    seen = page.evaluate("window.seen")
    stood = (page.evaluate("performance.timeOrigin") + seen["chart"]) / 1000  # wall clock
    context.close()
    asked = [size for at, size in line.asked if at <= stood]
    return {
        "requests": len(asked),
        "bytes": sum(size for at, size in line.came if at <= stood),
        "asked": sum(asked),
        "page": line.asked[0][1],
        **seen,
    }


def measure(browser, line: Line, url: str, visits: int) -> dict:
    """What had come when the first chart stood; when it stood on a slow processor."""
    counted = [visit(browser, line, url) for _ in range(visits)]
    slow = visit(browser, line, url, slower=4)
    medians = {k: statistics.median(v[k] for v in counted) for k in ("requests", "bytes", "asked")}
    return slow | medians


def lighthouse(url: str, runs: int = 5) -> dict[str, float]:
    """Medians of Lighthouse's four scores as mobile, after one run to warm up."""
    scores = []
    for run in range(runs + 1):
        done = subprocess.run(
            [KEPT / "node_modules/.bin/lighthouse", url, "--quiet", "--output=json",
             "--chrome-flags=--headless=new --no-sandbox"],
            capture_output=True, text=True, env={**os.environ, "CHROME_PATH": find()}, check=True,
        )  # fmt: skip
        if run:
            found = json.loads(done.stdout)["categories"]
            scores.append({k: v["score"] * 100 for k, v in found.items()})
    return {k: statistics.median(s[k] for s in scores) for k in scores[0]}


def install(*packages: str) -> None:
    """What is missing of these npm packages."""
    KEPT.mkdir(parents=True, exist_ok=True)
    missing = [p for p in packages if not (KEPT / "node_modules" / p.split("@")[0]).exists()]
    if missing:
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--prefix", KEPT, *missing],
                       check=True, capture_output=True)  # fmt: skip


def weights(site: Path) -> dict[str, float]:
    """KB of the chapters' pages and MB of the whole site, each on disk and as sent."""
    files = [p for p in site.rglob("*") if p.is_file() and p.suffix != ".xlsx"]
    files = [p for p in files if not p.is_relative_to(site / PLACE)]  # asked for by a press
    pages = [p for p in files if p.suffix == ".html" and p.stem != "ledger"]
    return {
        "pages, KB": sum(p.stat().st_size for p in pages) / 1e3,
        "sent, KB": sum(len(packed(p)) for p in pages) / 1e3,
        "site, MB": sum(p.stat().st_size for p in files) / 1e6,
        "sent, MB": sum(len(packed(p)) for p in files) / 1e6,
    }


def compare(browser, place: Path, asked: list[str] | None, scores: bool) -> int:
    """Print our pages beside the stock build's; how many miss a bar."""
    folders = {"stock": place / "stock", "ours": place / "ours"}
    stock(folders["stock"])
    ours(folders["ours"])
    first = {name: jupyter_book(folder, "--all") for name, folder in folders.items()}
    rounds = [{name: jupyter_book(folder) for name, folder in folders.items()} for _ in range(3)]
    again = {name: statistics.median(one[name] for one in rounds) for name in folders}
    for name in folders:
        print(f"{name:6} built in {first[name]:.1f} s, with nothing changed {again[name]:.1f} s")
    print(f"{'ratio':6} {again['ours'] / again['stock']:.2f} with nothing changed, at most 1.3")
    line = Line()
    servers = {k: Server(f / "_build/html", line) for k, f in folders.items()}
    turn(folders["stock"] / "_build/html", Network(KEPT, line).address)
    cover = Path(yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))["root"]).name
    names = asked or [
        p.stem for p in sorted((ROOT / "chapters").glob("*.ipynb"))
        if "vnd.vegalite" in p.read_text("utf-8")
        and (folders["ours"] / f"_build/html/chapters/{p.stem}.html").exists()
    ]  # fmt: skip
    columns = {"requests": 1, "bytes": 1e3, "asked": 1e3, "page": 1e3, "chart": 1, "lcp": 1,
               "blocked": 1}  # fmt: skip
    print(f"{'':16}requests KB came KB asked KB page chart ms  LCP ms  TBT ms  shift")
    failed = 0
    for name in names:
        found = {}
        for build, visits in VISITS.items():
            page = "index" if build == "ours" and name == cover else f"chapters/{name}"
            url = f"{servers[build].address}/{page}.html"
            found[build] = measure(browser, line, url, visits)
        for build, one in found.items():
            cells = "".join(f"{one[c] / u:8.{1 if u > 1 else 0}f}" for c, u in columns.items())
            print(f"{name if build == 'stock' else '':15}{build:>5}{cells}{one['shift']:7.3f}")
        came, whole = (found["stock"][k] / found["ours"][k] for k in ("bytes", "asked"))
        missed = [k for k, most in BARS.items() if found["ours"][k] > most]
        failed += bool(missed)
        word = f"MISSED: {', '.join(missed)}" if missed else "met"
        print(f"{'':15}{'ratio':>5}{'':8}{came:8.1f}{whole:8.1f}   {word}", flush=True)
    whole = weights(folders["ours"] / "_build/html")
    print("whole site without the workbook: "
          f"{whole['site, MB']:.2f} MB, as sent {whole['sent, MB']:.2f} MB")  # fmt: skip
    fast = Server(folders["ours"] / "_build/html")  # Lighthouse brings a line of its own
    for name in names[:2] if scores else ():
        print(name, lighthouse(f"{fast.address}/chapters/{name}.html"))
    return failed


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--lighthouse", action="store_true", help="also run Lighthouse, slowly")
    options.add_argument("--pages", nargs="*", help="chapters by name; all with a chart if none")
    asked = options.parse_args()
    install(*PACKAGES, *([LIGHTHOUSE] if asked.lighthouse else []))
    with tempfile.TemporaryDirectory() as place, chromium() as browser:
        return compare(browser, Path(place), asked.pages, asked.lighthouse) > 0


if __name__ == "__main__":
    raise SystemExit(main())
