"""The tables in data/: loaded, checked and described as a Data Package."""

from receiptbook.tables.data import Data, DataError, Problem, Series, Source, load

__all__ = ["Data", "DataError", "Problem", "Series", "Source", "load"]
