"""What each page knows of the book around it: parts, neighbours, description, downloads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'"
)


@dataclass(frozen=True)
class Part:
    """A part of the book: its title and its pages as (name, title)."""

    title: str
    pages: tuple[tuple[str, str], ...]


def parts(app: Sphinx) -> list[Part]:
    """The table of contents as sphinx-external-toc read it."""
    env = app.env
    found = []
    for tree in app.config.external_site_map[app.config.root_doc].subtrees:
        names = [str(item) for item in tree.items if str(item) in env.titles]
        pages = tuple((name, env.titles[name].astext()) for name in names)
        if pages:
            found.append(Part(tree.caption or "", pages))
    return found


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
    site = app.surge
    config = site.config
    book = site.parts = site.parts or parts(app)
    here = next((p for p in book if pagename in dict(p.pages)), None)
    suffix = ".ipynb" if str(app.env.doc2path(pagename, False)).endswith(".ipynb") else ""
    context.update(
        surge=config,
        policy=POLICY if config.policy else "",
        parts=book,
        part=here,
        place=[n for n, _ in here.pages].index(pagename) + 1 if here else 0,
        is_cover=pagename == app.config.root_doc,
        is_ledger=pagename == config.ledger,
        description=describe(doctree, config.description or app.config.html_title),
        contents=on_this_page(context.get("toc", "")) if doctree else "",
        notebook=f"{pagename}{suffix}" if suffix and doctree else "",
        launch=launch(config, pagename + (suffix or ".md")) if doctree and suffix else "",
    )
    if doctree is not None:
        context["body"] = polish(context["body"])


def on_this_page(toc: str) -> str:
    """Sphinx's own list without the page's title around it."""
    inner = re.search(r"<ul>\s*<li>.*?</a>\s*(<ul>.*</ul>)\s*</li>\s*</ul>", toc, re.S)
    return inner[1] if inner and inner[1].count("<li>") > 1 else ""


def launch(config, path: str) -> str:
    """Where a running copy of the page opens; empty unless a public repository is set."""
    if not config.repository:
        return ""
    return f"{config.binder}/{config.repository}/{config.branch}?labpath={path}"


def polish(body: str) -> str:
    """Small repairs that no visitor reaches."""
    body = re.sub(r"<pre(?![^>]*tabindex)", '<pre tabindex="0"', body)
    body = re.sub(r' title="(?:Permalink|Link) to [^"]*"', "", body)
    return re.sub(
        r'<a class="headerlink" href="(#[^"]*)">[^<]*</a>',
        r'<a class="anchor" href="\1" aria-label="Link to this section">#</a>',
        body,
    )


def metatags(title: str, description: str, config: Any, base: str, url: str, card: str) -> str:
    """Tags for those who show a link to the page; addresses only where the site has one."""
    tags = {"og:type": "article", "og:title": title, "og:description": description}
    if base:
        tags["og:url"] = url
        if card:
            tags["og:image"] = base.rstrip("/") + "/" + card
    return "".join(
        f'<meta property="{k}" content="{escape(v, quote=True)}">\n' for k, v in tags.items()
    )


def visit_fold(translator, node) -> None:
    """Code that a page folds away."""
    what = "output" if "above-output" in " ".join(node["classes"]) else "code"
    translator.body.append(f'<details class="fold"><summary>Show the {what}</summary>\n')


def depart_fold(translator, node) -> None:
    translator.body.append("</details>\n")
