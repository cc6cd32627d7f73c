"""`python -m surge.cover`: the cover's chart as a file of its own, for the README.

Written anew whenever the cover changes; a test compares.
"""

from __future__ import annotations

from pathlib import Path

from receiptbook.book import Book
from receiptbook.book.notebooks import bundles, read_notebook
from receiptbook.book.outputs import CHART
from receiptbook.site.picture import VEGA_LITE, wide_spec

TARGET = Path(__file__).parent / "images" / "cover.svg"


def draw(cover: Path) -> str:
    """The first chart of a chapter with its title, on white; StopIteration where there is none."""
    import vl_convert

    spec = next(bundle[CHART] for bundle in bundles(read_notebook(cover).cells) if CHART in bundle)
    titled = {**wide_spec(spec), "title": spec["title"], "background": "white", "padding": 16}
    return vl_convert.vegalite_to_svg(titled, vl_version=VEGA_LITE) + "\n"


if __name__ == "__main__":
    TARGET.write_text(draw(Book.here().page("intro")), "utf-8")
    print(f"{TARGET} written")
