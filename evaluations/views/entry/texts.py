"""The page of texts: sections in the order of the form."""

from itertools import groupby
from typing import Any

from evaluations import catalogue
from evaluations.addresses import entry_address
from evaluations.entry.forms import NewAchievement, NewApproach, NewMeasure, NewRowForm
from evaluations.entry.instructions import of_lists
from evaluations.entry.scope import EntryScope
from evaluations.models import Achievement, Evaluation, TargetAssessment
from evaluations.views.entry.portions import PageSection, Portion, PortionUnit, by_kind
from evaluations.views.entry.row_display import DisplayedRow, adder_of
from supports.models import RegionalText, RegulatoryMeasure


def texts_sections(scope: EntryScope, entries: list[DisplayedRow]) -> list[PageSection]:
    """The sections that the person has something to do with, in the order of the form."""

    def of(kind):
        return [PortionUnit([one]) for one in entries if isinstance(one.row, kind)]

    approaches = _approaches(scope, entries)
    if scope.why_not_enter and not any(unit.entries for unit in approaches):
        approaches = []
    found = [
        PageSection("body", "評価書の本文", of(Evaluation)),
        PageSection("assessments", "数値目標の評価（別紙1）", of(TargetAssessment)),
        PageSection("approaches", "解決策と取組・成果（本文3④）", approaches),
        PageSection("measures", "規制の特例措置（本文4、別紙2）", of(RegulatoryMeasure)),
        PageSection("regional", "地域独自の取組（本文6、別紙3）", of(RegionalText)),
    ]
    # The secretariat can add to these.
    addable = () if scope.is_official else ("approaches", "measures")
    return [section for section in found if section.units or section.id in addable]


def _approaches(scope: EntryScope, entries: list[DisplayedRow]) -> list[PortionUnit]:
    """Every approach, followed by the person's achievements in it."""
    units = []
    for row in scope.year.of_kind(catalogue.APPROACH):
        units.append(PortionUnit([one for one in entries if one.row == row], of=row))
        units += [
            PortionUnit([one], of=row)
            for one in entries
            if isinstance(one.row, Achievement) and one.row.approach_id == row.pk
        ]
    return units


def texts_context(scope: EntryScope, portion: Portion, adders: list[NewRowForm]) -> dict[str, Any]:
    new_achievement = {
        adder.parents["approach"].pk: adder for adder in adders if isinstance(adder, NewAchievement)
    }
    with_rows = {row.approach_id for row in scope.rows if isinstance(row, Achievement)}
    approaches = []
    for row, units in groupby(portion.sections.get("approaches", ()), key=lambda unit: unit.of):
        found = [entry for unit in units for entry in unit.entries]
        approaches.append(
            {
                "row": row,
                "label": row.label,
                "entry": next((one for one in found if one.row == row), None),
                "achievements": [one for one in found if one.row != row],
                "is_empty": row.pk not in with_rows,
                "adder": new_achievement.get(row.pk),
            }
        )
    return {
        "body": portion.entries("body"),
        "assessments": portion.entries("assessments"),
        "regional": portion.entries("regional"),
        "approaches": approaches,
        "about": of_lists([Achievement], scope.evaluation.fiscal_year),
        "new_approach": adder_of(adders, NewApproach),
        "measures": by_kind(RegulatoryMeasure, scope, portion.entries("measures")),
        "new_measure": adder_of(adders, NewMeasure),
        "reason_url": entry_address(scope.evaluation, scope.evaluation.key, "no_measures_reason"),
    }
