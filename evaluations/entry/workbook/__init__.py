"""A workbook for entry: handed out with what is stored, filled in offline, and taken over after it was looked at.

What it says is taken as if it had been typed on the entry pages into the revisions that it was made from, so
the same forms merge it, find conflicts and refuse.
"""
