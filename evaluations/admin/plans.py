"""The admin of zones, plans, indicators and their targets."""

from collections.abc import Collection

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet
from django.utils.html import format_html

from evaluations.admin.base.access import access_of
from evaluations.admin.base.import_export import SpreadsheetAdmin
from evaluations.admin.base.inlines import OfferedRows, RuledInline
from evaluations.admin.base.lists import VisibleFilter, year, year_filter
from evaluations.admin.base.records import RecordAdmin
from evaluations.admin.sheets.evaluations import (
    IndicatorResource,
    NumericTargetResource,
    PlanResource,
    YearlyTargetResource,
)
from evaluations.form.contents import Contents
from evaluations.form.printed_figures import figure, percent
from evaluations.keys import TargetKey
from evaluations.models import (
    Evaluation,
    Indicator,
    NumericTarget,
    Plan,
    Submission,
    YearlyTarget,
    Zone,
    ZoneMunicipality,
)
from evaluations.permissions import (
    municipalities_of,
    why_not_keep_zone,
    why_not_keep_zones,
    why_not_use_admin,
    zones_kept_by,
)
from evaluations.records.load import load_for
from evaluations.years.rows import rows_of_years
from evaluations.years.rows_at_opening import prepare_open_years
from tokku.accounts.local_governments import local_governments, register
from tokku.accounts.models import Municipality
from tokku.japanese import fiscal_year_name, number
from tokku.values import EMPTY

# Rows in which to type them; more can be added.
AUTHORS_OF_A_NEW_ZONE = 6


class Authors(OfferedRows):
    """The 作成主体. One with a submission cannot be removed, since an evaluation needs its authors."""

    def offered(self):
        if self.instance.pk:
            return [{"position": self._last_position() + 1}]
        return [{"position": position + 1} for position in range(AUTHORS_OF_A_NEW_ZONE)]

    def _last_position(self):
        return max((author.position for author in self.get_queryset()), default=0)

    def add_fields(self, form, index):
        if index is None:
            form.initial["position"] = self.offered()[-1]["position"] + 1
        super().add_fields(form, index)

    def clean(self):
        super().clean()
        for form in self.initial_forms:
            if form in self.deleted_forms or "municipality" in form.changed_data:
                submissions = Submission.objects.filter(
                    evaluation__zone=self.instance, municipality=form.initial["municipality"]
                )
                if submission := submissions.select_related("municipality").first():
                    raise ValidationError(
                        f"{submission.municipality}は、評価書の提出の記録があるため、作成主体から外せません。"
                    )


class MunicipalityField(forms.CharField):
    """A municipality by its name: one that the person sees, or any of the nation, which is registered by choosing it."""

    widget = forms.TextInput(
        attrs={"class": "vTextField", "list": "local-governments", "autocomplete": "off"}
    )
    seen: QuerySet[Municipality] = Municipality.objects.none()

    def prepare_value(self, value):
        if isinstance(value, int):
            return str(Municipality.objects.get(pk=value))
        return value

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial), data)

    def clean(self, value):
        text = super().clean(value)
        if municipality := self.seen.filter(name=text).first():
            return municipality
        match local_governments().named(text):
            case [government]:
                try:
                    with transaction.atomic():
                        return register(government)
                except IntegrityError:
                    raise ValidationError(
                        f"「{government.full_name}」は別の全国地方公共団体コードで登録されているため、選べません。"
                        "システム管理者が「自治体」のコードを直すと、選べます。"
                    ) from None
            case []:
                raise ValidationError(
                    f"「{text}」という自治体は、一覧にありません。名称を確かめてください。"
                    "一覧にない自治体は、システム管理者が「自治体」に登録すると、選べます。"
                )
            case several:
                names = "、".join(government.full_name for government in several)
                raise ValidationError(f"{names}のどれか、都道府県の名称から入力してください。")


class AuthorForm(forms.ModelForm):
    request = None

    municipality = MunicipalityField(label="自治体", max_length=60)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if field := self.fields.get("municipality"):  # not where authors are only shown
            field.seen = municipalities_of(self.request.user)


class ZoneMunicipalityInline(RuledInline):
    model = ZoneMunicipality
    form = AuthorForm
    formset = Authors
    template = "admin/evaluations/authors.html"
    can_delete = True
    fields = ["municipality", "position", "is_lead"]
    show_change_link = False


@admin.register(Zone)
class ZoneAdmin(RecordAdmin):
    zone_path = "pk"
    list_display = ["name", "kind", "slug", "designated_on", "certified_on"]
    search_fields = ["name", "slug"]
    inlines = [ZoneMunicipalityInline]
    view_on_site = False

    def why_not_see(self, request):
        return why_not_use_admin(request.user)

    def why_not_add(self, request):
        return why_not_keep_zone(request.user)

    def why_not_change(self, request, row=None):
        if row is None:
            return why_not_keep_zones(request.user)
        return why_not_keep_zone(request.user, row)

    def why_not_delete(self, request, row=None):
        return why_not_keep_zone(request.user)

    def zones_of(self, user):
        return zones_kept_by(user)

    def evaluations_of(self, row):
        return Evaluation.objects.filter(zone=row).only("pk")

    def _changeform_view(self, request, object_id, form_url, extra_context):
        """Without a municipality that was registered for an author, if the form is refused."""
        response = super()._changeform_view(request, object_id, form_url, extra_context)
        if request.method == "POST" and "errors" in (getattr(response, "context_data", None) or ()):
            transaction.set_rollback(True)
        return response

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["local_governments"] = local_governments()
        return super().render_change_form(request, context, add, change, form_url, obj)

    def after_adding(self, request, row):
        """A new author gets its rows in the open years."""
        if isinstance(row, ZoneMunicipality):
            prepare_open_years(row.zone)


class IndicatorInline(RuledInline):
    model = Indicator
    fields = ["number", "name"]


@admin.register(Plan)
class PlanAdmin(SpreadsheetAdmin, RecordAdmin):
    resource_class = PlanResource
    zone_path = "zone"
    fixed = ("zone",)
    fields = ["zone", "term", "first_year", "last_year", "overview", "goal"]
    list_display = ["zone", "term", "first_year", "last_year"]
    list_display_links = ["zone", "term"]
    list_filter = [("zone", VisibleFilter)]
    list_select_related = ["zone"]
    search_fields = ["zone__name", "overview", "goal"]
    inlines = [IndicatorInline]


class NumericTargetInline(RuledInline):
    model = NumericTarget
    fields = ["number", "name", "unit", "total"]


@admin.register(Indicator)
class IndicatorAdmin(SpreadsheetAdmin, RecordAdmin):
    resource_class = IndicatorResource
    zone_path = "plan__zone"
    fixed = ("plan",)
    fields = ["plan", "number", "name"]
    list_display = ["number", "name", "plan", "targets"]
    list_display_links = ["number", "name"]
    list_filter = [("plan", VisibleFilter)]
    list_select_related = ["plan"]
    search_fields = ["name"]
    inlines = [NumericTargetInline]

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
        plan = self.instance.indicator.plan
        stored = {row.fiscal_year for row in self.get_queryset()}
        years = range(plan.first_year, plan.last_year + 1)
        return [{"fiscal_year": year} for year in years if year not in stored]


class YearlyTargetInline(RuledInline):
    model = YearlyTarget
    formset = YearlyTargets
    fields = ["fiscal_year", "value"]


@admin.register(NumericTarget)
class NumericTargetAdmin(SpreadsheetAdmin, RecordAdmin):
    resource_class = NumericTargetResource
    zone_path = "indicator__plan__zone"
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
    list_filter = [("indicator__plan", VisibleFilter), ("indicator", VisibleFilter)]
    list_select_related = ["indicator__plan"]
    ordering = ["indicator__plan", "indicator__number", "number"]
    search_fields = ["name", "indicator__name"]
    autocomplete_fields = ["indicator"]
    inlines = [YearlyTargetInline]
    readonly_fields = ["figures"]
    fieldsets = [
        (None, {"fields": ["indicator", "number", "name", "unit", "nature", "total"]}),
        ("書き方", {"fields": ["total_in_man", "decimals"]}),
        (
            "進捗度",
            {"fields": ["formula", "weight", "baseline", "baseline_year", "aggregation"]},
        ),
        ("年度ごとの実績と進捗度", {"fields": ["figures"]}),
    ]

    def after_adding(self, request, row):
        """A new target gets its rows in the open years."""
        prepare_open_years(row.indicator.plan.zone)

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        plans = {target.indicator.plan_id for target in changelist.result_list}
        contents = latest_contents(request, plans)
        for target in changelist.result_list:
            set_figures(target, contents.get(target.indicator.plan_id))
        return changelist

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj:
            plan = obj.indicator.plan_id
            set_figures(obj, latest_contents(request, [plan]).get(plan))
            form_instance = context["adminform"].form.instance  # with what was typed
            form_instance.contents, form_instance.visible_target = obj.contents, obj.visible_target
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.display(description="番号", ordering="indicator__number")
    def key(self, target):
        return str(target.place)

    @admin.display(description="年度")
    def year(self, target):
        return fiscal_year_name(target.contents.fiscal_year) if target.contents else None

    @admin.display(description="目標値")
    def target_value(self, target):
        return target.visible_target and figure(
            target.visible_target.figures(self._year(target)).target, target
        )

    @admin.display(description="実績値")
    def actual_value(self, target):
        return target.visible_target and figure(
            target.visible_target.figures(self._year(target)).actual, target
        )

    @admin.display(description="進捗度")
    def progress(self, target):
        return target.visible_target and percent(target.visible_target.progress(self._year(target)))

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
                if year_figures.year <= self._year(target)
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

    def _year(self, target):
        return target.contents.fiscal_year


def latest_contents(request, plans: Collection[int]) -> dict[int, Contents]:
    """By plan, the contents of its newest evaluation that the person may see, all loaded together."""
    visible = Evaluation.objects.visible_to(request.user).filter(plan__in=plans)
    newest = {
        evaluation.plan_id: evaluation
        for evaluation in visible.select_related("zone", "plan").order_by("fiscal_year")
    }
    years = rows_of_years(newest.values())
    contents = {}
    for plan, evaluation in newest.items():
        access = access_of(request, evaluation)
        access.year = years[evaluation.pk]
        contents[plan] = load_for(access).contents
    return contents


def set_figures(target: NumericTarget, contents: Contents | None) -> None:
    target.contents = contents
    key = TargetKey(target.indicator.number, target.number)
    target.visible_target = contents and contents.target(key)


@admin.register(YearlyTarget)
class YearlyTargetAdmin(SpreadsheetAdmin, RecordAdmin):
    resource_class = YearlyTargetResource
    zone_path = "target__indicator__plan__zone"
    fixed = ("target",)
    list_display = ["target", year, "value_of_year"]
    list_filter = [year_filter("fiscal_year"), ("target__indicator", VisibleFilter)]
    list_select_related = ["target"]
    search_fields = ["target__name"]
    autocomplete_fields = ["target"]
    fields = ["target", "fiscal_year", "value"]

    @admin.display(description="目標値", ordering="value")
    def value_of_year(self, row):
        return figure(row.value, row.target)
