"""A few hundred damaged packages: an error that says what to do, or exactly the data meant."""

import csv
import io
import random
import re

import pytest

from receiptbook.book import Book
from receiptbook.tables import DataError, data

pytestmark = pytest.mark.slow  # some hundred loads

ROOT = Book.here().data
FILES = sorted(path.name for path in ROOT.glob("*.csv"))
ROUNDS = 360


# --- damages: each takes a table's bytes and a random generator ----------------------------


def table(edit):
    """A damage to the cells of a table."""

    def damage(raw: bytes, rng: random.Random) -> bytes:
        rows = list(csv.reader(io.StringIO(raw.decode("utf-8"), newline="")))
        edit(rows, rng)
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows(rows)
        return text.getvalue().encode("utf-8")

    damage.__name__ = edit.__name__
    return damage


def cell(edit):
    """A damage to one cell, chosen among those that `edit` changes."""

    def in_table(rows, rng):
        places = [
            (i, j) for i in range(1, len(rows)) for j in range(len(rows[0]))
            if edit(rows[i][j], rng) != rows[i][j]
        ]  # fmt: skip
        if places:
            i, j = rng.choice(places)
            rows[i][j] = edit(rows[i][j], rng)

    in_table.__name__ = edit.__name__
    return table(in_table)


@cell
def day_month_year(text, rng):
    return re.sub(r"^(\d{4})-(\d\d)-(\d\d)$", r"\3/\2/\1", text)


@cell
def month_by_name(text, rng):
    return re.sub(r"^(\d{4})-12-31$", r"31-Dec-\1", text)


@cell
def date_as_a_serial_number(text, rng):
    return re.sub(r"^\d{4}-\d\d-\d\d$", "46022", text)


@cell
def scientific(text, rng):
    return f"{int(text):.2E}" if re.fullmatch(r"\d{6,}", text) else text


@cell
def thousands(text, rng):
    return f"{int(text):,}" if re.fullmatch(r"\d{5,}", text) else text


@cell
def decimal_comma(text, rng):
    return text.replace(".", ",") if re.fullmatch(r"\d+\.\d+", text) else text


@cell
def percent_as_a_fraction(text, rng):
    return str(float(text[:-1]) / 100) if re.fullmatch(r"\d+(\.\d+)?%", text) else text


@cell
def spreadsheet_error(text, rng):
    return rng.choice(["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#####"]) if text else text


@cell
def doubled_quotes(text, rng):
    return f'"{text}"' if text else text


@cell
def blanks_around(text, rng):
    return rng.choice([" {}", "{} ", "\u00a0{}", "{}\t", "{}\u200b"]).format(text) if text else text


@cell
def digit_changed_in_a_value(text, rng):
    if not re.fullmatch(r"\d{4,}|\d+\.\d+", text):
        return text
    return text[:-1] + str((int(text[-1]) + 1) % 10) if "." in text else str(int(text) + 10**3)


@cell
def chinese_lost(text, rng):
    return re.sub(r"[\u3400-\u9fff]+", lambda m: "?" * max(3, len(m[0])), text)


@cell
def chinese_decoded_wrongly(text, rng):
    try:
        return text.encode("utf-8").decode("cp1252")
    except UnicodeDecodeError:
        return text.encode("utf-8").decode("latin-1")


@cell
def emptied(text, rng):
    return ""


@table
def row_doubled(rows, rng):
    rows.insert(rng.randrange(1, len(rows) + 1), list(rng.choice(rows[1:])))


@table
def row_moved(rows, rng):
    rows.append(rows.pop(rng.randrange(1, len(rows))))


@table
def two_rows_merged(rows, rng):
    rows[-2:] = [rows[-2] + rows[-1]]


@table
def cells_shifted(rows, rng):
    row = rng.choice(rows[1:])
    row.insert(rng.randrange(len(row)), row.pop())


@table
def column_dropped(rows, rng):
    place = rng.randrange(len(rows[0]))
    for row in rows:
        del row[place]


@table
def columns_swapped(rows, rng):
    i, j = rng.sample(range(len(rows[0])), 2)
    for row in rows:
        row[i], row[j] = row[j], row[i]


@table
def values_of_two_columns_swapped(rows, rng):
    i, j = rng.sample(range(len(rows[0])), 2)
    for row in rows[1:]:
        row[i], row[j] = row[j], row[i]


@table
def header_renamed(rows, rng):
    place = rng.randrange(len(rows[0]))
    rows[0][place] = rows[0][place].upper()


@table
def empty_columns_at_the_end(rows, rng):
    for row in rows:
        row += [""] * rng.choice([2])


@table
def empty_rows_at_the_end(rows, rng):
    rows += [[""] * len(rows[0]) for _ in range(3)]


@table
def header_twice(rows, rng):
    rows.insert(rng.randrange(1, len(rows)), list(rows[0]))


@table
def a_title_above_the_header(rows, rng):
    rows.insert(0, ["Table 1"] + [""] * (len(rows[0]) - 1))


def byte_order_mark(raw, rng):
    return b"\xef\xbb\xbf" + raw


def windows_lines(raw, rng):
    return raw.replace(b"\n", b"\r\n")


def old_mac_lines(raw, rng):
    return raw.replace(b"\n", b"\r")


def semicolons(raw, rng):
    return raw.replace(b",", b";")


def utf_16(raw, rng):
    return raw.decode("utf-8").encode(rng.choice(["utf-16", "utf-16-le", "utf-16-be"]))


def gb18030(raw, rng):
    return raw.decode("utf-8").encode("gb18030")


def cp1252(raw, rng):
    return raw.decode("utf-8").encode("cp1252", "replace").replace(b"?", b"???")


def cut_off(raw, rng):
    return raw[: rng.randrange(1, len(raw))]


def random_bytes(raw, rng):
    place = rng.randrange(len(raw))
    return raw[:place] + rng.randbytes(rng.randrange(1, 4)) + raw[place:]


def control_character(raw, rng):
    place = rng.randrange(len(raw))
    return raw[:place] + rng.choice([b"\x00", b"\x1a", b"\x0b", b"\x7f"]) + raw[place:]


def quote_in_the_middle(raw, rng):
    place = rng.randrange(len(raw))
    return raw[:place] + b'"' + raw[place:]


def a_web_page_instead(raw, rng):
    return b"<!DOCTYPE html>\n<title>404</title>\n"


def merge_conflict(raw, rng):
    lines = raw.split(b"\n")
    place = rng.randrange(1, len(lines))
    return b"\n".join([*lines[:place], b"<<<<<<< HEAD", *lines[place:]])


HARMLESS = {byte_order_mark, windows_lines, old_mac_lines}
DAMAGES = [
    value
    for value in list(globals().values())
    if getattr(value, "__module__", "") == __name__ and value not in (table, cell)
]


# --- what may come of it -------------------------------------------------------------------


def as_written(raw: bytes, fields: list[str]) -> list[dict] | None:
    """The rows that a plain reading of the file gives, or None where it is no such table."""
    try:
        rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        return None
    if not rows or rows[0] != fields or any(len(row) != len(fields) for row in rows):
        return None
    return [dict(zip(fields, row, strict=True)) for row in rows[1:]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder of links to the tables; a table that is only a link is read once for all rounds."""
    root = tmp_path_factory.mktemp("package")
    for path in [*ROOT.glob("*.csv"), ROOT / "datapackage.json"]:
        (root / path.name).symlink_to(path)
    sound, read = {}, data.read_table

    def read_once(folder, resource, problems):
        name = resource["path"]
        if not (folder / name).is_symlink():
            return read(folder, resource, problems)
        if name not in sound:
            sound[name] = read(folder, resource, problems)
        return sound[name]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data, "read_table", read_once)
        yield root


# What no check can tell from an edit: an optional cell emptied, letters typed into a sentence, a
# digit of a number that stands for itself. Numbers with a printed form are held to it all the same.
LIKE_AN_EDIT = {"emptied", "random_bytes", "digit_changed_in_a_value"}
NUMERIC = ("value", "printed", "date", "unit", "derivation", "sources", "id", "confidence")


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_damaged_table_gives_an_error_with_a_remedy_or_the_data_as_written(folder, seed):
    rng = random.Random(seed)
    damage = DAMAGES[seed % len(DAMAGES)]
    name = rng.choice(FILES)
    original = (ROOT / name).read_bytes()
    damaged = damage(original, rng)
    path = folder / name
    path.unlink()
    path.write_bytes(damaged)
    try:
        loaded = data.Data(folder)
    except DataError as error:
        assert damage not in HARMLESS or damaged == original, str(error)
        for fault in error.problems:
            assert fault.file and fault.found and fault.expected and fault.remedy
            assert "Traceback" not in str(fault)
    else:
        resource = next(r for r in loaded.package["resources"] if r["path"] == name)
        fields = [field["name"] for field in resource["schema"]["fields"]]
        rows = loaded.rows(resource["name"])
        before = data.load().rows(resource["name"])
        # Nothing is guessed, repaired or left out: the rows are the cells of the file.
        assert rows == as_written(damaged, fields), damage.__name__
        # And no cell differs from the sound table, except in rows that are gone as a whole (a file
        # cut at the end of a line cannot be told from an edit).
        known = {row["id"]: row for row in before}
        for row in rows:
            for column in NUMERIC if damage.__name__ in LIKE_AN_EDIT else fields:
                last = row is rows[-1] and column == fields[-1] and column not in NUMERIC
                if damage is cut_off and last:
                    # A last line needs no end, so the rest of a sentence may be all of it.
                    assert known[row["id"]].get(column, "").startswith(row.get(column, ""))
                    continue
                assert row.get(column) == known[row["id"]].get(column), (damage.__name__, column)
    finally:
        path.unlink()
        path.symlink_to(ROOT / name)
