"""Importing a workbook through the forms of the entry pages, which merge, find conflicts and refuse as on the pages.

The same code makes the preview and, under the lock, saves.
"""

from collections.abc import Mapping

from django.core.exceptions import NON_FIELD_ERRORS
from django.db import transaction

from evaluations.entry.removal import Removal
from evaluations.entry.scope import EntryScope, withdraw_not_applicable
from evaluations.entry.workbook.deleted_rows import refusals_of_deleted_row
from evaluations.entry.workbook.form_data import CellEdit, conflict_key, form_of, read_cell
from evaluations.entry.workbook.new_rows import NOT_ASKED, WITH_APPROACH, RowAdder
from evaluations.entry.workbook.outcome import (
    FieldChange,
    FieldConflict,
    LineOutcome,
    WorkbookOutcome,
)
from evaluations.entry.workbook.sheet_parts import CODE, NEW, WorkbookLine, WorkbookSheet
from evaluations.entry.workbook.sheets import sheets_for
from evaluations.entry.workbook.upload import UploadedWorkbook
from evaluations.years.rows import rows_of_year
from tokku.japanese import fiscal_year_name, fold
from tokku.records import Record, delete_with_reason
from tokku.spreadsheets.sheet import (
    DELETED,
    DELETION,
    Cell,
    Sheet,
    UnreadableCell,
    quoted,
    why_no_deletion,
)

TO_ADD = f"写して行を追加するときは、「{CODE}」を「{NEW}」にしてください。"
LEFT_BLANK = (
    "登録されている内容がある欄で、空のセルが{:,}個あります。空のセルは内容を変えません。"
    f"内容を消すときは、「{DELETED}」と入力してください。"
)


def import_workbook(
    scope: EntryScope,
    uploaded: UploadedWorkbook,
    *,
    choices: Mapping[str, str] | None = None,
    reason: str = "",
    saves: bool = False,
) -> WorkbookOutcome:
    """Import the workbook and return the outcome of each line; without `saves`, a preview that saves nothing.

    `choices` is the page's input on conflicts: for the key of each, the version that was shown and the one to keep.
    `reason` goes into the history. The caller rolls back when a line is refused or a conflict is not settled.
    """
    with transaction.atomic():
        outcome = _Import(scope, uploaded.origin, choices or {}, reason, saves).run(uploaded.sheets)
        if not saves:
            transaction.set_rollback(True)
    return outcome


class _Import:
    def __init__(self, scope, origin, choices, reason, saves) -> None:
        self.scope, self.origin = scope, origin
        self.choices, self.reason, self.saves = choices, reason, saves
        self.outcome = WorkbookOutcome()
        self.edits: dict[str, tuple[Record, list[CellEdit]]] = {}
        self.removals: list[Removal] = []
        self.first_lines: dict[tuple, int] = {}
        self.blank_count = 0

    def run(self, sheets: dict[str, Sheet]) -> WorkbookOutcome:
        current_sheets = [
            current_sheet
            for current_sheet in sheets_for(self.scope)
            if current_sheet.title in sheets
        ]
        self.lines = {
            line.id: line
            for current_sheet in current_sheets
            for line in current_sheet.lines
            if line.id
        }
        new_lines = []
        for current_sheet in current_sheets:
            ids = {
                fold(code): line_id
                for code, line_id in self.origin.ids.get(current_sheet.title, {}).items()
            }
            for number, cells in _lines(current_sheet, sheets[current_sheet.title]):
                line = LineOutcome(current_sheet.title, number)
                filled = {
                    name: cells[name]
                    for name in current_sheet.columns_read
                    if cells.get(name, "") != ""
                }
                line_id = ids.get(fold(cells[CODE])) if isinstance(cells[CODE], str) else None
                if line_id == "" or not filled and line_id is None:
                    continue  # A blank line, or one that is not filled in.
                self.outcome.lines.append(line)
                if _is_new(cells[CODE]):
                    new_lines.append((current_sheet, line, filled))
                else:
                    self._read_line(current_sheet, line, line_id, cells, filled)
        for row, edits in self.edits.values():
            self._type_edits(row, edits)
        removed = [removal.row for removal in self.removals]
        row_adder = RowAdder(
            self.scope,
            self.origin,
            self.outcome,
            removed,
            reason=self.reason,
            saves=self.saves,
        )
        for current_sheet, line, filled in new_lines:
            row_adder.add(current_sheet, line, filled)
        if self.saves:
            dependent_rows = [row for removal in self.removals for row in removal.rows_below]
            for removal in self.removals:
                if removal.row not in dependent_rows:
                    delete_with_reason(removal.row, self.reason)
            withdraw_not_applicable(rows_of_year(self.scope.evaluation))
        if self.blank_count:
            self.outcome.notices.append(LEFT_BLANK.format(self.blank_count))
        return self.outcome

    def _read_line(
        self, current_sheet: WorkbookSheet, line: LineOutcome, line_id: str | None, cells, filled
    ) -> None:
        code = cells[CODE]
        if isinstance(code, UnreadableCell):
            line.refusals.append((CODE, code.reason))
            return
        first_number = self.first_lines.setdefault((line.sheet, fold(code)), line.number)
        if first_number != line.number:
            sentence = f"{first_number}行目と同じ行です。どちらか一つにしてください。"
            sentence += TO_ADD if current_sheet.new_row_line else ""
            line.refusals.append((CODE, sentence))
            return
        if line_id is None:
            line.refusals.append((CODE, f"{quoted(code)}という行は、このシートにありません。"))
        elif line_id in self.lines:
            self._read_cells(line, self.lines[line_id], cells, filled)
        else:
            line.refusals += refusals_of_deleted_row(line_id, filled, self.origin, self._this_year)

    def _read_cells(self, line: LineOutcome, current_line: WorkbookLine, cells, filled) -> None:
        line.label = current_line.label
        line.revisions = [f"{row.key} {row.revision}" for row in current_line.rows]
        if deletion := filled.pop(DELETION, ""):
            self._remove(line, current_line, deletion)
            return
        for column, cell in filled.items():
            if column not in current_line.answers:
                if column not in current_line.fixed:  # a column only for lines that add a row
                    line.refusals.append((column, NOT_ASKED))
                continue
            row, answer = current_line.answers[column]
            if isinstance(cell, str) and answer.is_unchanged(row, cell):
                continue
            if (values := read_cell(line, answer, cell)) is not None:
                _, edits = self.edits.setdefault(row.key, (row, []))
                edits.append(CellEdit(line, answer, values))
        self.blank_count += sum(
            cells.get(column) == "" and answer.cell_value(row) not in (None, "")
            for column, (row, answer) in current_line.answers.items()
        )

    def _type_edits(self, row: Record, edits: list[CellEdit]) -> None:
        """Enter the edits into the row's form, note the outcome in their lines, and save."""
        form = form_of(
            row,
            edits,
            revisions=self.origin.revisions,
            choices=self.choices,
            targets=self.scope.targets,
        )
        is_valid, touched_lines = form.is_valid(), []
        for edit in edits:
            answer, typed_answer = edit.answer, form.typed_answer(edit.answer.fields)
            if typed_answer.field_errors:
                edit.refuse(*typed_answer.field_errors)
            elif typed_answer.conflict:
                conflict = FieldConflict(
                    conflict_key(row, answer), answer.column, typed_answer.conflict
                )
                edit.line.conflicts.append(conflict)
            elif not {*answer.fields}.isdisjoint(form.changed_data):
                edit.line.changes.append(
                    FieldChange(answer.column, typed_answer.stored, typed_answer.typed)
                )
            else:
                continue
            touched_lines.append(edit.line)
        for error in form.errors.get(NON_FIELD_ERRORS, ()):
            edits[0].line.refusals.append(("", error))
        if touched_lines and (why := self._why_not_edit(row)):
            touched_lines[0].refusals.append(("", why))
        elif self.saves and is_valid and form.has_changed():
            form.instance._change_reason = self.reason
            form.save()

    def _why_not_edit(self, row: Record) -> str:
        if any(row in removal.rows_below for removal in self.removals):
            return WITH_APPROACH
        return self.scope.access.why_not_edit_row(row)

    def _remove(self, line: LineOutcome, current_line: WorkbookLine, cell: Cell) -> None:
        row = current_line.removable
        if unclear := why_no_deletion(cell):
            line.refusals.append((DELETION, unclear))
        elif row is None:
            line.refusals.append((DELETION, "この行は削除できません。"))
        elif why := self.scope.access.why_not_edit(row.owner_ids):
            line.refusals.append((DELETION, why))
        else:
            line.removal = Removal(row)
            line.revisions.append(line.removal.revisions)
            self.removals.append(line.removal)

    @property
    def _this_year(self) -> str:
        return fiscal_year_name(self.scope.evaluation.fiscal_year)


def _is_new(code: Cell) -> bool:
    return isinstance(code, str) and (not code or fold(code).startswith(NEW))


def _lines(current_sheet: WorkbookSheet, sheet: Sheet):
    """The number of each line, and its cells by the names of the current columns."""
    names = {fold(name): name for name in [CODE, *current_sheet.columns_read]}
    columns = [names.get(fold(name), "") for name in sheet.columns]
    for line in sheet.lines:
        yield line.number, dict(zip(columns, line.cells, strict=True))
