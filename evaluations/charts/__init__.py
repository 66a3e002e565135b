"""Figures as pictures, and how each came about.

`visible_figures`: what one person may see; `series`: a numeric target over the years; `schemes`: the region's schemes
over the years; `geometry`: the shapes of the pictures; `explanation`: how a computed figure came about, with its
`calculation` and the `inputs` that people entered. All arithmetic is in `evaluations.progress`.
"""
