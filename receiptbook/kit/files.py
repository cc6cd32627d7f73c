"""What a kit for a class holds: each file says to whom it belongs and where the first page lists it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from receiptbook.kit.handouts import print_pages
from receiptbook.system import counted

STUDENTS, TEACHER = "students", "teacher"
AUDIENCES = (STUDENTS, TEACHER)


@dataclass(frozen=True)
class SitePage:
    """The content of a handout: a page of the built site, as paper has it."""

    name: str


@dataclass(frozen=True)
class KitFile:
    """One file of a kit.

    Attributes
    ----------
    path : where it stands in the zip, such as "handouts/lesson-45.pdf"
    whose : STUDENTS for what everybody may have, which goes into both zips; TEACHER for keys, answers
        and findings told before they are asked for, which goes into the teacher's only
    words : what the first page calls it, such as "worksheet"
    at : where the first page lists it: a page's name such as "headline", "part:" and the slug of a
        part, "lesson:" and the name of a lesson; with nothing, among what is for the whole book
    content : text or bytes, a function that makes them, or a page of the site. HTML whose path ends in
        .pdf is printed

    Raises
    ------
    ValueError
        if it belongs to nobody

    >>> KitFile("handouts/rain.pdf", STUDENTS, "worksheet", "lesson:may", "<h1>Rain</h1>").made
    '<h1>Rain</h1>'
    """

    path: str
    whose: str
    words: str
    at: str
    content: str | bytes | SitePage | Callable[[], str | bytes]

    def __post_init__(self) -> None:
        if self.whose not in AUDIENCES:
            raise ValueError(f"{self.path} belongs to {self.whose!r}, expected one of {AUDIENCES}")

    @property
    def made(self) -> str | bytes | SitePage:
        """The content, made if a function makes it."""
        return self.content() if callable(self.content) else self.content


def meant_for(files: Iterable[KitFile], whose: str) -> list[KitFile]:
    """What a zip holds: the students' has only theirs, the teacher's has everything.

    >>> files = [KitFile("a.pdf", STUDENTS, "sheet", "", b""), KitFile("b.pdf", TEACHER, "key", "", b"")]
    >>> [[file.path for file in meant_for(files, whose)] for whose in AUDIENCES]
    [['a.pdf'], ['a.pdf', 'b.pdf']]
    """
    return [file for file in files if whose == TEACHER or file.whose == STUDENTS]


def write(files: Iterable[KitFile], folder: Path, site: Path, *, paper: bool = True) -> None:
    """Write files below a folder; without `paper`, those that end in .pdf are left out.

    Raises
    ------
    ValueError
        if two files have one path
    """
    sheets: dict[str, str] = {}  # what a browser prints, by a name that stands once
    printed: dict[str, Path] = {}
    taken: set[str] = set()
    for file in counted("made", files):
        if file.path in taken:
            raise ValueError(f"two files of the kit are called {file.path!r}; rename one")
        taken.add(file.path)
        if file.path.endswith(".pdf") and not paper:
            continue
        target, content = folder / file.path, file.made
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, SitePage):
            printed[content.name] = target
        elif isinstance(content, bytes):
            target.write_bytes(content)
        elif target.suffix == ".pdf":
            name = file.path.removesuffix(".pdf").replace("/", ".")
            sheets[name], printed[name] = content, target
        else:
            target.write_text(content, "utf-8", newline="\n")
    if printed:
        _print(site, sheets, printed)


def _print(site: Path, sheets: Mapping[str, str], targets: Mapping[str, Path]) -> None:
    pages = [name for name in targets if name not in sheets]
    with tempfile.TemporaryDirectory(prefix="paper-") as work:
        for made in print_pages(site, pages, Path(work), sheets):
            targets[made.name.removesuffix(".pdf")].write_bytes(made.read_bytes())
