"""A stored chart as a figure: finding, picture, caption, sources, table, file."""

from __future__ import annotations

import csv
import io
import json
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import SphinxError

from surge.site import palette, picture, scenario
from surge.site.nodes import ChartFigure, Markup
from surge.site.sources import publishers

REQUIRED = ("id", "title", "caption", "alt", "sources", "licence", "table")
CHARTS = "_static/charts"
TABLES = "_downloads/charts"


class ChartProblem(SphinxError):
    """A chart that a reader could not use; the build stops and says where it is."""

    category = "Chart"


def check(spec: dict[str, Any], where: str) -> dict[str, Any]:
    """The chart's card; raises ChartProblem with notebook and cell for the first thing missing."""
    card = (spec.get("usermeta") or {}).get("surge")
    if not card:
        raise ChartProblem(f"{where}: chart without usermeta.surge; end the cell in charts.card()")
    for name in REQUIRED:
        if not card.get(name):
            raise ChartProblem(f"{where}: chart {card.get('id', '')!r} has no {name}")
    if not card["table"].get("rows"):
        raise ChartProblem(f"{where}: chart {card['id']!r} has an empty table")
    return card


def number_figures(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Count figures down the page and refuse a chart id used twice in the book."""
    owners: dict[str, str] = app.env.__dict__.setdefault("surge_charts", {})
    for number, figure in enumerate(doctree.findall(ChartFigure), start=1):
        figure["number"] = number
        id = figure["spec"]["usermeta"]["surge"]["id"]
        where = f"{docname}, figure {number}"
        if owners.setdefault(id, docname) != docname:
            if id in _charts_of(app, owners[id]):
                raise ChartProblem(f"{where}: chart id {id!r} is also in {owners[id]}")
            owners[id] = docname


def list_sources(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """The sources of a page's figures in full, each once, at its end."""
    site = app.surge
    cards = [f["spec"]["usermeta"]["surge"] for f in doctree.findall(ChartFigure)]
    ids = dict.fromkeys(s for card in cards for s in card["sources"] if s in site.sources)
    if ids:
        items = "\n".join(f'<li id="source-{s}">{site.sources[s].html()}</li>' for s in ids)
        html = f'<section class="sources"><h2>Sources of the figures</h2><ul>{items}</ul></section>'
        doctree += Markup("", html=html)


def _charts_of(app: Sphinx, docname: str) -> set[str]:
    if docname not in app.env.all_docs:
        return set()
    tree = app.env.get_doctree(docname)
    return {f["spec"]["usermeta"]["surge"]["id"] for f in tree.findall(ChartFigure)}


def visit_figure(translator, node: ChartFigure) -> None:
    """Write everything above the caption; the children follow where they belong."""
    site = translator.builder.app.surge
    spec, where = node["spec"], node["where"]
    card = check(spec, where)
    try:
        variants = picture.draw(
            spec, site.cache, narrow=site.config.narrow, merge=site.config.merge_marks
        )
    except palette.ColourError as problem:
        raise ChartProblem(f"{where}: chart {card['id']!r}: {problem}") from problem
    live = site.config.hydrate and (card["kind"] == "scenario" or card.get("interactive", True))
    write_table(Path(translator.builder.outdir), card)
    if live:
        runtime = write_chart(Path(translator.builder.outdir), spec, card, variants, site, where)
    look = " wide" if card.get("wide") else ""
    data = f' data-chart="{card["id"]}" data-runtime="{runtime}"' if live else ""
    translator.body.append(f'<figure class="chart{look}" id="{card["id"]}"{data}>\n')
    node["card"], node["variants"] = card, variants


def depart_figure(translator, node: ChartFigure) -> None:
    translator.body.append("</figcaption></figure>\n")


def visit_title(translator, node) -> None:
    translator.body.append('<p class="finding">')


def depart_title(translator, node) -> None:
    """The title ends: the pictures and, for a scenario, the controls follow."""
    figure = node.parent
    card, variants = figure["card"], figure["variants"]
    translator.body.append("</p>\n" + plot(card, variants))
    if card["kind"] == "scenario":
        translator.body.append(scenario.controls(card["scenario"]))


def plot(card: dict, variants: picture.Variants) -> str:
    """The still pictures, wide and narrow; the style sheet shows one of them."""
    label = escape(_plain(card["alt"]), quote=True)
    pictures = [("wide" if variants.narrow else "any", variants.wide)]
    if variants.narrow:
        pictures.append(("narrow", variants.narrow))
    drawn = "".join(
        f'<div class="still {name}">'
        + p.svg.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)
        + "</div>"
        for name, p in pictures
    )
    return f'<div class="plot">{drawn}</div>\n'


def visit_caption(translator, node) -> None:
    translator.body.append(
        f'<figcaption><p class="caption"><b>Figure {node.parent["number"]}.</b> '
    )


def depart_caption(translator, node) -> None:
    figure = node.parent
    app = translator.builder.app
    card = figure["card"]
    up = "../" * translator.builder.current_docname.count("/")
    translator.body.append("</p>\n" + credit(card, app.surge, figure["where"]))
    translator.body.append(data_table(card, app.surge, up))


def credit(card: dict, site, where: str) -> str:
    """Sources and licence in one line."""
    missing = [s for s in card["sources"] if s not in site.sources]
    if missing:
        raise ChartProblem(
            f"{where}: chart {card['id']!r} names sources {missing} that are not in "
            f"{site.config.data}/sources.csv"
        )
    cited = [site.sources[s] for s in card["sources"]]
    word = "Source" if len(cited) == 1 else "Sources"
    return (
        f'<p class="credit">{word}: {publishers(cited)}. '
        f"Chart: {escape(card['licence'])}.</p>\n"
    )


def data_table(card: dict, site, up: str) -> str:
    """What the picture shows, for those who read rather than look."""
    table = card["table"]
    columns = table["columns"]
    title = escape(_plain(card["title"]))
    head = "".join(
        f'<th scope="col"{_side(c)}>{escape(_label(c))}</th>' for c in columns
    )
    rows = "\n".join(
        "<tr>"
        + "".join(
            f"<{tag}{_side(c)}>{escape(show(value))}</{'th' if tag != 'td' else 'td'}>"
            for tag, c, value in zip(_tags(columns), columns, row, strict=True)
        )
        + "</tr>"
        for row in table["rows"]
    )
    note = f"<p>{escape(table['note'])}</p>" if table.get("note") else ""
    items = "; ".join(
        f'<a href="#source-{s}">{escape(site.sources[s].publisher)}</a>' for s in card["sources"]
    )
    return (
        f'<details class="data"><summary>Data and sources<span class="unseen"> of figure: {title}</span>'
        f'</summary><div class="scroll" tabindex="0" role="region" aria-label="Table: {title}">'
        f"<table><caption>{title}</caption><thead><tr>{head}</tr></thead>\n"
        f"<tbody>{rows}</tbody></table></div>{note}"
        f'<p><a href="{up}{TABLES}/{card["id"]}.csv" download>Download as CSV</a></p>'
        f"<p>Sources, in full below: {items}.</p></details>\n"
    )


def _tags(columns: list[dict]) -> list[str]:
    return ['th scope="row"', *["td"] * (len(columns) - 1)]


def _side(column: dict) -> str:
    return ' class="n"' if column.get("align") == "right" else ""


def _label(column: dict) -> str:
    unit = column.get("unit")
    return f"{column['label']} ({unit})" if unit else column["label"]


def show(value: Any) -> str:
    """A cell as print has it: thousands apart, true minus sign, nothing for a missing value.

    >>> show(-1234567), show(0.25), show(None), show(2025)
    ('−1,234,567', '0.25', '', '2025')
    """
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    text = f"{value:,.10g}" if isinstance(value, float) else f"{value:,}"
    if isinstance(value, int) and 1000 <= value <= 9999:
        text = str(value)  # a year, or short enough without a comma
    return text.replace("-", "−")


def write_table(out: Path, card: dict) -> None:
    """The table as CSV, with the units in the header."""
    file = out / TABLES / f"{card['id']}.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_label(c) for c in card["table"]["columns"])
    writer.writerows(card["table"]["rows"])
    file.write_text(text.getvalue(), "utf-8")


def write_chart(out: Path, spec: dict, card: dict, variants, site, where: str) -> str:
    """The compiled chart as a classic script, which also loads from a folder or a zip."""
    needed = set(picture.transforms(variants.vega()))
    stranger = needed - picture.SLIM
    runtime = "vega" if site.config.slim_vega else "vega-full"
    if stranger and site.config.slim_vega:
        raise ChartProblem(
            f"{where}: chart {card['id']!r} needs {sorted(stranger)}, which the small chart "
            "runtime leaves out; compute it in the cell, or set `slim_vega: false`"
        )
    file = out / CHARTS / f"{card['id']}.js"
    file.parent.mkdir(parents=True, exist_ok=True)
    parts = [json.dumps(card["id"]), _json(variants.vega())]
    if card["kind"] == "scenario":
        parts.append(scenario.script(card["scenario"], where))
    file.write_text(f"Surge.chart({','.join(parts)});\n", "utf-8")
    return runtime


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _plain(markdown: str) -> str:
    from surge.charts import plain

    return plain(markdown)
