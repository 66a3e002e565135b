from datetime import date, timedelta

import pytest
from django.utils import timezone

from evaluations.models import Evaluation, Submission, Zone, ZoneMunicipality
from evaluations.workflow import EvaluationState, SubmissionState
from tests import factories

URL = "/"
ZONE = "京浜臨海部ライフイノベーション国際戦略総合特区"


def year_of(evaluation, fiscal_year, **values):
    year = Evaluation(zone=evaluation.zone, plan=evaluation.plan, fiscal_year=fiscal_year, **values)
    year.save()
    return year


def hand_in(evaluation, name, state, by=None):
    Submission(
        evaluation=evaluation,
        municipality=factories.municipality(name),
        state=state,
        submitted_by=by,
        submitted_at=by and timezone.now(),
    ).save()


def another_zone(slug="shinryoku", of="札幌市"):
    zone = Zone(
        slug=slug,
        kind="regional",
        name=f"特区{slug}",
        designated_on=date(2011, 12, 22),
        certified_on=date(2012, 3, 9),
    )
    zone.save()
    ZoneMunicipality.objects.create(zone=zone, municipality=factories.municipality(of))
    return zone


def read(client, user):
    client.force_login(user)
    response = client.get(URL)
    assert response.status_code == 200
    return response.content.decode()


def test_official_sees_the_years_of_the_zone(client, official, evaluation):
    year_of(evaluation, 2022, state=EvaluationState.SENT)
    page = read(client, official)
    assert "<title>評価書の一覧｜特区評価書</title>" in page
    assert ZONE in page
    assert "国際戦略総合特別区域　作成主体：神奈川県、横浜市、川崎市" in page
    assert '<a href="/keihin/2023/">令和5年度</a>' in page
    assert '<a href="/keihin/2022/">令和4年度</a>' in page
    assert page.index("令和5年度") < page.index("令和4年度")


@pytest.mark.parametrize("person", ["other_official", "secretariat", "reader"])
def test_others_of_the_zone_see_it_too(client, request, evaluation, person):
    assert '<a href="/keihin/2023/">' in read(client, request.getfixturevalue(person))


def test_stranger_sees_only_the_own_zone(client, stranger, evaluation):
    another_zone()
    page = read(client, stranger)
    assert "特区shinryoku" in page
    assert ZONE not in page


def test_stranger_without_a_zone_is_told_what_to_expect(client, stranger, evaluation):
    page = read(client, stranger)
    assert "表示できる特区がありません。札幌市が作成主体である特区が登録されると" in page


def test_reader_without_any_zone_is_told_what_to_expect(client, reader):
    assert "表示できる特区がありません。特区が登録されると" in read(client, reader)


def test_zone_without_a_year_says_so(client, stranger):
    another_zone()
    assert "この特区の評価書は、まだありません。" in read(client, stranger)


@pytest.mark.parametrize("state", EvaluationState)
def test_state_is_shown(client, official, evaluation, state):
    Evaluation.objects.update(state=state)
    assert f">{state.label}</span>" in read(client, official)


@pytest.mark.parametrize(
    ("days", "words"), [(12, "あと12日"), (1, "あと1日"), (0, "本日まで"), (-3, "3日超過")]
)
def test_open_year_shows_the_days_left(client, official, evaluation, days, words):
    deadline = timezone.localdate() + timedelta(days=days)
    Evaluation.objects.update(deadline=deadline, state=EvaluationState.OPEN)
    assert words in read(client, official)


@pytest.mark.parametrize("state", [EvaluationState.FINAL, EvaluationState.SENT])
def test_settled_year_shows_the_deadline_alone(client, official, evaluation, state):
    Evaluation.objects.update(deadline=date(2024, 5, 31), state=state)
    page = read(client, official)
    assert "令和6年5月31日" in page
    assert "日超過" not in page


def test_year_without_a_deadline_says_so(client, official, evaluation):
    Evaluation.objects.update(deadline=None)
    assert "未設定" in read(client, official)


def test_each_municipality_shows_where_its_submission_stands(client, official, evaluation):
    assert "まだありません" in read(client, official)
    hand_in(evaluation, "川崎市", SubmissionState.DRAFT)
    hand_in(evaluation, "神奈川県", SubmissionState.SUBMITTED, by=official)
    page = read(client, official)
    assert page.index("<li>神奈川県") < page.index("<li>川崎市")
    assert '<span class="badge badge--submitted">提出</span>' in page
    assert '<span class="badge badge--draft">入力中</span>' in page


def test_queries_do_not_depend_on_zones_years_or_submissions(
    client, official, evaluation, django_assert_num_queries
):
    hand_in(evaluation, "川崎市", SubmissionState.DRAFT)
    client.force_login(official)
    with django_assert_num_queries(7):
        client.get(URL)
    for number in range(4):
        zone = another_zone(f"zone{number}", of="川崎市")
        Evaluation(zone=zone, plan=evaluation.plan, fiscal_year=2023).save()
    for fiscal_year in range(2015, 2022):
        hand_in(year_of(evaluation, fiscal_year), "横浜市", SubmissionState.DRAFT)
    with django_assert_num_queries(7):
        client.get(URL)


def test_anonymous_is_asked_to_sign_in(client, db):
    assert client.get(URL).url == "/sign-in/?next=/"


def test_only_reading(client, official):
    client.force_login(official)
    assert client.post(URL).status_code == 405
