"""The page works a changed figure out exactly as Python does: reader, ranges, verdicts, words."""

import json
import math
from fractions import Fraction

import pytest
from chromium import chromium

from receiptbook import drill
from receiptbook.book import Book
from receiptbook.exercises.changes import altered
from receiptbook.numbers import QuantityError, read
from receiptbook.receipts import collect
from receiptbook.receipts.anew import outcome, resting
from receiptbook.site import live, static
from receiptbook.tables import load

TABLES = load()
STORED = collect.stored_receipts(p for p in Book.here().notebooks() if p.stem != "ledger")
FACTS = live.facts(STORED, TABLES)
SHIFTS = ("one unit of its last digit", "a tenth more", "a tenth less")


@pytest.fixture(scope="module")
def engine(chromium_path):
    """A page with the script's reader and ranges, without what it does to a page."""
    with chromium() as session:
        page = session.new_page()
        for part in live.PARTS[:-1]:
            page.add_script_tag(content=static.source(f"live/{part}.js"))
        page.evaluate(f"Live.start({live.compact(FACTS)})")
        yield page


def ratio(x) -> str:
    if math.isinf(x):
        return "1/0" if x > 0 else "-1/0"
    return "{}/{}".format(*Fraction(x).as_integer_ratio())


def told(id, tables) -> list:
    """What Python says of a receipt over some tables: value, ends, openness, verdict, words."""
    receipt, why = outcome(STORED[id], tables)
    if why:
        return ["failed"]
    quantity, interval = receipt.quantity, receipt.quantity.interval
    ends = [ratio(x) for x in (quantity.value, interval.lower, interval.upper)]
    openness = [interval.lower_open, interval.upper_open]
    return [*ends, *openness, str(receipt.verdict), receipt.shown, receipt.range]


ASKED = """([changes, ids]) => { Live.compare(changes); return ids.map((id) => {
  const one = Live.answer(id), f = (x) => x.join("/");
  return one.failed ? ["failed"] : [f(one.value), f(one.range[0]), f(one.range[1]),
    one.range[2], one.range[3], one.verdict, one.shown, one.told];
}); }"""


def test_every_receipt_is_as_published_while_nothing_is_changed(engine):
    ids = list(FACTS["receipts"])
    assert engine.evaluate(ASKED, [{}, ids]) == [told(id, TABLES) for id in ids]


def shifted(id, how) -> str | None:
    """The figure's printed form moved by so much; None where no rule writes the new form."""
    figure = TABLES[id]
    try:
        if how == SHIFTS[0]:
            return drill.changed_in(TABLES, id)["printed"] or None
        factor = Fraction(11, 10) if how == SHIFTS[1] else Fraction(9, 10)
        return figure.reading.rewrite(figure.value * factor)
    except QuantityError:
        return None


@pytest.mark.parametrize("how", SHIFTS)
def test_a_figure_moved_by_so_much_moves_every_receipt_as_in_python(engine, how):
    faults, moved = [], 0
    for figure in FACTS["figures"]:
        ids = list(resting(STORED, [figure]).arithmetic)
        form = shifted(figure, how) if ids else None
        if form is None:
            continue
        tables = altered(TABLES, {figure: form})
        want, got = [told(id, tables) for id in ids], engine.evaluate(ASKED, [{figure: form}, ids])
        moved += len(ids)
        faults += [
            (figure, form, id, g, w) for id, g, w in zip(ids, got, want, strict=True) if g != w
        ]
    assert moved > 100
    assert not faults


READ = """(forms) => forms.map((form) => { try {
  const one = Live.read(form), f = (x) => x.join("/");
  return [f(one.value), f(one.step), f(one.range[0]), f(one.range[1]), one.range[2], one.range[3],
    one.unit, one.counts, one.qualifier];
} catch (problem) { if (problem instanceof Live.Refused) return null; throw problem; } })"""

FORMS = (
    """
602 million|6.02亿|6.02亿 / 602 million|42.8%|25.2 percentage points|more than 254,000|三亿六千四百万
六亿零二百万|一点五亿|两成半|百分之四十二点八|万分之五|三分之一|翻了一番|two thirds|nine out of ten
one and a half million|six hundred and two million|half a percent|about 600 million|nearly 600 million
just over 600 million|240余款|30.0萬戶|53706(万人)|12,5 %|(6.0)|-3%|US$5 billion|¥3.5|free|1,234,567
60-billion-yuan|≥ 5|5以上|6.02亿左右|basis points|二百五|五六|六亿二|1,2,3|602 milion|602 million users|²
6.02亿 / 603 million|42.8% / 42.8 percentage points| / |more than about 5|١٢|５０％
""".strip()
    .replace("\n", "|")
    .split("|")
)


def printed_forms() -> list[str]:
    rows = (row for name in TABLES.tables for row in TABLES.rows(name))
    return sorted({row["printed"] for row in rows if row.get("printed")} | {*FORMS})


def reading(form) -> list | None:
    try:
        one = read(form)
    except QuantityError:
        return None
    ends = [ratio(x) for x in (one.value, one.step, one.interval.lower, one.interval.upper)]
    openness = [one.interval.lower_open, one.interval.upper_open]
    return [*ends, *openness, one.unit, one.counts, one.qualifier]


def test_the_page_reads_and_refuses_every_printed_form_as_python_does(engine):
    forms = printed_forms()
    got = engine.evaluate(READ, forms)
    assert dict(zip(forms, got, strict=True)) == {f: reading(f) for f in forms}


IMPOSSIBLE = {
    "more users than people": ("genai-users-2025-12", "3 billion", "is more than there are"),
    "a share above the whole": ("genai-rate-2025-12", "140%", "is more than the whole"),
    "a count below zero": ("genai-users-2025-12", "-5 million", "below zero"),
    "a share in place of a count": ("genai-users-2025-12", "45%", "another kind of number"),
    "no number": ("genai-users-2025-12", "many", "cannot be read"),
    "nothing": ("genai-users-2025-12", " ", "Nothing is written"),
}


@pytest.mark.parametrize("case", IMPOSSIBLE)
def test_what_cannot_stand_there_is_refused_in_words(engine, case):
    id, form, words = IMPOSSIBLE[case]
    said = engine.evaluate(
        "([id, form]) => { try { return Live.form(id, form); } catch (e) { return e.message; } }",
        [id, form],
    )
    assert words in said


def test_a_bare_number_is_read_in_the_scale_of_the_figure(engine):
    assert engine.evaluate("Live.form('genai-users-2025-12', '610')") == "610 million"
    assert engine.evaluate("Live.form('genai-rate-2025-12', '43.1')") == "43.1%"


def test_the_facts_name_nothing_that_the_figures_lack():
    assert {n for some in FACTS["models"].values() for n in some} <= set(
        range(len(FACTS["figures"]))
    )
    assert json.loads(live.compact(FACTS))["receipts"]["growth-2025"][0].startswith(
        "genai-users-2025-12 / "
    )
