"""Part 2: the plan, and last year's result."""

from evaluations.catalogue.structure import (
    Carryover,
    Field,
    FormHeading,
    Narration,
    RowKind,
    not_entered,
    text,
)

PART = FormHeading("総合特区計画の状況", "2", level=2)
OVERVIEW = FormHeading("総合特区計画の概要", "①", PART, level=3)
GOAL = FormHeading("総合特区計画の目指す目標", "②", PART, level=3)
DATES = FormHeading("総合特区の指定時期及び総合特区計画の認定時期", "③", PART, level=3)
PREVIOUS_RESULT = FormHeading("前年度の評価結果", "④", PART, level=3)
PREVIOUS_SCORE = FormHeading("〔種別〕総合特区", within=PREVIOUS_RESULT)
RESPONSE_TO_PREVIOUS = FormHeading("前年度の評価結果を踏まえた取組状況等", "⑤", PART, level=3)
CONSIDERATIONS = FormHeading("本年度の評価に際して考慮すべき事項", "⑥", PART, level=3)

PLAN = RowKind(
    model="evaluations.plan",
    fields=(
        Field(name="zone", next_year=Carryover.STANDS, new_term=Carryover.CARRIED),
        *not_entered(Carryover.STANDS, "term first_year last_year", new_term=Carryover.MADE),
    ),
)
PLAN_EDITION = RowKind(
    model="evaluations.planedition",
    source="plan",
    fields=(
        *not_entered(Carryover.STANDS, "plan first_year", new_term=Carryover.MADE),
        *not_entered(Carryover.STANDS, "certified_on", new_term=Carryover.CARRIED),
        *not_entered(Carryover.STANDS, "reason zone_name", new_term=Carryover.LEFT),
        Field(
            name="overview",
            next_year=Carryover.STANDS,
            is_in_sentences=True,
            narration=Narration.STANDING,
            new_term=Carryover.CARRIED,
            heading=OVERVIEW,
            is_required=True,
            is_prose=True,
        ),
        Field(
            name="goal",
            next_year=Carryover.STANDS,
            narration=Narration.STANDING,
            new_term=Carryover.CARRIED,
            heading=GOAL,
            is_required=True,
            is_prose=True,
        ),
    ),
)

OF_EVALUATION = (
    Field(
        name="previous_score",
        next_year=Carryover.RESULT,
        printed_in=PREVIOUS_RESULT,
        instruction="{place}に記載します。",
        is_entered=True,
        code="1",
    ),
    text(
        "previous_remarks",
        Carryover.RESULT,
        is_in_sentences=False,
        narration=Narration.STANDING,
        printed_in=PREVIOUS_RESULT,
        instruction="{place}に「・」を付けて記載します。1件につき1行",
        code="2",
    ),
    text(
        "response_to_previous",
        Carryover.BESIDE,
        heading=RESPONSE_TO_PREVIOUS,
        instruction="{place}　前年度の評価点と専門家所見を踏まえた、取組の状況等を記載します。",
        is_required=True,
        is_of_year=True,
        code="3",
    ),
    text(
        "considerations",
        Carryover.BESIDE,
        narration=Narration.YEAR,
        heading=CONSIDERATIONS,
        instruction="{place}　評価に際して考慮すべき事項があるときに記載します。",
        is_of_year=True,
        code="4",
    ),
)
