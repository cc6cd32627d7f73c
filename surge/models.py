"""Closed-form models, one NumPy function each.

Every function takes and returns plain numbers or arrays, so that it computes in the kernel, and
uses only what `surge.trace` translates, so that it computes in the browser as well.
"""

from __future__ import annotations


def adoption_rate(users, base):
    """Share of a population that uses something, in percent.

    users: persons who use it. base: persons in the population. Both in the same unit.
    Source: definition; CNNIC divides by the whole population, although a user is aged 6 or over.
    """
    return 100 * users / base
