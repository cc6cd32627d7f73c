"""HTML from Jinja templates that stand beside the module that fills them in."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from receiptbook import markdown


@lru_cache(maxsize=16)
def environment(folder: Path) -> Environment:
    """The templates of a folder. Values are escaped; `inline` and `block` render Markdown."""
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.filters |= {
        "inline": lambda text: Markup(markdown.inline(text)),
        "block": lambda text: Markup(markdown.block(text)),
        "without_links": markdown.without_links,
        "into_site": markdown.into_site,
    }
    return made


def render(file: Path, **values: Any) -> str:
    """A template filled in, without blanks around it. A name that is missing is an error."""
    return environment(file.parent).get_template(file.name).render(values).strip()
