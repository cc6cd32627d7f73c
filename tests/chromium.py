"""A real Chromium for tests: nothing is fetched from anywhere but the page under test."""

import os
import shutil
from contextlib import contextmanager

from playwright.sync_api import sync_playwright


@contextmanager
def chromium(**context):
    """A browser context; requests beyond file:, data: and this machine are refused."""
    found = (
        os.environ.get("RECEIPTBOOK_CHROMIUM")
        or shutil.which("chromium")
        or shutil.which("google-chrome")
    )
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        try:
            session = browser.new_context(**context)
            session.strangers = []

            def gate(route):
                url = route.request.url
                if url.startswith(
                    ("file:", "data:", "blob:", "http://127.0.0.1", "http://localhost")
                ):
                    return route.continue_()
                session.strangers.append(url)
                return route.abort()

            session.route("**/*", gate)
            yield session
        finally:
            browser.close()
