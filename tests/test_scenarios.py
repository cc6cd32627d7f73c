"""Every explorer says the same in the kernel, on the page and in Jupyter."""

import gzip
import itertools
import json
import re
from dataclasses import replace
from pathlib import Path

import explorers
import ipywidgets
import lxml.html
import numpy as np
import pytest
import vl_convert
from chromium import chromium
from playwright.sync_api import expect
from yardstick import largest

from receiptbook.explorers import (
    ScenarioError,
    explorer_html,
    fill_placeholders,
    fixed,
    page_script,
    with_placeholders,
)
from receiptbook.explorers.draw import draw
from receiptbook.explorers.script import formula_script
from receiptbook.explorers.shapes import FAR, KINDS, Plot
from receiptbook.explorers.widgets import SESSIONS
from receiptbook.numbers import published
from surge import scenarios

EXPLORER_SCRIPTS = ("scenario.js", "settings.js")
ASSETS = Path(__file__).parents[1] / "receiptbook/site/assets"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self'"
RNG = np.random.default_rng(42)


class Made(dict):
    """A mapping whose values are made when first asked for."""

    def __init__(self, make):
        self.make = make

    def __missing__(self, key):
        self[key] = self.make(key)
        return self[key]


@pytest.fixture(scope="module")
def built():
    """{id: (scenario, usermeta.receiptbook.scenario, spec)}"""

    def make(id):
        scenario = explorers.ALL[id]()
        spec = scenario.page().spec
        return scenario, spec["usermeta"]["receiptbook"]["scenario"], spec

    return Made(make)


def named(svg):
    """Colours as a plain page has them."""
    from receiptbook.charts import PALETTE

    return re.sub(r"var\(--([\w-]+)\)", lambda m: PALETTE[m[1]][0], svg)


def still_of(spec, usermeta):
    """The drawing with its moving marks at the defaults."""
    svg = vl_convert.vegalite_to_svg(with_placeholders(spec), vl_version="5.21")
    return fill_placeholders(svg, usermeta)


def write_page(folder, entries, name="page.html"):
    """A page with explorers as the site makes it, scripts as files, a strict policy."""
    body, tags = "", ""
    for _, usermeta, spec in entries:
        svg = named(still_of(spec, usermeta)).replace("<svg ", '<svg role="img" ', 1)
        body += f'<figure id="{usermeta["id"]}">{explorer_html(usermeta, svg)}</figure>'
        (folder / f"{usermeta['id']}.js").write_text(page_script(usermeta), "utf-8")
        tags += f'<script defer src="{usermeta["id"]}.js"></script>'
    for script in EXPLORER_SCRIPTS:
        (folder / script).write_text((ASSETS / script).read_text("utf-8"), "utf-8")
    (folder / name).write_text(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Explorers</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}"><style>'
        ".unseen{position:absolute;clip-path:inset(50%)}</style>"
        f"<main><h1>Explorers</h1>{body}</main>"
        f'<script defer src="scenario.js"></script>{tags}',
        "utf-8",
    )
    return (folder / name).as_uri()


@pytest.fixture(scope="module")
def browser():
    """A session that refuses, and remembers, what is asked of elsewhere."""
    with chromium() as session:
        yield session


@pytest.fixture(scope="module")
def addresses(built, tmp_path_factory):
    """{id: address of a page with that explorer alone}, and two of them under "pair"."""

    def make(id):
        ids = ("checking", "who-counts") if id == "pair" else (id,)
        return write_page(tmp_path_factory.mktemp(id), [built[i] for i in ids])

    return Made(make)


@pytest.fixture
def visit(browser, addresses):
    opened = []

    def go(id, hash=""):
        tab = browser.new_page()
        tab.problems = []
        tab.on("pageerror", lambda e: tab.problems.append(str(e)))
        tab.on("console", lambda m: m.type == "error" and tab.problems.append(m.text))
        tab.goto(addresses[id] + hash)
        opened.append(tab)
        return tab

    yield go
    for tab in opened:
        assert tab.problems == []
        tab.close()
    assert browser.strangers == []


def settings_of(scenario):
    """Defaults, presets, every pair of extremes, and thirty random settings."""

    def ends(p):
        return [p.low, p.high] if p.kind == "range" else [v for v, _ in p.options]

    def random(p):
        if p.kind != "range":
            return ends(p)[RNG.integers(len(ends(p)))]
        steps = RNG.integers(0, round((p.high - p.low) / p.step) + 1)
        return float(min(p.high, p.low + steps * p.step))

    yield from (dict(preset.values) for preset in scenario.presets)
    for p, q in itertools.combinations(scenario.parameters, 2):
        yield from ({p.name: a, q.name: b} for a in ends(p) for b in ends(q))
    yield {p.name: ends(p)[0] for p in scenario.parameters}
    yield {p.name: ends(p)[-1] for p in scenario.parameters}
    for _ in range(30):
        yield {p.name: random(p) for p in scenario.parameters}


def plain(settings):
    return {k: v if isinstance(v, str) else float(v) for k, v in settings.items()}


@pytest.mark.parametrize("id", explorers.ALL)
def test_every_output_in_the_browser_equals_the_python_model(id, built, visit):
    scenario = built[id][0]
    cases = [scenario.evaluate(**s) for s in settings_of(scenario)]
    got = visit(id).evaluate(
        """([id, all]) => { const {run} = document.querySelector(`[data-scenario="${id}"]`).receiptbook;
           return all.map((v) => run(v)).map((r) => [r.outputs, r.sentence, r.words, r.results]); }
        """,
        [id, [plain(s.values) for s in cases]],
    )
    for state, (outputs, sentence, words, results) in zip(cases, got, strict=True):
        for name, term in scenario.recorded.outputs.items():
            want, peak = largest(term, state.env)
            assert float(want) == pytest.approx(float(state.outputs[name]), rel=1e-15, nan_ok=True)
            assert outputs[name] == pytest.approx(
                float(want), rel=0, abs=1e-12 * peak, nan_ok=True
            ), (name, state.settings_text)
        assert sentence == state.words
        assert words == {n: state.fill(f"{{{n}}}") for n in words}
        assert results == {o.name: state.result(o) for o in scenario.outputs}


COORDINATE = re.compile(r"-?\d+(?:\.\d+)?")


def coordinates(text):
    return np.array([float(n) for n in COORDINATE.findall(text)])


COLLECT = """async ([id, all]) => {
  const settings = document.querySelector(`[data-scenario="${id}"] .settings span`);
  const found = [];
  for (const [hash, words] of all) {
    location.hash = hash;
    for (let frames = 0; settings.textContent !== words; frames += 1) {
      if (frames > 300) throw new Error(`${hash}: shown “${settings.textContent}”, not “${words}”`);
      await new Promise(requestAnimationFrame);
    }
    const texts = (e) => [...e.children].map((t) => t.textContent);
    found.push(Object.fromEntries([...document.querySelectorAll(`[data-s^="${id} "]`)].map((e) =>
      [e.dataset.s.split(" ")[1], e.getAttribute("d") ?? texts(e)])));
  }
  return found;
}"""


def address(state):
    """The settings that differ from the defaults, as an address carries them."""
    changed = [p for p in state.scenario.parameters if state.values[p.name] != p.default]
    return "#s=" + ",".join(f"{p.name}:{state.values[p.name]}" for p in changed)


@pytest.mark.parametrize("id", explorers.ALL)
def test_every_mark_on_the_page_lies_where_the_python_model_puts_it(id, built, visit):
    scenario, usermeta, _ = built[id]
    picture = usermeta["picture"]
    x, y = picture["x"], picture["y"]
    plot = Plot(id, x, y, picture["width"], picture["height"], "clip")
    states = [scenario.evaluate(**s) for s in itertools.islice(settings_of(scenario), 0, None, 5)]
    drawn = visit(id).evaluate(COLLECT, [id, [[address(s), s.settings_text] for s in states]])
    for state, marks in zip(states, drawn, strict=True):
        for mark in scenario.marks:
            if mark.still:
                continue
            if mark.kind == "text":
                seen = [plot.seen(a, b) for a, b in state.shape(mark)]
                assert marks[mark.name] == [
                    state.fill(t) if s else "" for s, t in zip(seen, mark.text, strict=True)
                ]
                continue
            shape = [[c if np.isfinite(c) else None for c in item] for item in state.shape(mark)]
            kind = KINDS[mark.kind]
            want = kind.path(shape, plot.at if kind.clipped else plot.seen, mark.size)
            got = marks[mark.name]
            assert re.sub(COORDINATE, "", got) == re.sub(COORDINATE, "", want)
            np.testing.assert_allclose(coordinates(got), coordinates(want), rtol=0, atol=0.11)


@pytest.mark.parametrize("id", explorers.ALL)
def test_the_page_shows_at_the_defaults_what_vega_draws(id, built):
    scenario, usermeta, spec = built[id]
    whole = vl_convert.vegalite_to_svg(spec, vl_version="5.21")
    ours = still_of(spec, usermeta)
    for mark in scenario.marks:
        if mark.still or mark.kind not in ("line", "path", "polygon"):
            continue
        drawn = re.search(rf'class="[^"]*s_{mark.name}_marks[^"]*"[^>]*>(.*?)</g>', whole)[1]
        theirs = re.search(r' d="([^"]*)"', drawn)
        mine = re.search(rf'data-s="{id} {mark.name}"[^>]* d="([^"]*)"', ours)[1]
        if not mine:
            assert theirs is None or not theirs[1]
            continue
        np.testing.assert_allclose(coordinates(mine), coordinates(theirs[1]), rtol=0, atol=0.06)


@pytest.mark.parametrize("id", explorers.ALL)
def test_the_widgets_draw_what_the_page_draws(id, built):
    scenario, usermeta, spec = built[id]
    ours = lxml.html.fromstring(draw(scenario.evaluate()))
    still = still_of(spec, usermeta)
    theirs = lxml.html.fromstring(still)
    moving = theirs.xpath("//*[@data-s]")
    assert len(moving) == len(usermeta["picture"]["marks"])
    for mark in moving:
        (twin,) = ours.xpath(f"//*[@data-s='{mark.get('data-s')}']")
        assert twin.get("d") == mark.get("d")
        assert twin.text_content() == mark.text_content()
        assert [t.get("dx") for t in twin] == [t.get("dx") for t in mark]


@pytest.mark.parametrize("id", explorers.ALL)
def test_without_scripts_the_page_shows_the_defaults_in_words_and_no_dead_control(id, built):
    scenario, usermeta, _ = built[id]
    state = scenario.evaluate()
    tree = lxml.html.fromstring(explorer_html(usermeta))
    assert tree.find_class("words")[0].text_content() == state.words
    assert tree.find_class("settings")[0].text_content().endswith(state.settings_text)
    controls = tree.find_class("controls")[0]
    assert {"hidden", "inert"} <= set(controls.attrib)
    assert {e.getparent() for e in tree.iter("input", "select", "button")} <= set(controls.iter())
    assert not [
        e
        for e in tree.iter()
        if e.tag in ("script", "style")
        or any(name == "style" or name.startswith("on") for name in e.attrib)
    ]


@pytest.mark.parametrize("id", explorers.ALL)
def test_what_the_first_answer_needs_is_under_seven_kilobytes(id, built):
    runtime = (ASSETS / "scenario.js").read_text("utf-8")
    needed = runtime, page_script(built[id][1])
    assert sum(len(gzip.compress(text.encode(), 9)) for text in needed) < 7000


# ------------------------------------------------------------------------ how it behaves


def test_a_choice_changes_picture_words_and_address(visit):
    tab = visit("who-counts")
    before = tab.locator('[data-s="who-counts trail"]').get_attribute("d")
    words = tab.locator(".words")
    said = words.text_content()
    tab.get_by_role("radio", name="internet users").check()
    tab.wait_for_url("**#s=base:internet%20users")
    assert tab.locator('[data-s="who-counts trail"]').get_attribute("d") != before
    assert words.text_content() != said
    assert words.get_attribute("aria-live") == "polite"
    tab.get_by_role("button", name="Reset").click()
    tab.wait_for_url(re.compile(r"page\.html$"))
    assert words.text_content() == said


def test_presets_say_which_one_is_on(visit):
    tab = visit("targets")
    button = tab.get_by_role("button", name="Ninety by 2030")
    button.click()
    tab.wait_for_function("""() => document.querySelector('[data-preset="1"]')
        .getAttribute("aria-pressed") === "true" """)
    tab.get_by_role("radio", name="June 2025").check()
    tab.wait_for_function("""() => !document.querySelector('[aria-pressed="true"]')""")


def test_an_address_sets_the_explorer(visit, built):
    tab = visit("who-counts", "#s=base:internet%20users,wave:2025-06-30")
    scenario = built["who-counts"][0]
    want = scenario.evaluate(base="internet users", wave="2025-06-30").words
    tab.wait_for_function("w => document.querySelector('.words').textContent === w", arg=want)
    assert tab.locator(".problem").is_hidden()


@pytest.mark.parametrize(
    "hash",
    [
        "#s=base:martians",
        "#s=bass:everyone",
        "#s=base",
        "#s=%zz:1",
        "#s=base:internet%20users,wave:1999",
        "#s=martians/base:internet%20users",
        "#s=constructor:1",
    ],
)
def test_a_wrong_address_falls_back_to_the_defaults_and_says_so(visit, built, hash):
    tab = visit("who-counts", hash)
    tab.wait_for_selector(".problem:not([hidden])")
    assert "defaults are shown" in tab.locator(".problem").text_content()
    assert tab.locator(".words").text_content() == built["who-counts"][0].evaluate().words


def test_a_link_to_the_settings_can_be_copied_or_read(visit):
    tab = visit("who-counts")
    tab.get_by_role("radio", name="internet users").check()
    tab.get_by_role("button", name="Copy link").click()
    tab.wait_for_function("""() => { const e = document.querySelector(".done");
        return e.textContent.includes("copied") || e.querySelector("input"); }""")
    field = tab.locator(".done input")
    if field.count():
        assert field.input_value().endswith("#s=base:internet%20users")


WORDS = """([id, words]) => document.querySelector(`[data-scenario="${id}"] .words`)
    .textContent === words"""


def test_two_explorers_on_a_page_keep_their_own_settings(visit, built):
    tab = visit("pair", "#s=who-counts/base:internet%20users")
    first, second = (tab.locator(f'[data-scenario="{i}"]') for i in ("checking", "who-counts"))
    want = built["who-counts"][0].evaluate(base="internet users").words
    tab.wait_for_function(WORDS, arg=["who-counts", want])
    assert first.locator(".words").text_content() == built["checking"][0].evaluate().words
    first.locator("summary").click()
    first.get_by_label("Uses", exact=True).fill("40")
    tab.wait_for_url("**#s=checking/uses:40")
    assert second.locator(".words").text_content() == want


SAYS = """(text) => document.querySelector('[data-d="checked"]').textContent === text"""


@pytest.mark.parametrize(
    ("hash", "asked"),
    [("#s=martians/base:everyone", "martians"), ("#s=base:internet%20users", "base:internet")],
)
def test_among_two_explorers_the_first_speaks_of_an_address_that_is_neithers(visit, hash, asked):
    tab = visit("pair", hash)
    first, second = (
        tab.locator(f'[data-scenario="{i}"] .problem') for i in ("checking", "who-counts")
    )
    first.wait_for()
    assert asked in first.text_content()
    assert second.is_hidden()


def test_a_number_in_the_sentence_is_a_slider_for_keys_and_pointer(visit, built):
    tab = visit("checking")
    number = tab.locator('[data-d="checked"][role="slider"]')
    number.wait_for()
    number.press("ArrowRight")
    tab.wait_for_function(SAYS, arg="31")
    assert number.get_attribute("aria-valuetext") == "31%"
    assert tab.get_by_label("Answers checked", exact=True).input_value() == "31"
    number.press("PageUp")
    number.press("Home")
    number.press("ArrowLeft")
    tab.wait_for_function(SAYS, arg="0")
    box = number.bounding_box()
    tab.mouse.move(box["x"] + 2, box["y"] + 5)
    tab.mouse.down()
    tab.mouse.move(box["x"] + 62, box["y"] + 5, steps=3)
    tab.mouse.up()
    dragged = float(number.get_attribute("aria-valuenow"))
    assert 55 <= dragged <= 65
    tab.wait_for_function(SAYS, arg=f"{dragged:g}")


def test_slider_and_number_input_are_equals(visit, built):
    tab = visit("checking")
    slider = tab.get_by_label("Answers checked", exact=True)
    number = tab.get_by_label("Answers checked, exact number")
    slider.focus()
    slider.press("ArrowRight")
    assert number.input_value() == "31"
    number.fill("62.5")
    tab.wait_for_function(
        "w => document.querySelector('.words').textContent === w",
        arg=built["checking"][0].evaluate(checked=62.5).words,
    )
    number.fill("400")
    assert number.get_attribute("aria-invalid") == "true"
    number.press("Tab")
    assert "from 0 to 100%: set to 100%" in tab.locator(".done").text_content()
    assert number.input_value() == slider.input_value() == "100"
    assert number.get_attribute("aria-invalid") is None
    number.fill("-7")
    number.press("Enter")
    assert number.input_value() == "0"
    number.fill("")
    number.press("Tab")
    assert number.input_value() == "0"


STYLES = ASSETS.parent / "styles"


def test_controls_stand_in_their_place_but_inert_until_the_script_is_there(browser, addresses):
    """Nothing moves when the script comes, and nothing that was touched too early is lost."""
    tab = browser.new_page()
    tab.route("**/scenario.js", lambda route: None)  # it never arrives
    tab.goto(addresses["checking"], wait_until="commit")
    tab.wait_for_selector(".words")
    tab.add_style_tag(content=(STYLES / "explorer.css").read_text("utf-8"))
    controls = tab.locator(".controls")
    assert not controls.is_visible()
    tab.evaluate("document.documentElement.classList.add('js')")
    assert controls.is_visible()
    slider = tab.locator('[data-p="checked"]').first
    slider.evaluate("e => e.focus()")
    assert not slider.evaluate("e => e === document.activeElement")
    tab.close()


def settings_of_choices(scenario):
    """Every combination of the options of the choices."""
    choices = [p for p in scenario.parameters if p.options]
    for values in itertools.product(*([v for v, _ in p.options] for p in choices)):
        yield {p.name: v for p, v in zip(choices, values, strict=True)}


@pytest.mark.parametrize("id", explorers.ALL)
def test_a_control_is_off_exactly_where_nothing_depends_on_it(id, built):
    scenario = built[id][0]
    moving = [m for m in scenario.marks if not m.still]

    def seen(state):
        return repr([sorted(state.outputs.items()), state.snapshot(moving)["shapes"]])

    for chosen in settings_of_choices(scenario):
        for p in scenario.parameters:
            if p.kind != "range":
                continue
            matters = any(
                len({seen(scenario.evaluate(**{**preset.values, **chosen, p.name: value}))
                     for value in np.linspace(p.low, p.high, 5)}) > 1
                for preset in scenario.presets
            )  # fmt: skip
            assert matters == scenario.uses(p.name, scenario.complete(**chosen)), (p.name, chosen)


def test_a_control_that_the_chosen_curve_does_not_use_is_off_and_says_why(built, visit):
    scenario, _, spec = built["growth"]
    why = "only with Curve: Bass"
    tab = visit("growth")
    pair = tab.locator('[data-p="innovation"]')
    settings = tab.locator(".settings span")
    tab.locator("summary").click()
    for kind, used in (("logistic", False), ("bass", True), ("gompertz", False)):
        tab.locator(f'input[value="{kind}"]').check()
        words = scenario.evaluate(kind=kind).settings_text
        assert ("unprompted" in words) == used
        expect(settings).to_have_text(words)
        assert [pair.nth(i).is_enabled() for i in (0, 1)] == [used, used]
        SESSIONS.clear()
        live = scenario.widgets()
        live.set(kind=kind)
        assert [w.disabled for w in live.inputs["innovation"]] == [not used, not used]
        assert not any(w.disabled for w in live.inputs["speed"])
    for i in (0, 1):  # in words: on the page, beside the widgets, in the bound chart
        assert pair.nth(i).evaluate("e => document.getElementById(e.getAttribute("
                                    "'aria-describedby')).textContent") == why  # fmt: skip
    assert [c.value for row in live.controls.children for c in row.children
            if isinstance(c, ipywidgets.Label)] == [why]  # fmt: skip
    SESSIONS.clear()
    assert [p["bind"]["name"] for p in spec["params"] if why in p.get("bind", {}).get("name", "")]


@pytest.mark.parametrize(
    ("only", "lead"), [(("speed", ("a",)), ""), (("kind", ("logistic", "bass", "gompertz")), ""),
                       (("kind", ("cubic",)), ""), (("kind", ("bass",)), "Suppose {innovation}.")]
)  # fmt: skip
def test_a_condition_that_names_no_part_of_a_choice_is_refused(only, lead, built):
    growth = built["growth"][0]
    changed = tuple(replace(p, only=only) if p.name == "innovation" else p
                    for p in growth.parameters)  # fmt: skip
    with pytest.raises(ScenarioError, match="name a choice"):
        replace(growth, parameters=changed, lead=lead)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (("wave", "basis"), "the choices are wave, base"),
        (("wave",), "every combination"),
    ],
)
def test_frames_over_what_is_no_choice_or_not_all_of_it_are_refused(keys, said, built):
    who = built["who-counts"][0]
    rows = {key[: len(keys)]: row for key, row in list(who.frames[2].rows.items())[:1]}
    with pytest.raises(ScenarioError, match=said):
        replace(who, frames=(*who.frames[:2], replace(who.frames[2], keys=keys, rows=rows)))


# ----------------------------------------------------------------------- what is refused


# Code in the place of a formula, of a name, of an operation or of text that is not compared.
CODE = [
    "alert(1)",
    "rate;rate",
    "window.name",
    "rate=1",
    "`x`",
    "rate=>1",
    "Math.random()",
    "[].constructor",
    'rate["x"].y',
    "this",
    '__proto__.constructor.constructor("alert(1)")()',
    "_",
    "$",
    r"\u0072ate",
    "ratе",  # the last letter is Cyrillic
    "rate.x",
    "rate[0]",
    "[rate][0]",
    "(rate)[0]",
    '"x"[0]',
    '"alert(1)"',
    '(rate + "x")',
    "rate()",
    "rate(1)",
    "(rate)(1)",
    "Math.exp",
    "Math.exp(rate)(1)",
    "Math",
    "1..rate",
    "1 rate",
    "rate rate",
    "/rate/",
    "rate // rate",
    "rate /* rate */",
    "rate <!-- rate",
    "rate--",
    "rate - -rate",
    "(rate",
    "rate)",
    "[rate)",
    "rate ?",
    "rate ? 1",
    "rate, rate",
    "rate,",
    "",
    "rate\n\x00",
]
PLACES = {
    "formula": lambda code: code,
    "name": lambda code: json.dumps(code),
    "operation": lambda code: json.dumps([code, "rate"]),
    "operation of two": lambda code: json.dumps([code, "rate", "rate"]),
    "operation of three": lambda code: json.dumps([code, "rate", "rate", "rate"]),
    "text": lambda code: json.dumps(["text", code]),
    "text in a sum": lambda code: json.dumps(["+", "rate", ["text", code]]),
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("code", CODE)
def test_code_never_becomes_a_script(code, place):
    with pytest.raises(ScenarioError, match="scenario 'x'"):
        formula_script(place(code), ["rate"], "x")


@pytest.mark.parametrize(
    "tree",
    [
        None,
        {},
        {"op": "+", "args": ["rate", 1]},
        [],
        ["+"],
        ["+", "rate"],
        ["+", "rate", 1, 2],
        [["+"], "rate", 1],
        [["+", "rate", 1]],
        [True, "rate", 1],
        ["exp"],
        ["exp", "rate", "rate"],
        ["Math.exp", "rate"],
        ["constructor", "rate"],
        ["?", "rate", 1],
        ["=", "rate", 1],
        ["=>", "rate", 1],
        [".", "rate", "rate"],
        [",", "rate", "rate"],
        ["/*", "rate", 1],
        ["name", "rate"],
        ["datum", "rate"],
        ["Rate", 1],
        "Rate",
        "rate ",
        "isFinite",
        ["text", "isFinite"],
        ["isFinite", "rate", "rate"],
        ["+", "base", 1],
        ["text"],
        ["===", "rate", ["text", 1]],
        ["===", "rate", ["text", "a", "b"]],
        ["===", "rate", ["+", ["text", "a"], 1]],
        ["===", "rate", ["list", ["text", "a"]]],
        ["list", ["text", "a"]],
        ["list", ["rate", "rate"]],
    ],
)
def test_a_tree_that_is_not_arithmetic_never_becomes_a_script(tree):
    with pytest.raises(ScenarioError, match="scenario 'x'"):
        formula_script(json.dumps(tree), ["rate"], "x")


@pytest.mark.parametrize(
    "formula", ["", "isFinite", "NaN NaN", '["+","rate",1', b"\xff", None, 1, ["+", "rate", 1]]
)
def test_what_is_no_json_text_never_becomes_a_script(formula):
    with pytest.raises(ScenarioError, match="scenario 'x'"):
        formula_script(formula, ["rate"], "x")


def test_text_that_is_compared_stays_text():
    compared = json.dumps(["===", "rate", ["text", '"+alert(1)+"\\']])
    assert formula_script(compared, ["rate"], "x") == (
        r'function(rate){return (rate==="\"+alert(1)+\"\\")}'
    )


@pytest.mark.parametrize("name", ["_", "a b", "a)", "this", "Math", "", "a=alert(1)", "isFinite"])
def test_a_name_that_is_no_variable_never_becomes_an_argument(name):
    with pytest.raises(ScenarioError, match="cannot name a variable"):
        formula_script("1", [name], "x")


@pytest.mark.parametrize(
    ("tree", "script"),
    [
        ("rate", "rate"),
        (-1, "(-1)"),
        (["neg", "rate"], "(-rate)"),
        (["!", "rate"], "(!rate)"),
        (["list"], "[]"),
        (["list", ["list", "rate", 1e-07], ["list", 1.5, "rate"]], "[[rate,1e-07],[1.5,rate]]"),
        (["&&", ["<", "rate", 1], True], "((rate<1)&&true)"),
        (
            ["max", "rate", ["?", ["===", "rate", ["text", "a b"]], ["/", 1, 0], 2]],
            'Math.max(rate,((rate==="a b")?(1/0):2))',
        ),
        (["?", ["isFinite", "rate"], "rate", 1e21], "(isFinite(rate)?rate:1e+21)"),
    ],
)
def test_what_the_tracer_writes_is_a_formula(tree, script):
    found = formula_script(json.dumps(tree), ["rate"], "x")
    assert found == f"function(rate){{return {script}}}"


def test_a_doctored_page_never_becomes_a_script(built):
    _, usermeta, _ = built["checking"]
    doctored = json.loads(json.dumps(usermeta))
    doctored["outputs"][0]["formula"] = '__proto__.constructor.constructor("alert(1)")()'
    with pytest.raises(ScenarioError, match="checking"):
        page_script(doctored)


@pytest.mark.parametrize("name", ["decimals", "missing", "comma", "unit"])
def test_code_in_the_place_of_a_look_stays_text(name, built):
    code = '0,alert("1")'
    doctored = json.loads(json.dumps(built["checking"][1]))
    doctored["outputs"][0][name] = code
    script = page_script(doctored)
    assert code not in script
    assert json.dumps(code)[1:-1] in script


@pytest.mark.parametrize("look", ["colour", "fill", "dash", "anchor"])
def test_markup_in_the_place_of_a_look_stays_in_its_attribute(look, built):
    code = '"><script>alert(1)</script>'
    _, usermeta, spec = built["skills"]
    doctored = json.loads(json.dumps(usermeta))
    for mark in doctored["picture"]["marks"]:
        if look in mark:
            mark[look] = [code] if look == "dash" else code
    svg = still_of(spec, doctored)
    assert "<script" not in svg
    assert "&lt;script&gt;" in svg


def test_page_data_of_another_edition_are_refused_with_what_is_missing(built):
    _, usermeta, _ = built["checking"]
    older = {**usermeta, "outputs": [{"name": "through"}]}
    with pytest.raises(ScenarioError, match="'hidden'"):
        explorer_html(older)
    outputs = [{n: v for n, v in o.items() if n != "formula"} for o in usermeta["outputs"]]
    with pytest.raises(ScenarioError, match="'formula'"):
        page_script({**usermeta, "outputs": outputs})


def test_both_languages_stop_at_the_same_distance():
    code = (ASSETS / "scenario.js").read_text("utf-8")
    assert float(re.search(r"\bFAR = (\w+)", code)[1]) == FAR


def test_a_drawing_without_place_holders_is_refused(built):
    _, usermeta, spec = built["who-counts"]
    with pytest.raises(ScenarioError, match=r"draw with_placeholders\(spec\)"):
        fill_placeholders(vl_convert.vegalite_to_svg(spec, vl_version="5.21"), usermeta)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1234567.891, 1, "1,234,567.9"),
        (0.5, 0, "1"),
        (2.5, 0, "3"),
        (-2.5, 0, "−3"),
        (-0.01, 1, "0.0"),
        (1.005, 2, "1.00"),
        (999.5, 0, "1,000"),
        (0.12345, 5, "0.12345"),
        (1234.56789, 5, "1,234.56789"),
        (float("inf"), 0, "never"),
        (float("nan"), 0, "never"),
    ],
)
def test_numbers_are_printed_alike_on_the_page_and_in_the_kernel(value, decimals, text, visit):
    assert fixed(value, decimals, "never") == text
    code = (ASSETS / "scenario.js").read_text("utf-8")
    function = re.search(r"const fixed = (.*?\n  \});?\n", code, re.S)[1].rstrip(";")
    got = visit("who-counts").evaluate(
        f"([v, d]) => {{ const MINUS = '−'; return ({function})(v, d, 'never', ','); }}",
        [value, decimals],
    )
    assert got == text


CHANGES = {
    "an unknown setting": (lambda s: s.evaluate(bass=1), "has no bass"),
    "a choice that is none": (lambda s: s.evaluate(base="x"), "none of"),
}


@pytest.mark.parametrize(("change", "said"), CHANGES.values(), ids=CHANGES)
def test_settings_that_no_control_holds_are_refused(change, said, built):
    with pytest.raises(ScenarioError, match=said):
        change(built["who-counts"][0])


@pytest.mark.parametrize("id", explorers.ALL)
def test_the_first_preset_says_what_it_sets(id, built):
    first, *rest = built[id][0].presets
    assert not first.values
    assert first.name != "Default"
    assert all(preset.values for preset in rest)


@pytest.mark.parametrize("life", [5, 12])
def test_the_battery_words_hold_what_a_reader_needs_for_the_payback(life, built):
    state = built["battery-line"][0].evaluate(life=life)
    price, cash = state.values["system"], state.outputs["cash"]
    assert state.outputs["years"] == pytest.approx(price / cash)
    assert state.outputs["net"] == pytest.approx(cash - price / life)
    for name in ("cash", "years", "net"):
        assert f" {state.fill(f'{{{name}}}')} " in state.words


def test_growth_starts_from_the_last_wave_with_both_ends_and_draws_a_floor():
    closed = {"2025-06-30": published("36.5%"), "2025-12-31": published("42.8%")}
    floor = {"2026-06-30": published("more than 50.0%")}
    rows = explorers.rows()
    with_floor = scenarios.growth({**closed, **floor}, rows, sources=["cnnic-57"])
    without = scenarios.growth(closed, rows, sources=["cnnic-57"])
    states = with_floor.evaluate(), without.evaluate()
    for name in ("met", "met_in", "next", "miss"):
        assert states[0].outputs[name] == states[1].outputs[name]
    assert states[0].outputs["short"] > 0
    assert "gives 48.7% for June 2026, where over 50% was printed: refuted." in states[0].words
    assert "refuted" not in states[1].words
    assert with_floor.by_name["ceiling"].low > 50
    names = [{mark.name for mark in one.marks} for one in (with_floor, without)]
    assert names[0] - names[1] == {"floors", "floors_label"}
    assert "printed as a floor" in with_floor.caption
    assert "arrow upwards" in with_floor.alt
    with pytest.raises(ScenarioError, match="both ends"):
        scenarios.growth({**floor, "2025-12-31": published("42.8%")}, rows, sources=["cnnic-57"])


def test_stored_scenarios_are_plain_json(built):
    for id in explorers.ALL:
        assert json.loads(json.dumps(built[id][1], allow_nan=False)) == built[id][1]


@pytest.mark.parametrize(
    ("chapter", "names"),
    [
        (
            "scenarios",
            "Start values, Pace of early 2025, Little more to come, Everyone, Target of 2030",
        ),
        (
            "skills",
            "Start values, One plan in every province, Schools and firms together, State plan",
        ),
        (
            "checking",
            "Start values, Summaries, Small stakes, Nobody checks, Everything checked, As in chats",
        ),
        ("targets", "Seventy by 2027, Ninety by 2030"),
    ],
)
def test_every_setting_with_a_name_has_one_that_was_read_and_found_good(chapter, names):
    path = Path(__file__).parents[1] / f"chapters/{chapter}.ipynb"
    cells = json.loads(path.read_text("utf-8"))["cells"]
    kind = "application/vnd.vegalite.v5+json"
    specs = [
        o["data"][kind] for c in cells for o in c.get("outputs", ()) if kind in o.get("data", ())
    ]
    cards = [spec["usermeta"]["receiptbook"] for spec in specs]
    (explorer,) = [card["scenario"] for card in cards if card["kind"] == "scenario"]
    assert [preset["name"] for preset in explorer["presets"]] == names.split(", ")
