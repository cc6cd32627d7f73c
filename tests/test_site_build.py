"""What the site makes of a book: pictures, tables, receipts, and what stops it."""

import copy
import csv
import json
import os
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from docutils import core, nodes
from docutils.utils import new_document
from fixtures.site import fixture_book as book
from fixtures.site.kit import build, built_book
from lxml import html
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.errors import ConfigError

from receiptbook.book import Book
from receiptbook.charts import PALETTE
from receiptbook.receipts import VERDICTS, Receipt, Verdict
from receiptbook.site import (
    cards,
    extras,
    figures,
    folds,
    glyphs,
    opening,
    pages,
    palette,
    picture,
    questions,
    style,
    svg,
    tables,
)
from receiptbook.site.nodes import ChartFigure, Markup, PageError, ReceiptCard
from receiptbook.site.pdf import join
from receiptbook.site.receipt import WIDTH, bar
from receiptbook.site.settings import OPTIONS, PREFIX, Settings
from receiptbook.tables import Source
from surge import cover


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return built_book(
        tmp_path_factory.mktemp("site"), redirects={"chapters/former": "chapters/first"}
    )


# ----------------------------------------------------------------------- what stops the build


def without(spec: dict, name: str) -> dict:
    spec = copy.deepcopy(spec)
    spec["usermeta"]["receiptbook"].pop(name)
    return spec


@pytest.mark.parametrize("name", ["title", "caption", "alt", "sources", "licence", "table"])
def test_a_chart_without_its_words_table_or_sources_is_refused_by_place(name):
    with pytest.raises(PageError, match=rf"a\.ipynb, cell 3: .*'four-waves'.* {name}"):
        figures.check(without(book.line().spec, name), "a.ipynb, cell 3")


def test_a_chart_from_equations_alone_is_credited_to_them_and_to_no_publisher():
    spec = book.line().spec
    spec["usermeta"]["receiptbook"] |= {"sources": [], "computed": "the equations above"}
    card = {**figures.check(spec, "a.ipynb, cell 3"), "cited": []}
    said = "Computed from the equations above; no published figure went in."
    assert f">{said} Chart: CC BY 4.0.<" in figures.credit(card, {})
    assert f"<p>{said}</p></details>" in figures.data_table(card, "a.csv", "Table: a", 1)


@pytest.mark.slow
def test_a_problem_stops_the_build_and_names_notebook_and_cell(tmp_path):
    write = book.write_book(tmp_path)
    path = write / "chapters/first.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    chart = next(
        o["data"] for c in notebook["cells"] for o in c.get("outputs", [])
        if "vegalite" in str(o.get("data", {}).keys())
    )  # fmt: skip
    chart["application/vnd.vegalite.v5+json"]["usermeta"]["receiptbook"]["caption"] = ""
    path.write_text(json.dumps(notebook), "utf-8")
    done = build(write)
    assert done.returncode != 0
    assert re.search(r"first\.ipynb, cell 4: chart 'four-waves' has no caption",
                     done.stdout + done.stderr)  # fmt: skip


@pytest.mark.slow
def test_a_wrong_address_in_the_ledger_stops_the_build(tmp_path):
    write = book.write_book(tmp_path)
    page = write / "chapters/intro.md"
    page.write_text(page.read_text("utf-8").replace("#users-2025-12", "#no-such-number"), "utf-8")
    done = build(write)
    assert done.returncode != 0 and "no-such-number" in done.stdout + done.stderr


@pytest.mark.parametrize("colour", ["#123456", "steelblue"])
def test_a_colour_outside_the_palette_is_refused(tmp_path, colour):
    spec = book.bars().spec
    spec["mark"] = {"type": "bar", "color": colour}
    spec["encoding"].pop("color")
    with pytest.raises(palette.ColourError, match=colour):
        picture.draw(spec, tmp_path)


def test_control_characters_do_not_reach_the_drawing(tmp_path):
    spec = book.line().spec
    spec["encoding"]["y"]["title"] = "million\x07 users\x1b"
    assert "million  users" in picture.draw(spec, tmp_path).wide.svg


def config(**written):
    """Sphinx's configuration of a book that sets some options."""
    values = {PREFIX + name: value for name, value in (OPTIONS | written).items()}
    return SimpleNamespace(**values, overrides={PREFIX + name: 0 for name in written})


@pytest.mark.parametrize(
    "written, said",
    [
        ({"glosary": "terms"}, "receiptbook_glosary .* did you mean receiptbook_glossary"),
        ({"zzz": 1}, "receiptbook_zzz .* there are receiptbook_what_if, "),
        ({"python": "no"}, "receiptbook_python is 'no' .*, expected bool"),
        ({"redirects": ["a"]}, "receiptbook_redirects is .*, expected dict"),
    ],
)
def test_an_option_that_does_not_exist_or_fit_is_named_with_what_to_do(written, said):
    with pytest.raises(ConfigError, match=said):
        Settings.read(config(**written))


@pytest.mark.slow
def test_a_wrong_option_stops_the_build(tmp_path):
    done = build(book.write_book(tmp_path, glosary="terms"))
    assert done.returncode != 0
    assert "did you mean receiptbook_glossary?" in done.stdout + done.stderr


def test_a_renamed_page_sends_readers_on_from_its_former_address(site):
    page = html.parse(site / "chapters/former.html").getroot()
    target = page.xpath("//a/@href")[0]
    assert (site / "chapters" / target).exists()
    assert page.xpath("//meta[@http-equiv='refresh']/@content") == [f"0; url={target}"]
    assert page.get("lang") == "en" and page.xpath("//title")[0].text == page.xpath("//h1")[0].text


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("chapters/former", "chapters/nowhere", "there is no page 'chapters/nowhere'"),
        ("chapters/first", "chapters/second", "the page 'chapters/first' exists"),
    ],
)
def test_a_redirect_from_a_page_or_to_none_is_refused(old, new, said):
    class App:
        env = type("Env", (), {"all_docs": {"chapters/first": 0, "chapters/second": 0}})

    with pytest.raises(ConfigError, match=said):
        extras.check_redirect(App, old, new)


SOURCE = Source("alpha-1", "Alpha", "First wave", "2025-02", "", "", "primary", "not stated", "")


def environment():
    """What a build knows of a book with one source and no receipts."""
    return SimpleNamespace(
        receiptbook_settings=Settings(),
        receiptbook_sources={"alpha-1": SOURCE},
        receiptbook_receipts={},
    )


def application():
    return SimpleNamespace(env=environment())


@pytest.mark.parametrize(
    "changed, said",
    [
        ({"verdict": "maybe"}, r"receipt 'growth-2025': verdict 'maybe' .* there are reproduced"),
        (
            {"sources": ["gamma-3"]},
            r"receipt 'growth-2025' names sources \['gamma-3'\] .*data/sour",
        ),
        ({"colour": "red"}, r"receipt 'growth-2025' was stored by another edition .* execute"),
    ],
)
def test_a_receipt_with_an_unknown_verdict_source_or_field_is_refused(changed, said):
    stored = {**book.RECEIPTS[1], "sources": ["alpha-1"], **changed}
    with pytest.raises(PageError, match=said):
        cards.read_receipt(stored, environment())


def test_a_chart_with_an_unknown_source_is_refused_by_place():
    spec = book.line().spec
    spec["usermeta"]["receiptbook"]["sources"] = ["alpha-1", "gamma-3"]
    page = new_document("page")
    page += ChartFigure("", card=spec["usermeta"]["receiptbook"], where="a.ipynb, cell 3")
    with pytest.raises(PageError, match=r"a\.ipynb, cell 3: chart 'four-waves' .*\['gamma-3'\]"):
        figures.list_sources(application(), page, "page")


# --------------------------------------------------------------------------------- the picture


def test_pictures_hold_no_colour_but_variables_and_no_words_but_their_labels(tmp_path):
    for card in (book.line(), book.bars(), book.band(), book.explorer()):
        for one in vars(picture.draw(card.spec, tmp_path)).values():
            assert not palette.HEX.search(one.svg)
            assert set(re.findall(r"var\(--([\w-]+)\)", one.svg)) <= set(PALETTE)
            assert "aria" not in one.svg and "class=" not in one.svg


def test_a_picture_is_drawn_once_and_kept(tmp_path):
    first = picture.draw(book.line().spec, tmp_path)
    kept = list(tmp_path.iterdir())
    assert picture.draw(book.line().spec, tmp_path) == first
    assert list(tmp_path.iterdir()) == kept and len(kept) == 1


def test_two_half_transparent_marks_keep_their_own_opacity():
    mark = '<path d="M0,0L9,{}" stroke="var(--accent)" opacity="0.5"/>'
    drawn = (
        f'<svg width="9" height="9" viewBox="0 0 9 9"><g>{mark.format(9)}{mark.format(4)}</g></svg>'
    )
    tree = html.fragment_fromstring(svg.shrink(drawn, prefix="w").markup)
    assert [path.get("opacity") for path in tree.iter("path")] == ["0.5", "0.5"]
    assert [group.get("opacity") for group in tree.iter("g")] == [None]


@pytest.mark.parametrize(
    "target, patch, merged",
    [
        ({"a": 1}, {"a": None}, {}),
        ({"a": {"b": 1}}, {"a": {"c": 2}}, {"a": {"b": 1, "c": 2}}),
        ({"a": [1]}, {"a": [2]}, {"a": [2]}),
        ({}, {"width": 300}, {"width": 300}),
    ],
)
def test_a_narrow_variant_is_a_merge_patch(target, patch, merged):
    assert picture.merge_patch(target, patch) == merged


def test_clip_paths_of_two_variants_do_not_share_a_name():
    drawn = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" viewBox="0 0 9 9">'
        '<defs><clipPath id="clip0"><rect width="9" height="9"/></clipPath></defs>'
        '<g clip-path="url(#clip0)"><path d="M0,0L9.04,9" stroke="var(--accent)"/></g></svg>'
    )
    wide, narrow = (svg.shrink(drawn, prefix=p).markup for p in "wn")
    assert 'id="wclip0"' in wide and "url(#wclip0)" in wide and "url(#nclip0)" in narrow
    assert "M0,0L9,9" in wide


# -------------------------------------------------------------------------------------- pieces


@pytest.mark.parametrize(
    "value, text",
    [(None, ""), (-1234567, "−1,234,567"), (0.25, "0.25"), (2025, "2025"), (25000, "25,000"),
     ("2024-12", "2024-12"), (True, "True")],
)  # fmt: skip
def test_cells_read_as_print(value, text):
    assert figures.show(value) == text


@pytest.mark.parametrize(
    "column, shown",
    [
        ([16.39999969, 2, None, "none"], ["16.40", "2.00", "", "none"]),
        ([1404.89, 602.0], ["1,404.89", "602"]),
        ([160347.500462, 0.004], ["160,348", "0.004"]),
        ([2024, 2025], ["2024", "2025"]),
    ],
)
def test_computed_columns_show_four_digits_and_printed_ones_all(column, shown):
    assert [figures.show(v, figures.decimals(column)) for v in column] == shown


def test_a_stored_table_gets_headers_scopes_a_caption_and_aligned_numbers():
    stored = (
        '<style scoped>x</style><table border="1" class="dataframe"><thead>'
        '<tr style="text-align: right;"><th></th><th>users</th><th>kind</th></tr>'
        "<tr><th>wave</th><th></th><th></th></tr></thead>"
        "<tbody><tr><th>a</th><td>-2.5</td><td>x</td></tr></tbody></table>"
    )
    table = html.fragment_fromstring(tables.tidy(stored, "Waves", tables.Labels()))
    assert table.xpath("string(.//caption)") == "Waves"
    assert [t.text for t in table.xpath(".//thead//th")] == ["wave", "users", "kind"]
    assert table.xpath(".//thead//th/@scope") == ["col"] * 3
    assert table.xpath(".//tbody//th/@scope") == ["row"]
    assert table.xpath(".//*[@style or @border]") == []
    assert table.xpath("string(.//td[@class='n'])") == "−2.5"


def test_numbers_line_up_below_a_cell_that_spans_rows():
    stored = (
        "<table><thead><tr><th>base</th><th>wave</th><th>miss</th></tr></thead><tbody>"
        '<tr><th rowspan="2">a</th><th>first</th><td>-4.3</td></tr>'
        "<tr><th>second</th><td>-1.2</td></tr></tbody></table>"
    )
    table = html.fragment_fromstring(tables.tidy(stored, "Misses", tables.Labels()))
    assert table.xpath(".//*[@class='n']/text()") == ["miss", "−4.3", "−1.2"]


def test_a_column_with_one_number_among_words_is_not_lined_up_as_numbers():
    stored = (
        "<table><thead><tr><th>wave</th><th>users</th></tr></thead><tbody>"
        "<tr><th>a</th><td>230</td></tr><tr><th>b</th><td>not asked</td></tr></tbody></table>"
    )
    table = html.fragment_fromstring(tables.tidy(stored, "Waves", tables.Labels()))
    assert table.xpath(".//*[@class='n']") == []


@pytest.mark.parametrize("listed, more", [(12, []), (13, ["and 1 more, in the file below"])])
def test_inputs_past_the_twelfth_are_counted(listed, more):
    one = {"id": "a", "label": "wave", "printed": "1", "range": "", "sources": []}
    stored = {**book.RECEIPTS[1], "sources": [], "inputs": [one] * listed}
    said = cards.card("details.html", stored, environment(), ledger="ledger.html", places=[])
    items = html.fragment_fromstring(f"<div>{said}</div>").xpath(".//ul[@class='inputs']/li")
    assert [item.text_content() for item in items] == ["wave: 1"] * 12 + more


@pytest.mark.parametrize(
    "text, described",
    [
        ("word " * 32 + "ab", "word " * 30 + "word…"),
        ("word " * 31 + "words", "word " * 31 + "words"),
        ("a short one", "the book"),
        ("long " * 30 + "end, after it all", "long " * 30 + "end…"),
    ],
)
def test_a_page_is_described_by_its_first_long_paragraph_cut_at_160_characters(text, described):
    page = new_document("page")
    page += nodes.paragraph("", text)
    assert pages.describe(page, "the book") == described
    assert len(described) <= 160


def test_a_page_for_lost_visitors_has_links_from_the_root():
    uris = {"chapters/a": "chapters/a.html"}
    app = SimpleNamespace(
        config=SimpleNamespace(html_baseurl="https://x.org/book/"),
        builder=SimpleNamespace(get_target_uri=uris.get),
    )
    context = {}
    pages.lead_from_the_root(app, context)
    assert context["pathto"]("chapters/a") == "/book/chapters/a.html"
    assert context["pathto"]("_static/book.js", 1) == "/book/_static/book.js"
    assert context["content_root"] == "/book/"


def test_no_cell_of_a_file_for_spreadsheets_is_worked_out(site):
    number = re.compile(r"[+-][\d.,]+(e[+-]?\d+)?\s*[%‰]?")
    found = []
    for path in site.rglob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        found += [
            (path.name, cell)
            for cell in cells
            if cell[:1] in {*"=@+-\t\r"} and not number.fullmatch(cell)
        ]
    assert found == []


def test_on_paper_each_link_bears_the_number_of_its_note(site):
    page = html.parse(str(site / "chapters/first.html"))
    notes = [n.text_content() for n in page.xpath("//section[@class='endnotes']//li")]
    links = page.xpath("//main//p//a[contains(@href, 'ledger.html#')][@data-n]")
    assert {int(link.get("data-n")) for link in links} == set(range(1, len(notes) + 1))
    assert all("602 million" in notes[int(link.get("data-n")) - 1]
               for link in links if link.get("href").endswith("#users-2025-12"))  # fmt: skip


@pytest.mark.parametrize(
    "one, drawn",
    [
        ({"lower": 1, "upper": 3, "passes_lower": 2, "passes_upper": 4}, True),
        ({"lower": 1, "upper": 3, "passes_lower": None, "passes_upper": None}, False),
        ({"lower": 3, "upper": 3, "passes_lower": 2, "passes_upper": None}, True),
        ({"lower": 3, "upper": 3, "passes_lower": None, "passes_upper": None}, False),
        ({"lower": None, "upper": 3, "passes_lower": 2, "passes_upper": 3}, False),
    ],
)
def test_a_range_is_drawn_where_there_is_another_to_set_it_beside(one, drawn):
    receipt = Receipt("a", "numeric", "A", Verdict.CONSISTENT, range="r", passes="p", **one)
    assert bool(bar(receipt)) is drawn


def cell(code: str, *receipts: str, shown: str = "", tags: tuple = (), kind: str = "numeric"):
    """A cell as MyST-NB leaves it: its code folded, with or without what it puts out."""
    fold = HideCodeCellNode(classes=["above-input"])
    fold += nodes.container("", nodes.literal_block("", code), classes=["cell_input"])
    output = nodes.container(classes=["cell_output"])
    output += [ReceiptCard(receipt={"id": one, "kind": kind}) for one in receipts]
    output += {
        "": lambda: [],
        "picture": lambda: [ChartFigure("", nodes.paragraph("", "picture"))],
        "question": lambda: [questions.QuestionCard("", nodes.paragraph("", "question"))],
    }.get(shown, lambda: [nodes.paragraph("", shown)])()
    classes = ["cell", *(f"tag_{tag}" for tag in tags)]
    found = nodes.container(nb_element="cell_code", classes=classes)
    if "hide-cell" in tags:
        fold += output
        found.children = [fold]  # MyST-NB does not tell the fold its parent
        fold.parent = None
        found.children[0].parent = found
    else:
        found += [fold, output]
    return found


def told(tree: nodes.Element) -> list[str]:
    """The words of a page in order, with those of a fold in brackets."""
    found = []
    for one in tree.children:
        if isinstance(one, folds.Working):
            found.append(f"[{' '.join(told(one))}]")
        elif isinstance(one, ReceiptCard):
            found.append(one["receipt"]["id"])
        elif isinstance(one, Markup):
            found.append(re.sub("<[^>]+>", "", one["html"]).strip())
        elif isinstance(one, nodes.TextElement):
            found.append(one.astext())
        else:
            found += told(one)
    return found


def page_of(*parts: nodes.Node | tuple) -> nodes.document:
    """A page: nodes of the opening, and sections as (title, nodes…)."""
    tree = new_document("page")
    top = nodes.section("", nodes.title("", "T"), ids=["t"])
    tree += top
    for part in parts:
        if isinstance(part, tuple):
            title, *rest = part
            part = nodes.section("", nodes.title("", title), *rest, ids=[title.lower()])
        top += part
    return tree


LOWER = nodes.section("", nodes.title("", "C"), cell("y", "s"), ids=["c"])


@pytest.mark.parametrize(
    "parts, order",
    [
        ([cell("x")], "T [x]"),
        ([cell("x"), ("A", nodes.paragraph("", "said"), cell("y", "r"))], "T A said [x y r]"),
        ([("A", cell("x", "r"), nodes.paragraph("", "said"))], "T A said [x r]"),
        ([("A", cell("x", shown="picture"))], "T A picture [x]"),
        ([("A", cell("x", shown="question"))], "T A question [x]"),
        ([("A", cell("x", shown="table"))], "T A [x table]"),
        ([("A", cell("x", shown="table", tags=("shown",)))], "T A table [x]"),
        ([("A", cell("x", shown="picture", tags=("working",)))], "T A [x picture]"),
        ([("A", cell("x", shown="picture", tags=("hide-cell",)))], "T A picture [x]"),
        ([("A", cell("x", "r", kind="worded"))], "T A r [x]"),
        ([("A", cell("x")), ("B", cell("z"))], "T A [x] B [z]"),
        ([("A", cell("x", "r"), LOWER)], "T A C [x r C y s]"),
        ([cell("x"), ("A", nodes.paragraph("", "said"))], "T A said [x]"),
    ],
)
def test_the_working_of_a_section_is_one_fold_at_its_end_and_the_story_stays(parts, order):
    tree = page_of(*copy.deepcopy(parts))
    folds.gather(None, tree, "page")
    assert " ".join(told(tree)) == order


@pytest.mark.parametrize(
    "cells, words",
    [
        ([cell("a\n\nb")], "2 lines of Python"),
        ([cell("a", "r")], "1 receipt, 1 line of Python"),
        ([cell("a", "r", "s"), cell("b")], "2 receipts, 2 lines of Python"),
        ([cell("a", shown="picture", tags=("working",))], "1 figure, 1 line of Python"),
    ],
)
def test_a_fold_says_what_it_holds(cells, words):
    tree = page_of(("A", *copy.deepcopy(cells)))
    folds.gather(None, tree, "page")
    (fold,) = tree.findall(folds.Working)
    page = SimpleNamespace(body=[])
    folds.visit_working(page, fold)
    folds.depart_fold(page, fold)
    assert page.body == [
        f'<details class="working" id="working-a"><summary>Working: {words}</summary>\n',
        "</details>\n",
    ]


def test_an_output_that_is_to_be_guessed_stays_folded_within_the_working():
    hidden = HideCodeCellNode("", nodes.paragraph("", "b"), classes=["below-input"])
    code = nodes.container("", nodes.literal_block("", "a"), classes=["cell_input"])
    tree = page_of(
        ("A", nodes.container("", code, hidden, nb_element="cell_code", classes=["cell"]))
    )
    folds.gather(None, tree, "page")
    (fold,) = tree.findall(folds.Working)
    assert hidden in list(fold.findall(HideCodeCellNode)) and told(fold) == ["a", "b"]
    page = SimpleNamespace(body=[])
    folds.visit_output(page, hidden)
    assert "What comes out" in page.body[0]


@pytest.mark.parametrize(
    "texts, marked",
    [
        (["It rains.", ("5 minutes", ". "), "More."], [["lede"], ["line"], []]),
        (["It rains.", "More."], [[], []]),
    ],
)
def test_the_opening_of_a_chapter_is_marked(texts, marked):
    paragraphs = []
    for text in texts:
        bold, plain = text if isinstance(text, tuple) else ("", text)
        one = nodes.paragraph("", "", nodes.Text(""))  # as MyST begins a paragraph
        one += [nodes.strong("", bold)] if bold else []
        one += nodes.Text(plain)
        if bold == "5 minutes":
            one += [nodes.strong("", "You will learn to"), nodes.Text(" stay dry.")]
        paragraphs.append(one)
    tree = page_of(*paragraphs)
    opening.mark(application(), tree, "page")
    assert [one["classes"] for one in paragraphs] == marked


def test_a_page_is_cited_with_author_year_title_and_book():
    config = SimpleNamespace(author="Ann", copyright="2026", html_title="Rain in May")
    context = {
        "title": "How <em>wet</em>?",
        "pagename": "chapters/wet",
        "pageurl": "https://x.org/w",
    }
    told = pages.citation(SimpleNamespace(config=config), context)
    assert told.text == "Ann (2026). How wet? In: Rain in May. https://x.org/w"
    assert told.bibtex.startswith("@incollection{rain-in-may-chapters-wet,\n  author = {{Ann}},")


def test_a_figure_that_nothing_limits_above_is_drawn_to_the_edge():
    more = Receipt("a", "numeric", "A", Verdict.CONSISTENT, range="r", passes="more than 2",
                   lower=2.4, upper=2.5, passes_lower=2)  # fmt: skip
    left, across = re.match(r"M([\d.]+) 2h([\d.]+)v", bar(more)[0]).groups()
    assert float(left) + float(across) == WIDTH


def test_the_legend_of_the_ledger_shows_the_shapes_of_its_rows():
    known = list(VERDICTS)
    text = "".join(f"- {VERDICTS[v].mark} **{v}**: meant\n" for v in known)
    doc = core.publish_doctree(text, settings_overrides={"report_level": 5})
    app = application()
    counts = f"<table><tr><th>Verdict</th></tr><tr><th scope='row'>{VERDICTS['partly'].mark} partly"
    doc += nodes.raw("", f"{counts}</th></tr></table>", format="html")
    tables.tidy_tables(app, doc, "chapters/ledger")
    glyphs.draw_legend(app, doc, "other")
    assert [item.next_node(Markup) for item in doc.findall(nodes.list_item)] == [None] * len(known)
    glyphs.draw_legend(app, doc, "chapters/ledger")
    items = [item.next_node(Markup) for item in doc.findall(nodes.list_item)]
    assert [item["html"] for item in items] == [glyphs.badge(v) for v in known]
    assert not any(row.mark in doc.astext() for row in VERDICTS.values())
    counted = html.fragment_fromstring(doc[-1]["html"]).xpath(".//tr[last()]/th")[0]
    assert counted.text is None and counted.xpath(".//use/@href") == ["#v-partly"]
    assert counted.text_content() == " Partly"


def test_each_verdict_that_judges_alike_has_a_shape_of_its_own():
    shapes = {}
    for verdict, row in VERDICTS.items():
        shapes.setdefault(row.shape, set()).add(verdict)
    assert {frozenset(v) for v in shapes.values() if len(v) > 1} == {
        frozenset({"reproduced", "supported"})
    }  # fmt: skip


def test_each_style_sheet_is_in_the_cascade():
    assert {file.stem for file in style.STYLES.glob("*.css")} == {
        *style.FILES,
        "embed",
    }  # a page of its own


@pytest.mark.parametrize("sheet", style.OF_SOME)
def test_each_rule_of_a_sheet_that_some_pages_lack_names_what_the_sheet_is_for(sheet):
    text = re.sub(r"/\*.*?\*/", "", (style.STYLES / f"{sheet}.css").read_text("utf-8"), flags=re.S)
    inside = {
        "cover": ("key", "picks", "squares", "cells"),  # of .retold, .choices and .score
        "sorting": ("claim", "sort"),  # of .claims
        "ledger": ("entry", "filters", "count"),  # the ledger's own
    }
    names = {*style.OF_SOME[sheet], *inside.get(sheet, ())}
    selectors = [
        s.strip() for s in re.findall(r"([^{}]+)\{", text) if not s.strip().startswith("@")
    ]
    assert len(selectors) > 10
    assert [s for s in selectors if names.isdisjoint(re.findall(r"\.([\w-]+)", s))] == []


def test_a_page_carries_the_sheets_that_it_has_something_for(site):
    (styles,) = html.parse(str(site / "chapters/first.html")).xpath("//style/text()")
    assert ".receipt {" in styles and ".entry .statement" not in styles
    (styles,) = html.parse(str(site / "chapters/ledger.html")).xpath("//style/text()")
    assert ".entry .statement" in styles and ".guess {" not in styles


def test_a_policy_allows_the_text_a_page_carries_and_no_other():
    hashed = "'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0='"  # of "abc", by sha256sum
    assert f"style-src 'self' {hashed};" in style.policy(style="abc")
    assert "unsafe" not in style.policy("abc", "abc")
    assert "sha256" not in style.policy()


# ------------------------------------------------------------------------------ whole builds


def test_a_page_needs_no_file_for_its_first_paint(site):
    page = html.parse(str(site / "chapters/first.html"))
    assert page.xpath("//link[@rel='stylesheet'] | //script[@src][not(@defer)]") == []
    assert page.xpath("//script/@src") == ["../_static/book.js"]
    (styles,), (early,) = (
        page.xpath("//style/text()"),
        page.xpath("//script[not(@src or @type)]/text()"),
    )
    assert page.xpath("//meta[@http-equiv]/@content") == [style.policy(styles, early)]


def test_every_file_that_pages_ask_for_is_there(site):
    asked = set()
    for page in site.rglob("*.html"):
        for link in html.parse(str(page)).xpath("//script/@src | //link[@rel='icon']/@href"):
            asked.add((page.parent / link).resolve())
    asked |= {site / "_static" / name for name in ("figures.js", "questions.js", "receipts.js",
              "scenario.js", "settings.js", "vega.js", "ledger.json")}  # fmt: skip
    assert [file for file in sorted(asked) if not file.exists()] == []


def test_code_has_spans_where_the_styles_colour_it_and_is_reached_by_keyboard(site):
    page = html.parse(str(site / "chapters/first.html"))
    code = page.xpath("//div[contains(@class, 'cell_input')]//pre[contains(., 'growth')]")[0]
    assert code.text_content() == "growth = users[-1] / users[0] - 1\nreceipt(growth)\n"
    assert code.get("tabindex") == "0" and code.xpath(".//span") == []
    assert page.xpath("//pre[contains(., 'import')]//span/text()") == ["import", "# the one import"]
    assert page.xpath("//pre[not(@tabindex)]") == []


def said(page) -> list[str]:
    """A page line by line: each tag with the attributes that readers meet, and its words."""
    met = ("alt", "aria-label", "class", "data-n", "href", "id", "role", "scope", "title")
    lines = []

    def walk(element, depth: int) -> None:
        if not isinstance(element.tag, str) or element.tag in ("svg", "math", "style", "script"):
            return
        attributes = "".join(f" {k}={element.get(k)!r}" for k in met if element.get(k))
        text = " ".join((element.text or "").split())
        lines.append(f"{'  ' * depth}{element.tag}{attributes}{': ' if text else ''}{text}")
        for child in element:
            walk(child, depth + 1)
            if tail := " ".join((child.tail or "").split()):
                lines.append(f"{'  ' * (depth + 1)}… {tail}")

    walk(page.find("body"), 0)
    return lines


SNAPSHOT = Path(__file__).parent / "fixtures/site/first.txt"


def test_a_page_says_what_it_said_when_a_person_last_looked(site):
    found = said(html.parse(str(site / "chapters/first.html")).getroot())
    if os.environ.get("RECEIPTBOOK_LOOKED"):
        SNAPSHOT.write_text("\n".join(found) + "\n", "utf-8")
    assert found == SNAPSHOT.read_text("utf-8").splitlines(), (
        f"look at the page; if it is right, write {SNAPSHOT.name} anew: RECEIPTBOOK_LOOKED=1 pytest "
        "tests/test_site_build.py -k looked"
    )


@pytest.mark.slow
def test_a_site_that_knows_its_address_says_so(tmp_path):
    write = book.write_book(tmp_path, card="data/card.png")
    (write / "data/card.png").write_bytes(b"a picture")
    file = write / "_config.yml"
    settings = yaml.safe_load(file.read_text("utf-8"))
    settings["sphinx"]["config"]["html_baseurl"] = "https://x.org/book/"
    file.write_text(yaml.safe_dump(settings), "utf-8")
    assert build(write).returncode == 0
    out = write / "_build/html"
    cover, lost = (html.parse(str(out / name)) for name in ("index.html", "404.html"))
    assert cover.xpath("//link[@rel='canonical']/@href") == ["https://x.org/book/"]
    picture = "https://x.org/book/_static/card.png"
    assert cover.xpath("//meta[@property='og:image']/@content") == [picture]
    assert (out / "_static/card.png").read_bytes() == b"a picture"
    first = html.parse(str(out / "chapters/first.html"))
    (shown,) = first.xpath("//meta[@property='og:image']/@content")
    assert shown == "https://x.org/book/_static/cards/four-waves.png"  # the page's first chart
    assert (out / "_static/cards/four-waves.png").read_bytes().startswith(b"\x89PNG")
    inward = [a for a in lost.xpath("//a/@href") if not a.startswith(("#", "https:"))]
    assert inward and all(a.startswith("/book/") for a in inward)
    assert "<loc>https://x.org/book/</loc>" in (out / "sitemap.xml").read_text("utf-8")
    assert "https://x.org/book/sitemap.xml" in (out / "robots.txt").read_text("utf-8")


def test_the_first_page_stands_at_the_root_alone(site):
    former = html.parse(str(site / "chapters/intro.html"))
    assert "../index.html" in former.xpath("//meta[@http-equiv='refresh']/@content")[0]
    for page in site.rglob("*.html"):
        links = html.parse(str(page)).xpath("//a/@href")
        assert links and not [a for a in links if a.endswith("intro.html")], page.name


def test_two_builds_agree_and_a_changed_receipt_reaches_unchanged_pages(site, tmp_path):
    write = book.write_book(tmp_path)
    assert build(write).returncode == 0
    again = write / "_build/html"
    for name in ("chapters/first.html", "_static/receipts.js", "_static/charts/four-waves.js"):
        assert (again / name).read_bytes() == (site / name).read_bytes(), name
    second = write / "chapters/second.ipynb"
    text = second.read_text("utf-8")
    second.write_text(text.replace("602 million people", "602 million persons"), "utf-8")
    assert build(write).returncode == 0
    assert "602 million persons" in (again / "index.html").read_text("utf-8")


def test_each_notebook_page_says_which_notebook_it_is(site):
    foot = html.parse(str(site / "chapters/first.html")).xpath(
        "//footer/p[contains(., 'notebook')]"
    )[0]
    assert "chapters/first.ipynb in the book’s folder" in " ".join(foot.text_content().split())


KIT = "past-600-million-kit-students.zip"


@pytest.mark.parametrize(
    "folder, links", [("", []), ("https://x.org/b/", [f"https://x.org/b/{KIT}"])]
)
def test_a_packed_file_is_a_link_only_where_it_is_published(monkeypatch, folder, links):
    monkeypatch.setenv("RECEIPTBOOK_DOWNLOADS", folder)
    page = new_document("teach")
    page += nodes.paragraph("", "", nodes.literal("", KIT), nodes.literal("", "make kit"))
    env = SimpleNamespace(receiptbook_settings=Settings.read(config()))
    app = SimpleNamespace(env=env, config=SimpleNamespace(html_title="Past 600 Million"))
    extras.link_packed(app, page, "chapters/teach")
    assert [link["refuri"] for link in page.findall(nodes.reference)] == links
    assert [name.astext() for name in page.findall(nodes.literal)] == [KIT, "make kit"]


def test_an_address_of_downloads_that_moves_with_the_page_is_refused(monkeypatch):
    monkeypatch.setenv("RECEIPTBOOK_DOWNLOADS", "../files")
    with pytest.raises(ConfigError, match="https://"):
        Settings.read(config())


def test_the_joined_book_holds_every_page_once_with_links_that_lead_inside(site):
    tree = html.fromstring(join(site))
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    inward = [a.removeprefix("#") for a in tree.xpath("//a/@href") if a.startswith("#")]
    assert inward and set(inward) <= set(ids)
    assert tree.xpath("count(//section[contains(@class, 'page')])") == 4


def test_the_picture_of_the_readme_is_the_chart_of_the_cover(root):
    drawn = cover.TARGET.read_text("utf-8")
    assert drawn == cover.draw(Book(root).page("intro")), "write it anew: python -m surge.cover"
    assert str(cover.TARGET.relative_to(root)) in (root / "README.md").read_text("utf-8")
