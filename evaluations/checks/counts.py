"""Counts that a text or heading states against the entries that stand below it or elsewhere."""
