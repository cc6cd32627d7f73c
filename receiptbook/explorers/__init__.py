"""Explorers: parameters and a NumPy model, shown as bound chart, as widgets and on the page."""

from receiptbook.explorers.core import (
    Axis,
    Frames,
    Mark,
    Output,
    Parameter,
    Preset,
    Scenario,
    ScenarioError,
    Sentence,
    State,
    fixed,
)
from receiptbook.explorers.page import play, scenario_html, scenario_script, stage

__all__ = [
    "Axis",
    "Frames",
    "Mark",
    "Output",
    "Parameter",
    "Preset",
    "Scenario",
    "ScenarioError",
    "Sentence",
    "State",
    "fixed",
    "play",
    "scenario_html",
    "scenario_script",
    "stage",
]
