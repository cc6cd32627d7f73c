"""The licences of what Python in the page ships, in one text beside it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from receiptbook.site.run import pack, registry

COMPILER = Path(__file__).parent / "assets" / "vega-lite.LICENSE.txt"
_RULE = f"\n{'-' * 72}\n\n"
_PYODIDE = """\
The Mozilla Public License 2.0: https://mozilla.org/MPL/2.0/
The source: https://github.com/pyodide/pyodide, at the tag of this version; nothing of it was changed.
With it comes Python {python} under the licence of the Python Software Foundation, version 2:
https://docs.python.org/{python}/license.html; modules that have no use in a page are left out.
"""


def text(packages: Mapping[str, Path]) -> str:
    """Name, version, licence and its text for each package. packages: see `registry.provide`."""
    return _RULE.join(["Python in the page is made of these packages.\n", *_parts(packages)])


def _parts(packages: Mapping[str, Path]) -> Iterator[str]:
    lock = registry.lock()
    anchor = lock["anchor"]
    yield f"{_name(anchor)}, {anchor['licence']}\n\n{_PYODIDE.format(python=lock['python'])}"
    for wheel in lock["wheels"]:
        with zipfile.ZipFile(packages[wheel["name"]]) as archive:
            names = [n for n in archive.namelist() if _is_licence(n)]
            texts = (archive.read(name).decode("utf-8", "replace") for name in names)
            yield f"{_name(wheel)}, {wheel['licence']}\n\n" + "\n\n".join(texts)
    for name in (*pack.CORE, *pack.CHARTS):
        one = metadata.distribution(name)
        held = one.metadata.get("License-Expression") or one.metadata.get("License") or ""
        texts = (f.read_text("utf-8") for f in one.files or () if _is_licence(f.as_posix()))
        told = held.splitlines()[0] if held else "see the text"
        yield f"{one.metadata['Name']} {one.version}, {told}\n\n" + "\n\n".join(texts)
    yield f"vega-lite, BSD-3-Clause\n\n{COMPILER.read_text('utf-8')}"


def compiler() -> list[tuple[str, str]]:
    """Name and version of each package in the compiler of charts, as its build wrote them down.

    >>> [name for name, version in compiler()][-2:]
    ['vega-lite', 'vega-util']
    """
    first = COMPILER.read_text("utf-8").partition("\n")[0]
    return [tuple(told.rsplit(" ", 1)) for told in first.split(", ")]


def _name(part: Mapping[str, Any]) -> str:
    return f"{part['name']} {part['version']}"


def _is_licence(path: str) -> bool:
    """Is a file of a package the text of its licence?

    >>> _is_licence("six-1.17.dist-info/LICENSE"), _is_licence("numpy/license.py")
    (True, False)
    """
    folder, _, name = path.rpartition("/")
    named = name.upper().startswith(("LICENSE", "LICENCE", "COPYING", "NOTICE"))
    return ".dist-info" in folder and named and not name.endswith(".py")
