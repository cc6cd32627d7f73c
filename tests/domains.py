"""Whether what a chart draws lies on its axes: a mark beyond a typed end is drawn off the picture."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_LAID_OUT = ("layer", "hconcat", "vconcat", "concat")
_ENDS = {"x2": "x", "y2": "y", "xError": None, "yError": None}
_DAY = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?")
_CUT = ("line", "area", "rule", "rect", "trail")  # with `clip` these are cut on purpose


@dataclass
class _View:
    """One view with marks: what it draws, from which rows, on which channels."""

    mark: Mapping
    encoding: Mapping
    rows: list[Mapping]
    made: set[str]
    scales: dict[str, list] = field(default_factory=dict)  # shared with the views it lies on


def outside(spec: Mapping) -> list[str]:
    """What a chart would draw beyond an end of a scale that is written in it, one line for each.

    Values that the browser works out, from a parameter or a `calculate`, are not looked at; a line
    or an area with `clip` is cut on purpose. Filters are not applied: rows that are kept for
    another setting must fit too.

    >>> spec = {"mark": "point", "data": {"values": [{"rate": 42.8}, {"rate": 50.2}]},
    ...         "encoding": {"x": {"field": "rate", "scale": {"domain": [0, 50]}}}}
    >>> outside(spec)
    ['x: rate is 50.2, the axis runs from 0 to 50']
    """
    return list(dict.fromkeys(line for view in _views(spec, spec) for line in _faults(view)))


def _views(node: Mapping, top: Mapping, above: _View | None = None) -> Iterator[_View]:
    mark = node.get("mark")
    rows = _rows(node.get("data"), top)
    made = {name for step in node.get("transform", ()) for name in _made_by(step)}
    view = _View(
        {"type": mark} if isinstance(mark, str) else mark or {},
        {**(above.encoding if above else {}), **node.get("encoding", {})},
        rows if rows is not None else above.rows if above else [],
        made | (above.made if above else set()),
        above.scales if above else {},
    )
    apart = node.get("resolve", {}).get("scale", {})
    for channel, one in node.get("encoding", {}).items():
        domain = (one.get("scale") or {}).get("domain") if isinstance(one, Mapping) else None
        if _is_typed(domain):
            view.scales.setdefault(_ENDS.get(channel, channel), []).append(domain)
    if mark is not None:
        yield view
    for kind in _LAID_OUT:
        for part in node.get(kind, ()):
            own = {} if kind != "layer" else _without(view.scales, apart)
            yield from _views(part, top, _View({}, view.encoding, view.rows, view.made, own))
    if isinstance(node.get("spec"), Mapping):
        yield from _views(node["spec"], top, view)


def _without(scales: dict, apart: Mapping) -> dict:
    """The scales themselves, which layers share, or a copy without those that are independent."""
    lone = {channel for channel, how in apart.items() if how == "independent"}
    return {c: list(d) for c, d in scales.items() if c not in lone} if lone else scales


def _rows(data: Mapping | None, top: Mapping) -> list[Mapping] | None:
    if not isinstance(data, Mapping):
        return None
    values = data.get("values", top.get("datasets", {}).get(data.get("name")))
    return [row for row in values if isinstance(row, Mapping)] if values else []


def _made_by(step: Mapping) -> list[str]:
    names = step.get("as", [])
    return names if isinstance(names, list) else [names]


def _is_typed(domain: object) -> bool:
    return (
        isinstance(domain, list)
        and len(domain) > 0
        and all(isinstance(end, (int, float, str)) for end in domain)
    )


def _faults(view: _View) -> Iterator[str]:
    cut = view.mark.get("clip") and view.mark.get("type") in _CUT
    for channel, one in view.encoding.items():
        scale = _ENDS.get(channel, channel)
        domains = view.scales.get(scale)
        if not domains or cut or not isinstance(one, Mapping) or one.get("aggregate"):
            continue
        main = view.encoding.get(scale, {})
        listed = main.get("type") in ("nominal", "ordinal")
        name = one.get("field")
        values = [one["datum"]] if "datum" in one else []
        if isinstance(name, str) and name not in view.made:
            values = [row[name] for row in view.rows if row.get(name) is not None]
        for value in values:
            if told := _beyond(value, domains, listed):
                yield f"{channel}: {name or 'a mark'} is {value}, {told}"


def _beyond(value: object, domains: list[list], listed: bool) -> str:
    """Where a value does not lie, in words; nothing if it lies on the scale, or cannot be told."""
    every = [end for domain in domains for end in domain]
    if listed:
        known = value in every or str(value) in map(str, every)
        return "" if known else f"the scale knows {', '.join(map(str, every))}"
    place, ends = _number(value), [_number(end) for end in every]
    if place is None or None in ends:
        return ""
    slack = 1e-9 * max(1.0, *map(abs, ends))
    if min(ends) - slack <= place <= max(ends) + slack:
        return ""
    low, high = (pick(zip(ends, every, strict=True))[1] for pick in (min, max))
    return f"the axis runs from {low} to {high}"


def _number(value: object) -> float | None:
    """A number, or a day as one that grows with time."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, str) and (day := _DAY.match(value)):
        return int(day[1]) * 372 + (int(day[2]) - 1) * 31 + int(day[3] or 1) - 1.0
    return None
