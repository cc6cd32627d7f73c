"""What a person judged, a person changes: two files hold it, and no command writes them.

    python -m receiptbook.approvals               compare what the book stores with the files
    python -m receiptbook.approvals --show loans  print a chapter's rows, or a table's, to be pasted
                                                  once read

`chapters/approved.csv`: statements and formulas of receipts, verdicts with their grounds, questions with
their right answers, titles, captions, axes, encodings, colours, labels and alternative texts of charts,
sentences, controls and presets of explorers with their results, headings, and the order of what stands
below them; the words and the code of each section; the parts of a plan (a YAML file in a folder of the
chapters). Numbers are set apart: a number in prose counts as the id of its receipt, so that a newer
figure leaves an approval as it is.

`chapters/approved-rows.csv`: a hash of each row of each table, and of what describes the table.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from receiptbook.book import Book
from receiptbook.book.contents import read_yaml
from receiptbook.book.notebooks import bundles, csv_text, read_notebook, read_rows
from receiptbook.book.outputs import CHART, QUESTION, card_in, receipts_in
from receiptbook.charts.theme import PALETTE
from receiptbook.charts.walk import parts
from receiptbook.numbers import FREE, WORDS
from receiptbook.receipts.collect import LINK
from receiptbook.receipts.verdicts import Verdict
from receiptbook.tables.reading import read_package

FILE = "approved.csv"
ROWS = "approved-rows.csv"
COLUMNS = ("chapter", "kind", "thing", "approved")
_LONG = 160  # characters; what is longer is kept as its first words and a hash
_UNJUDGED = {Verdict.DERIVED, Verdict.STATED, Verdict.ASSUMED, Verdict.OPEN, Verdict.MISSING}
_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*$", re.M)
_COMPUTED = re.compile(r" \([^()]*\d[^()]*\)|: [^:]*\d[^:]*(?= \([a-z]+\)$)")  # numbers in a ground
_NUMBER = re.compile(r"[+−-]?\d[\d.,]*")
_NAMES = {light: name for name, (light, _) in PALETTE.items()}
_FENCED = re.compile(r"^(```+|~~~+).*?^\1", re.M | re.S)


@dataclass(frozen=True)
class Approval:
    """One thing that a person judged: which, in which chapter, and as what."""

    chapter: str
    kind: str
    thing: str
    approved: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.chapter, self.kind, self.thing

    @property
    def line(self) -> str:
        """The row of the file."""
        return csv_text([[getattr(self, name) for name in COLUMNS]], ends="")


# -------------------------------------------------------------------------- what a chapter holds


def approvals(page: Path) -> list[Approval]:
    """All that a person would have to approve in a page, a plan or a table, as it stands."""
    found: dict[tuple, Approval] = {}
    of = {".yml": _of_plan, ".csv": _of_table}.get(page.suffix, _things)
    for kind, thing, value in of(page):
        one = Approval(_name(page), kind, thing, value)
        found.setdefault(one.key, one)
    return list(found.values())


def _name(page: Path) -> str:
    """A page's name in the file; a plan or a table has that of its folder before its own."""
    return f"{page.parent.name}/{page.stem}" if page.suffix in (".yml", ".csv") else page.stem


def _file(page: Path) -> str:
    """The file that approves what a page holds."""
    return ROWS if page.suffix == ".csv" else FILE


def _pages(book: Book) -> list[Path]:
    plans, tables = sorted(book.chapters.glob("*/*.yml")), sorted(book.data.glob("*.csv"))
    return [*book.written_pages(), *plans, *tables]


def _page(book: Book, name: str) -> Path:
    """A chapter by its name, or a table by its folder and name."""
    tables = {_name(path): path for path in book.data.glob("*.csv")}
    return tables.get(name) or book.page(name)


def _of_plan(path: Path) -> Iterator[tuple[str, str, str]]:
    """What is typed in a plan: each part that has a name, else what stands under each key."""
    for key, value in read_yaml(path).items():
        named = isinstance(value, list) and all(isinstance(o, dict) and "name" in o for o in value)
        for thing, part in (
            [(f"{key}: {one['name']}", one) for one in value] if named else [(key, value)]
        ):
            yield "plan", thing, short(json.dumps(part, ensure_ascii=False, default=str))


def _of_table(path: Path) -> Iterator[tuple[str, str, str]]:
    """Each row by its key, or without one by its number, and what describes the table, as hashes."""
    tables = {one["path"]: one for one in read_package(path.parent)["resources"]}
    if not (described := tables.get(path.name)):
        raise ValueError(
            f"{path.parent.name}/{path.name}: found no description of it in datapackage.json; expected "
            "one, by which its rows are approved. Describe the table there, or remove it."
        )
    yield "table", described["name"], _hash(json.dumps(described, sort_keys=True))
    key = described["schema"].get("primaryKey", [])
    columns = [key] if isinstance(key, str) else key
    for number, row in enumerate(read_rows(path, *columns), 2):
        name = " ".join(row[column] for column in columns) or str(number)
        yield "row", name, _hash(json.dumps(row))


def _things(page: Path) -> Iterator[tuple[str, str, str]]:
    headings: list[str] = []
    prose: list[str] = []
    code: dict[str, list[str]] = {}
    order: dict[str, list[str]] = {}
    judged: list[tuple[str, str, str]] = []
    for kind, content in _in_order(page):
        if kind == "prose":
            prose.append(content)
            headings += [apart(heading[2]) for heading in _headings(content)]
            continue
        section = headings[-1] if headings else "before the first heading"
        if kind == "code":
            code.setdefault(section, []).append(content)
        else:
            for id, things in _of_output(content):
                order.setdefault(section, []).append(id)
                judged += things
    if headings:
        yield "headings", "in order", " / ".join(headings)
    for section, ids in order.items():
        yield "order", section, " ".join(ids)
    for section, cells in code.items():
        yield "code", section, short(" ".join("\n".join(cells).split()))
    seen = Counter()
    for heading, words in _sections("\n\n".join(prose)):
        seen[heading] += 1
        again = f" ({seen[heading]})" if seen[heading] > 1 else ""
        if words:
            yield "words", heading + again, short(words)
    yield from judged


def _headings(prose: str) -> list[re.Match]:
    """The headings, by place; a line of code that begins with a number sign is none."""
    blanked = _FENCED.sub(lambda code: re.sub(r"[^\n]", " ", code[0]), prose)
    return [*_HEADING.finditer(blanked)]


def _sections(prose: str) -> Iterator[tuple[str, str]]:
    """Each heading with the words below it, up to the next one."""
    for this, after in pairwise([*_headings(prose), None]):
        yield apart(this[2]), apart(prose[this.end() : after and after.start()])


def _in_order(page: Path) -> Iterator[tuple[str, object]]:
    if page.suffix == ".md":
        yield "prose", page.read_text("utf-8")
        return
    for cell in read_notebook(page).cells:
        if cell.cell_type == "markdown":
            yield "prose", cell.source
        elif cell.cell_type == "code" and cell.source.strip():
            yield "code", cell.source
        for bundle in bundles([cell]):
            yield "output", bundle


def _of_output(bundle: Mapping) -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """The ids of an output, each with what was judged about it."""
    for one in receipts_in(bundle):
        is_judged = one["verdict"] not in _UNJUDGED
        told = " = ".join(filter(None, (one["statement"], one["formula"])))
        judged = [("statement", one["id"], short(apart(told)))]
        judged += [("verdict", one["id"], one["verdict"])] if is_judged else []
        if grounds := [_COMPUTED.sub("", ground["text"]) for ground in one["grounds"]]:
            judged.append(("grounds", one["id"], short(" / ".join([*grounds, *one["because"]]))))
        yield one["id"], judged
    if question := bundle.get(QUESTION):
        yield question["id"], [*_of_question(question)]
    if card := card_in(bundle):
        yield card["id"], [*_of_chart(card, bundle[CHART])]


def _of_question(question: Mapping) -> Iterator[tuple[str, str, str]]:
    told = (question.get(name) for name in ("prompt", "unit", "hint", "explain"))
    words = [apart(text) for text in (*told, *sorted(question.get("choices", ()))) if text]
    yield "question", question["id"], short(" / ".join(words))
    right = question.get("right")
    if question.get("choices") and right is not None:
        yield "answer", question["id"], short(apart(question["choices"][right]))
    elif question.get("formula"):
        yield "answer", question["id"], short(question["formula"])


def _of_chart(card: Mapping, spec: Mapping) -> Iterator[tuple[str, str, str]]:
    id = card["id"]
    yield "title", id, short(apart(card["title"]))
    yield "alternative text", id, short(apart(card["alt"]))
    if caption := card.get("caption"):
        yield "caption", id, short(apart(caption))
    if axes := _axes(spec):
        yield "axes", id, short("; ".join(axes))
    yield "encoding", id, short(" + ".join(_encodings(spec)))
    if colours := _colours(spec):
        yield "colours", id, short("; ".join(colours))
    if labels := _labels(spec):
        yield "labels", id, short(" / ".join(labels))
    if scenario := card.get("scenario"):
        yield "sentences", id, short(" / ".join(one["text"] for one in scenario["words"]))
        told = [f"{one['label']} {one['unit']}".strip() for one in scenario["outputs"]]
        yield "controls", id, "; ".join([*_controls(scenario), *dict.fromkeys(told)])
        rows = {row[0] if isinstance(row, list) else row["settings"]: row
                for row in card["table"]["rows"]}  # fmt: skip
        names = [column["name"] for column in card["table"]["columns"]]
        for preset in scenario["presets"]:
            yield ("preset", f"{id}: {preset['name']}",
                   short(_preset(preset, names, rows.get(preset["name"], ()))))  # fmt: skip


def _controls(scenario: Mapping) -> list[str]:
    return [
        f"{one['label']} {_number(one['min'])} to {_number(one['max'])} {one['unit']}".strip()
        for one in scenario["parameters"]
        if one["kind"] == "range"
    ]


def _preset(preset: Mapping, names: list[str], row: Iterable | Mapping) -> str:
    set_ = ", ".join(f"{name} {_number(value)}" for name, value in preset["values"].items())
    results = row.items() if isinstance(row, Mapping) else zip(names, row, strict=False)
    told = ", ".join(f"{name} {_number(v)}" for name, v in results if name != "settings")
    return f"{set_ or 'as it opens'}: {told}"


def _number(value: object) -> str:
    return f"{value:g}" if isinstance(value, (int, float)) else str(value)


def _views(spec: Mapping) -> list[Mapping]:
    kept = ("datasets", "usermeta", "data", "config")
    return [one for one in parts(spec, skip=kept) if isinstance(one, Mapping)]


def _axes(spec: Mapping) -> list[str]:
    """Titles, kinds and typed ends of the axes, each once."""
    told: dict[str, None] = {}
    for view in _views(spec):
        encoding = view.get("encoding", {})
        for channel in ("x", "y"):
            one = encoding.get(channel) if isinstance(encoding, Mapping) else None
            if not isinstance(one, Mapping):
                continue
            scale, axis = one.get("scale") or {}, one.get("axis") or {}
            title = one.get("title") or axis.get("title")
            domain = scale.get("domain")
            ends = " to ".join(map(_number, domain)) if isinstance(domain, list) else ""
            words = [
                json.dumps(title, ensure_ascii=False) if title else "",
                scale.get("type", ""),
                ends,
            ]
            if any(words):
                told[f"{channel} {' '.join(filter(None, words))}"] = None
    return list(told)


def _encodings(spec: Mapping) -> list[str]:
    """For each kind of mark, which field stands on which channel."""
    told: dict[str, None] = {}
    for view in _views(spec):
        if not (mark := view.get("mark")):
            continue
        kind = mark if isinstance(mark, str) else mark.get("type", "")
        fields = [
            f"{channel} {one['field']}{':' + one['type'][:1].upper() if 'type' in one else ''}"
            for channel, one in sorted(view.get("encoding", {}).items())
            if isinstance(one, Mapping) and isinstance(one.get("field"), str)
        ]
        told[f"{kind}({', '.join(fields)})"] = None
    return list(told)


def _labels(spec: Mapping) -> list[str]:
    """The words in the data of a chart, in their order, each once; rows of numbers have none."""
    told: dict[str, None] = {}
    for rows in spec.get("datasets", {}).values():
        for row in rows:
            for value in row.values():
                if isinstance(value, str) and re.search(r"[^\W\d_]{2}", value):
                    told[_NUMBER.sub("‹n›", value)] = None
    return list(told)


def _colours(spec: Mapping) -> list[str]:
    """What each colour stands for: the values of a scale, or the test that a row passes."""
    told: dict[str, None] = {}
    for view in _views(spec):
        for channel in ("color", "fill", "stroke"):
            one = view.get("encoding", {}).get(channel)
            if not isinstance(one, Mapping):
                continue
            scale = one.get("scale") or {}
            pairs = zip(scale.get("domain", ()), scale.get("range", ()), strict=False)
            shades = [f"{value} {_NAMES.get(shade, shade)}" for value, shade in pairs]
            if test := one.get("condition"):
                both = (part.get("value") for part in (test, one))
                shades.append(" or ".join(str(_NAMES.get(shade, shade)) for shade in both))
                shades.append(str(test.get("test")))
            if shades:
                told[f"{channel} {', '.join(shades)}"] = None
    return list(told)


def apart(markdown: str) -> str:
    """Prose with its numbers set apart: each linked one is the id of its receipt.

    Words that are linked, such as "slowed" or a verdict, stay beside the id.

    >>> apart("Growth [slowed](ledger.md#slower) to [602 million](ledger.md#users)")
    'Growth slowed ‹slower› to ‹users›'
    """

    def named(link: re.Match) -> str:
        words = re.findall(r"[a-z]+", link["text"].lower())
        is_number = re.search(r"\d", link["text"]) or {*words} & {*WORDS, *FREE}
        return f"‹{link['id']}›" if is_number else f"{link['text']} ‹{link['id']}›"

    return " ".join(LINK.sub(named, markdown).split())


def short(text: str) -> str:
    """A text, or if it is long its first words and a hash of the whole."""
    if len(text) <= _LONG:
        return text
    start = text[: _LONG // 2].rsplit(" ", 1)[0]
    return f"{start} … {_hash(text)}"


def _hash(text: str) -> str:
    return f"#{hashlib.sha256(text.encode()).hexdigest()[:12]}"


# ----------------------------------------------------------------------------------- comparing


def approved(book: Book, name: str = FILE) -> dict[tuple[str, str, str], Approval]:
    """The rows of a file of the book, by chapter, kind and thing; none where there is no file.

    Raises
    ------
    ValueError
        if the file has other columns, a row that is not whole, or one thing twice
    """
    path = book.chapters / name
    if not path.exists():
        return {}
    found: dict[tuple, Approval] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        if (header := tuple(next(reader, ()))) != COLUMNS:
            raise ValueError(f"{name}, row 1: found the columns {', '.join(header) or 'nothing'}; "
                             f"expected {', '.join(COLUMNS)}. Restore the header line.")  # fmt: skip
        for number, cells in enumerate(reader, 2):
            if len(cells) != len(COLUMNS) or not all(cell.strip() for cell in cells):
                raise ValueError(f"{name}, row {number}: found {len(cells)} cells or an empty one, not "
                                 f"{', '.join(COLUMNS)}. Complete the row or remove it.")  # fmt: skip
            one = Approval(*cells)
            if one.key in found:
                raise ValueError(f"{name}, row {number}: found {one.kind} of {one.thing} once more; "
                                 "expected one row for it. Remove the other.")  # fmt: skip
            found[one.key] = one
    return found


def check(book: Book, pages: Iterable[Path] | None = None) -> list[str]:
    """What the chapters store and the file does not approve, and what it approves in vain.

    A book without one of the files approves nothing of its kind, and that is not checked.
    """
    held = {name: approved(book, name) for name in (FILE, ROWS) if (book.chapters / name).exists()}
    pages = [one for one in (_pages(book) if pages is None else pages) if _file(one) in held]
    lines, seen = [], set()
    for page in pages:
        file = _file(page)
        for one in approvals(page):
            seen.add(one.key)
            before = held[file].get(one.key)
            if before == one:
                continue
            was = f"approved “{before.approved}”" if before else "approved: nothing"
            do = "put this in the place of its row" if before else "add the row"
            lines.append(f"{page.name}: {one.kind} of {one.thing}: {was}, found “{one.approved}”. "
                         f"If it is meant, {do} in {file}: {one.line}")  # fmt: skip
    names, known = ({_name(page) for page in some} for some in (pages, _pages(book)))
    for file, one in ((file, one) for file, rows in held.items() for one in rows.values()):
        if one.key not in seen and (one.chapter in names or one.chapter not in known):
            lines.append(f"{one.chapter}: {one.kind} of {one.thing}: approved “{one.approved}”, "
                         f"found nothing. If it is meant, remove its row from {file}.")  # fmt: skip
    return lines


def main(arguments: list[str] | None = None) -> int:
    """Command line: compare, or print rows for a person to paste; nothing is ever written."""
    parser = argparse.ArgumentParser("receiptbook.approvals", description=__doc__.split("\n")[0])
    parser.add_argument(
        "chapters", nargs="*", help="names of chapters or tables; all if none is given"
    )
    parser.add_argument("--show", action="store_true", help="print the rows as the chapters stand")
    options = parser.parse_args(arguments)
    try:
        book = Book.here()
        pages = [_page(book, name) for name in options.chapters] or _pages(book)
        if options.show:
            print("\n".join(one.line for page in pages for one in approvals(page)))
            return 0
        lines = check(book, pages)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    for line in lines:
        print(line)
    if lines:
        print(f"Not as approved: {len(lines)}. What is meant is put into its file by hand.")
    return bool(lines)


if __name__ == "__main__":
    sys.exit(main())
