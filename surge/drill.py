"""The mutation drill: does the book notice when a figure changes by one digit?

    python -m surge.drill               every used figure, every chapter
    python -m surge.drill headline      only what these chapters use
    python -m surge.drill --list        also name what caught each change

Each figure that a chapter uses is changed, value and printed form together, by one unit of its
last printed digit; nothing is written to disk. A change is caught where a stored receipt, a chart
or a sentence would no longer be what the chapter stores, because that is what the tests compare
and name. Fingerprints and the check of a value against its printed form do not count.

A figure counts as used when it is an input of a stored receipt, when a sentence links to it, or
when the data of a chart follow from it. What a chapter reads without showing it (a whole table is
read where a part is drawn) is listed apart.

How it is done in minutes: a chapter runs in one process; just before the cell that first reads a
figure the process forks, the child changes the figure and runs on until something differs.
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
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from surge import claims, data, prose, refresh
from surge.data import _last_unit
from surge.quantity import QuantityError, published, read

CHART = prose.CHART
WORKERS = 2


# ------------------------------------------------------------------------------- one unit more


def changed(row: Mapping[str, str]) -> dict[str, str]:
    """The row with its figure one unit of the last printed digit higher.

    Lower where a share would pass one hundred percent, and for "more than" and "at least", whose
    words stay true of anything higher.
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
    q = data.derived(row["derivation"], row["unit"], row["value"])
    step = _last_unit(row["value"])
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

    def change(self, *ids: str) -> None:
        for id in ids:
            name, old = self._home[id]
            new = changed(old)
            place = next(i for i, row in enumerate(self._rows[name]) if row is old)
            self._rows[name][place] = new
            self._home[id] = (name, new)
            self._figures.pop(id, None)


# ------------------------------------------------------------------------- running a chapter


_RUN = re.compile(r"0x[0-9a-f]+|T_[0-9a-f]{5}")  # what differs from run to run: addresses, styles


@dataclass
class Cell:
    """One code cell as the drill compares it: what it shows, by name."""

    id: str
    shown: dict[str, str] = field(default_factory=dict)
    charts: dict[str, dict] = field(default_factory=dict)
    error: str = ""


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
        with warnings.catch_warnings(), capture_output() as captured:
            warnings.simplefilter("ignore")
            done = self.shell.run_cell(source, store_history=False, silent=False)
        failure = done.error_before_exec or done.error_in_exec
        if failure is not None:
            cell.error = f"{type(failure).__name__}: {str(failure).splitlines()[0][:200]}"
        if refresh.UNTESTED in tags:
            return cell
        if captured.stdout:
            cell.shown[f"output of cell {id}"] = captured.stdout
        for bundle in [*(output.data for output in captured.outputs), self.last]:
            if bundle:
                self._keep(cell, bundle)
        return cell

    @staticmethod
    def _keep(cell: Cell, bundle: Mapping) -> None:
        if one := bundle.get(claims.MIME):
            for receipt in one if isinstance(one, list) else [one]:
                cell.shown[f"receipt {receipt['id']}"] = json.dumps(receipt, sort_keys=True)
        elif CHART in bundle:
            spec = bundle[CHART]
            name = spec.get("usermeta", {}).get("surge", {}).get("id", cell.id)
            cell.shown[f"chart {name}"] = json.dumps(spec, sort_keys=True, default=str)
            cell.charts[name] = spec
        else:
            text = str(bundle.get("text/html") or bundle.get("text/plain", ""))
            key = f"output of cell {cell.id}"
            cell.shown[key] = cell.shown.get(key, "") + _RUN.sub("", text)


def _moved(before: Cell, after: Cell) -> list[str]:
    if after.error and not before.error:
        return [f"stop: {after.error}"]
    names = {**before.shown, **after.shown}
    return [name for name in names if before.shown.get(name) != after.shown.get(name)]


@contextlib.contextmanager
def _in_child() -> Iterator[tuple[int, int]]:
    """Fork. In the child the first number is 0 and the second a pipe to write to."""
    out, into = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(out)
        try:
            yield 0, into
        except BaseException:
            os.write(into, json.dumps({"crash": traceback.format_exc()[-600:]}).encode())
        finally:
            os._exit(0)
    os.close(into)
    yield pid, out


PATIENCE = 180  # seconds for one run of a chapter on a busy machine


def _said(pid: int, out: int) -> dict:
    """What a child wrote; a child that says nothing for too long is ended."""
    text, until = b"", time.monotonic() + PATIENCE
    with os.fdopen(out, "rb", buffering=0) as pipe:
        while True:
            ready, _, _ = select.select([pipe], [], [], max(0, until - time.monotonic()))
            if not ready:
                os.kill(pid, signal.SIGKILL)
                text = b""
                break
            piece = pipe.read(1 << 20)
            if not piece:
                break
            text += piece
    os.waitpid(pid, 0)
    return json.loads(text) if text else {"crash": "no answer in time"}


def _drill(path: Path, wanted: set[str], loose: bool, send) -> None:
    """Drill one chapter; `send` gets (kind, ...) tuples. Runs in a process of its own."""
    tables = Watched(data.default_root())
    data._load = lambda root: tables  # every room asks here
    chapter = Chapter(path)

    # First run: what each cell shows, and which figures it is the first to read.
    with _in_child() as (pid, pipe):
        if pid == 0:
            chapter.start()
            tables.take()
            cells, first, single = [], {}, set()
            for number in range(len(chapter.cells)):
                cells.append(chapter.run(number))
                one, all_ = tables.take()
                single |= one
                for id in one | all_:
                    first.setdefault(id, number)
            answer = {
                "cells": [[c.id, c.shown, c.charts, c.error] for c in cells],
                "first": first, "single": sorted(single),
            }  # fmt: skip
            view = memoryview(json.dumps(answer, default=str).encode())
            while view:
                view = view[os.write(pipe, view) :]
        else:
            answer = _said(pid, pipe)
    if "crash" in answer:
        send(("broken", path.name, answer["crash"]))
        return
    base = [Cell(*one) for one in answer["cells"]]
    for cell in base:
        if cell.error:
            send(("broken", path.name, f"cell {cell.id}: {cell.error}"))
            return
    first: dict[str, int] = answer["first"]
    single = set(answer["single"])
    send(("read", path.name, sorted(first), sorted(single)))

    chosen = [id for id in first if id in wanted]
    if loose:
        charted = _batch(chapter, tables, base, [id for id in first if id not in wanted])
        for id, name in charted.items():
            send(("charted", path.name, id, name))
        chosen += [id for id in single if id not in wanted and id not in charted]
    at = defaultdict(list)
    for id in chosen:
        at[first[id]].append(id)

    # Second run: fork before the cell that first reads a figure.
    chapter.start()
    for number in range(max(at, default=-1) + 1):
        for id in at[number]:
            with _in_child() as (pid, pipe):
                if pid == 0:
                    tables.change(id)
                    names: list[str] = []
                    for later in range(number, len(base)):
                        after = chapter.run(later)
                        names += _moved(base[later], after)
                        if after.error or any(n[:6] in ("receip", "chart ") for n in names):
                            break
                    os.write(pipe, json.dumps({"names": names[:5]}).encode())
                else:
                    answer = _said(pid, pipe)
            send(("tried", path.name, id, answer.get("names", []), answer.get("crash", "")))
        again = chapter.run(number)
        if again.shown != base[number].shown:
            send(("unsteady", path.name, base[number].id))


def _batch(chapter, tables, base, ids: list[str]) -> dict[str, str]:
    """Figures that charts show as they are: all changed at once, each found again by its value."""
    pairs = {}
    for id in ids:
        old = tables._home[id][1]
        with contextlib.suppress(QuantityError):
            pairs[id] = (float(old["value"]), float(changed(old)["value"]))
    if not pairs or not any(cell.charts for cell in base):
        return {}
    with _in_child() as (pid, pipe):
        if pid == 0:
            tables.change(*pairs)
            chapter.start()
            moved: dict[str, list] = {}
            for number in range(len(base)):
                after = chapter.run(number)
                for name, spec in base[number].charts.items():
                    if name in after.charts:
                        moved.setdefault(name, []).extend(_numbers(spec, after.charts[name]))
                if after.error:
                    break
            view = memoryview(json.dumps({"moved": moved}).encode())
            while view:
                view = view[os.write(pipe, view) :]
        else:
            answer = _said(pid, pipe)
    found = {}
    for name, changes in answer.get("moved", {}).items():
        seen = {(round(a, 9), round(b, 9)) for a, b in changes}
        for id, (old, new) in pairs.items():
            for power in (0, -2, -3, -4, -6, -8, -9):
                if (round(old * 10.0**power, 9), round(new * 10.0**power, 9)) in seen:
                    found.setdefault(id, name)
    return found


def _numbers(before, after) -> Iterator[tuple[float, float]]:
    """Pairs of numbers that stand in the same place of two specifications and differ."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in before.keys() & after.keys():
            yield from _numbers(before[key], after[key])
        # Data sets are named by their content: pair the one that went with the one that came.
        gone, new = sorted(before.keys() - after.keys()), sorted(after.keys() - before.keys())
        for one, other in zip(gone, new, strict=False):
            yield from _numbers(before[one], after[other])
    elif isinstance(before, list) and isinstance(after, list):
        for one, other in zip(before, after, strict=False):
            yield from _numbers(one, other)
    elif isinstance(before, (int, float)) and isinstance(after, (int, float)) and before != after:
        yield float(before), float(after)


# ------------------------------------------------------------------------------- the whole book


@dataclass
class Report:
    """What came of a drill. `caught` and `missed` hold figures by id."""

    caught: dict[str, str] = field(default_factory=dict)
    missed: dict[str, str] = field(default_factory=dict)
    unshown: list[str] = field(default_factory=list)
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
            kinds[name.partition(" ")[0].rstrip(":")] += 1
        by = ", ".join(f"{n} by a {kind}" for kind, n in sorted(kinds.items(), key=lambda k: -k[1]))
        lines = [
            f"{len(self.caught)} of {self.used} changes caught ({self.share:.1%}) in "
            f"{self.seconds:.0f} s: {by}",
            f"{len(self.unshown)} figures are read without being shown",
        ]
        lines += [f"missed: {id} ({why})" for id, why in sorted(self.missed.items())]
        return "\n".join(lines + self.broken)


def sentences(paths: Iterable[Path], tables: data.Data) -> dict[str, list[tuple[str, str]]]:
    """Links of the prose to rows of data/: for each id (file, words)."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for path in paths:
        for place, text in prose.pieces(path):
            for link in prose.links(text):
                if link["id"] in tables:
                    found[link["id"]].append((place.file, link["text"]))
    return found


def stale(id: str, row: Mapping[str, str], words: Iterable[tuple[str, str]], tables) -> str | None:
    """The first sentence that a changed row makes wrong, named by file and words."""
    figure = data._figure(changed(row))
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


def drill(names: Iterable[str] = (), bar=None) -> Report:
    """Drill the named chapters, or all; `bar` is called with (done, expected)."""
    began, report = time.monotonic(), Report()
    tables = data.load()
    files = [path for path in prose.chapter_files() if path.name != refresh.LEDGER]
    if names:
        files = [path for path in files if path.stem in set(names)]
    notebooks = [path for path in files if path.suffix == ".ipynb"]

    linked = sentences(files, tables)
    for id, words in linked.items():
        wrong = stale(id, dict(tables.row(id)), words, tables)
        if wrong:
            report.caught[id] = wrong
    inputs: dict[str, list[str]] = defaultdict(list)
    for one in claims.collect(notebooks).values():
        for leaf in one["inputs"]:
            if leaf["id"] in tables:
                inputs[leaf["id"]].append(one["where"])
    wanted = (set(inputs) | set(linked)) - set(report.caught)

    readers: dict[str, set[str]] = defaultdict(set)
    single: set[str] = set()
    tried: dict[str, list[str]] = defaultdict(list)
    expected = len(wanted)

    def take(message) -> None:
        kind, file, *rest = message
        if kind == "broken":
            report.broken.append(f"not drilled: {file}: {rest[0]}")
        elif kind == "unsteady":
            report.broken.append(f"unsteady: {file}, cell {rest[0]}")
        elif kind == "read":
            for id in rest[0]:
                readers[id].add(file)
            single.update(rest[1])
        elif kind == "charted":
            report.caught.setdefault(rest[0], f"chart {rest[1]}")
        elif kind == "tried":
            id, moved, crash = rest
            if moved:
                report.caught.setdefault(id, sorted(moved, key=_rank)[0])
            else:
                tried[id].append(file + (f" ({crash})" if crash else ""))
        if bar:
            bar(len(report.caught) + len(tried), max(expected, len(report.caught) + len(tried)))

    # Each figure is tried first where a receipt rests on it.
    jobs = []
    for path in notebooks:
        mine = {id for id in wanted if inputs.get(id, [path.name])[0] == path.name}
        jobs.append((path, mine, True))
    _work(jobs, take)
    left = wanted - set(report.caught)
    again = [
        (
            path,
            {id for id in left if path.name in readers[id] and path.name not in tried[id]},
            False,
        )
        for path in notebooks
    ]
    _work([job for job in again if job[1]], take)

    for id in wanted - set(report.caught):
        where = ", ".join(tried[id]) or "no chapter that reads it ran"
        report.missed[id] = f"nothing moved in {where}"
    report.unshown = sorted(set(readers) - set(report.caught) - set(report.missed))
    report.seconds = time.monotonic() - began
    return report


def _rank(name: str) -> int:
    return ["receipt", "chart", "sentence", "stop:", "output"].index(name.partition(" ")[0])


def _work(jobs: list[tuple[Path, set[str], bool]], take) -> None:
    """Run the jobs in a few processes and hand on what they say."""
    fork = multiprocessing.get_context("fork")
    queue = fork.SimpleQueue()
    waiting, running = list(jobs), {}
    while waiting or running:
        while waiting and len(running) < WORKERS:
            job = waiting.pop(0)
            process = fork.Process(target=_job, args=(*job, queue))
            process.start()
            running[job[0].name] = process
        message = queue.get()
        if message[0] == "done":
            running.pop(message[1]).join()
            if not sys.stderr.isatty():
                print(f"{message[1]} done", file=sys.stderr, flush=True)
        else:
            take(message)


def _job(path: Path, wanted: set[str], loose: bool, queue) -> None:
    for key, value in refresh.ENVIRONMENT.items():
        os.environ[key] = value
    sys.stdin = io.StringIO()
    try:
        _drill(path, wanted, loose, queue.put)
    except BaseException:
        queue.put(("broken", path.name, traceback.format_exc()[-800:]))
    finally:
        queue.put(("done", path.name))


def _bar(done: int, expected: int) -> None:
    if sys.stderr.isatty():
        filled = 40 * done // max(expected, 1)
        print(f"\r[{'#' * filled:.<40}] {done}/{expected} ", end="", file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m surge.drill", description=__doc__.split("\n")[0]
    )
    parser.add_argument("chapters", nargs="*", help="names of chapters; all if none is given")
    parser.add_argument("--list", action="store_true", help="name what caught each change")
    parser.add_argument(
        "--least", type=float, default=0.99, help="share below which the drill fails"
    )
    options = parser.parse_args(arguments)
    import altair  # noqa: F401  loaded once, before any fork
    import pandas  # noqa: F401

    report = drill(options.chapters, _bar)
    if options.list:
        for id, name in sorted(report.caught.items()):
            print(f"{id}: {name}")
    print(report)
    return 0 if report.share >= options.least and not report.broken else 1


if __name__ == "__main__":
    sys.exit(main())
