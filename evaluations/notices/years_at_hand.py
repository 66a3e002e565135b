"""What a person sees on home: the current years with the progress of each author, and past years. No views.

The number of queries grows neither with zones, years and municipalities nor with rows.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.db.models import Prefetch, QuerySet

from evaluations import catalogue
from evaluations.addresses import page_address
from evaluations.models import Draft, Evaluation, StatusChange, Submission, Zone, ZoneMunicipality
from evaluations.review.hand_in_progress import (
    Amount,
    HandInProgress,
    YearProgress,
    hand_in_progress,
)
from evaluations.workflow import SEALED, EvaluationState, SubmissionState
from evaluations.years.kept import kept
from evaluations.years.rows import rows_of_years
from tokku.accounts.models import Role, User


@dataclass(frozen=True)
class YearAtHand:
    """An evaluation still at work. `own_progress` and `parts` are for officials, `zone_progress` is for the secretariat."""

    evaluation: Evaluation
    authors: list[HandInProgress]
    own_progress: HandInProgress | None = None
    parts: tuple[tuple[str, str, Amount], ...] = ()  # title and address of an entry page
    last_return: StatusChange | None = None
    zone_progress: HandInProgress | None = None
    drafts: int = 0  # rows that the person has typed into and not saved

    @property
    def is_open(self) -> bool:
        return self.evaluation.state == EvaluationState.OPEN

    @property
    def is_settled(self) -> bool:
        """Whether the deadline no longer matters to the person."""
        return self.evaluation.state in SEALED or bool(
            self.own_progress and not self.own_progress.has_to_enter
        )


@dataclass(frozen=True)
class ZoneYears:
    """The years of a zone still at work, and those that are over, newest first."""

    zone: Zone
    years: list[YearAtHand]
    past: list[Evaluation]

    @property
    def evaluations(self) -> list[Evaluation]:
        evaluations = [*(year.evaluation for year in self.years), *self.past]
        return sorted(evaluations, key=lambda evaluation: -evaluation.fiscal_year)

    @property
    def year_ahead(self) -> int | None:
        """The next year, which may be created while the newest is open; None once it is sealed, when it is a task."""
        newest = next(iter(self.evaluations), None)
        return newest.fiscal_year + 1 if newest and newest.state not in SEALED else None


def zone_years_of(user: User, zones: QuerySet[Zone]) -> list[ZoneYears]:
    """The years of these zones, all of which the user may see."""
    zones = zones.prefetch_related(
        Prefetch("zonemunicipality_set", ZoneMunicipality.objects.select_related("municipality")),
        Prefetch(
            "evaluation_set", Evaluation.objects.visible_to(user).select_related("edition__plan")
        ),
    )
    at_hand = {zone: _at_hand(zone.evaluation_set.all()) for zone in zones}
    progress = _ProgressOfYears(
        user, [evaluation for evaluations in at_hand.values() for evaluation in evaluations]
    )
    return [
        ZoneYears(
            zone,
            [progress.year(zone, evaluation) for evaluation in evaluations],
            [
                evaluation
                for evaluation in zone.evaluation_set.all()
                if evaluation not in evaluations
            ],
        )
        for zone, evaluations in at_hand.items()
    ]


def _at_hand(evaluations: Iterable[Evaluation]) -> list[Evaluation]:
    """The newest evaluation, and all that have not been sent."""
    return [
        evaluation
        for index, evaluation in enumerate(evaluations)
        if not index or evaluation.state != EvaluationState.SENT
    ]


class _ProgressOfYears:
    """Progress, submissions and returns of all evaluations at hand, loaded together."""

    def __init__(self, user: User, evaluations: list[Evaluation]) -> None:
        self.user = user
        # Readers see states alone: no figures, remarks or reasons.
        open_evaluations = [
            evaluation for evaluation in evaluations if evaluation.state == EvaluationState.OPEN
        ]
        open_evaluations = open_evaluations if user.role != Role.READER else []
        self.drafts = Draft.objects.amounts(user, open_evaluations) if open_evaluations else {}
        self.progress = kept("progress", open_evaluations, progress_without_rows)
        self.submissions = {
            (submission.evaluation_id, submission.municipality_id): submission
            for submission in Submission.objects.filter(evaluation__in=evaluations).order_by()
        }
        # Only officials read why the work of their own municipality was returned.
        self.returns = self._returns(open_evaluations) if user.role == Role.OFFICIAL else {}

    def _returns(self, evaluations: list[Evaluation]) -> dict[int, StatusChange]:
        """The newest return of each own submission that is returned now, by its primary key."""
        returns = StatusChange.objects.filter(
            evaluation__in=evaluations,
            move="return",
            submission__municipality=self.user.municipality_id,
            submission__state=SubmissionState.RETURNED,
        )
        returns = returns.select_related("changed_by").defer("snapshot")
        return {change.submission_id: change for change in returns.order_by("pk")}

    def year(self, zone: Zone, evaluation: Evaluation) -> YearAtHand:
        progress = self._of_year(zone, evaluation)
        if self.user.role == Role.SECRETARIAT:
            return YearAtHand(
                evaluation,
                progress.authors,
                zone_progress=progress.zone_progress,
                drafts=self.drafts.get(evaluation.pk, 0),
            )
        own_key = self.user.municipality_id
        own = next(
            (author for author in progress.authors if author.municipality.pk == own_key), None
        )
        authors = [
            author if author is own else author.without_details() for author in progress.authors
        ]
        if self.user.role == Role.READER or own is None:
            return YearAtHand(evaluation, authors)
        return YearAtHand(
            evaluation,
            authors,
            own_progress=own,
            parts=tuple(_parts(evaluation, own)) if own.amounts else (),
            last_return=self.returns.get(own.submission.pk) if own.submission else None,
            drafts=self.drafts.get(evaluation.pk, 0),
        )

    def _of_year(self, zone: Zone, evaluation: Evaluation) -> YearProgress:
        """The progress of the year; the states alone where nothing more is loaded."""
        progress = self.progress.get(evaluation.pk, {})
        members = [
            member.municipality
            for member in zone.zonemunicipality_set.all()
            if member.is_in(evaluation.fiscal_year)
        ]
        authors = [
            replace(
                progress.get(member.pk, HandInProgress(None)),
                municipality=member,
                submission=self.submissions.get((evaluation.pk, member.pk)),
            )
            for member in members
        ]
        return YearProgress(authors, progress.get(None, HandInProgress(None)))


def progress_without_rows(
    evaluations: list[Evaluation],
) -> dict[int, dict[int | None, HandInProgress]]:
    """The progress in each evaluation by municipality; None stands for the zone as a whole."""
    years = hand_in_progress(rows_of_years(evaluations).values(), with_saves=True)
    return {
        pk: {
            each.municipality and each.municipality.pk: each.without_rows()
            for each in (*year.authors, year.zone_progress)
        }
        for pk, year in years.items()
    }


def _parts(evaluation: Evaluation, own: HandInProgress) -> Iterator[tuple[str, str, Amount]]:
    """Title, address and amount of each entry page."""
    for page, title in catalogue.PAGES.items():
        yield title, page_address(evaluation, f"entry-{page}"), own.amounts[page]
