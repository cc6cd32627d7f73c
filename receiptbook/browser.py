"""One Chromium for everything that needs a browser: found, fetched and started in one way."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from receiptbook.system import IN_CI, Stop, apt_install, run, say, starts

NAMED = "RECEIPTBOOK_CHROMIUM"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")
FILES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "{PROGRAMFILES}/Google/Chrome/Application/chrome.exe",
    "{PROGRAMFILES(X86)}/Google/Chrome/Application/chrome.exe",
    "{LOCALAPPDATA}/Google/Chrome/Application/chrome.exe",
    "{PROGRAMFILES(X86)}/Microsoft/Edge/Application/msedge.exe",
)


def find() -> str | None:
    """A Chromium that starts: $RECEIPTBOOK_CHROMIUM, one on PATH, in a usual place, or Playwright's.

    Raises
    ------
    Stop
        if the variable names one that does not start
    """
    if named := os.environ.get(NAMED):
        if not starts(named):
            raise Stop(f"{NAMED} names {named}, which does not start")
        return named
    files = [re.sub(r"{(.+?)}", lambda name: os.environ.get(name[1], "?"), file) for file in FILES]
    for candidate in [*filter(None, map(shutil.which, PROGRAMS)), *files]:
        if Path(candidate).exists() and starts(candidate):
            return candidate
    return _of_playwright()


def _of_playwright() -> str | None:
    """The browser that Playwright keeps for itself, if it has one that starts."""
    code = (
        "from playwright.sync_api import sync_playwright as s\n"
        "with s() as p: print(p.chromium.executable_path)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    ).stdout.strip()
    return told if told and starts(told) else None


def has_chinese_font() -> bool:
    """Whether Chinese text is drawn; only Linux may come without such a font."""
    if sys.platform != "linux":
        return True
    try:
        told = subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, timeout=60).stdout
    except (OSError, subprocess.SubprocessError):
        return False
    return bool(told.strip())


def provide(logs: Path) -> str | None:
    """Find or get a browser and a Chinese font; say in one line each what is still missing.

    Programs started later find the browser in $RECEIPTBOOK_CHROMIUM. Logs of what is installed
    go into the folder `logs`.

    Raises
    ------
    Stop
        in CI, if either is missing
    """
    browser = find()
    lacking = [] if browser else ["chromium"]
    if not has_chinese_font():
        lacking += ["fontconfig", "fonts-noto-cjk"]
    if lacking and apt_install(logs / "apt.log", *lacking):
        browser = browser or find()
    if not browser:
        say("fetching a browser")
        playwright = [sys.executable, "-m", "playwright", "install", "chromium"]
        run(playwright, logs / "browser.log")
        browser = find()
    missing = []
    if browser:
        os.environ[NAMED] = browser
    else:
        missing.append(f"no browser: install Chromium or Chrome, or name one in {NAMED}")
    if not has_chinese_font():
        missing.append("no Chinese font: install fonts-noto-cjk")
    for line in missing:
        if IN_CI:
            raise Stop(line)
        say(f"{line}; what needs it is left out")
    return browser


@contextmanager
def chromium() -> Iterator:
    """A running Chromium as a Playwright browser; it ends with the block.

    Raises
    ------
    Stop
        if there is none; `make test` gets one
    """
    from playwright.sync_api import sync_playwright  # a reader's environment does not have it

    if (program := find()) is None:
        raise Stop(f"no browser: install Chromium or Chrome, or name one in {NAMED}")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()
