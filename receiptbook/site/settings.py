"""What a publisher may set: each option once, with its type, its default and what it is for.

In _config.yml each stands under `sphinx: config:` as `receiptbook_<name>`.
"""

from __future__ import annotations

import difflib
import os
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

PREFIX = "receiptbook_"


def option(default: Any, help: str) -> Any:
    """A field of Settings; the type of the default is the type of the option."""
    return field(default=default, metadata={"help": help})


@dataclass(frozen=True)
class Settings:
    """The options as one book sets them."""

    #: no option: the page with a row for each receipt, as Sphinx names `Book.ledger`
    ledger: ClassVar[str] = "chapters/ledger"

    what_if: str = option("", "the page on which figures can be changed, if there is one")
    answers: str = option("", "the page that gathers what a reader answered, if there is one")
    licence: str = option("CC BY 4.0", "of text, tables and charts")
    licence_url: str = option("https://creativecommons.org/licenses/by/4.0/", "its address")
    errata: str = option("", "the page that lists corrections and says how to report an error")
    run: str = option("", "the page that says how notebooks are run, if there is one")
    plans: str = option(
        "", "folder of lesson plans, if any; class mode keeps the headings that they send to"
    )
    glossary: str = option("", "the page whose sections define terms; they open in place")
    description: str = option("", "of pages that have no paragraph to describe them")
    card: str = option("", "picture shown with a link, as a path from the book's folder")
    downloads: str = option("", "address of the folder with zip, kit and PDF, if published")
    redirects: dict[str, str] = field(
        default_factory=dict, metadata={"help": "former pages and the pages that took their place"}
    )
    retelling: str = option("", "the page whose lists retell the tested texts, tinted by verdict")
    python: bool = option(False, "a button that runs a page's cells in the page; see site/run")

    def __post_init__(self) -> None:
        for one in fields(self):
            value, kind = getattr(self, one.name), type(OPTIONS[one.name])
            if not isinstance(value, kind):
                raise ConfigError(
                    f"{PREFIX}{one.name} is {value!r} in _config.yml, expected {kind.__name__} "
                    f"({one.metadata['help']}); correct it or leave it out for "
                    f"{OPTIONS[one.name]!r}"
                )
        if self.downloads and not self.downloads.startswith(("https://", "http://")):
            raise ConfigError(
                f"{PREFIX}downloads is {self.downloads!r}, expected an address that begins with "
                "https://; write it whole or leave it out"
            )

    @classmethod
    def read(cls, config: Config) -> Settings:
        """The options of a build; ConfigError names an unknown one and the nearest known.

        RECEIPTBOOK_DOWNLOADS in the environment wins over the file, so that the same sources publish
        with links where the packed files exist and without elsewhere.
        """
        written = {*config.overrides, *vars(config).get("_raw_config", ())}
        check_names(name for name in written if name.startswith(PREFIX))
        values = {name: getattr(config, PREFIX + name) for name in OPTIONS}
        values["downloads"] = os.environ.get("RECEIPTBOOK_DOWNLOADS", values["downloads"])
        return cls(**values)


OPTIONS: dict[str, Any] = {
    one.name: one.default_factory() if callable(one.default_factory) else one.default
    for one in fields(Settings)
}


def check_names(written) -> None:
    """Raise ConfigError for a name that is no option.

    >>> check_names(["receiptbook_glosary"])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    sphinx.errors.ConfigError: receiptbook_glosary in _config.yml is no option; did you mean ...
    """
    for name in sorted(written):
        bare = name.removeprefix(PREFIX)
        if bare in OPTIONS:
            continue
        near = difflib.get_close_matches(bare, OPTIONS, n=1)
        known = ", ".join(PREFIX + option for option in OPTIONS)
        remedy = f"did you mean {PREFIX}{near[0]}?" if near else f"there are {known}"
        raise ConfigError(f"{name} in _config.yml is no option; {remedy}")


def read_settings(app: Sphinx) -> None:
    """Check the options of a build and keep them as `app.env.receiptbook_settings`."""
    app.env.receiptbook_settings = Settings.read(app.config)
