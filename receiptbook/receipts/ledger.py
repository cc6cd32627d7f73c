"""The ledger: every claim of the texts under test, then every other receipt, each with its own address.

`write` makes `chapters/ledger.ipynb` from the receipts stored in the other chapters; the notebook's
only code cell calls `show`, whose output carries all entries as data.
"""

from __future__ import annotations

import calendar
import re
from collections import Counter

from receiptbook.book import Book
from receiptbook.book.notebooks import METADATA, Node, notebook_text, read_notebook, replace_text
from receiptbook.book.outputs import LEDGER
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
    known = linkable((book or Book.here()).written_pages())
    seeds = claims.claims()
    first = [{**known[id], "group": "claim", "part": claim.part} for id, claim in seeds.items()]
    rest = [one for id, one in known.items() if id not in seeds]
    quotable = {*data.load().ids, *claims.texts()}
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


class Ledger:
    """The ledger as a notebook output: data for the site, a short table for Jupyter."""

    def __init__(self, entries: list[dict]):
        self.entries = entries

    def counts(self) -> Counter:
        """How many of the claims got each verdict."""
        return Counter(one["verdict"] for one in self.entries if one["group"] == "claim")

    def __str__(self) -> str:
        counts = self.counts()
        lines = [f"{counts[v]:3d} {v}" for v in map(str, Verdict) if counts[v]]
        return f"{sum(counts.values())} claims\n" + "\n".join(lines)

    def _repr_mimebundle_(self, include=None, exclude=None):
        counts = self.counts()
        rows = "".join(
            f"<tr><th scope='row'>{VERDICTS[v].mark} {v}</th><td>{counts[v]}</td></tr>"
            for v in map(str, Verdict)
            if counts[v]
        )
        head = "<tr><th>Verdict</th><th>Claims</th></tr>"
        return {
            LEDGER: {"entries": self.entries},
            "text/html": f"<table><caption>Claims of the {claims.tested_texts().called} by verdict"
            "</caption>"
            f"<thead>{head}</thead><tbody>{rows}</tbody></table>",
            "text/plain": str(self),
        }


def show(book: Book | None = None) -> Ledger:
    """The ledger of the book as it stands, for the notebook's code cell."""
    return Ledger(entries(book))


def write(book: Book | None = None) -> bool:
    """Write ledger.ipynb; True if the file changed."""
    book = book or Book.here()
    return replace_text(book.ledger, notebook_text(notebook(book)))


def notebook(book: Book) -> Node:
    """The ledger as a notebook, one Markdown cell for each entry.

    Its code cell keeps the output that is stored; executing the notebook renews it.
    """
    from nbformat import v4

    old = read_notebook(book.ledger) if book.ledger.exists() else None
    all_entries = entries(book)
    meanings = "\n".join(
        f"- {row.mark} **{v}**: {row.meaning}"
        for v, row in VERDICTS.items()
        if v != "open" or any(one["verdict"] == "open" for one in all_entries)
    )
    texts = claims.tested_texts()
    intro = _INTRO.format(texts=texts, example=_example(all_entries))
    cells = [
        _markdown("intro", intro + meanings),
        v4.new_code_cell(_SOURCE, id="verdicts", metadata=_FOLDED),
    ]
    titles = {
        "claim": f"Claims of the {texts.called}",
        "chapter": "What the chapters compute",
        "quoted": "Published figures that the book quotes",
        "comparison": "Comparisons in words",
        "absence": "Looked for and not found",
    }
    sources = data.load().sources
    for group, title in titles.items():
        if not any(one["group"] == group for one in all_entries):
            continue
        cells.append(_markdown(f"group-{group}", f"## {title}"))
        for one in all_entries:
            if one["group"] == group:
                cells.append(_markdown(f"entry-{one['id']}", _entry(one, sources, texts)))
    code = next((cell for cell in old.cells if cell.cell_type == "code"), None) if old else None
    if code and code.source == _SOURCE:
        cells[1].update(outputs=code.outputs, execution_count=code.execution_count)
    return v4.new_notebook(cells=cells, metadata=METADATA)


_SOURCE = "from receiptbook.receipts import ledger\n\nledger.show()"
# As receiptbook.refresh stores a cell with hidden code; else every refresh would find it changed.
_FOLDED = {"jupyter": {"source_hidden": True}, "tags": ["hide-input"]}


def _markdown(name: str, text: str) -> Node:
    from nbformat import v4

    return v4.new_markdown_cell(text, id=name[:64])


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
