"""From a changed figure to the page that shows what follows: bytes, and time to the answer.

    python bench/live_answers.py [page]

The built page is opened from its folder. Each figure that ten receipts or more rest on is changed in the
bar; the time runs from the input event to the end of its handler, when every number, verdict and list of
the page has its new state. Once at full speed, once with the CPU slowed four times.
"""

from __future__ import annotations

import gzip
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from chromium import chromium  # noqa: E402  (needs the path above)

SITE = ROOT / "_build/html"
FIGURES = """() => Object.keys(ReceiptBook.live.book.figures)
  .filter((id) => ReceiptBook.live.weight(id) >= 10 && ReceiptBook.live.book.figures[id][0])"""
CHANGE = """(id) => {
  const live = ReceiptBook.live, field = document.querySelector(".if-bar input");
  live.ask([id]);
  const was = field.value, digit = was.search(/[1-8](?!.*[1-8])/);
  if (digit < 0) return null;
  field.value = was.slice(0, digit) + (Number(was[digit]) + 1) + was.slice(digit + 1);
  const began = performance.now();
  field.dispatchEvent(new Event("input"));
  const took = performance.now() - began;
  field.value = was;
  field.dispatchEvent(new Event("input"));
  return took;
}"""


def main(name: str = "headline") -> None:
    script = (SITE / "_static/live.js").read_bytes()
    print(f"live.js: {len(script):,} bytes, {len(gzip.compress(script, 9)):,} compressed")
    with chromium() as session:
        page = session.new_page()
        page.goto((SITE / f"chapters/{name}.html").as_uri() + "?if=none:1")
        page.locator(".if-bar").wait_for(state="attached")
        figures = page.evaluate(FIGURES)
        slow = session.new_cdp_session(page)
        for rate in (1, 4):
            slow.send("Emulation.setCPUThrottlingRate", {"rate": rate})
            times = [took for id in figures if (took := page.evaluate(CHANGE, id)) is not None]
            told = f"median {statistics.median(times):.1f} ms, longest {max(times):.1f} ms"
            print(f"CPU slowed {rate} times, {len(times)} figures: {told}")


if __name__ == "__main__":
    main(*sys.argv[1:])
