"""The explorer as its author and its reader meet it: a scenario that shows itself."""

from __future__ import annotations

from receiptbook.explorers.core import Scenario
from receiptbook.explorers.vega import card
from receiptbook.explorers.widgets import widgets


class Explorer(Scenario):
    """A `Scenario` with its two faces, each a verb of its own module.

    ``page()``     the bound chart as a `receiptbook.charts.Card`: live on the page and in Jupyter
    ``widgets()``  the same model as ipywidgets, for free inputs in a running kernel
    """

    page = card
    widgets = widgets
