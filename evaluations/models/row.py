"""What a row that is filled in for a year knows of itself. What its fields are is in the catalogue.

A new kind of row is a model of this base, an entry in the catalogue and a module of the form.
"""

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from evaluations import catalogue
from evaluations.catalogue.structure import Excuse, RowKind
from evaluations.keys import ItemKey, RowKey
from tokku.records import Record, as_text


class EntryQuerySet(models.QuerySet):
    def of_years(self, evaluations: Collection[Any]) -> Iterable["EntryRow"]:
        """The rows of these evaluations, with what they name; a list keeps its order."""
        way, fields = catalogue.kind_of(self.model).evaluation, self.model._meta
        rows = self.filter(**{f"{way}__in": evaluations})
        if any(field.name == "municipality" for field in fields.fields):
            rows = rows.select_related("municipality")
        if any(field.name == "position" for field in fields.fields):
            rows = rows.order_by("position", "pk")
        return rows.prefetch_related(*(field.name for field in fields.many_to_many))


@dataclass(frozen=True)
class Item:
    """One field of one row. `text` is what it says, as people read it; "" when not entered."""

    row: "EntryRow"
    field: str
    text: str

    @property
    def key(self) -> ItemKey:
        """Names the item in a log, a remark or an address."""
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
        """Whether the form takes 該当なし for an answer in the text itself (3②, 別紙3)."""
        return self.row.row_kind[self.field].takes_not_applicable(self.row.kind_in_form)


class EntryRow(Record):
    """A row that is filled in for one year's evaluation.

    `year` in its methods are the rows of that year: evaluations.years.rows.YearRows.
    """

    # The kinds of its rows, where the form has a table or a text for each, in their order, with their labels.
    tables: Sequence[tuple[str, str]] = ()
    # What answers required fields of the row in their stead. Known once the rows of the year are (YearRows).
    excuses: frozenset[Excuse] = frozenset()

    objects = EntryQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def row_kind(self) -> RowKind:
        """What the catalogue says of such rows."""
        return catalogue.kind_of(self)

    @property
    def key(self) -> RowKey:
        return RowKey.of(self)

    @property
    def year(self) -> int | None:
        """The fiscal year of the evaluation that the row is of; None for what is of no year."""
        return self.evaluation.fiscal_year

    @property
    def year_key(self) -> Hashable:
        """Of which evaluation the row is: its primary key."""
        return self.evaluation_id

    @property
    def kind_in_form(self) -> str:
        """That of `tables`; else ""."""
        return getattr(self, "kind", "")

    @property
    def joint_label(self) -> str:
        """What an official calls the rows that the form prints in one place with it."""
        return self.label

    # Which it is, and where it stands

    @property
    def identity(self) -> Hashable:
        """What makes it the same row in the evaluations of two years, among those of its model."""
        raise NotImplementedError

    @property
    def list_key(self) -> Hashable:
        """The list of the form within which the row has its place, if it is in one."""
        return type(self), self.kind_in_form

    def place(self, year) -> Sequence[Any]:
        """By which the rows of a model are in the order of the form: table by table, each in its order."""
        tables = [kind for kind, _ in self.tables]
        table = tables.index(self.kind_in_form) if tables else 0
        return table, getattr(self, "position", 0), self.pk

    def link_loaded(self, year) -> None:
        """Take over what the year knows already, so that nobody asks for it again."""
        self.evaluation = year.evaluation

    def rows_in_form(self) -> Iterable["EntryRow"]:
        """The rows that are filled in at its place."""
        return (self,)

    def rows_below(self) -> Iterable["EntryRow"]:
        """The rows that are taken out of the evaluation with it."""
        return ()

    # What it is asked

    def find_excuses(self, year) -> Iterable[Excuse]:
        """What answers required fields of the row, among all that is said in the year."""
        return ()

    @property
    def excused_fields(self) -> frozenset[str]:
        """The fields that need no answer, since something else answers them."""
        return frozenset(
            field.name for field in self.row_kind.fields if self.excuses.intersection(field.excuses)
        )

    @property
    def asked_fields(self) -> tuple[str, ...]:
        """The fields that the row is asked for: of its year, of its kind, and 該当なし only where it may apply."""
        kind, year = self.row_kind, self.year
        fields = kind.fields if year is None else kind.fields_of(year)
        return tuple(
            field.name for field in fields if field.is_entered and field.is_of(self.kind_in_form)
        )

    def is_required(self, name: str) -> bool:
        return self.row_kind[name].is_required and name not in self.excused_fields

    def entry_field(self, name: str) -> str:
        """The field that is filled in for what a document calls so; "" when it is none."""
        return name if name in self.row_kind.entered else ""

    # What it says

    def text_of(self, name: str) -> str:
        """What a field says, as people read it; "" when not entered."""
        return as_text(self, name)

    def items(self) -> list[Item]:
        return [Item(self, name, self.text_of(name)) for name in self.asked_fields]

    def required_items(self) -> list[Item]:
        """Those that must say something, without reading the others."""
        return [
            Item(self, name, self.text_of(name))
            for name in self.asked_fields
            if self.is_required(name)
        ]
