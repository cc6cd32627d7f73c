#!/usr/bin/env python3
"""The commands of this book: one file, standard library only, the same on every system.

    python3 book.py book        (or: make book; on Windows: py book.py book)

The first command that needs packages makes the environment in .venv; later ones find it ready.
A new command is one line in COMMANDS.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.server
import json
import os
import re
import shutil
import signal
import socketserver
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BUILD = ROOT / "_build"
SITE = BUILD / "html"
OLD = BUILD / "html.old"
STAMP = VENV / "book-stamp.json"
UNFINISHED = VENV / "unfinished"  # a set-up that is cut short leaves this; the next starts afresh
VERSION = "{}.{}".format(*sys.version_info[:2])
BOOK, DEV = "requirements.txt", "requirements-dev.txt"
LOCK = "requirements.lock"
OLDEST = (3, 11)
WINDOWS = os.name == "nt"
IN_CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")


class Stop(Exception):
    """Something is missing or wrong; the message is one line and says what to do."""


def say(message: str) -> None:
    print(message, flush=True)


# --- running other programs ----------------------------------------------------------------


def environment() -> dict[str, str]:
    """The variables that every child gets: ours, not those of another active environment."""
    clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONHOME", "PYTHONPATH")}
    folder = python().parent
    return {
        **clean,
        "VIRTUAL_ENV": str(folder.parent),
        "PATH": f"{folder}{os.pathsep}{clean.get('PATH', '')}",
        "PYTHONNOUSERSITE": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        # the same text from every kernel, whatever the machine
        "PYTHONHASHSEED": "0",
        "TZ": "UTC",
    }


def python() -> Path:
    """The environment's interpreter."""
    return VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")


def run(*command: object, log: Path | None = None) -> int:
    """Run a command in the repository and return its exit code; with `log`, write there."""
    words = [str(word) for word in command]
    if log is None:
        return subprocess.run(words, cwd=ROOT, env=environment(), check=False).returncode
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as out:
        return subprocess.run(
            words, cwd=ROOT, env=environment(), check=False, stdout=out, stderr=subprocess.STDOUT
        ).returncode


@contextlib.contextmanager
def alone(name: str):
    """Hold the lock `name`, so that two runs at a time do not write into each other.

    The system releases it when the process ends, however it ends.
    """
    BUILD.mkdir(exist_ok=True)
    with (BUILD / f".{name}.lock").open("a+") as handle:
        waiting = False
        while not locked(handle.fileno()):
            if not waiting:
                say(f"another {name} is at work; waiting for it")
            waiting = True
            time.sleep(0.2)
        yield


def locked(file: int) -> bool:
    """Try to lock an open file."""
    try:
        if WINDOWS:
            import msvcrt

            os.lseek(file, 0, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def remove(path: Path) -> None:
    """Remove a file or folder; a folder cut short in this is not taken for a whole one."""
    if path.is_dir() and not path.is_symlink():
        gone = path.with_name(f"{path.name}.gone")
        shutil.rmtree(gone, ignore_errors=True)
        shutil.rmtree(path.rename(gone))
    else:
        path.unlink(missing_ok=True)


# --- the environment -----------------------------------------------------------------------


def wanted(level: str) -> dict[str, str]:
    """What the environment's stamp must hold for a level: interpreter, place and pinned lists."""
    import tomllib

    project = tomllib.loads(read("pyproject.toml"))
    project["tool"] = project.get("tool", {}).get("setuptools")  # only what is installed
    parts = [read(BOOK), read(LOCK), json.dumps(project, sort_keys=True)]
    stamp = {
        "python": VERSION,
        "place": str(VENV),  # an environment cannot be moved
        BOOK: digest(*parts),
    }
    if level == DEV:
        stamp[DEV] = digest(*parts, read(DEV))
    return stamp


def read(name: str) -> str:
    try:
        return (ROOT / name).read_text("utf-8")
    except FileNotFoundError:
        raise Stop(f"{name} is missing; restore it with: git checkout {name}") from None


def digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]


def set_up(level: str) -> None:
    """Make sure that .venv holds what `level` lists; if it does, this takes milliseconds."""
    if is_ready(level):
        return
    with alone("set-up"):
        if is_ready(level):  # another run has just finished it
            return
        began = time.monotonic()
        reason = why_rebuild()
        if reason:
            say(f"making the environment in .venv ({reason}); this takes a minute or two")
            make_venv()
        else:
            say("bringing the environment in .venv up to date")
        UNFINISHED.touch()
        STAMP.unlink(missing_ok=True)
        install(level)
        STAMP.write_text(json.dumps(wanted(level), indent=1), "utf-8")
        UNFINISHED.unlink()
        say(f"environment ready after {time.monotonic() - began:.0f} s")


def stamped() -> dict[str, str]:
    try:
        return json.loads(STAMP.read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def is_ready(level: str) -> bool:
    return python().exists() and wanted(level).items() <= stamped().items()


def why_rebuild() -> str:
    """Return why the environment must be made anew, or nothing if it can be brought up to date."""
    if not VENV.exists():
        return "there is none"
    if UNFINISHED.exists():
        return "the last installation did not finish"
    if stamped().get("place", str(VENV)) != str(VENV):
        return "the folder was moved"
    probe = "import sys, pip; print('{}.{}'.format(*sys.version_info))"
    try:
        version = subprocess.run(
            [str(python()), "-c", probe], capture_output=True, text=True, check=True, timeout=60
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return "it is broken"
    return "" if version == VERSION else f"it holds Python {version}, this is {VERSION}"


def make_venv() -> None:
    if WINDOWS and Path(sys.prefix).resolve() == VENV:
        raise Stop("leave the active environment first: deactivate")
    base = base_python()
    log = BUILD / "set-up.log"
    package = f"python{VERSION}-venv"
    ways = [(base, "-m", "venv", VENV)]
    uv = shutil.which("uv")
    if uv:
        ways.insert(0, (uv, "venv", "--allow-existing", "--seed", "--python", base, VENV))
    for way in [*ways, None]:
        remove(VENV)
        if way is None and not apt_install(package):
            break
        VENV.mkdir()
        UNFINISHED.touch()
        if run(*(way or ways[-1]), log=log) == 0:
            return
    remove(VENV)
    raise Stop(
        f"this Python cannot make environments; install its venv module (Debian, Ubuntu: "
        f"apt install {package}) or uv; details in {log.relative_to(ROOT)}"
    )


def base_python() -> str:
    """The interpreter behind an active environment, so that ours does not rest on another."""
    return getattr(sys, "_base_executable", None) or sys.executable


def install(level: str) -> None:
    """Install a requirements file, every version held by the lock."""
    log = BUILD / "set-up.log"
    words = ("-r", level, "-c", LOCK)
    # uv does not read pip's settings, so a mirror named only there is found by the second try
    uv = shutil.which("uv")
    if uv and run(uv, "pip", "install", *words, log=log) == 0:
        return
    code = run(python(), "-m", "pip", "install", *words, log=log)
    if code == 0:
        return
    told = log.read_text("utf-8", "replace")
    if code > 0 and "cancelled by user" not in told:
        UNFINISHED.unlink()  # it ended in order, so nothing is half-installed
    where = log.relative_to(ROOT)
    if re.search(r"NewConnection|name resolution|timed out|Connection(Error| refused)", told):
        raise Stop(f"the package index cannot be reached; check the network; details in {where}")
    if "No space left" in told:
        raise Stop(f"the disk is full; the environment needs about 1 GB; details in {where}")
    errors = [line for line in told.splitlines() if line.lower().startswith("error")]
    raise Stop(f"installing {level} failed: {(errors or ['?'])[-1]}; details in {where}")


def renew_lock(arguments: list[str]) -> int:
    """Resolve the pinned lists, without the lock, for the oldest Python that must do."""
    lists = [line for name in (BOOK, DEV) for line in read(name).splitlines() if line[:1] != "-"]
    BUILD.mkdir(exist_ok=True)
    wants, report = BUILD / "lock.in", BUILD / "lock.json"
    wants.write_text("\n".join(lists), "utf-8")
    oldest = "{}.{}.0".format(*OLDEST)
    code = run(
        *(python(), "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"),
        *("--python-version", oldest, "--only-binary", ":all:", "--target", BUILD / "nowhere"),
        *("--report", report, "-r", wants),
    )
    if code:
        raise Stop(f"the lists cannot be resolved for Python {oldest}")
    chosen = [one["metadata"] for one in json.loads(report.read_text("utf-8"))["install"]]
    pins = sorted((f"{one['name']}=={one['version']}" for one in chosen), key=str.lower)
    head = [line for line in read(LOCK).splitlines() if line.startswith("#")]
    (ROOT / LOCK).write_text("\n".join([*head, *pins, ""]), "utf-8")
    say(f"{LOCK}: {len(pins)} packages")
    return 0


# --- building ------------------------------------------------------------------------------

# The package has no __main__; a script in bin/ would depend on the length of its path.
JUPYTER_BOOK = "from jupyter_book.cli.main import main; main()"


def fingerprint() -> str:
    """A hash over every file that the site is made from. Tests and benchmarks are not."""
    apart = {"_build", "build", "dist", "tests", "bench", "__pycache__", "book.py", "Makefile"}
    seen = hashlib.sha256()
    for folder, folders, files in os.walk(ROOT):
        keep = (name for name in folders if name not in apart and name[0] != ".")
        folders[:] = sorted(name for name in keep if not name.endswith(".egg-info"))
        for name in sorted(files):
            if name not in apart and name[0] != "." and not name.endswith((".pyc", "~")):
                path = Path(folder, name)
                seen.update(f"{path.relative_to(ROOT).as_posix()}\0".encode())
                seen.update(hashlib.sha256(path.read_bytes()).digest())
    return seen.hexdigest()


def build(arguments: list[str]) -> int:
    """Build the site in a fresh folder; only a whole one takes the place of the last."""
    for name in ("_config.yml", "_toc.yml"):
        read(name)
    with alone("build"):
        if OLD.exists() and not SITE.exists():  # a swap was cut short
            OLD.rename(SITE)
        stamp = BUILD / "html.stamp"
        now = fingerprint()
        if "--force" not in arguments and is_built(stamp, now):
            say(f"the book is up to date: {(SITE / 'index.html').as_uri()}")
            return 0
        if fault := run(python(), "-m", "receiptbook.prose") if has("receiptbook/prose.py") else 0:
            what = {1: "numbers in prose do not match their receipts"}
            raise Stop(f"{what.get(fault, 'the tables are not sound')}; nothing was built")
        say("building the book")
        began = time.monotonic()
        work = BUILD / "work"  # holds the drawn charts between builds
        fresh = work / "_build" / "html"
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(fresh.parent / ".doctrees", ignore_errors=True)
        log = BUILD / "build.log"
        code = run(
            *(python(), "-c", JUPYTER_BOOK, "build", ROOT, "--path-output", work),
            *("--all", "-W", "-n", "--keep-going"),
            log=log,
        )
        found = faults(log.read_text("utf-8", "replace"), code)
        if found or not (fresh / "index.html").exists():
            print("\n".join(found), file=sys.stderr)
            hint = "; the last good site stays" if SITE.exists() else ""
            if any("in doc 'chapters/ledger'" in line for line in found):
                hint += "; make refresh renews the ledger"
            raise Stop(f"the book was not built{hint}; details in {log.relative_to(ROOT)}")
        swap(fresh)
        stamp.write_text(now, "utf-8")
        pages = sum(1 for _ in SITE.rglob("*.html"))
        say(f"{pages} pages in {time.monotonic() - began:.0f} s: {(SITE / 'index.html').as_uri()}")
    return 0


def faults(told: str, code: int) -> list[str]:
    """The lines of Jupyter Book's output that say what is wrong; none if the build is clean."""
    lines = re.sub(r"\x1b\[[\d;]*m", "", told).replace(f"{ROOT}{os.sep}", "").splitlines()
    found = [line for line in lines if re.search(r"\b(WARNING|ERROR)\b", line)]
    for number, line in enumerate(lines):
        if re.search(r"(error|occurred):$", line):  # Sphinx names the kind, then the cause
            found += lines[number : number + 2]
    return found or (lines[-15:] if code else [])


def is_built(stamp: Path, now: str) -> bool:
    return (SITE / "index.html").exists() and stamp.exists() and stamp.read_text("utf-8") == now


def swap(fresh: Path) -> None:
    """Put a fresh site in the place of the last in two renames."""
    try:
        if SITE.exists():
            if OLD.exists():
                remove(OLD)
            SITE.rename(OLD)
        fresh.rename(SITE)
    except OSError as error:
        if OLD.exists() and not SITE.exists():
            OLD.rename(SITE)
        raise Stop(f"{SITE} is in use; close what reads it ({error.strerror})") from None
    shutil.rmtree(OLD, ignore_errors=True)


def serve(arguments: list[str]) -> int:
    """Build, then serve the site to this machine only, on the first free port."""
    build([])

    class Pages(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *rest):
            super().__init__(*rest, directory=str(SITE))

        def log_message(self, *rest):
            pass

    first = int(arguments[0]) if arguments and arguments[0].isdigit() else 8000
    for port in range(first, first + 20):
        try:
            server = socketserver.ThreadingTCPServer(("127.0.0.1", port), Pages)
        except OSError:
            continue
        with server:
            say(f"http://127.0.0.1:{port}/ (Ctrl-C ends it)")
            server.serve_forever()
    raise Stop(f"no free port from {first} to {first + 19}")


def kit(arguments: list[str]) -> int:
    """Build the site, then write the zip for a class into dist/; without a browser no handouts."""
    browser = need_browser()
    build([])
    paper = [] if browser else ["--no-paper"]
    return run(python(), "-m", "surge.kit", *paper, *arguments)


def pdf(arguments: list[str]) -> int:
    """Build the site, then print it as one PDF into dist/."""
    if not need_browser():
        raise Stop("a PDF is printed by a browser, and none was found")
    build([])
    return run(python(), "-m", "receiptbook.site.pdf", *arguments)


def zip_(arguments: list[str]) -> int:
    """Build the site, then pack it into dist/."""
    build([])
    return run(python(), "-m", "receiptbook.site.package", *arguments)


# --- testing -------------------------------------------------------------------------------

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")
BROWSER_FILES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "{PROGRAMFILES}/Google/Chrome/Application/chrome.exe",
    "{PROGRAMFILES(X86)}/Google/Chrome/Application/chrome.exe",
    "{LOCALAPPDATA}/Google/Chrome/Application/chrome.exe",
    "{PROGRAMFILES(X86)}/Microsoft/Edge/Application/msedge.exe",
)


def find_browser() -> str | None:
    """Return a Chromium that starts: $RECEIPTBOOK_CHROMIUM, else one on PATH, else a usual place."""
    named = os.environ.get("RECEIPTBOOK_CHROMIUM")
    if named:
        if not works(named):
            raise Stop(f"RECEIPTBOOK_CHROMIUM names {named}, which does not start")
        return named
    files = [re.sub(r"{(.+?)}", lambda m: os.environ.get(m[1], "?"), f) for f in BROWSER_FILES]
    for candidate in [*filter(None, map(shutil.which, BROWSERS)), *files]:
        if Path(candidate).exists() and works(candidate):
            return candidate
    return None


def works(program: str) -> bool:
    """Say whether a program starts."""
    if WINDOWS:  # there, a browser asked for its version opens a window
        return Path(program).exists()
    try:
        return (
            subprocess.run([program, "--version"], capture_output=True, timeout=60).returncode == 0
        )
    except (OSError, subprocess.SubprocessError):
        return False


def playwright_browser() -> str | None:
    """Return the browser that Playwright keeps for itself, if it has one that starts."""
    ask = (
        "from playwright.sync_api import sync_playwright as s\n"
        "with s() as p: print(p.chromium.executable_path)"
    )
    told = subprocess.run(
        [str(python()), "-c", ask], capture_output=True, text=True, env=environment(), check=False
    ).stdout.strip()
    return told if told and works(told) else None


def has_chinese_font() -> bool:
    """Say whether Chinese text is drawn; only Linux may come without such a font."""
    if sys.platform != "linux":
        return True
    try:
        told = subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, timeout=60).stdout
    except (OSError, subprocess.SubprocessError):
        return False
    return bool(told.strip())


def apt_install(*packages: str) -> bool:
    """Install system packages where that needs no question: as root on Debian or its kin."""
    if WINDOWS or not shutil.which("apt-get") or os.geteuid() != 0:
        return False
    say(f"apt-get install {' '.join(packages)}")
    log = BUILD / "apt.log"
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as out:
        for update in (False, True):
            if update:
                subprocess.run(
                    ["apt-get", "update"], stdout=out, stderr=out, env=quiet, check=False
                )
            if (
                subprocess.run(command, stdout=out, stderr=out, env=quiet, check=False).returncode
                == 0
            ):
                return True
    return False


def need_browser() -> str | None:
    """Find or get a browser and a Chinese font; say in one line what is still missing.

    Every child finds the browser in $RECEIPTBOOK_CHROMIUM.
    """
    browser = find_browser() or playwright_browser()
    lacking = [] if browser else ["chromium"]
    if not has_chinese_font():
        lacking += ["fontconfig", "fonts-noto-cjk"]
    if lacking and apt_install(*lacking):
        browser = browser or find_browser()
    if not browser:
        say("fetching a browser for the tests")
        run(python(), "-m", "playwright", "install", "chromium", log=BUILD / "browser.log")
        browser = playwright_browser()
    missing = []
    if browser:
        os.environ["RECEIPTBOOK_CHROMIUM"] = browser
    else:
        missing.append(
            "no browser: install Chromium or Chrome, or name one in RECEIPTBOOK_CHROMIUM"
        )
    if not has_chinese_font():
        missing.append("no Chinese font: install fonts-noto-cjk")
    for line in missing:
        if IN_CI:
            raise Stop(line)
        say(f"{line}; the tests that need it are skipped")
    return browser


def test(arguments: list[str]) -> int:
    """Build the book, then prove it: unit tests, strict nbval, stored outputs, the real browser.

    Arguments go to pytest; without a path among them, everything is run. A book that cannot be
    built does not keep the proofs from running: they name what moved.
    """
    need_browser()
    built = True
    try:
        build([])
    except Stop as stop:
        built = False
        print(f"book.py: {stop}", file=sys.stderr)
    what = ["tests"]
    if has("chapters"):
        what = ["--nbval", "chapters", *what]
    if any((ROOT / word.split("::")[0]).exists() for word in arguments if word[:1] != "-"):
        what = []
    # loadfile keeps a notebook's cells in one worker; more workers than two gain nothing
    pytest = ("-m", "pytest", "-q", "-n", "2", "--dist", "loadfile")
    return run(python(), *pytest, *what, *arguments) or int(not built)


# --- the table of commands -----------------------------------------------------------------


def has(name: str) -> bool:
    return (ROOT / name).exists()


def module(name: str, *words: str):
    """A command that runs a module of the environment."""
    return lambda arguments: run(python(), "-m", name, *words, *arguments)


def lab(arguments: list[str]) -> int:
    root = ["--allow-root"] if not WINDOWS and os.geteuid() == 0 else []
    place = [f"--ServerApp.root_dir={ROOT}", "--LabApp.default_url=/lab/tree/chapters"]
    return run(python(), "-m", "jupyterlab", *place, *root, *arguments)


def clean(arguments: list[str]) -> int:
    """Remove what was built; with --all the environment too."""
    gone = [BUILD, ROOT / "dist", ROOT / ".hypothesis", *ROOT.glob(".*_cache")]
    for top in ("surge", "tests", "chapters", "bench"):
        gone += [*ROOT.glob(f"{top}/**/__pycache__"), *ROOT.glob(f"{top}/**/.ipynb_checkpoints")]
    if "--all" in arguments:
        gone += [VENV, *ROOT.glob("*.egg-info")]
    for path in gone:
        if path.exists():
            remove(path)
    return 0


def help_(arguments: list[str]) -> int:
    say("make COMMAND, or: python3 book.py COMMAND\n")
    for name, command in available().items():
        say(f"  {name:<9} {command.says}")
    say('\nmore words follow the command, with make in ARGS: make test ARGS="-k growth"')
    return 0


class Command(NamedTuple):
    """One row of the table: offered if `tool` is there, run in .venv filled from `needs`."""

    needs: str | None
    tool: str
    says: str
    run: Callable[[list[str]], int]


COMMANDS = {
    "book": Command(BOOK, "_toc.yml", "build the site into _build/html", build),
    "test": Command(DEV, "tests", "build the site, then run every proof", test),
    "serve": Command(BOOK, "_toc.yml", "build, then serve the site to this machine", serve),
    "lab": Command(DEV, "chapters", "open the chapters in JupyterLab", lab),
    "refresh": Command(
        BOOK,
        "receiptbook/refresh.py",
        "execute the chapters and store outputs",
        module("receiptbook.refresh"),
    ),
    "prose": Command(
        BOOK,
        "receiptbook/prose.py",
        "rewrite numbers in prose gone stale",
        module("receiptbook.prose", "--write"),
    ),
    "drill": Command(
        BOOK,
        "receiptbook/drill.py",
        "change each used figure by one digit; is it noticed?",
        module("receiptbook.drill"),
    ),
    "kit": Command(DEV, "surge/kit", "pack site, notebooks, slides and handouts for a class", kit),
    "zip": Command(BOOK, "receiptbook/site/package.py", "pack the site into one file", zip_),
    "pdf": Command(DEV, "receiptbook/site/pdf.py", "print the whole book as one PDF", pdf),
    "lock": Command(BOOK, LOCK, "renew the locked versions", renew_lock),
    "clean": Command(None, "book.py", "remove what was built (--all: .venv too)", clean),
    "help": Command(None, "book.py", "list the commands", help_),
}


def available() -> dict[str, Command]:
    return {name: command for name, command in COMMANDS.items() if has(command.tool)}


def newer_python() -> str | None:
    """Return another Python on PATH that is new enough and starts."""
    names = [f"python3.{minor}" for minor in range(OLDEST[1], OLDEST[1] + 5)]
    return next((path for path in filter(None, map(shutil.which, names)) if works(path)), None)


def main(words: list[str]) -> int:
    if sys.version_info < OLDEST:
        better = newer_python()
        if better:
            return subprocess.call([better, str(Path(__file__).resolve()), *words])
        needed = "{}.{}".format(*OLDEST)
        print(f"Python {needed} or newer is needed, this is {VERSION}", file=sys.stderr)
        return 1
    name, arguments = (words[0], words[1:]) if words else ("help", [])
    # Told to end, end what was started too, as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        command = available().get(name)
        if command is None:
            raise Stop(f"no command {name!r}; there are: {', '.join(available())}")
        if command.needs:
            set_up(command.needs)
        return command.run(arguments)
    except Stop as stop:
        print(f"book.py: {stop}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"book.py: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
