"""The text of a Word file as its XML, each element in the order that its schema asks for.

Word refuses a file with the right elements in another order. Lengths are in twips, a twentieth of a
point.
"""

from itertools import pairwise
from math import ceil
from xml.sax.saxutils import escape

from tokku.document.tree import (
    Block,
    Cell,
    CellRole,
    Document,
    Heading,
    ListItem,
    Note,
    Orientation,
    Paragraph,
    Place,
    Table,
)

# Identifiers of the styles in styles.xml.
_STYLES = {Paragraph: "BodyText", ListItem: "Item", Note: "Note"}
_CELL_STYLES = {
    CellRole.TEXT: "CellText",
    CellRole.HEADER: "CellLabel",
    CellRole.FIGURE: "CellFigure",
}

_MM = 1440 / 25.4
# A4, and margins as in the print from the browser. The head and the foot run 8 mm from the edge.
_WIDTHS = {Orientation.PORTRAIT: 210, Orientation.LANDSCAPE: 297}
_HEIGHTS = {Orientation.PORTRAIT: 297, Orientation.LANDSCAPE: 210}
_MARGINS = {Orientation.PORTRAIT: (20, 22, 20, 22), Orientation.LANDSCAPE: (16, 15, 15, 15)}
_EDGE = 8

# Of the text in a cell, as in styles.xml: a character, a line, what is blank on both sides of it.
_CHARACTER, _LINE, _PADDING = 180, 260, 114


def sections(document: Document) -> str:
    """What stands within w:body."""
    parts = []
    for section in document.sections:
        page = _page(section.orientation)
        # The properties of a section stand in its last paragraph, those of the last at the very end.
        end = "" if section is document.sections[-1] else page
        previous = None
        for block, following in pairwise((*section.blocks, None)):
            if not isinstance(block, Table):
                style = _style(block, previous)
                parts.append(_paragraph(style, block.text, "" if following else end))
            else:
                parts.append(_table(block, section.orientation))
                if isinstance(following, Table):  # Word joins tables that touch.
                    parts.append(_paragraph("Gap", ""))
                elif following is None:
                    parts.append(_paragraph("SectionEnd", "", end))
            previous = block
    return "".join(parts) + page


def _page(orientation: Orientation) -> str:
    top, right, bottom, left = _MARGINS[orientation]
    return (
        '<w:sectPr><w:type w:val="nextPage"/>'
        f'<w:pgSz w:w="{_twips(_WIDTHS[orientation])}" w:h="{_twips(_HEIGHTS[orientation])}"'
        f' w:orient="{orientation.value}"/>'
        f'<w:pgMar w:top="{_twips(top)}" w:right="{_twips(right)}" w:bottom="{_twips(bottom)}"'
        f' w:left="{_twips(left)}" w:header="{_twips(_EDGE)}" w:footer="{_twips(_EDGE)}"'
        ' w:gutter="0"/></w:sectPr>'
    )


def _twips(millimetres: int) -> int:
    return round(millimetres * _MM)


def _style(block: Block, previous: Block | None) -> str:
    if isinstance(block, Heading):
        return f"Heading{block.level}"
    if isinstance(block, Paragraph) and isinstance(previous, Heading) and previous.level == 1:
        return "BelowTitle"
    return _STYLES[type(block)]


def _paragraph(style: str, text: str, properties: str = "") -> str:
    run = f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{run}</w:p>'


def _table(table: Table, orientation: Orientation) -> str:
    top, right, bottom, left = _MARGINS[orientation]
    width = _twips(_WIDTHS[orientation] - left - right)
    height = _twips(_HEIGHTS[orientation] - top - bottom)
    grid = table.grid()
    relative = table.widths or (1,) * len(grid[0])
    widths = [max(1, width * part // sum(relative)) for part in relative]
    columns = "".join(f'<w:gridCol w:w="{column}"/>' for column in widths)
    head = table.header_rows
    rows = "".join(
        _row(places, r, widths, height, in_head=r < head) for r, places in enumerate(grid)
    )
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="FormTable"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0000"/></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"
    )


def _row(places: list[Place], r: int, widths: list[int], height: int, *, in_head: bool) -> str:
    """`height` is that of the page: a row stays whole if it fits on one, below a heading."""
    cells, lines = [], 1
    for c, (cell, row, column) in enumerate(places):
        if column == c:
            width = sum(widths[c : c + cell.colspan])
            cells.append(_cell(cell, width, in_head=in_head, is_continued=row < r))
            if cell.rowspan == 1:
                lines = max(lines, _lines(cell, width))
    whole = "<w:cantSplit/>" if lines * _LINE < 0.75 * height else ""
    head = "<w:tblHeader/>" if in_head else ""
    return f"<w:tr><w:trPr>{whole}{head}</w:trPr>{''.join(cells)}</w:tr>"


def _lines(cell: Cell, width: int) -> int:
    """How many lines the text takes at most."""
    in_a_line = max(1, (width - _PADDING) // _CHARACTER)
    return sum(max(1, ceil(len(line) / in_a_line)) for line in cell.text.split("\n"))


def _cell(cell: Cell, width: int, *, in_head: bool, is_continued: bool) -> str:
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/>'
    if cell.colspan > 1:
        properties += f'<w:gridSpan w:val="{cell.colspan}"/>'
    if cell.rowspan > 1:
        properties += "<w:vMerge/>" if is_continued else '<w:vMerge w:val="restart"/>'
    if cell.role is CellRole.HEADER:
        properties += '<w:shd w:val="clear" w:color="auto" w:fill="F2F2F2"/>'
    style = "ColumnLabel" if in_head else _CELL_STYLES[cell.role]
    lines = [""] if is_continued else cell.text.split("\n")
    paragraphs = "".join(_paragraph(style, line) for line in lines)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraphs}</w:tc>"
