"""Handouts: pages of the built site as PDF, printed by Chromium."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from lxml import html as lxml_html


def print_pages(site: Path, names: Iterable[str], folder: Path) -> list[Path]:
    """Print pages of the built site as PDF, by Chromium ($SURGE_CHROMIUM, else one on PATH).

    The pages are served to the browser from memory under a name that does not exist, so that no
    path of this machine gets into a file, and links that would lead nowhere on paper are taken off.
    """
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    program = os.environ.get("SURGE_CHROMIUM") or shutil.which("chromium")
    base = "http://book.invalid/"

    def serve(route) -> None:
        file = site / route.request.url.removeprefix(base).partition("#")[0].partition("?")[0]
        if not file.is_file():
            route.fulfill(status=404, body="")
        elif file.suffix == ".html":
            route.fulfill(body=_for_paper(file.read_text("utf-8")), content_type="text/html")
        else:
            route.fulfill(path=file)

    written = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        tab = browser.new_page(java_script_enabled=False, color_scheme="light")
        tab.route("**/*", serve)
        for name in names:
            tab.goto(f"{base}chapters/{name}.html")
            target = folder / f"{name}.pdf"
            tab.pdf(path=str(target), format="A4", print_background=True, tagged=True, outline=True)
            written.append(target)
        browser.close()
    return written


def _for_paper(text: str) -> str:
    tree = lxml_html.document_fromstring(text)
    for link in tree.xpath("//a[@href]"):
        if not re.match(r"#|https?:", link.get("href")):
            link.attrib.pop("href")
    return lxml_html.tostring(tree, encoding="unicode", doctype="<!doctype html>")
