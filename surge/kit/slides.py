"""Slides: a file for each part, complete in itself, from the charts stored in its chapters."""

from __future__ import annotations

import html
import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from receiptbook import exercises as classroom
from receiptbook import markdown
from receiptbook.book import Part
from receiptbook.book.notebooks import bundles
from receiptbook.book.outputs import CHART, card_in
from receiptbook.site import picture, sheets
from receiptbook.site.figures import origin
from receiptbook.site.sources import UNNAMED
from receiptbook.tables import data
from surge.outline import plain, read_chapter, said, section, title_of

HERE = Path(__file__).parent


def deck(part: Part) -> str:
    """The slides of a part as one HTML file: findings, charts, what stands, questions, answers."""
    pages = [_slide(f"<h1>{html.escape(part.title)}</h1><p>Past 600 Million</p>", "first")]
    for name in part.chapters:
        if (chapter := read_chapter(name)) is not None:
            pages += _chapter_slides(name, chapter)
    counted = (
        page.replace("</section>", f'<p class="count">{n} / {len(pages)}</p></section>')
        for n, page in enumerate(pages, 1)
    )
    style = (HERE / "slides.css").read_text("utf-8")
    script = (HERE / "slides.js").read_text("utf-8")
    return document(f"{part.title} · Past 600 Million", style, "\n".join(counted), script)


def _chapter_slides(name: str, chapter) -> Iterator[str]:
    page = f'<a href="../site/chapters/{name}.html">Read the chapter</a>'
    finding = _inline(first_sentence(said(chapter, "What this chapter finds")))
    opening = f"<h2>{_inline(title_of(chapter))}</h2><p>{finding}</p><p>{page}</p>"
    yield _slide(opening, "opening", anchor(name))
    for spec in charts(chapter):
        yield _slide(_figure(spec), "figure")
    if stands := section(chapter, "What stands"):
        yield _slide(f"<h2>What stands</h2>{_block(stands)}")
    for one in classroom.load().values():
        if one.chapter == name and one.kind == "question":
            facts = one.to_json()
            choices = "".join(f"<li>{_inline(c)}</li>" for c in one.shuffled)
            ask = f"<h2>Question</h2>{_block(one.prompt)}"
            yield _slide(ask + (f"<ol type='A'>{choices}</ol>" if choices else ""))
            yield _slide(f"<h2>Answer</h2>{_block(classroom.answer_words(facts))}")


def anchor(name: str) -> str:
    """The id of the slide that opens a chapter."""
    return f"chapter-{name}"


def first_sentence(text: str) -> str:
    return re.split(r"(?<=[.!?])\s+(?=[A-Z“‘\[*])", text, maxsplit=1)[0]


def charts(chapter) -> Iterator[dict]:
    """The stored charts of a notebook, in order."""
    for bundle in bundles(chapter.cells):
        if card_in(bundle):
            yield json.loads(json.dumps(bundle[CHART]))


def _figure(spec: dict) -> str:
    card = spec["usermeta"]["receiptbook"]
    with tempfile.TemporaryDirectory(prefix="slide-") as folder:
        drawn = picture.draw(spec, Path(folder), narrow=False).wide.svg
    # charts of one file must not share the ids of their clips
    drawn = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{card['id']}-", drawn)
    sources = data.load().sources
    names = dict.fromkeys(
        name for id in card["sources"] if (name := sources[id].publisher) != UNNAMED
    )
    shown = [html.escape(name) for name in list(names)[:4]]
    shown += ["and others"] if len(names) > 4 else []
    alt = html.escape(plain(card["alt"]), quote=True)
    credit = f"Sources: {', '.join(shown)}." if card["sources"] else origin(card)
    caption = f"{_inline(card['caption'])} <i>{credit}</i>"
    plot = f'<div class="plot still any" role="img" aria-label="{alt}">{drawn}</div>'
    return f'<h2>{_inline(card["title"])}</h2>{plot}<p class="caption">{caption}</p>'


def _slide(body: str, kind: str = "", id: str = "") -> str:
    named = f' id="{id}"' if id else ""
    return f'<section class="slide {kind}"{named} tabindex="-1">{body}</section>'


def _inline(text: str) -> str:
    return _into_site(markdown.inline(text))


def _block(text: str) -> str:
    return _into_site(markdown.block(text))


def _into_site(text: str) -> str:
    """Links to chapters lead into the site that lies beside the slides."""
    return re.sub(
        r'href="(?!\w+:)(?:\./)?([\w./-]+?)\.(?:ipynb|md)(#[\w-]*)?"',
        lambda m: f'href="../site/chapters/{m[1]}.html{m[2] or ""}"',
        text,
    )


def document(title: str, style: str, body: str, script: str = "") -> str:
    """A page that needs no other file."""
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(title)}</title><style>{sheets.whole()}{style}</style></head>
<body><main>{body}</main><script>{script}</script></body></html>
"""
