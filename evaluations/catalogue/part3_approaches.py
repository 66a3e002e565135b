"""Part 3④: the approaches (解決策), and what was done and achieved under each."""

from evaluations.catalogue.part3_progress import PART
from evaluations.catalogue.structure import (
    Carryover,
    Excuse,
    Field,
    FormHeading,
    Narration,
    RowKind,
    not_entered,
    text,
)

APPROACHES = FormHeading("目標達成に向けた実施スケジュール", "④", PART, level=3)
ACHIEVEMENTS = FormHeading("【具体的な取組・成果】", within=APPROACHES, level=5)

APPROACH = RowKind(
    model="evaluations.approach",
    source="approach",
    speaks_of_figures=True,
    page="texts",
    named_by="narrative",
    is_listed=True,
    goes_on=True,
    evaluation="evaluation",
    fields=(
        *not_entered(Carryover.MADE, "evaluation"),
        *not_entered(Carryover.CARRIED, "position"),
        Field(
            name="targets",
            next_year=Carryover.CARRIED,
            printed_in=APPROACHES,
            instruction="{place}　選んだ数値目標が、見出しに「数値目標（2）に寄与」のように記載されます。",
            is_entered=True,
        ),
        text(
            "narrative",
            Carryover.CARRIED,
            printed_in=APPROACHES,
            instruction="{place}　目標達成に向けた実施スケジュールとして、見出しの下に記載します。",
            is_required=True,
        ),
        text(
            "result_label",
            Carryover.RENAMED,
            is_in_sentences=False,
            narration=Narration.RESULT,
            printed_in=ACHIEVEMENTS,
            instruction="寄与する数値目標が一つのときは、その年度の実績値が後に続けて記載されます。",
        ),
    ),
)
ACHIEVEMENT = RowKind(
    model="evaluations.achievement",
    source="achievement",
    speaks_of_figures=True,
    page="texts",
    named_by="heading",
    is_listed=True,
    goes_on=True,
    evaluation="approach__evaluation",
    is_explained_once=True,
    fields=(
        *not_entered(Carryover.MADE, "approach"),
        *not_entered(Carryover.CARRIED, "municipality position level"),
        text(
            "heading",
            Carryover.CARRIED,
            is_in_sentences=False,
            narration=Narration.DONE,
            heading=ACHIEVEMENTS,
            instruction="{place}{heading}　「○」又は「・」は自動で付きます。",
        ),
        text(
            "text",
            Carryover.BESIDE,
            narration=Narration.DONE,
            printed_in=ACHIEVEMENTS,
            instruction="見出しの下に、その年度の具体的な取組と成果を記載します。",
            is_required=True,
            excuses=(Excuse.HEADS_ENTRIES,),
            is_of_year=True,
        ),
    ),
)
