"""Machines read the book too: tables and chapters as linked data, citations, a feed of corrections."""

import csv
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from lxml import etree, html

from receiptbook.book import Book
from receiptbook.site import errata
from receiptbook.site.nodes import PageError
from receiptbook.tables import load

ROOT = Path(__file__).parents[1]
SCHEMA = json.loads((ROOT / "tests/schemas/linked-data.json").read_text("utf-8"))
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def graph(site, page):
    tree = html.parse(site / page)
    told = json.loads(tree.findtext(".//script[@type='application/ld+json']"))
    Draft202012Validator(SCHEMA).validate(told)
    return told["@graph"]


def test_every_page_of_the_book_has_linked_data_that_the_vocabulary_allows(site):
    files = sorted((site / "chapters").glob("*.html"))
    pages = [file for file in files if 'http-equiv="refresh"' not in file.read_text("utf-8")]
    assert len(pages) > 20
    kinds = {page.stem: {one["@type"] for one in graph(site, page)} for page in pages}
    assert kinds.pop("data") == {"LearningResource", "Dataset"}
    assert set(map(frozenset, kinds.values())) == {frozenset({"LearningResource"})}
    assert [one["@type"] for one in graph(site, "index.html")] == ["Book"]


def test_each_table_is_a_dataset_that_can_be_downloaded(site):
    told = [one for one in graph(site, "chapters/data.html") if one["@type"] == "Dataset"]
    files = [(site / "chapters" / one["distribution"]["contentUrl"]).resolve() for one in told]
    assert sorted(file.stem for file in files) == sorted(load(ROOT / "data").tables)
    assert all(file.is_file() for file in files)


def test_citation_managers_find_title_author_and_day(site):
    tree = html.parse(site / "chapters/headline.html")
    told = {one.get("name"): one.get("content") for one in tree.iterfind(".//meta[@name]")}
    assert told["citation_title"] == tree.findtext(".//h1").strip("#")
    assert told["citation_author"] and told["citation_inbook_title"] == "Past 600 Million"
    assert told["citation_publication_date"].count("/") == 2


def test_the_feed_of_corrections_has_what_atom_asks_for_and_each_row_once(site):
    feed = etree.parse(site / errata.FEED)
    with (ROOT / "data/errata.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    ids = feed.xpath("//a:entry/a:id/text()", namespaces=ATOM)
    assert len(set(ids)) == len(rows)
    for name in ("title", "id", "updated", "author/a:name"):
        assert len(feed.xpath(f"/a:feed/a:{name}", namespaces=ATOM)) == 1
    for entry in feed.xpath("//a:entry", namespaces=ATOM):
        for name in ("title", "updated", "content"):
            assert entry.findtext(f"a:{name}", namespaces=ATOM)
        link = entry.find("a:link", namespaces=ATOM).get("href")
        assert (site / link).is_file()
    updated = feed.findtext("a:updated", namespaces=ATOM)
    assert updated.startswith(max(row["date"] for row in rows))


def test_a_correction_leads_to_a_page_of_text_or_a_notebook_and_to_no_other():
    row = {"id": "errata-0", "date": "2026-12-01", "edition": "1", "was": "Rain.", "right": "Snow."}
    told = errata.line(Book.here(), row | {"page": "glossary;headline"})
    assert told.startswith("- [](/chapters/glossary.md), [](/chapters/headline.ipynb) (2026-12-01")
    with pytest.raises(PageError, match="'errata-0' has no chapter 'rain'"):
        errata.line(Book.here(), row | {"page": "rain"})


def test_the_page_of_errata_lists_each_correction_with_its_page(site):
    tree = html.parse(site / "chapters/errata.html")
    said = " ".join(tree.getroot().text_content().split())
    for row in errata.rows(ROOT / "data"):
        assert row["was"].partition("[")[0].strip() in said
    assert tree.xpath("//link[@type='application/atom+xml']/@href") == ["../corrections.xml"]
