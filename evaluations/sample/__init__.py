"""The sample, as plain values, a package for each zone.

`keihin` is as long as a real one: its `MUNICIPALITIES` and `evaluations()` go by their own names here.
"""

from evaluations.sample.keihin import MUNICIPALITIES, evaluations

__all__ = ["MUNICIPALITIES", "evaluations"]
