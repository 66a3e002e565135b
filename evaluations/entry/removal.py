"""Taking a row out of the year's evaluation, and putting it back with its words and in its place."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.utils.functional import cached_property

from evaluations.entry.scope import EntryScope
from evaluations.keys import RowKey
from evaluations.models.row import EntryRow, RowItem
from supports.models import SchemeResult
from tokku.records import delete_with_reason, value_of

PUT_BACK = "外した操作を元に戻した"


@dataclass(frozen=True)
class Removal:
    """The consequences of removing a row, for a page that asks before."""

    row: EntryRow

    @property
    def label(self) -> str:
        return self.row.label

    @property
    def items(self) -> list[RowItem]:
        """The fields of the row that are filled in."""
        return [item for item in self.row.items() if item.text]

    @cached_property
    def is_in_earlier_year(self) -> bool:
        """Whether the row is a scheme that an earlier year reports too, so that it can be reported again."""
        if not isinstance(self.row, SchemeResult):
            return False
        return self.row.scheme.schemeresult_set.filter(
            evaluation__fiscal_year__lt=self.row.year
        ).exists()

    @property
    def is_joint(self) -> bool:
        return len(self.row.owner_ids) > 1

    @cached_property
    def rows_below(self) -> list[EntryRow]:
        """The rows that are removed together with it."""
        return list(self.row.rows_below())

    @property
    def revisions(self) -> str:
        """The revisions of the row and of those below it, to recognise a change since the page was shown."""
        revisions = [f"{row.pk}:{row.revision}" for row in self.rows_below]
        return " ".join([str(self.row.revision), *revisions])


def remove(row: EntryRow) -> None:
    """Take the row out, with those below it. The reason in their histories makes them one removal."""
    delete_with_reason(row, f"行を外す操作（{row.pk}-{row.revision}）")


class RemovedRow:
    """A row that was taken out of a year's evaluation, as its history has it."""

    def __init__(self, scope: EntryScope, version) -> None:
        self.scope = scope
        self.version = version
        self.row: EntryRow = version.instance

    @cached_property
    def _related(self) -> dict[str, tuple]:
        """The rows of its relations by field, as of its last version: the one of its removal has none any more."""
        names = [field.name for field in self.row._meta.many_to_many]
        if not names:
            return {}
        last = type(self.row).history.filter(id=self.row.pk).exclude(history_type="-").first()
        return {name: value_of(last, name) if last else () for name in names}

    @property
    def key(self) -> RowKey:
        return self.row.key

    @property
    def label(self) -> str:
        return self.row.label

    @property
    def owner_ids(self) -> frozenset[int]:
        """The owners that it had."""
        if "municipalities" in self._related:
            return frozenset(row.pk for row in self._related["municipalities"])
        return self.row.owner_ids

    @property
    def is_of_evaluation(self) -> bool:
        try:
            evaluation = reduce(getattr, self.row.row_kind.evaluation.split("__"), self.row)
        except ObjectDoesNotExist:
            return False
        return evaluation == self.scope.evaluation

    @property
    def why_not(self) -> str:
        """Why the person may not put it back."""
        if refusal := self.scope.access.why_not_edit(self.owner_ids):
            return refusal
        try:
            self.row.validate_constraints()
        except ValidationError as error:
            return " ".join(error.messages)
        return ""

    def put_back(self) -> None:
        """Store it again, and what was removed below it. PermissionDenied says why not."""
        if refusal := self.why_not:
            raise PermissionDenied(refusal)
        self._store()
        for removed in self._rows_below():
            removed._store()

    def _store(self) -> None:
        self.row._change_reason = PUT_BACK
        self.row.save(force_insert=True)
        for name, rows in self._related.items():
            stored = type(self.row)._meta.get_field(name).related_model.objects
            getattr(self.row, name).set(stored.filter(pk__in=[row.pk for row in rows]))

    def _rows_below(self) -> Iterator["RemovedRow"]:
        for related in self.row._meta.related_objects:
            if issubclass(related.related_model, EntryRow) and related.one_to_many:
                versions = related.related_model.history.filter(
                    **{related.field.attname: self.row.pk},
                    history_type="-",
                    history_change_reason=self.version.history_change_reason,
                )
                yield from (RemovedRow(self.scope, version) for version in versions)


def removed_row(scope: EntryScope, key: RowKey | None) -> RemovedRow | None:
    """The row with this key that was taken out of the evaluation; None where there is none or it is there again."""
    if key is None or not key.kind.is_listed or key in scope.year.by_key:
        return None
    version = key.model_class.history.filter(id=key.pk, history_type="-").first()
    removed = RemovedRow(scope, version) if version else None
    return removed if removed and removed.is_of_evaluation else None
