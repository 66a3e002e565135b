"""Part 3①②③: the indicators with their progress, and the texts on weights and on how projects work together."""

from evaluations.catalogue.structure import (
    Carryover,
    Excuse,
    Field,
    FormHeading,
    RowKind,
    not_entered,
    text,
)
from evaluations.catalogue.words import ANSWER_NOT_APPLICABLE

PART = FormHeading("目標に向けた取組の進捗に関する評価（別紙1）", "3", level=2)
INDICATORS = FormHeading("評価指標", "①", PART, level=3)
QUALITATIVE = FormHeading("《定性的評価》", within=INDICATORS)
WEIGHT_RATIONALE = FormHeading("寄与度の考え方", "②", PART, level=3)
PATHWAY = FormHeading(
    "総合特区として実現しようとする目標（数値目標を含む。）の達成に、"
    "特区で実施する各事業が連携することにより与える効果及び道筋",
    "③",
    PART,
    level=3,
)

INDICATOR = RowKind(
    model="evaluations.indicator",
    source="indicator",
    fields=(
        Field(name="edition", next_year=Carryover.STANDS, new_term=Carryover.MADE),
        *not_entered(Carryover.STANDS, "number name", new_term=Carryover.CARRIED),
    ),
)
TARGET = RowKind(
    model="evaluations.numerictarget",
    source="target",
    fields=(
        *not_entered(Carryover.STANDS, "indicator thread", new_term=Carryover.MADE),
        *not_entered(
            Carryover.STANDS,
            "number name unit nature total total_in_man decimals weight formula baseline baseline_year baseline_time goal_year goal_time aggregation",
            new_term=Carryover.CARRIED,
        ),
    ),
)
YEARLY_TARGET = RowKind(
    model="evaluations.yearlytarget",
    fields=(
        *not_entered(Carryover.STANDS, "target fiscal_year", new_term=Carryover.MADE),
        Field(name="value", next_year=Carryover.STANDS, new_term=Carryover.EMPTIED),
    ),
)
# Rows are made when entry opens, from the municipalities that take part and the year's targets.
ACTUAL = RowKind(
    model="evaluations.actual",
    page="actuals",
    fields=(
        *not_entered(Carryover.MADE, "target fiscal_year municipality"),
        Field(
            name="value",
            next_year=Carryover.BESIDE,
            printed_in=INDICATORS,
            is_entered=True,
            is_required=True,
            excuses=(Excuse.ASSESSED_IN_WORDS, Excuse.REPORTED_ONCE),
        ),
        Field(
            name="note",
            next_year=Carryover.EMPTIED,
            instruction="実績値の出典など。評価書には印字されません。",
            is_entered=True,
        ),
    ),
)
# Told in the year's form: another value of a figure of an earlier year.
CORRECTION = RowKind(
    model="evaluations.correction",
    page="actuals",
    is_listed=True,
    evaluation="evaluation",
    fields=(
        *not_entered(Carryover.LEFT, "evaluation target fiscal_year municipality"),
        Field(
            name="value",
            next_year=Carryover.LEFT,
            printed_in=INDICATORS,
            instruction="別紙1のその年度の欄に、修正前の値を添えて印字されます。",
            is_entered=True,
            is_required=True,
        ),
        Field(
            name="reason",
            next_year=Carryover.LEFT,
            instruction="「国の統計の確報値が公表されたため」など。評価書には印字されません。",
            is_entered=True,
            is_required=True,
        ),
    ),
)

OF_EVALUATION = (
    text(
        "weight_rationale",
        Carryover.CARRIED,
        heading=WEIGHT_RATIONALE,
        instruction="{place}　一つの評価指標に対して複数の数値目標がある場合に、"
        f"それぞれの数値目標が評価指標に与える寄与度の考え方を記載します。{ANSWER_NOT_APPLICABLE}",
        is_required=True,
        may_be_not_applicable=True,
        code="5",
    ),
    text(
        "pathway",
        Carryover.CARRIED,
        heading=PATHWAY,
        instruction="{place}　目標には、数値目標を含みます。",
        is_required=True,
        code="6",
    ),
)
