"""What the form says of each field that is filled in: where it is printed, and what goes there (labels.py, FORM.md).

A field that is not here says what its model's `help_text` says. Of rows that come in long lists, the page
says it once for all of them, at the head of their section.
"""

from collections.abc import Collection
from dataclasses import dataclass

from evaluations.form import labels
from evaluations.models import Achievement, Approach, Evaluation, TargetAssessment
from supports.models import (
    NationalSupport,
    RegionalText,
    RegionalTextKind,
    RegulatoryMeasure,
    Scheme,
    SchemeResult,
)
from tokku.records import Record

_NOT_APPLICABLE = f"該当しない場合は「{labels.NOT_APPLICABLE}」とします。"

OF_FIELDS: dict[type[Record], dict[str, str]] = {
    Evaluation: {
        "response_to_previous": "本文2⑤　前年度の評価点と専門家所見を踏まえた、取組の状況等を記載します。",
        "considerations": "本文2⑥　評価に際して考慮すべき事項があるときに記載します。",
        "weight_rationale": (
            "本文3②　一つの評価指標に対して複数の数値目標がある場合に、"
            f"それぞれの数値目標が評価指標に与える寄与度の考え方を記載します。{_NOT_APPLICABLE}"
        ),
        "pathway": "本文3③　目標には、数値目標を含みます。",
        "no_measures_reason": (
            f"本文4{labels.NO_MEASURES_REASON}　①から③までに該当する事業が一つもないときに記載します。"
        ),
        "fiscal_support_count": f"本文5{labels.SUPPORT_COUNTS['fiscal']}",
        "no_fiscal_support_reason": (
            f"本文5①{labels.NO_FISCAL_SUPPORT_REASON}　"
            f"{labels.ADJUSTMENT_FUNDS}に記載する事業がないときに記載します。"
        ),
        "tax_support_count": f"本文5{labels.SUPPORT_COUNTS['tax']}",
        "loan_support_count": f"本文5{labels.SUPPORT_COUNTS['loan']}",
        "overall": "本文7　1から6までを踏まえた、総合的な評価を記載します。",
    },
    TargetAssessment: {
        "alternative": "別紙1　数値目標の実績に代えて代替指標又は定性的な評価を用いる場合に記載します。",
        "strategy": "別紙1　目標達成に向けた主な取組と関連事業も記載します。",
        "target_basis": "別紙1　定性的評価の場合は、各年度の目標を記載します。",
        "self_assessment": "別紙1　進捗が遅れている場合は、その要因を分析してください。",
        "external_factors": "別紙1　進捗に影響した外部要因等があるときに記載します。",
    },
    Approach: {
        "targets": "本文3④　選んだ数値目標が、見出しに「数値目標（2）に寄与」のように記載されます。",
        "narrative": "本文3④　目標達成に向けた実施スケジュールとして、見出しの下に記載します。",
    },
}

# By the kind of the row, for a field each.
_REGIONAL_TEXTS = {
    RegionalTextKind.NARRATIVE: "本文6　地域独自の取組の状況及び自己評価を記載します。",
    RegionalTextKind.ORGANISATION: f"別紙3「{labels.REGIONAL_TEXTS['organisation']}」　{_NOT_APPLICABLE}",
    RegionalTextKind.PRIVATE: f"別紙3「{labels.REGIONAL_TEXTS['private']}」　{_NOT_APPLICABLE}",
}
_MEASURES = {
    "details": "本文4　事業の実績及び自己評価を記載します。",
    "all_targets": f"選ぶと、別紙2「{labels.RELATED_TARGETS}」に「{labels.ALL_TARGETS}」と記載されます。",
    "targets": f"別紙2「{labels.RELATED_TARGETS}」　選んだ数値目標の、別紙1での番号が記載されます。",
    "used": "別紙2　評価対象年度における活用の有無",
    "note": "別紙2　活用状況等を記載します。",
}

OF_LISTS: dict[type[Record], dict[str, str]] = {
    Achievement: {
        "heading": f"本文3④{labels.ACHIEVEMENTS}　「○」又は「・」は自動で付きます。",
        "text": "見出しの下に、その年度の具体的な取組と成果を記載します。",
    },
    SchemeResult: {
        "outline": "別紙3「事業概要」",
        "all_targets": f"選ぶと、別紙3「{labels.RELATED_TARGETS}」に「{labels.ALL_TARGETS}」と記載されます。",
        "targets": f"別紙3「{labels.RELATED_TARGETS}」　選んだ数値目標の、別紙1での番号が記載されます。",
        "result": "別紙3「実績」　評価対象年度の実績を記載します。",
    },
    Scheme: {
        "name": "別紙3「事業名」又は「取組」",
        "category": "別紙3の、どの表に記載するかが決まります。",
    },
}


def instruction(row: Record, field: str) -> str:
    """What the form says of this field; "" where there is nothing to add, or the page says it once."""
    match row:
        case RegionalText():
            return _REGIONAL_TEXTS[RegionalTextKind(row.kind)]
        case RegulatoryMeasure():
            return _MEASURES.get(field, "")
        case NationalSupport() if field == "usage":
            return f"本文5　{labels.support_usage(row.kind)}"
        case NationalSupport() if field == "outline":
            return f"本文5　{labels.SUPPORT_OUTLINE}"
    return OF_FIELDS.get(type(row), {}).get(field, "")


@dataclass(frozen=True)
class OfList:
    """What the page says once of a field of all rows of a kind."""

    id: str
    label: str
    text: str


def list_id(kind: type[Record], field: str) -> str:
    """The id of what the page says once of this field; "" when each row says it."""
    return f"about-{kind._meta.model_name}-{field}" if field in OF_LISTS.get(kind, ()) else ""


def of_lists(kinds: Collection[type[Record]]) -> list[tuple[str, list[OfList]]]:
    """What a section with rows of these kinds says once, by kind."""
    return [
        (
            str(kind._meta.verbose_name),
            [
                OfList(list_id(kind, field), str(kind._meta.get_field(field).verbose_name), text)
                for field, text in texts.items()
            ],
        )
        for kind, texts in OF_LISTS.items()
        if kind in kinds
    ]
