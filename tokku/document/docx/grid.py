"""Make a table whose cells fill a rectangle of rows of cells with Word's marks for merging."""

from dataclasses import dataclass
from typing import NamedTuple

from tokku.document.docx.notices import NoticeKind, Notices
from tokku.document.tree import Cell, CellRole, Row, Table


@dataclass
class WordCell:
    """A cell as Word stores it: one that is merged downwards is repeated in each row that it covers."""

    text: str = ""
    role: CellRole = CellRole.TEXT
    colspan: int = 1
    is_merged: bool = False
    is_continued: bool = False  # from the cell above
    rowspan: int = 1


class WordRow(NamedTuple):
    cells: list[WordCell]
    line: int
    place: str

    @property
    def columns(self) -> int:
        return sum(cell.colspan for cell in self.cells)


def assembled(rows: list[WordRow], notices: Notices) -> Table | None:
    """The table; None when there is no cell. Words in cells that are covered by merging are noted."""
    columns = max((row.columns for row in rows), default=0)
    if not columns:
        return None
    above: dict[int, WordCell] = {}
    table_rows = []
    for row in rows:
        cells = row.cells
        if missing := columns - row.columns:
            notices.note(NoticeKind.RAGGED, row.place)
            cells = [*cells, WordCell(colspan=missing)]
        column, merged, starting = 0, {}, []
        for cell in cells:
            upper = above.get(column)
            if cell.is_continued and upper and upper.colspan == cell.colspan:
                upper.rowspan += 1
                merged[column] = upper
                if cell.text:
                    notices.note(NoticeKind.COVERED, row.place, cell.text)
            else:
                starting.append(cell)
                if cell.is_merged:
                    merged[column] = cell
            column += cell.colspan
        table_rows.append((starting, row.line))
        above = merged
    return Table(
        tuple(
            Row(
                tuple(Cell(cell.text, cell.role, cell.colspan, cell.rowspan) for cell in cells),
                line=line,
            )
            for cells, line in table_rows
        )
    )
