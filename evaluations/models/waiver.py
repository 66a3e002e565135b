"""Findings of 点検 that people have set aside, each with its reason."""

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from evaluations.models.evaluation import Evaluation
from evaluations.models.zone import Zone
from tokku.accounts.models import Municipality, Role
from tokku.fields import LineField, ProseField
from tokku.records import Record


class WaiverQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The secretariat sees all waivers of its zones, officials those of their own municipality."""
        visible = self.filter(evaluation__zone__in=Zone.objects.visible_to(user))
        if user.role == Role.SECRETARIAT:
            return visible
        if user.role == Role.OFFICIAL:
            return visible.filter(municipality=user.municipality_id)
        return self.none()


class Waiver(Record):
    """A finding of 点検 that somebody has set aside, with the reason. Valid while the finding stays the same."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, verbose_name="評価書")
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        verbose_name="自治体",
        null=True,
        blank=True,
        help_text="空の場合は、特区全体または複数の自治体に関わる点検結果",
    )
    check_name = models.CharField("点検", max_length=100)
    row = LineField("対象の記録", max_length=200)
    field = LineField("対象の欄", max_length=100, blank=True, default="")
    digest = models.CharField(
        "内容の SHA-256",
        max_length=64,
        help_text="対象の文と、その基になる数値から計算します。",
    )
    place = ProseField("箇所")
    words = ProseField("語句")
    why = ProseField("点検結果")
    reason = ProseField("確認した理由", blank=False)
    set_aside_at = models.DateTimeField("確認日時", auto_now_add=True)
    set_aside_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name="確認者", related_name="+"
    )

    history = HistoricalRecords()
    objects = WaiverQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "点検結果の確認"
        ordering = ["evaluation", "set_aside_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "check_name", "row", "field", "digest"],
                name="waiver_once_a_finding",
                violation_error_message="この点検結果は、既に確認済みです。",
            )
        ]

    def __str__(self):
        return self.place

    @property
    def key(self):
        """The key of the finding that it sets aside (InspectedFinding.key)."""
        return self.check_name, self.row, self.field, self.digest
