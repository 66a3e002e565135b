"""Figures against figures: targets and totals, weights, actuals, progress, and last year's result."""

from evaluations.checks.figures import actuals, assessments, previous, targets, weights
