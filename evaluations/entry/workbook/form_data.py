"""From cells of the workbook to the form of a row."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import QueryDict

from evaluations.entry.forms import TARGETS, RecordForm, form_for
from evaluations.entry.workbook.cell_values import AnswerColumn, FormValues
from evaluations.entry.workbook.outcome import LineOutcome
from evaluations.models import NumericTarget
from tokku.records import Record
from tokku.spreadsheets.sheet import Cell, UnreadableCell


@dataclass(frozen=True)
class CellEdit:
    """A cell that differs from the stored value, with its form data."""

    line: LineOutcome
    answer: AnswerColumn
    typed: FormValues

    def refuse(self, *sentences: str) -> None:
        self.line.refuse(self.answer.column, *sentences)


def read_cell(line: LineOutcome, answer: AnswerColumn, cell: Cell) -> FormValues | None:
    """The form data for a cell; None when it cannot be read, with the reason added to the line's refusals."""
    try:
        if isinstance(cell, UnreadableCell):
            raise ValueError(cell.reason)
        return answer.form_values(cell)
    except ValueError as error:
        line.refuse(answer.column, str(error))
        return None


def form_of(
    row: Record,
    edits: Iterable[CellEdit],
    *,
    revisions: Mapping[str, int],
    choices: Mapping[str, str],
    targets: Iterable[NumericTarget],
) -> RecordForm:
    """The form of a row, bound to the edits and to the revision that the workbook was made from.

    `choices` is the page's input on conflicts: for the key of each, the version that was shown and the one to keep.
    """
    data, key = QueryDict(mutable=True), row.key
    data[f"{key}-revision"] = str(revisions.get(str(key), row.revision))
    fields = []
    for edit in edits:
        conflict = conflict_key(row, edit.answer)
        for name, values in edit.typed.items():
            data.setlist(f"{key}-{name}", values)
            for suffix in ("conflict", "keep"):
                if f"{conflict}-{suffix}" in choices:
                    data[f"{key}-{name}-{suffix}"] = choices[f"{conflict}-{suffix}"]
            fields.append(name)
    return form_for(row, data, fields, targets if TARGETS in fields else ())


def conflict_key(row: Record, answer: AnswerColumn) -> str:
    return f"{row.key}-{answer.fields[-1]}"
