"""Editions of a plan: one begins with a year, and the rows of years that go by it refer to its targets."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from evaluations.models import (
    Actual,
    Evaluation,
    Indicator,
    NumericTarget,
    PlanEdition,
    YearlyTarget,
)
from evaluations.workflow import SEALED
from evaluations.years.rows import rows_of_year
from tokku.accounts.models import User
from tokku.japanese import fiscal_year_name
from tokku.records import Record


class CannotBeginEdition(ValueError):
    """Why no edition can begin with a year, as a Japanese sentence."""


def why_not_begin(edition: PlanEdition, first_year: int) -> str:
    """Why no copy of an edition begins with a year: `edition` does not hold then, or what it says then is sealed."""
    if first_year <= edition.first_year or edition.plan.edition_of(first_year) != edition:
        return (
            f"{fiscal_year_name(first_year)}からの版は作れません。"
            f"計画の期間のうち、{fiscal_year_name(edition.first_year)}より後の、まだ版のない年度を入力してください。"
        )
    later = edition.evaluation_set.filter(fiscal_year__gte=first_year)
    if sealed := later.filter(state__in=SEALED).order_by("fiscal_year").last():
        return (
            f"{fiscal_year_name(sealed.fiscal_year)}の評価書は{sealed.get_state_display()}のため、"
            f"その年度の計画は変えられません。後の年度を入力してください。"
        )
    return ""


@transaction.atomic
def begin_edition(
    edition: PlanEdition, first_year: int, *, by: User | None = None, **values: Any
) -> PlanEdition:
    """A copy of `edition` with these values, which holds from `first_year` on.

    Evaluations of these years that went by `edition` go by the copy. Raises CannotBeginEdition as `why_not_begin`.
    """
    _lock_evaluations(edition)
    if refusal := why_not_begin(edition, first_year):
        raise CannotBeginEdition(refusal)
    writing = _Writing(f"{fiscal_year_name(first_year)}からの計画の版", by)
    copy = writing.copy(edition, first_year=first_year, **values)
    writing.move(edition, copy, range(first_year, edition.plan.last_year + 1))
    return copy


@transaction.atomic
def edition_of_its_own(edition: PlanEdition, fiscal_year: int, *, reason: str) -> PlanEdition:
    """The edition by which the evaluation of this year alone goes, or will go: `edition` where no other does.

    Other years keep what they say, and the rows of `edition` as far as possible.
    """
    _lock_evaluations(edition)
    others = edition.evaluation_set.exclude(fiscal_year=fiscal_year)
    years = sorted(others.values_list("fiscal_year", flat=True))
    later = [year for year in years if year > fiscal_year]
    writing = _Writing(reason)
    if len(later) < len(years):  # some are earlier
        if later:
            copy = writing.copy(edition, first_year=later[0])
            writing.move(edition, copy, range(later[0], edition.plan.last_year + 1))
        own = writing.copy(edition, first_year=fiscal_year)
        writing.move(edition, own, range(fiscal_year, edition.plan.last_year + 1))
        return own
    if not later:
        return edition
    first_year = edition.first_year
    edition.first_year = later[0]
    writing.save(edition)
    own = writing.copy(edition, first_year=first_year)
    writing.move(edition, own, range(first_year, later[0]))
    return own


def _lock_evaluations(edition: PlanEdition) -> None:
    """Let entry and sealing wait, whose rows would be written over as they were."""
    list(edition.evaluation_set.select_for_update().order_by("pk"))


def says_the_same(one: PlanEdition, other: PlanEdition) -> bool:
    """Whether forms print the same of both, whenever they hold."""
    return list(_said(one)) == list(_said(other))


@dataclass
class _Writing:
    """Writes rows with a reason, and who does it, in their histories."""

    reason: str
    by: User | None = None

    def save(self, row: Record) -> None:
        row._change_reason = self.reason
        if self.by:
            row._history_user = self.by
        row.save()

    def copy(self, edition: PlanEdition, **values: Any) -> PlanEdition:
        """A new edition with all that `edition` has, but for these values."""
        copy = self._copy(edition, **{"reason": ""} | values)
        for indicator in edition.indicator_set.all():
            new_indicator = self._copy(indicator, edition=copy)
            for target in indicator.numerictarget_set.all():
                new_target = self._copy(target, indicator=new_indicator)
                for yearly in target.yearlytarget_set.all():
                    self._copy(yearly, target=new_target)
        return copy

    def _copy(self, row: Record, **values: Any) -> Any:
        copied = {
            model_field.name: getattr(row, model_field.name)
            for model_field in row._meta.concrete_fields
            if not model_field.primary_key and model_field.name != "revision"
        }
        copy = type(row)(**copied | values)
        self.save(copy)
        return copy

    def move(self, old: PlanEdition, new: PlanEdition, years: Collection[int]) -> None:
        """Let what is of these years go by `new`: evaluations, their rows, and actuals."""
        targets = {target.thread: target for target in NumericTarget.objects.of_edition(new)}
        new_of = {
            target.pk: targets[target.thread]
            for target in NumericTarget.objects.of_edition(old)
            if target.thread in targets
        }
        of_years = {"fiscal_year__in": list(years)}
        for evaluation in Evaluation.objects.filter(edition=old, **of_years):
            rows = rows_of_year(evaluation).rows
            evaluation.edition = new
            self.save(evaluation)
            for row in rows:
                self._refer(row, new_of)
        for actual in Actual.objects.filter(target__in=new_of, **of_years):
            actual.target = new_of[actual.target_id]
            self.save(actual)

    def _refer(self, row: Record, new_of: dict[int, NumericTarget]) -> None:
        if isinstance(row, Actual):
            return  # With those of years without an evaluation.
        if "target" in row.row_kind:
            row.target = new_of[row.target_id]
            self.save(row)
        if "targets" in row.row_kind and (related := list(row.targets.all())):
            row._change_reason = self.reason
            row.targets.set(new_of[target.pk] for target in related)


def _said(edition: PlanEdition) -> Iterator[tuple]:
    yield _values(edition, without=("plan", "first_year", "reason"))
    for indicator in Indicator.objects.filter(edition=edition).order_by("number"):
        yield _values(indicator, without=("edition",))
    for target in NumericTarget.objects.of_edition(edition):
        yield _values(target, without=("indicator",))
        for yearly in YearlyTarget.objects.filter(target=target).order_by("fiscal_year"):
            if yearly.value is not None:
                yield _values(yearly, without=("target",))


def _values(row: models.Model, without: Collection[str]) -> tuple:
    return tuple(
        model_field.value_from_object(row)
        for model_field in row._meta.concrete_fields
        if model_field.name not in ("id", "revision", *without)
    )
