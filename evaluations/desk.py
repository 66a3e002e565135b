"""What one person fills in in one evaluation: their rows, the forms that change and add them, and last year's beside.

Entry pages and the workbook for entry both go by it. No pages in here.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.functional import cached_property

from evaluations import catalogue
from evaluations.form.records import Loaded, load_with_rows
from evaluations.forms import (
    NewAchievement,
    NewApproach,
    NewMeasure,
    NewNationalSupport,
    NewRowForm,
    NewScheme,
    RecordForm,
    form_for,
)
from evaluations.inspection import Inspected, Inspection, inspect_loaded
from evaluations.items import entry_rows, fields_of, identity, row_items, row_key
from evaluations.models import (
    Achievement,
    Actual,
    Approach,
    Evaluation,
    NumericTarget,
    Remark,
    Submission,
)
from evaluations.permissions import Reach
from supports.models import NationalSupport, RegulatoryMeasure, Scheme, SchemeResult
from tokku.accounts.models import Role
from tokku.records import Record


class Desk:
    """What one person fills in in one evaluation, and why they may not. PermissionDenied for readers."""

    def __init__(self, user, evaluation: Evaluation) -> None:
        self.user = user
        self.evaluation = evaluation
        self.reach = Reach(user, evaluation)
        self.is_official = self.reach.is_official
        self.why = self.reach.why_not_enter
        if user.role not in (Role.OFFICIAL, Role.SECRETARIAT):
            raise PermissionDenied(self.why)

    @cached_property
    def all_rows(self) -> list[Record]:
        return entry_rows(self.evaluation)

    @cached_property
    def rows(self) -> list[Record]:
        return [row for row in self.all_rows if self.is_mine(row)]

    def is_mine(self, row: Record) -> bool:
        return not self.is_official or self.user.municipality_id in row.owner_ids

    @cached_property
    def ends(self) -> tuple[list[Record], list[Record]]:
        """The first row of each list that can be put in another order, and the last."""
        firsts: dict[Any, Record] = {}
        lasts: dict[Any, Record] = {}
        for row in self.rows:
            if catalogue.kind_of(row).is_listed:
                firsts.setdefault(list_of(row), row)
                lasts[list_of(row)] = row
        return list(firsts.values()), list(lasts.values())

    def part(self, part: str) -> list[Record]:
        return [row for row in self.rows if catalogue.kind_of(row).page == part]

    def form(self, row: Record, data: Mapping[str, Any] | None = None) -> RecordForm:
        return form_for(row, data, targets=self.targets if "targets" in fields_of(row) else ())

    @cached_property
    def targets(self) -> list[NumericTarget]:
        """Those that a row can be related to."""
        of_plan = NumericTarget.objects.filter(indicator__plan=self.evaluation.plan_id)
        return list(of_plan.select_related("indicator").order_by("indicator__number", "number"))

    def adders(self, part: str, data: Mapping[str, Any] | None = None) -> list[NewRowForm]:
        """The forms of a page that add rows."""
        return [] if self.why else list(self._adders(part, data))

    def _adders(self, part: str, data: Mapping[str, Any] | None) -> Iterator[NewRowForm]:
        of = {"user": self.user, "evaluation": self.evaluation}
        if part == "texts":
            for row in self.all_rows:
                if isinstance(row, Approach):
                    prefix = f"new-achievement-{row.pk}"
                    yield NewAchievement(data, approach=row, prefix=prefix, **of)
            if not self.is_official:
                yield NewApproach(data, targets=self.targets, prefix="new-approach", **of)
                yield NewMeasure(data, prefix="new-measure", **of)
        if part == "supports":
            yield NewScheme(data, targets=self.targets, prefix="new-scheme", **of)
            yield NewNationalSupport(data, prefix="new-national-support", **of)

    @cached_property
    def _previous(self) -> dict[Any, Record]:
        previous = (
            Evaluation.objects.filter(
                zone=self.evaluation.zone_id, fiscal_year=self.evaluation.fiscal_year - 1
            )
            .select_related("zone", "plan")
            .first()
        )
        found: dict[Any, Record] = {}
        for row in entry_rows(previous) if previous else ():
            if self.is_mine(row):
                found.setdefault(identity(row), row)
        return found

    def before(self, row: Record) -> dict[str, str]:
        """What the same row said in the year before, field by field.

        The grid has columns of its own for figures; a scheme is the same row in both years.
        """
        if isinstance(row, Scheme):
            return {}
        previous = self._previous.get(identity(row))
        items = row_items(previous) if previous else ()
        columns = ("value",) if isinstance(row, Actual) else ()
        return {item.field: item.text for item in items if item.field not in columns}

    @cached_property
    def remarks(self) -> dict[tuple[str, str], list[Remark]]:
        """Those that are not answered yet, by row and field."""
        open_remarks = (
            Remark.objects.visible_to(self.user)
            .open()
            .filter(submission__evaluation=self.evaluation)
        )
        found: dict[tuple[str, str], list[Remark]] = {}
        for remark in open_remarks.select_related("written_by", "submission__municipality"):
            found.setdefault((remark.record, remark.field), []).append(remark)
        return found

    @cached_property
    def loaded(self) -> Loaded:
        """What is stored, whatever was typed into the rows of a page."""
        evaluations = Evaluation.objects.select_related("zone", "plan")
        stored = evaluations.get(pk=self.evaluation.pk)
        return load_with_rows(stored, self.reach.hidden, self.reach.unseen_actuals)

    @cached_property
    def inspection(self) -> Inspection:
        return inspect_loaded(self.reach, self.loaded)

    @cached_property
    def findings(self) -> dict[tuple[str, str], list[Inspected]]:
        """Those that nobody has set aside, by row and field."""
        found: dict[tuple[str, str], list[Inspected]] = {}
        for one in self.inspection.open:
            for row in one.rows:
                found.setdefault((row_key(row), one.field), []).append(one)
        return found

    def withdraw_answers(self) -> None:
        """A municipality that has a row again has not answered 該当なし for when the row is gone."""
        for row in entry_rows(self.evaluation):
            if isinstance(row, Submission) and any(getattr(row, name) for name in row.excused):
                for name in row.excused:
                    setattr(row, name, False)
                row.save()


def list_of(row: Record) -> Any:
    """The list of the form within which a row has its place."""
    match row:
        case Achievement():
            return Achievement, row.approach_id
        case Approach():
            return Approach
        case NationalSupport() | RegulatoryMeasure():
            return type(row), row.kind
        case SchemeResult():
            return SchemeResult, row.scheme.category
    return None
