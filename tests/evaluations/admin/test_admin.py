"""The admin of municipalities and accounts, in Japanese. Who gets what is in test_access and test_accounts."""

import pytest
from django.contrib import admin
from django.urls import reverse

from evaluations.models import ResultPart
from tests import factories

pytestmark = pytest.mark.django_db

READ_ONLY = {"submission", "remark", "waiver", "statuschange", "sealedversion"}
OF_ADMINISTRATOR = {"zone", "municipality", "user"}


# The audit log is the administrator's: tests/service/test_audit.py.
MODELS = [model for model in admin.site._registry if model._meta.app_label != "service"]


def pages():
    for model in MODELS:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield f"{name}_changelist"
        yield f"{name}_add"


@pytest.mark.parametrize("page", list(pages()))
def test_every_list_and_form_opens(client, administrator, secretariat, page, strict_templates):
    factories.evaluation()
    model = page.rpartition("_")[0].rpartition("_")[2]
    refused_forms = READ_ONLY | OF_ADMINISTRATOR - {"user"}
    client.force_login(secretariat)
    # The parts of a result are those of a sealed year, and there is none.
    is_refused = page.endswith("_add") and model in refused_forms | {"resultpart"}
    assert client.get(reverse(page)).status_code == (403 if is_refused else 200)

    client.force_login(administrator)
    assert client.get(reverse(page)).status_code == (200 if model in OF_ADMINISTRATOR else 403)


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
            "password1": factories.PASSWORD,
            "password2": factories.PASSWORD,
        },
    )

    client.logout()
    client.post(reverse("sign-in"), {"username": "sapporo", "password": factories.PASSWORD})
    # Somebody else has chosen the password.
    assert client.get("/").url == reverse("password-change")


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
        reverse("admin:accounts_municipality_add"),
        {"kind": "municipality", "code": code, "name": "新市"},
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
            "password1": factories.PASSWORD,
            "password2": factories.PASSWORD,
        },
    )

    assert "担当者には所属自治体を指定してください。" in response.content.decode()


def test_readers_see_why_not(client, reader):
    client.force_login(reader)

    response = client.get(reverse("admin:index"))

    assert response.status_code == 403
    assert "管理画面は、担当者と取りまとめ担当が使います。" in response.content.decode()


def test_permissions_of_django_count_for_nothing(client, official, reader):
    for person in (official, reader):
        person.is_staff = person.is_superuser = True
        person.save()
        person.refresh_from_db()
        assert not person.is_superuser
    client.force_login(reader)
    assert client.get(reverse("admin:index")).status_code == 403
    client.force_login(official)
    assert client.get(reverse("admin:accounts_user_changelist")).status_code == 403


def test_the_index_goes_by_the_work(client, official, secretariat, administrator):
    client.force_login(official)
    groups = [group["name"] for group in client.get(reverse("admin:index")).context["app_list"]]
    assert groups == ["年度の評価書", "提出と確認", "特区と計画", "自治体と利用者"]

    def listed(person):
        client.force_login(person)
        groups = client.get(reverse("admin:index")).context["app_list"]
        return {model["model"] for group in groups for model in group["models"]}

    assert listed(secretariat) == set(MODELS) - {ResultPart}
    names = {model._meta.model_name for model in listed(administrator)}
    assert names == OF_ADMINISTRATOR | {"auditentry"}


# Accounts


def test_a_reset_asks_for_a_new_password_and_ends_sessions(client, administrator, official):
    theirs = type(client)()
    theirs.force_login(official)
    client.force_login(administrator)
    address = reverse("admin:auth_user_password_change", args=[official.pk])
    assert client.get(address).status_code == 200

    temporary = {"password1": "kari no aikotoba", "password2": "kari no aikotoba"}
    assert client.post(address, temporary).status_code == 302

    official.refresh_from_db()
    assert official.must_change_password
    assert official.check_password("kari no aikotoba")
    assert theirs.get("/").url.startswith(reverse("sign-in"))


def test_a_reset_follows_the_rules_of_passwords(client, administrator, official):
    client.force_login(administrator)
    address = reverse("admin:auth_user_password_change", args=[official.pk])

    page = client.post(address, {"password1": "mijikai", "password2": "mijikai"}).content.decode()

    assert "最低 10 文字以上" in page
    official.refresh_from_db()
    assert official.check_password(factories.PASSWORD)


def act(client, action, *users):
    sent = {"action": action, "_selected_action": [user.pk for user in users]}
    return client.post(reverse("admin:accounts_user_changelist"), sent, follow=True)


def test_accounts_are_disabled_and_enabled_again(client, administrator, official):
    client.force_login(administrator)

    page = act(client, "disable", official, administrator).content.decode()

    official.refresh_from_db()
    administrator.refresh_from_db()
    assert (official.is_active, administrator.is_active) == (False, True)
    assert "自分自身は無効にできません。" in page
    act(client, "enable", official)
    official.refresh_from_db()
    assert official.is_active


def test_a_form_opened_before_an_account_was_disabled_leaves_it_so(client, administrator, official):
    client.force_login(administrator)
    address = reverse("admin:accounts_user_change", args=[official.pk])
    sent = client.get(address).context["adminform"].form.initial | {"name": "正しい氏名"}
    act(client, "disable", official)

    assert client.post(address, sent | {"is_active": "on"}).status_code == 302

    official.refresh_from_db()
    assert (official.name, official.is_active) == ("正しい氏名", False)


@pytest.mark.parametrize("person", ["administrator", "secretariat"])
def test_nobody_takes_the_own_role_away(client, request, evaluation, person):
    account = request.getfixturevalue(person)
    client.force_login(account)
    address = reverse("admin:accounts_user_change", args=[account.pk])
    sent = {"username": person, "name": "新しい氏名", "role": "reader"}

    assert client.post(address, sent).status_code == 302

    account.refresh_from_db()
    assert (account.name, account.role) == ("新しい氏名", person)
    assert account.is_active
    assert account.membership_set.count() == (person == "secretariat")


def test_a_lock_out_is_lifted(client, administrator, official):
    wrong = {"username": "kawasaki", "password": "wrong horse"}
    for _ in range(5):
        client.post(reverse("sign-in"), wrong)
    right = wrong | {"password": factories.PASSWORD}
    assert client.post(reverse("sign-in"), right).status_code == 429
    client.force_login(administrator)
    act(client, "unlock", official)
    client.logout()

    assert client.post(reverse("sign-in"), right).status_code == 302
