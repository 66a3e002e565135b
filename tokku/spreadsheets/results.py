"""What becomes of a sheet, line by line."""

import hashlib
import json

from django.db import models
from import_export.results import Result, RowResult


class LineResult(RowResult):
    """What becomes of one line: `changes` are (column, old, new) as people read them."""

    def __init__(self):
        super().__init__()
        self.line = 0
        self.instance: models.Model | None = None
        self.changes: list[tuple[str, str, str]] = []
        self.refusals: list[tuple[str, str]] = []  # (column, sentence)
        self.goes_with: list = []  # what is deleted with the row, nested as in the admin
        self.found: int | None = None  # the row that was found
        self.revision: int | None = None


class SheetResult(Result):
    @property
    def new(self) -> list[LineResult]:
        return [row for row in self.rows if row.is_new()]

    @property
    def changed(self) -> list[LineResult]:
        return [row for row in self.rows if row.is_update()]

    @property
    def deleted(self) -> list[LineResult]:
        return [row for row in self.rows if row.is_delete()]

    @property
    def unchanged(self) -> list[LineResult]:
        return [row for row in self.rows if row.is_skip()]

    @property
    def refused(self) -> list[LineResult]:
        return [row for row in self.rows if row.is_invalid()]

    @property
    def digest(self) -> str:
        """Of everything that a person was shown, and of the revisions behind it."""
        shown = [
            (
                row.line,
                row.import_type,
                row.found,
                row.revision,
                row.changes,
                row.refusals,
                row.goes_with,
            )
            for row in self.rows
        ]
        return hashlib.sha256(json.dumps(shown).encode()).hexdigest()
