"""Hand-in and review: what a municipality hands in, the log, remarks, and sealed versions."""

from operator import attrgetter

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from evaluations import catalogue
from evaluations.catalogue.structure import Excuse
from evaluations.keys import ItemKey, RowKey
from evaluations.models.evaluation import Evaluation
from evaluations.models.row import EntryRow
from evaluations.models.zone import Zone
from evaluations.workflow import (
    EVALUATION_MOVES,
    HANDED_IN,
    SUBMISSION_MOVES,
    EvaluationState,
    SubmissionState,
)
from tokku.accounts.models import Municipality, Role
from tokku.fields import LineField, ProseField
from tokku.records import Record


class Submission(EntryRow):
    """What one municipality hands in for one evaluation."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, verbose_name="評価書")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, verbose_name="自治体")
    state = models.CharField(
        "状態", max_length=20, choices=SubmissionState, default=SubmissionState.DRAFT
    )
    submitted_at = models.DateTimeField("提出日時", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name="提出者",
        null=True,
        blank=True,
        related_name="+",
    )
    no_schemes = models.BooleanField("別紙3に載せる支援措置がない（該当なし）", default=False)
    no_national_supports = models.BooleanField(
        "本文5に載せる国の支援がない（該当なし）", default=False
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "自治体の提出"
        ordering = ["evaluation", "municipality"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "municipality"],
                name="submission_once",
                violation_error_message="この自治体の提出は既にあります。",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True, submitted_by__isnull=True)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="submission_date_with_person",
                violation_error_message="提出日時と提出者は、両方とも必要です。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(HANDED_IN, reverse=True))
                | Q(submitted_at__isnull=False),
                name="submission_handed_in_has_date",
                violation_error_message="提出済みの状態には、提出日時が必要です。",
            ),
        ]

    def __str__(self):
        return f"{self.evaluation} {self.municipality}"

    @property
    def label(self):
        return f"{self.municipality}の回答"

    moves = SUBMISSION_MOVES
    identity = property(attrgetter("municipality_id"))

    def place(self, year):
        return year.place_of(self.municipality_id), self.pk

    def find_excuses(self, year):
        municipality = self.municipality_id
        if any(municipality in row.owner_ids for row in year.of_kind(catalogue.SCHEME_RESULT)):
            yield Excuse.HAS_SCHEMES
        if any(municipality in row.owner_ids for row in year.of_kind(catalogue.NATIONAL_SUPPORT)):
            yield Excuse.HAS_NATIONAL_SUPPORTS

    @property
    def asked_fields(self):
        return tuple(name for name in super().asked_fields if name not in self.excused_fields)

    @property
    def log(self):
        """Its moves, newest first."""
        return self.statuschange_set.all()

    @property
    def last_return(self):
        """The move that returned it, with its reason; None unless it is returned now."""
        if not self.pk or self.state != SubmissionState.RETURNED:
            return None
        return self.statuschange_set.filter(move="return").select_related("changed_by").first()


class StatusChangeQuerySet(models.QuerySet):
    def for_log(self, evaluation):
        """Every move of an evaluation and its submissions, newest first."""
        return (
            self.filter(evaluation=evaluation)
            .select_related("submission__municipality", "changed_by")
            .defer("snapshot")
        )


class StatusChange(models.Model):
    """One move of an evaluation or of a submission: who, when and why. Never changed."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, verbose_name="評価書")
    submission = models.ForeignKey(
        Submission,
        on_delete=models.PROTECT,
        verbose_name="自治体の提出",
        null=True,
        blank=True,
        help_text="空の場合は、評価書全体の状態の変更",
    )
    move = models.CharField("操作", max_length=20)
    from_state = models.CharField("変更前", max_length=20)
    to_state = models.CharField("変更後", max_length=20)
    reason = ProseField("理由")
    snapshot = models.JSONField(
        "提出した内容", default=dict, blank=True, help_text="提出した時の欄ごとの内容"
    )
    changed_at = models.DateTimeField("日時", auto_now_add=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name="操作した人",
        related_name="+",
    )

    objects = StatusChangeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "状態の変更"
        ordering = ["-pk"]  # of the acts; the clock may have been set back

    def __str__(self):
        return f"{self.submission or self.evaluation} {self.get_move_display()}"

    def get_move_display(self):
        moves = SUBMISSION_MOVES if self.submission_id else EVALUATION_MOVES
        return moves[self.move].label if self.move in moves else self.move

    def get_from_state_display(self):
        return self._state_name(self.from_state)

    def get_to_state_display(self):
        return self._state_name(self.to_state)

    def _state_name(self, state):
        names = dict((SubmissionState if self.submission_id else EvaluationState).choices)
        return names.get(state, state)


class RemarkQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The secretariat sees all remarks of its zones, officials those on their own municipality."""
        zones = Zone.objects.visible_to(user)
        visible = self.filter(submission__evaluation__zone__in=zones)
        if user.role == Role.SECRETARIAT:
            return visible
        if user.role == Role.OFFICIAL:
            return visible.filter(submission__municipality=user.municipality_id)
        return self.none()

    def open(self):
        return self.filter(answered_at__isnull=True)


class Remark(Record):
    """A reviewer's remark on one item of a submission, open until it is answered."""

    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, verbose_name="自治体の提出"
    )
    record = LineField("対象の記録", max_length=200)
    field = LineField("対象の欄", max_length=100, blank=True, default="")
    text = ProseField("指摘", blank=False)
    written_at = models.DateTimeField("指摘日時", auto_now_add=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name="指摘者", related_name="+"
    )
    answer = ProseField("回答")
    answered_at = models.DateTimeField("回答日時", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name="回答者",
        null=True,
        blank=True,
        related_name="+",
    )

    history = HistoricalRecords()
    objects = RemarkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "指摘"
        ordering = ["submission", "written_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True, answered_by__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False)),
                name="remark_answer_with_date_and_person",
                violation_error_message="回答には、回答日時と回答者が必要です。",
            )
        ]

    def __str__(self):
        return self.text

    @property
    def item_key(self):
        """The item that it is on; with a blank field for the row as a whole. None when there is no such kind of row."""
        row = RowKey.parse(self.record)
        return row and ItemKey(row, self.field)

    @property
    def is_open(self):
        return self.answered_at is None


class SealedVersion(models.Model):
    """A version of an evaluation as it was agreed: the document and its contents as data. Never changes."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, verbose_name="評価書")
    number = models.PositiveSmallIntegerField("版")
    document = models.TextField("文書", help_text="文書の JSON")
    sha256 = models.CharField("SHA-256", max_length=64, help_text="文書の JSON（UTF-8）の SHA-256")
    contents = models.TextField(
        "内容のデータ",
        blank=True,
        default="",
        help_text="評価書の内容と印字した進捗度の JSON。文書から読み取れなかった以前の版では空",
    )
    contents_sha256 = models.CharField(
        "内容のデータの SHA-256", max_length=64, blank=True, default=""
    )
    findings = models.JSONField(
        "点検の結果",
        null=True,
        blank=True,
        help_text="確定した時の点検の結果。記録する前に確定した版では空",
    )
    reason = ProseField("理由")
    sealed_at = models.DateTimeField("確定日時", auto_now_add=True)
    sealed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name="確定した人",
        related_name="+",
    )

    class Meta:
        verbose_name = verbose_name_plural = "確定版"
        ordering = ["evaluation", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "number"],
                name="sealed_version_number_once",
                violation_error_message="同じ番号の確定版が既にあります。",
            ),
            models.CheckConstraint(
                condition=Q(contents="", contents_sha256="")
                | (~Q(contents="") & ~Q(contents_sha256="")),
                name="sealed_version_contents_with_sum",
                violation_error_message="内容のデータには、その SHA-256 が必要です。",
            ),
        ]

    def __str__(self):
        return f"{self.evaluation} 第{self.number}版"


class FileFormat(models.TextChoices):
    PDF = "pdf", "PDF"
    DOCX = "docx", "Word"


class SealedFile(models.Model):
    """A file made of a sealed version. Kept, so that every download is the same."""

    version = models.ForeignKey(SealedVersion, on_delete=models.PROTECT, verbose_name="確定版")
    format = models.CharField("形式", max_length=10, choices=FileFormat)
    content = models.BinaryField("内容")
    sha256 = models.CharField("SHA-256", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "確定版のファイル"
        ordering = ["version", "format"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "format"],
                name="sealed_file_once",
                violation_error_message="この確定版のファイルは既にあります。",
            )
        ]

    def __str__(self):
        return f"{self.version}.{self.format}"
