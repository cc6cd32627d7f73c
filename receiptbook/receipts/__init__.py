"""Claims, verdicts and receipts, and the ledger that collects them."""

from receiptbook.receipts.claims import (
    Claim,
    ClaimError,
    Ground,
    above,
    below,
    cite,
    fact,
    meets,
    misses,
    quoted,
    receipt,
    ruling,
)
from receiptbook.receipts.collect import look_up
from receiptbook.receipts.facts import Fact, Receipt
from receiptbook.receipts.verdicts import VERDICTS, Verdict, VerdictRow, judge
