"""A Vega drawing with everything left out that a still picture does not need.

What a reader hears comes from the figure around it, so marks lose their own descriptions.
`merge` also draws runs of equal lines or points as one path and lifts shared attributes to their group.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from receiptbook.site.palette import PLAIN, ColourError

NUMBER = re.compile(r"-?\d*\.\d+(?:e-?\d+)?")
MOVE = re.compile(r"translate\((-?[\d.]+),(-?[\d.]+)\)")
POINT = re.compile(r"M([\d.]+),0A\1,\1,0,1,1,-\1,0A\1,\1,0,1,1,\1,0")  # as Vega draws a circle
CLIP = re.compile(r"\b(clip\d+)\b")  # as Vega counts them
KEEP = {
    "transform", "d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "width",
    "height", "points", "fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap",
    "stroke-linejoin", "fill-opacity", "stroke-opacity", "opacity", "font-size", "font-weight",
    "font-style", "text-anchor", "id", "clip-path", "offset", "stop-color", "href", "dx", "dy",
    "gradientUnits",
}  # fmt: skip
DEFAULTS = {
    "opacity": "1", "fill-opacity": "1", "stroke-opacity": "1", "font-weight": "normal",
    "font-style": "normal", "text-anchor": "start", "font-size": "12px", "stroke-width": "1",
}  # fmt: skip
LIFT = ("fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "opacity",
        "text-anchor", "font-size", "font-weight", "fill-opacity", "stroke-opacity")  # fmt: skip


@dataclass(frozen=True)
class Still:
    """Markup of a picture and its size in pixels."""

    markup: str
    width: int
    height: int


def shrink(drawn: str, *, prefix: str, merge: bool = True) -> Still:
    """Shrink Vega's SVG; `prefix` keeps clip ids apart. Raises ColourError for a stranger."""
    root = etree.fromstring(drawn.encode(), etree.XMLParser(remove_blank_text=True))
    for element in root.iter():
        element.tag = etree.QName(element).localname
    width, height = (round(float(root.get(k))) for k in ("width", "height"))
    box = root.get("viewBox")
    for name in list(root.attrib):
        del root.attrib[name]
    _colours(root)
    _drop(root)
    for element in root.iter():
        if not _moves(element):
            _tidy(element, prefix)
    if merge:
        _merge_lines(root)
        _merge_paths(root)
        _place_texts(root)
        _lift(root)
        _unwrap(root)
    for name, value in (("viewBox", box), ("width", str(width)), ("height", str(height))):
        root.set(name, value)
    etree.cleanup_namespaces(root)
    markup = etree.tostring(root, encoding="unicode")
    return Still(markup.replace(f' xmlns="{SVG}"', ""), width, height)


SVG = "http://www.w3.org/2000/svg"


def _moves(element: etree._Element) -> bool:
    """Is this a mark that a script redraws, or part of one? Those stay as they are."""
    return any(e.get("data-s") for e in (element, *element.iterancestors()))


def _drop(root: etree._Element) -> None:
    """Elements that draw nothing."""
    for element in list(root.iter("path", "rect", "line", "text")):
        if _moves(element):
            continue
        paint = {element.get("fill", ""), element.get("stroke", "")}
        inherits = not element.get("fill") and not element.get("stroke")
        empty = (
            element.get("display") == "none"
            or element.get("opacity") == "0"
            or (element.tag == "path" and element.get("d", "") in ("", "M0,0h0v0h0Z"))
            or (element.tag == "text" and not (element.text or "").strip() and not len(element))
            or (element.get("class") == "background" and (inherits or paint <= PLAIN | {""}))
            or (element.tag == "rect" and element.getparent() is root)
        )
        if empty and element.getparent().tag != "clipPath":
            element.getparent().remove(element)
    while groups := [g for g in root.iter("g") if len(g) == 0]:
        for group in groups:
            group.getparent().remove(group)


def _colours(root: etree._Element) -> None:
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
    if element.get("stroke") in PLAIN or element.get("stroke") is None:
        for name in ("stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-opacity"):
            element.attrib.pop(name, None)
    for name, value in list(element.attrib.items()):
        if name not in KEEP:
            del element.attrib[name]
            continue
        value = CLIP.sub(rf"{prefix}\1", value)
        if name not in ("fill", "stroke", "id", "clip-path", "href"):
            value = NUMBER.sub(lambda m: _short(m[0]), value)
        element.set(name, value)
        if name == "transform" and value in ("translate(0,0)", ""):
            del element.attrib[name]
        elif element.tag == "text" and DEFAULTS.get(name) == value:
            del element.attrib[name]
        elif (name, value) == ("stroke-dasharray", "1,0"):  # how a scale says "solid"
            del element.attrib[name]
        elif name in ("opacity", "fill-opacity", "stroke-opacity", "stroke-width"):
            if DEFAULTS.get(name) == value:
                del element.attrib[name]
        elif name in ("x1", "y1", "x2", "y2", "x", "y") and value == "0" and element.tag != "tspan":
            del element.attrib[name]


def _short(number: str) -> str:
    """One decimal is a tenth of a pixel."""
    text = f"{float(number):.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _merge_lines(root: etree._Element) -> None:
    """Neighbouring lines with the same look become one path."""
    for group in list(root.iter("g")):
        previous = None
        for line in list(group):
            if line.tag != "line" or len(line):
                previous = None
                continue
            move = MOVE.fullmatch(line.get("transform", "translate(0,0)"))
            if not move:
                previous = None
                continue
            x, y = (float(v) for v in move.groups())
            x1, y1, x2, y2 = (float(line.get(k, 0)) for k in ("x1", "y1", "x2", "y2"))
            start = f"M{_short(str(x + x1))} {_short(str(y + y1))}"
            if x1 == x2:
                path = f"{start}v{_short(str(y2 - y1))}"
            elif y1 == y2:
                path = f"{start}h{_short(str(x2 - x1))}"
            else:
                path = f"{start}l{_short(str(x2 - x1))} {_short(str(y2 - y1))}"
            look = {k: v for k, v in line.attrib.items() if k not in ("transform", "x1", "y1",
                                                                      "x2", "y2")}  # fmt: skip
            if previous is not None and previous[1] == look:
                previous[0].set("d", previous[0].get("d") + path)
                group.remove(line)
            else:
                merged = etree.Element("path", d=path, **look)
                group.replace(line, merged)
                previous = (merged, look)


def _merge_paths(root: etree._Element) -> None:
    """Neighbouring points and open lines with the same solid look become one path."""
    for group in list(root.iter("g")):
        previous = None
        for path in list(group):
            if path.tag == "path" and not _moves(path):
                _dot(path)
            look = {k: v for k, v in path.attrib.items() if k not in ("transform", "d")}
            drawn = _point(path) if path.tag == "path" and not _moves(path) else None
            if drawn is None or any("opacity" in k for k in look):
                previous = None
            elif previous is not None and previous[1] == look:
                previous[0].set("d", previous[0].get("d") + drawn)
                group.remove(path)
            else:
                path.attrib.pop("transform", None)
                path.set("d", drawn)
                previous = (path, look)


def _dot(path: etree._Element) -> None:
    """A filled circle without an outline becomes a line of no length with a round pen."""
    round_ = POINT.fullmatch(path.get("d", ""))
    move = MOVE.fullmatch(path.get("transform", "translate(0,0)"))
    if not round_ or not move or path.get("stroke") or path.get("fill", "none") in PLAIN:
        return
    x, y = (_short(v) for v in move.groups())
    path.attrib.pop("transform", None)
    path.set("d", f"M{x} {y}h0")
    path.set("stroke", path.get("fill"))
    path.set("fill", "none")
    path.set("stroke-width", _short(str(2 * float(round_[1]))))
    path.set("stroke-linecap", "round")


def _point(path: etree._Element) -> str | None:
    """A circle, or a line that is not filled, at its place; None for any other path."""
    move = MOVE.fullmatch(path.get("transform", "translate(0,0)"))
    if round_ := POINT.fullmatch(path.get("d", "")):
        if not move:
            return None
        r = float(round_[1])
        x, y = (_short(str(float(v) + d)) for v, d in zip(move.groups(), (r, 0), strict=True))
        r, across = _short(str(r)), _short(str(2 * r))
        return f"M{x} {y}a{r} {r} 0 1 1-{across} 0a{r} {r} 0 1 1 {across} 0"
    if path.get("fill", "none") == "none" and path.get("transform") is None:
        return path.get("d") if path.get("fill") or _unfilled(path) else None
    return None


def _place_texts(root: etree._Element) -> None:
    """One line of text stands where it is moved to."""
    for text in root.iter("text"):
        move = MOVE.fullmatch(text.get("transform", ""))
        if move and not len(text) and not _moves(text) and not {"x", "y"} & {*text.attrib}:
            del text.attrib["transform"]
            for name, value in zip("xy", move.groups(), strict=True):
                text.set(name, _short(value))


def _unfilled(path: etree._Element) -> bool:
    return next((e.get("fill") for e in path.iterancestors() if e.get("fill")), "") == "none"


def _lift(root: etree._Element) -> None:
    """What all children of a group share moves to the group."""
    for group in reversed(list(root.iter("g"))):
        children = list(group)
        if len(children) < 2 or any(_moves(child) for child in children):
            continue
        for name in LIFT:
            values = {child.get(name) for child in children}
            if len(values) == 1 and None not in values and group.get(name) is None:
                if name == "opacity":  # of a group it means something else
                    continue
                group.set(name, values.pop())
                for child in children:
                    del child.attrib[name]


def _unwrap(root: etree._Element) -> None:
    """A group that says nothing, or that holds one child and only moves it, goes."""
    for group in reversed(list(root.iter("g"))):
        parent = group.getparent()
        if parent is None or parent.tag == "clipPath" or _moves(group):
            continue
        if not group.attrib:
            index = parent.index(group)
            for child in reversed(list(group)):
                parent.insert(index, child)
            parent.remove(group)
        elif len(group) == 1 and not set(group.attrib) & set(group[0].attrib):
            if "clip-path" in group.attrib or "opacity" in group.attrib or _moves(group[0]):
                continue
            child = group[0]
            for name, value in group.attrib.items():
                child.set(name, value)
            parent.replace(group, child)
