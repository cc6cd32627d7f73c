"""Explorers: parameters and a NumPy model, shown as bound chart, as widgets and on the page.

>>> share = Explorer(
...     id="share", title="Half are enough", caption="What users make.", sources=(),
...     alt="A point that rises with the users.",
...     parameters=(Parameter("users", "Users", 30, low=0, high=100, step=1),),
...     model=lambda users: {"rate": users / 2},
...     outputs=(Output("rate", "Rate", "%"),),
...     words=(Sentence("{users} users make {rate}%."),),
...     x=Axis("Users", 0, 100), y=Axis("Rate, %", 0, 50),
...     marks=(Mark("here", "points", lambda users, rate: [(users, rate)]),),
... )
>>> share.evaluate(users=50).words
'50 users make 25%.'

A cell that ends in ``share.page()`` shows the bound chart, one in ``share.widgets()`` the widgets.
"""

from receiptbook.explorers.core import Scenario, State, assumed_words, call
from receiptbook.explorers.defaults import Slider, amount, sliders_and_presets
from receiptbook.explorers.explorer import Explorer
from receiptbook.explorers.own_figures import Column, OwnFigures, OwnFiguresError, csv_line
from receiptbook.explorers.page import explorer_html, fill_placeholders, with_placeholders
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
