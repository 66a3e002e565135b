"""The Excel workbook for entry: downloaded with the stored values, filled in offline, previewed and imported.

Its cells are treated as input on the entry pages, made to the revisions that it was made from, so that the same
forms merge them, find conflicts and refuse.
"""
