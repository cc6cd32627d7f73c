"""In JupyterLab the first click on a number lands on its row of the ledger, with no setting of ours."""

import shutil

import pytest
from chromium import chromium
from lab import APPS, PATIENCE, jupyterlab

from receiptbook.book import Book
from receiptbook.book.notebooks import read_notebook
from receiptbook.receipts import ledger
from receiptbook.receipts.collect import LINK

pytestmark = [pytest.mark.slow, pytest.mark.long]  # JupyterLab and a browser

AT_THE_TOP = """(id) => [...document.querySelectorAll(".jp-MarkdownViewer h3")].some((heading) => {
  const view = heading.closest(".jp-MarkdownViewer").getBoundingClientRect().top;
  const below = heading.getBoundingClientRect().top - view;
  return heading.textContent.startsWith(id) && below > -5 && below < 100;
})"""


def test_the_first_click_on_a_number_lands_on_its_row(tmp_path):
    book = Book.here()
    page = book.page("headline")
    place = {one["id"]: n for n, one in enumerate(ledger.entries(book))}
    told = [cell.source for cell in read_notebook(page).cells if cell.cell_type == "markdown"]
    far = max((link["id"] for link in LINK.finditer("\n".join(told))), key=place.get)
    with jupyterlab(tmp_path, {}) as address, chromium() as session:
        session.set_default_timeout(1000 * PATIENCE)
        for file in (page, book.ledger):
            shutil.copy(file, tmp_path / "work")
        tab = session.new_page()
        tab.goto(address + APPS["jupyterlab"][1].format(page.stem))
        tab.locator(f'.jp-MarkdownCell a[href*="ledger.md"][href$="#{far}"]').first.click()
        tab.wait_for_function(AT_THE_TOP, arg=far)
