"""The commands of a book, as they run in its environment: build, prove, serve, print, pack.

What draws charts is loaded where it is needed: a book that is up to date is found so without it.

    python -m receiptbook.commands build [--force]

The book is the one around the working directory.
"""

from __future__ import annotations

import hashlib
import http.server
import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from receiptbook import browser, prose
from receiptbook.archive import write_archive
from receiptbook.book import Book
from receiptbook.site import run as python
from receiptbook.site.run import stick
from receiptbook.system import (
    WINDOWS,
    Stop,
    alone,
    end_like_ctrl_c,
    in_one_line,
    remove,
    run,
    say,
)

# Jupyter Book has no __main__; a script in bin/ would depend on the length of its path.
JUPYTER_BOOK = "from jupyter_book.cli.main import main; main()"
NOT_OF_THE_SITE = {
    *("_build", "build", "dist", "tests", "bench", "__pycache__"),
    *("book.py", "Makefile", "commands.py", "system.py", "browser.py"),
}
PYTEST = ("-m", "pytest", "-q", "-n", "2")


# ---------------------------------------------------------------------------------- building


def build(book: Book, arguments: Sequence[str] = ()) -> int:
    """Build the site in a fresh folder; only a whole one takes the place of the last.

    Nothing is done if no source has changed, unless --force is among the arguments.
    """
    for name in ("_config.yml", "_toc.yml"):
        if not (book.root / name).exists():
            raise Stop(f"{name} is missing; restore it with: git checkout {name}")
    work = book.build / "work"  # holds the drawn charts between builds
    with alone(book.build, "build"):
        old = _old(book)
        if old.exists() and not book.site.exists():  # a swap was cut short
            old.rename(book.site)
        stamp = book.build / "html.stamp"
        now = fingerprint(book.root)
        if "--force" not in arguments and is_built(book, stamp, now) and not python.arrived(book):
            say(f"the book is up to date: {(book.site / 'index.html').as_uri()}")
            return 0
        if fault := prose.main(["--facts"]):
            what = {1: "numbers in prose do not match their receipts"}
            raise Stop(f"{what.get(fault, 'a file of the book is not sound')}; nothing was built")
        say("building the book")
        if python.wanted(book):
            python.prepare(book)
        began = time.monotonic()
        fresh = work / "_build" / "html"
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(fresh.parent / ".doctrees", ignore_errors=True)
        log = book.build / "build.log"
        command = [sys.executable, "-c", JUPYTER_BOOK, "build", book.root, "--path-output", work]
        code = run([*command, "--all", "-W", "-n", "--keep-going"], log, moves=progress(log))
        found = list(faults(book.root, log.read_text("utf-8", "replace"), code))
        if found or not (fresh / "index.html").exists():
            print("\n".join(found), file=sys.stderr)
            hint = "; the last good site stays" if book.site.exists() else ""
            if any("in doc 'chapters/ledger'" in line for line in found):
                hint += "; make refresh renews the ledger"
            raise Stop(f"the book was not built{hint}; details in {log.relative_to(book.root)}")
        swap(fresh, book)
        stamp.write_text(now, "utf-8")
        pages = sum(1 for _ in book.site.rglob("*.html"))
        took = f"{pages} pages in {time.monotonic() - began:.0f} s"
        say(f"{took}: {(book.site / 'index.html').as_uri()}")
    return 0


def progress(log: Path) -> Callable[[], str]:
    """How far Sphinx has come, by the last share that its log names."""

    def moves() -> str:
        told = re.findall(r"(reading|writing)\b.*?\[ *(\d+)%\]", log.read_text("utf-8", "replace"))
        return f"{told[-1][0]} pages: {told[-1][1]} percent" if told else "starting"

    return moves


def fingerprint(root: Path) -> str:
    """A hash over every file that the site is made from. Tests and benchmarks are not."""
    seen = hashlib.sha256()
    for name in ("RECEIPTBOOK_REPOSITORY", "RECEIPTBOOK_DOWNLOADS"):
        seen.update(f"{os.environ.get(name)}\0".encode())
    for folder, folders, files in os.walk(root):
        keep = (name for name in folders if name not in NOT_OF_THE_SITE and name[0] != ".")
        folders[:] = sorted(name for name in keep if not name.endswith(".egg-info"))
        for name in sorted(files):
            if name not in NOT_OF_THE_SITE and name[0] != "." and not name.endswith((".pyc", "~")):
                path = Path(folder, name)
                seen.update(f"{path.relative_to(root).as_posix()}\0".encode())
                seen.update(hashlib.sha256(path.read_bytes()).digest())
    return seen.hexdigest()


def is_built(book: Book, stamp: Path, now: str) -> bool:
    """Whether the site stands and was made from what is there now."""
    whole = (book.site / "index.html").exists() and stamp.exists()
    return whole and stamp.read_text("utf-8") == now


def faults(root: Path, told: str, code: int) -> Iterator[str]:
    """The lines of Jupyter Book's output that say what is wrong; none if the build is clean."""
    if full := re.search(r"No space left on device.*|Disk quota exceeded.*", told):
        yield f"{full[0].strip()}: the disk is full; free some space and run make book again"
        return
    lines = re.sub(r"\x1b\[[\d;]*m", "", told).replace(f"{root}{os.sep}", "").splitlines()
    found = [line for line in lines if re.search(r"\b(WARNING|ERROR)\b", line)]
    for number, line in enumerate(lines):
        if re.search(r"(error|occurred):$", line):  # Sphinx names the kind, then the cause
            found += lines[number : number + 2]
    yield from found or (lines[-15:] if code else [])


def _old(book: Book) -> Path:
    return book.site.with_name(f"{book.site.name}.old")


def swap(fresh: Path, book: Book) -> None:
    """Put a fresh site in the place of the last in two renames."""
    site, old = book.site, _old(book)
    try:
        if site.exists():
            if old.exists():
                remove(old)
            site.rename(old)
        fresh.rename(site)
    except OSError as error:
        if old.exists() and not site.exists():
            old.rename(site)
        raise Stop(f"{site} is in use; close what reads it ({error.strerror})") from None
    shutil.rmtree(old, ignore_errors=True)


# ------------------------------------------------------------------------- showing and packing


def serve(book: Book, arguments: Sequence[str]) -> int:
    """Build, then serve the site to this machine only, on the first free port from 8000."""
    build(book)
    first = int(arguments[0]) if arguments and arguments[0].isdigit() else 8000
    for port in range(first, first + 20):
        try:
            server = site_server(book.site, port)
        except OSError:
            continue
        with server:
            say(f"http://127.0.0.1:{port}/ (Ctrl-C ends it)")
            server.serve_forever()
    raise Stop(f"no free port from {first} to {first + 19}")


def site_server(site: Path, port: int = 0) -> http.server.ThreadingHTTPServer:
    """A server of one folder to this machine, not yet at work; what is not there is its 404.html.

    It ends when it is told to, whoever is still connected. No folder is listed, and a link out of
    the folder leads nowhere.
    """
    inside = site.resolve()

    class Pages(http.server.SimpleHTTPRequestHandler):
        timeout = 10  # seconds for a request to arrive

        def __init__(self, *rest):
            super().__init__(*rest, directory=str(site))

        def log_message(self, *rest):
            pass

        def send_head(self):
            asked = Path(self.translate_path(self.path))
            page = asked / "index.html" if asked.is_dir() else asked
            if not page.is_file() or not page.resolve().is_relative_to(inside):
                self.send_error(404)
                return None
            return super().send_head()

        def send_error(self, code, message=None, explain=None):
            lost = site / "404.html"
            if code != 404 or not lost.exists():
                return super().send_error(code, message, explain)
            # served at any depth, so its links start at the root
            text = re.sub(r'\b(href|src)="(?![\w+.-]+:|[/#])', r'\1="/', lost.read_text("utf-8"))
            self.send_response(404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(text.encode())

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True  # nobody who is still connected keeps it from ending
        allow_reuse_address = not WINDOWS  # there, two servers would share the port

    return Server(("127.0.0.1", port), Pages)


def lab(book: Book, arguments: Sequence[str]) -> int:
    """Open the chapters in JupyterLab."""
    root = ["--allow-root"] if not WINDOWS and os.geteuid() == 0 else []
    place = [f"--ServerApp.root_dir={book.root}", "--LabApp.default_url=/lab/tree/chapters"]
    return run([sys.executable, "-m", "jupyterlab", *place, *root, *arguments])


def print_pdf(book: Book, arguments: Sequence[str]) -> int:
    """Build the site, then print it as one PDF into dist/."""
    from receiptbook.site import pdf

    if not browser.provide(book.build):
        raise Stop("a PDF is printed by a browser, and none was found")
    build(book)
    return _made(pdf.write(book.site, book.dist / f"{book.name}.pdf"))


def pack(book: Book, arguments: Sequence[str]) -> int:
    """Build the site, then pack it into dist/. It opens from a folder, without a server.

    With --python among the arguments the archive holds what its pages need to run there.
    """
    build(book)
    if "--python" not in arguments:
        entries = stick.without_python(book.site, book.name)
        return _made(write_archive(book.dist / f"{book.name}.zip", entries))
    if not (book.site / python.PLACE).exists():
        raise Stop("the site was built without Python in its pages; see what make book says")
    entries = stick.with_python(book.site, book.name)
    return _made(write_archive(book.dist / f"{book.name}-python.zip", entries))


def _made(file: Path) -> int:
    say(f"{file}: {file.stat().st_size / 1e6:.1f} MB")
    return 0


# ----------------------------------------------------------------------------------- proving


def test(book: Book, arguments: Sequence[str]) -> int:
    """Build the book, then test it: unit tests, strict nbval, the site in a real browser.

    Arguments go to pytest; without a path among them, all is run but what takes long, see `prove`.
    A book that cannot be built does not keep the tests from running: they name what moved.
    """
    return _tested(book, ["--nbval", "-m", "not long"], arguments)


def prove(book: Book, arguments: Sequence[str]) -> int:
    """Build the book, then run the tests that take long: every page in every state, paper, what may come.

    Arguments go to pytest, as with `test`, which runs all the others.
    """
    return _tested(book, ["-m", "long"], arguments)


def _tested(book: Book, what: list[str], arguments: Sequence[str]) -> int:
    """Build, then run pytest: `what` of all testpaths in pyproject.toml, or the paths that are named."""
    browser.provide(book.build)
    built = True
    try:
        build(book)
    except Stop as stop:
        built = False
        print(stop, file=sys.stderr)
    if any((book.root / word.split("::")[0]).exists() for word in arguments if word[:1] != "-"):
        what = []
    code = run([sys.executable, *PYTEST, *what, *arguments], cwd=book.root)
    return code or int(not built)


def check(book: Book, arguments: Sequence[str]) -> int:
    """The quick round: tables, prose and approvals, then the tests that need no kernel and no browser."""
    from receiptbook import approvals

    faults = [prose.main([]), approvals.main([])]
    tests = [sys.executable, *PYTEST, "-m", "not slow", *arguments]
    return run(tests, cwd=book.root) or max(faults)


COMMANDS = {
    "build": build,
    "serve": serve,
    "lab": lab,
    "pdf": print_pdf,
    "zip": pack,
    "test": test,
    "proof": prove,
    "check": check,
}


def main(words: list[str] | None = None) -> int:
    """Run one command on the book at hand; returns its exit code."""
    name, *arguments = sys.argv[1:] if words is None else words
    end_like_ctrl_c()
    try:
        return COMMANDS[name](Book.here(), arguments)
    except (Stop, ValueError) as error:  # ValueError: from the book's files
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(in_one_line(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
