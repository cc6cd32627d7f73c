"""Questions on the page: judged as in the kernel, offline, by keyboard, legible without scripts."""

import json
from html import escape

import pytest
from chromium import chromium
from lxml import html
from test_classroom import ADDED, GAIN, GROWTH, JUDGED, SMALL, TYPED_IN_CLASS, WAVES, WRITTEN

from receiptbook import exercises as classroom
from receiptbook.exercises import judging
from receiptbook.markdown import words
from receiptbook.site import questions
from receiptbook.site.static import source

pytestmark = pytest.mark.slow  # a browser

SCRIPT = questions.script("".join(map(source, questions.PARTS)))


def payload(one, id="q"):
    """A question as the page gets it, around the numbers that decide."""
    common = {"kind": "question", "level": 1, "form": "number", "choices": [], "hint": "Think."}
    return {"id": id, **common, "prompt": "How many?", "explain": "Because.", **one}


def page(folder, *asked):
    """A page with questions and nothing else."""
    boxes = "".join(
        f'<section class="question"><div class="prompt">{escape(one["prompt"])}</div>'
        f"{questions.form(one)}<details class='hint'><summary>Hint</summary><p>Think.</p></details>"
        "<details class='answer'><summary>Answer</summary><p>Because.</p></details></section>"
        for one in asked
    )
    (folder / "questions.js").write_text(SCRIPT, "utf-8")
    file = folder / "page.html"
    file.write_text(
        f'<!doctype html><meta charset="utf-8"><title>t</title>{boxes}'
        '<script defer src="questions.js"></script>',
        "utf-8",
    )
    return file.as_uri()


def facts_of(id):
    return {name: one for name, one in classroom.exercise(id).to_json().items() if name != "id"}


PLACES, BOUND, USES = (
    facts_of(id) for id in ("skills-places", "filings-bound", "checking-through")
)
TYPED = [
    # question, typed words; both the page and the kernel judge them
    *(
        (GROWTH, text)
        for text in (
            "141.8", "141.8%", "141,8", " 142 percent ", "1.418", "1.418 times", "-141.8", "−141.8",
            "241.8", "300", "20", "1e2", "", "many", "142 persons", "141.8 percentage points",
        )
    ),
    *((GAIN, text) for text in ("25.1", "25.1 pp", "25.1%", "25", "24", "0.251", "25.1 points")),
    *(
        (ADDED, text)
        for text in (
            "87", "87 million", "87,000,000", "87000000", "8700万", "0.87亿", "0.087 billion",
            "87 thousand", "0.087", "90 million users", "0.1 billion", "1 billion", "87 mn",
        )
    ),
    *((WAVES, text) for text in ("4", "5", "4.0")),
    *((SMALL, text) for text in ("9", "8.7-fold", "870%", "8.7x", "10")),
    *(
        (GROWTH, text)
        for text in ("2.42", "2.42 times", "353 million", "353 million users", "90 points", "140")
    ),
    *(
        (PLACES, text)
        for text in (
            "0", "5", "7060", "7,060 years", "7060 year", "7100", "7100 years", "1000 years", "7.06",
            "7.06 thousand years", "70%", "6 months", "7060 parsecs",
        )
    ),
    *((BOUND, text) for text in ("0", "500000", "1.1 million", "1.1 million persons per service")),
    *((one, text) for one, text, _ in WRITTEN),
    *((facts_of(id), text) for id, text, _ in TYPED_IN_CLASS),
    *((USES, text) for text in ("4", "4 uses per day", "4 uses", "4 use per day", "40 uses")),
]  # fmt: skip


class Row(classroom.Exercise):
    """An exercise whose numbers are given, for judging words in the kernel."""

    def to_json(self):
        return self.given


def in_kernel(one, text, monkeypatch):
    row = Row("q", "question", 1, "", one["unit"], "x", (), "", "", "", None)
    object.__setattr__(row, "given", payload(one))
    monkeypatch.setattr(judging, "exercise", lambda id: row)
    return classroom.check("q", text)


def told(context, folder, typed):
    """What the page says to each of some (question, words): outcome and sentence."""
    tab = context.new_page()
    faults = []
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.goto(page(folder, *(payload(one, f"q{n}") for n, (one, _) in enumerate(typed))))
    for n, (_, answer) in enumerate(typed):
        tab.fill(f"#q{n}-reply", answer)
        tab.press(f"#q{n}-reply", "Enter")
    said = tab.evaluate(
        "[...document.querySelectorAll('[role=status]')].map("
        "(s) => [s.dataset.outcome, s.querySelector('p').textContent])"
    )
    assert faults == []
    return [tuple(pair) for pair in said]


def test_the_page_and_the_kernel_judge_alike_and_say_the_same(tmp_path, chromium_path, monkeypatch):
    kernel = [in_kernel(one, words, monkeypatch) for one, words in TYPED]
    with chromium(offline=True) as context:
        said = told(context, tmp_path, TYPED)
    assert [(words, *pair) for (_, words), pair in zip(TYPED, said, strict=True)] == [
        (words, one.outcome, one.words) for (_, words), one in zip(TYPED, kernel, strict=True)
    ]
    assert {outcome for outcome, _ in said} - {"slip"} == classroom.FEEDBACK.keys() - {
        "open",
        "choose",
        "wrong",
    }


def test_numbers_are_judged_alike_whatever_their_precision(tmp_path, chromium_path):
    """The table of the kernel's own test, typed with as many digits as its step has."""
    cases = [  # digits that are not there cannot be typed
        (one, f"{x:.{len(f'{step:g}'.partition('.')[2])}f}", outcome)
        for one, x, step, outcome in JUDGED
        if step <= 1
    ]
    with chromium(offline=True) as context:
        said = told(context, tmp_path, [case[:2] for case in cases])
    assert [(words, outcome) for _, words, outcome in cases] == [
        (words, outcome) for (_, words, _), (outcome, _) in zip(cases, said, strict=True)
    ]


def test_a_choice_is_made_and_judged_with_the_keyboard_alone(tmp_path, chromium_path):
    one = payload({"form": "choice", "choices": ["no", "yes", "perhaps"], "right": 1, "unit": None})
    with chromium(offline=True) as context:
        tab = context.new_page()
        tab.goto(page(tmp_path, one))
        status = tab.locator("[role=status]")
        tab.keyboard.press("Tab")
        for keys, outcome in (
            (["Space", "Enter"], "wrong"),
            (["ArrowDown", "Enter"], "right"),
            (["ArrowDown", "Tab", "Enter"], "wrong"),
        ):
            for key in keys:
                tab.keyboard.press(key)
            assert status.get_attribute("data-outcome") == outcome
        assert status.inner_text().startswith(classroom.FEEDBACK["wrong"])


def test_before_any_choice_the_page_asks_for_one(tmp_path, chromium_path):
    one = payload({"form": "choice", "choices": ["no", "yes"], "right": 1, "unit": None})
    with chromium(offline=True) as context:
        tab = context.new_page()
        tab.goto(page(tmp_path, one))
        tab.click("button")
        assert tab.locator("[role=status]").inner_text() == classroom.FEEDBACK["choose"]


# --- the built book --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def chapters(site):
    """Pages of the built book that ask something, with their exercises."""
    found = {}
    for one in classroom.load().values():
        found.setdefault(site / "chapters" / f"{one.chapter}.html", []).append(one)
    assert found
    return found


@pytest.mark.long
def test_each_question_answers_from_a_folder_without_a_network(chapters, chromium_path):
    with chromium(offline=True) as context:
        for file, asked in chapters.items():
            tab = context.new_page()
            faults = []
            tab.on("pageerror", lambda error, to=faults: to.append(str(error)))
            tab.on("console", lambda m, to=faults: to.append(m.text) if m.type == "error" else 0)
            tab.goto(file.as_uri())
            for one in asked:
                box = tab.locator(f".question:has(#{one.id}-form)")
                if one.form == "open":
                    assert box.count() == 0
                    continue
                box.locator(".ask > summary").click()
                if one.form == "choice":
                    box.locator("li", has_text=words(one.choices[0])).locator("input").check()
                else:
                    facts = one.to_json()
                    ends = [facts["value"]]
                    if facts.get("asks") == "range":
                        ends = [facts["least"], facts["most"]]
                    box.locator("input").fill(" to ".join(f"{end:.4f}" for end in ends))
                box.locator("button").click()
                status = box.locator("[role=status]")
                assert status.get_attribute("data-outcome") == "right", one.id
                assert len(status.inner_text()) > len(classroom.FEEDBACK["right"])
            assert faults == [], file.name
            tab.close()
        assert context.strangers == []


@pytest.mark.long
def test_without_scripts_questions_and_answers_can_be_read_and_nothing_is_dead(
    chapters, chromium_path
):
    with chromium(java_script_enabled=False) as context:
        for file, asked in chapters.items():
            tab = context.new_page()
            tab.goto(file.as_uri())
            boxes = tab.locator(".question")
            assert boxes.count() == len(asked)
            for box in boxes.all():
                box.locator(".ask > summary").click()
                assert box.locator(".prompt").is_visible()
                assert box.locator("input:visible, button:visible").count() == 0
                box.locator("details.answer summary").click()
                assert box.locator("details.answer p").first.is_visible()
            tab.close()


@pytest.mark.long
def test_on_paper_a_question_stands_without_its_answer(chapters, chromium_path):
    with chromium() as context:
        for file in chapters:
            tab = context.new_page()
            tab.goto(file.as_uri())
            tab.emulate_media(media="print")
            assert tab.locator(".question .prompt").first.is_visible()
            assert tab.locator(".ask :is(details, button, .reply):visible").count() == 0
            tab.close()


def test_links_inside_questions_lead_to_receipts(chapters):
    for file, asked in chapters.items():
        links = html.parse(str(file)).xpath("//*[@class='prompt']//a/@href")
        if any("ledger.md#" in one.prompt for one in asked):
            assert any(link.startswith("ledger.html#") for link in links)
        assert not any("ipynb" in link for link in links)


def test_the_page_holds_no_more_of_an_answer_than_judging_needs(chapters):
    for file in chapters:
        judged = html.parse(str(file)).xpath("//@data-judged")
        assert judged
        for facts in map(json.loads, judged):
            assert set(facts) <= set(questions.JUDGED)
