"""What every PDF has in common: a size that prints on A4 and on Letter, fonts that stay fonts.

A page is as wide as A4 and as high as Letter, so that either paper holds all of it at full size.
"""

from __future__ import annotations

import html
import re
from pathlib import Path

from receiptbook import fonts

WIDTH, HEIGHT = 210.0, 279.4  # mm: the narrower of both widths, the lower of both heights
SMALL = 'font: 7pt/1.3 Arial, "Liberation Sans", "Noto Sans CJK SC", sans-serif'
FEET = f"""@page {{
  @bottom-left {{ content: TITLE; {SMALL}; width: 85% }}
  @bottom-right {{ content: counter(page) " of " counter(pages); {SMALL} }}
}}
"""
#: Fonts are there before the page is laid out; and text with a border around its letters, which a PDF
#: keeps as drawings, gives way to a plain ground for the same text above it.
READY = """async () => {
  await Promise.all([...document.fonts].map((font) => font.load()));
  for (const text of document.querySelectorAll("svg text[stroke]")) {
    const box = text.getBBox(), ground = document.createElementNS(text.namespaceURI, "rect");
    const place = { x: box.x, y: box.y + box.height / 8, width: box.width, height: box.height * 3 / 4,
      fill: text.getAttribute("stroke"), transform: text.getAttribute("transform") ?? "" };
    for (const [name, value] of Object.entries(place)) ground.setAttribute(name, value);
    text.replaceWith(ground);
  }
}"""


def prepared(page: str, *, letters: str = "", feet: bool = True) -> str:
    """A page of HTML with fonts that a PDF embeds, and with its title and a number at each foot.

    Where the page's own style leaves no margin, as on slides, there is no foot.

    letters : text whose glyphs the fonts are to have, so that pages can share one set
    feet : false for a page that has rules of its own for this

    >>> "Rain" in prepared("<head><title>Rain</title></head>").partition("</title>")[2]
    True
    """
    title = html.unescape(re.search(r"<title>(.*?)</title>", page, re.S)[1])
    rules = FEET.replace("TITLE", css_string(title)) if feet else ""
    rules += fonts.rules((letters or page) + title, page + rules)
    return page.replace("</head>", f"<style>{rules}</style></head>", 1)


def css_string(text: str) -> str:
    """Text as a string in a style sheet.

    >>> css_string('Is "rain" wet?')
    '"Is \\\\22 rain\\\\22  wet?"'
    """
    return '"' + re.sub(r'["\\<\n]', lambda mark: f"\\{ord(mark[0]):x} ", text) + '"'


def write(tab, target: Path, *, tighter: float = 1) -> Path:
    """Print the page that a browser's tab shows, prepared, to a file.

    What its style says of the size of paper is kept; else a page is as wide as A4 and as high as Letter.

    tighter : a scale below one, which is taken if it saves a page; what saves one at so little was
        a last page with next to nothing on it
    """
    tab.emulate_media(media="print")
    tab.evaluate(READY)

    def printed(scale: float) -> bytes:
        return tab.pdf(
            width=f"{WIDTH}mm", height=f"{HEIGHT}mm", print_background=True, tagged=True,
            outline=True, scale=scale, prefer_css_page_size=True,
        )  # fmt: skip

    usual = printed(1)
    tight = printed(tighter) if tighter < 1 and _pages(usual) > 1 else usual
    target.write_bytes(tight if _pages(tight) < _pages(usual) else usual)
    return target


def _pages(printed: bytes) -> int:
    """Of how many pages a PDF is, as a browser writes it."""
    return len(re.findall(rb"/Type\s*/Page\b", printed))
