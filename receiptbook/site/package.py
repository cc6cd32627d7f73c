"""`make zip`: the site as one file for a classroom.

    python -m receiptbook.site.package [site] [file.zip]

The same site gives the same bytes: files in order, one date for all. Open index.html after
unpacking; everything works from a folder, without a server or a network.
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

SITE = Path("_build/html")
TARGET = Path("dist/past-600-million.zip")
DATE = (2026, 1, 1, 0, 0, 0)


def package(site: Path = SITE, target: Path = TARGET) -> Path:
    """Write `target`; FileNotFoundError if there is no site to pack."""
    if not (site / "index.html").exists():
        raise FileNotFoundError(f"{site} holds no index.html; build the book first")
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in sorted(p for p in site.rglob("*") if p.is_file()):
            name = f"{target.stem}/{file.relative_to(site).as_posix()}"
            entry = zipfile.ZipInfo(name, DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, file.read_bytes(), compresslevel=9)
    return target


if __name__ == "__main__":
    written = package(*map(Path, sys.argv[1:]))
    print(f"{written}: {written.stat().st_size / 1e6:.1f} MB")
