"""An invitation: a link with which the person of an account sets a password, once, within days."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from evaluations.memberships import set_zones
from evaluations.models import Membership
from tests import factories
from tests.evaluations.admin.test_accounts import EXPECTED, KEEPS, two_zones
from tokku.accounts.invitations import LIFETIME, InvitationTokens, invite, link_of
from tokku.accounts.models import Role, User

__all__ = ["two_zones"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

SITE = "https://tokku.example.jp"
LIST = reverse("admin:accounts_user_changelist")
NEW = "atarashii-aikotoba"
PASSWORDS = {"new_password1": NEW, "new_password2": NEW}


@pytest.fixture
def newcomer(official):
    """An official as a sheet makes one: without a password."""
    official.set_unusable_password()
    official.email = "kawasaki@example.jp"
    official.save()
    return official


def invited(user):
    """The path of a new invitation."""
    invite(user)
    return link_of(user, "")


def opened(client, path):
    """The page to which the link leads."""
    return client.get(path, follow=True)


def test_the_link_lets_its_person_set_a_password_and_sign_in(client, newcomer):
    page = opened(client, invited(newcomer))
    assert page.status_code == 200
    assert "kawasakiさんさん" in page.content.decode()
    address = page.redirect_chain[-1][0]
    assert InvitationTokens().make_token(newcomer) not in address  # for the Referer and the history

    done = client.post(address, PASSWORDS, follow=True)

    assert "パスワードを設定しました。ログインしてください。" in done.content.decode()
    newcomer.refresh_from_db()
    assert not newcomer.must_change_password
    home = client.post("/sign-in/", {"username": "kawasaki", "password": NEW}, follow=True)
    assert home.context["user"] == newcomer


def test_the_rules_of_passwords_hold(client, newcomer):
    address = opened(client, invited(newcomer)).redirect_chain[-1][0]
    page = client.post(address, {"new_password1": "mijikai", "new_password2": "mijikai"})
    assert "最低 10 文字以上" in page.content.decode()
    newcomer.refresh_from_db()
    assert not newcomer.has_usable_password()


def test_a_link_typed_from_paper_may_be_in_capitals(client, newcomer):
    path = invited(newcomer)
    assert opened(client, path.upper().replace("PASSWORD", "password")).status_code == 200


# What ends a link. Each returns nothing; the link opened the page before.


def use(user, client, path):
    client.post(opened(client, path).redirect_chain[-1][0], PASSWORDS)


def change_password(user, client, path):
    user.set_password(NEW)
    user.save()


def renew(user, client, path):
    invite(user)


def change_address(user, client, path):
    user.email = "other@example.jp"
    user.save()


def promote(user, client, path):
    user.role = Role.SECRETARIAT
    user.save()


def move_to_another_body(user, client, path):
    user.municipality = factories.municipality("横浜市")
    user.save()


def give_a_zone(user, client, path):
    zone = factories.evaluation().zone
    Membership.objects.all().delete()
    set_zones(user, [zone])


def disable(user, client, path):
    user.is_active = False
    user.save()


def disable_in_the_database(user, client, path):
    User.objects.filter(pk=user.pk).update(is_active=False)


def disable_and_enable(user, client, path):
    disable(user, client, path)
    user.is_active = True
    user.save()


def wait(user, client, path):
    User.objects.filter(pk=user.pk).update(invited_at=timezone.now() - LIFETIME)


def sign_in(user, client, path):
    client.force_login(user)
    client.logout()


ENDS = [
    use,
    change_password,
    renew,
    change_address,
    promote,
    move_to_another_body,
    give_a_zone,
    disable,
    disable_in_the_database,
    disable_and_enable,
    wait,
    sign_in,
]


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_a_link_ends(client, newcomer, end):
    path = invited(newcomer)
    assert opened(type(client)(), path).status_code == 200

    end(newcomer, client, path)

    page = opened(type(client)(), path)
    assert page.status_code == 404
    assert "この招待は使えません。" in page.content.decode()
    assert "new_password1" not in page.content.decode()


def test_a_link_outlives_another_name_and_a_zone_less(client, newcomer):
    zone = factories.evaluation().zone
    set_zones(newcomer, [zone])
    path = invited(newcomer)
    newcomer.name = "川崎太郎"
    newcomer.save()
    set_zones(newcomer, [])
    assert opened(client, path).status_code == 200


def test_a_page_that_was_opened_before_the_end_sets_nothing(client, newcomer):
    address = opened(client, invited(newcomer)).redirect_chain[-1][0]
    disable(newcomer, client, address)
    assert client.post(address, PASSWORDS).status_code == 404
    newcomer.refresh_from_db()
    assert not newcomer.has_usable_password()


def test_a_day_before_its_end_a_link_works(client, newcomer):
    invited(newcomer)
    newcomer.invited_at = timezone.now() - LIFETIME + timedelta(days=1)
    newcomer.save()
    newcomer.refresh_from_db()
    assert opened(client, link_of(newcomer, "")).status_code == 200


@pytest.mark.parametrize(
    "forge",
    [
        lambda path, other: path[:-2] + ("a/" if path[-2] != "a" else "b/"),
        lambda path, other: re.sub(r"/\d+/", f"/{other.pk}/", path),
        lambda path, other: re.sub(r"/\d+/", f"/{10**30}/", path),
        lambda path, other: re.sub(r"[^/]+/$", "set-password/", path),
        lambda path, other: re.sub(r"[^/]+/$", "あ/", path),
    ],
    ids=["letter", "other person", "huge", "without token", "no letters"],
)
def test_nothing_else_is_a_link(client, newcomer, other_official, forge):
    invite(other_official)
    path = forge(invited(newcomer), other_official)
    assert opened(client, path).status_code == 404
    assert client.post(path, PASSWORDS).status_code in (302, 404)
    for person in (newcomer, other_official):
        person.refresh_from_db()
        assert not person.check_password(NEW)


def test_accounts_that_are_alike_have_links_of_their_own():
    alike = {"password": "!x", "invited_at": timezone.now(), "email": ""}
    tokens = {InvitationTokens().make_token(User(pk=pk, **alike)) for pk in range(10)}
    assert len(tokens) == 10


def test_an_account_that_was_never_invited_has_no_link(client, newcomer):
    assert opened(client, link_of(newcomer, "")).status_code == 404


def test_a_change_of_the_key_keeps_links(client, newcomer, settings):
    path = invited(newcomer)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "new" * 20
    assert opened(client, path).status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert opened(type(client)(), path).status_code == 404


def test_whoever_is_signed_in_on_the_machine_stays_who_they_are(client, newcomer, reader):
    client.force_login(reader)
    use(newcomer, client, invited(newcomer))
    assert client.get("/").context["user"] == reader


# Inviting, from the list of accounts


@pytest.fixture
def keeper(client, two_zones, settings):
    settings.SITE_URL = SITE
    for account in two_zones.values():
        account.set_unusable_password()
        account.email = f"{account.username}@example.jp"
        account.save()
    client.force_login(two_zones["miura-secretariat"])
    return client


def act(client, action, accounts):
    chosen = [account.pk for account in accounts]
    sent = {"action": action, "_selected_action": chosen, "index": "0"}
    return client.post(LIST, sent, follow=True)


def invited_names():
    return {*User.objects.exclude(invited_at=None).values_list("username", flat=True)}


def test_mails_go_to_the_accounts_that_one_keeps(keeper, two_zones):
    page = act(keeper, "mail_invitations", two_zones.values())

    kept = EXPECTED["miura-secretariat"][KEEPS]
    assert {address for message in mail.outbox for address in message.to} == {
        f"{name}@example.jp" for name in kept
    }
    assert invited_names() == kept
    assert f"{len(kept)}人に招待のメールを送りました。" in page.content.decode()
    assert "他の特区も扱うため、変更はシステム管理者が行います。" in page.content.decode()
    assert LogEntry.objects.filter(change_message__contains="招待のメール").count() == len(kept)


def test_the_mail_has_what_its_person_needs(keeper, two_zones, client):
    act(keeper, "mail_invitations", [two_zones["yokohama-miura"]])
    (message,) = mail.outbox
    assert message.subject == "【特区評価書】利用者の登録"
    for needed in ("yokohama-miuraさん 様", "ユーザー名：yokohama-miura", f"アドレス：{SITE}\n"):
        assert needed in message.body
    path = re.search(f"{SITE}(/password/\\S+)", message.body)[1]
    assert opened(type(client)(), path).status_code == 200


def test_the_list_tells_who_waits_for_what(keeper, two_zones):
    act(keeper, "mail_invitations", [two_zones["yokohama-miura"]])

    def names(password):
        page = keeper.get(LIST, {"password": password})
        return {account.username for account in page.context["cl"].result_list}

    assert names("invited") == {"yokohama-miura"}
    assert "yokohama-miura" not in names("missing")
    assert {"miura-deputy", "reader-of-miura"} <= names("missing")
    assert names("own") == names("temporary") == set()
    assert "招待中（" in keeper.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"email": ""}, "メールアドレスの登録がないため"),
        ({"is_active": False}, "無効なため、招待できません。"),
    ],
)
def test_whom_no_mail_reaches_is_told(keeper, two_zones, change, sentence):
    User.objects.filter(username="yokohama-miura").update(**change)
    page = act(keeper, "mail_invitations", [two_zones["yokohama-miura"], two_zones["miura-deputy"]])
    assert sentence in page.content.decode()
    assert "1人に招待のメールを送りました。" in page.content.decode()
    assert [message.to for message in mail.outbox] == [["miura-deputy@example.jp"]]


@pytest.mark.parametrize(
    "missing",
    [
        {"SITE_URL": ""},
        {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"},
    ],
)
def test_without_a_mail_server_or_address_nothing_is_sent(keeper, two_zones, settings, missing):
    for name, value in missing.items():
        setattr(settings, name, value)
    page = act(keeper, "mail_invitations", [two_zones["yokohama-miura"]])
    assert "招待状を印刷して渡してください。" in page.content.decode()
    assert (invited_names(), mail.outbox) == (set(), [])


def test_a_server_that_does_not_answer_is_told_once(keeper, two_zones, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # where nothing listens
    page = act(keeper, "mail_invitations", [two_zones["yokohama-miura"], two_zones["miura-deputy"]])
    assert "メールサーバーが応じないため、2人に送れませんでした。" in page.content.decode()
    assert invited_names() == set()


def test_a_sheet_is_printed_for_each(keeper, two_zones, client):
    chosen = [two_zones[name] for name in ("yokohama-miura", "miura-deputy", "kawasaki")]

    page = act(keeper, "print_invitations", chosen).content.decode()

    assert invited_names() == {"yokohama-miura", "miura-deputy"}
    assert page.count('class="sheet invitation"') == 2
    assert "kawasaki" not in page
    for path in re.findall(f"{SITE}(/password/[^<]+)", page):
        assert opened(type(client)(), path).status_code == 200


def test_a_sheet_has_the_address_that_one_is_at_where_no_other_is_set(keeper, two_zones, settings):
    settings.SITE_URL = ""
    page = act(keeper, "print_invitations", [two_zones["yokohama-miura"]]).content.decode()
    assert "http://testserver/password/" in page


@pytest.mark.parametrize("person", ["yokohama-miura", "reader-of-all"])
def test_nobody_else_invites(keeper, two_zones, person):
    keeper.force_login(two_zones[person])
    for action in ("mail_invitations", "print_invitations"):
        assert act(keeper, action, [two_zones["yokohama-miura"]]).status_code == 403
    assert invited_names() == set()
