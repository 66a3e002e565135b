"""References to numeric targets, annexes and parts of the form that do not exist or do not fit."""

from evaluations.checks.references import parts, pointers, targets
