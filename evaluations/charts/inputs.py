"""The figures that were entered, who entered them and when, as far as one person may know.

For a sealed version: the sealed figures. Who entered them is taken from the histories up to the moment of sealing,
and only where the history has the same figure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import cached_property

from evaluations.charts.visible_figures import VisibleFigures
from evaluations.form.contents import Indicator, NumericTarget
from evaluations.form.printed_figures import figure, target_number, weight
from evaluations.keys import TargetKey
from evaluations.models import (
    Actual,
    Correction,
    Evaluation,
    YearlyTarget,
    ZoneMunicipality,
    names_in,
)
from evaluations.models import Indicator as IndicatorRow
from evaluations.models import NumericTarget as NumericTargetRow
from evaluations.models.corrections import standing_figures
from evaluations.models.targets import Aggregation
from evaluations.permissions import Access, why_not_read_author
from evaluations.progress import Formula
from tokku.accounts.models import Municipality
from tokku.figures import Figure, total_of
from tokku.japanese import fiscal_year_name
from tokku.records import who

# Figures by the names of municipalities.
Reported = tuple[tuple[str, Figure | None], ...]

NOBODY = frozenset()  # the owners of a figure of the plan


@dataclass(frozen=True)
class Input:
    """A figure. `by` and `at` are of the save that set it; `why_not` says why they or the figure are withheld."""

    label: str
    text: str
    value: Figure | None = None
    by: str = ""
    at: datetime | None = None
    why_not: str = ""


@dataclass(frozen=True)
class CorrectionTold:
    """A figure that the form corrects: `value` with who entered it, what it was before, and why."""

    value: Input
    before: str
    reason: str


@dataclass(frozen=True)
class LastSave:
    """A version of a row (`row`), and the save that gave one of its fields the value it has there (`since`)."""

    row: Any
    since: Any


def last_saves(history: QuerySet, field: str, until: datetime | None) -> Iterator[LastSave]:
    """For every row that existed at the moment `until`; None is now."""
    if until:
        history = history.filter(history_date__lte=until)
    newest_first = history.select_related("history_user").order_by(
        "id", "-history_date", "-history_id"
    )
    for _, of_row in groupby(newest_first, key=lambda save: save.id):
        last, *earlier = of_row
        if last.history_type == "-":
            continue
        since = last
        for save in earlier:
            if getattr(save, field) != getattr(last, field):
                break
            since = save
        yield LastSave(last, since)


def target_rows(evaluation: Evaluation, moment: datetime | None) -> dict[TargetKey, int]:
    """The primary keys of the targets by the numbers that they had at the moment; None is now."""
    if moment is None:
        rows = NumericTargetRow.objects.of_edition(evaluation.edition_id)
        return {row.place: row.pk for row in rows}
    at_the_moment = Evaluation.history.as_of(moment).get(pk=evaluation.pk)
    indicators = IndicatorRow.history.as_of(moment).filter(edition=at_the_moment.edition_id)
    numbers = {row.pk: row.number for row in indicators}
    rows = NumericTargetRow.history.as_of(moment).filter(indicator__in=numbers)
    return {TargetKey(numbers[row.indicator_id], row.number): row.pk for row in rows}


class Inputs:
    """The inputs of one evaluation's figures, for one person."""

    def __init__(self, access: Access, visible_figures: VisibleFigures) -> None:
        self.access = access
        self.until = visible_figures.version.sealed_at if visible_figures.version else None
        self.target_ids = target_rows(access.evaluation, self.until)

    def of_plan(self, key: TargetKey, target: NumericTarget, year: int) -> list[Input]:
        """The target value, and the baseline where the formula needs it."""
        stated = target.of_year(year)
        goals = YearlyTarget.history.filter(target_id=self.target_ids.get(key), fiscal_year=year)
        text = figure(stated.target, target) or "未設定"
        inputs = [self._plan_input(goals, "value", "目標値", stated.target, text)]
        if target.formula == Formula.IMPROVEMENT:
            text = figure(target.baseline, target)
            inputs.append(self._target_input(key, "baseline", "基準値", target.baseline, text))
        return inputs

    def weights(self, indicator: Indicator) -> list[Input]:
        return [
            self._target_input(
                TargetKey(indicator.number, target.number),
                "weight",
                f"寄与度（数値目標{target_number(indicator, target)}）",
                target.weight,
                weight(target.weight) + "%",
            )
            for target in indicator.targets
            if target.weight is not None and len(indicator.targets) > 1
        ]

    def actuals(self, key: TargetKey, target: NumericTarget, year: int) -> list[Input]:
        """The actuals that make up the zone's, in the order of the authors; none where they do not add up to a sealed one."""
        names, order = self.names, list(self.names)
        saves = self._standing_saves(key, target, year)
        if self.until and (reported := target.of_year(year).by_municipality):
            return list(self._sealed_inputs(reported, target, saves, names))
        inputs = [
            self._actual_input(save, target, names)
            for save in sorted(
                saves,
                key=lambda save: (
                    order.index(save.row.municipality_id)
                    if save.row.municipality_id in names
                    else len(order)
                ),
            )
        ]
        if self.until and not _make_up_actual(inputs, target, target.of_year(year).actual):
            return []
        return inputs

    @cached_property
    def names(self) -> dict[int, str]:
        """The names of the authors by primary key, as the form of the year has them."""
        members = ZoneMunicipality.objects.filter(zone=self.access.evaluation.zone_id)
        return names_in(members.select_related("municipality"), self.access.evaluation.fiscal_year)

    def _history(self, model: type[Actual | Correction], key: TargetKey, year: int) -> QuerySet:
        """The versions of what was said of the target in a year."""
        # An actual refers to the target of the edition that holds in its year.
        versions = NumericTargetRow.history
        of_moment = versions.as_of(self.until) if self.until else NumericTargetRow.objects
        threads = of_moment.filter(pk=self.target_ids.get(key)).values("thread")
        in_editions = versions.filter(thread__in=threads).values("id")
        return model.history.filter(target_id__in=in_editions, fiscal_year=year)

    def _standing_saves(self, key: TargetKey, target: NumericTarget, year: int) -> list[LastSave]:
        """Those of the actuals, or of what corrects them in this form or an earlier one."""
        actuals = list(last_saves(self._history(Actual, key, year), "value", self.until))
        corrections = self._correction_saves(key, year)
        save_of = {id(save.row): save for save in (*actuals, *corrections)}
        rows = [[save.row for save in saves] for saves in (actuals, corrections)]
        return [save_of[id(row)] for row in standing_figures(target, *rows)]

    def _correction_saves(self, key: TargetKey, year: int) -> list[LastSave]:
        history = self._history(Correction, key, year).filter(evaluation_id__in=self._told_in)
        saves = last_saves(history, "value", self.until)
        return sorted(saves, key=lambda save: self._told_in[save.row.evaluation_id])

    @cached_property
    def _told_in(self) -> dict[int, int]:
        """The fiscal years of this evaluation and those before, by primary key."""
        evaluation = self.access.evaluation
        up_to_now = Evaluation.objects.filter(
            zone=evaluation.zone_id, fiscal_year__lte=evaluation.fiscal_year
        )
        return dict(up_to_now.values_list("pk", "fiscal_year"))

    def corrections(
        self, key: TargetKey, target: NumericTarget, year: int
    ) -> Iterator[CorrectionTold]:
        """What this form tells of the year's figure, and who entered it."""
        if not (told := target.of_year(year).corrections):
            return
        saves = [
            save
            for save in self._correction_saves(key, year)
            if save.row.evaluation_id == self.access.evaluation.pk
        ]
        for correction in told:
            label = f"実績値（{correction.municipality or '特区全体'}）"
            text = figure(correction.value, target)
            of_owner = (
                save
                for save in saves
                if self.names.get(save.row.municipality_id) == correction.municipality
                and save.row.value == correction.value
            )
            save = next(of_owner, None)
            owner = save.row.municipality_id if save else None
            value = (
                self._with_author(
                    label, correction.value, text, save, frozenset({owner} if owner else ())
                )
                if save
                else Input(label, text, correction.value)
            )
            yield CorrectionTold(value, figure(correction.before, target), correction.reason)

    def _sealed_inputs(
        self,
        reported: Reported,
        target: NumericTarget,
        saves: Sequence[LastSave],
        names: dict[int, str],
    ) -> Iterator[Input]:
        """The municipalities' sealed figures, under the names of that time."""
        by_id = {save.row.municipality_id: save for save in saves}
        municipalities = Municipality.objects.filter(pk__in=filter(None, by_id))
        by_name = {
            names.get(municipality.pk, municipality.name): by_id[municipality.pk]
            for municipality in municipalities
        }
        for name, value in reported:
            label, text = f"実績値（{name}）", figure(value, target)
            save = by_name.get(name)
            if save and save.row.value == value:
                owners = frozenset({save.row.municipality_id})
                yield self._with_author(label, value, text, save, owners)
            else:
                yield Input(label, text, value)

    def _actual_input(self, save: LastSave, target: NumericTarget, names: dict[int, str]) -> Input:
        municipality, year = save.row.municipality_id, save.row.fiscal_year
        name = names.get(municipality, "以前の作成主体") if municipality else "特区全体"
        label = f"実績値（{name}）"
        if told_in := self._told_in.get(getattr(save.row, "evaluation_id", None)):
            label, year = f"実績値（{name}、{fiscal_year_name(told_in)}の評価書で修正）", told_in
        if (municipality, year) in self.access.hidden_actuals:
            return Input(label, "", why_not="まだ提出されていないため、表示していません。")
        owners = frozenset({municipality}) if municipality else NOBODY
        value = save.row.value
        return self._with_author(label, value, figure(value, target), save, owners)

    def _target_input(
        self, key: TargetKey, field: str, label: str, value: Figure | None, text: str
    ) -> Input:
        history = NumericTargetRow.history.filter(id=self.target_ids.get(key))
        return self._plan_input(history, field, label, value, text)

    def _plan_input(
        self, history: QuerySet, field: str, label: str, value: Figure | None, text: str
    ) -> Input:
        for save in last_saves(history, field, self.until):
            if getattr(save.row, field) == value:
                return self._with_author(label, value, text, save, NOBODY)
        return Input(label, text, value)

    def _with_author(
        self, label: str, value: Figure | None, text: str, save: LastSave, owners: frozenset[int]
    ) -> Input:
        if value is None:
            return Input(label, text)
        if why_not := why_not_read_author(self.access.user, owners):
            return Input(label, text, value, why_not=why_not)
        by = who(save.since) or "記録なし（読み込んだ値など）"
        return Input(label, text, value, by, save.since.history_date)


def _make_up_actual(inputs: Sequence[Input], target: NumericTarget, actual: Figure | None) -> bool:
    """Whether the inputs make up the zone's actual."""
    values = [actual_input.value for actual_input in inputs]
    if target.aggregation == Aggregation.ONCE or len(values) == 1:
        return actual in values
    return total_of(values) == actual
