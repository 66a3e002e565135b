"""The admin of a year's evaluation."""

from django.contrib import admin
from django.db.models import Count, Q

from evaluations.admin.base.entry import EntryAdmin
from evaluations.admin.base.inlines import ReadOnlyInline
from evaluations.admin.base.lists import VisibleFilter, person, year, year_filter
from evaluations.admin.moves import MoveActions, badge
from evaluations.catalogue.structure import FormHeading
from evaluations.models import Evaluation, Submission
from evaluations.permissions import why_not_enter_result, why_not_manage
from evaluations.workflow import EVALUATION_MOVES, SubmissionState

# The result that comes back for a sealed evaluation.
RESULT = {"score", "remarks"}


class SubmissionInline(ReadOnlyInline):
    model = Submission
    fields = ["municipality", badge, "submitted_at", person("submitted_by", "提出者")]
    readonly_fields = fields
    verbose_name_plural = "自治体の提出（変更は「自治体の提出」の一覧から行います）"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("municipality", "submitted_by")


@admin.register(Evaluation)
class EvaluationAdmin(MoveActions, EntryAdmin):
    zone_path = "zone"
    fixed = ("zone", "fiscal_year")
    moves = EVALUATION_MOVES
    move_names = ["open"]
    list_display = [year, "zone", badge, "deadline", "submissions", "score"]
    list_filter = [("zone", VisibleFilter), "state", year_filter("fiscal_year")]
    list_select_related = ["zone"]
    search_fields = ["zone__name"]
    readonly_fields = ["edition", "state_of_evaluation", "sent_on"]
    inlines = [SubmissionInline]
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
