"""Figures as pictures, and how each came about.

`said` is what one person may see of the figures, `courses` a numeric target over the years, `charts` the geometry of
the pictures, `explanation` how a computed figure follows from what was entered, `schemes` the region's schemes over
the years. Computed is everything in `evaluations.progress`, by the contents that the form is composed from.
"""
