"""Writing the workbook for download."""

from dataclasses import replace

from django.utils import timezone

from evaluations.entry.scope import EntryScope
from evaluations.entry.workbook.cell_values import AnswerColumn
from evaluations.entry.workbook.origin import origin_of
from evaluations.entry.workbook.sheet_parts import (
    CODE,
    NEW,
    NEW_LINES,
    WorkbookLine,
    WorkbookSheet,
    title_of,
)
from evaluations.entry.workbook.sheets import sheets_for
from tokku.accounts.models import Municipality, Role, User
from tokku.figures import DECIMALS
from tokku.japanese import era_date
from tokku.spreadsheets import entry_book
from tokku.spreadsheets.entry_book import BookCell, EntrySheet, Guide, NumberRule
from tokku.spreadsheets.sheet import DELETED, DELETION

STEPS = (
    "入力するのは、白いセルと黄色のセルです。黄色のセルは、提出までに入力が必要です。"
    "前年度の内容は、写して直せます。",
    "実績値には、数字のほか「約88」「88以上」「88（速報値）」「未集計（令和7年12月公表）」「調査なし」とも入力できます。",
    f"空のセルは、登録されている内容を変えません。内容を消すときは、そのセルに「{DELETED}」と入力します。",
    f"行を追加するときは、表の下の「{NEW}」の行に入力します。"
    f"行を削除するときは、「{DELETION}」の列で「{DELETION}」を選びます。",
    "絞り込みや列幅の変更は、そのままできます。並べ替えなどのために「シート保護の解除」をしてもかまいません"
    f"（パスワードはありません）。「{CODE}」の列とシートの名前は、変えないでください。",
    "保存したら、入力の画面の「Excelで入力」から取り込みます。取り込む前に、どこがどう変わるかを確かめられます。",
)


def workbook_scope(scope: EntryScope, municipality: Municipality | None) -> EntryScope:
    """The scope of a workbook: a municipality's workbook holds what its own officials see."""
    if scope.is_official or not municipality:
        return scope
    return EntryScope(User(role=Role.OFFICIAL, municipality=municipality), scope.evaluation)


def workbook_for(scope: EntryScope, municipality: Municipality | None) -> bytes:
    """The workbook of a municipality, or of the zone as a whole. Leaves out texts that are too long for a cell."""
    evaluation, workbook_sheets = scope.evaluation, sheets_for(scope)
    origin = origin_of(evaluation, municipality, workbook_sheets)
    sheets = [_sheet(sheet, scope) for sheet in workbook_sheets]
    return entry_book.write(_guide(scope, municipality), sheets, origin.sign())


def _guide(scope: EntryScope, municipality: Municipality | None) -> Guide:
    evaluation = scope.evaluation
    deadline = era_date(evaluation.deadline) if evaluation.deadline else "未設定"
    submission = (
        municipality and evaluation.submission_set.filter(municipality=municipality).first()
    )
    state = (submission or evaluation).get_state_display()
    return Guide(
        title_of(evaluation),
        [
            ("特区", str(evaluation.zone)),
            ("入力する自治体", str(municipality or "特区全体")),
            ("提出期限", deadline),
            ("ブックを作った日", era_date(timezone.localdate())),
            ("状態", f"{state}　{scope.why_not_enter}" if scope.why_not_enter else state),
        ],
        STEPS,
    )


def _sheet(sheet: WorkbookSheet, scope: EntryScope) -> EntrySheet:
    rows = [_row(sheet, line, scope) for line in sheet.lines]
    rows += (
        [_new_row(sheet, f"{NEW}{n}") for n in range(1, NEW_LINES + 1)]
        if sheet.new_row_line
        else []
    )
    return EntrySheet(sheet.title, sheet.columns, rows)


def _row(sheet: WorkbookSheet, line: WorkbookLine, scope: EntryScope) -> list[BookCell]:
    is_open = {id(row): not scope.access.why_not_edit_row(row) for row in line.rows}
    decimals = line.fixed.get("decimals")
    cells = []
    for column in sheet.columns:
        if column.name == CODE:
            cells.append(BookCell(line.code))
        elif column.name in line.answers:
            row, answer = line.answers[column.name]
            decimals_shown = (
                answer.decimals if decimals is None or answer.decimals is None else decimals
            )
            cells.append(
                BookCell(
                    answer.cell_value(row),
                    is_open[id(row)],
                    decimals_shown,
                    answer.choices,
                    _numbers(answer, line.fixed.get("単位", "")),
                    any(row.is_required(name) for name in answer.fields),
                )
            )
        elif column.name == DELETION:
            is_removable = bool(line.removable) and is_open[id(line.removable)]
            cells.append(
                BookCell(is_open=is_removable, choices=(DELETION,) if is_removable else ())
            )
        else:
            value = line.fixed.get(column.name)
            cells.append(BookCell(value, decimals=None if isinstance(value, str) else decimals))
    return cells


def _numbers(answer: AnswerColumn, unit: str) -> NumberRule | None:
    """What is expected in a cell for a number; the unit of its line may stand behind it."""
    if not (answer.numbers and unit):
        return answer.numbers
    return replace(answer.numbers, patterns=(*answer.numbers.patterns, f"*{unit}"))


def _new_row(sheet: WorkbookSheet, code: str) -> list[BookCell]:
    new_row_line = sheet.new_row_line
    cells = {CODE: BookCell(code)}
    for name, answer in new_row_line.answers.items():
        cells[name] = BookCell(
            is_open=True,
            decimals=None if answer.decimals is None else DECIMALS,
            choices=answer.choices,
            numbers=answer.numbers,
            required_with_line=name in new_row_line.asked,
        )
    return [cells.get(column.name, BookCell()) for column in sheet.columns]
