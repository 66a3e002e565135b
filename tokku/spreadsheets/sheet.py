"""A sheet as it was read: every cell as text, whatever the kind of file. No models."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from openpyxl.utils import get_column_letter

from tokku.japanese import fold

# What a person may send at once. Every figure and text of a zone's whole plan is well below.
MOST_BYTES = 10 * 1024 * 1024
MOST_LINES = 2_000
MOST_CELLS = 100_000
MOST_CHARACTERS = 2_000_000
LONGEST_QUOTED = 40  # characters of a cell that a sentence quotes

# The text of a cell whose stored value is to be deleted, and the name of the column that deletes a row. A blank cell
# changes nothing.
DELETED = "（削除）"
DELETION = "削除"

ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"}


class SheetError(ValueError):
    """Why a file cannot be read at all, as a sentence."""


@dataclass(frozen=True)
class UnreadableCell:
    """A cell that cannot be read, why, as a sentence, and what stands in it, as far as that is known."""

    reason: str
    text: str = ""


NOT_COMPUTED = "数式の計算結果が、ファイルに保存されていません。Excelで開いて保存し直すか、計算した値に置き換えてください。"
COMPUTED = "次のセルは、数式の計算結果を読み取りました：{}"
MOST_NAMED = 20  # cells in a sentence

Cell = str | UnreadableCell


_DELETIONS = {fold(word) for word in (DELETED, DELETION, "はい", "○", "〇")}


def says_delete(cell: Cell) -> bool:
    """Whether a cell says that what is stored there is to be deleted."""
    return isinstance(cell, str) and fold(cell) == fold(DELETED)


def why_no_deletion(cell: Cell) -> str:
    """Why the text of the column 削除 is no request to delete the row; "" when it is one."""
    if not isinstance(cell, str):
        return cell.reason
    if fold(cell) in _DELETIONS:
        return ""
    return f"{quoted(cell)}は読み取れません。行を削除するときだけ「{DELETION}」と入力してください。"


def quoted(value: str) -> str:
    """A cell's text in 「」, for a sentence; only its beginning, when it is long."""
    return f"「{value}」" if len(value) <= LONGEST_QUOTED else f"「{value[:LONGEST_QUOTED]}…」"


@dataclass(frozen=True)
class SheetLine:
    number: int  # as the spreadsheet numbers it; the names of the columns are in line 1
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Sheet:
    columns: tuple[str, ...]
    lines: tuple[SheetLine, ...]
    notices: tuple[str, ...] = ()  # what a person should know of how it was read
    computed: frozenset[str] = (
        frozenset()
    )  # addresses of the cells whose text is the result of a formula

    def with_columns(self, folded_names: Container[str]) -> "Sheet":
        """The sheet with blank cells in all other columns, which keep their places."""
        kept = [fold(name) in folded_names for name in self.columns]
        lines = tuple(
            SheetLine(
                line.number,
                tuple(cell if keep else "" for cell, keep in zip(line.cells, kept, strict=True)),
            )
            for line in self.lines
        )
        return replace(self, lines=lines)

    def computed_cells(self) -> Iterator[tuple[str, str]]:
        """Address and text of each cell that is not blank and the result of a formula."""
        for line in self.lines if self.computed else ():
            for place, cell in enumerate(line.cells, 1):
                if cell and isinstance(cell, str) and address(place, line) in self.computed:
                    yield address(place, line), cell


def address(place: int, line: SheetLine) -> str:
    """B3 for the second cell of line 3."""
    return f"{get_column_letter(place)}{line.number}"


def computed_notice(cells: Iterable[tuple[str, str]]) -> Iterator[str]:
    """The sentence that names the cells whose text is the result of a formula; none where there are none."""
    named = [f"{where}{quoted(text)}" for where, text in cells]
    if named:
        more = f"、ほか{len(named) - MOST_NAMED:,}個" if len(named) > MOST_NAMED else ""
        yield COMPUTED.format("、".join(named[:MOST_NAMED]) + more)


def sheet_of(rows: Iterable[tuple[int, list[Cell]]]) -> Sheet:
    """The sheet of numbered rows, blank ones left out. SheetError when it is too large, or without columns or lines."""
    sheet = sheet_or_empty(rows)
    if sheet.columns and not any(sheet.columns):
        raise SheetError("1行目に列の名前がありません。")
    if not sheet.lines:
        raise SheetError("取り込む行がありません。1行目には列の名前、2行目からは内容を入力します。")
    return sheet


def sheet_or_empty(rows: Iterable[tuple[int, list[Cell]]]) -> Sheet:
    """As `sheet_of`, also where there are no columns or no lines."""
    lines, columns, cells, characters = [], None, 0, 0
    for number, row in rows:
        row = [_tidy(cell) for cell in row]
        while row and row[-1] == "":
            row.pop()
        if columns is None:
            columns = [cell if isinstance(cell, str) else "" for cell in row]
            continue
        if not row:
            continue
        cells += len(row)
        characters += sum(len(cell) for cell in row if isinstance(cell, str))
        if len(lines) == MOST_LINES:
            raise SheetError(f"一度に取り込めるのは{MOST_LINES:,}行までです。分けてください。")
        if cells > MOST_CELLS or characters > MOST_CHARACTERS:
            raise SheetError("表が大きすぎます。行を分けて取り込んでください。")
        lines.append((number, row))
    columns = columns or []
    width = max(len(columns), *(len(row) for _, row in lines), 0)
    return Sheet(
        _padded(columns, width),
        tuple(SheetLine(number, _padded(row, width)) for number, row in lines),
    )


def _tidy(cell: Cell) -> Cell:
    if isinstance(cell, UnreadableCell):
        return cell
    text = cell.strip()
    if text in ERRORS:
        return UnreadableCell(f"「{text}」（計算の誤り）は読み込めません。", text)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _padded(row: Sequence[Cell], width: int) -> tuple[Cell, ...]:
    return (*row, *[""] * (width - len(row)))
