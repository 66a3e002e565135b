import pytest
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern

from tests.factories import PASSWORD

pytestmark = pytest.mark.usefixtures("strict_templates")

SIGN_IN = "/sign-in/"
SIGN_OUT = "/sign-out/"


def sign_in(client, username="kawasaki", password=PASSWORD, **data):
    return client.post(SIGN_IN, {"username": username, "password": password} | data)


def test_page_works_for_anyone(client):
    page = client.get(SIGN_IN).content.decode()
    assert "<title>ログイン｜特区評価書</title>" in page
    assert "ログアウト" not in page


def test_right_password_leads_home(client, official):
    response = sign_in(client, next="")
    assert response.status_code == 302
    assert response.url == reverse("home")
    assert client.get("/").status_code == 200


def test_right_password_leads_to_where_one_wanted_to_go(client, official, evaluation):
    there = "/keihin/2023/"
    assert client.get(there).url == f"{SIGN_IN}?next={there}"
    assert f'value="{there}"' in client.get(SIGN_IN, {"next": there}).content.decode()
    assert sign_in(client, next=there).url == there


def test_next_never_leads_to_another_host(client, official):
    assert sign_in(client, next="https://example.com/").url == "/"


@pytest.mark.parametrize("username", ["kawasaki", "nobody"])
def test_wrong_password_keeps_the_user_name_and_not_the_password(client, official, username):
    response = sign_in(client, username, "wrong horse")
    page = response.content.decode()
    assert response.status_code == 200
    assert "ユーザー名又はパスワードが違います。" in page
    assert "<title>エラー：ログイン" in page
    assert f'value="{username}"' in page
    assert "wrong horse" not in page


def test_empty_fields_are_named(client):
    page = sign_in(client, "", "").content.decode()
    assert page.count("このフィールドは必須です。") == 2


def test_inactive_person_cannot_sign_in(client, official):
    type(official).objects.update(is_active=False)
    assert sign_in(client).status_code == 200
    assert client.get("/").status_code == 302


def test_signed_in_person_goes_on_home(client, official):
    client.force_login(official)
    assert client.get(SIGN_IN).url == "/"


def test_sign_out_leads_to_sign_in(client, official):
    client.force_login(official)
    assert client.post(SIGN_OUT).url == SIGN_IN
    assert client.get("/").url == f"{SIGN_IN}?next=/"


def test_sign_out_works_when_the_session_has_expired(client, db):
    assert client.post(SIGN_OUT).url == SIGN_IN


def test_sign_out_needs_post(client, official):
    client.force_login(official)
    assert client.get(SIGN_OUT).status_code == 405
    assert client.get("/").status_code == 200


def test_header_says_who_is_signed_in(client, official, reader):
    client.force_login(official)
    page = client.get("/").content.decode()
    assert "kawasakiさん" in page
    assert "川崎市・担当者" in page
    assert "管理画面" not in page
    client.force_login(reader)
    assert ">閲覧者<" in client.get("/").content.decode()


def test_staff_are_led_to_the_admin(client, secretariat):
    type(secretariat).objects.update(is_staff=True)
    client.force_login(secretariat)
    assert 'href="/admin/"' in client.get("/").content.decode()


def every_view(resolver=None, names=()):
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield ":".join([*names, pattern.name or str(pattern.pattern)]), pattern.callback
        else:
            inner = [pattern.namespace] if pattern.namespace else []
            yield from every_view(pattern, [*names, *inner])


def test_every_address_but_signing_in_and_out_demands_sign_in():
    open_to_all = {name for name, view in every_view() if not getattr(view, "login_required", True)}
    assert open_to_all == {"sign-in", "sign-out", "admin:login"}
