"""The sheets of the workbook, a function each; texts and support have a module of their own, as the entry pages have."""

from evaluations.entry.scope import EntryScope
from evaluations.entry.workbook.sheet_maker import SheetMaker
from evaluations.entry.workbook.sheet_parts import WorkbookSheet
from evaluations.entry.workbook.sheets.figures import figures
from evaluations.entry.workbook.sheets.supports import national_supports, not_applicable, schemes
from evaluations.entry.workbook.sheets.texts import (
    achievements,
    approaches,
    assessments,
    body,
    measures,
    regional_texts,
)

SHEETS = (
    figures,
    body,
    assessments,
    approaches,
    achievements,
    measures,
    national_supports,
    schemes,
    regional_texts,
    not_applicable,
)


def sheets_for(scope: EntryScope) -> list[WorkbookSheet]:
    """The sheets of what a person fills in, in the order of the form, without those that would be blank."""
    maker = SheetMaker(scope)
    sheets = [sheet(maker) for sheet in SHEETS]
    return [sheet for sheet in sheets if sheet.lines or sheet.adder]
