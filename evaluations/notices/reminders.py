"""Mails about deadlines: to officials what they still have to hand in, to the secretariat the state of all.

Sent by `manage.py send_reminders`, once a day. One mail covers all open evaluations of a person. `Reminder` keeps it
from being sent twice, and mails to the same person at least PAUSE apart.
"""

import logging
import smtplib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
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
from evaluations.models import Evaluation, Membership, Reminder
from evaluations.models.reminder import PAUSE
from evaluations.review.hand_in_progress import HandInProgress, YearProgress, hand_in_progress
from evaluations.templatetags.wording import days_left
from evaluations.workflow import UNFINISHED, EvaluationState, SubmissionState
from evaluations.years.rows import rows_of_years
from tokku.accounts.models import Municipality, Role, User
from tokku.japanese import era_date, fiscal_year_name

DAYS_BEFORE = (30, 7, 1)
# What a mail server says of one mail. Any other failure to reach it is of the server, and concerns all mails.
OF_ONE_MAIL = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError)

logger = logging.getLogger(__name__)


class SendingOutcome(Enum):
    SENT = "送信"
    FAILED = "送信失敗（次の実行時に再び送信）"
    UNREACHABLE = "メールサーバーに接続できず、未送信（次の実行時に再び送信）"
    CLAIMED = "送信済み"  # by another process, a moment ago


@dataclass(frozen=True)
class YearToRemind:
    """An open evaluation with a deadline, the progress of its authors, and the secretariat to ask."""

    evaluation: Evaluation
    progress: YearProgress
    secretariat: Sequence[User]

    @property
    def unfinished(self) -> list[HandInProgress]:
        """The authors that have to hand in, for the first time or again."""
        return self.progress.in_state(*UNFINISHED)

    @property
    def not_begun(self) -> list[HandInProgress]:
        return [author for author in self.unfinished if author.has_not_begun]

    @property
    def in_work(self) -> list[HandInProgress]:
        drafts = self.progress.in_state(SubmissionState.DRAFT)
        return [author for author in drafts if not author.has_not_begun]

    @property
    def returned(self) -> list[HandInProgress]:
        return self.progress.in_state(SubmissionState.RETURNED)

    @property
    def waiting(self) -> list[HandInProgress]:
        """The authors whose work waits for its review."""
        return self.progress.in_state(SubmissionState.SUBMITTED)

    def unfinished_of(self, person: User) -> HandInProgress | None:
        of_person = (
            author for author in self.unfinished if author.municipality.pk == person.municipality_id
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
    """Send what is due. A mail that cannot be sent is due again the next time.

    Once the server cannot be reached, no further mail waits for it.
    """
    today = today or timezone.localdate()
    outcomes: list[tuple[Mail, SendingOutcome]] = []
    is_reachable = True
    for mail in due_mails(today):
        outcome = _send(mail, today) if is_reachable else SendingOutcome.UNREACHABLE
        is_reachable = outcome is not SendingOutcome.UNREACHABLE
        outcomes.append((mail, outcome))
    return outcomes


def _send(mail: Mail, today: date) -> SendingOutcome:
    reminder = Reminder.objects.claim(mail.person, today)
    if reminder is None:
        return SendingOutcome.CLAIMED
    try:
        mail.send()
    except Exception as error:  # A failure with one address must not stop the mails to others.
        logger.exception("A reminder to %s could not be sent.", mail.person.username)
        reminder.delete()
        is_of_server = isinstance(error, OSError) and not isinstance(error, OF_ONE_MAIL)
        return SendingOutcome.UNREACHABLE if is_of_server else SendingOutcome.FAILED
    reminder.sent_at = timezone.now()
    reminder.save()
    return SendingOutcome.SENT


def due_mails(today: date) -> Iterator[Mail]:
    """A mail for each person to whom one is due and who has an address."""
    open_evaluations = Evaluation.objects.filter(state=EvaluationState.OPEN, deadline__isnull=False)
    evaluations = open_evaluations.select_related("zone", "edition__plan").order_by("deadline")
    rows = rows_of_years(evaluations).values()
    progress = hand_in_progress(rows, with_saves=True)
    secretariats = _members(evaluations, Role.SECRETARIAT)
    years = [
        YearToRemind(evaluation, progress[evaluation.pk], secretariats[evaluation.zone_id])
        for evaluation in evaluations
    ]
    last_days = dict(
        Reminder.objects.standing().order_by().values_list("person").annotate(Max("day"))
    )
    for person in _people().exclude(email=""):
        visible = set(open_evaluations.visible_to(person).values_list("pk", flat=True))
        person_years = [year for year in years if year.evaluation.pk in visible]
        if person.role == Role.OFFICIAL:
            person_years = [year for year in person_years if year.unfinished_of(person)]
            compose_mail = _reminder
        else:
            person_years = [year for year in person_years if year.unfinished or year.waiting]
            compose_mail = _digest
        if any(
            _is_due(year.evaluation.deadline, last_days.get(person.pk), today)
            for year in person_years
        ):
            yield compose_mail(person, person_years, today)


def _is_due(deadline: date, last_day: date | None, today: date) -> bool:
    """Whether a day to remind on has come, and the last mail was at least PAUSE before it.

    A day on which nothing ran is made up for. After the deadline every day counts.
    """
    days = [deadline - timedelta(days_before) for days_before in DAYS_BEFORE]
    due_days = [today] if today > deadline else [day for day in days if day <= today]
    return any(last_day is None or day - last_day >= PAUSE for day in due_days)


def _people() -> QuerySet[User]:
    """The active officials and secretariats."""
    active = User.objects.filter(is_active=True, role__in=(Role.OFFICIAL, Role.SECRETARIAT))
    return active.select_related("municipality").order_by("pk")


def _members(evaluations: Iterable[Evaluation], role: Role) -> dict[int, list[User]]:
    """The active people of a role in the zones of evaluations, by zone."""
    members = Membership.objects.filter(
        zone__in={evaluation.zone_id for evaluation in evaluations},
        user__in=_people().filter(role=role),
    )
    people = defaultdict(list)
    for member in members.select_related("user__municipality").order_by("user_id"):
        people[member.zone_id].append(member.user)
    return people


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


def _unreachable(years: Sequence[YearToRemind]) -> list[tuple[Municipality, tuple[User, ...]]]:
    """The unfinished authors that mails do not reach: with their officials without an address, or with no officials.

    The officials are those of the zone: an author may have others for another zone.
    """
    officials = _members([year.evaluation for year in years], Role.OFFICIAL)
    unreachable = {}  # each once, though several years may wait for it
    for year in years:
        for author in year.unfinished:
            of_author = [
                official
                for official in officials[year.evaluation.zone_id]
                if official.municipality_id == author.municipality.pk
            ]
            without_mail = tuple(official for official in of_author if not official.email)
            if without_mail or not of_author:
                unreachable[author.municipality, without_mail] = None
    return list(unreachable)


def _mail(person: User, subject: str, template: str, **context: Any) -> Mail:
    context |= {"person": person, "days_before": DAYS_BEFORE, "pause": PAUSE.days}
    body = render_to_string(f"evaluations/reminders/{template}.txt", context)
    return Mail(person, f"【特区評価書】{subject}", body)
