"""What the tests share: the repository, its launcher, a browser and the built site."""

import contextlib
import os
from pathlib import Path

import pytest
from fixtures.site.kit import served
from hypothesis import settings

from receiptbook import commands
from receiptbook.book import Book
from receiptbook.browser import chromium, find
from receiptbook.refresh import ENVIRONMENT
from receiptbook.system import IN_CI
from receiptbook.tables import DataError, load

BOOK = Book(Path(__file__).parents[1])

# Kernels started by nbval inherit what refresh gives its own, so that both see the same outputs.
os.environ.update(ENVIRONMENT)

# A time for one example would judge how busy the machine is.
settings.register_profile("book", deadline=None)
settings.load_profile("book")

# What this book counts is made known, as the first cell of each chapter does. Tables that cannot be
# loaded must not keep the tests that name the fault from running.
with contextlib.suppress(DataError):
    load()


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the repository."""
    return BOOK.root


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """A Chromium that starts. Without one the test is skipped, in CI it fails."""
    path = find()
    if path is None:
        (pytest.fail if IN_CI else pytest.skip)("no Chromium; see make test")
    return path


@pytest.fixture(scope="session")
def site(root) -> Path:
    """The folder of the built site, brought up to date."""
    commands.build(BOOK)
    return BOOK.site


@pytest.fixture(scope="module")
def browser(chromium_path):
    """A Chromium for the tests of a module."""
    with chromium() as shown:
        yield shown


@pytest.fixture(scope="module")
def web(site):
    """The address of the built site over HTTP."""
    with served(site) as address:
        yield address


#: the files that take minutes begin first: none is left to the end, where one worker waits for the other
LONGEST = {
    f"test_{name}.py": place
    for place, name in enumerate(
        "site_browser kit run refresh data_next_wave slides page_faults site_build".split()
    )
}


def pytest_collection_modifyitems(items) -> None:
    """What needs a browser or a built site is slow, whichever file it stands in.

    What visits every page in every state, or runs Python in a page, takes long.
    """
    items.sort(key=lambda item: LONGEST.get(item.path.name, len(LONGEST)))
    for item in items:
        names = getattr(item, "fixturenames", ())
        if any(name in ("chromium_path", "browser") or name.endswith("site") for name in names):
            item.add_marker(pytest.mark.slow)
        if "visits" in names or item.get_closest_marker("wasm"):
            item.add_marker(pytest.mark.long)
