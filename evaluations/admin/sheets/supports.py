"""The sheets of support: by the nation, by special measures, and by the region itself.

The keys are those of decision 0013.
"""

from evaluations.admin.sheets.evaluations import (
    Municipalities,
    OfEvaluation,
    OfOwner,
    ZoneSheet,
    with_its_fields,
)
from supports.models import (
    NationalSupport,
    RegionalText,
    RegulatoryMeasure,
    Scheme,
    SchemeCategory,
    SchemeResult,
)
from tokku.spreadsheets.resources import column
from tokku.spreadsheets.widgets import ChoiceWidget, MunicipalityCodeWidget


@with_its_fields
class NationalSupportResource(OfOwner):
    class Meta:
        model = NationalSupport
        import_id_fields = ["zone_slug", "fiscal_year", "kind", "code", "position"]


@with_its_fields
class RegulatoryMeasureResource(OfEvaluation):
    prefetched = ("targets__indicator",)

    class Meta:
        model = RegulatoryMeasure
        import_id_fields = ["zone_slug", "fiscal_year", "kind", "position"]


class SchemeResource(ZoneSheet):
    """All columns of a scheme are its key: a sheet can add schemes, but not change them."""

    related = ("zone",)
    prefetched = ("municipalities", "zone__evaluation_set")

    zone_slug = column("zone__slug", "特区")
    category = column("category", "区分", ChoiceWidget(SchemeCategory.choices))
    name = column("name", "事業名・取組")
    municipalities = column("municipalities", "自治体コード", Municipalities())

    class Meta:
        model = Scheme
        import_id_fields = ["zone_slug", "category", "name", "municipalities"]

    def new_row(self, zone_slug, category, name, municipalities):
        return Scheme(zone=self.zone(zone_slug), category=category, name=name)


@with_its_fields
class SchemeResultResource(OfEvaluation):
    related = (*OfEvaluation.related, "scheme")
    prefetched = ("scheme__municipalities", "targets__indicator")

    category = column("scheme__category", "区分", ChoiceWidget(SchemeCategory.choices))
    name = column("scheme__name", "事業名・取組")
    codes = column("scheme__municipalities", "自治体コード", Municipalities())

    class Meta:
        model = SchemeResult
        import_id_fields = ["zone_slug", "fiscal_year", "category", "name", "codes"]

    def natural_keys(self, model):
        if model is not Scheme:
            yield from super().natural_keys(model)
            return
        for row in self.rules.rows(Scheme).prefetch_related("municipalities"):
            codes = frozenset(municipality.key for municipality in row.municipalities.all())
            yield (row.zone_id, row.category, row.name, codes), row

    def new_row(self, zone_slug, fiscal_year, category, name, codes):
        evaluation = self.evaluation(zone_slug, fiscal_year)
        scheme = self.find(
            Scheme,
            (evaluation.zone_id, category, name, codes),
            "name",
            f"この区分・自治体の支援措置に「{name}」はありません。先に支援措置を登録してください。",
        )
        return SchemeResult(evaluation=evaluation, scheme=scheme)


@with_its_fields
class RegionalTextResource(OfOwner):
    code = column("municipality__key", "自治体コード", MunicipalityCodeWidget("共同"))

    class Meta:
        model = RegionalText
        import_id_fields = ["zone_slug", "fiscal_year", "kind", "code", "position"]
