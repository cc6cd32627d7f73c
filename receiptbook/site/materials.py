"""A bill of materials beside the site: what it was built with and what it ships (CycloneDX, JSON)."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from receiptbook.book import Book
from receiptbook.book.imprint import imprint
from receiptbook.site.run import licences, pack, registry

LOCK = "requirements.lock"
HERE = Path(__file__).parent
NPM_LOCKS = sorted(HERE.glob("*/package-lock.json"))
PYTHON_NPM_LOCK = HERE / "run/build/package-lock.json"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)", re.M)


def python_packages(lock: str) -> Iterator[dict[str, Any]]:
    """The packages of a lock for Python; they build the site and are no part of it.

    >>> [one["purl"] for one in python_packages("# pins\\nJinja2==3.1.6 ; python_version < '4'\\n")]
    ['pkg:pypi/jinja2@3.1.6']
    """
    for name, version in _PIN.findall(lock):
        plain = re.sub(r"[-_.]+", "-", name).lower()
        yield _component(name, version, f"pkg:pypi/{plain}@{version}", "excluded")


def npm_packages(lock: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The packages of a lock for Node: those that readers get, and the tools that pack them."""
    for place, one in lock["packages"].items():
        if not place:
            continue
        name = place.rpartition("node_modules/")[2]
        scope = "excluded" if one.get("dev") else "required"
        purl = f"pkg:npm/{name.replace('@', '%40')}@{one['version']}"
        part = _component(name, one["version"], purl, scope)
        kind, _, digest = one.get("integrity", "").partition("-")
        if kind == "sha512":
            part["hashes"] = [{"alg": "SHA-512", "content": base64.b64decode(digest).hex()}]
        if licence := one.get("license"):
            part["licenses"] = [{"expression": licence}]
        yield part


def packages_in_the_page() -> Iterator[dict[str, Any]]:
    """What a site with Python in its pages ships besides: the runtime, its packages, the compiler.

    >>> [one["name"] for one in packages_in_the_page()][:3]
    ['pyodide', 'numpy', 'pandas']
    """
    lock = registry.lock()
    for one in (lock["anchor"], *lock["wheels"]):
        kind, name, version = one["registry"], one["name"], one["version"]
        part = _component(name, version, f"pkg:{kind}/{name}@{version}", "required")
        part["hashes"] = [{"alg": "SHA-256", "content": one["sha256"]}]
        yield part | {"licenses": [{"expression": one["licence"]}]}
    for name in (*pack.CORE, *pack.CHARTS):
        [part] = python_packages(f"{name}=={metadata.version(name)}")
        yield part | {"scope": "required"}
    shipped = {" ".join(part) for part in licences.compiler()}
    for part in npm_packages(json.loads(PYTHON_NPM_LOCK.read_text("utf-8"))):
        held = f"{part['name']} {part['version']}" in shipped
        yield part | {"scope": "required" if held else "excluded"}


def _component(name: str, version: str, purl: str, scope: str) -> dict[str, Any]:
    return {
        "type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl,
        "scope": scope,
    }  # fmt: skip


def bill(book: Book, python: bool = False) -> str:
    """The bill of one book as JSON; the same locks give the same text.

    python : whether the site is shipped with Python in its pages
    """
    lock = book.root / LOCK
    parts = list(python_packages(lock.read_text("utf-8"))) if lock.exists() else []
    for lock in NPM_LOCKS:
        parts += npm_packages(json.loads(lock.read_text("utf-8")))
    parts += packages_in_the_page() if python else ()
    parts.sort(key=lambda one: one["scope"] == "required")  # what builds a part may also be shipped
    by_ref = {one["bom-ref"]: one for one in parts}
    told = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": imprint(book).title}},
        "components": [by_ref[ref] for ref in sorted(by_ref)],
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"
