"""The explorer as its author and its reader meet it: a scenario that shows itself."""

from __future__ import annotations

from receiptbook.explorers.core import Scenario
from receiptbook.explorers.vega import card
from receiptbook.explorers.words import Words


class Explorer(Scenario):
    """A `Scenario` with its two faces.

    ``page()``     the bound chart as a `receiptbook.charts.Card`: live on the page and in Jupyter
    ``widgets()``  the same model as ipywidgets, for free inputs in a running kernel; where there
                   is no ipywidgets, as in a page that runs Python itself, its words alone
    """

    page = card

    def widgets(self):
        """The same model as ipywidgets, for free inputs in a running kernel."""
        try:
            import ipywidgets  # noqa: F401  only asked for: its absence has words of its own
        except ModuleNotFoundError:
            return Words(self)
        from receiptbook.explorers.widgets import Widgets

        return Widgets(self)
