"""The tables in data/: loaded, checked and described as a Data Package."""

from receiptbook.tables.data import Data, Series, Source, in_place, load
from receiptbook.tables.figures import derived, figure_of, last_unit
from receiptbook.tables.listing import Listing, citation, conflicts, source_ids
from receiptbook.tables.problems import DataError, Problem, near
from receiptbook.tables.reading import described, read_table
