"""Checks of sentences against figures: what a text states of targets, actuals, sums and changes.

A module for each kind of statement; `subjects` finds which target and year a sentence speaks of.
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
