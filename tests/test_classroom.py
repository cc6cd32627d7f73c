"""Questions: answers come from the data, any answer in the rounding range is right, labs turn."""

import csv
import json
import re

import pytest

from receiptbook import exercises as classroom
from receiptbook import prose
from receiptbook.book import Book
from receiptbook.book.notebooks import bundles, read_notebook
from receiptbook.book.outputs import QUESTION
from receiptbook.exercises import (
    AnswerError,
    check,
    judge,
    judging,
    question,
    what_if,
    work_out,
)
from receiptbook.numbers import QuantityError, published, show
from receiptbook.receipts import collect
from receiptbook.tables import DataError, data

EXERCISES = classroom.load()
NOTEBOOKS = Book.here().notebooks()
SERIES = data.load().series("genai-users")


# --- the answer's arithmetic -----------------------------------------------------------------

FIGURES = {
    "a-1": published("602 million", "persons", id="a-1", label="a"),
    "b": published("249 million", "persons", id="b", label="b"),
    "rate-1": published("42.8%", id="rate-1", label="r"),
    "rate-2": published("17.7%", id="rate-2", label="q"),
}


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("a-1 / b - 1", "141.8%"),
        ("a-1 - b", "353.0 million"),
        ("( a-1 / b ) ** 2", "584.5%"),
        ("a-1 / ( b + b )", "120.9%"),
        ("rate-1 - rate-2", "25.1 percentage points"),
        ("rate-1 * a-1 + b", "506.7 million"),
        ("a-1", "602 million"),
        ("2 * b", "498 million"),
    ],
)
def test_an_answer_is_arithmetic_on_figures(expression, shown):
    q = work_out(expression, FIGURES.__getitem__)
    if q.unit.kind == "ratio":
        q = q.to("percent")
    assert (
        show(q.value, q.unit, 0 if shown.endswith("million") and "." not in shown else 1) == shown
    )


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("a-1 / c", "c"),
        ("a-1 /", "ends where"),
        ("( a-1 / b", "not closed"),
        ("a-1 b", "neither an id nor a number"),
        ("a-1 ( b", "left over"),
        ("a-1 + ) b", "stands where"),
        ("a-1/b", "neither an id nor a number"),
        ("141.8", "typed number"),
        ("a-1 + rate-1", "cannot add"),
        ("__import__", "neither an id"),
        ("a-1 / 0", "division by"),
    ],
)
def test_an_answer_that_cannot_be_worked_out_says_why(expression, told):
    with pytest.raises(AnswerError, match=re.escape(told)):
        work_out(expression, FIGURES.__getitem__)


# --- the tables ------------------------------------------------------------------------------

HEAD = ",".join(classroom.FIELDS)
GOOD = "x-one,question,1,How many?,persons,genai-users-2025-12,,Because.,"


def table(folder, *rows, head=HEAD, name="headline"):
    (folder / "exercises").mkdir(exist_ok=True)
    (folder / "exercises" / f"{name}.csv").write_text("\n".join([head, *rows, ""]), "utf-8")
    return folder


@pytest.mark.parametrize(
    ("row", "column", "told"),
    [
        ("x,riddle,1,How?,percent,genai-users-2025-12,,Because.,", "kind", "one of exercise, lab"),
        ("x,question,4,How?,percent,genai-users-2025-12,,Because.,", "level", "at most 3"),
        ("x,question,1,How?,percent,genai-users-2025-12,,,", "explain", "a value"),
        ("x,question,1,How?,,genai-users-2025-12,,Because.,", "unit", "the unit that the answer"),
        ("x,question,1,How?,,,,Because.,", "answer", "or choices"),
        ("x,question,1,How?,,,only one,Because.,", "choices", "at least two"),
        ("x,question,1,How?,,,a | a,Because.,", "choices", "different"),
        ("X one,question,1,How?,,,a | b,Because.,", "id", "text like"),
        (f"{GOOD}\n{GOOD}", "id", "does not repeat"),
    ],
)
def test_a_bad_row_is_named_with_file_row_and_column(tmp_path, row, column, told):
    with pytest.raises(DataError) as caught:
        classroom.load(table(tmp_path, row))
    problem = caught.value.problems[0]
    assert (problem.file, problem.column) == ("exercises/headline.csv", column)
    assert told in str(problem)


def test_a_missing_column_is_named(tmp_path):
    with pytest.raises(DataError, match=r"row 1.*explain"):
        classroom.load(table(tmp_path, "x,question", head="id,kind,level,prompt,unit,answer"))


def test_an_edited_table_is_read_again(tmp_path):
    for row in (GOOD, GOOD.replace("How many?", "How many persons?")):
        assert classroom.load(table(tmp_path, row))["x-one"].prompt == row.split(",")[3]


def test_an_id_is_used_once_in_the_book(tmp_path):
    table(tmp_path, GOOD, name="a")
    with pytest.raises(DataError, match=r"b\.csv, row 2.*already stands in a\.csv"):
        classroom.load(table(tmp_path, GOOD, name="b"))


def faults(folder=None):
    """Answers that cannot be worked out from the data as it stands, each with its place."""
    for one in classroom.load(folder).values():
        place = f"exercises/{one.chapter}.csv, row {one.number + 1}"
        try:
            q = one.quantity
        except AnswerError as error:
            yield f"{place}, answer: {error}"
        except QuantityError as error:
            yield f"{place}, unit: {error}"
        else:
            if q is not None and not q.interval.bounded:
                yield f"{place}, answer: {q.range_text} has one end; it takes any larger answer"


@pytest.mark.parametrize(
    ("row", "column", "told"),
    [
        ("x,question,1,How?,percent,no-such-figure,,Why.,", "answer", "no figure or receipt"),
        (
            "x,question,1,How?,percent,genai-users-2025-12,,Why.,",
            "answer",
            "cannot express persons",
        ),
        ("x,question,1,How?,parsecs,genai-users-2025-12,,Why.,", "unit", "unknown unit"),
    ],
)
def test_an_answer_that_the_data_do_not_give_is_a_fault(tmp_path, row, column, told):
    (problem,) = faults(table(tmp_path, row))
    assert problem.startswith(f"exercises/headline.csv, row 2, {column}: ")
    assert told in problem


def test_every_answer_of_the_book_follows_from_its_data():
    assert list(faults()) == []


def stored(kind):
    """Exercise ids that some chapter calls, with the chapter."""
    for path in NOTEBOOKS:
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                for id in re.findall(rf'\b{kind}\("([\w-]+)"', "".join(cell["source"])):
                    yield id, path.stem


def test_every_exercise_stands_in_its_own_chapter_once():
    shown = list(stored("question"))
    assert sorted(shown) == sorted((one.id, one.chapter) for one in EXERCISES.values())


def test_questions_are_numbered_in_the_order_in_which_their_chapter_asks_them():
    found = list(stored("question"))
    for path in NOTEBOOKS:
        asked = [EXERCISES[id] for id, chapter in found if chapter == path.stem]
        assert [one.number for one in asked] == list(range(1, len(asked) + 1)), path.stem
    assert EXERCISES["headline-annual-pace"].called == "Exercise 4"


def test_every_exercise_with_an_answer_can_be_checked_in_its_chapter():
    wanted = {
        id for id, one in EXERCISES.items() if one.kind == "exercise" and one.form == "number"
    }
    assert wanted <= {id for id, _ in stored("check")}


LOOKS = ("hide-input", "hide-output", "hide-cell", "remove-input", "remove-output", "remove-cell")


def test_the_site_shows_questions_without_their_code_and_neither_checks_nor_dead_widgets():
    seen = set()
    for path in NOTEBOOKS:
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            source, tags = "".join(cell["source"]), cell["metadata"].get("tags", [])
            called = (
                re.match(r"(question|check)\(", source) if cell["cell_type"] == "code" else None
            )
            kind = "widget" if "widget" in tags else called and called[1]
            if kind:
                look = "remove-input" if kind == "question" else "remove-cell"
                assert [tag for tag in tags if tag in LOOKS] == [look], (path.stem, source)
                seen.add(kind)
    assert seen == {"question", "check", "widget"}


def test_each_chapter_with_exercises_has_two_questions_and_exercises_that_begin_with_the_easiest():
    for chapter in {one.chapter for one in EXERCISES.values()}:
        here = [one for one in EXERCISES.values() if one.chapter == chapter]
        kinds = [one.kind for one in here]
        assert kinds.count("question") >= 2, chapter
        assert 2 <= kinds.count("exercise") <= 4, chapter
        levels = [one.level for one in here if one.kind == "exercise"]
        assert levels[0] == min(levels), chapter


# --- judging ---------------------------------------------------------------------------------

GROWTH = {"value": 141.767, "lower": 141.084, "upper": 142.453, "growth": True, "unit": "percent",
          "worth": 0.01, "measures": "ratio"}  # fmt: skip
GAIN = {"value": 25.1, "lower": 25.0, "upper": 25.2, "growth": False,
        "unit": "percentage points", "worth": 0.01, "measures": "points"}  # fmt: skip
ADDED = {"value": 87.0, "lower": 86.0, "upper": 88.0, "growth": False, "unit": "million persons",
         "worth": 1e6, "measures": "amount"}  # fmt: skip
WAVES = {"value": 4.0, "lower": 4.0, "upper": 4.0, "growth": False, "unit": "waves",
         "worth": 1.0, "measures": "amount"}  # fmt: skip
SMALL = {"value": 8.7, "lower": 8.6, "upper": 8.8, "growth": False, "unit": "times",
         "worth": 1.0, "measures": "ratio"}  # fmt: skip
# (question, number in its unit, worth of the last digit typed, outcome)
JUDGED = [
    (GROWTH, 141.8, 0.1, "right"),
    (GROWTH, 141.0, 0.1, "low"),
    (GROWTH, 141.05, 0.01, "low"),
    (GROWTH, 142.0, 1, "right"),
    (GROWTH, 142.4, 0.1, "right"),
    (GROWTH, 142.5, 0.1, "right"),  # rounds to a number in the range
    (GROWTH, 142.6, 0.1, "high"),
    (GROWTH, 140.0, 10, "right"),
    (GROWTH, 100.0, 100, "coarse"),
    (GROWTH, 1.418, 0.001, "unit"),
    (GROWTH, -141.8, 0.1, "sign"),
    (GROWTH, 241.8, 0.1, "growth"),
    (GROWTH, 2.42, 0.01, "growth"),
    (GROWTH, 140.0, 1, "coarse"),
    (GROWTH, 200.0, 1, "high"),
    (GAIN, 25.1, 0.1, "right"),
    (GAIN, 0.251, 0.001, "unit"),
    (GAIN, 26.0, 1, "high"),
    (ADDED, 87.0, 1, "right"),
    (ADDED, 87_000_000.0, 1, "unit"),
    (ADDED, 0.087, 0.001, "unit"),
    (ADDED, 8700.0, 1, "unit"),  # ten thousands of persons, as Chinese tables count
    (WAVES, 4.0, 1, "right"),
    (WAVES, 5.0, 1, "high"),
    (SMALL, 9.0, 1, "right"),
    (SMALL, 10.0, 10, "coarse"),
]


WIDE = {"value": 6.0, "lower": 5.5, "upper": 6.5, "least": 4.5, "most": 7.8, "growth": False,
        "unit": "times", "worth": 1.0, "measures": "ratio"}  # fmt: skip
WEEKLY = {**ADDED, "value": 336.0, "lower": 328.0, "upper": 344.0}
SLIPPED = {**GROWTH, "slips": [{"value": 58.64, "says": "Divide by the earlier count."}]}
ENDS = {**GAIN, "asks": "range", "slips": [{"value": 12.5, "says": "That is the half-year."}]}
MODELS = {"value": 68938.0, "lower": 68938.0, "upper": 68938.0, "growth": False, "unit": "models",
          "worth": 1.0, "measures": "amount"}  # fmt: skip
# (question, words typed, outcome); the page is held to the same table
WRITTEN = [
    (GROWTH, "141.8%.", "right"),
    (GROWTH, "141,8 %", "right"),
    (GROWTH, "about 142", "right"),
    (GROWTH, "~142%", "right"),
    (GROWTH, "≈ 142 percent", "right"),
    (GROWTH, "roughly 141.8 percent increase", "right"),
    (GROWTH, "1.418e2", "right"),
    (GROWTH, "1.418E+2 %", "right"),
    (GROWTH, "1.4e9", "high"),
    (GROWTH, "1e99", "unread"),
    (GROWTH, "e2", "unread"),
    (GROWTH, "minus 141.8", "sign"),
    (GROWTH, "602/249-1", "unit"),
    (GROWTH, "(602 - 249) / 249 * 100", "right"),
    (GROWTH, "602 ÷ 249 × 100 − 100", "right"),
    (GROWTH, "602/249-1 = 141.8%", "right"),
    (GROWTH, "(602-249", "unread"),
    (GROWTH, "602/0", "unread"),
    (GROWTH, "100 + 41.8", "right"),
    (GROWTH, "141.1 to 142.5", "right"),
    (GROWTH, "141.1–142.5%", "right"),
    (GROWTH, "141.1-142.5", "right"),
    (GROWTH, "between 141.1% and 142.5%", "right"),
    (GROWTH, "141.1到142.5", "right"),
    (GROWTH, "1.411 to 1.425", "unit"),
    (GROWTH, "141.7 to 141.8", "narrow"),
    (GROWTH, "130 to 150", "wide"),
    (GROWTH, "100 to 120", "low"),
    (GROWTH, "200 to 250", "high"),
    (GROWTH, "x" * 300, "unread"),
    (GROWTH, "1 " + "word " * 60, "unread"),
    (GAIN, "25.1 pts", "right"),
    (GAIN, "25.1 % points", "right"),
    (GAIN, "25.1百分点", "right"),
    (GAIN, "25.1个百分点", "right"),
    (GAIN, "25.0 to 25.2 points", "right"),
    (ADDED, "87 million weekly users", "right"),
    (ADDED, "87 mio", "right"),
    (ADDED, "８７００万", "right"),
    (WEEKLY, "3亿3600万", "right"),
    (WEEKLY, "336 million weekly users", "right"),
    (ADDED, "八千七百万", "right"),
    (ADDED, "eighty-seven million", "right"),
    (ADDED, "86 to 88 million", "right"),
    (WAVES, "four", "right"),
    (WAVES, "4.", "right"),
    (SMALL, "8.7 half-years", "right"),
    (SMALL, "87/10", "right"),
    (WIDE, "6", "right"),
    (WIDE, "5.4", "near"),
    (WIDE, "7.8", "near"),
    (WIDE, "4", "low"),
    (WIDE, "4.5 to 7.8 times", "right"),
    (WIDE, "5.0 to 7.0", "narrow"),
    (SLIPPED, "58.6%", "slip"),
    (SLIPPED, "60", "low"),
    (ENDS, "25.1", "ends"),
    (ENDS, "25.1 points", "ends"),
    (ENDS, "50/2", "ends"),
    (ENDS, "25.0 to 25.2", "right"),
    (ENDS, "25,0–25,2 percentage points", "right"),
    (ENDS, "25.1 to 25.1", "narrow"),
    (ENDS, "24 to 26", "wide"),
    (ENDS, "25.2 to 25.0", "unread"),
    (ENDS, "12.5", "slip"),
    (ENDS, "many", "unread"),
    (MODELS, "68,940", "right"),
    (MODELS, "68 900", "right"),
    (MODELS, "69000", "coarse"),
    (MODELS, "69 thousand", "right"),
]
# what students type to questions of the book
TYPED_IN_CLASS = [
    ("speed-revised", "0,424", "right"),
    ("headline-first-half", "106.8%.", "right"),
    ("headline-first-half", "106.8 percent increase", "right"),
    ("headline-first-half", "515/249-1", "unit"),
    ("headline-first-half", "1.068e2", "right"),
    ("headline-first-half", "106.2 to 107.4", "right"),
    ("headline-first-half", "about 107", "right"),
    ("headline-first-half", "141.7", "slip"),
    ("headline-first-half", "3/4", "low"),
    ("scenarios-slow-half", "4.3 half-years", "right"),
    ("scenarios-slow-half", "six", "high"),
    ("who-channels", "1.37 channels", "right"),
    ("who-weekly", "336 million weekly users", "right"),
    ("who-weekly", "336 mio", "right"),
    ("who-weekly", "3亿3600万", "right"),
    ("risks-relative", "21.1", "right"),
    ("risks-relative", "minus 21.1", "sign"),
    ("risks-relative", "6.0", "slip"),
    ("world-derivatives", "69 thousand", "right"),
    ("speed-half-year", "18.8 pts", "ends"),
    ("speed-half-year", "18.7 to 18.9", "right"),
    ("speed-half-year", "18.7–18.9 百分点", "right"),
    ("speed-half-year", "25.1百分点", "slip"),
    ("targets-half-pace", "12.6", "ends"),
    ("targets-half-pace", "12.4 to 12.8", "right"),
    ("headline-fixed-base", "25.1", "ends"),
    ("headline-fixed-base", "25.0 to 25.1", "right"),
]


@pytest.mark.parametrize(("one", "text", "outcome"), WRITTEN)
def test_what_is_typed_is_read_as_it_was_meant(one, text, outcome):
    assert judging.judge_words(one, text).partition(" ")[0] == outcome


@pytest.mark.parametrize(("id", "text", "outcome"), TYPED_IN_CLASS)
def test_what_students_type_is_judged_as_a_teacher_would(id, text, outcome):
    facts = classroom.exercise(id).to_json()
    assert judging.judge_words(facts, text).partition(" ")[0] == outcome


def test_a_range_is_right_as_words_or_as_a_quantity_and_a_number_alone_is_not():
    answer = classroom.exercise("speed-half-year").quantity
    given = {"quantity": answer, "number": float(answer.value * 100), "words": "18.7 to 18.9"}
    said = {kind: check("speed-half-year", one).outcome for kind, one in given.items()}
    assert said == {"quantity": "right", "number": "ends", "words": "right"}
    assert "a range in percentage points" in judging.said(
        classroom.exercise("speed-half-year").to_json(), "unit"
    )


@pytest.mark.parametrize("answer", ["B", "b", "b)", "2", 2])
def test_a_choice_is_made_by_its_letter_or_its_number(answer):
    one = next(one for one in EXERCISES.values() if one.choices)
    said = "right" if one.shuffled[1] == one.choices[0] else "wrong"
    assert check(one.id, answer).outcome == said


def test_every_expected_slip_is_told_and_none_of_them_is_right():
    told = [
        (id, check(id, slip["value"]).words == slip["says"])
        for id, one in EXERCISES.items()
        if one.form == "number"
        for slip in one.slips_told()
    ]
    assert len(told) > 10
    assert [id for id, said in told if not said] == []


def test_each_number_question_names_what_it_needs_and_not_its_answer():
    for id, one in EXERCISES.items():
        if one.form == "number":
            asked = repr(question(id))
            assert one.needs, id
            assert all(need["shown"] in asked and need["name"] in asked for need in one.needs), id
            assert not {need["shown"] for need in one.needs} & {one.to_json()["shown"]}, id


def typed(working: str) -> float:
    """What a calculator makes of arithmetic as it is told to people."""
    for told, meant in (("²", " ** 2"), ("÷", "/"), ("×", "*"), ("−", "-"), (",", ""),
                        (" percentage points", "%"), ("%", " / 100"),
                        (" million", " * 1000000"), (" billion", " * 1000000000")):  # fmt: skip
        working = working.replace(told, meant)
    assert re.fullmatch(r"[\d.+*/() -]+", working), working
    return eval(re.sub(r"([\d.]+ [*/] 10+)(?!\d)", r"(\1)", working))  # "4 million / 2 million"


WORKED = [id for id, one in EXERCISES.items() if one.form == "number" and one.working]


@pytest.mark.parametrize("id", WORKED)
def test_an_answer_is_shown_as_arithmetic_that_gives_it_on_a_calculator(id):
    one = EXERCISES[id]
    accepted, exact = one.accepted, one.quantity.value
    slack = abs(exact) / 1000  # receipts among the numbers are rounded themselves
    assert accepted.lower - slack <= typed(one.working) <= accepted.upper + slack, one.working
    assert f"{one.working} = {one.to_json()['shown']}" in classroom.answer_words(one.to_json())


def test_no_stored_answer_is_shown_as_names_of_figures():
    name_of_a_figure = re.compile(r"\w\(\d{4}-\d{2}\)")
    pages = [
        (path.stem, bundle["text/html"])
        for path in NOTEBOOKS
        for bundle in bundles(read_notebook(path).cells)
        if QUESTION in bundle
    ]
    assert len(pages) == len(EXERCISES)
    assert [page for page, html in pages if name_of_a_figure.search(html)] == []
    worked = [EXERCISES[id].working for id in WORKED]
    assert sum(any(one in html for one in worked) for _, html in pages) == len(worked)


@pytest.mark.parametrize(("one", "x", "step", "outcome"), JUDGED)
def test_a_number_is_judged_by_the_range_and_by_its_own_precision(one, x, step, outcome):
    assert judge(one, x, step) == outcome


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (None, "none"),
        ("106.8%", "right"),
        ("107 percent", "right"),
        ("106,8", "right"),
        ("about 107", "right"),
        (106.8, "right"),
        (107, "right"),
        (1.068, "unit"),
        (2.068, "growth"),  # the ratio of the counts, where percent are asked for
        ("2.07", "growth"),
        ("2.07 times", "growth"),
        ("353 million", "kind"),
        ("90 persons", "kind"),
        ("50 percentage points", "kind"),
        (206.8, "growth"),
        ("106.8 percentage points", "unit"),
        ("more than 100", "unread"),
        ("a lot", "unread"),
        ("", "unread"),
        ([1], "unread"),
        (float("nan"), "unread"),
        (SERIES["2025-06"] / SERIES["2024-12"] - 1, "right"),
        (SERIES["2025-06"] / SERIES["2024-12"], "growth"),
        (SERIES["2025-06"], "kind"),
    ],
)
def test_check_takes_numbers_words_and_quantities(answer, outcome):
    assert check("headline-first-half", answer).outcome == outcome


@pytest.mark.parametrize(
    ("id", "answer", "outcome"),
    [
        ("skills-places", "0", "near"),
        ("skills-places", "5", "near"),
        ("skills-places", "1000 years", "near"),
        ("skills-places", "7060", "right"),
        ("skills-places", "7,060 years", "right"),
        ("skills-places", "7100", "coarse"),
        ("skills-places", "7.06", "unit"),
        ("filings-bound", "0", "near"),
        ("filings-bound", "500000", "near"),
        ("filings-bound", "1,051,020", "right"),
        ("filings-bound", "1.1 million persons per service", "right"),
        ("filings-bound", "1.1 million", "right"),
        ("battery-times", "6", "right"),
        ("battery-times", "5", "near"),
        ("checking-through", "4 uses per day", "right"),
        ("checking-through", "4 uses", "right"),
    ],
)
def test_a_wide_or_one_sided_range_passes_only_what_rounds_to_the_answer(id, answer, outcome):
    assert check(id, answer).outcome == outcome


def test_what_is_right_lies_within_a_fifth_of_each_answer():
    for id, one in EXERCISES.items():
        if one.form == "number":
            value, right = one.quantity.value, one.accepted
            assert value in right, id
            assert right.width <= abs(value) * classroom.NARROW, id


def test_check_without_an_answer_says_so_and_gives_nothing_away():
    for id in EXERCISES:
        untouched = check(id)
        assert repr(untouched) == f"{id}: not answered yet"
        assert untouched._repr_mimebundle_() == {"text/plain": repr(untouched)}


def test_the_computed_answer_of_every_exercise_is_right():
    for id, one in EXERCISES.items():
        if one.form == "number":
            assert check(id, one.quantity).right, id
        if one.form == "choice":
            assert check(id, one.choices[0]).right, id
            assert check(id, one.shuffled.index(one.choices[0]) + 1).right, id
            assert [check(id, wrong).outcome for wrong in one.choices[1:]] == ["wrong"] * (
                len(one.choices) - 1
            )


def test_feedback_on_a_right_answer_gives_value_range_and_reason():
    one = check("headline-first-half", "107%")
    assert re.search(r"= 106\.8% \(106\.\d% to 107\.\d%\)", one.explain)
    assert EXERCISES["headline-first-half"].explain in one.explain
    wrong = check("headline-first-half", "90%")
    assert "106" not in repr(wrong)
    assert EXERCISES["headline-first-half"].hint in wrong.explain


def test_choices_are_shuffled_in_the_same_way_each_time_and_not_always_first():
    choices = [one for one in EXERCISES.values() if one.choices]
    assert all(one.shuffled == one.shuffled for one in choices)
    many = [
        classroom.Exercise(
            f"q-{n}", "question", 1, "", "", "", ("right", "b", "c"), "", "", "", None
        )
        for n in range(60)
    ]
    places = [one.shuffled.index("right") for one in many]
    assert all(10 < places.count(place) < 30 for place in range(3))


def test_the_right_choice_is_the_longest_in_a_third_at_most_and_never_by_far():
    choices = [one for one in EXERCISES.values() if one.choices]
    longest = [one.id for one in choices if len(one.choices[0]) == max(map(len, one.choices))]
    assert 1 <= len(longest) <= len(choices) / 3, longest
    far = [one.id for one in choices if len(one.choices[0]) > 2 * max(map(len, one.choices[1:]))]
    assert far == []


def test_the_right_choice_stands_at_each_place_about_as_often():
    places = [one.shuffled.index(one.choices[0]) for one in EXERCISES.values() if one.choices]
    counts = [places.count(place) for place in range(4)]
    assert max(counts) - min(counts) <= max(2, len(places) // 10), counts


def test_a_question_reads_without_its_script_and_hides_its_answer_in_a_fold():
    bundle = question("headline-first-half")._repr_mimebundle_()
    assert set(bundle) == {QUESTION, "text/html", "text/plain"}
    before, _, after = bundle["text/html"].partition("<summary>Answer</summary>")
    assert "106.8%" not in before
    assert "106.8%" in after
    assert "106.8%" not in bundle["text/plain"]
    assert "<script" not in bundle["text/html"]


def test_an_unknown_exercise_names_similar_ones():
    with pytest.raises(KeyError, match="headline-first-half"):
        check("headline-first-hall", 1)


# --- what if ---------------------------------------------------------------------------------


def test_a_misprinted_count_turns_verdicts_and_leaves_the_data_alone():
    path = data.load().root / "genai_waves.csv"
    before = path.read_bytes()
    result = what_if({"genai-users-2025-12": "603 million"}, chapters=["headline"], models=True)
    assert "users-2025-12-feasible" in result.turned
    assert "adoption-recomputed" in result.turned
    assert path.read_bytes() == before
    assert data.load()["genai-users-2025-12"].printed.startswith("6.02亿")


def test_the_same_figure_in_finer_print_turns_nothing_for_the_worse():
    result = what_if({"genai-users-2025-12": "602.0 million"}, chapters=["headline"])
    assert not [turn.id for turn in result.turns if turn.after is None]
    assert "contradicted" not in {str(turn.after.verdict) for turn in result.turns if turn.turned}


def test_arithmetic_is_worked_out_without_running_and_as_a_run_would():
    change = {"genai-users-2025-12": "603 million"}
    quick = what_if(change, chapters=["headline"])
    whole = what_if(change, chapters=["headline"], models=True)
    ran = {turn.id: turn.cells for turn in whole.turns}
    assert len(quick.turns) > 10
    assert {turn.id: turn.cells for turn in quick.turns}.items() <= ran.items()
    assert len(quick.by_model) >= len(ran) - len(quick.turns)
    assert not whole.by_model


def test_what_changes_is_told_in_words_and_the_rest_is_named():
    told = repr(what_if({"genai-users-2025-12": "610 million"}, chapters=["headline"]))
    assert "turned: Growth of users over end-2024: consistent 141.8% → contradicted 145.0%" in told
    assert "more depend on a model" in told
    assert "growth-2025" not in told


ALIKE = {
    "a plain count": ({"genai-users-2025-12": 610_000_000}, {"genai-users-2025-12": "610 million"}),
    "a plain rate": ({"genai-rate-2025-12": 43.1}, {"genai-rate-2025-12": "43.1%"}),
    "a rate without its sign": ({"genai-rate-2025-12": "43.1"}, {"genai-rate-2025-12": "43.1%"}),
    "Chinese": ({"genai-users-2025-12": "6.10亿"}, {"genai-users-2025-12": "610 million"}),
}


@pytest.mark.parametrize("case", ALIKE)
def test_a_plain_number_stands_for_the_printed_form_that_says_it(case):
    first, second = map(what_if, ALIKE[case])
    assert [t.cells for t in first.turns] == [t.cells for t in second.turns]
    assert first.turns


REFUSED = {
    "a count without its scale": ("603", "says no scale: write '603 million'"),
    "a count in words without its scale": (
        "six hundred",
        "says no scale: write 'six hundred million'",
    ),
    "a count with a decimal comma": ("603,5", "says no scale: write '603,5 million'"),
    "more users than people": ("3 billion", "more than population"),
    "below zero": (-5, "below zero"),
    "a share": ("45%", "printed in percent"),
    "words": ("many", "cannot read"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_a_figure_cannot_be_is_refused_in_words(case):
    new, words = REFUSED[case]
    with pytest.raises(QuantityError, match=words):
        what_if({"genai-users-2025-12": new})


def test_what_if_finds_the_chapters_that_use_a_figure():
    assert "headline" in classroom.resting_on(["genai-users-2025-12"])
    with pytest.raises(KeyError, match="no figure"):
        what_if({"genai-users-2025-13": "1"})
    with pytest.raises(KeyError, match="no chapter"):
        what_if({"genai-users-2025-12": "603 million"}, chapters=["headlines"])


def test_exercise_texts_are_checked_with_their_chapter(tmp_path):
    table(tmp_path, "x-one,question,1,Is it 602 million?,,,a | b,Because.,", name="page")
    (tmp_path / "page.md").write_text("# Page\n", "utf-8")
    faults = prose.check([tmp_path / "page.md"], known={})
    assert [str(fault.place) for fault in faults] == ["exercises/page.csv, prompt of x-one"]


def test_stale_numbers_in_exercises_are_rewritten(tmp_path):
    link = "[601 million](ledger.md#genai-users-2025-12)"
    table(tmp_path, f"x-one,question,1,Is it {link}?,,,a | b,Because.,", name="page")
    page = tmp_path / "page.md"
    page.write_text("# Page\n", "utf-8")
    changed = prose.rewrite(page, collect.linkable([page]))
    with (tmp_path / "exercises/page.csv").open(encoding="utf-8", newline="") as file:
        assert "[602 million]" in next(csv.DictReader(file))["prompt"]
    assert len(changed) == 1
