"""Lines of the workbook that add a row, through the same forms as on the entry pages."""

from django.db import transaction
from django.utils.functional import cached_property

from evaluations.entry.scope import EntryScope
from evaluations.entry.workbook.cell_values import AnswerColumn, FormValues
from evaluations.entry.workbook.form_data import CellEdit, form_of, read_cell
from evaluations.entry.workbook.origin import WorkbookOrigin
from evaluations.entry.workbook.outcome import FieldChange, LineOutcome, WorkbookOutcome
from evaluations.entry.workbook.sheet_parts import CODE, OWNERS, WorkbookSheet
from tokku.records import Record
from tokku.spreadsheets.sheet import DELETION, Cell, says_delete

NO_CODE = f"「{CODE}」がありません。どの行かを決めるために必要です。"
NOT_ASKED = "この行では入力しない欄です。"
WITH_APPROACH = "このブックで削除する解決策と一緒になくなる行です。どちらかを取り消してください。"
ALREADY_STORED = "{}：同じ内容の行が既に登録されているため、追加しません。"


class RowAdder:
    """Adds rows in the order of their lines.

    `removed` are the rows that the same workbook deletes; `contradicted` are those of them below which it adds one.
    """

    def __init__(
        self,
        scope: EntryScope,
        origin: WorkbookOrigin,
        outcome: WorkbookOutcome,
        removed: list[Record],
        *,
        reason: str,
        saves: bool,
    ) -> None:
        self.scope, self.origin, self.outcome = scope, origin, outcome
        self.removed, self.reason, self.saves = removed, reason, saves
        self.contradicted: list[Record] = []
        self._first_lines: dict[tuple, int] = {}

    def add(self, current_sheet: WorkbookSheet, line: LineOutcome, filled: dict[str, Cell]) -> None:
        filled = {
            column: cell
            for column, cell in filled.items()
            if column != DELETION and not says_delete(cell)
        }
        if not filled:
            return
        if not current_sheet.new_row_line:
            line.refuse(CODE, self.scope.why_not_enter or NO_CODE)
            return
        first_number = self._first_lines.setdefault(
            (line.sheet, *sorted(filled.items(), key=str)), line.number
        )
        if first_number != line.number:
            sentence = f"{first_number}行目と同じ内容です。どちらか一つにしてください。"
            line.refuse("", sentence)
            return
        answers = current_sheet.new_row_line.answers
        filled = self._with_owner(answers, filled)
        typed = {}
        for column, cell in filled.items():
            if column not in answers:
                line.refuse(column, NOT_ASKED)
            elif (values := read_cell(line, answers[column], cell)) is not None:
                typed[column] = values
        for column in current_sheet.new_row_line.required:
            if column not in filled:
                line.refuse(column, f"{column}を選んでください。")
        if line.refusals:
            return
        # A row is added as a whole or not at all: without a cell it would be another row when the workbook comes again.
        with transaction.atomic():
            self._create(current_sheet, line, filled, typed)
            if line.refusals:
                transaction.set_rollback(True)
                line.is_new, line.changes = False, []

    def _with_owner(
        self, answers: dict[str, AnswerColumn], filled: dict[str, Cell]
    ) -> dict[str, Cell]:
        """The cells, with the workbook's municipality as owner unless the line names another."""
        owner_columns = [name for name in OWNERS if name in answers]
        return dict.fromkeys(owner_columns, self._owner) | filled if self._owner else filled

    @cached_property
    def _owner(self) -> str:
        own_municipality = self.scope.user.municipality_id if self.scope.is_official else None
        owner = self.scope.evaluation.authors.filter(
            pk=self.origin.municipality or own_municipality
        ).first()
        return owner.name if owner else ""

    def _create(
        self, current_sheet: WorkbookSheet, line: LineOutcome, filled, typed: dict[str, FormValues]
    ) -> None:
        answers = current_sheet.new_row_line.answers
        form = current_sheet.new_row_line.form(
            {name: v for values in typed.values() for name, v in values.items()}
        )
        form.empty_permitted = (
            False  # The line is filled in, even if only with the initial values of the form.
        )
        columns = {name: column for column, answer in answers.items() for name in answer.fields}
        line.label = f"{current_sheet.title}の追加"
        if not form.is_valid():
            for name, errors in form.errors.items():
                line.refuse(columns.get(name, ""), *errors)
            return
        if (approach := form.parents.get("approach")) in self.removed:
            self.contradicted.append(approach)
            line.refuse("", WITH_APPROACH)
            return
        if form.is_stored:
            self.outcome.notices.append(ALREADY_STORED.format(line.place))
            return
        line.is_new = True
        line.changes = [FieldChange(column, "", cell) for column, cell in filled.items()]
        form.instance._change_reason = self.reason
        if not self.saves:  # A preview is rolled back and needs no history.
            form.instance.skip_history_when_saving = True
        row = form.create()
        line.label = row.label
        remaining = [
            CellEdit(line, answers[column], values)
            for column, values in typed.items()
            if not set(answers[column].fields) & {*form.fields, "approach"}
        ]
        self._type_remaining(row, remaining)

    def _type_remaining(self, row: Record, edits: list[CellEdit]) -> None:
        """Enter the fields that can be filled in only after the row is created."""
        asked_fields = set(row.asked_fields)
        for edit in edits:
            if not asked_fields.issuperset(edit.answer.fields):
                edit.refuse(NOT_ASKED)
        edits = [edit for edit in edits if asked_fields.issuperset(edit.answer.fields)]
        if not edits:
            return
        form = form_of(row, edits, revisions={}, choices={}, targets=self.scope.targets)
        if not form.is_valid():
            for edit in edits:
                edit.refuse(*form.typed_answer(edit.answer.fields).field_errors)
        elif self.saves:
            form.instance._change_reason = self.reason
            form.save()
