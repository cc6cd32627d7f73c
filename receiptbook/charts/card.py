"""The card that carries a chart: picture, words, table and sources in one notebook output.

A cell ends in ``card(chart, ...)``, which JupyterLab draws offline.
"""

from __future__ import annotations

import json
import numbers
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from receiptbook.book.outputs import CAPTION, CHART, card_of
from receiptbook.charts.table import ChartError, d3_format, heading, scalar, table_of
from receiptbook.charts.theme import WIDTH, with_schema
from receiptbook.charts.walk import parts, strings, walk
from receiptbook.markdown import words
from receiptbook.tables import Source, load

SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_COUNTED = re.compile(r"(?:param|view)_\d+")


@dataclass(frozen=True)
class Card:
    """A chart with its words, table and sources, ready to be stored in a notebook.

    ``payload`` is the canonical JSON of the Vega-Lite specification; ``spec`` parses it, so
    that nothing a reader does to the copy changes the card.
    """

    id: str
    title: str
    caption: str
    alt: str
    sources: tuple[str, ...]
    payload: str

    @property
    def spec(self) -> dict:
        """A fresh copy of the specification, `usermeta.receiptbook` included."""
        return json.loads(self.payload)

    @property
    def table(self) -> pd.DataFrame:
        """The table beside the chart, one column for each of its labels."""
        table = card_of(self.spec)["table"]
        return pd.DataFrame(table["rows"], columns=[c["label"] for c in table["columns"]])

    def __repr__(self) -> str:
        return f"Chart: {words(self.title).rstrip('.')}. {words(self.alt)}"

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return {CHART: self.spec, "text/plain": repr(self)}

    def shown(self) -> list[dict]:
        """The outputs of a cell that ends in a card: the chart, and what stands below it.

        The page sets the words beside the chart by itself and leaves the second one out.
        """
        return [self._repr_mimebundle_(), self.below()]

    def below(self) -> dict:
        """Caption, sources and licence as one output."""
        told = card_of(self.spec)
        known = load().sources
        named = [_cited(known[id]) if id in known else id for id in self.sources]
        label = "Source" if len(named) == 1 else "Sources"
        origin = f"{label}: {'; '.join(named)}" if named else f"Computed from {told['computed']}"
        text = f"{self.caption}\n\n{origin}. {told['licence']}."
        return {CAPTION: {"chart": self.id}, "text/markdown": text, "text/plain": words(text)}

    def _ipython_display_(self) -> None:
        from IPython.display import display

        for bundle in self.shown():
            display(bundle, raw=True)


def _cited(source: Source) -> str:
    """Publisher and date of a source, with its address."""
    named = ", ".join(filter(None, (source.publisher, source.date)))
    address = source.url.replace("(", "%28").replace(")", "%29")
    return f"[{named}]({address})" if address else named


def card(
    chart,
    *,
    id: str,
    title: str,
    caption: str,
    alt: str,
    sources: Sequence[str],
    computed: str = "",
    table: pd.DataFrame | None = None,
    columns: Mapping | None = None,
    narrow: Mapping | None = None,
    wide: bool = False,
    interactive: bool | None = None,
    licence: str = "CC BY 4.0",
    note: str = "",
    kind: str = "chart",
    extra: Mapping | None = None,
) -> Card:
    """Bind an Altair chart (or a Vega-Lite mapping) to its words, table and sources.

    id: slug, unique in the book, for example ``"feasible-region"``.
    title: the finding. caption: what is shown. alt: kind of chart, variables, range, finding.
        All three may hold Markdown number links; the picture itself gets their plain text.
    sources: ids of rows in ``data/sources.csv``; none if no published figure went in.
    computed: what a chart without sources comes from, for example ``"the equations above"``; an
        explorer without sources says so of itself.
    table: what a reader without the picture reads; by default the chart's one data set.
    columns: ``{name: label}`` or ``{name: (label, unit)}``; chooses and orders the columns, and
        names the fields of tooltips that have no title of their own.
    narrow: merge patch of the specification for screens up to 420 px.
    interactive: whether a pointer adds something; by default, whether there is a tooltip or a
        parameter. kind, extra: set by ``receiptbook.explorers``.

    Raises ChartError if something is missing, blank, or would not survive the trip.

    >>> import altair as alt
    >>> rain = pd.DataFrame({"month": ["May", "June"], "mm": [61, 48]})
    >>> card(alt.Chart(rain).mark_bar().encode(x="month", y="mm"), id="rain", title="June is drier",
    ...      caption="Rain by month.", alt="Two bars: 61 mm in May, 48 mm in June.",
    ...      sources=[], computed="made-up figures")
    Chart: June is drier. Two bars: 61 mm in May, 48 mm in June.
    """
    if kind == "scenario" and not sources:
        computed = computed or "the model and its assumed settings"
    _check_words({"id": id, "title": title, "caption": caption, "alt": alt, "licence": licence})
    _check_sources(id, sources, computed)
    spec = dict(chart) if isinstance(chart, Mapping) else chart.to_dict()
    spec = with_schema(_counted_from_one(spec, id))
    spec["title"] = _wrapped(words(title), spec)
    spec["description"] = words(alt)
    shown = table_of(spec if table is None else table, columns, id, note)
    spec = _tooltips(spec, shown["columns"], columns is not None, id)
    receiptbook = {
        "kind": kind,
        "id": id,
        "title": title,
        "caption": caption,
        "alt": alt,
        "sources": list(sources),
        "licence": licence,
        "table": shown,
        "wide": bool(wide),
        "interactive": _interactive(spec) if interactive is None else bool(interactive),
        **({"computed": computed} if computed else {}),
        **({} if narrow is None else {"narrow": dict(narrow)}),
        **(extra or {}),
    }
    spec["usermeta"] = {"receiptbook": receiptbook}
    if kind == "scenario":  # marks that move are read by screen readers and tests alike
        spec["usermeta"]["embedOptions"] = {"renderer": "svg"}
    payload = json.dumps(_storable(spec, id), ensure_ascii=False, allow_nan=False)
    return Card(id, title, caption, alt, tuple(sources), payload)


def _check_words(told: Mapping[str, str]) -> None:
    """Raise ChartError for a blank word, an id that is no slug, an alt that repeats the title."""
    id = told["id"]
    for name, value in told.items():
        if not isinstance(value, str) or not value.strip():
            raise ChartError(f"chart {id!r}: {name} is {value!r}; write a sentence for it")
    if not SLUG.fullmatch(id):
        raise ChartError(
            f"chart id {id!r} is not a slug; use lower-case words joined by hyphens, "
            "for example 'feasible-region'"
        )
    alt, title = (words(told[name]).strip().rstrip(".").lower() for name in ("alt", "title"))
    if alt == title:
        raise ChartError(
            f"chart {id!r}: alt repeats the title; say kind of chart, variables, range and finding"
        )


def _check_sources(id: str, sources: Sequence[str], computed: str) -> None:
    """Raise ChartError unless there are ids of sources or what the chart was computed from."""
    named = not isinstance(sources, str) and all(isinstance(s, str) and s.strip() for s in sources)
    if not named or bool(list(sources)) == bool(computed.strip()):
        raise ChartError(
            f"chart {id!r}: sources is {sources!r} and computed {computed!r}; give a list of ids "
            "from data/sources.csv, at least one, or say what the chart was computed from"
        )


def _tooltips(spec: dict, columns: Sequence[Mapping], named: bool, id: str) -> dict:
    """Names, units and digits of the table for what a pointer shows, where it has none of its own.

    Raises ChartError for a field that neither the table nor the chart names, and for two fields of
    one name, of which only the last would be shown.
    """
    heads = {c["name"]: heading(c) for c in columns}
    rows = [row for data in spec.get("datasets", {}).values() for row in data]

    def fill(channel: Mapping) -> dict:
        field = channel.get("field")
        if not isinstance(field, str) or "aggregate" in channel:
            return channel
        if named and "title" not in channel and field not in heads:
            raise ChartError(
                f"chart {id!r}: its tooltip shows {field!r}, which no column of the table names; "
                f"write alt.Tooltip({field!r}, title=...)"
            )
        style = d3_format([row[field] for row in rows if field in row], channel.get("type"))
        return {"title": heads.get(field, field)} | ({"format": style} if style else {}) | channel

    def named_tips(node, path):
        if not isinstance(node, Mapping) or not (tip := node.get("tooltip")):
            return node
        if not isinstance(tip, list):
            return {**node, "tooltip": fill(tip)}
        filled = [*map(fill, tip)]
        titles = [c.get("title") for c in filled]
        if twice := {t for t in titles if t is not None and titles.count(t) > 1}:
            raise ChartError(f"chart {id!r}: its tooltip shows {sorted(twice)} twice")
        return {**node, "tooltip": filled}

    return walk(spec, named_tips, skip=("datasets", "data"))


def _wrapped(title: str, spec: Mapping) -> str | list[str]:
    width = spec.get("width", WIDTH)
    width = width if isinstance(width, numbers.Real) else WIDTH
    lines = textwrap.wrap(title, max(24, int(width / 8.2)), break_long_words=False)
    return lines[0] if len(lines) == 1 else lines


def _interactive(spec: Mapping) -> bool:
    return any(
        part.get("params") or part.get("tooltip")
        for part in parts(spec, skip=("datasets",))
        if isinstance(part, Mapping)
    )


def _counted_from_one(spec: dict, id: str) -> dict:
    """Count data sets, parameters and views from one in each chart.

    Altair counts them over the whole session, so a chart would depend on the cells before it.
    """
    datasets = spec.pop("datasets", {})
    found = (part.get("name") for part in parts(spec) if isinstance(part, Mapping))
    order = dict.fromkeys(
        name
        for name in found
        if isinstance(name, str) and (name in datasets or _COUNTED.fullmatch(name))
    )
    counts: dict[str, int] = {}
    names: dict[str, str] = {}
    for name in order:
        stem = id if name in datasets else name.split("_")[0]
        counts[stem] = counts.get(stem, 0) + 1
        names[name] = f"{id}-{counts[stem]}" if name in datasets else f"{stem}_{counts[stem]}"
    if names:
        longest_first = sorted(map(re.escape, names), key=len, reverse=True)
        pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(longest_first)})(?![\w-])")
        spec = strings(spec, lambda text: pattern.sub(lambda m: names[m[0]], text))
    if datasets:
        spec["datasets"] = {names[n]: datasets[n] for n in order if n in datasets}
    return spec


def _storable(spec: Mapping, id: str) -> dict:
    """Round numbers, NaN to null; refuse infinities and control characters."""

    def stored(node, path):
        if isinstance(node, (Mapping, list, tuple)):
            return node
        place = "spec" + "".join(f"[{k}]" if isinstance(k, int) else f".{k}" for k in path)
        if isinstance(node, str) and _CONTROL.search(node):
            raise ChartError(
                f"chart {id!r}: {place} holds a line break or control character in "
                f"{node!r}; use a list of lines or remove it"
            )
        return scalar(node, id, place)

    return walk(spec, stored)
