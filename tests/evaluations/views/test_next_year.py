"""The page that creates the next year's evaluation: a preview, then confirmation."""

import re

import pytest

from evaluations import moves
from evaluations.models import Evaluation, Plan
from evaluations.sample import evaluations
from evaluations.years.next_year import NextYear
from tests import factories
from tests.evaluations.commands.test_import_evaluation import everything
from tests.worlds import world

URL = "/keihin/2024/open/"


@world
def last_evaluation():
    return factories.evaluation(evaluations()[2023])


def words(response):
    return response.content.decode()


def test_what_would_be_made_is_listed_first(client, secretariat, last_evaluation):
    client.force_login(secretariat)
    last_evaluation.score, last_evaluation.remarks = None, ""
    last_evaluation.save()
    before = everything()
    page = words(client.get(URL))
    for kind in NextYear(last_evaluation).kinds():
        assert f"{kind.label}（{len(kind.rows)}件）" in page
    assert "評価結果（評価点、専門家所見）は、まだ入力されていません" in page
    assert everything() == before


def test_year_is_made_when_confirmed(client, secretariat, last_evaluation):
    client.force_login(secretariat)
    response = client.post(URL, follow=True)
    assert response.redirect_chain == [("/keihin/2024/review/", 302)]
    assert "令和6年度の評価書を用意しました（準備中）。" in words(response)
    evaluation = Evaluation.objects.get(fiscal_year=2024)
    assert evaluation.history.last().history_user == secretariat
    moves.move(evaluation, "open", by=secretariat)


def test_double_click_makes_one_year(client, secretariat, last_evaluation):
    client.force_login(secretariat)
    client.post(URL)
    response = client.post(URL, follow=True)
    assert "既に用意されています" in words(response)
    assert Evaluation.objects.count() == 2


def test_year_made_by_mistake_can_be_deleted_and_made_again(client, secretariat, last_evaluation):
    client.force_login(secretariat)
    client.post(URL)
    pk = Evaluation.objects.get(fiscal_year=2024).pk
    address = f"/admin/evaluations/evaluation/{pk}/delete/"
    page = client.get(address).content.decode()
    revisions = dict(re.findall(r'name="(seen[^"]*)" value="([^"]*)"', page))
    client.post(address, {"post": "yes"} | revisions)
    assert not Evaluation.objects.filter(fiscal_year=2024).exists()
    client.post(URL)
    assert Evaluation.objects.filter(fiscal_year=2024).exists()


def test_new_term_is_announced_and_drafted(client, secretariat, last_evaluation):
    last_evaluation.fiscal_year = 2026
    last_evaluation.save()
    client.force_login(secretariat)
    page = words(client.get("/keihin/2027/open/"))
    assert "新しい期の計画を下書きします" in page
    client.post("/keihin/2027/open/", {"new-term": "1"})
    assert Evaluation.objects.get(fiscal_year=2027).plan.first_year == 2027


def test_plan_that_came_in_between_is_reported(client, secretariat, last_evaluation):
    last_evaluation.fiscal_year = 2026
    last_evaluation.save()
    client.force_login(secretariat)
    factories.plan(last_evaluation.zone, 2027, 2031, term=9)
    response = client.post("/keihin/2027/open/", {"new-term": "1"})
    assert response.status_code == 409
    assert "が、既に登録されています。" in words(response)
    assert "評価書を用意する</button>" in words(response)
    assert not Evaluation.objects.filter(fiscal_year=2027).exists()


def test_year_that_cannot_be_has_no_button(client, secretariat, last_evaluation):
    last_evaluation.fiscal_year = 2026
    last_evaluation.save()
    Plan.objects.create(zone=last_evaluation.zone, term=9, first_year=2029, last_year=2031)
    client.force_login(secretariat)
    page = words(client.get("/keihin/2027/open/"))
    assert "計画の期間を確かめてください" in page
    assert '<button class="button" type="submit">' not in page


@pytest.mark.parametrize("year", [2026, 2023 + 10**6, 10**30])
def test_year_without_one_before_is_not_found(client, secretariat, last_evaluation, year):
    client.force_login(secretariat)
    assert client.get(f"/keihin/{year}/open/").status_code == 404


def test_others_are_refused(client, official, reader, stranger, last_evaluation):
    for person, status in ((official, 403), (reader, 403), (stranger, 404)):
        client.force_login(person)
        assert client.get(URL).status_code == status
        assert client.post(URL).status_code == status


def test_home_and_the_review_of_the_newest_year_lead_there(
    client, secretariat, official, last_evaluation
):
    NextYear(last_evaluation).save()
    client.force_login(secretariat)
    assert "/keihin/2025/open/" in words(client.get("/"))
    assert "/keihin/2025/open/" in words(client.get("/keihin/2024/review/"))
    assert "/keihin/2024/open/" not in words(client.get("/keihin/2023/review/"))
    client.force_login(official)
    assert "/open/" not in words(client.get("/"))
