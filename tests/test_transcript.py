"""A chapter as a screen reader reads it: written down, held, and free of what hinders a listener."""

import os
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from chromium import chromium
from transcript import CONTROLS, SAID, transcript

from receiptbook import exercises

pytestmark = pytest.mark.slow  # a browser

CHAPTER = "headline"
WRITTEN = Path(__file__).parent / f"transcripts/{CHAPTER}.txt"
SPOKEN = {SAID.get(role, role) for role in CONTROLS} | {"figure", "radiogroup", "table", "image"}
SLUG = re.compile(r"\b[a-z]+(-[a-z0-9]+){2,}\b(?!\.html)")


@pytest.fixture(scope="module")
def heard(site, chromium_path):
    """The lines of the chapter with every question unfolded."""
    with chromium(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.goto((site / f"chapters/{CHAPTER}.html").as_uri())
        page.wait_for_selector(".kept:not([hidden])")
        page.evaluate("for (const one of document.querySelectorAll('.ask')) one.open = true")
        return transcript(page)


def told(line):
    """What a line is, and the name it is given."""
    match = re.match(r"\s*([\w-]+)(?: \([^)]*\))?(?:: (.*))?$", line)
    return match[1], (match[2] or "").partition(" / described as: ")[0]


def structure(lines):
    return [line for line in lines if told(line)[0] != "text"]


def test_a_chapter_is_heard_as_a_person_last_read_it(heard):
    if os.environ.get("RECEIPTBOOK_LOOKED"):
        WRITTEN.write_text("\n".join(heard) + "\n", "utf-8")
    assert structure(heard) == structure(WRITTEN.read_text("utf-8").splitlines()), (
        f"read {WRITTEN.name} as a listener would; if it is right, write it anew: "
        "RECEIPTBOOK_LOOKED=1 pytest tests/test_transcript.py"
    )


def test_whatever_can_be_used_or_entered_has_a_name_in_words(heard):
    named = [(line, *told(line)) for line in heard]
    assert [line for line, kind, name in named if kind in SPOKEN and not name] == []
    assert [line for line, kind, name in named if kind in SPOKEN and SLUG.search(name)] == []


def test_nothing_is_read_twice_in_a_row(heard):
    names = [(told(line)[1], line) for line in heard if told(line)[0] not in ("radio", "textbox")]
    plain = [(re.sub(r"[\[\]]", "", name).strip(), line) for name, line in names]
    twice = [line for (before, _), (name, line) in pairwise(plain) if before == name]
    assert [line for line in twice if len(told(line)[1]) > 12] == []


def test_figures_have_short_names_and_their_controls_say_which_figure(heard):
    figures = [told(line)[1] for line in heard if told(line)[0] == "figure"]
    assert figures == [f"Figure {n}" for n in range(1, len(figures) + 1)]
    asked = [told(line)[1] for line in heard if re.search(r"^\s*button: (PNG|SVG|Embed)", line)]
    assert asked and all(re.search(r"figure \d+$", name) for name in asked)


def test_each_question_is_a_heading_and_its_choices_are_named_by_it(heard):
    asked = [one for one in exercises.load().values() if one.chapter == CHAPTER]
    heads = [
        line
        for line in heard
        if re.search(r"disclosure \(heading level 3\): (Question|Exercise|Lab) ", line)
    ]
    assert len(heads) == len(asked)
    groups = [told(line)[1] for line in heard if told(line)[0] == "radiogroup"]
    names = [told(line)[1] for line in heads]
    assert len(groups) == sum(bool(one.choices) for one in asked)
    assert all(any(name.startswith(group) for name in names) for group in groups)


def test_landmarks_of_one_kind_have_names_of_their_own(heard):
    marks = [(kind, name) for kind, name in map(told, heard) if kind in ("navigation", "region")]
    assert all(name for _, name in marks)
    assert [one for one, count in Counter(marks).items() if count > 1] == []


def test_the_questions_are_two_keys_away(site, chromium_path):
    with chromium() as context:
        page = context.new_page()
        page.goto((site / f"chapters/{CHAPTER}.html").as_uri())
        for _ in range(2):
            page.keyboard.press("Tab")
        link = page.locator(":focus")
        assert link.inner_text() == "Skip to the questions"
        assert link.bounding_box()["y"] >= 0
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.matches('.question .ask > summary, main a')")


def test_a_refused_answer_is_marked_announced_and_gets_the_focus(site, chromium_path):
    with chromium() as context:
        page = context.new_page()
        page.goto((site / f"chapters/{CHAPTER}.html").as_uri())
        page.wait_for_selector(".kept:not([hidden])")
        for id, given in (("headline-first-half", "many"), ("headline-points", None)):
            box = page.locator(f"#question-{id}")
            box.locator(".ask > summary").click()
            if given:
                box.locator("input").fill(given)
            box.locator("button").click()
            field = box.locator("[role=radiogroup], .reply input").first
            assert field.get_attribute("aria-invalid") == "true"
            said = page.locator(f"#{field.get_attribute('aria-describedby')}")
            assert said.get_attribute("role") == "status" and len(said.inner_text()) > 8
            assert page.evaluate(f"document.activeElement.closest('#question-{id}') !== null")
            assert page.evaluate("document.activeElement.matches('input')")
