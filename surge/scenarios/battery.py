"""Battery line: what an inspection saves, and at which volume it pays."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

import receiptbook.explorers as ex
from surge import models

VOLUMES = (0.1, 200.0)  # million cells a year
COSTS = (1e-4, 10.0)  # yuan a cell

SLIDERS = (
    ex.Slider("volume", "Cells made", "million a year", *VOLUMES, 0.1, 1),
    ex.Slider("false_rejects", "Good cells thrown away", "%", 0, 1, 0.005, 3),
    ex.Slider("unit_cost", "Cost of a lost cell", "yuan", 1, 500, 1),
    ex.Slider("before", "Defect rate before", "%", 0, 2, 0.01, 2),
    ex.Slider("after", "Defect rate after", "%", 0, 2, 0.01, 2),
    ex.Slider("recall", "Part of that fall that is real", "%", 0, 100, 1),
    ex.Slider("system", "Price of the system", "million yuan", 0.1, 50, 0.1, 1),
    ex.Slider("running", "Running cost", "million yuan a year", 0, 20, 0.1, 1),
    ex.Slider("life", "Years of use", "years", 1, 15, 1),
)

WORDING = {
    "id": "battery-line",
    "title": "Whether inspection pays depends on volume and on false rejects",
    "caption": "Saving from fewer defects, net of good cells lost, and cost of the inspection, "
    "both for each cell made, by yearly volume; both axes are logarithmic. A lost cell costs the "
    "same whether good or bad; interest is not counted.",
    "alt": "Line chart on logarithmic axes: the cost of the system for each cell slopes down "
    "with volume, the saving for each cell is level, and where they cross the system breaks even.",
}

WORDS = (
    ex.Sentence(
        "At these settings there are no fewer defects, so nothing is saved: at no volume does "
        "this inspection pay.",
        lambda fewer: fewer <= 0,
    ),
    ex.Sentence(
        "Throwing away {false_rejects}% of the good cells costs at least what {fewer} fewer "
        "defects per million save: at no volume does this inspection pay.",
        lambda cell: cell <= 0,
    ),
    ex.Sentence(
        "At {volume} million cells a year the inspection does not earn its price back "
        "within its years of use: spread over them, it loses {loss} million yuan a year. "
        "It would break even at {volume_needed} million cells a year.",
        lambda net: net < 0,
    ),
    ex.Sentence(
        "At {volume} million cells a year the inspection saves {cash} million yuan a "
        "year after running costs, so its price is back in {years} years. Spread over "
        "its years of use, {net} million yuan a year is left."
    ),
)

OUTPUTS = (
    ex.Output("net", "Net saving, price spread over its years of use", "million yuan a year", 2),
    ex.Output("cash", "Saving after running costs", "million yuan a year", 2),
    ex.Output("cell", "Saving on each cell", "yuan", 4),
    ex.Output("years", "Payback", "years", 1, "never"),
    ex.Output("volume_needed", "Break-even volume", "million a year", 2, "none"),
    ex.Output(
        "loss", "Net loss, price spread over its years", "million yuan a year", 2, hidden=True
    ),
    ex.Output("fewer", "Fewer defects", "per million", 0),
)


def model(volume, unit_cost, before, after, recall, false_rejects, system, running, life):
    """Saving, payback and break-even; volume, system and running in millions."""
    cell = models.saving_per_unit(unit_cost, before, after, recall, false_rejects)
    gross = volume * cell
    cash = gross - running
    net = cash - system / life
    return {
        "cell": cell,
        "cash": cash,
        "net": net,
        "loss": -net,
        "years": models.payback(system, running, gross),
        "volume_needed": models.break_even_volume(system, running, life, cell),
        "fewer": 1e4 * (before - after) * recall / 100,
    }


def cost(t, system, running, life):
    """Yuan a cell that the system costs at a volume of `t` million cells a year."""
    return (system / life + running) / t


def no_saving(cell):
    """Where it is said that there is no saving, which an axis without nought cannot show."""
    return [(4.5, np.where(cell > 0, np.nan, 0.03))]


MARKS = (
    ex.Mark("cost", "line", cost, colour="context"),
    ex.Mark(
        "cost_label", "text",
        lambda system, running, life: [(0.3, cost(0.3, system, running, life))],
        text=("cost of the inspection",), colour="quiet", dx=6, dy=-6,
    ),
    ex.Mark("saving", "rules", lambda cell: [(VOLUMES[0], cell, VOLUMES[1], cell)]),
    ex.Mark(
        "saving_label", "text", lambda cell: [(VOLUMES[1], cell)],
        text=("saving",), anchor="end", dx=-4, dy=-6, bold=True,
    ),
    ex.Mark(
        "no_saving", "text", no_saving,
        text=("No saving to draw: it is not above zero.",), colour="doubt", anchor="middle",
        bold=True,
    ),
    ex.Mark(
        "even", "points", lambda volume_needed, cell: [(volume_needed, cell)],
        colour="ink", size=5,
    ),
    ex.Mark(
        "now", "rules", lambda volume: [(volume, COSTS[0], volume, COSTS[1])],
        colour="axis", size=1, dash=(4, 3),
    ),
    ex.Mark(
        "now_label", "text", lambda volume: [(volume, COSTS[0])],
        text=("your volume",), colour="quiet", dx=5, dy=-6,
    ),
)  # fmt: skip


def battery_line(rows: Mapping, *, sources, **wording) -> ex.Explorer:
    """Savings, payback and break-even volume.

    rows: assumptions ``assume-battery-<control>`` for volume (cells a year), unit_cost (yuan),
    before, after (percent defective), recall, false_rejects (percent), system (yuan), running
    (yuan a year) and life (years). wording: what differs from `WORDING`.
    """
    sliders, presets = ex.sliders_and_presets(rows, "battery", SLIDERS)
    return ex.Explorer(
        **{**WORDING, **wording},
        sources=tuple(sources),
        parameters=sliders,
        model=model,
        outputs=OUTPUTS,
        words=WORDS,
        lead="Suppose a line makes {volume} million cells a year and throws away {false_rejects}% "
        "of the good ones by mistake.",
        x=ex.Axis(
            "Million cells a year", *VOLUMES, scale="log", format="~g", values=(0.1, 1, 10, 100)
        ),
        y=ex.Axis(
            "Yuan a cell",
            *COSTS,
            scale="log",
            format="~g",
            values=(0.0001, 0.001, 0.01, 0.1, 1, 10),
        ),
        marks=MARKS,
        presets=presets,
    )
