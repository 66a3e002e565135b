"""A Word file that was exported, edited offline and comes back: what it says otherwise than the records.

What it says is taken as if it had been typed on the entry pages into the revisions that it was exported
from, so the same forms merge it, find conflicts and refuse. What no field takes is named, never dropped.
"""

from evaluations.word.origin import origin_of
from evaluations.word.proposals import Leftover, NotApplied, Proposal, apply, lost, proposals
from evaluations.word.reading import Edited, read_edited, read_word_file

__all__ = [
    "Edited",
    "Leftover",
    "NotApplied",
    "Proposal",
    "apply",
    "lost",
    "origin_of",
    "proposals",
    "read_edited",
    "read_word_file",
]
