"""The admin of what is filled in for an evaluation: figures, 別紙1, approaches and achievements."""

from django.contrib import admin
from django.db.models import Prefetch, Q

from evaluations import catalogue
from evaluations.admin.base.entry import EntryAdmin, help_texts, in_form
from evaluations.admin.base.import_export import SpreadsheetAdmin
from evaluations.admin.base.inlines import RuledInline
from evaluations.admin.base.lists import (
    VisibleFilter,
    YearFilter,
    beginning,
    length,
    year,
    year_filter,
    year_of_evaluation,
)
from evaluations.admin.sheets.evaluations import (
    AchievementResource,
    ActualResource,
    ApproachResource,
    CorrectionResource,
    TargetAssessmentResource,
)
from evaluations.form.printed_figures import figure
from evaluations.models import (
    Achievement,
    Actual,
    Approach,
    Correction,
    NumericTarget,
    TargetAssessment,
)
from tokku.japanese import fiscal_year_name


@admin.register(Actual)
class ActualAdmin(SpreadsheetAdmin, EntryAdmin):
    resource_class = ActualResource
    zone_path = "target__indicator__edition__plan__zone"
    owner_path = "municipality"
    fixed = ("target", "fiscal_year", "municipality")
    list_display = ["target", year, "owner_label", "value_of_year", beginning("note", "出典・備考")]
    list_filter = [
        year_filter("fiscal_year"),
        ("municipality", VisibleFilter),
        ("target__indicator", VisibleFilter),
    ]
    list_select_related = ["target__indicator__edition__plan__zone", "municipality"]
    ordering = [
        "-fiscal_year",
        "target__indicator__edition__plan",
        "target__indicator__number",
        "target__number",
        "municipality",
    ]
    search_fields = ["target__name", "note"]
    autocomplete_fields = ["target"]

    def evaluation_of(self, row):
        # Through the plan, whose evaluations a list of rows has prefetched.
        evaluations = row.target.indicator.edition.evaluation_set.all()
        return next(
            (evaluation for evaluation in evaluations if evaluation.fiscal_year == row.fiscal_year),
            None,
        )

    def of_evaluation(self, evaluation):
        return Q(
            target__indicator__edition=evaluation.edition_id, fiscal_year=evaluation.fiscal_year
        )

    def refusals(self, request, row, cleaned):
        edition, year = row.target.indicator.edition, row.fiscal_year
        if row._state.adding and edition.plan.edition_of(year) != edition:
            yield "target", f"{fiscal_year_name(year)}の計画にない数値目標は選べません。"
            return
        yield from super().refusals(request, row, cleaned)

    @admin.display(description="自治体", ordering="municipality")
    def owner_label(self, actual):
        return actual.municipality or self.no_municipality_label

    @admin.display(description="実績値")
    def value_of_year(self, actual):
        return figure(actual.value, actual.target)


@admin.register(Correction)
class CorrectionAdmin(SpreadsheetAdmin, EntryAdmin):
    resource_class = CorrectionResource
    zone_path = "evaluation__zone"
    owner_path = "municipality"
    fixed = ("evaluation", "target", "fiscal_year", "municipality")
    list_display = [
        "target",
        year_of_evaluation,
        "corrected_year",
        "owner_label",
        "value_of_year",
        beginning("reason", "修正の理由"),
    ]
    list_filter = [
        YearFilter,
        ("municipality", VisibleFilter),
        ("target__indicator", VisibleFilter),
    ]
    list_select_related = ["target", "evaluation__zone", "municipality"]
    ordering = [
        "-evaluation__fiscal_year",
        "target__indicator__number",
        "target__number",
        "fiscal_year",
        "municipality",
    ]
    search_fields = ["target__name", "reason"]
    autocomplete_fields = ["target"]

    def get_changeform_initial_data(self, request):
        initial = super().get_changeform_initial_data(request)
        initial.pop("fiscal_year", None)  # of the evaluation, whose own figures are no corrections
        return initial

    @admin.display(description="修正する年度", ordering="fiscal_year")
    def corrected_year(self, correction):
        return fiscal_year_name(correction.fiscal_year)

    @admin.display(description="自治体", ordering="municipality")
    def owner_label(self, correction):
        return correction.municipality or self.no_municipality_label

    @admin.display(description="修正後の実績値")
    def value_of_year(self, correction):
        return figure(correction.value, correction.target)


@admin.register(TargetAssessment)
class TargetAssessmentAdmin(SpreadsheetAdmin, EntryAdmin):
    resource_class = TargetAssessmentResource
    zone_path = "evaluation__zone"
    fixed = ("evaluation", "target")
    list_display = [
        "target",
        year_of_evaluation,
        beginning("self_assessment", "進捗状況に係る自己評価"),
    ]
    list_filter = [YearFilter, ("target__indicator", VisibleFilter)]
    list_select_related = ["target", "evaluation__zone"]
    search_fields = ["target__name", "strategy", "self_assessment"]
    autocomplete_fields = ["target"]


class AchievementInline(RuledInline):
    model = Achievement
    fields = ["position", "level", "municipality"]

    def get_fields(self, request, obj=None):
        fields = [*super().get_fields(request, obj), *catalogue.ACHIEVEMENT.entered]
        return in_form(self.model, fields, self._parent.year_of(obj))

    def get_formset(self, request, obj=None, **kwargs):
        texts = help_texts(self.model, self._parent.year_of(obj))
        return super().get_formset(request, obj, help_texts=texts, **kwargs)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("municipality")


@admin.register(Approach)
class ApproachAdmin(SpreadsheetAdmin, EntryAdmin):
    resource_class = ApproachResource
    zone_path = "evaluation__zone"
    list_display = ["position", year_of_evaluation, "served", beginning("narrative", "内容")]
    list_display_links = ["position", year_of_evaluation]
    list_filter = [YearFilter, ("evaluation__zone", VisibleFilter)]
    list_select_related = ["evaluation__zone"]
    search_fields = ["narrative", "result_label"]
    inlines = [AchievementInline]

    def get_queryset(self, request):
        targets = NumericTarget.objects.select_related("indicator").order_by(
            "indicator__number", "number"
        )
        return super().get_queryset(request).prefetch_related(Prefetch("targets", targets))

    @admin.display(description="寄与する数値目標")
    def served(self, approach):
        return "、".join(str(target.place) for target in approach.targets.all())


@admin.register(Achievement)
class AchievementAdmin(SpreadsheetAdmin, EntryAdmin):
    resource_class = AchievementResource
    zone_path = "approach__evaluation__zone"
    owner_path = "municipality"
    fixed = ()
    list_display = ["heading", "year", "approach_position", "municipality", "level", length]
    list_filter = [
        year_filter("approach__evaluation__fiscal_year"),
        ("municipality", VisibleFilter),
        "level",
    ]
    list_select_related = ["approach__evaluation__zone", "municipality"]
    search_fields = ["heading", "text"]
    ordering = ["-approach__evaluation__fiscal_year", "approach__position", "position", "pk"]

    @admin.display(description="年度", ordering="approach__evaluation__fiscal_year")
    def year(self, row):
        return fiscal_year_name(row.approach.evaluation.fiscal_year)

    @admin.display(description="解決策", ordering="approach__position")
    def approach_position(self, row):
        return f"解決策{row.approach.position}"

    def choices(self, request, field, row=None):
        rows = super().choices(request, field, row)
        return rows.select_related("evaluation__zone") if field.name == "approach" else rows
