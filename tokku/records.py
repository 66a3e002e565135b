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

SAVES_READ = 50  # the latest versions of a row that `version_since` looks through
# Fields that hold a fiscal year.
YEARS = frozenset({"fiscal_year", "first_year", "last_year", "baseline_year", "goal_year"})
YEAR_WANTED = "西暦の年度で入力してください（例：2023）。"

LONGEST_REASON = 100  # characters of a change's reason that a history keeps


def _why_no_year(year: int) -> str:
    """Why the fiscal year cannot be written with its era (令和5) and read again; "" when it can."""
    try:
        is_year = parse_era_year(era_year(year)) == year
    except ValueError:
        is_year = False
    return "" if is_year else YEAR_WANTED


class Record(models.Model):
    """A record with a revision number, by which a save notices that somebody else has saved in between.

    Its history (who, when, old → new) is a `HistoricalRecords` on each model.
    """

    revision = models.PositiveIntegerField("版", default=0, editable=False)

    # Fields that are one answer together: ticks, such as 全て, and last the field that counts when none is ticked.
    # Two people are in conflict when they change any of them.
    answer_fields: tuple[str, ...] = ()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        self.revision += 1
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "revision"}
        super().save(*args, **kwargs)

    def why_not_enter(self, name: str, value: Any) -> str:
        """Why a field takes no such new value, from a page or a file; "" when it does.

        Unlike a constraint, it is not asked about what is already stored or is read from a published evaluation.
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
class DeletedRow:
    """Stands for a row that a version in a history refers to, and that has been deleted since."""

    pk: Any

    def __str__(self):
        return "（削除済み）"


def value_of(row: models.Model, name: str) -> Any:
    """The value of a field, of a record or of a version in its history.

    The value of a many-to-many relation is a tuple of its rows, by primary key. `DeletedRow` stands for a row that a
    version refers to and that no longer exists.
    """
    field = getattr(row, "instance_type", type(row))._meta.get_field(name)
    if field.many_to_one:
        return _referenced_row(row, name)
    if not field.many_to_many:
        return getattr(row, name)
    related = getattr(row, name).all()
    if hasattr(row, "history_id"):  # In a history, a relation is kept as rows of its own.
        related_name = get_m2m_reverse_field_name(field)
        related = [
            _referenced_row(link, related_name) for link in related.select_related(related_name)
        ]
    return in_order(related)


def as_text(row: models.Model, name: str) -> str:
    """A field of a record, or of a version in its history, as people read it; "" when nothing is entered."""
    return text_of(row, name, value_of(row, name))


def text_of(row: models.Model, name: str, value: Any) -> str:
    """A value of this field, in the form that `value_of` returns, as people read it."""
    field = row._meta.get_field(name)
    if field.choices:
        return "" if value is None else str(dict(field.flatchoices).get(value, value))
    return plain_text(value)


def plain_text(value: Any) -> str:
    """A value as people read it, whatever its field: the choices of the field are not looked up."""
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


def _referenced_row(row: models.Model, name: str) -> models.Model | DeletedRow | None:
    """The row that a foreign key refers to; `DeletedRow` where it no longer exists, as may be in a history."""
    key = getattr(row, row._meta.get_field(name).attname)
    try:
        related = getattr(row, name)
    except ObjectDoesNotExist:
        related = None
    return DeletedRow(key) if related is None and key is not None else related


def version_since(row: Record, name: str, value: Any) -> models.Model | None:
    """The version in the history since which the field has had this value.

    None when the field has another value now, or when the value is older than the latest SAVES_READ versions.
    """
    earliest = None
    for version in row.history.select_related("history_user")[: SAVES_READ + 1]:
        if value_of(version, name) != value:
            return earliest
        earliest = version
    return earliest if row.history.count() <= SAVES_READ else None


def who(version: models.Model | None) -> str:
    """The name under which a version of a history was saved; "" where no account is known to have done it."""
    account = version and version.history_user
    return account.name_at(version.history_date) if account else ""


def in_order(rows: Iterable[models.Model]) -> tuple[models.Model, ...]:
    return tuple(sorted(rows, key=lambda row: row.pk))


def reason_of_file(name: str) -> str:
    """The reason to store in the history of a change imported from this file. Long names are cut to fit the column."""
    ending = " から取込み"
    return name[: LONGEST_REASON - len(ending)] + ending


def delete_with_reason(row: models.Model, reason: str) -> None:
    """Delete a row and the rows that are deleted with it, with the reason in the history of each."""
    collector = Collector(using=row._state.db, origin=row)
    collector.collect([row])
    for rows in collector.data.values():
        for deleted_row in rows:
            deleted_row._change_reason = reason
    collector.delete()
