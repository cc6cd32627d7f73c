"""One way to write a zip file: entries in the order given, one date, so that the same files give
the same bytes wherever and whenever they are packed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from receiptbook.system import in_one_step

DATE = (2026, 1, 1, 0, 0, 0)  # of every entry


def zipped(entries: Iterable[tuple[str, str | bytes]], packed: bool = True) -> bytes:
    """(Path in the archive, content) pairs as the bytes of a zip file.

    packed : False holds them as they are, for an archive that is packed as a whole
    """
    held = io.BytesIO()
    _pack(held, entries, zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED)
    return held.getvalue()


def write_archive(target: Path, entries: Iterable[tuple[str, str | bytes]]) -> Path:
    """Write (path in the archive, content) pairs; the file appears when it is whole.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     made = write_archive(Path(folder) / "a.zip", [("a/one.txt", "one")])
    ...     zipfile.ZipFile(made).namelist()
    ['a/one.txt']
    """
    with in_one_step(target) as fresh:
        _pack(fresh, entries, zipfile.ZIP_DEFLATED)
    return target


def _pack(file: Path | io.BytesIO, entries: Iterable[tuple[str, str | bytes]], way: int) -> None:
    with zipfile.ZipFile(file, "w", way, compresslevel=9) as archive:
        for path, content in entries:
            entry = zipfile.ZipInfo(path, DATE)
            entry.compress_type = way
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, compresslevel=9)


def files_in(folder: Path, name: str) -> Iterator[tuple[str, bytes]]:
    """All files below a folder as entries under `name`, in order of their paths."""
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        yield f"{name}/{file.relative_to(folder).as_posix()}", file.read_bytes()
