"""Reading an uploaded workbook: the evaluation that it belongs to, and the columns that are read."""

from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, replace
from typing import Any

from evaluations.entry.scope import EntryScope
from evaluations.entry.workbook.origin import WorkbookOrigin, origin_of, read_origin
from evaluations.entry.workbook.outcome import LineOutcome
from evaluations.entry.workbook.sheet_parts import CODE, WorkbookSheet, title_of
from evaluations.entry.workbook.sheets import sheets_for
from tokku.japanese import fold
from tokku.spreadsheets import entry_book, xlsx
from tokku.spreadsheets.sheet import (
    DELETION,
    MOST_LINES,
    Cell,
    Sheet,
    SheetError,
    SheetLine,
    UnreadableCell,
)

UNKNOWN_ORIGIN = (
    "このブックがいつ作られたものか分からないため、今登録されている内容と比べています。"
    "変わる内容を、よく確かめてください。"
)


SHEETS_MISSING = (
    "入力用の{}枚のシートのうち、{}枚を読み込みました：{}。ほかのシートの内容は変わりません。"
)
LINES_MISSING = (
    "シート「{}」にない行が{}行あります。その内容は変わりません。"
    f"行を削除するときは、「{DELETION}」の列で「{DELETION}」を選んでください。"
)


@dataclass(frozen=True)
class UploadedWorkbook:
    """An uploaded workbook: its sheets by title, blank in the columns that are not read, and its origin.

    `notices` tell the person what was not read.
    """

    sheets: dict[str, Sheet]
    origin: WorkbookOrigin
    notices: list[str]

    def with_lines(self, lines: Iterable[LineOutcome]) -> "UploadedWorkbook":
        """A copy with only these lines."""
        places = {(line.sheet, line.number) for line in lines}
        sheets = {
            title: replace(
                sheet, lines=tuple(line for line in sheet.lines if (title, line.number) in places)
            )
            for title, sheet in self.sheets.items()
        }
        return replace(self, sheets=sheets)

    def as_json(self) -> list[Any]:
        """The workbook as JSON for the page."""

        def cells(line: SheetLine) -> list[Any]:
            return [cell if isinstance(cell, str) else astuple(cell) for cell in line.cells]

        sheets = [
            (
                title,
                sheet.columns,
                [(line.number, cells(line)) for line in sheet.lines],
                [where for where, _ in sheet.computed_cells()],
            )
            for title, sheet in self.sheets.items()
        ]
        return [sheets, astuple(self.origin), self.notices]

    @classmethod
    def from_json(cls, payload: list[Any]) -> "UploadedWorkbook":
        sheets, origin, notices = payload

        def cells(values: list[Any]) -> tuple[Cell, ...]:
            return tuple(
                value if isinstance(value, str) else UnreadableCell(*value) for value in values
            )

        return cls(
            {
                title: Sheet(
                    tuple(columns),
                    tuple(SheetLine(number, cells(values)) for number, values in lines),
                    computed=frozenset(computed),
                )
                for title, columns, lines, computed in sheets
            },
            WorkbookOrigin(*origin),
            notices,
        )


def read_workbook(scope: EntryScope, content: bytes) -> UploadedWorkbook:
    """Read a workbook. Raises SheetError when it cannot be read or belongs to another evaluation or municipality."""
    sheets = xlsx.read_book(content)
    current_sheets = sheets_for(scope)
    origin = read_origin(entry_book.read_origin(sheets))
    if origin:
        _require_same_evaluation(scope, origin)
    else:
        _require_this_year(scope, entry_book.read_title(sheets))
        origin = origin_of(scope.evaluation, None, current_sheets, is_known=False)
    titles = {fold(title): title for title in sheets}
    sheets_read, notices = {}, [] if origin.is_known else [UNKNOWN_ORIGIN]
    for current_sheet in current_sheets:
        title = titles.pop(fold(current_sheet.title), "")
        if title and sheets[title].columns:
            sheets_read[current_sheet.title] = _columns_read(current_sheet, sheets[title])
            notices += _notices(current_sheet, sheets[title])
            if missing := _count_missing(current_sheet.title, sheets[title], origin):
                notices.append(LINES_MISSING.format(current_sheet.title, missing))
    others = [title for key, title in titles.items() if key not in _SHEETS_NOT_READ]
    if others:
        listed = "".join(f"「{title}」" for title in others)
        notices.append(f"次のシートは読み込みません：{listed}")
    if not sheets_read:
        raise SheetError(
            "入力用のシートがありません。この画面からダウンロードしたブックを選んでください。"
        )
    made = [sheet.title for sheet in current_sheets if sheet.title in origin.ids]
    if len(sheets_read) < len(made):
        listed = "".join(f"「{title}」" for title in sheets_read)
        notices.insert(0, SHEETS_MISSING.format(len(made), len(sheets_read), listed))
    if sum(len(sheet.lines) for sheet in sheets_read.values()) > MOST_LINES:
        raise SheetError(f"一度に取り込めるのは{MOST_LINES:,}行までです。分けてください。")
    return UploadedWorkbook(sheets_read, origin, notices)


def _count_missing(title: str, sheet: Sheet, origin: WorkbookOrigin) -> int:
    """How many lines that can be filled in are no longer in the sheet."""
    place = [fold(name) for name in sheet.columns].index(fold(CODE))
    codes = {
        fold(cell) for cell in (line.cells[place] for line in sheet.lines) if isinstance(cell, str)
    }
    return sum(
        bool(line_id) and fold(code) not in codes
        for code, line_id in origin.ids.get(title, {}).items()
    )


_SHEETS_NOT_READ = {fold(entry_book.GUIDE), fold(entry_book.UNSEEN)}


def _require_same_evaluation(scope: EntryScope, origin: WorkbookOrigin) -> None:
    is_others = scope.is_official and origin.municipality != scope.user.municipality_id
    if origin.evaluation != scope.evaluation.pk or is_others:
        raise SheetError(f"{origin.description}のブックです。この画面では取り込めません。")


def _require_this_year(scope: EntryScope, title: str) -> None:
    """Refuse a workbook of another year: codes are unique only within a year and would change other rows."""
    if title and fold(title) != fold(title_of(scope.evaluation)):
        raise SheetError(f"「{title}」です。この画面では取り込めません。")


def _columns_read(current_sheet: WorkbookSheet, sheet: Sheet) -> Sheet:
    names = [fold(name) for name in sheet.columns]
    for name in [CODE, *current_sheet.columns_read]:
        if names.count(fold(name)) > 1:
            raise SheetError(
                f"シート「{current_sheet.title}」に「{name}」という列が2つ以上あります。"
            )
    if fold(CODE) not in names:
        raise SheetError(
            f"シート「{current_sheet.title}」の1行目に「{CODE}」の列がありません。どの行かを決めるために必要です。"
        )
    return sheet.with_columns({fold(name) for name in [CODE, *current_sheet.columns_read]})


def _notices(current_sheet: WorkbookSheet, sheet: Sheet) -> Iterator[str]:
    yield from (f"シート「{current_sheet.title}」：{notice}" for notice in sheet.notices)
    names = {fold(name) for name in sheet.columns}
    if missing := [name for name in current_sheet.columns_read if fold(name) not in names]:
        listed = "".join(f"「{name}」" for name in missing)
        yield f"シート「{current_sheet.title}」に次の列がないため、その内容は変わりません：{listed}"
    known_names = {fold(column.name) for column in current_sheet.columns}
    if others := [name for name in sheet.columns if name and fold(name) not in known_names]:
        listed = "".join(f"「{name}」" for name in others)
        yield f"シート「{current_sheet.title}」の次の列は読み込みません：{listed}"
