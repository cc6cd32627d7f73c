"""An explorer as ipywidgets: the NumPy model itself, in the kernel, with inputs beyond the sliders.

The picture is drawn here as SVG and shown by a widget. That needs no chart renderer, so it works
in every front end that shows widgets, and a move costs a fraction of sending a new chart.

Jupyter keeps the arrow keys of a slider for itself while a cell is selected; page keys, Home and
End reach it, and the number beside each slider takes arrow keys everywhere.

The words stand in a status region that is made anew at each change, which screen readers may miss:
an HTML widget replaces all its content, and no other widget of ipywidgets 8 keeps an element with a
role of its own or takes one, but sliders.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

import numpy as np

from receiptbook.explorers.core import Parameter, Scenario, ScenarioError, State
from receiptbook.explorers.draw import draw
from receiptbook.explorers.own import PLACE, Own, OwnError
from receiptbook.tables import Problem

ABSENT = (
    "Controls for “{title}” need a running kernel and the ipywidgets extension of Jupyter "
    "(pip install ipywidgets, then reload the page). The chart above works without them. "
    "At the defaults: {words}"
)
LABEL, WIDE = "24em", "40em"


@dataclass
class Kept:
    """What an explorer keeps when its cell runs again: settings, the lines last drawn, and those
    in the text area where they differ."""

    values: dict = field(default_factory=dict)
    drawn: str = ""
    typed: str | None = None


#: by scenario id
_KEPT: dict[str, Kept] = {}


class Live:
    """The widgets of one explorer; show it by ending a cell in it.

    `state` is the model's State at the current settings, `set(**values)` changes them, `use(text)`
    puts figures of the reader's own in the place of the book's, `use("")` the book's back.
    """

    def __init__(self, scenario: Scenario):
        import ipywidgets

        self.book = scenario
        self.kept = _KEPT.setdefault(scenario.id, Kept())
        self.controls = ipywidgets.VBox()
        self.words = ipywidgets.HTML()
        self.picture = ipywidgets.HTML()
        about = ipywidgets.HTML(f"<p>{beyond(scenario)}</p>")
        self.box = ipywidgets.VBox([about, self.controls, self.picture, self.words])
        if scenario.own:
            self.figures = Figures(scenario.own, self.use)
            self.box.children += (self.figures.box,)
        typed = self.kept.typed
        if not (self.kept.drawn and self.use(self.kept.drawn)):
            self._take(scenario)
        if typed is not None and typed != self.kept.drawn:
            self.use(typed)

    def use(self, text: str) -> bool:
        """Draw figures of the reader's own, or with no text the book's; False if they are refused.

        The reason is then shown beside the text, and the picture stays as it is.
        """
        self.kept.typed = text or None
        try:
            scenario = self.book.own.scenario(text) if text.strip() else self.book
        except ScenarioError as problem:
            self.figures.tell(text, problem)
            return False
        self.kept.drawn = text
        self._take(scenario)
        self.figures.tell(text)
        return True

    def _take(self, scenario: Scenario) -> None:
        """Make the controls of a scenario, at the settings kept as far as it has them."""
        import ipywidgets

        self.scenario = scenario
        had = {
            n: v
            for n, v in self.kept.values.items()
            if (p := scenario.by_name.get(n))
            and (p.kind == "range" or v in (dict(p.options) or (True, False)))
        }
        self._values = {**scenario.settings(), **had}
        self._quiet = False
        self.inputs = {p.name: _inputs(p) for p in scenario.parameters}
        acts = [
            _button(p.name, lambda _, p=p: self.set(**scenario.settings(**p.values)))
            for p in scenario.presets
        ]
        if scenario.fit:
            acts.append(
                _button("Fit to the figures", lambda _: self.set(**scenario.fit(self._values)))
            )
        rows = (
            ipywidgets.HBox([*made, ipywidgets.Label(reason)])
            if (reason := scenario.condition(name))
            else ipywidgets.HBox(made)
            for name, made in self.inputs.items()
        )
        self.controls.children = (ipywidgets.HBox(acts), *rows)
        self._show()
        for name, made in self.inputs.items():
            for widget in made:
                widget.observe(lambda change, name=name: self._changed(name, change), names="value")

    def _changed(self, name: str, change) -> None:
        value, p = change["new"], self.scenario.by_name[name]
        if p.kind == "range" and hasattr(change["owner"], "min"):
            value = _snap(p, value)
            if value == _snap(p, self._values[name]):
                return  # front ends send back what a slider was set to, with errors of rounding
        if not self._quiet:
            self.set(**{name: value})

    def set(self, **values) -> State:
        """Change settings and redraw. Numbers may lie outside the sliders, not outside reason."""
        for name, value in values.items():
            p = self.scenario.by_name.get(name)
            if p is None:
                raise ScenarioError(f"scenario {self.scenario.id!r} has no {name!r}")
            self._values[name] = np.float64(value) if p.kind == "range" else p.check(value)
        self.kept.values = dict(self._values)
        return self._show()

    def _show(self) -> State:
        self._quiet = True
        try:
            for name, made in self.inputs.items():
                value = self._values[name]
                for widget in made:
                    widget.disabled = not self.scenario.used(name, self._values)
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
        self.state = state = self.scenario.at(self._values)
        results = "; ".join(
            f"{escape(o.label)}: <b>{escape(state.result(o))}</b>"
            for o in self.scenario.outputs
            if not o.hidden
        )
        told = self.scenario.own.told(state) if self.scenario.own else ()
        items = "".join(f"<li>{escape(line)}</li>" for line in told)
        self.picture.value = draw(state)
        self.words.value = (
            f'<p role="status" aria-live="polite">{escape(state.words)}</p><p>{results}</p>'
            + (f"<ul>{items}</ul>" if items else "")
        )
        return state

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        bundle = self.box._repr_mimebundle_(include=include, exclude=exclude) or {}
        return {
            **bundle,
            "text/plain": ABSENT.format(title=self.book.title, words=self.book.evaluate().words),
        }


def beyond(scenario: Scenario) -> str:
    """What these widgets can do that the chart with its own controls, shown above them, cannot."""
    told = ["The same explorer once more, computed by Python."]
    if any(p.kind == "range" for p in scenario.parameters):
        told.append("The box beside a slider takes any number, also one beyond the slider’s ends.")
    if scenario.fit:
        told.append("“Fit to the figures” looks for the settings that come closest to them.")
    if scenario.own:
        told.append("At the end, figures of your own can take the place of the book’s.")
    return " ".join(told)


class Figures:
    """The place for the reader's own figures: lines, a file to choose, what is wrong."""

    def __init__(self, own: Own, use):
        import ipywidgets

        self.example = f"{own.head}\n{own.example}"
        self.text = ipywidgets.Textarea(
            value=self.example,
            description="Your own figures",
            rows=6,
            layout=ipywidgets.Layout(width=WIDE),
            style={"description_width": "9em"},
        )
        self.file = ipywidgets.FileUpload(
            description="Read a CSV file",
            accept=".csv,.txt,.tsv,text/csv",
            layout=ipywidgets.Layout(width="auto"),
        )
        self.problem = ipywidgets.HTML()
        self.use = use
        self.file.observe(self._read, names="value")
        self.box = ipywidgets.VBox(
            [
                ipywidgets.HTML(
                    f"<p>Put figures of your own in the place of these: <code>{own.head}</code>, "
                    "one line for each date, numbers as they were printed.</p>"
                ),
                self.text,
                ipywidgets.HBox(
                    [
                        _button("Draw these figures", lambda _: self.use(self.text.value)),
                        self.file,
                        _button("Back to the book’s figures", lambda _: self.use("")),
                    ]
                ),
                self.problem,
            ]
        )

    def tell(self, text: str, problem: ScenarioError | None = None) -> None:
        """Show the lines in use and, if they were refused, why."""
        self.text.value = text or self.example
        lines = "".join(f"<li>{escape(line)}</li>" for line in str(problem).splitlines())
        self.problem.value = (
            "<div role='alert'>These figures cannot be drawn; the picture stays as it was."
            f"<ul>{lines}</ul></div>"
            if problem
            else ""
        )

    def _read(self, change) -> None:
        if not change["new"]:
            return
        file = change["new"][0]
        self.file.value = ()  # so that the same file can be chosen again
        try:
            text = bytes(file["content"]).decode("utf-8-sig")
        except UnicodeDecodeError as wrong:
            self.tell(self.text.value, OwnError([Problem(
                PLACE, None, None, f"a byte at {wrong.start} of {file['name']} that is no UTF-8",
                "a CSV file in UTF-8", "Save it as “CSV UTF-8” and choose it again.",
            )]))  # fmt: skip
        else:
            self.use(text)


def _snap(p: Parameter, value: float) -> float:
    """The nearest place of a slider, as the page's own sliders have it."""
    value = p.low + round((float(np.clip(value, p.low, p.high)) - p.low) / p.step) * p.step
    return float(f"{min(p.high, value):.12g}")


def _button(text: str, act):
    import ipywidgets

    button = ipywidgets.Button(description=text, layout=ipywidgets.Layout(width="auto"))
    button.on_click(act)
    return button


def _inputs(p: Parameter) -> tuple:
    """The widgets of one control: for a range, a slider and a number without its limits."""
    import ipywidgets

    label = f"{p.label} ({p.unit})" if p.unit else p.label
    wide = ipywidgets.Layout(width=WIDE)
    style = {"description_width": LABEL}
    if p.kind == "select":
        choices = [(text, v) for v, text in p.options]
        return (ipywidgets.Dropdown(options=choices, description=label, layout=wide, style=style),)
    if p.kind == "checkbox":
        return (ipywidgets.Checkbox(description=label, indent=False),)
    slider = ipywidgets.FloatSlider(
        min=p.low,
        max=p.high,
        step=p.step,
        readout=False,
        description=label,
        layout=wide,
        style=style,
    )
    number = ipywidgets.FloatText(
        step=p.step,  # for its arrow keys; any number may be typed
        layout=ipywidgets.Layout(width="8em"),
        tooltip=f"{label}: any number",
    )
    return slider, number


def forget(id: str | None = None) -> None:
    """Drop what is kept for one explorer, or for all."""
    _KEPT.clear() if id is None else _KEPT.pop(id, None)
