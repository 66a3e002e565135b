"""What people fill in, item by item: a field of a row, whose it is, and whether it must be there.

Entry pages, the list of what is missing, review and its differences all go by these items; which fields there are,
and what of them is required, is in the catalogue.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db import models
from django.urls import reverse

from evaluations import catalogue
from evaluations.catalogue.part4_measures import MEASURES
from evaluations.catalogue.structure import Excuse
from evaluations.models import (
    Achievement,
    Actual,
    Approach,
    Evaluation,
    Submission,
    TargetAssessment,
    ZoneMunicipality,
)
from evaluations.models.evaluation import AchievementLevel
from evaluations.models.targets import Aggregation
from supports.models import (
    NationalSupport,
    NationalSupportKind,
    RegionalText,
    RegulatoryMeasure,
    Scheme,
    SchemeCategory,
    SchemeResult,
)
from tokku.japanese import number
from tokku.records import Record, value_of


@dataclass(frozen=True)
class Item:
    """One field of one row. `text` is what it says, as people read it; "" when not entered."""

    row: Record
    field: str
    text: str

    @property
    def key(self) -> str:
        """Names the item in a log, a remark or an address: supports.schemeresult/12/result"""
        return f"{row_key(self.row)}/{self.field}"

    @property
    def row_label(self) -> str:
        return row_label(self.row)

    @property
    def label(self) -> str:
        name = str(self.row._meta.get_field(self.field).verbose_name)
        is_figure = isinstance(self.row, Actual) and self.field == "value"
        return f"{name}（{self.row.target.unit}）" if is_figure else name

    @property
    def is_required(self) -> bool:
        return is_required(self.row, self.field)

    @property
    def may_be_not_applicable(self) -> bool:
        """Whether the form takes 該当なし for an answer in the text itself (3②, 別紙3)."""
        field = catalogue.kind_of(self.row)[self.field]
        return field.takes_not_applicable(getattr(self.row, "kind", ""))


def is_required(row: Record, field: str) -> bool:
    return catalogue.kind_of(row)[field].is_required and field not in getattr(row, "excused", ())


def row_key(row: Record) -> str:
    return f"{row._meta.label_lower}/{row.pk}"


def anchor(key: str, field: str = "") -> str:
    """The id of a field in its entry page, or of its whole row."""
    return f"id_{key}-{field}" if field else key


def entry_address(evaluation: Evaluation, key: str, field: str = "") -> str:
    """Where the row that `row_key` names is filled in; "" when no entry page shows such rows.

    `row` is for a page that is divided (evaluations.views.entry.portions).
    """
    kind = catalogue.KINDS.get(key.split("/")[0])
    if kind is None or not kind.page:
        return ""
    address = [evaluation.zone.slug, evaluation.fiscal_year]
    path = reverse(f"evaluations:entry-{kind.page}", args=address)
    return f"{path}?row={key}#{anchor(key, field)}"


def entry_field(row: Record, field: str) -> str:
    """The entry field of the row that a document calls `field`, "" when it is none."""
    name = "value" if isinstance(row, Actual) and field == "actual" else field
    return name if name in catalogue.kind_of(row).entered else ""


def row_label(row: Record) -> str:
    """What an official calls the row: 数値目標「…」（川崎市）."""
    match row:
        case Evaluation():
            return "評価書の本文"
        case Actual():
            return f"実績値「{row.target.name}」（{row.municipality or '特区全体'}）"
        case TargetAssessment():
            return f"別紙1「{row.target.name}」"
        case Approach():
            return f"解決策{row.position}"
        case RegionalText():
            return f"{row.get_kind_display()}：{row.municipality or '共同'}"
        case SchemeResult():
            return f"{row.scheme.get_category_display()}「{row.scheme.name}」"
        case Scheme():
            return f"{row.get_category_display()}「{row.name}」の名称と区分"
        case Submission():
            return f"{row.municipality}の回答"
    return f"{row._meta.verbose_name}「{row}」"


def entry_rows(evaluation: Evaluation) -> list[Record]:
    """Every row that is filled in for the evaluation, in the order of the form.

    Where required fields of a row need no answer, the row's `excused` names them.
    """
    return entry_rows_of([evaluation])[evaluation.pk]


def entry_rows_of(evaluations: Collection[Evaluation]) -> dict[int, list[Record]]:
    """The `entry_rows` of each evaluation, by its key, in as many queries as those of one."""
    of_years = {"evaluation__in": evaluations}
    assessments = _by_evaluation(
        TargetAssessment.objects.filter(**of_years)
        .select_related("target__indicator")
        .order_by("target__indicator__number", "target__number")
    )
    approaches = _by_evaluation(
        Approach.objects.filter(**of_years).prefetch_related("targets").order_by("position", "pk")
    )
    achievements = defaultdict(list)
    for row in (
        Achievement.objects.filter(approach__evaluation__in=evaluations)
        .select_related("approach__evaluation", "municipality")
        .order_by("approach__position", "approach", "position", "pk")
    ):
        achievements[row.approach.evaluation_id].append(row)
    measures = _by_evaluation(
        RegulatoryMeasure.objects.for_form(*evaluations).prefetch_related("targets")
    )
    supports = _by_evaluation(
        NationalSupport.objects.for_form(*evaluations).select_related("municipality")
    )
    results = _by_evaluation(
        SchemeResult.objects.for_form(*evaluations)
        .select_related("scheme")
        .prefetch_related("targets", "scheme__municipalities")
    )
    submissions = _by_evaluation(
        Submission.objects.filter(**of_years).select_related("municipality")
    )
    texts = _by_evaluation(
        RegionalText.objects.for_form(*evaluations).select_related("municipality")
    )
    actuals = _actuals(evaluations)
    return {
        one.pk: _in_order_of_the_form(
            one,
            actuals[one.pk],
            assessments[one.pk],
            approaches[one.pk],
            achievements[one.pk],
            _by_kind(measures[one.pk], "kind"),
            _by_kind(supports[one.pk], "kind"),
            submissions[one.pk],
            sorted(
                results[one.pk],
                key=lambda row: SchemeCategory.values.index(row.scheme.category),
            ),
            _by_kind(texts[one.pk], "kind"),
        )
        for one in evaluations
    }


def _in_order_of_the_form(
    evaluation,
    actuals,
    assessments,
    approaches,
    achievements,
    measures,
    supports,
    submissions,
    results,
    texts,
) -> list[Record]:
    _excuse(
        evaluation, actuals, assessments, achievements, measures, supports, results, submissions
    )
    rows = [
        *actuals,
        evaluation,
        *assessments,
        *approaches,
        *achievements,
        *measures,
        *supports,
        *submissions,
        *(row for result in results for row in (result.scheme, result)),
        *texts,
    ]
    for row in rows:
        if catalogue.kind_of(row).evaluation == "evaluation":
            row.evaluation = evaluation  # known already, for its year
    return rows


def _by_evaluation(rows: Iterable[Record]) -> dict[int, list[Record]]:
    found = defaultdict(list)
    for row in rows:
        found[row.evaluation_id].append(row)
    return found


def _excuse(
    evaluation, actuals, assessments, achievements, measures, supports, results, submissions
) -> None:
    """Note in each row's `excused` the required fields that need no answer, since another answers them."""
    in_words = {row.target_id for row in assessments if row.qualitative}
    reported = {
        row.target_id
        for row in actuals
        if row.target.aggregation == Aggregation.ONCE and row.value is not None
    }
    for row in actuals:
        _note(
            row,
            {
                Excuse.ASSESSED_IN_WORDS: row.target_id in in_words,
                Excuse.REPORTED_ONCE: row.target_id in reported and row.value is None,
            },
        )
    for upper, lower in pairwise([*achievements, None]):
        _note(upper, {Excuse.HEADS_ENTRIES: _is_heading_of(upper, lower)})
    _note(
        evaluation,
        {
            Excuse.HAS_MEASURES: any(row.kind in MEASURES for row in measures),
            Excuse.HAS_FISCAL_SUPPORT: any(
                row.kind == NationalSupportKind.FISCAL for row in supports
            ),
        },
    )
    for row in submissions:
        own = row.municipality_id
        _note(
            row,
            {
                Excuse.HAS_SCHEMES: any(own in one.owner_ids for one in results),
                Excuse.HAS_NATIONAL_SUPPORTS: any(own in one.owner_ids for one in supports),
            },
        )


def _note(row: Record, excuses: dict[Excuse, bool]) -> None:
    held = {excuse for excuse, holds in excuses.items() if holds}
    fields = catalogue.kind_of(row).fields
    row.excused = {field.name for field in fields if held.intersection(field.excuses)}


def _is_heading_of(upper: Achievement, lower: Achievement | None) -> bool:
    """Whether an achievement is a heading of entries, also of other municipalities."""
    return (
        lower is not None
        and upper.approach_id == lower.approach_id
        and (upper.level, lower.level) == (AchievementLevel.MAIN, AchievementLevel.SUB)
    )


def _by_kind(rows: Iterable[Record], field: str) -> list[Record]:
    """In the order of the choices of the field, which is that of the form."""
    rows = list(rows)
    kinds = rows[0]._meta.get_field(field).choices if rows else ()
    places = {kind: place for place, (kind, _) in enumerate(kinds)}
    return sorted(rows, key=lambda row: places[getattr(row, field)])


def _actuals(evaluations: Collection[Evaluation]) -> dict[int, list[Actual]]:
    """In the order of the form, by evaluation."""
    zones = {one.zone_id for one in evaluations}
    places = {
        (zone, municipality): position
        for zone, municipality, position in ZoneMunicipality.objects.filter(
            zone__in=zones
        ).values_list("zone", "municipality", "position")
    }
    by_year = defaultdict(list)
    for row in (
        Actual.objects.filter(
            target__indicator__plan__in={one.plan_id for one in evaluations},
            fiscal_year__in={one.fiscal_year for one in evaluations},
        )
        .select_related("target__indicator", "municipality")
        .order_by("target__indicator__number", "target__number", "pk")
    ):
        by_year[row.target.indicator.plan_id, row.fiscal_year].append(row)
    return {
        one.pk: sorted(
            by_year[one.plan_id, one.fiscal_year],
            key=lambda row: (
                row.target.indicator.number,
                row.target.number,
                places.get((one.zone_id, row.municipality_id), 0),
            ),
        )
        for one in evaluations
    }


def identity(row: Record) -> Hashable:
    """What makes a row the same one in the evaluations of two years."""
    match row:
        case Actual():
            return Actual, row.target.identity, row.municipality_id
        case TargetAssessment():
            return TargetAssessment, row.target.identity
        case Approach():
            return Approach, row.position
        case Achievement():
            return Achievement, row.heading, row.municipality_id
        case RegulatoryMeasure():
            return RegulatoryMeasure, row.kind, row.name
        case NationalSupport():
            return NationalSupport, row.kind, row.name, row.municipality_id
        case Scheme():
            return Scheme, row.pk
        case SchemeResult():
            return SchemeResult, row.scheme_id
        case Submission():
            return Submission, row.municipality_id
        case RegionalText():
            return RegionalText, row.kind, row.municipality_id
    return type(row)


def items_of(evaluation: Evaluation, municipality: int | None = None) -> list[Item]:
    """The items of one municipality's rows, or of all rows of the evaluation."""
    rows = entry_rows(evaluation)
    if municipality is not None:
        rows = [row for row in rows if municipality in row.owner_ids]
    return [item for row in rows for item in row_items(row)]


def row_items(row: Record) -> Iterator[Item]:
    for field in fields_of(row):
        yield Item(row, field, as_text(row, field))


def required_items(row: Record) -> Iterator[Item]:
    """Those of the row that must say something, without reading the others."""
    for field in fields_of(row):
        if is_required(row, field):
            yield Item(row, field, as_text(row, field))


def fields_of(row: Record) -> tuple[str, ...]:
    """The fields that this row is asked for: of its year, of its kind, and 該当なし only where it may apply."""
    kind = catalogue.kind_of(row)
    fields = kind.fields if isinstance(row, Scheme) else kind.fields_of(year_of(row))
    asked = (
        field.name for field in fields if field.is_entered and field.is_of(getattr(row, "kind", ""))
    )
    if isinstance(row, Submission):
        return tuple(name for name in asked if name not in row.excused)
    return tuple(asked)


def year_of(row: Record) -> int:
    """The fiscal year of the evaluation that the row is of."""
    if not hasattr(row, "fiscal_year"):
        for name in catalogue.kind_of(row).evaluation.split("__"):
            row = getattr(row, name)
    return row.fiscal_year


def as_text(row: Record, field: str) -> str:
    """What a field says, as people read it; "" when not entered."""
    return text_of(row, field, value_of(row, field))


def text_of(row: Record, field: str, value: Any) -> str:
    """What a field of the row would say if this were its value (tokku.records.value_of)."""
    kind = row._meta.get_field(field)
    if kind.choices:
        return "" if value is None else str(dict(kind.flatchoices).get(value, value))
    return plain_text(value)


def plain_text(value: Any) -> str:
    """What a value says, whatever its field."""
    match value:
        case None | False:
            return ""
        case True:
            return "はい"
        case Decimal():
            return number(value)
        case tuple():
            return "、".join(map(str, value))
    return str(value)


def missing_items(items: Iterable[Item]) -> list[Item]:
    """The required items that say nothing yet."""
    return [item for item in items if item.is_required and not item.text]


def find_row(evaluation: Evaluation, key: str) -> models.Model | None:
    """The row of the evaluation that `row_key` names, None when it has no such row."""
    return next((row for row in entry_rows(evaluation) if row_key(row) == key), None)
