from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from evaluations.models import Plan, Zone, ZoneMunicipality


class ZoneMunicipalityInline(admin.TabularInline):
    model = ZoneMunicipality
    extra = 0
    autocomplete_fields = ["municipality"]


@admin.register(Zone)
class ZoneAdmin(SimpleHistoryAdmin):
    list_display = ["name", "kind", "slug", "designated_on"]
    inlines = [ZoneMunicipalityInline]


@admin.register(Plan)
class PlanAdmin(SimpleHistoryAdmin):
    list_display = ["zone", "term", "first_year", "last_year"]
    list_filter = ["zone"]
