"""A bill of materials beside the site: what it was built with and what it ships (CycloneDX, JSON)."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from receiptbook.book import Book
from receiptbook.book.imprint import imprint

LOCK = "requirements.lock"
NPM_LOCKS = sorted(Path(__file__).parent.glob("*/package-lock.json"))
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


def _component(name: str, version: str, purl: str, scope: str) -> dict[str, Any]:
    return {
        "type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl,
        "scope": scope,
    }  # fmt: skip


def bill(book: Book) -> str:
    """The bill of one book as JSON; the same locks give the same text."""
    lock = book.root / LOCK
    parts = list(python_packages(lock.read_text("utf-8"))) if lock.exists() else []
    for lock in NPM_LOCKS:
        parts += npm_packages(json.loads(lock.read_text("utf-8")))
    by_ref = {one["bom-ref"]: one for one in parts}
    told = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": imprint(book).title}},
        "components": [by_ref[ref] for ref in sorted(by_ref)],
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"
