"""A Word file that was exported, edited offline and comes back: what it says otherwise than the records.

What it says is taken as if it had been typed on the entry pages into the revisions that it was exported
from, so the same forms merge it, find conflicts and refuse. What no field takes is named, never dropped.
"""
