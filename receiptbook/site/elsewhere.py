"""Where a page's source lies and where it can run, by Jupyter Book's own settings.

`repository`, `launch_buttons` and the buttons of `html` in _config.yml, as its manual has them. What is
not set leads nowhere, so it is not shown.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote, urlsplit

from sphinx.application import Sphinx
from sphinx.errors import ConfigError

from receiptbook.book.notebooks import replace_text

HOSTS = {"github.com": "gh", "gitlab.com": "gl"}  # as a BinderHub names them
BINDER = "https://mybinder.org"
UNSET = "https://github.com/executablebooks/jupyter-book"  # Jupyter Book fills in its own
BRINGS = "bring-the-book"  # the id of the cell that fetches the book where it is not
SERVICES = ("binderhub_url", "jupyterhub_url", "colab_url")


@dataclass(frozen=True)
class Link:
    """One place to go to: what it is called, and its address."""

    label: str
    address: str


@dataclass(frozen=True)
class Elsewhere:
    """The public copy of a book.

    Attributes
    ----------
    repository : its address, without a slash at the end; empty if there is none
    branch, folder : where in it the book stands
    services : the addresses of BinderHub, JupyterHub and Colab, by their keys
    buttons : which of "repository", "issues", "edit_page" are shown

    >>> book = Elsewhere("https://github.com/someone/rain", services={"binderhub_url": BINDER})
    >>> [link.address for link in book.launches("chapters/may.ipynb")]
    ['https://mybinder.org/v2/gh/someone/rain/main?labpath=chapters/may.ipynb']
    """

    repository: str = ""
    branch: str = "main"
    folder: str = ""
    services: Mapping[str, str] = field(default_factory=dict)
    buttons: frozenset[str] = frozenset()

    @classmethod
    def read(cls, options: Mapping[str, Any]) -> Elsewhere:
        """What Jupyter Book hands to a theme.

        RECEIPTBOOK_REPOSITORY (owner/name) in the environment takes the place of `repository: url`, and
        then source, issues and, unless another BinderHub is named, Binder are offered: the same sources
        publish with links where a public copy exists, and without elsewhere.

        Raises
        ------
        ConfigError
            if an address does not begin with https:// or http://

        >>> Elsewhere.read({"repository_url": "https://github.com/someone/rain/"}).repository
        'https://github.com/someone/rain'
        """
        told = dict(options.get("launch_buttons") or {})
        here = os.environ.get("RECEIPTBOOK_REPOSITORY")
        url = f"https://github.com/{here}" if here else _text(options, "repository_url")
        if here == "" or url == UNSET:
            url = ""
        if here and not told.get("binderhub_url"):
            told["binderhub_url"] = BINDER
        services = {name: _text(told, name) for name in SERVICES if _text(told, name)}
        for name, value in {"repository: url": url, **services}.items():
            if value and not value.startswith(("https://", "http://")):
                raise ConfigError(
                    f"{name} is {value!r} in _config.yml, expected an address that begins with "
                    "https://; write it whole or leave it out"
                )
        named = {"repository", "issues", "edit_page"}
        shown = {name for name in named if options.get(f"use_{name}_button") in (True, "true")}
        shown |= {"repository", "issues"} if here else set()
        return cls(
            url,
            _text(options, "repository_branch") or "main",
            _text(options, "path_to_docs").strip("/"),
            services,
            frozenset(shown),
        )

    def path(self, page: str) -> str:
        """Where a file of the book stands in the repository."""
        return quote((PurePosixPath(self.folder) / page).as_posix())

    def source(self, page: str) -> str:
        """Where a file can be read; empty without a repository, or if the button is off."""
        if not self.repository or "repository" not in self.buttons:
            return ""
        return f"{self.repository}/blob/{self.branch}/{self.path(page)}"

    def edit(self, page: str) -> str:
        """Where a file can be changed."""
        if not self.repository or "edit_page" not in self.buttons:
            return ""
        return f"{self.repository}/edit/{self.branch}/{self.path(page)}"

    @property
    def issue(self) -> str:
        """Where an error can be reported."""
        on = self.repository and "issues" in self.buttons
        return f"{self.repository}/issues/new" if on else ""

    def launches(self, page: str) -> Iterator[Link]:
        """Where a running copy of a notebook opens, in JupyterLab or Colab, one for each service set."""
        if not self.repository:
            return
        place, path = urlsplit(self.repository), self.path(page)
        named = place.path.strip("/")
        if hub := self._at("binderhub_url"):
            kind = HOSTS.get(place.hostname or "")
            where = f"{kind}/{named if kind == 'gh' else quote(named, '')}" if kind else ""
            where = where or f"git/{quote(self.repository, '')}"
            yield Link("Binder", f"{hub}/v2/{where}/{quote(self.branch, '')}?labpath={path}")
        if hub := self._at("jupyterhub_url"):
            query = f"repo={quote(self.repository, '')}&branch={quote(self.branch, '')}"
            opens = quote(f"lab/tree/{PurePosixPath(named).name}/{path}", "")
            yield Link("JupyterHub", f"{hub}/hub/user-redirect/git-pull?{query}&urlpath={opens}")
        if place.hostname == "github.com" and (colab := self._at("colab_url")):
            yield Link("Colab", f"{colab}/github/{named}/blob/{self.branch}/{path}")

    def _at(self, name: str) -> str:
        return self.services.get(name, "").rstrip("/")


def _text(options: Mapping[str, Any], name: str) -> str:
    return str(options.get(name) or "").rstrip("/")


# ------------------------------------------------------------------- the notebook to take along


def first_cells(title: str, elsewhere: Elsewhere) -> list[dict]:
    """What stands before a notebook that is taken along: what it needs, and how to bring it."""
    words = (
        f"*From “{title}”.* This notebook needs the book’s folder beside it: its tables and its "
        "code. In that folder, `make lab` (or `python3 book.py lab`) opens JupyterLab with all of it."
    )
    cells = [_cell("markdown", "run-alone", words)]
    if elsewhere.repository:
        cells[0]["source"] += (
            " Elsewhere, in Colab for example, run the next cell first; it does nothing where the "
            "book is already there."
        )
        cells.append(_cell("code", BRINGS, bring(elsewhere)))
    return cells


def bring(elsewhere: Elsewhere) -> str:
    """The one cell that brings the book into a notebook that runs alone."""
    folder = f"book/{elsewhere.folder}".rstrip("/")
    return "\n".join(
        (
            "import importlib.util",
            "",
            'if importlib.util.find_spec("receiptbook") is None:',
            f"    !git clone --quiet --depth 1 --branch {elsewhere.branch} {elsewhere.repository} book",
            f"    %cd -q {folder}",
            "    %pip install --quiet altair ipywidgets markdown-it-py jinja2 pyyaml",
        )
    )


def _cell(kind: str, id: str, source: str) -> dict:
    code = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "id": id, "metadata": {}, "source": source, **code}


def write_notebooks(app: Sphinx, problem: Exception | None) -> None:
    """Each notebook of the book beside its page, with the cells that say how it runs alone."""
    if problem or app.builder.format != "html":
        return
    head = first_cells(app.config.html_title, Elsewhere.read(app.config.html_theme_options))
    for name in sorted(app.env.all_docs):
        source = Path(app.env.doc2path(name))
        if source.suffix == ".ipynb":
            notebook = json.loads(source.read_text("utf-8"))
            notebook["cells"] = [*head, *notebook["cells"]]
            text = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
            replace_text(Path(app.outdir, f"{name}.ipynb"), text)
