"""Explorers: parameters and a NumPy model, shown as bound chart, as widgets and on the page."""

from receiptbook.explorers.core import Scenario, State, call
from receiptbook.explorers.defaults import START, Defaults, amount, defaults_from_rows
from receiptbook.explorers.explorer import Explorer
from receiptbook.explorers.own_figures import Column, OwnFigures, OwnFiguresError, csv_line
from receiptbook.explorers.page import controls_html, fill_placeholders, with_placeholders
from receiptbook.explorers.parts import (
    Axis,
    Frames,
    Output,
    Parameter,
    Preset,
    ScenarioError,
    Sentence,
    fixed,
)
from receiptbook.explorers.script import page_script
from receiptbook.explorers.shapes import Mark
from receiptbook.explorers.vega import stored_page_data

__all__ = [
    "START", "Axis", "Column", "Defaults", "Explorer", "Frames", "Mark", "Output", "OwnFigures",
    "OwnFiguresError", "Parameter", "Preset", "Scenario", "ScenarioError", "Sentence", "State",
    "amount", "call", "controls_html", "csv_line", "defaults_from_rows", "fill_placeholders",
    "fixed", "page_script", "stored_page_data", "with_placeholders",
]  # fmt: skip
