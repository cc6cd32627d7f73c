"""Published numbers: reading them, their units and ranges, and arithmetic that keeps both."""

from receiptbook.numbers.quantity import (
    Interval,
    Quantity,
    QuantityError,
    Reading,
    Unit,
    UnitError,
    computed,
    hull,
    monotone,
    published,
    read,
    show,
    show_range,
    unit,
)

__all__ = [
    "Interval",
    "Quantity",
    "QuantityError",
    "Reading",
    "Unit",
    "UnitError",
    "computed",
    "hull",
    "monotone",
    "published",
    "read",
    "show",
    "show_range",
    "unit",
]
