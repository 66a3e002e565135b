"""Columns and filters of the lists."""

from django.contrib import admin

from evaluations.models import Evaluation
from evaluations.permissions import municipalities_of
from tokku.accounts.models import Municipality
from tokku.japanese import fiscal_year_name
from tokku.values import EMPTY

BEGINNING = 40  # characters of a text in a list


@admin.display(description="年度", ordering="fiscal_year")
def year(row):
    return fiscal_year_name(row.fiscal_year)


@admin.display(description="年度", ordering="evaluation__fiscal_year")
def year_of_evaluation(row):
    return fiscal_year_name(row.evaluation.fiscal_year)


def beginning(name: str, label: str):
    """A column with the beginning of a text."""

    @admin.display(description=label)
    def column(row):
        text = getattr(row, name).replace("\n", " ")
        return text[:BEGINNING] + "…" if len(text) > BEGINNING else text

    column.__name__ = f"beginning_of_{name}"
    return column


def person(name: str, label: str):
    """A column with the name under which a person did something, without a link to the account.

    `name` is such as sealed_by, beside a sealed_at.
    """

    @admin.display(description=label, ordering=name)
    def column(row):
        account, moment = getattr(row, name), getattr(row, f"{name.removesuffix('_by')}_at")
        return account.name_at(moment) if account else EMPTY

    column.__name__ = f"name_of_{name}"
    return column


@admin.display(description="字数")
def length(row):
    return len(row.text)


class VisibleFilter(admin.RelatedFieldListFilter):
    """Offers only the rows that the person may see; "none" is called `no_municipality_label` of the admin."""

    def __init__(self, field, request, params, model, model_admin, field_path):
        super().__init__(field, request, params, model, model_admin, field_path)
        self.empty_value_display = model_admin.no_municipality_label

    def field_choices(self, field, request, model_admin):
        remote = model_admin.admin_site._registry.get(field.remote_field.model)
        rows = remote.get_queryset(request) if remote else field.remote_field.model._default_manager
        if field.remote_field.model is Municipality:
            rows = municipalities_of(request.user)
        return [(row.pk, str(row)) for row in rows.all()]


class YearFilter(admin.SimpleListFilter):
    """Offers the fiscal years of the evaluations that the person sees."""

    title = "年度"
    parameter_name = "fiscal_year"
    path = "evaluation__fiscal_year"

    def lookups(self, request, model_admin):
        evaluations = Evaluation.objects.visible_to(request.user).order_by("-fiscal_year")
        years = evaluations.values_list("fiscal_year", flat=True).distinct()
        return [(year, fiscal_year_name(year)) for year in years]

    def queryset(self, request, queryset):
        value = self.value()
        return queryset.filter(**{self.path: value}) if value and value.isdecimal() else queryset


def year_filter(path: str) -> type[YearFilter]:
    return type("YearFilter", (YearFilter,), {"path": path})
