"""The style sheets: a page carries the parts it uses, so its first paint waits for no other file.

With `inline: false` all parts stand in one file beside the pages instead.
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
PARTS = {  # part -> signs of its use in a page, any of them; in the order of the cascade
    "base": "",
    "page": "",
    "code": '<code|<pre|class="cell',
    "figure": "<figure",
    "receipt": 'ledger.html#|class="receipt|class="entry',
    "cover": "",
    "ledger": "",
    "explorer": "data-explorer=",
    "questions": 'class="question"',
    "print": "",
}
ALONE = {"cover", "ledger"}  # only for the page that has their name
POLICY = (
    "default-src 'none'; script-src 'self'{script}; style-src 'self'{style}; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'"
)


def whole() -> str:
    """Every part."""
    return _joined(PARTS) + "\n"


def for_page(body: str, kind: str = "") -> str:
    """What a page needs. body: its markup; kind: "cover", "ledger" or ""."""
    return _joined(used(body, kind))


def used(body: str, kind: str = "") -> list[str]:
    """The parts that a page needs."""
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
