"""Questions and exercises: a table for each chapter, answers computed from the data, feedback.

`chapters/exercises/<chapter>.csv` holds the prompts. An answer is never typed: it is a figure's id,
a receipt's id, or arithmetic on ids such as ``users-2025-06 / users-2024-12 - 1``, so
it carries a range like every other number, and an answer anywhere in that range is right, unless
the range is so wide (`NARROW`) that it would let wrong arithmetic pass. A unit such as
``a range in percent`` asks for both ends of the range.

In a chapter, `question("growth-half")` shows a question and `check("growth-half", answer)` looks at
an answer; `what_if` changes published figures and lists the verdicts that turn.
"""

from receiptbook.exercises.answers import AnswerError, is_id, work_out
from receiptbook.exercises.changes import WhatIf, resting_on, what_if
from receiptbook.exercises.guess import Guess, guess
from receiptbook.exercises.judging import FEEDBACK, Checked, check, judge, said
from receiptbook.exercises.questions import (
    Question,
    answer_words,
    asked_in,
    needs_words,
    question,
    unit_words,
)
from receiptbook.exercises.rows import FIELDS, NARROW, Exercise, by_chapter, exercise, load
from receiptbook.exercises.sorting import ClaimCard, claim_cards, piles
from receiptbook.exercises.teaching import defend, expected_slips, usual_slips
