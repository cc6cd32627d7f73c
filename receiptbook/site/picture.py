"""From a stored Vega-Lite chart to what the page shows: a picture now, a Vega chart on demand."""

from __future__ import annotations

import copy
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from receiptbook import charts, explorers
from receiptbook.book.outputs import card_of
from receiptbook.charts.walk import parts, strings, walk
from receiptbook.site import palette, svg
from receiptbook.system import in_one_step

VEGA_LITE = "6.4"  # compiles every 5.x chart; its Vega is the one that vega/build.mjs bundles
NARROW_WIDTH = 300
EDITION = 7  # raise when the drawing changes, so that kept pictures are drawn anew
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

#: data transforms in the page's chart runtime
SLIM = frozenset(
    json.loads((Path(__file__).parent / "vega" / "transforms.json").read_text("utf-8"))["data"]
)


@dataclass(frozen=True)
class Picture:
    """One variant of a chart. svg: markup of the still. vega: the compiled specification."""

    svg: str
    width: int
    height: int
    vega: dict[str, Any]


@dataclass(frozen=True)
class Variants:
    """The wide picture and, where a page shows it, the narrow one."""

    wide: Picture
    narrow: Picture | None

    def vega(self) -> list[dict[str, Any]]:
        return [p.vega for p in (self.wide, self.narrow) if p]


def draw(spec: dict, folder: Path, *, narrow: bool = True) -> Variants:
    """Draw `spec`, or read the picture kept in `folder` under the hash of its content.

    Raises palette.ColourError for a colour outside the palette.
    """
    key = json.dumps([EDITION, VEGA_LITE, narrow, palette.PALETTE, spec], sort_keys=True)
    file = folder / f"{hashlib.sha256(key.encode()).hexdigest()[:20]}.json"
    if file.exists():
        return _load(json.loads(file.read_text("utf-8")))
    is_explorer = explorers.stored_page_data(spec)
    base = explorers.with_placeholders(spec) if is_explorer else spec

    def one(shape: Callable[[dict], dict], prefix: str) -> Picture:
        return _picture(shape(base), spec, prefix)

    variants = Variants(wide=one(wide_spec, "w"), narrow=one(narrow_spec, "n") if narrow else None)
    with in_one_step(file) as fresh:
        fresh.write_text(json.dumps(asdict(variants), ensure_ascii=False), "utf-8")
    return variants


def _load(kept: dict) -> Variants:
    return Variants(**{k: Picture(**v) if v else None for k, v in kept.items()})


def wide_spec(spec: dict) -> dict:
    """The chart without what the page says in words: title, description, notes for the site."""
    bare = copy.deepcopy(spec)
    for name in ("title", "description", "usermeta"):
        bare.pop(name, None)
    return walk(bare, _unbound)


def narrow_spec(spec: dict) -> dict:
    """The chart for a phone: its own merge patch, or a plot of NARROW_WIDTH pixels."""
    patch = card_of(spec).get("narrow")
    return wide_spec(merge_patch(spec, {"width": NARROW_WIDTH} if patch is None else patch))


def merge_patch(target: Any, patch: Any) -> Any:
    """RFC 7396: null removes, objects merge, everything else replaces."""
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    merged = copy.deepcopy(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged


def _unbound(part: Any, path: tuple) -> Any:
    """Sliders inside a chart give way to the page's own labelled controls."""
    if isinstance(part, dict) and isinstance(part.get("bind"), dict) and "input" in part["bind"]:
        return {k: v for k, v in part.items() if k != "bind"}
    return part


def _undescribed(part: Any, path: tuple) -> Any:
    """Without a spoken text for each mark: the figure speaks for the picture as a whole."""
    if isinstance(part, dict) and isinstance(part.get("description"), dict):
        return {k: v for k, v in part.items() if k != "description"}
    return part


def _printable(spec: dict) -> dict:
    """Colours by name; control characters gone, since they abort the drawing process."""
    return strings(spec, lambda text: palette.named(CONTROL.sub(" ", text)))


def _picture(shape: dict, spec: dict, prefix: str) -> Picture:
    import vl_convert  # half a second to start: only when something must be drawn

    vega = vl_convert.vegalite_to_vega(_printable(shape), vl_version=VEGA_LITE)
    vega = _printable(vega)
    vega.update(background=None)
    drawn = vl_convert.vega_to_svg(vega)
    if explorer := explorers.stored_page_data(spec):
        drawn = explorers.fill_placeholders(drawn, explorer, shape["width"], shape["height"])
    vega = walk(vega, _undescribed)
    vega.pop("$schema", None)
    still = svg.shrink(drawn, prefix=prefix)
    return Picture(still.markup, still.width, still.height, vega)


def pictures_folder(app: Sphinx) -> Path:
    """Where drawn pictures are kept between builds."""
    return Path(app.doctreedir).parent / ".pictures"


def theme(folder: Path) -> dict[str, Any]:
    """The look that charts share, as compiled; kept in `folder` like a picture."""
    plain = {
        "data": {"values": []},
        "mark": "point",
        "config": charts.theme(),
        "usermeta": {"receiptbook": {"kind": "chart"}},
    }
    return draw(plain, folder, narrow=False).wide.vega["config"]


def transforms(vega: Any) -> Iterator[str]:
    """Names of the data transforms that a compiled chart asks for."""
    for part in parts(vega):
        for step in (isinstance(part, dict) and part.get("transform")) or []:
            if isinstance(step, dict) and "type" in step:
                yield step["type"]
