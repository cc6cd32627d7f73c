"""The launcher sets up once, hands commands on, and says in one line what is missing."""

import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

import book
from receiptbook import commands


@pytest.fixture
def house(tmp_path, monkeypatch) -> Path:
    """An empty repository with a blank in its path, where nothing real can be touched."""
    root = tmp_path / "a house"
    root.mkdir()
    (root / "locked").mkdir()
    for name in (book.BOOK, book.DEV, book.LOCK, "pyproject.toml", *book.HASHED[book.DEV]):
        shutil.copy(book.ROOT / name, root / name)
    venv = root / ".venv"
    places = {
        "ROOT": root,
        "VENV": venv,
        "STAMP": venv / "book-stamp.json",
        "UNFINISHED": venv / "unfinished",
        "BUILD": root / "_build",
    }
    for name, place in places.items():
        monkeypatch.setattr(book, name, place)
    return root


# --- commands ------------------------------------------------------------------------------


def test_help_lists_only_commands_whose_tool_is_there(house, capsys):
    (house / "book.py").touch()
    assert book.main(["help"]) == 0
    assert "  lock  " in capsys.readouterr().out
    assert set(book.available()) == {"lock", "clean", "help"}
    (house / "chapters").mkdir()
    assert set(book.available()) == {"lab", "refresh", "prose", "lock", "clean", "help"}


@pytest.mark.parametrize("words", [["hel"], ["BOOK"], ["--force"]])
def test_an_unknown_command_is_answered_with_the_known_ones(words, capsys):
    assert book.main(words) == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert f"no command {words[0]!r}; there are: book, check, test" in told


def test_make_knows_every_command_without_a_list_of_its_own():
    if not shutil.which("make"):
        pytest.skip("no make on this machine")
    plain = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
    for name in book.COMMANDS:
        told = subprocess.run(
            ["make", "-n", name, "PYTHON=python3", "ARGS=--check"],
            cwd=book.ROOT,
            env=plain,
            capture_output=True,
            text=True,
        )
        assert told.stdout == f"python3 book.py {name} --check\n", told.stderr


def test_an_old_python_is_told_what_is_needed(monkeypatch, capsys):
    monkeypatch.setattr(book, "OLDEST", (99, 0))
    monkeypatch.setattr(book, "newer_python", lambda: None)
    assert book.main(["book"]) == 1
    assert capsys.readouterr().err.startswith("Python 99.0 or newer is needed, this is 3.")


# --- the environment -----------------------------------------------------------------------


def make_fake_venv(house: Path, level: str = book.BOOK) -> None:
    """A .venv whose interpreter works and whose stamp says that `level` is installed."""
    book.python().parent.mkdir(parents=True)
    book.python().symlink_to(sys.executable)
    book.STAMP.write_text(json.dumps(book.wanted(level)))


@pytest.mark.parametrize(
    ("have", "need", "ready"),
    [
        (book.BOOK, book.BOOK, True),
        (book.DEV, book.DEV, True),
        (book.DEV, book.BOOK, True),
        (book.BOOK, book.DEV, False),
    ],
)
def test_an_environment_serves_what_it_was_filled_with(house, have, need, ready):
    make_fake_venv(house, have)
    assert book.is_ready(need) is ready


@pytest.mark.parametrize(
    ("file", "add", "ready"),
    [
        (book.BOOK, "six==1.17.0\n", False),
        (book.LOCK, "six==1.17.1\n", False),
        (book.DEV, "six==1.17.0\n", True),
        ("pyproject.toml", "[tool.other]\nx = 1\n", True),
        ("pyproject.toml", '[project.scripts]\nsurge = "surge:main"\n', False),
    ],
)
def test_the_environment_follows_what_it_is_made_from(house, file, add, ready):
    make_fake_venv(house)
    with (house / file).open("a") as out:
        out.write(add)
    assert book.is_ready(book.BOOK) is ready


def no_venv(house):
    shutil.rmtree(book.VENV)


def torn_interpreter(house):
    book.python().unlink()
    book.python().symlink_to(house / "gone")


def cut_short(house):
    book.UNFINISHED.touch()


def package_gone(house):
    book.packages().mkdir(parents=True, exist_ok=True)
    stamp = {**book.wanted(book.BOOK), "holds": ["numpy"]}
    book.STAMP.write_text(json.dumps(stamp))


def found_damaged(house):
    book.UNFINISHED.write_text("numpy lacks numpy/version.py")


def moved(house):
    book.STAMP.write_text(json.dumps({**book.wanted(book.BOOK), "place": "/elsewhere/.venv"}))


def without_stamp(house):
    book.STAMP.unlink()


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (no_venv, "there is none"),
        (torn_interpreter, "it is broken"),
        (cut_short, "the last installation did not finish"),
        (package_gone, "numpy is gone from it"),
        (found_damaged, "numpy lacks numpy/version.py"),
        (moved, "the folder was moved"),
        (without_stamp, ""),
    ],
)
def test_an_environment_is_rebuilt_only_for_a_reason(house, harm, reason):
    make_fake_venv(house)
    harm(house)
    assert book.why_rebuild() == reason


def test_another_python_means_another_environment(house, monkeypatch):
    make_fake_venv(house)
    was = book.VERSION
    monkeypatch.setattr(book, "VERSION", "3.99")
    assert not book.is_ready(book.BOOK)
    assert book.why_rebuild() == f"it holds Python {was}, this is 3.99"


@pytest.mark.parametrize("harm", [package_gone, found_damaged, cut_short])
def test_a_damaged_environment_is_not_taken_for_a_ready_one(house, harm):
    make_fake_venv(house)
    assert book.is_ready(book.BOOK)
    harm(house)
    assert not book.is_ready(book.BOOK)


def test_a_command_that_fails_in_a_damaged_environment_has_it_made_anew(house, monkeypatch):
    make_fake_venv(house)
    monkeypatch.setattr(book, "run", lambda *words: 1)
    monkeypatch.setattr(book, "damaged", lambda: "numpy lacks numpy/version.py")
    with pytest.raises(book.Stop, match=r"numpy lacks .*; run the command again and it is made"):
        book.module("commands", "build")([])
    assert book.why_rebuild() == "numpy lacks numpy/version.py"


def test_a_missing_file_of_a_package_is_found():
    assert book.damaged() == ""


def test_an_installation_says_how_far_it_is(house):
    make_fake_venv(house)
    log = house / "log"
    log.write_text("Collecting altair==6.3.0 (from x)\nCollecting pandas==3.1.1\n")
    moves = book.installing(book.BOOK, log)
    assert moves().startswith("fetched: 2 of 1")
    (book.packages() / "altair-6.3.0.dist-info").mkdir(parents=True)
    log.write_text("Installing collected packages: altair")
    assert moves().startswith("installed: 1 of 1")


def test_everything_is_installed_by_its_hash_and_the_book_without_an_index(house, monkeypatch):
    make_fake_venv(house)
    asked = []
    monkeypatch.setattr(book, "run", lambda *words, log, moves: asked.append(words) or 0)
    for uv in (None, "/usr/bin/uv"):
        asked.clear()
        monkeypatch.setattr(shutil, "which", lambda name, uv=uv: uv)
        book.install(book.DEV)
        first, second = ([*words[words.index("install") + 1 :]] for words in asked)
        lists = ["-r", "locked/book.txt", "-r", "locked/dev.txt"]
        assert first == ["--require-hashes", "-c", "requirements.lock", *lists]
        assert second == ["--no-deps", "--no-build-isolation", "-e", "."]


@pytest.mark.skipif("CI" not in os.environ, reason="asks the package index for everything")
@pytest.mark.slow
@pytest.mark.long
def test_whoever_begins_with_the_tests_gets_everything_at_once(tmp_path, monkeypatch):
    bare = tmp_path / "bare"
    venv.create(bare, with_pip=True)
    pip = [bare / ("Scripts" if book.WINDOWS else "bin") / "python", "-m", "pip", "install"]
    asked = []
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(book, "BUILD", tmp_path)
    monkeypatch.setattr(book, "run", lambda *words, log, moves: asked.append(words) or 0)
    book.install(book.DEV)
    words = asked[0][asked[0].index("install") + 1 :]
    told = subprocess.run(
        [*pip, "--dry-run", "-q", *words], capture_output=True, text=True, cwd=book.ROOT
    )
    assert told.returncode == 0, told.stderr


PIP = {
    "no network": (
        "WARNING: Retrying: NewConnectionError: [Errno -3] Temporary failure in name resolution\n"
        "ERROR: No matching distribution found for altair==6.3.0",
        "the package index cannot be reached",
    ),
    "no network, no retries": (
        "  error: subprocess-exited-with-error\n"
        "  ERROR: Could not find a version that satisfies the requirement setuptools>=77 (from "
        "versions: none)\n  ERROR: No matching distribution found for setuptools>=77",
        "the package index cannot be reached",
    ),
    "uv without a network": (
        "error: Failed to fetch: `https://pypi.org/simple/altair/`\n  Caused by: dns error",
        "the package index cannot be reached",
    ),
    "another file": (
        "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
        "a downloaded file is not the one that was locked",
    ),
    "full disk": ("ERROR: [Errno 28] No space left on device", "the disk is full"),
    "other": ("ERROR: no such pin", "installing requirements.txt failed: ERROR: no such pin"),
}


@pytest.mark.parametrize("said", PIP)
def test_a_failed_installation_is_explained_in_one_line(house, monkeypatch, said):
    text, expected = PIP[said]

    def pip(*command, log, moves):
        log.parent.mkdir(exist_ok=True)
        log.write_text(text)
        return 1

    make_fake_venv(house)
    book.UNFINISHED.touch()
    monkeypatch.setattr(book, "run", pip)
    with pytest.raises(book.Stop, match=expected) as stop:
        book.install(book.BOOK)
    assert "\n" not in str(stop.value)
    assert "_build" in str(stop.value)
    assert not book.UNFINISHED.exists()


def test_a_python_without_venv_is_told_where_to_get_it(house, monkeypatch):
    monkeypatch.setattr(book, "run", lambda *command, log: 1)
    monkeypatch.setattr(book, "apt_install", lambda log, *packages: False)
    with pytest.raises(book.Stop, match=f"apt install python{book.VERSION}-venv"):
        book.make_venv()
    assert not book.VENV.exists()


def test_a_missing_list_is_named(house):
    (house / book.LOCK).unlink()
    with pytest.raises(book.Stop, match=r"requirements.lock is missing; restore it with: git"):
        book.wanted(book.BOOK)


def test_children_see_this_environment_and_no_other(house, monkeypatch):
    for name in ("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV"):
        monkeypatch.setenv(name, "/elsewhere")
    seen = book.environment()
    assert "/elsewhere" not in seen.values()
    assert seen["PATH"].split(os.pathsep)[0] == str(book.python().parent)


def test_the_engine_hears_what_the_publisher_of_this_book_sets(house, monkeypatch):
    monkeypatch.setenv("SURGE_REPOSITORY", "someone/book")
    assert book.environment()["RECEIPTBOOK_REPOSITORY"] == "someone/book"


def test_each_command_asks_for_something_that_can_be_run():
    for name, command in book.COMMANDS.items():
        assert command.says and (book.ROOT / command.tool).exists(), name
    asked = {"book": "build", "check": "check", "test": "test", "serve": "serve", "lab": "lab",
             "zip": "zip", "pdf": "pdf"}  # fmt: skip
    for name, word in asked.items():
        with pytest.MonkeyPatch.context() as patch:
            ran = []
            patch.setattr(book, "run", lambda *words, ran=ran: ran.append(words) or 0)
            assert book.COMMANDS[name].run(["--more"]) == 0
        assert ran == [(book.python(), "-m", "receiptbook.commands", word, "--more")]
        assert word in commands.COMMANDS


def test_clean_removes_what_was_built_and_keeps_the_environment(house):
    make_fake_venv(house)
    for name in ("_build/html", "dist", "chapters", "receiptbook/__pycache__"):
        (house / name).mkdir(parents=True)
    book.clean([])
    kept = sorted(
        path.relative_to(house).as_posix() for path in house.glob("**/*") if path.is_dir()
    )
    assert [name for name in kept if "/" not in name] == [
        *(".venv", "chapters", "locked", "receiptbook"),
    ]
    assert "receiptbook/__pycache__" not in kept
    book.clean(["--all"])
    assert not book.VENV.exists()


@pytest.mark.skipif(book.WINDOWS, reason="Windows ends processes without a signal")
def test_a_launcher_told_to_end_leaves_no_child_behind():
    code = (
        "import sys, book\n"
        "wait = [sys.executable, '-c', 'import time; print(1); time.sleep(60)']\n"
        "child = book.Command(None, 'book.py', '', lambda words: book.run(*wait))\n"
        "book.COMMANDS['wait'] = child\n"
        "sys.exit(book.main(['wait']))"
    )
    started = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=book.ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    with started:
        assert started.stdout.readline() == "1\n"
        started.terminate()
        started.communicate(timeout=30)  # ends when the last holder of the pipe has ended
        assert started.returncode == 130
