"""Progress of a year: of each author, and of the secretariat with the zone as a whole. No views."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.apps import apps
from django.db.models import Max
from django.utils.functional import cached_property

from evaluations import catalogue
from evaluations.models import Actual, Evaluation, Remark, Submission
from evaluations.models.row import RowItem
from evaluations.workflow import UNFINISHED, SubmissionState
from evaluations.years.rows import YearRows
from tokku.accounts.models import Municipality, Role


@dataclass(frozen=True)
class Amount:
    """The number of required items, and how many of them are filled."""

    required: int
    filled: int

    @property
    def missing(self) -> int:
        return self.required - self.filled


def amounts_of(items: Iterable[RowItem]) -> dict[str, Amount]:
    """The amounts of items, all of them required, by entry page (catalogue.PAGES)."""
    missing: dict[str, list[bool]] = {page: [] for page in catalogue.PAGES}
    for item in items:
        missing[item.row.row_kind.page].append(item.is_missing)
    return {page: Amount(len(each), each.count(False)) for page, each in missing.items()}


@dataclass(frozen=True)
class HandInProgress:
    """The progress of one author in a year, or of the zone as a whole (no municipality).

    `amounts` are those of each entry page; None when the viewer may see the state alone. `items` are the required
    ones; empty where they are not loaded.
    """

    municipality: Municipality | None
    submission: Submission | None = None
    amounts: Mapping[str, Amount] | None = None
    items: tuple[RowItem, ...] = ()
    open_remarks: int = 0
    last_saved: datetime | None = None

    @cached_property
    def amount(self) -> Amount | None:
        """The amount on all pages."""
        if self.amounts is None:
            return None
        amounts = self.amounts.values()
        return Amount(sum(each.required for each in amounts), sum(each.filled for each in amounts))

    @cached_property
    def missing(self) -> list[RowItem]:
        return [item for item in self.items if item.is_missing]

    def without_details(self) -> "HandInProgress":
        """Without items, remarks and times: what others may see."""
        return HandInProgress(self.municipality, self.submission)

    def without_rows(self) -> "HandInProgress":
        return replace(self, municipality=None, submission=None, items=())

    @property
    def state(self) -> SubmissionState:
        """Draft without a submission: a municipality that has just joined has none before its first move."""
        return SubmissionState(self.submission.state if self.submission else SubmissionState.DRAFT)

    @property
    def has_to_enter(self) -> bool:
        return self.state in UNFINISHED

    @property
    def has_not_begun(self) -> bool:
        """Whether its officials have saved nothing yet; rows carried over from last year do not count."""
        return self.state == SubmissionState.DRAFT and self.last_saved is None

    @property
    def is_blank(self) -> bool:
        """Whether nothing at all is filled in: nothing was carried over, and nobody has begun."""
        return self.has_not_begun and self.amount is not None and not self.amount.filled


@dataclass(frozen=True)
class YearProgress:
    """Every author in their order, and the zone as a whole, which the secretariat fills in."""

    authors: list[HandInProgress]
    zone_progress: HandInProgress

    def in_state(self, *states: SubmissionState) -> list[HandInProgress]:
        return [author for author in self.authors if author.state in states]


def hand_in_progress(
    years: Collection[YearRows], *, with_saves: bool = False
) -> dict[int, YearProgress]:
    """The progress of each year, by the primary key of its evaluation.

    `with_saves` adds when officials last saved something, for one more query.
    """
    evaluations = [year.evaluation for year in years]
    remarks = Counter(
        Remark.objects.open()
        .filter(submission__evaluation__in=evaluations)
        .values_list("submission__evaluation", "submission__municipality")
    )
    saves = last_saves(evaluations) if with_saves and evaluations else {}
    return {year.evaluation.pk: _year_progress(year, remarks, saves) for year in years}


def _year_progress(
    year: YearRows,
    remarks: Counter[tuple[int, int]],
    saves: dict[tuple[int, int], datetime],
) -> YearProgress:
    submissions = {row.municipality_id: row for row in year.of_kind(catalogue.SUBMISSION)}
    items = [item for row in year.rows for item in row.required_items()]
    authors = {author.pk for author in year.authors}
    of_authors = []
    for author in year.authors:
        own = tuple(item for item in items if author.pk in item.row.owner_ids)
        key = year.evaluation.pk, author.pk
        of_authors.append(
            HandInProgress(
                author,
                submissions.get(author.pk),
                amounts_of(own),
                own,
                open_remarks=remarks[key],
                last_saved=saves.get(key),
            )
        )
    # The secretariat takes care of rows of a municipality that has left the zone.
    of_zone = tuple(item for item in items if not item.row.owner_ids & authors)
    return YearProgress(of_authors, HandInProgress(None, None, amounts_of(of_zone), of_zone))


def last_saves(evaluations: Collection[Evaluation]) -> dict[tuple[int, int], datetime]:
    """When officials last saved a row, by evaluation and municipality (primary keys).

    Rows carried over from last year do not count.
    """
    saves_by_kind = [
        _saves(apps.get_model(kind.model), **{f"{kind.evaluation}__in": evaluations}).values_list(
            kind.evaluation, "history_user__municipality", Max("history_date")
        )
        for kind in catalogue.KINDS.values()
        if kind.evaluation
    ]
    actuals = _saves(
        Actual,
        target__indicator__edition__in={evaluation.edition_id for evaluation in evaluations},
        fiscal_year__in={evaluation.fiscal_year for evaluation in evaluations},
    ).values_list(
        "target__indicator__edition",
        "fiscal_year",
        "history_user__municipality",
        Max("history_date"),
    )
    by_edition_and_year = {
        (evaluation.edition_id, evaluation.fiscal_year): evaluation.pk for evaluation in evaluations
    }
    saves: dict[tuple[int, int], datetime] = {}
    moments = [
        *saves_by_kind[0].union(*saves_by_kind[1:], all=True),
        *(
            (by_edition_and_year[edition, year], municipality, moment)
            for edition, year, municipality, moment in actuals
            if (edition, year) in by_edition_and_year
        ),
    ]
    for evaluation, municipality, moment in moments:
        latest = saves.get((evaluation, municipality))
        saves[evaluation, municipality] = max(latest or moment, moment)
    return saves


def _saves(kind, **of_evaluations):
    # Unordered, since an ordering would become part of the grouping.
    return kind.history.filter(history_user__role=Role.OFFICIAL, **of_evaluations).order_by()
