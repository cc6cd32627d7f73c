"""The launcher sets up once, builds whole sites only, and says in one line what is missing."""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import book


@pytest.fixture
def house(tmp_path, monkeypatch) -> Path:
    """An empty repository with a blank in its path, where nothing real can be touched."""
    root = tmp_path / "a house"
    root.mkdir()
    for name in (book.BOOK, book.DEV, book.LOCK, "pyproject.toml"):
        shutil.copy(book.ROOT / name, root)
    venv, build = root / ".venv", root / "_build"
    places = {
        "ROOT": root,
        "VENV": venv,
        "STAMP": venv / "book-stamp.json",
        "UNFINISHED": venv / "unfinished",
        "BUILD": build,
        "SITE": build / "html",
        "OLD": build / "html.old",
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
    assert set(book.available()) == {"lab", "lock", "clean", "help"}


@pytest.mark.parametrize("words", [["hel"], ["BOOK"], ["--force"]])
def test_an_unknown_command_is_answered_with_the_known_ones(words, capsys):
    assert book.main(words) == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert f"no command {words[0]!r}; there are: book, test" in told


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


PIP = {
    "no network": (
        "WARNING: Retrying: NewConnectionError: [Errno -3] Temporary failure in name resolution\n"
        "ERROR: No matching distribution found for altair==6.3.0",
        "the package index cannot be reached",
    ),
    "full disk": ("ERROR: [Errno 28] No space left on device", "the disk is full"),
    "other": ("ERROR: no such pin", "installing requirements.txt failed: ERROR: no such pin"),
}


@pytest.mark.parametrize("said", PIP)
def test_a_failed_installation_is_explained_in_one_line(house, monkeypatch, said):
    text, expected = PIP[said]

    def pip(*command, log):
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
    monkeypatch.setattr(book, "apt_install", lambda *packages: False)
    with pytest.raises(book.Stop, match=f"apt install python{book.VERSION}-venv"):
        book.make_venv()
    assert not book.VENV.exists()


def test_a_missing_list_is_named(house):
    (house / book.LOCK).unlink()
    with pytest.raises(book.Stop, match=r"requirements.lock is missing; restore it with: git"):
        book.wanted(book.BOOK)


def test_a_second_run_waits_for_the_first(house, capsys):
    order = []

    def second():
        with book.alone("build"):
            order.append("second")

    with book.alone("build"):
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.5)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]
    assert "another build is at work" in capsys.readouterr().out


def test_children_see_this_environment_and_no_other(house, monkeypatch):
    for name in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"):
        monkeypatch.setenv(name, "/elsewhere")
    seen = book.environment()
    assert "/elsewhere" not in seen.values()
    assert seen["PATH"].split(os.pathsep)[0] == str(book.python().parent)


# --- building ------------------------------------------------------------------------------


@pytest.fixture
def sources(house, monkeypatch) -> Path:
    """A book of one page, and a builder that writes what the page says."""
    for name in ("_config.yml", "_toc.yml"):
        (house / name).write_text("")
    (house / "chapters").mkdir()
    (house / "chapters" / "page.md").write_text("good")

    def builder(*command, log=None):
        page = (house / "chapters" / "page.md").read_text()
        out = house / "_build" / "work" / "_build" / "html"
        out.mkdir(parents=True)
        (out / "index.html").write_text(page)
        log.write_text(f"{house}/chapters/page.md:1: {page}\n")
        return int(page == "exit 1")

    monkeypatch.setattr(book, "run", builder)
    return house


def test_a_build_with_nothing_to_do_does_nothing(sources, monkeypatch, capsys):
    assert book.build([]) == 0
    monkeypatch.setattr(book, "run", lambda *command, log: pytest.fail("built again"))
    assert book.build([]) == 0
    assert "the book is up to date" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ("chapters/page.md", True),
        ("chapters/new.md", True),
        ("data/waves.csv", True),
        ("receiptbook/site/styles/book.css", True),
        ("requirements.lock", True),
        ("_toc.yml", True),
        ("tests/test_new.py", False),
        ("surge/__pycache__/data.cpython-311.pyc", False),
        ("chapters/.ipynb_checkpoints/page.md", False),
        (".git/index", False),
        ("_build/html/index.html", False),
    ],
)
def test_a_changed_input_is_seen_and_nothing_else(sources, path, counts):
    before = book.fingerprint()
    (sources / path).parent.mkdir(parents=True, exist_ok=True)
    (sources / path).write_text("changed")
    assert (book.fingerprint() != before) is counts


def test_force_builds_again(sources):
    book.build([])
    book.SITE.joinpath("index.html").write_text("old")
    book.build(["--force"])
    assert book.SITE.joinpath("index.html").read_text() == "good"


@pytest.mark.parametrize("fault", ["exit 1", "WARNING: no such receipt", "ERROR: no such page"])
def test_the_last_good_site_stays_when_a_build_fails(sources, fault, capsys):
    book.build([])
    (sources / "chapters" / "page.md").write_text(fault)
    for _ in range(2):
        with pytest.raises(book.Stop, match="the book was not built; the last good site stays"):
            book.build([])
    assert book.SITE.joinpath("index.html").read_text() == "good"
    assert f"chapters/page.md:1: {fault}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("told", "code", "found"),
    [
        ("reading sources... done\nbuild succeeded.", 0, []),
        (
            "\x1b[31m/p/a.md:3: WARNING: no such page\x1b[0m\nok",
            0,
            ["/p/a.md:3: WARNING: no such page"],
        ),
        (
            "loading... done\n\nExtension error:\nCould not import receiptbook.site\nTraceback:",
            1,
            ["Extension error:", "Could not import receiptbook.site"],
        ),
        ("something\nelse", 1, ["something", "else"]),
    ],
)
def test_a_failed_build_says_the_cause_and_not_the_traceback(told, code, found):
    assert book.faults(told, code) == found


def test_a_number_that_does_not_match_stops_the_build_before_it_starts(sources, monkeypatch):
    (sources / "receiptbook").mkdir()
    (sources / "receiptbook" / "prose.py").touch()
    asked = []
    monkeypatch.setattr(book, "run", lambda *command, log=None: asked.append(command) or 1)
    with pytest.raises(book.Stop, match="numbers in prose"):
        book.build([])
    assert [command[1:] for command in asked] == [("-m", "receiptbook.prose")]


def test_a_missing_table_of_contents_is_named(sources):
    (sources / "_toc.yml").unlink()
    with pytest.raises(book.Stop, match=r"_toc.yml is missing"):
        book.build([])


def test_a_site_lost_between_two_renames_comes_back(sources):
    book.build([])
    (book.SITE / "index.html").write_text("the last good one")
    book.SITE.rename(book.OLD)
    (sources / "chapters" / "page.md").write_text("exit 1")
    with pytest.raises(book.Stop, match="the last good site stays"):
        book.build([])
    assert book.SITE.joinpath("index.html").read_text() == "the last good one"
    (sources / "chapters" / "page.md").write_text("better")
    book.build([])
    assert book.SITE.joinpath("index.html").read_text() == "better"
    assert not book.OLD.exists()


def test_clean_removes_what_was_built_and_keeps_the_environment(sources):
    make_fake_venv(sources)
    book.build([])
    book.clean([])
    assert sorted(path.name for path in sources.iterdir() if path.is_dir()) == [".venv", "chapters"]
    book.clean(["--all"])
    assert not book.VENV.exists()


# --- testing -------------------------------------------------------------------------------


def test_a_browser_named_in_the_environment_comes_first(tmp_path, monkeypatch):
    browser = tmp_path / "my browser"
    browser.write_text("#!/bin/sh\nexit 0\n")
    browser.chmod(0o755)
    monkeypatch.setenv("RECEIPTBOOK_CHROMIUM", str(browser))
    assert book.find_browser() == str(browser)
    browser.write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(book.Stop, match="which does not start"):
        book.find_browser()


@pytest.fixture
def bare_machine(monkeypatch):
    """A machine with neither browser nor font nor a way to get them."""
    for name in ("find_browser", "playwright_browser", "has_chinese_font", "apt_install"):
        monkeypatch.setattr(book, name, lambda *_: False)
    monkeypatch.setattr(book, "run", lambda *command, log: 1)


def test_without_a_browser_a_person_is_told_and_goes_on(bare_machine, monkeypatch, capsys):
    monkeypatch.setattr(book, "IN_CI", False)
    assert not book.need_browser()
    told = capsys.readouterr().out
    assert "install Chromium or Chrome, or name one in RECEIPTBOOK_CHROMIUM" in told
    assert "install fonts-noto-cjk" in told


def test_a_browser_that_was_found_is_named_to_every_child(monkeypatch):
    monkeypatch.setattr(book, "find_browser", lambda: "/usr/bin/some-browser")
    monkeypatch.setattr(book, "has_chinese_font", lambda: True)
    monkeypatch.setenv("RECEIPTBOOK_CHROMIUM", "")  # restored after the test
    assert book.need_browser() == "/usr/bin/some-browser"
    assert book.environment()["RECEIPTBOOK_CHROMIUM"] == "/usr/bin/some-browser"


def test_without_a_browser_ci_fails(bare_machine, monkeypatch):
    monkeypatch.setattr(book, "IN_CI", True)
    with pytest.raises(book.Stop, match="no browser"):
        book.need_browser()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], ["--nbval", "chapters", "tests"]),
        (["-k", "growth"], ["--nbval", "chapters", "tests", "-k", "growth"]),
        (["tests/test_house.py::test_x"], ["tests/test_house.py::test_x"]),
    ],
)
def test_more_words_go_to_pytest(words, expected, monkeypatch):
    asked = []
    monkeypatch.setattr(book, "need_browser", lambda: None)
    monkeypatch.setattr(book, "build", lambda words: 0)
    monkeypatch.setattr(book, "run", lambda *command: asked.extend(command) or 0)
    assert book.test(words) == 0
    assert asked[asked.index("loadfile") + 1 :] == expected


def test_proofs_run_and_the_command_fails_when_the_book_cannot_be_built(monkeypatch, capsys):
    def build(words):
        raise book.Stop("numbers in prose do not match")

    ran = []
    monkeypatch.setattr(book, "need_browser", lambda: None)
    monkeypatch.setattr(book, "build", build)
    monkeypatch.setattr(book, "run", lambda *command: ran.append(command) or 0)
    assert book.test([]) == 1
    assert len(ran) == 1
    assert "numbers in prose do not match" in capsys.readouterr().err


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
