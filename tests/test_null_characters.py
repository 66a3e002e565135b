"""A NUL character, which PostgreSQL takes in no text, is answered by a page wherever it stands."""

import pytest

from tests import factories
from tests.worlds import world

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@world
def evaluation():
    return factories.evaluation()


ADDRESSES = [
    "/keihin/2023/workbook.xlsx?municipality=%00",
    "/admin/accounts/user/?role=%00",
    "/admin/accounts/user/?role__exact=a%00b",
    "/admin/evaluations/zone/?slug=a%00",
    "/keihin/2023/remarks/?q=%00",
    "/%00/2023/",
    "/keihin/data/%00.csv",
    "/admin/accounts/user/%00/change/",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_in_an_address(client, secretariat, evaluation, address):
    client.force_login(secretariat)
    response = client.get(address)
    assert response.status_code == 400
    assert "不正な要求" in response.content.decode()


@pytest.mark.parametrize("name", ["sessionid", "last-person", "csrftoken"])
def test_in_a_cookie(client, db, name):
    client.cookies[name] = "a" * 20 + "\0"
    assert client.get("/").status_code == 400


def test_what_only_looks_like_one_is_searched_for(client, secretariat, evaluation):
    client.force_login(secretariat)
    assert client.get("/admin/accounts/user/?q=%2500").status_code == 200
