"""Where the site and `receiptbook.explorers` meet: a picture whose marks move, controls, a script."""

from __future__ import annotations

from typing import Any

from receiptbook.explorers.page import play, scenario_html, scenario_script, stage

RUNTIME = ("scenario.js", "settings.js")  # in assets/, written with receiptbook.explorers.page


def is_scenario(spec: dict[str, Any]) -> bool:
    """Does the chart follow controls?"""
    return spec["usermeta"]["receiptbook"]["kind"] == "scenario"


def still(spec: dict[str, Any]) -> dict[str, Any]:
    """The chart with its moving marks held back, for the drawing."""
    return stage(spec)


def put_marks(drawn: str, spec: dict[str, Any], width: float) -> str:
    """The moving marks at their defaults, in a drawing whose plot is `width` pixels wide."""
    return play(drawn, spec["usermeta"]["receiptbook"]["scenario"], width)


def controls(spec: dict[str, Any], ledger: str) -> str:
    """Controls, results and the sentence, true at the defaults without any script."""
    return scenario_html(spec["usermeta"]["receiptbook"]["scenario"], ledger)


def script(spec: dict[str, Any]) -> str:
    """The formulas as functions, in a classic script."""
    return scenario_script(spec["usermeta"]["receiptbook"]["scenario"])
