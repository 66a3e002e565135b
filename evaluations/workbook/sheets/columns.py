"""Columns that several sheets have, and their widths in half-width characters."""

from tokku.spreadsheets.entry_book import Column
from tokku.spreadsheets.sheet import DELETION

NARROW, NAME, PROSE = 12, 26, 44
DELETION_COLUMN = Column(DELETION, 9)
