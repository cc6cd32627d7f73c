"""Settings of the site, one typed object read from `receiptbook:` in _config.yml."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sphinx.errors import ConfigError


@dataclass(frozen=True)
class SiteConfig:
    """What a publisher may set. Every `bool` switches off one trick; the site is right without it.

    narrow        a second, narrow picture of each chart for phones
    hydrate       charts become interactive when they come near or are touched
    slim_vega     ship the small chart runtime; off ships Vega with all its transforms
    inline        styles of the first screen in the page, which then needs no other file for it
    squeeze       white space, optional tags and the colours of code taken out of the pages
    prune         files that no page asks for are left out of the output
    endnotes      printed pages end in the receipts they rest on
    policy        a Content-Security-Policy in every page

    `downloads` is the address of the folder where kit, zip and PDF lie, if they are published.
    `redirects` keeps the addresses of renamed pages: {"chapters/old": "chapters/new"}.
    """

    data: str = "data"
    ledger: str = "chapters/ledger"
    licence: str = "CC BY 4.0"
    licence_url: str = "https://creativecommons.org/licenses/by/4.0/"
    citation: str = ""
    description: str = ""
    repository: str = ""
    downloads: str = ""
    branch: str = "main"
    binder: str = "https://mybinder.org/v2/gh"
    narrow: bool = True
    hydrate: bool = True
    slim_vega: bool = True
    inline: bool = True
    squeeze: bool = True
    prune: bool = True
    endnotes: bool = True
    policy: bool = True
    redirects: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, raw: dict[str, Any] | None) -> SiteConfig:
        """Check `raw`; an unknown name or a value of the wrong type raises ConfigError.

        RECEIPTBOOK_REPOSITORY (owner/name) and RECEIPTBOOK_DOWNLOADS in the environment win over the file,
        so that the same sources publish with links where a public copy exists and without elsewhere.
        """
        known = {name: type(value) for name, value in vars(cls()).items()}
        for name, value in (raw or {}).items():
            if name not in known:
                raise ConfigError(
                    f"receiptbook: unknown setting {name!r}; known: {', '.join(known)}"
                )
            if not isinstance(value, known[name]):
                raise ConfigError(
                    f"receiptbook: {name} is {value!r}, expected {known[name].__name__}"
                )
        config = cls(**(raw or {}))
        repository = os.environ.get("RECEIPTBOOK_REPOSITORY", config.repository)
        downloads = os.environ.get("RECEIPTBOOK_DOWNLOADS", config.downloads)
        if downloads and not downloads.startswith(("https://", "http://")):
            raise ConfigError(
                f"receiptbook: downloads is {downloads!r}, expected an https:// address"
            )
        return replace(config, repository=repository, downloads=downloads)

    def data_folder(self, source: str | Path) -> Path:
        """The folder of tables, beside the book's sources."""
        return Path(source) / self.data
