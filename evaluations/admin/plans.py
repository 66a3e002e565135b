"""The admin of plans, their editions, indicators and targets."""

from collections.abc import Collection
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.db.models import Count
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html

from evaluations.admin.base.access import access_of, lock
from evaluations.admin.base.import_export import SpreadsheetAdmin
from evaluations.admin.base.inlines import OfferedRows, RuledInline
from evaluations.admin.base.lists import VisibleFilter, year, year_filter
from evaluations.admin.base.records import RecordAdmin
from evaluations.admin.sheets.evaluations import (
    IndicatorResource,
    NumericTargetResource,
    PlanEditionResource,
    PlanResource,
    YearlyTargetResource,
)
from evaluations.form.contents import NumericTarget as VisibleTarget
from evaluations.form.printed_figures import figure, percent
from evaluations.keys import TargetKey
from evaluations.models import (
    Actual,
    Evaluation,
    Indicator,
    NumericTarget,
    Plan,
    PlanEdition,
    YearlyTarget,
)
from evaluations.permissions import (
    free_year,
    why_edition_closed,
)
from evaluations.records.load import load_targets
from evaluations.workflow import SEALED
from evaluations.years.editions import begin_edition, why_not_begin
from evaluations.years.rows import rows_of_years
from evaluations.years.rows_at_opening import prepare_open_years
from tokku.japanese import fiscal_year_name, number
from tokku.values import EMPTY

# What a new edition has from the one before, until it is changed.
TEXTS = ("zone_name", "overview", "goal")


class PlanEditionInline(RuledInline):
    model = PlanEdition
    """The editions of a plan, which are changed on pages of their own."""

    fields = readonly_fields = ["first_year", "certified_on", "reason"]
    max_num = 0

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Plan)
class PlanAdmin(SpreadsheetAdmin, RecordAdmin):
    resource_class = PlanResource
    zone_path = "zone"
    fixed = ("zone",)
    fields = ["zone", "term", "first_year", "last_year"]
    list_display = ["zone", "term", "first_year", "last_year"]
    list_display_links = ["zone", "term"]
    list_filter = [("zone", VisibleFilter)]
    list_select_related = ["zone"]
    search_fields = ["zone__name"]
    inlines = [PlanEditionInline]

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def refusals(self, request, row, cleaned):
        """The form prints the years of the plan, so they stay once one of them is sealed."""
        sealed = Evaluation.objects.filter(edition__plan=row.pk, state__in=SEALED)
        if row.pk and sealed.exists():
            stored = Plan.objects.get(pk=row.pk)
            for name in ("first_year", "last_year"):
                if cleaned.get(name, getattr(stored, name)) != getattr(stored, name):
                    yield name, "確定した評価書に記載しているため、計画の期間は変更できません。"

    def after_adding(self, request, row):
        """A plan has an edition from its first year on."""
        PlanEdition(plan=row, first_year=row.first_year).save()

    def response_add(self, request, obj, post_url_continue=None):
        return redirect("admin:evaluations_planedition_change", obj.planedition_set.get().pk)


class PartOfEdition(SpreadsheetAdmin, RecordAdmin):
    """What an edition says stays as it is once an evaluation that goes by it is sealed."""

    def edition_of(self, row) -> PlanEdition | None:
        raise NotImplementedError

    def why_not_change(self, request, row=None):
        edition = row and self.edition_of(row)
        return super().why_not_change(request, row) or (
            why_edition_closed(edition) if edition else ""
        )

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        edition = obj and self.edition_of(obj)
        year = edition and free_year(edition)
        if year and year <= edition.plan.last_year and self.has_add_permission(request):
            context["remedy"] = self._edition_from(edition.plan, year)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _edition_from(self, plan: Plan, year: int) -> tuple[str, str]:
        """Address and words of the link to the edition that begins with a year, or to the page that makes it."""
        if stored := plan.planedition_set.filter(first_year=year).first():
            address = reverse("admin:evaluations_planedition_change", args=[stored.pk])
            return address, f"{fiscal_year_name(year)}からの版を開く"
        query = urlencode({"plan": plan.pk, "first_year": year})
        address = f"{reverse('admin:evaluations_planedition_add')}?{query}"
        return address, f"{fiscal_year_name(year)}からの版を作成する"

    def lock_before_adding(self, request, row):
        """An evaluation that is being sealed or filled in meanwhile is not asked, or written over, as it was."""
        # A row inside the page of a new one is added after that.
        if all(getattr(row, f"{name}_id", True) for name in self.fixed):
            lock(request, self.evaluations_of(row))

    def refusals(self, request, row, cleaned):
        for name, value in cleaned.items():
            if name in self.fixed:
                setattr(row, name, value)
        edition = self.edition_of(row)
        if edition and (refusal := why_edition_closed(edition)):
            yield None, refusal


class IndicatorInline(RuledInline):
    model = Indicator
    fields = ["number", "name"]


@admin.register(PlanEdition)
class PlanEditionAdmin(PartOfEdition):
    resource_class = PlanEditionResource
    zone_path = "plan__zone"
    fixed = ("plan", "first_year")
    fields = ["plan", "first_year", "certified_on", "reason", "zone_name", "overview", "goal"]
    list_display = ["plan", "from_year", "certified_on", "evaluated_years"]
    list_display_links = ["plan", "from_year"]
    list_filter = [("plan", VisibleFilter)]
    list_select_related = ["plan__zone"]
    search_fields = ["reason", "overview", "goal"]
    inlines = [IndicatorInline]

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("plan__zone")
        return rows.prefetch_related("evaluation_set")

    def get_fields(self, request, obj=None):
        """A new edition begins as a copy: its texts are changed there."""
        return self.fields if obj else [name for name in self.fields if name not in TEXTS]

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def why_not_delete(self, request, row=None):
        figures = Actual.objects.filter(target__indicator__edition=row, value__isnull=False)
        if row and figures.exists():
            return "この版の数値目標に実績値が登録されているため、削除できません。"
        return super().why_not_delete(request, row)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if add:
            context["hint"] = (
                "前の版の内容を写して、新しい版を作成します。変わるところは、作成した後に直します。"
            )
        return super().render_change_form(request, context, add, change, form_url, obj)

    def edition_of(self, row):
        return row if row.pk else None

    def refusals(self, request, row, cleaned):
        if row.pk:
            yield from super().refusals(request, row, cleaned)
        elif {"plan", "first_year"} <= cleaned.keys():
            plan, first_year = cleaned["plan"], cleaned["first_year"]
            if refusal := why_not_begin(plan.edition_of(first_year), first_year):
                yield "first_year", refusal

    @admin.display(description="適用する最初の年度", ordering="first_year")
    def from_year(self, edition):
        return fiscal_year_name(edition.first_year)

    @admin.display(description="適用している評価書")
    def evaluated_years(self, edition):
        years = sorted(evaluation.fiscal_year for evaluation in edition.evaluation_set.all())
        return "、".join(map(fiscal_year_name, years))

    def save_model(self, request, obj, form, change):
        if change:
            super().save_model(request, obj, form, change)
            return
        values = {"reason": obj.reason}
        if obj.certified_on:  # else the day of the edition before
            values["certified_on"] = obj.certified_on
        copy = begin_edition(
            obj.plan.edition_of(obj.first_year), obj.first_year, by=request.user, **values
        )
        obj.__dict__ |= copy.__dict__

    def response_add(self, request, obj, post_url_continue=None):
        message = (
            f"{obj}を作成しました。前の版の内容を写してあります。変わるところを直してください。"
        )
        self.message_user(request, message, messages.SUCCESS)
        return redirect("admin:evaluations_planedition_change", obj.pk)


class NumericTargetInline(RuledInline):
    model = NumericTarget
    fields = ["number", "name", "unit", "total"]


@admin.register(Indicator)
class IndicatorAdmin(PartOfEdition):
    resource_class = IndicatorResource
    zone_path = "edition__plan__zone"
    fixed = ("edition",)
    fields = ["edition", "number", "name"]
    list_display = ["number", "name", "edition", "targets"]
    list_display_links = ["number", "name"]
    list_filter = [("edition", VisibleFilter)]
    list_select_related = ["edition__plan"]
    search_fields = ["name"]
    inlines = [NumericTargetInline]

    def edition_of(self, row):
        return row.edition

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(targets=Count("numerictarget"))

    @admin.display(description="数値目標", ordering="targets")
    def targets(self, indicator):
        return f"{indicator.targets}件"


class YearlyTargets(OfferedRows):
    """The values of a target: a row for each year of the plan."""

    def offered(self):
        if not self.instance.pk:
            return []
        plan = self.instance.indicator.edition.plan
        stored = {row.fiscal_year for row in self.get_queryset()}
        years = range(plan.first_year, plan.last_year + 1)
        return [{"fiscal_year": year} for year in years if year not in stored]


class YearlyTargetInline(RuledInline):
    model = YearlyTarget
    formset = YearlyTargets
    fields = ["fiscal_year", "value"]


@admin.register(NumericTarget)
class NumericTargetAdmin(PartOfEdition):
    resource_class = NumericTargetResource
    zone_path = "indicator__edition__plan__zone"
    fixed = ("indicator",)
    list_display = [
        "key",
        "name",
        "unit",
        "year",
        "target_value",
        "actual_value",
        "progress",
        "weight_of_target",
    ]
    list_display_links = ["key", "name"]
    list_filter = [("indicator__edition", VisibleFilter), ("indicator", VisibleFilter)]
    list_select_related = ["indicator__edition__plan"]
    ordering = ["indicator__edition", "indicator__number", "number"]
    search_fields = ["name", "indicator__name"]
    autocomplete_fields = ["indicator"]
    inlines = [YearlyTargetInline]
    readonly_fields = ["figures"]
    fieldsets = [
        (None, {"fields": ["indicator", "number", "name", "unit", "nature", "total"]}),
        ("書き方", {"fields": ["total_in_man", "decimals"]}),
        ("進捗度", {"fields": ["formula", "weight", "aggregation"]}),
        (
            "水準、基準値",
            {
                "fields": [
                    ("baseline", "baseline_year", "baseline_time"),
                    ("goal_year", "goal_time"),
                ]
            },
        ),
        ("年度ごとの実績と進捗度", {"fields": ["figures"]}),
    ]

    def edition_of(self, row):
        return row.indicator.edition

    def after_adding(self, request, row):
        """A new target gets its rows in the open years."""
        prepare_open_years(row.indicator.edition.plan.zone)

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        editions = {target.indicator.edition_id for target in changelist.result_list}
        figures = latest_figures(request, editions)
        for target in changelist.result_list:
            set_figures(target, figures)
        return changelist

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj:
            figures = latest_figures(request, [obj.indicator.edition_id])
            # The form's instance has what was typed.
            set_figures(context["adminform"].form.instance, figures, obj.place)
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.display(description="番号", ordering="indicator__number")
    def key(self, target):
        return str(target.place)

    @admin.display(description="年度")
    def year(self, target):
        return fiscal_year_name(target.latest_year) if target.latest_year else None

    @admin.display(description="目標値")
    def target_value(self, target):
        return target.visible_target and figure(
            target.visible_target.of_year(target.latest_year).target, target
        )

    @admin.display(description="実績値")
    def actual_value(self, target):
        return target.visible_target and figure(
            target.visible_target.of_year(target.latest_year).actual, target
        )

    @admin.display(description="進捗度")
    def progress(self, target):
        return target.visible_target and percent(target.visible_target.progress(target.latest_year))

    @admin.display(description="寄与度（％）", ordering="weight")
    def weight_of_target(self, target):
        return number(target.weight) if target.weight is not None else None

    @admin.display(description="実績と進捗度")
    def figures(self, target):
        visible_target = getattr(target, "visible_target", None)
        if not visible_target:
            return EMPTY
        rows = [
            format_html(
                '<tr><th scope="row">{}</th><td>{}</td><td>{}</td><td>{}</td></tr>',
                fiscal_year_name(year_figures.year),
                figure(year_figures.target, target),
                figure(year_figures.actual, target),
                percent(visible_target.progress(year_figures.year))
                if year_figures.year <= target.latest_year
                else "",
            )
            for year_figures in visible_target.years
        ]
        return format_html(
            '<table class="figures"><thead><tr><th scope="col">年度</th><th scope="col">目標値</th>'
            '<th scope="col">実績値</th><th scope="col">進捗度</th></tr></thead>'
            "<tbody>{}</tbody></table>",
            format_html("{}" * len(rows), *rows),
        )


# By edition: the year of its newest evaluation that the person may see, and the targets with their figures.
LatestFigures = dict[int, tuple[int, dict[TargetKey, VisibleTarget]]]


def latest_figures(request, editions: Collection[int]) -> LatestFigures:
    visible = Evaluation.objects.visible_to(request.user).filter(edition__in=editions)
    newest = {
        evaluation.edition_id: evaluation
        for evaluation in visible.select_related("zone", "edition__plan").order_by("fiscal_year")
    }
    years = rows_of_years(newest.values())
    figures = {}
    for edition, evaluation in newest.items():
        access = access_of(request, evaluation)
        access.year = years[evaluation.pk]
        figures[edition] = evaluation.fiscal_year, load_targets(access)
    return figures


def set_figures(
    target: NumericTarget, figures: LatestFigures, place: TargetKey | None = None
) -> None:
    """`place` is where the stored target stands, when other numbers have been typed for it."""
    year, targets = figures.get(target.indicator.edition_id, (None, {}))
    target.latest_year, target.visible_target = year, targets.get(place or target.place)


@admin.register(YearlyTarget)
class YearlyTargetAdmin(PartOfEdition):
    resource_class = YearlyTargetResource
    zone_path = "target__indicator__edition__plan__zone"
    fixed = ("target",)
    list_display = ["target", year, "value_of_year"]
    list_filter = [year_filter("fiscal_year"), ("target__indicator", VisibleFilter)]
    list_select_related = ["target__indicator__edition"]
    search_fields = ["target__name"]
    autocomplete_fields = ["target"]
    fields = ["target", "fiscal_year", "value"]

    def edition_of(self, row):
        return row.target.indicator.edition

    @admin.display(description="目標値")
    def value_of_year(self, row):
        return figure(row.value, row.target)
