"""Pages and files around the book: not found, moved, site map, robots, downloads."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.addnodes import download_reference
from sphinx.application import Sphinx
from sphinx.errors import ConfigError

from receiptbook.book import Book


def point_at_tables(app: Sphinx, doctree: nodes.document) -> None:
    """Links to data/ lead to the site's copies of the tables; Sphinx would make a second copy."""
    folder = app.receiptbook.config.data
    up = "../" * app.env.docname.count("/")
    for link in list(doctree.findall(download_reference)):
        name = posixpath.normpath(
            posixpath.join(posixpath.dirname(app.env.docname), link["reftarget"])
        )
        if name.startswith(f"{folder}/"):
            table = nodes.reference("", "", *link.children, refuri=f"{up}_static/{name}")
            link.replace_self(table)


def packed_files(book: Book) -> re.Pattern:
    """The names of the files that a whole book is packed into: kit, zip and PDF."""
    return re.compile(rf"{re.escape(book.name)}(-kit)?\.(zip|pdf)")


def link_packed(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Where a page names the kit, the zip or the PDF, it leads to the published file, if any."""
    folder = app.receiptbook.config.downloads.rstrip("/")
    packed = packed_files(app.receiptbook.book)
    for name in list(doctree.findall(nodes.literal)) if folder else ():
        if packed.fullmatch(file := name.astext()):
            name.replace_self(nodes.reference("", "", name.deepcopy(), refuri=f"{folder}/{file}"))


def more_pages(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    """A page for addresses that lead nowhere."""
    yield "404", {"title": "Page not found"}, "404.html"


def write_extras(app: Sphinx, problem: Exception | None) -> None:
    """Redirects and robots.txt; a site map where the site knows its address."""
    if problem or app.builder.format != "html":
        return
    out = Path(app.outdir)
    write_index(app, out)
    for old, new in app.receiptbook.config.redirects.items():
        redirect(app, out, old, new)
    base = app.config.html_baseurl.rstrip("/")
    welcome = "User-agent: *\nAllow: /\n"
    (out / "robots.txt").write_text(
        f"{welcome}Sitemap: {base}/sitemap.xml\n" if base else welcome, "utf-8"
    )
    if base:
        lost = out / "404.html"  # served at any depth, so its links start at the root
        lost.write_text(rooted(lost.read_text("utf-8"), urlsplit(base).path), "utf-8")
        names = sorted(app.env.all_docs)
        urls = "".join(
            f"<url><loc>{escape(f'{base}/{page}')}</loc></url>\n"
            for page in ("", *(f"{name}.html" for name in names if name != app.config.root_doc))
        )
        (out / "sitemap.xml").write_text(
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}</urlset>\n',
            "utf-8",
        )


def redirect(app: Sphinx, out: Path, old: str, new: str) -> None:
    """A page at a former address that sends readers on, with or without scripts.

    Raises ConfigError if the new page does not exist, or if the old one still does.
    """
    known = app.env.all_docs
    if new not in known or old in known:
        fault = f"there is no page {new!r}" if new not in known else f"the page {old!r} exists"
        raise ConfigError(f"receiptbook: redirects: {old!r} → {new!r}: {fault}")
    title = escape(app.env.titles[new].astext())
    link = escape(posixpath.relpath(f"{new}.html", posixpath.dirname(old) or "."))
    (out / old).parent.mkdir(parents=True, exist_ok=True)
    (out / f"{old}.html").write_text(moved(app, link, title), "utf-8")


MOVED = "This page has moved:"


def moved(app: Sphinx, link: str, title: str) -> str:
    """A page that sends readers on, with or without scripts; link and title are escaped."""
    return (
        f'<!doctype html><html lang="{app.config.language}"><meta charset="utf-8">'
        f'<title>{title}</title><meta http-equiv="refresh" content="0; url={link}">'
        f'<link rel="canonical" href="{link}"><main><h1>{title}</h1>'
        f'<p>{MOVED} <a href="{link}">{title}</a>.</p></main></html>\n'
    )


def write_index(app: Sphinx, out: Path) -> None:
    """The first page stands at the root, with its links turned accordingly; its own address leads
    there."""
    root = app.config.root_doc
    page = out / f"{root}.html"
    if root == "index" or not page.exists() or MOVED in (text := page.read_text("utf-8")):
        return  # it moved in an earlier build and was not written again
    (out / "index.html").write_text(rebase(text, posixpath.dirname(root)), "utf-8")
    up = posixpath.relpath("index.html", posixpath.dirname(root) or ".")
    page.write_text(moved(app, up, escape(app.env.titles[root].astext())), "utf-8")


def lead_home(app: Sphinx, pagename: str, context: dict) -> None:
    """Links to the first page lead to the root, where it stands."""
    root = app.config.root_doc
    folder = posixpath.dirname(pagename) or "."
    own, home = (posixpath.relpath(f"{name}.html", folder) for name in (root, "index"))
    if context.get("body"):
        context["body"] = re.sub(
            rf'href="{re.escape(own)}(?=["#])', f'href="{home}', context["body"]
        )
    for place in ("prev", "next"):
        if (context.get(place) or {}).get("link") == own:
            context[place] = {**context[place], "link": home}
    if pagename == root and context.get("pageurl"):
        context["pageurl"] = app.config.html_baseurl.rstrip("/") + "/"


def rooted(page: str, root: str) -> str:
    """A page of the top folder with links that hold at any depth. root: path of the site.

    >>> rooted('<a href="chapters/a.html"><a href="#d"><a href="https://a.org/">', "/book")
    '<a href="/book/chapters/a.html"><a href="#d"><a href="https://a.org/">'
    """
    return re.sub(r'\b(href|src)="(?!#|/|[a-z]+:)([^"]+)"', rf'\1="{root}/\2"', page)


def rebase(page: str, folder: str) -> str:
    """A page of `folder` as it reads at the root.

    >>> rebase('<a href="../_static/a.css"><a href="b.html#c"><a href="#d">', "chapters")
    '<a href="_static/a.css"><a href="chapters/b.html#c"><a href="#d">'
    """

    def turn(match: re.Match) -> str:
        name, address = match.groups()
        if re.match(r"#|[a-z]+:", address):
            return match[0]
        moved = posixpath.normpath(posixpath.join(folder, address))
        return f'{name}="{moved}"'

    page = re.sub(r'data-content_root="[^"]*"', 'data-content_root="./"', page)
    return re.sub(r'\b(href|src)="([^"]+)"', turn, page)
