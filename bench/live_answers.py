"""From a changed figure to the page that shows what follows: bytes, and time to the answer.

    python bench/live_answers.py [page]

The built page is opened from its folder. Each figure that ten
receipts or more rest on is changed in the bar five times, from a tenth of a second after the bar was
opened for it; the time runs from the input event to the end of its handler, when every number, verdict
and list of the page has its new state. Told are the first time of each figure, and the least of the
five, which other programs of the machine disturb less; with the list of what follows shut and open, at
full speed and with the CPU slowed four times. The load of the machine is printed with them.
"""

from __future__ import annotations

import gzip
import os
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from chromium import chromium  # noqa: E402  (needs the path above)

SITE = ROOT / "_build/html"
FIGURES = """() => Object.keys(ReceiptBook.live.book.figures)
  .filter((id) => ReceiptBook.live.weight(id) >= 10 && ReceiptBook.live.book.figures[id][0])"""
CHANGE = """async (id) => {
  const live = ReceiptBook.live, field = document.querySelector(".if-bar input");
  live.ask([id]);
  await new Promise((done) => setTimeout(done, 100)); // nobody types sooner
  const was = field.value, digit = was.search(/[1-8](?!.*[1-8])/);
  if (digit < 0) return null;
  const other = was.slice(0, digit) + (Number(was[digit]) + 1) + was.slice(digit + 1), took = [];
  for (let n = 0; n < 5; n++) {
    field.value = other;
    const began = performance.now();
    field.dispatchEvent(new Event("input"));
    took.push(performance.now() - began);
    field.value = was;
    field.dispatchEvent(new Event("input"));
  }
  return took;
}"""


def told(times: list[float]) -> str:
    """Median and longest of some times in milliseconds."""
    return f"median {statistics.median(times):.1f} ms, longest {max(times):.1f} ms"


def main(name: str = "headline") -> None:
    script = (SITE / "_static/live.js").read_bytes()
    print(f"live.js: {len(script):,} bytes, {len(gzip.compress(script, 9)):,} compressed")
    with chromium() as session:
        page = session.new_page()
        page.goto((SITE / f"chapters/{name}.html").as_uri() + "?if=none:1")
        page.locator(".if-bar").wait_for(state="attached")
        figures = page.evaluate(FIGURES)
        slow = session.new_cdp_session(page)
        for listed in ("shut", "open"):
            for rate in (1, 4):
                slow.send("Emulation.setCPUThrottlingRate", {"rate": rate})
                times = [took for id in figures if (took := page.evaluate(CHANGE, id))]
                first, least = told([t[0] for t in times]), told([min(t) for t in times])
                print(f"list {listed}, CPU slowed {rate} times: first {first}; least {least}")
            page.evaluate("(id) => ReceiptBook.live.ask([id])", figures[0])
            page.locator(".if-bar button[aria-expanded]").click()
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
