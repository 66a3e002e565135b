"""Mails that have gone out about a deadline (evaluations/notices/reminders.py)."""

from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from tokku.accounts.models import User

# Between two mails to the same person, whatever they are about.
PAUSE = timedelta(days=5)
# A claim that is older and still unsent is of a process that has died.
GIVEN_UP = timedelta(minutes=30)


class ReminderQuerySet(models.QuerySet):
    def standing(self):
        """Those that were sent or are on their way."""
        return self.filter(Q(sent_at__isnull=False) | Q(claimed_at__gte=timezone.now() - GIVEN_UP))

    @transaction.atomic
    def claim(self, person, day):
        """A new reminder for the person and day, if this process may send it.

        None when another process has claimed it, or a mail went out within PAUSE.
        """
        User.objects.select_for_update(no_key=True).get(pk=person.pk)
        reminders = self.filter(person=person)
        reminders.exclude(pk__in=reminders.standing().values("pk")).delete()
        if reminders.filter(day__gt=day - PAUSE).exists():
            return None
        return self.create(person=person, day=day, address=person.email)


class Reminder(models.Model):
    """A mail to one person about what they have to do until a deadline. Without `sent_at` it is on its way."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, verbose_name="利用者", related_name="+"
    )
    day = models.DateField("送信日")
    address = models.EmailField("宛先")
    claimed_at = models.DateTimeField("送信開始日時", auto_now_add=True)
    sent_at = models.DateTimeField("送信日時", null=True, blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "期限の連絡"
        ordering = ["-day", "person"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "day"],
                name="reminder_once_a_day",
                violation_error_message="この日の連絡は既にあります。",
            )
        ]

    def __str__(self):
        return f"{self.person} {self.day}"
