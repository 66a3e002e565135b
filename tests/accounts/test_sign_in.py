import re
from contextlib import ExitStack
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone

from tests.factories import PASSWORD
from tokku.accounts import lockout
from tokku.accounts.lockout import client_address

pytestmark = [pytest.mark.usefixtures("strict_templates"), pytest.mark.postgres]

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
    address = "/keihin/2023/"
    assert client.get(address).url == f"{SIGN_IN}?next={address}"
    assert f'value="{address}"' in client.get(SIGN_IN, {"next": address}).content.decode()
    assert sign_in(client, next=address).url == address


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


def test_empty_fields_are_named(client, db):
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
    assert 'href="/password/"' in page
    assert 'href="/admin/"' in page
    client.force_login(reader)
    page = client.get("/").content.decode()
    assert ">閲覧者<" in page
    assert 'href="/admin/"' not in page


def test_the_admin_has_no_sign_in_of_its_own(client, official):
    assert client.get("/admin/login/?next=/admin/").url == f"{SIGN_IN}?next=%2Fadmin%2F"
    assert sign_in(client, next="/admin/").url == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_session_ends_with_the_browser_and_after_a_day_at_work(client, official):
    response = sign_in(client)
    cookie = response.cookies["sessionid"]
    assert cookie["max-age"] == cookie["expires"] == ""
    session = client.session
    left = Session.objects.get(pk=session.session_key).expire_date - timezone.now()
    assert timedelta(hours=7, minutes=59) < left <= timedelta(hours=8)


# Too many failures


def fail(client, times, username="kawasaki", **headers):
    wrong = {"username": username, "password": "wrong horse"}
    return [client.post(SIGN_IN, wrong, **headers).status_code for _ in range(times)]


def test_five_failures_lock_out_with_a_page_that_says_until_when(client, official):
    assert fail(client, 5) == [200, 200, 200, 200, 429]

    response = sign_in(client)

    page = response.content.decode()
    assert response.status_code == 429
    assert "30分間" in page
    assert "取りまとめ担当" in page
    until = timezone.localtime(timezone.now() + timedelta(minutes=31))
    assert re.search(r"\d+時\d\d分", page)[0] in {
        f"{minute.hour}時{minute:%M}分" for minute in (until, until - timedelta(minutes=1))
    }
    assert client.get("/").status_code == 302
    assert client.get(SIGN_IN).status_code == 200


def test_others_at_the_same_address_go_on_working(client, official, colleague):
    fail(client, 5)
    assert sign_in(client, "kawasaki-2").status_code == 302


def test_the_same_person_elsewhere_goes_on_working(client, official):
    fail(client, 5)
    right = {"username": "kawasaki", "password": PASSWORD}
    assert client.post(SIGN_IN, right, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_unknown_names_are_locked_alike(client, db):
    """A page that told them apart would tell which accounts there are."""
    assert fail(client, 5, "nobody") == [200, 200, 200, 200, 429]


def test_success_forgets_the_failures(client, official):
    fail(client, 4)
    sign_in(client)
    client.post(SIGN_OUT)
    assert fail(client, 4) == [200] * 4


def test_the_lock_ends_after_half_an_hour_however_often_one_tries(client, official):
    fail(client, 5)
    fail(client, 3)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=31))
    assert sign_in(client).status_code == 302


# For each number of trusted proxies: what X-Forwarded-For says, and the address that counts.
FORWARDED = [
    (0, "198.51.100.1, 192.0.2.1", "127.0.0.1"),
    (1, "198.51.100.1, 192.0.2.1", "192.0.2.1"),
    (1, "192.0.2.1", "192.0.2.1"),
    (1, "", "127.0.0.1"),
    (2, "198.51.100.1, 192.0.2.1, 10.0.0.1", "192.0.2.1"),
    (2, "192.0.2.1, 10.0.0.1", "192.0.2.1"),
    # Fewer than there are proxies: somebody may have written it.
    (2, "198.51.100.1", "127.0.0.1"),
]


@pytest.mark.parametrize(("proxies", "header", "address"), FORWARDED)
def test_only_what_trusted_proxies_have_added_counts(settings, rf, proxies, header, address):
    settings.TRUSTED_PROXIES = proxies
    assert client_address(rf.get("/", HTTP_X_FORWARDED_FOR=header)) == address


def test_a_forged_header_unlocks_nothing(client, official, settings):
    settings.TRUSTED_PROXIES = 1
    for number in range(5):
        fail(client, 1, HTTP_X_FORWARDED_FOR=f"198.51.100.{number}, 192.0.2.1")
    right = {"username": "kawasaki", "password": PASSWORD}
    forged = client.post(SIGN_IN, right, HTTP_X_FORWARDED_FOR="203.0.113.9, 192.0.2.1")
    assert forged.status_code == 429
    elsewhere = client.post(SIGN_IN, right, HTTP_X_FORWARDED_FOR="192.0.2.1, 203.0.113.9")
    assert elsewhere.status_code == 302


# What servers and proxies write, and the address that failures are counted for.
ADDRESSES = {
    "192.0.2.1": "192.0.2.1",
    "192.0.2.1:51234": "192.0.2.1",
    "2001:DB8::1": "2001:db8::1",
    "[2001:db8::1]": "2001:db8::1",
    "[2001:db8::1]:51234": "2001:db8::1",
    "fe80::1%eth0": "fe80::1",
    "[fe80::1%25eth0]:51234": "fe80::1",
    "::ffff:192.0.2.1": "::ffff:192.0.2.1",
    "unknown": None,
    "_hidden": None,
    "": None,
    "192.0.2.1:port": None,
    "[]:443": None,
    "192.0.2.256": None,
    "1' OR 1=1": None,
}


@pytest.mark.parametrize("written", ADDRESSES)
def test_whatever_the_address_looks_like_people_sign_in_and_are_locked_out(
    client, official, written
):
    assert fail(client, 5, REMOTE_ADDR=written) == [200, 200, 200, 200, 429]
    assert AccessAttempt.objects.get().ip_address == ADDRESSES[written]
    right = {"username": "kawasaki", "password": PASSWORD}
    assert client.post(SIGN_IN, right, REMOTE_ADDR=written).status_code == 429
    assert client.post(SIGN_IN, right, REMOTE_ADDR="198.51.100.1").status_code == 302


@pytest.mark.parametrize("written", ADDRESSES)
def test_what_a_proxy_adds_is_read_alike(client, official, settings, written):
    settings.TRUSTED_PROXIES = 1
    fail(client, 1, HTTP_X_FORWARDED_FOR=f"198.51.100.1, {written}", REMOTE_ADDR="192.0.2.9:1234")
    # Where the proxy knows none, the proxy's own.
    assert AccessAttempt.objects.get().ip_address == (ADDRESSES[written] or "192.0.2.9")


@pytest.mark.parametrize("username", ["長" * 256, "x" * 151, "kawa\0saki"])
def test_a_name_that_no_account_can_have_is_not_even_looked_for(client, official, username):
    response = sign_in(client, username, "wrong horse")
    assert response.status_code == 200
    assert [*response.context["form"].errors] == ["username"]
    assert not AccessAttempt.objects.exists()


def test_strange_passwords_and_names_are_wrong_ones(client, official):
    for username, password in (("kawasaki", "wrong\0horse"), ("\x1b[31m", "x"), ("a\nb", "x")):
        assert sign_in(client, username, password).status_code == 200


# Failures with many names from one address


@pytest.fixture
def waits(monkeypatch):
    """The seconds of each wait, none of which takes place."""
    waits = []
    monkeypatch.setattr("tokku.accounts.lockout.time.sleep", waits.append)
    return waits


def fail_with_names(number, address="127.0.0.1", ago=timedelta()):
    attempts = AccessAttempt.objects.bulk_create(
        AccessAttempt(username=f"name-{n}", ip_address=address, failures_since_start=1)
        for n in range(number)
    )
    AccessAttempt.objects.filter(pk__in=[attempt.pk for attempt in attempts]).update(
        attempt_time=timezone.now() - ago
    )


def test_many_names_that_fail_slow_their_address_down_and_lock_nobody(client, official, waits):
    fail_with_names(lockout.MANY_NAMES - 1)
    fail(client, 1, "kawasaki")
    assert waits == []  # this very failure was the thirtieth name
    assert sign_in(client).status_code == 302
    assert waits == [lockout.SLOW_SECONDS]


@pytest.mark.parametrize(
    ("number", "address", "ago"),
    [
        pytest.param(29, "127.0.0.1", timedelta(), id="too few"),
        pytest.param(40, "192.0.2.1", timedelta(), id="elsewhere"),
        pytest.param(40, "127.0.0.1", timedelta(minutes=11), id="long ago"),
    ],
)
def test_nobody_else_waits(client, official, waits, number, address, ago):
    fail_with_names(number, address, ago)
    assert sign_in(client).status_code == 302
    assert waits == []


def test_one_name_that_fails_often_is_one_name(client, official, waits):
    AccessAttempt.objects.bulk_create(
        AccessAttempt(
            username="yokohama",
            ip_address="127.0.0.1",
            user_agent=str(browser),
            failures_since_start=1,
        )
        for browser in range(40)
    )
    assert sign_in(client).status_code == 302
    assert waits == []


def test_each_wait_ends(client, official, waits):
    fail_with_names(lockout.MANY_NAMES)
    assert fail(client, 4) == [200] * 4
    assert waits == [lockout.SLOW_SECONDS] * 4


def test_those_who_wait_leave_threads_for_others(client, official, waits):
    fail_with_names(lockout.MANY_NAMES)
    with ExitStack() as waiting:
        while lockout._places_to_wait.acquire(blocking=False):
            waiting.callback(lockout._places_to_wait.release)

        response = sign_in(client)

        assert response.status_code == 429
        page = response.content.decode()
        assert "少し待ってから" in page
        assert 'value="kawasaki"' in page
        assert PASSWORD not in page
    assert sign_in(client).status_code == 302


def every_view(resolver=None, names=()):
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield ":".join([*names, pattern.name or str(pattern.pattern)]), pattern.callback
        else:
            namespaces = [pattern.namespace] if pattern.namespace else []
            yield from every_view(pattern, [*names, *namespaces])


def test_every_address_but_signing_in_and_help_demands_sign_in():
    open_to_all = {name for name, view in every_view() if not getattr(view, "login_required", True)}
    assert open_to_all == {
        *("sign-in", "sign-out", "unlock", "unlock-mail", "invitation", "help", "help-terms"),
        *("oidc", "oidc-callback", "oidc-sign-out"),
        "admin:login",
        *("healthz", "readyz"),
    }
