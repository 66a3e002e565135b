"""Excel workbooks. Text stays text and numbers stay numbers, in both directions."""

import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime, time
from decimal import Decimal
from io import BytesIO
from unicodedata import east_asian_width

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from tokku.spreadsheets.sheet import FORMULA, Cell, Sheet, SheetError, sheet_of

LONGEST = 32_767  # characters in a cell of Excel
NARROWEST, WIDEST = 8, 60  # columns, in half-width characters
MOST_UNPACKED = 100 * 1024 * 1024
MOST_COLUMNS = 200
MOST_BLANK = 10_000  # lines without a word, before the end is taken for reached

HEADER = PatternFill("solid", fgColor="E8F1FE")
THIN = Side(style="thin", color="949494")


def write(title: str, columns: Sequence[str], rows: Sequence[Sequence]) -> bytes:
    """A workbook of one sheet. SheetError when a text is longer than a cell of Excel takes."""
    book = Workbook()
    sheet = book.active
    sheet.title = title[:31]
    for number, row in enumerate([columns, *rows], 1):
        for place, value in enumerate(row, 1):
            if value in (None, ""):
                continue
            _fill(sheet.cell(number, place), value)
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True), HEADER
        cell.border = Border(bottom=THIN)
        cell.alignment = Alignment(vertical="center", wrap_text=True)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    for place, column in enumerate(zip(columns, *rows, strict=True), 1):
        sheet.column_dimensions[get_column_letter(place)].width = _width(column)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9  # A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    sheet.print_title_rows = "1:1"
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _fill(cell, value) -> None:
    cell.alignment = Alignment(vertical="top", wrap_text=isinstance(value, str))
    if not isinstance(value, str):
        cell.value = value
        if isinstance(value, Decimal):
            decimals = max(0, -value.as_tuple().exponent)
            cell.number_format = "#,##0" + ("." + "0" * decimals if decimals else "")
        return
    if len(value) > LONGEST:
        raise SheetError(
            f"{LONGEST:,}文字を超える文章があるため、Excelには書き出せません。CSVで書き出してください。"
        )
    # Also what begins like a formula, here and when a person has opened the cell and left it.
    cell.value = value
    cell.data_type = "s"
    cell.quotePrefix = value[0] in "=+-@'"
    cell.number_format = "@"


def _width(column: Sequence) -> float:
    widest = max(
        (_cells(line) for value in column if value is not None for line in str(value).split("\n")),
        default=0,
    )
    return min(max(widest + 2, NARROWEST), WIDEST)


def _cells(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WFA" else 1 for character in text)


def read(content: bytes) -> Sheet:
    """The first sheet of a workbook. SheetError when it is none."""
    try:
        _inspect(content)
        book = load_workbook(BytesIO(content), read_only=True)
        return sheet_of(_rows(book.worksheets[0]))
    except SheetError:
        raise
    except Exception as error:  # A damaged workbook breaks the reader anywhere, in any way.
        raise SheetError(
            "Excelのブック（.xlsx）として読み取れません。Excelで開いて保存し直すか、CSVで保存してください。"
        ) from error


def _inspect(content: bytes) -> None:
    """Refuse what unpacks to too much, and document types, which the reader of sheets would follow."""
    with zipfile.ZipFile(BytesIO(content)) as packed:
        if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
            raise SheetError("ブックが大きすぎます。不要なシートや図を除いてください。")
        for part in packed.infolist():
            if part.filename.endswith((".xml", ".rels")):
                text = packed.read(part)
                if b"<!DOCTYPE" in text or b"\0" in text:
                    raise SheetError("ブックに使えない宣言（DOCTYPE）が含まれています。")


def _rows(sheet) -> Iterator[tuple[int, list[Cell]]]:
    sheet.reset_dimensions()  # what it says of its size need not be true
    blank = 0
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), 1):
        filled = list(row)
        while filled and filled[-1].value is None:
            filled.pop()
        cells = [_text(cell) for cell in filled]
        blank = 0 if any(cells) else blank + 1
        if blank > MOST_BLANK:
            return
        yield number, cells


def _text(cell) -> Cell:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return FORMULA
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, float):
        return f"{Decimal(repr(value)):f}" if not value.is_integer() else str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return str(value)
