"""Claims, verdicts and receipts, and the ledger that collects them."""

from receiptbook.receipts.claims import (
    Claim,
    ClaimError,
    cite,
    quoted,
    receipt,
)
from receiptbook.receipts.collect import look_up
from receiptbook.receipts.facts import Fact, Receipt
from receiptbook.receipts.rulings import Ground, above, below, fact, meets, misses, ruling
from receiptbook.receipts.verdicts import VERDICTS, Verdict, VerdictRow, judge
