"""A chart can be taken along: as SVG and PNG, by link, in another site's page, as a link's picture."""

import struct
import textwrap
from pathlib import Path

import pytest
from chromium import chromium
from lxml import etree, html

from receiptbook.charts import PALETTE
from receiptbook.site import embed, palette, style
from receiptbook.site.picture import Picture


@pytest.fixture
def tab(site):
    with chromium(viewport={"width": 1280, "height": 900}) as session:
        page = session.new_page()
        page.goto((site / "chapters/battery.html").as_uri())
        page.wait_for_selector(".controls:not([inert])")
        yield page
        assert session.strangers == []


def taken(tab, kind, tmp_path, id="battery-line"):
    """The file that a press gives."""
    with tab.expect_download() as coming:
        tab.locator(f"figure#{id} [data-share={kind}]").click()
    assert coming.value.suggested_filename == f"{id}.{kind}"
    coming.value.save_as(tmp_path / f"chart.{kind}")
    return (tmp_path / f"chart.{kind}").read_bytes()


def test_a_picture_as_svg_has_title_result_source_and_real_colours(tab, tmp_path):
    drawing = etree.fromstring(taken(tab, "svg", tmp_path))
    said = " ".join("".join(text.itertext()) for text in drawing.iter("{*}text"))
    figure = tab.locator("figure#battery-line")
    for part in (".finding", ".result output", ".words"):
        assert " ".join(figure.locator(part).text_content().split()) in said
    assert "Sources:" in said
    assert "file:" not in said  # a copy's folder is nobody's business
    assert b"var(--" not in etree.tostring(drawing)
    assert PALETTE["accent"][0].encode() in etree.tostring(drawing)


def test_a_picture_of_an_explorer_is_that_of_its_settings(tab, tmp_path):
    before = taken(tab, "svg", tmp_path)
    tab.get_by_role("button", name="Nervous camera").click()
    after = taken(tab, "svg", tmp_path)
    assert b"No saving to draw" in after
    assert b"No saving to draw" not in before
    tab.get_by_role("button", name="Reset").click()


def test_a_picture_as_png_is_twice_as_fine_as_the_svg(tab, tmp_path):
    size = etree.fromstring(taken(tab, "svg", tmp_path)).get("viewBox").split()[2:]
    data = taken(tab, "png", tmp_path)
    assert data.startswith(b"\x89PNG")
    assert struct.unpack(">II", data[16:24]) == tuple(2 * round(float(side)) for side in size)


def test_without_scripts_only_what_works_is_offered(site):
    with chromium(java_script_enabled=False) as session:
        page = session.new_page()
        page.goto((site / "chapters/battery.html").as_uri())
        row = page.locator("figure#battery-line .share")
        assert [e.inner_text().split("\n")[0] for e in row.locator("button:visible").all()] == []
        assert row.locator("a").get_attribute("href") == "#battery-line"


def test_a_copy_without_an_address_offers_no_code_to_embed(tab):
    tab.locator("figure#battery-line [data-share=embed]").click()
    told = tab.locator("figure#battery-line .share [role=status]")
    told.get_by_text("embed from the published book").wait_for()


def test_each_chart_of_the_book_has_a_page_that_another_site_can_show(site):
    pages = [*site.glob("*.html"), *site.glob("chapters/*.html")]
    homes = {}
    for page in pages:
        for figure in html.parse(str(page)).xpath("//figure[contains(@class, 'chart')]"):
            homes.setdefault(figure.get("id"), set()).add(page.resolve())
    assert {file.stem for file in (site / "embed").glob("*.html")} >= set(homes)
    for id, home in homes.items():
        tree = html.parse(str(site / f"embed/{id}.html"))
        (back,) = tree.xpath("//figcaption//a/@href")
        assert (site / "embed" / back.partition("#")[0]).resolve() in home
        assert back.endswith(f"#{id}")
        assert tree.xpath("string(//main//h1[@class='finding'])").strip()
        assert tree.xpath("//*[@class='plot']//*[local-name()='svg']")
        assert not tree.xpath("//*[@style or @onclick]")
        for address in tree.xpath("//link/@href | //script/@src"):
            assert (site / "embed" / address).is_file()


def test_an_explorer_moves_in_another_sites_page(site, tmp_path):
    (tmp_path / "theirs.html").write_text(textwrap.dedent(f"""
        <!doctype html><title>Theirs</title>
        <iframe src="{(site / "embed/checking.html").as_uri()}" width="700" height="900"></iframe>
    """), "utf-8")  # fmt: skip
    with chromium() as session:
        page = session.new_page()
        page.goto((tmp_path / "theirs.html").as_uri())
        frame = page.frame_locator("iframe")
        before = frame.locator(".result output").text_content()
        frame.get_by_role("button", name="Small stakes").click()
        frame.locator(".result output", has_text="3.31 minutes").wait_for()
        assert before != "3.31 minutes"
        assert session.strangers == []


def test_the_sheet_of_embedded_charts_has_the_colours_of_both_themes():
    text = embed.sheet()
    assert text.startswith(palette.rules())
    assert (style.STYLES / "explorer.css").read_text("utf-8") in text


STILL = Picture('<svg viewBox="0 0 600 300" width="600" height="300"></svg>', 600, 300, {})


@pytest.mark.parametrize(
    ("title", "lines"),
    [("Short", 1), ("Words & more " * 6, 2), ("A very long title of a chart " * 20, 3)],
)
def test_a_links_picture_holds_title_chart_and_book_within_its_edges(title, lines):
    drawing = etree.fromstring(embed.link_svg(title, STILL, "A book of numbers"))
    *heads, foot = drawing.iterfind("{*}text")
    assert len(heads) == lines
    assert foot.text == "A book of numbers"
    (chart,) = drawing.iterfind("{*}svg")
    x, y, width, height = (float(chart.get(n)) for n in ("x", "y", "width", "height"))
    assert y > float(heads[-1].get("y"))
    assert x + width <= embed.WIDTH - embed.EDGE
    assert y + height <= float(foot.get("y")) - embed.FOOT
    assert b"var(--" not in etree.tostring(drawing)


class App:
    """As much of a build as a link's picture asks for."""

    def __init__(self, folder):
        self.outdir, self.doctreedir = folder / "html", folder / "work/doctrees"
        self.config = type("Config", (), {"html_title": "A book"})


def test_a_links_picture_is_drawn_once_and_written_for_its_chart(tmp_path):
    app = App(tmp_path)
    card = {"id": "rain", "title": "Rain [doubled](ledger.md#rain)"}
    path = embed.link_picture(app, card, STILL)
    assert path == "_static/cards/rain.png"
    data = (Path(app.outdir) / path).read_bytes()
    assert struct.unpack(">II", data[16:24]) == (1200, 630)
    (kept,) = (tmp_path / "work/.pictures").glob("*.png")
    kept.write_bytes(b"kept")
    embed.link_picture(app, card, STILL)
    assert (Path(app.outdir) / path).read_bytes() == b"kept"
