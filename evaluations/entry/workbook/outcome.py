"""The outcome of importing a workbook, line by line, for the preview."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum

from evaluations.entry.removal import Removal
from tokku.differences import Difference, differences_within
from tokku.revisions import TYPED, Conflict

SECONDS = 1  # for comparing texts, each of which takes up to a tenth


class LineKind(Enum):
    NEW = "new"
    CHANGED = "changed"
    DELETED = "deleted"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class FieldChange:
    column: str
    old: str
    new: str


@dataclass(frozen=True)
class FieldConflict:
    """A field that was changed both in the workbook and, since it was made, on the pages."""

    key: str  # names the row and the field in the choices that the page sends
    column: str
    conflict: Conflict

    @property
    def takes_typed(self) -> bool:
        return self.conflict.chosen == TYPED


@dataclass
class LineOutcome:
    sheet: str
    number: int
    label: str = ""
    changes: list[FieldChange] = field(default_factory=list)
    conflicts: list[FieldConflict] = field(default_factory=list)
    refusals: list[tuple[str, str]] = field(default_factory=list)  # column, sentence
    removal: Removal | None = None
    is_new: bool = False
    revisions: list[str] = field(
        default_factory=list
    )  # the rows behind the line, with their revisions

    @property
    def kind(self) -> LineKind:
        if self.refusals:
            return LineKind.REFUSED
        if self.removal:
            return LineKind.DELETED
        if self.is_new:
            return LineKind.NEW
        return LineKind.CHANGED if self.changes or self.conflicts else LineKind.UNCHANGED

    @property
    def place(self) -> str:
        return f"「{self.sheet}」{self.number}行目"


@dataclass
class WorkbookOutcome:
    lines: list[LineOutcome] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def of(self, kind: LineKind) -> list[LineOutcome]:
        return [line for line in self.lines if line.kind is kind]

    new = property(lambda self: self.of(LineKind.NEW))
    changed = property(lambda self: self.of(LineKind.CHANGED))
    deleted = property(lambda self: self.of(LineKind.DELETED))
    unchanged = property(lambda self: self.of(LineKind.UNCHANGED))
    refused = property(lambda self: self.of(LineKind.REFUSED))

    @property
    def intended_lines(self) -> list[LineOutcome]:
        """The lines that are not unchanged, in their order."""
        return [line for line in self.lines if line.kind is not LineKind.UNCHANGED]

    @property
    def saved(self) -> list[LineOutcome]:
        """The changed lines, without those whose conflicts all keep the stored version."""
        return [
            line
            for line in self.changed
            if line.changes or any(conflict.takes_typed for conflict in line.conflicts)
        ]

    @property
    def is_ready(self) -> bool:
        return bool(self.intended_lines) and not self.refused

    @property
    def is_settled(self) -> bool:
        """Whether a version was chosen for every conflict."""
        return all(conflict.conflict.chosen for line in self.lines for conflict in line.conflicts)

    @property
    def digest(self) -> str:
        """A hash of everything that the preview shows and of the revisions behind it."""
        shown = [
            (
                line.sheet,
                line.number,
                line.kind.value,
                line.revisions,
                [(change.column, change.old, change.new) for change in line.changes],
                [
                    (conflict.key, conflict.conflict.stored, conflict.conflict.typed)
                    for conflict in line.conflicts
                ],
                line.refusals,
            )
            for line in self.intended_lines
        ]
        return hashlib.sha256(json.dumps(shown).encode()).hexdigest()


def compared(
    lines: Iterable[LineOutcome],
) -> Iterator[tuple[LineOutcome, list[tuple[str, Difference]]]]:
    """The changes of each line; compared by character for at most SECONDS in all."""
    compare = differences_within(SECONDS)
    for line in lines:
        yield line, [(change.column, compare(change.old, change.new)) for change in line.changes]
