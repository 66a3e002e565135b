"""Figures of earlier years that turn out otherwise (確報値への修正)."""

from collections.abc import Iterable
from operator import attrgetter

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from evaluations.models.evaluation import Evaluation
from evaluations.models.row import EntryQuerySet, EntryRow
from evaluations.models.targets import Actual, Aggregation, NumericTarget, why_not_add_up
from tokku.accounts.models import Municipality
from tokku.fields import FigureField, ProseField
from tokku.japanese import fiscal_year_name


class CorrectionQuerySet(EntryQuerySet):
    def of_years(self, evaluations):
        """Also those that were told before: they hold in the forms of these years."""
        newest = max(evaluation.fiscal_year for evaluation in evaluations)
        return self.filter(
            evaluation__zone__in={evaluation.zone_id for evaluation in evaluations},
            evaluation__fiscal_year__lte=newest,
        ).select_related("evaluation", "target__indicator", "municipality")


class Correction(EntryRow):
    """Another value of an actual of an earlier year (確報値への修正), told in the evaluation of this year.

    It holds in the forms of this year and later ones; the form of the earlier year stays as it is.
    """

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, verbose_name="評価書")
    target = models.ForeignKey(NumericTarget, on_delete=models.CASCADE, verbose_name="数値目標")
    fiscal_year = models.PositiveSmallIntegerField("修正する年度")
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        verbose_name="自治体",
        null=True,
        blank=True,
        help_text="空の場合は、特区全体の実績値",
    )
    value = FigureField(
        "修正後の実績値", error_messages={"null": "修正後の実績値を入力してください。"}
    )
    reason = ProseField("修正の理由")

    history = HistoricalRecords()
    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "実績値の修正"
        ordering = ["evaluation", "target", "fiscal_year", "municipality"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "target", "fiscal_year", "municipality"],
                name="correction_once_an_evaluation_by_municipality",
                violation_error_message="この年度・自治体の実績値の修正は、この評価書に既にあります。",
            ),
            models.UniqueConstraint(
                fields=["evaluation", "target", "fiscal_year"],
                condition=Q(municipality__isnull=True),
                name="correction_once_an_evaluation_for_zone",
                violation_error_message="この年度の特区全体の実績値の修正は、この評価書に既にあります。",
            ),
        ]

    def __str__(self):
        return f"{self.target} {fiscal_year_name(self.fiscal_year)} {self.owner_label} 修正"

    @property
    def owner_label(self):
        return self.municipality or "特区全体"

    @property
    def label(self):
        year = fiscal_year_name(self.fiscal_year)
        return f"実績値の修正「{self.target.name}」（{year}、{self.owner_label}）"

    identity = property(attrgetter("target.identity", "fiscal_year", "municipality_id"))

    def place(self, year):
        return *self.target.place, self.fiscal_year, year.place_of(self.municipality_id), self.pk

    def link_loaded(self, year):
        super().link_loaded(year)
        self.target = year.targets.get(self.target_id) or self.target

    def entry_field(self, name):
        return super().entry_field("value" if name == "actual" else name)

    def clean(self):
        """Rules that reach beyond the row; a form that lacks a part of it has refused that already."""
        if None in (self.evaluation_id, self.target_id, self.fiscal_year):
            return
        if refusal := self._why_not_correct():
            raise ValidationError(refusal)
        if refusal := self.target.why_not_state(self.value) or self._why_not_sum():
            raise ValidationError({"value": refusal})
        if not self.reason:
            raise ValidationError({"reason": "修正の理由を入力してください。"})

    def _why_not_correct(self) -> str:
        """Why this evaluation tells no correction of the year's figure, or of this owner's."""
        year = self.evaluation.fiscal_year
        if self.fiscal_year not in self.evaluation.earlier_years:
            return (
                f"{fiscal_year_name(year)}の評価書で修正できるのは、計画の期間のうち、前年度までの実績値です。"
                f"{fiscal_year_name(year)}の実績値は、その実績値の欄に入力してください。"
            )
        if self.target.indicator.edition_id != self.evaluation.edition_id:
            return f"{fiscal_year_name(year)}の計画にない数値目標は選べません。"
        actuals = Actual.objects.filter(
            target__thread=self.target.thread, fiscal_year=self.fiscal_year
        )
        if self.municipality_id and actuals.filter(municipality=None).exists():
            return "この年度の実績値は、特区全体の値として入力されています。修正も、特区全体の値として入力してください。"
        others = self._others().filter(evaluation=self.evaluation_id)
        if others.filter(municipality__isnull=self.municipality_id is not None).exists():
            return "同じ評価書で、特区全体の実績値と自治体ごとの実績値の両方を修正することはできません。"
        return ""

    def _others(self) -> models.QuerySet:
        """The other corrections of the figure, up to this evaluation, in the order of the forms that tell them."""
        return (
            Correction.objects.filter(
                target__thread=self.target.thread,
                fiscal_year=self.fiscal_year,
                evaluation__fiscal_year__lte=self.evaluation.fiscal_year,
            )
            .exclude(pk=self.pk)
            .order_by("evaluation__fiscal_year", "pk")
        )

    def _why_not_sum(self) -> str:
        if not (self.value and self.value.bound and self.municipality_id):
            return ""
        actuals = Actual.objects.filter(
            target__thread=self.target.thread, fiscal_year=self.fiscal_year
        )
        standing = standing_figures(self.target, actuals, self._others())
        others = [row for row in standing if row.municipality_id != self.municipality_id]
        return why_not_add_up(self.target, self.value, others)


def standing_figures(
    target: NumericTarget, actuals: Iterable[Actual], corrections: Iterable[Correction]
) -> list[Actual | Correction]:
    """The rows that say a year's figures, after corrections in the order of the forms that tell them.

    The newest of an owner takes the place of what stood before. One of the zone's figure as a whole takes the place of
    all, until a later form corrects a municipality's.
    """
    rows = {row.municipality_id: row for row in actuals}
    whole = None
    for correction in corrections:
        is_of_zone = correction.municipality_id is None or target.aggregation == Aggregation.ONCE
        whole = correction if is_of_zone else None
        if whole is None:
            rows[correction.municipality_id] = correction
    return [whole] if whole else [*rows.values()]
