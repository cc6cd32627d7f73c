"""For a class: exercise notebooks, slides and handouts, made from chapters and their exercises."""

from receiptbook.kit.handouts import print_pages
from receiptbook.kit.notebooks import VERSIONS, notebook, slips
from receiptbook.kit.slides import anchor, deck, document_style

__all__ = ["VERSIONS", "anchor", "deck", "document_style", "notebook", "print_pages", "slips"]
