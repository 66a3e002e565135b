"""The stored rows of a year, loaded once: its authors, its targets, and every row that is filled in.

Used by entry, review, contents and progress. Each kind of row is loaded when it is asked for first. The number of
queries does not grow with the rows.
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
from evaluations.models import (
    Approach,
    Correction,
    Evaluation,
    NumericTarget,
    ZoneMunicipality,
    names_in,
)
from evaluations.models.row import EntryRow, RowItem
from tokku.accounts.models import Municipality


def rows_of_year(evaluation: Evaluation) -> "YearRows":
    return rows_of_years([evaluation])[evaluation.pk]


def rows_of_years(evaluations: Collection[Evaluation]) -> dict[int, "YearRows"]:
    """By the primary key of the evaluation, in as many queries as for one year."""
    members = ZoneMunicipality.objects.select_related("municipality")
    prefetch_related_objects(
        [evaluation.zone for evaluation in evaluations],
        Prefetch("zonemunicipality_set", members),
    )
    return _LoadedYears(evaluations).years


class _LoadedYears:
    """Years whose rows are loaded together, each kind for all of them when one of them asks for it first."""

    def __init__(self, evaluations: Collection[Evaluation]) -> None:
        self.years = {evaluation.pk: YearRows(evaluation, self) for evaluation in evaluations}
        # By model, all rows that were loaded: also those of other years that bear on these.
        self.loaded: dict[str, list[EntryRow]] = {}
        self.load_targets()

    def load_targets(self) -> None:
        editions = {year.evaluation.edition_id for year in self.years.values()}
        targets: dict[int, dict[int, NumericTarget]] = defaultdict(dict)
        for target in NumericTarget.objects.of_editions(editions):
            targets[target.indicator.edition_id][target.pk] = target
        for year in self.years.values():
            year.targets = targets[year.evaluation.edition_id]

    def load(self, kind: RowKind) -> None:
        evaluations = [year.evaluation for year in self.years.values()]
        # Actuals refer to an edition and a year, all other rows to an evaluation.
        of_key: dict[Hashable, YearRows] = {}
        for year in self.years.values():
            of_key[year.evaluation.pk] = year
            of_key[year.evaluation.edition_id, year.evaluation.fiscal_year] = year
        rows: dict[YearRows, list[EntryRow]] = {year: [] for year in self.years.values()}
        self.loaded[kind.model] = list(apps.get_model(kind.model).objects.of_years(evaluations))
        for row in self.loaded[kind.model]:
            if year := of_key.get(row.year_key):
                rows[year].append(row)
        if any(
            target not in year.targets
            for year, of_year in rows.items()
            for row in of_year
            for target in _targets_of(row, kind)
        ):
            self.load_targets()  # One was added since.
        for year, of_year in rows.items():
            year.add(kind, of_year)


def _targets_of(row: EntryRow, kind: RowKind) -> list[int]:
    """The primary keys of the targets that the row names."""
    if "target" in kind:
        return [row.target_id]
    return [target.pk for target in row.targets.all()] if "targets" in kind else []


class YearRows:
    """The rows of one year's evaluation. `authors`, `targets` and `rows` are in the order of the form."""

    targets: dict[int, NumericTarget]

    def __init__(self, evaluation: Evaluation, loaded_with: _LoadedYears) -> None:
        self.evaluation = evaluation
        members = evaluation.zone.zonemunicipality_set.all()
        self.authors: list[Municipality] = [
            member.municipality for member in members if member.is_in(evaluation.fiscal_year)
        ]
        self._names = names_in(members, evaluation.fiscal_year)
        self._loaded_with = loaded_with
        self._rows: dict[str, list[EntryRow]] = {}
        self._following: dict[RowKey, EntryRow] = {}
        self._places = {author.pk: place for place, author in enumerate(self.authors)}

    def add(self, kind: RowKind, rows: list[EntryRow]) -> None:
        """Add all rows of one kind."""
        for row in rows:
            row.link_loaded(self)
        rows = self._rows[kind.model] = sorted(rows, key=lambda row: row.place(self))
        self._following |= {upper.key: lower for upper, lower in pairwise(rows)}
        for row in rows:
            row.loaded_with = self

    @cached_property
    def rows(self) -> list[EntryRow]:
        """Every row that is filled in."""
        return [row for kind in catalogue.KINDS.values() if kind.page for row in self.of_kind(kind)]

    def of_page(self, page: str) -> list[EntryRow]:
        """The rows that an entry page (catalogue.PAGES) shows; no others are loaded."""
        kinds = (kind for kind in catalogue.KINDS.values() if kind.page == page)
        return [row for kind in kinds for row in self.of_kind(kind)]

    def of_kind(self, kind: RowKind) -> list:
        """The rows of one kind."""
        if kind.model not in self._rows:
            self._loaded_with.load(kind)
        return self._rows[kind.model]

    @property
    def corrections(self) -> list[Correction]:
        """Those that hold in the form of the year, its own and those told before, in the order of the years."""
        self.of_kind(catalogue.CORRECTION)
        of_zone = (
            row
            for row in self._loaded_with.loaded[catalogue.CORRECTION.model]
            if row.evaluation.zone_id == self.evaluation.zone_id
            and row.year <= self.evaluation.fiscal_year
        )
        return sorted(of_zone, key=lambda row: row.year)

    def of_municipality(self, municipality: int) -> list[EntryRow]:
        """The rows that a municipality owns, alone or with others."""
        return [row for row in self.rows if municipality in row.owner_ids]

    @cached_property
    def by_key(self) -> dict[RowKey, EntryRow]:
        return {row.key: row for row in self.rows}

    def counterpart_of(self, row: EntryRow) -> EntryRow | None:
        """The row here with the identity of a row of another year; the first of several."""
        kind = row.row_kind
        if kind not in self._by_identity:
            rows = reversed(self.of_kind(kind))
            self._by_identity[kind] = {row.identity: row for row in rows}
        return self._by_identity[kind].get(row.identity)

    @cached_property
    def _by_identity(self) -> dict[RowKind, dict[Hashable, EntryRow]]:
        return {}

    @cached_property
    def approaches(self) -> dict[int, Approach]:
        return {row.pk: row for row in self.of_kind(catalogue.APPROACH)}

    def place_of(self, municipality: int | None) -> int:
        """The index of a municipality among the authors; after them None (the zone) and municipalities that have left."""
        return self._places.get(municipality, len(self._places))

    def name_of(self, municipality: Municipality) -> str:
        """The name by which the form of the year calls it: a different one for each."""
        if municipality.pk in self._names:
            return self._names[municipality.pk]
        is_taken = municipality.name in self._names.values()
        return municipality.full_name if is_taken else municipality.name

    def next_row(self, row: EntryRow) -> EntryRow | None:
        """The next row of its model."""
        return self._following.get(row.key)

    def items(self, municipality: int | None = None) -> list[RowItem]:
        """The items of one municipality's rows, or of all."""
        rows = self.rows if municipality is None else self.of_municipality(municipality)
        return [item for row in rows for item in row.items()]

    def missing(self, municipality: int | None = None) -> list[RowItem]:
        """The required items that are still blank."""
        return [item for item in self.items(municipality) if item.is_missing]
