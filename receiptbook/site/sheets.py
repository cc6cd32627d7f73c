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

from receiptbook.site import palette

HERE = Path(__file__).parent
LATER, END = "\0", "\f"  # on no first screen; on the first screen of a page that ends there
PARTS = {  # part -> signs of its use, any of them; in the order of the cascade
    "base": "",
    "frame": "",
    "unseen": 'class="unseen|<figure',
    "aside": 'class="admonition|<math|<blockquote|<h4|<hr|<dl',
    "table": "<table",
    "search": "",
    "code": '<code|<pre|class="cell',
    "highlight": LATER,
    "figure": "<figure",
    "ends": END,
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
BEGINNING = 3_200  # characters of markup that a first screen may show
FOLDED = re.compile(r"<svg.*?</svg>|<details.*?</details>", re.S)


def whole() -> str:
    """Every part."""
    return _joined(PARTS) + "\n"


def for_page(body: str, kind: str = "") -> str:
    """What a page carries. body: its markup; kind: "cover", "ledger", "search" or ""."""
    return _joined(used(beginning(body), kind))


def beginning(body: str) -> str:
    """What a first screen may show of a page: all up to the end of the first picture, and the
    first paragraphs, with what is folded left out; with END if that is the whole page.

    >>> beginning("<p>a</p><figure><svg></svg><figcaption>" + "b" * 9000).count("b")
    3172
    >>> beginning("<p>short</p>") == "<p>short</p>" + END
    True
    """
    picture, found, _ = body.partition("<figcaption")
    text = FOLDED.sub("", body)
    first = text[:BEGINNING] if len(text) > BEGINNING else text + END
    return (picture if found else "") + first


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
