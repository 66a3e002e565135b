"""Importing a Word file that was exported and edited offline.

Its changes are treated as input on the entry pages, made to the revisions that it was exported from, so that the
same forms merge them, find conflicts and refuse. A change that belongs to no field is reported, never dropped.
"""
