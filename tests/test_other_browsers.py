"""The built site in Firefox and WebKit, from http and from a folder: it loads, opens, moves."""

import json
import re
import shutil
import time

import live_cases
import pytest
from fixtures.site.kit import served
from other_browsers import Firefox, WebKit, lacking

from receiptbook.site import extras, run
from receiptbook.site.run import stick
from receiptbook.system import IN_CI

pytestmark = [pytest.mark.slow, pytest.mark.long]  # browsers

EARLY = """
window.faults = [];
addEventListener("error", (e) =>
  faults.push(e.message ?? `cannot load ${e.target.src ?? e.target.href}`), true);
addEventListener("unhandledrejection", (e) => faults.push(String(e.reason)));
document.addEventListener("securitypolicyviolation", (e) =>
  faults.push(`${e.violatedDirective} ${e.blockedURI}`));
console.error = (...all) => faults.push(all.join(" "));
"""
KIT = """
const one = (name) => document.querySelector(name), all = (name) => [...document.querySelectorAll(name)];
const until = async (what, said) => {
  for (const end = Date.now() + 10000; Date.now() < end; await new Promise((go) => setTimeout(go, 20))) {
    const found = what();
    if (found) return found;
  }
  throw new Error(`waited in vain for ${said ?? what}`);
};
const there = (name) => until(() => one(name), name);
const answers = (name) => until(() => one(`${name}:not([hidden])`), `${name} to be given its meaning`);
const NUMBER = 'main p a[href*="ledger.html#"]:not(.more, .go, .why)';
"""
WIDER = "(document.documentElement.scrollWidth > innerWidth ? ['wider than the screen'] : [])"
#: what a reader does: page, steps, what they end with
STEPS = {
    "a card opens and shuts by Escape": (
        "chapters/headline.html",
        """const link = one(NUMBER);
        link.focus();
        link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, detail: 1 }));
        const card = await there(".card");
        const said = card.textContent.length > 40 && link.getAttribute("aria-expanded");
        link.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
        await until(() => !one(".card"), "the card to go");
        return said;""",
        "true",
    ),
    "a fold opens by its summary": (
        "chapters/headline.html",
        """const fold = one("details.working:not([open])");
        fold.querySelector("summary").click();
        return fold.open && fold.querySelector("pre, .receipt").getBoundingClientRect().height > 20;""",
        True,
    ),
    "the switch opens every fold": (
        "chapters/headline.html",
        """await answers("button.switch");
        one("button.switch").click();
        const shut = all("details.working:not([open])").length;
        one("button.switch").click();
        return [all("details.working").length > 3, shut, all("details.working[open]").length];""",
        [True, 0, 0],
    ),
    "dark follows light": (
        "chapters/headline.html",
        """await answers("button.theme");
        const paper = () => getComputedStyle(document.documentElement).backgroundColor, seen = new Set();
        for (let n = 0; n < 3; n++) { one("button.theme").click(); seen.add(paper()); }
        return seen.size;""",
        2,
    ),
    "search finds a number": (
        "search.html?q=602",
        """await there("#search-results mark");
        return all("#search-results li").length > 3 && one("#search-results mark").textContent;""",
        "602",
    ),
    "search finds Chinese": (
        "search.html?q=%E7%94%9F%E6%88%90%E5%BC%8F",
        """await there("#search-results mark");
        return all("#search-results mark").some((mark) => "生成式".includes(mark.textContent));""",
        True,
    ),
    "an explorer follows its control": (
        "chapters/scenarios.html",
        """const box = await there("[data-scenario][data-live]"), words = box.querySelector(".words");
        const was = words.textContent, slider = box.querySelector('input[type="range"]');
        slider.value = slider.value === slider.max ? slider.min : slider.max;
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        slider.dispatchEvent(new Event("change", { bubbles: true }));
        await until(() => words.textContent !== was, "other words");
        return !/NaN|undefined/.test(words.textContent);""",
        True,
    ),
    "a chart comes alive": (
        "chapters/headline.html",
        """dispatchEvent(new Event("scroll"));
        const figure = one("figure[data-chart]");
        figure.scrollIntoView();
        await until(() => window.ReceiptBook.chart, "figures.js");
        for (const kind of ["pointerenter", "pointerover", "pointermove"])
          figure.dispatchEvent(new PointerEvent(kind, { bubbles: true }));
        const drawn = await until(() => figure.querySelector(".live svg"), "the living chart");
        return drawn.getBoundingClientRect().height > 100;""",
        True,
    ),
    "the ledger narrows down": (
        "chapters/ledger.html",
        """const box = await there(".filters input");
        const shown = () => all(".entry").filter((e) => e.offsetParent).length, before = shown();
        box.value = "everyday"; box.dispatchEvent(new Event("input", { bubbles: true }));
        await until(() => shown() < before, "fewer rows");
        return shown() > 0;""",
        True,
    ),
    "a changed figure moves what rests on it": (
        "chapters/headline.html?if=genai-users-2025-12:610%20million",
        """await there(".if-bar");
        await there(".now");
        return one(".if-bar").textContent.includes("145.0% (was 141.8%), now contradicted");""",
        True,
    ),
}


@pytest.fixture(scope="module")
def folder(site, tmp_path_factory):
    """A copy of the site in a folder with a blank, whose pages keep what went wrong in them."""
    copy = tmp_path_factory.mktemp("a book") / "html"
    shutil.copytree(site, copy, ignore=shutil.ignore_patterns(run.PLACE.rsplit("/", 1)[-1]))
    (copy / "_static/early-faults.js").write_text(EARLY, "utf-8")
    for page in copy.rglob("*.html"):
        up = "../" * (len(page.relative_to(copy).parts) - 1)
        tag = f'<script src="{up}_static/early-faults.js"></script>'
        text = page.read_text("utf-8")
        page.write_text(re.sub("<meta charset=.utf-8.>", rf"\g<0>\n{tag}", text, count=1), "utf-8")
    return copy


@pytest.fixture(scope="module", params=[Firefox, WebKit], ids=lambda kind: kind.__name__)
def browser(request):
    """One of the other browsers. Where it is missing the test is skipped; in CI it fails."""
    if absent := lacking(request.param):
        why = f"no {', '.join(absent)}; apt install firefox-esr webkit2gtk-driver xvfb"
        (pytest.fail if IN_CI else pytest.skip)(why)
    with request.param.started() as shown:
        shown.size(1280, 900)
        yield shown


@pytest.fixture(scope="module", params=["folder", "http"])
def place(request, folder):
    """Where the pages are read from."""
    if request.param == "folder":
        yield folder.as_uri()
    else:
        with served(folder) as address:
            yield address


def test_every_page_loads_without_a_fault(browser, folder):
    pages = [p for p in folder.rglob("*.html") if extras.MOVED not in p.read_text("utf-8")]
    alike = sorted(folder.glob("embed/*.html"))[2:]  # each chart alone: one template for all
    told = {}
    for page in sorted({*pages} - {*alike}):
        browser.open(page.as_uri())
        name = page.relative_to(folder).as_posix()
        told[name] = browser.run(f"return [...faults, ...{WIDER}]")
    assert len(told) > 25
    assert {name: faults for name, faults in told.items() if faults} == {}


@pytest.mark.parametrize("step", STEPS)
def test_it_answers_there(browser, place, step):
    name, steps, end = STEPS[step]
    browser.open(f"{place}/{name}")
    assert browser.run(f"{KIT}{steps}") == end
    assert browser.run("return faults") == []


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    """A page that holds the reader and the ranges of the live ledger, and nothing else."""
    file = tmp_path_factory.mktemp("live") / "index.html"
    file.write_text(
        f"<!doctype html><meta charset=utf-8><script>{live_cases.engine()}</script>", "utf-8"
    )
    return file.as_uri()


@pytest.mark.parametrize("how", [live_cases.AS_PUBLISHED, *live_cases.SHIFTS])
def test_the_live_ledger_answers_exactly_as_python_does(browser, engine, how):
    asked, _ = live_cases.cases(how)
    browser.open(engine)
    got = browser.run(f"return ({live_cases.ANSWERS})({json.dumps(asked, ensure_ascii=False)});")
    assert live_cases.differences(how, got) == []


#: the chapter that each runs: WebKit takes minutes for one with charts
CHAPTER = {Firefox: "headline", WebKit: "what-stands"}
SAYS = "[one('.python p') ?? one('button.run')].map((said) => said.textContent)[0]"


@pytest.fixture(scope="module", params=["folder", "http"])
def with_python(request, site, tmp_path_factory):
    """Where the site with Python in its pages is read from, as the archive for a stick or served."""
    if not (site / run.PLACE).exists():
        (pytest.fail if IN_CI else pytest.skip)("the site was built without Python")
    if request.param == "http":
        with served(site) as address:
            yield address
        return
    place = tmp_path_factory.mktemp("a stick")
    for name, content in stick.with_python(site, "book"):
        file = place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    yield (place / "book").as_uri()


def until(browser, what: str) -> None:
    """Wait for an expression; a browser's own waiting ends sooner than Python starts in some."""
    end = time.monotonic() + 180
    while not browser.run(f"{KIT} return Boolean({what});"):
        assert time.monotonic() < end, browser.run(f"{KIT} return {SAYS};")
        time.sleep(0.3)


@pytest.mark.wasm
def test_python_in_the_page_gives_there_exactly_what_is_printed(browser, with_python):
    browser.open(f"{with_python}/chapters/{CHAPTER[type(browser)]}.html")
    browser.run("document.querySelector('button.run').click();")
    until(browser, f"/^Python 3/.test({SAYS})")
    browser.run("document.querySelector('.python .all').click();")
    until(browser, "!one('.python .all').disabled")
    told = browser.run(f"{KIT} return all('.cell-tools span').map((said) => said.textContent);")
    assert told
    assert [words for words in told if not words.endswith("exactly what is printed.")] == []


def test_a_fault_would_be_seen(browser, folder):
    browser.open(f"{folder.as_uri()}/chapters/glossary.html")
    late = "setTimeout(() => { throw new Error('late'); }); console.error('said');"
    absent = (
        "document.head.append(Object.assign(document.createElement('script'), { src: 'no.js' }));"
    )
    seen = browser.run(f"{KIT} {late} {absent} await until(() => faults.length > 2); return faults")
    assert len(seen) == 3  # WebKit calls every error of a folder's scripts "Script error."
