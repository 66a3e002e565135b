"""The zone's plan for a term of years, and its editions: the plan as it stands from a fiscal year on."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from evaluations.models.zone import FIRST_YEAR, LAST_YEAR, Zone
from tokku.fields import LineField, ProseField
from tokku.japanese import fiscal_year_name
from tokku.records import Record

# The years that a plan may cover; sheets of 別紙1 have a column for each.
MOST_YEARS = 10


class Plan(Record):
    """The zone's plan (総合特区計画) for one term of years. What it says is in its editions."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, verbose_name="特区")
    term = models.PositiveSmallIntegerField("期", help_text="第3期なら 3")
    first_year = models.PositiveSmallIntegerField("最初の年度", help_text="西暦（例：2022）")
    last_year = models.PositiveSmallIntegerField("最後の年度", help_text="西暦（例：2026）")

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "総合特区計画"
        ordering = ["zone", "first_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "term"],
                name="plan_term_once",
                violation_error_message="同じ期の計画が既にあります。",
            ),
            models.CheckConstraint(
                condition=Q(last_year__gte=F("first_year")),
                name="plan_years_in_order",
                violation_error_message="最後の年度は、最初の年度以後にしてください。",
            ),
            models.CheckConstraint(
                condition=Q(first_year__range=(FIRST_YEAR, LAST_YEAR)),
                name="plan_years_western",
                violation_error_message="年度は西暦で入力してください（例：令和4年度は 2022）。",
            ),
            models.CheckConstraint(
                condition=Q(last_year__lt=F("first_year") + MOST_YEARS),
                name="plan_at_most_ten_years",
                violation_error_message=f"計画の期間は、{MOST_YEARS}年度までです。",
            ),
        ]

    def __str__(self):
        years = f"{fiscal_year_name(self.first_year)}～{fiscal_year_name(self.last_year)}"
        return f"第{self.term}期計画（{years}）"

    def clean(self):
        others = Plan.objects.filter(zone=self.zone_id).exclude(pk=self.pk)
        if None in (self.zone_id, self.term, self.first_year):
            return  # The form says already what is missing.
        for other in others:
            if other.term != self.term and (
                (other.term < self.term) != (other.first_year < self.first_year)
            ):
                raise ValidationError(
                    {"term": f"{other}があります。期は、年度の順にしてください。"}
                )

    @property
    def years(self):
        return range(self.first_year, self.last_year + 1)

    def edition_of(self, fiscal_year: int) -> "PlanEdition | None":
        """The edition that holds in a year of the plan; the first one before all others too."""
        editions = self.planedition_set.all()
        return editions.filter(first_year__lte=fiscal_year).last() or editions.first()


class PlanEditionQuerySet(models.QuerySet):
    def holding_in(self, zone: Zone, fiscal_year: int) -> "PlanEdition | None":
        """The edition that a zone's evaluation of a year goes by; None when no plan covers the year."""
        years = {"first_year__lte": fiscal_year, "last_year__gte": fiscal_year}
        plan = Plan.objects.filter(zone=zone, **years).last()
        return plan and plan.edition_of(fiscal_year)


class PlanEdition(Record):
    """A plan as it was certified (認定, 変更認定): what it says, which indicators and targets it has.

    It holds from a fiscal year until the year before the next edition's. Each evaluation goes by one edition, so that
    a change of the plan never changes what an earlier year says.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, verbose_name="計画")
    first_year = models.PositiveSmallIntegerField(
        "適用する最初の年度", help_text="西暦。この年度の評価書から、この版の内容を記載します。"
    )
    certified_on = models.DateField(
        "最終認定日",
        null=True,
        blank=True,
        help_text="変更認定を受けた日。当初の認定だけのときは、空のままにします（本文2③）。",
    )
    reason = ProseField("変更の内容と理由")
    zone_name = LineField(
        "特区の名称",
        max_length=200,
        blank=True,
        default="",
        help_text="今の名称と違うときだけ入力します（本文1）。",
    )
    overview = ProseField("総合特区計画の概要", help_text="本文2①に記載します。")
    goal = ProseField("総合特区計画の目指す目標", help_text="本文2②に記載します。")

    history = HistoricalRecords()
    objects = PlanEditionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "計画の版"
        ordering = ["plan", "first_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "first_year"],
                name="plan_edition_once_a_year",
                violation_error_message="同じ年度からの版が既にあります。",
            ),
        ]

    def __str__(self):
        return f"{self.plan} {fiscal_year_name(self.first_year)}からの版"

    def clean(self):
        if not self.plan_id:
            return  # The form says already that it is missing.
        if self.first_year not in self.plan.years:
            raise ValidationError({"first_year": "計画の期間に含まれる年度を入力してください。"})
        if self.certified_on and self.certified_on < self.plan.zone.certified_on:
            raise ValidationError(
                {"certified_on": "最終認定日は、計画の認定日以後の日にしてください。"}
            )
