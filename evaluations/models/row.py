"""The base of rows that are filled in for a year: label, identity, place, required fields, texts.

What its fields are is in the catalogue.

A new kind of row is a model of this base, an entry in the catalogue and a module of the form.
"""

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.functional import cached_property

from evaluations import catalogue
from evaluations.catalogue.structure import Excuse, RowKind
from evaluations.keys import ItemKey, RowKey
from tokku.records import Record, as_text


class EntryQuerySet(models.QuerySet):
    def of_years(self, evaluations: Collection[Any]) -> Iterable["EntryRow"]:
        """The rows of these evaluations with their relations, by position where they have one."""
        path_to_evaluation, options = catalogue.kind_of(self.model).evaluation, self.model._meta
        rows = self.filter(**{f"{path_to_evaluation}__in": evaluations})
        for name in ("municipality", "scheme"):
            if any(field.name == name for field in options.fields):
                rows = rows.select_related(name)
        if any(field.name == "position" for field in options.fields):
            rows = rows.order_by("position", "pk")
        return rows.prefetch_related(*(field.name for field in options.many_to_many))


@dataclass(frozen=True)
class RowItem:
    """One field of one row. `text` is its value as people read it; "" when not entered."""

    row: "EntryRow"
    field: str
    text: str

    @property
    def key(self) -> ItemKey:
        """The name of the item in a log, a remark or an address."""
        return ItemKey(self.row.key, self.field)

    @property
    def row_label(self) -> str:
        return self.row.label

    @property
    def label(self) -> str:
        return self.row.field_label(self.field)

    @property
    def is_required(self) -> bool:
        return self.row.is_required(self.field)

    @property
    def is_missing(self) -> bool:
        return self.is_required and not self.text

    @property
    def may_be_not_applicable(self) -> bool:
        """Whether the form accepts 該当なし as the text of the field (3②, 別紙3)."""
        return self.row.row_kind[self.field].takes_not_applicable(self.row.kind_in_form)


class EntryRow(Record):
    """A row that is filled in for one year's evaluation.

    `year` in its methods are the rows of that year: evaluations.years.rows.YearRows.
    """

    # Fields beside `asked_fields` that people change on the page of the row alone.
    quiet_fields: tuple[str, ...] = ()
    # Kinds of rows with their labels, in the order of the form, where it has a table or a text for each kind.
    tables: Sequence[tuple[str, str]] = ()
    loaded_with: Any = None  # the rows of its year (YearRows), when it was loaded with them

    objects = EntryQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def row_kind(self) -> RowKind:
        """The entry of the catalogue for such rows."""
        return catalogue.kind_of(self)

    @property
    def key(self) -> RowKey:
        return RowKey.of(self)

    @property
    def year(self) -> int:
        """The fiscal year of the evaluation that the row is of."""
        return self.evaluation.fiscal_year

    @property
    def year_key(self) -> Hashable:
        """The primary key of the evaluation that the row is of."""
        return self.evaluation_id

    @property
    def kind_in_form(self) -> str:
        """Its kind among `tables`; "" where there are none."""
        return getattr(self, "kind", "")

    @property
    def joint_label(self) -> str:
        """What an official calls this row together with those that the form prints in one place with it."""
        return self.label

    # Identity and place in the form

    @property
    def identity(self) -> Hashable:
        """What makes it the same row in the evaluations of two years, among those of its model."""
        raise NotImplementedError

    @property
    def list_key(self) -> Hashable:
        """The list of the form in which the row has its position."""
        return type(self), self.kind_in_form

    def place(self, year) -> Sequence[Any]:
        """Sort key for the order of the form: table by table, each by position."""
        tables = [kind for kind, _ in self.tables]
        table = tables.index(self.kind_in_form) if tables else 0
        return table, getattr(self, "position", 0), self.pk

    def link_loaded(self, year) -> None:
        """Point the row at objects that the year has loaded, which saves queries."""
        self.evaluation = year.evaluation

    def rows_below(self) -> Iterable["EntryRow"]:
        """The rows that are removed from the evaluation with it."""
        return ()

    # Fields to fill in

    def find_excuses(self, year) -> Iterable[Excuse]:
        """Reasons, among the rows of the year, for which required fields of this row may stay blank."""
        return ()

    @cached_property
    def excuses(self) -> frozenset[Excuse]:
        """Why required fields of the row may stay blank; none for a row that was not loaded with its year."""
        return frozenset(self.find_excuses(self.loaded_with) if self.loaded_with else ())

    @property
    def excused_fields(self) -> frozenset[str]:
        """The fields that may stay blank because of `excuses`."""
        return frozenset(
            field.name for field in self.row_kind.fields if self.excuses.intersection(field.excuses)
        )

    @property
    def asked_fields(self) -> tuple[str, ...]:
        """The fields that people fill in for the year and kind of the row."""
        return tuple(
            field.name
            for field in self.row_kind.fields_of(self.year)
            if field.is_entered and field.is_of(self.kind_in_form)
        )

    def is_required(self, name: str) -> bool:
        return self.row_kind[name].is_required and name not in self.excused_fields

    def entry_field(self, name: str) -> str:
        """The field to fill in for a field name of a document; "" when there is none."""
        return name if name in self.row_kind.entered else ""

    # Texts

    def text_of(self, name: str) -> str:
        """The value of a field as people read it; "" when not entered."""
        return as_text(self, name)

    def items(self) -> list[RowItem]:
        return [RowItem(self, name, self.text_of(name)) for name in self.asked_fields]

    def required_items(self) -> list[RowItem]:
        """The items that are required; the texts of others are not read."""
        return [
            RowItem(self, name, self.text_of(name))
            for name in self.asked_fields
            if self.is_required(name)
        ]
