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

from receiptbook import explorers
from receiptbook.charts import decimals, heading
from receiptbook.site import palette, picture
from receiptbook.site.nodes import ChartFigure, Markup
from receiptbook.site.sources import publishers

REQUIRED = ("id", "title", "caption", "alt", "sources", "licence", "table")
CHARTS = "_static/charts"
TABLES = "_downloads/charts"


class ChartProblem(SphinxError):
    """A chart that a reader could not use; the build stops and says where it is."""

    category = "Chart"


def check(spec: dict[str, Any], where: str) -> dict[str, Any]:
    """The chart's card; raises ChartProblem with notebook and cell for the first thing missing."""
    card = (spec.get("usermeta") or {}).get("receiptbook")
    if not card:
        raise ChartProblem(
            f"{where}: chart without usermeta.receiptbook; end the cell in charts.card()"
        )
    for name in REQUIRED:
        if not card.get(name) and not (name == "sources" and card.get("computed")):
            raise ChartProblem(f"{where}: chart {card.get('id', '')!r} has no {name}")
    if not card["table"].get("rows"):
        raise ChartProblem(f"{where}: chart {card['id']!r} has an empty table")
    return card


def number_figures(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Count figures down the page and refuse a chart id used twice in the book."""
    owners: dict[str, str] = app.env.__dict__.setdefault("receiptbook_charts", {})
    for number, figure in enumerate(doctree.findall(ChartFigure), start=1):
        figure["number"] = number
        id = figure["spec"]["usermeta"]["receiptbook"]["id"]
        where = f"{docname}, figure {number}"
        if owners.setdefault(id, docname) != docname:
            if id in _charts_of(app, owners[id]):
                raise ChartProblem(f"{where}: chart id {id!r} is also in {owners[id]}")
            owners[id] = docname


def list_sources(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """The sources of a page's figures in full, each once, numbered at the page's end."""
    sources = app.receiptbook.sources
    figures = list(doctree.findall(ChartFigure))
    ids: dict[str, int] = {}
    for figure in figures:
        card = figure["spec"]["usermeta"]["receiptbook"]
        missing = [s for s in card["sources"] if s not in sources]
        if missing:
            raise ChartProblem(
                f"{figure['where']}: chart {card['id']!r} names sources {missing} that are not in "
                f"{app.receiptbook.config.data}/sources.csv"
            )
        figure["cited"] = [ids.setdefault(s, len(ids) + 1) for s in card["sources"]]
    if ids:
        doctree += Markup(
            "",
            html=source_list(
                ids,
                app.receiptbook,
                "Sources of the figures",
                ledger=app.receiptbook.ledger_link(docname),
            ),
        )


def source_list(
    numbers: dict[str, int], site, title: str, *, linked: bool = False, ledger: str = ""
) -> str:
    """Sources under their numbers. Addresses stand once in the book, on the ledger's page."""
    place = "<li>" if linked else '<li id="s{}">'  # the ledger names numbers, figures link to them
    items = "\n".join(
        f"{place.format(n)}{site.sources[s].html(linked)}</li>" for s, n in numbers.items()
    )
    more = (
        f'<p><a class="more" href="{ledger}#sources">Addresses of all sources</a></p>'
        if ledger
        else ""
    )
    return f'<section class="sources" id="sources"><h2>{title}</h2><ol>{items}</ol>{more}</section>'


def _charts_of(app: Sphinx, docname: str) -> set[str]:
    if docname not in app.env.all_docs:
        return set()
    tree = app.env.get_doctree(docname)
    return {f["spec"]["usermeta"]["receiptbook"]["id"] for f in tree.findall(ChartFigure)}


def visit_figure(translator, node: ChartFigure) -> None:
    """Write everything above the caption; the children follow where they belong."""
    site = translator.builder.app.receiptbook
    spec, where = node["spec"], node["where"]
    card = {**check(spec, where), "cited": node["cited"]}
    try:
        variants = picture.draw(spec, site.cache, narrow=site.config.narrow)
    except palette.ColourError as problem:
        raise ChartProblem(f"{where}: chart {card['id']!r}: {problem}") from problem
    out = Path(translator.builder.outdir)
    write_table(out, card)
    look, data = " wide" if card.get("wide") else "", ""
    if explorer := explorers.stored_page_data(spec):
        data = f' data-explorer="{card["id"]}"'
        write_script(out, card, explorers.page_script(explorer))
    elif site.config.hydrate and card.get("interactive", True):
        runtime = runtime_for(variants, card, site, where)
        data = f' data-chart="{card["id"]}" data-runtime="{runtime}"'
        every = lean(variants, picture.theme(site.cache))
        write_script(out, card, f"ReceiptBook.chart({json.dumps(card['id'])},{_json(every)});")
    translator.body.append(f'<figure class="chart{look}" id="{card["id"]}"{data}>\n')
    node["card"], node["variants"] = card, variants


def depart_figure(translator, node: ChartFigure) -> None:
    translator.body.append("</figcaption></figure>\n")


def visit_title(translator, node) -> None:
    translator.body.append('<p class="finding">')


def depart_title(translator, node) -> None:
    """The title ends: the pictures and, for a scenario, the controls follow."""
    figure, builder = node.parent, translator.builder
    translator.body.append("</p>\n" + plot(figure["card"], figure["variants"]))
    if explorer := explorers.stored_page_data(figure["spec"]):
        ledger = builder.app.receiptbook.ledger_link(builder.current_docname)
        try:
            translator.body.append(explorers.controls_html(explorer, ledger))
        except (KeyError, explorers.ScenarioError) as problem:
            raise ChartProblem(
                f"{figure['where']}: explorer {figure['card']['id']!r} was stored by another "
                f"edition of receiptbook.explorers ({problem}); execute the chapter again"
            ) from problem


def plot(card: dict, variants: picture.Variants) -> str:
    """The still pictures, wide and narrow; the style sheet shows one of them."""
    label = escape(_plain(card["alt"]), quote=True)
    pictures = [("wide" if variants.narrow else "any", variants.wide)]
    if variants.narrow:
        pictures.append(("narrow", variants.narrow))
    drawn = "".join(f'<div class="still {name}">{p.svg}</div>' for name, p in pictures)
    return f'<div class="plot" role="img" aria-label="{label}">{drawn}</div>\n'


def visit_caption(translator, node) -> None:
    translator.body.append(
        f'<figcaption><p class="caption"><b>Figure {node.parent["number"]}.</b> '
    )


def depart_caption(translator, node) -> None:
    figure = node.parent
    app = translator.builder.app
    card = figure["card"]
    up = "../" * translator.builder.current_docname.count("/")
    translator.body.append("</p>\n" + credit(card, app.receiptbook))
    translator.body.append(data_table(card, up))


def credit(card: dict, site) -> str:
    """Publishers and licence in one line; of a chart from equations alone, that it is one."""
    licence = f"Chart: {escape(card['licence'])}"
    if not card["sources"]:
        return f'<p class="credit">{origin(card)} {licence}.</p>\n'
    word = "Source" if len(card["sources"]) == 1 else "Sources"
    names = publishers(site.sources[s] for s in card["sources"])
    return f'<p class="credit">{word}: {names}. {licence}.</p>\n'


def origin(card: dict) -> str:
    """What a chart without sources comes from, as a sentence."""
    return f"Computed from {escape(card['computed'])}; no published figure went in."


def data_table(card: dict, up: str) -> str:
    """What the picture shows, for those who read rather than look."""
    table = card["table"]
    columns = table["columns"]
    title = escape(_plain(card["title"]))
    head = "".join(f'<th scope="col"{_side(c)}>{escape(heading(c))}</th>' for c in columns)
    digits = [decimals(column) for column in zip(*table["rows"], strict=True)]
    rows = "\n".join(
        "<tr>"
        + "".join(
            f"<{tag}{_side(c)}>{escape(show(value, n))}</{'th' if tag != 'td' else 'td'}>"
            for tag, c, n, value in zip(_tags(columns), columns, digits, row, strict=True)
        )
        + "</tr>"
        for row in table["rows"]
    )
    note = f"<p>{escape(table['note'])}</p>" if table.get("note") else ""
    items = ", ".join(f'<a href="#s{n}">{n}</a>' for n in card["cited"])
    where = f"Sources, as numbered at the end of the page: {items}." if items else origin(card)
    return (
        '<details class="data"><summary>Data and sources<span class="unseen"> of figure: '
        f"{title}</span></summary>"
        f'<div class="scroll" tabindex="0" role="region" aria-label="Table: {title}">'
        f"<table><caption>{title}</caption><thead><tr>{head}</tr></thead>\n"
        f"<tbody>{rows}</tbody></table></div>{note}"
        f'<p><a href="{up}{TABLES}/{card["id"]}.csv" download>Download as CSV</a></p>'
        f"<p>{where}</p></details>\n"
    )


def _tags(columns: list[dict]) -> list[str]:
    return ['th scope="row"', *["td"] * (len(columns) - 1)]


def _side(column: dict) -> str:
    return ' class="n"' if column.get("align") == "right" else ""


def show(value: Any, places: int | None = None) -> str:
    """A cell as print has it: thousands apart, true minus sign, nothing for a missing value.

    >>> show(-1234567), show(0.25), show(None), show(2025)
    ('−1,234,567', '0.25', '', '2025')
    """
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    text = f"{value:,.10g}" if isinstance(value, float) else f"{value:,}"
    if places is not None:
        small = 0 < abs(value) < 5 * 10**-places
        text = f"{value:.2g}" if small else f"{value:,.{places}f}"
    if isinstance(value, int) and 1000 <= value <= 9999:
        text = str(value)  # a year, or short enough without a comma
    return text.replace("-", "−")


def write_table(out: Path, card: dict) -> None:
    """The table as CSV, with the units in the header."""
    file = out / TABLES / f"{card['id']}.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heading(c) for c in card["table"]["columns"])
    writer.writerows(card["table"]["rows"])
    file.write_text(text.getvalue(), "utf-8")


def runtime_for(variants: picture.Variants, card: dict, site, where: str) -> str:
    """The chart runtime that can draw all variants; the small one refuses what it leaves out."""
    if not site.config.slim_vega:
        return "vega-full"
    if stranger := set(picture.transforms(variants.vega())) - picture.SLIM:
        raise ChartProblem(
            f"{where}: chart {card['id']!r} needs {sorted(stranger)}, which the small chart "
            "runtime leaves out; compute it in the cell, or set `slim_vega: false`"
        )
    return "vega"


def lean(variants: picture.Variants, theme: dict) -> list[dict]:
    """The compiled variants: of the second, what differs from the first; no column left unread.

    What all charts share, the `theme`, is left to scripts/charts.js.
    """
    wide, *rest = variants.vega()
    every = [{k: v for k, v in wide.items() if (k, v) != ("config", theme)}]
    for other in rest:  # null takes away what only the first has
        apart = {k: v for k, v in other.items() if v != wide.get(k)}
        every.append(apart | {k: None for k in wide if k not in other})
    read = _json([{k: v for k, v in one.items() if k != "data"} for one in every]) + _json(
        [{**table, "values": None} for one in every for table in one.get("data") or []]
    )
    for one in every:
        if one.get("data"):
            one["data"] = [_columns(table, read) for table in one["data"]]
    return every


def _columns(table: dict, read: str) -> dict:
    """A data set as names and rows, which scripts/charts.js puts together again.

    Left out are columns whose names stand nowhere in the chart that reads it.
    """
    values = table.get("values")
    if not isinstance(values, list) or not all(isinstance(row, dict) for row in values):
        return table
    names = [name for name in dict.fromkeys(k for row in values for k in row) if name in read]
    if all(row.keys() >= set(names) for row in values):
        rows = [[row[name] for name in names] for row in values]
        return {**table, "values": {"names": names, "rows": rows}}
    return {**table, "values": [{k: v for k, v in r.items() if k in read} for r in values]}


def write_script(out: Path, card: dict, text: str) -> None:
    """What the page loads for one chart: a classic script, which a folder or a zip can serve."""
    file = out / CHARTS / f"{card['id']}.js"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text.rstrip() + "\n", "utf-8")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _plain(markdown: str) -> str:
    from receiptbook.charts import plain

    return plain(markdown)
