"""Pages and files around the book: not found, site map, robots, notebooks to download."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from html import escape
from pathlib import Path

from sphinx.application import Sphinx


def more_pages(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    """A page for addresses that lead nowhere."""
    yield "404", {"title": "Page not found"}, "404.html"


def write_extras(app: Sphinx, problem: Exception | None) -> None:
    """Notebooks beside their pages; a site map where the site knows its address."""
    if problem or app.builder.format != "html":
        return
    out = Path(app.outdir)
    for name in sorted(app.env.all_docs):
        source = Path(app.env.doc2path(name))
        if source.suffix == ".ipynb":
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, out / f"{name}.ipynb")
    base = app.config.html_baseurl.rstrip("/")
    if base:
        urls = "".join(
            f"<url><loc>{escape(f'{base}/{name}.html')}</loc></url>\n"
            for name in sorted(app.env.all_docs)
        )
        (out / "sitemap.xml").write_text(
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}</urlset>\n',
            "utf-8",
        )
        (out / "robots.txt").write_text(f"Sitemap: {base}/sitemap.xml\n", "utf-8")
