"""/keihin/2023/evaluation.pdf: the same words as the page, for the same people."""

import re
from io import BytesIO
from urllib.parse import unquote

import pikepdf
import pytest

from evaluations.form import compose
from evaluations.models import SealedVersion
from evaluations.records.load import load
from evaluations.sealed.sealing import read_sealed
from tests.evaluations import campaign
from tests.paper import pages, printed, squeezed, structure
from tokku.japanese import fold

URL = "/keihin/2023/evaluation.pdf"
ZONE = "京浜臨海部ライフイノベーション国際戦略総合特区"


def download(client, user):
    client.force_login(user)
    response = client.get(URL)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    return response


def pdf_text(response):
    return squeezed(structure(response.content).text)


def file_name(response):
    kind, name = response["Content-Disposition"].split("; filename*=utf-8''")
    assert kind == "attachment"
    return unquote(name)


def test_draft_says_what_the_page_says_and_that_it_is_a_draft(client, official, evaluation):
    response = download(client, official)
    assert pdf_text(response) == printed(compose(load(evaluation)).words())
    assert file_name(response) == f"令和5年度 {ZONE} 評価書（案）.pdf"
    for page in pages(response.content):
        assert "案" in [word.text for word in page.words if word.bottom < 17 * 72 / 25.4]
        assert "版" not in page.text[-20:]
    with pikepdf.open(BytesIO(response.content)) as pdf:
        assert pdf.docinfo["/Title"] == f"令和5年度 {ZONE} 評価書"


def test_page_leads_to_it(client, official, evaluation):
    client.force_login(official)
    page = client.get("/keihin/2023/").content.decode()
    assert re.search(f'href="{URL}"[^<>]*>PDF</a>', page)


def test_sealed_year_is_its_sealed_version_with_its_number_and_sum(client, secretariat, reader):
    evaluation = campaign.sealed_year(secretariat)
    version = SealedVersion.objects.get()
    before = download(client, reader)
    evaluation.edition.overview = "後から変わった概要"
    evaluation.edition.save()

    response = download(client, reader)

    assert response.content == before.content
    assert pdf_text(response) == printed(read_sealed(version).words())
    assert file_name(response) == f"令和5年度 {ZONE} 評価書 第1版.pdf"
    foot = f"第1版{version.sha256[:12]}"
    for page in pages(response.content):
        assert page.text.endswith(foot)
        assert "案" not in [word.text for word in page.words]


def test_draft_of_another_municipality_is_left_out_until_it_is_handed_in(
    client, secretariat, other_official, official
):
    evaluation = campaign.open_year(secretariat)
    theirs = fold("川崎市の成果")
    assert theirs in pdf_text(download(client, official))
    assert theirs not in pdf_text(download(client, other_official))
    campaign.hand_in(evaluation, official)
    assert theirs in pdf_text(download(client, other_official))


def test_broken_seal_is_reported_and_no_file_given(client, secretariat, reader):
    campaign.sealed_year(secretariat)
    SealedVersion.objects.update(sha256="0" * 64)
    client.force_login(reader)
    response = client.get(URL)
    assert response.status_code == 500
    assert "SHA-256 が一致しません" in response.content.decode()


def test_stranger_does_not_find_it(client, stranger, evaluation):
    client.force_login(stranger)
    assert client.get(URL).status_code == 404


def test_anonymous_is_asked_to_sign_in(client, evaluation):
    assert client.get(URL).url == f"/sign-in/?next={URL}"


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_only_reading(client, official, evaluation, method):
    client.force_login(official)
    assert getattr(client, method)(URL).status_code == 405


def test_queries_are_few(client, official, evaluation, django_assert_max_num_queries):
    client.force_login(official)
    with django_assert_max_num_queries(25):
        client.get(URL)
