"""What a workbook says otherwise than the records, typed into the entry pages' forms and the revisions it was made from.

So what is merged, in conflict or refused there is so here too. The same code shows it and, under the lock, saves it.
"""

from collections.abc import Mapping

from django.core.exceptions import NON_FIELD_ERRORS
from django.db import transaction

from evaluations.entry.removal import Removal
from evaluations.entry.scope import EntryScope, withdraw_answers
from evaluations.entry.workbook.deleted_rows import why_gone
from evaluations.entry.workbook.form_data import CellEdit, clash_key, form_of, read_cell
from evaluations.entry.workbook.new_rows import NOT_ASKED, WITH_APPROACH, RowAdder
from evaluations.entry.workbook.outcome import (
    FieldChange,
    FieldConflict,
    LineOutcome,
    WorkbookOutcome,
)
from evaluations.entry.workbook.sheet_parts import CODE, NEW, WorkbookLine, WorkbookSheet
from evaluations.entry.workbook.sheets import pages
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
    told,
    why_no_deletion,
)

TO_ADD = f"写して行を追加するときは、「{CODE}」を「{NEW}」にしてください。"
LEFT_BLANK = (
    "登録されている内容がある欄で、空のセルが{:,}個あります。空のセルは内容を変えません。"
    f"内容を消すときは、「{DELETED}」と入力してください。"
)


def take(
    scope: EntryScope,
    returned: UploadedWorkbook,
    *,
    choices: Mapping[str, str] | None = None,
    reason: str = "",
    saves: bool = False,
) -> WorkbookOutcome:
    """What becomes of each line; without `saves` nothing is saved.

    `choices` are what the page has sent: of each clash which version was shown, and which is to stay; `reason` is
    for the history. Where a line is refused or a clash not settled, the caller rolls back what was saved.
    """
    with transaction.atomic():
        outcome = _Import(scope, returned.origin, choices or {}, reason, saves).run(returned.sheets)
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
        self.blanks = 0

    def run(self, sheets: dict[str, Sheet]) -> WorkbookOutcome:
        known = [page for page in pages(self.scope) if page.title in sheets]
        self.lines = {line.id: line for page in known for line in page.lines if line.id}
        new = []
        for page in known:
            ids = {fold(code): one for code, one in self.origin.ids.get(page.title, {}).items()}
            for number, cells in _lines(page, sheets[page.title]):
                line = LineOutcome(page.title, number)
                said = {name: cells[name] for name in page.read if cells.get(name, "") != ""}
                key = ids.get(fold(cells[CODE])) if isinstance(cells[CODE], str) else None
                if key == "" or not said and key is None:
                    continue  # Nothing is filled in there.
                self.outcome.lines.append(line)
                if _is_new(cells[CODE]):
                    new.append((page, line, said))
                else:
                    self._known(page, line, key, cells, said)
        for row, edits in self.edits.values():
            self._type(row, edits)
        removed = [removal.row for removal in self.removals]
        adding = RowAdder(
            self.scope,
            self.origin,
            self.outcome,
            removed,
            reason=self.reason,
            saves=self.saves,
        )
        for page, line, said in new:
            adding.add(page, line, said)
        if self.saves:
            along = [row for removal in self.removals for row in removal.along]
            for removal in self.removals:
                if removal.row not in along:
                    delete_with_reason(removal.row, self.reason)
            withdraw_answers(rows_of_year(self.scope.evaluation))
        if self.blanks:
            self.outcome.notices.append(LEFT_BLANK.format(self.blanks))
        return self.outcome

    def _known(self, page: WorkbookSheet, line: LineOutcome, key: str | None, cells, said) -> None:
        code = cells[CODE]
        if isinstance(code, UnreadableCell):
            line.refusals.append((CODE, code.reason))
            return
        first = self.first_lines.setdefault((line.sheet, fold(code)), line.number)
        if first != line.number:
            sentence = f"{first}行目と同じ行です。どちらか一つにしてください。"
            sentence += TO_ADD if page.adder else ""
            line.refusals.append((CODE, sentence))
            return
        if key is None:
            line.refusals.append((CODE, f"{told(code)}という行は、このシートにありません。"))
        elif key in self.lines:
            self._compare(line, self.lines[key], cells, said)
        else:
            line.refusals += why_gone(key, said, self.origin, self._this_year)

    def _compare(self, line: LineOutcome, known: WorkbookLine, cells, said) -> None:
        line.label = known.label
        line.seen = [f"{row.key} {row.revision}" for row in known.rows]
        if deletion := said.pop(DELETION, ""):
            self._remove(line, known, deletion)
            return
        for column, cell in said.items():
            if column not in known.answers:
                if column not in known.fixed:  # which only a line that adds a row is asked for
                    line.refusals.append((column, NOT_ASKED))
                continue
            row, answer = known.answers[column]
            if isinstance(cell, str) and answer.is_said(row, cell):
                continue
            if (typed := read_cell(line, answer, cell)) is not None:
                _, edits = self.edits.setdefault(row.key, (row, []))
                edits.append(CellEdit(line, answer, typed))
        self.blanks += sum(
            cells.get(column) == "" and answer.say(row) not in (None, "")
            for column, (row, answer) in known.answers.items()
        )

    def _type(self, row: Record, edits: list[CellEdit]) -> None:
        """Into the form of the row, as into the revision that the workbook was made from."""
        form = form_of(
            row,
            edits,
            revisions=self.origin.revisions,
            choices=self.choices,
            targets=self.scope.targets,
        )
        is_valid, touched = form.is_valid(), []
        for edit in edits:
            answer, said = edit.answer, form.answered(edit.answer.fields)
            if said.faults:
                edit.refuse(*said.faults)
            elif said.conflict:
                clash = FieldConflict(clash_key(row, answer), answer.column, said.conflict)
                edit.line.clashes.append(clash)
            elif not {*answer.fields}.isdisjoint(form.changed_data):
                edit.line.changes.append(FieldChange(answer.column, said.stored, said.typed))
            else:
                continue
            touched.append(edit.line)
        for error in form.errors.get(NON_FIELD_ERRORS, ()):
            edits[0].line.refusals.append(("", error))
        if touched and (why := self._why_not(row)):
            touched[0].refusals.append(("", why))
        elif self.saves and is_valid and form.has_changed():
            form.instance._change_reason = self.reason
            form.save()

    def _why_not(self, row: Record) -> str:
        if any(row in removal.along for removal in self.removals):
            return WITH_APPROACH
        return self.scope.access.why_not_edit_row(row)

    def _remove(self, line: LineOutcome, known: WorkbookLine, cell: Cell) -> None:
        row = known.removable
        if unclear := why_no_deletion(cell):
            line.refusals.append((DELETION, unclear))
        elif row is None:
            line.refusals.append((DELETION, "この行は削除できません。"))
        elif why := self.scope.access.why_not_edit(row.owner_ids):
            line.refusals.append((DELETION, why))
        else:
            line.removal = Removal(row)
            line.seen.append(line.removal.seen)
            self.removals.append(line.removal)

    @property
    def _this_year(self) -> str:
        return fiscal_year_name(self.scope.evaluation.fiscal_year)


def _is_new(code: Cell) -> bool:
    return isinstance(code, str) and (not code or fold(code).startswith(NEW))


def _lines(page: WorkbookSheet, sheet: Sheet):
    """The number of each line, and its cells by the names that their columns have here."""
    names = {fold(name): name for name in [CODE, *page.read]}
    columns = [names.get(fold(name), "") for name in sheet.columns]
    for line in sheet.lines:
        yield line.number, dict(zip(columns, line.cells, strict=True))
