"""References to numeric targets, annexes and parts of the form that do not exist, or that say otherwise."""

from evaluations.checks.references import parts, pointers, targets
