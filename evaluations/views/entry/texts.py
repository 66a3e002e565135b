"""Sections of the page of texts, in the order of the form."""

from itertools import groupby
from typing import Any

from evaluations import catalogue
from evaluations.addresses import entry_address
from evaluations.entry.forms import NewAchievement, NewApproach, NewMeasure, NewRowForm
from evaluations.entry.instructions import of_lists
from evaluations.entry.scope import EntryScope
from evaluations.models import Achievement, Evaluation, TargetAssessment
from evaluations.views.entry.portions import PageSection, Portion, PortionUnit, by_kind
from evaluations.views.entry.row_display import DisplayedRow, find_form
from supports.models import RegionalText, RegulatoryMeasure


def texts_sections(scope: EntryScope, entries: list[DisplayedRow]) -> list[PageSection]:
    """The sections with rows of the person, and those that they can add to, in the order of the form."""

    def units_of(model):
        return [PortionUnit([entry]) for entry in entries if isinstance(entry.row, model)]

    approaches = _approaches(scope, entries)
    if scope.why_not_enter and not any(unit.entries for unit in approaches):
        approaches = []
    sections = [
        PageSection("body", "評価書の本文", units_of(Evaluation)),
        PageSection("assessments", "数値目標の評価（別紙1）", units_of(TargetAssessment)),
        PageSection("approaches", "解決策と取組・成果（本文3④）", approaches),
        PageSection("measures", "規制の特例措置（本文4、別紙2）", units_of(RegulatoryMeasure)),
        PageSection("regional", "地域独自の取組（本文6、別紙3）", units_of(RegionalText)),
    ]
    # The secretariat can add to these.
    addable = () if scope.is_official else ("approaches", "measures")
    return [section for section in sections if section.units or section.id in addable]


def _approaches(scope: EntryScope, entries: list[DisplayedRow]) -> list[PortionUnit]:
    """A unit for each approach, followed by the units of the person's achievements in it."""
    units = []
    for row in scope.year.of_kind(catalogue.APPROACH):
        units.append(PortionUnit([entry for entry in entries if entry.row == row], heading_row=row))
        units += [
            PortionUnit([entry], heading_row=row)
            for entry in entries
            if isinstance(entry.row, Achievement) and entry.row.approach_id == row.pk
        ]
    return units


def texts_context(
    scope: EntryScope, portion: Portion, new_row_forms: list[NewRowForm]
) -> dict[str, Any]:
    new_achievement = {
        new_row_form.parents["approach"].pk: new_row_form
        for new_row_form in new_row_forms
        if isinstance(new_row_form, NewAchievement)
    }
    with_rows = {row.approach_id for row in scope.rows if isinstance(row, Achievement)}
    approaches = []
    for row, units in groupby(
        portion.sections.get("approaches", ()), key=lambda unit: unit.heading_row
    ):
        entries = [entry for unit in units for entry in unit.entries]
        approaches.append(
            {
                "row": row,
                "label": row.label,
                "entry": next((entry for entry in entries if entry.row == row), None),
                "achievements": [entry for entry in entries if entry.row != row],
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
        "new_approach": find_form(new_row_forms, NewApproach),
        "measures": by_kind(RegulatoryMeasure, scope, portion.entries("measures")),
        "new_measure": find_form(new_row_forms, NewMeasure),
        "reason_url": entry_address(scope.evaluation, scope.evaluation.key, "no_measures_reason"),
    }
