"""The drill: does the book notice when a figure changes by one digit?

    python bench/drill.py               every used figure, every chapter
    python bench/drill.py headline      only what these chapters use
    python bench/drill.py --list        also name what noticed each change
    python bench/drill.py --strict      a receipt's list of inputs proves nothing

Each figure that a chapter uses is changed, value and printed form together, by one unit of its
last printed digit; nothing is written to disk. A change is noticed where a sentence becomes wrong,
or where a stored receipt, a chart with its table, or another stored output would differ: that is
what the tests compare and name. Fingerprints and the check of a value against its printed form do
not count, nor does a cell that stops with an error.

A figure is used where a sentence links to it, where a stored receipt rests on it, where the code
of a chapter names its id, or where an output shows it although the code names only its series, its
table or the beginning of its id. Figures read in that way and shown nowhere are counted apart.

A receipt lists its inputs, so it differs whenever one of them does, even where its result stays the
same: the median of thirty runs need not move with one of them. With --strict that list is left out
when receipts are compared.

Sentences are checked first, and then the receipts whose arithmetic is stored with them, since neither
needs a run. For the rest a chapter is run once as it is, and once for each figure that it names, up to
the first output that moves. Figures that it only reads with a table are changed all at once; if an
output moves, each half of them is tried alone, and so on down to the single figure.
"""

from __future__ import annotations

import argparse
import ast
import json
import multiprocessing
import os
import re
import sys
import time
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from receiptbook import prose, refresh
from receiptbook.book import Book
from receiptbook.book.execution import called, run_cells
from receiptbook.book.notebooks import bundles, code_of, read_notebook
from receiptbook.book.outputs import RECEIPT, card_in, receipts_in
from receiptbook.numbers import QuantityError, published, read
from receiptbook.receipts import claims, collect
from receiptbook.receipts.anew import figures_in, outcome
from receiptbook.tables import Data, derived, in_place, last_unit, load
from receiptbook.tables.adding import plain_number
from receiptbook.tables.expression import evaluate
from receiptbook.tables.figures import read_as

WORKERS = 2
RESULT = ("verdict", "value", "lower", "upper", "shown", "range")  # of a receipt
ASSUMED = "assumptions"  # the table whose figures have a reason in place of a source


# ------------------------------------------------------------------------------- one unit more


def changed(row: Mapping[str, str], fields: Iterable[Mapping] = ()) -> dict[str, str]:
    """The row with its figure one unit of the last printed digit higher.

    Lower where a share would pass one hundred percent, and for "more than" and "at least", whose
    words stay true of anything higher.

    Raises QuantityError if the printed form cannot be written with another number.
    """
    printed = row["printed"]
    open_above = printed and read_as(row, printed).reading.qualifier in ("above", "at least")
    for sign in (-1, 1) if open_above else (1, -1):
        new = dict(row)
        try:
            if row.get("derivation"):
                new["derivation"] = _bump_first(row["derivation"], sign)
                new["value"] = _derived_value(new)
            else:
                new["printed"] = _bump_printed(row, sign)
                new["value"] = _value(new)
        except QuantityError:
            continue
        if row["unit"] == "percent" and Fraction(new["value"]) > 100 >= Fraction(row["value"]):
            continue
        if new["value"] != row["value"] or row.get("derivation"):
            _follow(row, new, fields)
            return new
    raise QuantityError(f"{row['id']}: {row['printed']!r} cannot be changed by one unit")


def changed_in(tables: Data, id: str) -> dict[str, str]:
    """The same for a figure of some tables; columns that repeat it follow, as the package says."""
    fields = tables.describe(tables.table_of(id))["schema"]["fields"]
    return changed(tables.row(id), fields)


def _bump_printed(row: Mapping[str, str], sign: int) -> str:
    forms = row["printed"].split(" / ")
    plain = published(row["printed"], row["unit"])
    known = read_as(row, row["printed"])
    target = plain.value + sign * max(plain.reading.step, known.reading.step)
    if len(forms) == 1:
        return _rewrite(forms[0], row, target, sign)
    return " / ".join(_rewrite(form, row, target, sign) for form in forms)


_HAN = "零一二三四五六七八九"


def _rewrite(form: str, row: Mapping[str, str], target: Fraction, sign: int) -> str:
    try:
        return published(form, row["unit"]).reading.rewrite(target)
    except QuantityError:
        digits = [i for i, c in enumerate(form) if c in _HAN]
        if digits:
            place = digits[-1]
            number = _HAN.index(form[place]) + sign
            if 0 < number < 10:
                return form[:place] + _HAN[number] + form[place + 1 :]
        if not read(form).value:  # "free": the next price up
            return "1"
        raise


def _bump_first(derivation: str, sign: int) -> str:
    """The expression with its first printed form one unit higher."""
    done = []

    def bump(match: re.Match) -> str:
        form = match[0].strip()
        if done or not re.search(r"\d", form):
            return match[0]
        done.append(form)
        reading = read(form)
        return match[0].replace(form, reading.rewrite(reading.value + sign * reading.step), 1)

    return re.sub(r"[^()]+?(?=\s[-+*/]\s|[()]|$)", bump, derivation)


def _value(row: Mapping[str, str]) -> str:
    q = read_as(row, row["printed"])
    return plain_number(q.value / q.unit.scale)


def _derived_value(row: Mapping[str, str]) -> str:
    q = derived(row["derivation"], row["unit"], row["value"])
    step = last_unit(row["value"])
    return plain_number(round(q.value / q.unit.scale / step) * step)


def _follow(row: Mapping[str, str], new: dict[str, str], fields: Iterable[Mapping]) -> None:
    """Columns that repeat the value change with it: `follows` in the package says how.

    `of` is an expression over columns of the row, `when` the cells for which it holds, `to` what
    the result is rounded to. A sign that the column has and the value has not is kept.

    >>> new = {"value": "5"}
    >>> fields = [{"name": "effect", "follows": {"of": "value"}}]
    >>> _follow({"value": "4", "effect": "-4"}, new, fields)
    >>> new["effect"]
    '-5'
    """
    for column in fields:
        rule, name = column.get("follows"), column["name"]
        if not rule or not row.get(name) or not rule.get("when", {}).items() <= row.items():
            continue
        cells = {**row, "value": new["value"]}
        result = evaluate(rule["of"], lambda word, of=cells: Fraction(of.get(word, word)))
        if row[name].startswith("-") and not row["value"].startswith("-"):
            result = -result
        step = rule.get("to")
        new[name] = plain_number(round(result / step) * Fraction(step) if step else result)


# ------------------------------------------------------------------------- what a chapter shows

_VARYING = re.compile(r"0x[0-9a-f]+|T_[0-9a-f]{5}|(?<=data-)[0-9a-f]{32}|\b[0-9a-f]{12}\b")
_STOP = "stop: "


def _shown(path: Path, tables: Data, strict: bool) -> Iterator[tuple[str, str]]:
    """What a chapter's cells show over these tables, as (name, content), in order.

    A cell that stops ends it with the name "stop: " and the error.
    """
    from IPython.core.formatters import DisplayFormatter

    formatter, shown = DisplayFormatter(), []
    formatter.ipython_display_formatter.enabled = False  # a chart gives its bundle
    skipped = {"what_if", "question"}  # these run chapters themselves, or show what does not move
    with in_place(tables), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        runs = run_cells(
            path,
            lambda *values: shown.extend(value for value in values if value is not None),
            lambda tree: not called(tree) & skipped,
        )
        for done in runs:
            name = f"output of cell {done.cell.id}"
            if done.error:
                lines = str(done.error).splitlines() or ["no message"]
                yield f"{_STOP}{type(done.error).__name__}: {lines[0][:200]}", ""
                return
            if done.printed:
                yield name, _VARYING.sub("", done.printed)
            for value in shown:
                yield from _named(formatter.format(value)[0], name, strict)
            shown.clear()


def _named(bundle: Mapping, name: str, strict: bool) -> Iterator[tuple[str, str]]:
    """One output as (name, content); a receipt and a chart go by their own id."""
    for receipt in receipts_in(bundle):
        kept = {key: receipt[key] for key in receipt if not (strict and key == "inputs")}
        yield f"receipt {receipt['id']}", json.dumps(kept)
    if RECEIPT not in bundle:
        if card := card_in(bundle):
            name = f"chart {card['id']}"
        content = {kind: text for kind, text in bundle.items() if card or kind != "text/plain"}
        yield name, _VARYING.sub("", json.dumps(content or bundle, default=str))


@dataclass
class Chapter:
    """A chapter under the drill, with what it shows over the tables as they are."""

    path: Path
    tables: Data
    strict: bool
    usual: list[tuple[str, str]]

    def moved(self, ids: Iterable[str]) -> str:
        """The first output that differs with these figures changed; a stop; or nothing."""
        changed_tables = self.tables.changed({id: changed_in(self.tables, id) for id in ids})
        shown = _shown(self.path, changed_tables, self.strict)
        for was, now in zip(self.usual, shown, strict=False):
            if now != was:
                return now[0]
        return ""

    def halve(self, ids: list[str]) -> dict[str, str]:
        """Which of some figures move an output, each with the first one that it moves."""
        if not ids or not (name := self.moved(ids)):
            return {}
        if len(ids) == 1:
            return {} if name.startswith(_STOP) else {ids[0]: name}
        middle = len(ids) // 2
        return self.halve(ids[:middle]) | self.halve(ids[middle:])


def drill_chapter(
    path: Path, used: list[str], along: list[str], strict: bool
) -> tuple[dict[str, str], dict[str, str]]:
    """What moves with each used figure ("" if nothing does), and with those read along, if any.

    Raises RuntimeError if the chapter does not run as it is, or not twice in the same way.
    """
    os.environ.update(refresh.ENVIRONMENT)
    tables = load()
    usual = list(_shown(path, tables, strict))
    if usual and usual[-1][0].startswith(_STOP):
        raise RuntimeError(usual[-1][0].removeprefix(_STOP))
    chapter = Chapter(path, tables, strict, usual)
    if name := chapter.moved(()):
        raise RuntimeError(f"unsteady: {name} differs in a second run")
    return {id: chapter.moved([id]) for id in used}, chapter.halve(along)


# ------------------------------------------------------------------------------- the whole book


@dataclass
class Report:
    """What came of a drill. `caught` and `missed` say by id what moved, or why not."""

    caught: dict[str, str] = field(default_factory=dict)
    missed: dict[str, str] = field(default_factory=dict)
    unshown: list[str] = field(default_factory=list)
    untraced: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def used(self) -> int:
        return len(self.caught) + len(self.missed)

    @property
    def share(self) -> float:
        return len(self.caught) / self.used if self.used else 1.0

    def __str__(self) -> str:
        kinds = Counter(name.partition(" ")[0] for name in self.caught.values())
        by = ", ".join(f"{count} by {_article(kind)}" for kind, count in kinds.most_common())
        lines = [
            f"used: {self.used} figures; {len(self.untraced)} of them without a source",
            f"caught: {len(self.caught)}" + (f" ({by})" if by else ""),
            f"missed: {len(self.missed)}",
            f"share caught: {self.share:.2%}",
            f"time: {self.seconds:.0f} s",
            f"read beyond that, with their table or in a search: {len(self.unshown)} figures",
        ]
        lines += [f"missed {id}: {why}" for id, why in sorted(self.missed.items())]
        lines += [f"without a source: {id}" for id in self.untraced]
        return "\n".join(lines + self.broken)


def _article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def wrong_sentences(paths: Iterable[Path], tables: Data) -> dict[str, str]:
    """The figures that prose links to, each with the first sentence that its change makes wrong.

    A figure whose sentences all stay true is left out.
    """
    found: dict[str, str] = {}
    for path in paths:
        for place, text in collect.pieces(path):
            for link in collect.links(text):
                id, before = link["id"], text[: link.start()]
                if id in tables and id not in found and _is_wrong(id, link["text"], before, tables):
                    found[id] = f"sentence in {place.file}: {link['text']}"
    return found


def moved_receipts(
    stored: Mapping[str, Mapping], tables: Data, ids: Iterable[str]
) -> dict[str, str]:
    """The figures of some whose change moves a receipt's result, with the first such receipt.

    Only arithmetic is worked out: what code makes of a figure needs a run.
    """
    found: dict[str, str] = {}
    receipts = _arithmetic_on(stored)
    for id in receipts.keys() & set(ids):
        try:
            other = tables.changed({id: changed_in(tables, id)})
        except QuantityError:
            continue  # the drill of its chapters says so
        for name in receipts[id]:
            now, _ = outcome(stored[name], other)
            if now and any(now.to_json()[part] != stored[name][part] for part in RESULT):
                found[id] = f"receipt {name}"
                break
    return found


def _arithmetic_on(stored: Mapping[str, Mapping]) -> dict[str, list[str]]:
    """The receipts of some stored ones whose arithmetic uses each figure, by the figure's id."""
    found: dict[str, list[str]] = {}
    for id, one in stored.items():
        if one.get("tree"):
            named, behind = figures_in(one)
            for figure in sorted(named - behind):
                found.setdefault(figure, []).append(id)
    return found


def _is_wrong(id: str, words: str, before: str, tables: Data) -> bool:
    after = claims.quoted(id, tables.changed({id: changed_in(tables, id)})).to_json()
    try:
        return prose.check_link(words, after, before) is not None
    except QuantityError:
        return True


def readings(code: str, tables: Data) -> tuple[set[str], set[str]]:
    """The figures that code names, and those that it reads with a series, a table or a prefix."""
    words = {
        node.value
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    named = words & set(tables.ids)
    starts = tuple(word for word in words if word.endswith("-"))
    along = {
        id
        for id in tables.ids
        if words & {tables.row(id).get("series"), tables.table_of(id)} or id.startswith(starts)
    }
    return named, along - named


def drill(names: Iterable[str] = (), *, strict: bool = False) -> Report:
    """Drill the named chapters, or all; a line on stderr tells of each that is done."""
    began, report, tables = time.monotonic(), Report(), load()
    pages = [path for path in Book.here().written_pages() if not names or path.stem in names]
    report.caught = wrong_sentences(pages, tables)
    stored = collect.stored_receipts(path for path in pages if path.suffix == ".ipynb")
    rest = [id for id in tables.ids if id not in report.caught]
    report.caught |= moved_receipts(stored, tables, rest)
    linked = {id for id in collect.cited(pages) if id in tables}
    jobs, wanted, beyond = [], set(linked), set()
    for path in pages:
        if path.suffix != ".ipynb":
            continue
        notebook = read_notebook(path)
        named, along = readings(code_of(notebook), tables)
        inputs = {
            leaf["id"]
            for bundle in bundles(notebook.cells)
            for receipt in receipts_in(bundle)
            for leaf in receipt["inputs"]
            if leaf["id"] in tables
        }
        wanted |= named | inputs
        beyond |= along
        jobs.append((path, named | inputs, along | linked))
    tried: dict[str, dict[str, str]] = defaultdict(dict)
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(WORKERS, mp_context=context) as pool:
        running = {}
        for path, used, along in jobs:
            left = sorted(used - report.caught.keys())
            rest = sorted(along - used - report.caught.keys())
            running[pool.submit(drill_chapter, path, left, rest, strict)] = path.name
        for done in as_completed(running):
            file = running[done]
            if error := done.exception():
                report.broken.append(f"not drilled: {file}: {error}")
                continue
            used, shown = done.result()
            for id, name in (used | shown).items():
                tried[id][file] = name
            print(f"{file}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    for id, by_file in tried.items():
        good = [name for name in by_file.values() if name and not name.startswith(_STOP)]
        if good:
            report.caught.setdefault(id, min(good))
    for id in sorted(wanted - report.caught.keys()):
        stops = [f"{file}: {name}" for file, name in tried[id].items() if name]
        where = ", ".join(sorted(tried[id])) or "a page without code"
        report.missed[id] = "; ".join(stops) or f"nothing moves in {where}"
    report.unshown = sorted(beyond - report.caught.keys() - report.missed.keys())
    report.untraced = sorted(
        id
        for id in (*report.caught, *report.missed)
        if tables.table_of(id) != ASSUMED and not set(tables[id].sources) & set(tables.sources)
    )
    report.seconds = time.monotonic() - began
    return report


def main(arguments: list[str] | None = None) -> int:
    """Command line: drill, print the report; 1 if too little is noticed."""
    parser = argparse.ArgumentParser("drill", description=__doc__.split("\n")[0])
    parser.add_argument("chapters", nargs="*", help="names of chapters; all if none is given")
    parser.add_argument("--list", action="store_true", help="name what noticed each change")
    parser.add_argument("--strict", action="store_true", help="lists of inputs do not count")
    parser.add_argument(
        "--least", type=float, default=0.99, help="share below which the drill fails"
    )
    options = parser.parse_args(arguments)
    names = {path.stem for path in Book.here().written_pages()}
    if unknown := [name for name in options.chapters if name not in names]:
        parser.error(f"no chapter {unknown[0]!r}; there are {', '.join(sorted(names))}")
    report = drill(options.chapters, strict=options.strict)
    if options.list:
        for id, name in sorted(report.caught.items()):
            print(f"{id}: {name}")
    print(report)
    good = report.share >= options.least and not (report.broken or report.untraced)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
