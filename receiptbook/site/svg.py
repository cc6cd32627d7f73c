"""A Vega drawing with everything left out that a still picture does not need.

What a reader hears comes from the figure around it, so marks lose their own descriptions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from receiptbook.site.palette import PLAIN, ColourError

NAMESPACE = "http://www.w3.org/2000/svg"
NUMBER = re.compile(r"-?\d*\.\d+(?:e-?\d+)?")
CLIP = re.compile(r"\b(clip\d+)\b")  # as Vega counts them
KEEP = {
    "transform", "d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "width",
    "height", "points", "fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap",
    "stroke-linejoin", "fill-opacity", "stroke-opacity", "opacity", "font-size", "font-weight",
    "font-style", "text-anchor", "id", "clip-path", "offset", "stop-color", "href", "dx", "dy",
    "gradientUnits",
}  # fmt: skip
OF_STROKES = ("stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-opacity")
OF_TEXT = {"font-weight": "normal", "font-style": "normal", "text-anchor": "start",
           "font-size": "12px"}  # fmt: skip
DEFAULTS = {
    **dict.fromkeys(("opacity", "fill-opacity", "stroke-opacity", "stroke-width"), "1"),
    **dict.fromkeys(("x", "y", "x1", "y1", "x2", "y2"), "0"),
    "stroke-dasharray": "1,0",  # how a scale says "solid"
    "transform": "translate(0,0)",
}
VERBATIM = {"fill", "stroke", "id", "clip-path", "href"}


@dataclass(frozen=True)
class Still:
    """Markup of a picture and its size in pixels."""

    markup: str
    width: int
    height: int


def shrink(drawn: str, *, prefix: str) -> Still:
    """Shrink Vega's SVG; `prefix` keeps the ids of two pictures on one page apart.

    Raises ColourError for a colour outside the palette.

    >>> shrink('<svg width="9" height="9" viewBox="0 0 9 9"><path d="M0,0L9.04,9" stroke="none" '
    ...        'fill="var(--ink)" aria-label="a"/></svg>', prefix="w").markup
    '<svg viewBox="0 0 9 9" width="9" height="9"><path d="M0,0L9,9" stroke="none" fill="var(--ink)"/></svg>'
    """
    root = etree.fromstring(drawn.encode(), etree.XMLParser(remove_blank_text=True))
    for element in root.iter():
        element.tag = etree.QName(element).localname
    width, height = (str(round(float(root.get(k)))) for k in ("width", "height"))
    size = {"viewBox": root.get("viewBox"), "width": width, "height": height}
    root.attrib.clear()
    _check_colours(root)
    _drop(root)
    for element in root.iter():
        if not _is_redrawn(element):
            _tidy(element, prefix)
    root.attrib.update(size)
    etree.cleanup_namespaces(root)
    markup = etree.tostring(root, encoding="unicode")
    return Still(markup.replace(f' xmlns="{NAMESPACE}"', ""), int(width), int(height))


def _is_redrawn(element: etree._Element) -> bool:
    """Is this a mark that a script redraws, or part of one? Those stay as they are."""
    return any(e.get("data-s") for e in (element, *element.iterancestors()))


def _drop(root: etree._Element) -> None:
    """Elements that draw nothing, and groups that hold nothing else."""
    for element in list(root.iter("path", "rect", "line", "text")):
        parent = element.getparent()
        if parent.tag != "clipPath" and not _is_redrawn(element) and _draws_nothing(element, root):
            parent.remove(element)
    while groups := [g for g in root.iter("g") if len(g) == 0]:
        for group in groups:
            group.getparent().remove(group)


def _draws_nothing(element: etree._Element, root: etree._Element) -> bool:
    if element.get("display") == "none" or element.get("opacity") == "0":
        return True
    painted = {element.get("fill", ""), element.get("stroke", "")} - PLAIN - {""}
    if element.get("class") == "background" and not painted:
        return True
    if element.tag == "path":
        return element.get("d", "") in ("", "M0,0h0v0h0Z")
    if element.tag == "text":
        return not (element.text or "").strip() and not len(element)
    return element.tag == "rect" and element.getparent() is root


def _check_colours(root: etree._Element) -> None:
    for element in root.iter():
        for name in ("fill", "stroke", "stop-color"):
            value = element.get(name, "none")
            if value not in PLAIN and not value.startswith(("var(--", "url(#")):
                what = (element.text or element.get("d") or element.tag)[:40]
                raise ColourError(
                    f"{name} {value} (of {what!r}) is not a colour of receiptbook.charts.PALETTE; "
                    "continuous colour scales and colour names cannot follow the theme"
                )


def _tidy(element: etree._Element, prefix: str) -> None:
    """Without attributes that change nothing, with numbers to a tenth of a pixel."""
    idle = OF_STROKES if element.get("stroke") in (None, *PLAIN) else ()
    defaults = DEFAULTS | (OF_TEXT if element.tag == "text" else {})
    for name, value in element.attrib.items():
        if name not in VERBATIM:
            value = NUMBER.sub(lambda m: _short(m[0]), value)
        moves_a_word = element.tag == "tspan" and name in ("x", "y")
        is_default = defaults.get(name) == value and not moves_a_word
        if name not in KEEP or name in idle or is_default or (name, value) == ("transform", ""):
            del element.attrib[name]
        else:
            element.set(name, CLIP.sub(rf"{prefix}\1", value))


def _short(number: str) -> str:
    text = f"{float(number):.1f}".removesuffix(".0")
    return "0" if text == "-0" else text
