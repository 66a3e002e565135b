"""Checks of answers and writing: open and misplaced answers, doubled particles, brackets, widths, lost letters."""

from evaluations.checks.wording import answers, letters, misplaced, typography, writing
