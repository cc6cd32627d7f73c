"""Han characters carry their language, so that a voice and a font for it are chosen (WCAG 3.1.2).

Pages are written in the book's language; what is quoted in Han characters is marked, in prose,
tables and receipts alike, once the page is HTML.
"""

from __future__ import annotations

import re

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
KANA = re.compile("[\u3041-\u30ff]")
# from one Han character or kana to the last that only digits, marks and blanks part from it
RUN = re.compile(
    f"[{HAN}\u3041-\u30ff](?:[^<>&A-Za-z]{{0,12}}?[{HAN}\u3041-\u30ff])*[\u3001\u3002\uff01-\uff1f\u300b]*"
)
# an element in which no other may stand, a comment, a tag, or the text between tags
PARTS = re.compile(
    r"(?P<whole><(?P<name>script|style|option|title|textarea)\b(?P<rest>[^>]*)>(?P<text>.*?)</(?P=name)>)"
    r"|<!--.*?-->|<(?P<tag>/?\w+)[^>]*>|[^<]+",
    re.S | re.I,
)
LANG = re.compile(r"\blang=")
# a tag whose text is marked already
SAID = re.compile(r"""\blang=["'](?:zh|ja|ko)\b""")


def language(text: str) -> str:
    """The language of a run: Japanese where kana stand in it.

    >>> language("人工智能"), language("インターネット利用")
    ('zh', 'ja')
    """
    return "ja" if KANA.search(text) else "zh"


def marked(html: str) -> str:
    """A piece of HTML with the language of each run of Han characters; the text stays as it is.

    >>> marked("<p>It is 人工智能, AI.</p>")
    '<p>It is <span lang="zh">人工智能</span>, AI.</p>'
    >>> marked(marked("<p>It is 人工智能, AI.</p>"))  # a card that stands in a page
    '<p>It is <span lang="zh">人工智能</span>, AI.</p>'
    >>> marked('<svg><text>6.02亿</text></svg><option>北京</option>')
    '<svg><text>6.02<tspan lang="zh">亿</tspan></text></svg><option lang="zh">北京</option>'
    """
    if not RUN.search(html):
        return html
    depth, said = 0, False

    def part(match: re.Match) -> str:
        nonlocal depth, said
        if name := match["name"]:
            mute = name.lower() in ("script", "style") or LANG.search(match["rest"])
            if mute or not (run := RUN.search(match["text"])):
                return match[0]
            head = f"<{name}{match['rest']}"
            return f'{head} lang="{language(run[0])}">{match[0][len(head) + 1 :]}'
        if tag := match["tag"]:
            if tag.lower() in ("svg", "/svg"):
                depth += -1 if tag[0] == "/" else 1
            said = bool(SAID.search(match[0]))
            return match[0]
        if match[0].startswith("<") or said:
            return match[0]
        inner = "tspan" if depth else "span"
        return RUN.sub(lambda m: f'<{inner} lang="{language(m[0])}">{m[0]}</{inner}>', match[0])

    return PARTS.sub(part, html)
