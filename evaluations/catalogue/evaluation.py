"""The evaluation of a year: the texts and counts of its body, part by part, and what came back for it."""

from evaluations.catalogue import (
    part2_plan,
    part3_progress,
    part4_measures,
    part5_national,
    part6_regional,
)
from evaluations.catalogue.structure import Fate, Kind, not_entered

EVALUATION = Kind(
    model="evaluations.evaluation",
    source="evaluation",
    speaks_of_figures=True,
    page="texts",
    goes_on=True,
    fields=(
        *not_entered(Fate.CARRIED, "zone"),
        *not_entered(Fate.MADE, "plan fiscal_year state"),
        *part2_plan.OF_EVALUATION,
        *part3_progress.OF_EVALUATION,
        *part4_measures.OF_EVALUATION,
        *part5_national.OF_EVALUATION,
        *part6_regional.OF_EVALUATION,
        *not_entered(Fate.EMPTIED, "deadline sent_on score remarks"),
    ),
)
