"""Rows and fields as an entry page shows them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.functional import cached_property

from evaluations.addresses import anchor, page_address
from evaluations.entry.forms import NewRowForm, RecordForm
from evaluations.entry.scope import EntryScope
from evaluations.inspection import InspectedFinding
from evaluations.keys import ItemKey, RowKey
from evaluations.models import Remark
from evaluations.models.row import EntryRow, RowItem
from tokku.document.tree import clean_lines


@dataclass
class DisplayedField:
    """A field of a row as an entry page shows it; `bound` is None where it can only be read."""

    item: RowItem
    bound: Any = None
    last_year: str = ""
    remarks: list[Remark] = field(default_factory=list)
    findings: list[InspectedFinding] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return anchor(self.item.row.key, self.item.field)

    @property
    def _kind(self) -> models.Field:
        return self.item.row._meta.get_field(self.item.field)

    @property
    def is_prose(self) -> bool:
        return isinstance(self._kind, models.TextField)

    @property
    def is_tick(self) -> bool:
        return isinstance(self._kind, models.BooleanField) and not self._kind.choices

    @property
    def has_place_in_form(self) -> bool:
        """Whether the form prints the field itself, and not only something that depends on it."""
        return not self.is_tick and self.item.field not in ("category", "reason")

    @property
    def previous(self) -> str:
        """Last year's answer as a model for a new one; "" for names and relations, which are carried over."""
        if self.item.field.startswith("previous_"):
            return ""  # It is last year's result itself.
        goes_on = (
            self.is_tick or self._kind.many_to_many or isinstance(self._kind, models.CharField)
        )
        return "" if goes_on else self.last_year

    @property
    def may_answer_not_applicable(self) -> bool:
        """Whether the field has a button that enters 該当なし."""
        return bool(self.bound and self.item.may_be_not_applicable and not self.bound.value())

    @property
    def characters(self) -> int:
        """The number of characters as stored, without line ends."""
        text = self.bound.value() if self.bound else self.item.text
        return len(clean_lines(str(text or "")).replace("\n", ""))


@dataclass
class DisplayedRow:
    """A row as an entry page shows it; `form` is None where it can only be read."""

    row: EntryRow
    items: list[RowItem]
    form: RecordForm | None
    scope: EntryScope

    @property
    def key(self) -> RowKey:
        return self.row.key

    @property
    def label(self) -> str:
        return self.row.label

    @cached_property
    def fields(self) -> list[DisplayedField]:
        last_year_values = self.scope.last_year_values(self.row)
        return [
            DisplayedField(
                item,
                bound=self.form[item.field] if self.form else None,
                last_year=last_year_values.get(item.field, ""),
                remarks=self.scope.remarks.get(item.key, []),
                findings=self.scope.findings.get(item.key, []),
            )
            for item in self.items
        ]

    @property
    def remarks(self) -> list[Remark]:
        """The remarks on the row as a whole."""
        return self.scope.remarks.get(ItemKey(self.row.key), [])

    @property
    def findings(self) -> list[InspectedFinding]:
        """The findings on the row as a whole."""
        return self.scope.findings.get(ItemKey(self.row.key), [])

    @property
    def has_findings(self) -> bool:
        return bool(self.findings) or any(field.findings for field in self.fields)

    @property
    def is_first(self) -> bool:
        """Whether it is the first of the person's rows in its list."""
        return self.row == self.scope.lists[self.row.list_key][0]

    @property
    def is_last(self) -> bool:
        return self.row == self.scope.lists[self.row.list_key][-1]

    @property
    def removal(self) -> str:
        """The address of the page that removes the row, or ""."""
        can_be = self.form and self.row.row_kind.is_listed
        return page_address(self.scope.evaluation, "entry-remove", self.key) if can_be else ""


def entries_of(
    scope: EntryScope, part: str, data: Mapping[str, Any] | None = None
) -> list[DisplayedRow]:
    """The rows of a page. The forms of rows in `data` are bound to it."""
    entries = []
    for row in scope.rows_of_page(part):
        items = row.items()
        form = None
        if items and not scope.access.why_not_edit_row(row):
            is_sent = data is not None and f"{row.key}-revision" in data
            form = scope.form(row, data if is_sent else None)
        entries.append(DisplayedRow(row, items, form, scope))
    return entries


def find_form(new_row_forms: list[NewRowForm], form_class: type[NewRowForm]) -> NewRowForm | None:
    return next(
        (new_row_form for new_row_form in new_row_forms if isinstance(new_row_form, form_class)),
        None,
    )
