"""Sliders and presets from rows of data: assumptions named after the explorer and its controls.

A row ``assume-line-volume`` is the default of the control `volume` of the explorer `line`;
``assume-line-volume-small-line`` is its value in the preset "Small line".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from receiptbook.explorers.parts import Parameter, Preset, ScenarioError


def amount(value) -> float:
    """A number in its own unit: 42.8 for the quantity "42.8%", and for the number 42.8.

    >>> amount(42.8)
    42.8
    """
    return float(getattr(value, "number", value))


@dataclass(frozen=True)
class Slider:
    """A range whose default stands in the data; the rest is as `Parameter` has it.

    Where its unit begins with "million", it counts in millions, while the rows count in ones.
    """

    name: str
    label: str
    unit: str
    low: float
    high: float
    step: float
    decimals: int = 0
    comma: str = ","
    only: tuple[str, tuple[str, ...]] | None = None

    @property
    def row(self) -> str:
        """How the rows name it."""
        return self.name.replace("_", "-")

    def read(self, value) -> float:
        """The value of a row in the slider's own unit."""
        return amount(value) / (1e6 if self.unit.startswith("million") else 1)


def sliders_and_presets(
    rows: Mapping, explorer: str, sliders: Sequence[Slider], start: str = "Start values"
) -> tuple[tuple[Parameter, ...], tuple[Preset, ...]]:
    """An explorer's sliders at their defaults, and its presets, the defaults first.

    rows: {id: number or quantity}; those of other explorers are passed over. start: what the
    defaults are called.

    Raises
    ------
    ScenarioError
        if a row names no slider, or a slider has no default

    >>> life = Slider("life", "Years of use", "years", 1, 15, 1)
    >>> rows = {"assume-line-life": 10, "assume-line-life-small-shop": 4}
    >>> (slider,), presets = sliders_and_presets(rows, "line", [life])
    >>> slider.default, slider.receipt, presets[1]
    (10.0, 'assume-line-life', Preset(name='Small shop', values={'life': 4.0}))
    """
    stem = f"assume-{explorer}-"
    defaults, presets = {}, {}
    for row in (row for row in rows if row.startswith(stem)):
        slider, preset = _slider_and_preset(row, stem, sliders)
        settings = presets.setdefault(preset, {}) if preset else defaults
        settings[slider.name] = slider.read(rows[row])
    if missing := [stem + s.row for s in sliders if s.name not in defaults]:
        raise ScenarioError(
            f"no row {', '.join(missing)}; add it to the table of assumptions, with its reason"
        )
    parameters = (
        Parameter(**vars(slider), default=defaults[slider.name], receipt=stem + slider.row)
        for slider in sliders
    )
    named = (Preset(s.replace("-", " ").capitalize(), values) for s, values in presets.items())
    return tuple(parameters), (Preset(start), *named)


def _slider_and_preset(row: str, stem: str, sliders: Sequence[Slider]) -> tuple[Slider, str]:
    """The slider that a row names and, where it names one, the preset."""
    rest = row.removeprefix(stem)
    fitting = [s for s in sliders if f"{rest}-".startswith(f"{s.row}-")]
    if not fitting:
        raise ScenarioError(
            f"{row!r} names no control: after {stem!r} comes one of "
            f"{', '.join(s.name for s in sliders)}"
        )
    slider = max(fitting, key=lambda s: len(s.row))
    return slider, rest.removeprefix(slider.row).strip("-")
