"""A formal document as a small immutable tree, with its writers and readers.

Knows nothing of evaluations, models or Django.
"""
