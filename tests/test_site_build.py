"""What the site makes of a book: pictures, tables, receipts, and what stops it."""

import copy
import json
import re
import shutil
from types import SimpleNamespace

import pytest
from docutils import core, nodes
from docutils.utils import new_document
from fixtures.site import fixture_book as book
from fixtures.site.kit import build, built_book
from lxml import html
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.errors import ConfigError

from receiptbook.book import Book
from receiptbook.charts import PALETTE
from receiptbook.receipts import VERDICTS
from receiptbook.site import (
    extras,
    figures,
    folds,
    glyphs,
    pages,
    palette,
    picture,
    receipts,
    sheets,
    squeeze,
    svg,
    tables,
)
from receiptbook.site.config import SiteConfig
from receiptbook.site.nodes import Markup, ReceiptCard
from receiptbook.site.pdf import join
from surge import cover


@pytest.fixture(scope="module")
def plain_site(tmp_path_factory):
    """The fixture book with every trick switched off."""
    return built_book(
        tmp_path_factory.mktemp("plain"),
        narrow=False, hydrate=False, inline=False, squeeze=False, prune=False,
        endnotes=False, policy=False,
    )  # fmt: skip


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
    with pytest.raises(figures.ChartProblem, match=rf"a\.ipynb, cell 3: .*'four-waves'.* {name}"):
        figures.check(without(book.line().spec, name), "a.ipynb, cell 3")


def test_a_chart_from_equations_alone_is_credited_to_them_and_to_no_publisher():
    spec = book.line().spec
    spec["usermeta"]["receiptbook"] |= {"sources": [], "computed": "the equations above"}
    card = {**figures.check(spec, "a.ipynb, cell 3"), "cited": []}
    said = "Computed from the equations above; no published figure went in."
    assert f">{said} Chart: CC BY 4.0.<" in figures.credit(card, site=None)
    assert f"<p>{said}</p></details>" in figures.data_table(card, "../")


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


@pytest.mark.parametrize(
    "raw, said",
    [({"narow": True}, "unknown setting 'narow'"), ({"narrow": "no"}, "narrow is 'no'")],
)
def test_a_setting_that_does_not_exist_or_fit_is_named(raw, said):
    with pytest.raises(ConfigError, match=said):
        SiteConfig.read(raw)


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
def test_a_redirect_from_a_page_or_to_none_is_refused(tmp_path, old, new, said):
    class App:
        env = type("Env", (), {"all_docs": {"chapters/first": 0, "chapters/second": 0}})

    with pytest.raises(ConfigError, match=said):
        extras.redirect(App, tmp_path, old, new)


def test_an_unknown_source_or_verdict_is_refused():
    with pytest.raises(receipts.ReceiptProblem, match=r"'x'.*'maybe' has no shape"):
        receipts.check({"id": "x", "verdict": "maybe"})


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
    table = html.fragment_fromstring(tables.tidy(stored, "Waves"))
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
    table = html.fragment_fromstring(tables.tidy(stored, "Misses"))
    assert table.xpath(".//*[@class='n']/text()") == ["miss", "−4.3", "−1.2"]


def test_a_page_for_lost_visitors_has_links_from_the_root():
    page = '<a href="chapters/a.html"><script src="_static/book.js"></script><a href="#b">'
    there = (
        '<a href="/book/chapters/a.html"><script src="/book/_static/book.js"></script><a href="#b">'
    )
    assert extras.rooted(page, "/book") == there


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
    assert bool(receipts.bar({"range": "r", "passes": "p", **one})) is drawn


def cell(code: str = "", *receipts: str, shown: str = "", hidden: bool = False) -> nodes.container:
    """A cell as MyST-NB leaves it: its code folded, alone or with what it shows."""
    fold = HideCodeCellNode(classes=["above-input"])
    fold += nodes.container("", nodes.literal_block("", code), classes=["cell_input"])
    output = nodes.container(classes=["cell_output"])
    output += [ReceiptCard(receipt={"id": one}) for one in receipts]
    output += nodes.paragraph("", shown) if shown else []
    found = nodes.container(classes=["cell"])
    if hidden:
        fold += output
        found.children = [fold]  # MyST-NB does not tell the fold its parent
    else:
        found += [fold, output]
    return found


@pytest.mark.parametrize(
    "cells, order",
    [
        ([cell("a", hidden=True)], ["fold: a"]),
        ([cell("a", "r", hidden=True), cell("b", "s", hidden=True)], ["fold: a r b s"]),
        ([cell("a", shown="picture")], ["picture", "fold: a"]),
        (
            [cell("a", "r", hidden=True), cell("b", hidden=True), cell("c", shown="picture")],
            ["picture", "fold: a r b c"],
        ),
        (
            [cell("a", hidden=True), nodes.paragraph("", "between"), cell("b", shown="picture")],
            ["fold: a", "between", "picture", "fold: b"],
        ),
        (
            [cell("a", shown="one"), cell("b", hidden=True), cell("c", hidden=True)],
            ["one", "fold: a", "fold: b c"],
        ),
    ],
)
def test_results_come_before_their_code_and_neighbouring_folds_are_one(cells, order):
    tree = new_document("page")
    tree += nodes.section("", *cells)
    folds.gather(None, tree, "page")

    def told(node) -> str:
        return node.astext() if isinstance(node, nodes.TextElement) else node["receipt"]["id"]

    found = []
    for one in tree.findall():
        if isinstance(one, HideCodeCellNode):
            inside = [n for n in one.findall() if isinstance(n, nodes.literal_block | ReceiptCard)]
            found.append("fold: " + " ".join(map(told, inside)))
        elif isinstance(one, nodes.paragraph):
            found.append(told(one))
    assert found == order


@pytest.mark.parametrize(
    "one, word",
    [
        (cell("a"), "code"),
        (cell("a", "r", hidden=True), "code and 1 receipt"),
        (cell("a", "r", "s", hidden=True), "code and 2 receipts"),
    ],
)
def test_a_fold_says_what_it_holds(one, word):
    page = SimpleNamespace(body=[])
    folds.visit_fold(page, one[0])
    folds.depart_fold(page, one[0])
    assert page.body == [
        f'<details class="fold"><summary>Show the {word}</summary>\n',
        "</details>\n",
    ]


def test_a_folded_output_is_called_an_output_and_stays_below_its_code():
    hidden = HideCodeCellNode(classes=["below-input"])
    code = nodes.container("", nodes.literal_block("", "a"), classes=["cell_input"])
    tree = new_document("page")
    tree += nodes.container("", code, hidden, classes=["cell"])
    folds.gather(None, tree, "page")
    assert list(tree[0]) == [code, hidden]
    page = SimpleNamespace(body=[])
    folds.visit_fold(page, hidden)
    assert "Show the output" in page.body[0]


@pytest.mark.parametrize(
    "id, printed, shown",
    [
        ("genai-users-2025-12", "6.02亿 / 602 million", "6.02亿 / 602 million"),
        ("genai-rate-2025-12", "42.8%", "42.8%"),
        ("population-2025", "140489万人", "1.40489 billion (printed 140489万人)"),
        ("defect-before", "千分之三", "0.3% (printed 千分之三)"),
        ("enforcement-items-2025-06", "96万余条", "more than 960,000 items (printed 96万余条)"),
        ("no-such-row", "7.88亿", "7.88亿"),
    ],
)
def test_a_form_in_chinese_alone_comes_after_its_value(id, printed, shown):
    assert receipts.readable({"id": id, "printed": printed}) == shown


def test_a_published_number_in_chinese_alone_comes_with_its_value():
    quoted = {"id": "qm-in-app-2025-05", "shown": "5.8億"}
    assert receipts.told(quoted) == "580 million (printed 5.8億)"
    read = {"id": "defect-rate-before", "shown": "千分之三", "inputs": [{"id": "defect-before"}]}
    assert receipts.told(read) == "0.3% (printed 千分之三)"
    assert receipts.told({"id": "unknown", "shown": "141.8%"}) == "141.8%"


def test_a_figure_that_nothing_limits_above_is_drawn_to_the_edge():
    drawn = receipts.bar({"range": "r", "passes": "more than 2", "lower": 2.4, "upper": 2.5,
                          "passes_lower": 2, "passes_upper": None})  # fmt: skip
    bar = html.fragment_fromstring(drawn)
    left, across = re.match(r"M([\d.]+) 2h([\d.]+)v", bar.find("path").get("d")).groups()
    assert float(left) + float(across) == receipts.WIDTH


def test_the_legend_of_the_ledger_shows_the_shapes_of_its_rows():
    known = list(VERDICTS)
    text = "".join(f"- {VERDICTS[v].mark} **{v}**: meant\n" for v in known)
    doc = core.publish_doctree(text, settings_overrides={"report_level": 5})
    app = SimpleNamespace(receiptbook=SimpleNamespace(config=SimpleNamespace(ledger="ledger")))
    counts = f"<table><tr><th>Verdict</th></tr><tr><th scope='row'>{VERDICTS['partly'].mark} partly"
    doc += nodes.raw("", f"{counts}</th></tr></table>", format="html")
    tables.tidy_tables(app, doc, "ledger")
    glyphs.draw_legend(app, doc, "other")
    assert [item.next_node(Markup) for item in doc.findall(nodes.list_item)] == [None] * len(known)
    glyphs.draw_legend(app, doc, "ledger")
    items = [item.next_node(Markup) for item in doc.findall(nodes.list_item)]
    assert [item["html"] for item in items] == [glyphs.badge(v) for v in known]
    assert not any(row.mark in doc.astext() for row in VERDICTS.values())
    assert f"<th>{glyphs.badge('partly')}</th>" in doc[-1]["html"]


def test_each_verdict_that_judges_alike_has_a_shape_of_its_own():
    shapes = {}
    for verdict, row in VERDICTS.items():
        shapes.setdefault(row.shape, set()).add(verdict)
    assert {frozenset(v) for v in shapes.values() if len(v) > 1} == {
        frozenset({"reproduced", "supported"}), frozenset({"consistent", "partly"})
    }  # fmt: skip


@pytest.mark.parametrize(
    "before, after",
    [
        ('<a href="b.html#c">', '<a href="chapters/b.html#c">'),
        ('<link href="../_static/a.css">', '<link href="_static/a.css">'),
        ('<a href="#d">', '<a href="#d">'),
        ('<a href="https://x.org/">', '<a href="https://x.org/">'),
    ],
)
def test_the_cover_at_the_root_turns_its_links(before, after):
    assert extras.rebase(before, "chapters") == after


@pytest.mark.parametrize(
    ("body", "kind", "parts"),
    [
        ("<p>words</p>", "", "base frame"),
        ("<p><code>x</code></p>", "", "base frame code"),
        ('<a href="ledger.html#a">1</a>', "", "base frame"),
        ("<figure></figure>", "cover", "base frame unseen figure cover"),
        ('<section class="entry">', "ledger", "base frame receipt ledger"),
        ('<figure data-explorer="x">', "", "base frame unseen figure explorer"),
        ("", "search", "base frame search"),
    ],
)
def test_a_page_carries_the_style_parts_it_begins_with_in_the_order_of_the_cascade(
    body, kind, parts
):
    assert sheets.used(body, kind) == parts.split()


def test_what_a_page_does_not_begin_with_is_left_to_the_file_at_its_end():
    first = "<figure><svg></svg><figcaption>"
    begins, goes_on = (
        sheets.for_page(body) for body in ("<table>", first + "x" * 9000 + "<table>")
    )
    assert "border-collapse" in begins and "border-collapse" not in goes_on
    assert "border-collapse" in sheets.whole()


def test_a_page_that_fits_its_first_screen_carries_its_end_and_a_longer_one_does_not():
    short, long = (sheets.for_page("<p>word</p>" * n) for n in (1, 2000))
    assert ".foot" in short and ".foot" not in long


def test_each_style_sheet_is_a_part():
    assert {f.stem for f in (sheets.HERE / "styles").glob("*.css")} == set(sheets.PARTS)


def test_a_policy_allows_the_text_a_page_carries_and_no_other():
    hashed = "'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0='"  # of "abc", by sha256sum
    assert f"style-src 'self' {hashed};" in sheets.policy(style="abc")
    assert "unsafe" not in sheets.policy("abc", "abc")
    assert "sha256" not in sheets.policy()


# ------------------------------------------------------------------------------ whole builds


def test_a_page_needs_no_file_for_its_first_paint_unless_told_so(plain_site, site):
    def asked(folder):
        head = html.parse(str(folder / "chapters/first.html")).find("head")
        return [e.get("href") for e in head.xpath("link[@rel='stylesheet']")], [
            e.get("src") for e in head.xpath("script[@src][not(@defer)]")
        ]

    assert asked(site) == ([], [])
    last = html.parse(str(site / "chapters/first.html")).find("body").xpath("link|script[@src]")
    assert [e.get("href") or e.get("src") for e in last] == [
        "../_static/book.css", "../_static/book.js",
    ]  # fmt: skip
    assert asked(plain_site) == (["../_static/book.css"], ["../_static/book.js"])
    assert all((plain_site / "_static" / f).exists() for f in ("book.css", "book.js"))


def test_the_site_is_right_with_every_trick_off(plain_site, site):
    for name in ("chapters/first.html", "chapters/second.html"):
        plain = html.parse(str(plain_site / name))
        full = html.parse(str(site / name))
        assert plain.xpath("count(//figure)") == full.xpath("count(//figure)")
        assert all(float(s.get("width")) > 200 for s in plain.xpath("//*[@role='img']//svg"))
        assert not plain.xpath("//*[@data-chart] | //meta[@http-equiv] | //*[@class='endnotes']")
    words = [
        " ".join(html.parse(str(folder / "chapters/first.html")).xpath("//main//p/text()")).split()
        for folder in (plain_site, site)
    ]
    assert words[0] == words[1]


def nested(page: str) -> list:
    """Tags in their order and depth, with their attributes and the words before the next tag."""
    found = []

    def walk(element, depth: int) -> None:
        if isinstance(element.tag, str) and element.get("name") != "viewport":
            words = f"{element.text or ''}".split()
            found.append((depth, element.tag, dict(element.attrib), words))
            for child in element:
                walk(child, depth + 1)
                found.append((depth, (child.tail or "").split()))

    walk(html.fromstring(page), 0)
    return found


def test_a_squeezed_page_nests_and_reads_as_before(plain_site):
    for page in plain_site.glob("chapters/*.html"):
        before = page.read_text("utf-8")
        after = squeeze.smaller(before)
        assert nested(after) == nested(squeeze.bare(before)), page.name
        assert len(after) < len(before)
        assert squeeze.squeezed(after) and not squeeze.squeezed(before)


def test_formulas_and_code_survive_the_squeeze():
    formula = '<math display="block"><mspace width="1em"/><mi>p</mi></math>'
    code = '<pre><span class="k">def</span> f():\n    <span class="k">pass</span>\n</pre>'
    page = f'<html lang="en"><body><p>a {formula} b</p><div class="highlight">{code}</div>'
    after = squeeze.smaller(page)
    assert f"a {formula} b" in after
    assert "def f():\n    pass" in after


def test_pages_of_an_earlier_build_are_squeezed_once(site, tmp_path):
    copy_ = tmp_path / "site"
    shutil.copytree(site, copy_)
    builder = SimpleNamespace(format="html")
    app = SimpleNamespace(
        builder=builder, outdir=copy_, receiptbook=SimpleNamespace(config=SiteConfig())
    )
    squeeze.squeeze(app, None)
    for page in site.rglob("*.html"):
        assert (copy_ / page.relative_to(site)).read_bytes() == page.read_bytes()


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
    ledger = write / "chapters/ledger.ipynb"
    text = ledger.read_text("utf-8")
    ledger.write_text(text.replace("602 million people", "602 million persons"), "utf-8")
    assert build(write).returncode == 0
    assert "602 million persons" in (again / "index.html").read_text("utf-8")


@pytest.mark.parametrize(
    "repository, run, read",
    [
        ("", "", ""),
        (
            "someone/book",
            "https://mybinder.org/v2/gh/someone/book/main?labpath=chapters/a.ipynb",
            "https://github.com/someone/book/blob/main/chapters/a.ipynb",
        ),
    ],
)
def test_links_to_the_notebook_stand_only_where_a_repository_is_named(
    monkeypatch, repository, run, read
):
    monkeypatch.setenv("RECEIPTBOOK_REPOSITORY", repository)
    config = SiteConfig.read({})
    assert pages.launch(config, "chapters/a.ipynb") == run
    assert pages.source(config, "chapters/a.ipynb") == read


def test_each_notebook_page_says_which_notebook_it_is(site):
    foot = html.parse(str(site / "chapters/first.html")).xpath("//footer/p[1]")[0]
    assert "chapters/first.ipynb in the book’s folder" in " ".join(foot.text_content().split())


KIT = "past-600-million-kit.zip"


@pytest.mark.parametrize(
    "folder, links", [("", []), ("https://x.org/b/", [f"https://x.org/b/{KIT}"])]
)
def test_a_packed_file_is_a_link_only_where_it_is_published(monkeypatch, folder, links):
    monkeypatch.setenv("RECEIPTBOOK_DOWNLOADS", folder)
    page = new_document("teach")
    page += nodes.paragraph("", "", nodes.literal("", KIT), nodes.literal("", "make kit"))
    app = SimpleNamespace(receiptbook=SimpleNamespace(book=Book.here(), config=SiteConfig.read({})))
    extras.link_packed(app, page, "chapters/teach")
    assert [link["refuri"] for link in page.findall(nodes.reference)] == links
    assert [name.astext() for name in page.findall(nodes.literal)] == [KIT, "make kit"]


def test_an_address_of_downloads_that_moves_with_the_page_is_refused(monkeypatch):
    monkeypatch.setenv("RECEIPTBOOK_DOWNLOADS", "../files")
    with pytest.raises(ConfigError, match="https://"):
        SiteConfig.read({})


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
