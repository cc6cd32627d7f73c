"""What an explorer says where it has no widgets to show."""

from __future__ import annotations

from dataclasses import dataclass

from receiptbook.explorers.core import Scenario

ABSENT = (
    "Controls for “{title}” need a running kernel and the ipywidgets extension of Jupyter "
    "(pip install ipywidgets, then reload the page). The chart above works without them. "
    "At the defaults: {words}"
)


@dataclass(frozen=True)
class Words:
    """How to get controls, and what the explorer says at its defaults."""

    scenario: Scenario

    def __repr__(self) -> str:
        return ABSENT.format(title=self.scenario.title, words=self.scenario.evaluate().words)
