"""Importing a workbook through the forms of the entry pages, which merge, find conflicts and refuse as on the pages.

The same code makes the preview and, under the lock, saves.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from django.core.exceptions import NON_FIELD_ERRORS
from django.db import transaction
from openpyxl.utils import get_column_letter

from evaluations.entry.forms import RecordForm
from evaluations.entry.removal import Removal
from evaluations.entry.scope import EntryScope, withdraw_not_applicable
from evaluations.entry.workbook.deleted_rows import GONE, edited_columns_of_deleted_row
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
    computed_notice,
    quoted,
    why_no_deletion,
)

TO_ADD = f"写して行を追加するときは、「{CODE}」を「{NEW}」にしてください。"
CONTRADICTED = "この解決策と一緒になくなる行を、このブックで変えるか加えています。どちらかを取り消してください。"
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
    `reason` goes into the history. A refused cell keeps out its field, and a new line as a whole; the caller rolls
    back when a conflict is not settled.
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
        self.contradicted: list[Record] = []
        self.numbers: dict[tuple[str, str], list[int]] = defaultdict(list)  # of lines with a code
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
            sheet = sheets[current_sheet.title]
            letters = _letters(current_sheet, sheet)
            place = [*letters].index(CODE)
            for sheet_line in sheet.lines:
                if isinstance(code := sheet_line.cells[place], str):
                    self.numbers[current_sheet.title, fold(code)].append(sheet_line.number)
            for sheet_line in sheet.lines:
                cells = dict(zip(letters, sheet_line.cells, strict=True))
                line = LineOutcome(current_sheet.title, sheet_line.number, cells, letters)
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
        self.contradicted += row_adder.contradicted
        self._drop_contradicted_removals()
        if self.saves:
            dependent_rows = [row for removal in self.removals for row in removal.rows_below]
            for removal in self.removals:
                if removal.row not in dependent_rows:
                    delete_with_reason(removal.row, self.reason)
            withdraw_not_applicable(rows_of_year(self.scope.evaluation))
        if self.blank_count:
            self.outcome.notices.append(LEFT_BLANK.format(self.blank_count))
        self.outcome.notices += computed_notice(self._computed_cells(sheets))
        return self.outcome

    def _read_line(
        self, current_sheet: WorkbookSheet, line: LineOutcome, line_id: str | None, cells, filled
    ) -> None:
        code = cells[CODE]
        if isinstance(code, UnreadableCell):
            line.refuse(CODE, code.reason)
            return
        # Which of them is meant is for the person to say.
        others = [n for n in self.numbers[line.sheet, fold(code)] if n != line.number]
        if others:
            sentence = f"{others[0]}行目と同じ行です。どちらか一つにしてください。"
            sentence += TO_ADD if current_sheet.new_row_line else ""
            line.refuse(CODE, sentence)
            return
        if line_id is None:
            line.refuse(CODE, f"{quoted(code)}という行は、このシートにありません。")
        elif line_id in self.lines:
            self._read_cells(line, self.lines[line_id], cells, filled)
        else:
            for column in edited_columns_of_deleted_row(
                line_id, filled, self.origin, self._this_year
            ):
                line.refuse(column, GONE)

    def _read_cells(self, line: LineOutcome, current_line: WorkbookLine, cells, filled) -> None:
        line.label = current_line.label
        line.revisions = [f"{row.key} {row.revision}" for row in current_line.rows]
        if deletion := filled.pop(DELETION, ""):
            self._remove(line, current_line, deletion)
            return
        for column, cell in filled.items():
            if column not in current_line.answers:
                if column not in current_line.fixed:  # a column only for lines that add a row
                    line.refuse(column, NOT_ASKED)
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
        form, edits = self._form_taking(row, edits)
        changes, conflicts = [], []
        for edit in edits:
            answer, typed_answer = edit.answer, form.typed_answer(edit.answer.fields)
            if typed_answer.conflict:
                key = conflict_key(row, answer)
                conflicts.append((edit, FieldConflict(key, answer.column, typed_answer.conflict)))
            elif not {*answer.fields}.isdisjoint(form.changed_data):
                change = FieldChange(answer.column, typed_answer.stored, typed_answer.typed)
                changes.append((edit, change))
        if not (changes or conflicts):
            return
        if why := self._why_not_edit(row):
            for edit, _ in changes + conflicts:
                edit.refuse(why)
            return
        for edit, change in changes:
            edit.line.changes.append(change)
        for edit, conflict in conflicts:
            edit.line.conflicts.append(conflict)
        if self.saves and form.is_valid() and form.has_changed():
            form.instance._change_reason = self.reason
            form.save()

    def _form_taking(
        self, row: Record, edits: list[CellEdit]
    ) -> tuple[RecordForm | None, list[CellEdit]]:
        """The form of the row with the edits that it takes, and these; the others are refused."""
        while edits:
            form = form_of(
                row,
                edits,
                revisions=self.origin.revisions,
                choices=self.choices,
                targets=self.scope.targets,
            )
            form.is_valid()
            errors = [form.typed_answer(edit.answer.fields).field_errors for edit in edits]
            if not any(errors):
                errors = [form.errors.get(NON_FIELD_ERRORS, ())] * len(edits)
            if not any(errors):
                return form, edits
            for edit, sentences in zip(edits, errors, strict=True):
                edit.refuse(*sentences)
            edits = [edit for edit, wrong in zip(edits, errors, strict=True) if not wrong]
        return None, []

    def _why_not_edit(self, row: Record) -> str:
        above = [removal.row for removal in self.removals if row in removal.rows_below]
        if above:
            self.contradicted += above
            return WITH_APPROACH
        return self.scope.access.why_not_edit_row(row)

    def _remove(self, line: LineOutcome, current_line: WorkbookLine, cell: Cell) -> None:
        row = current_line.removable
        if unclear := why_no_deletion(cell):
            line.refuse(DELETION, unclear)
        elif row is None:
            line.refuse(DELETION, "この行は削除できません。")
        elif why := self.scope.access.why_not_edit(row.owner_ids):
            line.refuse(DELETION, why)
        else:
            line.removal = Removal(row)
            line.revisions.append(line.removal.revisions)
            self.removals.append(line.removal)

    def _drop_contradicted_removals(self) -> None:
        """Keep the rows to which the same workbook does something else: what is meant is for the person to say."""
        for line in self.outcome.lines:
            if line.removal and line.removal.row in self.contradicted:
                self.removals.remove(line.removal)
                line.removal = None
                line.refuse(DELETION, CONTRADICTED)

    def _computed_cells(self, sheets: dict[str, Sheet]) -> Iterator[tuple[str, str]]:
        """Place and text of the cells that are imported and are the result of a formula."""
        for line in self.outcome.lines:
            for field in [*line.changes, *line.conflicts]:
                where = line.address(field.column)
                if where in sheets[line.sheet].computed:
                    yield f"「{line.sheet}」{where}", line.cells[field.column]

    @property
    def _this_year(self) -> str:
        return fiscal_year_name(self.scope.evaluation.fiscal_year)


def _is_new(code: Cell) -> bool:
    return isinstance(code, str) and (not code or fold(code).startswith(NEW))


def _letters(current_sheet: WorkbookSheet, sheet: Sheet) -> dict[str, str]:
    """The letters of the columns by their present names; those that are not read under a name of their own."""
    names = {fold(name): name for name in [CODE, *current_sheet.columns_read]}
    letters = [get_column_letter(place) for place in range(1, len(sheet.columns) + 1)]
    return {
        names.get(fold(name), letter): letter
        for name, letter in zip(sheet.columns, letters, strict=True)
    }
