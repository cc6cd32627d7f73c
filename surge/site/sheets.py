"""The style sheets: a page carries the parts that its beginning uses, so its first paint waits for
no other file; the whole follows at its end, from a file that all pages share.

With `inline: false` the file stands in the head instead.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from surge.site import palette

HERE = Path(__file__).parent
LATER = "\0"  # nothing that stands at the beginning of a page
PARTS = {  # part -> signs of its use, any of them; in the order of the cascade
    "base": "",
    "frame": "",
    "unseen": 'class="unseen|<figure',
    "aside": 'class="admonition|<math|<blockquote|<h4|<hr|<dl',
    "table": "<table",
    "search": "",
    "code": '<code|<pre|class="cell_',
    "highlight": LATER,
    "figure": "<figure",
    "ends": LATER,
    "receipt": 'class="receipt|class="entry',
    "popup": LATER,
    "cover": "",
    "ledger": "",
    "explorer": "data-explorer=",
    "questions": 'class="question"',
    "print": LATER,
}
ALONE = {"cover", "ledger", "search"}  # only for the page that has their name
POLICY = (
    "default-src 'none'; script-src 'self'{script}; style-src 'self'{style}; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'"
)
BEGINNING = 5_000  # characters of a page's text that its first screen may show


def whole() -> str:
    """Every part."""
    return _joined(PARTS) + "\n"


def for_page(body: str, kind: str = "") -> str:
    """What a page carries. body: its markup; kind: "cover", "ledger", "search" or ""."""
    return _joined(used(beginning(body), kind))


def beginning(body: str) -> str:
    """A page up to the end of its first picture, or its first few paragraphs if they are longer.

    >>> beginning("<p>a</p><figure><svg></svg>" + "b" * 9000).count("b")
    5000
    >>> len(beginning("a" * 6000 + "<figure></svg><figcaption>"))
    6014
    """
    before, picture, _ = body.partition("<figcaption")
    first = before if picture else ""
    text = re.sub(r"<svg.*?</svg>", "", body, flags=re.S)[:BEGINNING]
    return max(first, text, key=len)


def used(body: str, kind: str = "") -> list[str]:
    """The parts that a piece of a page needs."""
    return [
        part
        for part, signs in PARTS.items()
        if (part == kind if part in ALONE else any(sign in body for sign in signs.split("|")))
    ]


def _joined(parts: Iterable[str]) -> str:
    return palette.rules().replace("\n", "") + "".join(map(_part, parts))


@functools.cache
def _part(name: str) -> str:
    text = re.sub(
        r"/\*.*?\*/", "", (HERE / "styles" / f"{name}.css").read_text("utf-8"), flags=re.S
    )
    return re.sub(r"\s*([{};,>])\s*|(?<=:) ", r"\1", re.sub(r"\s+", " ", text)).strip()


def policy(style: str = "", script: str = "") -> str:
    """The Content-Security-Policy of a page that carries these two texts, and no others, inline."""
    return POLICY.format(script=_allowed(script), style=_allowed(style))


def _allowed(text: str) -> str:
    if not text:
        return ""
    return f" 'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
