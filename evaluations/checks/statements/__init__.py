"""Sentences against figures: what a text says of targets, actuals, sums and changes."""
