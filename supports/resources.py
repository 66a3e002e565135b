"""The sheets of support: by the nation, by special measures, and by the region itself.

On top, like the admin that offers them. The keys are those of decision 0013.
"""

from evaluations.resources import Municipalities, OfEvaluation, Targets, ZoneSheet
from supports.models import (
    MinistryEffect,
    MinistryFollowUp,
    NationalSupport,
    NationalSupportKind,
    RegionalText,
    RegionalTextKind,
    RegulatoryMeasure,
    RegulatoryMeasureKind,
    Scheme,
    SchemeCategory,
    SchemeResult,
)
from tokku.spreadsheets.resources import column
from tokku.spreadsheets.widgets import Choice, Code, Count, YesNo


class NationalSupportResource(OfEvaluation):
    related = (*OfEvaluation.related, "municipality")

    kind = column("kind", "種類", Choice(NationalSupportKind.choices))
    code = column("municipality__code", "自治体コード", Code("特区全体"))
    position = column("position", "順序", Count())
    municipality_name = column("municipality__name", "自治体名", readonly=True)
    name = column("name", "事業の名称")
    outline = column("outline", "事業の概要")
    usage = column("usage", "評価対象年度における支援の活用状況と目標達成への寄与")

    class Meta:
        model = NationalSupport
        import_id_fields = ["zone_slug", "fiscal_year", "kind", "code", "position"]

    def make(self, zone_slug, fiscal_year, kind, code, position):
        return NationalSupport(
            evaluation=self.evaluation(zone_slug, fiscal_year),
            kind=kind,
            municipality=self.municipality(code),
            position=position,
        )


class RegulatoryMeasureResource(OfEvaluation):
    prefetched = ("targets__indicator",)

    kind = column("kind", "種類", Choice(RegulatoryMeasureKind.choices))
    position = column("position", "順序", Count())
    name = column("name", "事業の名称")
    details = column("details", "実績及び自己評価")
    all_targets = column("all_targets", "全ての数値目標に関連", YesNo())
    targets = column("targets", "関連する数値目標", Targets())
    used = column("used", "評価対象年度における活用の有無", Choice([(True, "有"), (False, "無")]))
    note = column("note", "備考（活用状況等）")
    ministry = column("ministry", "規制所管府省名")
    ministry_effect = column(
        "ministry_effect", "規制所管府省による評価", Choice(MinistryEffect.choices)
    )
    ministry_follow_up = column(
        "ministry_follow_up", "効果が認められない場合", Choice(MinistryFollowUp.choices)
    )
    ministry_remarks = column("ministry_remarks", "規制所管府省の特記事項")

    class Meta:
        model = RegulatoryMeasure
        import_id_fields = ["zone_slug", "fiscal_year", "kind", "position"]

    def make(self, zone_slug, fiscal_year, kind, position):
        evaluation = self.evaluation(zone_slug, fiscal_year)
        return RegulatoryMeasure(evaluation=evaluation, kind=kind, position=position)


class SchemeResource(ZoneSheet):
    """Everything that a scheme says tells which it is: a sheet adds schemes, and changes none."""

    related = ("zone",)
    prefetched = ("municipalities", "zone__evaluation_set")

    zone_slug = column("zone__slug", "特区")
    category = column("category", "区分", Choice(SchemeCategory.choices))
    name = column("name", "事業名・取組")
    municipalities = column("municipalities", "自治体コード", Municipalities())

    class Meta:
        model = Scheme
        import_id_fields = ["zone_slug", "category", "name", "municipalities"]

    def make(self, zone_slug, category, name, municipalities):
        return Scheme(zone=self.zone(zone_slug), category=category, name=name)


class SchemeResultResource(OfEvaluation):
    related = (*OfEvaluation.related, "scheme")
    prefetched = ("scheme__municipalities", "targets__indicator")

    category = column("scheme__category", "区分", Choice(SchemeCategory.choices))
    name = column("scheme__name", "事業名・取組")
    codes = column("scheme__municipalities", "自治体コード", Municipalities())
    position = column("position", "順序", Count())
    outline = column("outline", "事業概要")
    all_targets = column("all_targets", "全ての数値目標に関連", YesNo())
    targets = column("targets", "関連する数値目標", Targets())
    result = column("result", "実績")

    class Meta:
        model = SchemeResult
        import_id_fields = ["zone_slug", "fiscal_year", "category", "name", "codes"]

    def natural_keys(self, model):
        if model is not Scheme:
            yield from super().natural_keys(model)
            return
        for row in self.rules.rows(Scheme).prefetch_related("municipalities"):
            codes = frozenset(one.code for one in row.municipalities.all())
            yield (row.zone_id, row.category, row.name, codes), row

    def make(self, zone_slug, fiscal_year, category, name, codes):
        evaluation = self.evaluation(zone_slug, fiscal_year)
        scheme = self.find(
            Scheme,
            (evaluation.zone_id, category, name, codes),
            "name",
            f"この区分・自治体の支援措置に「{name}」はありません。先に支援措置を登録してください。",
        )
        return SchemeResult(evaluation=evaluation, scheme=scheme)


class RegionalTextResource(OfEvaluation):
    related = (*OfEvaluation.related, "municipality")

    kind = column("kind", "種類", Choice(RegionalTextKind.choices))
    code = column("municipality__code", "自治体コード", Code("共同"))
    position = column("position", "順序", Count())
    municipality_name = column("municipality__name", "自治体名", readonly=True)
    text = column("text", "内容")

    class Meta:
        model = RegionalText
        import_id_fields = ["zone_slug", "fiscal_year", "kind", "code", "position"]

    def make(self, zone_slug, fiscal_year, kind, code, position):
        return RegionalText(
            evaluation=self.evaluation(zone_slug, fiscal_year),
            kind=kind,
            municipality=self.municipality(code),
            position=position,
        )
