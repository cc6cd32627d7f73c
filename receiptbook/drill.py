"""The mutation drill: does the book notice when a figure changes by one digit?

    python -m receiptbook.drill               every used figure, every chapter
    python -m receiptbook.drill headline      only what these chapters use
    python -m receiptbook.drill --list        also name what caught each change
    python -m receiptbook.drill --strict      a receipt's list of inputs proves nothing; takes longer

Each figure that a chapter uses is changed, value and printed form together, by one unit of its
last printed digit; nothing is written to disk. A change is caught where a sentence becomes wrong,
or where a stored receipt, a chart with its table, or another stored output would differ: that is
what the tests compare and name. Fingerprints and the check of a value against its printed form do
not count, nor does a cell that stops with an error.

A receipt prints its inputs, so a changed input always moves it. Its result need not move: one unit
more in one of thirty runs leaves their median alone, and a wave that is not the highest leaves the
largest gain alone. With --strict only the rest of the receipt counts, its result and range above
all, and such figures are counted as missed unless something else shows them.

A figure is used where a sentence links to it, where a stored receipt rests on it, where the code
of a chapter names its id, or where some place of a chart or output is found to follow from it
alone. What a chapter reads beyond that is counted apart and in neither sum: rows read along with
their table, and whole series that a search for the largest or a count goes through.

How it is done in minutes. A chapter runs in one process and forks for each trial. First all inputs
of receipts are changed, and each is looked for in the lists of inputs; with --strict several in one
trial where no receipt looked at rests on two of them. Then all other figures are tried together:
each has a number, in trial k those are changed whose number has the binary digit k, and in a second
row of trials those that have it not. A place of the output that moves in exactly the trials of one
figure shows that figure. What is used and not found so is tried in groups, just before the cell
that first reads it; a group that moves something is halved.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import multiprocessing
import os
import re
import select
import signal
import sys
import time
import traceback
import warnings
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from multiprocessing import connection
from pathlib import Path

from receiptbook import prose, refresh
from receiptbook.book import Book
from receiptbook.book.notebooks import code_of, read_notebook
from receiptbook.book.outputs import CHART, RECEIPT
from receiptbook.numbers import QuantityError, published, read
from receiptbook.receipts import claims, collect
from receiptbook.tables import data, derived, figure_of, last_unit

WORKERS = 2
PART = 24  # figures of a chapter that one process tries apart
ASSUMED = "assumptions"  # the table whose figures have a reason in place of a source


# ------------------------------------------------------------------------------- one unit more


def changed(row: Mapping[str, str]) -> dict[str, str]:
    """The row with its figure one unit of the last printed digit higher.

    Lower where a share would pass one hundred percent, and for "more than" and "at least", whose
    words stay true of anything higher.

    Raises QuantityError if the printed form cannot be written with another number.
    """
    open_above = not row.get("derivation") and published(
        row["printed"], row["unit"], precision=row.get("precision") or None
    ).reading.qualifier in ("above", "at least")
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
            _follow(row, new)
            return new
    raise QuantityError(f"{row['id']}: {row['printed']!r} cannot be changed by one unit")


def _bump_printed(row: Mapping[str, str], sign: int) -> str:
    forms = row["printed"].split(" / ")
    plain = published(row["printed"], row["unit"])
    known = published(row["printed"], row["unit"], precision=row.get("precision") or None)
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


def _plain(x: Fraction) -> str:
    return str(x.numerator) if x.denominator == 1 else format(float(x), ".15g")


def _value(row: Mapping[str, str]) -> str:
    q = published(row["printed"], row["unit"], precision=row.get("precision") or None)
    return _plain(q.value / q.unit.scale)


def _derived_value(row: Mapping[str, str]) -> str:
    q = derived(row["derivation"], row["unit"], row["value"])
    step = last_unit(row["value"])
    return _plain(round(q.value / q.unit.scale / step) * step)


def _follow(row: Mapping[str, str], new: dict[str, str]) -> None:
    """Columns that repeat the value change with it."""
    if "effect" in row:
        sign = -1 if row["effect"].startswith("-") and not row["value"].startswith("-") else 1
        new["effect"] = _plain(sign * Fraction(new["value"]))
    if row.get("users_by") == "ours":
        new["implied_users"] = str(round(Fraction(new["value"]) / 100 * int(row["base"]), -3))


# --------------------------------------------------------------------------- data under watch


class Watched(data.Data):
    """The tables, with a note of what was read and a way to change one figure in memory."""

    def __init__(self, root: Path):
        self.read_one: set[str] = set()
        self.read_all: set[str] = set()
        super().__init__(root)

    def __getitem__(self, id: str):
        self.read_one.add(id)
        return super().__getitem__(id)

    def rows(self, name: str):
        found = super().rows(name)
        self.read_all.update(row["id"] for row in found if row.get("id") in self._home)
        return found

    def row(self, id: str):
        self.read_one.add(id)
        return dict(self._home[id][1])

    def table_of(self, id: str) -> str:
        return self._home[id][0]

    def fingerprint(self, *names: str) -> str:
        return "\n".join(f"{name}: not looked at" for name in names)

    def take(self) -> tuple[set[str], set[str]]:
        """What was read since the last call: one by one, and with whole tables."""
        found = self.read_one, self.read_all
        self.read_one, self.read_all = set(), set()
        return found

    def change(self, ids: Iterable[str]) -> None:
        for id in ids:
            name, old = self._home[id]
            new = changed(old)
            place = next(i for i, row in enumerate(self._rows[name]) if row is old)
            self._rows[name][place] = new
            self._home[id] = (name, new)
            self._figures[id] = figure_of(new)


# ------------------------------------------------------------------------- running a chapter


_HASHED = re.compile(r"data-[0-9a-f]{32}")  # data sets are named by their content
_RUN = re.compile(rf"0x[0-9a-f]+|T_[0-9a-f]{{5}}|{_HASHED.pattern}")  # differs from run to run
_WORD = re.compile(r"[^\s<>]+")
_TRIES = re.compile(r"\bwhat_if\(")  # runs the whole chapter again, with changes of its own
_REPEATED = {"inputs"}  # a receipt repeats the printed forms of its inputs: no proof of use


@dataclass
class Cell:
    """One code cell as the drill compares it: what it shows, by name and place."""

    id: str
    shown: dict[str, dict[str, str]] = field(default_factory=dict)
    error: str = ""
    inputs: dict[str, dict[str, str]] = field(default_factory=dict)  # of receipts, by their ids

    def show(self, name: str, thing: object) -> None:
        places = self.shown.setdefault(name, {})
        for place, text in _places(thing, f"{len(places)}:"):
            places[place] = text


def _places(thing: object, place: str = "") -> Iterator[tuple[str, str]]:
    """The words and numbers of an output, each with the place where it stands."""
    if isinstance(thing, Mapping):
        for number, (key, value) in enumerate(thing.items()):
            yield from _places(value, f"{place}/{number if _HASHED.fullmatch(key) else key}")
    elif isinstance(thing, (list, tuple)):
        for number, value in enumerate(thing):
            yield from _places(value, f"{place}/{number}")
    elif isinstance(thing, str):
        for number, word in enumerate(_WORD.findall(_RUN.sub("", thing))):
            yield f"{place}/{number}", word
    else:
        yield place, repr(thing)


class Chapter:
    """A chapter that can be run cell by cell in this process."""

    def __init__(self, path: Path):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        self.path = path
        self.cells = [
            ("".join(c["source"]), c.get("id", str(i)), c.get("metadata", {}).get("tags", ()))
            for i, c in enumerate(cells)
            if c["cell_type"] == "code"
        ]

    def start(self) -> None:
        from IPython.core.displayhook import DisplayHook
        from IPython.core.interactiveshell import InteractiveShell
        from traitlets.config import Config

        config = Config()
        config.HistoryManager.enabled = False  # no thread and no file: this process will fork
        InteractiveShell.clear_instance()
        self.shell = InteractiveShell.instance(config=config, colors="nocolor")

        class Hook(DisplayHook):
            """Keeps the value of a cell's last line in place of printing it."""

            def __call__(hook, result=None):
                if result is not None and not hook.quiet():
                    self.last = self.shell.display_formatter.format(result)[0]

        self.shell.displayhook = self.shell.display_trap.hook = Hook(shell=self.shell)

    def run(self, number: int) -> Cell:
        from IPython.utils.capture import capture_output

        source, id, tags = self.cells[number]
        cell, self.last = Cell(id), {}
        if _TRIES.search(source):
            return cell
        with warnings.catch_warnings(), capture_output() as captured:
            warnings.simplefilter("ignore")
            done = self.shell.run_cell(source, store_history=False, silent=False)
        failure = done.error_before_exec or done.error_in_exec
        if failure is not None:
            said = (str(failure).splitlines() or ["no message"])[0]
            cell.error = f"{type(failure).__name__}: {said[:200]}"
        if refresh.UNTESTED in tags:
            return cell  # widgets: shown, but not compared by any test
        if captured.stdout:
            cell.show(f"output of cell {id}", captured.stdout)
        for bundle in [*(output.data for output in captured.outputs), self.last]:
            if bundle:
                self._keep(cell, bundle)
        return cell

    @staticmethod
    def _keep(cell: Cell, bundle: Mapping) -> None:
        if one := bundle.get(RECEIPT):
            for receipt in one if isinstance(one, list) else [one]:
                title = f"receipt {receipt['id']}"
                cell.inputs[title] = {one["id"]: one["printed"] for one in receipt["inputs"]}
                own = {key: receipt[key] for key in receipt.keys() - _REPEATED}
                cell.show(title, dict(sorted(own.items())))
        elif CHART in bundle:
            spec = bundle[CHART]
            name = spec.get("usermeta", {}).get("receiptbook", {}).get("id", cell.id)
            cell.show(f"chart {name}", spec)
        else:
            text = str(bundle.get("text/html") or bundle.get("text/plain", ""))
            cell.show(f"output of cell {cell.id}", text)


def _moved(before: Cell, after: Cell) -> Iterator[tuple[str, str]]:
    """Name and place of all that differs between two runs of a cell."""
    for name in {**before.shown, **after.shown}:
        old, new = before.shown.get(name, {}), after.shown.get(name, {})
        for place in {**old, **new}:
            if old.get(place) != new.get(place):
                yield name, place


# ------------------------------------------------------------------------- trials in a child

SLOWEST = 120  # seconds for one trial; a whole chapter runs in less than ten


def _ask(work: Callable[[], object], patience: float = SLOWEST) -> dict:
    """What `work` answers in a forked child: {"answer": ...}, or {"crash": why}."""
    out, into = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(out)
        try:
            said = {"answer": work()}
        except BaseException:
            said = {"crash": traceback.format_exc().strip().splitlines()[-1][:300]}
        with contextlib.suppress(BaseException), os.fdopen(into, "wb") as pipe:
            pipe.write(json.dumps(said).encode())
        os._exit(0)
    os.close(into)
    text, until = b"", time.monotonic() + patience
    with os.fdopen(out, "rb", buffering=0) as pipe:
        while True:
            if not select.select([pipe], [], [], max(0.0, until - time.monotonic()))[0]:
                os.kill(pid, signal.SIGKILL)
                text = b""
                break
            piece = pipe.read(1 << 20)
            if not piece:
                break
            text += piece
    os.waitpid(pid, 0)
    try:
        return json.loads(text)
    except ValueError:
        return {"crash": f"no answer in {patience:.0f} s" if time.monotonic() > until else "died"}


class Bench:
    """One chapter under trial, in a process of its own; `send` gets (kind, ...) tuples."""

    def __init__(self, path: Path, send: Callable[[tuple], None]):
        self.tables = Watched(Book.here().data)
        data._load = lambda root: self.tables  # every room asks here
        self.chapter, self.file, self.send = Chapter(path), path.name, send
        self.base: list[Cell] = []
        self.first: dict[str, int] = {}  # the cell that reads a figure first
        self.single: set[str] = set()  # figures read one by one, not only with their table
        self.done, self.expected = 0, 1

    def step(self, more: int = 0) -> None:
        self.done, self.expected = self.done + 1, self.expected + more
        self.send(("step", self.file, self.done, max(self.done, self.expected)))

    def run_unchanged(self) -> bool:
        """The run to compare with; notes which cell reads a figure first."""

        def work():
            self.chapter.start()
            self.tables.take()
            cells, first, single = [], {}, set()
            for number in range(len(self.chapter.cells)):
                cells.append(self.chapter.run(number))
                one, all_ = self.tables.take()
                single |= one
                for id in sorted(id for id in one | all_ if id in self.tables):
                    first.setdefault(id, number)
            return [[c.id, c.shown, c.error, c.inputs] for c in cells], first, sorted(single)

        said = _ask(work)
        self.step()
        if "crash" not in said:
            cells, self.first, single = said["answer"]
            self.single = set(single)
            self.base = [Cell(*one) for one in cells]
            said = next(({"crash": f"cell {c.id}: {c.error}"} for c in self.base if c.error), said)
        if "crash" in said:
            self.send(("broken", f"not drilled: {self.file}: {said['crash']}"))
            return False
        self.send(("read", self.file, sorted(self.first)))
        return True

    # ---- one receipt each

    def by_inputs(self, ids: list[str]) -> dict[str, str]:
        """The receipt in whose list of inputs each figure is printed anew, all changed at once."""

        def work():
            self.tables.change(ids)
            self.chapter.start()
            found = {}
            for number, before in enumerate(self.base):
                after = self.chapter.run(number)
                for name in before.inputs.keys() & after.inputs.keys():
                    old, new = before.inputs[name], after.inputs[name]
                    moved = (id for id in old if id in new and old[id] != new[id])
                    found |= dict.fromkeys(moved, name)
                if after.error:
                    break
            return found

        here = {id for cell in self.base for listed in cell.inputs.values() for id in listed}
        ids = [id for id in ids if id in here]
        if not ids:
            return {}
        found = _ask(work).get("answer", {})
        self.step(1)
        left = [id for id in ids if id not in found]
        if left and len(ids) > 1:  # a stop, or a search that now finds another: try fewer
            middle = len(left) // 2
            found |= {**self.by_inputs(left[:middle]), **self.by_inputs(left[middle:])}
        return {id: name for id, name in found.items() if id in set(ids)}

    def by_receipt(self, ids: Iterable[str], rests: Mapping[str, set[str]]) -> dict[str, str]:
        """The receipt that moves with each figure; `rests` says on what each receipt rests.

        A figure is looked for in the receipt with the fewest inputs, and shares its trial with
        none of them.
        """
        here = {name: rests[name] for cell in self.base for name in cell.shown if name in rests}
        home = {
            id: min((n for n in here if id in here[n]), key=lambda n: len(here[n]), default="")
            for id in ids
        }
        trials: list[dict[str, str]] = []
        for id, name in sorted(home.items(), key=lambda pair: -len(here.get(pair[1], ()))):
            if not name:
                continue
            for trial in trials:
                if not (here[name] & trial.keys()) and all(
                    id not in here[n] for n in trial.values()
                ):
                    trial[id] = name
                    break
            else:
                trials.append({id: name})
        self.expected += len(trials)
        shown = {}
        for trial in trials:

            def work(trial=trial):
                self.tables.change(trial)
                self.chapter.start()
                found, sought = set(), set(trial.values())
                for number, before in enumerate(self.base):
                    after = self.chapter.run(number)
                    if after.error:
                        break
                    found |= {name for name, _ in _moved(before, after)}
                    sought -= before.shown.keys()
                    if not sought:
                        break
                return sorted(found)

            moved = _ask(work).get("answer", ())
            shown |= {id: name for id, name in trial.items() if name in moved}
            self.step()
        return shown

    # ---- all at once

    def tables_at_work(self, ids: list[str]) -> list[str]:
        """The figures without those that are read with a table of which nothing moves."""
        along = [id for id in ids if id not in self.single]
        by_table = defaultdict(list)
        for id in along:
            by_table[self.tables.table_of(id)].append(id)
        idle: set[str] = set()
        for some in [along, *by_table.values()] if along else ():
            if not idle.issuperset(some) and not self.moves(some):
                idle.update(some)
        return [id for id in ids if id not in idle]

    def moves(self, ids: list[str]) -> bool:
        """Does anything move if all these figures change?"""

        def work():
            self.tables.change(ids)
            self.chapter.start()
            for number, before in enumerate(self.base):
                after = self.chapter.run(number)
                if after.error or any(_moved(before, after)):
                    return True
            return False

        self.step(1)
        return _ask(work).get("answer", True)

    def together(self, ids: list[str]) -> dict[str, str]:
        """What shows each figure, as far as one place of the output belongs to one figure."""
        digits = max(1, (len(ids) - 1).bit_length())
        trials = [(k, one) for k in range(digits) for one in (1, 0)]
        full, both = (1 << digits) - 1, 1 | 1 << digits
        self.expected += len(trials)
        seen: dict[tuple[str, str], int] = defaultdict(int)
        for k, one in trials:
            some = [id for number, id in enumerate(ids) if number >> k & 1 == one]

            def work(some=some):
                self.tables.change(some)
                self.chapter.start()
                found = []
                for number, before in enumerate(self.base):
                    after = self.chapter.run(number)
                    if after.error:
                        break
                    found += _moved(before, after)
                return found

            said = _ask(work)
            for name, place in said.get("answer", ()):
                seen[name, place] |= 1 << (k if one else k + digits)
            self.step()
            if (k, one) == (0, 0) and sum(trials != both for trials in seen.values()) < len(ids):
                self.expected -= 2 * digits - 2
                return {}  # too few places belong to one figure each: not worth the other trials
        shown: dict[str, str] = {}
        for (name, _), trials in seen.items():
            number = trials & full
            if number ^ (trials >> digits) == full and number < len(ids):
                id = ids[number]
                shown[id] = min(shown.get(id, name), name, key=_rank)
        return shown

    # ---- a few at a time

    def apart(self, ids: Iterable[str]) -> None:
        """Try the figures in groups, each just before the cell that first reads it."""
        at = defaultdict(list)
        for id in sorted(ids):
            at[self.first[id]].append(id)
        self.expected += max(at, default=-1) + 1
        self.chapter.start()
        for number in range(max(at, default=-1) + 1):
            if some := at[number]:
                for id, name in self.halve(number, some).items():
                    self.send(("tried", self.file, id, name))
            again = self.chapter.run(number)
            if any(_moved(self.base[number], again)):
                self.send(("broken", f"unsteady: {self.file}, cell {again.id}"))
            self.step()

    def halve(self, number: int, ids: list[str]) -> dict[str, str]:
        """What moves with each of some figures, changed before the cell `number` runs."""

        def work():
            self.tables.change(ids)
            names: set[str] = set()
            for later in range(number, len(self.base)):
                after = self.chapter.run(later)
                if after.error:
                    names.add(f"stop: {after.error}")
                    break
                names |= {name for name, _ in _moved(self.base[later], after)}
                if names and (len(ids) > 1 or _rank(min(names, key=_rank)) < OUTPUT):
                    break
            return sorted(names, key=_rank)[:1]

        said = _ask(work)
        self.step(1)
        if len(ids) == 1:
            name = f"crash: {said['crash']}" if "crash" in said else "".join(said["answer"])
            return {ids[0]: name} if name else {}
        if "crash" not in said and not said["answer"]:
            return {}
        if len(ids) <= 4:
            return {id: name for one in ids for id, name in self.halve(number, [one]).items()}
        middle = len(ids) // 2
        return {
            **self.halve(number, ids[:middle]),
            **self.halve(number, ids[middle:]),
        }


KINDS = ["receipt", "chart", "sentence", "output", "stop:", "crash:"]
OUTPUT = KINDS.index("output")


def _rank(name: str) -> int:
    return KINDS.index(name.partition(" ")[0])


def _caught(name: str) -> bool:
    return bool(name) and _rank(name) <= OUTPUT


def _drill(path: Path, skip: Container[str], only: list[str] | None, rests, strict, send) -> None:
    """Drill one chapter: all its figures but some together, or only some apart."""
    if only is not None and not (only := [id for id in only if id not in skip]):
        return  # another chapter caught them meanwhile
    bench = Bench(path, send)
    if not bench.run_unchanged():
        return
    if only is None:
        ids = [id for id in bench.first if id not in skip]
        some = [id for id in ids if id in set().union(*rests.values())]
        rested = bench.by_receipt(some, rests) if strict else bench.by_inputs(some)
        for id, name in rested.items():
            send(("tried", path.name, id, name))
        ids = [id for id in ids if id not in rested]
        busy = bench.tables_at_work(ids)
        send(("idle", sorted(set(ids) - set(busy)), path.name))
        for id, name in (bench.together(busy) if busy else {}).items():
            if _caught(name):
                send(("tried", path.name, id, name))
    else:
        bench.apart(only)


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
        kinds: dict[str, int] = defaultdict(int)
        for name in self.caught.values():
            kinds[name.partition(" ")[0]] += 1
        by = ", ".join(f"{kinds[kind]} by {_article(kind)}" for kind in KINDS if kinds[kind])
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


def sentences(paths: Iterable[Path], tables: data.Data) -> dict[str, list[tuple[str, str]]]:
    """Links of the prose to rows of data/: for each id (file, words)."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for path in paths:
        for place, text in collect.pieces(path):
            for link in collect.links(text):
                if link["id"] in tables:
                    found[link["id"]].append((place.file, link["text"]))
    return found


def named(notebooks: Iterable[Path]) -> set[str]:
    """Words in quotation marks in the code of the chapters: ids of figures, among others."""
    code = "\n".join(code_of(read_notebook(path)) for path in notebooks)
    return set(re.findall(r"""["']([\w-]+)["']""", code))


def stale(id: str, row: Mapping[str, str], words: Iterable[tuple[str, str]], tables) -> str | None:
    """The first sentence that a changed row makes wrong, named by file and words."""
    figure = figure_of(changed(row))
    receipt = {**claims.quoted(id, tables).to_json(), **_shown(figure)}
    for file, text in words:
        try:
            wrong = prose.check_link(text, receipt)
        except QuantityError as error:
            wrong = str(error)
        if wrong is not None:
            return f"sentence in {file}: {text}"
    return None


def _shown(figure) -> dict:
    one = claims.receipt(figure.id, figure, "changed").to_json()
    return {key: one[key] for key in ("published", "value", "lower", "upper", "shown", "range")}


def drill(
    names: Iterable[str] = (),
    bar: Callable[[float, str], None] | None = None,
    *,
    strict: bool = False,
) -> Report:
    """Drill the named chapters, or all; `bar` is called with the share done and a line or ""."""
    began, report = time.monotonic(), Report()
    tables = data.load()
    files = Book.here().written_pages()
    if names:
        files = [path for path in files if path.stem in set(names)]
    notebooks = [path for path in files if path.suffix == ".ipynb"]
    notebooks.sort(key=lambda path: -path.stat().st_size)  # the longest start first

    linked = sentences(files, tables)
    for id, words in linked.items():
        wrong = stale(id, dict(tables.row(id)), words, tables)
        if wrong:
            report.caught[id] = wrong
    rests = {
        f"receipt {id}": {leaf["id"] for leaf in one["inputs"] if leaf["id"] in tables}
        for id, one in collect.stored_receipts(notebooks).items()
    }
    inputs = set().union(*rests.values())

    readers: dict[str, set[str]] = defaultdict(set)
    idle: dict[str, set[str]] = defaultdict(set)
    reasons: dict[str, list[str]] = defaultdict(list)
    progress: dict[str, float] = {}
    phase = 0

    def take(message: tuple) -> None:
        kind, *rest = message
        line = ""
        if kind == "broken":
            report.broken.append(rest[0])
        elif kind == "read":
            for id in rest[1]:
                readers[id].add(rest[0])
        elif kind == "idle":
            for id in rest[0]:
                idle[id].add(rest[1])
        elif kind == "step" and rest[0] in progress:
            progress[rest[0]] = max(progress[rest[0]], rest[1] / rest[2])
        elif kind == "done":
            progress[rest[0]] = 1.0
            line = f"{rest[0]}: {('all at once', 'the rest apart')[phase]}, {rest[1]:.0f} s"
        elif kind == "tried":
            file, id, name = rest
            if _caught(name):
                held = report.caught.get(id)
                if held is None or _rank(name) < _rank(held):
                    report.caught[id] = name
            elif name:
                reasons[id].append(f"{file}: {name}")
        if bar:
            bar((phase + sum(progress.values()) / max(len(progress), 1)) / 2, line)

    skip = set(report.caught)
    progress.update({path.name: 0.0 for path in notebooks})
    _work([(path, skip, None, rests, strict) for path in notebooks], take)

    read_by_id = {id for id in named(notebooks) if readers.get(id)}
    wanted = inputs | set(linked) | read_by_id
    again = []
    for path in reversed(notebooks):
        left = {id for id in wanted if path.name in readers[id] - idle[id]} - set(report.caught)
        some = sorted(left, key=lambda id: (tables.table_of(id), id))
        again += [
            (path, report.caught, some[i : i + PART], rests, strict)
            for i in range(0, len(some), PART)
        ]
    phase, progress = 1, {f"{path.name}, {some[0]} and on": 0.0 for path, _, some, *_ in again}
    _work(again, take)

    for id in wanted - set(report.caught):
        where = ", ".join(sorted(readers[id])) or "a page without code"
        report.missed[id] = "; ".join(reasons[id]) or f"nothing moves in {where}"
    report.unshown = sorted(
        id for id, by in readers.items() if by and id not in report.caught | report.missed
    )
    report.untraced = sorted(
        id
        for id in (*report.caught, *report.missed)
        if tables.table_of(id) != ASSUMED and not set(tables[id].sources) & set(tables.sources)
    )
    report.seconds = time.monotonic() - began
    return report


def _work(jobs: list[tuple], take: Callable[[tuple], None]) -> None:
    """Run the jobs, a few at a time, and hand on what they say."""
    fork = multiprocessing.get_context("fork")
    waiting, running = list(jobs), {}
    try:
        while waiting or running:
            while waiting and len(running) < WORKERS:
                job = waiting.pop(0)
                ours, theirs = fork.Pipe(duplex=False)
                process = fork.Process(target=_job, args=(*job, theirs))
                process.start()
                theirs.close()
                name = job[0].name + (f", {job[2][0]} and on" if job[2] else "")
                running[ours] = (process, name, time.monotonic())
            for ours in connection.wait(list(running)):
                try:
                    take(ours.recv())
                except EOFError:
                    process, name, began = running.pop(ours)
                    process.join()
                    if process.exitcode:
                        take(("broken", f"not drilled: {name}: ended by {-process.exitcode}"))
                    take(("done", name, time.monotonic() - began))
    finally:
        for process, *_ in running.values():
            process.kill()


def _job(path: Path, skip: Container[str], only: list[str] | None, rests, strict, pipe) -> None:
    for key, value in refresh.ENVIRONMENT.items():
        os.environ[key] = value
    sys.stdin = io.StringIO()
    try:
        _drill(path, skip, only, rests, strict, pipe.send)
    except Exception:
        pipe.send(("broken", f"not drilled: {path.name}: {traceback.format_exc()[-800:]}"))


def _bar(share: float, line: str) -> None:
    """A bar on a terminal; elsewhere one line for each chapter."""
    if sys.stderr.isatty():
        filled = int(40 * share)
        print(f"\r[{'#' * filled:.<40}] {share:4.0%} ", end="", file=sys.stderr, flush=True)
    elif line:
        print(line, file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m receiptbook.drill", description=__doc__.split("\n")[0]
    )
    parser.add_argument("chapters", nargs="*", help="names of chapters; all if none is given")
    parser.add_argument("--list", action="store_true", help="name what caught each change")
    parser.add_argument("--strict", action="store_true", help="lists of inputs do not count")
    parser.add_argument(
        "--least", type=float, default=0.99, help="share below which the drill fails"
    )
    options = parser.parse_args(arguments)
    if not hasattr(os, "fork"):
        print("the drill forks a process for each trial, which this system cannot", file=sys.stderr)
        return 1
    names = {path.stem for path in Book.here().written_pages()}
    if unknown := [name for name in options.chapters if name not in names]:
        parser.error(f"no chapter {unknown[0]!r}; there are {', '.join(sorted(names))}")
    import altair  # noqa: F401  loaded once, before any fork
    import pandas  # noqa: F401

    report = drill(options.chapters, _bar, strict=options.strict)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    if options.list:
        for id, name in sorted(report.caught.items()):
            print(f"{id}: {name}")
    print(report)
    good = report.share >= options.least and not (report.broken or report.untraced)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
