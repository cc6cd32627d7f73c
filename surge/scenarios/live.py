"""An explorer as ipywidgets: the NumPy model itself, in the kernel, with inputs beyond the sliders.

The picture is drawn here as SVG and shown by a widget. That needs no chart renderer, so it works
in every front end that shows widgets, and a move costs a fraction of sending a new chart.
"""

from __future__ import annotations

from html import escape

import numpy as np

from surge.scenarios.core import Scenario, ScenarioError, State
from surge.scenarios.draw import draw

#: settings by scenario id, so that running the cell again keeps what was set
_KEPT: dict[str, dict] = {}

ABSENT = (
    "Controls for “{title}” need a running kernel and the ipywidgets extension of Jupyter "
    "(pip install ipywidgets, then reload the page). The chart above works without them. "
    "At the defaults: {words}"
)


class Live:
    """The widgets of one explorer; show it by ending a cell in it.

    `state` is the model's State at the current settings, `set(**values)` changes them.
    """

    def __init__(self, scenario: Scenario):
        import ipywidgets

        self.scenario = scenario
        self.inputs: dict[str, tuple] = {}
        self._quiet = False
        kept = _KEPT.get(scenario.id, {})
        try:
            self._values = {
                **scenario.settings(),
                **{n: v for n, v in kept.items() if n in scenario.by_name},
            }
            scenario.at(self._values)
        except (ScenarioError, KeyError):
            self._values = scenario.settings()
        wide = ipywidgets.Layout(width="26em")
        style = {"description_width": "12em"}
        rows = []
        for p in scenario.parameters:
            label = f"{p.label} ({p.unit})" if p.unit else p.label
            if p.kind == "select":
                made = (
                    ipywidgets.Dropdown(
                        options=[(text, v) for v, text in p.options],
                        description=label,
                        layout=wide,
                        style=style,
                    ),
                )
            elif p.kind == "checkbox":
                made = (ipywidgets.Checkbox(description=label, indent=False),)
            else:
                made = (
                    ipywidgets.FloatSlider(
                        min=p.low,
                        max=p.high,
                        step=p.step,
                        readout=False,
                        description=label,
                        layout=wide,
                        style=style,
                    ),
                    ipywidgets.FloatText(
                        layout=ipywidgets.Layout(width="8em"), description_allow_html=False
                    ),
                )
                made[1].tooltip = f"{label}: any number"
            self.inputs[p.name] = made
            rows.append(ipywidgets.HBox(made))
        presets = [
            ipywidgets.Button(description=p.name, layout=ipywidgets.Layout(width="auto"))
            for p in scenario.presets
        ]
        for button, preset in zip(presets, scenario.presets, strict=True):
            button.on_click(lambda _, preset=preset: self.set(**scenario.settings(**preset.values)))
        self.words = ipywidgets.HTML()
        self.picture = ipywidgets.HTML()
        self.box = ipywidgets.VBox([ipywidgets.HBox(presets), *rows, self.words, self.picture])
        self._show()
        for name, made in self.inputs.items():
            for widget in made:
                widget.observe(
                    lambda change, name=name: self._changed(name, change["new"]), names="value"
                )

    def _changed(self, name: str, value) -> None:
        if not self._quiet:
            self.set(**{name: value})

    def set(self, **values) -> State:
        """Change settings and redraw. Numbers may lie outside the sliders, not outside reason."""
        for name, value in values.items():
            p = self.scenario.by_name.get(name)
            if p is None:
                raise ScenarioError(f"scenario {self.scenario.id!r} has no {name!r}")
            self._values[name] = np.float64(value) if p.kind == "range" else p.check(value)
        _KEPT[self.scenario.id] = dict(self._values)
        return self._show()

    def _show(self) -> State:
        self._quiet = True
        try:
            for name, made in self.inputs.items():
                value = self._values[name]
                for widget in made:
                    widget.value = (
                        value
                        if isinstance(value, (str, bool))
                        else float(
                            np.clip(value, widget.min, widget.max)
                            if hasattr(widget, "min")
                            else value
                        )
                    )
        finally:
            self._quiet = False
        self.state = self.scenario.at(self._values)
        results = "; ".join(
            f"{escape(o.label)}: <b>{escape(self.state.result(o))}</b>"
            for o in self.scenario.outputs
            if not o.hidden
        )
        self.words.value = (
            f'<p role="status" aria-live="polite">{escape(self.state.words)}</p><p>{results}</p>'
        )
        self.picture.value = draw(self.state)
        return self.state

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        bundle = self.box._repr_mimebundle_(include=include, exclude=exclude) or {}
        return {
            **bundle,
            "text/plain": ABSENT.format(
                title=self.scenario.title, words=self.scenario.evaluate().words
            ),
        }


def forget(id: str | None = None) -> None:
    """Drop the settings kept for one explorer, or for all."""
    _KEPT.clear() if id is None else _KEPT.pop(id, None)
