"""Parts that all sheets are made of: a person's rows, lines with their codes, and the columns of rows."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.http import QueryDict
from django.utils.functional import cached_property

from evaluations import catalogue
from evaluations.catalogue.structure import Field
from evaluations.entry.forms import ALL_TARGETS, TARGETS, NewRowForm
from evaluations.entry.scope import EntryScope
from evaluations.entry.workbook.cell_values import (
    AnswerColumn,
    FormValues,
    TargetsColumn,
    answer_column,
)
from evaluations.entry.workbook.sheet_parts import (
    LAST_YEAR,
    OWNERS,
    THIS_YEAR,
    NewRowLine,
    WorkbookLine,
)
from evaluations.form.contents import Contents
from evaluations.form.printed_figures import target_number
from evaluations.keys import TargetKey
from evaluations.models import Approach
from evaluations.models.row import EntryRow
from tokku.accounts.models import Municipality
from tokku.records import Record

PREFIX = "new"  # of the input names in the form of a new row


class SheetMaker:
    """Makes the lines of one workbook. It counts codes, so each workbook needs its own maker."""

    def __init__(self, scope: EntryScope) -> None:
        self.scope = scope
        self._counts: Counter[str] = Counter()
        self._added = {
            type(new_row_line)
            for part in catalogue.PAGES
            for new_row_line in scope.new_row_forms(part)
        }

    @cached_property
    def contents(self) -> Contents:
        return self.scope.loaded.contents

    @cached_property
    def numbers(self) -> dict[TargetKey, str]:
        return {
            key: target_number(indicator, target)
            for key, indicator, target in self.contents.targets()
        }

    @cached_property
    def targets(self) -> TargetsColumn:
        return TargetsColumn(self.scope.targets, self.numbers)

    @property
    def authors(self) -> list[Municipality]:
        return self.scope.year.authors

    def rows(self, kind: type[Record]) -> list[Any]:
        return [row for row in self.scope.rows if isinstance(row, kind)]

    def number(self, row: Any) -> str:
        return self.numbers[row.target.place]

    def line(self, code_stem: str, row: EntryRow, fixed: dict[str, Any]) -> WorkbookLine:
        """A line with all answers that the form asks for at the row's place, and last year's values beside them.

        Its code is `code_stem` and a running number among the lines with the same stem.
        """
        self._counts[code_stem] += 1
        removable = row if row.row_kind.is_listed else None
        line = WorkbookLine(
            f"{code_stem} {self._counts[code_stem]}", str(row.key), row.label, fixed, {}, removable
        )
        last_year_values = self.scope.last_year_values(row)
        for name in row.asked_fields:
            if name != ALL_TARGETS:
                answer = self.answer(type(row), name)
                line.answers[answer.column] = row, answer
                line.fixed[f"前年度の{answer.column}"] = last_year_values.get(name, "")
        return line

    def fields_asked_of(self, model: type[Record]) -> list[Field]:
        """The fields that have a column in a list of such rows. 全て is written in the column of the targets."""
        fields = catalogue.kind_of(model).fields_of(self.scope.evaluation.fiscal_year)
        return [field for field in fields if field.is_entered and field.name != ALL_TARGETS]

    def answers(self, model: type[Record]) -> list[AnswerColumn]:
        """The columns of `fields_asked_of`."""
        return [self.answer(model, field.name) for field in self.fields_asked_of(model)]

    def answer(self, model: type[Record], name: str) -> AnswerColumn:
        if name == TARGETS:
            return self.targets.answer(model, has_all=model is not Approach)
        return answer_column(model, name)

    def field_lines(
        self,
        model: type[EntryRow],
        code_stem: Callable[[Any], str],
        **fixed_columns: Callable[[Any], str],
    ) -> Iterator[WorkbookLine]:
        """A line for each field of each row; its code is `code_stem` and the field's code in the catalogue."""
        for row in self.rows(model):
            last_year_values = self.scope.last_year_values(row)
            fixed = {column: say(row) for column, say in fixed_columns.items()}
            for name in row.asked_fields:
                answer = answer_column(model, name, THIS_YEAR)
                label = row.field_label(name)
                yield WorkbookLine(
                    f"{code_stem(row)} {row.row_kind[name].code}",
                    f"{row.key}#{name}",
                    f"{row.label}　{label}",
                    fixed | {"項目": label, LAST_YEAR: last_year_values.get(name, "")},
                    {THIS_YEAR: (row, answer)},
                )

    def new_row_line(
        self,
        form_class: type[NewRowForm],
        answers: Iterable[AnswerColumn],
        *,
        required: tuple[str, ...] = (),
        defaults: FormValues | None = None,
        **arguments: Callable[[FormValues], Any],
    ) -> NewRowLine | None:
        """The line that adds a row; None for people who may not add such rows.

        `defaults` fill what a line leaves out; `arguments` compute further arguments of the form from its data.
        """
        if form_class not in self._added:
            return None
        # A row added by an official belongs to their municipality.
        given_fields = ("municipality",) if self.scope.is_official else ()
        by_column = {answer.column: answer for answer in answers if answer.fields != given_fields}
        common = {"user": self.scope.user, "evaluation": self.scope.evaluation, "prefix": PREFIX}

        def form(typed: FormValues) -> NewRowForm:
            values = {name: value(typed) for name, value in arguments.items()}
            return form_class(_query((defaults or {}) | typed), **common, **values)

        owners = tuple(name for name in OWNERS if name in by_column)
        kind = catalogue.kind_of(form_class._meta.model)
        names = {name for name, field in form_class.base_fields.items() if field.required}
        names |= {field.name for field in kind.fields if field.is_entered and field.is_required}
        names -= (defaults or {}).keys()
        asked = {column for column, answer in by_column.items() if names & {*answer.fields}}
        # Without an owner, a row belongs to the workbook's municipality.
        asked |= {*required, *(() if self.scope.is_official else owners)}
        return NewRowLine(by_column, form, required + owners, frozenset(asked))


def _query(typed: FormValues) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(f"{PREFIX}-{name}", values)
    return data
