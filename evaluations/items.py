"""What people fill in, item by item: a field of a row, whose it is, and whether it must be there.

Entry pages, the list of what is missing, review and its differences all go by these items.
"""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.apps import apps
from django.db import models
from django.urls import reverse

from evaluations.models import (
    Achievement,
    Actual,
    Approach,
    Evaluation,
    TargetAssessment,
    ZoneMunicipality,
)
from evaluations.models.evaluation import AchievementLevel
from supports.models import (
    NationalSupport,
    RegionalText,
    RegulatoryMeasure,
    SchemeCategory,
    SchemeResult,
)
from tokku.japanese import number
from tokku.records import Record

# The fields that are filled in, and of these the ones without which nothing can be handed in or sealed.
FIELDS: dict[type[Record], tuple[str, ...]] = {
    Actual: ("value", "note"),
    Evaluation: (
        "previous_score",
        "previous_remarks",
        "response_to_previous",
        "considerations",
        "weight_rationale",
        "pathway",
        "no_measures_reason",
        "fiscal_support_count",
        "no_fiscal_support_reason",
        "tax_support_count",
        "loan_support_count",
        "overall",
    ),
    TargetAssessment: (
        "qualitative",
        "alternative",
        "strategy",
        "target_basis",
        "self_assessment",
        "external_factors",
    ),
    Approach: ("narrative", "result_label"),
    Achievement: ("heading", "text"),
    RegionalText: ("text",),
    RegulatoryMeasure: ("name", "details", "used", "note"),
    NationalSupport: ("name", "outline", "usage"),
    SchemeResult: ("outline", "result"),
}
REQUIRED: dict[type[Record], frozenset[str]] = {
    Actual: frozenset({"value"}),
    Evaluation: frozenset({"response_to_previous", "pathway", "weight_rationale", "overall"}),
    TargetAssessment: frozenset({"strategy", "target_basis", "self_assessment"}),
    Approach: frozenset({"narrative"}),
    Achievement: frozenset({"text"}),
    RegionalText: frozenset({"text"}),
    NationalSupport: frozenset({"outline", "usage"}),
    SchemeResult: frozenset({"outline", "result"}),
}

# The entry pages, and the rows that each of them shows.
PARTS: dict[str, tuple[type[Record], ...]] = {
    "actuals": (Actual,),
    "texts": (
        Evaluation,
        TargetAssessment,
        Approach,
        Achievement,
        RegulatoryMeasure,
        RegionalText,
    ),
    "supports": (NationalSupport, SchemeResult),
}


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
        return str(self.row._meta.get_field(self.field).verbose_name)

    @property
    def is_required(self) -> bool:
        return self.field in REQUIRED.get(type(self.row), ())


def row_key(row: Record) -> str:
    return f"{row._meta.label_lower}/{row.pk}"


def part_of(kind: type[Record]) -> str:
    """The entry page that shows rows of this kind."""
    return next(part for part, kinds in PARTS.items() if kind in kinds)


def anchor(key: str, field: str = "") -> str:
    """The id of a field in its entry page, or of its whole row."""
    return f"id_{key}-{field}" if field else key


def entry_address(evaluation: Evaluation, key: str, field: str = "") -> str:
    """Where the row that `row_key` names is filled in; "" when no entry page shows such rows."""
    try:
        part = part_of(apps.get_model(key.split("/")[0]))
    except (LookupError, ValueError, StopIteration):
        return ""
    path = reverse(f"evaluations:entry-{part}", args=[evaluation.zone.slug, evaluation.fiscal_year])
    return f"{path}#{anchor(key, field)}"


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
    return f"{row._meta.verbose_name}「{row}」"


def entry_rows(evaluation: Evaluation) -> list[Record]:
    """Every row that is filled in for the evaluation, in the order of the form."""
    of_year = {"evaluation": evaluation}
    assessments = list(
        TargetAssessment.objects.filter(**of_year)
        .select_related("target__indicator")
        .order_by("target__indicator__number", "target__number")
    )
    achievements = list(
        Achievement.objects.filter(approach__evaluation=evaluation)
        .select_related("approach__evaluation", "municipality")
        .order_by("approach__position", "approach", "position", "pk")
    )
    return [
        *_actuals(evaluation, {row.target_id for row in assessments if row.qualitative}),
        evaluation,
        *assessments,
        *Approach.objects.filter(**of_year).order_by("position", "pk"),
        *_with_entries(achievements),
        *_by_kind(RegulatoryMeasure.objects.for_form(evaluation), "kind"),
        *_by_kind(
            NationalSupport.objects.for_form(evaluation).select_related("municipality"), "kind"
        ),
        *sorted(
            SchemeResult.objects.for_form(evaluation)
            .select_related("scheme")
            .prefetch_related("scheme__municipalities"),
            key=lambda row: SchemeCategory.values.index(row.scheme.category),
        ),
        *_by_kind(RegionalText.objects.for_form(evaluation).select_related("municipality"), "kind"),
    ]


def _by_kind(rows: Iterable[Record], field: str) -> list[Record]:
    """In the order of the choices of the field, which is that of the form."""
    rows = list(rows)
    kinds = rows[0]._meta.get_field(field).choices if rows else ()
    places = {kind: place for place, (kind, _) in enumerate(kinds)}
    return sorted(rows, key=lambda row: places[getattr(row, field)])


def _actuals(evaluation: Evaluation, in_words: set[int]) -> list[Actual]:
    """In the order of the form, each with `in_words`: whether its target is assessed in words."""
    places = dict(
        ZoneMunicipality.objects.filter(zone=evaluation.zone_id).values_list(
            "municipality", "position"
        )
    )
    actuals = list(
        Actual.objects.filter(
            target__indicator__plan=evaluation.plan_id, fiscal_year=evaluation.fiscal_year
        )
        .select_related("target__indicator", "municipality")
        .order_by("target__indicator__number", "target__number", "pk")
    )
    for row in actuals:
        row.in_words = row.target_id in in_words
    return sorted(
        actuals,
        key=lambda row: (
            row.target.indicator.number,
            row.target.number,
            places.get(row.municipality_id, 0),
        ),
    )


def _with_entries(achievements: list[Achievement]) -> list[Achievement]:
    """Each with `has_entries`: whether it is a heading of entries, also of other municipalities."""
    for upper, lower in pairwise([*achievements, None]):
        upper.has_entries = (
            lower is not None
            and upper.approach_id == lower.approach_id
            and (upper.level, lower.level) == (AchievementLevel.MAIN, AchievementLevel.SUB)
        )
    return achievements


def identity(row: Record) -> Hashable:
    """What makes a row the same one in the evaluations of two years."""
    match row:
        case Actual():
            return Actual, row.target_id, row.municipality_id
        case TargetAssessment():
            return TargetAssessment, row.target_id
        case Approach():
            return Approach, row.position
        case Achievement():
            return Achievement, row.heading, row.municipality_id
        case RegulatoryMeasure():
            return RegulatoryMeasure, row.kind, row.name
        case NationalSupport():
            return NationalSupport, row.kind, row.name, row.municipality_id
        case SchemeResult():
            return SchemeResult, row.scheme_id
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
    for field in FIELDS[type(row)]:
        yield Item(row, field, as_text(row, field))


def as_text(row: Record, field: str) -> str:
    """What a field says, as people read it."""
    value: Any = getattr(row, field)
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return number(value)
    if row._meta.get_field(field).choices:
        return str(getattr(row, f"get_{field}_display")())
    return str(value)


def missing_items(items: Iterable[Item]) -> list[Item]:
    """The required items that say nothing yet.

    A target assessed in words needs no actual, a heading with entries below it no text of its own.
    """
    return [
        item
        for item in items
        if item.is_required
        and not item.text
        and not getattr(item.row, "in_words", False)
        and not getattr(item.row, "has_entries", False)
    ]


def find_row(evaluation: Evaluation, key: str) -> models.Model | None:
    """The row of the evaluation that `row_key` names, None when it has no such row."""
    return next((row for row in entry_rows(evaluation) if row_key(row) == key), None)
