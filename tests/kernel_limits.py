"""What a chapter may cost its kernel; bench/kernels.py measures it, test_kit.py holds what it stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MEMORY = 200  # MB a kernel may take
TIMES = 2  # times a kernel that only imports altair and pandas
TIMES_FIT = 4  # the same for chapters that fit models
FITS = {"loop", "scenarios", "speed"}  # they search settings or curves for the waves


def over(row: Mapping[str, Any]) -> list[str]:
    """The limits that a chapter breaks."""
    limit = TIMES_FIT if row["chapter"] in FITS else TIMES
    broken = [f"more than {MEMORY} MB"] if row["memory"] > MEMORY else []
    return broken + ([f"more than {limit} times a bare kernel"] if row["times"] > limit else [])
