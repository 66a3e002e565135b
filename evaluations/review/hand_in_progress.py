"""How far everybody is with a year: each author, and the secretariat with the zone as a whole. No views."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.db.models import Max
from django.utils.functional import cached_property

from evaluations import catalogue
from evaluations.models import Actual, Evaluation, Remark, Submission
from evaluations.models.row import Item
from evaluations.workflow import UNFINISHED, SubmissionState
from evaluations.years.rows import YearRows
from tokku.accounts.models import Municipality, Role


@dataclass(frozen=True)
class Amount:
    """How many of the required items are there."""

    required: int
    filled: int

    @classmethod
    def of(cls, items: Iterable[Item]) -> "Amount":
        """Of required items."""
        missing = [item.is_missing for item in items]
        return cls(len(missing), missing.count(False))

    @property
    def missing(self) -> int:
        return self.required - self.filled


@dataclass(frozen=True)
class HandInProgress:
    """Where one author is in a year, or the zone as a whole (no municipality).

    `items` are the required ones; None where a person is told of the state alone, and then of nothing else either.
    """

    municipality: Municipality | None
    submission: Submission | None = None
    items: tuple[Item, ...] | None = None
    open_remarks: int = 0
    last_saved: datetime | None = None

    @cached_property
    def amount(self) -> Amount | None:
        return None if self.items is None else Amount.of(self.items)

    @cached_property
    def missing(self) -> list[Item]:
        return [item for item in self.items or () if item.is_missing]

    def of_page(self, page: str) -> Amount:
        """Of the rows that an entry page shows (catalogue.PAGES)."""
        return Amount.of(item for item in self.items or () if item.row.row_kind.page == page)

    def state_alone(self) -> "HandInProgress":
        """What others are told of it."""
        return HandInProgress(self.municipality, self.submission)

    @property
    def state(self) -> SubmissionState:
        """A zone that has gained a municipality has no submission of it before its first move."""
        return SubmissionState(self.submission.state if self.submission else SubmissionState.DRAFT)

    @property
    def has_to_enter(self) -> bool:
        return self.state in UNFINISHED

    @property
    def has_not_begun(self) -> bool:
        """Nothing was entered by its officials; what was carried over from last year may be there."""
        return self.state == SubmissionState.DRAFT and self.last_saved is None


@dataclass(frozen=True)
class YearProgress:
    """Every author in their order, and the zone as a whole, which the secretariat fills in."""

    authors: list[HandInProgress]
    whole: HandInProgress

    def in_state(self, *states: SubmissionState) -> list[HandInProgress]:
        return [author for author in self.authors if author.state in states]


def hand_in_progress(
    years: Collection[YearRows], *, with_saves: bool = False
) -> dict[int, YearProgress]:
    """By the key of the evaluation.

    `with_saves` asks when officials have saved something last, in one query more.
    """
    evaluations = [year.evaluation for year in years]
    remarks = Counter(
        Remark.objects.open()
        .filter(submission__evaluation__in=evaluations)
        .values_list("submission__evaluation", "submission__municipality")
    )
    saves = last_saves(evaluations) if with_saves and evaluations else {}
    return {year.evaluation.pk: _of_year(year, remarks, saves) for year in years}


def _of_year(
    year: YearRows,
    remarks: Counter[tuple[int, int]],
    saves: dict[tuple[int, int], datetime],
) -> YearProgress:
    submissions = {row.municipality_id: row for row in year.of_kind(catalogue.SUBMISSION)}
    items = [item for row in year.rows for item in row.required_items()]
    authors = {author.pk for author in year.authors}
    of_authors = [
        HandInProgress(
            author,
            submissions.get(author.pk),
            tuple(item for item in items if author.pk in item.row.owner_ids),
            remarks[year.evaluation.pk, author.pk],
            saves.get((year.evaluation.pk, author.pk)),
        )
        for author in year.authors
    ]
    # Rows of a municipality that has left the zone are the secretariat's to settle.
    of_zone = tuple(item for item in items if not item.row.owner_ids & authors)
    return YearProgress(of_authors, HandInProgress(None, items=of_zone))


def last_saves(evaluations: Collection[Evaluation]) -> dict[tuple[int, int], datetime]:
    """When officials of a municipality saved something of an evaluation last, by both.

    Schemes go on from year to year and tell nothing of one; what was carried over nobody has saved.
    """
    of_kinds = [
        _saves(apps.get_model(kind.model), **{f"{kind.evaluation}__in": evaluations}).values_list(
            kind.evaluation, "history_user__municipality", Max("history_date")
        )
        for kind in catalogue.KINDS.values()
        if kind.evaluation
    ]
    actuals = _saves(
        Actual,
        target__indicator__plan__in={one.plan_id for one in evaluations},
        fiscal_year__in={one.fiscal_year for one in evaluations},
    ).values_list(
        "target__indicator__plan",
        "fiscal_year",
        "history_user__municipality",
        Max("history_date"),
    )
    of_plan = {(one.plan_id, one.fiscal_year): one.pk for one in evaluations}
    saves: dict[tuple[int, int], datetime] = {}
    moments = [
        *of_kinds[0].union(*of_kinds[1:], all=True),
        *(
            (of_plan[plan, year], municipality, moment)
            for plan, year, municipality, moment in actuals
            if (plan, year) in of_plan
        ),
    ]
    for evaluation, municipality, moment in moments:
        known = saves.get((evaluation, municipality))
        saves[evaluation, municipality] = max(known or moment, moment)
    return saves


def _saves(kind, **of_evaluations):
    # In no order, which would keep the database from grouping.
    return kind.history.filter(history_user__role=Role.OFFICIAL, **of_evaluations).order_by()
