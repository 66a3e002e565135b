"""Lines of the workbook that add a row, through the forms that add rows on the entry pages."""

from django.utils.functional import cached_property
from simple_history.utils import update_change_reason

from evaluations.entry.scope import EntryScope
from evaluations.entry.workbook.cell_values import AnswerColumn, Typed
from evaluations.entry.workbook.form_data import CellEdit, form_of, read_cell
from evaluations.entry.workbook.origin import WorkbookOrigin
from evaluations.entry.workbook.outcome import FieldChange, LineOutcome, WorkbookOutcome
from evaluations.entry.workbook.sheet_parts import CODE, OWNERS, WorkbookSheet
from tokku.records import Record
from tokku.spreadsheets.sheet import DELETION, Cell, says_delete

NO_CODE = f"「{CODE}」がありません。どの行かを決めるために必要です。"
NOT_ASKED = "この行では入力しない欄です。"
WITH_APPROACH = "このブックで削除する解決策と一緒になくなる行です。"
IS_THERE = "{}：同じ内容の行が既に登録されているため、追加しません。"


class RowAdder:
    """Adds rows, each after those of the lines before it. `removed` are the rows that the workbook takes out."""

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
        self._first_lines: dict[tuple, int] = {}

    def add(self, page: WorkbookSheet, line: LineOutcome, said: dict[str, Cell]) -> None:
        said = {
            column: cell
            for column, cell in said.items()
            if column != DELETION and not says_delete(cell)
        }
        if not said:
            return
        if not page.adder:
            line.refusals.append((CODE, self.scope.why_not_enter or NO_CODE))
            return
        first = self._first_lines.setdefault(
            (line.sheet, *sorted(said.items(), key=str)), line.number
        )
        if first != line.number:
            sentence = f"{first}行目と同じ内容です。どちらか一つにしてください。"
            line.refusals.append(("", sentence))
            return
        answers = page.adder.answers
        said = self._owned(answers, said)
        typed = {}
        for column, cell in said.items():
            if column not in answers:
                line.refusals.append((column, NOT_ASKED))
            elif (read := read_cell(line, answers[column], cell)) is not None:
                typed[column] = read
        for column in page.adder.required:
            if column not in said:
                line.refusals.append((column, f"{column}を選んでください。"))
        if not line.refusals:
            self._create(page, line, said, typed)

    def _owned(self, answers: dict[str, AnswerColumn], said: dict[str, Cell]) -> dict[str, Cell]:
        """A new row is the municipality's whose workbook it is, unless it says another."""
        asked = [name for name in OWNERS if name in answers]
        return dict.fromkeys(asked, self._owner) | said if self._owner else said

    @cached_property
    def _owner(self) -> str:
        own = self.scope.user.municipality_id if self.scope.is_official else None
        owner = self.scope.evaluation.zone.authors.filter(
            pk=self.origin.municipality or own
        ).first()
        return owner.name if owner else ""

    def _create(
        self, page: WorkbookSheet, line: LineOutcome, said, typed: dict[str, Typed]
    ) -> None:
        answers = page.adder.answers
        form = page.adder.form({name: v for read in typed.values() for name, v in read.items()})
        form.empty_permitted = False  # The line says something, if only what the form begins with.
        columns = {name: column for column, one in answers.items() for name in one.fields}
        line.label = f"{page.title}の追加"
        if not form.is_valid():
            for name, errors in form.errors.items():
                line.refusals += [(columns.get(name, ""), error) for error in errors]
            return
        if form.of.get("approach") in self.removed:
            line.refusals.append(("", WITH_APPROACH))
            return
        if form.is_there:
            self.outcome.notices.append(IS_THERE.format(line.place))
            return
        line.is_new = True
        line.changes = [FieldChange(column, "", cell) for column, cell in said.items()]
        form.instance._change_reason = self.reason
        if not self.saves:  # What is rolled back needs no history.
            form.instance.skip_history_when_saving = True
        row = form.create()
        line.label = row.label
        if self.saves and row is not form.instance:
            update_change_reason(row, self.reason)
        rest = [
            CellEdit(line, answers[column], read)
            for column, read in typed.items()
            if not set(answers[column].fields) & {*form.fields, "approach"}
        ]
        self._type_rest(row, rest)

    def _type_rest(self, row: Record, rest: list[CellEdit]) -> None:
        """What a row can only be asked once it is there."""
        asked = set(row.asked_fields)
        for edit in rest:
            if not asked.issuperset(edit.answer.fields):
                edit.refuse(NOT_ASKED)
        rest = [edit for edit in rest if asked.issuperset(edit.answer.fields)]
        if not rest:
            return
        form = form_of(row, rest, revisions={}, choices={}, targets=self.scope.targets)
        if not form.is_valid():
            for edit in rest:
                edit.refuse(*form.answered(edit.answer.fields).faults)
        elif self.saves:
            form.instance._change_reason = self.reason
            form.save()
