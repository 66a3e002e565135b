"""What the sheets are made with: a person's rows, codes for lines, and the columns that rows are asked for."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.http import QueryDict
from django.utils.functional import cached_property

from evaluations import catalogue
from evaluations.catalogue.structure import Field
from evaluations.desk import Desk
from evaluations.form.contents import Contents
from evaluations.form.figures import target_number
from evaluations.forms import NewRowForm
from evaluations.keys import TargetKey
from evaluations.models import Approach
from evaluations.workbook.answers import (
    ALL_TARGETS,
    TARGETS,
    Answer,
    Targets,
    Typed,
    answer_of,
    municipality,
)
from evaluations.workbook.pages import LAST_YEAR, OWNERS, THIS_YEAR, Adder, Line
from tokku.accounts.models import Municipality
from tokku.records import Record

PREFIX = "new"  # of the names in the form of a new row


class Maker:
    """For one desk. Codes are counted, so that each workbook has a maker of its own."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._counts: Counter[str] = Counter()
        self._added = {type(adder) for part in ("texts", "supports") for adder in desk.adders(part)}

    @cached_property
    def contents(self) -> Contents:
        return self.desk.loaded.contents

    @cached_property
    def numbers(self) -> dict[TargetKey, str]:
        return {
            key: target_number(indicator, target)
            for key, indicator, target in self.contents.targets()
        }

    @cached_property
    def targets(self) -> Targets:
        return Targets(self.desk.targets, self.numbers)

    @property
    def authors(self) -> list[Municipality]:
        return self.desk.year.authors

    def rows(self, kind: type[Record]) -> list[Any]:
        return [row for row in self.desk.rows if isinstance(row, kind)]

    def number(self, row: Any) -> str:
        return self.numbers[row.target.place]

    def code(self, *parts: Any) -> str:
        """What people know the row of, with its place among those of which that is the same."""
        known = " ".join(str(part) for part in parts)
        self._counts[known] += 1
        return f"{known} {self._counts[known]}"

    def line(self, code: str, *rows: Record, **fixed: Any) -> Line:
        """A line of all the answers that the rows are asked for, and of last year's beside."""
        line = Line(code, str(rows[0].key), rows[0].label, fixed)
        for row in rows:
            before = self.desk.before(row)
            asked = [name for name in row.asked if name != ALL_TARGETS]
            for name in asked:
                answer = self.answer(type(row), name)
                line.answers[answer.column] = row, answer
                line.fixed[f"前年度の{answer.column}"] = before.get(name, "")
        removable = [row for row in rows if row.described.is_listed]
        line.removable = removable[0] if removable else None
        return line

    def asked(self, model: type[Record]) -> list[Field]:
        """The fields that a list of such rows has columns for; 全て is said in the column of the targets."""
        kind = catalogue.kind_of(model)
        # A scheme is of no year.
        fields = (
            kind.fields_of(self.desk.evaluation.fiscal_year) if kind.evaluation else kind.fields
        )
        return [field for field in fields if field.is_entered and field.name != ALL_TARGETS]

    def answers(self, model: type[Record]) -> list[Answer]:
        """Those of the columns."""
        return [self.answer(model, field.name) for field in self.asked(model)]

    def answer(self, kind: type[Record], name: str) -> Answer:
        if name == TARGETS:
            return self.targets.answer(kind, has_all=kind is not Approach)
        return answer_of(kind, name)

    def field_lines(
        self, row: Record, whose: str, last_year: bool = True, **fixed: Any
    ) -> Iterator[Line]:
        """A line for each field of a row, under whose it is and the field's code in the catalogue."""
        before = self.desk.before(row) if last_year else {}
        for name in row.asked:
            answer = answer_of(type(row), name, THIS_YEAR)
            label = row._meta.get_field(name).verbose_name
            yield Line(
                f"{whose} {row.described[name].code}",
                f"{row.key}#{name}",
                f"{row.label}　{label}",
                fixed | {"項目": label, LAST_YEAR: before.get(name, "")},
                {THIS_YEAR: (row, answer)},
            )

    def adder(
        self,
        kind: type[NewRowForm],
        answers: Iterable[Answer],
        *,
        required: tuple[str, ...] = (),
        begins: Typed | None = None,
        **of: Callable[[Typed], Any],
    ) -> Adder | None:
        """For those who may add such rows. What a line leaves out is as it `begins`; the form is told what is `of`."""
        if kind not in self._added:
            return None
        by_column = {answer.column: answer for answer in answers}
        given = {"user": self.desk.user, "evaluation": self.desk.evaluation, "prefix": PREFIX}

        def form(typed: Typed) -> NewRowForm:
            told = {name: value(typed) for name, value in of.items()}
            return kind(_query((begins or {}) | typed), **given, **told)

        owners = tuple(name for name in OWNERS if name in by_column)
        return Adder(by_column, form, required + owners)

    def whose(self) -> list[Answer]:
        """An official's new row is their own municipality's."""
        return [] if self.desk.is_official else [municipality(self.authors)]


def _query(typed: Typed) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(f"{PREFIX}-{name}", values)
    return data
