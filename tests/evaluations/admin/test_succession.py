"""An account is handed over to a successor in one act."""

import pytest
from django.urls import reverse

from evaluations.models import StatusChange
from tests import factories
from tests.evaluations import campaign
from tests.worlds import world
from tokku.accounts.models import User
from tokku.service.models import AuditEntry

pytestmark = pytest.mark.django_db

SUCCESSOR = {"username": "kawasaki-next", "name": "後任 太郎", "email": "next@example.lg.jp"}


@world
def year(secretariat):
    evaluation = campaign.open_year(secretariat)
    campaign.hand_in(evaluation, factories.person("official"))
    return evaluation


def address(account):
    return reverse("admin:accounts_user_successor", args=[account.pk])


def test_a_successor_has_the_rights_and_the_tasks_and_the_log_its_name(
    client, year, official, secretariat
):
    client.force_login(secretariat)
    page = client.post(address(official), SUCCESSOR, follow=True).content.decode()
    assert "後任 太郎に引き継ぎ、" in page

    successor = User.objects.get(username="kawasaki-next")
    official.refresh_from_db()
    assert not official.is_active
    assert not successor.has_usable_password()
    assert (successor.role, successor.municipality) == (official.role, official.municipality)
    assert [*successor.zones.all()] == [year.zone]
    assert str(StatusChange.objects.filter(move="submit").get().changed_by) == official.name
    campaign.put(campaign.submission(year), "returned", secretariat)
    client.force_login(successor)
    assert client.get("/").context["tasks"]
    acts = " ".join(AuditEntry.objects.values_list("subject", flat=True))
    assert "kawasaki-next（後任 太郎）：登録" in acts


@pytest.mark.parametrize(
    ("by", "status"),
    [("secretariat", 200), ("administrator", 200), ("colleague", 403), ("miura_secretariat", 404)],
)
def test_only_who_keeps_an_account_hands_it_over(client, request, year, official, by, status):
    client.force_login(request.getfixturevalue(by))
    assert client.get(address(official)).status_code == status
    accounts = User.objects.count()
    if status != 200:
        assert client.post(address(official), SUCCESSOR).status_code == status
        assert User.objects.count() == accounts


def test_nobody_hands_over_themselves_or_somebody_who_is_disabled(
    client, year, secretariat, official
):
    client.force_login(secretariat)
    assert client.post(address(secretariat), SUCCESSOR).status_code == 403
    official.is_active = False
    official.save()
    assert client.post(address(official), SUCCESSOR).status_code == 403


@pytest.mark.parametrize("username", ["KAWASAKI", "", "a b"])
def test_a_wrong_name_keeps_what_was_typed(client, year, secretariat, official, username):
    client.force_login(secretariat)
    page = client.post(address(official), SUCCESSOR | {"username": username}).content.decode()
    assert "下記のエラーを修正してください。" in page
    assert "後任 太郎" in page
    official.refresh_from_db()
    assert official.is_active
