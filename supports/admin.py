"""The admin of support: by the nation, by special measures, and by the region itself."""

from django.contrib import admin
from django.db.models import Q

from evaluations.admin.base.access import access_of
from evaluations.admin.base.entry import EntryAdmin
from evaluations.admin.base.import_export import SpreadsheetAdmin
from evaluations.admin.base.inlines import ReadOnlyInline
from evaluations.admin.base.lists import (
    VisibleFilter,
    YearFilter,
    beginning,
    length,
    year_of_evaluation,
)
from evaluations.admin.sheets.supports import (
    NationalSupportResource,
    RegionalTextResource,
    RegulatoryMeasureResource,
    SchemeResource,
    SchemeResultResource,
)
from evaluations.catalogue.part4_measures import ANNEX
from supports.models import NationalSupport, RegionalText, RegulatoryMeasure, Scheme, SchemeResult
from tokku.accounts.models import Role


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


class SchemeResultInline(ReadOnlyInline):
    model = SchemeResult
    fields = [year_of_evaluation, "position", beginning("result", "実績")]
    readonly_fields = fields

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("evaluation__zone", "scheme")


@admin.register(Scheme)
class SchemeAdmin(SpreadsheetAdmin, EntryAdmin):
    """Schemes are shared by all years; the zone's newest evaluation decides who may edit them."""

    resource_class = SchemeResource
    zone_path = "zone"
    owner_path = "municipalities"
    fixed = ("zone",)
    list_display = ["name", "category", "owners"]
    list_filter = ["category", ("municipalities", VisibleFilter), ("zone", VisibleFilter)]
    list_select_related = ["zone"]
    search_fields = ["name"]
    fields = ["zone", "category", "name", "municipalities"]
    inlines = [SchemeResultInline]

    def evaluation_of(self, row):
        # Through the zone, whose evaluations a list of rows has prefetched.
        evaluations = row.zone.evaluation_set.all()
        return max(evaluations, key=lambda evaluation: evaluation.fiscal_year, default=None)

    def of_evaluation(self, evaluation):
        """Schemes that no earlier year has reported, which are part of this year's draft."""
        earlier = SchemeResult.objects.filter(
            evaluation__zone=evaluation.zone_id,
            evaluation__fiscal_year__lt=evaluation.fiscal_year,
        )
        return Q(zone=evaluation.zone_id) & ~Q(pk__in=earlier.values("scheme"))

    def refusals(self, request, row, cleaned):
        yield from super().refusals(request, row, cleaned)
        evaluation = self.evaluation_of(row)
        if not evaluation or "municipalities" not in cleaned:
            return
        old_owners = row.owner_ids if row.pk else frozenset()
        new_owners = {municipality.pk for municipality in cleaned["municipalities"]}
        if refusal := access_of(request, evaluation).why_not_share(old_owners, new_owners):
            yield "municipalities", refusal

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("municipalities")

    def choices(self, request, field, row=None):
        rows = super().choices(request, field, row)
        if field.name == "zone" and request.user.role == Role.OFFICIAL:
            return rows.filter(pk__in=[evaluation.zone_id for evaluation in self.editable(request)])
        return rows

    @admin.display(description="自治体名")
    def owners(self, scheme):
        return "、".join(map(str, scheme.municipalities.all()))


@admin.register(SchemeResult)
class SchemeResultAdmin(SpreadsheetAdmin, EntryAdmin):
    resource_class = SchemeResultResource
    zone_path = "evaluation__zone"
    owner_path = "scheme__municipalities"
    fixed = ("evaluation", "scheme")
    list_display = ["scheme_name", year_of_evaluation, "category", "owners", "position"]
    list_filter = [
        YearFilter,
        "scheme__category",
        ("scheme__municipalities", VisibleFilter),
    ]
    list_select_related = ["evaluation__zone", "scheme"]
    search_fields = ["scheme__name", "outline", "result"]
    autocomplete_fields = ["scheme"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("scheme__municipalities")

    @admin.display(description="支援措置", ordering="scheme__name")
    def scheme_name(self, row):
        return row.scheme.name

    @admin.display(description="区分", ordering="scheme__category")
    def category(self, row):
        return row.scheme.get_category_display()

    @admin.display(description="自治体名")
    def owners(self, row):
        return "、".join(map(str, row.scheme.municipalities.all()))


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
