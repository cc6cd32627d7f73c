"""Defaults and presets from rows of data: assumptions named after the explorer and its controls.

A row ``assume-battery-volume`` is the default of the control `volume` of the explorer `battery`;
``assume-battery-volume-small-line`` is its value in the preset "Small line".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from receiptbook.explorers.core import Parameter, Preset, ScenarioError

START = Preset("Start values")  # where no setting has a name of its own


def amount(value) -> float:
    """A number in its own unit: 42.8 for the quantity "42.8%", and for the number 42.8."""
    return float(getattr(value, "number", value))


@dataclass(frozen=True)
class Settings:
    """What the rows say about one explorer. `receipts` are the ids behind the defaults."""

    defaults: Mapping[str, float]
    receipts: Mapping[str, str]
    presets: tuple[Preset, ...]

    def of(self, name: str) -> dict:
        """Keywords for the Parameter of this name."""
        return {"default": self.defaults[name], "receipt": self.receipts[name]}

    def control(self, name, label, unit, low, high, step, decimals=0, **more) -> Parameter:
        """The slider of this name."""
        look = {"unit": unit, "low": low, "high": high, "step": step, "decimals": decimals}
        return Parameter(name, label, **self.of(name), **look, **more)


def settings(
    rows: Mapping, explorer: str, names: tuple[str, ...], millions: tuple[str, ...] = ()
) -> Settings:
    """Read an explorer's rows; ScenarioError names a default that is missing.

    millions: controls that count in millions, while the rows count in ones.
    """
    stem = f"assume-{explorer}-"
    defaults, receipts, presets = {}, {}, {}
    for id, value in rows.items():
        if not id.startswith(stem):
            continue
        rest = id.removeprefix(stem)
        name = max(
            (n for n in names if f"{rest}-".startswith(f"{n.replace('_', '-')}-")),
            key=len,
            default=None,
        )
        if name is None:
            raise ScenarioError(
                f"{id!r} names no control of {explorer}; there are {', '.join(names)}"
            )
        number = amount(value) / (1e6 if name in millions else 1)
        preset = rest.removeprefix(name.replace("_", "-")).strip("-")
        if preset:
            presets.setdefault(preset, {})[name] = number
        else:
            defaults[name], receipts[name] = number, id
    if missing := [n for n in names if n not in defaults]:
        raise ScenarioError(
            f"no row {', '.join(stem + n.replace('_', '-') for n in missing)}; add "
            "it to data/assumptions.csv with its reason"
        )
    return Settings(
        defaults,
        receipts,
        tuple(
            Preset(slug.replace("-", " ").capitalize(), values) for slug, values in presets.items()
        ),
    )
