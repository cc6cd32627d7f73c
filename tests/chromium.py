"""A browser for tests: nothing is fetched from anywhere but the page under test."""

from contextlib import contextmanager

from receiptbook import browser

OWN = ("file:", "data:", "blob:", "http://127.0.0.1", "http://localhost")


@contextmanager
def chromium(**context):
    """A browser context; requests beyond file:, data: and this machine are refused."""
    with browser.chromium() as program:
        session = program.new_context(**context)
        session.strangers = []

        def gate(route):
            if route.request.url.startswith(OWN):
                return route.continue_()
            session.strangers.append(route.request.url)
            return route.abort()

        session.route("**/*", gate)
        yield session
