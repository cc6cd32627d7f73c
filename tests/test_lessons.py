"""The lessons: times that add up, every sheet there, a key to each task, no answer on a student's sheet."""

import re
import shutil
import subprocess
import sys

import pytest
from chromium import chromium
from live_cases import engine
from lxml import html

from receiptbook import exercises, markdown
from receiptbook.book import Book
from receiptbook.book.contents import read_yaml
from receiptbook.book.notebooks import bundles, read_notebook
from receiptbook.kit import STUDENTS, TEACHER
from receiptbook.kit.notebooks import MINUTES
from receiptbook.numbers import published
from receiptbook.receipts import collect
from surge import kit, lessons
from surge.kit import decks, grids, plan, sheets
from surge.lessons import LessonError, lesson

LESSONS = lessons.lessons()
DAYS = [(one.name, day) for one in LESSONS for day in one.days if day.steps]
STEPS = [(one.name, step) for one in LESSONS for step in one.steps]
SHEETS = [(one.name, sheet["name"]) for one in LESSONS for sheet in one.sheets]


def text_of(page):
    return " ".join(html.document_fromstring(page).xpath("string(//body)").split())


def plain(text):
    """Markdown of one or more lines as a reader of the page sees it."""
    return " ".join(html.fragment_fromstring(markdown.block(text), "div").text_content().split())


# --- times ------------------------------------------------------------------------------------


@pytest.mark.parametrize("one", LESSONS, ids=lambda one: one.name)
def test_the_minutes_of_a_lesson_are_the_sum_of_its_steps(one):
    taken = [lesson(day.lesson).minutes if day.lesson else day.minutes for day in one.days]
    assert sum(taken) == one.minutes
    told = re.search(r"(\d+) minutes", one.title)
    assert told is None or int(told[1]) == one.minutes


@pytest.mark.parametrize(("name", "day"), DAYS, ids=lambda value: getattr(value, "name", value))
def test_a_day_has_a_tenth_of_its_time_to_spare(name, day):
    spare = sum(step.minutes for step in day.steps if step.slack)
    assert spare * 10 >= day.minutes


def minutes(ids):
    return sum(MINUTES[exercises.exercise(id).level] for id in ids)


@pytest.mark.parametrize(("name", "step"), STEPS, ids=lambda value: getattr(value, "name", value))
def test_the_exercises_of_a_step_fit_into_its_minutes(name, step):
    assert minutes(step.exercises) <= step.minutes
    assert minutes(step.other) <= step.minutes


def test_minutes_of_exercises_that_a_lesson_names_are_the_exercises_own():
    told = [
        (id, int(number))
        for one in LESSONS
        for way in read_yaml(Book.here().chapters / "lessons" / f"{one.name}.yml")["up"]
        for id, number in re.findall(r"\*([\w-]+)\*[^(*]*\((\d+) minutes\)", way)
    ]
    assert len(told) == 2
    assert told == [(id, minutes([id])) for id, _ in told]


@pytest.mark.parametrize("sheet", [s for s in sheets.names() if s.endswith("homework")])
def test_homework_says_how_long_it_takes_and_its_exercises_fit(sheet):
    told = sheets.described()[sheet]
    asked = [block["exercise"] for block in told["blocks"] if "exercise" in block]
    assert minutes(asked) + 20 * (len(asked) < len(told["blocks"])) <= told["minutes"]


# --- everything that is named is there --------------------------------------------------------


@pytest.mark.parametrize("one", LESSONS, ids=lambda one: one.name)
def test_a_lesson_has_a_plan_a_key_an_exit_ticket_and_homework_and_each_sheet_is_used(one):
    there = {file.path: file.whose for file in kit.files()}
    for kind in ("plan", "key"):
        assert there[f"handouts/{one.name}-{kind}.pdf"] == TEACHER
    own = [sheet["name"] for sheet in one.sheets]
    assert {there[f"handouts/{name}.pdf"] for name in own} == {STUDENTS}
    used = {name for step in one.steps for name in step.sheets}
    used |= {name for day in one.days for name in day.homework}
    assert set(own) <= used
    assert f"{one.name}-exit" in used
    assert f"{one.name}-homework" in used


def test_every_file_that_a_lesson_names_is_in_the_kit():
    stems = {re.sub(r"^.*/|\.\w+$", "", file.path) for file in kit.files()}
    named = {name for _, step in STEPS for name in (*step.sheets, *step.also)}
    for page in (maker(one.name) for one in LESSONS for maker in (plan.printed_plan, sheets.key)):
        named |= set(re.findall(r"([\w-]+)\.pdf", text_of(page)))
    assert named - stems == set()


@pytest.mark.parametrize("one", LESSONS, ids=lambda one: one.name)
def test_the_page_for_teachers_shows_each_step_in_a_row_of_a_table(one, site):
    page = html.parse(str(site / "chapters" / "teach.html"))
    rows = [" ".join(row.text_content().split()) for row in page.xpath("//main//table//tr")]
    for step in one.steps:
        assert any(row.startswith(f"{step.minutes} {step.called} The class") for row in rows)


# --- sheets and keys --------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "sheet"), SHEETS)
def test_each_task_has_an_answer_in_the_key_and_none_on_the_sheet(name, sheet):
    student, key = text_of(sheets.student(sheet)), text_of(sheets.key(name))
    made = sheets.blocks(sheets.described()[sheet])
    for block in made:
        assert not block["task"] or block["answer"], block["task"]
        if not block["answer"]:
            continue
        answer = plain(block["answer"])
        assert answer in key
        pieces = [piece for piece in re.split(r"(?<=[.;:!?]) ", answer) if len(piece) > 15]
        told = [plain(part) for part in re.findall(r"\*\*(.+?)\*\*", block["answer"])]
        assert [piece for piece in pieces if piece in student] == []
        assert block["choices"] or [part for part in told if part in student] == []
        if block["slip"]:
            assert plain(block["slip"]) not in student
        if block["grid"] and block["grid"].key:
            given = {cell for row in block["grid"].rows for cell in row}
            last = {cell for row in block["grid"].key for cell in row[-2:] if len(cell) > 8}
            found = [cell for cell in last - given if markdown.words(cell) in student]
            assert found == []


def test_ends_of_rounding_stand_on_no_student_s_sheet_but_where_the_task_gives_them():
    student = text_of(sheets.student("lesson-45"))
    assert "42.75% to 42.85%" in student
    for end in ("248.5", "249.5", "601.5", "602.5"):
        assert end not in student
        assert end in text_of(sheets.key("lesson-45"))


def test_the_worksheet_asks_for_each_verdict_once_and_the_key_gives_those_of_the_chapter():
    student = html.document_fromstring(sheets.student("lesson-45"))
    offered = [one.xpath(".//li/text()") for one in student.xpath("//div[@class='receipt']")]
    assert offered == [list(sheets.TO_TICK)] * 3
    (told,) = (
        b["receipts"] for b in sheets.blocks(sheets.described()["lesson-45"]) if b["receipts"]
    )
    found = collect.stored_receipts([Book.here().page("headline")])
    assert [one["verdict"] for one in told] == [found[one["id"]]["verdict"] for one in told]
    assert sorted(one["verdict"] for one in told) == sorted(sheets.TO_TICK, key=str)


def test_the_points_of_the_samples_add_up_to_those_the_key_tells():
    (block,) = (b for b in sheets.blocks(sheets.described()["samples"]) if b["key"])
    totals = [
        sum(int(n) for row in block["key"]["rows"] for n in row[column].split(","))
        for column in (1, 3)
    ]
    assert [int(n) for n in re.findall(r"\*\*(\d+)\*\*", block["answer"])] == totals
    assert totals[0] * 3 < totals[1]


# --- figures ----------------------------------------------------------------------------------


def texts(value):
    """Each text of a structure, without what is quoted, the ids of figures and dates."""
    if isinstance(value, dict):
        for key, one in value.items():
            if key not in ("quote", "by", "check", "exercise", "name", "receipts", "computed"):
                yield from texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts(one)
    elif isinstance(value, str):
        yield value


def test_no_figure_is_typed_into_a_lesson():
    """What may stand: ids in braces, links, minutes, dates, ages, points, and words in quotes."""
    may = (
        r"\{[^}]*\}|\]\([^)]*\)|`[^`]*`|\*[\w-]+-[\w-]+\*|“[^”]*”|\b\d+ minutes|\b(19|20)\d\d\b"
        r"|5 February|\d+ to \d+$|aged \d+ to \d+|aged \d+ and over|lesson-\d+|\*\*\d+\*\*|of 40|^[\d, ]+$"
        r"|task \d|(Question|Exercise|Lab) \d+|side \d"
        r"|603 million|602 million people|42 in place|exactly 42|42 percent|^602 million$"
        r"|142pc|42pc"
    )
    found = [
        text
        for one in LESSONS
        for text in texts(
            [*one.sheets, one.opener, one.judge, one.down, one.up, one.without, one.needs]
        )
        if re.search(r"\d", re.sub(may, "", text))
    ]
    assert found == []


def test_numbers_in_the_quoted_news_are_those_that_the_book_examines():
    claimed = (Book.here().data / "seed_claims.csv").read_text("utf-8")
    quotes = [b for one in LESSONS for s in one.sheets for b in s["blocks"] if b.get("quote")]
    assert len(quotes) == 2
    for block in quotes:
        assert "China Daily" in block["by"]
        assert "5 February 2026" in block["by"]
        for number in re.findall(r"\d[\d.,]*\d", " ".join(block["quote"])):
            assert number in claimed or number in ("2024", "2025"), number


def test_what_the_news_is_checked_with_stands_behind_the_first_question_about_it():
    for one in LESSONS:
        for sheet in one.sheets:
            kinds = [next(k for k in block) for block in sheet["blocks"]]
            if "quote" not in kinds:
                continue
            asked = min(n for n, block in enumerate(sheet["blocks"]) if "task" in block)
            given = [
                n for n, b in enumerate(sheet["blocks"]) if {*b} & {"computed", "computed_beside"}
            ]
            assert kinds.index("quote") < asked, sheet["name"]
            assert all(n > asked for n in given), sheet["name"]
            if given:
                assert "fold" in sheet["hands"], "the sheet does not say how to hide them till then"


def test_the_misprint_of_the_lab_is_the_one_that_the_sheet_tells():
    changed = grids.MISPRINT
    assert changed in text_of(sheets.student("lesson-90-lab"))
    assert changed in exercises.exercise("headline-lab").prompt
    assert published(changed, "persons").value == 603_000_000


def test_slide_sheet_key_lab_and_what_if_page_count_what_turns_in_the_same_scope(chromium_path):
    sheet, book, lab = grids.scopes()
    (own,) = sheet.turned
    assert len(grids.misprint().key) == len(grids.ASKED)
    turned = [row[0] for row in grids.misprint().key if row[-1] == "turns"]
    assert [statement.partition(". ")[2] for statement in turned] == [own.statement]

    key = text_of(sheets.key("lesson-90"))
    assert f"Of the {len(grids.ASKED)} statements on the sheet, 1 turns" in key
    for scope in (lab, book):
        assert scope.counts in key
        assert all(turn.statement in key for turn in scope.turned)
    assert f"marks {len(lab.turned)} as turned" in key
    assert f"has {len(book.turned)}: this one" in key

    (slide,) = (one for one in decks.deck("lesson-90").slides if one.heading == grids.tried().after)
    _, *counts = slide.text.splitlines()[-1].strip("| ").split(" | ")
    assert counts == ["1: 1 becomes contradicted", str(len(book.turned))]
    assert all(scope.counts in slide.text for scope in (sheet, book))
    assert own.statement in slide.notes

    stored = read_notebook(Book.here().page(grids.LAB_OF))
    (shown,) = (
        bundle["text/html"]
        for cell in stored.cells if "what_if(" in cell.source and "models=True" in cell.source
        for bundle in bundles([cell])
    )  # fmt: skip
    assert shown.count("<td>turned</td>") == len(lab.turned)

    with chromium() as context:
        page = context.new_page()
        page.add_script_tag(content=engine())
        turned = page.evaluate(f"Live.compare({{'{grids.MISPRINTED}': '{grids.MISPRINT}'}}).turned")
    assert {*turned} == {turn.id for turn in book.turned}


def test_a_changed_count_changes_sheet_and_key(tmp_path, monkeypatch, root):
    copy = tmp_path / "data"
    shutil.copytree(root / "data", copy)
    waves = copy / "genai_waves.csv"
    text = waves.read_text("utf-8")
    old = "2.49亿 / 249 million,249000000"
    assert old in text
    waves.write_text(text.replace(old, "2.48亿 / 248 million,248000000"), "utf-8")
    before = text_of(sheets.student("lesson-45"))
    monkeypatch.setenv("RECEIPTBOOK_DATA", str(copy))
    code = "from surge.kit import sheets as s; print(s.student('lesson-45'), s.key('lesson-45'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root)
    assert done.returncode == 0, done.stderr
    assert "515 million / 249 million" in before
    assert "515 million / 248 million" in done.stdout
    assert "248 million: 247.5 to 248.5 million" in done.stdout


# --- descriptions that cannot be used ---------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("without:", "wthout:", "found no 'without'"),
        ("        minutes: 8", "        minute: 8", "step 'The headline alone'"),
        ("    homework: [lesson-45-homework]", "    homewrk: [x]", "a day has 'homewrk'"),
        ("\ncheck:", "\nchek:", "the lesson has 'chek', which nothing reads"),
    ],
    ids=[
        "a part is missing",
        "a step has another word",
        "a day has another word",
        "a lesson has another word",
    ],
)
def test_a_description_with_a_slip_is_refused_with_its_place(tmp_path, monkeypatch, old, new, told):
    folder = Book.here().chapters / "lessons"
    text = (folder / "lesson-45.yml").read_text("utf-8")
    assert old in text
    changed = tmp_path / "lesson-45.yml"
    changed.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(LessonError, match=re.escape(told)) as error:
        lessons.read(changed)
    assert "lesson-45.yml" in str(error.value)


def test_a_block_with_a_word_that_nothing_reads_is_refused():
    with pytest.raises(LessonError, match="sheet rain: found anwser; expected only"):
        sheets.blocks({"name": "rain", "blocks": [{"task": "Does it rain?", "anwser": "Yes."}]})


# --- on paper ---------------------------------------------------------------------------------

FILL = """() => [...document.querySelectorAll("article")].map((leaf) => {
  const low = Math.max(...[...leaf.children].map((part) => part.getBoundingClientRect().bottom));
  return (low - leaf.getBoundingClientRect().top) / leaf.getBoundingClientRect().height;
})"""
LOW = """() => [...document.querySelectorAll("table.write tbody td")]
  .map((cell) => cell.getBoundingClientRect().height * 25.4 / 96)"""


@pytest.mark.slow
def test_no_fifth_of_a_sheet_is_empty_and_rows_are_high_enough_to_write_in(chromium_path):
    empty, low = [], []
    with chromium(viewport={"width": 673, "height": 1000}) as context:  # 178 mm
        tab = context.new_page()
        tab.emulate_media(media="print")
        for name in sheets.names():
            tab.set_content(sheets.student(name))
            empty += [(name, part) for part in tab.evaluate(FILL) if part < 0.8]
            low += [(name, height) for height in tab.evaluate(LOW) if height < 8]
    assert (empty, low) == ([], [])


def test_the_plan_adds_up_the_pages_to_print_for_a_class_of_24():
    told = {sheet["name"]: sheet["pages_for_24"] for sheet in lesson("lesson-90").sheets}
    ways = {"each pair": 12, "six groups": 6, "each group": 6, "one slip": 12, "one for each": 24}
    for name, pages in told.items():
        hands = sheets.described()[name]["hands"]
        assert pages == next(n for words, n in ways.items() if words in hands), name
    cards = plan.ALSO["claim-cards"]["pages_for_24"]  # two sets of five pages
    assert f"in all{sum(told.values()) + cards}" in text_of(plan.printed_plan("lesson-90"))
    assert "pages for 24" not in text_of(plan.printed_plan("lesson-45"))
