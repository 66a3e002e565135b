"""Figures as pictures, and how each came about.

`said` is what one person may see of the figures, `courses` a numeric target over the years, `schemes` the region's
schemes over the years, `charts` the geometry of the pictures; `explanation` tells how a computed figure came about,
with its `calculation` and the `inputs` that people entered. Computed is everything in `evaluations.progress`, by the contents that the form is composed from.
"""
