"""The workbook that is handed out."""

from evaluations.entry.scope import EntryScope
from evaluations.entry.workbook.origin import origin_of
from evaluations.entry.workbook.sheet_parts import (
    CODE,
    NEW,
    NEW_LINES,
    WorkbookLine,
    WorkbookSheet,
    title_of,
)
from evaluations.entry.workbook.sheets import pages
from tokku.accounts.models import Municipality, Role, User
from tokku.japanese import era_date
from tokku.spreadsheets import entry_book
from tokku.spreadsheets.entry_book import BookCell, EntrySheet, Guide
from tokku.spreadsheets.sheet import DELETED, DELETION

STEPS = (
    "入力するのは、白いセルです。灰色のセルは参考で、書き換えても取り込みません。"
    "前年度の内容は、白いセルに写して直せます。",
    f"空のセルは、登録されている内容を変えません。内容を消すときは、そのセルに「{DELETED}」と入力します。",
    f"行を追加するときは、表の下の「{NEW}」の行に入力します。"
    f"行を削除するときは、「{DELETION}」の列で「{DELETION}」を選びます。",
    "絞り込みや列幅の変更は、そのままできます。並べ替えなどのために「シート保護の解除」をしてもかまいません"
    f"（パスワードはありません）。「{CODE}」の列とシートの名前は、変えないでください。",
    "保存したら、入力の画面の「Excelで入力」から取り込みます。取り込む前に、どこがどう変わるかを確かめられます。",
)


def scope_of(scope: EntryScope, municipality: Municipality | None) -> EntryScope:
    """The desk that a workbook is made for: what a municipality's holds is what its own officials see."""
    if scope.is_official or not municipality:
        return scope
    return EntryScope(User(role=Role.OFFICIAL, municipality=municipality), scope.evaluation)


def workbook_for(scope: EntryScope, municipality: Municipality | None) -> bytes:
    """The workbook of a municipality, or of the zone as a whole. A text that no cell can hold stays out."""
    evaluation, made = scope.evaluation, pages(scope)
    origin = origin_of(evaluation, municipality, made)
    sheets = [_sheet(page, scope) for page in made]
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
            ("状態", f"{state}　{scope.why_not_enter}" if scope.why_not_enter else state),
        ],
        STEPS,
    )


def _sheet(page: WorkbookSheet, scope: EntryScope) -> EntrySheet:
    rows = [_row(page, line, scope) for line in page.lines]
    rows += [_new_row(page, f"{NEW}{n}") for n in range(1, NEW_LINES + 1)] if page.adder else []
    return EntrySheet(page.title, page.columns, rows)


def _row(page: WorkbookSheet, line: WorkbookLine, scope: EntryScope) -> list[BookCell]:
    is_open = {id(row): not scope.access.why_not_edit_row(row) for row in line.rows}
    decimals = line.fixed.get("decimals")
    slots = []
    for column in page.columns:
        if column.name == CODE:
            slots.append(BookCell(line.code))
        elif column.name in line.answers:
            row, answer = line.answers[column.name]
            shown = answer.decimals if decimals is None or answer.decimals is None else decimals
            slots.append(BookCell(answer.say(row), is_open[id(row)], shown, answer.choices))
        elif column.name == DELETION:
            may_be = bool(line.removable) and is_open[id(line.removable)]
            slots.append(BookCell(is_open=may_be, choices=(DELETION,) if may_be else ()))
        else:
            value = line.fixed.get(column.name)
            slots.append(BookCell(value, decimals=None if isinstance(value, str) else decimals))
    return slots


def _new_row(page: WorkbookSheet, code: str) -> list[BookCell]:
    answers = page.adder.answers
    return [
        BookCell(code)
        if column.name == CODE
        else BookCell(is_open=True, choices=answers[column.name].choices)
        if column.name in answers
        else BookCell()
        for column in page.columns
    ]
