"""The sheets of support: by the nation, by special measures, and by the region itself.

The keys are those of decision 0013.
"""

from evaluations.admin.sheets.evaluations import (
    Municipalities,
    OfEvaluation,
    OfOwner,
    with_its_fields,
)
from supports.models import (
    NationalSupport,
    RegionalText,
    RegulatoryMeasure,
    Scheme,
    SchemeResult,
)
from tokku.spreadsheets.resources import column
from tokku.spreadsheets.widgets import MunicipalityCodeWidget


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


@with_its_fields
class SchemeResultResource(OfEvaluation):
    """A new row goes on from the scheme with the same key in another year; else it is a new scheme."""

    prefetched = ("municipalities", "targets__indicator")

    municipalities = column("municipalities", "自治体コード", Municipalities())

    class Meta:
        model = SchemeResult
        import_id_fields = ["zone_slug", "fiscal_year", "category", "name", "municipalities"]

    def natural_keys(self, model):
        if model is not Scheme:
            yield from super().natural_keys(model)
            return
        rows = self.rules.rows(SchemeResult).select_related("evaluation", "scheme")
        schemes = {}
        for row in rows.prefetch_related("municipalities"):
            codes = frozenset(municipality.key for municipality in row.municipalities.all())
            schemes[row.evaluation.zone_id, row.category, row.name, codes, row.scheme] = None
        yield from ((tuple(key), scheme) for *key, scheme in schemes)

    def new_row(self, zone_slug, fiscal_year, category, name, municipalities):
        evaluation = self.evaluation(zone_slug, fiscal_year)
        key = (evaluation.zone_id, category, name, municipalities)
        scheme = self.find(Scheme, key, "name")
        return SchemeResult(evaluation=evaluation, category=category, name=name, scheme=scheme)


@with_its_fields
class RegionalTextResource(OfOwner):
    code = column("municipality__key", "自治体コード", MunicipalityCodeWidget("共同"))

    class Meta:
        model = RegionalText
        import_id_fields = ["zone_slug", "fiscal_year", "kind", "code", "position"]
