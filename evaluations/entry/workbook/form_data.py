"""Cells of the workbook as they are typed into the form of a row."""

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
    """A cell that says something else than the record."""

    line: LineOutcome
    answer: AnswerColumn
    typed: FormValues

    def refuse(self, *sentences: str) -> None:
        self.line.refusals += [(self.answer.column, sentence) for sentence in sentences]


def read_cell(line: LineOutcome, answer: AnswerColumn, cell: Cell) -> FormValues | None:
    """What the cell means; None when it means nothing, and the line says why."""
    try:
        if isinstance(cell, UnreadableCell):
            raise ValueError(cell.reason)
        return answer.form_values(cell)
    except ValueError as error:
        line.refusals.append((answer.column, str(error)))
        return None


def form_of(
    row: Record,
    edits: Iterable[CellEdit],
    *,
    revisions: Mapping[str, int],
    choices: Mapping[str, str],
    targets: Iterable[NumericTarget],
) -> RecordForm:
    """The form of a row, with what was typed into the revision that the workbook was made from.

    `choices` are what the page has sent of clashes: under the key of each which version was shown, and which is to stay.
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
