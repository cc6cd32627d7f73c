"""The tables: what they hold, and what stops when one of them is damaged."""

import csv
import io
import json
import os
import re
import shutil
import warnings
from urllib.parse import urlsplit

import pytest

from receiptbook.book import Book
from receiptbook.book.notebooks import bundles, read_notebook
from receiptbook.book.outputs import card_in
from receiptbook.numbers import QuantityError, in_english
from receiptbook.receipts import claims
from receiptbook.tables import DataError, data, derived

ROOT = Book.here().data


@pytest.fixture(scope="module")
def tables():
    return data.load()


@pytest.fixture
def copy(tmp_path):
    """A copy of the package that may be damaged."""
    shutil.copytree(ROOT, tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def waves(tmp_path):
    """The same with the waves, what they lie within and the sources: read in a tenth of the time."""
    package = json.loads((ROOT / "datapackage.json").read_text("utf-8"))
    names = ("genai_waves", "population", "sources")
    few = [one for one in package["resources"] if one["name"] in names]
    for one in few:
        shutil.copy(ROOT / one["path"], tmp_path)
    text = json.dumps({**package, "resources": few})
    (tmp_path / "datapackage.json").write_text(text, "utf-8")
    return tmp_path


def read_rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write_rows(path, rows):
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    path.write_text(text.getvalue(), "utf-8")


def change(path, key, /, **cells):
    """Set cells of the row with that id."""
    rows = read_rows(path)
    row = next(row for row in rows if row[0] == key)
    for column, value in cells.items():
        row[rows[0].index(column)] = value
    write_rows(path, rows)


def problems(root):
    with pytest.raises(DataError) as caught:
        data.Data(root)
    return caught.value.problems


# --- what is in the package ----------------------------------------------------------------

SUBJECTS = {
    "genai_waves": 13, "genai_use": 22, "internet": 173, "applications": 214, "population": 84,
    "countries": 470, "firms": 50, "firm_adoption": 38, "policy_timeline": 34, "filings": 31,
    "error_rates": 40, "studies": 25, "enforcement": 20, "open_models": 20, "figures": 100,
    "us_technologies": 900, "internet_by_country": 400, "corrections": 45, "sources": 500,
    "seed_claims": 42, "prices": 15, "infrastructure": 16,
}  # fmt: skip


@pytest.mark.parametrize(("name", "least"), SUBJECTS.items())
def test_each_subject_has_its_table(tables, name, least):
    assert len(tables.rows(name)) >= least


def test_each_column_is_described(tables):
    for name in tables.tables:
        resource = tables.describe(name)
        assert resource["title"] and len(resource["description"]) > 20, name
        for field in resource["schema"]["fields"]:
            assert len(field["description"]) > 7, (name, field["name"])


FIGURE_FIELDS = (
    "id", "series", "date", "measure", "symbol", "printed", "value", "unit", "precision",
    "denominator", "sources", "confidence", "note",
)  # fmt: skip


def test_figure_tables_share_their_first_columns(tables):
    for name in tables.tables:
        resource = tables.describe(name)
        if resource.get("role") == "figures":
            names = [field["name"] for field in resource["schema"]["fields"]]
            assert tuple(names[: len(FIGURE_FIELDS)]) == FIGURE_FIELDS, name


def test_every_file_in_the_folder_is_described_and_the_other_way_round(tables):
    described = {tables.describe(name)["path"] for name in tables.tables}
    assert described == {path.name for path in ROOT.glob("*.csv")}


def test_a_share_says_what_it_is_a_share_of(tables):
    for id in tables.ids:
        row = tables.row(id)
        if row["unit"] == "percent" and tables.describe(tables.table_of(id)).get("shares") == "all":
            assert row["denominator"], id


def test_rates_within_a_group_and_shares_of_users_are_never_one_series(tables):
    kinds = {}
    for row in tables.rows("genai_use"):
        kinds.setdefault(row["series"], set()).add((row["kind"], row["denominator"]))
    assert [series for series, seen in kinds.items() if len(seen) > 1] == []


WHOLES = [  # of the users of generative AI, in parts that leave nobody out
    ("2025-06", "under-20 20-29 30-39 40plus"),
    ("2025-06", "under-20 20-29 30-39 40-49 50-59 60plus"),
    ("2025-12", "under-20 20-29 30-39 40plus"),
    ("2025-12", "under-20 20-29 30-39 40-49 50-59 60plus"),
    ("2025-12", "primary junior senior college"),
    (
        "2025-12",
        "students company self-employed retired professionals public service farming migrant "
        "manufacturing other-job",
    ),
]


@pytest.mark.parametrize(("date", "parts"), WHOLES)
def test_shares_of_one_whole_can_add_up_to_all_of_it(tables, date, parts):
    shares = [tables[f"genai-user-share-{part}-{date}"] for part in parts.split()]
    low, high = (round(sum(getattr(q, end) for q in shares), 2) for end in ("lower", "upper"))
    told = f"genai-user-share-…-{date}: found {low} to {high} percent in all; one of {parts} is misread"
    assert low <= 100 <= high, told


def test_figures_of_one_series_count_one_thing(tables):
    seen = {}
    for id in tables.ids:
        row = tables.row(id)
        if row.get("series"):
            seen.setdefault(row["series"], set()).add((row["unit"], tables.table_of(id)))
    assert [series for series, kinds in seen.items() if len(kinds) > 1] == []


def test_each_source_names_a_publisher_and_none_is_idle(tables):
    cited = set()
    for name in tables.tables:
        for row in tables.rows(name):
            for column in ("sources", "says_who"):
                cited |= set(filter(None, row.get(column, "").split(";")))
    for page in Book.here().written_pages():
        if page.suffix == ".ipynb":
            for bundle in bundles(read_notebook(page).cells):
                cited |= set(card_in(bundle).get("sources", ()))
    assert set(tables.sources) - cited == set()


def test_no_page_stands_among_the_sources_twice(tables):
    seen = {}
    for source in tables.sources.values():
        if source.url and source.id not in ("owid-techdiff", "owid-pew-age"):  # two files, one home
            seen.setdefault(source.url, []).append(source.id)
    assert [ids for ids in seen.values() if len(ids) > 1] == []


def test_a_mirror_is_called_one_and_never_the_publisher(tables):
    for source in tables.sources.values():
        host = re.sub(r"^(www|m)\.", "", source.url.split("/")[2]) if source.url else ""
        assert "mirror" not in source.publisher.lower() and "copy" not in source.publisher.lower()
        if source.publisher == "Publisher not named":
            assert source.note.startswith(("Mirror", "Read as")), source.id
        if source.note.startswith("Mirror"):
            assert not host or host.lower() not in source.publisher.lower(), source.id


def test_licences_that_bind_are_carried(tables):
    licences = {source.id: source.licence for source in tables.sources.values()}
    assert licences["ms-diffusion-csv"] == "MIT"
    assert licences["owid-net-2025"] == licences["owid-techdiff"] == "CC BY 4.0"
    assert licences["un-wpp2024"] == "CC BY 3.0 IGO"
    no_derivatives = [id for id, licence in licences.items() if "ND" in licence]
    resting = [id for id in tables.ids if set(tables[id].sources) & set(no_derivatives)]
    assert 0 < len(resting) < 8  # single values of the AI Index, no table of it


def test_effects_carry_the_printed_number_and_lie_in_their_interval(tables):
    for row in tables.rows("studies"):
        assert abs(float(row["effect"])) == abs(float(row["value"])), row["id"]
        if row["ci_low"]:
            assert float(row["ci_low"]) <= float(row["effect"]) <= float(row["ci_high"]), row["id"]
        else:
            assert "interval" not in row["interval"] or not row["ci_high"], row["id"]


def test_head_counts_that_are_ours_are_rate_times_base(tables):
    ours = [row for row in tables.rows("countries") if row["users_by"] == "ours"]
    assert len(ours) > 440
    for row in ours:
        exact = float(row["value"]) / 100 * int(row["base"])
        assert abs(exact - int(row["implied_users"])) <= 1000, row["id"]


TWICE = [
    ("country-chn-cnnic-2024-12", "genai-rate-2024-12"),
    ("country-chn-cnnic-2025-06", "genai-rate-2025-06"),
    ("country-chn-cnnic-2025-12", "genai-rate-2025-12"),
]


@pytest.mark.parametrize(("one", "other"), TWICE)
def test_a_figure_that_stands_in_two_tables_says_the_same_in_both(tables, one, other):
    assert tables[one].value == tables[other].value
    users = tables[other.replace("rate", "users")]
    assert int(tables.row(one)["implied_users"]) == users.value


# --- grades ---------------------------------------------------------------------------------


def readings(row) -> set[str]:
    """Who was read for a row: publishers, and where a page names none, its host or the page itself."""
    pages = [data.load().sources[id] for id in row["sources"].split(";")]
    return {(urlsplit(page.url).hostname or page.id, page.publisher) for page in pages}


@pytest.mark.parametrize(
    "table",
    [
        t
        for t in data.load().tables
        if "confidence" in {f["name"] for f in data.load().describe(t)["schema"]["fields"]}
    ],
)
def test_a_figure_is_graded_a_only_if_a_primary_text_or_two_pages_were_read_one_of_them_named(
    table,
):
    sources = data.load().sources
    for row in data.load().rows(table):
        if row["confidence"] != "A":
            continue
        kinds = {sources[id].kind for id in row["sources"].split(";")}
        assert kinds & {"primary", "dataset"} or len(readings(row)) > 1, row["id"]
        pages = [sources[id] for id in row["sources"].split(";")]
        assert any(p.url and p.publisher != "Publisher not named" for p in pages), row["id"]


# --- corrections ---------------------------------------------------------------------------


@pytest.mark.parametrize("id", [row["id"] for row in data.load().corrections])
def test_a_declared_conflict_still_stands(tables, id):
    row = next(row for row in tables.corrections if row["id"] == id)
    assert row["holds"], f"the guard {row['guard']!r} no longer holds: retire {id} or restate it"


NAMED = [
    "base-internet-2025-12", "definition-2007", "itu-2023", "rural-2024-12", "us-restated",
    "rate-2024-12-17-6", "rate-2025-06-netizens", "age-60-2025-06", "itu-waves", "first-survey",
    "june-2007", "e-government", "ride-hailing", "online-office", "population-vintage", "rulers",
    "sme-label", "class-not-nested", "ai-firms", "compute-basis", "eu-medium", "filings-start",
    "deepsynth-batches", "ai-plus-target", "vectara-sets", "kpmg-66", "qwen-derivatives",
    "ai-index-53", "no-58", "floor-2026-06", "panel-restated",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMED)
def test_the_conflicts_that_the_evidence_names_are_declared(tables, name):
    assert f"note-{name}" in {row["id"] for row in tables.corrections}


def test_a_guard_fails_when_the_source_is_fixed(copy):
    change(copy / "internet.csv", "rural-internet-rate-2024-12", printed="67.3%", value="67.3")
    fixed = {row["id"] for row in data.Data(copy).corrections if not row["holds"]}
    assert fixed == {"note-rural-2024-12"}


GUARDS = [
    ("genai-rate-2025-12 meets genai-users-2025-12 / population-2025", True),
    ("genai-rate-2025-12 misses genai-users-2025-12 / population-2023", True),
    ("genai-rate-2025-12 above genai-rate-2025-06 + '5 points'", True),
    ("genai-rate-2025-12 above '42.8%'", False),
    ("present genai-users-2025-12", True),
    ("present note-rulers", True),
    ("absent internet-users-2026-06", True),
]


@pytest.mark.parametrize(("guard", "truth"), GUARDS)
def test_a_guard_compares_rounding_intervals(tables, guard, truth):
    assert tables.holds(guard) is truth


def test_a_guard_that_cannot_be_read_says_so(tables):
    with pytest.raises(QuantityError, match="cannot read the guard"):
        tables.holds("users are many")


# --- derived figures -----------------------------------------------------------------------

DERIVED = [
    # expression, unit, value, lower, upper
    ("3.64亿 / (1 + 6%)", "persons", 3.64e8 / 1.06, 3.635e8 / 1.065, 3.645e8 / 1.055),
    ("45.8 million - 19.3 million", "persons", 26.5e6, 26.4e6, 26.6e6),
    ("38.4% - 3 points", "percent", 35.4, 34.85, 35.95),
    ("69.3% * 513.1 million", "persons", 355578300, 0.6925 * 513.05e6, 0.6935 * 513.15e6),
    ("302 + 446", "services", 748, 748, 748),
    ("0.12元 * 1000", "yuan per million tokens", 120, 115, 125),
    ("90.57 million / 20.7% + 90.57 million", "persons", 90.57e6 / 0.207 + 90.57e6,
     90.565e6 / 0.2075 + 90.565e6, 90.575e6 / 0.2065 + 90.575e6),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "unit", "value", "low", "high"), DERIVED, ids=[d[0] for d in DERIVED]
)
def test_a_figure_that_nobody_printed_follows_from_printed_ones(text, unit, value, low, high):
    q = derived(text, unit, "1")
    assert [q.number, q.lower, q.upper] == pytest.approx([value, low, high], rel=1e-12)
    assert q.reading.qualifier == "derived"


def test_a_derived_figure_counts_as_an_input_with_its_own_id(tables):
    q = tables["app-food-delivery-users-2017-12"]
    assert [x.id for x in (q * 1).inputs] == ["app-food-delivery-users-2017-12"]
    assert q.show() == "343.4 million"


def test_a_derived_figure_takes_a_finer_precision_from_its_column(tables):
    rounded = derived("0.02元 * 1000", "yuan per million tokens", "20")
    exact = derived("0.02元 * 1000", "yuan per million tokens", "20", "0.01")
    assert [float(end) for end in (rounded.lower, rounded.upper)] == [15, 25]
    assert [float(end) for end in (exact.lower, exact.upper)] == [19.995, 20.005]
    assert tables["price-qwenlong-input-before-2024-05"].interval == exact.interval


def test_what_was_worked_out_is_told_in_english_as_its_value_not_as_a_part_of_its_arithmetic():
    figure = derived("9406万 / (1 + 80.9%)", "persons", "51995578", "10000")
    assert in_english(figure) == "52.00 million"


MALFORMED = ["(1 + 2", "1 + 2)", "* 3", "", "1 / 0", "1 + + 3", "1 + ( )"]


@pytest.mark.parametrize("form", MALFORMED)
def test_a_malformed_expression_is_refused(form):
    with pytest.raises(QuantityError):
        derived(form, "items", "1")


# --- reading -------------------------------------------------------------------------------


def test_a_series_is_read_by_year_month_or_day(tables):
    users = tables.series("genai-users")
    assert users["2024-12"] is users["2024-12-31"]
    assert users["2025-12"].id == "genai-users-2025-12"
    assert tables.series("population")["2025"].id == "population-2025"
    with pytest.raises(KeyError, match="2 figures for '2025'"):
        users["2025"]
    with pytest.raises(KeyError, match="no figure for '2027'"):
        users["2027"]
    assert users.latest is users[max(users)]
    assert users.nearest("2025-10-05").id == "genai-users-2025-12"
    assert list(users) == sorted(users)


def test_figures_are_read_by_the_start_of_their_ids(tables):
    assumed = tables.starting("assume-checking-")
    assert list(assumed) == [id for id in tables.ids if id.startswith("assume-checking-")]
    assert all(tables[id] is figure for id, figure in assumed.items())
    with pytest.raises(KeyError, match=r"no figure starts with 'assume-chekking'.*did you mean"):
        tables.starting("assume-chekking")


def test_an_unknown_name_gets_a_suggestion(tables):
    with pytest.raises(KeyError, match="did you mean genai-users-2025-12"):
        tables["genai-user-2025-12"]
    with pytest.raises(KeyError, match="did you mean internet-users"):
        tables.series("internet-user")
    with pytest.raises(KeyError, match="did you mean population"):
        tables.rows("populations")


def test_a_table_as_a_frame_has_typed_columns(tables):
    frame = tables.table("genai_waves")
    assert frame["value"].dtype.kind in "if"
    assert str(frame["date"].dtype).startswith("datetime64")
    assert list(frame.columns)[: len(FIGURE_FIELDS)] == list(FIGURE_FIELDS)


def test_a_fingerprint_sees_every_digit(tables, waves):
    before = tables.fingerprint("genai_waves")
    change(waves / "genai_waves.csv", "genai-users-2025-12", note="another note")
    assert data.Data(waves).fingerprint("genai_waves") != before


def test_loading_twice_costs_nothing():
    assert data.load() is data.load()


# --- damaged tables ------------------------------------------------------------------------

WAVE = "genai-users-2025-12"
BAD = [
    # what is done, and file, row, column, found, expected as the message gives them
    ("a value that is not what was printed", "genai_waves.csv",
     {"value": "603000000"}, "value", "603000000", "602000000"),
    ("an unreadable printed number", "genai_waves.csv",
     {"printed": "602 milion"}, "printed", "602 milion", "a readable published number"),
    ("the printed form alone changed", "genai_waves.csv",
     {"printed": "603 million"}, "value", "602000000", "603000000"),
    ("forms that contradict each other", "genai_waves.csv",
     {"printed": "6.02亿 / 605 million"}, "printed", "605 million", "readable"),
    ("an unknown unit", "genai_waves.csv",
     {"unit": "furlongs"}, "unit", "furlongs", "readable"),
    ("a unit that clashes with the form", "genai_waves.csv",
     {"unit": "percent", "printed": "25.2 percentage points"}, None, "", ""),
    ("an unknown source", "genai_waves.csv",
     {"sources": "nobody-2026"}, "sources", "nobody-2026", "an id in sources.csv"),
    ("no source", "genai_waves.csv", {"sources": ""}, "sources", "''", "a value"),
    ("a date as Excel writes it", "genai_waves.csv",
     {"date": "31/12/2025"}, "date", "31/12/2025", "a date such as 2025-12-31"),
    ("a month for a day", "genai_waves.csv", {"date": "2025-12"}, "date", "2025-12", "a date"),
    ("a day that does not exist", "genai_waves.csv",
     {"date": "2025-12-32"}, "date", "2025-12-32", "a date"),
    ("separators in a value", "genai_waves.csv",
     {"value": "602,000,000"}, "value", "602,000,000", "a plain number"),
    ("scientific notation", "genai_waves.csv",
     {"value": "6.02E+08"}, "value", "6.02E+08", "a plain number"),
    ("a spreadsheet's error", "genai_waves.csv",
     {"note": "#N/A"}, "note", "#N/A", "not a spreadsheet's error"),
    ("an empty cell that is required", "genai_waves.csv",
     {"measure": ""}, "measure", "''", "a value"),
    ("blanks at the end", "genai_waves.csv",
     {"measure": "People "}, "measure", "People ", "no blanks"),
    ("a confidence that does not exist", "genai_waves.csv",
     {"confidence": "C"}, "confidence", "C", "one of A, B"),
    ("a duplicate wave", "genai_waves.csv",
     {"date": "2025-06-30"}, "date", "2025-06-30 after 2025-06-30", "dates that rise"),
    ("an id that stands in another table", "genai_waves.csv",
     {"id": "population-2025"}, "id", "population-2025", "used once"),
    ("an id with blanks", "genai_waves.csv", {"id": "users 2025"}, "id", "users 2025", "text like"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "file", "cells", "column", "found", "expected"), BAD, ids=[b[0] for b in BAD]
)
def test_a_bad_cell_stops_with_file_row_column_found_and_expected(
    waves, name, file, cells, column, found, expected
):
    change(waves / file, WAVE, **cells)
    faults = problems(waves)
    assert faults
    first = faults[0]
    assert first.file in (file, "population.csv", "corrections.csv")
    if column:
        hits = [fault for fault in faults if fault.column == column]
        assert hits, [str(fault) for fault in faults]
        assert hits[0].row or column == "date"
        assert any(found in fault.found for fault in hits), [str(fault) for fault in faults]
        assert any(expected in fault.expected for fault in hits), [str(fault) for fault in faults]
    assert all(fault.remedy for fault in faults)


def test_a_share_above_one_hundred_is_refused(copy):
    change(copy / "internet.csv", "internet-rate-2025-12", printed="801%", value="801")
    (fault,) = problems(copy)
    assert (fault.column, fault.expected) == ("value", "a share from 0 to 100 percent")


#: shares that are of something else than the series of counts: from 2016 on microblogs are Weibo,
#: blogs are read where their owners were counted, and of e-mail and forums no count is known
OF_ANOTHER_KIND = {"app-weibo", "app-blog", "app-email", "app-forum"}


def test_a_service_whose_share_is_published_has_a_count_of_the_same_day():
    rows = data.load().rows("applications")
    counted = {(row["series"].removesuffix("-users"), row["date"]) for row in rows}
    assert not [
        row["id"]
        for row in rows
        if row["kind"] == "rate" and row["printed"]
        and (stem := row["series"].removesuffix("-rate")) not in OF_ANOTHER_KIND
        and (stem, row["date"]) not in counted
        and not (stem == "app-microblog" and row["date"] > "2016")
    ]  # fmt: skip


def test_waves_out_of_order_are_refused(waves):
    rows = read_rows(waves / "genai_waves.csv")
    rows[1], rows[2] = rows[2], rows[1]
    write_rows(waves / "genai_waves.csv", rows)
    assert "dates that rise" in problems(waves)[0].expected


def test_a_duplicate_row_is_refused_with_both_places(waves):
    rows = read_rows(waves / "genai_waves.csv")
    write_rows(waves / "genai_waves.csv", [*rows, rows[1]])
    fault = problems(waves)[0]
    assert fault.column == "id" and "row 2" in fault.expected


def test_a_printed_form_and_a_derivation_exclude_each_other(copy):
    change(copy / "applications.csv", "app-food-delivery-users-2017-12", printed="343.4 million")
    assert problems(copy)[0].expected == "a printed form, or else a derivation"


def test_a_derived_value_must_follow_from_its_derivation(copy):
    change(copy / "applications.csv", "app-food-delivery-users-2017-12", value="344400000")
    assert problems(copy)[0].column == "value"


def test_a_correction_about_nothing_is_refused(copy):
    change(copy / "corrections.csv", "note-rulers", about="nothing-at-all")
    assert problems(copy)[0].column == "about"


def text(edit):
    """A damage to the text of a file."""
    return lambda path: path.write_text(edit(path.read_text("utf-8")), "utf-8")


def raw(edit):
    """A damage to the bytes of a file."""
    return lambda path: path.write_bytes(edit(path.read_bytes()))


def each_row(edit):
    """A damage to every row of a table."""
    return lambda path: write_rows(path, [edit(row) for row in read_rows(path)])


FILES = [
    ("a missing file", lambda path: path.unlink(), "no such file"),
    ("an empty file", text(lambda t: ""), "missing id"),
    ("a header alone", text(lambda t: t.split("\n")[0] + "\n"), "no rows"),
    ("a missing column", each_row(lambda row: row[:5] + row[6:]), "missing printed"),
    ("an extra column", each_row(lambda row: [*row, ""]), "unknown ''"),
    ("columns in another order", each_row(lambda row: row[1::-1] + row[2:]), "another order"),
    ("a column twice", each_row(lambda row: [*row, row[0]]), "column 'id' twice"),
    ("semicolons", text(lambda t: t.replace(",", ";")), "semicolons"),
    ("tabs", text(lambda t: t.replace(",", "\t")), "parted by tabs"),
    ("UTF-16", raw(lambda b: b.decode("utf-8").encode("utf-16")), "UTF-16"),
    ("another encoding", raw(lambda b: b.decode("utf-8").encode("gb18030")), "not UTF-8"),
    ("text decoded twice", raw(lambda b: b.decode("latin-1").encode("utf-8")), "wrong encoding"),
    ("a zip file", raw(lambda b: b"PK\x03\x04" + b), "Excel workbook"),
    ("a NUL byte", raw(lambda b: b.replace(b"CNNIC", b"CN\x00IC", 1)), "U+0000"),
    ("question marks for Chinese", text(lambda t: t.replace("亿", "???")), "wrong encoding"),
    ("an open quotation mark", text(lambda t: t + '"genai'), "unexpected end"),
    ("a missing cell", text(lambda t: t + "genai-x,genai\n"), "2 cells"),
    ("an empty line", text(lambda t: t + "\n"), "an empty line"),
]


@pytest.mark.parametrize(("name", "damage", "found"), FILES, ids=[f[0] for f in FILES])
def test_a_damaged_file_stops_with_what_was_found_and_what_to_do(waves, name, damage, found):
    damage(waves / "genai_waves.csv")
    faults = problems(waves)
    assert faults[0].file == "genai_waves.csv"
    assert found in faults[0].found
    assert faults[0].expected and faults[0].remedy


WRONGLY_DECODED = ["ä¸‡", "ä¸\u00adå›½", "â‚¬", "Â£5", "Ã—", "ðŸ˜€"]
SOUND = ["“Pokémon Café’”", "„Spaß“", "São Paulo – à la carte", "5 € × 3", "SÃO", "Zoë…", "万"]


@pytest.mark.parametrize("words", WRONGLY_DECODED + SOUND)
def test_one_wrongly_decoded_character_is_told_from_an_accent_before_a_mark(waves, words):
    change(waves / "genai_waves.csv", WAVE, note=f"Printed {words} there.")
    if words in SOUND:
        data.Data(waves)
    else:
        assert "text in the wrong encoding" in problems(waves)[0].found


def test_a_decimal_comma_needs_a_source_in_a_language_that_writes_one(copy):
    key = "study-alibaba-2024-rating-users"
    assert data.Data(copy).row(key)["printed"] == "5,3 %"  # from a page in French
    change(copy / "studies.csv", key, sources="alibaba-rct")
    (fault,) = [one for one in problems(copy) if one.column == "printed"]
    assert "decimal point" in fault.expected


HARMLESS = [
    ("a byte order mark", lambda b: b"\xef\xbb\xbf" + b),
    ("Windows line ends", lambda b: b.replace(b"\n", b"\r\n")),
    ("no line end at the end", lambda b: b.rstrip(b"\n")),
]


@pytest.mark.parametrize(("name", "habit"), HARMLESS, ids=[h[0] for h in HARMLESS])
def test_a_harmless_habit_gives_the_same_data(tables, waves, name, habit):
    path = waves / "genai_waves.csv"
    path.write_bytes(habit(path.read_bytes()))
    assert data.Data(waves).rows("genai_waves") == tables.rows("genai_waves")


def test_the_description_itself_is_checked(waves):
    (waves / "datapackage.json").write_text("{", "utf-8")
    assert problems(waves)[0].file == "datapackage.json"
    (waves / "datapackage.json").write_text('{"resources": [{}]}', "utf-8")
    assert problems(waves)[0].file == "datapackage.json"
    (waves / "datapackage.json").unlink()
    assert problems(waves)[0].file == "datapackage.json"


def test_many_faults_are_listed_and_counted(copy):
    rows = read_rows(copy / "us_technologies.csv")
    column = rows[0].index("confidence")
    for row in rows[1:]:
        row[column] = "Z"
    write_rows(copy / "us_technologies.csv", rows)
    with pytest.raises(DataError, match=r"and \d+ more"):
        data.Data(copy)


# --- the standard and the clock ------------------------------------------------------------


def test_the_package_is_valid_by_frictionless(tables):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the library's own making
        from frictionless import Package, system

        with system.use_context(trusted=True):
            package = Package(str(ROOT / "datapackage.json"))
            report = package.validate()
    assert list(report.flatten(["type", "rowNumber", "fieldName", "note"])) == []
    assert len(package.resources) == len(tables.tables)


def test_the_description_follows_the_current_standard(tables):
    package = json.loads((ROOT / "datapackage.json").read_text("utf-8"))
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert package["licenses"][0]["name"] == "CC-BY-4.0"


def test_a_figure_printed_as_a_floor_is_left_out_where_both_ends_are_asked_for(tables):
    users = tables.series("genai-users")
    assert users["2026-06"].interval.bounded is False
    assert "2026-06-30" not in users.bounded
    assert users.bounded["2025-12"] is users["2025-12"]
    assert list(users.until("2025-06-30")) == ["2024-06-30", "2024-12-31", "2025-06-30"]


def test_a_derived_figure_is_quoted_with_its_derivation_and_not_as_printed(tables):
    one = claims.quoted("app-food-delivery-users-2017-12", tables)
    assert (one.verdict, one.published) == ("derived", ())
    assert (one.formula, one.shown) == ("3.64亿 / (1 + 6%)", "343.4 million")
    assert claims.quoted("genai-users-2025-12", tables).verdict == "stated"


def test_a_table_edited_in_a_running_session_is_read_again(waves):
    before = data.load(waves)
    assert data.load(waves) is before
    change(waves / "genai_waves.csv", "genai-users-2025-12", note="seen again")
    after = data.load(waves)
    assert after.row("genai-users-2025-12")["note"] == "seen again"
    assert data.load(waves) is after, "and kept until the next edit"


def test_a_table_broken_in_a_running_session_is_named_and_mended_again(waves):
    data.load(waves)
    usual = (waves / "genai_waves.csv").read_bytes()
    change(waves / "genai_waves.csv", "genai-users-2025-12", printed="602 milion")
    with pytest.raises(DataError, match="602 milion"):
        data.load(waves)
    (waves / "genai_waves.csv").write_bytes(usual)
    assert data.load(waves)["genai-users-2025-12"].value == 602_000_000


@pytest.mark.parametrize("file", ["genai_waves.csv", "datapackage.json"])
def test_a_look_at_the_time_and_size_of_each_file_decides(waves, file):
    before = data.load(waves)
    os.utime(waves / file, ns=(0, 0))
    assert data.load(waves) is not before
