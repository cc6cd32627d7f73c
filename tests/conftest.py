"""What the tests share: the repository, its launcher, a browser and the built site."""

import os
from pathlib import Path

import pytest

import book
from receiptbook.refresh import ENVIRONMENT

# Kernels started by nbval inherit what refresh gives its own, so that both see the same outputs.
os.environ.update(ENVIRONMENT)


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the repository."""
    return book.ROOT


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """A Chromium that starts. Without one the test is skipped, in CI it fails."""
    path = book.find_browser()
    if path is None:
        (pytest.fail if book.IN_CI else pytest.skip)("no Chromium; see make test")
    return path


@pytest.fixture(scope="session")
def site(root) -> Path:
    """The folder of the built site, brought up to date."""
    book.set_up(book.BOOK)
    book.build([])
    return book.SITE
