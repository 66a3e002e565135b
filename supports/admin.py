"""The admin of support: by the nation, by special measures, and by the region itself."""

from django.contrib import admin

from evaluations.admin.base.access import access_of
from evaluations.admin.base.entry import EntryAdmin
from evaluations.admin.base.import_export import SpreadsheetAdmin
from evaluations.admin.base.lists import (
    VisibleFilter,
    YearFilter,
    length,
    year_of_evaluation,
)
from evaluations.admin.sheets.supports import (
    NationalSupportResource,
    RegionalTextResource,
    RegulatoryMeasureResource,
    SchemeResultResource,
)
from evaluations.catalogue.part4_measures import ANNEX
from supports.models import NationalSupport, RegionalText, RegulatoryMeasure, SchemeResult


@admin.register(NationalSupport)
class NationalSupportAdmin(SpreadsheetAdmin, EntryAdmin):
    resource_class = NationalSupportResource
    zone_path = "evaluation__zone"
    owner_path = "municipality"
    list_display = ["name", year_of_evaluation, "kind", "municipality", "position"]
    list_filter = [YearFilter, "kind", ("municipality", VisibleFilter)]
    list_select_related = ["evaluation__zone", "municipality"]
    search_fields = ["name", "outline", "usage"]


@admin.register(RegulatoryMeasure)
class RegulatoryMeasureAdmin(SpreadsheetAdmin, EntryAdmin):
    resource_class = RegulatoryMeasureResource
    zone_path = "evaluation__zone"
    list_display = ["name", year_of_evaluation, "kind", "position", "used"]
    list_filter = [YearFilter, "kind"]
    list_select_related = ["evaluation__zone"]
    search_fields = ["name", "details", "note"]

    def title_over(self, field):
        if field.name.startswith("ministry"):
            return "規制所管府省による評価"
        part = field.heading or field.printed_in
        return ANNEX if part and ANNEX in (part, part.within) else None


@admin.register(SchemeResult)
class SchemeResultAdmin(SpreadsheetAdmin, EntryAdmin):
    """`scheme` joins the rows of several years: what an earlier row of it says stays as it is."""

    resource_class = SchemeResultResource
    zone_path = "evaluation__zone"
    owner_path = "municipalities"
    list_display = ["name", year_of_evaluation, "category", "owners", "position"]
    list_filter = [YearFilter, "category", ("municipalities", VisibleFilter)]
    list_select_related = ["evaluation__zone"]
    search_fields = ["name", "other_bodies", "outline", "result"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("municipalities")

    def refusals(self, request, row, cleaned):
        yield from super().refusals(request, row, cleaned)
        evaluation = self.evaluation_of(row)
        if not evaluation or "municipalities" not in cleaned:
            return
        old_owners = row.owner_ids if row.pk else frozenset()
        new_owners = {municipality.pk for municipality in cleaned["municipalities"]}
        if refusal := access_of(request, evaluation).why_not_share(old_owners, new_owners):
            yield "municipalities", refusal

    @admin.display(description="自治体名")
    def owners(self, row):
        return "、".join(row.bodies)


@admin.register(RegionalText)
class RegionalTextAdmin(SpreadsheetAdmin, EntryAdmin):
    resource_class = RegionalTextResource
    zone_path = "evaluation__zone"
    owner_path = "municipality"
    no_municipality_label = "共同"
    list_display = ["kind", year_of_evaluation, "owner_label", "position", length]
    list_filter = [YearFilter, "kind", ("municipality", VisibleFilter)]
    list_select_related = ["evaluation__zone", "municipality"]
    search_fields = ["text"]

    @admin.display(description="自治体", ordering="municipality")
    def owner_label(self, row):
        return row.municipality or self.no_municipality_label
