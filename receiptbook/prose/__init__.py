"""Prose: each number is a link to its receipt and says what the receipt says; so do sentences.

``python -m receiptbook.prose`` checks every chapter, or those named; ``--write`` rewrites the numbers that
went stale, never a verdict.

Prose is the text of chapters, and the titles, captions and alternative texts of charts. A number is a
numeral or a spelled-out number. Dates, names with digits in them (Apollo 11, the 57th report),
code and references are no numbers; phrases listed in `chapters/exemptions.csv`, each with its page, its
uses and its reason, are let through. What a sentence without a number must link to: see `sentences`. How
things are said: see `manner`.

Read from the bottom: text, faults, sentences, manner, links, exemptions, checker.
"""

from receiptbook.prose.checker import check, main, rewrite
from receiptbook.prose.exemptions import Exemption, Exemptions
from receiptbook.prose.faults import Fault
from receiptbook.prose.links import check_link
from receiptbook.prose.text import unlinked
