"""Checking: how many errors get through, and when checking pays."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

import receiptbook.explorers as ex
from surge import models

NAMES = ("uses", "error_rate", "checked", "caught", "saved", "effort", "miss")
SPAN = 10.0  # minutes

WORDING = {
    "id": "checking",
    "title": "Checking pays where a miss is dear and a check is cheap",
    "caption": "Minutes that a use saves, net of checking and of errors that get through, by the "
    "share of answers that is checked.",
    "alt": "Line chart of net minutes saved by a use against the share of answers checked: a "
    "straight line that slopes up where checking pays and down where it does not, with a point "
    "at the chosen share.",
}

WORDS = (
    ex.Sentence(
        "At these settings each use loses time, {each} minutes net, and {through} "
        "errors a day pass. A check brings more than it takes: check more.",
        lambda each, worth: (each < 0) & (worth > 0),
    ),
    ex.Sentence(
        "At these settings each use loses time, {each} minutes net, and a check takes "
        "more than it brings: neither use nor check pays.",
        lambda each: each < 0,
    ),
    ex.Sentence(
        "At these settings the miss costs more than the check: every check brings "
        "{worth} minutes net, a use saves {each}, and {through} errors a day pass.",
        lambda worth: worth > 0,
    ),
    ex.Sentence(
        "At these settings the check costs more than the miss: every check brings "
        "{worth} minutes net, a use saves {each}, and {through} errors a day pass."
    ),
)

OUTPUTS = (
    ex.Output("through", "Errors that pass", "a day", 1),
    ex.Output("yearly", "Errors that pass", "a year", 0),
    ex.Output("each", "Net saving of a use", "minutes", 2),
    ex.Output("hours", "Net saving", "hours a day", 2),
    ex.Output("even", "Share checked that breaks even", "%", 1, "none"),
    ex.Output("worth", "What a check brings, net", "minutes", 2),
)


def model(uses, error_rate, checked, caught, saved, effort, miss):
    """Errors that pass and minutes saved."""
    even = models.break_even_checking(error_rate, caught, saved, effort, miss)
    each = models.minutes_saved(error_rate, checked, caught, saved, effort, miss)
    through = models.errors_through(uses, error_rate, checked, caught)
    return {
        "through": through,
        "yearly": through * 365,
        "each": each,
        "hours": uses * each / 60,
        "even": even,
        "worth": error_rate / 100 * caught / 100 * miss - effort,
    }


def saving(t, error_rate, caught, saved, effort, miss):
    """Net minutes saved by a use where `t` percent of answers are checked."""
    return models.minutes_saved(error_rate, t, caught, saved, effort, miss)


MARKS = (
    ex.Mark("nought", "rules", lambda: [(0, 0, 100, 0)], colour="axis", size=1, still=True),
    ex.Mark("line", "line", saving, steps=40),
    ex.Mark("even", "points", lambda even: [(even, 0 * even)], colour="ink", size=5),
    ex.Mark(
        "here", "points", lambda checked, each: [(checked, np.clip(each, -SPAN, SPAN))], size=6
    ),
    ex.Mark(
        "here_label", "text",
        lambda checked, each: [(np.clip(checked, 10, 90), np.clip(each, -SPAN + 1, SPAN - 1))],
        text=("{each} minutes",), bold=True, dy=-10, anchor="middle",
    ),
)  # fmt: skip


def parameters(defaults: ex.Defaults) -> tuple[ex.Parameter, ...]:
    """What the reader may set."""
    control = defaults.control
    return (
        control("uses", "Uses", "a day", 1, 1000, 1),
        control("error_rate", "Answers with an error", "%", 0, 60, 0.5, 1),
        control("checked", "Answers checked", "%", 0, 100, 1),
        control("caught", "Errors that a check finds", "%", 0, 100, 1),
        control("saved", "Saved by a use", "minutes", 0, 60, 0.5, 1),
        control("effort", "Taken by a check", "minutes", 0, 30, 0.5, 1),
        control("miss", "Lost by an error that passes", "minutes", 0, 480, 1),
    )


def checking(rows: Mapping, *, sources, **wording) -> ex.Explorer:
    """Errors that pass and minutes saved.

    rows: ``assume-checking-<control>`` for uses (a day), error_rate, checked, caught (percent),
    saved, effort, miss (minutes). wording: what differs from `WORDING`.
    """
    defaults = ex.defaults_from_rows(rows, "checking", NAMES)
    return ex.Explorer(
        **{**WORDING, **wording},
        sources=tuple(sources),
        parameters=parameters(defaults),
        model=model,
        outputs=OUTPUTS,
        words=WORDS,
        lead="Suppose {error_rate}% of answers hold an error and {checked}% are checked.",
        x=ex.Axis("Share of answers checked, %", 0, 100),
        y=ex.Axis("Net minutes saved by a use", -SPAN, SPAN),
        marks=MARKS,
        presets=(ex.START, *defaults.presets),
    )
