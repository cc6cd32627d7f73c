"""The commands build whole sites only, prove them, and say in one line what is missing."""

import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import tomllib
import zipfile
from pathlib import Path

import pytest

from receiptbook import browser, commands, system
from receiptbook.book import Book
from receiptbook.system import Stop


def test_a_second_run_waits_for_the_first(tmp_path, capsys):
    order = []

    def second():
        with system.alone(tmp_path, "build"):
            order.append("second")

    with system.alone(tmp_path, "build"):
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.5)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]
    assert "another build is at work" in capsys.readouterr().out


# --- building ------------------------------------------------------------------------------


@pytest.fixture
def sources(tmp_path, monkeypatch) -> Book:
    """A book of one page in a folder with a blank, and a builder that writes what the page says."""
    book = Book(tmp_path / "a house")
    book.chapters.mkdir(parents=True)
    for name in ("_config.yml", "_toc.yml"):
        (book.root / name).write_text("")
    page = book.chapters / "page.md"
    page.write_text("good")

    def builder(command, log, moves):
        out = book.build / "work" / "_build" / "html"
        out.mkdir(parents=True)
        (out / "index.html").write_text(page.read_text())
        log.write_text(f"{page}:1: {page.read_text()}\n")
        return int(page.read_text() == "exit 1")

    monkeypatch.setattr(commands, "run", builder)
    monkeypatch.setattr(commands.prose, "main", lambda arguments: 0)
    return book


def test_a_build_with_nothing_to_do_does_nothing(sources, monkeypatch, capsys):
    assert commands.build(sources) == 0
    monkeypatch.setattr(commands, "run", lambda command, **more: pytest.fail("built again"))
    assert commands.build(sources) == 0
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
    before = commands.fingerprint(sources.root)
    (sources.root / path).parent.mkdir(parents=True, exist_ok=True)
    (sources.root / path).write_text("changed")
    assert (commands.fingerprint(sources.root) != before) is counts


def test_force_builds_again(sources):
    commands.build(sources)
    sources.site.joinpath("index.html").write_text("old")
    commands.build(sources, ["--force"])
    assert sources.site.joinpath("index.html").read_text() == "good"


@pytest.mark.parametrize("fault", ["exit 1", "WARNING: no such receipt", "ERROR: no such page"])
def test_the_last_good_site_stays_when_a_build_fails(sources, fault, capsys):
    commands.build(sources)
    (sources.chapters / "page.md").write_text(fault)
    for _ in range(2):
        with pytest.raises(Stop, match="the book was not built; the last good site stays"):
            commands.build(sources)
    assert sources.site.joinpath("index.html").read_text() == "good"
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
        (
            "Traceback\nOSError: [Errno 28] No space left on device: '/book/_build/x'",
            2,
            [
                "No space left on device: '/book/_build/x': the disk is full; free some space and run "
                "make book again"
            ],
        ),
    ],
)
def test_a_failed_build_says_the_cause_and_not_the_traceback(told, code, found):
    assert list(commands.faults(Path("/book"), told, code)) == found


@pytest.mark.parametrize(
    ("code", "says"),
    [(1, "numbers in prose do not match their receipts"), (2, "a file of the book is not sound")],
)
def test_what_does_not_match_stops_the_build_before_it_starts(sources, monkeypatch, code, says):
    monkeypatch.setattr(commands, "run", lambda command, **more: pytest.fail("built all the same"))
    monkeypatch.setattr(commands.prose, "main", lambda arguments: code)
    with pytest.raises(Stop, match=f"{says}; nothing was built"):
        commands.build(sources)


def test_a_missing_table_of_contents_is_named(sources):
    (sources.root / "_toc.yml").unlink()
    with pytest.raises(Stop, match=r"_toc.yml is missing"):
        commands.build(sources)


def test_a_site_lost_between_two_renames_comes_back(sources):
    commands.build(sources)
    (sources.site / "index.html").write_text("the last good one")
    sources.site.rename(sources.build / "html.old")
    (sources.chapters / "page.md").write_text("exit 1")
    with pytest.raises(Stop, match="the last good site stays"):
        commands.build(sources)
    assert sources.site.joinpath("index.html").read_text() == "the last good one"
    (sources.chapters / "page.md").write_text("better")
    commands.build(sources)
    assert sources.site.joinpath("index.html").read_text() == "better"
    assert not (sources.build / "html.old").exists()


@pytest.mark.parametrize("name", ["REPOSITORY", "DOWNLOADS"])
def test_a_changed_setting_of_the_publisher_builds_again(sources, monkeypatch, name):
    monkeypatch.delenv(f"RECEIPTBOOK_{name}", raising=False)
    before = commands.fingerprint(sources.root)
    monkeypatch.setenv(f"RECEIPTBOOK_{name}", "me/fork")
    assert commands.fingerprint(sources.root) != before


def test_a_long_step_shows_that_it_moves(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(system, "PATIENCE", 0.05)
    monkeypatch.setattr(system, "QUIET", 0.0)
    wait = [
        sys.executable,
        "-c",
        "import time; print('reading sources... [ 40%] a'); time.sleep(.5)",
    ]
    log = tmp_path / "log"
    log.write_text("writing output... [ 40%] chapters/a")
    moves = commands.progress(log)
    assert moves() == "writing pages: 40 percent"
    assert system.run(wait, moves=moves) == 0
    assert "writing pages: 40 percent" in capsys.readouterr().out


def test_long_work_says_how_much_is_done(capsys, monkeypatch):
    assert [*system.counted("printed", "ab")] == ["a", "b"]
    assert capsys.readouterr().out == ""
    monkeypatch.setattr(system, "QUIET", 0.0)
    assert [*system.counted("printed", "ab")] == ["a", "b"]
    assert capsys.readouterr().out == "  printed 1 of 2\n  printed 2 of 2\n"


def test_what_the_system_refuses_is_told_in_one_line(monkeypatch, capsys):
    def full(book, arguments):
        raise OSError(errno.ENOSPC, "No space left on device", "_build/html.stamp")

    monkeypatch.setitem(commands.COMMANDS, "build", full)
    assert commands.main(["build"]) == 1
    told = capsys.readouterr().err
    assert (
        told == "_build/html.stamp: the disk is full; free some space and run the command again\n"
    )


# --- serving -------------------------------------------------------------------------------


@pytest.fixture
def served(tmp_path):
    """The address of a small site that is being served."""
    site = tmp_path / "site"
    (site / "chapters").mkdir(parents=True)
    (site / "index.html").write_text("first")
    (site / "chapters" / "a.html").write_text("page")
    (site / "404.html").write_text('<a href="index.html">lost</a><a href="#x">x</a>')
    (tmp_path / "secret").write_text("secret")
    if not system.WINDOWS:
        (site / "out").symlink_to(tmp_path / "secret")
    with commands.site_server(site) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join(10)


def asked(port, path, method="GET"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def test_pages_are_served_and_nothing_else(served):
    assert asked(served, "/") == (200, "first")
    assert asked(served, "/chapters/a.html?q=1") == (200, "page")
    lost = '<a href="/index.html">lost</a><a href="#x">x</a>'
    for path in ("/chapters/", "/none", "/deep/none.html", "/out", "/../secret", "/%2e%2e/secret"):
        assert asked(served, path) == (404, lost), path
    assert asked(served, "/none", "HEAD") == (404, "")


def test_a_server_ends_at_once_though_somebody_is_still_connected(tmp_path):
    code = (
        "import signal, sys, pathlib; from receiptbook import commands\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a test may run unheard
        "with commands.site_server(pathlib.Path(sys.argv[1])) as server:\n"
        "    print(server.server_address[1], flush=True)\n"
        "    server.serve_forever()"
    )
    (tmp_path / "index.html").write_text("first")
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        port = int(run.stdout.readline())
        with socket.create_connection(("127.0.0.1", port)):  # says nothing, as browsers do
            assert asked(port, "/")[0] == 200
            run.send_signal(signal.SIGINT)
            run.communicate(timeout=8)


# --- testing -------------------------------------------------------------------------------


@pytest.mark.skipif(system.WINDOWS, reason="a shell script stands for a browser")
def test_a_browser_named_in_the_environment_comes_first(tmp_path, monkeypatch):
    mine = tmp_path / "my browser"
    mine.write_text("#!/bin/sh\nexit 0\n")
    mine.chmod(0o755)
    monkeypatch.setenv("RECEIPTBOOK_CHROMIUM", str(mine))
    assert browser.find() == str(mine)
    mine.write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(Stop, match="which does not start"):
        browser.find()


@pytest.fixture
def bare_machine(monkeypatch):
    """A machine with neither browser nor font nor a way to get them."""
    for name in ("find", "has_chinese_font", "apt_install"):
        monkeypatch.setattr(browser, name, lambda *_: False)
    monkeypatch.setattr(browser, "run", lambda command, log: 1)


def test_without_a_browser_a_person_is_told_and_goes_on(
    bare_machine, monkeypatch, capsys, tmp_path
):
    monkeypatch.setattr(browser, "IN_CI", False)
    assert not browser.provide(tmp_path)
    told = capsys.readouterr().out
    assert "install Chromium or Chrome, or name one in RECEIPTBOOK_CHROMIUM" in told
    assert "install fonts-noto-cjk" in told


def test_a_browser_that_was_found_is_named_to_every_child(monkeypatch, tmp_path):
    monkeypatch.setattr(browser, "find", lambda: "/usr/bin/some-browser")
    monkeypatch.setattr(browser, "has_chinese_font", lambda: True)
    monkeypatch.setenv("RECEIPTBOOK_CHROMIUM", "")  # restored after the test
    assert browser.provide(tmp_path) == "/usr/bin/some-browser"
    assert os.environ["RECEIPTBOOK_CHROMIUM"] == "/usr/bin/some-browser"


def test_without_a_browser_ci_fails(bare_machine, monkeypatch, tmp_path):
    monkeypatch.setattr(browser, "IN_CI", True)
    with pytest.raises(Stop, match="no browser"):
        browser.provide(tmp_path)


def test_without_a_path_chapters_tests_and_doctests_of_both_packages_are_run(root):
    options = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]
    options = options.get("ini_options", options)
    assert options["testpaths"] == ["chapters", "tests", "receiptbook", "surge"]
    assert "--doctest-modules" in options["addopts"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], ["--nbval", "-m", "not long"]),
        (["-k", "growth"], ["--nbval", "-m", "not long", "-k", "growth"]),
        (["tests/test_house.py::test_x"], ["tests/test_house.py::test_x"]),
    ],
)
def test_more_words_go_to_pytest(words, expected, monkeypatch, root):
    asked = []
    monkeypatch.setattr(browser, "provide", lambda logs: None)
    monkeypatch.setattr(commands, "build", lambda book: 0)
    monkeypatch.setattr(commands, "run", lambda command, cwd: asked.extend(command) or 0)
    assert commands.test(Book(root), words) == 0
    assert asked[asked.index("2") + 1 :] == expected


def test_each_test_is_run_by_one_of_two_commands(monkeypatch, root):
    asked = []
    monkeypatch.setattr(browser, "provide", lambda logs: None)
    monkeypatch.setattr(commands, "build", lambda book: 0)
    monkeypatch.setattr(commands, "run", lambda command, cwd: asked.append(command[-2:]) or 0)
    for command in (commands.test, commands.prove):
        assert command(Book(root), []) == 0
    assert asked == [["-m", "not long"], ["-m", "long"]]


def test_proofs_run_and_the_command_fails_when_the_book_cannot_be_built(monkeypatch, capsys, root):
    def build(book):
        raise Stop("numbers in prose do not match")

    ran = []
    monkeypatch.setattr(browser, "provide", lambda logs: None)
    monkeypatch.setattr(commands, "build", build)
    monkeypatch.setattr(commands, "run", lambda command, cwd: ran.append(command) or 0)
    assert commands.test(Book(root), []) == 1
    assert len(ran) == 1
    assert "numbers in prose do not match" in capsys.readouterr().err


def test_the_quick_round_names_what_is_not_approved_beside_what_is_wrong_in_prose(
    monkeypatch, root
):
    from receiptbook import approvals

    asked = []
    monkeypatch.setattr(commands.prose, "main", lambda arguments: asked.append("prose") or 1)
    monkeypatch.setattr(approvals, "main", lambda arguments: asked.append("approvals") or 0)
    monkeypatch.setattr(commands, "run", lambda command, cwd: asked.append("tests") or 0)
    assert commands.check(Book(root), []) == 1
    assert asked == ["prose", "approvals", "tests"]


# --- packing -------------------------------------------------------------------------------


def test_the_zip_holds_the_whole_site_and_is_the_same_each_time(sources):
    (sources.root / "_config.yml").write_text("title: A weather book\n")
    commands.build(sources)
    (sources.site / "data").mkdir()
    (sources.site / "data" / "rain.csv").write_text("mm\n")
    packed = sources.dist / "a-weather-book.zip"
    assert commands.pack(sources, []) == 0
    once = packed.read_bytes()
    assert commands.pack(sources, []) == 0
    assert packed.read_bytes() == once
    with zipfile.ZipFile(packed) as archive:
        names = ["a-weather-book/data/rain.csv", "a-weather-book/index.html"]
        assert archive.namelist() == names
