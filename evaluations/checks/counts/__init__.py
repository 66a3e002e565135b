"""Counts that a text or heading states against the entries that stand below it or elsewhere."""

from evaluations.checks.counts import achievements, lists, parts, schemes, supports
