"""A workbook to be filled in: a sheet a kind of record, where only the cells to be filled in are open.

What is fixed is grey and locked, without a password; whoever takes the lock away breaks nothing, because what
comes back is judged by what it says.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from itertools import groupby
from string import ascii_uppercase
from typing import Any

from openpyxl import Workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from tokku.spreadsheets.xlsx import HEADER, LONGEST, fill, half_widths, set_up_print

GUIDE = "はじめに"
# The sheet that nobody sees: what the workbook was made from, and the lists to choose from.
UNSEEN = "出所（変更しない）"
_PART = 30_000  # characters of the origin in a cell, which takes LONGEST of them

GREY = PatternFill("solid", fgColor="E6E6E6")
HEADER_GREY = PatternFill("solid", fgColor="CCCCCC")
# Of cells that must be filled in before the hand-in: those that are, and those that are still blank.
REQUIRED, MISSING = (PatternFill("solid", fgColor=c, bgColor=c) for c in ("FFF8DB", "FFDD80"))
LEGEND = (
    ("白", None, "入力するセル"),
    ("薄い黄", REQUIRED, "提出までに入力が必要なセル（入力済み）"),
    ("濃い黄", MISSING, "提出までに入力が必要で、まだ空のセル（入力すると薄い黄になります）"),
    ("灰", GREY, "参考（書き換えても取り込みません）"),
)
_LINE = Side(style="thin", color="949494")
GRID = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
FONT = "游ゴシック"  # that of Excel in Japanese
PLAIN, NAMES, QUIET = Font(FONT), Font(FONT, bold=True), Font(FONT, color="4D4D4D")
LINE_HEIGHT, TALLEST = 18.75, 409  # points: those of a line of FONT; Excel has no taller rows


@dataclass(frozen=True)
class NumberRule:
    """What is expected in a cell for a number: a number, or a text that fits a pattern of COUNTIF.

    Excel warns with the sentence of anything else, and takes it when the person says so.
    """

    sentence: str  # at most 225 characters, as Excel takes them
    patterns: tuple[str, ...]


@dataclass(frozen=True)
class BookCell:
    """A cell. `decimals` are those shown of a number, `choices` the few values that a text can have.

    One that `is_required` is coloured, and more so while it is blank; one that is `required_with_line` only while
    something else is filled in in its line.
    """

    value: str | int | Decimal | None = None
    is_open: bool = False
    decimals: int | None = None
    choices: tuple[str, ...] = ()
    numbers: NumberRule | None = None
    is_required: bool = False
    required_with_line: bool = False


@dataclass(frozen=True)
class BookColumn:
    name: str
    width: int  # in half-width characters


@dataclass(frozen=True)
class EntrySheet:
    title: str
    columns: tuple[BookColumn, ...]
    rows: Sequence[Sequence[BookCell]]


@dataclass(frozen=True)
class Guide:
    """The first sheet: what the workbook is, and what to do."""

    title: str
    facts: Sequence[tuple[str, str]]
    steps: Sequence[str]


def write(guide: Guide, sheets: Sequence[EntrySheet], origin: str) -> bytes:
    """The workbook. `origin` is what it carries unseen; `read_origin` gives it back."""
    book = Workbook()
    _write_guide(book.active, guide)
    unseen = book.create_sheet(UNSEEN)
    lists = _Lists(unseen)
    for sheet in sheets:
        _write_sheet(book.create_sheet(sheet.title, len(book.worksheets) - 1), sheet, guide, lists)
    for row, start in enumerate(range(0, len(origin), _PART), 1):
        unseen.cell(row, 1, origin[start : start + _PART])
    unseen.sheet_state = "veryHidden"
    unseen.protection.sheet = True
    written = BytesIO()
    book.save(written)
    return written.getvalue()


class _Lists:
    """Values to choose from and patterns, in columns of the hidden sheet: a validation rule itself holds no list."""

    def __init__(self, sheet) -> None:
        self.sheet = sheet
        self.ranges: dict[tuple[str, ...], str] = {}

    def range_of(self, choices: tuple[str, ...]) -> str:
        if choices not in self.ranges:
            column = len(self.ranges) + 2
            for row, choice in enumerate(choices, 1):
                fill(self.sheet.cell(row, column), choice)
            letter = get_column_letter(column)
            self.ranges[choices] = f"'{UNSEEN}'!${letter}$1:${letter}${len(choices)}"
        return self.ranges[choices]


def _write_guide(sheet, guide: Guide) -> None:
    sheet.title = GUIDE
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 16, 96
    rows: list[tuple[Any, Any]] = [(guide.title, None), (None, None), *guide.facts, (None, None)]
    first_colour = len(rows) + 1
    rows += [*((name, text) for name, _, text in LEGEND), (None, None)]
    first_step = len(rows) + 1
    rows += [(f"{number}", step) for number, step in enumerate(guide.steps, 1)]
    for number, (label, text) in enumerate(rows, 1):
        for place, value in enumerate((label, text), 1):
            if value:
                cell = sheet.cell(number, place)
                fill(cell, value)
                cell.font = PLAIN
                cell.alignment = Alignment(vertical="top", wrap_text=place == 2)
        if label and text and number < first_step:
            sheet.cell(number, 1).border = sheet.cell(number, 2).border = GRID
            if number < first_colour:
                sheet.cell(number, 1).fill = HEADER
            elif colour := LEGEND[number - first_colour][1]:
                sheet.cell(number, 1).fill = colour
        if number >= first_step:
            sheet.cell(number, 1).alignment = Alignment(horizontal="right", vertical="top")
            sheet.row_dimensions[number].height = _height([(text, 96)]) + LINE_HEIGHT / 2
    sheet["A1"].font = Font(FONT, bold=True, size=14)
    sheet.sheet_view.showGridLines = False
    sheet.protection.sheet = True
    set_up_print(sheet)
    sheet.print_title_rows = None


def _write_sheet(sheet, content: EntrySheet, guide: Guide, lists: _Lists) -> None:
    open_columns = set()
    cells_to_choose = defaultdict(list)
    places_of_numbers = defaultdict(list)
    required, required_with_line = [], []
    for number, row in enumerate(content.rows, 2):
        for place, slot in enumerate(row, 1):
            cell = sheet.cell(number, place)
            _write_slot(cell, slot)
            if not slot.is_open:
                continue
            open_columns.add(place)
            if slot.choices:
                cells_to_choose[slot.choices].append(cell.coordinate)
            if slot.numbers:
                places_of_numbers[slot.numbers].append((place, number))
            if slot.is_required:
                required.append((place, number))
            if slot.required_with_line:
                required_with_line.append((place, number))
        texts = [
            (slot.value, column.width)
            for slot, column in zip(row, content.columns, strict=True)
            if isinstance(slot.value, str)
        ]
        sheet.row_dimensions[number].height = _height(texts)
    sheet.row_dimensions[1].height = _height(
        [(column.name, column.width) for column in content.columns]
    )
    for place, column in enumerate(content.columns, 1):
        cell = sheet.cell(1, place)
        fill(cell, column.name)
        cell.font, cell.border = NAMES, GRID
        cell.fill = HEADER if place in open_columns else HEADER_GREY
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    for choices, cells in cells_to_choose.items():
        # Not enforced: what people paste over it is checked when the workbook comes back.
        rule = DataValidation("list", formula1=lists.range_of(choices), showErrorMessage=False)
        rule.sqref = " ".join(cells)
        sheet.add_data_validation(rule)
    for numbers, places in places_of_numbers.items():
        for area, cell in _areas(places):
            _expect_numbers(sheet, area, cell, numbers, lists.range_of(numbers.patterns))
    for area, cell in _areas(required):
        _colour_missing(sheet, area, f"LEN(TRIM({cell}))=0")
    for area, cell in _areas(required_with_line):
        row = cell.lstrip(ascii_uppercase)
        line = f"${get_column_letter(min(open_columns))}{row}:${get_column_letter(max(open_columns))}{row}"
        _colour_missing(sheet, area, f"AND(COUNTA({line})>0,LEN(TRIM({cell}))=0)")
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.protection.sheet = True
    for action in ("sort", "autoFilter", "formatCells", "formatColumns", "formatRows"):
        setattr(sheet.protection, action, False)  # which means: not locked
    set_up_print(sheet)
    sheet.page_margins.left = sheet.page_margins.right = 0.4  # inches
    sheet.oddHeader.left.text, sheet.oddHeader.right.text = guide.title, "&A"
    sheet.oddFooter.center.text = "&P／&N"


def _areas(places: Iterable[tuple[int, int]]) -> Iterator[tuple[str, str]]:
    """Each run of cells below each other, and its first cell, to which the formula of a rule refers."""
    rows_by_column = defaultdict(list)
    for column, row in places:
        rows_by_column[get_column_letter(column)].append(row)
    for letter, rows in rows_by_column.items():
        for _, run in groupby(enumerate(rows), lambda numbered: numbered[1] - numbered[0]):
            first, *_, last = [row for _, row in run] * 2
            yield f"{letter}{first}:{letter}{last}", f"{letter}{first}"


def _expect_numbers(sheet, area: str, cell: str, numbers: NumberRule, patterns: str) -> None:
    """Have Excel warn of what is neither a number nor fits a pattern; it can be entered all the same."""
    formula = f"OR(ISNUMBER({cell}),SUMPRODUCT(COUNTIF({cell},{patterns}))>0)"
    rule = DataValidation("custom", formula1=formula, errorStyle="warning", allow_blank=True)
    rule.errorTitle, rule.error = "数値の確認", numbers.sentence
    rule.showErrorMessage = True
    rule.sqref = area
    sheet.add_data_validation(rule)


def _colour_missing(sheet, area: str, formula: str) -> None:
    sheet.conditional_formatting.add(area, FormulaRule([formula], fill=MISSING))


def _height(texts: Sequence[tuple[str, int]]) -> float:
    """The height in points at which wrapped texts show in columns of these widths; nothing adjusts it by itself."""
    lines = [
        sum(-(-half_widths(line) // (width - 2)) or 1 for line in text.split("\n"))
        for text, width in texts
    ]
    return min(LINE_HEIGHT * max(lines, default=1) + 3, TALLEST)


def _write_slot(cell, slot: BookCell) -> None:
    # A text that no cell can hold stays out; a blank cell changes nothing.
    if slot.value not in (None, "") and len(str(slot.value)) <= LONGEST:
        fill(cell, slot.value)
    cell.border, cell.font = GRID, PLAIN if slot.is_open else QUIET
    cell.alignment = Alignment(vertical="top", wrap_text=slot.decimals is None)
    cell.protection = Protection(locked=not slot.is_open)
    if slot.decimals is not None and not isinstance(slot.value, str):
        cell.number_format = _number_format(slot)
    elif slot.is_open:
        cell.number_format = "@"
    if not slot.is_open:
        cell.fill = GREY
    elif slot.is_required:
        cell.fill = REQUIRED


def _number_format(slot: BookCell) -> str:
    """A number with its own digits; where one is to be filled in, as it will be typed."""
    if slot.value in (None, ""):
        return "General" if slot.decimals else "#,##0"
    decimals = -Decimal(slot.value).as_tuple().exponent
    return "#,##0" + ("." + "0" * decimals if decimals > 0 else "")


def read_origin(sheets: dict) -> str:
    """The origin that `write` hid in a workbook, from the sheets of `xlsx.read_book`; "" when there is none."""
    sheet = sheets.get(UNSEEN)
    if not sheet:
        return ""
    parts = [sheet.columns[:1], *(line.cells[:1] for line in sheet.lines)]
    return "".join(cell for part in parts for cell in part if isinstance(cell, str))


def read_title(sheets: dict) -> str:
    """The title in the first sheet (GUIDE) of a workbook; "" without that sheet."""
    sheet = sheets.get(GUIDE)
    return sheet.columns[0] if sheet and sheet.columns else ""
