"""Numbers in prose: what counts as one, and what a link may say."""

import json

import pytest

from receiptbook import prose
from receiptbook.book import Book, outputs
from receiptbook.numbers import QuantityError, computed
from receiptbook.prose import checker, manner
from receiptbook.prose.sentences import unsearched
from receiptbook.prose.text import sentence_around, sentences
from receiptbook.receipts import collect
from receiptbook.receipts.claims import quoted, receipt
from receiptbook.tables.data import load

FREE = [
    "In December 2025, on 5 February 2026, between 2017 and 2026.",
    "The 57th report names DeepSeek V3, GPT-4 and Q1.",
    "Code such as `users * 2` and $x^2 + 1$ is no prose.",
    "[602 million](ledger.md#genai-users-2025-12) users.",
    "One of them came first; the second half of 2025.",
    "A wave on 2025-12-31.",
    "% a comment with 12 numbers",
    "```python\nx = 12\n```",
    "```{figure} x.svg\n:width: 300\nNothing here.\n```",
    "2025年12月31日，第57次报告；12月的一个人。",
    "四舍五入以后，三成立。",
    "[6.02亿](ledger.md#genai-users-2025-12)人。",
]
CAUGHT = [
    ("There are 602 million.", ["602 million"]),
    ("It rose by 25.2 percentage points.", ["25.2 percentage points"]),
    ("They found three of them.", ["three"]),
    ("One million came.", ["One million"]),
    ("About half of them, or a third of all.", ["half", "a third of"]),
    ("# A title with 42 percent", ["42 percent"]),
    ("- a list\n- with 7 items", ["7"]),
    ("| a | b |\n|---|---|\n| 12 | x |", ["12"]),
    ("用户达6亿人。", ["6亿"]),
    ("用户达6.02亿人，增长141.7%。", ["6.02亿", "141.7%"]),
    ("四分之三的人，三成用户，十三项。", ["四分之三", "三成", "十三项"]),
    ("两篇新闻，一半的人，翻了两番。", ["两篇", "一半", "翻了两番"]),
    (":::{again} waves\nA title of 9 words\n:::", ["9"]),
    ("![an image of 9 things](x.png)", ["9"]),
    ("::::{note}\nIn a note 14 stand.\n::::", ["14"]),
    ("In 2025 2025 people came.", []),
    ("By 2,025 users.", ["2,025"]),
    ("**Bold 12** and *two*.", ["12", "two"]),
]


@pytest.mark.parametrize("text", FREE)
def test_dates_names_code_and_links_are_no_bare_numbers(text):
    assert prose.unlinked(text) == []


@pytest.mark.parametrize(("text", "numbers"), CAUGHT)
def test_a_bare_number_is_found(text, numbers):
    assert prose.unlinked(text) == numbers


def test_an_exempt_phrase_covers_itself_and_no_more():
    assert prose.unlinked("Two texts and two more.", ["two texts"]) == ["two"]


TABLES = load()
USERS = TABLES.series("genai-users")
GROWTH = receipt("growth-2025", USERS["2025-12"] / USERS["2024-12"] - 1).to_json()
SHARE = receipt("share-of-netizens", USERS["2025-12"] / TABLES["internet-users-2025-12"]).to_json()
GAIN = receipt(
    "gain", TABLES["genai-rate-2025-12"] - TABLES["genai-rate-2024-12"], "Gain"
).to_json()
COUNT = quoted("genai-users-2025-12").to_json()
FLOOR = quoted("genai-users-2026-06").to_json()
ADDED = receipt("added", USERS["2026-06"] - USERS["2025-12"], "Added, a floor").to_json()
MULTIPLE = receipt(
    "multiple",
    TABLES["firms-new-ai-software-2025-q1"] / TABLES["firms-ai-ministry-2025"],
    "A multiple, a ceiling",
    unit="times",
).to_json()


def made(value, unit_name, **ends):
    ends = ends or {"exact": True}
    return receipt("made", computed(value, unit_name, [], "made", **ends), "Made").to_json()


FIRMS = made(254_000, "enterprises", lower=253_500, upper=254_500)
CLIMB = made(1.278, "years", lower=1.25, upper=1.31)
WAVES = made(4, "waves")
COMPUTE = made(0.18, "EFLOPS", lower=0.1795, upper=0.1805)
NOTHING = made(0, "cases")
RATIO = made(2.95, "times", lower=2.9, upper=3.0)

SAID = [
    ("602 million", COUNT, None),
    ("6.02亿", COUNT, None),
    ("603 million", COUNT, "602 million"),
    ("0.6 billion", COUNT, None),
    ("0.7 billion", COUNT, "0.6 billion"),
    ("600 million", COUNT, "602 million"),
    ("about 600 million", COUNT, None),
    ("602 million people", COUNT, None),
    ("602 million users", COUNT, None),
    ("601.5 to 602.5 million", COUNT, None),
    ("600 to 602.5 million", COUNT, "602 to 602.5 million"),
    ("141.7 percent", GROWTH, None),  # as printed
    ("141.8%", GROWTH, None),  # as recomputed
    ("141.9%", GROWTH, "141.8%"),
    ("142 percent", GROWTH, None),
    ("from 141.1% to 142.5%", GROWTH, None),
    ("from 141.1 to 142.9 percent", GROWTH, "from 141.1 to 142.5 percent"),
    ("more than half", SHARE, None),
    ("nearly 60%", SHARE, "nearly 54%"),
    ("25.1 percentage points", GAIN, None),
    ("more than half", SHARE, None),
    ("a majority", SHARE, None),
    ("most", SHARE, None),
    ("derived", SHARE, None),
    ("1.3 years", CLIMB, None),
    ("1.3", CLIMB, None),
    ("four waves", WAVES, None),
    ("4", WAVES, None),
    ("0.18 EFLOPS", COMPUTE, None),
    ("180 PFLOPS", COMPUTE, None),
    ("more than 700 million", FLOOR, None),
    ("at least 700 million", FLOOR, None),
    ("more than 650 million", FLOOR, None),
    ("more than 97 million", ADDED, None),
    ("more than 98 million", ADDED, "more than 97 million"),
    ("at most 43 times", MULTIPLE, None),
    ("at most 42 times", MULTIPLE, "at most 43 times"),
    ("less than 42.1 times", MULTIPLE, "less than 42.5 times"),
    ("zero", NOTHING, None),
    ("none", NOTHING, None),
    ("tripled", RATIO, None),
    ("rose", GAIN, None),
    ("are fetched more", RATIO, None),
    ("rose", GROWTH, None),
    ("more than doubled", RATIO, None),
]
REFUSED = [
    ("about half", SHARE, "spelled out"),
    ("more than 60 percent", SHARE, "closely enough"),
    ("Supported", SHARE, "the verdict is derived"),
    ("the share", SHARE, "no number stands in them"),
    ("602.0 million", COUNT, "more digits than are known"),
    ("602.000 million", COUNT, "more digits than are known"),
    ("603.000 million", COUNT, "more digits than are known"),
    ("141.767 percent", GROWTH, "more digits than are known"),
    ("141.70 percent", GROWTH, "more digits than are known"),
    ("141.082 to 142.455 percent", GROWTH, "its digits are not those of the range"),
    ("0 to 1 billion", COUNT, "its digits are not those of the range"),
    ("1 billion", COUNT, "needs another scale word"),
    ("nearly a billion", COUNT, "needs another scale word|spelled out"),
    ("602 billion", COUNT, "needs another scale word"),
    ("1 trillion", COUNT, "needs another scale word"),
    ("more than 10 million", COUNT, "needs another scale word|closely enough|cannot be rewritten"),
    ("602 million firms", COUNT, "one counts enterprises"),
    ("602 million yuan", COUNT, "one counts yuan"),
    ("$602 million", COUNT, "one counts US dollars"),
    ("602 million years", COUNT, "one counts years"),
    ("254,000 people", FIRMS, "one counts persons"),
    ("1.3 months", CLIMB, "one counts months"),
    ("1.3 days", CLIMB, "one counts days"),
    ("4.0 years", WAVES, "one counts years"),
    ("zero", COUNT, "which is not nothing"),
    ("none", COUNT, "which is not nothing"),
    ("no", COUNT, "which is not nothing"),
    ("tripled", COUNT, "the receipt is in persons"),
    ("doubled", GROWTH, "times as much"),
    ("halved", RATIO, "spelled out"),
    ("doubled", RATIO, "spelled out"),
    ("a minority", SHARE, "the receipt says"),
    ("a majority", COUNT, "the receipt is in persons"),
    ("700 million", FLOOR, "closely enough"),
    ("98 million", ADDED, "closely enough"),
    ("42 times", MULTIPLE, "closely enough"),
    ("on record", COUNT, "no number stands in them"),
    ("fell", GAIN, "the receipt says"),
    ("more", COUNT, "no number stands in them"),
    ("fewer", RATIO, "the receipt says"),
]
IN_CHINESE = [
    ("6.02亿", "genai-users-2025-12", None),
    ("6.1亿", "genai-users-2025-12", "6.0亿"),
    ("17.7%", "genai-rate-2024-12", None),
    ("17.8%", "genai-rate-2024-12", "17.7%"),
    ("2.5亿", "genai-users-2024-12", None),
    ("100万亿", "tokens-day-china-2025-12", None),
]
WORDS = [
    ("slowed", "comparison", "supported", None),
    ("was not found", "absence", "missing", None),
    ("partly", "worded", "partly", None),
    ("partly borne out", "worded", "partly", None),
    ("fully supported", "worded", "partly", "the verdict is partly"),
    ("supported", "worded", "partly", "the verdict is partly"),
    ("three of them", "worded", "partly", "holds no number"),
    ("more than doubled", "comparison", "supported", None),
]


@pytest.mark.parametrize(("text", "one", "expected"), SAID, ids=[s[0] for s in SAID])
def test_words_of_a_link_say_what_the_receipt_says(text, one, expected):
    assert prose.check_link(text, one) == expected


@pytest.mark.parametrize(("text", "id", "expected"), IN_CHINESE)
def test_words_of_a_link_may_be_chinese(text, id, expected):
    assert prose.check_link(text, quoted(id).to_json()) == expected


def test_shares_and_floors_are_told_in_chinese_as_in_english():
    assert prose.check_link("多数", SHARE) is None
    assert prose.check_link("7亿", FLOOR, "用户已超过") is None


def test_what_was_not_found_is_linked_in_chinese_too():
    known = {"absent-share": {"kind": "absence"}}
    assert unsearched("定义没有找到。", known) == ["没有找到"]
    first, second, _ = sentences("定义没有找到⟦absent-share⟧。数字未公布。")
    assert (unsearched(first, known), unsearched(second, known)) == ([], ["未公布"])


@pytest.mark.parametrize(
    ("text", "one", "why"), REFUSED, ids=[f"{s[0]}-{s[2][:12]}" for s in REFUSED]
)
def test_words_that_say_another_thing_too_much_or_too_little_are_refused(text, one, why):
    with pytest.raises(QuantityError, match=why):
        prose.check_link(text, one)


@pytest.mark.parametrize(("text", "kind", "verdict", "why"), WORDS, ids=[w[0] for w in WORDS])
def test_words_without_a_number_link_to_verdicts_comparisons_and_absences(text, kind, verdict, why):
    one = {"kind": kind, "verdict": verdict, "value": None, "published": [], "shown": ""}
    if why is None:
        assert prose.check_link(text, one) is None
    else:
        with pytest.raises(QuantityError, match=why):
            prose.check_link(text, one)


@pytest.mark.parametrize("text", ["grew", "still growing", "在增加"])
def test_words_of_a_rise_do_not_link_to_a_comparison_that_found_a_fall(text):
    one = {"kind": "comparison", "verdict": "supported", "value": None, "published": [], "shown": "",
           "statement": "The population fell in each year"}  # fmt: skip
    with pytest.raises(QuantityError, match="went the other way: The population fell"):
        prose.check_link(text, one)
    assert prose.check_link("fell back", one) is None
    assert prose.check_link("the highest rate", one) is None


BEFORE = [
    ("The count has passed ", "700 million", FLOOR, True),
    ("It [has passed](ledger.md#passed) ", "700 million", FLOOR, True),
    ("more than ", "700 million", FLOOR, True),
    ("A floor of ", "700 million", FLOOR, True),
    ("the floor of the count, ", "700 million", FLOOR, True),
    ("It is no floor. It is ", "700 million", FLOOR, False),
    ("The floor of [6,000](ledger.md#firms) is one of ", "700 million", FLOOR, False),
    ("It stands in the appendix: a floor; here it is ", "700 million", FLOOR, False),
    ("It was ", "700 million", FLOOR, False),
    ("the rate “has exceeded ", "141.7 percent", GROWTH, True),
    ("nearly ", "602 million", COUNT, True),
]


@pytest.mark.parametrize(("before", "text", "one", "fits"), BEFORE, ids=[b[0] for b in BEFORE])
def test_a_floor_is_told_as_one_by_its_link_or_by_the_words_before_it(before, text, one, fits):
    try:
        assert prose.check_link(text, one, before) is None
        assert fits
    except QuantityError:
        assert not fits


def test_a_quotation_has_the_digits_of_what_it_quotes():
    """141.7 percent was printed and misses the recomputed 141.77; with a nought more nobody said it."""
    assert prose.check_link("141.7 percent", GROWTH) is None
    with pytest.raises(QuantityError, match="more digits"):
        prose.check_link("141.70 percent", GROWTH)


@pytest.mark.parametrize("price", [1, 0.4])
def test_free_is_said_of_a_price_of_nothing_only(price):
    free = quoted("price-ernie-speed-2024-05").to_json()
    assert prose.check_link("free", free) is None
    with pytest.raises(QuantityError, match="spelled out"):
        prose.check_link("free", {**free, "value": price, "published": [str(price)]})


def test_percent_for_a_percentage_point_is_refused():
    with pytest.raises(QuantityError, match="percentage points"):
        prose.check_link("25.1 percent", GAIN)


def _chapter(folder, text, *outputs):
    cell = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": text.splitlines(True)}
    code = {"cell_type": "code", "id": "b", "metadata": {}, "source": [], "execution_count": 1,
            "outputs": [{"output_type": "execute_result", "execution_count": 1, "metadata": {},
                         "data": data} for data in outputs]}  # fmt: skip
    path = folder / "one.ipynb"
    book = {"cells": [cell, code], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(book), "utf-8")
    return path


@pytest.mark.parametrize("word", ["A trend", "It [rose](ledger.md#x)"])
def test_the_sentence_around_a_place_is_told_as_it_reads(word):
    text = f"Before it.\n\n- One thing.\n- {word} of the\n  second; the third. After it.\n"
    told = f"- {word.replace('[', '').replace('](ledger.md#x)', '')} of the second;"
    assert sentence_around(text, text.index(word)) == told


def test_a_stale_number_fails_with_its_place_and_is_rewritten(tmp_path):
    path = _chapter(tmp_path, "Now [603 million](ledger.md#genai-users-2025-12) use it.")
    [fault] = prose.check([path])
    assert str(fault.place) == "one.ipynb, cell 1"
    assert "603 million" in str(fault) and "602 million" in str(fault)
    prose.rewrite(path, collect.linkable([path]))
    assert prose.check([path]) == []
    assert "[602 million](ledger.md#genai-users-2025-12)" in path.read_text("utf-8")


def test_a_rise_between_two_numbers_that_fall_is_named(tmp_path):
    early, late = "genai-users-2024-12", "genai-users-2025-12"
    known = {early: quoted(early).to_json(), late: quoted(late).to_json()}
    ends = f"[249 million](ledger.md#{early}) to [602 million](ledger.md#{late})"
    text = f"## What to remember\n\nThey {{}} from {ends}."
    path = _chapter(tmp_path, text.format("rose"))
    assert prose.check([path], known) == []
    (fault,) = prose.check([_chapter(tmp_path, text.format("fell"))], known)
    assert (fault.text, fault.sentence) == ("fell", f"They fell from ({early}) to ({late}).")


def test_a_link_to_no_receipt_fails_and_names_a_near_one(tmp_path):
    path = _chapter(tmp_path, "[602 million](ledger.md#genai-users-2025-21)")
    [fault] = prose.check([path], {"genai-users-2025-12": COUNT})
    assert "did you mean genai-users-2025-12" in str(fault)


@pytest.mark.parametrize("part", ["title", "caption", "alt"])
def test_the_words_of_a_chart_count_as_prose(tmp_path, part):
    words = {"id": "x", "title": "t", "caption": "c", "alt": "a", part: "Half of 602 million"}
    path = _chapter(tmp_path, "", {outputs.CHART: {"usermeta": {"receiptbook": words}}})
    assert {fault.text for fault in prose.check([path])} == {"Half", "602 million"}
    assert all(f"{part} of chart x" in str(fault) for fault in prose.check([path]))


def test_a_ground_that_names_no_receipt_fails(tmp_path):
    one = {**COUNT, "id": "x", "because": ["no-such-thing"], "kind": "worded"}
    path = _chapter(tmp_path, "", {"application/vnd.receiptbook.receipt+json": one})
    assert [fault.text for fault in prose.check([path])] == ["no-such-thing"]


BAD_ROWS = [
    ("two texts,one.md,1,", "row 2: reason missing"),
    ("two texts,,1,a name", "row 2: file missing"),
    ("two texts,one.md,some,a name", "row 2, count: found 'some'"),
    ("two texts,one.md,0,a name", "row 2, count: found '0'"),
    ("some 700 million,one.md,1,a round figure", "holds 700 million"),
    ('"the 1,404 of them",one.md,1,a figure', "holds 1,404"),
]


@pytest.mark.parametrize(("row", "why"), BAD_ROWS, ids=[b[1] for b in BAD_ROWS])
def test_an_exemption_says_where_how_often_and_why_and_holds_no_large_figure(tmp_path, row, why):
    book = Book(tmp_path)
    book.chapters.mkdir()
    book.exemptions.write_text(f"phrase,file,count,reason\n{row}\n", "utf-8")
    with pytest.raises(ValueError, match=why):
        prose.Exemptions.of(book)


def test_a_new_use_of_an_exempt_phrase_fails_until_its_count_is_raised(tmp_path):
    exempt = prose.Exemptions((prose.Exemption("two texts", "page.md", 1, "a name", 2),))
    page = tmp_path / "page.md"
    page.write_text("# Page\n\nThe two texts.\n", "utf-8")
    assert prose.check([page], {}, exempt) == []
    page.write_text("# Page\n\nThe two texts. Two texts more.\n", "utf-8")
    (fault,) = prose.check([page], {}, exempt)
    assert "1 in page.md, where it stands 2 times" in str(fault)
    assert exempt.lowered([page]) == exempt


def test_counts_of_phrases_that_went_are_lowered_and_unused_ones_dropped(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# Page\n\nThe two texts.\n", "utf-8")
    exempt = prose.Exemptions((
        prose.Exemption("two texts", "page.md", 3, "a name", 2),
        prose.Exemption("half an hour", "page.md", 1, "reading time", 3),
    ))  # fmt: skip
    assert exempt.lowered([page]).to_csv() == (
        "phrase,file,count,reason\ntwo texts,page.md,1,a name\n"
    )


def test_what_is_said_to_slips_is_counted_once_the_pages_of_all_exercises_are_read(tmp_path):
    (tmp_path / "exercises").mkdir()
    pages = [tmp_path / "rain.md", tmp_path / "sun.md"]
    for page in pages:
        page.write_text("# Page\n", "utf-8")
        (tmp_path / f"exercises/{page.stem}.csv").write_text(f"id\n{page.stem}-one\n", "utf-8")
    (tmp_path / "slips.csv").write_text(
        "exercise,says\nrain-one,The two texts.\nsun-one,The two texts.\n", "utf-8"
    )
    exempt = prose.Exemptions((prose.Exemption("two texts", "slips.csv", 1, "a name", 2),))
    assert prose.check(pages[:1], {}, exempt) == []
    (fault,) = prose.check(pages, {}, exempt)
    assert "1 in slips.csv, where it stands 2 times" in str(fault)


def test_an_exemption_holds_in_its_own_file_only(tmp_path):
    exempt = prose.Exemptions((prose.Exemption("two texts", "other.md", 1, "a name", 2),))
    page = tmp_path / "page.md"
    page.write_text("# Page\n\nThe two texts.\n", "utf-8")
    assert [fault.text for fault in prose.check([page], {}, exempt)] == ["two"]


def test_a_verdict_is_never_rewritten(tmp_path):
    path = _chapter(tmp_path, "It is [supported](ledger.md#genai-users-2025-12) and "
                    "[603 million](ledger.md#genai-users-2025-12).")  # fmt: skip
    known = collect.linkable([path])
    assert len(prose.rewrite(path, known)) == 1
    (fault,) = prose.check([path])
    assert fault.text == "supported" and "the verdict is stated" in fault.remedy


def test_no_number_and_no_sentence_in_the_book_could_be_wrong_or_better_said_unnoticed():
    book = Book.here()
    words = manner.word_list(book.style)
    faults = prose.check(book.written_pages(), exempt=prose.Exemptions.of(book), words=words)
    assert not faults, "\n" + "\n".join(map(str, faults))


@pytest.mark.parametrize(
    ("name", "says"),
    [("headlin", "no chapter 'headlin'"), ("ledger", "ledger.md is made from the receipts")],
)
def test_a_page_that_nobody_writes_is_named_and_nothing_passes_unread(name, says, capsys):
    assert prose.main([name]) == 2
    assert says in capsys.readouterr().err


@pytest.fixture
def small_book(tmp_path, monkeypatch):
    """A book of one page, over the tables of this one."""
    monkeypatch.setenv("RECEIPTBOOK_DATA", str(Book.here().data))
    monkeypatch.setenv("RECEIPTBOOK_ROOT", str(tmp_path))
    (tmp_path / "chapters").mkdir()
    (tmp_path / "_toc.yml").write_text("root: chapters/page\n", "utf-8")
    (tmp_path / "_config.yml").write_text("title: Rain\n", "utf-8")
    (tmp_path / "chapters/page.md").write_text("# Page\n", "utf-8")
    return Book(tmp_path)


def test_an_exemption_for_a_file_that_is_not_there_is_named(small_book, capsys):
    rows = ["two texts,sun.md,1,a name", "ten drops,exercises/page.csv,1,a name"]
    text = "\n".join(["phrase,file,count,reason", *rows])
    small_book.exemptions.write_text(f"{text}\n", "utf-8")
    assert prose.main([]) == 1
    told = capsys.readouterr().out
    assert "exemptions.csv, row 2: “sun.md”; expected a page of the book" in told
    assert "exemptions.csv, row 3: “exercises/page.csv”" in told


def test_how_it_is_said_is_passed_over_where_only_facts_are_asked_for(small_book, capsys):
    small_book.page("page").write_text(f"# Page\n\n{'word ' * 31}end.\n", "utf-8")
    assert prose.main(["--facts"]) == 0
    assert prose.main([]) == 1
    assert "at most 30 words" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("place", "waits"),
    [
        (("alt", "chart", "rain"), 1),
        (("note", "receipt", "rain"), 1),
        (("prompt", "", "q1"), 0),
        ((), 0),
    ],
)
def test_an_output_that_still_says_what_was_just_rewritten_waits_for_a_refresh(place, waits):
    faults = [
        prose.Fault(collect.Place("page.ipynb", 3, *place), "601 million", "“602 million”", ""),
        prose.Fault(collect.Place("page.ipynb", 4, *place), "7 million", "“8 million”", ""),
    ]
    left, stale = checker._parted(faults, {("page.ipynb", "601 million")})  # noqa: SLF001
    assert (len(left), len(stale)) == (2 - waits, waits)
