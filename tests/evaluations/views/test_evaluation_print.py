import re

import pytest

from tests.evaluations.views.evaluation_form import document_of

URL = "/keihin/2023/print/"


def read(client, user, url=URL):
    client.force_login(user)
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_print_view_is_the_document_of_the_page(client, official, evaluation, planted):
    page = read(client, official)
    assert document_of(page) == document_of(read(client, official, "/keihin/2023/"))
    assert "<title>印刷用 令和5年度 京浜" in page
    assert 'href="/keihin/2023/"' in page


def test_printing_needs_no_script(client, official, evaluation):
    page = read(client, official)
    assert "（Ctrl＋P）" in page
    assert not re.search(r"<script(?![^>]*src=)|<style| style=| on\w+=", page)


@pytest.mark.parametrize("person", ["colleague", "other_official", "secretariat", "reader"])
def test_others_of_the_zone_print_it_too(client, request, evaluation, person):
    assert "国際戦略総合特別区域評価書" in read(client, request.getfixturevalue(person))


def test_stranger_does_not_find_it(client, stranger, evaluation):
    client.force_login(stranger)
    assert client.get(URL).status_code == 404


def test_year_that_is_not_there_is_not_found(client, official, evaluation):
    client.force_login(official)
    assert client.get("/keihin/2022/print/").status_code == 404


def test_anonymous_is_asked_to_sign_in(client, evaluation):
    assert client.get(URL).url == f"/sign-in/?next={URL}"


def test_only_reading(client, official, evaluation):
    client.force_login(official)
    assert client.post(URL).status_code == 405


def test_queries_are_few(client, official, evaluation, django_assert_max_num_queries):
    client.force_login(official)
    with django_assert_max_num_queries(25):
        client.get(URL)
