"""The tree: a document of sections of blocks. Plain values that never change.

Text in a tree is clean: no white space at either end, no control characters, one line (cells
may have several). `clean_line` and `clean_lines` make any text so; a tree refuses text that is not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

# What a line cannot hold: C0 and C1 controls, line and paragraph separators, and what XML refuses
# (Word and PDF would lose it): surrogates and noncharacters.
_NOT_IN_A_LINE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF))
    + "]"
)
_LINE_ENDS = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")

# Far beyond what is printed, so that a forged span cannot eat the memory.
MOST_COLUMNS = 200
MOST_ROWS = 5_000


def clean_line(text: str) -> str:
    """`text` as one clean line; what a line cannot hold becomes a space."""
    return _NOT_IN_A_LINE.sub(" ", text).strip()


def clean_lines(text: str) -> str:
    """`text` as clean lines joined by line feeds, without blank ones."""
    lines = (clean_line(line) for line in _LINE_ENDS.split(text))
    return "\n".join(line for line in lines if line)


def _is_clean_line(text: str) -> bool:
    """Whether `text` is what clean_line makes of it, and not blank; found out without a copy of it."""
    return bool(text) and not _NOT_IN_A_LINE.search(text) and text == text.strip()


def _require_line(text: str) -> None:
    if not _is_clean_line(text):
        raise ValueError(f"not a clean line: {text!r}")


@dataclass(frozen=True, slots=True)
class Source:
    """Where printed words come from: a record by its natural key, and its field.

    Keys hold no row number of a database, so that a sealed document can be read for ever:
    `Source("target/1-2/2023", "self_assessment")`.
    """

    record: str
    field: str

    def __post_init__(self) -> None:
        _require_line(self.record)
        _require_line(self.field)


class Orientation(StrEnum):
    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


class CellRole(StrEnum):
    """What a cell is: a label of its row or column, a figure (set to the right), or text."""

    TEXT = "text"
    HEADER = "header"
    FIGURE = "figure"


@dataclass(frozen=True, slots=True)
class _Line:
    """A block of one line. Provenance says nothing about what is printed, so it is not compared."""

    text: str
    source: Source | None = field(default=None, compare=False, kw_only=True)
    line: int | None = field(
        default=None, compare=False, kw_only=True
    )  # in the file it was read from

    def __post_init__(self) -> None:
        _require_line(self.text)

    def words(self) -> Iterator[str]:
        yield self.text


@dataclass(frozen=True, slots=True)
class Heading(_Line):
    level: int = field(default=1, kw_only=True)  # 1 to 6

    def __post_init__(self) -> None:
        _Line.__post_init__(self)
        if not 1 <= self.level <= 6:
            raise ValueError(f"heading level {self.level}")


@dataclass(frozen=True, slots=True)
class Paragraph(_Line):
    pass


@dataclass(frozen=True, slots=True)
class ListItem(_Line):
    """An item of a list, with its mark (・) as part of the text."""


@dataclass(frozen=True, slots=True)
class Note(_Line):
    """A remark in small print below a table, with its mark (※) as part of the text."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with its upper left corner here; lines of its text are joined by line feeds."""

    text: str = ""
    role: CellRole = CellRole.TEXT
    colspan: int = 1
    rowspan: int = 1
    source: Source | None = field(default=None, compare=False, kw_only=True)

    def __post_init__(self) -> None:
        if self.text != "" and not all(map(_is_clean_line, str.split(self.text, "\n"))):
            raise ValueError(f"not clean lines: {self.text!r}")
        if self.colspan < 1 or self.rowspan < 1:
            raise ValueError("a cell spans at least one column and one row")


class Place(NamedTuple):
    """A cell and where its upper left corner is."""

    cell: Cell
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Row:
    cells: tuple[Cell, ...]
    line: int | None = field(default=None, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows whose cells, with their spans, fill a rectangle.

    `widths`, one per column or none at all, are relative and, like all layout, not part of what
    the table says.
    """

    rows: tuple[Row, ...]
    widths: tuple[int, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        if not self.rows or not self.rows[0].cells:
            raise ValueError("a table has at least one cell")
        columns = len(self.grid()[0])
        if self.widths and (len(self.widths) != columns or min(self.widths) < 1):
            raise ValueError(f"widths {self.widths} of a table with {columns} columns")

    def grid(self) -> list[list[Place]]:
        """What covers each place of the table. ValueError unless the cells fill a rectangle."""
        columns = sum(cell.colspan for cell in self.rows[0].cells)
        if columns > MOST_COLUMNS or len(self.rows) > MOST_ROWS:
            raise ValueError("a table is too large")
        grid: list[list[Place | None]] = [[None] * columns for _ in self.rows]
        for r, row in enumerate(self.rows):
            free = 0
            for cell in row.cells:
                while free < columns and grid[r][free] is not None:
                    free += 1
                if free + cell.colspan > columns or r + cell.rowspan > len(grid):
                    raise ValueError("a cell reaches beyond its table")
                place = Place(cell, r, free)
                for down in range(cell.rowspan):
                    for across in range(cell.colspan):
                        if grid[r + down][free + across] is not None:
                            raise ValueError("two cells of a table overlap")
                        grid[r + down][free + across] = place
                free += cell.colspan
            if None in grid[r]:
                raise ValueError("a row of a table is too short")
        return grid

    @property
    def header_rows(self) -> int:
        """How many rows at the top are labels only; they are repeated on each page."""
        count = 0
        for row in self.rows:
            if any(cell.role is not CellRole.HEADER or cell.rowspan > 1 for cell in row.cells):
                break
            count += 1
        return count if count < len(self.rows) else 0

    def words(self) -> Iterator[str]:
        for row in self.rows:
            for cell in row.cells:
                yield from cell.text.split("\n")


Block = Heading | Paragraph | ListItem | Note | Table


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks that begin on a new page of one orientation.

    `label` names the section in a table of contents; it is not printed and not compared.
    """

    blocks: tuple[Block, ...]
    orientation: Orientation = Orientation.PORTRAIT
    label: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if not self.blocks:
            raise ValueError("a section has at least one block")
        if self.label != "":
            _require_line(self.label)


@dataclass(frozen=True, slots=True)
class Document:
    sections: tuple[Section, ...]

    def __post_init__(self) -> None:
        if not self.sections:
            raise ValueError("a document has at least one section")

    @property
    def blocks(self) -> Iterator[Block]:
        for section in self.sections:
            yield from section.blocks

    @property
    def title(self) -> str:
        """The first heading, or the first words where there is none."""
        for block in self.blocks:
            if isinstance(block, Heading):
                return block.text
        return next(self.words(), "")

    def words(self) -> Iterator[str]:
        """Everything that is printed, line by line and in order: the same in every medium."""
        for block in self.blocks:
            yield from (text for text in block.words() if text)
