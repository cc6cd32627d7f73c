"""`make pdf`: the whole book as one PDF, drawn by Chromium.

The pages are joined in reading order into one document with working links, a list of contents, and
the answers at the end; tagged, with an outline. It is printed twice, since only what is printed tells
on which page a chapter begins, and whether a few lines of it take a page of their own.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

from lxml import etree, html

from receiptbook import paper
from receiptbook.book.contents import slug
from receiptbook.browser import chromium
from receiptbook.site.style import style_sheet

OF_NO_USE = (
    ".//*[self::form or self::script or self::noscript]",
    ".//*[contains(@class, 'working')]",  # code; where it is found stands at the chapter's end
    ".//*[contains(@class, 'entry')]//*[@class='bar']",  # in small type its words are enough
)
TIMES = 3  # printed, at most
FEW = 60  # words of a page that is nearly empty
CONTENTS, ANSWERS = "contents-of-the-book", "answers-of-the-book"
AT_THE_END = f'<p class="beyond">Hints and answers: <a data-page href="#{ANSWERS}">page </a>.</p>'
LEFT_OUT = (
    '<p class="beyond">Left out on paper: the working, in Python. It stands in <code>{}</code>.</p>'
)
HEAD = "@page {name} {{ @top-left {{ content: {book}; SMALL }} @top-right {{ content: {page}; SMALL }} }}\n"


@dataclass(frozen=True)
class Page:
    """A page of the site in the book: its file, its id there, its title, its main part."""

    file: str
    id: str
    title: str
    main: etree._Element
    kind: str


def reading_order(site: Path) -> dict[str, list[str]]:
    """The parts as the contents list them, each with its pages for paper; the cover is in none."""
    cover = html.parse(str(site / "index.html"))
    found = {}
    for part in cover.xpath('//nav[@aria-label="Book"]/div'):
        files = [posixpath.normpath(link) for link in part.xpath(".//a/@href")]
        found[part.findtext("p")] = [file for file in files if not _apart(site / file)]
    return {name: files for name, files in found.items() if files}


def _apart(page: Path) -> bool:
    return "apart" in html.parse(str(page)).xpath("string(//body/@class)").split()


def join(site: Path, numbers: Mapping[str, int] | None = None, tight: Iterable[str] = ()) -> str:
    """One document: each page's main part under an id of its own, links turned inward.

    numbers : on which page each id begins, as far as this is known
    tight : ids of the pages that are set a little smaller
    """
    parts = reading_order(site)
    files = ["index.html", *(file for part in parts.values() for file in part)]
    aliases = {file: slug(file.removesuffix(".html")) for file in files}
    pages = [_page(site, file, aliases) for file in files]
    title = html.parse(str(site / "index.html")).findtext(".//title")
    body = html.document_fromstring("<body></body>").body
    body.append(pages[0].main)
    body.append(_contents(parts, {page.file: page for page in pages}))
    for page in pages[1:]:
        body.append(page.main)
        if page.id in tight:
            page.main.set("class", f"{page.main.get('class')} tight")
    body.extend(_answers(pages))
    for link in body.xpath(".//a[@data-page]"):
        number = (numbers or {}).get(link.get("href")[1:], "")
        link.append(html.fragment_fromstring(f'<span class="number">{number}</span>'))
    ids = set(body.xpath(".//@id"))
    for link in body.xpath(".//a[starts-with(@href, '#')]"):
        if link.get("href")[1:] not in ids:  # it led to what is left out
            link.attrib.pop("href")
    heads = [(page.id, page.title) for page in pages[1:]]
    heads += [(CONTENTS, "Contents"), (ANSWERS, "Hints and answers")]
    book = paper.css_string(title)
    rules = "".join(
        HEAD.format(name=f"p-{id}", book=book, page=paper.css_string(name)) for id, name in heads
    )
    style = (Path(__file__).parent / "pdf.css").read_text("utf-8")
    style = style_sheet() + (style + rules).replace("SMALL", paper.SMALL)
    return (
        f'<!doctype html><html lang="en" data-theme="light"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{style}</style></head>"
        f"{etree.tostring(body, encoding='unicode', method='html')}</html>"
    )


def _page(site: Path, file: str, aliases: Mapping[str, str]) -> Page:
    """A page as the book has it: without what only a screen has, its folds open."""
    tree = html.parse(str(site / file))
    main = tree.xpath("//main")[0]
    worked = main.xpath("boolean(.//details[@class='working'])")
    for path in OF_NO_USE:
        for unwanted in main.xpath(path):
            unwanted.drop_tree()
    for fold in main.xpath('.//section[contains(@class, "entry")]//details'):
        fold.set("open", "")
    _turn(main, file, aliases)
    questions = main.xpath(".//section[@class='question']")
    if questions:
        questions[-1].addnext(html.fragment_fromstring(AT_THE_END))
    if worked:
        main.append(
            html.fragment_fromstring(LEFT_OUT.format(f"{file.removesuffix('.html')}.ipynb"))
        )
    title = main.xpath("string((.//h1)[1])")
    main.tag = "section"
    main.set("id", aliases[file])
    kind = " ".join(tree.xpath("//body/@class"))
    main.set("class", " ".join(["page", *kind.split()]))
    main.set("style", f"page: p-{aliases[file]}")
    return Page(file, aliases[file], " ".join(title.split()), main, kind)


def _contents(parts: Mapping[str, list[str]], pages: Mapping[str, Page]) -> etree._Element:
    """The list of contents, whose links wait for the numbers of their pages."""
    found = html.fragment_fromstring(
        f'<section id="{CONTENTS}" class="contents" style="page: p-{CONTENTS}"><h1>Contents</h1></section>'
    )
    asked = any(page.main.xpath(".//section[@class='question']") for page in pages.values())
    lines = {
        part: [(pages[file].id, pages[file].title) for file in files]
        for part, files in parts.items()
    }
    if asked:
        lines["At the end"] = [(ANSWERS, "Hints and answers")]
    for part, entries in lines.items():
        items = "".join(
            f'<li><a data-page href="#{id}"><span>{escape(title)}</span></a></li>'
            for id, title in entries
        )
        found.append(
            html.fragment_fromstring(f"<div><h2>{escape(part)}</h2><ol>{items}</ol></div>")
        )
    return found


def _answers(pages: list[Page]) -> list[etree._Element]:
    """Hints and answers of all questions, taken out of their pages; nothing if there are none."""
    found = html.fragment_fromstring(
        f'<section id="{ANSWERS}" class="answers" style="page: p-{ANSWERS}"><h1>Hints and answers</h1>'
        "<p>The small numbers are those of the notes of the chapter.</p></section>"
    )
    for page in pages:
        told = list(_told(page.main))
        if told:
            heading = html.fragment_fromstring(f"<h2>{escape(page.title)}</h2>")
            found.extend([heading, *told])
    return [found] if len(found) > 2 else []


def _told(main: etree._Element) -> Iterator[etree._Element]:
    for question in main.xpath(".//section[@class='question']"):
        name = question.xpath(
            "string((.//summary//*[self::h2 or self::h3 or self::h4 or self::h5])[1]/text()[1])"
        )
        box = html.fragment_fromstring(f"<div class='told'><h3>{escape(name.strip())}</h3></div>")
        for fold in question.xpath(".//details[@class='hint' or @class='answer']"):
            word = fold.find("summary")
            label = html.fragment_fromstring(f"<p class='label'>{escape(word.text_content())}</p>")
            word.drop_tree()
            fold.getparent().remove(fold)
            fold.tag = "div"
            fold.insert(0, label)
            box.append(fold)
        yield box


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
    """Print the joined book until its contents tell on which page a chapter begins: twice, as a rule."""
    site, target = site.resolve(), target.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    joined = site / "_whole-book.html"
    numbers, tight = {}, []
    try:
        with chromium() as browser:
            tab = browser.new_page(java_script_enabled=False, color_scheme="light")
            for _ in range(TIMES):
                joined.write_text(paper.prepared(join(site, numbers, tight), feet=False), "utf-8")
                tab.goto(joined.as_uri())
                paper.write(tab, target)
                before, (numbers, found) = numbers, learnt(target)
                if numbers == before:
                    break
                if not before:
                    tight, numbers = found, _shortened(numbers, found)
    finally:
        joined.unlink(missing_ok=True)
    return target


def learnt(file: Path) -> tuple[dict[str, int], list[str]]:
    """Of a printed book: on which page each id stands that is in the contents, and which of them
    begin a chapter whose last page has fewer than FEW words."""
    from pypdf import PdfReader  # a reader's environment does not have it

    reader = PdfReader(file)
    places = {
        name.removeprefix("/"): reader.get_destination_page_number(place) + 1
        for name, place in reader.named_destinations.items()
        if "--" not in name  # within a page
    }
    order = sorted(places, key=places.get)
    return places, [
        id
        for id, following in pairwise(order)
        if places[following] > places[id] + 1
        and len(reader.pages[places[following] - 2].extract_text().split()) < FEW
    ]


def _shortened(numbers: Mapping[str, int], tight: Iterable[str]) -> dict[str, int]:
    """Page numbers if each of these chapters takes a page less."""
    starts = [numbers[id] for id in tight]
    return {id: page - sum(start < page for start in starts) for id, page in numbers.items()}
