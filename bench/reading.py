"""How long the pages are, how much of them is prose, and whether anything is cut: one line a chapter.

    python bench/reading.py [SITE]

SITE is a folder with a built site, `_build/html` unless named. At 1280 and 360 px: the height of each
page that runs code; the share of prose in it; where its first picture begins. Code that stands open,
and code or text cut at the right edge, are counted at six widths from 320 to 1920.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

from receiptbook.browser import chromium

WIDTHS = (320, 360, 768, 1024, 1280, 1920)
PAGE = """() => {
  const tall = (e) => e.getBoundingClientRect().height;
  const shown = (e) => e.checkVisibility() && tall(e) > 5;
  const main = document.querySelector("main");
  const prose = [...main.querySelectorAll("section > :is(p, ul, ol, blockquote, h1, h2, h3)")];
  const code = [...main.querySelectorAll("pre")].filter(shown);
  const cut = (e) => e.scrollWidth > e.clientWidth + 2 && getComputedStyle(e).overflowX !== "visible";
  const figure = main.querySelector("figure");
  return {
    height: document.documentElement.scrollHeight,
    prose: prose.reduce((sum, e) => sum + tall(e), 0) / tall(main),
    first: figure ? Math.round(figure.getBoundingClientRect().top + scrollY) : null,
    open: code.length,
    cut: code.filter(cut).length + (document.documentElement.scrollWidth > innerWidth ? 1 : 0),
  };
}"""


def measured(site: Path) -> dict[str, dict[int, dict]]:
    """Each page with a fold of working, by name, at each width."""
    pages = [
        p for p in sorted((site / "chapters").glob("*.html")) if "<figure" in p.read_text("utf-8")
    ]
    told: dict[str, dict[int, dict]] = {}
    with chromium() as browser:
        for width in WIDTHS:
            tab = browser.new_page(viewport={"width": width, "height": 900})
            for page in pages:
                tab.goto(page.as_uri())
                told.setdefault(page.stem, {})[width] = tab.evaluate(PAGE)
            tab.close()
    return told


def report(told: dict[str, dict[int, dict]]) -> str:
    """A line a page and the sums."""
    lines = [f"{'page':16} {'1280':>7} {'360':>7} {'prose':>6} {'first':>6} {'open':>5} {'cut':>4}"]
    for name, at in told.items():
        wide, cut = at[1280], sum(one["cut"] for one in at.values())
        lines.append(
            f"{name:16} {wide['height']:7} {at[360]['height']:7} {wide['prose']:6.0%} "
            f"{wide['first'] or 0:6} {wide['open']:5} {cut:4}"
        )
    share = statistics.median(at[1280]["prose"] for at in told.values())
    sums = [sum(at[width]["height"] for at in told.values()) for width in (1280, 360)]
    return "\n".join([*lines, f"{'sum, median':16} {sums[0]:7} {sums[1]:7} {share:6.0%}"])


if __name__ == "__main__":
    print(report(measured(Path(sys.argv[1] if len(sys.argv) > 1 else "_build/html").resolve())))
