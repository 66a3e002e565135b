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


def pages(scope: EntryScope) -> list[WorkbookSheet]:
    """The sheets of what a person fills in, in the order of the form, without those that would be blank."""
    make = SheetMaker(scope)
    made = [sheet(make) for sheet in SHEETS]
    return [page for page in made if page.lines or page.adder]
