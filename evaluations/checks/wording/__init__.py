"""Form and writing: empty and misplaced answers, doubled particles, brackets, widths, letters that are lost."""

from evaluations.checks.wording import answers, letters, misplaced, typography, writing
