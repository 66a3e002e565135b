"""Parts 6 and 7 and 別紙3: the region's own schemes and efforts, and the overall evaluation."""

from evaluations.catalogue.structure import (
    ByYear,
    Carryover,
    Field,
    FormHeading,
    Narration,
    RowKind,
    not_entered,
    related_targets,
    text,
)
from evaluations.catalogue.words import ANSWER_NOT_APPLICABLE, RELATED_TARGETS

PART = FormHeading("地域独自の取組の状況及び自己評価（別紙3）", "6", level=2)
OVERALL = FormHeading("総合評価", "7", level=2)

ANNEX = FormHeading(
    "■地域独自の取組の状況及び自己評価（地域における財政・税制・金融上の支援措置、"
    "規制緩和・強化等、体制強化、関連する民間の取組等）",
    within="別紙3",
    level=2,
)
_FINANCE = FormHeading("財政・税制・金融上の支援措置", within=ANNEX, level=3)
_RULES = FormHeading("規制緩和・強化等", within=ANNEX, level=3)
_OTHERS = FormHeading("特区の掲げる目標の達成に寄与したその他の事業", within=ANNEX, level=3)
# A table for each category (SchemeCategory) under the heading of its group. The last group is its own table.
TABLES = {
    "fiscal": FormHeading("財政支援措置の状況", within=_FINANCE, level=4),
    "tax": FormHeading("税制支援措置の状況", within=_FINANCE, level=4),
    "loan": FormHeading("金融支援措置の状況", within=_FINANCE, level=4),
    "relaxation": FormHeading("規制緩和", within=_RULES, level=4),
    "tightening": FormHeading("規制強化", within=_RULES, level=4),
    "other_rules": FormHeading("その他", within=_RULES, level=4),
    "other_projects": _OTHERS,
}
GROUPS = {
    _FINANCE: ("fiscal", "tax", "loan"),
    _RULES: ("relaxation", "tightening", "other_rules"),
    _OTHERS: ("other_projects",),
}
_REST = ("事業概要", RELATED_TARGETS, "実績", "自治体名")
_OF_SCHEMES: tuple[str, ...] | ByYear[tuple[str, ...]] = ("事業名", *_REST)
_OF_RULES: tuple[str, ...] | ByYear[tuple[str, ...]] = ("取組", *_REST)
COLUMNS = {
    category: _OF_RULES if category in GROUPS[_RULES] else _OF_SCHEMES for category in TABLES
}
EFFORTS = FormHeading("体制強化、関連する民間の取組等", within=ANNEX, level=3)
# In 別紙3: by the kind of text (RegionalTextKind).
EFFORT_TEXTS = {
    "organisation": FormHeading("体制強化", within=EFFORTS),
    "private": FormHeading("民間の取組等", within=EFFORTS),
}
TEXT_KINDS = ("narrative", *EFFORT_TEXTS)

SCHEME = RowKind(model="supports.scheme", fields=not_entered(Carryover.STANDS, "zone"))
SCHEME_RESULT = RowKind(
    model="supports.schemeresult",
    source="scheme",
    page="supports",
    named_by="name",
    is_listed=True,
    goes_on=True,
    evaluation="evaluation",
    is_explained_once=True,
    fields=(
        *not_entered(Carryover.MADE, "evaluation"),
        *not_entered(Carryover.CARRIED, "scheme position municipalities"),
        Field(
            name="name",
            next_year=Carryover.CARRIED,
            printed_in=ANNEX,
            instruction="{place}「事業名」又は「取組」",
            is_entered=True,
            is_prose=True,
        ),
        Field(
            name="category",
            next_year=Carryover.CARRIED,
            printed_in=ANNEX,
            instruction="{place}の、どの表に記載するかが決まります。",
            is_entered=True,
        ),
        Field(
            name="other_bodies",
            next_year=Carryover.CARRIED,
            printed_in=ANNEX,
            instruction="{place}「自治体名」のうち、作成主体でないもの（関係市町村、5県、法人の名称など）"
            "を記載します。作成主体の名称の後に、そのまま記載されます。",
            is_entered=True,
        ),
        text(
            "outline",
            Carryover.CARRIED,
            printed_in=ANNEX,
            instruction="{place}「事業概要」",
            is_required=True,
        ),
        *related_targets(ANNEX),
        text(
            "result",
            Carryover.BESIDE,
            narration=Narration.RESULT,
            printed_in=ANNEX,
            instruction="{place}「実績」　評価対象年度の実績を記載します。",
            is_required=True,
            is_of_year=True,
        ),
    ),
)
REGIONAL_TEXT = RowKind(
    model="supports.regionaltext",
    source="regional_text",
    speaks_of_figures=True,
    page="texts",
    evaluation="evaluation",
    fields=(
        *not_entered(Carryover.MADE, "evaluation kind municipality position"),
        text(
            "text",
            Carryover.BESIDE,
            narration=Narration.YEAR,
            heading={"narrative": PART} | EFFORT_TEXTS,
            instruction={
                "narrative": "{place}　地域独自の取組の状況及び自己評価を記載します。",
                **dict.fromkeys(EFFORT_TEXTS, f"{{place}}「{{heading}}」　{ANSWER_NOT_APPLICABLE}"),
            },
            is_required=True,
            may_be_not_applicable=tuple(EFFORT_TEXTS),
        ),
    ),
)

OF_EVALUATION = (
    text(
        "overall",
        Carryover.BESIDE,
        narration=Narration.YEAR,
        heading=OVERALL,
        instruction="{place}　1から6までを踏まえた、総合的な評価を記載します。",
        is_required=True,
        is_of_year=True,
        code="12",
    ),
)
