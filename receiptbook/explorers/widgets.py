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

import ipywidgets
import numpy as np

from receiptbook.explorers.core import Scenario, State
from receiptbook.explorers.draw import draw
from receiptbook.explorers.own_figures import YOUR_FIGURES, OwnFigures, OwnFiguresError
from receiptbook.explorers.parts import Parameter, ScenarioError
from receiptbook.explorers.words import Words
from receiptbook.tables import Problem

LABEL, WIDE = "24em", "40em"
FOLD = "The same in Python, for any number"


@dataclass
class Session:
    """What an explorer remembers when its cell runs again.

    values: the settings. drawn: the reader's own lines in the picture, or nothing for the book's
    figures. typed: the lines in the text area, which differ from `drawn` where they were refused.
    """

    values: dict = field(default_factory=dict)
    drawn: str = ""
    typed: str | None = None
    open: bool = False


SESSIONS: dict[str, Session] = {}  # by scenario id


class Widgets:
    """The widgets of one explorer; show it by ending a cell in it.

    `state` is the model's State at the current settings, `set(**values)` changes them,
    `use_figures(text)` puts figures of the reader's own in the place of the book's, and
    `use_figures("")` the book's back.
    """

    def __init__(self, scenario: Scenario):
        self.book = scenario
        self.session = SESSIONS.setdefault(scenario.id, Session())
        self.controls = ipywidgets.VBox()
        self.words = ipywidgets.HTML()
        self.picture = ipywidgets.HTML()
        about = ipywidgets.HTML(f"<p>{what_widgets_add(scenario)}</p>")
        self.box = ipywidgets.VBox([about, self.controls, self.picture, self.words])
        # The chart above has sliders of its own: a second set stands open only where it is asked for.
        self.fold = ipywidgets.Accordion(
            [self.box], titles=[FOLD], selected_index=0 if self.session.open else None
        )
        self.fold.observe(self._opened, names="selected_index")
        if scenario.own:
            self.figures = FiguresPanel(scenario.own, self.use_figures)
            self.box.children += (self.figures.box,)
        typed = self.session.typed
        if not (self.session.drawn and self.use_figures(self.session.drawn)):
            self._build_controls(scenario)
        if typed is not None and typed != self.session.drawn:
            self.use_figures(typed)

    def _opened(self, change) -> None:
        self.session.open = change["new"] is not None

    def use_figures(self, text: str) -> bool:
        """Draw figures of the reader's own, or with no text the book's; False if they are refused.

        The reason is then shown beside the text, and the picture stays as it is.
        """
        self.session.typed = text or None
        try:
            scenario = self.book.own.scenario(text) if text.strip() else self.book
        except ScenarioError as problem:
            self.figures.show_lines(text, problem)
            return False
        self.session.drawn = text
        self._build_controls(scenario)
        self.figures.show_lines(text)
        return True

    def _build_controls(self, scenario: Scenario) -> None:
        """Make the controls of a scenario, at the remembered settings that it can hold."""
        self.scenario = scenario
        self._values = {**scenario.complete(), **self._remembered()}
        self._updating = False
        self.inputs = {p.name: _inputs(p) for p in scenario.parameters}
        rows = (
            [*made, ipywidgets.Label(reason)] if (reason := scenario.condition(name)) else made
            for name, made in self.inputs.items()
        )
        self.controls.children = tuple(map(ipywidgets.HBox, (self._buttons(), *rows)))
        self._redraw()
        for name, made in self.inputs.items():
            for widget in made:
                widget.observe(lambda change, name=name: self._changed(name, change), names="value")

    def _remembered(self) -> dict:
        """The settings of an earlier run that the controls can hold: others may have come since."""
        known = self.scenario.by_name
        return {
            name: value
            for name, value in self.session.values.items()
            if name in known
            and (known[name].kind == "range" or value in self.scenario.choices[name])
        }

    def _buttons(self) -> list:
        """A button for each preset and, where the explorer can be fitted, one for that."""
        scenario = self.scenario
        buttons = [
            _button(p.name, lambda _, p=p: self.set(**scenario.complete(**p.values)))
            for p in scenario.presets
        ]
        if scenario.fit:
            fit = _button("Fit to the figures", lambda _: self.set(**scenario.fit(self._values)))
            buttons.append(fit)
        return buttons

    def _changed(self, name: str, change) -> None:
        value, p = change["new"], self.scenario.by_name[name]
        if p.kind == "range" and hasattr(change["owner"], "min"):
            value = _snap(p, value)
            if value == _snap(p, self._values[name]):
                return  # front ends send back what a slider was set to, with errors of rounding
        if not self._updating:
            self.set(**{name: value})

    def set(self, **values) -> State:
        """Change settings and redraw. Numbers may lie outside the sliders, not outside reason."""
        for name, value in values.items():
            p = self.scenario.by_name.get(name)
            if p is None:
                raise ScenarioError(f"scenario {self.scenario.id!r} has no {name!r}")
            self._values[name] = np.float64(value) if p.kind == "range" else p.accept(value)
        self.session.values = dict(self._values)
        return self._redraw()

    def _redraw(self) -> State:
        self._updating = True
        try:
            for name, made in self.inputs.items():
                value, p = self._values[name], self.scenario.by_name[name]
                for widget in made:
                    widget.disabled = not self.scenario.uses(name, self._values)
                    if p.kind == "range":
                        low, high = (getattr(widget, end, value) for end in ("min", "max"))
                        widget.value = float(np.clip(value, low, high))
                    else:
                        widget.value = value
        finally:
            self._updating = False
        self.state = state = self.scenario.state_at(self._values)
        results = "; ".join(
            f"{escape(o.label)}: <b>{escape(state.result(o))}</b>"
            for o in self.scenario.outputs
            if not o.hidden
        )
        comments = self.scenario.own.comments(state) if self.scenario.own else ()
        items = "".join(f"<li>{escape(comment)}</li>" for comment in comments)
        self.picture.value = draw(state)
        self.words.value = (
            f'<p role="status" aria-live="polite">{escape(state.words)}</p><p>{results}</p>'
            + (f"<ul>{items}</ul>" if items else "")
        )
        return state

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        bundle = self.fold._repr_mimebundle_(include=include, exclude=exclude) or {}
        return {
            **bundle,
            "text/plain": repr(Words(self.book)),
        }


def what_widgets_add(scenario: Scenario) -> str:
    """What these widgets can do that the chart with its own controls, shown above them, cannot."""
    sentences = ["The same explorer once more, computed by Python."]
    if any(p.kind == "range" for p in scenario.parameters):
        sentences.append(
            "The box beside a slider takes any number, also one beyond the slider’s ends."
        )
    if scenario.fit:
        sentences.append("“Fit to the figures” looks for the settings that come closest to them.")
    if scenario.own:
        sentences.append("At the end, figures of your own can take the place of the book’s.")
    return " ".join(sentences)


class FiguresPanel:
    """The place for the reader's own figures: lines, a file to choose, what is wrong."""

    def __init__(self, own: OwnFigures, use_figures):
        self.example = f"{own.header}\n{own.example}"
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
        self.use_figures = use_figures
        self.file.observe(self._read, names="value")
        self.box = ipywidgets.VBox(
            [
                ipywidgets.HTML(
                    f"<p>Put figures of your own in the place of these: <code>{own.header}</code>, "
                    "one line for each date, numbers as they were printed.</p>"
                ),
                self.text,
                ipywidgets.HBox(
                    [
                        _button("Draw these figures", lambda _: self.use_figures(self.text.value)),
                        self.file,
                        _button("Back to the book’s figures", lambda _: self.use_figures("")),
                    ]
                ),
                self.problem,
            ]
        )

    def show_lines(self, text: str, problem: ScenarioError | None = None) -> None:
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
            self.show_lines(self.text.value, OwnFiguresError([Problem(
                YOUR_FIGURES, None, None, f"a byte at {wrong.start} of {file['name']} that is no UTF-8",
                "a CSV file in UTF-8", "Save it as “CSV UTF-8” and choose it again.",
            )]))  # fmt: skip
        else:
            self.use_figures(text)


def _snap(p: Parameter, value: float) -> float:
    """The nearest place of a slider, as the page's own sliders have it."""
    value = p.low + round((float(np.clip(value, p.low, p.high)) - p.low) / p.step) * p.step
    return float(f"{min(p.high, value):.12g}")


def _button(text: str, act):
    button = ipywidgets.Button(description=text, layout=ipywidgets.Layout(width="auto"))
    button.on_click(act)
    return button


def _inputs(p: Parameter) -> tuple:
    """The widgets of one control: for a range, a slider and a number without its limits."""
    label = f"{p.label} ({p.unit})" if p.unit else p.label
    wide = ipywidgets.Layout(width=WIDE)
    style = {"description_width": LABEL}
    if p.kind == "select":
        choices = [(text, v) for v, text in p.options]
        return (ipywidgets.Dropdown(options=choices, description=label, layout=wide, style=style),)
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
