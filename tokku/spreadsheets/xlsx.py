"""Excel workbooks of a list. Text stays text and numbers stay numbers, in both directions."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from decimal import Decimal
from io import BytesIO
from unicodedata import east_asian_width

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries
from openpyxl.utils.escape import unescape
from openpyxl.xml.functions import iterparse

from tokku.japanese import plain, round_half_up
from tokku.spreadsheets.sheet import (
    NOT_COMPUTED,
    Cell,
    Sheet,
    SheetError,
    UnreadableCell,
    sheet_of,
    sheet_or_empty,
)
from tokku.spreadsheets.shown_dates import as_date, format_of, shown

LONGEST = 32_767  # characters in a cell of Excel
NARROWEST, WIDEST = 8, 60  # columns, in half-width characters
MOST_UNPACKED = 20 * 1024 * 1024
MOST_TAGS = 500_000  # a sheet has four for each cell, and as many for each different text
MOST_COLUMNS = 200
MOST_MERGED = 1_000
# Beyond these, the digits of a binary fraction are rounding errors: 0.09999999999999432.
DECIMALS_OF_FRACTIONS = 9
MOST_BLANK = 10_000  # blank lines in a row, after which nothing more is read

MERGED = UnreadableCell(
    "結合されたセルは読み込めません。結合を解除して、それぞれのセルに入力してください。"
)
# How files of Office from before 2007 and files with a password begin, and what the latter contain.
BEFORE_2007 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
WITH_PASSWORD = "EncryptedPackage".encode("utf-16-le")
# Literal parts of a number format: "％" in quotation marks, or a character after a backslash.
AS_IT_STANDS = re.compile(r'"[^"]*"|\\.')
# Commas behind the digits of a number format divide by a thousand each.
IN_THOUSANDS = re.compile(r"[0#?](,+)(?![0#?,])")
# Characters that a file cannot have, but that its escapes (_x0000_) could name.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

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
            fill(sheet.cell(number, place), value)
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True), HEADER
        cell.border = Border(bottom=THIN)
        cell.alignment = Alignment(vertical="center", wrap_text=True)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    for place, column in enumerate(zip(columns, *rows, strict=True), 1):
        sheet.column_dimensions[get_column_letter(place)].width = _width(column)
    set_up_print(sheet)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def set_up_print(sheet) -> None:
    """On A4 across, as wide as the paper, with the names of the columns on every page."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9  # A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    sheet.print_title_rows = "1:1"


def fill(cell, value) -> None:
    """A value into a cell. SheetError when it is a text longer than a cell of Excel takes."""
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
    # As text, also where it begins like a formula, and after a person has opened the cell and left it.
    cell.value = re.sub("_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", value)
    cell.data_type = "s"
    cell.quotePrefix = value[0] in "=+-@'"
    cell.number_format = "@"


def _width(column: Sequence) -> float:
    widest = max(
        (
            half_widths(line)
            for value in column
            if value is not None
            for line in str(value).split("\n")
        ),
        default=0,
    )
    return min(max(widest + 2, NARROWEST), WIDEST)


def half_widths(text: str) -> int:
    """How many half-width characters a line of text is wide."""
    return sum(2 if east_asian_width(character) in "WFA" else 1 for character in text)


def read(content: bytes) -> Sheet:
    """The first visible sheet of a workbook. SheetError when there is none."""
    with _opened(content) as book:
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not visible:
            raise SheetError("表示されているシートがありません。")
        layout = _layout(visible[0])
        sheet = sheet_of(_rows(visible[0], layout))
    return replace(
        sheet,
        notices=(f"シート「{visible[0].title}」を読み込みました。", *_hidden_lines(sheet, layout)),
        computed=layout.computed,
    )


def read_book(content: bytes) -> dict[str, Sheet]:
    """Every sheet of a workbook by its title, hidden ones too; blank ones have no columns."""
    sheets = {}
    with _opened(content) as book:
        for worksheet in book.worksheets:
            layout = _layout(worksheet)
            sheet = sheet_or_empty(_rows(worksheet, layout))
            sheets[worksheet.title] = replace(
                sheet,
                notices=tuple(_hidden_lines(sheet, layout)),
                computed=layout.computed,
            )
    return sheets


def _hidden_lines(sheet: Sheet, layout: "Layout") -> Iterator[str]:
    if hidden := sum(line.number in layout.hidden for line in sheet.lines):
        yield f"非表示の行（絞り込みで隠れた行を含む）も読み込みました：{hidden:,}行"


@contextmanager
def _opened(content: bytes) -> Iterator[Workbook]:
    """The workbook, to be read. SheetError for whatever goes wrong while it is read."""
    try:
        _inspect(content)
        yield load_workbook(BytesIO(content), read_only=True, data_only=True)
    except SheetError:
        raise
    except Exception as error:  # A damaged workbook breaks the reader anywhere, in any way.
        raise SheetError(
            "Excelのブック（.xlsx）として読み取れません。Excelで開いて保存し直すか、CSVで保存してください。"
        ) from error


def _inspect(content: bytes) -> None:
    """Refuse other files, those that unpack to too much, and DOCTYPE declarations, which the reader would follow."""
    if content.startswith(BEFORE_2007):
        raise SheetError(
            "パスワードで保護されたブックは読み込めません。パスワードを解除して保存してください。"
            if WITH_PASSWORD in content
            else "古い形式のExcelブック（.xls）です。「Excelブック（.xlsx）」で保存し直してください。"
        )
    tags = 0
    with zipfile.ZipFile(BytesIO(content)) as packed:
        if "word/document.xml" in packed.namelist():
            raise SheetError("Wordの文書です。Excelのブック（.xlsx）を選んでください。")
        if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
            raise SheetError("ブックが大きすぎます。不要なシートや図を除いてください。")
        for part in packed.infolist():
            if part.filename.endswith((".xml", ".rels")):
                text = packed.read(part)
                tags += text.count(b"<")
                if tags > MOST_TAGS:
                    raise SheetError("ブックが大きすぎます。不要なシートや空の行を除いてください。")
                if b"<!DOCTYPE" in text or b"\0" in text:
                    raise SheetError("ブックに使えない宣言（DOCTYPE）が含まれています。")


@dataclass(frozen=True)
class Layout:
    """What a sheet holds beside its cells."""

    hidden: set[int]  # numbers of rows
    merged: list[tuple[int, int, int, int]]  # first column, first row, last column, last row
    formulas: dict[
        tuple[int, int], str | None
    ]  # by row and column; None where the result is a text

    @property
    def computed(self) -> frozenset[str]:
        return frozenset(f"{get_column_letter(column)}{row}" for row, column in self.formulas)


def _layout(sheet) -> Layout:
    """Read in a pass of its own, because openpyxl leaves it out when it reads rows only."""
    hidden, merged, formulas, formula, number, column = set(), [], {}, None, 0, 0
    with sheet._get_source() as source:
        for _, element in iterparse(source):
            match element.tag.rpartition("}")[2]:
                case "f":
                    formula = f"={element.text or ''}"
                case "c":
                    name = element.get("r")
                    row, column = coordinate_to_tuple(name) if name else (number + 1, column + 1)
                    if formula:
                        is_text = element.get("t") == "str"
                        formulas[row, column], formula = None if is_text else formula, None
                case "row":
                    number, column = int(element.get("r", number + 1)), 0
                    if element.get("hidden") in ("1", "true"):
                        hidden.add(number)
                case "mergeCell":
                    merged.append(range_boundaries(element.get("ref")))
            element.clear()
    if len(merged) > MOST_MERGED:
        raise SheetError("結合されたセルが多すぎます。結合を解除してください。")
    return Layout(hidden, merged, formulas)


def _rows(sheet, layout: Layout) -> Iterator[tuple[int, list[Cell]]]:
    sheet.reset_dimensions()  # what it says of its size need not be true
    blank = width = 0
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), 1):
        filled = list(row)
        while filled and filled[-1].value is None and (number, len(filled)) not in layout.formulas:
            filled.pop()
        cells = [
            _text(cell, layout.formulas.get((number, place)))
            for place, cell in enumerate(filled, 1)
        ]
        if number == 1:
            width = len(cells)
        elif any(cells):
            _refuse_merged(cells, width, number, layout)
        blank = 0 if any(cells) else blank + 1
        if blank > MOST_BLANK:
            return
        yield number, cells


def _refuse_merged(cells: list[Cell], width: int, number: int, layout: Layout) -> None:
    """Make merged cells unreadable: only the first has a value, and it may be meant for any of them."""
    for left, top, right, bottom in layout.merged:
        right = min(right, width)
        if top <= number <= bottom and left <= right:
            cells += [""] * (right - len(cells))
            cells[left - 1 : right] = [MERGED] * (right - left + 1)


def _text(cell, formula: str | None) -> Cell:
    """What a cell shows; of one with a formula, the result that was stored when the workbook was saved."""
    value = cell.value
    if value is None:
        return UnreadableCell(NOT_COMPUTED, formula) if formula else ""
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, int | float):
        number_format = format_of(cell)
        day = as_date(value, number_format, cell.parent.parent.epoch)
        if day is None:
            return _figure(value, _shift(number_format), _decimals(number_format))
        value = day
    if isinstance(value, date | time | timedelta):
        return shown(value, format_of(cell))
    return FORBIDDEN.sub("", unescape(str(value)))


def _shift(number_format: str) -> int:
    """By how many places the decimal point is moved where a number is shown: as ％, or in 千 and 百万."""
    shown = AS_IT_STANDS.sub("", number_format).split(";")[0]
    thousands = IN_THOUSANDS.search(shown)
    return 2 * ("%" in shown) - 3 * len(thousands[1] if thousands else "")


def _decimals(number_format: str) -> int:
    """How many decimals are shown of a number that has no more."""
    shown = AS_IT_STANDS.sub("", number_format).split(";")[0]
    return len(re.search(r"\.(0*)|$", shown)[1] or "")


def _figure(value: int | float, shift: int, decimals: int) -> str:
    """As people see it: 50 where 0.5 is shown as 50％, 168 where 168,000 is shown in 千円, 7.0 where it is.

    Digits that the format hides are kept.
    """
    figure = round_half_up(Decimal(repr(value)).scaleb(shift), DECIMALS_OF_FRACTIONS)
    digits = plain(figure)
    return (
        f"{round_half_up(figure, decimals):f}"
        if len(digits.partition(".")[2]) < decimals
        else digits
    )
