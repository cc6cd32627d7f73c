"""What the checks of prose say: a fault, with its place, what was expected, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from receiptbook.receipts.collect import Place


@dataclass(frozen=True)
class Fault:
    """Words that do not stand up.

    Attributes
    ----------
    text : the words
    sentence : the sentence they stand in, where they alone do not say enough
    ended : id of the comparison that they link to and that no longer holds
    manner : the words could be said better; they are not wrong
    """

    place: Place
    text: str
    expected: str
    remedy: str
    sentence: str = ""
    ended: str = ""
    manner: bool = False

    def __str__(self) -> str:
        within = f" in “{self.sentence}”" if self.sentence else ""
        return f"{self.place}: “{self.text}”{within}; expected {self.expected}. {self.remedy}"
