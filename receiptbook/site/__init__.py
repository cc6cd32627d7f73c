"""The static site: a Sphinx extension. What is not asked for a page, such as whether the site is up to
date, is found without loading it."""

from __future__ import annotations


def setup(app) -> dict:
    """What Sphinx calls."""
    from receiptbook.site import extension

    return extension.setup(app)
