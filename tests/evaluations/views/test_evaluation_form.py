import re
from dataclasses import replace
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluations.form import compose
from evaluations.models import Evaluation
from evaluations.records.load import load
from tests import factories

URL = "/keihin/2023/"


def year_of(evaluation, fiscal_year):
    Evaluation(zone=evaluation.zone, edition=evaluation.edition, fiscal_year=fiscal_year).save()


def read(client, user, url=URL):
    client.force_login(user)
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def document_of(page):
    return re.search(r'<article class="document">(.*)</article>', page, re.S)[1]


def words(html):
    return "".join(unescape(re.sub("<[^>]*>", "", html)).split())


def test_page_is_the_whole_document(client, official, evaluation):
    page = read(client, official)
    document = compose(load(evaluation))
    assert words(document_of(page)) == "".join("".join(document.words()).split())
    assert (
        "<title>令和5年度 京浜臨海部ライフイノベーション国際戦略総合特区｜特区評価書</title>"
        in page
    )
    assert 'href="/keihin/2023/print/"' in page


@pytest.mark.parametrize("person", ["colleague", "other_official", "secretariat", "reader"])
def test_others_of_the_zone_read_it_too(client, request, evaluation, person):
    assert "国際戦略総合特別区域評価書" in read(client, request.getfixturevalue(person))


def test_table_of_contents_leads_to_the_headings(client, official, evaluation):
    page = read(client, official)
    contents = re.search(r'<nav class="contents".*?</nav>', page, re.S)[0]
    links = re.findall(r'href="#([^"]+)"', contents)
    assert len(links) > 20
    assert all(page.count(f'id="{link}"') == 1 for link in links)
    assert "別紙1 数値目標（1）" in contents


def test_text_is_text_and_never_markup(client, official):
    evil = '<script>alert("1")</script> & {{ user }}'
    factories.evaluation(
        replace(factories.contents(), plan=replace(factories.contents().plan, overview=evil))
    )
    page = read(client, official)
    assert "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; {{ user }}" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("state", ["preparing", "open", "final", "sent"])
def test_every_state_can_be_read_and_is_shown(client, official, evaluation, state):
    Evaluation.objects.update(state=state)
    evaluation.refresh_from_db()
    assert f">{evaluation.get_state_display()}</span>" in read(client, official)


def test_year_alone_has_no_neighbours(client, official, evaluation):
    assert "他の年度" not in read(client, official)


def test_neighbours_are_the_nearest_years_there_are(client, official, evaluation):
    for fiscal_year in (2022, 2025, 2026):
        year_of(evaluation, fiscal_year)

    def neighbours(url):
        return re.findall(r'rel="(\w+)" href="([^"]+)">(.*?)<', read(client, official, url))

    assert neighbours(URL) == [
        ("prev", "/keihin/2022/", "令和4年度"),
        ("next", "/keihin/2025/", "令和7年度"),
    ]
    assert neighbours("/keihin/2026/") == [("prev", "/keihin/2025/", "令和7年度")]


def test_stranger_does_not_learn_that_it_exists(client, stranger, evaluation):
    client.force_login(stranger)
    response = client.get(URL)
    missing = client.get("/nowhere/2023/")
    assert response.status_code == missing.status_code == 404
    assert words(response.content.decode()) == words(missing.content.decode())


@pytest.mark.parametrize(
    "url", ["/keihin/2022/", "/nowhere/2023/", "/keihin/99999999999999999999/", "/keihin/r5/"]
)
def test_what_is_not_there_is_not_found(client, official, evaluation, url):
    client.force_login(official)
    assert client.get(url).status_code == 404


def test_anonymous_is_asked_to_sign_in(client, evaluation):
    assert client.get(URL).url == f"/sign-in/?next={URL}"


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_only_reading(client, official, evaluation, method):
    client.force_login(official)
    assert getattr(client, method)(URL).status_code == 405


def test_queries_are_few_and_do_not_depend_on_how_much_there_is(client, official):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(URL).status_code == 200
        return len(captured)

    client.force_login(official)
    small = factories.contents()
    evaluation = factories.evaluation(small)
    few = queries()
    assert few <= 27
    factories.evaluation(
        replace(
            small,
            indicators=tuple(
                replace(
                    small.indicators[0],
                    number=number,
                    targets=tuple(factories.numeric_target(number=n) for n in range(1, 5)),
                )
                for number in range(1, 6)
            ),
        )
    )
    for fiscal_year in range(2014, 2022):
        year_of(evaluation, fiscal_year)
    assert queries() == few
