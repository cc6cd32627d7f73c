"""Rows agree with themselves: dates with ids and sources, addresses, labels with what they count."""

import csv
import gzip
import json
import re
from collections import defaultdict

import pytest

from receiptbook.book import Book
from receiptbook.book.notebooks import bundles, read_notebook
from receiptbook.book.outputs import receipts_in
from receiptbook.dates import month_name
from receiptbook.receipts.collect import linkable, links, pieces
from receiptbook.tables import load

TABLES = load()
ROWS = [(name, row) for name in TABLES.tables for row in TABLES.rows(name) if name != "sources"]
FIGURES = [(name, row) for name, row in ROWS if row.get("date") and row.get("id")]
DATED = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?:-?(0[1-9]|1[0-2])(?:-?(0[1-9]|[12]\d|3[01]))?)?(?![\d])"
)


def named(id: str) -> str:
    """The last date in an id, as far as it goes: "2025", "2025-12" or "2025-12-31"."""
    found = list(DATED.finditer(id))
    return "-".join(filter(None, found[-1].groups())) if found else ""


# A forecast is dated by the day on which it was made; the year in its id is the year it is about.
FORECASTS = {"wef-skills-2030", "wef-jobs-created-2030", "wef-jobs-displaced-2030",
             "wef-training-need-2030"}  # fmt: skip
TOLD = {"ai-industry-core-stated-march-2026"}  # the id names when it was said, the date what about


def test_the_date_in_an_id_is_the_date_of_the_row():
    wrong = [
        (row["id"], row["date"])
        for table, row in FIGURES
        if table != "studies" and row["id"] not in FORECASTS | TOLD
        if not row["date"].startswith(named(row["id"]))
    ]
    assert wrong == []
    assert {row["id"] for _, row in FIGURES} >= FORECASTS | TOLD


def test_a_study_is_published_in_the_year_of_its_id_and_not_before_it_was_done():
    wrong = [
        (row["id"], row["date"])
        for row in TABLES.rows("studies")
        if named(row["id"]) and row["date"][:4] > named(row["id"])[:4]
    ]
    assert wrong == []


# The id names the day of the story, the date that of the page which carries it.
CARRIED = {"xinhua-20090716", "xinhua-20231009-compute", "xinhua-20260305-li", "gs-20250318"}


def test_a_source_has_the_date_of_its_id():
    """A day agrees; a year or month may be what the source is about, and it then comes later."""
    wrong = []
    for row in TABLES.rows("sources"):
        said, date = named(row["id"]), row["date"]
        if not said or not date:
            continue
        known = min(len(said), len(date))
        exact = len(said) == 10 and row["id"] not in CARRIED
        if date[:known] < said[:known] or (exact and date[:known] != said[:known]):
            wrong.append((row["id"], date))
    assert wrong == []
    for id in CARRIED:
        assert 0 < int(TABLES.sources[id].date[-2:]) - int(named(id)[-2:]) <= 2


def test_nothing_is_in_force_before_it_is_issued():
    rows = [row for _, row in ROWS if row.get("date_in_force")]
    assert rows
    assert [row["id"] for row in rows if row["date_in_force"] < row["date_issued"]] == []


def test_an_address_has_a_scheme_and_a_host():
    for row in TABLES.rows("sources"):
        assert row["url"] == "" or re.match(r"https?://[^\s/]+\.[^\s/]+", row["url"]), row["id"]


def test_no_two_things_of_a_table_have_one_name_in_either_language():
    seen, twice = {}, []
    for table, row in ROWS:
        for name in {row.get("name"), row.get("name_zh")} - {None, ""}:
            if seen.setdefault((table, name), row["id"]) != row["id"]:
                twice.append(
                    f"{table}.csv: {name} is {seen[table, name]} and {row['id']}; correct one"
                )
    assert twice == []
    assert seen


AHEAD = re.compile(r"target|plan|expect|forecast|by \d{4}|forecasts|to receive|in deep use", re.I)
# Announced or projected before its day.
FORETOLD = {
    "price-deepseek-v4pro-output-peak-2026-07": "announced for July at the end of June",
    "goldman-growth-2030-low": "a forecast", "goldman-growth-2030-high": "a forecast",
}  # fmt: skip
FORETOLD_BEGINNING = {"target-": "a target", "un-": "a projection of the United Nations"}


def test_a_figure_is_not_younger_than_all_its_sources():
    """The end of a year or month stands for the whole of it, as far as the id says."""
    wrong = []
    for _, row in FIGURES:
        dates = [TABLES.sources[id].date for id in row.get("sources", "").split(";") if id]
        begins = row["date"][: len(named(row["id"])) or 4]
        foretold = row["id"] in FORETOLD or row["id"].startswith(tuple(FORETOLD_BEGINNING))
        if not dates or not all(dates) or foretold or AHEAD.search(row.get("measure", "")):
            continue
        if all(date[: len(begins)] < begins[: len(date)] for date in dates):
            wrong.append((row["id"], row["date"], dates))
    assert wrong == []


HINDSIGHT = re.compile(r"later|both|best path|year's new users|printed growth|\bfrom \d{4} to\b")


def test_what_a_receipt_rests_on_is_not_younger_than_the_date_it_names():
    """Where it is, the statement says so: it names the later date, or says that it looks back."""
    dates = {row["id"]: row["date"] for _, row in FIGURES}
    ends = {"": "12", "h1": "06", "h2": "12", "q1": "03", "q2": "06", "q3": "09", "q4": "12"}
    seen, wrong = 0, []
    for path in Book.here().notebooks():
        for bundle in bundles(read_notebook(path).cells):
            for one in receipts_in(bundle):
                found = re.findall(r"(20\d\d)(?:-(0[1-9]|1[0-2]|h[12]|q[1-4]))?", one["id"])
                if not found:
                    continue
                seen += 1
                year, part = found[-1]
                last = f"{year}-{ends.get(part, part)}-31"
                for given in one["inputs"]:
                    date = dates.get(given.get("id"), "")
                    said = date and (
                        month_name(date) in one["statement"] or HINDSIGHT.search(one["statement"])
                    )
                    if date > last and not said:
                        wrong.append((path.name, one["id"], given["id"]))
    assert wrong == []
    assert seen > 50


MONTH = "|".join(month_name(f"2025-{n:02}").split()[0] for n in range(1, 13))
SUPPOSED = re.compile(
    r"\b(?:if|had|would|implies|path|method|forecast|straight line|published|known)\b"
)


def test_a_month_in_the_statement_of_a_receipt_is_that_of_an_input():
    """Where it is not, the statement says that it supposes or forecasts."""
    figures = {row["id"]: row for _, row in FIGURES}
    seen, wrong = 0, []
    for path in Book.here().notebooks():
        for bundle in bundles(read_notebook(path).cells):
            for one in receipts_in(bundle):
                rows = [
                    figures[given["id"]] for given in one["inputs"] if given.get("id") in figures
                ]
                if not rows or SUPPOSED.search(one["statement"]) or one["kind"] == "published":
                    continue
                told = " ".join(f"{month_name(row['date'])} {row['measure']}" for row in rows)
                for month in re.findall(rf"\b(?:{MONTH}) 20\d\d\b", one["statement"]):
                    seen += 1
                    if month not in told:
                        ids = ", ".join(row["id"] for row in rows[:9])
                        wrong.append(
                            f"{path.name}, receipt {one['id']}: found {month}; expected a month of {ids}. "
                            "Correct the statement, or say that it supposes."
                        )
    assert wrong == []
    assert seen > 50


SAID = re.compile(
    rf"(?:\b(\d{{1,2}}) )?\b({MONTH})(?: (\d{{4}}))?\b|(\d{{4}})年(\d{{1,2}})月(?:(\d{{1,2}})日)?"
)
WRITTEN = re.compile(r"(?<!\d)(\d{4})-(\d\d)(?:-(\d\d))?(?!\d)")


def days(text, written=False):
    """(year, month, day) of each date in a text, None for a part not said; `written`: as 2025-12-31 too."""
    numbers = {name: n for n, name in enumerate(MONTH.split("|"), 1)}
    for match in SAID.finditer(text):
        day, month, year, *chinese = match.groups()
        year, month, day = chinese if chinese[0] else (year, numbers[month], day)
        yield year and int(year), int(month), day and int(day)
    for match in WRITTEN.finditer(text) if written else ():
        yield tuple(int(part) if part else None for part in match.groups())


CALENDAR = {(2025, 1, 29)}  # the Spring Festival


def test_a_date_in_prose_stands_in_the_data():
    """In a row or its words; or it is the day of a source of a figure that is linked beside it.

    A month alone may come from any row; "20 January", without a year, from any year.
    """
    rows = [
        day for _, row in ROWS for text in row.values() for day in days(str(text), written=True)
    ]
    sources = {id: [*days(one.date, written=True)] for id, one in TABLES.sources.items()}
    known = linkable(pages := Book.here().written_pages())

    def parts(dates):
        for year, month, day in dates:
            yield from ((year, month, day), (year, month, None), (None, month, day))

    held, seen, wrong = {*parts([*rows, *CALENDAR])}, 0, []
    for path in pages:
        for place, text in pieces(path):
            near = [id for link in links(text) for id in known[link["id"]]["sources"]]
            cited = {*parts(day for id in near for day in sources.get(id, ()))}
            for year, month, day in days(text):
                seen += 1
                if (year or day) and (year, month, day) not in held | cited:
                    said = (day, MONTH.split("|")[month - 1], year)
                    wrong.append(f"{place}: found {' '.join(str(part) for part in said if part)}; expected "
                                 "a date in a row of data/, or that of a source which is linked beside it. "
                                 "Correct it, or add the row.")  # fmt: skip
    assert wrong == []
    assert seen > 300


RANGE = re.compile(r"(\d+)\s*(?:-|–| to )\s*(\d+)(?!\d)")


def test_a_label_and_what_it_counts_name_the_same_range():
    """Ages and sizes: "enterprises with 10-49 employed" beside "small (10-49)"."""
    seen, wrong = 0, []
    for name, row in ROWS:
        counted = set(RANGE.findall(row.get("denominator") or ""))
        said = set()
        for column in ("measure", "symbol", "size", "age_range", "technology"):
            said |= set(RANGE.findall(re.sub(r"20\d\d", "", row.get(column) or "")))
        seen += bool(counted and said)
        if counted and said and not counted & said:
            wrong.append((name, row["id"], counted, said))
    assert wrong == []
    assert seen > 20


# One beginning of an id, several places: groups of countries that one publisher reports on.
GROUPS = {("firm_adoption", "oecd"), ("enforcement", "losses"), ("firm_adoption", "sme")}


@pytest.mark.parametrize("table", ["firm_adoption", "enforcement", "error_rates"])
def test_rows_that_begin_alike_are_about_one_place(table):
    places = defaultdict(set)
    for row in TABLES.rows(table):
        places[table, row["id"].split("-")[1]].add(row["place"])
    assert {
        key: found for key, found in places.items() if len(found) > 1 and key not in GROUPS
    } == {}


def test_a_country_has_one_name_and_its_code_stands_in_the_id():
    names = defaultdict(set)
    for row in TABLES.rows("countries"):
        assert row["iso3"].lower() in row["id"].split("-"), row["id"]
        assert row["country"] in row["measure"] or row["iso3"] == "", row["id"]
        names[row["iso3"]].add(row["country"])
    assert [found for found in names.values() if len(found) > 1] == []


# --- a broken row is refused when the tables are read ------------------------------------------


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("date", "2025-13"), ("date", "2025-13-45"), ("date", "2025-12-32"),
        ("url", "news.example/x"), ("url", "javascript:alert(1)"), ("url", "http:///x"),
        ("title", "=1+1"), ("title", "@SUM(A1)"), ("note", "+cmd|' /C calc'!A0"), ("note", "-1+1"),
    ],
)  # fmt: skip
def test_a_row_that_leads_nowhere_or_starts_a_formula_is_refused(column, text):
    from receiptbook.tables.reading import _checker

    field = next(f for f in TABLES.describe("sources")["schema"]["fields"] if f["name"] == column)
    assert _checker(field)(text)


@pytest.mark.parametrize("text", ["-18%", "+5", "−3", "-0.4", "Up 3.8 points", "– none"])
def test_a_number_with_a_sign_is_no_formula(text):
    from receiptbook.tables.reading import _checker

    assert _checker({"name": "printed", "type": "string"})(text) is None


def limits(package):
    return package["resources"][1]["schema"]["fields"][0].setdefault("constraints", {})


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (lambda p: p["resources"][1].pop("schema"), "without 'schema'"),
        (lambda p: p["resources"][1].pop("path"), "without 'path'"),
        (lambda p: p["resources"][1]["schema"]["fields"][0].pop("type"), "without 'type'"),
        (lambda p: p.pop("resources"), "no list of resources"),
        (lambda p: p["resources"].append(3), "without 'name'"),
        (lambda p: p["resources"][1].update(path=5), "without 'path'"),
        (lambda p: p["resources"][1].update(schema=[]), "without 'schema'"),
        (lambda p: p["resources"].append(p["resources"][0]), "two resources with the name"),
        (lambda p: p["resources"][1]["schema"]["fields"][0].update(type="text"), "the type 'text'"),
        (lambda p: limits(p).update(pattern="("), "a constraint that cannot be read"),
        (lambda p: limits(p).update(enum=5), "constraints of another form"),
        (lambda p: limits(p).update(minimum="low"), "a constraint that cannot be read"),
        (lambda p: p.update(counts=["loans"]), "'counts' that are no words"),
    ],
)
def test_a_description_that_lacks_something_is_named_with_what_to_do(tmp_path, harm, says):
    from receiptbook.tables import DataError
    from receiptbook.tables.reading import read_package

    package = json.loads((TABLES.root / "datapackage.json").read_text("utf-8"))
    harm(package)
    (tmp_path / "datapackage.json").write_text(json.dumps(package), "utf-8")
    with pytest.raises(DataError, match=says) as refused:
        read_package(tmp_path)
    assert str(refused.value).startswith("datapackage.json: found ")


WAVES = "genai_waves.csv"


@pytest.mark.parametrize(
    ("file", "harm", "says"),
    [
        (WAVES, lambda b: b"<<<<<<< HEAD\n" + b, "a merge that is not finished in line 1"),
        (WAVES, lambda b: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b, "an Excel workbook"),
        (WAVES, lambda b: b.replace(b",", b"|"), "columns parted by upright strokes"),
        (WAVES, lambda b: b"\n<!DOCTYPE html><title>Sign in</title>", "a web page"),
        (WAVES, lambda b: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "a PDF"),
        (WAVES, lambda b: b'[{"id": "a"}]', "JSON"),
        (WAVES, gzip.compress, "a compressed file"),
        (WAVES, lambda b: b"version https://git-lfs.github.com/spec/v1\n", "Git LFS"),
        (WAVES, lambda b: b"diff --git a/x b/x\n", "a list of changes"),
        (WAVES, lambda b: b"sep=,\n" + b, "a line that a spreadsheet wrote for itself"),
        (
            WAVES,
            lambda b: b.replace(b",602000000,", ",６０２００００００,".encode()),
            "column value",
        ),
        ("corrections.csv", lambda b: re.sub(rb"misses|meets", b"is", b, count=1), "column guard"),
        (
            "corrections.csv",
            lambda b: b.replace(b"genai-rate-2025-12 m", b"genai-rate-2025-13 m", 1),
            "did you mean genai-rate-2025-12",
        ),
        (
            "comparisons.csv",
            lambda b: re.sub(rb"above [^,;]+,", b"above '5%',", b, count=1),
            "row 2, column guard: .* a ratio",
        ),
    ],
)
def test_a_file_of_another_kind_is_told_for_what_it_is(tmp_path, file, harm, says):
    import shutil

    from receiptbook.tables import DataError
    from receiptbook.tables.data import Data

    shutil.copytree(TABLES.root, tmp_path / "data")
    path = tmp_path / "data" / file
    path.write_bytes(harm(path.read_bytes()))
    with pytest.raises(DataError, match=says) as refused:
        Data(tmp_path / "data")
    assert str(refused.value).startswith(file)


@pytest.mark.parametrize(
    ("file", "column", "text", "says"),
    [
        ("sources.csv", "date", "2025-02-30", "a date such as"),
        ("sources.csv", "date", "2025-13-45", "a date such as"),
        ("sources.csv", "url", "https://a.example/x;https://b.example/y", "text like http"),
        ("sources.csv", "url", "https://news/x", "text like http"),
        (WAVES, "precision", "10000000000", "no larger than the number"),
        (WAVES, "precision", "0.1", "no finer than the printed one, 1000000"),
        (WAVES, "precision", "0", "above zero"),
    ],
)
def test_a_date_address_or_precision_that_cannot_be_is_named_by_row(
    tmp_path, file, column, text, says
):
    import shutil

    from receiptbook.tables import DataError
    from receiptbook.tables.data import Data

    shutil.copytree(TABLES.root, tmp_path / "data")
    path = tmp_path / "data" / file
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    rows[3][column] = text
    with path.open("w", encoding="utf-8", newline="") as lines:
        table = csv.DictWriter(lines, rows[0], lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    with pytest.raises(DataError, match=says) as refused:
        Data(tmp_path / "data")
    assert str(refused.value).startswith(f"{file}, row 5, column {column}: found ")
