"""The page of texts: sections in the order of the form."""

from typing import Any

from evaluations.desk import Desk
from evaluations.forms import NewAchievement, NewApproach, NewMeasure, NewRowForm
from evaluations.items import anchor, row_key, row_label
from evaluations.models import Achievement, Approach, Evaluation, TargetAssessment
from evaluations.views.entry.entries import Entry, adder_of
from supports.models import RegionalText, RegulatoryMeasure, RegulatoryMeasureKind


def texts_context(desk: Desk, entries: list[Entry], adders: list[NewRowForm]) -> dict[str, Any]:
    """The sections of the page, in the order of the form."""
    new_achievement = {
        adder.of["approach"].pk: adder for adder in adders if isinstance(adder, NewAchievement)
    }

    def of(*kinds):
        return [one for one in entries if isinstance(one.row, kinds)]

    approaches = [
        {
            "row": row,
            "label": row_label(row),
            "entry": next((one for one in of(Approach) if one.row == row), None),
            "achievements": [one for one in of(Achievement) if one.row.approach_id == row.pk],
            "adder": new_achievement.get(row.pk),
        }
        for row in desk.all_rows
        if isinstance(row, Approach)
    ]
    measures = of(RegulatoryMeasure)
    return {
        "body": of(Evaluation),
        "assessments": of(TargetAssessment),
        "approaches": approaches if not desk.why or of(Approach, Achievement) else [],
        "new_approach": adder_of(adders, NewApproach),
        "measures": [
            (label, [one for one in measures if one.row.kind == kind])
            for kind, label in RegulatoryMeasureKind.choices
        ],
        "new_measure": adder_of(adders, NewMeasure),
        "reason": anchor(row_key(desk.evaluation), "no_measures_reason"),
        "regional": of(RegionalText),
    }
