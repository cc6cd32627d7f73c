"""Claims, verdicts and receipts, and the ledger that collects them."""

from receiptbook.receipts.claims import (
    Claim,
    ClaimError,
    Ground,
    Receipt,
    Verdict,
    above,
    below,
    cite,
    fact,
    judge,
    meets,
    misses,
    quoted,
    receipt,
    ruling,
)

__all__ = [
    "Claim",
    "ClaimError",
    "Ground",
    "Receipt",
    "Verdict",
    "above",
    "below",
    "cite",
    "fact",
    "judge",
    "meets",
    "misses",
    "quoted",
    "receipt",
    "ruling",
]
