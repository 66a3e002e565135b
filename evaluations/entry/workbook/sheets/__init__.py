"""The sheets of the workbook, one function each. Figures, texts and support have a module each, like the entry pages."""

from evaluations.entry.scope import EntryScope
from evaluations.entry.workbook.sheet_maker import SheetMaker
from evaluations.entry.workbook.sheet_parts import WorkbookSheet
from evaluations.entry.workbook.sheets.figures import corrections, figures
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
    corrections,
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
    """The sheets of a person's workbook in the order of the form, without empty ones."""
    maker = SheetMaker(scope)
    sheets = [sheet(maker) for sheet in SHEETS]
    return [sheet for sheet in sheets if sheet.lines or sheet.new_row_line]
