"""The admin of hand-in and review: states, remarks, the log and sealed versions."""

from django.contrib import admin
from django.db.models import Q

from evaluations.admin.base.entry import form_page
from evaluations.admin.base.lists import (
    VisibleFilter,
    YearFilter,
    beginning,
    person,
    year_filter,
    year_of_evaluation,
)
from evaluations.admin.base.records import RecordAdmin
from evaluations.admin.base.rules import ReadOnly
from evaluations.admin.moves import MoveActions, badge
from evaluations.models import Remark, SealedVersion, StatusChange, Submission, Waiver
from evaluations.permissions import why_not_manage, why_not_read_versions
from evaluations.workflow import SUBMISSION_MOVES
from tokku.accounts.models import Role

SUBMITTER = person("submitted_by", "提出者")
SEALER = person("sealed_by", "確定した人")
WAIVER = person("set_aside_by", "確認者")
CHANGER = person("changed_by", "操作した人")


@admin.register(Submission)
class SubmissionAdmin(MoveActions, ReadOnly, RecordAdmin):
    zone_path = "evaluation__zone"
    moves = SUBMISSION_MOVES
    move_names = ["submit", "return", "approve"]
    moved = "提出"
    why_read_only = (
        "提出の状態は、「提出する」「差し戻す」「承認する」の操作によってだけ変わります。"
    )
    list_display = ["municipality", year_of_evaluation, badge, "submitted_at", SUBMITTER]
    list_filter = [YearFilter, "state", ("municipality", VisibleFilter)]
    list_select_related = ["municipality", "evaluation__zone", "submitted_by"]
    search_fields = ["municipality__label"]
    ordering = ["-evaluation__fiscal_year", "municipality"]
    fields = ["evaluation", "municipality", badge, "submitted_at", SUBMITTER]
    readonly_fields = fields

    def why_not_read_history(self, request, row):
        """As for other rows: the history has the municipality's answers on 該当なし."""
        return why_not_read_versions(request.user, [row.owner_ids])

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


@admin.register(Waiver)
class WaiverAdmin(ReadOnly, RecordAdmin):
    zone_path = "evaluation__zone"
    why_read_only = "点検結果の確認は、点検の画面で行います。"
    no_municipality_label = "特区全体・複数の自治体"
    list_display = [
        beginning("place", "箇所"),
        year_of_evaluation,
        beginning("why", "点検結果"),
        beginning("reason", "確認した理由"),
        "set_aside_at",
        WAIVER,
    ]
    list_filter = [YearFilter, ("municipality", VisibleFilter)]
    list_select_related = ["evaluation__zone", "set_aside_by"]
    search_fields = ["place", "words", "why", "reason"]
    fields = [
        "evaluation",
        "municipality",
        "place",
        "words",
        "why",
        "reason",
        "set_aside_at",
        WAIVER,
    ]
    readonly_fields = fields

    def get_queryset(self, request):
        visible = Waiver.objects.visible_to(request.user)
        return super().get_queryset(request).filter(pk__in=visible.order_by().values("pk"))

    def get_view_on_site_url(self, obj=None):
        return obj and form_page(obj.evaluation)


@admin.register(StatusChange)
class StatusChangeAdmin(ReadOnly):
    """Officials see moves of their municipality and of the whole evaluation, with the reasons."""

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
    no_municipality_label = "評価書全体"
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
        of_municipality = Q(submission__municipality=request.user.municipality_id)
        return rows.filter(of_municipality | Q(submission__isnull=True))

    @admin.display(description="対象")
    def subject(self, log):
        return log.submission.municipality if log.submission else self.no_municipality_label

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
    fields = ["evaluation", "number", "sealed_at", SEALER, "reason", "sha256", "contents_sha256"]
    readonly_fields = fields

    def get_queryset(self, request):
        return super().get_queryset(request).defer("document", "contents", "findings")
