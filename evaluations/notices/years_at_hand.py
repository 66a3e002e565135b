"""What a person sees on home: the years at hand, how far each author is, and the years before. No views.

The number of queries depends neither on zones, years and municipalities nor on rows.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Prefetch

from evaluations import catalogue
from evaluations.addresses import page_address
from evaluations.models import Evaluation, StatusChange, Submission, Zone, ZoneMunicipality
from evaluations.review.hand_in_progress import (
    Amount,
    HandInProgress,
    YearProgress,
    hand_in_progress,
)
from evaluations.workflow import SEALED, EvaluationState, SubmissionState
from evaluations.years.rows import rows_of_years
from tokku.accounts.models import Role, User


@dataclass(frozen=True)
class YearAtHand:
    """An evaluation at hand. `own` and `parts` are an official's, `whole` is the secretariat's."""

    evaluation: Evaluation
    authors: list[HandInProgress]
    own: HandInProgress | None = None
    parts: tuple[tuple[str, str, Amount], ...] = ()  # title and address of an entry page
    last_return: StatusChange | None = None
    whole: HandInProgress | None = None

    @property
    def is_open(self) -> bool:
        return self.evaluation.state == EvaluationState.OPEN

    @property
    def is_settled(self) -> bool:
        """Whether the deadline is nothing to think of any more."""
        return self.evaluation.state in SEALED or bool(self.own and not self.own.has_to_enter)


@dataclass(frozen=True)
class ZoneYears:
    """The years of a zone at hand, and those that are over; the newest first."""

    zone: Zone
    years: list[YearAtHand]
    past: list[Evaluation]

    @property
    def evaluations(self) -> list[Evaluation]:
        found = [*(year.evaluation for year in self.years), *self.past]
        return sorted(found, key=lambda one: -one.fiscal_year)

    @property
    def year_ahead(self) -> int | None:
        """The next year, which can be made while the newest is worked on; afterwards it is a task."""
        newest = next(iter(self.evaluations), None)
        return newest.fiscal_year + 1 if newest and newest.state not in SEALED else None


def zones_of(user: User) -> list[ZoneYears]:
    zones = Zone.objects.visible_to(user).prefetch_related(
        Prefetch("zonemunicipality_set", ZoneMunicipality.objects.select_related("municipality")),
        Prefetch("evaluation_set", Evaluation.objects.visible_to(user).select_related("plan")),
    )
    at_hand = {zone: _at_hand(zone.evaluation_set.all()) for zone in zones}
    figures = _ProgressOfYears(
        user, [one for evaluations in at_hand.values() for one in evaluations]
    )
    return [
        ZoneYears(
            zone,
            [figures.year(zone, evaluation) for evaluation in evaluations],
            [one for one in zone.evaluation_set.all() if one not in evaluations],
        )
        for zone, evaluations in at_hand.items()
    ]


def _at_hand(evaluations: Iterable[Evaluation]) -> list[Evaluation]:
    """The newest, and whatever has not been sent."""
    return [
        one
        for number, one in enumerate(evaluations)
        if not number or one.state != EvaluationState.SENT
    ]


class _ProgressOfYears:
    """What is asked for all evaluations at hand together."""

    def __init__(self, user: User, evaluations: list[Evaluation]) -> None:
        self.user = user
        # Readers are told of states alone: no figures, remarks or reasons.
        told = [one for one in evaluations if one.state == EvaluationState.OPEN]
        told = told if user.role != Role.READER else []
        years = rows_of_years(told) if told else {}
        self.progress = hand_in_progress(years.values(), with_saves=True) if told else {}
        self.submissions = {
            (one.evaluation_id, one.municipality_id): one
            for one in Submission.objects.filter(
                evaluation__in=[one for one in evaluations if one not in told]
            )
        }
        self.returns = {
            change.submission_id: change
            for change in StatusChange.objects.filter(
                evaluation__in=told,
                move="return",
                submission__municipality=user.municipality_id,
                submission__state=SubmissionState.RETURNED,
            )
            .select_related("changed_by")
            .defer("snapshot")
            .order_by("changed_at", "pk")
        }

    def year(self, zone: Zone, evaluation: Evaluation) -> YearAtHand:
        progress = self.progress.get(evaluation.pk) or self._states_alone(zone, evaluation)
        if self.user.role == Role.SECRETARIAT:
            return YearAtHand(evaluation, progress.authors, whole=progress.whole)
        own_key = self.user.municipality_id
        own = next((one for one in progress.authors if one.municipality.pk == own_key), None)
        authors = [one if one is own else one.state_alone() for one in progress.authors]
        if self.user.role == Role.READER:
            return YearAtHand(evaluation, authors)
        return YearAtHand(
            evaluation,
            authors,
            own=own,
            parts=tuple(_parts(evaluation, own)),
            last_return=self.returns.get(own.submission.pk) if own.submission else None,
        )

    def _states_alone(self, zone: Zone, evaluation: Evaluation) -> YearProgress:
        members = (one.municipality for one in zone.zonemunicipality_set.all())
        states = [
            HandInProgress(member, self.submissions.get((evaluation.pk, member.pk)))
            for member in members
        ]
        return YearProgress(states, HandInProgress(None, items=()))


def _parts(evaluation: Evaluation, own: HandInProgress) -> Iterator[tuple[str, str, Amount]]:
    """How far each entry page is: its title and address, and the amount."""
    for page, title in catalogue.PAGES.items():
        yield title, page_address(evaluation, f"entry-{page}"), own.of_page(page)
