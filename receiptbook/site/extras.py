"""Pages and files around the book: not found, moved, site map, robots, downloads."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from sphinx.addnodes import download_reference
from sphinx.application import Sphinx
from sphinx.errors import ConfigError

from receiptbook.book import Book
from receiptbook.book.contents import slug
from receiptbook.book.notebooks import replace_text
from receiptbook.site import errata, materials, style
from receiptbook.site.builder import address
from receiptbook.site.pages import LOST, SEARCH
from receiptbook.site.run import packed_for
from receiptbook.site.templates import render

MOVED = "This page has moved:"


def point_at_tables(app: Sphinx, doctree: nodes.document) -> None:
    """Links to data/ lead to the site's copies of the tables; Sphinx would make a second copy."""
    docname = app.env.docname
    for link in list(doctree.findall(download_reference)):
        name = posixpath.normpath(posixpath.join(posixpath.dirname(docname), link["reftarget"]))
        if name.startswith("data/"):
            uri = address(app.builder, docname, f"_static/{name}")
            link.replace_self(nodes.reference("", "", *link.children, refuri=uri))


def packed_names(title: str) -> set[str]:
    """The files that hold a whole book.

    >>> sorted(packed_names("Rain"))
    ['rain-kit-students.zip', 'rain-kit-teacher.zip', 'rain-python.zip', 'rain.pdf', 'rain.zip']
    """
    ends = ("-kit-students.zip", "-kit-teacher.zip", "-python.zip", ".zip", ".pdf")
    return {slug(title) + end for end in ends}


def link_packed(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Where a page names a kit, a zip or the PDF, it leads to the published file, if any."""
    settings = app.env.receiptbook_settings
    packed = packed_names(app.config.html_title)
    for name in list(doctree.findall(nodes.literal)) if settings.downloads else ():
        if (file := name.astext()) in packed:
            uri = f"{settings.downloads.rstrip('/')}/{file}"
            name.replace_self(nodes.reference("", "", name.deepcopy(), refuri=uri))


def more_pages(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    """The search page, and one for addresses that lead nowhere."""
    yield SEARCH, {}, "search.html"
    yield LOST, {"title": "Page not found"}, "404.html"


def write_extras(app: Sphinx, problem: Exception | None) -> None:
    """Redirects and robots.txt; a site map where the site knows its address."""
    if problem or app.builder.format != "html":
        return
    out, root = Path(app.outdir), app.config.root_doc
    if app.builder.get_target_uri(root) != f"{root}.html":  # its own address leads to the root
        redirect(app, out, root, root)
    for old, new in app.env.receiptbook_settings.redirects.items():
        check_redirect(app, old, new)
        redirect(app, out, old, new)
    base = app.config.html_baseurl.rstrip("/")
    robots = "User-agent: *\nAllow: /\n"
    if base:
        robots += f"Sitemap: {base}/sitemap.xml\n"
        names = sorted(name for name in app.env.all_docs if name != root)
        text = render("sitemap.xml", base=base, pages=["", *(f"{name}.html" for name in names)])
        (out / "sitemap.xml").write_text(text + "\n", "utf-8")
    errata.write_feed(app)
    (out / "robots.txt").write_text(robots, "utf-8")
    bill = materials.bill(Book(Path(app.srcdir)), python=packed_for(app) is not None)
    (out / "bom.json").write_text(bill, "utf-8")


def check_redirect(app: Sphinx, old: str, new: str) -> None:
    """Raise ConfigError if the new page does not exist, or if the old one still does."""
    known = app.env.all_docs
    if new not in known or old in known:
        fault = f"there is no page {new!r}" if new not in known else f"the page {old!r} exists"
        raise ConfigError(f"receiptbook_redirects: {old!r} → {new!r}: {fault}; correct _config.yml")


def redirect(app: Sphinx, out: Path, old: str, new: str) -> None:
    """A page at a former address that sends readers on, with or without scripts."""
    target = app.builder.get_target_uri(new)
    page = render(
        "moved.html",
        language=app.config.language,
        title=app.env.titles[new].astext(),
        address=posixpath.relpath(target, posixpath.dirname(old) or "."),
        words=MOVED,
        policy=style.NOTHING,
    )
    replace_text(out / f"{old}.html", page + "\n")
