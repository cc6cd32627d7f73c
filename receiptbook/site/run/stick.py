"""The site for a stick: opened from its folder, where a browser neither fetches files nor starts workers.

What Python in the page is made from stands there as classic scripts that hold it in base64, and the
worker starts from memory; the policy of the pages that may run allows the two and nothing else.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator
from pathlib import Path

from receiptbook.archive import files_in
from receiptbook.site.run import HERE, PLACE
from receiptbook.site.run.pack import GLUE

CODE = ("pyodide.js", GLUE, "worker.js")  # one after the other they are the worker
KEPT = ("page.js", "run.css", "vega-lite.js", "LICENSES.txt")
BUTTON = '<button class="run"'
STRICT, ALLOWS = "script-src 'self'", "worker-src blob:; script-src 'self' 'wasm-unsafe-eval'"


def with_python(site: Path, name: str) -> Iterator[tuple[str, bytes]]:
    """The files of a site that was built with Python, made ready for a folder, as archive entries."""
    place = f"{name}/{PLACE}/"
    for path, content in files_in(site, name):
        if not path.startswith(place):
            yield path, _page(content) if path.endswith(".html") else content
        elif path.removeprefix(place) in KEPT or path.startswith(f"{place}pages/"):
            yield path, content
    folder = site / PLACE
    yield f"{place}stick.js", (HERE / "assets" / "stick.js").read_bytes()
    glue = gzip.decompress((folder / GLUE).read_bytes())
    code = b"\n".join(glue if part == GLUE else (folder / part).read_bytes() for part in CODE)
    yield f"{place}stick/worker.js", _script("worker", code)
    for file in sorted(folder.iterdir()):
        if file.is_file() and file.name not in (*CODE, *KEPT):
            yield f"{place}stick/{file.name}.js", _script(file.name, file.read_bytes())


def without_python(site: Path, name: str) -> Iterator[tuple[str, bytes]]:
    """The files of a site but Python, as archive entries; from a folder its buttons stay hidden."""
    place = f"{name}/{PLACE}/"
    return (entry for entry in files_in(site, name) if not entry[0].startswith(place))


def _page(content: bytes) -> bytes:
    """A page whose button says that its Python comes from the folder, under a policy that lets it."""
    text = content.decode()
    if BUTTON not in text:
        return content
    text = text.replace(BUTTON, f"{BUTTON} data-stick", 1)
    return text.replace(STRICT, ALLOWS, 1).encode()


def _script(name: str, content: bytes) -> bytes:
    held = base64.b64encode(content).decode()
    return f"ReceiptBook.held({json.dumps(name)},{json.dumps(held)});\n".encode()
