"""Handouts: pages of the built site as PDF, printed by Chromium.

A handout is for reading and writing with a pen: what only a screen or a kernel can use is left out
(code, controls, tables folded behind charts), and so is what answers a question (solutions, and the
output of a lab).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from lxml import html as lxml_html

from receiptbook import paper
from receiptbook.browser import chromium
from receiptbook.system import counted

TIGHTER = 0.96  # of the usual size, where that saves a page


def print_pages(
    site: Path,
    names: Iterable[str],
    folder: Path,
    sheets: Mapping[str, str] | None = None,
) -> list[Path]:
    """Print pages of the built site as PDF, by Chromium, each with its title and page numbers.

    The pages are served to the browser from memory under a name that does not exist, so that no
    path of this machine gets into a file, and links that would lead nowhere on paper are taken off.
    `sheets`, html by name, are shown at no address: their links to other files lead nowhere.
    """
    folder.mkdir(parents=True, exist_ok=True)
    base = "http://book.invalid/"
    names, sheets = list(names), sheets or {}
    pages = {f"chapters/{name}.html": _read(site / f"chapters/{name}.html") for name in names}
    letters = "".join({*"".join([*pages.values(), *sheets.values()])})

    def serve(route) -> None:
        place = route.request.url.removeprefix(base).partition("#")[0].partition("?")[0]
        if place in pages:
            page = paper.prepared(pages[place], letters=letters)
            return route.fulfill(body=page, content_type="text/html; charset=utf-8")
        file = site / place
        return route.fulfill(path=file) if file.is_file() else route.fulfill(status=404, body="")

    written = []
    with chromium() as browser:
        tab = browser.new_page(java_script_enabled=False, color_scheme="light")
        tab.route("**/*", serve)
        for name in counted("printed", [*sheets, *names]):
            if name in sheets:
                tab.goto("about:blank")
                tab.set_content(paper.prepared(sheets[name], letters=letters))
            else:
                tab.goto(f"{base}chapters/{name}.html")
            # a sheet is set to fill its pages, a chapter runs on
            tighter = 1 if name in sheets else TIGHTER
            written.append(paper.write(tab, folder / f"{name}.pdf", tighter=tighter))
    return written


def _read(page: Path) -> str:
    return for_paper(page.read_text("utf-8"))


OF_NO_USE = (
    "//meta[@http-equiv='Content-Security-Policy']",  # it forbids the style sheet put in below
    "//main//details",  # folded code and tables, hints and answers, what a lab asks readers to predict
    "//main//*[contains(@class, 'cell_input')]",
    "//main//*[contains(@class, 'output') and contains(@class, 'ansi')]",  # for kernels: no words
    "//main//*[@class='controls' or @class='results']",
    "//main//textarea",  # there are lines
    "//footer/p[position() > 1 and position() < last()]",  # ways to run and to download
    "//main//aside//*[contains(@class, 'bar')]",  # draws two ranges that the text beside it gives in words
    "//main//*[starts-with(@class, 'receipt ')]//*[@class='credit']",  # the page ends in its sources
)
ON_PAPER = {"ask", "ruling", "tail"}  # folds that are open there
LINES = {1: 3, 2: 6, 3: 13}  # to write on, by level; the last are half a page


def for_paper(text: str) -> str:
    """A built page without what paper has no use for, and with lines to write on."""
    tree = lxml_html.document_fromstring(text)
    for fold in tree.xpath("//main//details"):
        if {*fold.get("class", "").split()} & ON_PAPER:
            fold.tag = fold.find("summary").tag = "div"
    for path in OF_NO_USE:
        for element in tree.xpath(path):
            element.drop_tree()
    for cell in tree.xpath("//main//div[starts-with(@class, 'cell')]"):
        if not cell.text_content().strip() and not cell.xpath(".//svg | .//img"):
            cell.drop_tree()
    for question in tree.xpath("//section[@class='question' and not(.//input[@type='radio'])]"):
        level = int(re.search(r"level (\d)", question.text_content())[1])
        question.append(lxml_html.fragment_fromstring(_room(LINES[level])))
    for link in tree.xpath("//a[@href]"):
        if not re.match(r"#|https?:", link.get("href")):
            link.attrib.pop("href")
    style = lxml_html.fragment_fromstring("<style></style>")
    style.text = (Path(__file__).parent / "handouts.css").read_text("utf-8")
    tree.head.append(style)
    return lxml_html.tostring(tree, encoding="unicode", doctype="<!doctype html>")


def _room(lines: int) -> str:
    return f'<div class="room">{"<p></p>" * lines}</div>'
