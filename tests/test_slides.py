"""The decks: read from the back row, ask before they answer, turn, tell the time, go on paper."""

import itertools
import re

import pytest
from chromium import chromium
from lxml import html

from receiptbook import exercises, markdown
from receiptbook.book.outline import chapter_notebook
from receiptbook.kit import projector, slides
from receiptbook.kit.projector import Form
from surge import lessons
from surge.kit import decks
from surge.kit.decks import FORMS

pytestmark = pytest.mark.slow  # every chart is drawn anew

PARTS, DAYS = decks.parts(), decks.lesson_days()
NAMES = decks.names()
every_deck = pytest.mark.parametrize("name", NAMES)
every_day = pytest.mark.parametrize("name", DAYS)
every_part = pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
SCREEN = {"width": slides.WIDTH, "height": slides.HEIGHT}
BODY, LEAST = 28, projector.SMALLEST  # px of a slide of 1280 by 720
#: every text of the slide that is shown: its size on the wall, whether it is told in full, its words
TEXTS = """() => {
  const found = [], slide = Reveal.getCurrentSlide();
  const walker = document.createTreeWalker(slide, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    const here = node.parentElement;
    if (!node.textContent.trim() || !here.getClientRects().length) continue;
    const matrix = here instanceof SVGElement && here.getScreenCTM();
    const scale = matrix ? Math.hypot(matrix.b, matrix.d) : Reveal.getScale();
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    found.push({
      words: node.textContent.trim(), body: Boolean(here.closest(".text, ol")),
      size: Math.round(parseFloat(getComputedStyle(here).fontSize) * scale * 10) / 10,
      inside: box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight,
    });
  }
  const foot = slide.querySelector("footer").getBoundingClientRect().top;
  const low = [...slide.children].filter((e) => e.matches("h1, h2, .text, .plot, .credit, ol"))
    .filter((e) => e.getBoundingClientRect().bottom > foot + 4).map((e) => e.className || e.tagName);
  return { found, low };
}"""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The file of each deck."""
    folder = tmp_path_factory.mktemp("decks")
    for name in NAMES:
        (folder / f"{name}.html").write_text(slides.deck_page(decks.deck(name)), "utf-8")
    return folder


def tree_of(files, name):
    return html.fromstring((files / f"{name}.html").read_text("utf-8"))


# --- what stands on them ---------------------------------------------------------------------


@every_deck
def test_a_deck_needs_no_other_file(name, files):
    tree = tree_of(files, name)
    assert not tree.xpath("//img | //link | //script[@src] | //iframe")
    text = html.tostring(tree.find(".//body/div"), encoding="unicode")
    assert not re.findall(r"url\((?!#)", text)
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([\w-]+)\)", text)) <= set(ids)


@every_deck
def test_each_slide_says_its_place_and_has_notes_for_the_speaker(name, files):
    found = tree_of(files, name).xpath("//section")
    counts = [slide.xpath("string(footer/span[@class='count'])") for slide in found]
    assert counts == [f"{n} / {len(found)}" for n in range(1, len(found) + 1)]
    assert [n for n, slide in enumerate(found, 1) if len(slide.xpath("string(aside)")) < 20] == []


@every_deck
def test_a_slide_shows_one_chart_or_one_question_at_most(name):
    for slide in decks.deck(name).slides:
        assert slide.drawn.count("<svg") <= 1
        assert not (slide.drawn and (slide.text or slide.choices))
        assert len(slide.text.split("\n\n")) <= 4, slide.heading


@every_deck
def test_what_answers_stands_directly_behind_what_asks(name):
    told = decks.deck(name).slides
    handed_in = {slide.asks for slide in told if "ticket" in slide.look}
    last = told[-1].step
    for before, slide in itertools.pairwise(told):
        if "ticket" in before.look:
            assert not slide.answers, "the class would see the answer before its slips are in"
        elif slide.answers in handed_in:
            assert slide.step == last, slide.heading
            handed_in.remove(slide.answers)
        else:
            assert slide.answers == before.asks, slide.heading
    assert not handed_in - {""}
    assert not told[0].answers and not told[-1].asks


@every_deck
def test_no_answer_is_told_before_its_question(name):
    """Neither the finding of a chart nor the reason or number of an answer."""
    before, early = "", []
    for slide in decks.deck(name).slides:
        if slide.answers in exercises.load():
            one = exercises.exercise(slide.answers)
            secrets = [one.explain, f"{one.to_json().get('shown')} ({one.to_json().get('range')})"]
        else:
            secrets = (
                [slide.heading if slide.look in ("figure", "elsewhere") else slide.text]
                if slide.answers
                else []
            )
        early += [s for s in secrets if markdown.words(s) and markdown.words(s) in before]
        before += "\n" + markdown.words(
            "\n".join([slide.heading, slide.text, slide.notes, slide.alt])
        )
    assert early == []


@every_part
def test_the_deck_of_a_part_shows_each_chart_and_asks_each_question_of_its_chapters(part):
    told = decks.deck(part.slug).slides
    notebooks = [n for name in part.chapters if (n := chapter_notebook(name)) is not None]
    stored = [slides.card_of(spec)["id"] for n in notebooks for spec in slides.charts(n)]
    asked = [
        one.id for name in part.chapters for one in exercises.load().values()
        if one.chapter == name and one.kind == "question"
    ]  # fmt: skip
    answered = [slide.answers for slide in told if slide.answers]
    assert [id for id in answered if id in stored] == stored
    assert [id for id in answered if id not in stored] == asked
    for slide in told:
        if slide.answers in stored and not FORMS.get(slide.answers, Form()).elsewhere:
            assert slide.alt and "<svg" in slide.drawn
    openings = [slide.id for slide in told if slide.look == "opening"]
    assert openings == [slides.anchor(n) for n in part.chapters if chapter_notebook(n)]


# --- of a lesson -----------------------------------------------------------------------------


def test_each_day_of_each_lesson_has_a_deck_or_is_another_lesson():
    for name in lessons.NAMES:
        one = lessons.lesson(name)
        had = [day for of, day in DAYS.values() if of is one]
        assert had == [day for day in one.days if day.steps]
        elsewhere = [day for day in one.days if not day.steps]
        assert all(day.lesson in NAMES for day in elsewhere)
        # the plan says that this one is left out where the day has homework of its own
        homework = [decks.deck(day.lesson).slides[-1] for day in elsewhere if day.homework]
        assert all("Hand out `" in slide.notes for slide in homework)


@every_day
def test_a_lesson_s_slides_follow_its_steps_and_take_their_minutes(name):
    deck, (_, day) = decks.deck(name), DAYS[name]
    steps = [
        (key, len([*group])) for key, group in itertools.groupby(deck.slides[1:], lambda s: s.step)
    ]
    assert [step for step, _ in steps] == [step.name for step in day.steps]
    assert sum(deck.timings) == pytest.approx(day.minutes * 60, abs=len(deck.slides))
    called = {step.name: step.called for step in day.steps}
    for slide in deck.slides[1:]:
        assert f"{slide.minutes} minutes: {called[slide.step]}\n" in slide.notes
    for step in day.steps:
        first = next(slide for slide in deck.slides if slide.step == step.name)
        told = markdown.without_links(first.notes)
        assert all(markdown.without_links(said) in told for said in (step.doing, step.watch))


@every_day
def test_a_lesson_s_deck_asks_each_exercise_of_its_steps_within_the_step(name):
    """What two halves of a class do apart comes in the step behind, in which they tell each other."""
    deck, (_, day) = decks.deck(name), DAYS[name]
    for step, then in itertools.pairwise([*day.steps, None]):
        place = then if step.other else step
        asked = {slide.asks for slide in deck.slides if slide.step == place.name}
        assert {*step.exercises, *step.other} <= asked


def test_no_figure_is_typed_into_what_stands_on_a_lesson_s_slides():
    steps = [step for deck in decks.shown().values() for step in deck.values()]
    told = [*steps, *(item for step in steps for item in step.get("show", ()))]
    texts = [one[key] for one in told for key in ("do", "ask", "answer", "notes") if key in one]
    assert len(texts) > len(steps)
    said = [re.sub(r"\{(?:= )?[\w: +-]+\}|\b20\d\d\b|“[^”]*”", "", text) for text in texts]
    assert [text for text in said if re.search(r"\d", text)] == []


def test_every_link_of_a_slide_into_a_page_leads_to_what_stands_there(site, files):
    """Sections and questions of the built site, which lies beside the decks."""
    ids, lost, sections = {}, [], 0
    for name in NAMES:
        for href in tree_of(files, name).xpath("//a/@href[contains(., '#')]"):
            page, _, id = href.removeprefix("../site/").partition("#")
            if not page.startswith("chapters/") or "ledger" in page:
                continue
            ids.setdefault(page, {*html.parse(str(site / page)).xpath("//@id")})
            sections += not id.startswith("question-")
            lost += [] if id in ids[page] else [(name, href)]
    assert lost == []
    assert sections > 10


@pytest.mark.parametrize(("told", "message"), [
    ({"One": {"do": "Read."}}, "found the steps"),
    ({"show": [{"picture": "waves"}]}, "expected chart, question"),
])  # fmt: skip
def test_slides_that_do_not_fit_the_plan_are_refused(told, message, monkeypatch):
    _, day = DAYS["lesson-45"]
    fits = {step.name: {"do": "Read.", **told} for step in day.steps}
    monkeypatch.setattr(decks, "shown", lambda: {"lesson-45": told if "One" in told else fits})
    with pytest.raises(decks.DeckError, match=message):
        decks.deck.__wrapped__("lesson-45")


def test_each_form_is_that_of_a_chart_of_the_book():
    known = {id for name in NAMES for slide in decks.deck(name).slides for id in [slide.answers]}
    assert set(FORMS) <= known


@pytest.mark.parametrize(("text", "cut"), [
    ("One.\n\nTwo.", ["One.", "Two."]),
    ("Lead:\n\n- a\n- b", ["Lead:\n\n- a\n- b"]),
    ("- a\n- b", ["a", "b"]),
    (f"Lead:\n\n- {'a' * 200}\n- {'b' * 200}", [f"Lead:\n\n{'a' * 200}", f"Lead:\n\n{'b' * 200}"]),
    ("| a |\n| - |\n| 1 |", ["| a |\n| - |\n| 1 |"]),
])  # fmt: skip
def test_a_text_is_cut_into_thoughts(text, cut):
    assert slides.thoughts(text) == cut


# --- in a browser ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shown(files, chromium_path):
    """Of each deck, what stands on each slide at 1280 by 720, and what a browser had to fetch."""
    found = {}
    with chromium(viewport=SCREEN) as context:
        for name in NAMES:
            tab, faults = context.new_page(), []
            tab.on("pageerror", lambda error, faults=faults: faults.append(str(error)))
            tab.goto((files / f"{name}.html").as_uri())
            looks = []
            for place in range(len(decks.deck(name).slides)):
                tab.evaluate(f"Reveal.slide({place})")
                looks.append(tab.evaluate(TEXTS))
            found[name] = (looks, faults)
            tab.close()
        assert context.strangers == []
    return found


@pytest.mark.long
@every_deck
def test_the_smallest_text_of_every_slide_is_read_from_the_back_row(name, shown):
    looks, faults = shown[name]
    assert faults == []
    small = [
        (place, one["size"], one["words"])
        for place, look in enumerate(looks, 1)
        for one in look["found"]
        if one["size"] < (BODY if one["body"] else LEAST)
    ]
    assert small == []
    assert sum(len(look["found"]) for look in looks) > 3 * len(looks)


@pytest.mark.long
@every_deck
def test_nothing_on_a_slide_is_cut_off_or_lies_over_the_foot(name, shown):
    looks, _ = shown[name]
    out = [
        (n, one["words"])
        for n, look in enumerate(looks, 1)
        for one in look["found"]
        if not one["inside"]
    ]
    low = [(n, look["low"]) for n, look in enumerate(looks, 1) if look["low"]]
    assert (out, low) == ([], [])


@pytest.fixture
def tab(files, chromium_path):
    with chromium(viewport=SCREEN) as context:
        tab = context.new_page()
        tab.goto((files / f"{next(iter(PARTS))}.html").as_uri())
        yield tab


AT = "Reveal.getIndices().h"


def test_keys_turn_the_slides_and_an_address_names_one(tab):
    seen = []
    for key in (
        "ArrowRight",
        "PageDown",
        "ArrowDown",
        "Space",
        "ArrowUp",
        "ArrowLeft",
        "End",
        "Home",
    ):
        tab.keyboard.press(key)
        seen.append(tab.evaluate(AT))
    last = len(decks.deck(next(iter(PARTS))).slides) - 1
    assert seen == [1, 2, 3, 4, 3, 2, last, 0]
    (slide, *_) = [s for s in decks.deck(next(iter(PARTS))).slides if s.look == "opening"]
    tab.evaluate(f"location.hash = '{slide.id}'")
    tab.wait_for_function(f"{AT} === {decks.deck(next(iter(PARTS))).slides.index(slide)}")


def test_the_speaker_s_window_shows_the_notes_of_the_slide_also_from_a_folder(tab):
    with tab.context.expect_page() as opened:
        tab.keyboard.press("s")
    window = opened.value
    heard = window.locator(".speaker-controls-notes .value")
    first, second = (html.fromstring(f"<p>{markdown.block(s.notes)}</p>").text_content().split()[:5]
                     for s in decks.deck(next(iter(PARTS))).slides[:2])  # fmt: skip
    heard.filter(has_text=" ".join(first)).wait_for()
    tab.keyboard.press("ArrowRight")
    heard.filter(has_text=" ".join(second)).wait_for()


def test_a_key_turns_light_to_dark_and_back(tab):
    paper = "getComputedStyle(document.querySelector('.reveal-viewport')).backgroundColor"
    seen = [tab.evaluate(paper)]
    for _ in range(2):
        tab.keyboard.press("d")
        seen.append(tab.evaluate(paper))
    assert seen[0] == seen[2] != seen[1]


def test_a_key_starts_and_stops_the_clock_of_a_step_until_time_is_up(files, chromium_path):
    with chromium(viewport=SCREEN) as context:
        tab = context.new_page()
        tab.clock.install()
        tab.goto((files / "lesson-45.html").as_uri())
        clock = tab.locator("section.present .timer")
        minutes = decks.deck("lesson-45").slides[1].minutes
        tab.keyboard.press("t")
        assert clock.inner_text() == ""  # no step, no clock
        tab.keyboard.press("ArrowRight")
        tab.keyboard.press("t")
        assert clock.inner_text() == f"{minutes}:00"
        tab.clock.run_for(61_000)
        assert clock.inner_text() == f"{minutes - 2}:59"
        tab.keyboard.press("ArrowRight")
        assert clock.inner_text() == f"{minutes - 2}:59"  # the same step
        tab.keyboard.press("t")
        tab.clock.run_for(5_000)
        assert clock.inner_text() == f"{minutes - 2}:59 (stopped)"
        tab.keyboard.press("t")
        tab.clock.run_for(minutes * 60_000)
        assert clock.inner_text() == "time is up"
