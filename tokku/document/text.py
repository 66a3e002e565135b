"""A document as plain text that reads like the printed form, and back.

White space alone carries the structure, so the words of the text are the words of the document:

    heading       one space per level before it
    paragraph     one ideographic space (一字下げ) before it
    list item     two ideographic spaces
    note          three ideographic spaces
    section       a form feed on a line of its own, followed by a space when it is landscape
    table         one block; each row begins with an ideographic space and a tab; tabs between cells;
                  a line feed inside a cell
    cell          " " before a label, "  " before a figure; "　" alone where the cell above reaches
                  down to, "　　" where the cell on the left reaches to

Blocks are separated by a blank line. Any other text can be read as well: its lines become
paragraphs, and lines with tabs become tables.
"""

import re
from collections.abc import Iterator
from itertools import groupby

from tokku.document.tree import (
    MOST_COLUMNS,
    Block,
    Cell,
    CellRole,
    Document,
    Heading,
    ListItem,
    Note,
    Orientation,
    Paragraph,
    Row,
    Section,
    Table,
    clean_line,
    clean_lines,
)

_WIDE = "\u3000"
_ROW = _WIDE + "\t"
_FROM_ABOVE, _FROM_LEFT = _WIDE, _WIDE * 2
_MARKS = {CellRole.TEXT: "", CellRole.HEADER: " ", CellRole.FIGURE: "  "}
_INDENTS = {Paragraph: _WIDE, ListItem: _WIDE * 2, Note: _WIDE * 3}
_PAGE = {Orientation.PORTRAIT: "\f", Orientation.LANDSCAPE: "\f "}


# Writing


def write(document: Document) -> str:
    parts = []
    for number, section in enumerate(document.sections):
        if number or section.orientation is not Orientation.PORTRAIT:
            parts.append(_PAGE[section.orientation])
        parts += map(_write_block, section.blocks)
    return "\n\n".join(parts) + "\n"


def _write_block(block: Block) -> str:
    match block:
        case Heading():
            return " " * block.level + block.text
        case Table():
            return _write_table(block)
        case _:
            return _INDENTS[type(block)] + block.text


def _write_table(table: Table) -> str:
    rows = []
    for r, places in enumerate(table.grid()):
        fields = []
        for c, (cell, row, column) in enumerate(places):
            if row < r:
                fields.append(_FROM_ABOVE)
            elif column < c:
                fields.append(_FROM_LEFT)
            else:
                fields.append(_MARKS[cell.role] + cell.text)
        rows.append(_ROW + "\t".join(fields))
    return "\n".join(rows)


# Reading


def read(text: str) -> Document:
    """The document that `text` holds. ValueError, in Japanese and with the line number, when it holds none."""
    sections: list[tuple[Orientation, list[Block]]] = [(Orientation.PORTRAIT, [])]
    for number, lines in _chunks(text.removeprefix("\ufeff").split("\n")):
        if lines[0] in _PAGE.values():
            orientation = next(o for o, mark in _PAGE.items() if mark == lines[0])
            sections.append((orientation, []))
            number, lines = number + 1, lines[1:]
        for line_number, line in enumerate(lines, number):
            if line.count("\t") > MOST_COLUMNS:
                raise ValueError(f"{line_number}行目：表の列が多すぎます。")
        if lines:
            sections[-1][1].extend(_read_chunk(lines, number))
    if not any(blocks for _, blocks in sections):
        raise ValueError("中身がありません。")
    return Document(tuple(Section(tuple(blocks), o) for o, blocks in sections if blocks))


def _chunks(lines: list[str]) -> list[tuple[int, list[str]]]:
    """Runs of lines between blank ones, each with the number of its first line."""
    lines = [line.rstrip("\r") for line in lines]
    numbered = groupby(enumerate(lines, 1), key=lambda pair: pair[1] == "")
    runs = [list(run) for blank, run in numbered if not blank]
    return [(run[0][0], [line for _, line in run]) for run in runs]


def _read_chunk(lines: list[str], number: int) -> list[Block]:
    if lines[0].startswith(_ROW):
        return [_read_table(lines, number)]
    blocks: list[Block] = []
    for tabbed, run in groupby(enumerate(lines, number), key=lambda pair: "\t" in pair[1]):
        if tabbed:
            blocks.append(_read_rough_table(list(run)))
        else:
            blocks += filter(None, (_read_line(line, line_number) for line_number, line in run))
    return blocks


def _read_line(line: str, number: int) -> Block | None:
    indent = re.match(" *|\u3000*", line)[0]
    text = clean_line(line)
    if not text:
        return None
    if line.startswith(" ") and len(indent) <= 6:
        return Heading(text, level=len(indent), line=number)
    if line.startswith(_WIDE * 3):
        return Note(text, line=number)
    if line.startswith(_WIDE * 2):
        return ListItem(text, line=number)
    return Paragraph(text, line=number)


def _read_table(lines: list[str], number: int) -> Table:
    rows: list[tuple[int, list[str]]] = []
    for line_number, line in enumerate(lines, number):
        if line.startswith(_ROW):
            rows.append((line_number, [line.removeprefix(_ROW)]))
        else:
            rows[-1][1].append(line)
    grid = ["\n".join(row).split("\t") for _, row in rows]
    try:
        return Table(
            tuple(
                Row(tuple(_read_cells(grid, r)), line=line_number)
                for r, (line_number, _) in enumerate(rows)
            )
        )
    except ValueError as error:
        raise ValueError(
            f"{number}行目から始まる表の列がそろっていないか、表が大きすぎます。"
        ) from error


def _read_cells(grid: list[list[str]], r: int) -> Iterator[Cell]:
    for c, field in enumerate(grid[r]):
        if field not in (_FROM_ABOVE, _FROM_LEFT):
            yield _read_cell(grid, r, c)


def _read_cell(grid: list[list[str]], r: int, c: int) -> Cell:
    field = grid[r][c]
    colspan = rowspan = 1
    while c + colspan < len(grid[r]) and grid[r][c + colspan] == _FROM_LEFT:
        colspan += 1
    while (
        r + rowspan < len(grid)
        and c < len(grid[r + rowspan])
        and grid[r + rowspan][c] == _FROM_ABOVE
    ):
        rowspan += 1
    mark = re.match(" {0,2}", field)[0]
    role = next(role for role, prefix in _MARKS.items() if prefix == mark)
    return Cell(clean_lines(field), role, colspan, rowspan)


def _read_rough_table(run: list[tuple[int, str]]) -> Table:
    """A table of lines with tabs, as other programs write them. The last cell of a short row spans the rest."""
    rows = [
        (line_number, [clean_line(field) for field in line.split("\t")])
        for line_number, line in run
    ]
    columns = max(len(fields) for _, fields in rows)
    try:
        return Table(
            tuple(
                Row(
                    (*map(Cell, fields[:-1]), Cell(fields[-1], colspan=columns - len(fields) + 1)),
                    line=line_number,
                )
                for line_number, fields in rows
            )
        )
    except ValueError as error:
        raise ValueError(f"{run[0][0]}行目から始まる表が大きすぎます。") from error
