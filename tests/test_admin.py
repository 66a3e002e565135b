"""The admin opens for those who set the site up, in Japanese, and for nobody else."""

import pytest
from django.contrib import admin
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db


def pages():
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield f"{name}_changelist"
        yield f"{name}_add"


@pytest.fixture
def administrator(secretariat):
    secretariat.is_staff = secretariat.is_superuser = True
    secretariat.save()
    return secretariat


@pytest.mark.parametrize("page", list(pages()))
def test_every_list_and_form_opens(client, administrator, page):
    factories.evaluation()
    client.force_login(administrator)

    assert client.get(reverse(page)).status_code == 200


def test_a_municipality_and_an_official_can_be_registered(client, administrator):
    client.force_login(administrator)
    client.post(
        reverse("admin:accounts_municipality_add"),
        {"code": "011002", "name": "札幌市"},
        follow=True,
    )
    sapporo = factories.municipality("札幌市")
    assert sapporo.code == "011002"

    client.post(
        reverse("admin:accounts_user_add"),
        {
            "username": "sapporo",
            "name": "札幌の担当者",
            "role": "official",
            "municipality": sapporo.pk,
            "usable_password": "true",
            "password1": factories.PASSWORD,
            "password2": factories.PASSWORD,
        },
    )

    assert client.login(username="sapporo", password=factories.PASSWORD)


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("011003", "検査数字（末尾の1桁）が合いません"),
        ("１４０００７", "半角数字6桁"),
    ],
)
def test_a_wrong_code_is_refused_with_a_sentence(client, administrator, code, sentence):
    client.force_login(administrator)

    response = client.post(
        reverse("admin:accounts_municipality_add"), {"code": code, "name": "札幌市"}
    )

    assert sentence in response.content.decode()
    assert code in response.content.decode()


def test_an_official_without_municipality_is_refused_with_a_sentence(client, administrator):
    client.force_login(administrator)

    response = client.post(
        reverse("admin:accounts_user_add"),
        {
            "username": "nowhere",
            "name": "所属なし",
            "role": "official",
            "usable_password": "true",
            "password1": factories.PASSWORD,
            "password2": factories.PASSWORD,
        },
    )

    assert "担当者には所属自治体を指定してください。" in response.content.decode()


@pytest.mark.parametrize("person", ["official", "secretariat", "reader"])
def test_others_are_sent_away(client, request, person):
    client.force_login(request.getfixturevalue(person))

    assert client.get(reverse("admin:index")).status_code == 302
