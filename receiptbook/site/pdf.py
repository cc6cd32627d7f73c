"""`make pdf`: the whole book as one PDF, drawn by Chromium.

The pages are joined in reading order into one document with working links, printed by the style
sheet's rules for paper, tagged, with an outline.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from urllib.parse import unquote

from lxml import etree, html

from receiptbook.browser import chromium
from receiptbook.site.style import style_sheet

FOOT = (
    '<div style="width:100%;font:8px sans-serif;color:#555;text-align:center">'
    '<span class="pageNumber"></span></div>'
)


def reading_order(site: Path) -> list[str]:
    """The pages as the contents list them, the cover first."""
    cover = html.parse(str(site / "index.html"))
    links = cover.xpath('//nav[@aria-label="Book"]//a/@href')
    return ["index.html", *dict.fromkeys(posixpath.normpath(link) for link in links)]


def join(site: Path) -> str:
    """One document: each page's main part under an id of its own, links turned inward."""
    pages = reading_order(site)
    aliases = {page: _slug(page) for page in pages}
    bodies = []
    for page in pages:
        tree = html.parse(str(site / page))
        main = tree.xpath("//main")[0]
        for unwanted in main.xpath(".//*[self::form or self::script or self::noscript]"):
            unwanted.drop_tree()
        for fold in main.xpath('.//section[contains(@class, "entry")]//details'):
            fold.set("open", "")
        _turn(main, page, aliases)
        main.tag = "section"
        main.set("id", aliases[page])
        kind = tree.xpath("//body/@class")
        main.set("class", " ".join(["page", *kind]))
        bodies.append(etree.tostring(main, encoding="unicode", method="html"))
    title = html.parse(str(site / "index.html")).findtext(".//title")
    return (
        f'<!doctype html><html lang="en" data-theme="light"><head><meta charset="utf-8">'
        f"<title>{title}</title><style>{style_sheet()}</style></head><body>{''.join(bodies)}</body></html>"
    )


def _slug(page: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", page.removesuffix(".html").lower()).strip("-")


def _turn(main: etree._Element, page: str, aliases: dict[str, str]) -> None:
    own = aliases[page]
    for element in main.iter(etree.Element):
        if element.get("id"):
            element.set("id", f"{own}--{element.get('id')}")
        for name in ("clip-path", "fill", "stroke"):
            if "url(#" in (element.get(name) or ""):
                element.set(name, element.get(name).replace("url(#", f"url(#{own}--"))
        address = element.get("href") or ""
        if element.tag == "use":  # a shape of the page's own sheet
            element.set("href", address.replace("#", f"#{own}--", 1))
        if element.tag != "a" or re.match(r"[a-z]+:", address):
            continue
        path, _, anchor = address.partition("#")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
        if target in aliases:
            element.set("href", f"#{aliases[target]}" + (f"--{unquote(anchor)}" if anchor else ""))
        else:
            element.attrib.pop("href")  # a download: of no use on paper


def write(site: Path, target: Path) -> Path:
    """Print the joined book. The joined page stands beside the others while it is printed."""
    site, target = site.resolve(), target.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    joined = site / "_whole-book.html"
    joined.write_text(join(site), "utf-8")
    try:
        with chromium() as browser:
            page = browser.new_page(java_script_enabled=False, color_scheme="light")
            page.goto(joined.as_uri())
            page.pdf(
                path=str(target), format="A4", print_background=True, tagged=True, outline=True,
                display_header_footer=True, header_template="<span></span>", footer_template=FOOT,
                margin={"top": "18mm", "bottom": "20mm", "left": "18mm", "right": "18mm"},
            )  # fmt: skip
    finally:
        joined.unlink()
    return target
