"""Loads the rows of a year as contents, copying fields by name. The reverse is `evaluations.records.store`."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import fields
from typing import Any, NamedTuple

from django.db import models

from evaluations import catalogue
from evaluations import models as m
from evaluations.catalogue import part6_regional
from evaluations.form import contents as c
from evaluations.keys import RecordKey
from evaluations.models.corrections import standing_figures
from evaluations.models.row import EntryRow
from evaluations.models.targets import Aggregation
from evaluations.permissions import Access
from evaluations.years.rows import YearRows, rows_of_year
from supports.models import RegionalText
from tokku.accounts.models import Municipality
from tokku.figures import Figure, total_of

Behind = dict[RecordKey, list[EntryRow]]


def copied(kind: type, *, without: Iterable[str] = ()) -> list[str]:
    """The names of the fields of a class of contents that its model has too."""
    nested = {"municipality", "relation", "targets", "achievements", "years", "assessment"}
    return [field.name for field in fields(kind) if field.name not in nested | set(without)]


class LoadedContents(NamedTuple):
    """The contents of a year, and the rows that each record of its document comes from.

    A figure of the zone comes from a row of each municipality, most other records from one row.
    """

    contents: c.Contents
    rows: Behind


def load(evaluation: m.Evaluation) -> c.Contents:
    """The contents of the evaluation as stored now, without actuals of later years."""
    return load_rows(rows_of_year(evaluation)).contents


def load_for(access: Access) -> LoadedContents:
    """As `load`, without other municipalities' unsubmitted rows, and with the rows of each record."""
    return load_rows(access.year, access.hidden, access.hidden_actuals)


def load_targets(access: Access) -> dict[c.TargetKey, c.NumericTarget]:
    """The targets of a year with the figures that the person may see; other rows are not loaded."""
    loading = _Loading(access.year, access.hidden, access.hidden_actuals)
    return {
        c.TargetKey(indicator.number, target.number): target
        for indicator in loading.indicators()
        for target in indicator.targets
    }


def load_rows(
    year: YearRows,
    hidden: Collection[int] = (),
    hidden_actuals: Collection[tuple[int, int]] = (),
) -> LoadedContents:
    """The contents of a year without the rows of the municipalities `hidden` (primary keys), and without the actuals
    in `hidden_actuals` (municipality and fiscal year)."""
    loading = _Loading(year, frozenset(hidden), frozenset(hidden_actuals))
    return LoadedContents(loading.contents(), loading.behind)


class _Loading:
    """Builds the contents, and records the rows of each record (`behind`) and what is left out (`omitted`)."""

    def __init__(
        self, year: YearRows, hidden: frozenset[int], hidden_actuals: frozenset[tuple[int, int]]
    ) -> None:
        self.year = year
        self.hidden = hidden
        self.hidden_actuals = hidden_actuals
        self.behind: Behind = {RecordKey("evaluation"): [year.evaluation]}
        self.omitted: set[RecordKey] = set()
        self.omitted_actuals: set[tuple[int, int]] = set()  # target and year of hidden actuals
        self.target_keys = {target.pk: target.place for target in year.targets.values()}
        self.corrections: dict[tuple[int, int], list[m.Correction]] = {}  # by target and year

    def contents(self) -> c.Contents:
        evaluation, year = self.year.evaluation, self.year
        return c.Contents(
            fiscal_year=evaluation.fiscal_year,
            zone=c.Zone(
                **_values(
                    evaluation.zone, c.Zone, without=["name", "municipalities", "last_certified_on"]
                ),
                name=evaluation.zone_name,
                last_certified_on=evaluation.edition.certified_on,
                municipalities=tuple(map(year.name_of, year.authors)),
            ),
            plan=c.Plan(
                **_values(evaluation.plan, c.Plan, without=["overview", "goal"]),
                overview=evaluation.edition.overview,
                goal=evaluation.edition.goal,
            ),
            texts=c.EvaluationTexts(**_values(evaluation, c.EvaluationTexts)),
            indicators=tuple(self.indicators()),
            approaches=tuple(
                self._approach(number, row)
                for number, row in enumerate(year.of_kind(catalogue.APPROACH), 1)
            ),
            measures=tuple(
                c.Measure(**_values(row, c.Measure), relation=self._relation(row))
                for row in self._listed(year.of_kind(catalogue.MEASURE), _of_kind("measure"))
            ),
            national_supports=tuple(
                c.NationalSupport(
                    **_values(row, c.NationalSupport), municipality=self._name(row.municipality)
                )
                for row in self._listed(
                    year.of_kind(catalogue.NATIONAL_SUPPORT), _of_kind("national_support")
                )
            ),
            schemes=tuple(
                self._scheme(row)
                for row in self._listed(
                    year.of_kind(catalogue.SCHEME_RESULT),
                    lambda row: RecordKey("scheme", row.category),
                )
            ),
            regional_texts=tuple(self._regional_texts()),
            omitted=tuple(sorted(map(str, self.omitted))),
        )

    # Lists

    def _shown(
        self,
        rows: Iterable[Any],
        list_of: Callable[[Any], RecordKey],
        is_blank: Callable[[Any], bool] = lambda row: False,
    ) -> Iterator[Any]:
        """The rows that are not hidden. The list of a hidden row that is not blank is noted as omitted."""
        for row in rows:
            if not row.owner_ids or row.owner_ids - self.hidden:
                yield row
            elif not is_blank(row):
                self.omitted.add(list_of(row))

    def _listed(
        self, rows: Iterable[Any], list_of: Callable[[Any], RecordKey]
    ) -> Iterator[EntryRow]:
        """The rows that are shown; each is recorded under its number in its list."""
        counts: dict[RecordKey, int] = defaultdict(int)
        for row in self._shown(rows, list_of):
            place = list_of(row)
            counts[place] += 1
            self.behind[place._replace(last=counts[place])] = [row]
            yield row

    def _approach(self, number: int, row: m.Approach) -> c.Approach:
        self.behind[RecordKey("approach", number)] = [row]
        achievements = [
            achievement
            for achievement in self.year.of_kind(catalogue.ACHIEVEMENT)
            if achievement.approach_id == row.pk
        ]
        return c.Approach(
            **_values(row, c.Approach),
            targets=self._targets(row),
            achievements=tuple(
                c.Achievement(
                    **_values(achievement, c.Achievement),
                    municipality=self._name(achievement.municipality),
                )
                for achievement in self._listed(
                    achievements, lambda _: RecordKey("achievement", number)
                )
            ),
        )

    def _scheme(self, row: Any) -> c.Scheme:
        owners = sorted(
            row.municipalities.all(),
            key=lambda municipality: (self.year.place_of(municipality.pk), municipality.key),
        )
        return c.Scheme(
            **_values(row, c.Scheme, without=["municipalities"]),
            municipalities=tuple(map(self.year.name_of, owners)),
            relation=self._relation(row),
        )

    def _regional_texts(self) -> Iterator[c.RegionalText]:
        rows = self._shown(
            self.year.of_kind(catalogue.REGIONAL_TEXT),
            _of_kind("regional_text"),
            is_blank=lambda row: not row.text,
        )
        rows_by_kind: dict[str, list[RegionalText]] = {
            kind: [] for kind in part6_regional.TEXT_KINDS
        }
        for row in rows:
            rows_by_kind[row.kind].append(row)
            yield c.RegionalText(
                kind=row.kind, text=row.text, municipality=self._name(row.municipality)
            )
        for kind, parts in rows_by_kind.items():
            if kind in part6_regional.EFFORT_TEXTS:
                # 別紙3 prints the parts of these as one.
                self.behind[RecordKey("regional_text", kind, 1)] = parts
            else:
                for number, row in enumerate(parts, 1):
                    self.behind[RecordKey("regional_text", kind, number)] = [row]

    def _name(self, municipality: Municipality | None) -> str | None:
        return self.year.name_of(municipality) if municipality else None

    def _relation(self, row: Any) -> c.Relation:
        return c.Relation(all_targets=row.all_targets, targets=self._targets(row))

    def _targets(self, row: Any) -> tuple[c.TargetKey, ...]:
        primary_keys = (target.pk for target in row.targets.all())
        return tuple(sorted(self.target_keys[pk] for pk in primary_keys if pk in self.target_keys))

    # Targets and their figures

    def indicators(self) -> Iterator[c.Indicator]:
        plan = self.year.evaluation.plan
        yearly = m.YearlyTarget.objects.filter(
            target__in=self.year.targets, fiscal_year__in=list(plan.years)
        )
        target_values = {(row.target_id, row.fiscal_year): row.value for row in yearly}
        actuals = self._actuals()
        self.corrections = self._corrections()
        assessments = {row.target_id: row for row in self.year.of_kind(catalogue.ASSESSMENT)}
        targets_by_indicator: dict[tuple[int, str], list[c.NumericTarget]] = {}
        for target in self.year.targets.values():
            years = tuple(
                self._figures(
                    target, year, target_values.get((target.pk, year)), actuals[target.pk, year]
                )
                for year in plan.years
            )
            assessment = assessments.get(target.pk)
            if assessment:
                self.behind[RecordKey("assessment", target.place)] = [assessment]
            indicator = target.indicator
            targets_by_indicator.setdefault((indicator.number, indicator.name), []).append(
                c.NumericTarget(
                    **_values(target, c.NumericTarget),
                    years=years,
                    assessment=c.Assessment(
                        **_values(assessment, c.Assessment) if assessment else {}
                    ),
                )
            )
        for (number, name), targets in targets_by_indicator.items():
            yield c.Indicator(number=number, name=name, targets=tuple(targets))

    def _actuals(self) -> dict[tuple[int, int], list[m.Actual]]:
        """Actuals by target and year, including earlier years; hidden ones are blank."""
        evaluation = self.year.evaluation
        of_this_year = self.year.of_kind(catalogue.ACTUAL)  # first, as a target may come with them
        by_thread = {target.thread: target.pk for target in self.year.targets.values()}
        earlier = m.Actual.objects.filter(
            target__thread__in=by_thread,
            fiscal_year__lt=evaluation.fiscal_year,
        ).select_related("target", "municipality")
        actuals: dict[tuple[int, int], list[m.Actual]] = defaultdict(list)
        for row in (*earlier, *of_this_year):
            target = by_thread[row.target.thread]
            if (
                row.municipality_id,
                row.fiscal_year,
            ) in self.hidden_actuals and row.value is not None:
                row = self._hide(row, target)
            actuals[target, row.fiscal_year].append(row)
        return actuals

    def _corrections(self) -> dict[tuple[int, int], list[m.Correction]]:
        """As `_actuals`: the corrections that hold in this form, in the order of those that tell them."""
        by_thread = {target.thread: target.pk for target in self.year.targets.values()}
        corrections: dict[tuple[int, int], list[m.Correction]] = defaultdict(list)
        for row in self.year.corrections:
            target = by_thread.get(row.target.thread)
            if target and (row.municipality_id, row.year) in self.hidden_actuals:
                row = self._hide(row, target)
            corrections[target, row.fiscal_year].append(row)
        return corrections

    def _hide(self, row: Any, target: int) -> Any:
        row = copy(row)
        row.value = None
        self.omitted_actuals.add((target, row.fiscal_year))
        return row

    def _figures(
        self,
        target: m.NumericTarget,
        year: int,
        target_value: Figure | None,
        rows: list[m.Actual],
    ) -> c.YearFigures:
        evaluated = self.year.evaluation.fiscal_year
        is_this_year = year == evaluated
        # The authors of this year need not have taken part in earlier years.
        authors = self.year.authors if is_this_year else ()
        corrections = self.corrections.get((target.pk, year), [])
        told_before = [row for row in corrections if row.year < evaluated]
        told = [row for row in corrections if row.year == evaluated and row.value is not None]
        before = standing_figures(target, rows, told_before)
        standing = standing_figures(target, rows, corrections)
        actual = stored_zone_actual(target, standing, authors)
        zone_before = stored_zone_actual(target, before, authors) if told else None
        if actual is None and (target.pk, year) in self.omitted_actuals:
            self.omitted.add(RecordKey("target", target.place, year))
        if is_this_year:
            self.behind[RecordKey("target", target.place, year)] = rows
        elif told:
            self.behind[RecordKey("target", target.place, year)] = told
        values_before = {row.municipality_id: row.value for row in before}
        return c.YearFigures(
            year=year,
            target=target_value,
            actual=actual,
            before=None if None in (actual, zone_before) or zone_before == actual else zone_before,
            corrections=tuple(
                c.Correction(
                    value=row.value,
                    before=values_before.get(row.municipality_id)
                    if row.municipality_id
                    else zone_before,
                    municipality=self._name(row.municipality),
                    reason=row.reason,
                )
                for row in self._in_order(told)
            ),
            by_municipality=tuple(
                (self.year.name_of(row.municipality), row.value)
                for row in self._in_order(standing)
                if row.municipality
            ),
        )

    def _in_order(self, rows: Iterable[Any]) -> list[Any]:
        return sorted(rows, key=lambda row: self.year.place_of(row.municipality_id))


def stored_zone_actual(
    target: m.NumericTarget,
    rows: Sequence[m.Actual | m.Correction],
    authors: Sequence[Municipality],
) -> Figure | None:
    """The zone's actual: the one stored for the zone, the municipalities' sum, or the single reported figure."""
    for row in rows:
        if row.municipality is None:
            return row.value
    if target.aggregation == Aggregation.ONCE:
        return next((row.value for row in rows if row.value is not None), None)
    reported = {row.municipality_id: row.value for row in rows}
    return total_of([*(reported.pop(author.pk, None) for author in authors), *reported.values()])


def _of_kind(source: str) -> Callable[[Any], RecordKey]:
    return lambda row: RecordKey(source, row.kind)


def _values(row: models.Model, kind: type, *, without: Iterable[str] = ()) -> dict[str, Any]:
    return {name: getattr(row, name) for name in copied(kind, without=without)}
