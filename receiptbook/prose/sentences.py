"""Sentences without a number that can still be wrong: trends, comparisons, and what was not found.

In the places that sum up (a chapter's findings, its section *What to remember*, titles and alternative
texts of charts) a comparative or a trend stands in a link, or directly beside the number that bears it.
Anywhere, a statement that something was not found links to what was looked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

from receiptbook.book.outline import LEARN, SUMS_UP
from receiptbook.prose.faults import Fault
from receiptbook.prose.text import runs, sentences, without
from receiptbook.receipts.collect import Place
from receiptbook.receipts.verdicts import Verdict

_VERBS = (
    r"slow(?:s|ed|ing|er|est)?|sped(?: up)?|speed(?:s|ed)? up|accelerat(?:e|es|ed|ing)"
    r"|rise[ns]?|rose|rising|f[ae]ll(?:s|en)?|falling|gr[eo]w(?:s|n)?|growing|shr[aiu]nk(?:s|en|ing)?"
    r"|declin(?:e|es|ed|ing)|increas(?:e|es|ed|ing)|decreas(?:e|es|ed|ing)|dropped|dropping"
    r"|climb(?:s|ed|ing)|doubl(?:e|es|ed|ing)|trebled|tripl(?:e|es|ed|ing)|quadrupled|halv(?:es|ed|ing)"
    r"|twice"
    r"|out(?:grew|grown|ran|run|pace[sd]?|number(?:s|ed)?)|overt(?:ake[ns]?|ook)|widen(?:s|ed|ing)"
    r"|narrow(?:s|ed|ing)|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?|flattened|levelled off"
)
_COMPARED = (
    r"more|most|fewer|fewest|less|least|larger|largest|bigger|biggest|smaller|smallest|higher|highest"
    r"|lower|lowest|greater|greatest|faster|fastest|steeper|steepest|ahead|behind|above|below"
    r"|majority|minority|hardly any|nearly all|none of them|all of them"
)
_TREND = re.compile(rf"\b(?:(?:more|less) than )?(?:{_VERBS}|{_COMPARED})\b", re.I)
# "more than ⟦a⟧", "rose by ⟦a⟧", "from ⟦a⟧ to ⟦b⟧", "⟦a⟧ more": the number bears the word
_BETWEEN = (
    "by|to|than|from|of|at|as|only|about|some|over|not|even|or|the|a|an|its|their|in|for|every|each|years?"
    "|times|half|almost|nearly"
)
_TO_NUMBER = re.compile(rf"^(?: again| further| too)?(?:,? (?:{_BETWEEN}))* ?(?:[“‘(*]*)⟦")
_FROM_NUMBER = re.compile(r"⟧(?:[”’)*]*)(?: times)?(?: as)? $")
_IDIOMS = re.compile(
    r"\b(?:more or less|once more|no more|the more|any ?more|one more|what is more"
    r"|at (?:the )?(?:most|least)|most of|see (?:above|below)|more coarsely|more finely"
    r"|(?:lower|upper|higher) (?:ends?|bounds?|levels?|limits?|lines?|edge|panel|half|row|chart)"
    r"|(?:chart|table|picture|figure|explorer|ruled)s? (?:above|below))\b|“[^”]*”|⟦[^⟧]*(?=⟧)",
    re.I,
)

_LOOKED = r"found|printed|published|given|measured|named|known|read|seen"
_SAYS = (
    r"prints?|says?|shows?|gives?|names?|tells?|publish(?:es)?|asks?|asked|printed|said|showed|gave"
)
_WAS = r"was|were|is|are|has\s+been|(?<!would\ )have\s+been"
_NEGATIVE = re.compile(
    rf"""\b(?:(?:\w+\s+)?not\s+(?:been\s+|be\s+)?found
    | none\b[^.;:]{{0,60}}?\b(?:was|were|is|are|has\s+been)\s+(?:found|printed|published)
    | (?:nothing(?!\s+but)|no\s+[^.;:,]{{1,80}}?)\s*\b(?:{_WAS})\s+(?:\w+\s+)?(?:{_LOOKED})\b
    | no\s+(?:\w+\s+){{0,3}}?(?:printed|published|official)\s+\w+
    | nothing\s+(?!but)(?:\w+\s+){{0,3}}?(?:printed|published)
    | no\s+(?:source|text|page|report|publisher|survey|study|figure)s?\s+
      (?:that\s+[^.;:,]{{1,60}}?\s+)?(?:\w+\s+)?(?:{_SAYS})\b
    | nobody\s+(?:\w+\s+)?(?:{_SAYS}|published|knows?|counts?|counted|measures?|measured)\b
    | (?:stands?|is|are)\s+in\s+no\s+(?:text|source|page)
    | nor\s+was\s+[^.;:]{{1,60}}?\s+found)
    | (?:没有|沒有|未)能?(?:找到|查到|公布)|查不到|找不到""",
    re.X | re.I,
)
_UP = re.compile(
    r"\b(?:ris|rose|gr[eo]w(?!th)|climb|increas|widen|more|most|larg|bigg|high|great|fast|steep|ahead|above"
    r"|exceed|surpass|out(?:gr|ran|run|pac|num)|sped|accelerat)\w*",
    re.I,
)
_DOWN = re.compile(
    r"\b(?:f[ae]ll|declin|drop|shr|decreas|narrow|few|less|least|small|lower|lowest|slow|behind|below)\w*",
    re.I,
)
_ROSE = re.compile(
    r"\b(?:ris(?:es|en|ing)|rose|gr[eo]w(?:s|n|ing)?|climb|increas|widen)\w*"
    r"|增加|上升|提高|增长(?!放缓)",
    re.I,
)
_FELL = re.compile(
    r"\b(?:fell|fall(?:s|en|ing)|declin|dropp|shr[aiu]nk|decreas|narrow)\w*|减少|下降|降低", re.I
)
_SPAN = re.compile(r"[^⟦]*\bfrom ⟦([\w-]+)⟧[^⟦.;]*\bto ⟦([\w-]+)⟧")
_CHANGE = re.compile(r"[^⟦]*\bby (?:\w+ )?⟦([\w-]+)⟧")
_VERDICT = re.compile(
    rf"\b(?:sentence|verdict|claim|statement|phrase)s? (?:is|are) (?:{'|'.join(Verdict)})\b", re.I
)
_RECEIPT = re.compile(r"⟦([\w-]+)⟧")


def unborne(sentence: str, known: Mapping[str, Mapping] = MappingProxyType({})) -> list[str]:
    """Comparatives and trends in a sentence of a run (see `runs`) that neither link nor have a number.

    What stands before a link to a verdict on words is what the verdict is on.

    >>> unborne("The count rose by ⟦gain⟧, and growth slowed.")
    ['slowed']
    """
    found = []
    plain = _IDIOMS.sub(lambda match: "_" * len(match[0]), sentence)
    plain = re.sub(r"_+(?=⟧)", lambda match: "⟦" + match[0][1:], plain)
    ruled = max((one.end() for one in _RECEIPT.finditer(sentence)
                 if known.get(one[1], {}).get("kind") == "worded"), default=0)  # fmt: skip
    for match in _TREND.finditer(plain):
        before, after = plain[: match.start()], plain[match.end() :]
        borne = _TO_NUMBER.match(after) or _FROM_NUMBER.search(before)
        wrong = borne and _wrong_way(match[0], sentence[match.end() :], known)
        if wrong or (match.end() > ruled and not borne):
            found.append(match[0])
    return found


def direction(words: str) -> int:
    """Which way words compare: 1 for a rise or a lead, -1 for a fall, 0 for neither or both.

    >>> direction("are fetched more"), direction("growth slowed"), direction("the count")
    (1, -1, 0)
    """
    return bool(_UP.search(words)) - bool(_DOWN.search(words))


def trend(words: str) -> int:
    """1 for words of something that rose, -1 for one that fell, 0 for neither or both.

    Unlike `direction` it leaves comparatives out: "the first is ahead" and "the second is behind" agree.

    >>> trend("fell back"), trend("在增加"), trend("less time")
    (-1, 1, 0)
    """
    return bool(_ROSE.search(words)) - bool(_FELL.search(words))


def _wrong_way(word: str, after: str, known: Mapping[str, Mapping]) -> bool:
    """Does a rise or a fall go against the number behind it, or against the two it runs between?"""
    up = direction(word)
    span, change = _SPAN.match(after), _CHANGE.match(after)
    ids = span.groups() if span else change.groups() if change else ()
    values = [known.get(id, {}).get("value") for id in ids]
    if not up or not values or None in values:
        return False
    if not span and known[ids[0]]["kind"] == "published":
        return False  # printed as a fall by so much
    return up * (values[1] - values[0] if span else values[0]) < 0


def unsearched(sentence: str, known: Mapping[str, Mapping]) -> list[str]:
    """Words of a sentence that say that something was not found; none if it links to what was sought.

    >>> known = {"absent-share": {"kind": "absence"}}
    >>> unsearched("No rate was found.", known), unsearched("No share was found: ⟦absent-share⟧.", known)
    (['No rate was found'], [])
    """
    kinds = {known.get(one[1], {}).get("kind") for one in _RECEIPT.finditer(sentence)}
    if kinds & {"absence", "comparison", "worded"}:
        return []
    return [" ".join(one[0].split()) for one in _NEGATIVE.finditer(sentence)]


def unlinked_verdicts(markdown: str) -> list[str]:
    """Words that give a sentence its verdict and do not link to it.

    >>> unlinked_verdicts("The verdict is partly. So the claim is [stated](ledger.md#claim).")
    ['verdict is partly']
    """
    return [match[0] for match in _VERDICT.finditer(markdown)]


def summaries(held: Iterable[tuple[Place, str]]) -> Iterator[tuple[Place, str]]:
    """Of the pieces of a page the runs of text that sum it up, each with its place."""
    within = 0  # the level of the heading that sums up, where the text is under one
    lede = False  # between the title and the line that says what one learns
    for place, markdown in held:
        if place.part:
            if place.kind == "chart" and place.part in ("title", "alt"):
                yield from ((place, text) for _, text in runs(markdown))
            continue
        for tag, text in runs(markdown):
            if tag[0] == "h" and tag[1:].isdigit():
                lede = tag == "h1" and LEARN in markdown
                if text.strip() in SUMS_UP:
                    within = int(tag[1])
                elif int(tag[1]) <= within:
                    within = 0
            elif LEARN in text:
                lede = False
            elif within or lede:
                yield place, text


def faults(
    held: Iterable[tuple[Place, str]],
    known: Mapping[str, Mapping],
    phrases: Callable[[str], Iterable[str]] = lambda file: (),
) -> Iterator[Fault]:
    """All sentences of a page that could be wrong and lead nowhere.

    held : the pieces of the page
    phrases : those that a file may hold without a link
    """
    held = list(held)

    def said(texts: Iterable[tuple[Place, str]]) -> Iterator[tuple[Place, str]]:
        for place, text in texts:
            for sentence in sentences(without(phrases(place.file), text)):
                yield place, sentence

    for place, sentence in said(summaries(held)):
        for word in unborne(sentence, known):
            yield Fault(
                place, word, "it in a link, or directly beside its number",
                "Link it to a row of the comparisons or to a receipt, or list the phrase in "
                "exemptions.csv with its reason.", _shown(sentence),
            )  # fmt: skip
    for place, sentence in said(
        (place, text) for place, markdown in held for _, text in runs(markdown)
    ):
        for words in unsearched(sentence, known):
            yield Fault(
                place, words, "a link to what was looked for",
                "Link it to a row of the absences, a comparison or a verdict, or list the phrase in "
                "exemptions.csv with its reason.", _shown(sentence),
            )  # fmt: skip


def _shown(sentence: str) -> str:
    """A sentence of a run with the ids of its links in brackets."""
    return re.sub(r"⟦([^⟧]*)⟧", r"(\1)", " ".join(sentence.split()))
