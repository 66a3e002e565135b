"""One year's evaluation and the texts of its body and of 別紙1."""

from functools import partial
from operator import attrgetter

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from simple_history.models import HistoricalRecords

from evaluations import catalogue
from evaluations.catalogue.part4_measures import MEASURES
from evaluations.catalogue.structure import Excuse
from evaluations.models.plan import PlanEdition
from evaluations.models.row import EntryQuerySet, EntryRow
from evaluations.models.targets import NumericTarget
from evaluations.models.zone import Zone, ZoneMunicipality
from evaluations.scores import (
    differing_mean,
    parse_score,
    parse_weight,
    printed_score,
    why_no_score,
    why_no_weight,
)
from evaluations.workflow import EVALUATION_MOVES, SEALED, EvaluationState
from tokku.accounts.models import Municipality, Role
from tokku.fields import LineField, ProseField
from tokku.japanese import fiscal_year_name


class AnnouncedFormField(forms.CharField):
    """A line that `stored` brings into the form in which it is kept, or refuses with a ValidationError."""

    def __init__(self, *, stored, **kwargs):
        self.stored = stored
        super().__init__(**kwargs)

    def to_python(self, value):
        value = super().to_python(value)
        return self.stored(value) if value else value


class AnnouncedField(LineField):
    """A line of a result, kept as it was announced."""

    def stored(self, value):
        raise NotImplementedError

    def to_python(self, value):
        value = super().to_python(value)
        return self.stored(value) if value else value

    def get_prep_value(self, value):
        """The value as it is: what is looked for need not be one that is taken."""
        return None if value is None else str(value)

    def formfield(self, **kwargs):
        form_class = partial(AnnouncedFormField, stored=self.stored)
        return super().formfield(**{"form_class": form_class} | kwargs)


class ScoreField(AnnouncedField):
    """The experts' score, a number with its digits or a letter (scores.py); None when it is not entered."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_length": 20} | kwargs)

    def stored(self, value):
        try:
            return parse_score(value)
        except ValueError:
            raise ValidationError(why_no_score(value)) from None

    def to_python(self, value):
        return super().to_python(value) or None


class WeightField(AnnouncedField):
    """The weight of a part of a score, a number above zero with its digits."""

    def stored(self, value):
        try:
            return parse_weight(value)
        except ValueError:
            raise ValidationError(why_no_weight(value)) from None


class EvaluationQuerySet(EntryQuerySet):
    def of_years(self, evaluations):
        return evaluations

    def visible_to(self, user):
        """Those of the person's zones; an official of an author that has left reads no later drafts."""
        visible = self.filter(zone__in=Zone.objects.visible_to(user))
        if user.role != Role.OFFICIAL:
            return visible
        members = ZoneMunicipality.objects.filter(
            zone=OuterRef("zone"), municipality=user.municipality_id
        ).in_year(OuterRef("fiscal_year"))
        return visible.filter(Exists(members) | Q(state__in=SEALED))

    def locked(self, pk):
        """The evaluation, locked until the transaction ends, so that edits, hand-ins and sealing wait for each other."""
        return (
            self.select_related("zone", "edition__plan").select_for_update(of=["self"]).get(pk=pk)
        )


class Evaluation(EntryRow):
    """A zone's evaluation (総合特別区域評価書) of one fiscal year."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, verbose_name="特区")
    edition = models.ForeignKey(
        PlanEdition, on_delete=models.PROTECT, verbose_name="計画の版", blank=True
    )
    fiscal_year = models.PositiveSmallIntegerField("年度", help_text="西暦（例：2023）")
    deadline = models.DateField("提出期限", null=True, blank=True)
    state = models.CharField(
        "状態", max_length=20, choices=EvaluationState, default=EvaluationState.PREPARING
    )

    previous_score = ScoreField("前年度の評価点", null=True, blank=True)
    previous_remarks = ProseField("前年度の評価における専門家所見")
    response_to_previous = ProseField("前年度の評価結果を踏まえた取組状況等")
    considerations = ProseField("本年度の評価に際して考慮すべき事項")
    weight_rationale = ProseField("寄与度の考え方")
    pathway = ProseField(
        "総合特区として実現しようとする目標の達成に、特区で実施する各事業が連携することにより与える効果及び道筋",
    )
    no_measures_reason = ProseField("規制の特例措置に該当する事業が無い理由")
    fiscal_support_count = models.PositiveSmallIntegerField(
        "財政支援の事業件数", null=True, blank=True
    )
    no_fiscal_support_reason = ProseField("財政支援に該当する事業がない理由")
    tax_support_count = models.PositiveSmallIntegerField(
        "税制支援の適用件数", null=True, blank=True
    )
    loan_support_count = models.PositiveSmallIntegerField(
        "金融支援の新規契約件数", null=True, blank=True
    )
    overall = ProseField("総合評価")

    sent_on = models.DateField("内閣府への提出日", null=True, blank=True)
    score = ScoreField(
        "評価点",
        null=True,
        blank=True,
        help_text="この評価書に対して返ってきた評価点。通知のとおりの桁又は評語（例：3.95、4.0、Ａ）",
    )
    remarks = ProseField("専門家所見", help_text="この評価書に対して返ってきた所見。1件につき1行")

    history = HistoricalRecords()
    objects = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "評価書"
        ordering = ["zone", "-fiscal_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "fiscal_year"],
                name="evaluation_once_a_year",
                violation_error_message="この年度の評価書は既にあります。",
            ),
        ]

    def __str__(self):
        return f"{self.zone} {fiscal_year_name(self.fiscal_year)}"

    label = "評価書の本文"
    moves = EVALUATION_MOVES
    identity = ()  # a year has one

    year = property(attrgetter("fiscal_year"))
    year_key = property(attrgetter("pk"))

    def link_loaded(self, year):
        """Do nothing: other rows are linked to their evaluation, and this is the evaluation itself."""

    def find_excuses(self, year):
        if any(row.kind in MEASURES for row in year.of_kind(catalogue.MEASURE)):
            yield Excuse.HAS_MEASURES
        if any(row.is_fiscal for row in year.of_kind(catalogue.NATIONAL_SUPPORT)):
            yield Excuse.HAS_FISCAL_SUPPORT

    @property
    def plan(self):
        return self.edition.plan

    @property
    def earlier_years(self):
        """The years of its plan whose figures its form prints too, and may correct."""
        return range(self.plan.first_year, self.fiscal_year)

    @property
    def zone_name(self):
        """The name of the zone in its year."""
        return self.edition.zone_name or self.zone.name

    @property
    def authors(self):
        """The municipalities that make it up (作成主体), in their order."""
        return self.zone.authors_in(self.fiscal_year)

    @property
    def printed_score(self):
        """The score that came back for it as the form of the next year prints it; "" without one."""
        return printed_score(self.score) if self.score else ""

    def why_parts_differ(self, parts):
        """A sentence where the mean of these parts of its result is another figure than the score; else ""."""
        rows = [(part.score, part.weight) for part in parts]
        mean = differing_mean(self.score, rows) if self.score else None
        if mean is None:
            return ""
        return (
            f"内訳の評価点を重みで平均すると{mean}点になり、評価点の{self.printed_score}と違います。"
            "通知を確かめてください。"
        )

    @property
    def log(self):
        """Its own moves, newest first, without those of its submissions."""
        return self.statuschange_set.filter(submission=None)

    @property
    def last_year(self):
        """The zone's evaluation of the year before, None without one."""
        earlier = Evaluation.objects.filter(zone=self.zone_id, fiscal_year=self.fiscal_year - 1)
        return earlier.select_related("zone", "edition__plan").first()

    @property
    def is_newest(self):
        """Whether the zone has no evaluation of a later year."""
        later = Evaluation.objects.filter(zone=self.zone_id, fiscal_year__gt=self.fiscal_year)
        return not later.exists()

    def clean(self):
        """A new evaluation goes by the edition that holds in its year; later ones leave it as it was."""
        if not self.zone_id or not self.fiscal_year or self.edition_id:
            return  # The form says already what is missing.
        edition = PlanEdition.objects.holding_in(self.zone, self.fiscal_year)
        if edition is None:
            raise ValidationError({"fiscal_year": "計画の期間に含まれる年度を入力してください。"})
        self.edition = edition


class ResultPart(EntryRow):
    """A part of the result that came back for an evaluation, as it was announced. The score is not computed of them."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, verbose_name="評価書")
    position = models.PositiveSmallIntegerField("順序", default=1)
    name = LineField("内訳の名称", max_length=100)
    score = ScoreField("評価点")
    weight = WeightField(
        "重み",
        max_length=20,
        default="1",
        help_text="平均するときの割合（1:1:2 なら、1、1、2）",
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "評価結果の内訳"
        ordering = ["evaluation", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "name"],
                name="result_part_once",
                violation_error_message="同じ名称の内訳が既にあります。",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def label(self):
        return f"評価結果の内訳「{self.name}」"

    @property
    def printed_score(self):
        return printed_score(self.score)

    identity = property(attrgetter("name"))


class TargetAssessment(EntryRow):
    """The texts of one sheet of 別紙1: a numeric target in one year's evaluation."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, verbose_name="評価書")
    target = models.ForeignKey(NumericTarget, on_delete=models.CASCADE, verbose_name="数値目標")
    qualitative = ProseField("定性的評価")
    alternative = ProseField("代替指標又は定性的評価の考え方")
    strategy = ProseField("目標達成の考え方及び目標達成に向けた主な取組、関連事業")
    target_basis = ProseField("各年度の目標設定の考え方や数値の根拠等")
    self_assessment = ProseField("進捗状況に係る自己評価")
    external_factors = ProseField("外部要因等特記事項")

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "数値目標の評価（別紙1）"
        ordering = ["evaluation", "target"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "target"],
                name="target_assessment_once",
                violation_error_message="この数値目標の評価は既にあります。",
            )
        ]

    def __str__(self):
        return f"{self.evaluation} {self.target}"

    @property
    def label(self):
        return f"別紙1「{self.target.name}」"

    identity = property(attrgetter("target.identity"))

    def place(self, year):
        return self.target.place

    def link_loaded(self, year):
        super().link_loaded(year)
        self.target = year.targets.get(self.target_id) or self.target


class Approach(EntryRow):
    """An approach (解決策) to the goal, with the numeric targets it serves (FORM 3④)."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, verbose_name="評価書")
    position = models.PositiveSmallIntegerField("順序", default=1)
    targets = models.ManyToManyField(NumericTarget, verbose_name="寄与する数値目標", blank=True)
    narrative = ProseField("内容")
    result_label = LineField("成果の見出し", max_length=300, blank=True, default="")

    history = HistoricalRecords(m2m_fields=[targets])

    class Meta:
        verbose_name = verbose_name_plural = "解決策"
        ordering = ["evaluation", "position", "pk"]

    def __str__(self):
        return f"{self.evaluation} {self.label}"

    @property
    def label(self):
        return f"解決策{self.position}"

    identity = property(attrgetter("position"))

    def rows_below(self):
        return self.achievement_set.select_related("municipality")


class AchievementLevel(models.TextChoices):
    MAIN = "main", "○ 取組・成果"
    SUB = "sub", "・ その内訳"


class AchievementQuerySet(EntryQuerySet):
    def of_years(self, evaluations):
        return super().of_years(evaluations).select_related("approach")


class Achievement(EntryRow):
    """What was done and achieved under an approach (具体的な取組・成果)."""

    approach = models.ForeignKey(Approach, on_delete=models.CASCADE, verbose_name="解決策")
    position = models.PositiveSmallIntegerField("順序", default=1)
    level = models.CharField(
        "段階", max_length=10, choices=AchievementLevel, default=AchievementLevel.MAIN
    )
    heading = LineField("見出し", max_length=300)
    text = ProseField("内容")
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, verbose_name="自治体", null=True, blank=True
    )

    history = HistoricalRecords()
    objects = AchievementQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "取組・成果"
        ordering = ["approach", "position", "pk"]

    def __str__(self):
        return self.heading

    evaluation = property(attrgetter("approach.evaluation"))

    year_key = property(attrgetter("approach.evaluation_id"))
    identity = property(attrgetter("heading", "municipality_id"))

    @property
    def list_key(self):
        return type(self), self.approach_id

    def place(self, year):
        return *self.approach.place(year), self.position, self.pk

    def link_loaded(self, year):
        self.approach = year.approaches.get(self.approach_id) or self.approach

    def find_excuses(self, year):
        lower = year.next_row(self)
        if (
            lower
            and lower.approach_id == self.approach_id
            and (self.level, lower.level) == (AchievementLevel.MAIN, AchievementLevel.SUB)
        ):
            yield Excuse.HEADS_ENTRIES
