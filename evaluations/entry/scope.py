"""What one person fills in over a year: their rows, the forms to change and add rows, and last year's values.

Shared by the entry pages and the workbook for entry. No views here.
"""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.functional import cached_property

from evaluations import catalogue
from evaluations.catalogue.structure import Carryover
from evaluations.entry.forms import (
    NewAchievement,
    NewApproach,
    NewCorrection,
    NewMeasure,
    NewNationalSupport,
    NewRowForm,
    NewScheme,
    RecordForm,
    form_for,
)
from evaluations.inspection import InspectedFinding, Inspection, inspect_page
from evaluations.keys import ItemKey
from evaluations.models import Evaluation, NumericTarget, Remark, Submission
from evaluations.models.row import EntryRow
from evaluations.permissions import Access
from evaluations.records.load import LoadedContents, load_for
from evaluations.review.hand_in_progress import HandInProgress, amounts_of
from evaluations.years.rows import YearRows
from tokku.accounts.models import Role


class EntryScope:
    """The rows of one evaluation that a person fills in, or why they may not. Raises PermissionDenied for readers."""

    def __init__(self, user, evaluation: Evaluation) -> None:
        self.user = user
        self.evaluation = evaluation
        self.access = Access(user, evaluation, with_last_year=True)
        self.is_official = self.access.is_official
        self.why_not_enter = self.access.why_not_enter
        if user.role not in (Role.OFFICIAL, Role.SECRETARIAT):
            raise PermissionDenied(self.why_not_enter)

    @property
    def year(self) -> YearRows:
        return self.access.year

    @cached_property
    def rows(self) -> list[EntryRow]:
        return [row for row in self.year.rows if self.is_mine(row)]

    def is_mine(self, row: EntryRow) -> bool:
        return not self.is_official or self.user.municipality_id in row.owner_ids

    @cached_property
    def submission(self) -> Submission:
        """The official's submission; an unsaved one where the municipality joined the zone after the year was opened."""
        municipality = self.user.municipality
        of_year = {row.municipality_id: row for row in self.year.of_kind(catalogue.SUBMISSION)}
        return of_year.get(municipality.pk) or Submission(
            evaluation=self.evaluation, municipality=municipality
        )

    @cached_property
    def progress(self) -> HandInProgress:
        """How far the person has filled in their rows; for the secretariat, how far all rows are."""
        items = tuple(item for row in self.rows for item in row.required_items())
        return HandInProgress(self.user.municipality, None, amounts_of(items), items)

    @cached_property
    def lists(self) -> dict[Hashable, list[EntryRow]]:
        """The person's rows of each list that can be reordered."""
        lists: dict[Hashable, list[EntryRow]] = {}
        for row in self.rows:
            if row.row_kind.is_listed:
                lists.setdefault(row.list_key, []).append(row)
        return lists

    def rows_of_page(self, page: str) -> list[EntryRow]:
        return [row for row in self.year.of_page(page) if self.is_mine(row)]

    def form(self, row: EntryRow, data: Mapping[str, Any] | None = None) -> RecordForm:
        return form_for(row, data, targets=self.targets if "targets" in row.asked_fields else ())

    @property
    def targets(self) -> list[NumericTarget]:
        """The targets that a row can be related to."""
        return list(self.year.targets.values())

    def new_row_forms(self, part: str, data: Mapping[str, Any] | None = None) -> list[NewRowForm]:
        """The forms that add rows on a page."""
        return [] if self.why_not_enter else list(self._new_row_forms(part, data))

    def _new_row_forms(self, part: str, data: Mapping[str, Any] | None) -> Iterator[NewRowForm]:
        common = {"user": self.user, "evaluation": self.evaluation}
        if part == "actuals" and self.targets and self.evaluation.earlier_years:
            yield NewCorrection(data, targets=self.targets, prefix="new-correction", **common)
        if part == "texts":
            for row in self.year.of_kind(catalogue.APPROACH):
                prefix = f"new-achievement-{row.pk}"
                yield NewAchievement(data, approach=row, prefix=prefix, **common)
            if not self.is_official:
                yield NewApproach(data, targets=self.targets, prefix="new-approach", **common)
                yield NewMeasure(data, prefix="new-measure", **common)
        if part == "supports":
            yield NewScheme(data, targets=self.targets, prefix="new-scheme", **common)
            yield NewNationalSupport(data, prefix="new-national-support", **common)

    def last_year_values(self, row: EntryRow) -> dict[str, str]:
        """The texts of the same row in the year before, by field. Leaves out fields that stand unchanged over the years."""
        last_year = self.access.last_year
        previous = last_year and last_year.year.counterpart_of(row)
        if previous is None or not self.is_mine(previous):
            return {}
        return {
            item.field: item.text
            for item in previous.items()
            if row.row_kind[item.field].next_year is not Carryover.STANDS
        }

    @cached_property
    def remarks(self) -> dict[ItemKey, list[Remark]]:
        """The remarks that are not answered yet, by the item that they are on."""
        open_remarks = (
            Remark.objects.visible_to(self.user)
            .open()
            .filter(submission__evaluation=self.evaluation)
        )
        remarks: dict[ItemKey, list[Remark]] = {}
        for remark in open_remarks.select_related("written_by", "submission__municipality"):
            remarks.setdefault(remark.item_key, []).append(remark)
        return remarks

    @cached_property
    def loaded(self) -> LoadedContents:
        """The stored contents, as this person may see them."""
        return load_for(self.access)

    @cached_property
    def inspection(self) -> Inspection:
        return inspect_page(self.access, self.loaded)

    @cached_property
    def findings(self) -> dict[ItemKey, list[InspectedFinding]]:
        """The findings that nobody has set aside, by the item that they are on."""
        findings: dict[ItemKey, list[InspectedFinding]] = {}
        for finding in self.inspection.open_findings:
            for row in finding.rows:
                findings.setdefault(ItemKey(row.key, finding.field), []).append(finding)
        return findings


def withdraw_not_applicable(year: YearRows) -> None:
    """Reset the answers 該当なし of municipalities that have rows again, so that they do not count later."""
    for row in year.of_kind(catalogue.SUBMISSION):
        answered = [name for name in row.excused_fields if getattr(row, name)]
        for name in answered:
            setattr(row, name, False)
        if answered:
            row.save()
