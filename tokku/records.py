"""What every record that people edit has in common."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models.deletion import Collector
from simple_history.utils import get_m2m_reverse_field_name

from tokku.japanese import era_year, number, parse_era_year

SAVES_READ = 50  # of a row, to find the one that made a field say something
# Fields that hold a fiscal year.
YEARS = frozenset({"fiscal_year", "first_year", "last_year", "baseline_year"})

LONGEST_REASON = 100  # characters that a history keeps of why


def _why_no_year(year: int) -> str:
    """Why no page could name the year; "" for one that is printed and read again."""
    try:
        is_year = parse_era_year(era_year(year)) == year
    except ValueError:
        is_year = False
    return "" if is_year else "西暦の年度で入力してください（例：2023）。"


class Record(models.Model):
    """A record with a revision number, which tells one who saves whether someone else saved before.

    Its history (who, when, old → new) is a `HistoricalRecords` on each model.
    """

    revision = models.PositiveIntegerField("版", default=0, editable=False)

    # Fields that are one answer, the last for want of a tick in the others: two people who change any of them differ.
    one_answer: tuple[str, ...] = ()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        self.revision += 1
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "revision"}
        super().save(*args, **kwargs)

    def why_not_enter(self, name: str, value: Any) -> str:
        """Why nobody can enter a new value in a field, whichever way; "" when they can.

        Unlike a constraint it says nothing against what is stored, or read from a paper.
        """
        return _why_no_year(value) if name in YEARS and value is not None else ""

    @property
    def label(self) -> str:
        """What an official calls the row."""
        return f"{self._meta.verbose_name}「{self}」"

    def field_label(self, name: str) -> str:
        """What an official calls a field of the row."""
        return str(self._meta.get_field(name).verbose_name)

    @property
    def owner_ids(self) -> frozenset[int]:
        """The municipalities whose row this is; none for a row of the zone as a whole."""
        municipality = getattr(self, "municipality_id", None)
        return frozenset({municipality} if municipality else ())


@dataclass(frozen=True)
class Deleted:
    """Stands in a version for a row that it names and that has been deleted since."""

    pk: Any

    def __str__(self):
        return "（削除済み）"


def value_of(row: models.Model, name: str) -> Any:
    """The value of a field, of a record or of a version in its history.

    Of a relation to many the rows, as a tuple in the order of their keys. Where a version names a row that
    is gone, Deleted stands for it.
    """
    field = getattr(row, "instance_type", type(row))._meta.get_field(name)
    if field.many_to_one:
        return _named(row, name)
    if not field.many_to_many:
        return getattr(row, name)
    related = getattr(row, name).all()
    if hasattr(row, "history_id"):  # In a history, a relation is kept as rows of its own.
        there = get_m2m_reverse_field_name(field)
        related = [_named(one, there) for one in related.select_related(there)]
    return in_order(related)


def as_text(row: models.Model, name: str) -> str:
    """What a field says, of a record or of a version in its history, as people read it; "" when not entered."""
    return text_of(row, name, value_of(row, name))


def text_of(row: models.Model, name: str, value: Any) -> str:
    """What a field of the row would say if this were its value (`value_of`)."""
    field = row._meta.get_field(name)
    if field.choices:
        return "" if value is None else str(dict(field.flatchoices).get(value, value))
    return plain_text(value)


def plain_text(value: Any) -> str:
    """What a value says, whatever its field."""
    match value:
        case None | False:
            return ""
        case True:
            return "はい"
        case Decimal():
            return number(value)
        case tuple():
            return "、".join(map(str, value))
    return str(value)


def _named(row: models.Model, name: str) -> models.Model | Deleted | None:
    """The row that a foreign key names. A history does not hold it back from being deleted."""
    key = getattr(row, row._meta.get_field(name).attname)
    try:
        related = getattr(row, name)
    except ObjectDoesNotExist:
        related = None
    return Deleted(key) if related is None and key is not None else related


def author_of(row: Record, name: str, value: Any) -> models.Model | None:
    """The save that made the field say this value, as far as the latest ones tell."""
    author = None
    for save in row.history.select_related("history_user")[: SAVES_READ + 1]:
        if value_of(save, name) != value:
            return author
        author = save
    return author if row.history.count() <= SAVES_READ else None


def in_order(rows: Iterable[models.Model]) -> tuple[models.Model, ...]:
    return tuple(sorted(rows, key=lambda row: row.pk))


def reason_of_file(name: str) -> str:
    """What a history says of why, in the characters that it keeps, where a row was changed from a file."""
    ending = " から取込み"
    return name[: LONGEST_REASON - len(ending)] + ending


def delete_with_reason(row: models.Model, reason: str) -> None:
    """Delete a row and what goes with it, and say why in the history of each."""
    collector = Collector(using=row._state.db, origin=row)
    collector.collect([row])
    for rows in collector.data.values():
        for one in rows:
            one._change_reason = reason
    collector.delete()
