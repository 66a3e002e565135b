"""What one person has typed on an entry page and not saved."""

from collections import Counter
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from evaluations.models.evaluation import Evaluation
from evaluations.workflow import SEALED

LIFETIME = timedelta(days=90)


class DraftQuerySet(models.QuerySet):
    def old(self):
        """Those that nobody comes back to: untouched for long, or of a year that is sealed."""
        untouched = models.Q(typed_at__lt=timezone.now() - LIFETIME)
        return self.filter(untouched | models.Q(evaluation__state__in=SEALED))

    def amounts(self, user, evaluations) -> Counter[int]:
        """How many of them a person has in each of these evaluations, by primary key."""
        own = self.filter(user=user, evaluation__in=evaluations)
        return Counter(own.values_list("evaluation", flat=True))


class Draft(models.Model):
    """What a person has typed into one row, or into a form that adds one, and not saved.

    Seen by that person alone, in no document, count or hand-in. It comes back into the fields of the page as if it
    had just been typed, and is saved through the same merge.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, verbose_name="入力した人"
    )
    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, verbose_name="評価書")
    row = models.CharField("行", max_length=200)  # as evaluations.keys.InputName.of
    data = models.JSONField("入力した内容", help_text="欄の名前ごとの値と、その時に見ていた版")
    typed_at = models.DateTimeField("入力日時", auto_now=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "保存していない下書き"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "evaluation", "row"],
                name="draft_once",
                violation_error_message="この行の下書きは既にあります。",
            )
        ]

    def __str__(self):
        return f"{self.user} {self.row}"
