"""A book's exercises as question banks: Moodle XML, and GIFT, which other platforms read too.

Both formats are written here, as the libraries found for them have no upkeep or take lists of their own
as input. The range that is accepted becomes the tolerance, expected slips become answers worth nothing
that say what went wrong, and the working is shown after the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Context, Decimal

from lxml import etree

from receiptbook import exercises, markdown
from receiptbook.exercises import FEEDBACK, Exercise, expected_slips
from receiptbook.kit.notebooks import MINUTES

ROOT = "$course$/top"  # where Moodle keeps the questions of a course
_DIGITS = 10  # of a number in an export


@dataclass(frozen=True)
class Answer:
    """One answer of a question. `worth` is 100 for the right one, 0 for others, in percent.

    text : HTML of a choice, a number without exponent, or "*" for every other number
    tolerance : how far a number may lie from it, in the unit asked for; empty for a choice
    """

    text: str
    worth: int
    feedback: str
    tolerance: str = ""


@dataclass(frozen=True)
class Item:
    """A question as platforms have it: `form` is "choice", "number" or "open"; texts are HTML."""

    id: str
    name: str
    form: str
    prompt: str
    working: str
    hint: str
    answers: tuple[Answer, ...]
    tags: tuple[str, ...]


def item(one: Exercise) -> Item:
    """An exercise with its answers as a platform judges them.

    >>> one = item(exercises.exercise("headline-first-half"))
    >>> one.answers[0].text, one.answers[0].worth, one.answers[-1].text
    ('106.8', 100, '*')
    """
    facts = one.to_json()
    hint = _html(one.hint) if one.hint else ""
    answers = {"choice": _choices, "number": _numbers, "open": lambda *_: ()}[one.form]
    asked = [one.prompt, exercises.needs_words({"needs": one.needs})]
    if one.form == "number":
        asked.append(how_to_write(facts))
    return Item(
        id=one.id,
        name=f"{one.called}: {one.id}",
        form=one.form,
        prompt=_html("\n\n".join(filter(None, asked))),
        working=_html(exercises.answer_words(facts)),
        hint=hint,
        answers=tuple(answers(facts, hint)),
        tags=(one.chapter, one.kind, f"level {one.level}", f"{MINUTES[one.level]} minutes"),
    )


def how_to_write(facts: Mapping) -> str:
    """In what unit, and to how many places, a number is to be written, as a sentence.

    >>> how_to_write({"unit": "percent", "value": 106.83, "lower": 106.2, "upper": 107.4})
    'Write only a number, in percent, rounded to a whole number or finer.'
    """
    places = decimals(facts)
    fine = f"{places} decimal place{'s' * (places > 1)}" if places else "a whole number"
    unit = "" if facts["unit"] in ("ratio", "times") else f" in {facts['unit']},"
    which = (
        " inside that range" if facts.get("asks") == "range" else ""
    )  # a platform takes no range
    return f"Write only a number{which},{unit} rounded to {fine} or finer."


def decimals(facts: Mapping) -> int:
    """The fewest places to which the answer can be rounded and still lie in what is accepted.

    >>> decimals({"value": 45.86, "lower": 45.79, "upper": 45.92})
    1
    """
    value = facts["value"]
    for places in range(_DIGITS):
        inside = facts["lower"] <= round(value, places) <= facts["upper"]
        if inside and 10**-places <= abs(value) / 5:
            return places
    return _DIGITS


def _choices(facts: Mapping, hint: str) -> Iterator[Answer]:
    for place, choice in enumerate(facts["choices"]):
        right = place == facts["right"]
        said = FEEDBACK["right" if right else "wrong"]
        yield Answer(_line(choice), 100 * right, said if right else f"{said} {hint}".strip())


def _numbers(facts: Mapping, hint: str) -> Iterator[Answer]:
    """The right number first, as the first answer that fits is taken; "*" stands for the rest."""
    value, lower, upper = facts["value"], facts["lower"], facts["upper"]
    right, half = FEEDBACK["right"], (upper - lower) / 2
    shown, middle = round(value, decimals(facts) + 1), (lower + upper) / 2
    if _plain(shown) != _plain(middle):  # the first is what a platform shows as the right one
        near = max(0.0, min(shown - lower, upper - shown))
        yield Answer(_plain(shown), 100, right, _plain(near))
    yield Answer(_plain(middle), 100, right, _tolerance(_plain(middle), half))
    for number, _, said in expected_slips(facts):
        near = _plain(number)
        wide = half * abs(number / (value or 1.0))
        yield Answer(near, 0, _line(said), _tolerance(near, wide))
    yield Answer("*", 0, hint or FEEDBACK["wrong"], "0")


def _plain(number: float) -> str:
    """A number without exponent, to ten digits.

    >>> _plain(1051020.4081632653), _plain(0.1 + 0.2)
    ('1051020.408', '0.3')
    """
    told = f"{Context(prec=_DIGITS).create_decimal(repr(float(number))):f}"
    return told.rstrip("0").rstrip(".") if "." in told else told


def _tolerance(answer: str, width: float) -> str:
    """A width that reaches from the written answer at least as far as from the number itself."""
    wide = Decimal(repr(width)) + abs(Decimal(answer)) * Decimal(10) ** (1 - _DIGITS)
    told = f"{Context(prec=_DIGITS, rounding=ROUND_CEILING).create_decimal(wide):f}"
    return told.rstrip("0").rstrip(".") if "." in told else told


def _html(text: str) -> str:
    """Markdown as HTML on one line, without links, as their targets are not there."""
    return re.sub(r"\s*\n\s*", " ", markdown.block(markdown.without_links(text)))


def _line(text: str) -> str:
    return markdown.inline(markdown.without_links(text))


# ------------------------------------------------------------------------------------ the two files


def category(*names: str) -> str:
    """The path of a category; a slash inside a name is doubled, as Moodle has it.

    >>> category("Rain", "May/June")
    '$course$/top/Rain/May//June'
    """
    return "/".join((ROOT, *(name.replace("/", "//") for name in names)))


def moodle_xml(title: str, chapters: Iterable[tuple[str, Iterable[Exercise]]]) -> str:
    """One file for Moodle's question bank, a category for each chapter.

    title : of the book, which holds the categories
    chapters : of each chapter its title and its exercises
    """
    quiz = etree.Element("quiz")
    for name, asked in chapters:
        node = etree.SubElement(quiz, "question", type="category")
        _text(etree.SubElement(node, "category"), category(title, name))
        for one in asked:
            _moodle_question(quiz, item(one))
    etree.indent(quiz)
    return etree.tostring(quiz, encoding="UTF-8", xml_declaration=True).decode("utf-8") + "\n"


_TYPES = {"choice": "multichoice", "number": "numerical", "open": "essay"}


def _moodle_question(quiz: etree._Element, one: Item) -> None:
    node = etree.SubElement(quiz, "question", type=_TYPES[one.form])
    _text(etree.SubElement(node, "name"), one.name)
    _text(etree.SubElement(node, "questiontext", format="html"), one.prompt)
    _text(etree.SubElement(node, "generalfeedback", format="html"), one.working)
    plain = {"defaultgrade": "1", "penalty": "0.3333333", "hidden": "0", "idnumber": one.id}
    if one.form == "choice":
        plain |= {"single": "true", "shuffleanswers": "true", "answernumbering": "ABCD"}
    if one.form == "open":
        plain |= {"responseformat": "editor", "responserequired": "1", "attachments": "0"}
    for name, value in plain.items():
        etree.SubElement(node, name).text = value
    if one.form == "open":
        _text(etree.SubElement(node, "graderinfo", format="html"), one.working)
    for answer in one.answers:
        form = "html" if one.form == "choice" else "plain_text"
        child = etree.SubElement(node, "answer", fraction=str(answer.worth), format=form)
        _text(child, answer.text)
        _text(etree.SubElement(child, "feedback", format="html"), answer.feedback)
        if answer.tolerance:
            etree.SubElement(child, "tolerance").text = answer.tolerance
    if one.hint and one.form != "open":
        _text(etree.SubElement(node, "hint", format="html"), one.hint)
    tags = etree.SubElement(node, "tags")
    for tag in one.tags:
        _text(etree.SubElement(tags, "tag"), tag)


def _text(node: etree._Element, text: str) -> None:
    etree.SubElement(node, "text").text = text


def gift(title: str, chapters: Iterable[tuple[str, Iterable[Exercise]]]) -> str:
    """The same as `moodle_xml` in GIFT, which is plain text and has no place for hints."""
    blocks = []
    for name, asked in chapters:
        blocks.append(f"$CATEGORY: {category(title, name)}")
        for one in map(item, asked):
            tags = "".join(f" [tag:{tag}]" for tag in one.tags)
            lines = [f"// [id:{one.id}]{tags}", f"::{_kept(one.name)}::[html]{_kept(one.prompt)}{{"]
            lines[-1] += "#" * (one.form == "number")
            lines += [f"\t{_gift_answer(answer, one.form)}" for answer in one.answers]
            blocks.append("\n".join([*lines, f"\t####{_kept(one.working)}", "}"]))
    return "\n\n".join(blocks) + "\n"


def _gift_answer(answer: Answer, form: str) -> str:
    said = f"#{_kept(answer.feedback)}"
    if form == "choice":
        return f"{'=' if answer.worth else '~'}{_kept(answer.text)}{said}"
    if answer.text == "*":
        return f"~{said}"
    return f"={'' if answer.worth else '%0%'}{answer.text}:{answer.tolerance}{said}"


def _kept(text: str) -> str:
    r"""Text in which nothing is read as a sign of GIFT.

    >>> print(_kept("a = {b}: 5 # c"))
    a \= \{b\}\: 5 \# c
    """
    return re.sub(r"([\\~=#{}:])", r"\\\1", text)
