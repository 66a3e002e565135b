"""The admin of a year's evaluation."""

from django.contrib import admin, messages
from django.db.models import Count, Q

from evaluations.admin.base.entry import EntryAdmin
from evaluations.admin.base.import_export import SpreadsheetAdmin
from evaluations.admin.base.inlines import ReadOnlyInline, RuledInline
from evaluations.admin.base.lists import (
    VisibleFilter,
    YearFilter,
    person,
    year,
    year_filter,
    year_of_evaluation,
)
from evaluations.admin.moves import MoveActions, badge
from evaluations.admin.sheets.evaluations import ResultPartResource
from evaluations.catalogue.structure import FormHeading
from evaluations.models import Evaluation, ResultPart, Submission
from evaluations.permissions import why_not_enter_result, why_not_manage
from evaluations.workflow import EVALUATION_MOVES, SEALED, SubmissionState

# The result that comes back for a sealed evaluation.
RESULT = {"score", "remarks"}


class SubmissionInline(ReadOnlyInline):
    model = Submission
    fields = ["municipality", badge, "submitted_at", person("submitted_by", "提出者")]
    readonly_fields = fields
    verbose_name_plural = "自治体の提出（変更は「自治体の提出」の一覧から行います）"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("municipality", "submitted_by")


class ResultPartInline(RuledInline):
    model = ResultPart
    fields = ["position", "name", "score", "weight"]

    def has_change_permission(self, request, obj=None):
        return bool(obj and obj.pk) and not why_not_enter_result(request.user, obj)


@admin.register(Evaluation)
class EvaluationAdmin(MoveActions, EntryAdmin):
    zone_path = "zone"
    fixed = ("zone", "fiscal_year")
    moves = EVALUATION_MOVES
    move_names = ["open"]
    moved = "評価書"
    list_display = [year, "zone", badge, "deadline", "submissions", "score"]
    list_filter = [("zone", VisibleFilter), "state", year_filter("fiscal_year")]
    list_select_related = ["zone"]
    search_fields = ["zone__name"]
    readonly_fields = ["edition", "state_of_evaluation", "sent_on"]
    inlines = [ResultPartInline, SubmissionInline]
    fields = ["zone", "fiscal_year", "edition", "deadline", "state_of_evaluation"]
    exclude = ["state"]

    def title_over(self, field):
        if field.name in RESULT | {"sent_on"}:
            return "内閣府への提出と評価の結果"
        part = field.heading or field.printed_in
        while part and isinstance(part.within, FormHeading):
            part = part.within
        return part

    def evaluation_of(self, row):
        return row if row.pk else None

    def of_evaluation(self, evaluation):
        return Q(pk=evaluation.pk)

    # Once it is sealed, only the result is entered.

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
        return [
            *readonly,
            *(
                name
                for name in self.get_fields(request, obj)
                if name not in readonly and (name in RESULT) != is_result_due
            ),
        ]

    def refusals(self, request, row, cleaned):
        if row.pk and (refusal := self.why_not_change(request, row)):
            yield None, refusal

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        tell_of_parts(self, request, form.instance)

    def get_queryset(self, request):
        submitting = Count("submission", distinct=True)
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
        rows = super().get_queryset(request).select_related("zone", "edition__plan")
        return rows.annotate(submitting=submitting, approved=approved, handed_in=handed_in)

    @admin.display(description="状態")
    def state_of_evaluation(self, evaluation):
        return badge(evaluation)

    @admin.display(description="自治体の提出")
    def submissions(self, evaluation):
        if not evaluation.submitting:
            return None
        return f"提出 {evaluation.handed_in}／{evaluation.submitting}、承認 {evaluation.approved}／{evaluation.submitting}"


def tell_of_parts(model_admin, request, evaluation: Evaluation) -> None:
    """Tell the person where the mean of the parts of a result is another figure than the score."""
    if sentence := evaluation.why_parts_differ(evaluation.resultpart_set.all()):
        model_admin.message_user(request, sentence, messages.WARNING)


@admin.register(ResultPart)
class ResultPartAdmin(SpreadsheetAdmin, EntryAdmin):
    """Entered by the secretariat once the evaluation is sealed, as the result itself."""

    resource_class = ResultPartResource
    zone_path = "evaluation__zone"
    list_display = ["name", year_of_evaluation, "score", "weight"]
    list_filter = [YearFilter, ("evaluation__zone", VisibleFilter)]
    list_select_related = ["evaluation__zone"]
    search_fields = ["name"]

    def _sealed(self, request):
        return Evaluation.objects.visible_to(request.user).filter(state__in=SEALED)

    def editable(self, request, row=None):
        if row and (evaluation := self.evaluation_of(row)):
            return [evaluation]
        sealed = self._sealed(request)
        return [
            evaluation
            for evaluation in sealed.select_related("zone", "edition__plan")
            if not why_not_enter_result(request.user, evaluation)
        ]

    def why_not_add(self, request):
        if refusal := why_not_manage(request.user):
            return refusal
        return "" if self._sealed(request).exists() else "確定した評価書がありません。"

    def why_not_change(self, request, row=None):
        if row is None:
            return self.why_not_add(request)
        return why_not_enter_result(request.user, row.evaluation)

    def refusals(self, request, row, cleaned):
        evaluation = self.evaluation_of(row)
        refusal = (
            why_not_enter_result(request.user, evaluation)
            if evaluation
            else why_not_manage(request.user)
        )
        if refusal:
            yield None, refusal

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        tell_of_parts(self, request, obj.evaluation)
