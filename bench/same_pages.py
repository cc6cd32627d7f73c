"""Do two builds of the site say the same? Compares words, order, links, alternative texts, files.

    python bench/same_pages.py BEFORE AFTER [--code]

Bytes, classes and markup may differ; the code of cells is compared only with `--code`. For each page
the running text (what is in the document, in its order, blanks apart), the targets of links, and the
attributes that readers hear or see (alt, title, aria-label, download) are compared; for each file
beside the pages that readers download, its content. Prints what differs, page by page, and exits
with 1 if anything does.
"""

from __future__ import annotations

import difflib
import hashlib
import sys
import zipfile
from pathlib import Path

from lxml import html

HEARD = ("alt", "title", "aria-label", "download", "placeholder")
DOWNLOADS = {".csv", ".json", ".xlsx", ".zip", ".ipynb", ".pdf"}
SILENT = {"script", "style", "template"}


def words(page: Path) -> dict[str, list[str]]:
    """What a page says: its text word by word, its links and what its attributes say."""
    tree = html.fromstring(page.read_bytes().decode("utf-8"))
    said: dict[str, list[str]] = {"text": [], "links": [], "attributes": [], "code": []}

    def visit(node) -> None:
        if not isinstance(node.tag, str) or node.tag in SILENT:
            said["text"] += (node.tail or "").split()
            return
        if node.tag == "pre":
            said["code"] += node.text_content().splitlines()
            said["text"] += (node.tail or "").split()
            return
        if (target := node.get("href")) and node.tag == "a":
            said["links"].append(target)
        said["attributes"] += [f"{name}={node.get(name)}" for name in HEARD if node.get(name)]
        said["text"] += (node.text or "").split()
        for child in node:
            visit(child)
        said["text"] += (node.tail or "").split()

    visit(tree)
    return said


def content(file: Path) -> str:
    """A digest of what a file holds; of an archive's members, not of how they are packed."""
    if file.suffix in (".xlsx", ".zip"):
        with zipfile.ZipFile(file) as archive:
            parts = sorted((i.filename, hashlib.sha256(archive.read(i)).hexdigest())
                           for i in archive.infolist())  # fmt: skip
        return hashlib.sha256(repr(parts).encode()).hexdigest()
    return hashlib.sha256(file.read_bytes()).hexdigest()


def differences(before: list[str], after: list[str], most: int = 6) -> list[str]:
    """The runs of words that stand in one list only, with a little around them."""
    found = []
    match = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for kind, a, b, c, d in match.get_opcodes():
        if kind != "equal":
            found.append(f"    - {' '.join(before[a:b])[:300]}\n    + {' '.join(after[c:d])[:300]}")
    return found[:most] + ([f"    … and {len(found) - most} more"] if len(found) > most else [])


def main(first: str, second: str, *options: str) -> int:
    sites = [Path(first), Path(second)]
    names = [{p.relative_to(s).as_posix(): p for p in s.rglob("*") if p.is_file()} for s in sites]
    differing = 0
    pages = [{n for n in side if n.endswith(".html")} for side in names]
    downloads = [{n for n in side if Path(n).suffix in DOWNLOADS} for side in names]
    for label, (old, new) in {"page": pages, "download": downloads}.items():
        for name in sorted(old ^ new):
            differing += 1
            print(f"{label} only {'before' if name in old else 'after'}: {name}")
    for name in sorted(pages[0] & pages[1]):
        before, after = words(names[0][name]), words(names[1][name])
        for part in before:
            if part == "code" and "--code" not in options:
                continue
            if before[part] != after[part]:
                differing += 1
                print(f"{name}: {part} differ")
                print("\n".join(differences(before[part], after[part])))
    for name in sorted(downloads[0] & downloads[1]):
        if content(names[0][name]) != content(names[1][name]):
            differing += 1
            print(f"download differs: {name}")
    print(f"{len(pages[1])} pages, {len(downloads[1])} downloads, {differing} differences")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
