"""What of a piece of Markdown is text that a reader reads, and which numbers stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

from receiptbook.numbers import HAN, WORDS, declared_words
from receiptbook.numbers.printed import HAN_CHARACTER
from receiptbook.receipts.collect import LINK

#: Stands in a run of text for what is no prose: a link to a receipt, code, a formula, a picture.
GAP = "\u2003"

_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
)
_YEAR = r"(?:19|20)\d\d"


@lru_cache(maxsize=4)
def _dates(counted: tuple[str, ...]) -> re.Pattern:
    """Dates in prose; a year before a word for what the book counts is a number."""
    things = "|".join(
        ("million", "billion", "percent", r"per\s+cent", "%", *map(re.escape, counted))
    )
    return re.compile(
        rf"""\b{_YEAR}-\d\d(?:-\d\d)?\b
        | (?<!\d)(?:{_YEAR}年(?:\d{{1,2}}月)?(?:\d{{1,2}}日)?|\d{{1,2}}月(?:\d{{1,2}}日)?)
        | \b\d{{1,2}}(?:\s*(?:to|and|–|-)\s*\d{{1,2}})?\s+(?:{_MONTHS})\b(?:\s+{_YEAR})?
        | \b(?:{_MONTHS})\s+\d{{1,2}}(?:,\s*{_YEAR})?\b(?!\s*(?:million|billion|percent|%))
        | \b{_YEAR}s?\b(?![,.]?\d|\s*(?:{things}))
        | \b(?:first|second|last)\s+(?:half|quarter|third)\b | \bhalf-years?\b | \bhalf\s+a\s+year\b
        | \b(?:third|fourth)\s+quarter\b | \bquarter\s+of\s+{_YEAR}\b""",
        re.X,
    )


def without_dates(text: str) -> str:
    """A text with its dates blanked out."""
    return _dates(tuple(declared_words())).sub(GAP, text)


_NAMES = re.compile(
    r"""[A-Za-zÀ-ÿ]+[-.]?\d[\w.]*(?:-[\w.]+)*        # V3, Q1, A4, o4-mini
    | \b\d+(?:st|nd|rd|th)\b                       # the 57th report
    | \bNo\.\s*\d+
    | 第[\d一二三四五六七八九十百]+                   # 第57次
    """,
    re.X,
)
_BIG = r"hundreds?|thousands?|millions?|billions?|trillions?|dozens?|halves|thirds|quarters|fifths|tenths"
_COUNT = "|".join(sorted((w for w in WORDS if w not in ("zero", "one")), key=len, reverse=True))
_HAN_DIGIT = "[二三四五六七八九两兩百千万萬亿億]"
# 四分之三, 三成, 十三项; 一 alone is an article, and 四舍五入 or 三番五次 count nothing
_HAN_COUNT = (
    rf"[{HAN}]+分之[{HAN}]+ | (?:{_HAN_DIGIT}|十)[{HAN}]*"
    r"(?:成(?![为立功员本])|倍|个|個|项|項|条|條|篇|次|种|種|家|户|人(?![口工])|件|名|天|款|类|類|分钟|小时)"
    r" | 翻[了一两兩]*番 | 一倍 | 一半 | 半数"
)
NUMERAL = re.compile(
    rf"""(?P<digits>[-−–]?(?:\d[\d,.  ]*\d|\d)(?:\s*(?:%|percentage\ points?|percent|per\ cent|points?
        |million|billion|trillion|thousand|mn|bn|[万亿萬億]))*)
    | (?P<han>{_HAN_COUNT})
    | (?P<words>\b(?:{_COUNT}|one(?=\s+(?:{_BIG}|percent|in|third|half|quarter|tenth)\b))
        (?:[\s-]+(?:and\s+)?(?:{_COUNT}|one|{_BIG}|percent|per\ cent))*\b
    | \b(?:a|an|the|one)\s+(?:third|quarter|tenth|fifth)\s+of\b
    | \b(?:an?|one)\s+(?:fifth|sixth|seventh|eighth|ninth|tenth|twentieth)\b | \bhalf\b | \b(?:{_BIG})\b
    )""",
    re.X | re.I,
)
_SENTENCE_END = re.compile(
    r"(?:(?<=[.!?;])|(?<=[.!?;][”’)*]))\s+|(?<=[。！？；])"
    r"|\n\s*\n|\n(?=[-*|#] ?)"  # of a paragraph, a list or a row, where it is written in Markdown
)
_MARKDOWN = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin).use(myst_role_plugin)
_DIRECTIVE = re.compile(r"^(`{3,}|~{3,}|:{3,})\{([\w:-]+)\}[^\n]*\n(.*?)^\1\s*$", re.M | re.S)
_PROSE_DIRECTIVES = {
    "note", "admonition", "tip", "important", "warning", "caution", "seealso", "hint", "attention",
    "again", "epigraph", "figure", "margin", "sidebar", "dropdown", "glossary", "list-table", "table",
}  # fmt: skip


def unlinked(markdown: str, exempt: Iterable[str] = ()) -> list[str]:
    """Numbers in a piece of Markdown that are no link, no date and no name, in order."""
    found: list[str] = []
    for text in texts(markdown):
        text = _NAMES.sub(GAP, without_dates(without(exempt, text)))
        found += [match[0].strip() for match in NUMERAL.finditer(text)]
    return found


def without(phrases: Iterable[str], text: str) -> str:
    """A text with some phrases blanked out, whatever their capitals."""
    for phrase in phrases:
        text = whole(phrase).sub(lambda match: GAP * len(match[0]), text)
    return text


def whole(phrase: str) -> re.Pattern:
    """A pattern for a phrase that begins and ends with a word; Han characters part no words."""
    letter = r"[A-Za-z0-9]" if HAN_CHARACTER.search(phrase) else r"\w"
    return re.compile(rf"(?<!{letter}){re.escape(phrase)}(?!{letter})", re.I)


def sentences(text: str) -> list[str]:
    """The sentences of a text, or of Markdown as it is written; a semicolon ends one, too.

    >>> sentences("It rains; it “pours.” Then it stops.")
    ['It rains;', 'it “pours.”', 'Then it stops.']
    """
    return _SENTENCE_END.split(text)


def sentence_around(markdown: str, place: int) -> str:
    """The sentence that a place in a piece of Markdown falls into, as it reads: without its links."""
    ends = [end.span() for end in _SENTENCE_END.finditer(markdown)]
    begin = max((after for _, after in ends if after <= place), default=0)
    end = min((before for before, _ in ends if before > place), default=len(markdown))
    return " ".join(LINK.sub(lambda link: link["text"], markdown[begin:end]).split())


def texts(markdown: str) -> Iterator[str]:
    """Runs of text outside links, code, mathematics and comments."""
    for _, children in _inlines(markdown):
        yield _run(children, lambda target: GAP)


def runs(markdown: str) -> Iterator[tuple[str, str]]:
    """Each heading ("h1" to "h6"), paragraph ("p") or cell of a table with its text.

    A link to a receipt stands in the text as ⟦id⟧ in place of its words; of any other link its words
    stand there.

    >>> list(runs("# Rain\\n\\nIt [fell](ledger.md#rain) in [June](june.md)."))
    [('h1', 'Rain'), ('p', 'It ⟦rain⟧ in June.')]
    """
    for tag, children in _inlines(markdown):
        yield tag, _run(children, _marked)


def told(markdown: str) -> Iterator[tuple[str, str]]:
    """Each heading, paragraph or cell of a table with its text as a reader reads it, links included.

    >>> list(told("It [fell](ledger.md#rain) in *June*."))
    [('p', 'It fell in June.')]
    """
    for tag, children in _inlines(markdown):
        yield tag, _run(children, lambda target: None)


def _marked(target: str) -> str | None:
    link = LINK.fullmatch(f"[x]({target})")
    return f"⟦{link['id']}⟧" if link else None


@lru_cache(maxsize=256)  # a page is read for its numbers, its sentences and its manner
def _inlines(markdown: str) -> list[tuple[str, list]]:
    """Each heading, paragraph or cell by its tag, with the tokens in it."""
    tag, found = "p", []
    for token in _MARKDOWN.parse(_unwrapped(markdown)):
        if token.type == "inline":
            found.append((tag, token.children or []))
        elif token.nesting == 1:
            tag = token.tag
    return found


def _run(children: list, stand_in) -> str:
    """One text; `stand_in` gives what stands for a link, or None for the link's own words."""
    hidden, run = False, ""
    for child in children:
        if child.type == "link_open":
            mark = stand_in(child.attrGet("href"))
            hidden = mark is not None
            run += mark or ""
        elif child.type == "link_close":
            run += GAP if hidden and run.endswith(GAP) else ""
            hidden = False
        elif child.type == "text":
            run += "" if hidden else child.content
        elif child.type in ("softbreak", "hardbreak"):
            run += " "
        elif child.type == "image":
            run += f" {child.content} "
        elif child.type not in ("em_open", "em_close", "strong_open", "strong_close"):
            run += GAP
    return run


def _unwrapped(markdown: str) -> str:
    """The text with front matter and directives' frames removed, so that what they hold is read."""
    markdown = re.sub(r"\A---\n.*?\n---\n", "", markdown, flags=re.S)
    markdown = re.sub(r"^%.*$|^\([\w-]+\)=$", "", markdown, flags=re.M)

    def inside(match: re.Match) -> str:
        if match[2] not in _PROSE_DIRECTIVES:
            return "\n"
        title = match[0].split("\n", 1)[0].partition("}")[2]
        body = re.sub(r"^:[\w-]+:.*$", "", match[3], flags=re.M)
        return f"\n{title}\n\n{_unwrapped(body)}\n"

    return _DIRECTIVE.sub(inside, markdown)
