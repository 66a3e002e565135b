"""Sentences against figures: what a text says of targets, actuals, sums and changes.

A module for each subject; `subjects` tells which target and year a sentence speaks of.
"""

from evaluations.checks.statements import (
    changes,
    counted,
    multiples,
    reached,
    repeated,
    schemes,
    stated_figures,
    sums,
    totals,
)
