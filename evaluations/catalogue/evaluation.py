"""The evaluation of a year: the texts and counts of its body, part by part, and the result that is returned for it."""

from evaluations.catalogue import (
    part2_plan,
    part3_progress,
    part4_measures,
    part5_national,
    part6_regional,
)
from evaluations.catalogue.structure import Carryover, RowKind, not_entered

EVALUATION = RowKind(
    model="evaluations.evaluation",
    source="evaluation",
    speaks_of_figures=True,
    page="texts",
    goes_on=True,
    fields=(
        *not_entered(Carryover.CARRIED, "zone"),
        *not_entered(Carryover.MADE, "edition fiscal_year state"),
        *part2_plan.OF_EVALUATION,
        *part3_progress.OF_EVALUATION,
        *part4_measures.OF_EVALUATION,
        *part5_national.OF_EVALUATION,
        *part6_regional.OF_EVALUATION,
        *not_entered(Carryover.EMPTIED, "deadline sent_on score remarks"),
    ),
)
