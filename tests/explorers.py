"""The explorers under test, each with round example figures; chapters pass rows of data/."""

import csv
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from receiptbook.numbers import Interval
from surge import scenarios
from surge.region import HalfPlane, intersect
from surge.scenarios.definitions import Definition, definitions


@dataclass(frozen=True)
class Printed:
    """A figure with its rounding interval, as quantities have them."""

    value: float
    half: float

    def __float__(self):
        return self.value

    @property
    def lower(self):
        return self.value - self.half

    @property
    def upper(self):
        return self.value + self.half


def figures():
    users = {
        "2024-06-30": Printed(230e6, 5e6),
        "2024-12-31": Printed(250e6, 5e5),
        "2025-06-30": Printed(510e6, 5e5),
        "2025-12-31": Printed(600e6, 5e5),
    }
    bases = {
        "everyone": {
            "2023-12-31": Printed(1410e6, 5e3),
            "2024-12-31": Printed(1408e6, 5e3),
            "2025-12-31": Printed(1405e6, 5e3),
        },
        "internet users": {"2024-12-31": 1100e6, "2025-06-30": 1120e6, "2025-12-31": 1125e6},
        "ages 16 to 59": {"2024-12-31": 860e6},
    }
    return users, bases


def who_counts():
    return scenarios.who_counts(*figures(), sources=["cnnic-57"])


def rows():
    """The assumptions as the book has them."""
    path = Path(__file__).parents[1] / "data/assumptions.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["id"]: float(row["value"]) for row in csv.DictReader(file)}


def feasible_region():
    """Three populations at two precisions; one combination leaves nothing."""
    half = Fraction(500_000)
    box = [Interval(Fraction(mid) - half, Fraction(mid) + half) for mid in (249e6, 602e6)]
    regions = {}
    for base, people in (("end of 2025", 1405e6), ("end of 2024", 1408e6), ("none", 1500e6)):
        for precision, width in (("as printed", "0.05"), ("as whole numbers", "0.5")):
            near = Fraction("42.8"), Fraction(width), Fraction(people) / 100
            cuts = [
                HalfPlane(Fraction(0), Fraction(1), (near[0] + near[1]) * near[2]),
                HalfPlane(Fraction(0), Fraction(-1), -(near[0] - near[1]) * near[2]),
            ]
            regions[base, precision] = intersect(*box, cuts)
    return scenarios.feasible_region(regions, box=box, sources=["cnnic-57"])


def growth():
    rates = {
        "2024-06-30": Printed(16.4, 0.05),
        "2024-12-31": Printed(17.7, 0.05),
        "2025-06-30": Printed(36.5, 0.05),
        "2025-12-31": Printed(42.8, 0.05),
    }
    return scenarios.growth(
        rates,
        rows(),
        sources=["cnnic-57"],
        errors=[("online payment", 3.5), ("food delivery", -2.25), ("short video", 6.125)],
    )


def battery_line():
    return scenarios.battery_line(rows(), sources=["cnnic-57"])


def feedback_loop():
    return scenarios.feedback_loop(rows(), sources=["cnnic-57"])


def targets():
    shared = figures()
    return scenarios.targets(
        *shared,
        rows(),
        sources=["cnnic-57"],
        seen=[("second half of 2025", 12.6), ("first half of 2025", 37.6), ("online payment", 9.4)],
    )


def checking():
    return scenarios.checking(rows(), sources=["cnnic-57"])


def skills():
    return scenarios.skills(600e6, 1405e6, rows(), sources=["cnnic-57"])


def which_user():
    """Counts by definition: with and without rounding, at other dates, alone on its date."""
    ways = (
        Definition("survey", "A survey", "Residents who said so", figures()[0]),
        Definition("telemetry", "Telemetry", "Accounts seen", {"2025-06-30": 140e6}),
        Definition("panel", "A panel", "Phones seen", {"2025-05-31": 270e6, "2025-09-30": 300e6}),
    )
    return definitions(
        ways, 1405e6, date="2025-12-31", sources=["cnnic-57"], caption="Counts by definition."
    )


ALL = {
    **{
        f.__name__.replace("_", "-"): f
        for f in (
            who_counts,
            feasible_region,
            growth,
            battery_line,
            feedback_loop,
            targets,
            checking,
            skills,
        )
    },
    "definitions": which_user,
}
