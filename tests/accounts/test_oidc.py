"""Signing in with an identity provider: who is let in as whom, and that nothing but a genuine answer lets anybody in."""

import base64
import json
import time
from http.client import HTTPConnection
from urllib.parse import parse_qs, urlsplit

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import expect

from supports.models import NationalSupport
from tests import factories
from tests.accounts.identity_provider import CLIENT_ID, CLIENT_SECRET, IdentityProvider
from tests.browser import scrolls_sideways, sign_out, violations
from tests.evaluations.views.entry import SUPPORTS, open_year
from tests.evaluations.views.test_entry_pages import full
from tests.factories import PASSWORD
from tests.worlds import world
from tokku.accounts import oidc
from tokku.accounts.models import Role, User
from tokku.accounts.restored_input import PERSON, typed_by
from tokku.service.models import AuditEntry

pytestmark = pytest.mark.usefixtures("strict_templates")

BEGIN, CALLBACK, END = "/sign-in/oidc/", "/sign-in/oidc/callback/", "/sign-in/oidc/sign-out/"
LABEL = "県の共通認証でログイン"
FROM = {"REMOTE_ADDR": "192.0.2.7"}


@world
def evaluation(secretariat):
    return open_year(secretariat)


@pytest.fixture(scope="module")
def running():
    idp = IdentityProvider()
    yield idp
    idp.close()


@pytest.fixture
def idp(running, settings):
    """The provider, which the site knows and has not asked for anything yet."""
    running.be_honest()
    settings.OIDC_ISSUER = running.issuer
    settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = CLIENT_ID, CLIENT_SECRET
    settings.OIDC_LABEL = LABEL
    settings.AUTHENTICATION_BACKENDS = [*settings.AUTHENTICATION_BACKENDS, oidc.BACKEND]
    oidc.provider.cache_clear()
    yield running
    oidc.provider.cache_clear()


@pytest.fixture
def mapped(idp, settings):
    """Claims give 担当者 and 閲覧者, of 川崎市 and 札幌市."""
    settings.OIDC_ROLE_CLAIM, settings.OIDC_MUNICIPALITY_CLAIM = "groups", "company"
    settings.OIDC_ROLES = {"tokku-tanto": "official", "tokku-etsuran": "reader"}
    settings.OIDC_MUNICIPALITIES = {"川崎市役所": "141305", "札幌市役所": "011002"}
    return idp


def visit(address):
    """Where the provider sends a browser that asks for this address."""
    url = urlsplit(address)
    connection = HTTPConnection(url.netloc)
    connection.request("GET", f"{url.path}?{url.query}")
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.headers["Location"]


def back_from_provider(client, **query):
    """The address at which a person comes back who has begun here."""
    return visit(client.get(BEGIN, query, **FROM).url)


def sign_in(client, **query):
    return client.get(back_from_provider(client, **query), **FROM)


def is_signed_in(client):
    return client.get("/").status_code == 200


def recorded():
    entry = AuditEntry.objects.first()
    return entry and (entry.act, entry.username, entry.address, entry.subject)


def test_it_is_off_by_default(client, db):
    page = client.get("/sign-in/").content.decode()
    assert LABEL not in page
    assert BEGIN not in page
    assert {client.get(address).status_code for address in (BEGIN, CALLBACK, END)} == {404}


def test_known_person_comes_in_and_is_led_to_where_they_wanted_to_go(client, idp, official):
    address = "/keihin/2023/?a=1&b=2"
    page = client.get("/sign-in/", {"next": address}).content.decode()
    assert f'href="{BEGIN}?next=/keihin/2023/%3Fa%3D1%26b%3D2">{LABEL}</a>' in page
    response = sign_in(client, next=address)
    assert response.url == address
    assert "no-store" in response["Cache-Control"]
    assert recorded() == ("sign-in", "kawasaki", "192.0.2.7", "共通認証（OIDC）")
    assert "kawasakiさん" in client.get("/").content.decode()
    Session.objects.all().delete()
    assert client.get(address).url.startswith("/sign-in/?ended=opened&")


@pytest.mark.parametrize("there", ["https://example.com/", "//example.com/", "javascript:x", ""])
def test_next_never_leads_to_another_host(client, idp, official, there):
    assert sign_in(client, next=there).url == "/"


def test_tabs_do_not_mix_up(client, idp, official):
    first, second = (back_from_provider(client, next=there) for there in ("/help/", "/keihin/"))
    assert client.get(first).url == "/help/"
    assert client.get(second).url == "/keihin/"


def test_another_claim_may_name_the_account(client, idp, official, settings):
    settings.OIDC_ACCOUNT_CLAIM = "employee_number"
    idp.claims = {"sub": "f81d4fae", "employee_number": "kawasaki"}
    sign_in(client)
    assert is_signed_in(client)


# What the person is told, by what the provider says of them.
REFUSED = {
    "unknown": (
        {"sub": "nobody"},
        "ユーザー名「nobody」の利用者は、このシステムに登録されていません。",
    ),
    "another case": (
        {"sub": "KAWASAKI"},
        "ユーザー名「KAWASAKI」の利用者は、このシステムに登録されていません。",
    ),
    "two names": ({"sub": "kawasaki", "number": ["kawasaki"]}, "（number）が届きませんでした。"),
    "markup": ({"sub": "<b>"}, "ユーザー名「&lt;b&gt;」の利用者は"),
    "NUL": ({"sub": "nobody\0"}, "ユーザー名「nobody」の利用者は"),
}


@pytest.mark.postgres
@pytest.mark.parametrize("case", REFUSED)
def test_whom_the_site_does_not_know_is_told_so(client, idp, official, settings, case):
    idp.claims, sentence = REFUSED[case]
    settings.OIDC_ACCOUNT_CLAIM = "number" if "number" in idp.claims else "sub"
    response = sign_in(client, next="/help/")
    page = response.content.decode()
    assert response.status_code == 403
    assert sentence in page
    assert 'href="/sign-in/?next=/help/"' in page
    assert not is_signed_in(client)
    assert not User.objects.exclude(username="kawasaki").exists()
    act, _, address, subject = recorded()
    assert (act, address) == ("failure", "192.0.2.7")
    assert subject.startswith("共通認証（OIDC）：")


def test_disabled_account_is_refused_and_disabling_ends_the_session(client, idp, official):
    sign_in(client)
    official.is_active = False
    official.save()
    assert not is_signed_in(client)
    response = sign_in(client)
    assert response.status_code == 403
    assert "無効になっています" in response.content.decode()
    assert recorded()[:2] == ("failure", "kawasaki")
    assert not is_signed_in(client)


def test_refusals_lock_no_account(client, idp, official):
    idp.claims = {"nonce": "another"}
    for _ in range(6):
        sign_in(client)
    assert not AccessAttempt.objects.exists()
    client.post("/sign-in/", {"username": "kawasaki", "password": PASSWORD})
    assert is_signed_in(client)


# Answers that are not genuine


def header_of(token, **changes):
    head, rest = token.split(".", 1)
    header = json.loads(base64.urlsafe_b64decode(head + "==")) | changes
    return f"{base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b'=').decode()}.{rest}"


def signed_by_another(idp):
    idp.signs_with, idp.kid = idp.second, idp.first.kid


def forged(**changes):
    def spoil(idp):
        idp.claims = changes

    return spoil


def in_seconds(**seconds):
    """With other moments, counted from when the test is run: `make full` has collected it long before."""

    def spoil(idp):
        idp.claims = {name: int(time.time()) + count for name, count in seconds.items()}

    return spoil


def token_becomes(make):
    def spoil(idp):
        idp.spoil_token = make

    return spoil


def answer_of(path, *answer):
    def spoil(idp):
        idp.answers[path] = answer

    return spoil


def without_signature(token):
    return header_of(token, alg="none").rpartition(".")[0] + "."


METADATA = ".well-known/openid-configuration"
SPOILT = {
    "signed with another key": signed_by_another,
    "not signed": token_becomes(without_signature),
    "claims changed": token_becomes(lambda token: token[:60] + "AAAA" + token[64:]),
    "another algorithm": token_becomes(lambda token: header_of(token, alg="HS256")),
    "key that is not published": token_becomes(lambda token: header_of(token, kid="2")),
    "no token at all": token_becomes(lambda token: ""),
    "for another nonce": forged(nonce="another"),
    "without a nonce": forged(nonce=None),
    "for another site": forged(aud="another"),
    "for another site, at the wish of this one": forged(aud="another", azp=CLIENT_ID),
    "for several, at the wish of another": forged(aud=[CLIENT_ID, "another"], azp="another"),
    "of another provider": forged(iss="https://example.com/realm"),
    "expired": in_seconds(exp=-600),
    "of the future": in_seconds(iat=600),
    "without sub": forged(sub=None),
    "refused": answer_of("token", 400, {"error": "invalid_grant"}),
    "out of order": answer_of("token", 500, b"<html>"),
    "not JSON": answer_of("token", 200, b"<html>"),
    "without ID token": answer_of("token", 200, {"access_token": "x", "token_type": "Bearer"}),
    "without keys": answer_of("keys", 503, b""),
    "keys that are none": answer_of("keys", 200, {"keys": [{"kty": "RSA"}]}),
}


@pytest.mark.parametrize("case", SPOILT)
def test_nothing_but_a_genuine_answer_lets_anybody_in(client, idp, official, caplog, case):
    SPOILT[case](idp)

    response = sign_in(client)

    assert response.status_code == 502
    assert "正しい答えが返ってきませんでした。" in response.content.decode()
    assert not is_signed_in(client)
    assert recorded()[:3] == ("failure", "―", "192.0.2.7")
    [line] = [record for record in caplog.records if record.name == "tokku.accounts.views"]
    assert not line.exc_info


@pytest.mark.parametrize(
    "answer",
    [(503, b""), (200, b"<html>"), (200, []), (200, {"issuer": "x"}), (200, {"issuer": None})],
    ids=str,
)
def test_provider_without_its_addresses(client, idp, answer, db):
    idp.answers[METADATA] = answer
    assert client.get(BEGIN).status_code == 502
    idp.answers = {}
    assert client.get(BEGIN).status_code == 302  # asked anew


@pytest.mark.parametrize("address", [1, "javascript:x", None])
def test_provider_with_a_strange_address(client, idp, db, address):
    idp.answers[METADATA] = 200, idp.metadata() | {"authorization_endpoint": address}
    assert client.get(BEGIN).status_code in (400, 502)


def test_provider_that_is_down(client, idp, official, settings):
    back = back_from_provider(client)
    settings.OIDC_ISSUER = "http://127.0.0.1:9/realm"
    oidc.provider.cache_clear()
    for address in (BEGIN, back):
        response = client.get(address)
        assert response.status_code == 502
        assert "つながらないか" in response.content.decode()
    assert client.get(END).url == "/sign-in/"
    assert "ログアウトできませんでした" in client.get("/sign-in/").content.decode()


def test_keys_are_asked_for_again_when_the_provider_signs_with_a_new_one(client, idp, official):
    sign_in(client)
    idp.published, idp.signs_with = [idp.first, idp.second], idp.second
    client.logout()
    sign_in(client)
    assert is_signed_in(client)
    assert idp.asked.count(METADATA) == 1
    assert idp.asked.count("keys") == 2


def test_keys_that_are_withdrawn_count_for_an_hour_at_most(client, idp, official, monkeypatch):
    sign_in(client)
    client.logout()
    idp.published = [idp.second]
    sign_in(client)
    assert is_signed_in(client)
    client.logout()
    monkeypatch.setattr(oidc, "SECONDS_KEPT", -1)
    assert sign_in(client).status_code == 502


def test_person_who_gives_up_at_the_provider(client, idp, official):
    idp.error = "access_denied"
    response = sign_in(client)
    assert response.status_code == 403
    assert "取り消されました" in response.content.decode()


def test_who_has_not_begun_here_is_not_let_in(client, idp, official):
    back = back_from_provider(client)
    stranger = Client()
    for who, address in (
        (stranger, back),
        (client, CALLBACK),
        (client, f"{CALLBACK}?code=x"),
        (client, f"{CALLBACK}?state=x"),
        (client, f"{CALLBACK}?code=x&state=forged"),
    ):
        assert who.get(address).status_code == 400
        assert not is_signed_in(who)
    assert client.get(back).status_code == 302
    client.logout()
    assert client.get(back).status_code == 400  # once


# Role and municipality by claims

TANTO = {
    "sub": "new",
    "groups": ["x", "tokku-tanto"],
    "company": "川崎市役所",
    "name": "川崎　花子",
}


def test_new_person_gets_an_account_of_the_claimed_role_and_municipality_and_no_zone(
    client, mapped, evaluation
):
    mapped.claims = TANTO | {"email": "h@example.jp"}
    sign_in(client)
    user = User.objects.get(username="new")
    assert (user.name, user.email, user.role) == ("川崎　花子", "h@example.jp", Role.OFFICIAL)
    assert user.municipality.name == "川崎市"
    assert not user.zones.exists()
    assert not user.has_usable_password()
    assert not user.must_change_password
    page = client.get("/").content.decode()
    assert "パスワードの変更" not in page + client.get("/admin/").content.decode()
    assert client.get("/keihin/2023/").status_code == 404
    assert [*AuditEntry.objects.values_list("act", "subject")[:2]] == [
        ("sign-in", "共通認証（OIDC）"),
        ("account", "new（川崎　花子）：登録"),
    ]
    client.logout()
    mapped.claims = TANTO | {"name": "改姓"}
    sign_in(client)
    assert is_signed_in(client)
    assert User.objects.get(username="new").name == "川崎　花子"


def test_person_whose_name_is_not_told_goes_by_the_username(client, mapped, evaluation):
    mapped.claims = {"sub": "new", "groups": "tokku-etsuran", "company": "川崎市役所"}
    sign_in(client)
    user = User.objects.get(username="new")
    assert (user.name, user.role, user.municipality.name) == ("new", Role.READER, "川崎市")
    assert client.get("/keihin/2023/").status_code == 404


def test_the_list_of_accounts_says_how_those_without_a_password_come_in(
    client, idp, administrator, official, settings
):
    User.objects.filter(pk=official.pk).update(password=make_password(None))
    client.force_login(administrator)
    address = "/admin/accounts/user/"
    assert client.get(address).content.decode().count("未設定（招待又は共通認証）") == 2
    settings.OIDC_ISSUER = ""
    assert client.get(address).content.decode().count("未設定（招待が必要）") == 2


# Claims by which nobody gets an account.
NOT_MADE = {
    "no role": {"groups": []},
    "no claim of a role": {"groups": None},
    "a role that has no meaning": {"groups": "administrator"},
    "two roles": {"groups": ["tokku-tanto", "tokku-etsuran"]},
    "no municipality": {"company": ""},
    "a municipality that has no meaning": {"company": "141305"},
    "a municipality that no zone has": {"company": "札幌市役所"},
    "a reader of one that no zone has": {"groups": "tokku-etsuran", "company": "札幌市役所"},
    "a role of a strange kind": {"groups": [{"tokku-tanto": 1}]},
    "a name that no account can have": {"sub": "new person"},
    "a name that is too long": {"sub": "x" * 151},
    "too long a name of the person": {"name": "長" * 51},
    "an address that is none": {"email": "nobody"},
}


@pytest.mark.postgres
@pytest.mark.parametrize("case", NOT_MADE)
def test_nobody_gets_an_account_by_less(client, db, mapped, case):
    factories.municipality("川崎市")
    before = User.objects.count()
    mapped.claims = TANTO | NOT_MADE[case]
    assert sign_in(client).status_code == 403
    assert User.objects.count() == before
    assert not is_signed_in(client)


# What the account is, what the claims say, and the sentence; "" where the person is let in.
CLAIMED = [
    ("official", {"groups": "tokku-tanto", "company": "川崎市役所"}, ""),
    ("official", {"groups": ["tokku-etsuran", "tokku-tanto"]}, ""),
    ("official", {}, ""),
    (
        "official",
        {"groups": "tokku-etsuran"},
        "共通認証での役割（閲覧者）が、このシステムでのあなたの役割（担当者）と違います。",
    ),
    (
        "official",
        {"company": "札幌市役所"},
        "共通認証での所属（011002）が、このシステムでのあなたの所属（川崎市）と違います。",
    ),
    ("reader", {"groups": "tokku-tanto"}, "共通認証での役割（担当者）が"),
    ("reader", {"groups": "tokku-etsuran", "company": "川崎市役所"}, ""),
    # Of these roles claims have no say.
    ("secretariat", {"groups": "tokku-tanto", "company": "川崎市役所"}, ""),
    ("administrator", {"groups": "tokku-etsuran"}, ""),
    ("miura_secretariat", {"company": "川崎市役所"}, "共通認証での所属（川崎市）が"),
]


@pytest.mark.parametrize(("person", "claims", "sentence"), CLAIMED)
def test_claims_that_contradict_an_account_refuse_and_never_change_it(
    client, mapped, request, person, claims, sentence
):
    user = request.getfixturevalue(person)
    factories.municipality("川崎市")
    mapped.claims = {"sub": user.username} | claims
    before = User.objects.values().exclude(username="").get(pk=user.pk)

    response = sign_in(client)

    assert response.status_code == (403 if sentence else 302)
    assert sentence in response.content.decode()
    after = User.objects.values().get(pk=user.pk)
    assert {name for name in after if after[name] != before[name]} <= {"last_login"}


# Passwords, sessions, unsaved input


def test_temporary_password_ends_when_its_person_comes_by_the_provider(client, idp, official):
    official.must_change_password = True
    official.save()
    client.post("/sign-in/", {"username": "kawasaki", "password": PASSWORD})
    assert client.get("/").url == "/password/"
    sign_in(client)
    page = client.get("/")
    assert page.status_code == 200
    assert "管理画面" in page.content.decode()
    official.refresh_from_db()
    assert not official.has_usable_password()
    by_password = Client()
    by_password.post("/sign-in/", {"username": "kawasaki", "password": PASSWORD})
    assert not is_signed_in(by_password)


def test_own_password_stays(client, idp, official):
    sign_in(client)
    official.refresh_from_db()
    assert official.check_password(PASSWORD)
    assert "パスワードの変更" in client.get("/").content.decode()


def test_sessions_end_when_it_is_switched_off(client, idp, official, settings):
    sign_in(client)
    settings.AUTHENTICATION_BACKENDS = settings.AUTHENTICATION_BACKENDS[:-1]
    assert not is_signed_in(client)


def test_signing_out_here_and_at_the_provider(client, idp, official):
    sign_in(client)
    assert client.post("/sign-out/").url == "/sign-in/"
    assert recorded()[:2] == ("sign-out", "kawasaki")
    page = client.get("/sign-in/").content.decode()
    assert f'<a href="{END}">共通認証からもログアウト</a>' in page
    there = client.get(END).url
    query = parse_qs(urlsplit(there).query)
    assert query["client_id"] == [CLIENT_ID]
    assert visit(there) == "http://testserver/sign-in/"
    # Who came with a password is not at the provider.
    client.post("/sign-in/", {"username": "kawasaki", "password": PASSWORD})
    client.post("/sign-out/")
    assert END not in client.get("/sign-in/").content.decode()


def test_what_was_typed_before_the_session_ended_is_there_again(
    client, idp, evaluation, official, other_official
):
    sign_in(client)
    row = NationalSupport.objects.get(evaluation=evaluation, name="川崎の補助")
    typed = full(row, usage="打っていた文章") | {PERSON: typed_by(official)}
    Session.objects.all().delete()
    asked = client.post(SUPPORTS, typed)
    assert asked.url == f"/sign-in/?ended=kept&next={SUPPORTS}"
    page = client.get(asked.url).content.decode()
    assert f'href="{BEGIN}?next={SUPPORTS}"' in page
    assert sign_in(client, next=SUPPORTS).url == SUPPORTS
    assert "打っていた文章" in client.get(SUPPORTS).content.decode()
    idp.claims = {"sub": "yokohama"}
    sign_in(client, next=SUPPORTS)
    assert "打っていた文章" not in client.get(SUPPORTS).content.decode()


@pytest.fixture
def window(chromium, live_server):
    """A window of the browser, which may leave the site, with what it complains of."""
    context = chromium.new_context(
        base_url=live_server.url, locale="ja-JP", viewport={"width": 1280, "height": 720}
    )
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)
    yield page
    context.close()


@pytest.mark.browser
@pytest.mark.full
@pytest.mark.parametrize("width", [1280, 390])
def test_in_a_browser_there_and_back_again(idp, window, official, width):
    """The browser's rules (cookies, CSP) let people go to the provider and come back."""
    window.set_viewport_size({"width": width, "height": 720})
    window.goto("/help/")
    window.goto("/password/")
    expect(window.get_by_role("link", name=LABEL)).to_be_visible()
    assert violations(window) == []
    assert not scrolls_sideways(window)
    window.get_by_role("link", name=LABEL).click()
    expect(window.get_by_role("heading", name="パスワードの変更")).to_be_visible()
    sign_out(window)
    window.get_by_role("link", name="共通認証からもログアウト").click()
    expect(window.get_by_role("heading", name="ログイン")).to_be_visible()
    assert "end" in idp.asked
    assert window.complaints == []
    idp.claims = {"sub": "nobody"}
    window.get_by_role("link", name=LABEL).click()
    expect(window.get_by_role("heading", name="ログインできませんでした")).to_be_visible()
    assert violations(window) == []
    assert not scrolls_sideways(window)
    window.get_by_role("link", name="ログインの画面").click()
    expect(window.get_by_label("ユーザー名")).to_be_visible()
