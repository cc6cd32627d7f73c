"""Growth: three curves through the last wave, with the errors such curves have made before.

A wave printed as a floor ("more than 50.0%") has no upper end. It is drawn, with an arrow upwards;
curves start from the last wave with both ends, and no curve is held against a floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

import receiptbook.explorers as ex
from receiptbook.dates import month_name, short_month
from surge import models
from surge.scenarios.drawn import arrows, ends_of, is_floor, year

CURVES = (("logistic", "logistic"), ("bass", "Bass"), ("gompertz", "Gompertz"))
SPEEDS = (0.1, 4.0)  # a year
AHEAD = 1.0  # years from the last wave to where past errors are shown
PERCENT = ex.Column("percent", "percent", "a share above 0 and up to 97%, such as 42.8%", most=97)
POINTS_PER_SIDE = 41  # speeds and ceilings tried in each round of a fit
ROUNDS = 8
CLOSER = 0.1  # how much of the grid a round keeps on either side of its best point

WORDING = {
    "id": "growth",
    "title": "Through the last wave run curves to very different futures",
    "caption": "Adoption rate by wave, and the chosen curve through the last wave. Ticks around "
    "the curve: the errors that curves fitted to the first waves of earlier Chinese services made "
    "one horizon ahead, each its own mark.",
    "alt": "Line chart: points for the survey waves, flat, then steep, then bending, and a curve "
    "through the last point that bends towards the chosen ceiling.",
}

FLOORS = {
    "caption": " The bar with an arrow: a wave printed as a floor, so much or more.",
    "alt": " A bar with an arrow upwards marks a wave of which only a floor was printed.",
}


OUTPUTS = (
    ex.Output("met_in", "Target met in", "", 0, "never", comma=""),
    ex.Output("met", "Target met at", "", 2, "never", comma="", hidden=True),
    ex.Output("next", "Rate 1 year ahead", "%", 1),
    ex.Output("miss", "Typical miss of the earlier waves", "points", 1),
    ex.Output("there", "Rate at the last floor", "%", 1, hidden=True),
    ex.Output("short", "What is missing to the last floor", "points", 1, hidden=True),
)


def words(waves: Waves) -> tuple[ex.Sentence, ...]:
    """What is said: whether the target is met, and what speaks against the curve."""
    curve = f"The {{kind}} curve through {month_name(waves.dates[-1])}"
    misses = "misses the earlier waves by {miss} points"
    met = f"{curve} meets {{target}}% in {{met_in}}. It {misses}"
    never = (
        "Under a ceiling of {ceiling}% the target of {target}% is never met, at any speed. "
        f"{curve} {misses}"
    )
    poor = ": it does not describe them."
    unmet = (
        ex.Sentence(
            never + poor,
            lambda ceiling, target, miss: (target >= ceiling) & (miss > 5),
        ),
        ex.Sentence(never + ".", lambda ceiling, target: target >= ceiling),
    )
    reached = (ex.Sentence(met + poor, lambda miss: miss > 5), ex.Sentence(met + "."))
    if not waves.floors:
        return unmet + reached
    date = max(waves.floors)
    refuted = (
        f", and gives {{there}}% for {month_name(date)}, where over "
        f"{ex.amount(waves.floors[date]):g}% was printed: refuted."
    )
    return (
        ex.Sentence(
            never + refuted,
            lambda ceiling, target, short: (target >= ceiling) & (short > 0),
        ),
        *unmet,
        ex.Sentence(met + refuted, lambda short: short > 0),
        *reached,
    )


@dataclass(frozen=True)
class Waves:
    """The figures that a curve should describe: {date: percent}, at least two with both ends.

    floors: {date: percent} of the waves without an upper end.
    """

    rates: Mapping
    floors: Mapping = field(default_factory=dict)

    @cached_property
    def dates(self) -> list[str]:
        return sorted(self.rates)

    @cached_property
    def times(self) -> list[float]:
        """The dates as decimal years."""
        return [year(d) for d in self.dates]

    @cached_property
    def levels(self) -> list[float]:
        """The rates in percent."""
        return [ex.amount(self.rates[d]) for d in self.dates]

    @property
    def last(self) -> tuple[float, float]:
        """Time and level of the last wave, which every curve goes through."""
        return self.times[-1], self.levels[-1]

    def curve(self, t, kind, ceiling, speed, innovation):
        """The curve of a kind through the last wave, in percent at the decimal year t."""
        last, level = self.last
        return models.diffusion(kind, t - last, ceiling, speed, level, innovation)

    def squares(self, kind, ceiling, speed, innovation):
        """Sum of the squared distances from the earlier waves."""
        return sum(
            (self.curve(t, kind, ceiling, speed, innovation) - y) ** 2
            for t, y in zip(self.times[:-1], self.levels[:-1], strict=True)
        )

    def model(self, kind, ceiling, speed, innovation, target):
        """When the target is met, the rate a year ahead, and the typical miss."""
        last, level = self.last
        years = models.diffusion_time(kind, target, ceiling, speed, level, innovation)
        squares = self.squares(kind, ceiling, speed, innovation)
        there, least = self.at_the_floor(kind, ceiling, speed, innovation)
        return {
            "met": last + years,
            "met_in": np.floor(last + years),
            "next": self.curve(last + AHEAD, kind, ceiling, speed, innovation),
            "miss": np.sqrt(squares / (len(self.times) - 1)),
            "there": there,
            "short": least - there,
        }

    def at_the_floor(self, kind, ceiling, speed, innovation):
        """The curve at the last floor's date, in percent, and the least that the floor allows.

        Without a floor, both are the last wave, which every curve meets.
        """
        if not self.floors:
            there = self.curve(self.last[0], kind, ceiling, speed, innovation)
            return there, there
        date = max(self.floors)
        there = self.curve(year(date), kind, ceiling, speed, innovation)
        return there, ends_of(self.floors[date])[1]

    @property
    def least_ceiling(self) -> float:
        """The least ceiling and target in whole percent that leave room above every wave."""
        highest = max([self.levels[-1], *map(ex.amount, self.floors.values())])
        return float(np.ceil(highest) + 1)

    def fit(self, settings: Mapping) -> dict[str, float]:
        """Ceiling and speed of least squares for the chosen curve.

        A grid over both, then a finer one around its best point, and so on: each round keeps a
        fifth of either side.
        """
        kind, innovation = settings["kind"], float(settings["innovation"])
        ends = np.array([(self.least_ceiling, 100.0), SPEEDS])
        near = ends
        for _ in range(ROUNDS):
            ceilings, speeds = (np.linspace(*pair, POINTS_PER_SIDE) for pair in near)
            with np.errstate(all="ignore"):
                loss = self.squares(kind, ceilings[:, None], speeds, innovation)
            i, j = np.unravel_index(np.nanargmin(loss), loss.shape)
            best = np.array([ceilings[i], speeds[j]])[:, None]
            reach = np.diff(near) * [[-CLOSER, CLOSER]]
            near = np.clip(best + reach, ends[:, :1], ends[:, 1:])
        return {"ceiling": round(float(best[0, 0]), 2), "speed": round(float(best[1, 0]), 3)}

    def comments(self, state: ex.State) -> Iterator[str]:
        """How far the curve is from each wave."""
        for date in self.dates:
            there = float(ex.call(self.curve, {**state.env, "t": year(date)}))
            level, low, high = ends_of(self.rates[date])
            side = "above" if there > level else "below"
            distance = f"{ex.fixed(abs(there - level), 1)} points {side} it"
            if low <= there <= high:
                distance = "within its rounding"
            yield (
                f"{month_name(date)}: {level:g}% in the figures, {ex.fixed(there, 1)}% on the curve, "
                f"{distance}."
            )

    def example(self) -> str:
        """The waves as lines to start from."""
        printed = (getattr(self.rates[d], "printed", "") for d in self.dates)
        return "\n".join(
            ex.csv_line(date, text or f"{level:.9g}%")
            for date, text, level in zip(self.dates, printed, self.levels, strict=True)
        )


def controls(rows: Mapping, least: float) -> tuple[tuple[ex.Parameter, ...], tuple[ex.Preset, ...]]:
    """What the reader may set, and the presets; ceiling and target are no lower than `least`."""
    sliders = (
        ex.Slider("ceiling", "Ceiling", "%", least, 100, 1),
        ex.Slider("speed", "Speed", "a year", *SPEEDS, 0.05, 2),
        ex.Slider("target", "Target", "%", least, 99, 1),
        ex.Slider(
            "innovation", "Adoption unprompted by others", "a year", 0, 0.2, 0.005, 3,
            only=("kind", ("bass",)),
        ),
    )  # fmt: skip
    percent = ("assume-growth-ceiling", "assume-growth-target")
    raised = {
        id: max(ex.amount(row), least) if id.startswith(percent) else row
        for id, row in rows.items()
    }
    (*shared, innovation), presets = ex.sliders_and_presets(raised, "growth", sliders)
    kind = ex.Parameter("kind", "Curve", "logistic", options=CURVES)
    return (*shared, kind, innovation), presets


def marks(waves: Waves, until: float, errors: Sequence[float]) -> tuple[ex.Mark, ...]:
    """The picture up to the decimal year `until`; past errors only where there are any."""
    first = waves.times[0]
    return (
        ex.Mark(
            "target", "rules", lambda target: [(first, target, until, target)],
            colour="axis", size=1, dash=(4, 3),
        ),
        ex.Mark(
            "target_label", "text", lambda target: [(first, target)],
            text=("target {target}%",), colour="quiet", dx=4, dy=-5,
        ),
        ex.Mark("curve", "line", waves.curve, span=(first, until)),
        *(error_marks(waves.last[0] + AHEAD, errors) if errors else ()),
        ex.Mark("met", "points", lambda met, target: [(met, target)], colour="accent", size=5),
        *wave_marks(waves),
        *(floor_marks(waves.floors) if waves.floors else ()),
    )  # fmt: skip


def floor_marks(floors: Mapping) -> tuple[ex.Mark, ...]:
    """A bar with an arrow upwards for each wave of which only a floor was printed."""
    points = [(year(date), ex.amount(rate)) for date, rate in floors.items()]
    drawn = arrows(points, 5, wide=0.12)
    floor = points[-1][1]
    return (
        ex.Mark("floors", "rules", lambda: drawn, colour="ink", size=2, still=True),
        ex.Mark(
            "floors_label", "text", lambda: points[-1:],
            text=(f"over {floor:g}%",), colour="ink", dx=-10, dy=-2,
            anchor="end", still=True,
        ),
    )  # fmt: skip


def error_marks(ahead: float, errors: Sequence[float]) -> tuple[ex.Mark, ...]:
    """Ticks around the curve at the decimal year `ahead`."""
    left, right = ahead - 0.12, ahead + 0.12
    return (
        ex.Mark(
            "errors", "rules",
            lambda next: [(left, next + e, right, next + e) for e in errors],
            colour="doubt", size=1.5,
        ),
        ex.Mark(
            "errors_label", "text", lambda next: [(left, next + max(errors))],
            text=("past errors",), colour="doubt", dx=-8, dy=4, anchor="end",
        ),
    )  # fmt: skip


def wave_marks(waves: Waves) -> tuple[ex.Mark, ...]:
    """The printed waves as marks."""
    points = list(zip(waves.times, waves.levels, strict=True))
    ends = [(year(date), ends_of(rate)) for date, rate in sorted(waves.rates.items())]
    whiskers = [(t, low, t, high) for t, (_, low, high) in ends]
    return (
        ex.Mark("whiskers", "rules", lambda: whiskers, colour="accent-soft", size=6, still=True),
        ex.Mark("waves", "points", lambda: points, colour="ink", size=4, still=True),
        ex.Mark(
            "waves_label", "text", lambda: [waves.last],
            text=(f"{short_month(waves.dates[-1])} wave",), colour="ink", dx=8, dy=14, still=True,
        ),
    )  # fmt: skip


def growth(
    rates: Mapping,
    rows: Mapping,
    *,
    sources,
    errors: Sequence[tuple[str, float]] = (),
    until: float = 2036.0,
    **wording,
) -> ex.Explorer:
    """Curves over time.

    rates: {date: percent}, at least two waves with both ends; the curve goes through the last of
    these. A rate without an upper end is a floor, and drawn as one. rows: the
    assumptions ``assume-growth-ceiling``, ``-speed``, ``-innovation`` and ``-target``.
    errors: (service, error in percentage points) of reference curves a year ahead, computed once;
    none is summarised away. until: the end of the time axis, a decimal year.
    wording: what differs from `WORDING`.

    Raises
    ------
    ScenarioError
        if there are fewer than two waves with both ends
    """
    floors = {date: rate for date, rate in rates.items() if is_floor(rate)}
    closed = {date: rate for date, rate in rates.items() if date not in floors}
    if len(closed) < 2:
        raise ex.ScenarioError("growth needs at least two waves with both ends")
    waves = Waves(closed, floors)
    said = {key: WORDING[key] + (more if floors else "") for key, more in FLOORS.items()}
    wording = {**WORDING, **said, **wording}
    parameters, presets = controls(rows, waves.least_ceiling)
    past = [float(f"{float(error):.12g}") for _, error in errors]

    def rebuild(series: Mapping) -> ex.Explorer:
        own_end = year(max(series["percent"]))
        return growth(
            series["percent"],
            rows,
            sources=(),
            until=own_end + until - waves.last[0],
            id=wording["id"],
            alt="Line chart: points for your own figures, and a curve through the last of them "
            "that bends towards the chosen ceiling.",
        )

    return ex.Explorer(
        **wording,
        sources=tuple(sources),
        parameters=parameters,
        model=waves.model,
        outputs=OUTPUTS,
        words=words(waves),
        lead="Suppose {ceiling}% is the most that can be reached, at a speed of {speed} a year.",
        x=ex.Axis("", waves.times[0] - 0.25, until, format="d", grid=False),
        y=ex.Axis("Adoption rate, %", 0, 100),
        marks=marks(waves, until, past),
        presets=presets,
        height=340,
        fit=waves.fit,
        own=ex.OwnFigures((PERCENT,), rebuild, waves.comments, waves.example(), minimum_lines=2),
    )
