"""The outcome of importing a workbook, line by line, for the preview."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from evaluations.entry.removal import Removal
from tokku.differences import Difference, differences_within
from tokku.revisions import TYPED, Conflict
from tokku.spreadsheets.sheet import Cell, UnreadableCell

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


@dataclass(frozen=True)
class CellRefusal:
    """A cell that is not imported, what stands in it, and why. `column` is "" for a line as a whole."""

    place: str  # 「数値」H3
    column: str
    text: str
    sentence: str


@dataclass
class LineOutcome:
    """`cells` and `letters` are those of the line by the names of its columns."""

    sheet: str
    number: int
    cells: Mapping[str, Cell] = field(default_factory=dict)
    letters: Mapping[str, str] = field(default_factory=dict)
    label: str = ""
    changes: list[FieldChange] = field(default_factory=list)
    conflicts: list[FieldConflict] = field(default_factory=list)
    refusals: list[CellRefusal] = field(default_factory=list)
    removal: Removal | None = None
    is_new: bool = False
    # Of the rows behind the line, with their revisions.
    revisions: list[str] = field(default_factory=list)

    @property
    def kind(self) -> LineKind:
        """What becomes of the line; a changed one may have refused cells, too."""
        if self.removal:
            return LineKind.DELETED
        if self.is_new:
            return LineKind.NEW
        if self.changes or self.conflicts:
            return LineKind.CHANGED
        return LineKind.REFUSED if self.refusals else LineKind.UNCHANGED

    @property
    def place(self) -> str:
        return f"「{self.sheet}」{self.number}行目"

    def address(self, column: str) -> str:
        """H3; 3行目 for the line as a whole, and where the sheet has no such column."""
        letter = self.letters.get(column)
        return f"{letter}{self.number}" if letter else f"{self.number}行目"

    def refuse(self, column: str, *sentences: str) -> None:
        """Keep a cell out, or the line as a whole (""), for these reasons."""
        cell = self.cells.get(column, "")
        text = cell.text if isinstance(cell, UnreadableCell) else cell
        place = f"「{self.sheet}」{self.address(column)}"
        self.refusals += [CellRefusal(place, column, text, sentence) for sentence in sentences]


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

    @property
    def refused(self) -> list[LineOutcome]:
        """The lines with refused cells."""
        return [line for line in self.lines if line.refusals]

    @property
    def refusals(self) -> list[CellRefusal]:
        return [refusal for line in self.lines for refusal in line.refusals]

    @property
    def intended_lines(self) -> list[LineOutcome]:
        """The lines that are not unchanged, in their order; of refused ones, too."""
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
        """Whether there is something to import."""
        return any(line.kind is not LineKind.REFUSED for line in self.intended_lines)

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
                [(refusal.place, refusal.sentence) for refusal in line.refusals],
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
