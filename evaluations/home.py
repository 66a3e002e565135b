"""What a person sees on home: the years at hand, how far each author is, and the years before. No views.

The number of queries depends neither on zones, years and municipalities nor on rows.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch
from django.urls import reverse

from evaluations import catalogue
from evaluations.items import entry_rows_of, missing_items, required_items
from evaluations.models import (
    Evaluation,
    Remark,
    StatusChange,
    Submission,
    Zone,
    ZoneMunicipality,
)
from evaluations.review import last_saves
from evaluations.workflow import SEALED, UNFINISHED, EvaluationState, SubmissionState
from tokku.accounts.models import Municipality, Role, User
from tokku.records import Record


@dataclass(frozen=True)
class Amount:
    """How many of the required items are there."""

    required: int
    filled: int

    @property
    def missing(self) -> int:
        return self.required - self.filled

    @classmethod
    def total(cls, amounts: Iterable["Amount"]) -> "Amount":
        amounts = list(amounts)
        return cls(sum(one.required for one in amounts), sum(one.filled for one in amounts))


@dataclass(frozen=True)
class Share:
    """What is asked for in one row: whose it is, on which entry page, and how much."""

    owner_ids: frozenset[int]
    part: str
    amount: Amount

    @classmethod
    def of(cls, row: Record) -> "Share":
        items = list(required_items(row))
        amount = Amount(len(items), len(items) - len(missing_items(items)))
        return cls(row.owner_ids, catalogue.kind_of(row).page, amount)


@dataclass(frozen=True)
class Standing:
    """Where one author is in a year, or the zone as a whole (no municipality).

    The amount, remarks and last save are told of what a person may see: None, 0 and None otherwise.
    """

    municipality: Municipality | None
    submission: Submission | None = None
    amount: Amount | None = None
    open_remarks: int = 0
    last_saved: datetime | None = None

    @property
    def state(self) -> SubmissionState:
        return SubmissionState(self.submission.state if self.submission else SubmissionState.DRAFT)

    @property
    def has_to_enter(self) -> bool:
        return self.state in UNFINISHED

    @property
    def has_not_begun(self) -> bool:
        """Nothing was entered by its officials; what was carried over from last year may be there."""
        return self.state == SubmissionState.DRAFT and self.last_saved is None


@dataclass(frozen=True)
class Year:
    """An evaluation at hand. `own` and `parts` are an official's, `whole` is the secretariat's."""

    evaluation: Evaluation
    authors: list[Standing]
    own: Standing | None = None
    parts: tuple[tuple[str, str, Amount], ...] = ()  # title and address of an entry page
    last_return: StatusChange | None = None
    whole: Standing | None = None

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
    years: list[Year]
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
        Prefetch(
            "evaluation_set", Evaluation.objects.visible_to(user).select_related("zone", "plan")
        ),
    )
    at_hand = {zone: _at_hand(zone.evaluation_set.all()) for zone in zones}
    figures = _Figures(user, [one for evaluations in at_hand.values() for one in evaluations])
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


class _Figures:
    """What is asked for all evaluations at hand together."""

    def __init__(self, user: User, evaluations: list[Evaluation]) -> None:
        self.user = user
        opened = [one for one in evaluations if one.state == EvaluationState.OPEN]
        self.submissions = {
            (one.evaluation_id, one.municipality_id): one
            for one in Submission.objects.filter(evaluation__in=evaluations)
        }
        # Readers are told of states alone: no figures, remarks or reasons.
        told = opened if user.role != Role.READER else []
        self.shares = {
            key: [share for share in map(Share.of, rows) if share.amount.required]
            for key, rows in (entry_rows_of(told) if told else {}).items()
        }
        self.remarks = Counter(
            Remark.objects.visible_to(user)
            .open()
            .filter(submission__evaluation__in=told)
            .values_list("submission__evaluation", "submission__municipality")
        )
        self.saves = last_saves(told) if told else {}
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

    def year(self, zone: Zone, evaluation: Evaluation) -> Year:
        shares = self.shares.get(evaluation.pk, [])
        members = [one.municipality for one in zone.zonemunicipality_set.all()]
        authors = [self._standing(evaluation, member, shares) for member in members]
        if self.user.role == Role.SECRETARIAT:
            known = {member.pk for member in members}
            # Rows of a municipality that has left the zone are the secretariat's to settle.
            of_whole = Amount.total(one.amount for one in shares if not one.owner_ids & known)
            return Year(evaluation, authors, whole=Standing(None, amount=of_whole))
        if self.user.role == Role.READER:
            return Year(evaluation, authors)
        own_shares = [one for one in shares if self.user.municipality_id in one.owner_ids]
        own = next(one for one in authors if one.municipality.pk == self.user.municipality_id)
        return Year(
            evaluation,
            authors,
            own=own,
            parts=tuple(_parts(evaluation, own_shares)),
            last_return=self.returns.get(own.submission.pk) if own.submission else None,
        )

    def _standing(self, evaluation, municipality, shares) -> Standing:
        key = (evaluation.pk, municipality.pk)
        told = self.user.role == Role.SECRETARIAT or self.user.municipality_id == municipality.pk
        if not told or evaluation.pk not in self.shares:
            return Standing(municipality, self.submissions.get(key))
        return Standing(
            municipality,
            self.submissions.get(key),
            Amount.total(one.amount for one in shares if municipality.pk in one.owner_ids),
            self.remarks[key],
            self.saves.get(key),
        )


def _parts(evaluation: Evaluation, shares: list[Share]) -> Iterator[tuple[str, str, Amount]]:
    """How far each entry page is: its title and address, and the amount."""
    for part, title in catalogue.PAGES.items():
        of_part = Amount.total(one.amount for one in shares if one.part == part)
        address = [evaluation.zone.slug, evaluation.fiscal_year]
        yield title, reverse(f"evaluations:entry-{part}", args=address), of_part
