"""What becomes of a workbook, line by line, as it is shown before anything is taken over."""

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
    """A field that was saved after the workbook was made, and says something else there: both are shown."""

    key: str  # of the row and its fields, for what a person chooses
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
    revisions: list[str] = field(default_factory=list)  # the rows behind it, with their revisions

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
    def meant(self) -> list[LineOutcome]:
        """The lines that say something, in their order."""
        return [line for line in self.lines if line.kind is not LineKind.UNCHANGED]

    @property
    def saved(self) -> list[LineOutcome]:
        """The changed lines but for those whose clashes all keep what is stored."""
        return [
            line
            for line in self.changed
            if line.changes or any(conflict.takes_typed for conflict in line.conflicts)
        ]

    @property
    def is_ready(self) -> bool:
        return bool(self.meant) and not self.refused

    @property
    def is_settled(self) -> bool:
        """Whether of all clashes it is known which version is to stay."""
        return all(conflict.conflict.chosen for line in self.lines for conflict in line.conflicts)

    @property
    def digest(self) -> str:
        """Of everything that a person was shown, and of the revisions behind it."""
        shown = [
            (
                line.sheet,
                line.number,
                line.kind.value,
                line.revisions,
                [(one.column, one.old, one.new) for one in line.changes],
                [(one.key, one.conflict.stored, one.conflict.typed) for one in line.conflicts],
                line.refusals,
            )
            for line in self.meant
        ]
        return hashlib.sha256(json.dumps(shown).encode()).hexdigest()


def compared(
    lines: Iterable[LineOutcome],
) -> Iterator[tuple[LineOutcome, list[tuple[str, Difference]]]]:
    """What changes in each line, character by character for the first SECONDS."""
    compare = differences_within(SECONDS)
    for line in lines:
        yield line, [(one.column, compare(one.old, one.new)) for one in line.changes]
