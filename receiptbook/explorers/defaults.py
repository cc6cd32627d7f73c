"""Defaults and presets from rows of data: assumptions named after the explorer and its controls.

A row ``assume-line-volume`` is the default of the control `volume` of the explorer `line`;
``assume-line-volume-small-line`` is its value in the preset "Small line".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from receiptbook.explorers.parts import Parameter, Preset, ScenarioError

START = Preset("Start values")  # where no setting has a name of its own


def amount(value) -> float:
    """A number in its own unit: 42.8 for the quantity "42.8%", and for the number 42.8.

    >>> amount(42.8)
    42.8
    """
    return float(getattr(value, "number", value))


@dataclass(frozen=True)
class Defaults:
    """What the rows say about one explorer. `receipts` are the ids behind the defaults."""

    values: Mapping[str, float]
    receipts: Mapping[str, str]
    presets: tuple[Preset, ...]

    def of(self, name: str) -> dict:
        """Keywords for the Parameter of this name."""
        return {"default": self.values[name], "receipt": self.receipts[name]}

    def control(self, name, label, unit, low, high, step, decimals=0, **more) -> Parameter:
        """The slider of this name."""
        look = {"unit": unit, "low": low, "high": high, "step": step, "decimals": decimals}
        return Parameter(name, label, **self.of(name), **look, **more)


def defaults_from_rows(
    rows: Mapping, explorer: str, names: tuple[str, ...], millions: tuple[str, ...] = ()
) -> Defaults:
    """Read an explorer's rows, {id: number or quantity}; rows of other explorers are passed over.

    millions: controls that count in millions, while the rows count in ones.

    Raises
    ------
    ScenarioError
        if a row names no control, or a control has no default

    >>> found = defaults_from_rows(
    ...     {"assume-line-life": 10, "assume-line-life-small-shop": 4}, "line", ("life",)
    ... )
    >>> found.values, found.presets
    ({'life': 10.0}, (Preset(name='Small shop', values={'life': 4.0}),))
    """
    stem = f"assume-{explorer}-"
    defaults, receipts, presets = {}, {}, {}
    for row in (row for row in rows if row.startswith(stem)):
        name, preset = _control_and_preset(row, stem, names)
        number = amount(rows[row]) / (1e6 if name in millions else 1)
        if preset:
            presets.setdefault(preset, {})[name] = number
        else:
            defaults[name], receipts[name] = number, row
    if missing := [n for n in names if n not in defaults]:
        raise ScenarioError(
            f"no row {', '.join(stem + _slug(n) for n in missing)}; add "
            "it to the table of assumptions, with its reason"
        )
    named = [Preset(s.replace("-", " ").capitalize(), values) for s, values in presets.items()]
    return Defaults(defaults, receipts, tuple(named))


def _slug(name: str) -> str:
    return name.replace("_", "-")


def _control_and_preset(row: str, stem: str, names: tuple[str, ...]) -> tuple[str, str]:
    """The control that a row names and, where it names one, the preset."""
    rest = row.removeprefix(stem)
    fitting = [n for n in names if f"{rest}-".startswith(f"{_slug(n)}-")]
    if not fitting:
        raise ScenarioError(
            f"{row!r} names no control: after {stem!r} comes one of {', '.join(names)}"
        )
    name = max(fitting, key=len)
    return name, rest.removeprefix(_slug(name)).strip("-")
