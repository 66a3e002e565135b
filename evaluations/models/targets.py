"""Indicators, their numeric targets, and the figures of each year."""

from collections.abc import Iterable
from operator import attrgetter
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from evaluations import catalogue
from evaluations.catalogue.structure import Excuse
from evaluations.keys import TargetKey
from evaluations.models.plan import PlanEdition
from evaluations.models.row import EntryQuerySet, EntryRow
from evaluations.progress import Formula
from tokku.accounts.models import Municipality
from tokku.fields import FigureField, LineField, ProseField
from tokku.figures import Figure, is_unit, why_other_unit
from tokku.japanese import fiscal_year_name, fold, plain
from tokku.records import Record


def decimals_of(figure: Figure) -> int:
    """How many decimals a figure needs: none for 8.0."""
    return len(plain(figure.number).partition(".")[2]) if figure.digits else 0


class Indicator(Record):
    """An evaluation indicator (評価指標) of an edition of the plan, measured by one or more numeric targets."""

    edition = models.ForeignKey(PlanEdition, on_delete=models.CASCADE, verbose_name="計画の版")
    number = models.PositiveSmallIntegerField("番号", validators=[MinValueValidator(1)])
    name = LineField("名称", max_length=300)

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "評価指標"
        ordering = ["edition", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "number"],
                name="indicator_number_once",
                violation_error_message="同じ番号の評価指標が既にあります。",
            )
        ]

    def __str__(self):
        return f"評価指標（{self.number}）：{self.name}"


class Nature(models.TextChoices):
    FLOW = "flow", "毎年度の値を積み上げる（累計）"
    RUNNING = "running", "毎年度の値が計画期間の初めからの累計"
    LEVEL = "level", "水準（基準値から最終年度の値へ）"


class Aggregation(models.TextChoices):
    SUM = "sum", "各自治体の実績値を合計する"
    ONCE = "once", "特区全体の値を一度だけ入力する"


class NumericTargetQuerySet(models.QuerySet):
    def of_editions(self, editions):
        """The targets of editions (rows or their keys), those of each in the order of the form."""
        of_editions = self.filter(indicator__edition__in=editions).select_related("indicator")
        return of_editions.order_by("indicator__number", "number")

    def of_edition(self, edition):
        return self.of_editions([edition])


class NumericTarget(Record):
    """A numeric target (数値目標) that the zone has set itself, as an edition of its plan has it.

    Rows of a year refer to the targets of the edition that the year's evaluation goes by, and actuals to those of the
    edition that held in their year.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, verbose_name="評価指標")
    # The same in all editions of the plan, whatever the target is called in them.
    thread = models.UUIDField("版を通じた識別子", default=uuid4, editable=False, db_index=True)
    number = models.PositiveSmallIntegerField(
        "番号",
        default=1,
        validators=[MinValueValidator(1)],
        help_text="評価指標の中での番号（①なら 1）",
    )
    name = LineField("名称", max_length=300)
    unit = LineField("単位", max_length=20)
    nature = models.CharField("種類", max_length=10, choices=Nature, default=Nature.FLOW)
    total = FigureField("計画期間の目標", help_text="累計の目標。水準の場合は目標年度の値")
    total_in_man = models.BooleanField(
        "本文では万単位で記載", default=False, help_text="例：245,000人を24.5万人と記載"
    )
    decimals = models.PositiveSmallIntegerField("小数の桁数", default=0)
    weight = models.DecimalField(
        "寄与度（％）",
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="一つの評価指標に対して複数の数値目標がある場合、それぞれの数値目標が評価指標に与える寄与度",
    )
    formula = models.CharField(
        "進捗度の算式",
        max_length=20,
        choices=[(formula.value, formula.label) for formula in Formula],
        default=Formula.RATIO.value,
    )
    baseline = FigureField("基準値", null=True, blank=True)
    baseline_year = models.PositiveSmallIntegerField("基準年度", null=True, blank=True)
    baseline_time = LineField(
        "基準時点の記載",
        max_length=30,
        blank=True,
        default="",
        help_text="評価書の記載が「令和3年度」の形と違うときだけ入力します（例：令和3年、令和3年3月末）。",
    )
    goal_year = models.PositiveSmallIntegerField(
        "水準の目標年度",
        null=True,
        blank=True,
        help_text="計画期間の最後の年度と違うときだけ入力します。",
    )
    goal_time = LineField(
        "目標時点の記載",
        max_length=30,
        blank=True,
        default="",
        help_text="評価書の記載が「令和8年度」の形と違うときだけ入力します（例：令和8年、令和8年度末）。",
    )
    aggregation = models.CharField(
        "特区の実績値", max_length=10, choices=Aggregation, default=Aggregation.SUM
    )

    history = HistoricalRecords()
    objects = NumericTargetQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "数値目標"
        ordering = ["indicator", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "number"],
                name="numeric_target_number_once",
                violation_error_message="同じ番号の数値目標が既にあります。",
            ),
            models.CheckConstraint(
                condition=Q(number__range=(1, 50)),
                name="numeric_target_number_has_a_circled_digit",
                violation_error_message="数値目標の番号は、1から50まで（①から㊿まで）です。",
            ),
            models.CheckConstraint(
                condition=Q(weight__isnull=True) | Q(weight__gte=0),
                name="numeric_target_weight_not_negative",
                violation_error_message="寄与度は0以上で入力してください。",
            ),
            models.CheckConstraint(
                condition=Q(decimals__lte=4),
                name="numeric_target_decimals_at_most_four",
                violation_error_message="小数の桁数は4桁までです。",
            ),
            models.CheckConstraint(
                condition=Q(baseline__isnull=True, baseline_year__isnull=True)
                | Q(baseline__isnull=False, baseline_year__isnull=False),
                name="numeric_target_baseline_with_year",
                violation_error_message="基準値と基準年度は、両方とも入力するか、両方とも空にしてください。",
            ),
            models.CheckConstraint(
                condition=~Q(formula=Formula.IMPROVEMENT.value) | Q(baseline__isnull=False),
                name="numeric_target_improvement_has_baseline",
                violation_error_message="基準値からの改善で進捗度を計算するには、基準値が必要です。",
            ),
            models.CheckConstraint(
                condition=Q(total_in_man=False) | ~Q(nature=Nature.LEVEL),
                name="numeric_target_in_man_is_flow",
                violation_error_message="万単位で記載できるのは、累計の目標だけです。",
            ),
        ]

    def __str__(self):
        return f"{self.name}（{self.unit}）"

    def save(self, *args, **kwargs):
        """Another unit or formula makes it another target: figures of before are not figures of it.

        One that it had before makes it the target again that it was then.
        """
        if self._measures_otherwise(self.thread):
            self.thread = uuid4()
        if self.pk:
            before = self.history.filter(unit=self.unit, formula=self.formula).first()
            if before and not self._measures_otherwise(before.thread):
                self.thread = before.thread
        super().save(*args, **kwargs)

    def _measures_otherwise(self, thread: UUID) -> bool:
        """Whether the target of other editions has another unit or formula."""
        others = NumericTarget.objects.filter(thread=thread).exclude(pk=self.pk)
        return any((other.unit, other.formula) != (self.unit, self.formula) for other in others)

    @property
    def place(self) -> TargetKey:
        """Its numbers in the form, by which targets are sorted."""
        return TargetKey(self.indicator.number, self.number)

    @property
    def identity(self) -> tuple[str, str]:
        """What makes it the same target in another term's plan: the names of its indicator and itself."""
        return fold(self.indicator.name), fold(self.name)

    def why_not_state(self, figure: Figure | None) -> str:
        """Why nobody can enter a figure as one of this target: another unit, or one that the form would round.

        From one that is rounded other figures would follow than are printed.
        """
        if figure is None:
            return ""
        if not is_unit(figure.unit, self.unit):
            return f"「{figure}{figure.unit}」は{why_other_unit(figure, self.unit)}"
        if decimals_of(figure) <= self.decimals:
            return ""
        places = f"小数第{self.decimals}位まで" if self.decimals else "整数"
        return (
            f"評価書には{places}（単位：{self.unit}）で印字されます。{places}で入力してください。"
        )

    def why_not_enter(self, name: str, value: Any) -> str:
        match name:
            case "total" | "baseline":
                return self._why_not_plan(value)
            case "decimals":
                return self._why_not_print_with(value)
        return super().why_not_enter(name, value)

    def _why_not_plan(self, figure: Figure | None) -> str:
        if figure and figure.answer:
            return f"「{figure}」は入力できません。数値を入力してください。"
        return self.why_not_state(figure)

    def _why_not_print_with(self, decimals: int) -> str:
        """Why the figures that are stored cannot be printed with fewer decimals than now."""
        stored = NumericTarget.objects.filter(pk=self.pk).first()
        if stored is None or decimals >= stored.decimals:
            return ""
        same = NumericTarget.objects.filter(thread=self.thread)
        yearly, actuals, corrections = (
            rows.values_list(f"{name}__value", flat=True)
            for rows, name in (
                (same.filter(pk=self.pk), "yearlytarget"),
                (same, "actual"),
                (same, "correction"),
            )
        )
        figures = [self.total, self.baseline, *yearly, *actuals, *corrections]
        finest = max(decimals_of(figure) for figure in figures if figure is not None)
        if finest <= decimals:
            return ""
        return f"小数第{finest}位までの数値が登録されているため、桁数を減らせません。先に数値を直してください。"


def _why_not_state(row: "YearlyTarget | Actual", name: str, value: Any) -> str:
    target = getattr(row, "target", None)  # a form may not name one yet
    return target.why_not_state(value) if target and name == "value" else ""


def why_not_add_up(target: NumericTarget, figure: Figure, others: Iterable[EntryRow]) -> str:
    """Why nobody can enter a municipality's figure beside these of others."""
    bounds = {other.value.bound for other in others if other.value} - {"", figure.bound}
    if not (figure.bound and bounds) or target.aggregation != Aggregation.SUM:
        return ""
    return (
        f"ほかの自治体の実績値に「{bounds.pop()}」が付いているため、「{figure.bound}」の値とは合計できません。"
        "どちらかに揃えるか、「約」の値で入力してください。"
    )


class YearlyTarget(Record):
    """The value that a numeric target sets for one fiscal year (目標値)."""

    target = models.ForeignKey(NumericTarget, on_delete=models.CASCADE, verbose_name="数値目標")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    value = FigureField("目標値", null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "年度目標値"
        ordering = ["target", "fiscal_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["target", "fiscal_year"],
                name="yearly_target_once_a_year",
                violation_error_message="この年度の目標値は既にあります。",
            )
        ]

    def __str__(self):
        return f"{self.target} {fiscal_year_name(self.fiscal_year)} 目標値"

    def why_not_enter(self, name: str, value: Any) -> str:
        if name == "value" and value and value.is_not_yet:
            return (
                f"「{value}」は実績値の答えです。目標値は数値で入力するか、空のままにしてください。"
            )
        return _why_not_state(self, name, value) or super().why_not_enter(name, value)


class ActualQuerySet(EntryQuerySet):
    def of_years(self, evaluations):
        return self.filter(
            target__indicator__edition__in={evaluation.edition_id for evaluation in evaluations},
            fiscal_year__in={evaluation.fiscal_year for evaluation in evaluations},
        ).select_related("target__indicator", "municipality")


class Actual(EntryRow):
    """What was reached in one fiscal year (実績値): by one municipality, or by the zone as a whole."""

    target = models.ForeignKey(NumericTarget, on_delete=models.CASCADE, verbose_name="数値目標")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        verbose_name="自治体",
        null=True,
        blank=True,
        help_text="空の場合は、特区全体の実績値",
    )
    value = FigureField("実績値", null=True, blank=True)
    note = ProseField("出典・備考")

    history = HistoricalRecords()
    objects = ActualQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "実績値"
        ordering = ["target", "fiscal_year", "municipality"]
        constraints = [
            models.UniqueConstraint(
                fields=["target", "fiscal_year", "municipality"],
                name="actual_once_a_year_by_municipality",
                violation_error_message="この年度・自治体の実績値は既にあります。",
            ),
            models.UniqueConstraint(
                fields=["target", "fiscal_year"],
                condition=Q(municipality__isnull=True),
                name="actual_once_a_year_for_zone",
                violation_error_message="この年度の特区全体の実績値は既にあります。",
            ),
        ]

    def __str__(self):
        return f"{self.target} {fiscal_year_name(self.fiscal_year)} {self.owner_label} 実績値"

    @property
    def owner_label(self):
        return self.municipality or "特区全体"

    @property
    def label(self):
        return f"実績値「{self.target.name}」（{self.owner_label}）"

    @property
    def joint_label(self):
        return f"数値目標「{self.target.name}」（特区全体）"

    def field_label(self, name):
        label = super().field_label(name)
        return f"{label}（{self.target.unit}）" if name == "value" else label

    year = property(attrgetter("fiscal_year"))
    year_key = property(attrgetter("target.indicator.edition_id", "fiscal_year"))
    identity = property(attrgetter("target.identity", "municipality_id"))

    def place(self, year):
        return *self.target.place, year.place_of(self.municipality_id), self.pk

    def link_loaded(self, year):
        # A target added since the targets were loaded stays as the row has it.
        self.target = year.targets.get(self.target_id) or self.target

    def find_excuses(self, year):
        assessments = year.of_kind(catalogue.ASSESSMENT)
        if any(row.qualitative for row in assessments if row.target_id == self.target_id):
            yield Excuse.ASSESSED_IN_WORDS
        if self.value is None and self.target.aggregation == Aggregation.ONCE:
            target_actuals = (
                row for row in year.of_kind(catalogue.ACTUAL) if row.target_id == self.target_id
            )
            if any(row.value is not None for row in target_actuals):
                yield Excuse.REPORTED_ONCE

    def entry_field(self, name):
        return super().entry_field("value" if name == "actual" else name)

    def why_not_enter(self, name: str, value: Any) -> str:
        return (
            _why_not_state(self, name, value)
            or (self._why_not_add_up(value) if name == "value" else "")
            or super().why_not_enter(name, value)
        )

    def _why_not_add_up(self, figure: Figure | None) -> str:
        """Why the figure cannot be added to those of the other municipalities."""
        if not (figure and figure.bound and self.municipality_id and self.target_id):
            return ""
        others = Actual.objects.filter(
            target__thread=self.target.thread, fiscal_year=self.fiscal_year
        ).exclude(pk=self.pk)
        return why_not_add_up(self.target, figure, others)

    def clean(self):
        """A year of a target has actuals of municipalities or of the zone as a whole, not both."""
        others = Actual.objects.filter(target=self.target_id, fiscal_year=self.fiscal_year)
        if others.filter(municipality__isnull=self.municipality_id is not None).exists():
            raise ValidationError(
                "同じ年度に、特区全体の実績値と自治体ごとの実績値の両方を入力することはできません。"
            )
