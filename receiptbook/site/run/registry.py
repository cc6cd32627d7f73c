"""What Python in the page is made from: packages of two registries, each by its hash in lock.json."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tarfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from receiptbook.system import Stop, in_one_step

LOCK = Path(__file__).with_name("lock.json")
PYPI, NPM = "https://pypi.org/simple", "https://registry.npmjs.org"
TIMEOUT = 30  # seconds for an answer


class Unreached(Exception):
    """A registry does not answer or lacks a package; the message is one line."""


def lock() -> dict[str, Any]:
    """The lock as it is written."""
    return json.loads(LOCK.read_text("utf-8"))


def provide(folder: Path) -> dict[str, Path]:
    """Every package of the lock as a file in `folder`, by name; fetched only if it is not there.

    Raises
    ------
    Stop
        if a file has another hash than the lock names; it is not kept
    Unreached
        if a registry cannot be asked
    """
    wanted = lock()
    files = {"pyodide": _kept(folder, wanted["anchor"])}
    for wheel in wanted["wheels"]:
        if wheel["anchored"]:
            check_anchor(wheel, files["pyodide"])
        files[wheel["name"]] = _kept(folder, wheel)
    return files


def check_anchor(wheel: Mapping[str, Any], anchor: Path) -> None:
    """Raise Stop unless the lock inside npm's package names the same hash for a wheel."""
    named = json.loads(inside(anchor, "pyodide-lock.json"))["packages"][wheel["name"]]
    if (named["file_name"], named["sha256"]) != (wheel["file"], wheel["sha256"]):
        raise Stop(f"{LOCK.name}: {wheel['file']} is not what {anchor.name} names; correct its row")


def inside(package: Path, name: str) -> bytes:
    """A file of an npm package."""
    with tarfile.open(package) as archive:
        return archive.extractfile(f"package/{name}").read()


def _kept(folder: Path, part: Mapping[str, Any]) -> Path:
    file = folder / part["file"]
    if file.exists() and _hash(file.read_bytes()) == part["sha256"]:
        return file
    try:
        content = _fetched(part)
    except (OSError, zipfile.BadZipFile) as error:
        place = urlsplit(registry(part["registry"])).hostname
        reason = getattr(error, "reason", None) or error
        raise Unreached(f"{part['name']} cannot be had from {place} ({reason})") from None
    if _hash(content) != part["sha256"]:
        raise Stop(
            f"{part['file']}: the hash of what was fetched is {_hash(content)}, expected "
            f"{part['sha256']} ({LOCK.name}); the file was not kept, try another network or mirror"
        )
    with in_one_step(file) as fresh:
        fresh.write_bytes(content)
    return file


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _fetched(part: Mapping[str, Any]) -> bytes:
    if part["registry"] == "npm":
        return _read(f"{registry('npm')}/{part['name']}/-/{part['file']}")
    if outer := part.get("inside"):
        with zipfile.ZipFile(io.BufferedReader(Far(_wheel(outer)), 1 << 20)) as archive:
            name = next(n for n in archive.namelist() if n.endswith(part["file"]))
            return archive.read(name)
    return _read(_wheel(part))


def registry(kind: str) -> str:
    """The address of a registry: as pip or npm were told, else the public one."""
    if kind == "npm":
        named = os.environ.get("npm_config_registry") or _npmrc()  # noqa: SIM112  npm's own name
        return (named or NPM).rstrip("/")
    named = os.environ.get("PIP_INDEX_URL") or os.environ.get("UV_INDEX_URL") or _pip()
    return (named or PYPI).rstrip("/")


def _npmrc() -> str:
    file = Path.home() / ".npmrc"
    text = file.read_text("utf-8", "replace") if file.exists() else ""
    found = re.search(r"^registry\s*=\s*(\S+)", text, re.M)
    return found[1] if found else ""


def _pip() -> str:
    asked = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()


def _wheel(part: Mapping[str, Any]) -> str:
    """The address of a file on the index, as the page of its project names it."""
    page = f"{registry('pypi')}/{part['name']}/"
    text = _read(page).decode("utf-8", "replace")
    found = re.search(rf'href="([^"#]*{re.escape(part["file"])})[#"]', text)
    if not found:
        raise OSError(f"{part['file']} is not on its page")
    return urljoin(page, found[1])


def _read(address: str, part: tuple[int, int] | None = None) -> bytes:
    headers = {"Range": f"bytes={part[0]}-{part[1]}"} if part else {}
    request = urllib.request.Request(address, headers=headers)
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
        if part and answer.status != 206:
            raise OSError("the server gives no part of a file")
        return answer.read()


class Far(io.RawIOBase):
    """A file on a server, read in parts: one wheel out of a package that holds many."""

    def __init__(self, address: str):
        super().__init__()
        self.address, self.place = address, 0
        request = urllib.request.Request(address, method="HEAD")
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            self.size = int(answer.headers["Content-Length"])

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self.place, io.SEEK_END: self.size}[whence]
        self.place = start + offset
        return self.place

    def tell(self) -> int:
        return self.place

    def readinto(self, buffer) -> int:
        last = min(self.place + len(buffer), self.size) - 1
        if last < self.place:
            return 0
        content = _read(self.address, (self.place, last))
        buffer[: len(content)] = content
        self.place += len(content)
        return len(content)
