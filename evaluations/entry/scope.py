"""What one person fills in over a year: their rows, the forms to change and add rows, and last year's values.

Shared by the entry pages and the workbook for entry. No views here.
"""

from collections.abc import Collection, Hashable, Iterator, Mapping
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.utils.functional import cached_property

from evaluations import catalogue
from evaluations.catalogue.structure import Carryover, RowKind
from evaluations.checks import Level
from evaluations.entry.drafts import Drafts
from evaluations.entry.forms import (
    OWNERS,
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
from evaluations.inspection import Inspection, inspect_page
from evaluations.keys import ItemKey, RowKey
from evaluations.models import Evaluation, NumericTarget, Remark, Submission
from evaluations.models.row import EntryRow
from evaluations.permissions import Access
from evaluations.records.load import LoadedContents, load_for
from evaluations.review.hand_in_progress import HandInProgress, amounts_of
from evaluations.years.kept import kept
from evaluations.years.next_year import with_year_renamed
from evaluations.years.rows import YearRows
from tokku.accounts.models import Role


class ShownFinding(NamedTuple):
    """What an entry page shows of a finding. `anchor` is its place on the page of checks."""

    level: Level
    words: str
    why: str
    anchor: str
    place: str


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

    def list_of(self, row: EntryRow) -> list[EntryRow]:
        """The person's rows of the list in which the row has its place."""
        kind = row.row_kind
        if kind not in self._lists:
            lists = self._lists[kind] = {}
            for other in self.year.of_kind(kind):
                if self.is_mine(other):
                    lists.setdefault(other.list_key, []).append(other)
        return self._lists[kind][row.list_key]

    @cached_property
    def _lists(self) -> dict[RowKind, dict[Hashable, list[EntryRow]]]:
        return {}

    def rows_of_page(self, page: str) -> list[EntryRow]:
        return [row for row in self.year.of_page(page) if self.is_mine(row)]

    def form(
        self,
        row: EntryRow,
        data: Mapping[str, Any] | None = None,
        fields: Collection[str] = (),
    ) -> RecordForm:
        """The form of a row, with these of its fields; by default with all."""
        names = (*row.asked_fields, *row.quiet_fields) if fields else row.asked_fields
        fields = [name for name in names if not fields or name in fields]
        form = form_for(row, data, fields, self.targets if "targets" in fields else ())
        if OWNERS in form.fields:
            form.offer_owners(self.access, self.year.authors)
        return form

    @cached_property
    def drafts(self) -> Drafts:
        return Drafts(self.user, self.evaluation)

    @property
    def targets(self) -> list[NumericTarget]:
        """The targets that a row can be related to."""
        return list(self.year.targets.values())

    def new_row_forms(self, part: str, data: Mapping[str, Any] | None = None) -> list[NewRowForm]:
        """The forms that add rows on a page."""
        if self.why_not_enter:
            return []
        forms = list(self._new_row_forms(part, data))
        for form in forms:
            form.offer(self.year.authors)
        return forms

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
                yield NewMeasure(data, targets=self.targets, prefix="new-measure", **common)
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

    def text_to_copy(self, key: RowKey | None, field: str) -> str:
        """Last year's text of a field as a beginning for this year's, with the year in it renamed; "" without one."""
        row = self.year.by_key.get(key)
        if row is None or not self.is_mine(row) or field not in row.asked_fields:
            return ""
        text = self.last_year_values(row).get(field, "")
        return with_year_renamed(text, self.evaluation.fiscal_year)

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
    def _remarks_by_row(self) -> dict[RowKey, list[Remark]]:
        by_row: dict[RowKey, list[Remark]] = {}
        for item, remarks in self.remarks.items():
            if item:
                by_row.setdefault(item.row, []).extend(remarks)
        return by_row

    def remarks_on(self, row: EntryRow) -> list[Remark]:
        """Those on the row and on its fields."""
        return self._remarks_by_row.get(row.key, [])

    @cached_property
    def loaded(self) -> LoadedContents:
        """The stored contents, as this person may see them."""
        return load_for(self.access)

    @cached_property
    def inspection(self) -> Inspection:
        return inspect_page(self.access, self.loaded)

    @cached_property
    def findings(self) -> dict[ItemKey, list[ShownFinding]]:
        """The findings that nobody has set aside, by the item that they are on; kept while nothing changes.

        Asked before any rows are loaded: what has to be computed anew then serves the rest of the page too.
        """

        def compute(evaluations):
            found = {}
            for evaluation in evaluations:
                evaluation.zone.is_known_of(self.user)
                access = Access(self.user, evaluation, with_last_year=True)
                loaded = load_for(access)
                found[evaluation.pk] = _by_item(inspect_page(access, loaded))
                if "year" not in self.access.__dict__:
                    self.evaluation, self.access = evaluation, access
                    self.__dict__["loaded"] = loaded
            return found

        return kept("findings", [self.evaluation], compute, viewer=self.user)[self.evaluation.pk]


def _by_item(inspection: Inspection) -> dict[ItemKey, list[ShownFinding]]:
    findings: dict[ItemKey, list[ShownFinding]] = {}
    for found in inspection.open_findings:
        shown = ShownFinding(
            found.level, found.finding.words, found.finding.why, found.anchor, found.place
        )
        for row in found.rows:
            findings.setdefault(ItemKey(row.key, found.field), []).append(shown)
    return findings


def withdraw_not_applicable(year: YearRows) -> None:
    """Reset the answers 該当なし of municipalities that have rows again, so that they do not count later."""
    for row in year.of_kind(catalogue.SUBMISSION):
        answered = [name for name in row.excused_fields if getattr(row, name)]
        for name in answered:
            setattr(row, name, False)
        if answered:
            row.save()
