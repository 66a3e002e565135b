import re
from decimal import Decimal

import pytest

from evaluations.models import Actual, Evaluation, NumericTarget, Submission
from evaluations.models.targets import Aggregation
from tests import factories
from tests.evaluations.views.entry import ACTUALS, ENTRY, open_year
from tests.evaluations.views.test_entry_pages import full, read, row_of
from tests.worlds import world
from tokku.figures import Figure

PROGRESS = f"{ENTRY}progress/"


@world
def evaluation(secretariat):
    return open_year(secretariat)


def actual(name="川崎市"):
    return Actual.objects.get(fiscal_year=2023, municipality=factories.municipality(name))


def asked(client, query):
    """The progress that is told while typing, the same for each row that was sent."""
    rows = client.get(PROGRESS, query).json()["rows"]
    (progress,) = {row["progress"] for row in rows.values()}
    return progress


def enter(name, value, hand_in_by=None):
    row = actual(name)
    row.value = value
    row.save()
    if hand_in_by:
        Submission.objects.filter(
            evaluation__fiscal_year=2023, municipality=row.municipality
        ).update(state="submitted", submitted_at="2024-06-01T00:00Z", submitted_by=hand_in_by)


def cells(page):
    return re.findall(r'<td class="num[^>]*data-label="([^"]*)">([^<]*)</td>', page)


def test_grid_shows_last_year_and_this_years_target(client, official, evaluation):
    page = read(client, official, ACTUALS)
    assert '数値目標その1 <span class="figures__unit">件</span>' in page
    assert cells(page) == [
        ("前年度の実績", "5"),
        ("前年度の目標（特区）", "10"),
        ("本年度の目標（特区）", "10"),
    ]
    assert "前年度の特区の実績 12件" in page
    assert "2作成主体 待ち" in page


@pytest.mark.parametrize("typed", ["１，２３４", "1,234 ", "1234", " １２３４"])
def test_figures_are_understood(client, official, evaluation, typed):
    client.force_login(official)
    row, _ = row_of(ACTUALS)
    assert client.post(ACTUALS, full(row, value=typed)).status_code == 302
    assert actual().value == Figure.of(1234)
    assert 'value="1,234"' in client.get(ACTUALS).content.decode()


def test_negative_figures_zero_and_blank(client, official, evaluation):
    client.force_login(official)
    for typed, value in (("△5", -5), ("0", 0), ("", None)):
        client.post(ACTUALS, full(actual(), value=typed))
        assert actual().value == Figure.of(value)


def test_progress_is_the_zones_once_all_have_handed_in(
    client, official, other_official, evaluation
):
    enter("神奈川県", 3, other_official)
    enter("横浜市", 4)
    enter("川崎市", Decimal("5.55"))
    assert "横浜市 待ち" in read(client, official, ACTUALS)
    enter("横浜市", 4, other_official)
    assert "126%" in read(client, official, ACTUALS)


def test_progress_of_what_is_being_typed(client, official, secretariat, other_official, evaluation):
    enter("神奈川県", 3, other_official)
    enter("横浜市", 4, other_official)
    client.force_login(official)
    query = {"row": f"evaluations.actual/{actual().pk}"}

    def progress(value):
        return asked(client, query | {"value": value})

    assert progress("５") == "120%"
    assert progress("△７") == "0%"
    assert progress("") == "入力後に計算"
    assert progress("12o") == ""
    assert actual().value is None


def test_progress_of_several_that_are_being_typed(client, secretariat, evaluation):
    client.force_login(secretariat)
    rows = [f"evaluations.actual/{actual(name).pk}" for name in ("神奈川県", "横浜市", "川崎市")]
    query = {"row": rows, "value": ["1", "2", "3"]}
    assert asked(client, query) == "60%"


def test_progress_does_not_reveal_drafts_of_others(client, official, evaluation):
    enter("神奈川県", 3)
    enter("横浜市", 4)
    client.force_login(official)
    query = {"row": f"evaluations.actual/{actual().pk}", "value": "1"}
    assert asked(client, query) == "2作成主体 待ち"
    theirs = {"row": f"evaluations.actual/{actual('横浜市').pk}", "value": "1"}
    assert client.get(PROGRESS, theirs).status_code == 404


@pytest.mark.parametrize("query", [{}, {"row": "x"}, {"row": "evaluations.actual/0", "value": "1"}])
def test_progress_of_nothing_is_not_found(client, official, evaluation, query):
    client.force_login(official)
    assert client.get(PROGRESS, query).status_code == 404


def test_progress_is_only_read(client, official, evaluation):
    client.force_login(official)
    assert client.post(PROGRESS).status_code == 405


def test_target_reported_once_shows_its_progress(client, official, evaluation):
    NumericTarget.objects.update(aggregation=Aggregation.ONCE)
    Actual.objects.filter(fiscal_year=2023).exclude(municipality=official.municipality).delete()
    client.force_login(official)
    query = {"row": f"evaluations.actual/{actual().pk}", "value": "8"}
    assert asked(client, query) == "80%"
    client.post(ACTUALS, full(actual(), value="8"))
    assert "80%" in client.get(ACTUALS).content.decode()


def test_target_reported_once_waits_for_nobody_else(client, secretariat, evaluation):
    NumericTarget.objects.update(aggregation=Aggregation.ONCE)
    Actual.objects.filter(fiscal_year=2023).delete()
    row = Actual.objects.create(target=NumericTarget.objects.get(), fiscal_year=2023)
    assert ">入力後に計算<" in read(client, secretariat, ACTUALS)
    query = {"row": f"evaluations.actual/{row.pk}", "value": ""}
    assert asked(client, query) == "入力後に計算"


def test_secretariat_sees_every_municipality(client, secretariat, evaluation):
    page = read(client, secretariat, ACTUALS)
    for name in ("神奈川県", "横浜市", "川崎市"):
        assert f'<span class="figures__who">{name}</span>' in page


def test_source_of_the_figure_is_kept(client, official, evaluation):
    client.force_login(official)
    client.post(ACTUALS, full(actual(), value="8", note="統計調査"))
    assert actual().note == "統計調査"
    assert actual().history.first().history_user == official


def test_first_year_of_a_plan_has_no_last_year(client, secretariat, evaluation):
    Evaluation.objects.filter(fiscal_year=2022).update(state="open")
    client.force_login(secretariat)
    assert client.get("/keihin/2022/entry/actuals/").status_code == 200
