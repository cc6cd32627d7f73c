"""What each page knows of the book around it: parts, neighbours, description, downloads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from receiptbook.book import Book
from receiptbook.site import assets, extras, glyphs, receipts, sheets


@dataclass(frozen=True)
class Part:
    """A part of the book: its title and its pages as (name, title)."""

    title: str
    pages: tuple[tuple[str, str], ...]


def parts(app: Sphinx) -> list[Part]:
    """The parts of the table of contents that have pages, with the title of each page."""
    titles = app.env.titles
    found = (
        Part(
            part.title,
            tuple((name, titles[name].astext()) for name in part.pages if name in titles),
        )
        for part in Book(Path(app.srcdir)).parts()
    )
    return [part for part in found if part.pages]


def social(app: Sphinx) -> str:
    """Address of the picture shown with a link; empty until the site knows its own address."""
    base = app.config.html_baseurl.rstrip("/")
    return f"{base}/_static/card.png" if base else ""


def describe(doctree: nodes.document | None, fallback: str) -> str:
    """The first real sentence or two of a page, at most 160 characters."""
    for paragraph in doctree.findall(nodes.paragraph) if doctree else ():
        text = " ".join(paragraph.astext().split())
        if len(text) > 60:
            cut = text[:158].rsplit(" ", 1)[0].rstrip(",;:")
            return text if len(text) <= 160 else f"{cut}…"
    return fallback


def page_context(app: Sphinx, pagename: str, template: str, context: dict, doctree) -> None:
    """Everything the theme's templates print."""
    site = app.receiptbook
    config = site.config
    book = site.parts = site.parts or parts(app)
    here = next((p for p in book if pagename in dict(p.pages)), None)
    kinds = {app.config.root_doc: "cover", config.ledger: "ledger", "search": "search"}
    kind = kinds.get(pagename, "")
    suffix = ".ipynb" if str(app.env.doc2path(pagename, False)).endswith(".ipynb") else ""
    context.update(
        receiptbook=config,
        parts=book,
        part=here,
        place=[n for n, _ in here.pages].index(pagename) + 1 if here else 0,
        kind=kind,
        social=social(app),
        description=describe(doctree, config.description or app.config.html_title),
        contents=on_this_page(context.get("toc", "")) if doctree else "",
        notebook=pagename + suffix if suffix and doctree else "",
        source=source(config, pagename + suffix),
        launch=launch(config, pagename + suffix),
    )
    if doctree is not None:
        context["body"] = polish(context["body"])
        context["body"] += glyphs.sheet(context["body"])
        context["body"] = receipts.number_links(context["body"], doctree.get("notes", []))
    extras.lead_home(app, pagename, context)
    style = early = ""
    if config.inline:
        style, early = sheets.for_page(context.get("body", ""), kind), assets.early()
    context.update(
        style=style, early=early, policy=sheets.policy(style, early) if config.policy else ""
    )


def on_this_page(toc: str) -> str:
    """Sphinx's own list without the page's title around it."""
    inner = re.search(r"<ul>\s*<li>.*?</a>\s*(<ul>.*</ul>)\s*</li>\s*</ul>", toc, re.S)
    return inner[1] if inner and inner[1].count("<li>") > 1 else ""


def source(config, path: str) -> str:
    """Where a file of the book can be read; empty unless a public repository is set."""
    if not config.repository:
        return ""
    return f"https://github.com/{config.repository}/blob/{config.branch}/{path}"


def launch(config, path: str) -> str:
    """Where a running copy of the page opens; empty unless a public repository is set."""
    if not config.repository:
        return ""
    return f"{config.binder}/{config.repository}/{config.branch}?labpath={path}"


def polish(body: str) -> str:
    """Small repairs that no visitor reaches."""
    body = re.sub(r"<pre(?![^>]*tabindex)", '<pre tabindex="0"', body)
    return re.sub(r'<a class="headerlink"[^>]*>[^<]*</a>', "", body)  # scripts/book.js has them
