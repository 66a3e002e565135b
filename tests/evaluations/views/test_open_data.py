"""The page of open data: the dictionary of columns, and the files."""

import json

import pytest

from evaluations.sample import evaluations
from evaluations.sealed.open_data import TABLES
from tests import factories
from tests.evaluations import campaign
from tests.worlds import world

pytestmark = pytest.mark.slow

URL = "/keihin/data/"


@world
def version(secretariat):
    return campaign.sealed_as_it_is(factories.evaluation(evaluations()[2023]), secretariat)


def test_every_column_is_explained(client, reader, version):
    client.force_login(reader)
    page = client.get(URL).content.decode()
    assert "令和5年度 第1版" in page
    for table in TABLES:
        assert f"{URL}{table.name}.csv" in page
        for column in table.columns:
            assert f"<code>{column.name}</code>" in page
            assert column.meaning in page


def test_zone_without_sealed_years_says_so(client, reader, evaluation):
    client.force_login(reader)
    assert "確定した評価書は、まだありません" in client.get(URL).content.decode()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_files_are_downloads(client, official, version, table):
    client.force_login(official)
    csv = client.get(f"{URL}{table.name}.csv")
    assert csv["Content-Type"] == "text/csv; charset=utf-8"
    assert csv["Content-Disposition"] == f'attachment; filename="keihin-{table.name}.csv"'
    data = json.loads(client.get(f"{URL}{table.name}.json").content)
    assert data["columns"] == table.names
    assert list(data["rows"][0]) == table.names


@pytest.mark.parametrize("name", ["secrets.csv", "figures.xlsx", "figures"])
def test_what_there_is_not_is_not_found(client, official, version, name):
    client.force_login(official)
    assert client.get(f"{URL}{name}").status_code == 404


def test_strangers_find_nothing(client, stranger, version):
    client.force_login(stranger)
    assert client.get(URL).status_code == 404
    assert client.get(f"{URL}figures.csv").status_code == 404
    assert client.get("/").content.decode().count("/data/") == 0


def test_broken_seal_is_reported_and_nothing_else_shown(client, official, version):
    version.document = version.document.replace("168", "169")
    version.save()
    client.force_login(official)
    response = client.get(f"{URL}figures.csv")
    assert response.status_code == 500
    assert "SHA-256 が一致しません" in response.content.decode()


def test_version_that_is_not_kept_as_data_is_reported(client, strict_templates, official, version):
    client.force_login(official)
    sentence = "データとして読み取れません。"
    assert sentence not in client.get(URL).content.decode()
    version.contents = version.contents_sha256 = ""
    version.save()
    assert f"この版は、{sentence}" in client.get(URL).content.decode()
    response = client.get(f"{URL}figures.csv")
    assert response.status_code == 500
    assert f"令和5年度 第1版は、{sentence}" in response.content.decode()


def test_home_leads_there(client, official, version):
    client.force_login(official)
    assert f'href="{URL}"' in client.get("/").content.decode()
