"""From the rows of a year to contents, copied by name. The way back is `evaluations.records.store`."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import fields
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import models

from evaluations import catalogue
from evaluations import models as m
from evaluations.catalogue import part6_regional
from evaluations.form import contents as c
from evaluations.keys import RecordKey
from evaluations.models.row import EntryRow
from evaluations.models.targets import Aggregation
from evaluations.permissions import Access
from evaluations.progress import zone_actual
from evaluations.years.rows import YearRows, rows_of_year
from supports.models import RegionalText
from tokku.accounts.models import Municipality

Behind = dict[RecordKey, list[EntryRow]]


def copied(kind: type, *, without: Iterable[str] = ()) -> list[str]:
    """The fields of a class of contents that its model has under the same name."""
    nested = {"municipality", "relation", "targets", "achievements", "years", "assessment"}
    return [f.name for f in fields(kind) if f.name not in nested | set(without)]


class LoadedContents(NamedTuple):
    """What a year's rows say, and those behind each record that a source of their document names.

    A figure of the zone has a row of each municipality behind it, most other records have one.
    """

    contents: c.Contents
    rows: Behind


def load(evaluation: m.Evaluation) -> c.Contents:
    """What the evaluation says now, for the form of its year: later actuals are left out."""
    return load_rows(rows_of_year(evaluation)).contents


def load_for(access: Access) -> LoadedContents:
    """As `load`, without the unfinished work of others, and with the rows behind it."""
    return load_rows(access.year, access.hidden, access.hidden_actuals)


def load_rows(
    year: YearRows,
    hidden: Collection[int] = (),
    hidden_actuals: Collection[tuple[int, int]] = (),
) -> LoadedContents:
    """What rows of the municipalities `hidden` (primary keys) say is left out, and the actuals of the municipalities
    and years `unseen_actuals`."""
    loading = _Loading(year, frozenset(hidden), frozenset(hidden_actuals))
    return LoadedContents(loading.contents(), loading.behind)


class _Loading:
    """Makes the contents, and notes on the way which rows are behind what, and what is left out."""

    def __init__(
        self, year: YearRows, hidden: frozenset[int], unseen: frozenset[tuple[int, int]]
    ) -> None:
        self.year = year
        self.hidden = hidden
        self.unseen = unseen
        self.behind: Behind = {RecordKey("evaluation"): [year.evaluation]}
        self.omitted: set[RecordKey] = set()
        self.left_out: set[tuple[int, int]] = set()  # target and year of unseen actuals
        self.keys = {target.pk: target.place for target in year.targets.values()}

    def contents(self) -> c.Contents:
        evaluation, year = self.year.evaluation, self.year
        return c.Contents(
            fiscal_year=evaluation.fiscal_year,
            zone=c.Zone(
                **_values(evaluation.zone, c.Zone, without=["municipalities"]),
                municipalities=tuple(author.name for author in year.authors),
            ),
            plan=c.Plan(**_values(evaluation.plan, c.Plan)),
            texts=c.EvaluationTexts(**_values(evaluation, c.EvaluationTexts)),
            indicators=tuple(self._indicators()),
            approaches=tuple(
                self._approach(n, row) for n, row in enumerate(year.of_kind(catalogue.APPROACH), 1)
            ),
            measures=tuple(
                c.Measure(**_values(row, c.Measure), relation=self._relation(row))
                for row in self._listed(year.of_kind(catalogue.MEASURE), _of_kind("measure"))
            ),
            national_supports=tuple(
                c.NationalSupport(
                    **_values(row, c.NationalSupport), municipality=_name(row.municipality)
                )
                for row in self._listed(
                    year.of_kind(catalogue.NATIONAL_SUPPORT), _of_kind("national_support")
                )
            ),
            schemes=tuple(
                self._scheme(row)
                for row in self._listed(
                    year.of_kind(catalogue.SCHEME_RESULT),
                    lambda row: RecordKey("scheme", row.scheme.category),
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
        """Those that are not hidden. Where one that prints something is, its list is among the omitted."""
        for row in rows:
            if not row.owner_ids or row.owner_ids - self.hidden:
                yield row
            elif not is_blank(row):
                self.omitted.add(list_of(row))

    def _listed(
        self, rows: Iterable[Any], list_of: Callable[[Any], RecordKey]
    ) -> Iterator[EntryRow]:
        """Those that are shown, each with a number of its own in its list."""
        counts: dict[RecordKey, int] = defaultdict(int)
        for row in self._shown(rows, list_of):
            place = list_of(row)
            counts[place] += 1
            self.behind[place._replace(last=counts[place])] = [*reversed(row.rows_in_form())]
            yield row

    def _approach(self, n: int, row: m.Approach) -> c.Approach:
        self.behind[RecordKey("approach", n)] = [row]
        own = [
            done for done in self.year.of_kind(catalogue.ACHIEVEMENT) if done.approach_id == row.pk
        ]
        return c.Approach(
            **_values(row, c.Approach),
            targets=self._targets(row),
            achievements=tuple(
                c.Achievement(**_values(done, c.Achievement), municipality=_name(done.municipality))
                for done in self._listed(own, lambda _: RecordKey("achievement", n))
            ),
        )

    def _scheme(self, row: Any) -> c.Scheme:
        owners = sorted(
            row.scheme.municipalities.all(),
            key=lambda one: (self.year.place_of(one.pk), one.code),
        )
        return c.Scheme(
            category=row.scheme.category,
            name=row.scheme.name,
            municipalities=tuple(owner.name for owner in owners),
            outline=row.outline,
            relation=self._relation(row),
            result=row.result,
        )

    def _regional_texts(self) -> Iterator[c.RegionalText]:
        rows = self._shown(
            self.year.of_kind(catalogue.REGIONAL_TEXT),
            _of_kind("regional_text"),
            is_blank=lambda row: not row.text,
        )
        of_kind: dict[str, list[RegionalText]] = {kind: [] for kind in part6_regional.TEXT_KINDS}
        for row in rows:
            of_kind[row.kind].append(row)
            yield c.RegionalText(kind=row.kind, text=row.text, municipality=_name(row.municipality))
        for kind, parts in of_kind.items():
            if kind in part6_regional.EFFORT_TEXTS:
                # 別紙3 prints the parts of these together.
                self.behind[RecordKey("regional_text", kind, 1)] = parts
            else:
                for n, row in enumerate(parts, 1):
                    self.behind[RecordKey("regional_text", kind, n)] = [row]

    def _relation(self, row: Any) -> c.Relation:
        return c.Relation(all_targets=row.all_targets, targets=self._targets(row))

    def _targets(self, row: Any) -> tuple[c.TargetKey, ...]:
        named = (target.pk for target in row.targets.all())
        return tuple(sorted(self.keys[pk] for pk in named if pk in self.keys))

    # Targets and their figures

    def _indicators(self) -> Iterator[c.Indicator]:
        plan = self.year.evaluation.plan
        yearly = m.YearlyTarget.objects.filter(
            target__indicator__plan=plan, fiscal_year__in=list(plan.years)
        )
        target_values = {(row.target_id, row.fiscal_year): row.value for row in yearly}
        actuals = self._actuals()
        assessments = {row.target_id: row for row in self.year.of_kind(catalogue.ASSESSMENT)}
        of_indicator: dict[tuple[int, str], list[c.NumericTarget]] = {}
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
            of_indicator.setdefault((indicator.number, indicator.name), []).append(
                c.NumericTarget(
                    **_values(target, c.NumericTarget),
                    years=years,
                    assessment=c.Assessment(
                        **_values(assessment, c.Assessment) if assessment else {}
                    ),
                )
            )
        for (number, name), targets in of_indicator.items():
            yield c.Indicator(number=number, name=name, targets=tuple(targets))

    def _actuals(self) -> dict[tuple[int, int], list[m.Actual]]:
        """By target and year, of the years before too; what is not seen is blank."""
        evaluation = self.year.evaluation
        earlier = m.Actual.objects.filter(
            target__indicator__plan=evaluation.plan_id,
            fiscal_year__lt=evaluation.fiscal_year,
        ).select_related("municipality")
        found: dict[tuple[int, int], list[m.Actual]] = defaultdict(list)
        for row in (*earlier, *self.year.of_kind(catalogue.ACTUAL)):
            if (row.municipality_id, row.fiscal_year) in self.unseen and row.value is not None:
                row = copy(row)
                row.value = None
                self.left_out.add((row.target_id, row.fiscal_year))
            found[row.target_id, row.fiscal_year].append(row)
        return found

    def _figures(
        self,
        target: m.NumericTarget,
        year: int,
        target_value: Decimal | None,
        rows: list[m.Actual],
    ) -> c.YearFigures:
        is_this_year = year == self.year.evaluation.fiscal_year
        # Who takes part now was not asked in the years before.
        actual = stored_zone_actual(target, rows, self.year.authors if is_this_year else ())
        if actual is None and (target.pk, year) in self.left_out:
            self.omitted.add(RecordKey("target", target.place, year))
        if is_this_year:
            self.behind[RecordKey("target", target.place, year)] = rows
        return c.YearFigures(
            year=year,
            target=target_value,
            actual=actual,
            by_municipality=tuple(
                (row.municipality.name, row.value)
                for row in sorted(rows, key=lambda row: self.year.place_of(row.municipality_id))
                if row.municipality
            ),
        )


def stored_zone_actual(
    target: m.NumericTarget, rows: Sequence[m.Actual], authors: Sequence[Municipality]
) -> Decimal | None:
    """The zone's figure: its own, or the sum of its municipalities', or the one that was reported."""
    for row in rows:
        if row.municipality is None:
            return row.value
    if target.aggregation == Aggregation.ONCE:
        return next((row.value for row in rows if row.value is not None), None)
    reported = {row.municipality_id: row.value for row in rows}
    return zone_actual([*(reported.pop(author.pk, None) for author in authors), *reported.values()])


def _of_kind(source: str) -> Callable[[Any], RecordKey]:
    return lambda row: RecordKey(source, row.kind)


def _values(row: models.Model, kind: type, *, without: Iterable[str] = ()) -> dict[str, Any]:
    return {name: getattr(row, name) for name in copied(kind, without=without)}


def _name(municipality: Municipality | None) -> str | None:
    return municipality.name if municipality else None
