"""Checking: how many errors get through, and when checking pays."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

import receiptbook.explorers as ex
from surge import models

SPAN = 10.0  # minutes
EDGE = SPAN - 0.6  # where a point beyond the frame is told of

SLIDERS = (
    ex.Slider("checked", "Answers checked", "%", 0, 100, 1),
    ex.Slider("error_rate", "Answers with an error", "%", 0, 60, 0.5, 1),
    ex.Slider("miss", "Lost by an error that passes", "minutes", 0, 480, 1),
    ex.Slider("effort", "Taken by a check", "minutes", 0, 30, 0.5, 1),
    ex.Slider("caught", "Errors that a check finds", "%", 0, 100, 1),
    ex.Slider("saved", "Saved by a use", "minutes", 0, 60, 0.5, 1),
    ex.Slider("uses", "Uses", "a day", 1, 1000, 1),
)

WORDING = {
    "id": "checking",
    "title": "Checking pays where a missed error costs much and a check costs little",
    "caption": "Minutes that a use saves, net of checking and of errors that get through, by the "
    "share of answers that is checked.",
    "alt": "Line chart of net minutes saved by a use against the share of answers checked: a "
    "straight line that slopes up where checking pays and down where it does not, with a point "
    "at the chosen share.",
}

PASS = "{through} errors a day pass."
PAYS = "A check brings {worth} minutes more than it takes"
COSTS = "A check takes {dearer} minutes more than it brings"
LOSES = "With these assumed values a use loses {lost} minutes, and " + PASS
SAVES = "With these assumed values a use saves {each} minutes, and " + PASS

WORDS = (
    ex.Sentence(
        LOSES + " " + PAYS + ", and all answers are checked already.",
        lambda each, worth, checked: (each < 0) & (worth > 0) & (checked >= 100),
    ),
    ex.Sentence(
        LOSES + " " + PAYS + ": with {even}% or more checked, a use saves time.",
        lambda each, worth, even: (each < 0) & (worth > 0) & np.isfinite(even),
    ),
    ex.Sentence(
        LOSES + " " + PAYS + ", but even if all are checked, errors and checks cost "
        "more time than the tool saves.",
        lambda each, worth: (each < 0) & (worth > 0),
    ),
    ex.Sentence(
        LOSES + " " + COSTS + ": checking less would lose less.",
        lambda each, checked: (each < 0) & (checked > 0),
    ),
    ex.Sentence(LOSES + " " + COSTS + ".", lambda each: each < 0),
    ex.Sentence(
        SAVES + " " + PAYS + ", and all answers are checked already.",
        lambda worth, checked: (worth > 0) & (checked >= 100),
    ),
    ex.Sentence(SAVES + " " + PAYS + ": checking more saves more.", lambda worth: worth > 0),
    ex.Sentence(SAVES + " " + COSTS + ": checking less saves more.", lambda checked: checked > 0),
    ex.Sentence(SAVES + " " + COSTS + "."),
)

OUTPUTS = (
    ex.Output("each", "Net saving of a use", "minutes", 2),
    ex.Output("hours", "Net saving", "hours a day", 2),
    ex.Output("through", "Errors that pass", "a day", 1),
    ex.Output("yearly", "Errors that pass", "a year", 0),
    ex.Output("worth", "What a check brings, net", "minutes", 2),
    ex.Output("needed", "A check pays if a missed error costs more than", "minutes", 1, ""),
    ex.Output("even", "A use breaks even if so many answers are checked", "%", 1, ""),
    ex.Output("lost", "Net loss of a use", "minutes", 2, hidden=True),
    ex.Output("dearer", "What a check takes, net", "minutes", 2, hidden=True),
)


def model(uses, error_rate, checked, caught, saved, effort, miss):
    """Errors that pass and minutes saved."""
    each = models.minutes_saved(error_rate, checked, caught, saved, effort, miss)
    through = models.errors_through(uses, error_rate, checked, caught)
    found = error_rate / 100 * caught / 100  # errors found by a check
    worth = found * miss - effort
    return {
        "through": through,
        "yearly": through * 365,
        "each": each,
        "lost": -each,
        "hours": uses * each / 60,
        "even": models.break_even_checking(error_rate, caught, saved, effort, miss),
        "worth": worth,
        "dearer": -worth,
        "needed": np.where(found > 0, effort / np.where(found > 0, found, 1), np.inf),
    }


def saving(t, error_rate, caught, saved, effort, miss):
    """Net minutes saved by a use where `t` percent of answers are checked."""
    return models.minutes_saved(error_rate, t, caught, saved, effort, miss)


MARKS = (
    ex.Mark("nought", "rules", lambda: [(0, 0, 100, 0)], colour="axis", size=1, still=True),
    ex.Mark("line", "line", saving, steps=40),
    ex.Mark("even", "points", lambda even: [(even, 0 * even)], colour="ink", size=5),
    ex.Mark("here", "points", lambda checked, each: [(checked, each)], size=6),
    ex.Mark(
        "here_label", "text",
        lambda checked, each: [(np.clip(checked, 10, 90), np.where(each > EDGE, np.nan, each))],
        text=("{each} minutes",), bold=True, dy=-10, anchor="middle",
    ),
    ex.Mark(
        "below", "text",
        lambda checked, each: [
            (np.clip(checked, 20, 80), np.where(each < -SPAN, 0.4 - SPAN, np.nan)),
        ],
        text=("▼ {each} minutes, below the chart",), bold=True, anchor="middle",
    ),
    ex.Mark(
        "above", "text",
        lambda checked, each: [
            (np.clip(checked, 20, 80), np.where(each > EDGE, EDGE, np.nan)),
        ],
        text=("▲ {each} minutes, at the top or above",), bold=True, anchor="middle",
    ),
)  # fmt: skip


def checking(rows: Mapping, *, sources, **wording) -> ex.Explorer:
    """Errors that pass and minutes saved.

    rows: ``assume-checking-<control>`` for uses (a day), error_rate, checked, caught (percent),
    saved, effort, miss (minutes). wording: what differs from `WORDING`.
    """
    sliders, presets = ex.sliders_and_presets(rows, "checking", SLIDERS)
    return ex.Explorer(
        **{**WORDING, **wording},
        sources=tuple(sources),
        parameters=sliders,
        model=model,
        outputs=OUTPUTS,
        words=WORDS,
        lead="Suppose {error_rate}% of answers hold an error and {checked}% are checked.",
        x=ex.Axis("Share of answers checked, %", 0, 100),
        y=ex.Axis("Net minutes saved by a use", -SPAN, SPAN),
        marks=MARKS,
        presets=presets,
    )
