"""The ledger: every claim of the texts under test, then every other receipt, each with its own address.

`write` makes `chapters/ledger.md` from the receipts stored in the chapters. It is no notebook: a thousand
cells are drawn one by one, and the first click on a number would find its row not yet there.
"""

from __future__ import annotations

import calendar
import re
from collections import Counter
from functools import lru_cache
from pathlib import Path

from receiptbook.book import Book
from receiptbook.book.notebooks import read_text, replace_text
from receiptbook.receipts import claims
from receiptbook.receipts.collect import linkable
from receiptbook.receipts.facts import WORKING, Receipt
from receiptbook.receipts.verdicts import VERDICTS, Verdict
from receiptbook.tables import data

FINDINGS = ("comparison", "absence")  # kinds of receipts that rest on no number of their own

_INTRO = """# The ledger

Every statement of the {texts.all}, and every number this book prints, with the way it was \
checked and the verdict it got. The claims of the {texts.called} come first; then what the \
chapters compute; then published figures that the book quotes.

{example}Beside each formula stand its inputs as they were printed.

What the verdicts mean:

"""


def entries(book: Book | None = None) -> list[dict]:
    """All entries of the ledger as receipts in JSON, claims first.

    Each has, besides the receipt's own fields, `group` ("claim", "chapter" or "quoted"), `part` for
    claims, and `where`, the chapter that decides or first quotes it (None while open).
    """
    book = book or Book.here()
    tables = data.load(book.data)
    known, seeds = linkable(book.written_pages(), tables), claims.claims(tables)
    first = [{**known[id], "group": "claim", "part": claim.part} for id, claim in seeds.items()]
    rest = [one for id, one in known.items() if id not in seeds]
    quotable = {*tables.ids, *claims.texts(tables)}
    quoted = [
        one for one in rest if one["kind"] in ("published", "assumed") and one["id"] in quotable
    ]
    findings = {kind: [one for one in rest if one["kind"] == kind] for kind in FINDINGS}
    computed = [one for one in rest if one not in quoted and one["kind"] not in FINDINGS]
    rows = (
        first
        + [{**one, "group": "chapter", "part": None} for one in computed]
        + [{**one, "group": "quoted", "part": None} for one in quoted]
        + [{**one, "group": kind, "part": None} for kind in FINDINGS for one in findings[kind]]
    )
    return [_without_working(one) for one in rows]


def _without_working(one: dict) -> dict:
    """An entry as the ledger stores it: how to work it out anew stands in its chapter."""
    grounds = [{k: v for k, v in ground.items() if k != "test"} for ground in one["grounds"]]
    return {k: v for k, v in one.items() if k not in WORKING} | {"grounds": grounds}


@lru_cache(maxsize=2)
def listed(path: Path) -> frozenset[str]:
    """Ids of the entries of a stored ledger, which a link can lead to."""
    text = read_text(path) if path.exists() else ""
    return frozenset(re.findall(r"^### (\S+)$", text, re.M))


def write(book: Book | None = None) -> bool:
    """Write ledger.md; True if the file changed."""
    book = book or Book.here()
    return replace_text(book.ledger, page(book))


def page(book: Book) -> str:
    """The ledger as Markdown, one section for each entry."""
    all_entries, tables = entries(book), data.load(book.data)
    meanings = "\n".join(
        f"- {row.mark} **{v}**: {row.meaning}"
        for v, row in VERDICTS.items()
        if v != "open" or any(one["verdict"] == "open" for one in all_entries)
    )
    texts = claims.tested_texts(tables)
    intro = _INTRO.format(texts=texts, example=_example(all_entries))
    parts = [intro + meanings, _counts(all_entries, texts)]
    titles = {
        "claim": f"Claims of the {texts.called}",
        "chapter": "What the chapters compute",
        "quoted": "Published figures that the book quotes",
        "comparison": "Comparisons in words",
        "absence": "Looked for and not found",
    }
    for group, title in titles.items():
        some = [_entry(one, tables.sources, texts) for one in all_entries if one["group"] == group]
        parts += [f"## {title}", *some] if some else []
    return "\n\n".join(parts) + "\n"


def _counts(entries: list[dict], texts: claims.Texts) -> str:
    """How many of the claims got each verdict, as a table."""
    counts = Counter(one["verdict"] for one in entries if one["group"] == "claim")
    rows = "".join(
        f"<tr><th scope='row'>{VERDICTS[v].mark} {v}</th><td>{counts[v]}</td></tr>"
        for v in map(str, Verdict)
        if counts[v]
    )
    return (
        f"<table><caption>Claims of the {texts.called} by verdict</caption>"
        "<thead><tr><th>Verdict</th><th>Claims</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _example(entries: list[dict]) -> str:
    """How to read a formula, by the figure of a month that most of them hold."""
    labels = Counter(given["label"] for one in entries for given in one["inputs"])
    read = (re.fullmatch(r"(.+)\((\d{4})-(\d\d)\)", label) for label, _ in labels.most_common())
    found = next(filter(None, read), None)
    if not found:
        return ""
    month = f"{calendar.month_name[int(found[3])]} {found[2]}"
    return (
        f"In the formulas, `{found[0]}` is the figure that the series `{found[1]}` has for {month}; "
        "a name with no month is a single figure. "
    )


def _entry(one: dict, sources: dict[str, data.Source], texts: claims.Texts) -> str:
    """One entry in Markdown: heading (its address), verdict, and how it was reached."""
    receipt = Receipt.from_json(one)
    told = {name: (fact.label, fact.text) for name, fact in receipt.facts().items()}
    if receipt.formula:
        told["formula"] = ("Formula", f"`{receipt.formula}`")
    if receipt.because:
        told["because"] = ("Rests on", ", ".join(f"`{id}`" for id in receipt.because))
    if receipt.seeds:
        told["seeds"] = (f"In the {texts.called}", ", ".join(map(texts.place, receipt.seeds)))
    if receipt.sources:
        cited = (sources[id].citation for id in receipt.sources if id in sources)
        told["sources"] = ("Sources", "; ".join(cited))
    if receipt.where:
        page = receipt.where.rpartition(".")[0]
        told["where"] = ("Chapter", f"[{page}]({receipt.where})")
    mark = VERDICTS[receipt.verdict].mark
    head = f"{mark} **{receipt.verdict.capitalize()}.** {receipt.statement}."
    rows = [f"- {label}: {text}" for label, text in told.values() if text]
    return "\n".join([f"### {receipt.id}", "", head, "", *rows])
