"""One's own password: changed when somebody else has set it, and whenever one likes."""

import pytest
from django.urls import reverse

from evaluations.management.commands import load_sample
from tests.factories import PASSWORD
from tokku.accounts.models import User

pytestmark = pytest.mark.usefixtures("strict_templates")

PAGE = "/password/"
NEW = "atarashii-aikotoba"


def change(client, old=PASSWORD, new=NEW, again=None):
    sent = {"old_password": old, "new_password1": new, "new_password2": again or new}
    return client.post(PAGE, sent)


@pytest.fixture
def newcomer(official):
    official.must_change_password = True
    official.save()
    return official


@pytest.mark.parametrize("address", ["/", "/keihin/2023/", "/admin/", "/admin/accounts/user/"])
def test_first_sign_in_leads_to_the_password_wherever_one_wants_to_go(
    client, newcomer, evaluation, address
):
    client.force_login(newcomer)
    assert client.get(address).url == PAGE
    assert client.post(address).url == PAGE


def test_the_page_says_why(client, newcomer):
    client.force_login(newcomer)
    page = client.get(PAGE).content.decode()
    assert "取りまとめ担当又はシステム管理者が設定した仮のものです" in page
    assert "管理画面" not in page


def test_signing_out_is_always_possible(client, newcomer):
    client.force_login(newcomer)
    assert client.post("/sign-out/").url == "/sign-in/"


def test_changing_it_opens_the_rest(client, newcomer):
    client.force_login(newcomer)

    assert change(client).url == "/"

    assert "パスワードを変更しました。" in client.get("/").content.decode()
    newcomer.refresh_from_db()
    assert not newcomer.must_change_password
    assert newcomer.check_password(NEW)


def test_other_sessions_end(client, official):
    elsewhere = type(client)()
    elsewhere.force_login(official)
    client.force_login(official)
    change(client)
    assert client.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"new": "mijikai"}, "最低 10 文字以上"),
        ({"new": "93847561029384"}, "数字しか使われていません"),
        ({"new": "kawasaki-san"}, "似すぎています"),
        ({"new": "password123"}, "一般的すぎます"),
        ({"new": PASSWORD}, "今のパスワードと違うパスワードにしてください。"),
        ({"again": "betsu-no-aikotoba"}, "確認用のものと一致しません。"),
        ({"old": "wrong horse"}, "今のパスワードが違います。"),
    ],
)
def test_rules_are_explained_in_japanese(client, official, typed, sentence):
    client.force_login(official)
    page = change(client, **typed).content.decode()
    assert sentence in page
    assert "<title>エラー：パスワードの変更" in page
    official.refresh_from_db()
    assert official.check_password(PASSWORD)


def test_strangers_sign_in_first(client, db):
    assert client.get(PAGE).url == f"/sign-in/?next={PAGE}"


def test_the_admin_leads_to_the_same_page(client, official):
    client.force_login(official)
    assert client.get(reverse("admin:password_change")).url == PAGE


def test_people_of_the_sample_work_at_once(db, settings):
    settings.DEBUG = True
    load_sample.Command().create_users()
    assert not User.objects.filter(must_change_password=True).exists()
