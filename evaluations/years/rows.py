"""The stored rows of a year, loaded once: its authors, its targets, and every row that is filled in.

Used by entry, review, contents and progress. The number of queries does not grow with the rows.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable
from itertools import pairwise

from django.apps import apps
from django.db.models import Prefetch, prefetch_related_objects
from django.utils.functional import cached_property

from evaluations import catalogue
from evaluations.catalogue.structure import RowKind
from evaluations.keys import RowKey
from evaluations.models import Approach, Evaluation, NumericTarget, ZoneMunicipality
from evaluations.models.row import EntryRow, RowItem
from tokku.accounts.models import Municipality


def rows_of_year(evaluation: Evaluation) -> "YearRows":
    return rows_of_years([evaluation])[evaluation.pk]


def rows_of_years(evaluations: Collection[Evaluation]) -> dict[int, "YearRows"]:
    """By the primary key of the evaluation, in as many queries as for one year."""
    members = ZoneMunicipality.objects.select_related("municipality")
    prefetch_related_objects(
        [evaluation.zone for evaluation in evaluations], Prefetch("zonemunicipality_set", members)
    )
    rows = {
        kind: list(apps.get_model(kind.model).objects.of_years(evaluations))
        for kind in catalogue.KINDS.values()
        if kind.page
    }
    # After the rows, so that no row refers to a target added in between.
    targets: dict[int, list[NumericTarget]] = defaultdict(list)
    for target in NumericTarget.objects.of_plans(
        {evaluation.plan_id for evaluation in evaluations}
    ):
        targets[target.indicator.plan_id].append(target)
    years = {
        evaluation.pk: YearRows(evaluation, targets[evaluation.plan_id])
        for evaluation in evaluations
    }
    # Actuals refer to a plan and a year, all other rows to an evaluation.
    of_key: dict[Hashable, YearRows] = {}
    for year in years.values():
        of_key[year.evaluation.pk] = year
        of_key[year.evaluation.plan_id, year.evaluation.fiscal_year] = year
    for kind, of_kind in rows.items():
        of_years: dict[YearRows, list[EntryRow]] = defaultdict(list)
        for row in of_kind:
            if year := of_key.get(row.year_key):
                of_years[year].append(row)
        for year, of_year in of_years.items():
            year.add(kind, of_year)
    for year in years.values():
        year.set_excuses()
    return years


class YearRows:
    """The rows of one year's evaluation. `authors`, `targets` and `rows` are in the order of the form."""

    def __init__(self, evaluation: Evaluation, targets: list[NumericTarget]) -> None:
        self.evaluation = evaluation
        self.authors: list[Municipality] = [
            member.municipality for member in evaluation.zone.zonemunicipality_set.all()
        ]
        self.targets = {target.pk: target for target in targets}
        self._rows: dict[str, list[EntryRow]] = {}
        self._places = {author.pk: place for place, author in enumerate(self.authors)}

    def add(self, kind: RowKind, rows: list[EntryRow]) -> None:
        """Add all rows of one kind."""
        for row in rows:
            row.link_loaded(self)
        self._rows[kind.model] = sorted(rows, key=lambda row: row.place(self))

    def set_excuses(self) -> None:
        for row in self.rows:
            row.excuses = frozenset(row.find_excuses(self))

    @cached_property
    def rows(self) -> list[EntryRow]:
        """Every row that is filled in."""
        return [row for rows in self._rows.values() for each in rows for row in each.rows_in_form()]

    def of_kind(self, kind: RowKind) -> list:
        """The rows of one kind."""
        return self._rows.get(kind.model, [])

    def of_municipality(self, municipality: int) -> list[EntryRow]:
        """The rows that a municipality owns, alone or with others."""
        return [row for row in self.rows if municipality in row.owner_ids]

    @cached_property
    def by_key(self) -> dict[RowKey, EntryRow]:
        return {row.key: row for row in self.rows}

    def counterpart_of(self, row: EntryRow) -> EntryRow | None:
        """The row here with the identity of a row of another year; the first of several."""
        return self._by_identity.get((type(row), row.identity))

    @cached_property
    def _by_identity(self) -> dict[Hashable, EntryRow]:
        return {(type(row), row.identity): row for row in reversed(self.rows)}

    @cached_property
    def approaches(self) -> dict[int, Approach]:
        return {row.pk: row for row in self.of_kind(catalogue.APPROACH)}

    def place_of(self, municipality: int | None) -> int:
        """The index of a municipality among the authors; after them None (the zone) and municipalities that have left."""
        return self._places.get(municipality, len(self._places))

    def next_row(self, row: EntryRow) -> EntryRow | None:
        """The next row of its model."""
        return self._following.get(row.key)

    @cached_property
    def _following(self) -> dict[RowKey, EntryRow]:
        return {upper.key: lower for rows in self._rows.values() for upper, lower in pairwise(rows)}

    def items(self, municipality: int | None = None) -> list[RowItem]:
        """The items of one municipality's rows, or of all."""
        rows = self.rows if municipality is None else self.of_municipality(municipality)
        return [item for row in rows for item in row.items()]

    def missing(self, municipality: int | None = None) -> list[RowItem]:
        """The required items that are still blank."""
        return [item for item in self.items(municipality) if item.is_missing]
