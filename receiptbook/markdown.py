"""Markdown as HTML, as the words a reader hears, and without its links."""

from __future__ import annotations

import re
from functools import lru_cache

from markdown_it import MarkdownIt

_LINK = re.compile(r"\[([^\[\]]+)\]\([^()\s]+\)")
_TO_A_PAGE = re.compile(r"\]\((?!\w+:)(?:\./)?([\w./-]+?)\.(?:ipynb|md)(#[\w-]*)?\)")


@lru_cache(maxsize=1)
def _renderer() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


def block(text: str) -> str:
    """Paragraphs, lists and tables as HTML.

    >>> block("It *grew*.")
    '<p>It <em>grew</em>.</p>'
    """
    return _renderer().render(text).strip()


def inline(text: str) -> str:
    """One line as HTML, without a paragraph around it.

    >>> inline("It *grew*.")
    'It <em>grew</em>.'
    """
    return _renderer().renderInline(text)


def words(text: str) -> str:
    """What a reader without HTML sees of one line: no marks, no targets of links.

    >>> words("**About** [602 million](ledger.md#users) & more")
    'About 602 million & more'
    """
    return "".join(
        token.content if token.type in ("text", "code_inline") else " "
        for token in _renderer().parseInline(text)[0].children
        if token.type in ("text", "code_inline", "softbreak", "hardbreak")
    )


def without_links(text: str) -> str:
    """Markdown in which links are their words, for a file that may not have their targets beside it.

    >>> without_links("**About** [602 million](ledger.md#users)")
    '**About** 602 million'
    """
    return _LINK.sub(r"\1", text)


def into_site(text: str) -> str:
    """Markdown in which links to pages lead into the built site that lies beside the file.

    >>> into_site("See [the ledger](ledger.md#users).")
    'See [the ledger](../site/chapters/ledger.html#users).'
    """
    return _TO_A_PAGE.sub(r"](../site/chapters/\1.html\2)", text)


def escaped(text: str) -> str:
    r"""Plain text as Markdown that says the same, also where dollars mean mathematics.

    >>> print(escaped("5 * $2"))
    5 \* \$2
    """
    return re.sub(r"([\\`*_\[\]$<>])", r"\\\1", text)
