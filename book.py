#!/usr/bin/env python3
"""The commands of this book, the same on every system; only Python is needed to begin.

    python3 book.py book        (or: make book; on Windows: py book.py book)

The first command that needs packages makes the environment in .venv; later ones find it ready.
What runs in it stands in receiptbook/commands.py. A new command is one line in COMMANDS.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from receiptbook import system
from receiptbook.system import WINDOWS, Stop, alone, apt_install, in_one_line, remove, say, starts

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BUILD = ROOT / "_build"
STAMP = VENV / "book-stamp.json"
UNFINISHED = VENV / "unfinished"  # a set-up cut short leaves this, and why; the next starts afresh
VERSION = "{}.{}".format(*sys.version_info[:2])
BOOK, DEV = "requirements.txt", "requirements-dev.txt"
LOCK = "requirements.lock"
HASHED = {BOOK: ("locked/book.txt",), DEV: ("locked/book.txt", "locked/dev.txt")}  # made from it
OLDEST = (3, 11)


# --- running other programs ----------------------------------------------------------------


def environment() -> dict[str, str]:
    """The variables that every child gets: ours, not those of another active environment."""
    # without bytecode each of some hundred processes would compile modules and tests anew
    others = ("PYTHONHOME", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
    clean = {k: v for k, v in os.environ.items() if k not in others}
    # what this book's publisher sets goes to the engine under the engine's name
    ours = {k.replace("SURGE", "RECEIPTBOOK", 1): v for k, v in clean.items() if k[:6] == "SURGE_"}
    folder = python().parent
    return {
        **clean,
        **ours,
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


def run(*command: object, log: Path | None = None, moves: Callable[[], str] | None = None) -> int:
    """Run a command in the repository and return its exit code; with `log`, what it prints."""
    return system.run(command, log, moves, cwd=ROOT, env=environment())


# --- the environment -----------------------------------------------------------------------


def wanted(level: str) -> dict[str, str]:
    """What the environment's stamp must hold for a level: interpreter, place and pinned lists."""
    import tomllib  # not in the older Pythons that main() sends away

    project = tomllib.loads(read("pyproject.toml"))
    project["tool"] = project.get("tool", {}).get("setuptools")  # only what is installed
    parts = [read(BOOK), read(LOCK), json.dumps(project, sort_keys=True)]
    stamp = {
        "python": VERSION,
        "place": str(VENV),  # an environment cannot be moved
        BOOK: digest(*parts, *map(read, HASHED[BOOK])),
    }
    if level == DEV:
        stamp[DEV] = digest(*parts, read(DEV), *map(read, HASHED[DEV]))
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
    with alone(BUILD, "set-up"):
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
        STAMP.write_text(json.dumps({**wanted(level), "holds": held()}, indent=1), "utf-8")
        UNFINISHED.unlink()
        say(f"environment ready after {time.monotonic() - began:.0f} s")


def stamped() -> dict[str, str]:
    try:
        return json.loads(STAMP.read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def is_ready(level: str) -> bool:
    whole = python().exists() and not UNFINISHED.exists() and not gone()
    return whole and wanted(level).items() <= stamped().items()


def packages() -> Path:
    """The folder of the environment's packages."""
    return VENV / ("Lib/site-packages" if WINDOWS else f"lib/python{VERSION}/site-packages")


def held() -> list[str]:
    """The packages and modules that stand in the environment."""
    names = (entry.name for entry in os.scandir(packages())) if packages().exists() else ()
    return sorted(name for name in names if not name.endswith("-info") and name != "__pycache__")


def gone() -> list[str]:
    """What the last installation left and no longer is there."""
    return sorted({*stamped().get("holds", ())} - {*held()})


_DAMAGED = """
from importlib.metadata import distributions
for one in distributions():
    if (one.read_text("direct_url.json") or "").find('"editable": true') >= 0:
        continue  # the book itself, whose files come and go
    lost = [f for f in one.files or () if f.suffix in (".py", ".so", ".pyd") and not f.locate().exists()]
    if lost:
        print(f"{one.metadata['Name']} lacks {lost[0]}")
"""


def damaged() -> str:
    """What is missing from the environment, looked for file by file; nothing if it is whole."""
    ask = [str(python()), "-c", _DAMAGED]
    try:
        told = subprocess.run(ask, capture_output=True, text=True, timeout=120, env=environment())
    except (OSError, subprocess.SubprocessError):
        return "its interpreter does not run"
    if told.returncode:
        return "its interpreter does not run"
    return (told.stdout.splitlines() or [""])[0]


def why_rebuild() -> str:
    """Return why the environment must be made anew, or nothing if it can be brought up to date."""
    if not VENV.exists():
        return "there is none"
    if UNFINISHED.exists():
        return UNFINISHED.read_text("utf-8") or "the last installation did not finish"
    if lost := gone():
        return f"{lost[0]} is gone from it"
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
        if way is None and not apt_install(BUILD / "apt.log", package):
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
    """Install what a level lists: every file by its hash, then the book itself, from this folder.

    The book is built by the locked setuptools, so nothing comes from an index unchecked.
    """
    log = BUILD / "set-up.log"
    lists = [word for name in HASHED[level] for word in ("-r", name)]
    # the lock as constraints: without it pip takes the newest release for a package asked for with extras
    hashed = ("--require-hashes", "-c", LOCK, *lists)
    steps = (hashed, ("--no-deps", "--no-build-isolation", "-e", "."))
    # uv does not read pip's settings, so a mirror named only there is found by the second try
    uv = shutil.which("uv")
    moves = installing(level, log)
    if uv and all(run(uv, "pip", "install", *step, log=log, moves=moves) == 0 for step in steps):
        return
    for step in steps:
        if code := run(python(), "-m", "pip", "install", *step, log=log, moves=moves):
            break
    else:
        return
    told = log.read_text("utf-8", "replace")
    if code > 0 and "cancelled by user" not in told:
        UNFINISHED.unlink()  # it ended in order, so nothing is half-installed
    where = log.relative_to(ROOT)
    if "No space left" in told:
        raise Stop(f"the disk is full; the environment needs about 1 GB; details in {where}")
    if "DO NOT MATCH THE HASHES" in told:
        raise Stop(
            f"a downloaded file is not the one that was locked; try another network or mirror, and "
            f"do not use the file; details in {where}"
        )
    if UNREACHED.search(told):
        raise Stop(f"the package index cannot be reached; check the network; details in {where}")
    errors = [line for line in told.splitlines() if line.lower().startswith("error")]
    raise Stop(f"installing {level} failed: {(errors or ['?'])[-1]}; details in {where}")


# What pip and uv say of an index that does not answer; of one without retries only the last.
UNREACHED = re.compile(
    r"NewConnection|name resolution|timed out|Connection(Error| refused|ResetError)|Max retries"
    r"|ProxyError|SSLError|dns error|error sending request|\(from versions: none\)",
    re.I,
)


def installing(level: str, log: Path) -> Callable[[], str]:
    """How far an installation has come: packages fetched, then packages in place."""
    pins = {m for name in HASHED[level] for m in re.findall(r"^([\w.-]+)==", read(name), re.M)}

    def moves() -> str:
        told = log.read_text("utf-8", "replace")
        if "Installing collected packages" in told:
            done, what = len(list(packages().glob("*.dist-info"))), "installed"
        else:
            done, what = len(set(re.findall(r"^Collecting ([\w.-]+)", told, re.M))), "fetched"
        return f"{what}: {min(done, len(pins))} of {len(pins)} packages"

    return moves


def renew_lock(arguments: list[str]) -> int:
    """Resolve the pinned lists, without the lock, for every system and the oldest Python that must do.

    The lock holds the versions, for pip's -c; the files in locked/ the same with the hash of every
    file that the index offers for them, for what the launcher installs.
    """
    uv = shutil.which("uv")
    if not uv:
        raise Stop("the lock is renewed by uv, and none was found; install it: pip install uv")
    BUILD.mkdir(exist_ok=True)
    whole = resolved(uv, (BOOK, DEV), ())
    bounds = BUILD / "lock.bounds"
    bounds.write_text("\n".join(block.split(" ")[0] for block in whole), "utf-8")
    named = {block.partition("==")[0] for block in resolved(uv, (BOOK,), ("-c", bounds))}
    book = [block for block in whole if block.partition("==")[0] in named]
    rest = [block for block in whole if block.partition("==")[0] not in named]
    for name, blocks in zip(HASHED[DEV], (book, rest), strict=True):
        head = f"# Every file of {LOCK} by its hash. Renewed with: python3 book.py lock"
        (ROOT / name).parent.mkdir(exist_ok=True)
        (ROOT / name).write_text("\n".join([head, *blocks, ""]), "utf-8")
    pins = sorted((block.split(" \\\n")[0] for block in (*book, *rest)), key=str.lower)
    head = [line for line in read(LOCK).splitlines() if line.startswith("#")]
    (ROOT / LOCK).write_text("\n".join([*head, *pins, ""]), "utf-8")
    say(f"{LOCK}: {len(pins)} packages")
    return 0


def resolved(uv: str, lists: tuple[str, ...], words: tuple[object, ...]) -> list[str]:
    """Each package of some lists as a block of lines: version, systems that need it, hashes."""
    wants, answer = BUILD / "lock.in", BUILD / "lock.out"
    lines = [line for name in lists for line in read(name).splitlines() if line[:1] != "-"]
    wants.write_text("\n".join([*lines, "setuptools", ""]), "utf-8")
    oldest = "{}.{}".format(*OLDEST)
    answer.unlink(missing_ok=True)
    code = run(
        *(uv, "pip", "compile", "--quiet", "--universal", "--python-version", oldest),
        *("--generate-hashes", "--no-header", "--no-annotate", "--only-binary", ":all:"),
        *(*words, wants, "-o", answer),
    )
    if code:
        raise Stop(f"the lists cannot be resolved for Python {oldest}")
    return re.split(r"\n(?=\S)", answer.read_text("utf-8").strip())


# --- the table of commands -----------------------------------------------------------------


def has(name: str) -> bool:
    return (ROOT / name).exists()


def module(name: str, *words: str):
    """A command that runs a module of the engine in the environment."""
    return lambda arguments: checked(python(), "-m", f"receiptbook.{name}", *words, *arguments)


def own(name: str):
    """A command that runs a module of this book in the environment."""
    return lambda arguments: checked(python(), "-m", f"surge.{name}", *arguments)


def bench(name: str):
    """A command that runs one of the book’s measuring scripts in the environment."""
    return lambda arguments: checked(python(), ROOT / "bench" / f"{name}.py", *arguments)


def checked(*command: object) -> int:
    """Run a command of the book; where it fails, see whether the environment is at fault."""
    code = run(*command)
    if code > 0 and code != 130 and (lack := damaged()):
        UNFINISHED.write_text(lack, "utf-8")
        raise Stop(f".venv is damaged: {lack}; run the command again and it is made anew")
    return code


def clean(arguments: list[str]) -> int:
    """Remove what was built; with --all the environment too."""
    gone = [BUILD, ROOT / "dist", ROOT / ".hypothesis", *ROOT.glob(".*_cache")]
    for top in ("receiptbook", "surge", "tests", "chapters", "bench"):
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
    "book": Command(BOOK, "_toc.yml", "build the site into _build/html", module("commands", "build")),
    "check": Command(DEV, "tests", "a quick round: tables, prose, unit tests", module("commands", "check")),
    "test": Command(DEV, "tests", "build, then test numbers and pages", module("commands", "test")),
    "proof": Command(DEV, "tests", "build, then the tests that take long", module("commands", "proof")),
    "serve": Command(BOOK, "_toc.yml", "build, then serve it to this machine", module("commands", "serve")),
    "lab": Command(DEV, "chapters", "open the chapters in JupyterLab", module("commands", "lab")),
    "refresh": Command(BOOK, "chapters", "execute the chapters and store outputs", module("refresh")),
    "prose": Command(BOOK, "chapters", "rewrite numbers in prose gone stale", module("prose", "--write")),
    "wave": Command(BOOK, "surge/wave.py", "take in a new wave of the survey", own("wave")),
    "drill": Command(BOOK, "bench", "change each used figure by one digit; is it noticed?", bench("drill")),
    "kit": Command(DEV, "surge/kit", "pack the kits for a class, students’ and teacher’s", own("kit")),
    "zip": Command(BOOK, "_toc.yml", "pack the site into one file", module("commands", "zip")),
    "pdf": Command(DEV, "_toc.yml", "print the whole book as one PDF", module("commands", "pdf")),
    "lock": Command(BOOK, LOCK, "renew the locked versions", renew_lock),
    "clean": Command(None, "book.py", "remove what was built (--all: .venv too)", clean),
    "help": Command(None, "book.py", "list the commands", help_),
}  # fmt: skip


def available() -> dict[str, Command]:
    return {name: command for name, command in COMMANDS.items() if has(command.tool)}


def newer_python() -> str | None:
    """Return another Python on PATH that is new enough and starts."""
    names = [f"python3.{minor}" for minor in range(OLDEST[1], OLDEST[1] + 5)]
    return next((path for path in filter(None, map(shutil.which, names)) if starts(path)), None)


def main(words: list[str]) -> int:
    if sys.version_info < OLDEST:
        better = newer_python()
        if better:
            return subprocess.call([better, str(Path(__file__).resolve()), *words])
        needed = "{}.{}".format(*OLDEST)
        print(f"Python {needed} or newer is needed, this is {VERSION}", file=sys.stderr)
        return 1
    name, arguments = (words[0], words[1:]) if words else ("help", [])
    system.end_like_ctrl_c()
    try:
        command = available().get(name)
        if command is None:
            raise Stop(f"no command {name!r}; there are: {', '.join(available())}")
        if command.needs:
            set_up(command.needs)
        return command.run(arguments)
    except Stop as error:
        print(f"book.py: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"book.py: {in_one_line(error)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
