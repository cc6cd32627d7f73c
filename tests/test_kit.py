"""The kit: no answer in a student's file, notebooks that run, slides and paper that stand alone."""

import ast
import json
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import nbformat
import papers
import pytest
from kernel_limits import over
from lxml import html
from papers import faults
from pypdf import PdfReader

from receiptbook import exercises as classroom
from receiptbook import markdown
from receiptbook.book import Book
from receiptbook.book.imprint import imprint
from receiptbook.book.outline import chapter_notebook, page_title
from receiptbook.exercises import Checked, exercise
from receiptbook.kit import (
    AUDIENCES,
    STUDENTS,
    TEACHER,
    KitFile,
    handouts,
    meant_for,
    notebooks,
    slides,
    write,
)
from receiptbook.markdown import without_links
from receiptbook.receipts import collect
from receiptbook.tables import data
from surge import kit, outline
from surge import lessons as plans
from surge.kit import decks, sheets
from surge.kit.decks import FORMS
from surge.kit.plan import printed_plan

pytestmark = [pytest.mark.slow, pytest.mark.long]  # slides, handouts and archives are made

EXERCISES = list(classroom.load().values())
CHAPTERS = sorted({one.chapter for one in EXERCISES})
PARTS = [part for part in Book.here().parts() if set(CHAPTERS) & set(part.chapters)]


# --- notebooks -------------------------------------------------------------------------------


def words(notebook):
    """Everything a reader of the file could find, outputs included."""
    return nbformat.writes(notebook)


def told(one):
    """What would give the answer of an exercise away."""
    facts = one.to_json()
    secrets = [without_links(s) for s in re.split(r"(?<=[.:?])\s+", one.explain) if len(s) > 25]
    if one.answer:
        secrets += [one.answer] if " " in one.answer else []
        secrets += [facts["range"], facts["shown"], f"{facts['value']:.6g}"]
    asked = without_links(one.prompt + one.hint)
    # a single digit stands anywhere; it is told apart by the cell's code, which the run checks
    return [secret for secret in secrets if len(secret) > 2 and secret not in asked]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_student_file_holds_no_answer(chapter):
    student = notebooks.notebook(chapter, "student")
    text = json.dumps(json.loads(words(student)), ensure_ascii=False)
    found = [
        (one.id, secret)
        for one in EXERCISES
        if one.chapter == chapter
        for secret in told(one)
        if json.dumps(secret, ensure_ascii=False)[1:-1] in text
    ]
    assert found == []
    code = [cell for cell in student.cells if cell.cell_type == "code"]
    assert [cell.outputs for cell in code] == [[]] * len(code)
    assert "**Answer.**" not in text
    assert "For the teacher" not in text


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_what_the_search_looks_for_is_in_the_other_versions(chapter):
    """Guards the test above: a search for what stands nowhere would prove nothing."""
    here = [one for one in EXERCISES if one.chapter == chapter]
    for version in ("answers", "teacher"):
        text = words(notebooks.notebook(chapter, version))
        assert text.count("**Answer.**") == len(here)
        for one in here:
            secret = told(one)[0]
            assert json.dumps(secret, ensure_ascii=False)[1:-1] in text, one.id


def run(notebook):
    """Run the code cells in this process; the last value of each."""
    names, values = {}, []
    for cell in notebook.cells:
        if cell.cell_type != "code" or cell.id == notebooks.BRINGS:
            continue
        tree = ast.parse(cell.source)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "cell", "exec"), names)
        if last is not None:
            values.append(eval(compile(ast.Expression(last.value), "cell", "eval"), names))
    return values


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_student_file_runs_from_top_to_bottom_before_anything_is_answered(chapter):
    checked = [
        one for one in run(notebooks.notebook(chapter, "student")) if isinstance(one, Checked)
    ]
    asked = [one for one in EXERCISES if one.chapter == chapter and one.form != "open"]
    assert [one.id for one in checked] == [one.id for one in asked]
    assert {one.outcome for one in checked} == {"none"}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_solution_handed_out_is_judged_right(chapter):
    solved = notebooks.notebook(chapter, "answers")
    checked = [one for one in run(solved) if isinstance(one, Checked)]
    assert checked
    assert [one.id for one in checked if not one.right] == []
    stored = [cell for cell in solved.cells if cell.cell_type == "code" and "check(" in cell.source]
    for cell in stored[1:] if "import" in stored[0].source else stored:
        assert ": Right." in cell.outputs[0].data["text/plain"]


def published(address):
    """What stands in for `imprint`: a book with that address."""
    return lambda: replace(imprint(), address=address)


@pytest.mark.parametrize("address", ["", "https://rain.org/book"])
def test_a_student_is_sent_to_a_page_only_where_the_book_is_published(address, monkeypatch):
    monkeypatch.setattr(notebooks, "imprint", published(address))
    head = notebooks.notebook("headline", "student").cells[0].source
    assert "`pip install -r requirements.txt`" in head
    assert ("“Run this page here”" in head) == bool(address)
    assert (f"]({address}/chapters/headline.html)" in head) == bool(address)


@pytest.mark.parametrize("public", ["", "someone/rain"])
def test_a_notebook_brings_the_code_to_colab_where_there_is_a_public_copy(public, monkeypatch):
    monkeypatch.setenv("RECEIPTBOOK_REPOSITORY", public)
    student = notebooks.notebook("headline", "student")
    head, first = student.cells[0].source, student.cells[1]
    assert ("In Colab, run the next cell first" in head) == bool(public)
    assert (first.id == notebooks.BRINGS) == bool(public)
    if public:
        assert "github.com/someone/rain book" in first.source


@pytest.mark.parametrize("typed", ["letter", "small letter", "number", "number in words", "words"])
def test_a_choice_is_taken_by_its_letter_its_number_or_its_words(typed):
    for one in EXERCISES:
        if one.form == "choice":
            place = one.shuffled.index(one.choices[0])
            answer = {
                "letter": "ABCDEFGH"[place], "small letter": "abcdefgh"[place] + ")",
                "number": place + 1, "number in words": f"{place + 1}.",
                "words": markdown.words(one.choices[0]),
            }[typed]  # fmt: skip
            assert classroom.check(one.id, answer).right, (one.id, answer)


def test_the_three_versions_ask_the_same():
    for chapter in CHAPTERS:
        asked = [
            [cell.source for cell in notebooks.notebook(chapter, version).cells
             if cell.id.endswith("-ask")]
            for version in notebooks.VERSIONS
        ]  # fmt: skip
        assert asked[0] == asked[1] == asked[2]
        assert len(asked[0]) == len([one for one in EXERCISES if one.chapter == chapter])


def test_a_lab_brings_its_cell_along():
    for one in EXERCISES:
        source = chapter_notebook(one.chapter)
        if one.kind == "lab" and "what_if(" in "".join(c.source for c in source.cells):
            student = notebooks.notebook(one.chapter, "student")
            assert any(re.search(r"what_if\(\s*\{", cell.source) for cell in student.cells), (
                one.chapter
            )


def test_a_teacher_file_says_what_is_accepted_and_what_usually_goes_wrong():
    text = words(notebooks.notebook("headline", "teacher"))
    assert "Accepted: 106.2% to 107.4%" in text
    assert "Accepted: 7,059.5 to 7,060.5 years" in notebooks.notes(exercise("skills-places"))
    assert "206.8 (the ratio, not the growth)" in text
    assert "What students will be able to do" in text


def test_slides_tell_the_slips_that_notebooks_tell():
    for one in [one for one in EXERCISES if one.form == "number"]:
        _, answer = slides.question_slides(one.id)
        slips = classroom.usual_slips(one.to_json())
        assert [slip for slip in slips if f"- {slip}" not in answer.notes] == [], one.id
        assert all(without_links(slip) in notebooks.notes(one) for slip in slips), one.id


# --- the lessons (their sheets: test_lessons.py) -------------------------------------------------


def test_the_page_for_teachers_heads_each_plan_with_its_title_and_shows_it():
    cells = {cell.id: cell.source for cell in chapter_notebook("teach").cells}
    for id, one in zip(("plan-lesson", "plan-double", "plan-week"), plans.lessons(), strict=True):
        assert cells[id] == f"## {one.title}"
        assert f'lessons.plan("{one.name}")' in cells[f"{id}-steps"]


# --- the whole -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def kits(site, tmp_path_factory, chromium_path):
    """Both kits, printed and unpacked."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECEIPTBOOK_CHROMIUM", chromium_path)
        return kit.make(tmp_path_factory.mktemp("kit"), site)


@pytest.fixture(scope="module")
def folder(kits):
    return kits[TEACHER]


@pytest.fixture(scope="module")
def students(kits):
    return kits[STUDENTS]


@pytest.mark.parametrize("whose", AUDIENCES)
def test_a_kit_s_first_page_begins_with_the_lessons_and_lists_every_file_once(whose):
    held = meant_for(kit.files(), whose)
    tree = html.document_fromstring(kit.index(held, whose))
    heads = tree.xpath("//h2/text()")
    assert heads[: len(plans.NAMES)] == [one.title for one in plans.lessons()]
    linked = {unquote(href).partition("#")[0] for href in tree.xpath("//a/@href")}
    assert {file.path for file in held} <= linked
    elsewhere = ("site/", "https://")
    assert {path for path in linked if not path.startswith(elsewhere)} == {f.path for f in held}
    (everything,) = tree.xpath("//h2[.='Everything, part by part']")
    by_part = everything.xpath("following::a/@href")
    asked = [file.path for file in held if file.path.startswith("notebooks/")]
    assert [by_part.count(path) for path in asked] == [1] * len(asked)


@pytest.mark.parametrize("whose", AUDIENCES)
def test_a_kit_s_first_page_has_no_place_without_anything(whose):
    tree = html.document_fromstring(kit.index(meant_for(kit.files(), whose), whose))
    assert tree.xpath("//h2[not(following-sibling::*)] | //ul[not(li)] | //table[not(.//td)]") == []
    for table in tree.xpath("//table"):
        rows = [
            [bool(td.text_content().strip()) for td in tr.xpath("td")]
            for tr in table.xpath(".//tr")
        ]
        assert all(map(any, rows)), "a row without a link"
        assert all(map(any, zip(*rows, strict=True))), "a column without a link"


@pytest.mark.parametrize("address", ["", "https://rain.org/book"])
@pytest.mark.parametrize("public", ["", "someone/rain"])
@pytest.mark.parametrize("whose", AUDIENCES)
def test_a_kit_s_first_page_promises_only_what_is_there(whose, public, address, monkeypatch):
    monkeypatch.setenv("RECEIPTBOOK_REPOSITORY", public)
    monkeypatch.setattr(kit, "imprint", published(address))
    page = kit.index(meant_for(kit.files(), whose), whose)
    assert ("Run this page here" in page) == bool(address) == (f'href="{address}/"' in page)
    assert ("Colab" in page) == bool(public)
    assert ('href="site/' in page) == (whose == TEACHER)
    assert not re.search(r"\]\(", page), "how a link is written"


@pytest.mark.parametrize("whose", AUDIENCES)
def test_the_links_to_one_lesson_have_names_of_their_own(whose):
    tree = html.document_fromstring(kit.index(meant_for(kit.files(), whose), whose))
    for n, one in enumerate(plans.lessons(), 1):
        of_lesson = "//*[self::p or self::ul][count(preceding-sibling::h2) = $n]//a/text()"
        names = tree.xpath(of_lesson, n=n)
        assert names, one.title
        assert len(names) == len({*names}), one.title


def test_the_first_lesson_names_its_sheet_and_the_teacher_s_its_key():
    found = {}
    for whose in AUDIENCES:
        tree = html.document_fromstring(kit.index(meant_for(kit.files(), whose), whose))
        found[whose] = tree.xpath("//h2[1]/following-sibling::ul[1]//a/@href")
    plan, key, sheet = (f"handouts/lesson-45{part}.pdf" for part in ("-plan", "-key", ""))
    assert found[STUDENTS][0] == sheet and not {plan, key} & {*found[STUDENTS]}
    assert found[TEACHER][:3] == [plan, key, sheet]


@pytest.mark.parametrize("whose", AUDIENCES)
@pytest.mark.parametrize("plan", plans.lessons(), ids=lambda one: one.name)
def test_a_lesson_s_list_has_all_that_it_hands_out_and_the_teacher_s_each_key(plan, whose):
    tree = html.document_fromstring(kit.index(meant_for(kit.files(), whose), whose))
    (head,) = tree.xpath("//h2[.=$title]", title=plan.title)
    (listed,) = head.xpath("following-sibling::ul[1]")
    paths = {Path(href).stem for href in listed.xpath(".//a/@href")}
    used = {name for step in plan.steps for name in (*step.sheets, *step.also)}
    assert used <= paths
    assert ("claim-cards-key" in paths) == ("claim-cards" in used and whose == TEACHER)
    told = html.document_fromstring(printed_plan(plan.name)).text_content()
    handed = told.partition("What to hand out, and when")[2]
    assert [name for name in used if f"{name}.pdf" not in handed] == []
    if "claim-cards" in used:
        assert "deal eight" in handed
        assert "claim-cards-key.pdf" in handed


def test_a_kit_file_belongs_to_somebody_and_stands_where_something_is_called_so(tmp_path):
    with pytest.raises(ValueError, match="belongs to 'all'"):
        KitFile("a.txt", "all", "a", "", "")
    with pytest.raises(ValueError, match="no lesson, page or part is called"):
        kit.index([KitFile("a.txt", STUDENTS, "a", "lessons", "")], STUDENTS)
    twice = [KitFile("a.txt", STUDENTS, "a", "", "")] * 2
    with pytest.raises(ValueError, match="two files of the kit are called"):
        write(twice, tmp_path, tmp_path)


def test_each_sheet_prints_on_a4_and_on_letter_and_its_fonts_stay_fonts(students):
    files = sorted(students.glob("**/*.pdf"))
    assert len(files) > len(CHAPTERS)
    assert [told for file in files for told in faults(file)] == []


def text_of(file):
    """What a reader, or a search in the file, could find."""
    if file.suffix == ".pdf":
        return " ".join(" ".join(papers.texts(file)).split())
    if file.suffix == ".docx":
        with zipfile.ZipFile(file) as archive:
            return re.sub(r"<[^>]+>", "", archive.read("word/document.xml").decode())
    return file.read_text("utf-8")


def test_every_link_on_the_kit_s_own_pages_leads_to_a_file(folder):
    lost, ids = [], {}
    for page in [folder / "index.html", *folder.glob("slides/*.html")]:
        for href in html.document_fromstring(page.read_text("utf-8")).xpath("//a/@href"):
            path, _, anchor = unquote(href).partition("#")
            if re.match(r"\w+:", href) or not path:
                continue
            target = page.parent / path
            if not target.exists():
                lost.append((page.name, href))
            elif anchor and target.suffix == ".html":
                target = target.resolve()
                if target not in ids:
                    ids[target] = {*html.parse(str(target)).xpath("//@id")}
                if anchor not in ids[target]:
                    lost.append((page.name, href))
    assert lost == []


def test_the_kit_s_notebooks_run_on_the_kit_s_own_code(folder):
    code = (
        "import json, sys, surge\n"
        "assert surge.__file__.startswith(sys.argv[1]), surge.__file__\n"
        "cells = json.load(open(sys.argv[2], encoding='utf-8'))['cells']\n"
        "for cell in cells:\n"
        "    if cell['cell_type'] == 'code' and cell['id'] != 'bring-the-book':\n"
        "        exec(''.join(cell['source']), globals())\n"
        "print(check('headline-first-half', '107%').outcome)\n"
    )
    file = folder / "notebooks" / "student" / "headline.ipynb"
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder), str(file)],
        capture_output=True,
        text=True,
        cwd=folder.parent,
        env={"PYTHONPATH": str(folder / "book"), "PATH": ""},
    )
    assert (done.stdout, done.stderr) == ("right\n", "")


def test_nothing_in_the_kit_names_the_machine_it_was_made_on(folder, root):
    found = [
        file.name
        for file in folder.rglob("*")
        if file.suffix in {".html", ".ipynb", ".js", ".css", ".json", ".py", ".md"}
        and file.is_file()
        and str(root) in file.read_text("utf-8")
    ]
    assert found == []


def test_a_handout_is_a_pdf_of_the_page_and_no_link_in_it_leads_to_this_machine(site, students):
    content = (students / "handouts/headline.pdf").read_bytes()
    assert content.startswith(b"%PDF")
    assert len(content) > 20_000
    assert b"file:" not in content
    assert str(site).encode() not in content
    assert b"book.invalid" not in content


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_each_number_in_a_handout_points_to_the_note_of_its_receipt(chapter, site):
    built = (site / "chapters" / f"{chapter}.html").read_text("utf-8")
    ledger = json.loads((site / "_static/ledger.json").read_text("utf-8"))
    at = {name: place for place, name in enumerate(ledger["fields"])}
    statements = {row[at["id"]]: row[at["statement"]] for row in ledger["rows"]}
    links = html.document_fromstring(built).xpath("//a[@data-n]")
    wanted = {link.get("data-n"): link.get("href").partition("#")[2] for link in links}
    paper = html.document_fromstring(handouts.for_paper(built))
    assert {link.get("data-n") for link in paper.xpath("//a[@data-n]")} <= set(wanted)
    notes = paper.xpath("//section[@class='endnotes']//li")
    told = {str(number): note.text_content() for number, note in enumerate(notes, 1)}
    assert set(told) == set(wanted)
    for number, id in wanted.items():
        assert told[number].strip().startswith(statements[id].rstrip(".")), (number, id)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_handout_asks_without_answering_and_brings_no_code(chapter, site):
    built = (site / "chapters" / f"{chapter}.html").read_text("utf-8")
    paper = handouts.for_paper(built)
    tree = html.document_fromstring(paper)
    assert tree.xpath("//main//pre | //main//details | //main//*[@data-preset]") == []
    assert not re.search("not answered yet|running kernel|fingerprint", paper)
    text = tree.text_content()
    here = [one for one in EXERCISES if one.chapter == chapter]
    whole = html.document_fromstring(built).text_content()
    for one in here:
        assert len(tree.xpath(f"//section[@id='question-{one.id}']")) == 1
        reason = markdown.words(one.explain)[-60:]
        assert reason in whole, "the site does answer"
        assert reason not in text
    for one in here:
        lines = len(tree.xpath(f"//*[@id='question-{one.id}']/*[@class='room']/p"))
        assert lines == (0 if one.form == "choice" else handouts.LINES[one.level]), one.id


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_page_paper_slides_notebooks_and_kernel_call_a_question_by_one_name(chapter, site):
    built = (site / "chapters" / f"{chapter}.html").read_text("utf-8")
    paper = html.document_fromstring(handouts.for_paper(built))
    page = html.document_fromstring(built)
    student = words(notebooks.notebook(chapter, "student"))
    (part,) = (part for part in Book.here().parts() if chapter in part.chapters)
    slides_shown = html.document_fromstring(
        slides.deck_page(slides.part_deck(part, FORMS))
    ).text_content()
    for one in [one for one in EXERCISES if one.chapter == chapter]:
        for tree in (page, paper):
            (heading,) = tree.xpath(f"//*[@id='{one.id}-name']")
            assert heading.text_content().startswith(f"{one.called}: "), one.id
        assert f"## {one.called} " in student
        assert one.kind != "question" or one.called in slides_shown
        assert repr(classroom.question(one.id)).startswith(f"{one.called} ")


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_what_a_number_is_worked_out_from_stands_on_page_paper_slide_and_notebook(chapter, site):
    built = (site / "chapters" / f"{chapter}.html").read_text("utf-8")
    page = html.document_fromstring(built)
    paper = html.document_fromstring(handouts.for_paper(built))
    student = notebooks.notebook(chapter, "student")
    lost = []
    for one in [one for one in EXERCISES if one.chapter == chapter and one.form == "number"]:
        asked, _ = slides.question_slides(one.id)
        in_prompt = {link["id"] for link in collect.links(one.prompt)}
        cells = [cell.source for cell in student.cells if f"## {one.called} " in cell.source]
        (on_page,), (on_paper,) = (
            tree.xpath(f"//*[@id='question-{one.id}']//*[@class='needs']") for tree in (page, paper)
        )
        places = {
            "page": on_page.text_content(), "paper": on_paper.text_content(),
            "slide": markdown.words(asked.text), "notebook": markdown.words("".join(cells)),
        }  # fmt: skip
        lost += [
            (one.id, place, need["shown"])
            for need in one.needs
            for place, text in places.items()
            if need["shown"] not in text
            and not (place == "slide" and need["id"] in in_prompt)  # said once on a slide
        ]
    assert lost == []


#: how far the box before a choice stands inside its question, on the left, in px
BOXES = """() => [...document.querySelectorAll(".question [role=radiogroup] label")].map((label) => {
  const box = getComputedStyle(label, "::before"), rect = label.getBoundingClientRect();
  const left = parseFloat(box.marginLeft) || 0, at = box.position === "absolute" ? parseFloat(box.left) : 0;
  return [rect.left + left + at - label.closest(".question").getBoundingClientRect().left,
    parseFloat(box.width), parseFloat(box.borderLeftWidth)];
})"""


def test_the_box_before_a_choice_is_whole_on_paper(site, browser):
    seen = 0
    tab = browser.new_page(viewport={"width": 665, "height": 1000})  # 176 mm
    tab.emulate_media(media="print")
    for chapter in CHAPTERS:
        tab.goto((site / "chapters" / f"{chapter}.html").as_uri())
        for inside, wide, border in tab.evaluate(BOXES):
            seen += 1
            assert inside >= 0 and wide > 5 and border > 0, (chapter, inside, wide, border)
    assert seen > 100
    tab.close()


# what a reader of paper cannot do; two pages are about doing it, and the one for teachers names both
FOR_SCREENS = (
    r"In Jupyter|[Rr]un (the|this) cell|folded away|Try it\b|[Cc]lick (on|the)|[Pp]ress (the|this)|"
    r"open the output|by `?None|(?<=[.?!] )Choose "
)
ABOUT_SCREENS = {"run", "hub", "teach"}


def test_no_handout_asks_for_what_only_a_screen_can_do(site):
    found = []
    for name in {*kit.on_paper(Book.here().parts())} - ABOUT_SCREENS:
        built = (site / "chapters" / f"{name}.html").read_text("utf-8")
        (main,) = html.document_fromstring(handouts.for_paper(built)).xpath("//main")
        for notes in main.xpath(".//*[@class='endnotes' or @class='tail']"):
            notes.drop_tree()
        text = " ".join(main.text_content().split())
        assert not re.search(r"\]\(\w", text), f"{name} shows how a link is written"
        found += [
            (name, text[m.start() - 30 : m.end() + 30]) for m in re.finditer(FOR_SCREENS, text)
        ]
    assert found == []


def test_a_handout_does_not_show_what_a_lab_asks_to_predict(site):
    built = (site / "chapters" / "headline.html").read_text("utf-8")
    last = "//section[@class='question'][last()]/following::table"
    assert html.document_fromstring(built).xpath(last), "the site does show it"
    assert not html.document_fromstring(handouts.for_paper(built)).xpath(last)


def letters(text):
    """Text without what a printed page puts between letters: numbers of notes, hyphens, ends of lines."""
    return re.sub(r"[^a-z]", "", text.lower())


def test_no_file_of_the_students_kit_tells_an_answer(students):
    """Sentences of every explanation, in whatever kind of file."""
    secrets = {
        letters(markdown.words(sentence)): sentence
        for one in EXERCISES
        for sentence in re.split(r"(?<=[.:?])\s+", one.explain)
        if len(letters(sentence)) > 40
    }
    assert len(secrets) > 100
    files = [file for file in students.rglob("*") if file.is_file()]
    told = {}
    for file in files:
        text = letters(text_of(file))
        told[file.name] = [sentence for secret, sentence in secrets.items() if secret in text]
    assert {name: found for name, found in told.items() if found} == {}
    assert not [file.name for file in files if re.search("teach|key|answers|plan", file.name)]


def test_the_search_reads_what_is_printed(students):
    """Guards the test above: text that cannot be read from a file would hide an answer."""
    for chapter in CHAPTERS:
        text = letters(text_of(students / f"handouts/{chapter}.pdf"))
        asked = [one.prompt for one in EXERCISES if one.chapter == chapter and one.kind != "lab"]
        assert [one for one in asked if letters(markdown.words(one))[:25] not in text] == []


def test_no_page_of_a_printed_file_is_nearly_empty_but_those_to_write_on(folder):
    """Slides are apart: there, a page is a slide."""
    to_write_on = {*sheets.names(), "blank-ledger"}
    files = [file for file in (folder / "handouts").glob("*.pdf") if file.stem not in to_write_on]
    assert len(files) > 30
    few, unnumbered = [], []
    for file in files:
        pages = papers.texts(file)
        for number, text in enumerate(pages, 1):
            if (count := papers.words(text)) < papers.FEW:
                few.append((file.name, number, count))
            if f"{number} of {len(pages)}" not in text:
                unnumbered.append((file.name, number))
    assert (few, unnumbered) == ([], [])


def test_no_question_of_a_handout_is_cut_by_the_end_of_a_page(students):
    cut = []
    for chapter in CHAPTERS:
        texts = [*map(letters, papers.texts(students / f"handouts/{chapter}.pdf"))]
        asked = [one for one in EXERCISES if one.chapter == chapter and one.kind != "lab"]
        whole = [letters(markdown.words(one.prompt)) for one in asked]
        cut += [one.id for one, text in zip(asked, whole, strict=True)
                if not any(text in page for page in texts)]  # fmt: skip
    assert cut == []


def test_the_students_zip_holds_theirs_and_the_teacher_s_holds_all(students, folder):
    def held(place):
        return {file.relative_to(place).as_posix() for file in place.rglob("*") if file.is_file()}

    assert held(students) == {f.path for f in meant_for(kit.files(), STUDENTS)} | {"index.html"}
    whole = {path for path in held(folder) if not path.startswith(("site/", "book/"))}
    assert whole == {file.path for file in kit.files()} | {"index.html"}
    assert {"site/index.html", "book/requirements-grading.txt"} <= held(folder)
    for path in held(students) - {"index.html"}:
        assert (students / path).read_bytes() == (folder / path).read_bytes()


def test_both_kits_are_packed_whole_and_stay_under_the_limit(kits, site, tmp_path, monkeypatch):
    monkeypatch.setattr(kit, "make", lambda work, site, paper: kits)
    assert kit.main([str(tmp_path), "--site", str(site)]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(kit.ZIPS.values())
    for whose, name in kit.ZIPS.items():
        with zipfile.ZipFile(tmp_path / name) as archive:
            names = archive.namelist()
            assert archive.testzip() is None
        inside = {path.partition("/")[2] for path in names}
        assert {file.path for file in meant_for(kit.files(), whose)} < inside


def test_without_a_built_site_there_is_no_kit(tmp_path, capsys):
    assert kit.main([str(tmp_path), "--site", str(tmp_path)]) == 1
    assert "build the book first" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


# --- decks and sheets on paper -----------------------------------------------------------------


@pytest.mark.parametrize("name", decks.names())
def test_a_deck_on_paper_has_a_page_for_each_slide_in_fonts_that_stay_fonts(name, folder):
    file = folder / f"slides/{name}.pdf"
    pages = PdfReader(file).pages
    assert {tuple(map(float, page.mediabox[2:])) for page in pages} == {(960, 540)}  # points
    assert len(pages) == len(decks.deck(name).slides)
    feet = [f"{number} of {len(pages)}" for number in range(1, len(pages) + 1)]
    assert [foot for foot, text in zip(feet, papers.texts(file), strict=True) if foot in text] == []
    assert [font for font in papers.fonts(file) if font[0] == "/Type3" or not font[2]] == []
    assert b"file:" not in file.read_bytes()


@pytest.mark.parametrize("name", ["lesson-45", "policy"])
def test_on_paper_with_notes_each_slide_stands_once_beside_what_is_said(name, folder):
    deck, file = decks.deck(name), folder / f"slides/{name}-notes.pdf"
    text = re.sub(r"\s+", " ", f"{' '.join(papers.texts(file))} ")
    count = len(deck.slides)
    assert [n for n in range(1, count + 1) if text.count(f" {n} / {count} ") != 1] == []
    tree = html.fromstring(slides.deck_page(deck, notes=True))
    told = [" ".join(one.text_content().split()) for one in tree.xpath("//div[@class='told']")]
    assert len(told) == count
    assert [
        one for one in told if len(one) < 20 or "".join(one.split()) not in "".join(text.split())
    ] == []
    assert papers.faults(file) == []


#: of a sheet that takes more than one
PAGES = {"lesson-45": 2, "week-tuesday": 2, "week-wednesday": 2, "week-exit": 2}


def test_each_sheet_takes_the_pages_it_is_meant_to_take(students):
    files = {name: students / f"handouts/{name}.pdf" for name in sheets.names()}
    counted = {name: len(PdfReader(file).pages) for name, file in files.items()}
    assert counted == {name: PAGES.get(name, 1) for name in files}


# --- the page for teachers -------------------------------------------------------------------


def test_objectives_and_exercises_are_those_of_the_chapters():
    taught = {row[0] for row in outline.objectives().rows}
    asked = {row[0]: row[1:] for row in outline.exercise_table().rows}
    titles = {page_title(name) for name in CHAPTERS}
    assert set(asked) == titles <= taught
    counted = sum(int(cell[0]) for row in asked.values() for cell in row if cell != "–")
    assert counted == len(EXERCISES)


def test_each_part_has_a_lab():
    labs = {one.chapter for one in EXERCISES if one.kind == "lab"}
    assert [part.title for part in PARTS if not labs & set(part.chapters)] == []


def test_memory_for_a_hub_is_students_times_kernel_and_server():
    server, chapters = outline.measured()
    each = max(float(row["memory"]) for row in chapters) + float(server["memory"])
    ((_, shown),) = outline.hub_table([300], spare=1.5).rows
    assert float(shown) == pytest.approx(300 * each * 1.5 / 1000, abs=0.5)


def test_every_chapter_with_exercises_was_measured_and_is_within_its_limits():
    _, chapters = outline.measured()
    assert {row["chapter"] for row in chapters} >= set(CHAPTERS)
    for row in chapters:
        held = {**row, "memory": float(row["memory"]), "times": float(row["work_times"])}
        assert over(held) == [], row["chapter"]


def test_each_curriculum_names_pages_of_the_book_and_what_was_read():
    rows = data.load().rows_of("curricula")
    for word in ("GAISE II", "PISA 2022", "AP Statistics", "IB Diploma", "UNESCO"):
        assert sum(row["curriculum"].startswith(word) for row in rows) >= 3, word
    table = html.fragment_fromstring(outline.curricula()._repr_html_())
    assert len(table.findall("tbody/tr")) == len(rows)
    for row, told in zip(rows, table.findall("tbody/tr"), strict=True):
        read = [data.load().sources[id] for id in row["sources"].split(";")]
        assert told.xpath("td[last()]//a/@href") == [source.url for source in read]
        pages = [Book.here().page(name).name for name in row["pages"].split(";")]
        linked = told.xpath("td[2]//a/@href")
        assert linked[: len(pages)] == pages
        named = {*row["pages"].split(";")}
        taught = [plans.anchor(one) for one in plans.lessons() if named & {*one.chapters}]
        assert linked[len(pages) :] == taught
        assert row["note"] in told[-1].text_content()
