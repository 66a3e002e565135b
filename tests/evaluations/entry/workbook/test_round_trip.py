"""A downloaded workbook changes nothing when it is sent back, also after LibreOffice has saved it."""

from datetime import date

import pytest

from evaluations import moves
from evaluations.entry.scope import EntryScope
from evaluations.entry.workbook.download import workbook_for, workbook_scope
from evaluations.entry.workbook.importing import import_workbook
from evaluations.entry.workbook.upload import read_workbook
from evaluations.models import Evaluation, NumericTarget
from evaluations.sample import ZONES
from tests import factories
from tests.evaluations.admin.test_access import everything
from tests.evaluations.entry.workbook import books
from tests.evaluations.views.entry import open_year
from tests.libreoffice import needs_calc, saved_again
from tokku.accounts.models import Role

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ACTUAL = "（1） 川崎市"


@pytest.fixture(params=["keihin", pytest.param("miura", marks=pytest.mark.full)])
def year(request, secretariat):
    """For each zone of the sample, the year that is being filled in."""
    for contents in ZONES[request.param].evaluations().values():
        evaluation = factories.evaluation(contents, request.param)
    moves.move(evaluation, "open", by=secretariat)
    return Evaluation.objects.select_related("zone", "edition__plan").get(pk=evaluation.pk)


def scopes(evaluation):
    """The scopes of the secretariat and of each municipality, with the municipality of the workbook."""
    yield EntryScope(factories.user("office", Role.SECRETARIAT, of=None), evaluation), None
    for number, municipality in enumerate(evaluation.zone.municipalities.all()):
        scope = EntryScope(factories.user(f"official-{number}", of=municipality.name), evaluation)
        yield scope, municipality


def require_nothing_new(scope, content):
    before = everything()
    returned = read_workbook(scope, content)
    outcome = import_workbook(scope, returned)
    assert [(line.place, line.changes, line.refusals) for line in outcome.intended_lines] == []
    assert returned.notices + outcome.notices == []
    assert len(outcome.unchanged) > 5
    assert everything() == before


def test_every_workbook_comes_in_without_a_change(year):
    for scope, municipality in scopes(year):
        require_nothing_new(scope, workbook_for(scope, municipality))


def test_the_secretariat_takes_what_it_handed_out(year):
    office, _ = next(scopes(year))
    for municipality in year.zone.municipalities.all():
        content = workbook_for(workbook_scope(office, municipality), municipality)
        require_nothing_new(office, content)


@pytest.mark.full
@needs_calc
def test_a_workbook_saved_by_libreoffice_comes_in_without_a_change(year, tmp_path):
    scopes_by_name = {
        scope.user.username: (scope, municipality) for scope, municipality in scopes(year)
    }
    books = {
        name: workbook_for(*scope_and_owner) for name, scope_and_owner in scopes_by_name.items()
    }

    for name, content in saved_again(books, tmp_path).items():
        require_nothing_new(scopes_by_name[name][0], content)


@pytest.mark.full
@needs_calc
def test_formulas_and_dates_come_in_as_calc_has_stored_them(
    client, official, secretariat, tmp_path
):
    open_year(secretariat)
    NumericTarget.objects.update(decimals=1)
    client.force_login(official)
    book = books.opened(books.download(client))
    figures, note = book["数値"], books.place(book["数値"], ACTUAL, "出典・備考")
    books.place(figures, ACTUAL, "令和5年度").value = "=SUM(1.5,6)"
    note.value, note.number_format = date(2024, 4, 1), '[$-411]ggge"年"m"月"d"日"'

    content = saved_again({"book": books.saved(book)}, tmp_path)["book"]
    response = books.send(client, content)

    assert books.sentences(response) == []
    assert response.context["notices"] == [
        "次のセルは、数式の計算結果を読み取りました：「数値」H3「7.5」"
    ]
    (line,) = response.context["outcome"].changed
    assert [change.new for change in line.changes] == ["7.5", "令和6年4月1日"]
