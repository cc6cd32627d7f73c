"""What a teacher hears of an exercise: the wrong numbers to expect, and whom to ask for reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from receiptbook.exercises.judging import judge, said
from receiptbook.exercises.rows import Exercise


def expected_slips(facts: Mapping) -> Iterator[tuple[float, str, str]]:
    """Each wrong number that is expected, in the unit asked for, its name and what `check` says.

    facts : a number exercise, as `Exercise.to_json` gives it
    """
    value, percent = facts["value"], facts["unit"] == "percent"
    tried, single = [], facts.get("asks") != "range"
    if facts["growth"] and single:
        tried.append((value + (100 if percent else 1), "the ratio, not the growth"))
    if facts["measures"] in ("ratio", "points") and facts["worth"] == 0.01 and single:
        tried.append((value / 100, "a bare ratio"))
    tried += [(slip["value"], slip["says"]) for slip in facts.get("slips", ())]
    for number, name in tried:
        yield number, name, said(facts, judge(facts, number, 0))


def usual_slips(facts: Mapping) -> list[str]:
    """The wrong numbers that students bring, each with what `check` says to it, in Markdown."""
    return [
        f"{number:.4g}{'' if name == words else f' ({name})'}: “{words}”"
        for number, name, words in expected_slips(facts)
    ]


def defend(one: Exercise) -> str:
    """Whom to ask after a multiple choice, and the wrong choices, in Markdown."""
    wrong = "; ".join(f"“{choice}”" for choice in one.choices[1:])
    return f"Ask those who chose otherwise to defend it: {wrong}."
