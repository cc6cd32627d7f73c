"""The blank ledger: the sheet with which a class takes a text of its own apart."""

from __future__ import annotations

from receiptbook.kit import STUDENTS, KitFile, blank_document, blank_sheet, blank_table

NAME = "blank-ledger"


def files() -> list[KitFile]:
    """The sheet to write on, the same to type into, and as a table."""
    return [
        KitFile(f"handouts/{NAME}.pdf", STUDENTS, "blank ledger", "", blank_sheet),
        KitFile(f"handouts/{NAME}.docx", STUDENTS, "blank ledger to type into", "", blank_document),
        KitFile(f"handouts/{NAME}.csv", STUDENTS, "blank ledger as a table", "", blank_table),
    ]
