"""What people fill in, item by item: a field of a row, whose it is, and whether it must be there.

Entry pages, the list of what is missing, review and its differences all go by these items.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db import models

from evaluations.models import (
    Achievement,
    Actual,
    Approach,
    Evaluation,
    TargetAssessment,
)
from evaluations.models.evaluation import AchievementLevel
from supports.models import NationalSupport, RegionalText, RegulatoryMeasure, SchemeResult
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
    actuals = Actual.objects.filter(
        target__indicator__plan=evaluation.plan_id, fiscal_year=evaluation.fiscal_year
    ).select_related("target__indicator", "municipality")
    return [
        *actuals.order_by(
            "target__indicator__number",
            "target__number",
            "municipality__zonemunicipality__position",
        ).distinct(),
        evaluation,
        *TargetAssessment.objects.filter(**of_year)
        .select_related("target")
        .order_by("target__indicator__number", "target__number"),
        *Approach.objects.filter(**of_year).order_by("position", "pk"),
        *Achievement.objects.filter(approach__evaluation=evaluation)
        .select_related("approach__evaluation", "municipality")
        .order_by("approach__position", "position", "pk"),
        *RegulatoryMeasure.objects.filter(**of_year),
        *NationalSupport.objects.filter(**of_year).select_related("municipality"),
        *SchemeResult.objects.filter(**of_year)
        .select_related("scheme")
        .prefetch_related("scheme__municipalities"),
        *RegionalText.objects.filter(**of_year).select_related("municipality"),
    ]


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
    items = list(items)
    in_words = {
        item.row.target_id
        for item in items
        if isinstance(item.row, TargetAssessment) and item.row.qualitative
    }
    achievements = list(
        dict.fromkeys(item.row for item in items if isinstance(item.row, Achievement))
    )
    with_entries = {
        upper
        for upper, lower in pairwise(achievements)
        if upper.approach_id == lower.approach_id
        and (upper.level, lower.level) == (AchievementLevel.MAIN, AchievementLevel.SUB)
    }
    return [
        item
        for item in items
        if item.is_required
        and not item.text
        and not (isinstance(item.row, Actual) and item.row.target_id in in_words)
        and item.row not in with_entries
    ]


def find_row(evaluation: Evaluation, key: str) -> models.Model | None:
    """The row of the evaluation that `row_key` names, None when it has no such row."""
    return next((row for row in entry_rows(evaluation) if row_key(row) == key), None)
