"""The sample, as plain values: the evaluations of two zones, a package each.

`keihin` is as long as a real one; its `MUNICIPALITIES` and `evaluations()` are also exported here.
`miura` is small and has what keihin lacks: approaches, measures and schemes of several targets, targets that are
reported once, levels, words in place of figures.
"""

from evaluations.sample import keihin, miura
from evaluations.sample.keihin import MUNICIPALITIES, evaluations

__all__ = ["MUNICIPALITIES", "ZONES", "evaluations"]

# By slug.
ZONES = {"keihin": keihin, "miura": miura}
