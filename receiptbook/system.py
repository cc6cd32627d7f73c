"""What the commands ask of the machine: locks, folders, programs. The standard library only.

The launcher imports this before there is an environment.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

WINDOWS = os.name == "nt"
PATIENCE = 2.0  # seconds between two looks at a program that takes long
QUIET = 15.0  # seconds between two lines where a line cannot be written over
IN_CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")


class Stop(Exception):
    """Something is missing or wrong; the message is one line and says what to do."""


def say(message: str) -> None:
    """Print a line at once, so that it stands before what a program started now prints."""
    print(message, flush=True)


def in_one_line(error: OSError) -> str:
    """What the system refused, where, and what to do about it.

    >>> in_one_line(OSError(errno.ENOSPC, "No space left on device", "_build/html"))
    '_build/html: the disk is full; free some space and run the command again'
    """
    place = f"{error.filename}: " if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{place}the disk is full; free some space and run the command again"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{place}may not be written or read ({error.strerror}); change its rights, or copy the book"
    return f"{place}{error.strerror or error}"


def run(
    command: Iterable[object],
    log: Path | None = None,
    moves: Callable[[], str] | None = None,
    **options,
) -> int:
    """Run a program to its end and return its exit code; with `log`, what it prints goes there.

    Whoever is told to end ends the program too. `moves` says how far the program has come; it is
    asked now and then, and what it says is shown.
    """
    with contextlib.ExitStack() as stack:
        if log:
            log.parent.mkdir(parents=True, exist_ok=True)
            out = stack.enter_context(log.open("w", encoding="utf-8"))
            options |= {"stdout": out, "stderr": subprocess.STDOUT}
        child = stack.enter_context(subprocess.Popen([*map(str, command)], **options))
        try:
            return child.wait() if moves is None else _watched(child, moves)
        except KeyboardInterrupt:
            child.terminate()
            raise


def _watched(child: subprocess.Popen, moves: Callable[[], str]) -> int:
    """Wait for a program and show that it moves: on one line in a terminal, else now and then."""
    terminal, shown, since = sys.stdout.isatty(), "", time.monotonic()
    while True:
        try:
            code = child.wait(PATIENCE)
            break
        except subprocess.TimeoutExpired:
            now = moves()
            if terminal and now != shown:
                print(f"\r  {now:<60}", end="", flush=True)
                shown = now
            elif not terminal and now and time.monotonic() - since >= QUIET:
                say(f"  {now}")
                since = time.monotonic()
    if terminal and shown:
        print("\r" + " " * 62 + "\r", end="", flush=True)
    return code


def counted(what: str, things: Iterable) -> Iterator:
    """The same things, one by one; where they take long, now and then how many are done."""
    held, since = list(things), time.monotonic()
    for number, one in enumerate(held, 1):
        yield one
        if time.monotonic() - since >= QUIET:
            say(f"  {what} {number} of {len(held)}")
            since = time.monotonic()


def end_like_ctrl_c() -> None:
    """Let this process, told to end by another, end what it started, as Ctrl-C does."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@contextlib.contextmanager
def alone(folder: Path, name: str) -> Iterator[None]:
    """Hold the lock `name` in a folder, so that two runs at a time do not write into each other.

    The system releases it when the process ends, however it ends.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f".{name}.lock").open("a+") as handle:
        waiting = False
        while not _locked(handle.fileno()):
            if not waiting:
                say(f"another {name} is at work; waiting for it")
            waiting = True
            time.sleep(0.2)
        yield


def _locked(file: int) -> bool:
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


@contextlib.contextmanager
def in_one_step(target: Path) -> Iterator[Path]:
    """A file to be written beside another, whose place it takes when it is whole.

    If that fails, the old file stays and nothing beside it. The folder is made; two processes may
    write the same file at once.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with in_one_step(Path(folder, "kept/page.txt")) as fresh:
    ...         _ = fresh.write_text("new")
    ...     [file.name for file in Path(folder, "kept").iterdir()]
    ['page.txt']
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        yield fresh
        fresh.replace(target)
    finally:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)


def remove(path: Path) -> None:
    """Remove a file or folder.

    A folder is renamed first: if its removal is cut short, what is left does not pass for the folder.
    """
    if path.is_dir() and not path.is_symlink():
        gone = path.with_name(f"{path.name}.gone")
        shutil.rmtree(gone, ignore_errors=True)
        shutil.rmtree(path.rename(gone))
    else:
        path.unlink(missing_ok=True)


def starts(program: str | Path) -> bool:
    """Whether a program is there and starts."""
    if WINDOWS:  # there, a browser asked for its version opens a window
        return Path(program).exists()
    try:
        asked = subprocess.run([program, "--version"], capture_output=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return False
    return asked.returncode == 0


def apt_install(log: Path, *packages: str) -> bool:
    """Install system packages where that needs no question: as root on Debian or its kin."""
    if WINDOWS or not shutil.which("apt-get") or os.geteuid() != 0:
        return False
    say(f"apt-get install {' '.join(packages)}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if run(install, log, env=quiet) == 0:
        return True
    run(["apt-get", "update"], log, env=quiet)
    return run(install, log, env=quiet) == 0
