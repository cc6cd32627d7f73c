"""From input to painted frame: the page, the two live faces, and stock `interact`, in one run.

    python bench/widget_latency.py [moves] [static]

`static` leaves the live faces out: for comparing while something is changed.

Static: the checking explorer on a page of its own with the site's styles, from a local server; each
slider move is timed from the input event until the frame with the changed picture and words is
painted, at full speed and with the CPU slowed four times. The first answer is timed over a line of
1.6 Mbit/s with 150 ms latency and the slowed CPU, from the first request of the explorer's scripts.

Live: the same model in JupyterLab as bound chart, as widgets, and as stock `ipywidgets.interact`
with an Altair chart drawn anew. Each is timed from the key press until the frame with a changed
picture is painted. Memory is the kernel's peak resident size.
"""

from __future__ import annotations

import contextlib
import functools
import gzip
import http.server
import json
import platform
import re
import statistics
import sys
import tempfile
import threading
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests"))

import explorers  # noqa: E402  (needs the path above)
from chromium import chromium  # noqa: E402
from lab import jupyterlab, output, run_all  # noqa: E402
from test_scenarios import write_page  # noqa: E402

from receiptbook.explorers import page_script  # noqa: E402
from receiptbook.site.style import style_sheet  # noqa: E402

ID = "checking"
SETUP = f"import sys; sys.path.insert(0, {str(HERE.parent / 'tests')!r}); import explorers"
RSS = "import resource; print('MB', resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)"
STOCK = """
import altair as alt, numpy as np, pandas as pd, ipywidgets
from receiptbook import charts
from surge import models
share = np.linspace(0, 100, 41)
def draw(error_rate=20.0, checked=30.0):
    net = models.minutes_saved(error_rate, share, 70, 5, 3, 60)
    display(alt.Chart(pd.DataFrame({"share": share, "net": net})).mark_line().encode(
        x="share:Q", y=alt.Y("net:Q", scale=alt.Scale(domain=[-10, 10]))))
    print("net minutes", models.minutes_saved(error_rate, checked, 70, 5, 3, 60))
ipywidgets.interact(draw, error_rate=(0.0, 60.0, 0.5), checked=(0.0, 100.0, 1.0));
"""
NOTEBOOKS = {
    "bound": [SETUP, f"explorers.{ID}().page()", RSS],
    "widgets": [SETUP, f"explorers.{ID}().widgets()", RSS],
    "interact": [SETUP, STOCK, RSS],
}

# The first task after an animation frame runs when that frame's style, layout and paint are done.
PAINTED = """const painted = () => new Promise((go) => requestAnimationFrame(() => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = go;
  port2.postMessage(0);
}));"""

MOVE = """async ([id, moves]) => {
  PAINTED
  const box = document.querySelector(`[data-scenario="${id}"]`);
  const slider = box.querySelector('input[type=range][data-p="error_rate"]');
  const mark = document.querySelector(`[data-s="${id} line"]`), words = box.querySelector(".words");
  const times = [];
  for (let n = 0; n < moves; n++) {
    await new Promise((go) => setTimeout(go, 20 + 37 * (n % 3)));
    const d = mark.getAttribute("d"), said = words.textContent, from = performance.now();
    slider.value = 5 + (n % 100) / 2;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    do await painted(); while (mark.getAttribute("d") === d || words.textContent === said);
    times.push(performance.now() - from);
  }
  return times;
}""".replace("PAINTED", PAINTED)

# Key down to the frame that paints a changed picture: a path that moved, or a new canvas or svg.
WATCH = """(cell) => {
  PAINTED
  const area = document.querySelectorAll(".jp-CodeCell")[cell].querySelector(".jp-OutputArea");
  let from = 0;
  window.latencies = [];
  document.addEventListener("keydown", () => { from = performance.now(); }, true);
  new MutationObserver((changes) => {
    const drawn = changes.some((c) => c.type === "attributes" ? c.attributeName === "d"
      : [...c.addedNodes].some((n) => n.querySelector && (n.matches("canvas, svg")
        || n.querySelector("canvas, svg"))));
    if (!from || !drawn) return;
    const start = from;
    from = 0;
    painted().then(() => window.latencies.push(performance.now() - start));
  }).observe(area, { subtree: true, childList: true, attributes: true, attributeFilter: ["d"] });
}""".replace("PAINTED", PAINTED)


PRESS = """(slider, key) => {
  slider.dispatchEvent(new KeyboardEvent("keydown", { key }));
  slider.value = +slider.value + (key === "PageUp" ? 1 : -1) * slider.step;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
}"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Sends scripts compressed, as any real server does, and keeps silent."""

    def log_message(self, *_):
        pass

    def do_GET(self):
        path = Path(self.translate_path(self.path.partition("?")[0]))
        if path.suffix != ".js":
            return super().do_GET()
        body = gzip.compress(path.read_bytes(), 9)
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(BrokenPipeError):  # the page may be gone by then
            self.wfile.write(body)
        return None


def summary(times):
    ordered = sorted(times)
    return {
        "moves": len(times),
        "median_ms": round(statistics.median(times), 1),
        "p95_ms": round(ordered[max(0, -(-95 * len(ordered) // 100) - 1)], 1),
    }


def styled(text):
    """The page as the site shows it: its styles, and the class that says that scripts run."""
    text = text.replace("<html ", '<html class="js" ', 1)
    return text.replace("<style>", "<style>" + style_sheet(), 1)


def extra_bytes(scenario):
    """What the explorer adds to a page that is already there, compressed, by file."""
    files = {
        name: (HERE.parent / "receiptbook/site/assets" / name).read_text("utf-8")
        for name in ("scenario.js", "settings.js")
    }
    files["formulas"] = page_script(scenario)
    found = {name: len(gzip.compress(text.encode(), 9)) for name, text in files.items()}
    return {**found, "before the first answer": found["scenario.js"] + found["formulas"]}


def static(moves):
    scenario = explorers.ALL[ID]()
    spec = scenario.page().spec
    card = spec["usermeta"]["receiptbook"]["scenario"]
    found = {"extra_bytes": extra_bytes(card)}
    with tempfile.TemporaryDirectory() as folder:
        write_page(Path(folder), [(scenario, card, spec)])
        page, bare = Path(folder) / "page.html", Path(folder) / "bare.html"
        page.write_text(styled(page.read_text("utf-8")), "utf-8")
        bare.write_text(re.sub(r"<script.*?</script>", "", page.read_text("utf-8")), "utf-8")
        (Path(folder) / "empty.js").touch()
        serve = functools.partial(Quiet, directory=folder)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), serve)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}/page.html"
        with chromium(viewport={"width": 1200, "height": 1200}) as session:
            session.unroute("**/*")  # the gate of the tests would be timed too
            for name, slower in (("full_speed", 1), ("cpu_4x_slower", 4)):
                tab = session.new_page()
                tab.goto(address)
                tools = session.new_cdp_session(tab)
                tools.send("Emulation.setCPUThrottlingRate", {"rate": slower})
                tab.evaluate(MOVE, [ID, 5])
                found[name] = summary(tab.evaluate(MOVE, [ID, moves]))
                tab.close()
            answers = [first_answer(session, address.replace("page", "bare")) for _ in range(15)]
            found["first_answer_slow_line"] = summary([answer for answer, _ in answers])
            found["empty_script_slow_line"] = summary([empty for _, empty in answers])
        server.shutdown()
    return found


LOAD = """async (id) => {
  PAINTED
  const load = (name) => new Promise((done) => {
    const tag = document.createElement("script");
    tag.src = `${name}?fresh=${Math.random()}`;
    tag.onload = done;
    document.head.append(tag);
  });
  const asked = performance.now();
  await load("empty.js");
  const from = performance.now();
  await Promise.all([load("scenario.js"), load(`${id}.js`)]);
  const mark = document.querySelector(`[data-s="${id} line"]`), d = mark.getAttribute("d");
  const slider = document.querySelector('input[type=range][data-p="error_rate"]');
  slider.value = 33;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  do await painted(); while (mark.getAttribute("d") === d);
  return [performance.now() - from, from - asked];
}""".replace("PAINTED", PAINTED)


def first_answer(session, address):
    """Milliseconds from the request of the scripts to the first answer, on a page that stands.

    Beside it those that an empty script takes: what the line and the slowed browser cost alone.
    """
    tab = session.new_page()
    tab.goto(address)
    tools = session.new_cdp_session(tab)
    tools.send("Network.enable")
    line = {"latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
    tools.send("Network.emulateNetworkConditions", {"offline": False, **line})
    tools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    took = tab.evaluate(LOAD, ID)
    tab.close()
    return took


def live(moves):
    found = {}
    sliders = {
        "bound": '.vega-bind input[name="error_rate"]',
        "widgets": '[role="slider"] >> nth=1',
        "interact": '[role="slider"] >> nth=0',
    }
    with (
        tempfile.TemporaryDirectory() as folder,
        jupyterlab(Path(folder), NOTEBOOKS) as address,
        chromium(viewport={"width": 1400, "height": 2600}) as session,
    ):
        session.set_default_timeout(120_000)
        for name in NOTEBOOKS:
            tab = session.new_page()
            run_all(tab, address, name, "MB")
            area = output(tab, 1)
            area.locator("canvas, svg").first.wait_for()
            tab.wait_for_timeout(3000)
            slider = area.locator(sliders[name])
            slider.focus()
            tab.evaluate(WATCH, 1)
            for n in range(moves):
                key = "PageUp" if n % 20 < 10 else "PageDown"  # Jupyter may keep arrow keys
                if name == "bound":
                    slider.evaluate(PRESS, key)
                else:
                    tab.keyboard.press(key)
                tab.wait_for_function("n => window.latencies.length > n", arg=n)
                tab.wait_for_timeout(120)
            used = output(tab, 2).text_content().split("MB")[1].split()[0]
            found[name] = {
                **summary(tab.evaluate("window.latencies")), "kernel_mb": round(float(used)),
            }  # fmt: skip
            tab.close()
    found["interact_over_bound"] = round(
        found["interact"]["median_ms"] / found["bound"]["median_ms"], 1
    )
    found["interact_over_widgets"] = round(
        found["interact"]["median_ms"] / found["widgets"]["median_ms"], 2
    )
    return found


def main():
    told = sys.argv[1:]
    moves = next((int(word) for word in told if word.isdigit()), 60)
    result = {"machine": platform.platform(), "python": platform.python_version()}
    result["static"] = static(moves)
    print(json.dumps(result, indent=1), flush=True)
    if "static" in told:
        return
    result["live"] = live(max(12, moves // 3))
    print(json.dumps(result["live"], indent=1))


if __name__ == "__main__":
    main()
