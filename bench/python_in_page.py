"""Bytes, seconds and memory until a page's own Python gives its first result.

    python bench/python_in_page.py [chapter …]

The built site is served from this machine. Cold is a browser that has nothing; warm is a new page of
the same browser; again is Run all anew in the running worker. Seconds depend on the load of the
machine, which is printed with them; nothing is stored and nothing is asserted.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from chromium import chromium

from receiptbook import commands
from receiptbook.book import Book

CHAPTERS = ("what-stands", "headline")  # receipts alone; charts
FIRST = 9  # the cell that is run: in the headline, that of the first chart
BUSY = "document.querySelector('.python .all')?.disabled ?? true"
FAILED = "document.querySelector('.python')?.dataset.problem"


def run(session, address: str) -> tuple[float, float, float, int]:
    """Seconds to the first result and to a second one, MB fetched, MB of Python's memory."""
    page, fetched = session.new_page(), []
    page.on("requestfinished", lambda request: fetched.append(request.sizes()["responseBodySize"]))
    page.goto(address)
    fetched.clear()
    began = time.monotonic()
    page.click("button.run")
    wait(page)
    cell = min(FIRST, page.locator(".cell-tools .go").count())
    page.locator(".cell-tools .go").nth(cell - 1).click()
    wait(page)
    first, began = time.monotonic() - began, time.monotonic()
    page.locator(".cell-tools .go").nth(cell - 1).click()
    wait(page)
    again = time.monotonic() - began
    memory = int(page.locator(".python").get_attribute("data-memory"))
    page.close()
    return first, again, sum(fetched) / 1e6, memory


def wait(page) -> None:
    """Until nothing runs; an error of the page ends the measuring."""
    time.sleep(0.02)
    while page.evaluate(BUSY):
        time.sleep(0.02)
    if problem := page.evaluate(FAILED):
        raise SystemExit(problem)


def main(chapters: list[str]) -> int:
    """Print a row for each chapter."""
    book = Book.here()
    commands.build(book)
    print("chapter, cold s, warm s, again s, fetched MB, warm MB, memory MB, load")
    with commands.site_server(book.site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for name in chapters:
            address = f"http://127.0.0.1:{server.server_address[1]}/chapters/{name}.html"
            with chromium() as session:
                cold, _, fetched, _ = run(session, address)
                warm, again, kept, memory = run(session, address)
            row = (f"{cold:.1f}", f"{warm:.1f}", f"{again:.2f}", f"{fetched:.1f}", f"{kept:.1f}")
            print(", ".join([name, *row, str(memory), f"{os.getloadavg()[0]:.1f}"]))
        server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or [*CHAPTERS]))
