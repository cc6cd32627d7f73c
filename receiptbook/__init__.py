"""Receipts for executable books: every number says where it came from and what it rests on.

An engine for Jupyter Books. A published figure is read with the range that its printing means,
arithmetic carries range and derivation along, and a receipt ends in a verdict that follows from
ranges. Charts, explorers, exercises and the static site show what the receipts say.
"""

__version__ = "0.1.0"
