"""The explorers of this book: each describes its parameters, its model, its marks and its words.

``who_counts(...).page()`` is the chart that a cell ends in; ``.widgets()`` is the same model with
free inputs for a kernel. A new explorer adds a model to `surge.models` and a description here.
"""

from surge.scenarios.battery import battery_line
from surge.scenarios.checking import checking
from surge.scenarios.feasible import feasible_region
from surge.scenarios.growth import growth
from surge.scenarios.loop import feedback_loop
from surge.scenarios.skills import skills
from surge.scenarios.targets import targets
from surge.scenarios.who_counts import who_counts
