"""Mails about deadlines: to officials what they have still to hand in, to the secretariat where everybody stands.

Sent by `manage.py send_reminders`, once a day. A mail tells a person of all their open evaluations at once;
`Reminder` keeps it from being sent twice, and to anybody more often than in five days.
"""

import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Max, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from evaluations.addresses import page_address
from evaluations.models import Evaluation, Reminder
from evaluations.models.reminder import PAUSE
from evaluations.review.hand_in_progress import HandInProgress, YearProgress, hand_in_progress
from evaluations.templatetags.wording import days_left
from evaluations.workflow import UNFINISHED, EvaluationState, SubmissionState
from evaluations.years.rows import rows_of_years
from tokku.accounts.models import Municipality, Role, User
from tokku.japanese import era_date, fiscal_year_name

DAYS_BEFORE = (30, 7, 1)

logger = logging.getLogger(__name__)


class SendingOutcome(Enum):
    SENT = "送信"
    FAILED = "送信失敗（次の実行時に再び送信）"
    CLAIMED = "送信済み"  # by another process, a moment ago


@dataclass(frozen=True)
class YearToRemind:
    """An evaluation that is being filled in until a deadline, and how far everybody is."""

    evaluation: Evaluation
    progress: YearProgress

    @property
    def unfinished(self) -> list[HandInProgress]:
        """The authors that have to hand in, for the first time or again."""
        return self.progress.in_state(*UNFINISHED)

    @property
    def not_begun(self) -> list[HandInProgress]:
        return [one for one in self.unfinished if one.has_not_begun]

    @property
    def in_work(self) -> list[HandInProgress]:
        drafts = self.progress.in_state(SubmissionState.DRAFT)
        return [one for one in drafts if not one.has_not_begun]

    @property
    def returned(self) -> list[HandInProgress]:
        return self.progress.in_state(SubmissionState.RETURNED)

    @property
    def waiting(self) -> list[HandInProgress]:
        """The authors whose work waits for its review."""
        return self.progress.in_state(SubmissionState.SUBMITTED)

    def unfinished_of(self, person: User) -> HandInProgress | None:
        of_person = (
            one for one in self.unfinished if one.municipality.pk == person.municipality_id
        )
        return next(of_person, None)

    @property
    def entry_url(self) -> str:
        return settings.SITE_URL + page_address(self.evaluation, "entry")

    @property
    def review_url(self) -> str:
        return settings.SITE_URL + page_address(self.evaluation, "review")


@dataclass(frozen=True)
class Mail:
    person: User
    subject: str
    body: str

    def send(self) -> None:
        EmailMessage(self.subject, self.body, to=[self.person.email]).send()


def send_reminders(today: date | None = None) -> list[tuple[Mail, SendingOutcome]]:
    """Send what is due. A mail that cannot be sent is due again the next time."""
    today = today or timezone.localdate()
    return [(mail, _send(mail, today)) for mail in due_mails(today)]


def _send(mail: Mail, today: date) -> SendingOutcome:
    reminder = Reminder.objects.claim(mail.person, today)
    if reminder is None:
        return SendingOutcome.CLAIMED
    try:
        mail.send()
    except Exception:  # Whatever is wrong with one address or answer, the others get theirs.
        logger.exception("A reminder to %s could not be sent.", mail.person.username)
        reminder.delete()
        return SendingOutcome.FAILED
    reminder.sent_at = timezone.now()
    reminder.save()
    return SendingOutcome.SENT


def due_mails(today: date) -> Iterator[Mail]:
    """A mail for each person to whom one is due and who has an address."""
    open_ones = Evaluation.objects.filter(state=EvaluationState.OPEN, deadline__isnull=False)
    evaluations = open_ones.select_related("zone", "plan").order_by("deadline")
    rows = rows_of_years(evaluations).values()
    progress = hand_in_progress(rows, with_saves=True)
    years = [YearToRemind(one, progress[one.pk]) for one in evaluations]
    last = dict(Reminder.objects.standing().order_by().values_list("person").annotate(Max("day")))
    for person in _people().exclude(email=""):
        visible = set(open_ones.visible_to(person).values_list("pk", flat=True))
        own = [year for year in years if year.evaluation.pk in visible]
        if person.role == Role.OFFICIAL:
            own = [year for year in own if year.unfinished_of(person)]
            write = _reminder
        else:
            own = [year for year in own if year.unfinished or year.waiting]
            write = _digest
        if any(_is_due(year.evaluation.deadline, last.get(person.pk), today) for year in own):
            yield write(person, own, today)


def _is_due(deadline: date, last: date | None, today: date) -> bool:
    """Whether a day on which to remind has come, and the last mail was not just before it.

    A day on which nothing ran is made up for. After the deadline every day is one of them.
    """
    days = [deadline - timedelta(before) for before in DAYS_BEFORE]
    come = [today] if today > deadline else [day for day in days if day <= today]
    return any(last is None or day - last >= PAUSE for day in come)


def _people() -> QuerySet[User]:
    """Who has something to do here."""
    active = User.objects.filter(is_active=True, role__in=(Role.OFFICIAL, Role.SECRETARIAT))
    return active.select_related("municipality").order_by("pk")


def _reminder(person: User, years: Sequence[YearToRemind], today: date) -> Mail:
    first = years[0].evaluation
    others = f"、ほか{len(years) - 1}件" if len(years) > 1 else ""
    subject = (
        f"{fiscal_year_name(first.fiscal_year)}評価書の提出のお願い"
        f"（期限：{era_date(first.deadline)}、{days_left(first.deadline, today)}{others}）"
    )
    return _mail(
        person,
        subject,
        "reminder",
        years=[(year, year.unfinished_of(person)) for year in years],
        today=today,
    )


def _digest(person: User, years: Sequence[YearToRemind], today: date) -> Mail:
    unfinished = sum(len(year.unfinished) for year in years)
    waiting = sum(len(year.waiting) for year in years)
    subject = f"評価書の提出状況（未提出{unfinished}件、審査待ち{waiting}件）"
    return _mail(
        person, subject, "digest", years=years, today=today, unreachable=_unreachable(years)
    )


def _unreachable(years: Sequence[YearToRemind]) -> list[tuple[Municipality, list[User]]]:
    """The authors that still have to hand in, with their officials who get no mail; with none where there are none."""
    authors = {author.municipality: None for year in years for author in year.unfinished}
    officials = defaultdict(list)
    for person in _people().filter(role=Role.OFFICIAL, municipality__in=authors):
        officials[person.municipality].append(person)
    found = ((author, [one for one in officials[author] if not one.email]) for author in authors)
    return [(author, without) for author, without in found if without or not officials[author]]


def _mail(person: User, subject: str, template: str, **context: Any) -> Mail:
    context |= {"person": person, "days_before": DAYS_BEFORE, "pause": PAUSE.days}
    body = render_to_string(f"evaluations/reminders/{template}.txt", context)
    return Mail(person, f"【特区評価書】{subject}", body)
