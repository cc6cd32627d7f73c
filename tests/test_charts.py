"""Every chart has its words, table and sources, is drawn by current Jupyter, and is legible."""

import gzip
import json
from itertools import combinations
from pathlib import Path

import altair as alt
import fastjsonschema
import pandas as pd
import pytest

from receiptbook import charts
from receiptbook.book import Book
from receiptbook.book.notebooks import bundles, read_notebook
from receiptbook.book.outputs import CHART, card_in
from receiptbook.charts.walk import parts
from receiptbook.markdown import words
from receiptbook.receipts.collect import linkable, links

HERE = Path(__file__).parent
CHAPTERS = HERE.parent / "chapters"
WAVES = pd.DataFrame(
    {
        "date": pd.to_datetime(["2024-12-31", "2025-06-30", "2025-12-31"]),
        "users": [249.0, 515.0, 602.0],
        "low": [248.5, 514.5, 601.5],
        "high": [249.5, 515.5, 602.5],
    }
)
WORDS = {
    "id": "users-by-wave",
    "title": "Users passed [602 million](ledger.md#users-2025-12)",
    "caption": "Users of generative AI in China by wave, with *rounding* intervals.",
    "alt": "Line of three waves rising from 249 to 602 million.",
    "sources": ["cnnic-57"],
}


@pytest.fixture(scope="module")
def valid():
    with gzip.open(HERE / "schemas/vega-lite-5.6.1.json.gz") as file:
        return fastjsonschema.compile(json.load(file), use_formats=False)


def line(data=WAVES):
    return alt.Chart(data).mark_line().encode(x="date:T", y="users:Q")


def layered():
    base = alt.Chart(WAVES).encode(x="date:T")
    return base.mark_rule().encode(y="low:Q", y2="high:Q") + base.mark_point().encode(y="users:Q")


def sliding():
    ceiling = alt.param(name="ceiling", value=80, bind=alt.binding_range(min=40, max=100, step=1))
    return (
        line()
        .add_params(ceiling, alt.selection_point())
        .transform_calculate(share="datum.users / ceiling")
    )


CHARTS = {
    "line": line,
    "layered": layered,
    "sliding": sliding,
    "tooltip": lambda: line().encode(tooltip=["date:T", "users:Q"]),
    "when": lambda: (
        line()
        .mark_bar()
        .encode(
            color=alt.when("datum.users > 500")
            .then(alt.value(charts.colour("accent")))
            .otherwise(alt.value(charts.colour("context")))
        )
    ),
}


@pytest.mark.parametrize("make", CHARTS.values(), ids=CHARTS)
def test_a_card_satisfies_the_schema_that_current_notebooks_draw(make, valid):
    valid(charts.card(make(), **WORDS).spec)


@pytest.mark.parametrize("make", CHARTS.values(), ids=CHARTS)
def test_a_chart_without_a_card_still_satisfies_that_schema(make, valid):
    bundle = make()._repr_mimebundle_()
    bundle = bundle[0] if isinstance(bundle, tuple) else bundle
    assert sorted(bundle) == [CHART, "text/plain"]
    valid(bundle[CHART])


def test_the_schema_refuses_what_only_a_later_version_knows(valid):
    spec = {**charts.card(line(), **WORDS).spec, "mark": {"type": "line", "no_such_key": 1}}
    with pytest.raises(fastjsonschema.JsonSchemaException):
        valid(spec)


def stored():
    for path in sorted(CHAPTERS.glob("*.ipynb")):
        for n, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"]):
            for output in cell.get("outputs", []):
                if CHART in output.get("data", {}):
                    yield pytest.param(output["data"], id=f"{path.name}-cell-{n}")


@pytest.mark.parametrize("data", list(stored()))
def test_a_stored_chart_is_a_whole_card(data, valid):
    assert sorted(data) == [CHART, "text/plain"]
    spec = data[CHART]
    valid(spec)
    surge = spec["usermeta"]["receiptbook"]
    assert all(surge[k] for k in ("id", "title", "caption", "alt", "table"))
    assert bool(surge["sources"]) != ("computed" in surge)


def test_a_chart_names_a_source_of_each_figure_in_its_alternative_text():
    book = Book.here()
    known = linkable(book.written_pages())
    seen, wrong = 0, []
    for path in book.notebooks():
        for card in filter(None, map(card_in, bundles(read_notebook(path).cells))):
            for link in links(card["alt"]):
                sources = {*known[link["id"]]["sources"]}
                seen += 1
                if sources and not sources & {*card["sources"]}:
                    wrong.append(
                        f"{path.name}, chart {card['id']}: found no source of {link[0]}; expected one of "
                        f"{', '.join(sorted(sources))}. Cite it, or link what is drawn."
                    )
    assert wrong == []
    assert seen > 200


def test_the_output_is_the_chart_and_one_line_of_words():
    card = charts.card(line(), **WORDS)
    assert card._repr_mimebundle_()["text/plain"] == (
        "Chart: Users passed 602 million. Line of three waves rising from 249 to 602 million."
    )
    assert card.spec["title"] == "Users passed 602 million"
    assert card.spec["description"] == WORDS["alt"]
    assert card.spec["usermeta"]["receiptbook"]["title"] == WORDS["title"]


@pytest.mark.parametrize("make", CHARTS.values(), ids=CHARTS)
def test_a_card_does_not_depend_on_the_cells_before_it(make):
    first = charts.card(make(), **WORDS)
    for _ in range(3):
        sliding().to_dict()
    assert charts.card(make(), **WORDS) == first
    assert not set(first.spec.get("datasets", {})) - {"users-by-wave-1"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"id": "Users 2025"}, "slug"),
        ({"title": " "}, "title"),
        ({"caption": ""}, "caption"),
        ({"alt": None}, "alt"),
        ({"alt": "users passed 602 million."}, "alt repeats the title"),
        ({"sources": []}, "at least one"),
        ({"sources": []}, "computed from"),
        ({"computed": "the equations above"}, "computed from"),
        ({"sources": "cnnic-57"}, "list of ids"),
        ({"licence": ""}, "licence"),
        ({"title": "Two\nlines"}, "line break"),
        ({"table": WAVES.iloc[:0]}, "empty"),
        ({"columns": {"persons": "Users"}}, "persons"),
        ({"columns": {"users": " "}}, "blank label"),
    ],
)
def test_a_card_with_something_missing_says_what_to_do(change, said):
    with pytest.raises(charts.ChartError, match=said):
        charts.card(line(), **{**WORDS, **change})


def test_infinity_never_reaches_a_chart():
    with pytest.raises(charts.ChartError, match="infinite"):
        charts.card(line(), **WORDS, table=pd.DataFrame({"users": [float("inf")]}))


def test_the_table_takes_labels_units_and_order_from_columns():
    table = charts.card(
        line(), **WORDS, columns={"users": ("Users", "million"), "date": "Wave"}
    ).spec["usermeta"]["receiptbook"]["table"]
    assert table["columns"][0] == {
        "name": "users",
        "label": "Users",
        "unit": "million",
        "align": "right",
    }
    assert table["columns"][1]["align"] == "left"
    assert table["rows"][-1][0] == 602.0


def test_a_long_table_is_thinned_and_says_so():
    long = pd.DataFrame({"x": range(1000)})
    table = charts.card(line(), **WORDS, table=long).spec["usermeta"]["receiptbook"]["table"]
    assert len(table["rows"]) <= charts.ROWS
    assert (table["rows"][0], table["rows"][-1]) == ([0], [999])
    assert f"{len(table['rows'])} of 1000 rows" in table["note"]


def test_last_digits_that_differ_between_platforms_are_not_stored():
    table = pd.DataFrame({"x": [0.1 + 0.2, float("nan")]})
    rows = charts.card(line(), **WORDS, table=table).spec["usermeta"]["receiptbook"]["table"][
        "rows"
    ]
    assert rows == [[0.3], [None]]


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("[602 million](ledger.md#users-2025-12) people", "602 million people"),
        ("**bold** and *slanted* `code`", "bold and slanted code"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("*a **b** c*", "a b c"),
    ],
)
def test_plain_words_lose_markup_and_nothing_else(markdown, text):
    assert words(markdown) == text


def test_a_card_cannot_be_changed():
    card = charts.card(line(), **WORDS)
    card.spec["title"] = "other"
    assert card.spec["title"] != "other"
    with pytest.raises(AttributeError):
        card.title = "other"


# Colour: WCAG relative luminance, and the Machado et al. (2009) matrices for full
# protanopia, deuteranopia and tritanopia in linear RGB.
SIGHT = {
    "usual": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def linear(hex_):
    parts = [int(hex_[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]


def contrast(one, two):
    light, dark = sorted(
        (
            sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear(h), strict=True))
            for h in (one, two)
        ),
        reverse=True,
    )
    return (light + 0.05) / (dark + 0.05)


def lab(hex_, sight):
    """CIE L*a*b* (D65) as seen with the given colour vision."""
    seen = [
        min(1, max(0, sum(m * c for m, c in zip(row, linear(hex_), strict=True))))
        for row in SIGHT[sight]
    ]
    xyz = [
        sum(m * c for m, c in zip(row, seen, strict=True))
        for row in (
            (0.4124 / 0.9505, 0.3576 / 0.9505, 0.1805 / 0.9505),
            (0.2126, 0.7152, 0.0722),
            (0.0193 / 1.089, 0.1192 / 1.089, 0.9505 / 1.089),
        )
    ]
    x, y, z = (v ** (1 / 3) if v > 216 / 24389 else (24389 / 27 * v + 16) / 116 for v in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("name", "least"),
    [("ink", 7), ("quiet", 4.5), ("accent", 4.5), ("doubt", 4.5), ("context", 3), ("axis", 3)],
)
def test_text_and_marks_stand_out_from_the_paper(name, least, theme):
    assert contrast(charts.PALETTE[name][theme], charts.PALETTE["paper"][theme]) >= least


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("mark", "fill"),
    [
        ("accent", "accent-soft"),
        ("doubt", "doubt-soft"),
        ("ink", "accent-soft"),
        ("ink", "doubt-soft"),
        ("ink", "context-soft"),
    ],
)
def test_marks_stand_out_from_their_own_bands(mark, fill, theme):
    assert contrast(charts.PALETTE[mark][theme], charts.PALETTE[fill][theme]) >= 3


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize(
    "pair", list(combinations(("accent", "doubt", "context"), 2)), ids=" and ".join
)
def test_marks_differ_for_every_colour_vision(pair, sight, theme):
    one, two = (lab(charts.PALETTE[n][theme], sight) for n in pair)
    assert sum((a - b) ** 2 for a, b in zip(one, two, strict=True)) ** 0.5 >= 12


def test_no_two_colours_share_a_hex_so_that_the_site_can_swap_them():
    for theme in (0, 1):
        assert len({pair[theme] for pair in charts.PALETTE.values()}) == len(charts.PALETTE)


def pointed(tooltip, columns=None):
    chart = alt.Chart(WAVES.assign(exact=[1.23456789, 2.5, 249.0])).mark_point()
    card = charts.card(
        chart.encode(x="date:T", y="users:Q", tooltip=tooltip), columns=columns, **WORDS
    )
    return card.spec["encoding"]["tooltip"]


def test_a_tooltip_takes_names_units_and_digits_from_the_table():
    columns = {"date": "Wave", "users": ("Users", "million"), "exact": ("Share", "%")}
    shown = pointed(["date:T", "users:Q", "exact:Q"], columns)
    assert [(c["title"], c["format"]) for c in shown] == [
        ("Wave", "%b %Y"), ("Users (million)", ",.10~g"), ("Share (%)", ",.1f")
    ]  # fmt: skip


def test_a_tooltip_keeps_the_words_it_has():
    own = alt.Tooltip("exact:Q", title="Part", format=".0f")
    assert pointed([own], {"date": "Wave"})[0] == {
        "field": "exact", "type": "quantitative", "title": "Part", "format": ".0f"
    }  # fmt: skip


def test_a_tooltip_without_words_names_what_is_missing():
    with pytest.raises(charts.ChartError, match="tooltip shows 'low', which no column"):
        pointed(["low:Q"], {"users": "Users"})
    with pytest.raises(charts.ChartError, match=r"shows \['Users'\] twice"):
        pointed(["low:Q", "users:Q"], {"users": "Users", "low": "Users"})


def test_days_within_a_month_are_shown_whole():
    days = WAVES.assign(date=pd.to_datetime(["2024-12-31", "2025-06-15", "2025-12-31"]))
    spec = charts.card(line(days).encode(tooltip=["date:T"]), **WORDS).spec
    assert spec["encoding"]["tooltip"][0]["format"] == "%-d %b %Y"


@pytest.mark.parametrize("data", list(stored()))
def test_counts_by_the_month_stand_over_ticks_at_the_ends_of_months(data):
    """A tick where July begins, named July, would give the count of June to July."""
    spec = data[CHART]
    views = [part for part in parts(spec, skip=("datasets", "usermeta")) if isinstance(part, dict)]
    axes = [x for view in views if isinstance(x := view.get("x"), dict)]
    axes = [x for x in axes if x.get("type") == "temporal"]
    rows = [row for rows in spec.get("datasets", {}).values() for row in rows]
    for x in axes:
        days = pd.to_datetime([row[x["field"]] for row in rows if row.get(x["field"])])
        if len(days) and days.is_month_end.all():
            ticks = [tick for one in axes for tick in (one.get("axis") or {}).get("values", ())]
            assert ticks and pd.to_datetime(ticks).is_month_end.all(), x


@pytest.mark.parametrize("data", list(stored()))
def test_a_stored_tooltip_has_a_name_and_a_format(data):
    for channel in tips(data[CHART]):
        assert not channel["title"][0].islower(), channel
        assert "format" in channel or channel["type"] == "nominal", channel


def tips(node):
    if isinstance(node, dict):
        tip = node.get("tooltip", [])
        yield from tip if isinstance(tip, list) else [tip]
        for name, value in node.items():
            if name not in ("datasets", "usermeta"):
                yield from tips(value)
    elif isinstance(node, list):
        for value in node:
            yield from tips(value)
