"""The outcome of taking a sheet over, line by line."""

import hashlib
import json

from import_export.results import Result, RowResult


class LineResult(RowResult):
    """The outcome of one line: `changes` are (column, old, new) as people read them."""

    def __init__(self):
        super().__init__()
        self.line = 0
        self.changes: list[tuple[str, str, str]] = []
        self.refusals: list[tuple[str, str]] = []  # (column, sentence)
        self.deleted_with: list = []  # what is deleted with the row, nested as in the admin

    def add_instance_info(self, instance):
        """Keep the row without asking for its name, which nobody reads for thousands of lines."""
        self.instance = instance


class SheetResult(Result):
    """The outcomes of all lines. An unexpected exception is raised, and not taken for the refusal of a line."""

    def append_error_row(self, number, row, errors):
        raise errors[0].error

    def append_base_error(self, error):
        raise error.error

    def of(self, import_type: str) -> list[LineResult]:
        return [row for row in self.rows if row.import_type == import_type]

    new = property(lambda self: self.of(RowResult.IMPORT_TYPE_NEW))
    changed = property(lambda self: self.of(RowResult.IMPORT_TYPE_UPDATE))
    deleted = property(lambda self: self.of(RowResult.IMPORT_TYPE_DELETE))
    unchanged = property(lambda self: self.of(RowResult.IMPORT_TYPE_SKIP))
    refused = property(lambda self: self.of(RowResult.IMPORT_TYPE_INVALID))

    @property
    def digest(self) -> str:
        """A hash of everything that a person was shown, and of the rows' revisions, to notice changes since."""
        shown = [
            (
                row.line,
                row.import_type,
                None if row.is_new() else getattr(row.instance, "pk", None),
                getattr(row.instance, "revision", None),
                row.changes,
                row.refusals,
                row.deleted_with,
            )
            for row in self.rows
        ]
        return hashlib.sha256(json.dumps(shown).encode()).hexdigest()
