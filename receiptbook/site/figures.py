"""A stored chart as a figure: finding, picture, caption, sources, table, file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from docutils import nodes
from markupsafe import Markup as Html
from sphinx.application import Sphinx

from receiptbook import explorers
from receiptbook.book.notebooks import csv_text, replace_text
from receiptbook.book.outputs import card_of
from receiptbook.charts import decimals, heading
from receiptbook.markdown import words
from receiptbook.site import embed, palette, picture
from receiptbook.site.builder import address, ledger_address
from receiptbook.site.folds import is_folded
from receiptbook.site.nodes import (
    ChartCaption,
    ChartFigure,
    ChartTitle,
    Markup,
    PageError,
    Parse,
    writes,
)
from receiptbook.site.picture import pictures_folder
from receiptbook.site.sources import check_sources, publishers
from receiptbook.site.templates import render
from receiptbook.tables import Source
from receiptbook.tables.expression import inert

RIGHT = Html(' class="n"')
REQUIRED = ("id", "title", "caption", "alt", "sources", "licence", "table")
CHARTS = "_static/charts"
TABLES = "_downloads/charts"


def check(spec: dict[str, Any], where: str) -> dict[str, Any]:
    """The chart's card; raises PageError with notebook and cell for the first thing missing."""
    if not (card := card_of(spec)):
        raise PageError(
            f"{where}: chart without usermeta.receiptbook; end the cell in charts.card()"
        )
    for name in REQUIRED:
        if not card.get(name) and not (name == "sources" and card.get("computed")):
            raise PageError(f"{where}: chart {card.get('id', '')!r} has no {name}")
    if not card["table"].get("rows"):
        raise PageError(f"{where}: chart {card['id']!r} has an empty table")
    return card


def chart(stored: dict[str, Any], parse: Parse, where: str, **words: str) -> ChartFigure:
    """The stored chart as a node.

    where: notebook and cell. words: a title or a caption that takes the place of the stored one.
    """
    card = check(stored, where)
    told = {**card, **words}
    texts = parse(ChartTitle("", ""), told["title"]), parse(ChartCaption("", ""), told["caption"])
    return ChartFigure("", *texts, spec=stored, card=card, where=where, ids=[card["id"]])


def number_figures(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Count figures down the page, those in folds last; refuse a chart id used twice in the book."""
    owners: dict[str, str] = app.env.__dict__.setdefault("receiptbook_charts", {})
    for number, figure in enumerate(sorted(doctree.findall(ChartFigure), key=is_folded), start=1):
        figure["number"] = number
        id = figure["card"]["id"]
        where = f"{docname}, figure {number}"
        if figure.get("again"):
            continue
        if owners.setdefault(id, docname) != docname:
            if id in _charts_of(app, owners[id]):
                raise PageError(f"{where}: chart id {id!r} is also in {owners[id]}")
            owners[id] = docname


def list_sources(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """The sources of a page's figures in full, each once, numbered at the page's end."""
    env = app.env
    numbers: dict[str, int] = {}
    for figure in doctree.findall(ChartFigure):
        card = figure["card"]
        check_sources(card["sources"], env, f"{figure['where']}: chart {card['id']!r}")
        cited = [numbers.setdefault(s, len(numbers) + 1) for s in card["sources"]]
        figure["card"] = {**card, "cited": cited}
    if numbers:
        html = render(
            "sources.html",
            title="source of the figures" if len(numbers) == 1 else "sources of the figures",
            numbered=[(env.receiptbook_sources[id], n) for id, n in numbers.items()],
        )
        doctree += Markup("", html=html)


def _charts_of(app: Sphinx, docname: str) -> set[str]:
    if docname not in app.env.all_docs:
        return set()
    tree = app.env.get_doctree(docname)
    return {figure["card"]["id"] for figure in tree.findall(ChartFigure)}


def visit_figure(translator, node: ChartFigure) -> None:
    """Write everything above the caption; the children follow where they belong."""
    app = translator.builder.app
    cache = pictures_folder(app)
    spec, card, where = node["spec"], node["card"], node["where"]
    try:
        variants = picture.draw(spec, cache)
    except palette.ColourError as problem:
        raise PageError(f"{where}: chart {card['id']!r}: {problem}") from problem
    out = Path(app.outdir)
    write_table(out, card)
    data = ""
    if explorer := explorers.stored_page_data(spec):
        data = f' data-explorer="{card["id"]}"'
        with _edition_told(node):
            write_script(out, card, explorers.page_script(explorer))
    elif card.get("interactive", True):
        data = f' data-chart="{card["id"]}"'
        check_runtime(variants, card, where)
        every = lean(variants, picture.theme(cache))
        write_script(out, card, f"ReceiptBook.chart({json.dumps(card['id'])},{_json(every)});")
    look = " wide" if card.get("wide") else ""
    translator.body.append(
        f'<figure class="chart{look}" id="{card["id"]}" aria-label="Figure {node["number"]}"{data}>\n'
    )
    node["variants"] = variants


depart_figure = writes("</figcaption></figure>\n")


def visit_title(translator, node) -> None:
    """The beginning of a title."""
    translator.body.append(f'<p class="finding" id="{node.parent["card"]["id"]}-title">')


def depart_title(translator, node) -> None:
    """The title ends: the pictures and, for a scenario, the controls follow."""
    figure, app, docname = node.parent, translator.builder.app, translator.builder.current_docname
    translator.body.append("</p>\n" + shown(figure, ledger_address(app, docname)))
    ledger = f"../{app.builder.get_target_uri(app.env.receiptbook_settings.ledger)}"
    embed.write_page(
        app, docname, figure["card"],
        picture=shown(figure, ledger),
        credit=credit(figure["card"], app.env.receiptbook_sources),
        explorer=bool(explorers.stored_page_data(figure["spec"])),
    )  # fmt: skip


def shown(figure: ChartFigure, ledger: str) -> str:
    """The still pictures or, of an explorer, all that moves with them."""
    still = plot(figure["card"], figure["variants"])
    if not (explorer := explorers.stored_page_data(figure["spec"])):
        return still
    with _edition_told(figure):
        return explorers.explorer_html(explorer, still, ledger)


@contextmanager
def _edition_told(figure: ChartFigure) -> Iterator[None]:
    """Stop the build at an explorer that cannot be read, with its place and what to do."""
    try:
        yield
    except (KeyError, explorers.ScenarioError) as problem:
        raise PageError(
            f"{figure['where']}: explorer {figure['card']['id']!r} was stored by another "
            f"edition of receiptbook.explorers ({problem}); execute the chapter again"
        ) from problem


def plot(card: dict, variants: picture.Variants) -> str:
    """The still pictures, wide and narrow; the style sheet shows one of them."""
    pictures = [("wide", variants.wide), ("narrow", variants.narrow)]
    return render("plot.html", alt=words(card["alt"]), pictures=pictures) + "\n"


def visit_caption(translator, node) -> None:
    """The beginning of a caption."""
    translator.body.append(
        f'<figcaption><p class="caption"><b>Figure {node.parent["number"]}.</b> '
    )


def depart_caption(translator, node) -> None:
    """The end of a caption."""
    figure, builder = node.parent, translator.builder
    card = figure["card"]
    file = address(builder, builder.current_docname, f"{TABLES}/{card['id']}.csv")
    translator.body.append("</p>\n" + credit(card, builder.app.env.receiptbook_sources))
    translator.body.append(data_table(card, file, figure["label"], figure["number"]))


def credit(card: dict, sources: Mapping[str, Source]) -> str:
    """Publishers and licence in one line; of a chart from equations alone, that it is one."""
    names = publishers(sources[s] for s in card["sources"])
    return render("figure_credit.html", card=card, publishers=names, origin=origin(card)) + "\n"


def origin(card: dict) -> str:
    """What a chart without sources comes from, as a sentence.

    >>> origin({"sources": [], "computed": "the equations above"})
    'Computed from the equations above; no published figure went in.'
    """
    computed = card.get("computed")
    return f"Computed from {computed}; no published figure went in." if computed else ""


def data_table(card: dict, file: str, label: str, number: int) -> str:
    """What the picture shows, for those who read rather than look.

    file: address of the table as CSV. label: name of the region that scrolls. number: of the figure.
    """
    table = card["table"]
    digits = [decimals(column) for column in zip(*table["rows"], strict=True)]
    sides = (c.get("align") == "right" for c in table["columns"])
    return render(
        "figure_data.html",
        title=words(card["title"]),
        called=f"figure {number}",
        label=label,
        heads=[(heading(c), RIGHT if r else "") for c, r in zip(table["columns"], sides, strict=True)],
        rows=[[*map(show, row, digits)] for row in table["rows"]],
        note=table.get("note", ""),
        csv=file,
        id=card["id"],
        cited=card["cited"],
        origin=origin(card),
    ) + "\n"  # fmt: skip


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
    rows = [map(heading, card["table"]["columns"]), *card["table"]["rows"]]
    text = csv_text(map(inert, row) for row in rows)
    replace_text(out / TABLES / f"{card['id']}.csv", text)


def check_runtime(variants: picture.Variants, card: dict, where: str) -> None:
    """Raise PageError for a chart with a transform that the page's chart runtime lacks."""
    if strangers := set(picture.transforms(variants.vega())) - picture.SLIM:
        raise PageError(
            f"{where}: chart {card['id']!r} needs {sorted(strangers)}, which the page's chart "
            "runtime lacks; compute it in the cell, or give the card `interactive=False`"
        )


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
    replace_text(out / CHARTS / f"{card['id']}.js", text.rstrip() + "\n")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
