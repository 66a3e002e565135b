"""What a workbook says otherwise than the records, typed into the entry pages' forms and the revisions it was made from.

So what is merged, in conflict or refused there is so here too. The same code shows it and, under the lock, saves it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import transaction
from django.http import QueryDict
from simple_history.utils import update_change_reason

from evaluations.desk import Desk
from evaluations.form.labels import ALL_TARGETS as EVERY
from evaluations.forms import RecordForm, authors, form_for
from evaluations.items import FIELDS, fields_of, row_key
from evaluations.models import Achievement
from evaluations.removal import Removal
from evaluations.workbook.answers import ALL_TARGETS, TARGETS, Answer, Typed, answer_of
from evaluations.workbook.outcome import Change, Clash, LineOutcome, Outcome
from evaluations.workbook.pages import CODE, NEW, OWNERS, THIS_YEAR, Line, Page
from evaluations.workbook.reading import Returned
from evaluations.workbook.sheets import pages
from tokku.japanese import fiscal_year_name, fold
from tokku.records import Record
from tokku.spreadsheets.sheet import (
    DELETED,
    DELETION,
    Cell,
    Refused,
    Sheet,
    says_delete,
    told,
    why_no_deletion,
)

GONE = (
    "この行は、ブックを作った後に入力欄からなくなりました"
    "（削除されたか、他の自治体の行になったか、回答が要らなくなりました）。"
)
NO_CODE = f"「{CODE}」がありません。どの行かを決めるために必要です。"
NOT_ASKED = "この行では入力しない欄です。"
WITH_APPROACH = "このブックで削除する解決策と一緒になくなる行です。"
LEFT_BLANK = (
    "登録されている内容がある欄で、空のセルが{:,}個あります。空のセルは内容を変えません。"
    f"内容を消すときは、「{DELETED}」と入力してください。"
)
IS_THERE = "{}：同じ内容の行が既に登録されているため、追加しません。"


def take(
    desk: Desk,
    returned: Returned,
    *,
    chosen: Collection[str] = (),
    reason: str = "",
    saves: bool = False,
) -> Outcome:
    """What becomes of each line; without `saves` nothing is saved.

    `chosen` are the keys of those clashes in which the workbook's version is to replace the one that was saved
    since; `reason` is for the history. Where a line is refused, the caller rolls back what was saved.
    """
    with transaction.atomic():
        outcome = _Taking(desk, returned.origin, chosen, reason, saves).run(returned.sheets)
        if not saves:
            transaction.set_rollback(True)
    return outcome


@dataclass(frozen=True)
class _Edit:
    """A cell that says something else than the record."""

    line: LineOutcome
    answer: Answer
    typed: Typed


class _Taking:
    def __init__(self, desk, origin, chosen, reason, saves) -> None:
        self.desk, self.origin = desk, origin
        self.chosen, self.reason, self.saves = chosen, reason, saves
        self.outcome = Outcome()
        self.edits: dict[str, tuple[Record, list[_Edit]]] = {}
        self.removals: list[Removal] = []
        self.first_lines: dict[tuple, int] = {}
        self.blanks = 0

    def run(self, sheets: dict[str, Sheet]) -> Outcome:
        known = [page for page in pages(self.desk) if page.title in sheets]
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
                    self._known(line, key, cells, said)
        for row, edits in self.edits.values():
            self._type(row, edits)
        for page, line, said in new:
            self._add(page, line, said)
        for removal in self.removals if self.saves else ():
            removal.row._change_reason = self.reason
            removal.row.delete()
        if self.saves:
            self.desk.withdraw_answers()
        if self.blanks:
            self.outcome.notices.append(LEFT_BLANK.format(self.blanks))
        return self.outcome

    # Lines of rows that there are

    def _known(self, line: LineOutcome, key: str | None, cells, said) -> None:
        code = cells[CODE]
        if isinstance(code, Refused):
            line.refusals.append((CODE, code.reason))
            return
        first = self.first_lines.setdefault((line.sheet, fold(code)), line.number)
        if first != line.number:
            sentence = f"{first}行目と同じ行です。どちらか一つにしてください。"
            line.refusals.append((CODE, sentence))
            return
        if key is None:
            line.refusals.append((CODE, f"{told(code)}という行は、このシートにありません。"))
        elif key in self.lines:
            self._compare(line, self.lines[key], cells, said)
        else:
            self._gone(line, key, said)

    def _compare(self, line: LineOutcome, known: Line, cells, said) -> None:
        line.label = known.label
        line.seen = [f"{row_key(row)} {row.revision}" for row in known.rows]
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
            if (typed := _read(line, answer, cell)) is not None:
                _, edits = self.edits.setdefault(row_key(row), (row, []))
                edits.append(_Edit(line, answer, typed))
        self.blanks += sum(
            cells.get(column) == "" and answer.say(row) not in (None, "")
            for column, (row, answer) in known.answers.items()
        )

    def _type(self, row: Record, edits: list[_Edit]) -> None:
        """Into the form of the row, as into the revision that the workbook was made from."""
        form = self._form(row, edits)
        is_valid, touched = form.is_valid(), []
        for edit in edits:
            names = edit.answer.fields
            conflict = next(
                (form.conflicts[name] for name in names if name in form.conflicts), None
            )
            errors = [error for name in names for error in form.errors.get(name, ())]
            change = Change(edit.answer.column, *_texts(form, names))
            if errors:
                edit.line.refusals += [(edit.answer.column, error) for error in errors]
            elif conflict:
                edit.line.clashes.append(Clash(_key(row, names), change, conflict))
            elif any(form.cleaned_data.get(name) != form.stored[name] for name in names):
                edit.line.changes.append(change)
            else:
                continue
            touched.append(edit.line)
        for error in form.errors.get(NON_FIELD_ERRORS, ()):
            edits[0].line.refusals.append(("", error))
        if touched and (why := self._why_not(row)):
            touched[0].refusals.append(("", why))
        elif self.saves and is_valid and form.has_changed():
            row._change_reason = self.reason
            form.save()

    def _form(self, row: Record, edits: list[_Edit]) -> RecordForm:
        data, key = QueryDict(mutable=True), row_key(row)
        data[f"{key}-revision"] = str(self.origin.revisions.get(key, row.revision))
        fields = []
        for edit in edits:
            keep = "typed" if _key(row, edit.answer.fields) in self.chosen else "stored"
            for name, values in edit.typed.items():
                data.setlist(f"{key}-{name}", values)
                # What was saved since is shown as it is now; a digest tells whether it still is.
                data[f"{key}-{name}-conflict"] = str(row.revision)
                data[f"{key}-{name}-keep"] = keep
                fields.append(name)
        return form_for(row, data, fields, self.desk.targets if TARGETS in fields else ())

    def _why_not(self, row: Record) -> str:
        approaches = {removal.row.pk for removal in self.removals if removal.achievements}
        if isinstance(row, Achievement) and row.approach_id in approaches:
            return WITH_APPROACH
        return self.desk.reach.why_not_edit_row(row)

    def _remove(self, line: LineOutcome, known: Line, cell: Cell) -> None:
        row = known.removable
        if unclear := why_no_deletion(cell):
            line.refusals.append((DELETION, unclear))
        elif row is None:
            line.refusals.append((DELETION, "この行は削除できません。"))
        elif why := self.desk.reach.why_not_edit(row.owner_ids):
            line.refusals.append((DELETION, why))
        else:
            line.removal = Removal(row)
            line.seen.append(line.removal.seen)
            self.removals.append(line.removal)

    def _gone(self, line: LineOutcome, key: str, said: dict[str, Cell]) -> None:
        """A row that is not there any more says no, unless the line is as it was when the workbook was made."""
        of_row, _, name = key.partition("#")
        label, _, pk = of_row.partition("/")
        model = apps.get_model(label)
        revision = self.origin.revisions.get(of_row)
        version = model.history.filter(id=pk, revision=revision).first()
        was = {}
        for one in [name] if name else FIELDS[model]:
            if version and one not in (TARGETS, ALL_TARGETS):
                answer = answer_of(model, one, THIS_YEAR if name else "")
                column = answer.column if one != "value" else self._this_year
                was[column] = answer, version.instance
        said.pop(DELETION, "")
        for column, cell in said.items():
            if not version:
                line.refusals.append((column, GONE))
            elif column in was:
                answer, row = was[column]
                if not (isinstance(cell, str) and answer.is_said(row, cell)):
                    line.refusals.append((column, GONE))

    @property
    def _this_year(self) -> str:
        return fiscal_year_name(self.desk.evaluation.fiscal_year)

    # Lines that add a row

    def _add(self, page: Page, line: LineOutcome, said: dict[str, Cell]) -> None:
        said = {
            column: cell
            for column, cell in said.items()
            if column != DELETION and not says_delete(cell)
        }
        if not said:
            return
        if not page.adder:
            line.refusals.append((CODE, self.desk.why or NO_CODE))
            return
        first = self.first_lines.setdefault(
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
            elif (read := _read(line, answers[column], cell)) is not None:
                typed[column] = read
        for column in page.adder.required:
            if column not in said:
                line.refusals.append((column, f"{column}を選んでください。"))
        if not line.refusals:
            self._create(page, line, said, typed)

    def _owned(self, answers: dict[str, Answer], said: dict[str, Cell]) -> dict[str, Cell]:
        """A new row is the municipality's whose workbook it is, unless it says another."""
        asked = [name for name in OWNERS if name in answers]
        return dict.fromkeys(asked, self._owner) | said if self._owner else said

    @cached_property
    def _owner(self) -> str:
        own = self.desk.user.municipality_id if self.desk.is_official else None
        owner = authors(self.desk.evaluation).filter(pk=self.origin.municipality or own).first()
        return owner.name if owner else ""

    def _create(self, page: Page, line: LineOutcome, said, typed: dict[str, Typed]) -> None:
        answers = page.adder.answers
        form = page.adder.form({name: v for read in typed.values() for name, v in read.items()})
        form.empty_permitted = False  # The line says something, if only what the form begins with.
        columns = {name: column for column, one in answers.items() for name in one.fields}
        line.label = f"{page.title}の追加"
        if not form.is_valid():
            for name, errors in form.errors.items():
                line.refusals += [(columns.get(name, ""), error) for error in errors]
            return
        if form.of.get("approach") in [removal.row for removal in self.removals]:
            line.refusals.append(("", WITH_APPROACH))
            return
        if form.is_there:
            self.outcome.notices.append(IS_THERE.format(line.place))
            return
        line.is_new = True
        line.changes = [Change(column, "", cell) for column, cell in said.items()]
        form.instance._change_reason = self.reason
        if not self.saves:  # What is rolled back needs no history.
            form.instance.skip_history_when_saving = True
        row = form.create()
        if self.saves and row is not form.instance:
            update_change_reason(row, self.reason)
        rest = [
            _Edit(line, answers[column], read)
            for column, read in typed.items()
            if not set(answers[column].fields) & {*form.fields, "approach"}
        ]
        self._type_rest(row, rest)

    def _type_rest(self, row: Record, rest: list[_Edit]) -> None:
        """What a row can only be asked once it is there."""
        asked = set(fields_of(row))
        for edit in rest:
            if not asked.issuperset(edit.answer.fields):
                edit.line.refusals.append((edit.answer.column, NOT_ASKED))
        rest = [edit for edit in rest if asked.issuperset(edit.answer.fields)]
        if not rest:
            return
        form = self._form(row, rest)
        if not form.is_valid():
            for edit in rest:
                for name in edit.answer.fields:
                    errors = form.errors.get(name, ())
                    edit.line.refusals += [(edit.answer.column, error) for error in errors]
        elif self.saves:
            row._change_reason = self.reason
            form.save()


def _is_new(code: Cell) -> bool:
    return isinstance(code, str) and (not code or fold(code).startswith(NEW))


def _lines(page: Page, sheet: Sheet):
    """The number of each line, and its cells by the names that their columns have here."""
    names = {fold(name): name for name in [CODE, *page.read]}
    columns = [names.get(fold(name), "") for name in sheet.columns]
    for line in sheet.lines:
        yield line.number, dict(zip(columns, line.cells, strict=True))


def _read(line: LineOutcome, answer: Answer, cell: Cell) -> Typed | None:
    """What the cell means; None when it means nothing, and the line says why."""
    try:
        if isinstance(cell, Refused):
            raise ValueError(cell.reason)
        return answer.typed(cell)
    except ValueError as error:
        line.refusals.append((answer.column, str(error)))
        return None


def _texts(form: RecordForm, names: tuple[str, ...]) -> tuple[str, str]:
    """What the record says and what was typed, as people read it."""
    stored = {name: form.stored_texts[name] for name in names}
    typed = {name: form.typed_text(name) for name in names}
    return tuple(EVERY if said.get(ALL_TARGETS) else said[names[-1]] for said in (stored, typed))


def _key(row: Record, names: tuple[str, ...]) -> str:
    return f"{row_key(row)}-{names[-1]}"
