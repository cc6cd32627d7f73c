"""Growth: three curves through the last wave, with the errors such curves have made before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from receiptbook.explorers.core import (
    Axis,
    Mark,
    Output,
    Parameter,
    Preset,
    Scenario,
    ScenarioError,
    Sentence,
    State,
    call,
    fixed,
)
from receiptbook.explorers.own import Column, Own, line
from receiptbook.explorers.rows import START, amount, settings
from surge import models
from surge.scenarios.who_counts import month, short, year

CURVES = (("logistic", "logistic"), ("bass", "Bass"), ("gompertz", "Gompertz"))
SPEEDS = (0.1, 4.0)  # a year
PERCENT = Column("percent", "percent", "a share above 0 and up to 97%, such as 42.8%", most=97)
FINE = 41  # speeds and ceilings tried in each round of a fit


def growth(
    rates: Mapping,
    rows: Mapping,
    *,
    sources,
    errors: Sequence[tuple[str, float]] = (),
    horizon: float = 1.0,
    until: float = 2036.0,
    id: str = "growth",
    title: str = "Through the last wave run curves to very different futures",
    caption: str = "Adoption rate by wave, and the chosen curve through the last wave. Ticks "
    "around the curve: the errors that curves fitted to the first waves of "
    "earlier Chinese services made one horizon ahead, each its own mark.",
    alt: str = "Line chart: points for the survey waves, rising steeply and then less so, "
    "and a curve through the last point that bends towards the chosen "
    "ceiling.",
) -> Scenario:
    """Curves over time.

    rates: {date: percent}, at least two waves; the curve goes through the last. rows: the
    assumptions ``assume-growth-ceiling``, ``-speed``, ``-innovation`` and ``-target``.
    errors: (service, error in percentage points) of reference curves `horizon` years ahead,
    computed once; none is summarised away. until: the end of the time axis, a decimal year.
    """
    if len(rates) < 2:
        raise ScenarioError("growth needs at least two waves")
    dates = sorted(rates)
    times = [year(d) for d in dates]
    values = [amount(rates[d]) for d in dates]
    start, last = values[-1], times[-1]
    known = settings(rows, "growth", ("ceiling", "speed", "innovation", "target"))
    misses = [float(f"{float(e):.12g}") for _, e in errors]
    ahead = last + horizon

    def curve(t, kind, ceiling, speed, innovation):
        return models.diffusion(kind, t - last, ceiling, speed, start, innovation)

    def squares(kind, ceiling, speed, innovation):
        return sum(
            (curve(t, kind, ceiling, speed, innovation) - y) ** 2
            for t, y in zip(times[:-1], values[:-1], strict=True)
        )

    def model(kind, ceiling, speed, innovation, target):
        years = models.diffusion_time(kind, target, ceiling, speed, start, innovation)
        return {
            "met": last + years,
            "met_in": np.floor(last + years),
            "next": curve(ahead, kind, ceiling, speed, innovation),
            "miss": np.sqrt(squares(kind, ceiling, speed, innovation) / (len(times) - 1)),
        }

    def told(state: State):
        for d, t, v in zip(dates, times, values, strict=True):
            there = float(call(curve, {**state.env, "t": t}))
            low, high = getattr(rates[d], "lower", v), getattr(rates[d], "upper", v)
            off = f"{fixed(abs(there - v), 1)} points {'above' if there > v else 'below'} it"
            if low <= there <= high:
                off = "within its rounding"
            yield (f"{month(d)}: {v:g}% in the figures, {fixed(there, 1)}% on the curve, {off}.")

    def fit(settings):
        """The ceiling and speed of least squares for the chosen curve, on a grid that closes in."""
        ends = np.array([(low_ceiling, 100.0), SPEEDS])
        near = ends
        for _ in range(8):
            ceilings, speeds = (np.linspace(*pair, FINE) for pair in near)
            with np.errstate(all="ignore"):
                loss = squares(
                    settings["kind"], ceilings[:, None], speeds, float(settings["innovation"])
                )
            i, j = np.unravel_index(np.nanargmin(loss), loss.shape)
            best = np.array([ceilings[i], speeds[j]])[:, None]
            reach = np.diff(near) * [[-0.1, 0.1]]
            near = np.clip(best + reach, ends[:, :1], ends[:, 1:])
        return {"ceiling": round(float(best[0, 0]), 2), "speed": round(float(best[1, 0]), 3)}

    def make(series):
        return growth(
            series["percent"],
            rows,
            sources=(),
            until=year(max(series["percent"])) + until - last,
            horizon=horizon,
            id=id,
            alt="Line chart: points for your own figures, and a curve through the last of them "
            "that bends towards the chosen ceiling.",
        )

    whiskers = [
        (t, float(getattr(rates[d], "lower", v)), t, float(getattr(rates[d], "upper", v)))
        for d, t, v in zip(dates, times, values, strict=True)
    ]
    low_ceiling = float(np.ceil(start) + 1)

    def raised(name):
        """The default of a control, or the least it can be over these waves."""
        given = known.of(name)
        return {**given, "default": max(given["default"], low_ceiling)}

    presets = tuple(
        Preset(
            p.name,
            {n: max(v, low_ceiling) if n in ("ceiling", "target") else v
             for n, v in p.values.items()},
        )
        for p in known.presets
    )  # fmt: skip
    marks = [
        Mark(
            "target",
            "rules",
            lambda target: [(times[0], target, until, target)],
            colour="axis",
            size=1,
            dash=(4, 3),
        ),
        Mark(
            "target_label",
            "text",
            lambda target: [(times[0], target)],
            text=("target {target}%",),
            colour="quiet",
            dx=4,
            dy=-5,
        ),
        Mark("curve", "line", curve, span=(times[0], until)),
    ]
    if misses:
        marks += [
            Mark(
                "errors",
                "rules",
                lambda next: [(ahead - 0.12, next + e, ahead + 0.12, next + e) for e in misses],
                colour="doubt",
                size=1.5,
            ),
            Mark(
                "errors_label",
                "text",
                lambda next: [(ahead - 0.12, next + max(misses))],
                text=("past errors",),
                colour="doubt",
                dx=-8,
                dy=4,
                anchor="end",
            ),
        ]
    marks += [
        Mark("met", "points", lambda met, target: [(met, target)], colour="accent", size=5),
        Mark("whiskers", "rules", lambda: whiskers, colour="accent-soft", size=6, still=True),
        Mark(
            "waves",
            "points",
            lambda: list(zip(times, values, strict=True)),
            colour="ink",
            size=4,
            still=True,
        ),
        Mark(
            "waves_label",
            "text",
            lambda: [(last, start)],
            text=(f"{short(dates[-1])} wave",),
            colour="ink",
            dx=8,
            dy=14,
            still=True,
        ),
    ]
    return Scenario(
        id=id,
        title=title,
        caption=caption,
        alt=alt,
        sources=tuple(sources),
        parameters=(
            Parameter("kind", "Curve", "logistic", options=CURVES),
            Parameter(
                "ceiling",
                "Ceiling",
                unit="%",
                low=low_ceiling,
                high=100,
                step=1,
                **raised("ceiling"),
            ),
            known.control("speed", "Speed", "a year", *SPEEDS, 0.05, 2),
            known.control(
                "innovation",
                "Adoption unprompted by others",
                "a year",
                0,
                0.2,
                0.005,
                3,
                only=("kind", ("bass",)),
            ),
            Parameter(
                "target", "Target", unit="%", low=low_ceiling, high=99, step=1, **raised("target")
            ),
        ),
        model=model,
        outputs=(
            Output("met_in", "Target met in", "", 0, "never", comma=""),
            Output("met", "Target met at", "", 2, "never", comma="", hidden=True),
            Output(
                "next",
                f"Rate {horizon:g} year ahead" if horizon == 1 else f"Rate {horizon:g} years ahead",
                "%",
                1,
            ),
            Output("miss", "Typical miss of the earlier waves", "points", 1),
        ),
        words=(
            Sentence(
                "Under a ceiling of {ceiling}% the target of {target}% is never met, at any "
                "speed. The curve misses the earlier waves by {miss} points.",
                lambda ceiling, target: target >= ceiling,
            ),
            Sentence(
                "The {kind} curve through the last wave meets {target}% in {met_in} and misses "
                "the earlier waves by {miss} points: it does not describe them.",
                lambda miss: miss > 5,
            ),
            Sentence(
                "The {kind} curve through the last wave meets {target}% in {met_in} and misses "
                "the earlier waves by {miss} points."
            ),
        ),
        lead="Suppose {ceiling}% is the most that can be reached, at a speed of {speed} a year.",
        x=Axis("", times[0] - 0.25, until, format="d", grid=False),
        y=Axis("Adoption rate, %", 0, 100),
        marks=tuple(marks),
        presets=(START, *presets),
        height=340,
        fit=fit,
        own=Own(
            columns=(PERCENT,),
            make=make,
            told=told,
            example="\n".join(
                line(d, getattr(rates[d], "printed", "") or f"{v:.9g}%")
                for d, v in zip(dates, values, strict=True)
            ),
            least=2,
        ),
    )
