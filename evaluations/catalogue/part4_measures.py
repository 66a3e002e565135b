"""Part 4 and 別紙2: special regulatory measures, and the results of consultation with the state about them."""

from evaluations.catalogue.structure import (
    ByYear,
    Carryover,
    Excuse,
    Field,
    FormHeading,
    Narration,
    RowKind,
    not_entered,
    related_targets,
    text,
)
from evaluations.catalogue.words import RELATED_TARGETS

PART = FormHeading("規制の特例措置を活用した事業等の実績及び自己評価（別紙2）", "4", level=2)
# In part 4, by the kind of measure (RegulatoryMeasureKind).
MEASURES = {
    "specific": FormHeading("特定〔種別〕事業", "①", PART, level=3),
    "general": FormHeading("一般〔種別〕事業", "②", PART, level=3),
    "proposal": FormHeading("規制の特例措置の提案", "③", PART, level=3),
}
NO_MEASURES_REASON = FormHeading("【該当する事業が無い理由】", within=PART, level=3)

ANNEX = FormHeading("■規制の特例措置等を活用した事業の実績及び評価", within="別紙2", level=2)
# In 別紙2: a table for each kind, with its columns in order.
TABLES = {
    "specific": FormHeading("規制の特例措置を活用した事業", within=ANNEX, level=3),
    "feasible": FormHeading(
        "国との協議の結果、現時点で実現可能なことが明らかになった措置による事業"
        "(本文4②に記載したものを除く。)",
        within=ANNEX,
        level=3,
    ),
    "nationwide": FormHeading(
        "国との協議の結果、全国展開された措置を活用した事業(本文4②に記載したものを除く。)",
        within=ANNEX,
        level=3,
    ),
}
COLUMNS: dict[str, tuple[str, ...] | ByYear[tuple[str, ...]]] = {
    "specific": (
        "特定(国際戦略/地域活性化)事業の名称(事業の詳細は本文4①を参照)",
        RELATED_TARGETS,
        "規制所管府省による評価",
    ),
    "feasible": (
        "現時点で実現可能なことが明らかになった措置による事業の名称",
        RELATED_TARGETS,
        "評価対象年度における活用の有無",
        "備考(活用状況等)",
    ),
    "nationwide": (
        "全国展開された事業の名称",
        RELATED_TARGETS,
        "評価対象年度における活用の有無",
        "備考(活用状況等)",
    ),
}
NOTE = FormHeading(
    "※関連する数値目標の欄には、別紙1の評価指標と数値目標の番号を記載してください。", within=ANNEX
)
MINISTRY = FormHeading("規制所管府省名:", within=ANNEX)
MINISTRY_EFFECTS = {
    "recognised": FormHeading("特例措置の効果が認められる", within=ANNEX),
    "not_recognised": FormHeading("特例措置の効果が認められない", within=ANNEX),
}
MINISTRY_FOLLOW_UPS = {
    "review": FormHeading("要件の見直しの必要性あり", within=ANNEX),
    "other": FormHeading("その他", within=ANNEX),
}
MINISTRY_REMARKS = FormHeading("＜特記事項＞", within=ANNEX)

# All kinds of measures, in the order of the form.
KINDS = tuple(dict.fromkeys((*MEASURES, *TABLES)))
_OUTSIDE_BODY = tuple(kind for kind in TABLES if kind not in MEASURES)

MEASURE = RowKind(
    model="supports.regulatorymeasure",
    source="measure",
    page="texts",
    named_by="name",
    is_listed=True,
    goes_on=True,
    evaluation="evaluation",
    fields=(
        *not_entered(Carryover.MADE, "evaluation"),
        *not_entered(Carryover.CARRIED, "kind position"),
        text("name", Carryover.CARRIED, is_in_sentences=False),
        text(
            "details",
            Carryover.BESIDE,
            printed_in=PART,
            instruction="{place}　事業の実績及び自己評価を記載します。",
            is_required=True,
            kinds=tuple(MEASURES),
        ),
        *related_targets(ANNEX, kinds=tuple(TABLES)),
        Field(
            name="used",
            next_year=Carryover.BESIDE,
            printed_in=ANNEX,
            instruction="{place}　評価対象年度における活用の有無",
            is_entered=True,
            is_required=True,
            kinds=_OUTSIDE_BODY,
        ),
        text(
            "note",
            Carryover.BESIDE,
            is_in_sentences=False,
            printed_in=ANNEX,
            instruction="{place}　活用状況等を記載します。",
            kinds=_OUTSIDE_BODY,
        ),
        # The ministry in charge fills these in.
        Field(name="ministry", next_year=Carryover.CARRIED, heading=MINISTRY, kinds=("specific",)),
        Field(name="ministry_effect", next_year=Carryover.EMPTIED, kinds=("specific",)),
        Field(name="ministry_follow_up", next_year=Carryover.EMPTIED, kinds=("specific",)),
        Field(
            name="ministry_remarks",
            next_year=Carryover.EMPTIED,
            heading=MINISTRY_REMARKS,
            is_prose=True,
            kinds=("specific",),
        ),
    ),
)

OF_EVALUATION = (
    # The reason is about the year, so it is not carried over.
    text(
        "no_measures_reason",
        Carryover.BESIDE,
        narration=Narration.YEAR,
        heading=NO_MEASURES_REASON,
        instruction="{place}{heading}　①から③までに該当する事業が一つもないときに記載します。",
        is_required=True,
        excuses=(Excuse.HAS_MEASURES,),
        is_of_year=True,
        code="7",
    ),
)
