"""Counts stated by a text or heading, against the entries that they count."""

from evaluations.checks.counts import achievements, lists, parts, schemes, supports
