"""Closed-form models, one NumPy function each.

Every function takes and returns plain numbers or arrays, so that it computes in the kernel, and
uses only what `receiptbook.explorers.trace` translates, so that it computes in the browser as well.
"""

from __future__ import annotations

import numpy as np


def adoption_rate(users, base):
    """Share of a population that uses something, in percent.

    users: persons who use it. base: persons in the population. Both in the same unit.
    Source: definition; CNNIC divides by the whole population, although a user is aged 6 or over.

    >>> round(float(adoption_rate(602, 1405)), 2)
    42.85
    """
    return 100 * users / base


# ------------------------------------------------------------------------------- diffusion


def logistic(t, ceiling, speed, start):
    """Logistic growth through `start` at t = 0, in the unit of `ceiling`.

    t: years. ceiling: level approached. speed: growth per year while small, 1/year.
    Solves y' = speed·y·(1 − y/ceiling). Source: Verhulst 1838; Griliches, Econometrica 25, 1957.

    >>> round(float(logistic(2, 80, 1, 40)), 2)
    70.46
    """
    return ceiling / (1 + (ceiling / start - 1) * np.exp(-speed * t))


def logistic_time(target, ceiling, speed, start):
    """Years from t = 0 until `logistic` reaches `target`; infinite at or above the ceiling.

    >>> round(float(logistic_time(60, 80, 1, 40)), 2)
    1.1
    """
    below = np.where(target < ceiling, ceiling / target - 1, 1)
    return np.where(target < ceiling, np.log((ceiling / start - 1) / below) / speed, np.inf)


def gompertz(t, ceiling, speed, start):
    """Gompertz growth through `start` at t = 0, in the unit of `ceiling`.

    t: years. speed: rate at which the logarithm of the ratio to the ceiling decays, 1/year.
    Solves y' = speed·y·ln(ceiling/y). Source: Gompertz, Phil. Trans. 115, 1825; as a growth curve
    Winsor, PNAS 18, 1932.

    >>> round(float(gompertz(2, 80, 1, 40)), 2)
    72.84
    """
    return ceiling * np.exp(np.log(start / ceiling) * np.exp(-speed * t))


def gompertz_time(target, ceiling, speed, start):
    """Years from t = 0 until `gompertz` reaches `target`; infinite at or above the ceiling.

    >>> round(float(gompertz_time(60, 80, 1, 40)), 2)
    0.88
    """
    ratio = np.where(
        target < ceiling,
        np.log(start / ceiling) / np.log(np.where(target < ceiling, target / ceiling, 0.5)),
        1,
    )
    return np.where(target < ceiling, np.log(ratio) / speed, np.inf)


def bass(t, ceiling, speed, start, innovation):
    """Bass diffusion through `start` at t = 0, in the unit of `ceiling`.

    t: years. speed: coefficient of imitation q, 1/year. innovation: coefficient p, 1/year.
    Solves y' = (p + q·y/ceiling)·(ceiling − y). With start = 0 it is the published cumulative
    curve. Source: Bass, Management Science 15(5), 1969, 215-227.

    >>> round(float(bass(2, 80, 1, 40, 0.05)), 2)
    71.59
    """
    decay = _bass_odds(ceiling, speed, start, innovation) * np.exp(-(innovation + speed) * t)
    return ceiling * (1 - innovation * decay) / (1 + speed * decay)


def bass_time(target, ceiling, speed, start, innovation):
    """Years from t = 0 until `bass` reaches `target`; infinite at or above the ceiling.

    >>> round(float(bass_time(60, 80, 1, 40, 0.05)), 2)
    1.02
    """
    left = np.where(target < ceiling, ceiling - target, 1)
    odds = _bass_odds(ceiling, speed, start, innovation)
    years = np.log(odds * (innovation * ceiling + speed * target) / left) / (innovation + speed)
    return np.where(target < ceiling, years, np.inf)


def _bass_odds(ceiling, speed, start, innovation):
    return (ceiling - start) / (innovation * ceiling + speed * start)


def diffusion(model, t, ceiling, speed, start, innovation):
    """One of the three curves by name: "logistic", "bass" or "gompertz".

    >>> round(float(diffusion("bass", 2, 80, 1, 40, 0.05)), 2)
    71.59
    """
    return np.select(
        [model == "logistic", model == "bass"],
        [logistic(t, ceiling, speed, start), bass(t, ceiling, speed, start, innovation)],
        default=gompertz(t, ceiling, speed, start),
    )


def diffusion_time(model, target, ceiling, speed, start, innovation):
    """Years until one of the three curves, by name, reaches `target`.

    >>> round(float(diffusion_time("logistic", 60, 80, 1, 40, 0)), 2)
    1.1
    """
    return np.select(
        [model == "logistic", model == "bass"],
        [
            logistic_time(target, ceiling, speed, start),
            bass_time(target, ceiling, speed, start, innovation),
        ],
        default=gompertz_time(target, ceiling, speed, start),
    )


def gain_needed(start, target, years):
    """Percentage points a year that lead from `start` to `target` (both percent) in `years`.

    Source: definition. Infinite if no time is left and the target is not met; 0 if it is met.

    >>> round(float(gain_needed(42.8, 70, 2)), 2)
    13.6
    """
    ahead = np.maximum(target - start, 0)
    return np.where(
        ahead <= 0, 0, np.where(years > 0, ahead / np.where(years > 0, years, 1), np.inf)
    )


# ------------------------------------------------------------------------------- inspection


def saving_per_unit(unit_cost, before, after, recall, false_rejects):
    """Yuan saved on each unit made by an inspection that lowers the defect rate.

    unit_cost: yuan lost on a defective unit, and the same on a good one thrown away. before, after:
    defect rates in percent. recall: percent of that fall which is real; it scales the fall and is
    not the share of all defects found. false_rejects: percent of good units thrown away, of
    the units that were good before. Source: expected cost, first principles.

    >>> round(float(saving_per_unit(100, 0.5, 0.1, 90, 0.1)), 2)
    0.26
    """
    caught = (before - after) / 100 * recall / 100
    lost = (1 - before / 100) * false_rejects / 100
    return unit_cost * (caught - lost)


def payback(system, running, saving):
    """Years until a system of `system` yuan is paid from `saving` − `running` yuan a year.

    Infinite where running it costs as much as it saves. Source: simple payback, undiscounted.

    >>> round(float(payback(6, 1, 4)), 2)
    2.0
    """
    left = saving - running
    return np.where(left > 0, system / np.where(left > 0, left, 1), np.inf)


def break_even_volume(system, running, life, per_unit):
    """Units a year at which `per_unit` yuan pays for a system over `life` years; or infinite.

    >>> round(float(break_even_volume(6, 1, 5, 0.1)), 2)
    22.0
    """
    yearly = system / life + running
    return np.where(per_unit > 0, yearly / np.where(per_unit > 0, per_unit, 1), np.inf)


# ----------------------------------------------------------------------------- feedback loop


def loop_adoption(t, adoption_pull, service_pull, friction):
    """What is left after t years of a push of one unit to adoption.

    Solves a' = service_pull·s − friction·a, s' = adoption_pull·a − friction·s with a = 1, s = 0 at
    t = 0; all rates in 1/year. Source: linear system with eigenvalues −friction ± √(product of
    the pulls); any text on linear differential equations.

    >>> round(float(loop_adoption(5, 0.6, 0.6, 0.5)), 2)
    0.83
    """
    strength = np.sqrt(adoption_pull * service_pull)
    return (np.exp((strength - friction) * t) + np.exp(-(strength + friction) * t)) / 2


def loop_services(t, adoption_pull, service_pull, friction):
    """The services that the same push has called forth after t years; see `loop_adoption`.

    >>> round(float(loop_services(5, 0.6, 0.6, 0.5)), 2)
    0.82
    """
    strength = np.sqrt(adoption_pull * service_pull)
    shape = np.where(
        strength > 1e-3,
        (np.exp((strength - friction) * t) - np.exp(-(strength + friction) * t))
        / (2 * np.maximum(strength, 1e-3)),
        t * np.exp(-friction * t),
    )
    return adoption_pull * shape


def loop_gain(adoption_pull, service_pull, friction):
    """Strength of the loop over its friction: above 1 a push grows, below 1 it fades.

    friction: above nought. If users and services fade at rates of their own, `friction` is their
    geometric mean: a' = p·s − f·a, s' = q·a − h·s grows where p·q > f·h.

    >>> round(float(loop_gain(0.6, 0.6, 0.5)), 2)
    1.2
    """
    return np.sqrt(adoption_pull * service_pull) / friction


def loop_limit(adoption_pull, service_pull, friction):
    """Long-run share of adopters, in percent, if only those who have not adopted can be drawn in.

    Equilibrium of a' = service_pull·s·(1 − a) − friction·a, s' = adoption_pull·a − friction·s:
    1 − 1/gain² where the gain exceeds 1, else 0. Source: threshold theorem, as in Kermack and
    McKendrick, Proc. R. Soc. A 115, 1927.

    >>> round(float(loop_limit(0.6, 0.6, 0.5)), 2)
    30.56
    """
    gain = loop_gain(adoption_pull, service_pull, friction)
    return 100 * np.where(gain > 1, 1 - 1 / np.maximum(gain, 1) ** 2, 0)


# --------------------------------------------------------------------------------- checking


def errors_through(uses, error_rate, checked, caught):
    """Wrong answers a day that pass. uses: a day. error_rate, checked, caught: percent.

    caught: percent of the wrong answers among those checked that checking finds.
    Source: expected value, errors and checks independent.

    >>> round(float(errors_through(20, 20, 30, 50)), 2)
    3.4
    """
    return uses * error_rate / 100 * (1 - checked / 100 * caught / 100)


def minutes_saved(error_rate, checked, caught, saved, effort, miss):
    """Minutes a use saves, net of checking and of errors that pass.

    saved: minutes saved by a use before any check. effort: minutes a check takes. miss: minutes
    lost when an error passes. Source: expected value.

    >>> round(float(minutes_saved(20, 30, 50, 15, 5, 60)), 2)
    3.3
    """
    return saved - checked / 100 * effort - errors_through(1, error_rate, checked, caught) * miss


def break_even_checking(error_rate, caught, saved, effort, miss):
    """Share checked, in percent, at which `minutes_saved` is nought; infinite if there is none.

    >>> round(float(break_even_checking(20, 50, 10, 0, 100)), 2)
    100.0
    """
    slope = error_rate / 100 * caught / 100 * miss - effort
    share = 100 * (error_rate / 100 * miss - saved) / np.where(slope == 0, 1, slope)
    return np.where((slope != 0) & (share >= 0) & (share <= 100), share, np.inf)


# ----------------------------------------------------------------------------------- skills


def competent(t, learners, delay, users):
    """People who have become competent after t years, at most `users`.

    learners: people who begin each year. delay: years until they are competent. Source: pipeline
    delay, first principles.

    >>> round(float(competent(3, 100, 1, 1000)), 2)
    200.0
    """
    return np.minimum(learners * np.maximum(t - delay, 0), users)
