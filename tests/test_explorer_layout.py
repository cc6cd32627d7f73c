"""Cause and effect in one view: control, picture and main result, for each explorer of the book."""

import pytest
from chromium import chromium

pytestmark = pytest.mark.long  # every explorer, its controls one by one, at both widths

SIZES = {"desktop": (1280, 800), "phone": (360, 740)}
PAGES = {
    "headline": ["feasible-region"],
    "who-counts": ["definitions", "who-counts"],
    "battery": ["battery-line"],
    "loop": ["feedback-loop"],
    "targets": ["target-pace-explorer"],
    "checking": ["checking"],
    "skills": ["skills"],
    "scenarios": ["growth"],
}
EXPLORERS = [(page, id) for page, ids in PAGES.items() for id in ids]

BOXES = """([id, n]) => {
  const box = document.querySelector(`[data-scenario="${id}"]`);
  const control = box.querySelectorAll("[data-p]")[n];
  const head = document.querySelector("header.top");
  const stays = ["sticky", "fixed"].includes(getComputedStyle(head).position);
  const still = [...box.querySelectorAll(".still")].find((e) => e.offsetParent);
  const at = (e) => {
    const { top, bottom, left, right } = e.getBoundingClientRect();
    return { top, bottom, left, right };
  };
  return {
    control: at(control.type === "radio" ? control.nextElementSibling : control),
    picture: at(still),
    result: at(box.querySelector(".result")),
    words: at(box.querySelector(".words")),
    below: stays ? at(head).bottom : 0,
  };
}"""
MOVES = {"range": "ArrowRight", "number": "ArrowUp", "radio": "Space"}


@pytest.fixture(scope="module", params=SIZES)
def tabs(request, site):
    """A page of the built site at one size, by name."""
    width, height = SIZES[request.param]
    with chromium(viewport={"width": width, "height": height}, reduced_motion="reduce") as session:

        def open_page(page, id):
            tab = session.new_page()
            tab.goto((site / f"chapters/{page}.html").as_uri())
            tab.wait_for_selector(f'[data-scenario="{id}"] .controls:not([inert])')
            return tab

        yield open_page, width, height


@pytest.mark.parametrize(("page", "id"), EXPLORERS, ids=[id for _, id in EXPLORERS])
def test_what_a_control_changes_is_in_view_while_it_moves(tabs, page, id):
    open_page, width, height = tabs
    tab = open_page(page, id)
    box = tab.locator(f'[data-scenario="{id}"]')
    for summary in box.locator("summary").all():
        summary.click()
    controls = box.locator("[data-p]")
    assert controls.count()
    for n in range(controls.count()):
        control = controls.nth(n)
        if control.is_disabled():
            continue
        box.evaluate("e => e.closest('figure').scrollIntoView()")  # as a link to it does
        control.focus()
        control.press(MOVES[control.get_attribute("type")])
        seen = tab.evaluate(BOXES, [id, n])
        name = f"{control.get_attribute('data-p')} ({control.get_attribute('type')})"
        for part in ("control", "picture", "result", "words"):
            place = seen[part]
            assert seen["below"] - 1 <= place["top"] < place["bottom"] <= height + 1, (name, part)
            assert -1 <= place["left"] < place["right"] <= width + 1, (name, part)
        beside = seen["control"]["left"] >= seen["picture"]["right"] - 1
        assert beside or seen["control"]["top"] >= seen["words"]["bottom"] - 1, (name, "covered")
    tab.close()


@pytest.mark.parametrize(("page", "id"), EXPLORERS, ids=[id for _, id in EXPLORERS])
def test_letters_of_the_picture_are_large_enough(tabs, page, id):
    open_page, width, _ = tabs
    tab = open_page(page, id)
    sizes = tab.evaluate(
        """(id) => [...document.querySelectorAll(`[data-scenario="${id}"] .still`)]
        .filter((e) => e.offsetParent).flatMap((e) => {
          const svg = e.querySelector("svg");
          const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
          const size = (text) => parseFloat(getComputedStyle(text).fontSize);
          return [...svg.querySelectorAll("text")].map((text) => scale * size(text));
        })""",
        id,
    )
    assert sizes
    assert min(sizes) >= (11 if width > 480 else 10) - 0.05
    tab.close()
