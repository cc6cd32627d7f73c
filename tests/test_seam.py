"""The engine could be taken out tomorrow: it imports nothing of the book and has none of its words."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import receiptbook

ENGINE = Path(receiptbook.__file__).parent
SOURCES = sorted(ENGINE.rglob("*.py"))
# Built from other people's packages, or a list of their names.
FOREIGN = {"site/vega/vega.js", "site/vega/package-lock.json", "site/vega/LICENSES.txt"}
TEXTS = [
    path
    for path in sorted(ENGINE.rglob("*"))
    if path.suffix in {".py", ".js", ".mjs", ".css", ".html", ".svg", ".json", ".toml", ".txt"}
    and path.relative_to(ENGINE).as_posix() not in FOREIGN
]
BOOK_WORDS = re.compile(
    r"\bsurge|china|chinese|cnnic|beijing|past.600|600 million|news.?text|\bessay|seed.?(?:text|claim)"
    r"|policy.?timeline|generative|\bgenai|deepseek|battery|fernby",
    re.IGNORECASE,
)
# Files in which a word is about something else, with the reason.
ALLOWED = {
    "exercises/changes.py": {"genai": "its examples change a figure of the book at hand"},
    "numbers/reading.py": {"chinese": "printed numbers are read in English and Chinese numerals"},
    "receipts/claims.py": {"chinese": "a form in Chinese numerals alone gets its value before it"},
    "kit/quiz.py": {"essay": "Moodle's name for a question that is answered in words"},
    "browser.py": {"chinese": "pictures may hold Chinese text, for which a font is looked for"},
}


def name(path: Path) -> str:
    return path.relative_to(ENGINE).as_posix()


def words_of_a_book(text: str, allowed: dict[str, str]) -> list[str]:
    return sorted({word.lower() for word in BOOK_WORDS.findall(text)} - set(allowed))


def imported(source: str) -> set[str]:
    """The top names that a module imports, wherever in it the import stands."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").partition(".")[0])
    return found


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_module_of_the_engine_imports_nothing_of_the_book(path):
    assert "surge" not in imported(path.read_text("utf-8"))


def test_every_module_of_the_engine_loads_where_the_book_cannot_be_imported(tmp_path):
    (tmp_path / "surge.py").write_text("raise ImportError('blocked')\n", "utf-8")
    modules = [
        ".".join(("receiptbook", *path.relative_to(ENGINE).with_suffix("").parts))
        for path in SOURCES
        if path.stem not in ("__init__", "__main__")
    ]
    code = f"import importlib\nfor one in {modules}: importlib.import_module(one)\nprint('all')"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ENGINE.parent / "tests" / "second_book",
        env={"PYTHONPATH": str(tmp_path), "PATH": ""}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout == "all\n", done.stderr


@pytest.mark.parametrize("path", TEXTS, ids=name)
def test_a_file_of_the_engine_has_no_word_of_a_book(path):
    assert words_of_a_book(path.read_text("utf-8"), ALLOWED.get(name(path), {})) == []


def test_each_exception_is_still_needed():
    texts = {name(path): path.read_text("utf-8") for path in TEXTS}
    found = {file: set(words_of_a_book(texts.get(file, ""), {})) for file in ALLOWED}
    assert [file for file in ALLOWED if not set(ALLOWED[file]) <= found[file]] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Users in China", ["china"]),
        ("from surge.models import growth", ["surge"]),
        ("dist/past-600-million.zip", ["past-600"]),
        ("claims of the news texts, the essay", ["essay", "news text"]),
        ("resurgence of a random seed", []),
    ],
)
def test_a_word_of_the_book_is_found(text, found):
    assert words_of_a_book(text, {}) == found


def test_an_import_inside_a_function_is_found():
    assert "surge" in imported("def f():\n    from surge.models import growth\n")
