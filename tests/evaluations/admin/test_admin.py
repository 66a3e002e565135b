"""The admin of the secretariat: municipalities and accounts, in Japanese. Who gets what is in test_access."""

import pytest
from django.contrib import admin
from django.urls import reverse

from tests import factories
from tests.evaluations.admin.test_import_export import preview
from tests.worlds import world
from tokku.accounts.models import Municipality

pytestmark = pytest.mark.django_db

READ_ONLY = {"submission", "remark", "waiver", "statuschange", "sealedversion"}


# The audit log is the administrator's: tests/service/test_audit.py.
MODELS = [model for model in admin.site._registry if model._meta.app_label != "service"]


def pages():
    for model in MODELS:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield f"{name}_changelist"
        yield f"{name}_add"


@pytest.fixture
def administrator(secretariat):
    return secretariat


@pytest.mark.parametrize("page", list(pages()))
def test_every_list_and_form_opens(client, administrator, page, strict_templates):
    factories.evaluation()
    client.force_login(administrator)
    model = page.rpartition("_")[0].rpartition("_")[2]
    is_refused = page.endswith("_add") and model in READ_ONLY

    assert client.get(reverse(page)).status_code == (403 if is_refused else 200)


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
            "password1": factories.PASSWORD,
            "password2": factories.PASSWORD,
        },
    )

    assert "担当者には所属自治体を指定してください。" in response.content.decode()


def test_readers_are_told_why_not(client, reader):
    client.force_login(reader)

    response = client.get(reverse("admin:index"))

    assert response.status_code == 403
    assert "管理画面は、担当者と取りまとめ担当が使います。" in response.content.decode()


def test_permissions_of_django_count_for_nothing(client, official, reader):
    for person in (official, reader):
        person.is_staff = person.is_superuser = True
        person.save()
    client.force_login(reader)
    assert client.get(reverse("admin:index")).status_code == 403
    client.force_login(official)
    assert client.get(reverse("admin:accounts_user_changelist")).status_code == 403


def test_the_index_goes_by_the_work(client, official, administrator):
    client.force_login(official)
    groups = [group["name"] for group in client.get(reverse("admin:index")).context["app_list"]]
    assert groups == ["年度の評価書", "提出と確認", "特区と計画", "自治体と利用者"]

    client.force_login(administrator)
    listed = {
        model["model"]
        for group in client.get(reverse("admin:index")).context["app_list"]
        for model in group["models"]
    }
    assert listed == set(MODELS)


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


@world
def of_keihin():
    """A secretariat of 川崎市: it keeps the zones of 川崎市 alone."""
    factories.evaluation()
    return factories.user("secretariat-2", "secretariat", of="川崎市")


def test_a_secretariat_of_a_municipality_keeps_its_zones_alone(
    client, of_keihin, official, stranger, administrator
):
    client.force_login(of_keihin)
    users = client.get(reverse("admin:accounts_user_changelist")).context["cl"].queryset
    assert set(users) == {of_keihin, official}
    municipalities = client.get(reverse("admin:accounts_municipality_changelist"))
    assert "札幌市" not in municipalities.content.decode()
    for person in (stranger, administrator):
        for page in ("accounts_user_change", "auth_user_password_change"):
            assert client.get(reverse(f"admin:{page}", args=[person.pk])).status_code == 404
    address = reverse("admin:accounts_municipality_change", args=[stranger.municipality_id])
    assert client.get(address).status_code == 404
    assert client.get(reverse("admin:accounts_municipality_add")).status_code == 403

    client.force_login(administrator)
    assert stranger.name in client.get(reverse("admin:accounts_user_changelist")).content.decode()


def test_a_secretariat_of_a_municipality_cannot_reach_further(
    client, of_keihin, official, stranger
):
    client.force_login(of_keihin)
    address = reverse("admin:accounts_user_change", args=[of_keihin.pk])
    client.post(address, {"username": "secretariat-2", "name": "氏名", "municipality": ""})
    of_keihin.refresh_from_db()
    assert (of_keihin.name, of_keihin.municipality.name) == ("氏名", "川崎市")

    address = reverse("admin:accounts_user_change", args=[official.pk])
    for municipality in ("", stranger.municipality_id):
        sent = {"username": "kawasaki", "name": "氏名", "role": "secretariat"}
        assert client.post(address, sent | {"municipality": municipality}).status_code == 200
    official.refresh_from_db()
    assert (official.role, official.municipality.name) == ("official", "川崎市")


def test_a_secretariat_of_a_municipality_imports_no_new_one(client, of_keihin):
    client.force_login(of_keihin)
    columns = {"全国地方公共団体コード": "011002", "名称": "札幌市"}

    page = preview(client, Municipality, [columns])

    assert "所属自治体の指定のない取りまとめ担当だけができます。" in page.content.decode()


def test_nobody_takes_the_own_role_away(client, administrator):
    client.force_login(administrator)
    address = reverse("admin:accounts_user_change", args=[administrator.pk])
    sent = {"username": "secretariat", "name": "新しい氏名", "role": "reader"}

    assert client.post(address, sent).status_code == 302

    administrator.refresh_from_db()
    assert (administrator.name, administrator.role) == ("新しい氏名", "secretariat")
    assert administrator.is_active


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
