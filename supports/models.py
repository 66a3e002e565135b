"""Support for the zone: by the nation (FORM 5), by special regulatory measures (4, 別紙2) and by
the region itself (6, 別紙3)."""

from operator import attrgetter

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from evaluations.models.row import EntryRow
from tokku.accounts.models import Municipality
from tokku.fields import LineField, ProseField
from tokku.japanese import fiscal_year_name

NOT_APPLICABLE = "該当なし"


def named_constraint(model: str) -> models.CheckConstraint:
    """No row may be named 該当なし, which the form prints when there are no rows."""
    return models.CheckConstraint(
        condition=~Q(name=NOT_APPLICABLE),
        name=f"{model}_is_named",
        violation_error_message="該当するものがないときは、行を追加せずに空のままにしてください。",
    )


class NationalSupportKind(models.TextChoices):
    FISCAL = "fiscal", "財政支援"
    TAX = "tax", "税制支援"
    LOAN = "loan", "金融支援"


class NationalSupport(EntryRow):
    """A project that the nation supported by a grant, tax relief or a loan (FORM 5)."""

    evaluation = models.ForeignKey(
        "evaluations.Evaluation", on_delete=models.CASCADE, verbose_name="評価書"
    )
    kind = models.CharField("種類", max_length=10, choices=NationalSupportKind)
    position = models.PositiveSmallIntegerField("順序", default=1)
    name = LineField("事業の名称", max_length=300)
    outline = ProseField("事業の概要")
    usage = ProseField("評価対象年度における支援の活用状況と目標達成への寄与")
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, verbose_name="自治体", null=True, blank=True
    )

    tables = NationalSupportKind.choices
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "国の支援（本文5）"
        ordering = ["evaluation", "kind", "position", "pk"]
        constraints = [named_constraint("national_support")]

    def __str__(self):
        return self.name

    @property
    def is_fiscal(self):
        return self.kind == NationalSupportKind.FISCAL

    identity = property(attrgetter("kind", "name", "municipality_id"))


class RegulatoryMeasureKind(models.TextChoices):
    SPECIFIC = "specific", "特定事業（本文4①、別紙2）"
    GENERAL = "general", "一般事業（本文4②）"
    PROPOSAL = "proposal", "規制の特例措置の提案（本文4③）"
    FEASIBLE = "feasible", "現時点で実現可能なことが明らかになった措置による事業（別紙2）"
    NATIONWIDE = "nationwide", "全国展開された措置を活用した事業（別紙2）"


class MinistryEffect(models.TextChoices):
    UNKNOWN = "", "（未記入）"
    RECOGNISED = "recognised", "特例措置の効果が認められる"
    NOT_RECOGNISED = "not_recognised", "特例措置の効果が認められない"


class MinistryFollowUp(models.TextChoices):
    NONE = "", "（未記入）"
    REVIEW = "review", "要件の見直しの必要性あり"
    OTHER = "other", "その他"


class RegulatoryMeasure(EntryRow):
    """A project under a special regulatory measure, or a proposal of one (FORM 4, 別紙2)."""

    evaluation = models.ForeignKey(
        "evaluations.Evaluation", on_delete=models.CASCADE, verbose_name="評価書"
    )
    kind = models.CharField("種類", max_length=10, choices=RegulatoryMeasureKind)
    position = models.PositiveSmallIntegerField("順序", default=1)
    name = LineField("事業の名称", max_length=300)
    details = ProseField("実績及び自己評価")
    all_targets = models.BooleanField("全ての数値目標に関連", default=False)
    targets = models.ManyToManyField(
        "evaluations.NumericTarget", verbose_name="関連する数値目標", blank=True
    )
    used = models.BooleanField(
        "評価対象年度における活用の有無",
        null=True,
        blank=True,
        choices=[(True, "有"), (False, "無")],
    )
    note = ProseField("備考（活用状況等）")
    ministry = LineField("規制所管府省名", max_length=100, blank=True, default="")
    ministry_effect = models.CharField(
        "規制所管府省による評価",
        max_length=20,
        choices=MinistryEffect,
        blank=True,
        default=MinistryEffect.UNKNOWN,
    )
    ministry_follow_up = models.CharField(
        "効果が認められない場合",
        max_length=20,
        choices=MinistryFollowUp,
        blank=True,
        default=MinistryFollowUp.NONE,
    )
    ministry_remarks = ProseField("規制所管府省の特記事項")

    answer_fields = ("all_targets", "targets")
    tables = RegulatoryMeasureKind.choices
    history = HistoricalRecords(m2m_fields=[targets])

    class Meta:
        verbose_name = verbose_name_plural = "規制の特例措置（本文4、別紙2）"
        ordering = ["evaluation", "kind", "position", "pk"]
        constraints = [named_constraint("regulatory_measure")]

    def __str__(self):
        return self.name

    identity = property(attrgetter("kind", "name"))


class SchemeCategory(models.TextChoices):
    """The tables of 別紙3, in their order."""

    FISCAL = "fiscal", "財政支援措置"
    TAX = "tax", "税制支援措置"
    LOAN = "loan", "金融支援措置"
    RELAXATION = "relaxation", "規制緩和"
    TIGHTENING = "tightening", "規制強化"
    OTHER_RULES = "other_rules", "規制緩和・強化等のその他"
    OTHER_PROJECTS = "other_projects", "特区の掲げる目標の達成に寄与したその他の事業"


class Scheme(models.Model):
    """The thread that makes a support scheme the same one in several years, whatever each of them calls it."""

    zone = models.ForeignKey("evaluations.Zone", on_delete=models.PROTECT, verbose_name="特区")

    # What the scheme was called before names were of the year is told in the reasons (decision 0042).
    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        verbose_name = verbose_name_plural = "年度を通じた支援措置"

    def __str__(self):
        rows = self.schemeresult_set.all()
        newest = max(rows, key=lambda row: row.evaluation.fiscal_year, default=None)
        if newest is None:
            return f"支援措置{self.pk}"
        return f"{newest.label}（{fiscal_year_name(newest.evaluation.fiscal_year)}）"


class SchemeResult(EntryRow):
    """A support scheme of the region's own (地域独自の取組) as one year's evaluation reports it: a row of 別紙3."""

    evaluation = models.ForeignKey(
        "evaluations.Evaluation", on_delete=models.CASCADE, verbose_name="評価書"
    )
    scheme = models.ForeignKey(
        Scheme,
        on_delete=models.PROTECT,
        verbose_name="前年度までの支援措置",
        blank=True,
        help_text="前年度までの評価書にも記載した支援措置であれば、選びます。空の場合は、新しい支援措置",
    )
    category = models.CharField("区分", max_length=20, choices=SchemeCategory)
    position = models.PositiveSmallIntegerField("順序", default=1)
    name = LineField("事業名・取組", max_length=300)
    municipalities = models.ManyToManyField(Municipality, verbose_name="自治体名", blank=True)
    other_bodies = LineField("作成主体以外の自治体名等", max_length=300, blank=True, default="")
    outline = ProseField("事業概要")
    all_targets = models.BooleanField("全ての数値目標に関連", default=False)
    targets = models.ManyToManyField(
        "evaluations.NumericTarget", verbose_name="関連する数値目標", blank=True
    )
    result = ProseField("実績")

    answer_fields = ("all_targets", "targets")
    quiet_fields = ("municipalities",)
    tables = SchemeCategory.choices
    history = HistoricalRecords(m2m_fields=[municipalities, targets])

    class Meta:
        verbose_name = verbose_name_plural = "地域独自の支援措置（別紙3）"
        ordering = ["evaluation", "position", "pk"]
        constraints = [
            named_constraint("scheme_result"),
            models.UniqueConstraint(
                fields=["evaluation", "scheme"],
                name="scheme_result_once",
                violation_error_message="この支援措置は、この年度の評価書に既にあります。",
            ),
        ]

    def __str__(self):
        return f"{self.evaluation} {self.name}"

    def save(self, *args, **kwargs):
        """A row that goes on from no other year begins a thread of its own."""
        if self.scheme_id is None:
            self.scheme = Scheme.objects.create(zone_id=self.evaluation.zone_id)
        super().save(*args, **kwargs)

    @property
    def label(self):
        return f"{self.get_category_display()}「{self.name}」"

    identity = property(attrgetter("scheme_id"))

    kind_in_form = property(attrgetter("category"))

    @property
    def owner_ids(self):
        return frozenset(municipality.pk for municipality in self.municipalities.all())

    @property
    def bodies(self):
        """Whose scheme it is: the names of authors, then the words on others."""
        names = map(str, self.municipalities.all())
        return (*names, *filter(None, [self.other_bodies]))


class RegionalTextKind(models.TextChoices):
    NARRATIVE = "narrative", "地域独自の取組の状況及び自己評価（本文6）"
    ORGANISATION = "organisation", "体制強化（別紙3）"
    PRIVATE = "private", "民間の取組等（別紙3）"


class RegionalText(EntryRow):
    """A part of the text on the region's own efforts: one municipality's, or the joint part."""

    evaluation = models.ForeignKey(
        "evaluations.Evaluation", on_delete=models.CASCADE, verbose_name="評価書"
    )
    kind = models.CharField("種類", max_length=20, choices=RegionalTextKind)
    position = models.PositiveSmallIntegerField("順序", default=1)
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        verbose_name="自治体",
        null=True,
        blank=True,
        help_text="空の場合は、共同の部分",
    )
    text = ProseField("内容")

    tables = RegionalTextKind.choices
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "地域独自の取組（本文6、別紙3）"
        ordering = ["evaluation", "kind", "position", "pk"]

    def __str__(self):
        return f"{self.get_kind_display()} {self.municipality or '共同'}"

    @property
    def label(self):
        return f"{self.get_kind_display()}：{self.municipality or '共同'}"

    @property
    def joint_label(self):
        return self.get_kind_display()

    identity = property(attrgetter("kind", "municipality_id"))
