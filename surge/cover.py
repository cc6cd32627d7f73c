"""`python -m surge.cover`: the cover's chart as a file of its own, for the README.

Written anew whenever the cover changes; a test compares.
"""

from __future__ import annotations

import json
from pathlib import Path

from receiptbook.site.picture import VEGA_LITE, wide_spec

ROOT = Path(__file__).resolve().parents[1]
COVER = ROOT / "chapters" / "intro.ipynb"
TARGET = Path(__file__).parent / "images" / "cover.svg"


def draw(cover: Path = COVER) -> str:
    """The first chart of a chapter with its title, on white; StopIteration where there is none."""
    import vl_convert

    cells = json.loads(cover.read_text("utf-8"))["cells"]
    spec = next(
        output["data"]["application/vnd.vegalite.v5+json"]
        for cell in cells
        for output in cell.get("outputs", ())
        if "application/vnd.vegalite.v5+json" in output.get("data", {})
    )
    titled = {**wide_spec(spec), "title": spec["title"], "background": "white", "padding": 16}
    return vl_convert.vegalite_to_svg(titled, vl_version=VEGA_LITE) + "\n"


if __name__ == "__main__":
    TARGET.write_text(draw(), "utf-8")
    print(f"{TARGET.relative_to(ROOT)} written")
