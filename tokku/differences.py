"""Differences between texts by character, figures as old → new, and documents block by block. No models."""

import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from diff_match_patch import diff_match_patch

from tokku.document.tree import (
    Block,
    Document,
    Heading,
    ListItem,
    Note,
    Paragraph,
    Source,
    Table,
)

# Lines with this share of their characters in common are the same line with other words ...
ALIKE = 0.5
# ... when they are this near to each other.
NEAR = 20
# Beyond this a pair of texts is shown as removed and added as a whole.
SECONDS = 0.1
# What is compared as a unit: a number, and a character together with its marks (か゚, 葛󠄀).
_CLUSTER = re.compile(
    r"\d[\d,.，．]*\d|(?s:.)"
    "[\u0300-\u036f\u3099\u309a\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]*"
)
# A number, with its unit where it has one: 1,234, △5.5%, 170億円.
_FIGURE = re.compile(r"△?\d[\d,]*(\.\d+)?[^\d\s]{0,4}")
_PRIVATE = 0xF0000
# The kinds of lines, as pages have them in their classes; a row of a table is "row".
_LINE_KINDS = {Heading: "heading", Paragraph: "paragraph", ListItem: "item", Note: "note"}


class PartKind(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class TextPart:
    kind: PartKind
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """The parts of a text that stayed, were removed and were added.

    Without the added parts it is the old text, without the removed parts the new one.
    """

    old: str
    new: str
    parts: tuple[TextPart, ...]

    @property
    def is_change(self) -> bool:
        return self.old != self.new

    @property
    def is_figure(self) -> bool:
        """Whether one figure became another, to be shown as a whole: 1,234 → 1,334."""
        return self.is_change and all(
            not text or _FIGURE.fullmatch(text) for text in (self.old, self.new)
        )


def difference(old: str, new: str) -> Difference:
    return Difference(old, new, tuple(_parts(old, new)))


def differences_within(seconds: float) -> Callable[[str, str], Difference]:
    """A `difference` that compares for `seconds` in all.

    After that it shows the whole old text as removed and the whole new one as added.
    """
    ends = time.monotonic() + seconds

    def compare(old: str, new: str) -> Difference:
        if time.monotonic() < ends:
            return difference(old, new)
        parts = [(PartKind.REMOVED, old), (PartKind.ADDED, new)]
        return Difference(old, new, tuple(TextPart(kind, text) for kind, text in parts if text))

    return compare


def _parts(old: str, new: str) -> Iterable[TextPart]:
    if old == new:
        return [TextPart(PartKind.SAME, new)] if new else []
    # Each cluster as one character, so that no mark is separated from its letter.
    clusters = list(dict.fromkeys(_CLUSTER.findall(old) + _CLUSTER.findall(new)))
    codes = {cluster: chr(_PRIVATE + place) for place, cluster in enumerate(clusters)}
    matcher = diff_match_patch()
    matcher.Diff_Timeout = SECONDS
    operations = matcher.diff_main(*(_encoded(text, codes) for text in (old, new)), False)
    matcher.diff_cleanupSemantic(operations)
    kinds = {-1: PartKind.REMOVED, 0: PartKind.SAME, 1: PartKind.ADDED}
    return [
        TextPart(kinds[operation], "".join(clusters[ord(code) - _PRIVATE] for code in coded))
        for operation, coded in operations
    ]


def _encoded(text: str, codes: dict[str, str]) -> str:
    return "".join(codes[cluster] for cluster in _CLUSTER.findall(text))


# Documents


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A block of a document, or a row of one of its tables; `place` is the heading that it stands below."""

    kind: str
    cells: tuple[str, ...]
    place: str
    sources: tuple[Source | None, ...]

    @property
    def text(self) -> tuple[str, tuple[str, ...]]:
        return self.kind, self.cells


@dataclass(frozen=True, slots=True)
class UnchangedLines:
    """Lines that say the same in both documents."""

    lines: tuple[DocumentLine, ...]
    is_change = False


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A line that differs: cell by cell, or the whole line where it is only in one of the two."""

    kind: PartKind
    line: DocumentLine
    cells: tuple[Difference, ...]
    is_change = True


def document_differences(old: Document, new: Document) -> list[UnchangedLines | ChangedLine]:
    """The lines of both documents, in the order of the document: runs that are unchanged, and each that changed."""
    old_lines, new_lines = list(_lines(old)), list(_lines(new))
    matcher = SequenceMatcher(
        None, [line.text for line in old_lines], [line.text for line in new_lines], autojunk=False
    )
    differences: list[UnchangedLines | ChangedLine] = []
    for operation, i, i_end, j, j_end in matcher.get_opcodes():
        if operation == "equal":
            differences.append(UnchangedLines(tuple(new_lines[j:j_end])))
        else:
            differences += _changes(old_lines[i:i_end], new_lines[j:j_end])
    return differences


def _changes(old: list[DocumentLine], new: list[DocumentLine]) -> Iterator[ChangedLine]:
    """Lines removed and added; a line whose words changed is one line with its differences."""
    done = 0
    for line in new:
        near = range(done, min(done + NEAR, len(old)))
        partner = next((i for i in near if _same_line(old[i], line)), None)
        if partner is None:
            yield _change(PartKind.ADDED, line, [""] * len(line.cells), line.cells)
            continue
        for removed in old[done:partner]:
            yield _change(PartKind.REMOVED, removed, removed.cells, [""] * len(removed.cells))
        yield _change(PartKind.SAME, line, old[partner].cells, line.cells)
        done = partner + 1
    for removed in old[done:]:
        yield _change(PartKind.REMOVED, removed, removed.cells, [""] * len(removed.cells))


def _change(
    kind: PartKind, line: DocumentLine, old: Iterable[str], new: Iterable[str]
) -> ChangedLine:
    return ChangedLine(kind, line, tuple(map(difference, old, new)))


def _same_line(old: DocumentLine, new: DocumentLine) -> bool:
    """Whether two lines that differ are the same one: the row of the same record, or alike in words."""
    if old.kind != new.kind or len(old.cells) != len(new.cells):
        return False
    if old.kind == "row" and any(old.sources) and old.sources == new.sources:
        return True
    matcher = SequenceMatcher(None, "".join(old.cells), "".join(new.cells), autojunk=False)
    return matcher.quick_ratio() > ALIKE and matcher.ratio() > ALIKE


def _lines(document: Document) -> Iterator[DocumentLine]:
    place = ""
    for section in document.sections:
        for number, block in enumerate(section.blocks):
            if isinstance(block, Heading):
                place = section.label if number == 0 and section.label else block.text
            yield from _block_lines(block, place)


def _block_lines(block: Block, place: str) -> Iterator[DocumentLine]:
    if isinstance(block, Table):
        for row in block.rows:
            cells = tuple(cell.text for cell in row.cells)
            yield DocumentLine("row", cells, place, tuple(cell.source for cell in row.cells))
    else:
        yield DocumentLine(_LINE_KINDS[type(block)], (block.text,), place, (block.source,))
