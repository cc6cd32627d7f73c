"""What each page knows of the book around it: parts, neighbours, description, downloads."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment.adapters.toctree import document_toc
from sphinx.util.nodes import traverse_parent

from receiptbook.book import Book
from receiptbook.book.contents import slug
from receiptbook.site import (
    embed,
    errata,
    folds,
    glyphs,
    languages,
    linked_data,
    opening,
    picture,
    static,
    style,
)
from receiptbook.site.builder import parts
from receiptbook.site.elsewhere import Elsewhere
from receiptbook.site.nodes import ChartFigure
from receiptbook.site.questions import QuestionCard

SEARCH = "search"
LOST = "404"  # served at any depth, so its links start at the root


def social(app: Sphinx, pagename: str = "", doctree: nodes.document | None = None) -> str:
    """Address of the picture shown with a link; empty until the site knows its own address.

    A page is shown by its first chart; the cover, and a page without one, by the book's card.
    """
    base, settings = app.config.html_baseurl.rstrip("/"), app.env.receiptbook_settings
    if not base:
        return ""
    figure = doctree.next_node(ChartFigure) if doctree else None
    if figure and pagename != app.config.root_doc:
        still = picture.draw(figure["spec"], picture.pictures_folder(app)).wide
        return f"{base}/{embed.link_picture(app, figure['card'], still)}"
    return f"{base}/_static/{Path(settings.card).name}" if settings.card else ""


def describe(doctree: nodes.document | None, fallback: str) -> str:
    """The first real sentence or two of a page, at most 160 characters.

    >>> describe(None, "A book of numbers")
    'A book of numbers'
    """
    for paragraph in doctree.findall(nodes.paragraph) if doctree else ():
        text = " ".join(paragraph.astext().split())
        if len(text) > 60:
            cut = text[:158].rsplit(" ", 1)[0].rstrip(",;:")
            return text if len(text) <= 160 else f"{cut}…"
    return fallback


def page_context(app: Sphinx, pagename: str, template: str, context: dict, doctree) -> None:
    """Everything the theme's templates print."""
    kind = kind_of(app, pagename)
    context.update(of_book(app, context["pathto"]))
    context.update(kind=kind, **of_page(app, pagename, doctree))
    unused = style.unused(f'<body class="{kind}">{context.get("body", "")}')
    context["style"], context["early"] = style.style_sheet(unused), static.source("early.js")
    context["policy"] = style.policy(context["style"], context["early"])
    context["cite"] = citation(app, context) if context["evidence"] else None
    if doctree is not None:
        title = app.env.titles[pagename].astext()
        context["highwire"] = linked_data.highwire(app, title, context.get("pageurl") or "")
        told = title, context["description"], context.get("body", "")
        context["linked_data"] = linked_data.of_page(app, pagename, *told)
        context["body"] += glyphs.sheet(context["body"])
    for name in ("body", "contents"):
        if not context["own"].startswith("zh"):
            context[name] = languages.marked(context.get(name) or "")
    if context.get("pageurl") and pagename == app.config.root_doc:
        context["pageurl"] = app.config.html_baseurl.rstrip("/") + "/"
    if context.get("pageurl") and pagename == LOST:
        lead_from_the_root(app, context)


def kind_of(app: Sphinx, pagename: str) -> str:
    """What sets a page apart from a chapter, as the class of its body: "cover", "ledger", "search"."""
    ledger = app.env.receiptbook_settings.ledger
    return {app.config.root_doc: "cover", ledger: "ledger", SEARCH: "search"}.get(pagename, "")


def of_book(app: Sphinx, pathto: Callable[[str], str]) -> dict[str, Any]:
    """What is the same on each page: the menu, and what the foot says."""
    settings, known = app.env.receiptbook_settings, app.env.all_docs
    elsewhere = Elsewhere.read(app.config.html_theme_options)
    return {
        "receiptbook": settings,
        "with_languages": lambda html: languages.marked(str(html)),
        "parts": parts(app),
        "titles": {name: title.astext() for name, title in app.env.titles.items()},
        "byline": app.config.author,
        "elsewhere": elsewhere,
        "issue": elsewhere.issue,
        "errata": pathto(settings.errata) if settings.errata in known else "",
        "run_page": pathto(settings.run) if settings.run in known else "",
        "feed": errata.FEED if errata.rows(Book(Path(app.srcdir)).data) else "",
    }


def of_page(app: Sphinx, pagename: str, doctree: nodes.document | None) -> dict[str, Any]:
    """What one page is: its place in the book, its source, what it says and asks."""
    settings = app.env.receiptbook_settings
    here = next((part for part in parts(app) if pagename in part.pages), None)
    file = pagename + Path(app.env.doc2path(pagename)).suffix if doctree else ""
    notebook = file if file.endswith(".ipynb") else ""
    return {
        "part": here,
        "place": here.pages.index(pagename) + 1 if here else 0,
        "file": file,
        "notebook": notebook,
        "download": Path(notebook).name,
        "description": describe(doctree, settings.description or app.config.html_title),
        "social": social(app, pagename, doctree),
        "own": app.env.metadata.get(pagename, {}).get("language", ""),
        "printed": printed(app, pagename),
        "contents": on_this_page(app, pagename) if doctree else "",
        "asks": asks(doctree) if doctree else "",
        "working": bool(doctree and any(doctree.findall(folds.Working))),
        "evidence": opening.evidence(doctree, app.env) if doctree else "",
    }


def asks(doctree: nodes.document) -> str:
    """The id of the section that holds the first question; empty where nothing is asked."""
    section = next(traverse_parent(doctree.next_node(QuestionCard), nodes.section), None)
    return section["ids"][0] if section else ""


def printed(app: Sphinx, pagename: str) -> str:
    """How a page asks to be printed, in its front matter, as the class of its body.

    "one-sheet" is set small, without its receipts and sources at the end, for two sides of a sheet;
    "apart" is for a screen and printed by nobody but its reader.
    """
    return str(app.env.metadata.get(pagename, {}).get("print", "")).replace(" ", "-")


def lead_from_the_root(app: Sphinx, context: dict) -> None:
    """Links of a page that is served at any depth."""
    root = urlsplit(app.config.html_baseurl).path.rstrip("/")

    def pathto(target: str, resource: bool = False) -> str:
        return f"{root}/{target if resource else app.builder.get_target_uri(target)}"

    context.update(pathto=pathto, content_root=f"{root}/")


def on_this_page(app: Sphinx, pagename: str) -> str:
    """The page's sections as a list, without its title; empty if there are fewer than two."""
    toc = document_toc(app.env, pagename, app.tags)
    inner = toc.next_node(nodes.bullet_list, include_self=True) if len(toc) else None
    sections = inner[0].next_node(nodes.bullet_list) if inner else None
    if sections is None or len(list(sections.findall(nodes.list_item))) < 2:
        return ""
    return app.builder.render_partial(sections)["fragment"]


@dataclass(frozen=True)
class Citation:
    """How a page is cited: in words, and as an entry for BibTeX."""

    text: str
    bibtex: str


def citation(app: Sphinx, context: dict) -> Citation:
    """How to cite a page: author, year, title, book and, where it is known, the address."""
    config = app.config
    title = html.unescape(re.sub("<[^>]+>", "", context["title"]))
    key = f"{slug(config.html_title)}-{context['pagename']}"
    year = (re.search(r"\d{4}", config.copyright) or [""])[0]
    url = context.get("pageurl") or ""
    stop = "" if title[-1:] in ("?", "!") else "."
    text = " ".join(
        f"{config.author} ({year}). {title}{stop} In: {config.html_title}. {url}".split()
    )
    fields = {"author": f"{{{config.author}}}", "title": title, "booktitle": config.html_title}
    fields |= {"year": year, "url": url}
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return Citation(text, f"@incollection{{{key.replace('/', '-')},\n{lines}\n}}")
