"""What can go wrong with a published number."""


class QuantityError(ValueError):
    """A printed number cannot be read, or an operation on quantities has no meaning."""


class UnitError(QuantityError):
    """Two quantities do not measure the same kind of thing."""
