"""Firefox and WebKit as their own drivers speak: one class each, no program of ours between."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import websocket

PATIENCE = 120  # seconds; a busy machine lays the ledger out slowly in WebKit


class Refused(Exception):
    """The browser or the page answered with an error."""


@contextlib.contextmanager
def _running(*command: str, **options) -> Iterator[subprocess.Popen]:
    """A program that ends with the block."""
    with subprocess.Popen(command, text=True, **options) as child:
        try:
            yield child
        finally:
            child.terminate()
            try:
                child.wait(5)
            except subprocess.TimeoutExpired:
                child.kill()


def _heard(lines, pattern: str) -> str:
    """What a program says of where it listens."""
    for line in lines:
        if found := re.search(pattern, line):
            return found[1]
    raise Refused(f"ended before it said {pattern}")


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def _wait_for(address: str) -> None:
    """Wait until something listens there."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(address, timeout=PATIENCE).close()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


class Firefox:
    """A page in Firefox, over the WebDriver BiDi that it speaks itself."""

    PROGRAMS = ("firefox-esr",)

    def __init__(self, address: str) -> None:
        self._socket = websocket.create_connection(address, timeout=PATIENCE, suppress_origin=True)
        self._ids = itertools.count(1)
        self._ask("session.new", capabilities={})
        self._loaded: set[str] = set()  # navigations whose page is there
        self._ask("session.subscribe", events=["browsingContext.load"])
        self._tab = self._ask("browsingContext.getTree")["contexts"][0]["context"]

    def _hear(self) -> dict:
        """The next message; of a page that is there it keeps which navigation led to it."""
        told = json.loads(self._socket.recv())
        if told.get("method") == "browsingContext.load":
            self._loaded.add(told["params"]["navigation"])
        return told

    def _ask(self, method: str, **params) -> dict:
        id = next(self._ids)
        self._socket.send(json.dumps({"id": id, "method": method, "params": params}))
        while (told := self._hear()).get("id") != id:
            pass
        if told["type"] == "error":
            raise Refused(told["message"])
        return told["result"]

    def size(self, width: int, height: int) -> None:
        """Give the page so many CSS pixels."""
        view = {"width": width, "height": height}
        self._ask("browsingContext.setViewport", context=self._tab, viewport=view)

    def open(self, address: str) -> None:
        """Go to an address and wait until all of it is there."""
        # Asked to wait itself, Firefox at times answers while the old page is still there.
        going = self._ask("browsingContext.navigate", context=self._tab, url=address, wait="none")
        while going["navigation"] not in self._loaded:
            self._hear()

    def run(self, body: str) -> object:
        """What the body of an async function returns in the page, by way of JSON."""
        asked = f"(async () => JSON.stringify(await (async () => {{ {body} }})() ?? null))()"
        told = self._ask(
            "script.evaluate", target={"context": self._tab}, expression=asked, awaitPromise=True
        )
        if told["type"] == "exception":
            raise Refused(told["exceptionDetails"]["text"])
        return json.loads(told["result"]["value"])

    @classmethod
    @contextlib.contextmanager
    def started(cls) -> Iterator[Firefox]:
        """A Firefox without a window, with a profile of its own."""
        with (
            TemporaryDirectory(ignore_cleanup_errors=True) as profile,
            _running(cls.PROGRAMS[0], "--headless", "--no-remote", "--profile", profile,
                     "--remote-debugging-port", str(_free_port()), "about:blank",
                     stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as child,
        ):  # fmt: skip
            address = _heard(child.stderr, r"BiDi listening on (ws://\S+)")
            shown = cls(f"{address}/session")
            with contextlib.closing(shown._socket):
                yield shown


class WebKit:
    """A page in WebKitGTK, over WebDriver."""

    PROGRAMS = ("WebKitWebDriver", "Xvfb")

    def __init__(self, address: str, browser: str) -> None:
        self._at = f"{address}/session"
        wanted = {"webkitgtk:browserOptions": {"binary": browser, "args": ["--automation"]}}
        told = self._ask("", capabilities={"alwaysMatch": wanted})
        self._at += f"/{told['sessionId']}"

    def _ask(self, what: str, **params) -> object:
        asked = urllib.request.Request(f"{self._at}{what}", json.dumps(params).encode())
        try:
            with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as problem:
            with problem:
                raise Refused(json.load(problem)["value"]["message"]) from None

    def size(self, width: int, height: int) -> None:
        """Give the window so many pixels."""
        self._ask("/window/rect", width=width, height=height)

    def open(self, address: str) -> None:
        """Go to an address and wait until all of it is there."""
        self._ask("/url", url=address)

    def run(self, body: str) -> object:
        """What the body of an async function returns in the page, by way of JSON."""
        script = (
            f"(async () => {{ {body} }})().then((told) => ({{ told }}),"
            " (problem) => ({ thrown: String(problem) }))"
            ".then((all) => arguments[0](JSON.stringify(all)));"
        )
        told = json.loads(self._ask("/execute/async", script=script, args=[]))
        if "thrown" in told:
            raise Refused(told["thrown"])
        return told.get("told")

    @classmethod
    @contextlib.contextmanager
    def started(cls) -> Iterator[WebKit]:
        """WebKit's own small browser on a screen that nobody sees."""
        browser = next(Path("/usr/lib").glob("*/webkit2gtk-4.1/MiniBrowser"))
        with _running("Xvfb", "-displayfd", "1", "-screen", "0", "1400x1000x24",
                      stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as screen:  # fmt: skip
            shown = {**os.environ, "DISPLAY": ":" + _heard(screen.stdout, r"(\d+)")}
            port = _free_port()
            with _running("WebKitWebDriver", f"--port={port}", env=shown):
                _wait_for(f"http://127.0.0.1:{port}/status")
                yield cls(f"http://127.0.0.1:{port}", str(browser))


def lacking(kind: type) -> list[str]:
    """The programs that a browser needs and this machine does not have."""
    return [name for name in kind.PROGRAMS if not shutil.which(name)]
