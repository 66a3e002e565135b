"""別紙1: one sheet per numeric target, with its figures of each year and its texts."""

from evaluations.catalogue.part3_progress import QUALITATIVE
from evaluations.catalogue.structure import (
    Carryover,
    Field,
    FormHeading,
    Narration,
    RowKind,
    not_entered,
    text,
)

ANNEX = FormHeading("■ 目標に向けた取組の進捗に関する評価", within="別紙1", level=2)
TARGET_VALUE = FormHeading("目標値", within=ANNEX)
ACTUAL_VALUE = FormHeading("実績値", within=ANNEX)
WEIGHT = FormHeading("寄与度(※):", within=ANNEX)
PROGRESS = FormHeading("進捗度(%)", within=ANNEX)
CUMULATIVE = "(累計)"
BEFORE = "修正前"  # in brackets below a figure that the form corrects, with what it was
NOTE = FormHeading(
    "※寄与度:一つの評価指標に対して複数の数値目標がある場合、"
    "それぞれの数値目標が評価指標に与える寄与度を記入してください。",
    within=ANNEX,
)


def _cell(words: str) -> FormHeading:
    return FormHeading(words, within=ANNEX)


ASSESSMENT = RowKind(
    model="evaluations.targetassessment",
    source="assessment",
    speaks_of_figures=True,
    page="texts",
    goes_on=True,
    evaluation="evaluation",
    fields=(
        *not_entered(Carryover.MADE, "evaluation"),
        *not_entered(Carryover.CARRIED, "target"),
        text(
            "qualitative",
            Carryover.BESIDE,
            narration=Narration.YEAR,
            heading=QUALITATIVE,
            instruction="数値目標の実績を示せない場合に、{place}に{heading}として記載します。",
            code="1",
        ),
        text(
            "alternative",
            Carryover.CARRIED,
            heading=_cell(
                "代替指標又は定性的評価の考え方\n"
                "※数値目標の実績に代えて代替指標又は定性的な評価を用いる場合"
            ),
            instruction="{place}　数値目標の実績に代えて代替指標又は定性的な評価を用いる場合に記載します。",
            code="2",
        ),
        text(
            "strategy",
            Carryover.CARRIED,
            narration=Narration.STANDING,
            heading=_cell("目標達成の考え方及び目標達成に向けた主な取組、関連事業"),
            instruction="{place}　目標達成に向けた主な取組と関連事業も記載します。",
            is_required=True,
            code="3",
        ),
        text(
            "target_basis",
            Carryover.CARRIED,
            narration=Narration.STANDING,
            heading=_cell(
                "各年度の目標設定の考え方や数値の根拠等\n※定性的評価の場合は、各年度の目標"
            ),
            instruction="{place}　定性的評価の場合は、各年度の目標を記載します。",
            is_required=True,
            code="4",
        ),
        text(
            "self_assessment",
            Carryover.BESIDE,
            narration=Narration.DONE,
            heading=_cell("進捗状況に係る自己評価(進捗が遅れている場合の要因分析)"),
            instruction="{place}　進捗が遅れている場合は、その要因を分析してください。",
            is_required=True,
            is_of_year=True,
            code="5",
        ),
        text(
            "external_factors",
            Carryover.BESIDE,
            heading=_cell("外部要因等特記事項"),
            instruction="{place}　進捗に影響した外部要因等があるときに記載します。",
            code="6",
        ),
    ),
)


def texts(year: int) -> list[Field]:
    """The texts in the table of a sheet in the form of a fiscal year, from the top; each has a heading."""
    return [
        field
        for field in ASSESSMENT.fields_of(year)
        if any(heading.within is ANNEX for heading in field.headings)
    ]
