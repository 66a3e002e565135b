"""The admin of plans and evaluations."""

from collections.abc import Iterable

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Prefetch, Q
from django.template.response import TemplateResponse
from django.utils.html import format_html

from evaluations.form.contents import Contents, TargetKey
from evaluations.form.figures import figure, percent
from evaluations.form.records import load
from evaluations.models import (
    Achievement,
    Actual,
    Approach,
    Evaluation,
    Indicator,
    NumericTarget,
    Plan,
    Remark,
    SealedVersion,
    StatusChange,
    Submission,
    TargetAssessment,
    YearlyTarget,
    Zone,
    ZoneMunicipality,
)
from evaluations.permissions import why_not_enter_result, why_not_manage
from evaluations.workflow import EVALUATION_MOVES, SUBMISSION_MOVES, SubmissionState
from tokku.accounts.models import Role
from tokku.admin import (
    EntryAdmin,
    ReadOnly,
    ReadOnlyInline,
    RecordAdmin,
    RuledInline,
    VisibleFilter,
    YearFilter,
    beginning,
    form_page,
    length,
    person,
    reach_of,
    year,
    year_filter,
    year_of_evaluation,
)
from tokku.japanese import fiscal_year_name, number

# What comes back for a sealed evaluation.
RESULT = {"score", "remarks"}


def badge(row):
    return format_html(
        '<span class="badge badge--{}">{}</span>', row.state, row.get_state_display()
    )


badge.short_description = "状態"
badge.admin_order_field = "state"


SUBMITTER = person("submitted_by", "提出者")
SEALER = person("sealed_by", "確定した人")
CHANGER = person("changed_by", "操作した人")


# Moves of the process, as actions


class MoveActions:
    """Actions that carry out moves. Where a reason is needed, a page between asks for it."""

    moves: dict = {}
    move_names: Iterable[str] = ()

    def get_actions(self, request):
        actions = super().get_actions(request)
        for name in self.move_names:
            if not self.why_not_offer(request, name):
                actions[f"move_{name}"] = (
                    lambda admin, request, rows, name=name: self.carry_out(request, rows, name),
                    f"move_{name}",
                    f"選択した{self.opts.verbose_name}を{self.moves[name].label}",
                )
        return actions

    def why_not_offer(self, request, name) -> str:
        return why_not_manage(request.user)

    def carry_out(self, request, rows, name):
        move = self.moves[name]
        if move.needs_reason and "confirmed" not in request.POST:
            return self.ask_reason(request, rows, name)
        reason = request.POST.get("reason", "").strip()
        if move.needs_reason and not reason:
            refusal = f"「{move.label}」には理由を入力してください。"
            return self.ask_reason(request, rows, name, refusal)
        for row in rows:
            try:
                row.move(name, by=request.user, reason=reason)
            except PermissionDenied as refusal:
                self.message_user(request, f"{row}：{refusal}", messages.ERROR)
            else:
                state = row.get_state_display()
                self.message_user(
                    request, f"{row}：状態が「{state}」になりました。", messages.SUCCESS
                )
        return None

    def ask_reason(self, request, rows, name, refusal=""):
        context = {
            **self.admin_site.each_context(request),
            "title": f"{self.opts.verbose_name}を{self.moves[name].label}",
            "opts": self.opts,
            "rows": rows,
            "action": f"move_{name}",
            "move": self.moves[name],
            "refusal": refusal,
            "action_checkbox_name": helpers.ACTION_CHECKBOX_NAME,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/evaluations/move_reason.html", context)


# Zone and plan


class ZoneMunicipalityInline(RuledInline):
    model = ZoneMunicipality
    form = admin.TabularInline.form
    fields = ["municipality", "position"]
    autocomplete_fields = ["municipality"]
    show_change_link = False


@admin.register(Zone)
class ZoneAdmin(RecordAdmin):
    zone_path = "pk"
    list_display = ["name", "kind", "slug", "designated_on", "certified_on"]
    search_fields = ["name", "slug"]
    inlines = [ZoneMunicipalityInline]
    view_on_site = False

    def evaluations_of(self, row):
        return Evaluation.objects.filter(zone=row).only("pk")


class IndicatorInline(RuledInline):
    model = Indicator
    fields = ["number", "name"]


@admin.register(Plan)
class PlanAdmin(RecordAdmin):
    zone_path = "zone"
    list_display = ["zone", "term", "first_year", "last_year"]
    list_display_links = ["zone", "term"]
    list_filter = [("zone", VisibleFilter)]
    list_select_related = ["zone"]
    search_fields = ["zone__name", "overview", "goal"]
    inlines = [IndicatorInline]


class NumericTargetInline(RuledInline):
    model = NumericTarget
    fields = [
        "number",
        "name",
        "unit",
        "nature",
        "total",
        "decimals",
        "weight",
        "formula",
        "aggregation",
    ]


@admin.register(Indicator)
class IndicatorAdmin(RecordAdmin):
    zone_path = "plan__zone"
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


class YearlyTargetInline(RuledInline):
    model = YearlyTarget
    fields = ["fiscal_year", "value"]


@admin.register(NumericTarget)
class NumericTargetAdmin(RecordAdmin):
    zone_path = "indicator__plan__zone"
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

    def get_changelist_instance(self, request):
        changes = super().get_changelist_instance(request)
        pictures = {}
        for target in changes.result_list:
            plan = target.indicator.plan_id
            if plan not in pictures:
                pictures[plan] = latest_picture(request, plan)
            set_figures(target, pictures[plan])
        return changes

    def get_object(self, request, object_id, from_field=None):
        target = super().get_object(request, object_id, from_field)
        if request.method == "GET":
            set_figures(target, latest_picture(request, target.indicator.plan_id))
        return target

    @admin.display(description="番号", ordering="indicator__number")
    def key(self, target):
        return f"{target.indicator.number}-{target.number}"

    @admin.display(description="年度")
    def year(self, target):
        return fiscal_year_name(target.picture.fiscal_year) if target.picture else None

    @admin.display(description="目標値")
    def target_value(self, target):
        return target.stated and figure(target.stated.figures(self._year(target)).target, target)

    @admin.display(description="実績値")
    def actual_value(self, target):
        return target.stated and figure(target.stated.figures(self._year(target)).actual, target)

    @admin.display(description="進捗度")
    def progress(self, target):
        return target.stated and percent(target.stated.progress(self._year(target)))

    @admin.display(description="寄与度（％）", ordering="weight")
    def weight_of_target(self, target):
        return number(target.weight) if target.weight is not None else None

    @admin.display(description="実績と進捗度")
    def figures(self, target):
        stated = getattr(target, "stated", None)
        if not stated:
            return None
        rows = [
            format_html(
                '<tr><th scope="row">{}</th><td>{}</td><td>{}</td><td>{}</td></tr>',
                fiscal_year_name(one.year),
                figure(one.target, target),
                figure(one.actual, target),
                percent(stated.progress(one.year)) if one.year <= self._year(target) else "",
            )
            for one in stated.years
        ]
        return format_html(
            '<table class="figures"><thead><tr><th scope="col">年度</th><th scope="col">目標値</th>'
            '<th scope="col">実績値</th><th scope="col">進捗度</th></tr></thead>'
            "<tbody>{}</tbody></table>",
            format_html("{}" * len(rows), *rows),
        )

    def _year(self, target):
        return target.picture.fiscal_year


def latest_picture(request, plan: int) -> Contents | None:
    """What the newest evaluation of a plan says, as far as the person may see it."""
    evaluation = (
        Evaluation.objects.visible_to(request.user)
        .filter(plan=plan)
        .select_related("zone", "plan")
        .order_by("-fiscal_year")
        .first()
    )
    return load(evaluation, reach_of(request, evaluation).hidden) if evaluation else None


def set_figures(target: NumericTarget, picture: Contents | None) -> None:
    target.picture = picture
    key = TargetKey(target.indicator.number, target.number)
    target.stated = picture and picture.target(key)


@admin.register(YearlyTarget)
class YearlyTargetAdmin(RecordAdmin):
    zone_path = "target__indicator__plan__zone"
    list_display = ["target", year, "value_of_year"]
    list_filter = [year_filter("fiscal_year"), ("target__indicator", VisibleFilter)]
    list_select_related = ["target"]
    search_fields = ["target__name"]
    autocomplete_fields = ["target"]

    @admin.display(description="目標値", ordering="value")
    def value_of_year(self, row):
        return figure(row.value, row.target)


# The evaluation


class SubmissionInline(ReadOnlyInline):
    model = Submission
    fields = ["municipality", badge, "submitted_at", SUBMITTER]
    readonly_fields = fields
    verbose_name_plural = "自治体の提出（変更は「自治体の提出」の一覧から行います）"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("municipality", "submitted_by")


@admin.register(Evaluation)
class EvaluationAdmin(MoveActions, EntryAdmin):
    zone_path = "zone"
    evaluation_path = "pk"
    fixed = ("zone", "plan", "fiscal_year")
    moves = EVALUATION_MOVES
    move_names = ["open"]
    list_display = [year, "zone", badge, "deadline", "submissions", "score"]
    list_filter = [("zone", VisibleFilter), "state", year_filter("fiscal_year")]
    list_select_related = ["zone"]
    search_fields = ["zone__name"]
    readonly_fields = ["state_of_evaluation", "sent_on"]
    inlines = [SubmissionInline]
    fieldsets = [
        (
            None,
            {"fields": ["zone", "plan", "fiscal_year", "deadline", "state_of_evaluation"]},
        ),
        (
            "本文2",
            {
                "fields": [
                    "previous_score",
                    "previous_remarks",
                    "response_to_previous",
                    "considerations",
                ]
            },
        ),
        ("本文3", {"fields": ["weight_rationale", "pathway"]}),
        ("本文4", {"fields": ["no_measures_reason"]}),
        (
            "本文5",
            {
                "fields": [
                    "fiscal_support_count",
                    "no_fiscal_support_reason",
                    "tax_support_count",
                    "loan_support_count",
                ]
            },
        ),
        ("本文7", {"fields": ["overall"]}),
        ("内閣府への提出と評価の結果", {"fields": ["sent_on", "score", "remarks"]}),
    ]

    def evaluation_of(self, row):
        return row if row.pk else None

    def of_evaluation(self, evaluation):
        return Q(pk=evaluation.pk)

    # Once it is sealed, what came back is entered, and nothing else.

    def why_not_add(self, request):
        return why_not_manage(request.user)

    def why_not_change(self, request, row=None):
        if row and not why_not_enter_result(request.user, row):
            return ""
        return super().why_not_change(request, row)

    def why_not_delete(self, request, row=None):
        return super().why_not_change(request, row)

    def get_readonly_fields(self, request, obj=None):
        readonly = super().get_readonly_fields(request, obj)
        is_result_due = bool(obj) and not why_not_enter_result(request.user, obj)
        written = flatten_fieldsets(self.fieldsets)
        return [
            *readonly,
            *(
                name
                for name in written
                if name not in readonly and (name in RESULT) != is_result_due
            ),
        ]

    def refusals(self, request, form):
        evaluation = form.instance
        if evaluation.pk and (refusal := self.why_not_change(request, evaluation)):
            yield None, refusal

    def get_queryset(self, request):
        authors = Count("submission", distinct=True)
        approved = Count(
            "submission",
            filter=Q(submission__state=SubmissionState.APPROVED),
            distinct=True,
        )
        handed_in = Count(
            "submission",
            filter=Q(submission__state__in=[SubmissionState.SUBMITTED, SubmissionState.APPROVED]),
            distinct=True,
        )
        rows = super().get_queryset(request).select_related("zone", "plan")
        return rows.annotate(authors=authors, approved=approved, handed_in=handed_in)

    @admin.display(description="状態")
    def state_of_evaluation(self, evaluation):
        return badge(evaluation)

    @admin.display(description="自治体の提出")
    def submissions(self, evaluation):
        if not evaluation.authors:
            return None
        return f"提出 {evaluation.handed_in}／{evaluation.authors}、承認 {evaluation.approved}／{evaluation.authors}"


@admin.register(Actual)
class ActualAdmin(EntryAdmin):
    zone_path = "target__indicator__plan__zone"
    owner_path = "municipality"
    fixed = ("target", "fiscal_year", "municipality")
    list_display = ["target", year, "who", "value_of_year", beginning("note", "出典・備考")]
    list_filter = [
        year_filter("fiscal_year"),
        ("municipality", VisibleFilter),
        ("target__indicator", VisibleFilter),
    ]
    list_select_related = ["target__indicator__plan__zone", "municipality"]
    ordering = [
        "-fiscal_year",
        "target__indicator__plan",
        "target__indicator__number",
        "target__number",
        "municipality",
    ]
    search_fields = ["target__name", "note"]
    autocomplete_fields = ["target"]
    fields = ["target", "fiscal_year", "municipality", "value", "note"]

    def evaluation_of(self, row):
        return (
            Evaluation.objects.filter(
                plan=row.target.indicator.plan_id, fiscal_year=row.fiscal_year
            )
            .select_related("zone", "plan")
            .first()
        )

    def of_evaluation(self, evaluation):
        return Q(target__indicator__plan=evaluation.plan_id, fiscal_year=evaluation.fiscal_year)

    @admin.display(description="自治体", ordering="municipality")
    def who(self, actual):
        return actual.municipality or "特区全体"

    @admin.display(description="実績値", ordering="value")
    def value_of_year(self, actual):
        return figure(actual.value, actual.target)


@admin.register(TargetAssessment)
class TargetAssessmentAdmin(EntryAdmin):
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
    fields = [
        "evaluation",
        "target",
        "qualitative",
        "alternative",
        "strategy",
        "target_basis",
        "self_assessment",
        "external_factors",
    ]


class AchievementInline(RuledInline):
    model = Achievement
    fields = ["position", "level", "municipality", "heading", "text"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("municipality")


@admin.register(Approach)
class ApproachAdmin(EntryAdmin):
    zone_path = "evaluation__zone"
    list_display = ["position", year_of_evaluation, "served", beginning("narrative", "内容")]
    list_display_links = ["position", year_of_evaluation]
    list_filter = [YearFilter, ("evaluation__zone", VisibleFilter)]
    list_select_related = ["evaluation__zone"]
    search_fields = ["narrative", "result_label"]
    fields = ["evaluation", "position", "targets", "narrative", "result_label"]
    inlines = [AchievementInline]

    def get_queryset(self, request):
        targets = NumericTarget.objects.select_related("indicator").order_by(
            "indicator__number", "number"
        )
        return super().get_queryset(request).prefetch_related(Prefetch("targets", targets))

    @admin.display(description="寄与する数値目標")
    def served(self, approach):
        return "、".join(
            f"{target.indicator.number}-{target.number}" for target in approach.targets.all()
        )


@admin.register(Achievement)
class AchievementAdmin(EntryAdmin):
    zone_path = "approach__evaluation__zone"
    evaluation_path = "approach__evaluation"
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
    fields = ["approach", "municipality", "position", "level", "heading", "text"]

    @admin.display(description="年度", ordering="approach__evaluation__fiscal_year")
    def year(self, row):
        return fiscal_year_name(row.approach.evaluation.fiscal_year)

    @admin.display(description="解決策", ordering="approach__position")
    def approach_position(self, row):
        return f"解決策{row.approach.position}"

    def choices(self, request, field, row=None):
        rows = super().choices(request, field, row)
        return rows.select_related("evaluation__zone") if field.name == "approach" else rows


# Hand-in and review


@admin.register(Submission)
class SubmissionAdmin(MoveActions, ReadOnly, RecordAdmin):
    zone_path = "evaluation__zone"
    moves = SUBMISSION_MOVES
    move_names = ["submit", "return", "approve"]
    why_read_only = (
        "提出の状態は、「提出する」「差し戻す」「承認する」の操作によってだけ変わります。"
    )
    list_display = ["municipality", year_of_evaluation, badge, "submitted_at", SUBMITTER]
    list_filter = [YearFilter, "state", ("municipality", VisibleFilter)]
    list_select_related = ["municipality", "evaluation__zone", "submitted_by"]
    search_fields = ["municipality__name"]
    ordering = ["-evaluation__fiscal_year", "municipality__code"]
    fields = ["evaluation", "municipality", badge, "submitted_at", SUBMITTER]
    readonly_fields = fields

    def why_not_offer(self, request, name):
        if name == "submit":
            return "" if request.user.role == Role.OFFICIAL else "担当者が提出します。"
        return why_not_manage(request.user)

    def get_view_on_site_url(self, obj=None):
        return obj and form_page(obj.evaluation)


@admin.register(Remark)
class RemarkAdmin(ReadOnly, RecordAdmin):
    zone_path = "submission__evaluation__zone"
    why_read_only = "指摘と回答は、確認の画面で入力します。"
    list_display = [
        "submission",
        beginning("text", "指摘"),
        "written_at",
        beginning("answer", "回答"),
    ]
    list_filter = [
        year_filter("submission__evaluation__fiscal_year"),
        ("submission__municipality", VisibleFilter),
        ("answer", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["submission__evaluation__zone", "submission__municipality"]
    search_fields = ["text", "answer"]
    fields = [
        "submission",
        "text",
        "written_at",
        person("written_by", "指摘者"),
        "answer",
        "answered_at",
        person("answered_by", "回答者"),
    ]
    readonly_fields = fields

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .filter(pk__in=Remark.objects.visible_to(request.user).order_by().values("pk"))
        )

    def get_view_on_site_url(self, obj=None):
        return obj and form_page(obj.submission.evaluation)


@admin.register(StatusChange)
class StatusChangeAdmin(ReadOnly):
    """Of another municipality only the state is told, not why it was returned."""

    zone_path = "evaluation__zone"
    list_display = [
        "changed_at",
        year_of_evaluation,
        "subject",
        "move_name",
        "from_name",
        "to_name",
        beginning("reason", "理由"),
        CHANGER,
    ]
    list_filter = [YearFilter, ("submission__municipality", VisibleFilter)]
    list_select_related = ["evaluation__zone", "submission__municipality", "changed_by"]
    search_fields = ["reason"]
    date_hierarchy = "changed_at"
    fields = [
        "evaluation",
        "subject",
        "move_name",
        "from_name",
        "to_name",
        "reason",
        "changed_at",
        CHANGER,
    ]
    readonly_fields = fields

    def get_queryset(self, request):
        rows = super().get_queryset(request).defer("snapshot")
        if request.user.role == Role.SECRETARIAT:
            return rows
        own = Q(submission__municipality=request.user.municipality_id)
        return rows.filter(own | Q(submission__isnull=True))

    @admin.display(description="対象")
    def subject(self, log):
        return log.submission.municipality if log.submission else "評価書全体"

    @admin.display(description="操作")
    def move_name(self, log):
        return log.get_move_display()

    @admin.display(description="変更前")
    def from_name(self, log):
        return log.get_from_state_display()

    @admin.display(description="変更後")
    def to_name(self, log):
        return log.get_to_state_display()


@admin.register(SealedVersion)
class SealedVersionAdmin(ReadOnly):
    zone_path = "evaluation__zone"
    why_read_only = "確定版は、変更も削除もできません。"
    list_display = ["evaluation", "number", "sealed_at", SEALER, beginning("reason", "理由")]
    list_display_links = ["evaluation", "number"]
    list_filter = [YearFilter]
    list_select_related = ["evaluation__zone", "sealed_by"]
    search_fields = ["sha256", "reason"]
    fields = ["evaluation", "number", "sealed_at", SEALER, "reason", "sha256"]
    readonly_fields = fields

    def get_queryset(self, request):
        return super().get_queryset(request).defer("document")
