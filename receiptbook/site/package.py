"""`make zip`: the site as one file for a classroom.

    python -m receiptbook.site.package [site] [file.zip]

The same site gives the same bytes: files in order, one date for all. Open index.html after
unpacking; everything works from a folder, without a server or a network.
"""

from __future__ import annotations

import sys
from pathlib import Path

from receiptbook.archive import files_in, write_archive

SITE = Path("_build/html")
TARGET = Path("dist/past-600-million.zip")


def package(site: Path = SITE, target: Path = TARGET) -> Path:
    """Write `target`; FileNotFoundError if there is no site to pack."""
    if not (site / "index.html").exists():
        raise FileNotFoundError(f"{site} holds no index.html; build the book first")
    return write_archive(target, files_in(site, target.stem))


if __name__ == "__main__":
    written = package(*map(Path, sys.argv[1:]))
    print(f"{written}: {written.stat().st_size / 1e6:.1f} MB")
