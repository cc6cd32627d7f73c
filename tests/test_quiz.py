"""Exercises as question banks: read back as Moodle's importer and a GIFT parser read them.

Held of Moodle XML, by question/format/xml/format.php, question/format.php and
question/type/numerical/question.php of Moodle:

- the root is `quiz`, its children are `question` with a type that the importer knows;
- a question has a name (at most 255 characters are kept), a text whose format is one of its words, and
  one `text` in each part that it reads;
- a fraction is one of the grades that it knows, here 100 or 0, and one answer has 100;
- a number and its tolerance are numeric in PHP; "*" stands for every other number and comes last, as
  the first answer that fits is taken; a number fits if it is at most the tolerance away;
- an id number stands once in its category; slashes inside a category's name are doubled;
- each type has the parts that its reader takes, with words that the type knows, and no other.
"""

import re

import pytest
from chromium import chromium
from lxml import etree, html

from receiptbook import exercises as classroom
from receiptbook import markdown
from receiptbook.exercises import expected_slips, judge
from receiptbook.kit import quiz
from surge import kit

EXERCISES = classroom.load()
NUMBERS = [id for id, one in EXERCISES.items() if one.form == "number"]
CHOICES = [id for id, one in EXERCISES.items() if one.form == "choice"]
TYPES = {"choice": "multichoice", "number": "numerical", "open": "essay"}
PHP_NUMBER = r"[+-]?(\d+(\.\d*)?|\.\d+)"


@pytest.fixture(scope="module")
def files():
    return {file.path: file.made for file in kit.files() if file.path.startswith("quiz/")}


@pytest.fixture(scope="module")
def moodle(files):
    return etree.fromstring(files["quiz/moodle.xml"].encode())


@pytest.fixture(scope="module")
def asked(moodle):
    """Each question of the Moodle file by its id number."""
    return {node.findtext("idnumber"): node for node in moodle if node.get("type") != "category"}


@pytest.fixture(scope="module")
def gift(files, root, chromium_path):
    """What the parser of gift-pegjs (a grammar of GIFT, MIT licence) reads from the file."""
    parser = (root / "tests/fixtures/gift/gift-parser-globals.js").read_text("utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECEIPTBOOK_CHROMIUM", chromium_path)
        with chromium() as context:
            tab = context.new_page()
            tab.add_script_tag(content=parser)
            return tab.evaluate("(text) => giftParser.parse(text)", files["quiz/gift.txt"])


def moodle_takes(node, x):
    """The first answer that fits a number, as Moodle finds it."""
    for answer in node.findall("answer"):
        text = answer.findtext("text")
        if text == "*":
            return answer
        leeway = float(answer.findtext("tolerance")) + 1e-14 * max(1, abs(float(text)))
        if float(text) - leeway <= x <= float(text) + leeway:
            return answer
    return None


# --- Moodle XML ------------------------------------------------------------------------------


def test_every_exercise_is_in_the_file_once_in_the_category_of_its_chapter(moodle):
    assert moodle.tag == "quiz" and {node.tag for node in moodle} == {"question"}
    place, found = "", {}
    for node in moodle:
        if node.get("type") == "category":
            place = node.findtext("category/text")
            continue
        id = node.findtext("idnumber")
        assert id not in found
        found[id] = place
        assert node.get("type") == TYPES[EXERCISES[id].form]
    assert found.keys() == EXERCISES.keys()
    chapters = {place: {EXERCISES[id].chapter for id in found if found[id] == place}
                for place in found.values()}  # fmt: skip
    assert all(len(names) == 1 for names in chapters.values())
    assert all(place.startswith("$course$/top/Past 600 Million/") for place in chapters)


def test_each_question_has_what_the_importer_reads(asked):
    for id, node in asked.items():
        assert 0 < len(node.findtext("name/text")) <= 255
        for part in node.xpath(".//*[text[not(*)]]"):
            assert len(part.findall("text")) == 1, (id, part.tag)
            assert part.get("format", "html") in {"html", "plain_text"}
        assert node.findtext("questiontext/text").startswith("<p>")
        assert node.findtext("generalfeedback/text").startswith("<p>")
        worth = [answer.get("fraction") for answer in node.findall("answer")]
        assert set(worth) <= {"100", "0"}
        assert ("100" in worth) == (node.get("type") != "essay"), id
        for text in node.xpath(".//text/text()"):
            assert not re.search(r"\]\(|\*\*|\.ipynb", text), (id, text)
            assert "<a " not in text


#: what the importer reads of every question, and of each type besides: path below it, and what it may be
COMMON = {
    "name/text": r".+", "questiontext/text": r"<p>.+", "generalfeedback/text": r"<p>.+",
    "defaultgrade": r"1", "penalty": r"0\.3333333", "hidden": r"0", "idnumber": r"[a-z0-9-]{1,100}",
    "tags/tag/text": r".{1,50}",
}  # fmt: skip
READ = {
    "category": {"category/text": r"\$course\$/top/.+"},
    "multichoice": COMMON | {
        "single": r"true|false", "shuffleanswers": r"true|false",
        "answernumbering": r"abc|ABCD|123|iii|IIII|none",
        "answer/text": r".+", "answer/feedback/text": r".+", "hint/text": r".+",
    },
    "numerical": COMMON | {
        "answer/text": rf"{PHP_NUMBER}|\*", "answer/tolerance": PHP_NUMBER,
        "answer/feedback/text": r".+", "hint/text": r".+",
    },
    "essay": COMMON | {
        "responseformat": r"editor|editorfilepicker|plain|monospaced|noinline",
        "responserequired": r"0|1", "attachments": r"-1|[0-3]", "graderinfo/text": r"<p>.+",
    },
}  # fmt: skip
MAY_LACK = {"hint/text"}
SEVERAL = {"answer", "hint", "tag"}


def test_each_type_has_the_parts_that_its_reader_takes_and_no_other(moodle):
    faults, seen = [], set()
    for node in moodle:
        kind = node.get("type")
        seen.add(kind)
        where = node.findtext("idnumber") or node.findtext("category/text")
        for path, form in READ[kind].items():
            told = [part.text or "" for part in node.findall(path)]
            if not told and path not in MAY_LACK:
                faults.append(f"{where}: no {path}")
            faults += [f"{where}: {path} {text!r}" for text in told if not re.fullmatch(form, text)]
        for part in node.iter():
            path = "/".join([*(a.tag for a in reversed([*part.iterancestors()])), part.tag])
            path = path.removeprefix("quiz/question").removeprefix("/")
            if path and not any(one == path or one.startswith(f"{path}/") for one in READ[kind]):
                faults.append(f"{where}: nothing reads {path}")
            if len({*(child.tag for child in part)} - SEVERAL) < sum(
                child.tag not in SEVERAL for child in part
            ):
                faults.append(f"{where}: {path} holds a part twice")
        per_answer = {"numerical": ["text", "feedback", "tolerance"]}.get(
            kind, ["text", "feedback"]
        )
        for answer in node.findall("answer"):
            assert [child.tag for child in answer] == per_answer, where
    assert faults == []
    assert seen == READ.keys()


@pytest.mark.parametrize("id", NUMBERS)
def test_moodle_accepts_the_answer_and_its_range_and_nothing_beside_it(id, asked):
    facts, node = EXERCISES[id].to_json(), asked[id]
    texts = [answer.findtext("text") for answer in node.findall("answer")]
    tolerances = [answer.findtext("tolerance") for answer in node.findall("answer")]
    assert texts.index("*") == len(texts) - 1
    assert all(re.fullmatch(PHP_NUMBER, one) for one in [*texts[:-1], *tolerances])
    places = quiz.decimals(facts)
    rounded = [round(facts["value"], n) for n in range(places, places + 3)]
    for x in (facts["value"], facts["lower"], facts["upper"], *rounded):
        assert moodle_takes(node, x).get("fraction") == "100", x
        assert judge(facts, x, 0) == "right"
    width = facts["upper"] - facts["lower"]
    for x in (facts["lower"] - width / 1000, facts["upper"] + width / 1000):
        assert moodle_takes(node, x).get("fraction") == "0", x


@pytest.mark.parametrize("id", NUMBERS)
def test_moodle_refuses_each_expected_slip_and_says_what_the_page_says(id, asked):
    facts = EXERCISES[id].to_json()
    for x, _, said in expected_slips(facts):
        answer = moodle_takes(asked[id], x)
        assert answer.get("fraction") == "0"
        heard = html.fromstring(f"<p>{answer.findtext('feedback/text')}</p>").text_content()
        assert heard == markdown.words(said)


def test_slips_of_the_table_are_among_those(asked):
    """Guards the test above: an empty list would prove nothing."""
    told = [says for one in EXERCISES.values() for _, says in one.slips]
    text = " ".join(asked[id].xpath("string(.)") for id in NUMBERS)
    assert len(told) > 15
    assert [
        says for says in told if markdown.inline(markdown.without_links(says)) not in text
    ] == []


@pytest.mark.parametrize("id", NUMBERS)
def test_a_number_question_says_its_unit_and_what_it_is_worked_out_from(id, asked):
    facts = EXERCISES[id].to_json()
    text = html.fromstring(asked[id].findtext("questiontext/text")).text_content()
    assert "Write only a number" in text
    if facts["unit"] not in ("ratio", "times"):
        assert f"in {facts['unit']}" in text
    assert [one["shown"] for one in facts["needs"] if one["shown"] not in text] == []


@pytest.mark.parametrize("id", CHOICES)
def test_moodle_offers_the_choices_and_takes_one(id, asked):
    one, node = EXERCISES[id], asked[id]
    assert node.findtext("single") == "true"
    offered = {
        html.fromstring(f"<p>{a.findtext('text')}</p>").text_content(): a.get("fraction")
        for a in node.findall("answer")
    }
    plain = [markdown.words(choice) for choice in one.choices]
    assert offered == {plain[0]: "100", **dict.fromkeys(plain[1:], "0")}
    assert all(a.findtext("feedback/text") for a in node.findall("answer"))


def test_a_slash_in_a_chapter_s_title_makes_no_category_of_its_own():
    text = quiz.moodle_xml("Rain", [("May/June", [])])
    assert etree.fromstring(text.encode()).findtext("question/category/text").endswith("/May//June")


# --- GIFT ------------------------------------------------------------------------------------


def test_a_parser_of_gift_reads_the_same_questions(gift, moodle):
    places = [one["title"].strip() for one in gift if one["type"] == "Category"]
    assert places == moodle.xpath("//category/text/text()")
    kinds = {"choice": "MC", "number": "Numerical", "open": "Essay"}
    read = {one["id"]: one["type"] for one in gift if one["type"] != "Category"}
    assert read == {id: kinds[one.form] for id, one in EXERCISES.items()}


def test_a_parser_of_gift_reads_the_same_texts_and_answers(gift, asked):
    for one in gift:
        if one["type"] == "Category":
            continue
        node = asked[one["id"]]
        assert one["title"] == node.findtext("name/text")
        assert one["stem"] == {"format": "html", "text": node.findtext("questiontext/text")}
        assert one["globalFeedback"]["text"] == node.findtext("generalfeedback/text")
        wanted = [
            (a.findtext("text"), a.findtext("feedback/text"), a.get("fraction") == "100")
            for a in node.findall("answer")
        ]
        assert list(map(choice_of, one.get("choices", []))) == wanted
        for read, answer in zip(one.get("choices", []), node.findall("answer"), strict=True):
            if "range" in read["text"]:
                assert read["text"]["range"] == float(answer.findtext("tolerance"))


def choice_of(read):
    """Text, feedback and whether it is right, of a choice or a number that the parser read."""
    text = read["text"]
    told = text["text"] if "text" in text else quiz._plain(text["number"])  # noqa: SLF001
    return told, read["feedback"]["text"], read["isCorrect"] and read["weight"] != 0


def test_no_question_in_gift_holds_an_empty_line_or_begins_like_a_comment(files):
    for block in files["quiz/gift.txt"].split("\n\n"):
        lines = block.strip().splitlines()
        assert lines[0].startswith(("$CATEGORY: ", "// [id:"))
        assert not any(line.strip().startswith("//") for line in lines[1:])
