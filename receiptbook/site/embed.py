"""Charts beyond their page: alone in a page that another site can show, and as a link's picture."""

from __future__ import annotations

import hashlib
import re
import textwrap
from html import escape
from pathlib import Path

from sphinx.application import Sphinx

from receiptbook.book.notebooks import replace_text
from receiptbook.charts import FONT, colour
from receiptbook.markdown import words
from receiptbook.site import palette, style
from receiptbook.site.picture import Picture, pictures_folder
from receiptbook.site.templates import render

FOLDER = "embed"
CARDS = "_static/cards"
WIDTH, HEIGHT, EDGE = 1200, 630, 48  # px of a link's picture, as the large sites show it
TITLE, LETTERS, FOOT = 42, 50, 24  # px of the title, its letters a line, px of the last line


def write_page(app: Sphinx, docname: str, card: dict, picture: str, credit: str, *, explorer: bool):
    """Write embed/<id>.html: title, picture or explorer, sources, and the way to its page.

    picture, credit: markup; addresses in it start from a folder beside the chapters.
    """
    text = render(
        "embed.html",
        language=app.config.language,
        policy=style.policy(),
        id=card["id"],
        title=words(card["title"]),
        picture=picture,
        credit=credit,
        back=f"../{app.builder.get_target_uri(docname)}#{card['id']}",
        page=app.env.titles[docname].astext(),
        book=app.config.html_title,
        explorer=explorer,
    )
    replace_text(Path(app.outdir) / FOLDER / f"{card['id']}.html", text + "\n")


def link_picture(app: Sphinx, card: dict, still: Picture) -> str:
    """Write the picture shown with a link to a chart's page; its path in the site.

    It is drawn once and kept beside the other pictures, by its content.
    """
    drawing = link_svg(words(card["title"]), still, app.config.html_title)
    key = hashlib.sha256(drawing.encode()).hexdigest()[:20]
    kept = pictures_folder(app) / f"{key}.png"
    if not kept.exists():
        import vl_convert  # half a second to start: only when something must be drawn

        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(vl_convert.svg_to_png(drawing, scale=1))
    path = f"{CARDS}/{card['id']}.png"
    file = Path(app.outdir) / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(kept.read_bytes())
    return path


def link_svg(title: str, still: Picture, book: str) -> str:
    """Title, picture and the book's name on 1200 by 630 px, in the light colours.

    >>> picture = Picture('<svg viewBox="0 0 9 9" width="9" height="9"></svg>', 9, 9, {})
    >>> 'width="1200" height="630"' in link_svg("Half", picture, "A book")
    True
    """
    lines = textwrap.wrap(title, LETTERS, max_lines=3, placeholder=" …")
    top = EDGE + TITLE * 1.2 * len(lines) + EDGE / 2
    room = WIDTH - 2 * EDGE, HEIGHT - top - EDGE - FOOT
    scale = min(room[0] / still.width, room[1] / still.height)
    size = still.width * scale, still.height * scale
    place = f'x="{EDGE}" y="{top:.0f}" width="{size[0]:.0f}" height="{size[1]:.0f}"'
    drawn = re.sub(r' width="\d+" height="\d+"', f" {place}", still.svg, count=1)
    heads = "".join(
        f'<text x="{EDGE}" y="{EDGE + TITLE * (0.9 + 1.2 * n):.0f}" font-size="{TITLE}" '
        f'font-weight="bold" fill="var(--ink)">{escape(line)}</text>'
        for n, line in enumerate(lines)
    )
    foot = (
        f'<text x="{WIDTH - EDGE}" y="{HEIGHT - EDGE / 2:.0f}" font-size="{FOOT}" '
        f'text-anchor="end" fill="var(--quiet)">{escape(book)}</text>'
    )
    whole = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="{escape(FONT)}" font-size="12">'
        f'<rect width="100%" height="100%" fill="var(--paper)"/>{heads}{drawn}{foot}</svg>'
    )
    return re.sub(r"var\(--([\w-]+)\)", lambda m: colour(m[1]), whole)


def sheet() -> str:
    """The style sheet of embedded charts."""
    names = ("page", "text", "figure", "explorer", "embed")
    return palette.rules() + "".join((style.STYLES / f"{n}.css").read_text("utf-8") for n in names)
