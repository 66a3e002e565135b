"""From the rows of the database to contents, copied by name: `load`. The way back is `store.py`.

The number of queries depends on no number of rows.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from django.db import models

from evaluations import models as m
from evaluations.catalogue import part4_measures, part5_national, part6_regional
from evaluations.form import contents as c
from evaluations.models.targets import Aggregation
from evaluations.permissions import Reach
from evaluations.progress import zone_actual
from supports import models as s
from supports.models import SchemeCategory
from tokku.accounts.models import Municipality
from tokku.records import Record

T = TypeVar("T")


def copied(kind: type, *, without: Iterable[str] = ()) -> list[str]:
    """The fields of a class of contents that its model has under the same name."""
    nested = {"municipality", "relation", "targets", "achievements", "years", "assessment"}
    return [f.name for f in fields(kind) if f.name not in nested | set(without)]


# Loading


class Loaded(NamedTuple):
    """Contents, and the rows behind each record that a source of their document names.

    A figure of the zone has a row of each municipality behind it, most other records have one.
    """

    contents: c.Contents
    rows: dict[str, list[Record]]


def load(evaluation: m.Evaluation) -> c.Contents:
    """What the evaluation says now, for the form of its year: later actuals are left out."""
    return load_with_rows(evaluation).contents


def load_for(reach: Reach) -> Loaded:
    """As `load`, without the unfinished work of others, and with the rows behind it."""
    return load_with_rows(reach.evaluation, reach.hidden, reach.unseen_actuals)


def load_with_rows(
    evaluation: m.Evaluation,
    hidden: Collection[int] = (),
    unseen_actuals: Collection[tuple[int, int]] = (),
) -> Loaded:
    """With the rows, for links from the form to what is filled in.

    What rows of the municipalities `hidden` (primary keys) say is left out, and the actuals of the
    municipalities and years `unseen_actuals`.
    """
    hidden = frozenset(hidden)
    omitted: set[str] = set()

    def shown(
        rows: Iterable[T],
        place: Callable[[T], str],
        is_blank: Callable[[T], bool] = lambda row: False,
    ) -> Iterator[T]:
        """Those that are not hidden. Where one that prints something is, its place is among `omitted`."""
        for row in rows:
            if not row.owner_ids or row.owner_ids - hidden:
                yield row
            elif not is_blank(row):
                omitted.add(place(row))

    zone, plan = evaluation.zone, evaluation.plan
    authors = list(
        Municipality.objects.filter(zonemunicipality__zone=zone).order_by(
            "zonemunicipality__position", "zonemunicipality__pk"
        )
    )
    order = {author.pk: place for place, author in enumerate(authors)}
    indicators, keys, figures = _load_indicators(
        evaluation, authors, order, unseen_actuals, omitted
    )
    approaches = list(_approaches(evaluation))
    achievements = {
        row.pk: list(shown(row.achievement_set.all(), lambda _, n=n: f"achievement/{n}"))
        for n, row in enumerate(approaches, 1)
    }
    measures = _in_order(
        part4_measures.KINDS,
        s.RegulatoryMeasure.objects.for_form(evaluation).prefetch_related("targets"),
        lambda row: row.kind,
    )
    supports = _in_order(
        part5_national.KINDS,
        shown(
            s.NationalSupport.objects.for_form(evaluation).select_related("municipality"),
            lambda row: f"national_support/{row.kind}",
        ),
        lambda row: row.kind,
    )
    schemes = _in_order(
        SchemeCategory.values,
        shown(
            s.SchemeResult.objects.for_form(evaluation)
            .select_related("scheme")
            .prefetch_related("targets", "scheme__municipalities"),
            lambda row: f"scheme/{row.scheme.category}",
        ),
        lambda row: row.scheme.category,
    )
    regional_texts = _in_order(
        part6_regional.TEXT_KINDS,
        shown(
            s.RegionalText.objects.for_form(evaluation).select_related("municipality"),
            lambda row: f"regional_text/{row.kind}",
            is_blank=lambda row: not row.text,
        ),
        lambda row: row.kind,
    )

    def relation(row: Any) -> c.Relation:
        return c.Relation(all_targets=row.all_targets, targets=_keys(row, keys))

    contents = c.Contents(
        fiscal_year=evaluation.fiscal_year,
        zone=c.Zone(
            **_values(zone, c.Zone, without=["municipalities"]),
            municipalities=tuple(author.name for author in authors),
        ),
        plan=c.Plan(**_values(plan, c.Plan)),
        texts=c.EvaluationTexts(**_values(evaluation, c.EvaluationTexts)),
        indicators=indicators,
        approaches=tuple(
            c.Approach(
                **_values(row, c.Approach),
                targets=_keys(row, keys),
                achievements=tuple(
                    c.Achievement(
                        **_values(done, c.Achievement), municipality=_name(done.municipality)
                    )
                    for done in achievements[row.pk]
                ),
            )
            for row in approaches
        ),
        measures=tuple(
            c.Measure(**_values(row, c.Measure), relation=relation(row)) for row in measures
        ),
        national_supports=tuple(
            c.NationalSupport(
                **_values(row, c.NationalSupport), municipality=_name(row.municipality)
            )
            for row in supports
        ),
        schemes=tuple(
            c.Scheme(
                category=row.scheme.category,
                name=row.scheme.name,
                municipalities=tuple(
                    municipality.name
                    for municipality in sorted(
                        row.scheme.municipalities.all(),
                        key=lambda one: (order.get(one.pk, len(order)), one.code),
                    )
                ),
                outline=row.outline,
                relation=relation(row),
                result=row.result,
            )
            for row in schemes
        ),
        regional_texts=tuple(
            c.RegionalText(kind=row.kind, text=row.text, municipality=_name(row.municipality))
            for row in regional_texts
        ),
        omitted=tuple(sorted(omitted)),
    )
    rows = {"evaluation": [evaluation]} | figures
    rows |= {f"approach/{n}": [row] for n, row in enumerate(approaches, 1)}
    for n, approach in enumerate(approaches, 1):
        rows |= _numbered(f"achievement/{n}", achievements[approach.pk])
    for kind in part4_measures.KINDS:
        rows |= _numbered(f"measure/{kind}", (row for row in measures if row.kind == kind))
    for kind in part5_national.KINDS:
        rows |= _numbered(f"national_support/{kind}", (row for row in supports if row.kind == kind))
    for category in SchemeCategory.values:
        of_category = [row for row in schemes if row.scheme.category == category]
        rows |= {
            f"scheme/{category}/{n}": [row, row.scheme] for n, row in enumerate(of_category, 1)
        }
    narratives = [row for row in regional_texts if row.kind == "narrative"]
    rows |= _numbered("regional_text/narrative", narratives)
    for kind in part6_regional.EFFORT_TEXTS:
        # 別紙3 prints the parts of these together.
        rows[f"regional_text/{kind}/1"] = [row for row in regional_texts if row.kind == kind]
    return Loaded(contents, rows)


def _numbered(record: str, rows: Iterable[Record]) -> dict[str, list[Record]]:
    return {f"{record}/{n}": [row] for n, row in enumerate(rows, 1)}


def _approaches(evaluation: m.Evaluation) -> models.QuerySet:
    achievements = m.Achievement.objects.order_by("position", "pk").select_related("municipality")
    return (
        m.Approach.objects.filter(evaluation=evaluation)
        .order_by("position", "pk")
        .prefetch_related("targets", models.Prefetch("achievement_set", achievements))
    )


def _load_indicators(
    evaluation: m.Evaluation,
    authors: Sequence[Municipality],
    order: dict[int, int],
    unseen: Collection[tuple[int, int]],
    omitted: set[str],
) -> tuple[tuple[c.Indicator, ...], dict[int, c.TargetKey], dict[str, list[Record]]]:
    """The indicators, the key of each target, and the rows behind this year's actuals and texts.

    A figure of the zone that cannot be told without an `unseen` one comes to `omitted`.
    """
    plan = evaluation.plan
    targets = list(
        m.NumericTarget.objects.filter(indicator__plan=plan)
        .select_related("indicator")
        .order_by("indicator__number", "number")
    )
    keys = {target.pk: c.TargetKey(target.indicator.number, target.number) for target in targets}
    in_plan = {"target__indicator__plan": plan, "fiscal_year__in": list(plan.years)}
    target_values = {
        (row.target_id, row.fiscal_year): row.value
        for row in m.YearlyTarget.objects.filter(**in_plan)
    }
    actuals: dict[tuple[int, int], list[m.Actual]] = defaultdict(list)
    known = m.Actual.objects.filter(**in_plan, fiscal_year__lte=evaluation.fiscal_year)
    left_out = set()
    for row in known.select_related("municipality"):
        if (row.municipality_id, row.fiscal_year) in unseen and row.value is not None:
            row.value = None
            left_out.add((row.target_id, row.fiscal_year))
        actuals[row.target_id, row.fiscal_year].append(row)
    assessments = {
        row.target_id: row for row in m.TargetAssessment.objects.filter(evaluation=evaluation)
    }

    def year_figures(target: m.NumericTarget, year: int) -> c.YearFigures:
        rows = actuals[target.pk, year]
        # Who takes part now was not asked in the years before.
        asked = authors if year == evaluation.fiscal_year else ()
        actual = stored_zone_actual(target, rows, asked)
        if actual is None and (target.pk, year) in left_out:
            omitted.add(f"target/{keys[target.pk]}/{year}")
        return c.YearFigures(
            year=year,
            target=target_values.get((target.pk, year)),
            actual=actual,
            by_municipality=tuple(
                (row.municipality.name, row.value)
                for row in sorted(rows, key=lambda row: order.get(row.municipality_id, len(order)))
                if row.municipality
            ),
        )

    indicators: dict[int, list[c.NumericTarget]] = {}
    names = {}
    for target in targets:
        names[target.indicator.number] = target.indicator.name
        assessment = assessments.get(target.pk)
        indicators.setdefault(target.indicator.number, []).append(
            c.NumericTarget(
                **_values(target, c.NumericTarget),
                years=tuple(year_figures(target, year) for year in plan.years),
                assessment=c.Assessment(**_values(assessment, c.Assessment) if assessment else {}),
            )
        )
    return (
        tuple(
            c.Indicator(number=number, name=names[number], targets=tuple(found))
            for number, found in indicators.items()
        ),
        keys,
        _rows_of_year(evaluation.fiscal_year, targets, keys, actuals, assessments),
    )


def _rows_of_year(
    year: int,
    targets: Sequence[m.NumericTarget],
    keys: dict[int, c.TargetKey],
    actuals: dict[tuple[int, int], list[m.Actual]],
    assessments: dict[int, m.TargetAssessment],
) -> dict[str, list[Record]]:
    rows: dict[str, list[Record]] = {}
    for target in targets:
        rows[f"target/{keys[target.pk]}/{year}"] = list(actuals[target.pk, year])
        if target.pk in assessments:
            rows[f"assessment/{keys[target.pk]}"] = [assessments[target.pk]]
        for row in (*actuals[target.pk, year], assessments.get(target.pk)):
            if row:
                row.target = target  # known already, for the name of the row
    return rows


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


def _values(row: models.Model, kind: type, *, without: Iterable[str] = ()) -> dict[str, Any]:
    return {name: getattr(row, name) for name in copied(kind, without=without)}


def _name(municipality: Municipality | None) -> str | None:
    return municipality.name if municipality else None


def _keys(row: Any, keys: dict[int, c.TargetKey]) -> tuple[c.TargetKey, ...]:
    return tuple(sorted(keys[target.pk] for target in row.targets.all() if target.pk in keys))


def _in_order(
    kinds: Iterable[str], rows: Iterable[T], kind_of: Callable[[T], str]
) -> tuple[T, ...]:
    rank = {kind: place for place, kind in enumerate(kinds)}
    return tuple(sorted(rows, key=lambda row: rank[kind_of(row)]))
