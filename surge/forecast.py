"""What waves of a survey can say about the waves to come.

Three things, none of which needs a random number: the set of all curves that pass through every
wave's rounding range; a fit by least squares; and a backtest on earlier Chinese services, whose
errors are the only measure of doubt that this book uses for forecasts.

Levels are percent of the whole population, times are years.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import combinations, product
from typing import NamedTuple

import numpy as np

from receiptbook.dates import decimal_year, month_name
from receiptbook.numbers import Quantity, computed
from receiptbook.tables import Data, load
from surge import models, paths

GENAI = "genai-users"
#: what is said about 2025 rests on waves up to this day, whatever came later
UNTIL = "2025-12-31"
#: series of users in data/ -> how the book calls the service. Every service of which data/ has a
#: count by CNNIC since July 2007 is a candidate, one definition a series; the rules below decide,
#: and `candidates` gives the reason why one is out.
SERVICES = {
    "internet-users": "internet",
    "mobile-internet-users": "mobile internet",
    "app-online-shopping-users": "online shopping",
    "app-online-payment-users": "online payment",
    "app-mobile-payment-users": "mobile payment",
    "app-food-delivery-users": "food delivery",
    "app-live-streaming-users": "live streaming",
    "app-ride-hailing-taxi-users": "ride hailing, taxis",
    "app-ride-hailing-private-users": "ride hailing, private cars",
    "app-ride-hailing-any-users": "ride hailing, either kind",
    "app-ride-hailing-users": "ride hailing",
    "app-online-office-users": "online office",
    "app-online-medical-users": "online medical",
    "app-online-education-users": "online education",
    "app-microblog-users": "microblogs",
    "app-sns-users": "social sites",
    "app-blog-owners-users": "blogs",
    "app-group-buying-users": "group buying",
    "app-wealth-management-users": "wealth management",
    "app-bike-sharing-users": "shared bicycles",
    "app-online-travel-users": "online travel",
    "app-online-literature-users": "online literature",
    "app-online-music-users": "online music",
    "app-online-news-users": "online news",
    "app-online-games-users": "online games",
    "app-online-video-users": "online video",
    "app-search-users": "search engines",
    "app-e-government-users": "online government",
    "app-short-video-users": "short video",
    "app-instant-messaging-users": "instant messaging",
}
DOUBTFUL = "Doubtful:"  # how a row says that it was read once and not again
WINDOW = 4  # waves that a forecast rests on: as many as generative AI had in December 2025
SPAN = 4.0  # years that such a window may cover at most
BAND = 2.0  # a comparable first level lies between half and twice that of generative AI
NEAR = 0.3  # years that a wave may be away from one, or two, years ahead
DAMPING = 0.8  # share of a half-year's gain that the next half-year keeps
SINCE = "2007-07"  # before, CNNIC counted internet users by another definition
WHOLE = 100.0  # no more than everybody
FIRST = 801  # inflections tried at first: a steep curve fits between two waves or nowhere
POINTS, ROUNDS = 41, 22  # a side of the grid that is searched for a fit, and how often it closes in


@dataclass(frozen=True)
class Wave:
    """One survey wave: its date, the same in years, and users over the population."""

    date: str
    time: float
    users: Quantity
    share: Quantity

    @cached_property
    def level(self) -> float:
        """The share in percent, at its central value."""
        return self.share.number

    @cached_property
    def ends(self) -> tuple[float, float]:
        """The share in percent, at both ends of its rounding range."""
        return self.share.lower, self.share.upper


class Moved(NamedTuple):
    """A wave at one value of its rounding range: as much of a wave as a forecast needs."""

    time: float
    level: float


@dataclass(frozen=True)
class Curve:
    """A fitted curve; t = 0 is the last wave."""

    model: str
    ceiling: float
    speed: float
    start: float

    def at(self, years) -> np.ndarray:
        """The level some years after the last wave, percent."""
        curve = {"logistic": models.logistic, "gompertz": models.gompertz}[self.model]
        return curve(years, self.ceiling, self.speed, self.start)


@dataclass(frozen=True)
class Backtest:
    """One forecast that could have been made, beside what came. Levels in percent."""

    series: str
    service: str
    method: str
    waves: tuple[Wave, ...]
    target: Wave
    years: float
    forecast: float

    @property
    def error(self) -> float:
        """Forecast less outcome, in percentage points: above zero where it was too high."""
        return self.forecast - self.target.level

    @property
    def size(self) -> tuple[float, float, float]:
        """Size of the error as printed, and the least and the most that rounding allows."""
        low, high = forecast_range(self.method, self.waves, self.years)
        low, high = low - self.target.share.upper, high - self.target.share.lower
        return abs(self.error), max(low, -high, 0.0), max(-low, high)


# ------------------------------------------------------------------------------------- waves


def waves(series: str = GENAI, until: str = UNTIL, *, sure: bool = False) -> tuple[Wave, ...]:
    """The waves of a service up to a day, as shares of the whole population, in order of time.

    A wave printed as a floor ("more than 700 million") is left out: it has no upper end. sure:
    leave out rows that call themselves doubtful too.
    """
    return _waves(series, load(), until, sure)


@lru_cache(maxsize=256)
def _waves(series: str, tables: Data, until: str, sure: bool) -> tuple[Wave, ...]:
    users = {
        date: q
        for date, q in tables.series(series).until(until).bounded.items()
        if date >= SINCE and not (sure and DOUBTFUL in q.note)
    }
    shares = paths.share_of(users, tables.series("population"))
    return tuple(
        Wave(date, float(decimal_year(date)), users[date], share) for date, share in shares.items()
    )


def figures(*waves: Wave) -> tuple[Quantity, ...]:
    """The published figures that some waves rest on, each once."""
    return tuple(dict.fromkeys(q for wave in waves for q in wave.share.inputs))


def across(
    values: Iterable[float],
    unit: str,
    inputs: Iterable[Quantity],
    formula: str,
    spread: str = "",
    middle: float | None = None,
) -> Quantity:
    """A quantity that runs from the lowest to the highest of some numbers, to two places.

    values: in `unit`; middle: the quantity's own value, by default halfway between the ends.
    inputs, formula, spread: as in `computed`.
    """
    values = list(values)
    low, high = round(min(values), 2), round(max(values), 2)
    value = round(float((low + high) / 2 if middle is None else middle), 2)
    return computed(value, unit, inputs, formula, lower=low, upper=high, spread=spread)


# ------------------------------------------------ all curves through every wave's rounding range


def straightened(model: str, part: float, shape: float = 0.0) -> float:
    """A level on the scale on which the model is a straight line in time, with slope `speed`.

    model: "logistic", "gompertz" or "bass". part: level over ceiling. shape: imitation over
    innovation, q / p, for Bass, whose slope is p + q. Levels at or beyond the ends are infinite.
    Source: the inverse of each curve, Meade and Islam, International Journal of Forecasting 22,
    2006, section on growth curves.
    """
    if part <= 0:
        return -math.inf
    if part >= 1:
        return math.inf
    if model == "logistic":
        return math.log(part / (1 - part))
    if model == "gompertz":
        return -math.log(-math.log(part))
    if model == "bass":
        return math.log((1 + shape * part) / (1 - part))
    raise ValueError(f"no model {model!r}; there are logistic, gompertz and bass")


def speeds(
    model: str, ceiling: float, waves: Iterable[Wave], widen: float = 0.0, shape: float = 0.0
) -> tuple[float, float] | None:
    """All speeds with which some curve under this ceiling passes through every wave's range.

    widen: percentage points added to both ends of each range. On the straightened scale each wave
    is an upright bar, and the question is which slopes a line through all bars can have: those that
    every pair of bars allows (Helly's theorem on the line), so the answer is exact. None if none.
    """
    bars = [
        (w.time, straightened(model, (w.ends[0] - widen) / ceiling, shape),
         straightened(model, (w.ends[1] + widen) / ceiling, shape))
        for w in waves
    ]  # fmt: skip
    if any(low == math.inf for _, low, _ in bars):
        return None
    least, most = 0.0, math.inf
    for (t, low, high), (u, next_low, next_high) in combinations(bars, 2):
        least = max(least, (next_low - high) / (u - t))
        most = min(most, (next_high - low) / (u - t))
    return (least, most) if least <= most else None


def least_widening(model: str, ceiling: float, waves: Iterable[Wave], shape: float = 0.0) -> float:
    """Points that each range must be widened by until a curve under this ceiling passes; 0 if none.

    By bisection, to a millionth of a point.
    """
    waves = tuple(waves)
    if speeds(model, ceiling, waves, 0.0, shape):
        return 0.0
    low, high = 0.0, WHOLE
    while high - low > 1e-6:
        middle = (low + high) / 2
        if speeds(model, ceiling, waves, middle, shape):
            high = middle
        else:
            low = middle
    return high


def ceilings(
    model: str, waves: Iterable[Wave], widen: float = 0.0, shape: float = 0.0, step: float = 0.01
) -> tuple[float, float] | None:
    """Lowest and highest ceiling, up to everybody, under which a curve passes; None if none.

    Searched on a grid of `step` percent of the population.
    """
    waves = tuple(waves)
    lowest = max(w.ends[0] for w in waves) - widen
    grid = np.arange(math.ceil(lowest / step), round(WHOLE / step) + 1) * step
    found = [c for c in grid if speeds(model, float(c), waves, widen, shape)]
    return (float(found[0]), float(found[-1])) if found else None


# ------------------------------------------------------------------------------------ fitting


def _shape_of(model: str, t: np.ndarray, speed, middle) -> np.ndarray:
    z = np.clip(-speed * (t - middle), -60, 60)
    return 1 / (1 + np.exp(z)) if model == "logistic" else np.exp(-np.exp(z))


def fit(model: str, waves: Iterable[Wave | Moved]) -> Curve:
    """The curve of least squares through some waves, with a ceiling of at most everybody.

    model: "logistic" or "gompertz". For each speed and inflection the best ceiling is known in
    closed form; the two are searched on a grid that closes in on its best point, so the result does
    not depend on a starting guess or on a library.
    """
    waves = tuple(waves)
    times = tuple(w.time - waves[-1].time for w in waves)
    return _fit(model, times, tuple(w.level for w in waves))


@lru_cache(maxsize=1024)  # a score of forecasts asks for the same curves again and again
def _fit(model: str, times: tuple[float, ...], levels: tuple[float, ...]) -> Curve:
    t, y = np.array(times), np.array(levels)[:, None, None]
    lows, highs = np.array([math.log(0.02), t[0] - 10]), np.array([math.log(20.0), 40.0])
    bounds = lows.copy(), highs.copy()
    best, least, top = None, np.inf, 0.0
    for points in (FIRST, *[POINTS] * ROUNDS):
        grid = _grid if points == POINTS else _first_grid
        a, m, h = grid(model, times, tuple(lows), tuple(highs), points)
        ceiling = np.minimum((h * y).sum(0) / np.maximum((h * h).sum(0), 1e-300), WHOLE)
        loss = ((ceiling * h - y) ** 2).sum(0)
        i, j = np.unravel_index(np.argmin(loss), loss.shape)
        if loss[i, j] < least:
            best, least, top = np.array([a[i], m[j]]), loss[i, j], float(ceiling[i, j])
        span = (highs - lows) * 0.2
        lows, highs = np.maximum(best - span, bounds[0]), np.minimum(best + span, bounds[1])
    pace, middle = float(np.exp(best[0])), float(best[1])
    return Curve(model, top, pace, float(top * _shape_of(model, t[-1], pace, middle)))


def _grid(model, times, lows, highs, points):
    """Logarithms of speeds, inflections, and the curves of both at each time, a time an axis."""
    a = np.linspace(lows[0], highs[0], POINTS)
    m = np.linspace(lows[1], highs[1], points)
    return a, m, _shape_of(model, np.array(times)[:, None, None], np.exp(a)[:, None], m)


#: the grid to begin with is one for all waves of the same days
_first_grid = lru_cache(maxsize=8)(_grid)


# --------------------------------------------------------------------------------- forecasting


def _last_value(waves, ahead):
    return waves[-1].level


def _gain(waves):
    return (waves[-1].level - waves[-2].level) / (waves[-1].time - waves[-2].time)


def _same_gain(waves, ahead):
    return waves[-1].level + _gain(waves) * ahead


def _damped_gain(waves, ahead):
    halves = 2 * ahead
    kept = DAMPING * (1 - DAMPING**halves) / (1 - DAMPING)
    return waves[-1].level + _gain(waves) / 2 * kept


def _straight_line(waves, ahead):
    t = np.array([w.time for w in waves]) - waves[-1].time
    slope, level = np.polyfit(t, [w.level for w in waves], 1)
    return float(level + slope * ahead)


def _curve(model):
    return lambda waves, ahead: float(fit(model, waves).at(ahead))


#: name -> function of (waves, years ahead); none may use anything but the waves it is given
METHODS: dict[str, Callable] = {
    "last value": _last_value,
    "same gain again": _same_gain,
    "damped gain": _damped_gain,
    "straight line": _straight_line,
    "logistic": _curve("logistic"),
    "gompertz": _curve("gompertz"),
}
CURVES = ("logistic", "gompertz")


def forecast(method: str, waves: Iterable[Wave | Moved], ahead: float) -> float:
    """The level `ahead` years after the last of some waves, in percent, at most everybody.

    "last value": nothing changes. "same gain again": the gain a year between the last two waves.
    "damped gain": that gain, shrinking by `DAMPING` each half-year (Gardner and McKenzie,
    Management Science 31, 1985). "straight line": least squares through all waves. "logistic",
    "gompertz": least squares. A Bass curve has four unknowns and goes through four waves whatever
    they are, so there is nothing to fit it to.
    """
    try:
        level = METHODS[method](tuple(waves), ahead)
    except KeyError:
        raise KeyError(f"no method {method!r}; there are {', '.join(METHODS)}") from None
    return min(max(level, 0.0), WHOLE)


def forecast_range(method: str, waves: Iterable[Wave], ahead: float) -> tuple[float, float]:
    """Lowest and highest forecast over every combination of the ends of the rounding ranges."""
    waves = tuple(waves)
    found = [
        forecast(method, [Moved(w.time, end) for w, end in zip(waves, ends, strict=True)], ahead)
        for ends in product(*(w.ends for w in waves))
    ]
    return min(found), max(found)


def own_test(method: str) -> Backtest:
    """Generative AI itself: the wave of `UNTIL` forecast from those before it, beside what came."""
    *early, last = waves()
    if last.date != UNTIL:
        raise KeyError(f"no wave of {UNTIL} to test a forecast with; the last is of {last.date}")
    ahead = last.time - early[-1].time
    return Backtest(GENAI, "generative AI", method, tuple(early), last, ahead,
                forecast(method, early, ahead))  # fmt: skip


def runs(series: str, *, sure: bool = False) -> tuple[tuple[Wave, ...], ...]:
    """All runs of `WINDOW` waves in a row that start at a level comparable to generative AI's."""
    first = waves()[0].level
    all_waves = waves(series, sure=sure)
    found = (all_waves[i : i + WINDOW] for i in range(len(all_waves) - WINDOW + 1))
    return tuple(
        run for run in found
        if first / BAND <= run[0].level <= first * BAND and run[-1].time - run[0].time <= SPAN
    )  # fmt: skip


def target(series: str, origin: Wave, ahead: float, *, sure: bool = False) -> Wave | None:
    """The wave closest to `ahead` years after another, within `NEAR` years of it; else None."""
    later = [w for w in waves(series, sure=sure) if w.time > origin.time]
    best = min(later, key=lambda w: abs(w.time - origin.time - ahead), default=None)
    if best is None or abs(best.time - origin.time - ahead) > NEAR:
        return None
    return best


def reference_runs(
    ahead: float = 1, *, every: bool = False, sure: bool = False
) -> tuple[tuple[str, tuple[Wave, ...], Wave], ...]:
    """(series, waves, target) for each service of the reference class.

    One run a service: the one whose first level is closest to generative AI's first, of those with
    a wave to compare with. With `every`, all such runs, which overlap and so repeat each other.
    With `sure`, without rows that call themselves doubtful.
    """
    first = waves()[0].level
    found = []
    for series in SERVICES:
        usable = [
            (series, run, hit)
            for run in runs(series, sure=sure)
            if (hit := target(series, run[-1], ahead, sure=sure))
        ]
        usable.sort(key=lambda use: abs(use[1][0].level - first))
        found += sorted(usable, key=lambda use: use[1][0].time) if every else usable[:1]
    return tuple(found)


def reference_errors(
    method: str, ahead: float = 1, *, every: bool = False, sure: bool = False
) -> tuple[Backtest, ...]:
    """The backtest: each service forecast from its early waves by one method, beside what came.

    method: a key of `METHODS`. ahead: 1 or 2 years; a wave stands for that if it lies within `NEAR`
    years of it, and the forecast is made for the wave's own date. every, sure: see
    `reference_runs`.
    """
    return _reference_errors(method, ahead, load(), every, sure)


@lru_cache(maxsize=128)
def _reference_errors(method: str, ahead: float, tables: Data, every: bool, sure: bool):
    # `tables` are the book's at this moment: part of the key, so that others give other errors.
    return tuple(
        Backtest(series, SERVICES[series], method, run, hit, round(hit.time - run[-1].time, 2),
             forecast(method, run, hit.time - run[-1].time))
        for series, run, hit in reference_runs(ahead, every=every, sure=sure)
    )  # fmt: skip


@dataclass(frozen=True)
class Candidate:
    """A service that CNNIC counted, and why it is out of the reference class, if it is.

    `last` is its last wave; `tested` holds the horizons, in years, at which it can be tested.
    """

    series: str
    service: str
    waves: tuple[Wave, ...]
    runs: tuple[tuple[Wave, ...], ...]
    tested: tuple[int, ...]
    reason: str

    @property
    def last(self) -> Wave:
        return self.waves[-1]


def candidates() -> tuple[Candidate, ...]:
    """Every service of `SERVICES`, with the horizons at which it is tested or why it is not."""
    found = []
    for series, service in SERVICES.items():
        seen, its_runs = waves(series), runs(series)
        tested = tuple(
            ahead for ahead in (1, 2) if any(target(series, run[-1], ahead) for run in its_runs)
        )
        reason = "" if tested else _why_out(seen, bool(its_runs))
        found.append(Candidate(series, service, seen, its_runs, tested, reason))
    return tuple(found)


def _why_out(seen: tuple[Wave, ...], has_run: bool) -> str:
    first = waves()[0].level
    if has_run:
        return "no wave a year, or two, after its run"
    if len(seen) < WINDOW:
        return f"fewer than {WINDOW} waves"
    if seen[0].level > first * BAND:
        return "above the band when first counted"
    if max(w.level for w in seen[: 1 - WINDOW]) < first / BAND:
        return "below the band while it was counted"
    return f"its waves lie too far apart for {WINDOW} within {SPAN:g} years"


def without_later(ahead: int) -> tuple[Candidate, ...]:
    """The services with a run, but no wave to compare with so many years on.

    Such a service has left the tables, or its later wave is not in the book's data.
    """
    return tuple(c for c in candidates() if c.runs and ahead not in c.tested)


def coverage(cases: int) -> Fraction:
    """How likely the range of so many cases holds one more case of the same kind.

    If all orders are equally likely, the new case is the lowest with probability 1 / (n + 1), and
    the highest with the same, so it lies between them with (n - 1) / (n + 1). Source: the size of
    the range [X(1), X(n)], The American Statistician 41, 1987, pages 11 to 15.
    """
    return Fraction(cases - 1, cases + 1)


# ------------------------------------------------------------------------- what came afterwards


def said(method: str, date: str, until: str = UNTIL) -> Quantity:
    """What a method forecast for a day from the waves up to another, with their rounding's range."""
    known = waves(until=until)
    ahead = float(decimal_year(date)) - known[-1].time
    return across(
        forecast_range(method, known, ahead),
        "percent",
        figures(*known),
        f"{named(method)}, from the waves to {month_name(until)}",
        middle=forecast(method, known, ahead),
    )


def named(method: str) -> str:
    """A method or curve as it is written: two of them are named after people."""
    return {"gompertz": "Gompertz", "bass": "Bass"}.get(method, method)


def judged(forecast: Quantity, printed: Quantity) -> str:
    """How a forecast stands beside what was printed for its day.

    A floor can refute a forecast that lies below it; it says nothing against one above it.
    """
    if forecast.upper < printed.lower:
        return "too low"
    if forecast.lower > printed.upper:
        return "too high"
    if printed.interval.bounded:
        return "met within rounding"
    return "not refuted" if forecast.lower >= printed.lower else "undecided"


def path_of(waves: Iterable[Wave]) -> dict[str, Quantity]:
    """Some waves as a path of `surge.paths`: shares by date."""
    return {wave.date: wave.share for wave in waves}


def best_year(series: str) -> Quantity:
    """Largest gain within twelve months, from the first wave at a comparable level."""
    first = waves()[0].level
    begun = (wave for wave in waves(series) if wave.level >= first / BAND)
    return paths.best_gain(path_of(begun)).points


def scores(ahead: float = 1, *, every: bool = False) -> dict:
    """method -> (tests, mean absolute error, mean error, largest absolute error), in points."""
    out = {}
    for method in METHODS:
        errors = [test.error for test in reference_errors(method, ahead, every=every)]
        size = [abs(e) for e in errors]
        out[method] = (len(errors), float(np.mean(size)), float(np.mean(errors)), max(size))
    return out


def outcomes(method: str, ahead: float = 1) -> dict[str, float]:
    """service -> level of generative AI `ahead` years on, if the method errs as it did there.

    The forecast less that service's error, kept between nobody and everybody.
    """
    level = forecast(method, waves(), ahead)
    return {
        test.service: min(max(level - test.error, 0.0), WHOLE)
        for test in reference_errors(method, ahead)
    }


# ----------------------------------------------------------------------------- reaching a level


@dataclass(frozen=True)
class Passage:
    """How a service went from one level to a higher one; `years` is None where it did not."""

    service: str
    start: paths.Crossing
    years: Quantity | None
    last: Wave

    @property
    def started(self) -> bool:
        """Did it pass the lower level while it was counted?"""
        return self.start.status == paths.REACHED


def passages(low: float, high: float) -> tuple[Passage, ...]:
    """Every service with a comparable beginning: has it passed `low`, and then `high`, and when.

    low, high: percent. The class holds each service with a run of waves that starts at a comparable
    level; between two waves its path is straight.
    """
    found = []
    for series in SERVICES:
        if runs(series):
            path = path_of(waves(series))
            climb = paths.climb(path, low, high).years
            start = paths.crossing(path, low)
            found.append(Passage(SERVICES[series], start, climb, waves(series)[-1]))
    return tuple(found)
