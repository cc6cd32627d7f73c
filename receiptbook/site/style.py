"""The style sheet, whole in each page, so that the first paint waits for no other file; the policy."""

from __future__ import annotations

import base64
import functools
import hashlib
import re
from pathlib import Path

from receiptbook.site import palette

STYLES = Path(__file__).parent / "styles"
#: in the order of the cascade
FILES = (
    "page",
    "text",
    "figure",
    "receipt",
    "ledger",
    "cover",
    "explorer",
    "questions",
    "sorting",
    "guess",
    "otherwise",
    "print",
    "class",
)
#: sheets that only some pages carry, each with the classes that it is for
OF_SOME = {
    "ledger": ("ledger",),
    "cover": ("cover", "board", "score", "choices", "retold"),
    "sorting": ("sorting", "claims"),
    "guess": ("guess",),
}
POLICY = (
    "default-src 'none'; script-src 'self'{script}; style-src 'self'{style}; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'"
)


#: of a page that loads nothing
NOTHING = "default-src 'none'; form-action 'none'; base-uri 'none'"


@functools.cache
def style_sheet(left_out: frozenset[str] = frozenset()) -> str:
    """The palette's variables and the files of styles/, without comments and indentation.

    >>> style_sheet().startswith(":root"), ".guess {" in style_sheet(frozenset({"guess"}))
    (True, False)
    """
    texts = ((STYLES / f"{name}.css").read_text("utf-8") for name in FILES if name not in left_out)
    return re.sub(r"(?:/\*.*?\*/|\s)+", " ", palette.rules() + "".join(texts), flags=re.S)


def unused(page: str) -> frozenset[str]:
    """The sheets of `OF_SOME` that a page, given as HTML, has nothing for.

    >>> sorted(unused('<ul class="choices wide"><li>guess</li></ul>'))
    ['guess', 'ledger', 'sorting']
    """
    classes = {name for found in re.findall(r'class="([^"]*)"', page) for name in found.split()}
    return frozenset(sheet for sheet, of in OF_SOME.items() if classes.isdisjoint(of))


def policy(style: str = "", script: str = "") -> str:
    """The Content-Security-Policy of a page that carries these two texts, and no others, inline.

    >>> "script-src 'self';" in policy(), "script-src 'self' 'sha256-" in policy(script="a()")
    (True, True)
    """
    return POLICY.format(script=_allowed(script), style=_allowed(style))


def _allowed(text: str) -> str:
    return f" '{hashed(text.encode())}'" if text else ""


def hashed(content: bytes) -> str:
    """The hash of an inline text or a file as a browser checks it.

    >>> hashed(b"a()")
    'sha256-qVpDBgj7bpq5hMAcGp3AOc79J3Y1Z4HvySTwKrWDoy4='
    """
    return f"sha256-{base64.b64encode(hashlib.sha256(content).digest()).decode()}"
