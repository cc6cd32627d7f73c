"""The explorers under test, each with round example figures; chapters pass rows of data/."""

from dataclasses import dataclass

from surge import scenarios


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


def who_counts():
    users = {"2024-06-30": Printed(230e6, 5e6), "2024-12-31": Printed(250e6, 5e5),
             "2025-06-30": Printed(510e6, 5e5), "2025-12-31": Printed(600e6, 5e5)}
    bases = {
        "everyone": {"2023-12-31": Printed(1410e6, 5e3), "2024-12-31": Printed(1408e6, 5e3),
                     "2025-12-31": Printed(1405e6, 5e3)},
        "internet users": {"2024-12-31": 1100e6, "2025-06-30": 1120e6, "2025-12-31": 1125e6},
        "ages 16 to 59": {"2024-12-31": 860e6},
    }
    return scenarios.who_counts(users, bases, sources=["cnnic-57"])


ALL = {f.__name__.replace("_", "-"): f for f in (who_counts,)}
