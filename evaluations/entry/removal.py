"""The consequences of removing a row from the year's evaluation, for pages that ask before."""

from dataclasses import dataclass

from django.utils.functional import cached_property

from evaluations.models.row import EntryRow, RowItem
from supports.models import SchemeResult


@dataclass(frozen=True)
class Removal:
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
