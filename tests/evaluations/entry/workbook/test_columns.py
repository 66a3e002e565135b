"""The columns of the sheets that list rows are the catalogue's fields of the year."""

from contextlib import contextmanager

import pytest
from django.apps import apps

from evaluations import catalogue, moves, sample
from evaluations.entry.scope import EntryScope
from evaluations.entry.workbook.sheets import sheets_for
from evaluations.models import Correction, Evaluation, NumericTarget
from tests import factories, worlds

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

LISTS = [kind for kind in catalogue.KINDS.values() if kind.is_listed]
ORDERED = [kind for kind in LISTS if kind.is_ordered]
ASKED_ANEW = [(kind, "position") for kind in (*ORDERED, catalogue.REGIONAL_TEXT)]
ASKED_ANEW.append((catalogue.MEASURE, "ministry_remarks"))
ASKED = [(kind, name) for kind in LISTS for name in kind.entered if name != "all_targets"]


@worlds.world
def year(secretariat):
    """A year with rows of every kind."""
    evaluation = factories.evaluation(sample.evaluations()[2023])
    moves.move(evaluation, "open", by=secretariat)
    target = NumericTarget.objects.of_edition(evaluation.edition_id)[0]
    Correction.objects.create(evaluation=evaluation, target=target, fiscal_year=2022, value=1)
    return evaluation


@contextmanager
def changed(field, **values):
    before = {name: getattr(field, name) for name in values}
    try:
        for name, value in values.items():
            object.__setattr__(field, name, value)
        yield
    finally:
        for name, value in before.items():
            object.__setattr__(field, name, value)


def sheet_of(kind, person):
    """The sheet with rows of the kind; each of its lines is written and read by its columns."""
    scope = EntryScope(person, Evaluation.objects.select_related("zone", "edition__plan").get())
    sheet = next(
        sheet
        for sheet in sheets_for(scope)
        if any(row._meta.label_lower == kind.model for row in rows_of(sheet))
    )
    names = [column.name for column in sheet.columns]
    assert len(set(names)) == len(names)
    for line in sheet.lines:
        assert line.answers.keys() <= set(names)
    for row in rows_of(sheet):
        assert {item.label for item in row.required_items()} <= set(names)
    assert not sheet.new_row_line or sheet.new_row_line.answers.keys() <= set(names)
    return sheet, names


def rows_of(sheet):
    return [row for line in sheet.lines for row in line.rows]


def column_of(kind, name):
    return str(apps.get_model(kind.model)._meta.get_field(name).verbose_name)


@pytest.mark.parametrize(("kind", "name"), ASKED_ANEW, ids=lambda it: getattr(it, "model", it))
def test_what_the_form_asks_anew_has_its_column_and_is_asked_of_new_rows(
    kind, name, year, secretariat
):
    with changed(kind[name], is_entered=True, is_required=True, kinds=()):
        sheet, names = sheet_of(kind, secretariat)

    column = column_of(kind, name)
    assert column in names
    assert any(column in line.answers for line in sheet.lines)
    assert not sheet.new_row_line or column in sheet.new_row_line.answers


@pytest.mark.parametrize(("kind", "name"), ASKED, ids=lambda it: getattr(it, "model", it))
def test_what_the_form_no_longer_has_keeps_no_column(kind, name, year, secretariat):
    column = column_of(kind, name)
    _, names = sheet_of(kind, secretariat)
    assert column in names
    with changed(kind[name], until=2022):
        sheet, names_left = sheet_of(kind, secretariat)
    assert names_left == [title for title in names if title not in (column, f"前年度の{column}")]
    assert column not in sheet.new_row_line.answers
